"""Which triangle of a mesh each pixel shows, and where in it: a z-buffer in numpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..face.arrays import Floats, Indices

_PAIRS_AT_ONCE = 4_000_000
_EDGE = 1e-4  # a pixel's centre on an edge belongs to both of its triangles


@dataclass(frozen=True)
class Fragments:
    """What of a mesh is seen: N pixels.

    Attributes:
        pixels: (N,) places in the flattened picture, each once.
        triangles: (N,) which triangle is seen there.
        weights: (N, 3) float32, how near it is to each of the triangle's corners; they add up to 1.
        depth: (N,) float32, z there.
    """

    pixels: Indices
    triangles: Indices
    weights: Floats
    depth: Floats

    def of(self, values: Floats, triangles: Indices) -> Floats:
        """(N, …) what lies at the pixels of values (V, …) at the vertices of (M, 3) triangles."""
        corners = values[triangles[self.triangles]]
        return np.asarray(np.einsum("nk,nk...->n...", self.weights, corners))


def rasterise(points: Floats, triangles: Indices, size: tuple[int, int]) -> Fragments:
    """Draw a mesh as seen from the front, without perspective; whoever has the larger z is seen.

    Args:
        points: (V, 3), pixels: x to the right, y down, z to the viewer.
        triangles: (M, 3), of either orientation.
        size: width and height of the picture.
    """
    width, height = size
    corners = points.astype(np.float32)[triangles]
    first, second, third = corners[:, 0, :2], corners[:, 1, :2], corners[:, 2, :2]
    lowest, highest = (
        np.minimum(np.minimum(first, second), third),
        np.maximum(np.maximum(first, second), third),
    )
    low = np.ceil(lowest - 0.5 - _EDGE).clip(0, (width, height)).astype(np.int64)
    high = np.floor(highest - 0.5 + _EDGE).clip(-1, (width - 1, height - 1)).astype(np.int64)
    spans = (high - low + 1).clip(0)
    counts = spans[:, 0] * spans[:, 1]
    drawn = np.flatnonzero(counts)
    parts = []
    ends = np.searchsorted(np.cumsum(counts[drawn]), np.arange(0, counts.sum() + 1, _PAIRS_AT_ONCE)[1:])
    for group in np.split(drawn, ends):
        if len(group):
            parts.append(_inside(corners, group, low, high, width))
    if not parts:
        nothing = np.zeros(0, np.intp)
        return Fragments(nothing, nothing, np.zeros((0, 3), np.float32), np.zeros(0, np.float32))
    pixels, shown, weights, depth = (np.concatenate(part) for part in zip(*parts))
    return _nearest(pixels, shown, weights, depth, width * height)


def _inside(
    corners: Floats, group: Indices, low: Indices, high: Indices, width: int
) -> tuple[Indices, Indices, Floats, Floats]:
    """The pixels of some triangles: place, triangle, weights and depth."""
    columns = high[group, 0] - low[group, 0] + 1
    counts = columns * (high[group, 1] - low[group, 1] + 1)
    which = np.repeat(np.arange(len(group)), counts)
    inner = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    row, column = np.divmod(inner, columns[which])
    x, y = column + low[group, 0][which], row + low[group, 1][which]
    first, second, third = (corners[group, corner] for corner in range(3))
    area = _cross(second - first, third - first)
    flat = np.abs(area) < 1e-9
    scale = np.where(flat, 0, 1 / np.where(flat, 1, area)).astype(np.float32)
    # Each weight is a plane over the picture, from the triangle's own first corner so that float32 suffices.
    across = (x + 0.5).astype(np.float32) - first[which, 0]
    down = (y + 0.5).astype(np.float32) - first[which, 1]
    b = ((third - first)[:, 1] * scale)[which] * across - ((third - first)[:, 0] * scale)[which] * down
    c = ((second - first)[:, 0] * scale)[which] * down - ((second - first)[:, 1] * scale)[which] * across
    kept = (b >= -_EDGE) & (c >= -_EDGE) & (b + c <= 1 + _EDGE) & ~flat[which]
    b, c, which = b[kept], c[kept], which[kept]
    weights = np.stack([1 - b - c, b, c], axis=1)
    depth = np.einsum("nk,nk->n", weights, corners[group, :, 2][which])
    return y[kept] * width + x[kept], group[which], weights, depth


def _nearest(pixels: Indices, triangles: Indices, weights: Floats, depth: Floats, count: int) -> Fragments:
    top = np.full(count, -np.inf, np.float32)
    np.maximum.at(top, pixels, depth)
    seen = np.flatnonzero(depth == top[pixels])
    once = np.full(count, -1, np.int64)
    once[pixels[seen]] = seen
    seen = once[once >= 0]
    return Fragments(pixels[seen], triangles[seen], weights[seen], depth[seen])


def _cross(one: Floats, other: Floats) -> Floats:
    return np.asarray(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])
