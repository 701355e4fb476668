# SPDX-License-Identifier: GPL-3.0-or-later
"""Catmull-Clark subdivision as a fixed linear map.

The character is modelled on a cage of about two thousand vertices; each shape key's offsets pass through the very same map, so
that the fine mesh moves as a subdivided rig would, without paying for a modifier on every frame.
"""

from __future__ import annotations

import numpy as np


class Subdivision:
    """One level of Catmull-Clark for a mesh of triangles and quads; vertices of the cage keep their indices."""

    def __init__(self, faces: list[tuple[int, ...]], vertex_count: int) -> None:
        self.vertex_count = vertex_count
        sizes = np.array([len(face) for face in faces])
        corners = np.array([vertex for face in faces for vertex in face])
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        corner_face = np.repeat(np.arange(len(faces)), sizes)
        following = np.arange(len(corners)) + 1
        following[starts + sizes - 1] = starts
        edge_pairs = np.sort(np.stack([corners, corners[following]], axis=1), axis=1)
        edges, corner_edge = np.unique(edge_pairs, axis=0, return_inverse=True)
        corner_edge = corner_edge.reshape(-1)
        self.edges = edges
        self._corners, self._starts, self._sizes = corners, starts, sizes

        edge_uses = np.bincount(corner_edge, minlength=len(edges))
        order = np.argsort(corner_edge, kind="stable")
        first = np.concatenate([[0], np.cumsum(edge_uses)[:-1]])
        self._edge_face_a = corner_face[order[first]]
        self._edge_face_b = corner_face[order[first + edge_uses - 1]]
        self._border_edge = edge_uses == 1

        self._by_vertex_face = _Grouped(corners, corner_face, vertex_count)
        self._by_vertex_edge = _Grouped(edges.reshape(-1), np.repeat(np.arange(len(edges)), 2), vertex_count)
        border = edges[self._border_edge]
        self._border_vertices = np.unique(border)
        self._by_vertex_border = _Grouped(border.reshape(-1), border[:, ::-1].reshape(-1), vertex_count)

        previous = np.empty_like(following)
        previous[following] = np.arange(len(corners))
        self.faces = np.stack(
            [
                corners,
                vertex_count + corner_edge,
                vertex_count + len(edges) + corner_face,
                vertex_count + corner_edge[previous],
            ],
            axis=1,
        )

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """(V, D) or (V,) values on the cage -> values on the fine mesh."""
        flat = values.ndim == 1
        x = np.asarray(values, dtype=np.float64).reshape(self.vertex_count, -1)
        face_points = np.add.reduceat(x[self._corners], self._starts, axis=0) / self._sizes[:, None]
        middles = 0.5 * (x[self.edges[:, 0]] + x[self.edges[:, 1]])
        edge_points = 0.5 * middles + 0.25 * (face_points[self._edge_face_a] + face_points[self._edge_face_b])
        edge_points[self._border_edge] = middles[self._border_edge]
        valence = self._by_vertex_face.counts[:, None]
        mean_face = self._by_vertex_face.mean(face_points)
        mean_edge = self._by_vertex_edge.mean(middles)
        vertices = (mean_face + 2.0 * mean_edge + (valence - 3.0) * x) / np.maximum(valence, 1)
        border = self._border_vertices
        vertices[border] = 0.75 * x[border] + 0.25 * self._by_vertex_border.mean(x)[border]
        result = np.concatenate([vertices, edge_points, face_points])
        return result[:, 0] if flat else result

    def mirror(self, mirror: np.ndarray, face_mirror: np.ndarray) -> np.ndarray:
        """Mirror partner of each fine vertex, from the partners of the cage's vertices and faces."""
        lookup = {(int(a), int(b)): index for index, (a, b) in enumerate(self.edges)}
        mirrored = np.sort(mirror[self.edges], axis=1)
        edge_mirror = np.array([lookup[(int(a), int(b))] for a, b in mirrored])
        first_edge, first_face = self.vertex_count, self.vertex_count + len(self.edges)
        return np.concatenate([mirror, first_edge + edge_mirror, first_face + face_mirror])


class _Grouped:
    """Means of values gathered per vertex."""

    def __init__(self, owner: np.ndarray, member: np.ndarray, count: int) -> None:
        order = np.argsort(owner, kind="stable")
        self._member = member[order]
        self.counts = np.bincount(owner, minlength=count)
        self._used = np.flatnonzero(self.counts)
        self._starts = np.concatenate([[0], np.cumsum(self.counts)[:-1]])[self._used]

    def mean(self, values: np.ndarray) -> np.ndarray:
        result = np.zeros((len(self.counts), values.shape[1]))
        if len(self._used):
            sums = np.add.reduceat(values[self._member], self._starts, axis=0)
            result[self._used] = sums / self.counts[self._used, None]
        return result
