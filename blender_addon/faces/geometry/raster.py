# SPDX-License-Identifier: GPL-3.0-or-later
"""What a viewer in front of a face sees: for every pixel the nearest triangle. Orthographic, numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_PIXELS_AT_ONCE = 150_000  # of triangles' boxes: what fits into a processor's cache


@dataclass(frozen=True, eq=False)
class View:
    """A picture of a surface seen along -z of its space.

    Attributes:
        triangle: (H, W) int64 index of the triangle seen, -1 where there is none; row 0 is the top.
        corners: (H, W, 3) float64 barycentric coordinates in it.
        depth: (H, W) float64 z of what is seen; -inf where there is nothing.
        left, top: x and y of the picture's left and upper edges.
        pixel: size of a pixel.
    """

    triangle: np.ndarray
    corners: np.ndarray
    depth: np.ndarray
    left: float
    top: float
    pixel: float

    def pixel_of(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Row and column of places, as float64; the middle of the first pixel is (0, 0)."""
        return (self.top - np.asarray(y)) / self.pixel - 0.5, (np.asarray(x) - self.left) / self.pixel - 0.5

    def seen(self, values: np.ndarray, triangles: np.ndarray) -> np.ndarray:
        """(N, ...) values of vertices, interpolated in the picture: (H, W, ...); NaN where nothing is seen."""
        known = np.asarray(values, np.float64)
        result = np.full((*self.triangle.shape, *known.shape[1:]), np.nan)
        there = self.triangle >= 0
        corners, weights = triangles[self.triangle[there]], self.corners[there]
        shape = (-1, *[1] * (known.ndim - 1))
        first, second, third = (
            known[corners[:, corner]] * weights[:, corner].reshape(shape) for corner in range(3)
        )
        result[there] = first + second + third
        return result


def front_view(
    vertices: np.ndarray, triangles: np.ndarray, centre: tuple[float, float], half: float, size: int
) -> View:
    """Draw a surface.

    Args:
        vertices: (N, 3), x to the right, y up, z to the viewer.
        triangles: (M, 3).
        centre: x and y of the picture's middle.
        half: half of the picture's width.
        size: pixels a side.
    """
    left, top, pixel = centre[0] - half, centre[1] + half, 2 * half / size
    column = (vertices[:, 0] - left) / pixel - 0.5
    row = (top - vertices[:, 1]) / pixel - 0.5
    canvas = _Canvas(np.stack([column, row, vertices[:, 2]], axis=1)[triangles], size)
    for group in canvas.groups():
        canvas.draw(group)
    shape = (size, size)
    return View(
        canvas.chosen.reshape(shape),
        canvas.weights.reshape(*shape, 3),
        canvas.depth.reshape(shape),
        left,
        top,
        pixel,
    )


