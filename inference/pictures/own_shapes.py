"""How the landmarks of a face picture move with its shapes: what its motion is fitted to."""

from __future__ import annotations

import numpy as np

from ..detection.mesh_points import MESH_TO_IBUG
from ..face.arrays import Floats
from ..face.face_picture import RELIEF, FacePicture, Layer
from ..face.names import ARKIT_NAMES
from ..face.retargeting.own_shapes import OwnShapes

_DOWN = np.array([1.0, -1.0, 1.0])
_TURNED_UPRIGHT = np.radians(30)
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


def upright(face: FacePicture, directions: Floats) -> Floats:
    """(…, 3) directions in the picture, as they are where its face stands, and of one that lies, turned with it until it does."""
    corners = relief_of(face).points[MESH_TO_IBUG[[36, 45]], :2]
    across, down = (corners[1] - corners[0]).astype(float)
    roll = float(np.arctan2(down, across))
    if abs(roll) <= _TURNED_UPRIGHT:
        return directions
    turn = np.eye(3)
    turn[:2, :2] = [[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]]
    return np.asarray(directions @ turn, np.float32)


def own_shapes_of(face: FacePicture) -> OwnShapes:
    """How a picture's landmarks move with its shapes, as Blender measures them on its mesh; of one that lies, turned upright."""
    relief = relief_of(face)
    deltas = upright(face, relief.shapes[: len(ARKIT_NAMES), MESH_TO_IBUG].astype(np.float32)) * _DOWN
    points = upright(face, relief.points[MESH_TO_IBUG]) * _DOWN / face.eye_distance
    neutral = points - points[[36, 45]].mean(axis=0)
    return OwnShapes(ARKIT_NAMES, (deltas / face.eye_distance).astype(np.float32), neutral.astype(np.float32))
