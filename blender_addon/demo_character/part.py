# SPDX-License-Identifier: GPL-3.0-or-later
"""What each sculpting module hands over: one mesh as plain arrays, before any Blender object exists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

Faces = Sequence[Sequence[int]] | np.ndarray


@dataclass
class Part:
    """One mesh of the character, in head space (cm)."""

    name: str
    vertices: np.ndarray
    """(V, 3)"""
    faces: Faces
    colours: np.ndarray
    """(V, 3), sRGB 0...1, shading already baked in"""
    material: str
    """A key of `materials.LOOKS`."""
    shapes: dict[str, np.ndarray] = field(default_factory=dict)
    """Shape key name -> (V, 3) offsets (cm); keys that do not move the part are left out."""
    weights: dict[str, np.ndarray] = field(default_factory=dict)
    """Bone name -> (V,) weight."""
    integers: dict[str, np.ndarray] = field(default_factory=dict)
    """Further per-vertex whole numbers to store as attributes."""
    regions: dict[str, np.ndarray] = field(default_factory=dict)
    """Another key of `materials.LOOKS` -> (V,) bool: faces all of whose vertices are in have that material, so that a
    viewport that shows the materials' own colours has lips and irises too. Later ones win."""

    def rigid(self, bone: str) -> Part:
        """Binds every vertex to one bone."""
        self.weights = {bone: np.ones(len(self.vertices))}
        return self


def join(name: str, material: str, pieces: Sequence[tuple[np.ndarray, Faces, np.ndarray]]) -> Part:
    """One part from several (vertices, faces, colours)."""
    vertices, faces, colours = [], [], []
    offset = 0
    for points, polygons, colour in pieces:
        vertices.append(points)
        colours.append(colour)
        faces.extend([tuple(int(index) + offset for index in polygon) for polygon in polygons])
        offset += len(points)
    return Part(name, np.concatenate(vertices), faces, np.concatenate(colours), material)


def grid_faces(rows: int, columns: int, closed: bool = False) -> list[tuple[int, int, int, int]]:
    """Quads of a rows x columns sheet of vertices; `closed` joins the last column to the first."""
    faces = []
    for i in range(rows - 1):
        for j in range(columns if closed else columns - 1):
            after = (j + 1) % columns
            faces.append(
                (i * columns + j, i * columns + after, (i + 1) * columns + after, (i + 1) * columns + j)
            )
    return faces


def mix(a: np.ndarray | Sequence[float], b: np.ndarray | Sequence[float], share: np.ndarray) -> np.ndarray:
    """Blends two colours (or colour arrays) by a per-vertex share, (V, 3)."""
    s = np.asarray(share, dtype=np.float64)[:, None]
    return np.asarray(a, dtype=np.float64) * (1.0 - s) + np.asarray(b, dtype=np.float64) * s
