# SPDX-License-Identifier: GPL-3.0-or-later
"""Proportions of the demo character: the numbers a sculptor would change first.

Everything is designed in *head space*: centimetres, x to the character's left, y to the back (the face looks along -y), z up,
origin in the middle of the skull at eye height. `to_metres` places head space in the Blender object.
"""

from __future__ import annotations

import numpy as np

from ..contract.curves import ramp, smooth_step

CENTIMETRE = 0.01
"""Metres per head-space unit."""

SIDES = (("Left", 1), ("Right", -1))
"""End of a shape's name and sign of x on that side: "Left" is the character's left."""

HEAD_ORIGIN_HEIGHT = 44.0
"""Height of the head-space origin over the bottom of the bust (cm)."""

# Eyes: large, a little below the middle of the head.
EYE_X = 3.32
EYE_CENTRE = np.array([EYE_X, -5.5, -0.45])
EYE_RADIUS = 2.5
IRIS_ANGLE = np.radians(28.0)
PUPIL_ANGLE = np.radians(12.0)
LID_RADIUS = 1.085 * EYE_RADIUS
"""Radius of the outer skin of the lids about the eye's centre (cm); leaves room for the straight path of a blink."""

# Mouth
MOUTH_Z = -6.9
MOUTH_HALF_WIDTH = 2.6
UPPER_LIP_HEIGHT = 0.68
LOWER_LIP_HEIGHT = 0.9

JAW_PIVOT = np.array([0.0, 1.2, -3.2])
"""Hinge of the jaw, near the ear canal (cm)."""
JAW_OPEN_ANGLE = np.radians(20.0)
"""Rotation of the jaw at jawOpen = 1."""

# Joints of the armature (cm, head space).
SPINE_ROOT = np.array([0.0, 2.8, -HEAD_ORIGIN_HEIGHT])
NECK_ROOT = np.array([0.0, 2.6, -18.0])
HEAD_ROOT = np.array([0.0, 1.6, -10.0])
HEAD_TOP = np.array([0.0, 1.2, 12.5])

NECK_SKIN_BOTTOM = -18.5
"""Where the neck's skin ends, hidden under the collar (cm)."""


def to_metres(points: np.ndarray) -> np.ndarray:
    """Head space (cm) -> object space (m)."""
    return (np.asarray(points, dtype=np.float64) + (0.0, 0.0, HEAD_ORIGIN_HEIGHT)) * CENTIMETRE


def smoothstep(low: float, high: float, value: np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high`, a smooth S between (also for low > high)."""
    return smooth_step(ramp(np.asarray(value, dtype=np.float64), low, high))


def gaussian(
    points: np.ndarray, centre: tuple[float, float, float], size: tuple[float, float, float]
) -> np.ndarray:
    """Gaussian bump exp(-d^2) with the given half-axes (cm) at each of the (N, 3) points."""
    offset = (points - np.asarray(centre)) / np.asarray(size)
    return np.exp(-np.sum(offset * offset, axis=1))
