"""How the landmarks of a face picture move with its shapes: what its motion is fitted to."""

from __future__ import annotations

import numpy as np

from ..detection.mesh_points import MESH_TO_IBUG
from ..face.face_picture import RELIEF, FacePicture, Layer
from ..face.names import ARKIT_NAMES
from ..face.retargeting.own_shapes import OwnShapes

_DOWN = np.array([1.0, -1.0, 1.0])
_LYING = np.radians(30)
"""Roll from which on a face lies: what opens its mouth is down for itself, not in the picture."""


def relief_of(face: FacePicture) -> Layer:
    """The layer that is the picture itself.

    Raises:
        ValueError: it has none.
    """
    for layer in face.layers:
        if layer.name == RELIEF:
            return layer
    raise ValueError("the face picture has no relief")


def own_shapes_of(face: FacePicture) -> OwnShapes:
    """How a picture's landmarks move with its shapes, as Blender measures them on its mesh; of one that lies, turned upright."""
    relief = relief_of(face)
    deltas = relief.shapes[: len(ARKIT_NAMES), MESH_TO_IBUG].astype(np.float32) * _DOWN / face.eye_distance
    points = relief.points[MESH_TO_IBUG] * _DOWN / face.eye_distance
    neutral = points - points[[36, 45]].mean(axis=0)
    across = (neutral[45] - neutral[36])[:2]
    roll = float(np.arctan2(across[1], across[0]))
    if abs(roll) > _LYING:
        upright = np.eye(3)
        upright[:2, :2] = [[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]]
        deltas, neutral = deltas @ upright, neutral @ upright
    return OwnShapes(ARKIT_NAMES, deltas.astype(np.float32), neutral.astype(np.float32))
