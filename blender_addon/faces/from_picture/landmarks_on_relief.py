# SPDX-License-Identifier: GPL-3.0-or-later
"""The 68 landmarks of a face picture as places on its mesh, so that the motion can be fitted to its own shapes at once."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..landmark_search.points import Landmarks
from .relief import Relief

_UPPER: Final = frozenset({61, 62, 63})
_LOWER: Final = frozenset({65, 66, 67})
_SAME = 0.02  # of the eye distance: vertices of both lips lie on each other where they are shut
_FAR = 0.08  # of the eye distance: a landmark with no vertex so near is not on this mesh


def landmarks_on(relief: Relief) -> Landmarks | None:
    """Each landmark's vertex; None where one of them is too far from the mesh.

    Of the vertices in one place the upper lip's landmarks take the one that the jaw moves least, the lower lip's the other.
    """
    own = np.unique(relief.triangles[relief.face])
    if not len(own):
        return None
    points = relief.points[own].astype(np.float64)
    jaw = np.linalg.norm(relief.shapes["jawOpen"][own], axis=1)
    chosen = []
    for number, landmark in enumerate(relief.landmarks):
        distance = np.linalg.norm(points[:, [0, 2]] - landmark[[0, 2]], axis=1) / relief.unit
        nearest = float(distance.min())
        if nearest > _FAR:
            return None
        place = int(distance.argmin())
        if number in _UPPER or number in _LOWER:
            near = np.flatnonzero(distance <= nearest + _SAME)
            moved = jaw[near]
            place = int(near[moved.argmin() if number in _UPPER else moved.argmax()])
        chosen.append(int(own[place]))
    vertices = np.repeat(np.array(chosen, np.int64)[:, None], 3, axis=1)
    return Landmarks(vertices, np.tile([1.0, 0.0, 0.0], (len(chosen), 1)), 1.0, "picture")
