"""Lids and gaze of a tracked face."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..detection.mesh_points import LEFT_IRIS, RIGHT_IRIS
from ..face.curves import ramp
from ..face.landmarks import LEFT_EYE, RIGHT_EYE, eye_opening

_OPEN_PERCENTILE = 90
_OPEN, _SHUT = 0.8, 0.3  # of the clip's own open eye: above this nothing is shut, below that everything
# In outer eye-corner distances (about 89 mm). The pupil turns about a point 10 mm behind it, which lies behind and a
# little above the middle of the lids' corners;
# its height is that of GRID's speakers, who look at what they read.
_EYE_RADIUS = 0.11
_EYE_CENTRE = np.array([0.0, 0.018, -0.09])
_HIDDEN = 0.35  # blink weight from which on the tracker guesses where the iris is
_FARTHEST = np.radians(45.0)


def blink_weight(landmarks: NDArray[Any]) -> NDArray[np.float32]:
    """(T, 68, 3) → (T, 2) 0 open … 1 shut, the character's own left, right eye, against the clip's own open eye."""
    ratio = eye_opening(landmarks)
    widest = np.maximum(np.percentile(ratio, _OPEN_PERCENTILE, axis=0), 1e-6)
    return ramp(ratio / widest, _OPEN, _SHUT).astype(np.float32)


def gaze_angles(
    landmarks: NDArray[Any], mesh: NDArray[Any], viewer: NDArray[Any], blink: NDArray[Any]
) -> NDArray[np.float64]:
    """Where the eyes look, relative to the head: the ray from the camera to the iris meets the eyeball there.

    Args:
        landmarks: (T, 68, 3) head-stabilised.
        mesh: (T, 478, 3) the meshes they are taken from, same coordinates.
        viewer: (T, 3) the camera, same coordinates.
        blink: (T, 2); what the lids hide is filled in from before and after.

    Returns:
        (T, 2) radians, yaw (positive to the picture's right) and pitch (positive up), the mean of both eyes.
    """
    directions = []
    for eye, iris in ((RIGHT_EYE, RIGHT_IRIS), (LEFT_EYE, LEFT_IRIS)):
        centre = 0.5 * (landmarks[:, eye[0]] + landmarks[:, eye[3]]) + _EYE_CENTRE
        ray = mesh[:, iris] - viewer
        ray = ray / np.linalg.norm(ray, axis=1, keepdims=True)
        start = viewer - centre
        along = -(start * ray).sum(axis=1)
        inside = along**2 - (start**2).sum(axis=1) + _EYE_RADIUS**2
        # A ray that misses the ball touches it where it comes nearest.
        met = start + (along - np.sqrt(np.maximum(inside, 0)))[:, None] * ray
        directions.append(met / np.linalg.norm(met, axis=1, keepdims=True))
    x, y, z = np.mean(directions, axis=0).T
    angles = np.stack([np.arctan2(x, z), np.arctan2(y, np.hypot(x, z))], axis=1)
    seen = blink.max(axis=1) < _HIDDEN
    if seen.any() and not seen.all():
        frames = np.arange(len(angles))
        angles = np.stack([np.interp(frames, frames[seen], column[seen]) for column in angles.T], axis=1)
    return np.asarray(np.clip(angles, -_FARTHEST, _FARTHEST))
