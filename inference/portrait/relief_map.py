"""Where a picture's relief is drawn when its points move: for each pixel, which place of the picture it shows."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from itertools import count, repeat

import numpy as np

from ..face.arrays import Floats, Indices
from ..pictures.filling import Pixels
from .boxes import Box
from .sampling import Sampler
from .shown_picture import ShownPicture

_FILL_BITS = 4
_ROUNDED = 2.0**-_FILL_BITS
"""Steps of the grid by which a corner may lie elsewhere where a triangle is filled."""
_STEP = 2
"""Pixels between the places of the relief's map that are worked out."""
_FIRST = 0.5 + (_STEP - 1) / 2 - 1
"""Where the first of them lies, so that the box's first pixel lies between places, too."""
_PRESSED, _FAR = 4.0, 1e9
"""Times by which what a triangle shows is pressed together in it, from which on it lies below all others: that many pixels."""
_MOST_AT_ONCE = 1 << 20
"""Pixels whose places are worked out together."""


@dataclass(frozen=True)
class ReliefMap:
    """Triangles with the places of the picture that their corners show; OpenCV is needed.

    Triangles are filled with their number, and each number stands for an affine map.

    Attributes:
        triangles: (M, 3).
        uv: (N, 2) pixels of the picture.
        sampler: what reads it.
    """

    triangles: Indices
    uv: Floats
    sampler: Sampler

    def colours(self, shown: ShownPicture, points: Floats, drawn: Indices, box: Box) -> Pixels:
        """(h, w, C) what a box shows; what no triangle covers is the picture itself.

        Args:
            shown: what of the picture is read.
            points: (N, 3) where the corners are.
            drawn: rows of the triangles that are drawn.
            box: in the picture.
        """
        width, height = box.size
        result = np.empty((height, width, shown.pixels.shape[2]), np.uint8)
        numbers, maps = self._numbers(points, drawn, box)
        # From a place in the grid's box to a column and row of what is read.
        corner = np.array([box.left + _FIRST, box.top + _FIRST])
        maps[4:] += maps[0:2] * corner[0] + maps[2:4] * corner[1]
        maps[4:] -= shown.origin[:, None]
        maps *= shown.times
        maps[4:] -= 0.5
        by_x, by_y, at = maps.astype(np.float32).reshape(3, 2, -1)
        x = np.arange(numbers.shape[1], dtype=np.float32) * _STEP
        rows = max(_STEP, _MOST_AT_ONCE // width // _STEP * _STEP)
        for top in range(0, height, rows):
            part = numbers[top // _STEP : (top + rows) // _STEP + 2]
            y = (np.arange(len(part), dtype=np.float32) * _STEP + top)[:, None]
            grid = np.empty((*part.shape, 2), np.float32)
            for axis in range(2):
                value = by_x[axis].take(part)
                value *= x
                down = by_y[axis].take(part)
                down *= y
                value += down
                np.add(value, at[axis].take(part), out=grid[..., axis])
            below = min(rows, height - top)
            places = self.sampler.between(grid, _STEP)[1 : 1 + below, 1 : 1 + width]
            result[top : top + below] = shown.read(self.sampler, places).reshape(below, width, -1)
        return result

    @cached_property
    def _targets(self) -> tuple[Indices, Floats, Floats]:
        """(3, M) the corners, (2, M) where each first one is in the picture, (2, 2, M) the ways from there to the others."""
        corners = np.ascontiguousarray(self.triangles.T)
        places = np.ascontiguousarray(self.uv.T.astype(np.float64))[:, corners]
        return corners, places[:, 0], places[:, 1:] - places[:, :1]

    def _numbers(self, points: Floats, drawn: Indices, box: Box) -> tuple[Indices, Floats]:
        """The number of the affine map that each place of a grid follows, and (6, K) the maps; 0 is the place itself.

        The grid has a place every `_STEP` pixels and reaches that far beyond the box: between its places the map is straight.
        A map is what x adds, what y adds (x and y of each), and where 0 goes.
        """
        cv = self.sampler.cv
        assert cv is not None
        corners, first, ways = self._targets
        x, y, z = np.ascontiguousarray(points.T, np.float64)[:, corners[:, drawn]]
        one_x, other_x, one_y, other_y = x[1] - x[0], x[2] - x[0], y[1] - y[0], y[2] - y[0]
        area = one_x * other_y - one_y * other_x
        solid = np.abs(area) >= 1e-6
        for values, begin in ((x, box.left), (y, box.top)):  # of small ones many hold no place of the grid
            low = np.minimum(np.minimum(values[0], values[1]), values[2]) - (begin + _FIRST)
            high = np.maximum(np.maximum(values[0], values[1]), values[2]) - (begin + _FIRST)
            solid &= np.floor(high / _STEP + _ROUNDED) >= np.ceil(low / _STEP - _ROUNDED)
        solid = np.flatnonzero(solid)
        x, y, area, drawn = x[:, solid], y[:, solid], area[solid], drawn[solid]
        one_x, other_x, one_y, other_y = (way[solid] / area for way in (one_x, other_x, one_y, other_y))
        one, other = ways[:, 0, drawn], ways[:, 1, drawn]
        by_x, by_y = one * other_y - other * one_y, other * one_x - one * other_x
        # Whoever is nearer is filled later; but what is pressed together is filled first of all: places beyond its edges are
        # filled with it, too, where its map leads far away.
        height = z.sum(axis=0)[solid]
        height[np.square(by_x).sum(axis=0) + np.square(by_y).sum(axis=0) > _PRESSED**2] -= _FAR
        order = np.argsort(height, kind="stable")
        x, y, drawn = x[:, order], y[:, order], drawn[order]
        maps = np.empty((6, len(drawn) + 1))
        maps[:, 0] = (1, 0, 0, 1, 0, 0)
        maps[0:2, 1:], maps[2:4, 1:] = by_x[:, order], by_y[:, order]
        maps[4:6, 1:] = first[:, drawn] - maps[0:2, 1:] * x[0] - maps[2:4, 1:] * y[0]
        outlines = np.empty((len(drawn), 3, 2))
        for axis, (values, begin) in enumerate(((x, box.left), (y, box.top))):
            outlines[..., axis] = ((values - (begin + _FIRST)) * ((1 << _FILL_BITS) / _STEP)).T
        width, height = (side // _STEP + 3 for side in box.size)
        numbers = np.zeros((height, width), np.int32)
        filled = map(
            cv.fillConvexPoly,
            repeat(numbers),
            np.rint(outlines).astype(np.int32),
            count(1),
            repeat(8),
            repeat(_FILL_BITS),
        )
        deque(filled, maxlen=0)  # thousands a frame: Python's own loop costs as much as the filling
        return numbers, maps
