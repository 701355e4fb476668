"""A finer mesh: each edge of the face is halved, along lips, lids and outline on a curve; and displacements that fold nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..face.arrays import Floats, Indices
from .indices import FACE_OVAL, LIP_RINGS, LOWER_INNER, LOWER_LIDS, UPPER_INNER, UPPER_LIDS

TWICE = 2.0
"""Times its full weight that a shape has to bear without a fold."""
_ROUNDS = 24
_LEAST = 0.04
"""Of its area that a triangle keeps."""


@dataclass(frozen=True)
class Refinement:
    """A linear map from the vertices of a mesh to those of a finer one.

    Attributes:
        parents: (N, 4) the coarse vertices that a fine one is made of.
        weights: (N, 4) float32, of them.
        triangles: (M, 3) of the fine mesh.
        coarse: (K, 3) triangles of the coarse mesh.
        origin: (M,) the coarse triangle that each fine one is part of.
        partners: fine vertex between two places of one lip's inner edge → that of the other lip.
    """

    parents: Indices
    weights: Floats
    triangles: Indices
    coarse: Indices
    origin: Indices
    partners: Mapping[int, int]

    def with_partners(self, vertices: Indices) -> Indices:
        """The vertices and those of the other lip that meet them."""
        met = [self.partners[vertex] for vertex in vertices.tolist() if vertex in self.partners]
        return np.union1d(vertices, np.array(met, vertices.dtype))  # also where there are none

    def without_curves(self, vertices: Indices) -> Refinement:
        """The same, but these fine vertices lie straight in the middle of their edges."""
        weights = self.weights.copy()
        edges = self.parents[vertices]
        straight = np.zeros((len(vertices), 4), np.float32)
        order = np.argsort(-self.weights[vertices], axis=1)[:, :2]
        ends = np.take_along_axis(edges, order, axis=1)
        straight[:, :2] = 0.5
        parents = self.parents.copy()
        parents[vertices] = np.concatenate([ends, ends], axis=1)
        weights[vertices] = straight
        return replace(self, parents=parents, weights=weights)

    def leaning(self, towards: Indices, away: Indices, share: float) -> Refinement:
        """The same, but what lies halfway between two sets of vertices takes so great a share of the first."""
        halves = np.flatnonzero((self.weights == 0.5).sum(axis=1) == 2)
        ends = self.parents[halves, :2]
        weights = self.weights.copy()
        for first, second in ((0, 1), (1, 0)):
            chosen = halves[np.isin(ends[:, first], towards) & np.isin(ends[:, second], away)]
            weights[chosen, first], weights[chosen, second] = share, 1 - share
        return replace(self, weights=weights)

    def apply(self, values: Floats) -> Floats:
        """(…, V, C) values at the coarse vertices → (…, N, C) at the fine ones."""
        fine = sum(values[..., self.parents[:, part], :] * self.weights[:, part, None] for part in range(4))
        return np.asarray(fine, np.float32)


def _curves() -> list[tuple[Indices, bool]]:
    """Rows of vertices that are curves, and whether each is closed."""
    rows = [(row, False) for row in (*LIP_RINGS, *UPPER_LIDS, *LOWER_LIDS)]
    return [*rows, (FACE_OVAL, True)]


def _middles() -> dict[tuple[int, int], tuple[list[int], list[float]]]:
    """Edge along a curve → the vertices and weights of its middle."""
    middles = {}
    for row, closed in _curves():
        names = [int(name) for name in row]
        count = len(names)
        for place in range(count if closed else count - 1):
            one, two = names[place], names[(place + 1) % count]
            if closed or 0 < place < count - 2:
                chosen = (
                    [names[place - 1], one, two, names[(place + 2) % count]],
                    [-0.0625, 0.5625, 0.5625, -0.0625],
                )
            else:  # the first or the last edge
                third = names[2] if place == 0 else names[-3]
                near, far = (one, two) if place == 0 else (two, one)
                chosen = ([near, far, third, near], [0.375, 0.75, -0.125, 0.0])
            middles[min(one, two), max(one, two)] = chosen
    return middles


def refine(triangles: Indices, vertices: int, face: int) -> Refinement:
    """Halve each edge between the first ``face`` of so many vertices; triangles beside them are split to fit."""
    curved = _middles()
    parents = [[vertex] * 4 for vertex in range(vertices)]
    weights = [[1.0, 0.0, 0.0, 0.0] for _ in range(vertices)]
    halves: dict[tuple[int, int], int] = {}

    def half(one: int, two: int) -> int:
        edge = (min(one, two), max(one, two))
        if max(edge) >= face:
            return -1
        if edge not in halves:
            halves[edge] = len(parents)
            names, share = curved.get(edge, ([one, two, one, one], [0.5, 0.5, 0.0, 0.0]))
            parents.append(names)
            weights.append(share)
        return halves[edge]

    fine: list[tuple[int, int, int]] = []
    origin: list[int] = []
    for number, corners in enumerate(triangles.tolist()):
        fine += _split(corners, [half(corners[side], corners[(side + 1) % 3]) for side in range(3)])
        origin += [number] * (len(fine) - len(origin))
    partners: dict[int, int] = {}
    for place in range(UPPER_INNER.size - 1):
        pair = [half(int(row[place]), int(row[place + 1])) for row in (UPPER_INNER, LOWER_INNER)]
        partners.update({pair[0]: pair[1], pair[1]: pair[0]})
    return Refinement(
        np.array(parents),
        np.array(weights, np.float32),
        np.array(fine),
        triangles,
        np.array(origin),
        partners,
    )


def _split(corners: list[int], halves: list[int]) -> list[tuple[int, int, int]]:
    """A triangle cut where its edges are halved: all three, one, or none."""
    a, b, c = corners
    ab, bc, ca = halves
    count = sum(half >= 0 for half in halves)
    if count == 3:
        return [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    if count == 0:
        return [(a, b, c)]
    while halves[0] < 0:
        corners, halves = corners[1:] + corners[:1], halves[1:] + halves[:1]
    a, b, c = corners
    return [(a, halves[0], c), (halves[0], b, c)]


def areas(points: Floats, triangles: Indices) -> Floats:
    """(…, M) twice the signed area of triangles of (…, N, 2 or 3) points as the viewer sees them; negative: counter-clockwise."""
    # Each coordinate by itself: numpy reads them much faster side by side.
    x, y = (np.ascontiguousarray(points[..., axis]) for axis in range(2))
    a, b, c = (np.ascontiguousarray(triangles[:, corner]) for corner in range(3))
    left, top = x.take(a, -1), y.take(a, -1)
    return np.asarray(
        (x.take(b, -1) - left) * (y.take(c, -1) - top) - (y.take(b, -1) - top) * (x.take(c, -1) - left)
    )


def neighbours(triangles: Indices, count: int) -> tuple[Indices, Floats]:
    """(N, D) the vertices beside each, itself first, filled up with itself; and weights (N, D) for their mean."""
    pairs = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    pairs = np.unique(np.concatenate([pairs, pairs[:, ::-1]]), axis=0)
    degree = np.bincount(pairs[:, 0], minlength=count)
    beside = np.repeat(np.arange(count)[:, None], degree.max() + 1, axis=1)
    place = np.arange(len(pairs)) - np.repeat(np.cumsum(degree) - degree, degree) + 1
    beside[pairs[:, 0], place] = pairs[:, 1]
    weights = (np.arange(degree.max() + 1) <= degree[:, None]).astype(np.float32)
    return beside, weights / weights.sum(axis=1, keepdims=True)


def unfold(
    base: Floats,
    shapes: Floats,
    triangles: Indices,
    faithful: Floats,
    times: float = TWICE,
    rounds: int = _ROUNDS,
) -> Floats:
    """Shapes that fold no triangle up to some times their weight; displacements around one that would are changed a little.

    Local and global steps in turn, as in bounded distortion mapping (Kovalsky et al. 2015): each triangle's linear map is made
    one that keeps its orientation, then the displacements are found whose maps are nearest to those.

    Args:
        base: (N, 3) where the shapes start from, eye units.
        shapes: (S, N, 3) displacements, the same.
        triangles: (M, 3).
        faithful: (N,) how much a vertex insists on its displacement, 1 for most.
        times: their full weight that they have to bear.
        rounds: of both steps, at most.
    """
    result = shapes.astype(np.float32)
    base = base.astype(np.float64)
    start = areas(base, triangles)
    solid = np.flatnonzero(np.abs(start) > 1e-7)
    corners, start = triangles[solid], start[solid]
    gradient = _gradients(base, corners, start)
    weight = np.maximum(np.abs(start), 0.5 * np.abs(start).mean())
    solve = np.linalg.inv(
        np.diag(faithful.astype(np.float64)) + _stiffness(gradient, weight, corners, len(base))
    )
    # In double precision: slivers slope steeply, and their sums cancel out only after the product with `solve`.
    first = shapes[..., :2].astype(np.float64).transpose(1, 0, 2).reshape(len(base), -1)
    kept = ((solve * faithful) @ first).reshape(len(base), len(shapes), 2)
    gather = _Gather(gradient * weight[:, None], corners, len(base))
    active = np.arange(len(shapes))
    for attempt in range(rounds):
        end = areas(base + times * result[active], corners)
        folded = end * np.sign(start) < _LEAST * np.abs(start)
        active, folded = active[folded.any(axis=1)], folded[folded.any(axis=1)]
        if not len(active):
            break
        flat = result[active, :, :2].transpose(1, 0, 2).reshape(len(base), -1)
        maps = _slopes(gradient, flat, corners).reshape(2, len(corners), len(active), 2)
        row, face = np.nonzero(folded)
        own = maps[:, face, row].transpose(1, 0, 2)
        squeezed = _unfolded(own * times, min(_LEAST * (3 + attempt), 0.9)) / times
        maps[:, face, row] = squeezed.transpose(1, 0, 2)
        flat = kept[:, active].reshape(len(base), -1) + solve @ gather(maps.reshape(2, len(corners), -1))
        result[active, :, :2] = flat.reshape(len(base), len(active), 2).transpose(1, 0, 2)
    return result


def _gradients(base: Floats, corners: Indices, start: Floats) -> Floats:
    """(3, M, 2): what the value at each corner adds to the slopes over a triangle, across and down."""
    a, b, c = (base[corners[:, corner], :2] for corner in range(3))
    return np.stack([np.stack([-way[:, 1], way[:, 0]], 1) / start[:, None] for way in (c - b, a - c, b - a)])


def _slopes(gradient: Floats, values: Floats, corners: Indices) -> Floats:
    """(2, M, C): how values (N, C) at the vertices slope over each triangle, across and down."""
    return np.stack(
        [
            sum(gradient[corner, :, axis, None] * values[corners[:, corner]] for corner in range(3))
            for axis in range(2)
        ]
    )


def _stiffness(gradient: Floats, weight: Floats, corners: Indices, count: int) -> Floats:
    """(N, N): the sum over all triangles of the weighted products of their gradients."""
    matrix = np.zeros(count * count)
    for one in range(3):
        for other in range(3):
            products = (gradient[one] * gradient[other]).sum(axis=1) * weight
            places = corners[:, one] * count + corners[:, other]
            matrix += np.bincount(places, products, count * count)
    return matrix.reshape(count, count)


class _Gather:
    """Adds up at each vertex what the slopes of its triangles say.

    Args:
        weighted: (3, M, 2) what each slope adds at each corner.
        corners: (M, 3) the triangles.
        count: N, of vertices.
    """

    def __init__(self, weighted: Floats, corners: Indices, count: int) -> None:
        flat = corners.T.ravel()
        self._order = np.argsort(flat, kind="stable")
        self._names, self._starts = np.unique(flat[self._order], return_index=True)
        ordered = weighted.reshape(-1, 2)[self._order].astype(np.float64)
        self._across, self._down = ordered[:, :1], ordered[:, 1:]
        self._triangles = self._order % len(corners)
        self._count = count

    def __call__(self, slopes: Floats) -> Floats:
        """(N, C) of (2, M, C)."""
        parts = self._across * slopes[0][self._triangles] + self._down * slopes[1][self._triangles]
        result = np.zeros((self._count, slopes.shape[2]))
        result[self._names] = np.add.reduceat(parts, self._starts, axis=0)
        return result


def _unfolded(maps: Floats, least: float) -> Floats:
    """(K, 2, 2) gradients of displacements, as near as can be, that squeeze nothing to less than some share of its width."""
    left, spread, right = np.linalg.svd(maps + np.eye(2))
    turned = np.sign(np.linalg.det(left) * np.linalg.det(right))
    narrow = np.maximum(spread[:, 1] * turned, least) * turned
    return np.asarray((left * np.stack([spread[:, 0], narrow], axis=1)[:, None, :]) @ right - np.eye(2))
