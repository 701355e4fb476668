"""How a face lies in its picture: where it looks, how large it is, and how a head's own directions run there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..detection.mesh_points import OUTER_CORNERS
from ..face.arrays import Floats
from .indices import LIP_RINGS
from .template import POINTS, load_template

_DOWN = np.array([1, -1, 1], np.float64)
"""From the engine's axes, y up, to the picture's, y down; and back."""


@dataclass(frozen=True)
class FaceFrame:
    """The place of a head in a picture.

    Attributes:
        rotation: (3, 3) from a head that looks at the viewer (x to the picture's right, y up, z to the viewer) to this one.
        unit: pixels of an outer eye-corner distance, as if seen from the front.
        origin: (3,) pixels, the middle of the outer eye corners; z is 0.
        yaw, pitch, roll: degrees; to the picture's right, up, and counter-clockwise positive.
    """

    rotation: Floats
    unit: float
    origin: Floats
    yaw: float
    pitch: float
    roll: float

    def directions(self, vectors: Floats) -> Floats:
        """(…, 3) displacements of the template in eye units → pixels of the picture."""
        return np.asarray(vectors @ (self.rotation.T * (_DOWN * self.unit)), np.float32)

    def places(self, points: Floats) -> Floats:
        """(…, 3) points of the template in eye units → pixels of the picture."""
        return np.asarray(self.origin + self.directions(points), np.float32)

    def own(self, pixels: Floats) -> Floats:
        """(…, 3) pixels of the picture → eye units along the head's own axes, from the middle of the eye corners."""
        return np.asarray(((pixels - self.origin) * _DOWN / self.unit) @ self.rotation, np.float32)


def similarity(source: Floats, target: Floats) -> tuple[Floats, float, Floats]:
    """Rotation (3, 3), scale and shift (3,) that bring (N, 3) points nearest to others; Umeyama 1991."""
    middle, goal = source.mean(axis=0), target.mean(axis=0)
    left, spread, right = np.linalg.svd((target - goal).T @ (source - middle))
    keep = np.array([1, 1, np.sign(np.linalg.det(left @ right))])
    rotation = (left * keep) @ right
    scale = float((spread * keep).sum() / ((source - middle) ** 2).sum())
    return rotation, scale, goal - scale * rotation @ middle


def face_frame(points: Floats) -> FaceFrame:
    """The frame of (468, 3) mesh points in pixels: y down, z to the viewer."""
    template = load_template()
    still = np.setdiff1d(np.arange(POINTS), LIP_RINGS)
    upright = points[:POINTS].astype(np.float64) * _DOWN
    rotation, scale, _ = similarity(template.points[still].astype(np.float64), upright[still])
    corners = points[list(OUTER_CORNERS)].astype(np.float64)
    distance = float(np.linalg.norm(corners[1] - corners[0]))
    origin = corners.mean(axis=0)
    yaw = np.degrees(np.arctan2(rotation[0, 2], rotation[2, 2]))
    pitch = np.degrees(np.arcsin(np.clip(rotation[1, 2], -1, 1)))
    roll = np.degrees(np.arctan2(rotation[1, 0], rotation[1, 1]))
    unit = (distance + scale) / 2
    return FaceFrame(rotation, unit, origin * [1, 1, 0], float(yaw), float(pitch), float(roll))
