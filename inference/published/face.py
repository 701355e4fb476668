"""MakeItTalk's coordinates and ours. numpy only.

Theirs: the distance of points 0 and 16 is 1.6, their middle is the origin, x to the picture's right, y **down**, z to the
viewer. Ours: see `inference.face.landmarks`.
"""

from __future__ import annotations

import numpy as np

from ..face.landmarks import NEUTRAL_FACE, Registration, register, to_face_units
from ..face.lids_and_lips import shut_lips

WIDTH = 1.6
_DOWN = np.array([1.0, -1.0, 1.0])


def standard_face(published: np.ndarray | None) -> np.ndarray:
    """(68, 3) float64 face with its mouth shut that the networks are given, in their coordinates.

    Args:
        published: (68, 3) of ``STD_FACE_LANDMARKS.txt``; without it, the engine's own average face is brought into their
            coordinates. Depth is kept whole, as in training and for the published puppets (the published photo pipeline
            flattens it to a tenth, which leaves no head to turn).
    """
    face = to_face_units(NEUTRAL_FACE if published is None else published * _DOWN)[None]
    displacement = np.zeros_like(face)
    shut_lips(displacement, face[0], np.ones(1))
    face = (face + displacement)[0] * _DOWN
    ends = face[[0, 16]]
    return (face - ends.mean(axis=0)) * (WIDTH / np.linalg.norm(ends[1] - ends[0]))


def to_engine(points: np.ndarray, face: np.ndarray) -> tuple[np.ndarray, Registration]:
    """Split MakeItTalk's result into the face at rest and a talking, nodding head.

    Args:
        points: (T, 68, 3) in their coordinates, head motion included.
        face: (68, 3) that the networks were given, in their coordinates.

    Returns:
        (68, 3) float32 neutral and the registration, in the engine's coordinates and unit.
    """
    neutral = to_face_units(face * _DOWN)
    return neutral.astype(np.float32), register(points * _DOWN, neutral)
