"""Where a picture's relief is drawn when its points move: for each pixel, which place of the picture it shows."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import count, repeat

import numpy as np

from ..face.arrays import Floats, Indices
from ..pictures.filling import Pixels
from .boxes import Box
from .sampling import Sampler

_FILL_BITS = 4
_STEP = 2
"""Pixels between the places of the relief's map that are worked out."""
_FIRST = 0.5 + (_STEP - 1) / 2 - 1
"""Where the first of them lies, so that the box's first pixel lies between places, too."""
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

    def colours(self, picture: Pixels, points: Floats, drawn: Indices, box: Box, origin: Floats) -> Pixels:
        """(h, w, C) what a box shows; what no triangle covers is the picture itself.

        Args:
            picture: (H, W, C).
            points: (N, 3) where the corners are.
            drawn: rows of the triangles that are drawn.
            box: in the picture.
            origin: (2,) the place in the picture where its array begins.
        """
        width, height = box.size
        result = np.empty((height, width, picture.shape[2]), np.uint8)
        numbers, maps = self._numbers(points, drawn, box)
        rows = max(_STEP, _MOST_AT_ONCE // width // _STEP * _STEP)
        for top in range(0, height, rows):
            part = numbers[top // _STEP : (top + rows) // _STEP + 2]
            plane = maps.take(part, axis=0, mode="clip")
            x = (np.arange(part.shape[1], dtype=np.float32) * _STEP + (box.left + _FIRST))[None, :]
            y = (np.arange(len(part), dtype=np.float32) * _STEP + (box.top + top + _FIRST))[:, None]
            grid = plane[..., 0:2] * x[..., None]
            grid += plane[..., 2:4] * y[..., None]
            grid += plane[..., 4:6]
            if origin.any():
                grid -= origin
            shown = min(rows, height - top)
            places = self.sampler.between(grid, _STEP)[1 : 1 + shown, 1 : 1 + width]
            result[top : top + shown] = self.sampler.at(picture, places, sharp=True).reshape(shown, width, -1)
        return result

    def _numbers(self, points: Floats, drawn: Indices, box: Box) -> tuple[Indices, Floats]:
        """The number of the affine map that each place of a grid follows, and (K, 6) the maps; 0 is the place itself.

        The grid has a place every `_STEP` pixels and reaches that far beyond the box: between its places the map is straight.
        """
        cv = self.sampler.cv
        assert cv is not None
        corners = points[self.triangles[drawn]].astype(np.float64)
        flat = np.abs(_areas(corners)) < 1e-6
        drawn, corners = drawn[~flat], corners[~flat]
        order = np.argsort(corners[..., 2].sum(axis=1), kind="stable")  # whoever is nearer is filled later
        drawn, corners = drawn[order], corners[order]
        maps = np.empty((len(drawn) + 1, 6), np.float32)
        maps[0] = (1, 0, 0, 1, 0, 0)
        maps[1:] = _affine(corners[..., :2], self.uv[self.triangles[drawn]].astype(np.float64))
        origin = np.array((box.left, box.top)) + _FIRST
        shifted = (corners[..., :2] - origin) * ((1 << _FILL_BITS) / _STEP)
        outlines = np.ascontiguousarray(np.round(shifted).astype(np.int32))
        width, height = (side // _STEP + 3 for side in box.size)
        numbers = np.zeros((height, width), np.int32)
        filled = map(cv.fillConvexPoly, repeat(numbers), outlines, count(1), repeat(8), repeat(_FILL_BITS))
        deque(filled, maxlen=0)  # thousands a frame: Python's own loop costs as much as the filling
        return numbers, maps


def _areas(corners: Floats) -> Floats:
    """(M,) twice the signed areas of triangles (M, 3, 2 or more)."""
    one, other = corners[:, 1, :2] - corners[:, 0, :2], corners[:, 2, :2] - corners[:, 0, :2]
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])


def _affine(corners: Floats, targets: Floats) -> Floats:
    """(M, 6) maps that take triangles (M, 3, 2) to others: what x adds, what y adds (x and y of each), and where 0 goes."""
    one, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = _areas(corners)[:, None]
    first, second = targets[:, 1] - targets[:, 0], targets[:, 2] - targets[:, 0]
    by_x = (first * other[:, 1:] - second * one[:, 1:]) / area
    by_y = (second * one[:, :1] - first * other[:, :1]) / area
    offset = targets[:, 0] - by_x * corners[:, 0, :1] - by_y * corners[:, 0, 1:]
    return np.concatenate([by_x, by_y, offset], axis=1)
