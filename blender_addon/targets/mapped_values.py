# SPDX-License-Identifier: GPL-3.0-or-later
"""Properties that were mapped: what they are when they follow a channel (gain, offset, limits, on twos), and why they cannot."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..characters.drawing_mappings import Move
from ..characters.related import is_editable
from ..contract import FaceAnimation
from ..keys import property_values
from ..keys.channels import driven_paths
from ..motion import face_channels


def linked(datablock: Any) -> str:
    """Why a datablock of another file stays still, in one sentence; "" for one that can be animated here."""
    if is_editable(datablock):
        return ""
    return f"'{datablock.name}' is linked from another file and cannot be animated here: make a library override first."


def unmoved(datablock: Any, path: str, index: int, remedy: str) -> str:
    """Why keys on a property would do nothing, in one sentence; "" where they move it.

    Args:
        datablock, path, index: the property.
        remedy: what to do about one that is gone.
    """
    if linked(datablock):
        return linked(datablock)
    try:
        property_values.read(datablock, path, index)
    except ValueError as error:
        return f"{error}: {remedy}."
    if path in driven_paths(datablock):
        return f"'{datablock.name}' has a driver on {path}, so it stays still: remove the driver, or map what it reads."
    return ""


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
