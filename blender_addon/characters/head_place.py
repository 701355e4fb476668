# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a character's head is in the scene and which way it looks, as it is without its talking animation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

_TOO_NEAR = 1.5  # outer eye-corner distances: who is within another's head is nowhere in particular
_FLAT = 1e-9  # of a box's volume: a space so squashed tells no directions


@dataclass(frozen=True)
class HeadPlace:
    """A head's place at one frame.

    Attributes:
        to_face: (4, 4) from the scene to the face's own coordinates, as the landmarks have them: the origin between the eyes,
            x to the picture's right, y up, z to the viewer, unit outer eye-corner distance.
        position: (3,) between the eyes, in the scene.
    """

    to_face: np.ndarray
    position: np.ndarray

    @classmethod
    def of(cls, to_scene: Any, axes: np.ndarray, origin: np.ndarray, unit: float) -> HeadPlace | None:
        """A face that is known in an object's space; None where that is squashed flat or its place is no number.

        Args:
            to_scene: (4, 4) from there to the scene; it may be scaled, skewed or mirrored.
            axes: (3, 3), columns: to the picture's right, up, to the viewer.
            origin: (3,) between the eyes.
            unit: outer eye-corner distance.
        """
        face = np.eye(4)
        face[:3, :3], face[:3, 3] = axes * unit, origin
        whole = np.array(to_scene, np.float64) @ face
        sizes = np.linalg.norm(whole[:3, :3], axis=0).prod()
        if not (np.isfinite(whole).all() and abs(np.linalg.det(whole[:3, :3])) > _FLAT * sizes):
            return None
        return cls(np.linalg.inv(whole), whole[:3, 3])

    def view_of(self, other: HeadPlace) -> tuple[float, float] | None:
        """Where another head is seen from this one: radians, yaw (positive to the picture's right) and pitch (positive up).

        None where it is not to be told, since one head lies within the other.
        """
        x, y, z = (self.to_face @ np.append(other.position, 1.0))[:3]
        if not np.hypot(np.hypot(x, y), z) >= _TOO_NEAR:
            return None
        return float(np.arctan2(x, z)), float(np.arctan2(y, np.hypot(x, z)))
