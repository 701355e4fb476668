# SPDX-License-Identifier: GPL-3.0-or-later
"""Landmarks as places on a mesh, and the iBUG 68 numbering."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

COUNT = 68
JAW = np.arange(0, 17)
RIGHT_BROW, LEFT_BROW = np.arange(17, 22), np.arange(22, 27)
NOSE = np.arange(27, 36)
RIGHT_EYE, LEFT_EYE = np.arange(36, 42), np.arange(42, 48)
OUTER_LIP, INNER_LIP = np.arange(48, 60), np.arange(60, 68)
LIPS = np.arange(48, 68)
CHIN = np.arange(3, 14)
UPPER_LIP = np.array([49, 50, 51, 52, 53, 61, 62, 63])
LOWER_LIP = np.array([55, 56, 57, 58, 59, 65, 66, 67])
MIRROR = np.array(
    [*range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, 35, 34, 33, 32, 31,
     45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40,
     54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65]
)  # fmt: skip


@dataclass(frozen=True)
class Landmarks:
    """The 68 points on a mesh: each lies in a triangle of three of its vertices.

    Attributes:
        vertices: (68, 3) int64 vertex indices.
        weights: (68, 3) float64 barycentric coordinates; (1, 0, 0) is the first vertex itself.
        confidence: 0 to 1, how sure the search was; 1 where a person confirmed them.
        source: how they were found: "geometry", "shape keys", "picture" or "hand".
        notes: sentences about what was not found.
    """

    vertices: np.ndarray
    weights: np.ndarray
    confidence: float = 1.0
    source: str = "hand"
    notes: tuple[str, ...] = field(default=())

    def of(self, values: np.ndarray) -> np.ndarray:
        """(N, C) values of the mesh's vertices (positions, offsets) → (68, C) at the landmarks."""
        return np.einsum("kic,ki->kc", np.asarray(values, np.float64)[self.vertices], self.weights)

    @property
    def nearest(self) -> np.ndarray:
        """(68,) the vertex nearest to each landmark."""
        return self.vertices[np.arange(len(self.vertices)), np.argmax(self.weights, axis=1)]


def at_vertices(indices: np.ndarray, **rest: object) -> Landmarks:
    """Landmarks that are vertices, (68,) indices."""
    corners = np.repeat(np.asarray(indices, np.int64)[:, None], 3, axis=1)
    weights = np.zeros((len(corners), 3))
    weights[:, 0] = 1.0
    return Landmarks(corners, weights, **rest)  # type: ignore[arg-type]
