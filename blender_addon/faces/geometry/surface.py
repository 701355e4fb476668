# SPDX-License-Identifier: GPL-3.0-or-later
"""A triangulated mesh as arrays: its connected parts, neighbours, normals and distances along the surface."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class Surface:
    """One or several meshes in one space.

    Attributes:
        vertices: (N, 3) float64.
        triangles: (M, 3) int64, counter-clockwise seen from outside.
        edges: (E, 2) int64, the polygons' edges (a quad's diagonal is none).
    """

    vertices: np.ndarray
    triangles: np.ndarray
    edges: np.ndarray

    def __len__(self) -> int:
        """Number of vertices."""
        return len(self.vertices)

    def moved(self, vertices: np.ndarray) -> Surface:
        """The same connections with other positions."""
        result = Surface(np.asarray(vertices, np.float64), self.triangles, self.edges)
        for name in (
            "parts",
            "neighbours",
            "border",
        ):  # what depends on the connections alone is not worked out again
            if name in self.__dict__:
                result.__dict__[name] = self.__dict__[name]
        return result

    @cached_property
    def parts(self) -> np.ndarray:
        """(N,) int64: which connected part each vertex belongs to, the largest part first."""
        label = np.arange(len(self))
        first, second = self.edges[:, 0], self.edges[:, 1]
        while True:
            one, two = label[first], label[second]
            differ = one != two
            if not differ.any():
                break
            np.minimum.at(label, np.maximum(one, two)[differ], np.minimum(one, two)[differ])
            while True:  # every label becomes the root of its tree
                root = label[label]
                if np.array_equal(root, label):
                    break
                label = root
        _, inverse, counts = np.unique(label, return_inverse=True, return_counts=True)
        rank = np.empty(len(counts), np.int64)
        rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
        return rank[np.reshape(inverse, -1)]

    @cached_property
    def border(self) -> np.ndarray:
        """(B, 2) int64: the sides of triangles that no other triangle has, the smaller vertex first."""
        sides = np.sort(self.triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
        code, uses = np.unique(sides[:, 0] * len(self) + sides[:, 1], return_counts=True)
        ends = code[uses == 1]
        return np.stack([ends // max(len(self), 1), ends % max(len(self), 1)], axis=1)

    @cached_property
    def normals(self) -> np.ndarray:
        """(N, 3) vertex normals, weighted by area; zero where a vertex has no face."""
        a, b, c = (self.vertices[self.triangles[:, k]] for k in range(3))
        normal = np.cross(b - a, c - a)
        result = np.zeros_like(self.vertices)
        for corner in range(3):
            for axis in range(3):
                result[:, axis] += np.bincount(self.triangles[:, corner], normal[:, axis], len(self))
        length = np.linalg.norm(result, axis=1, keepdims=True)
        return np.asarray(result / np.maximum(length, 1e-12))

    @cached_property
    def neighbours(self) -> tuple[np.ndarray, np.ndarray]:
        """Start (N + 1,) and ends: vertex v's neighbours are ``ends[start[v]:start[v + 1]]``, quads' diagonals too."""
        t = self.triangles
        pairs = np.concatenate([self.edges, t[:, [0, 1]], t[:, [1, 2]], t[:, [2, 0]]])
        pairs = np.concatenate([pairs, pairs[:, ::-1]])
        code = np.unique(pairs[:, 0] * len(self) + pairs[:, 1])
        heads, ends = code // len(self), code % len(self)
        start = np.searchsorted(heads, np.arange(len(self) + 1))
        return start, ends

    @cached_property
    def _ways(self) -> tuple[list[int], list[int], list[float]]:
        """`neighbours` and how far each is, as lists, which a search reads much faster than arrays."""
        start, ends = self.neighbours
        heads = np.repeat(np.arange(len(self)), np.diff(start))
        lengths = np.linalg.norm(self.vertices[heads] - self.vertices[ends], axis=1)
        return start.tolist(), ends.tolist(), lengths.tolist()

    def distances(self, sources: Iterable[int], limit: float = np.inf) -> np.ndarray:
        """Distances along edges from the nearest of some vertices (Dijkstra), (N,); infinite beyond the limit."""
        bounds, ends, lengths = self._ways
        nearest = [np.inf] * len(self)
        heap = []
        for source in sources:
            nearest[int(source)] = 0.0
            heap.append((0.0, int(source)))
        heapq.heapify(heap)
        while heap:
            distance, vertex = heapq.heappop(heap)
            if distance > nearest[vertex]:
                continue
            ways = slice(bounds[vertex], bounds[vertex + 1])
            for other, length in zip(ends[ways], lengths[ways]):
                further = distance + length
                if further < nearest[other] and further <= limit:
                    nearest[other] = further
                    heapq.heappush(heap, (further, other))
        return np.array(nearest)

    def path(self, points: Sequence[int], penalty: np.ndarray | None = None) -> list[int]:
        """The shortest way over edges through some vertices in their order; ends included, each vertex once.

        Args:
            points: vertices to visit.
            penalty: (N,) factor on the length of the edges that end at a vertex; 1 everywhere by default.

        Returns:
            Vertices; where two points are not connected, the points alone.
        """
        whole = [int(points[0])]
        for begin, end in zip(points, points[1:]):
            whole += self._shortest(int(begin), int(end), penalty)[1:]
        return list(dict.fromkeys(whole))

    def _shortest(self, begin: int, end: int, penalty: np.ndarray | None) -> list[int]:
        bounds, ends, lengths = self._ways
        best = {begin: 0.0}
        before: dict[int, int] = {}
        heap = [(0.0, begin)]
        while heap:
            distance, vertex = heapq.heappop(heap)
            if vertex == end:
                break
            if distance > best[vertex]:
                continue
            ways = slice(bounds[vertex], bounds[vertex + 1])
            for other, length in zip(ends[ways], lengths[ways]):
                further = distance + length * (1.0 if penalty is None else float(penalty[other]))
                if further < best.get(other, np.inf):
                    best[other], before[other] = further, vertex
                    heapq.heappush(heap, (further, other))
        if end not in before and end != begin:
            return [begin, end]
        way = [end]
        while way[-1] != begin:
            way.append(before[way[-1]])
        return way[::-1]

    def submesh(self, keep: np.ndarray) -> tuple[Surface, np.ndarray]:
        """The part of the surface whose vertices are kept, and the (K,) indices of these vertices."""
        index = np.flatnonzero(keep)
        new = np.full(len(self), -1)
        new[index] = np.arange(len(index))
        triangles, edges = new[self.triangles], new[self.edges]
        return (
            Surface(self.vertices[index], triangles[(triangles >= 0).all(1)], edges[(edges >= 0).all(1)]),
            index,
        )


_BROKEN = (
    0.3  # from this share of vertices at polygons' ends on a mesh came in pieces, as flat shading leaves it
)
_SMOOTH = 0.85  # cosine between the normals of both sides of a seam that is none to the eye


def sewn(surface: Surface, apart: np.ndarray | None = None) -> Surface:
    """The surface with further edges between vertices that lie in one place at the ends of polygons.

    Files for games hold such vertices twice: along seams of the texture, and everywhere where shading is flat.

    Args:
        surface: as it came.
        apart: (N,) numbers of which vertices that are sewn have the same: how far the jaw moves each, where that is known.
    """
    ends = np.unique(surface.border)
    if not len(ends):
        return surface
    size = float(np.ptp(surface.vertices[ends], axis=0).max()) or 1.0
    places = np.round(np.nan_to_num(surface.vertices[ends] / (1e-6 * size))).astype(np.int64)
    order = np.lexsort(places.T)
    same = (np.diff(places[order], axis=0) == 0).all(axis=1)
    one, other = ends[order[:-1]][same], ends[order[1:]][same]
    if len(ends) < _BROKEN * len(np.unique(surface.triangles)):
        fit = (surface.normals[one] * surface.normals[other]).sum(axis=1) > _SMOOTH
        one, other = one[fit], other[fit]
    if apart is not None:
        fit = np.abs(apart[one] - apart[other]) < 1e-3 * max(float(apart.max()), 1e-12)
        one, other = one[fit], other[fit]
    edges = np.concatenate([surface.edges, np.sort(np.stack([one, other], axis=1), axis=1)])
    result = Surface(surface.vertices, surface.triangles, edges)
    result.__dict__["border"] = surface.border  # sewing changes no triangle
    return result


def joined(surfaces: Sequence[Surface]) -> Surface:
    """Several surfaces as one, vertices in their order."""
    offsets = np.cumsum([0, *[len(surface) for surface in surfaces]])
    result = Surface(
        np.concatenate([surface.vertices for surface in surfaces]),
        np.concatenate([surface.triangles + offset for surface, offset in zip(surfaces, offsets)]),
        np.concatenate([surface.edges + offset for surface, offset in zip(surfaces, offsets)]),
    )
    if all("border" in surface.__dict__ for surface in surfaces):
        borders = [surface.border + offset for surface, offset in zip(surfaces, offsets)]
        result.__dict__["border"] = np.concatenate(borders)
    return result


def from_polygons(
    vertices: np.ndarray, loop_vertices: np.ndarray, loop_starts: np.ndarray, loop_totals: np.ndarray
) -> Surface:
    """A surface of polygons, each cut into a fan of triangles.

    Args:
        vertices: (N, 3).
        loop_vertices: (L,) vertex of each corner, polygon by polygon.
        loop_starts, loop_totals: (P,) first corner and number of corners of each polygon.
    """
    following = np.arange(1, len(loop_vertices) + 1)
    following[loop_starts + loop_totals - 1] = loop_starts
    edges = np.stack([loop_vertices, loop_vertices[following]], axis=1)
    edges = np.unique(np.sort(edges, axis=1), axis=0)
    triangles = []
    for corners in np.unique(loop_totals):
        starts = loop_starts[loop_totals == corners]
        for k in range(1, int(corners) - 1):
            triangles.append(
                np.stack([loop_vertices[starts], loop_vertices[starts + k], loop_vertices[starts + k + 1]], 1)
            )
    whole = np.concatenate(triangles) if triangles else np.zeros((0, 3), np.int64)
    return Surface(np.asarray(vertices, np.float64), whole.astype(np.int64), edges.astype(np.int64))
