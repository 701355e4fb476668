# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a face is by the skin that its jaw carries: for rigs in which nothing comes in pairs, as a head and a jaw alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ...rigs.face_bones import FaceBones
from .probe import deformed_meshes, in_armature

_OWN: Final = 0.5  # weight from which on a vertex is the jaw's
_FEWEST: Final = 8  # vertices that tell where a face is
_MOST: Final = 5_000  # vertices of a mesh that are looked at
_ENDS: Final = (5, 95)  # percentiles between which the jaw is as wide as it counts
_CORNERS_TO_JAW: Final = 0.9  # outer eye-corner distances of a jaw's width
_AHEAD: Final = 0.1  # of its extent that the jaw's skin lies before its joint, at least
_MIDDLE, _FRONT = 0.15, 0.35  # of the jaw's width, and of its depth: where the lower lip is its highest point


@dataclass(frozen=True)
class JawSkin:
    """The skin of a jaw, in its armature's space at rest.

    Attributes:
        points: (N, 3) vertices that belong to the jaw.
        joint: (3,) what it turns about.
    """

    points: np.ndarray
    joint: np.ndarray

    def sideways(self, up: np.ndarray) -> np.ndarray | None:
        """Unit vector from the character's right to its left: square to a way up and to where the skin lies; None without one."""
        forward = self.points.mean(axis=0) - self.joint
        forward = forward - (forward @ up) * up
        length = float(np.linalg.norm(forward))
        if length < _AHEAD * float(np.linalg.norm(np.ptp(self.points, axis=0))):
            return None
        return np.asarray(np.cross(up, forward / length))

    def unit(self, sideways: np.ndarray) -> float:
        """The outer eye corners' distance, by the jaw's width."""
        low, high = np.percentile(self.points @ sideways, _ENDS)
        return _CORNERS_TO_JAW * float(high - low)

    def mouth(self, axes: np.ndarray) -> np.ndarray:
        """(3,) the middle of the mouth: the highest of the skin in front, where the lower lip is; see `FaceFrame.axes`."""
        placed = self.points @ axes
        across, depth = placed[:, 0], placed[:, 2]
        width = float(np.ptp(np.percentile(across, _ENDS)))
        aside = np.abs(across - np.median(across))
        middle = aside <= max(_MIDDLE * width, float(aside.min()))
        front = depth >= depth[middle].max() - _FRONT * float(np.ptp(depth))
        chosen = np.flatnonzero(middle & front)
        return np.asarray(self.points[chosen[placed[chosen, 1].argmax()]])


def jaw_skin(armature: Any, face_bones: FaceBones) -> JawSkin | None:
    """The skin that an armature's jaw carries; None where it has no jaw, or too little goes with it."""
    for name in face_bones.bones("jaw")[:1]:
        parts = [_of_mesh(obj, armature, name) for obj in deformed_meshes(armature, (name,))]
        points = np.concatenate([np.zeros((0, 3)), *parts])
        if len(points) >= _FEWEST:
            return JawSkin(points, np.array(armature.data.bones[name].head_local))
    return None


def _of_mesh(obj: Any, armature: Any, bone: str) -> np.ndarray:
    """(N, 3) the vertices of a mesh that are a bone's."""
    vertices, group = obj.data.vertices, obj.vertex_groups[bone].index
    looked_at = (vertices[index] for index in range(0, len(vertices), len(vertices) // _MOST + 1))
    points = [
        vertex.co[:]
        for vertex in looked_at
        if any(entry.group == group and entry.weight >= _OWN for entry in vertex.groups)
    ]
    place = np.array(in_armature(obj, armature))
    return np.array(points, np.float64).reshape(-1, 3) @ place[:3, :3].T + place[:3, 3]
