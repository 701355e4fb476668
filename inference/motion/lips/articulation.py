"""The speaker's own way of articulating: how wide the mouth works, its corners, its uneven halves, its rest.

The content branch says what the lips do; this scales it. A gap of nothing stays nothing whatever the amounts, so p, b and m
keep their closures and their frames.
"""

from __future__ import annotations

import numpy as np

from ...face.curves import smooth_step
from ...face.landmarks import JAW, LIPS
from ..manner.styles import Style

_CORNERS = np.array([48, 54, 60, 64])
# What a raised corner takes along: the lip points beside it, upper and lower alike, so that the gap stays.
_BESIDE = np.array([49, 53, 55, 59, 61, 63, 65, 67])
_BESIDE_SHARE = 0.35
_SMILE = (0.040, 0.065)  # outward and upward, outer eye-corner distances at smile 1
_SETTLE_SECONDS = 0.5
_HALVES = 0.25  # outer eye-corner distances from the middle at which a point belongs wholly to its half


def articulate(displacement: np.ndarray, neutral: np.ndarray, fps: float, style: Style) -> None:
    """Scale the motion of the lips and jaw to the speaker's manner, in place.

    Args:
        displacement: (T, 68, 3) from the neutral face, unit outer eye-corner distance.
        neutral: (68, 3) with its lips shut: points that meet in it move alike, so a closure stays one.
        fps: frames per second.
        style: how much of what.
    """
    half = np.clip(neutral[LIPS, 0] / _HALVES, -1, 1)
    across = style.lips * style.lips_across
    up_down = style.lips * style.lips_up_down
    displacement[:, LIPS, 0] *= np.float32(across)
    displacement[:, LIPS, 1] *= (up_down * (1 + style.asymmetry * half)).astype(np.float32)
    displacement[:, LIPS, 2] *= np.float32(style.lips)
    displacement[:, JAW] *= np.array([across, up_down, style.lips], np.float32)
    displacement[:, _CORNERS, 1] *= np.float32(style.corners)
    if style.smile:
        moment = np.arange(len(displacement)) / fps
        settled = smooth_step(np.minimum(moment, moment[::-1]) / _SETTLE_SECONDS)
        smile(displacement, neutral, (style.smile * settled).astype(np.float32))


def smile(displacement: np.ndarray, neutral: np.ndarray, raised: np.ndarray) -> None:
    """Raise the corners of the mouth, in place.

    Args:
        displacement, neutral: see `articulate`.
        raised: (T,) float32 by how much, 0…1 or less than 0 to lower them.
    """
    for points, share in ((_CORNERS, 1.0), (_BESIDE, _BESIDE_SHARE)):
        outward = np.sign(neutral[points, 0]) * _SMILE[0] * share
        displacement[:, points, 0] += raised[:, None] * outward.astype(np.float32)
        displacement[:, points, 1] += raised[:, None] * np.float32(_SMILE[1] * share)