class _Canvas:
    """A square picture on which triangles are drawn, the nearest of each pixel on top.

    Attributes:
        chosen: (size²,) the triangle of each pixel, -1 where there is none.
        weights: (size², 3) barycentric coordinates in it.
        depth: (size²,) its height there, -inf where there is none.
    """

    def __init__(self, corners: np.ndarray, size: int) -> None:
        """An empty picture of `size` pixels a side; corners (M, 3, 3): column, row and height of each triangle's corners."""
        self._corners, self._size = corners, size
        low, high = corners[:, :, :2].min(axis=1), corners[:, :, :2].max(axis=1)
        self._low = np.maximum(np.ceil(np.clip(low, -1, size)).astype(np.int64), 0)
        self._high = np.minimum(np.floor(np.clip(high, -1, size)).astype(np.int64), size - 1)
        self._boxes = np.maximum(self._high - self._low + 1, 0)  # columns and rows of each triangle's box
        self.depth = np.full(size * size, -np.inf)
        self.chosen = np.full(size * size, -1, np.int64)
        self.weights = np.zeros((size * size, 3))

    def groups(self) -> list[np.ndarray]:
        """The triangles that have the middle of a pixel in their box, in groups that take little memory."""
        pixels = self._boxes.prod(axis=1)
        drawn = np.flatnonzero(pixels)
        which = np.cumsum(pixels[drawn]) // _PIXELS_AT_ONCE
        return np.split(drawn, np.flatnonzero(np.diff(which)) + 1) if len(drawn) else []

    def draw(self, group: np.ndarray) -> None:
        """Draw some triangles."""
        count = self._boxes[group].prod(axis=1)
        which = np.repeat(np.arange(len(group)), count)
        within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        down, across = np.divmod(within, self._boxes[group, 0][which])
        columns, rows = self._low[group, 0][which] + across, self._low[group, 1][which] + down
        x, y, z = (self._corners[group, :, axis] for axis in range(3))
        area = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
        flat = np.abs(area) < 1e-12
        safe = np.where(flat, 1.0, area)
        first = _share(x, y, safe, (1, 2), which, columns, rows)
        second = _share(x, y, safe, (2, 0), which, columns, rows)
        third = 1 - first - second
        edge = -1e-9
        inside = np.flatnonzero((first >= edge) & (second >= edge) & (third >= edge) & ~flat[which])
        if not len(inside):
            return
        which, columns, rows = which[inside], columns[inside], rows[inside]
        weights = np.stack([first[inside], second[inside], third[inside]], axis=1)
        height = sum(weights[:, corner] * z[which, corner] for corner in range(3))
        self._keep_nearest(rows * self._size + columns, height, group[which], weights)

    def _keep_nearest(
        self, pixels: np.ndarray, height: np.ndarray, triangles: np.ndarray, weights: np.ndarray
    ) -> None:
        """Of what falls on each pixel keep what is nearest to the viewer, and nearer than what was there."""
        nearer = np.flatnonzero(height > self.depth[pixels])
        nearer = nearer[np.argsort(height[nearer], kind="stable")]  # what is written last stays
        pixels = pixels[nearer]
        self.depth[pixels] = height[nearer]
        self.chosen[pixels] = triangles[nearer]
        self.weights[pixels] = weights[nearer]


def _share(
    x: np.ndarray,
    y: np.ndarray,
    area: np.ndarray,
    pair: tuple[int, int],
    which: np.ndarray,
    columns: np.ndarray,
    rows: np.ndarray,
) -> np.ndarray:
    """A barycentric coordinate of pixels: how far from the side between two corners, a linear function of column and row."""
    one, other = pair
    constant = (x[:, one] * y[:, other] - x[:, other] * y[:, one]) / area
    by_column = (y[:, one] - y[:, other]) / area
    by_row = (x[:, other] - x[:, one]) / area
    return np.asarray(constant[which] + by_column[which] * columns + by_row[which] * rows)


def shaded(
    view: View, vertices: np.ndarray, triangles: np.ndarray, tint: np.ndarray | None = None
) -> np.ndarray:
    """A grey picture of what is seen, lit from the front and a little from above: (H, W, 3) uint8.

    Args:
        view: what is seen.
        vertices, triangles: the surface.
        tint: (N, 3) colour of each vertex, 0 to 1; a light skin tone by default.
    """
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    smooth = np.zeros_like(vertices)
    for corner in range(3):
        for axis in range(3):
            smooth[:, axis] += np.bincount(triangles[:, corner], normal[:, axis], len(vertices))
    smooth /= np.maximum(np.linalg.norm(smooth, axis=1, keepdims=True), 1e-12)
    light = np.array([0.25, 0.45, 0.86])
    seen = np.nan_to_num(view.seen(smooth, triangles))
    brightness = 0.28 + 0.72 * np.clip(np.abs(seen @ light), 0, 1)
    colour = np.array([0.86, 0.70, 0.61]) if tint is None else np.nan_to_num(view.seen(tint, triangles))
    picture = brightness[..., None] * colour
    picture[view.triangle < 0] = 0.35
    return np.asarray(np.clip(picture * 255, 0, 255), np.uint8)
