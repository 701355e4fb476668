# SPDX-License-Identifier: GPL-3.0-or-later
"""Landmarks as places on a mesh."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Landmarks:
    """The 68 points on a mesh: each lies in a triangle of three of its vertices.

    Attributes:
        vertices: (68, 3) int64 vertex indices.
        weights: (68, 3) float64 barycentric coordinates; (1, 0, 0) is the first vertex itself.
        confidence: 0 to 1, how sure the search was; 1 where a person confirmed them.
        source: how they were found: "geometry", "shape keys", "picture" or "hand".
        notes: what of the face was not found.
        posed: whether the face was found as its armature poses it, since it lies elsewhere at rest.
    """

    vertices: np.ndarray
    weights: np.ndarray
    confidence: float = 1.0
    source: str = "hand"
    notes: tuple[str, ...] = field(default=())
    posed: bool = False

    def of(self, values: np.ndarray) -> np.ndarray:
        """(N, C) values of the mesh's vertices (positions, offsets) → (68, C) at the landmarks."""
        return np.einsum("kic,ki->kc", np.asarray(values, np.float64)[self.vertices], self.weights)

    @property
    def nearest(self) -> np.ndarray:
        """(68,) the vertex nearest to each landmark."""
        return self.vertices[np.arange(len(self.vertices)), np.argmax(self.weights, axis=1)]
