"""Which triangle of a mesh each pixel shows, and where in it: a z-buffer in numpy."""

from __future__ import annotations

from collections.abc import Sequence
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
    return rasterise_all([Mesh(points, triangles, size)])[0]


@dataclass(frozen=True)
class Mesh:
    """What `rasterise` draws, and the size of its picture."""

    points: Floats
    triangles: Indices
    size: tuple[int, int]


def rasterise_all(meshes: Sequence[Mesh]) -> list[Fragments]:
    """As `rasterise`, of several meshes, each in a picture of its own: together, since small ones are quick only so."""
    if not meshes:
        return []
    widths, heights = (np.array([mesh.size[axis] for mesh in meshes], np.int32) for axis in range(2))
    each = [len(mesh.triangles) for mesh in meshes]
    first = np.cumsum([0, *each])
    # Pictures lie one after the other: a place in them tells the mesh as well.
    begin = np.cumsum([0, *(widths * heights.astype(np.int64))])
    x, y, z = np.concatenate(
        [np.ascontiguousarray(mesh.points.astype(np.float32).T)[:, mesh.triangles.T] for mesh in meshes],
        axis=2,
    )
    owner = np.repeat(np.arange(len(meshes), dtype=np.int32), each)
    columns, rows = _centres(x, widths[owner]), _centres(y, heights[owner])
    drawn = np.flatnonzero((columns[1] >= columns[0]) & (rows[1] >= rows[0]))
    columns, rows = (columns[0][drawn], columns[1][drawn]), (rows[0][drawn], rows[1][drawn])
    counts = (columns[1] - columns[0] + 1).astype(np.int64) * (rows[1] - rows[0] + 1)
    parts = []
    ends = np.searchsorted(np.cumsum(counts), np.arange(0, counts.sum() + 1, _PAIRS_AT_ONCE)[1:])
    for group in np.split(np.arange(len(drawn)), ends):
        if len(group):
            named = drawn[group]
            corners = np.stack([x[:, named], y[:, named], z[:, named]])
            held = ((rows[0][group], rows[1][group]), (columns[0][group], columns[1][group]))
            row, column, which, weights, depth = _inside(corners, *held)
            mesh = owner[named][which]
            parts.append(
                (begin[mesh] + row * widths[mesh].astype(np.int64) + column, named[which], weights, depth)
            )
    if not parts:
        nothing = np.zeros(0, np.intp)
        return [Fragments(nothing, nothing, np.zeros((0, 3), np.float32), np.zeros(0, np.float32))] * len(
            meshes
        )
    pixels, shown, weights, depth = (np.concatenate(part) for part in zip(*parts))
    seen = _nearest(pixels, shown, weights, depth, int(begin[-1]))
    cuts = np.searchsorted(seen.pixels, begin)
    return [
        Fragments(
            seen.pixels[low:high] - begin[number],
            seen.triangles[low:high] - first[number],
            seen.weights[low:high],
            seen.depth[low:high],
        )
        for number, (low, high) in enumerate(zip(cuts[:-1], cuts[1:]))
    ]


def _centres(corners: Floats, side: Indices) -> tuple[Indices, Indices]:
    """(M,) the first and the last pixel on an axis whose centre triangles (3, M) may hold; the last before the first for none."""
    low = np.minimum(np.minimum(corners[0], corners[1]), corners[2])
    high = np.maximum(np.maximum(corners[0], corners[1]), corners[2])
    first = np.ceil(low - 0.5 - _EDGE).clip(0, side)
    last = np.floor(high - 0.5 + _EDGE).clip(-1, side - 1)
    return first.astype(np.int32), last.astype(np.int32)


def _inside(
    corners: Floats, rows: tuple[Indices, Indices], columns: tuple[Indices, Indices]
) -> tuple[Indices, Indices, Indices, Floats, Floats]:
    """The pixels of some triangles: row, column, triangle, weights and depth.

    Args:
        corners: (3, 3, K): x, y and z of each corner.
        rows: (K,) the first and the last one that each may hold.
        columns: the same.
    """
    (first_x, second_x, third_x), (first_y, second_y, third_y), z = corners
    area = (second_x - first_x) * (third_y - first_y) - (second_y - first_y) * (third_x - first_x)
    flat = np.abs(area) < 1e-9
    scale = np.where(flat, 0, 1 / np.where(flat, 1, area)).astype(np.float32)
    which, y = _runs(rows[0], (rows[1] - rows[0] + 1) * ~flat)
    # Each weight is a plane over the picture, from the triangle's own first corner so that float32 suffices: what a row of it
    # has in common is worked out once.
    down = (y + 0.5).astype(np.float32) - first_y[which]
    b_down, c_down = ((third_x - first_x) * scale)[which] * down, ((second_x - first_x) * scale)[which] * down
    b_across, c_across = ((third_y - first_y) * scale)[which], ((second_y - first_y) * scale)[which]
    row, x = _runs(columns[0][which], (columns[1] - columns[0] + 1)[which])
    across = (x + 0.5).astype(np.float32) - first_x[which][row]
    b = b_across[row] * across - b_down[row]
    c = c_down[row] - c_across[row] * across
    kept = np.flatnonzero((b >= -_EDGE) & (c >= -_EDGE) & (b + c <= 1 + _EDGE))
    b, c, row, x = b[kept], c[kept], row[kept], x[kept]
    weights = np.stack([1 - b - c, b, c], axis=1)
    which, y = which[row], y[row]
    depth = np.einsum("nk,nk->n", weights, np.ascontiguousarray(z.T)[which])
    return y, x, which, weights, depth


def _runs(starts: Indices, counts: Indices) -> tuple[Indices, Indices]:
    """From each start on so many numbers: which start each is of, and the number."""
    which = np.repeat(np.arange(len(starts), dtype=np.int32), counts)
    begin = np.cumsum(counts, dtype=np.int64) - counts
    return which, (np.arange(len(which)) - (begin - starts)[which]).astype(np.int32)


def _nearest(pixels: Indices, triangles: Indices, weights: Floats, depth: Floats, count: int) -> Fragments:
    top = np.full(count, -np.inf, np.float32)
    np.maximum.at(top, pixels, depth)
    seen = np.flatnonzero(depth == top[pixels])
    once = np.full(count, -1, np.int64)
    once[pixels[seen]] = seen
    seen = once[once >= 0]
    return Fragments(pixels[seen], triangles[seen], weights[seen], depth[seen])
