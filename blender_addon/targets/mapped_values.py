# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of a property that follows a channel: gain, offset, limits, held on twos."""

from __future__ import annotations

import numpy as np

from ..characters.drawings import Move
from ..contract import FaceAnimation
from ..motion import face_channels


def values_of(move: Move, motion: FaceAnimation, rest: float) -> np.ndarray:
    """(N,) float32: what a property is in each frame.

    Args:
        move: what it follows.
        motion: with its dials.
        rest: what it is without a talking animation.
    """
    offset = rest if move.offset is None else move.offset
    values = offset + move.gain * face_channels.channel(move.channel, motion)
    low = -np.inf if move.low is None else move.low
    high = np.inf if move.high is None else move.high
    values = np.clip(values, min(low, high), max(low, high)).astype(np.float32)
    return face_channels.on_twos(values, motion.closed) if move.twos else values
