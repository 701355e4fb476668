"""The tracker's tremor and zoom pumping out of a captured face; lips that touch go on touching."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..face.landmarks import CHIN, JAW, LEFT_BROW, LEFT_EYE, LIPS, NOSE, RIGHT_BROW, RIGHT_EYE
from ..face.lids_and_lips import shut_lips
from .filters import gaussian, steady
from .neutral import REST_GAP, lip_gap
from .pose import Pose

Array = NDArray[np.float64]

# Points that rest or move together, the neighbourhood in seconds that each is compared with, and how many times its noise it
# has to move to be followed: little for the lips, whose quickest motions matter most.
_GROUPS: tuple[tuple[NDArray[np.intp], float, float], ...] = (
    (LIPS, 0.05, 1.0),
    (CHIN, 0.08, 2.0),
    (LEFT_EYE, 0.05, 2.0),
    (RIGHT_EYE, 0.05, 2.0),
    (LEFT_BROW, 0.12, 2.0),
    (RIGHT_BROW, 0.12, 2.0),
    (NOSE, 0.15, 2.0),
    (np.setdiff1d(JAW, CHIN), 0.15, 2.0),
)
_MOST_NOISE = 0.002  # of a landmark, outer eye-corner distances; GRID's lips have 0.0014 on average
_TURN_SECONDS, _SHIFT_SECONDS, _GAZE_SECONDS = 0.08, 0.08, 0.05
_HEAD_TRUST = 4.0
# Nobody leans forward and back at the rate of syllables, but the size that a tracker sees does, with every open mouth.
_DEPTH_SECONDS = 0.25


def smooth_landmarks(landmarks: Array, neutral: NDArray[np.floating], fps: float) -> Array:
    """Head-stabilised landmarks (T, 68, 3), steadied; in the frames in which the inner lips touch they still do.

    Args:
        landmarks: (T, 68, 3).
        neutral: (68, 3) the person's neutral face.
        fps: frames per second.
    """
    result = landmarks.copy()
    for points, seconds, trust in _GROUPS:
        result[:, points] = steady(landmarks[:, points], seconds, fps, trust, _MOST_NOISE)
    before, after = lip_gap(landmarks), lip_gap(result)
    touching = before < REST_GAP
    kept = np.clip(before, 0, None) / np.maximum(after, 1e-9)
    strength = np.where(touching, np.clip(1 - kept, 0, 1), 0.0)
    displacement = result - neutral
    shut_lips(displacement, np.asarray(neutral, np.float64), strength)
    return np.asarray(displacement + neutral)


def smooth_pose(pose: Pose, fps: float) -> Pose:
    """The same head motion without tremor, and without the pumping of its depth."""
    rotation = np.unwrap(pose.rotation, axis=0)
    aside = steady(pose.translation[:, :2], _SHIFT_SECONDS, fps, _HEAD_TRUST)
    depth = gaussian(pose.translation[:, 2:], _DEPTH_SECONDS * fps)
    return replace(
        pose,
        rotation=steady(rotation, _TURN_SECONDS, fps, _HEAD_TRUST),
        translation=np.concatenate([aside, depth], axis=1),
    )


def smooth_gaze(eyes: Array, fps: float) -> Array:
    """(T, 2) gaze angles without tremor; jumps stay jumps."""
    return steady(eyes, _GAZE_SECONDS, fps)
