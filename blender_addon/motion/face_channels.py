# SPDX-License-Identifier: GPL-3.0-or-later
"""A face's motion as single numbers that a person can put a name to: how far the mouth is open, the lids are shut. No bpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from ..contract import ARKIT_INDEX, VISEMES
from ..contract.easing import FACE_EASE, HEAD_EASE, eased
from ..contract.landmarks import INNER_LIP, LEFT_BROW, RIGHT_BROW

if TYPE_CHECKING:
    from ..contract import FaceAnimation, arrays

OPEN, WIDE, ROUND, CORNER, BROW = 0.32, 0.12, 0.12, 0.08, 0.1
"""What is 1 of each, of the distance between the outer eye corners: lips' gap, mouth's width, and height of corners and brows."""
GAZE, TURN = 0.35, 0.35
"""What is 1 of the eyes' and the head's rotation, radians."""
_LEFT_CORNER, _RIGHT_CORNER = int(INNER_LIP[4]), int(INNER_LIP[0])
_UPPER, _LOWER = INNER_LIP[1:4], INNER_LIP[7:4:-1]
VISEME: Final = "viseme:"

_Measure = tuple[str, str, Callable[["FaceAnimation"], "arrays.Floats"]]


def _moved(motion: FaceAnimation, axis: int) -> arrays.Floats:
    return np.asarray(motion.landmarks[:, :, axis] - motion.neutral[:, axis], np.float32)


def _opening(motion: FaceAnimation) -> arrays.Floats:
    away = _moved(motion, 1)
    gap = (away[:, _UPPER] - away[:, _LOWER]).mean(axis=1)
    return np.asarray(np.maximum(gap, 0) / OPEN, np.float32)


def _width(motion: FaceAnimation) -> arrays.Floats:
    away = _moved(motion, 0)
    return np.asarray((away[:, _LEFT_CORNER] - away[:, _RIGHT_CORNER]) / WIDE, np.float32)


def _corners(motion: FaceAnimation) -> arrays.Floats:
    return np.asarray(_moved(motion, 1)[:, [_LEFT_CORNER, _RIGHT_CORNER]].mean(axis=1) / CORNER, np.float32)


def _brow(*points: arrays.Indices) -> Callable[[FaceAnimation], arrays.Floats]:
    rows = np.concatenate(points)
    return lambda motion: np.asarray(_moved(motion, 1)[:, rows].mean(axis=1) / BROW, np.float32)


def _shape(name: str) -> Callable[[FaceAnimation], arrays.Floats]:
    return lambda motion: motion.arkit[:, ARKIT_INDEX[name]]


def _part(array: str, column: int, unit: float) -> Callable[[FaceAnimation], arrays.Floats]:
    return lambda motion: np.asarray(getattr(motion, array)[:, column] / unit, np.float32)


_MEASURES: Final[Mapping[str, _Measure]] = {
    "opening": ("Mouth Opening", "lips", _opening),
    "width": ("Mouth Width", "lips", _width),
    "rounding": ("Mouth Rounding", "lips", lambda motion: np.maximum(-_width(motion), 0) * np.float32(WIDE / ROUND)),
    "corners": ("Mouth Corners Up", "lips", _corners),
    "jaw": ("Jaw Open", "lips", _shape("jawOpen")),
    "lids": ("Lids Shut", "blinks", lambda motion: motion.blink.max(axis=1)),
    "lid.left": ("Left Lid Shut", "blinks", _part("blink", 0, 1.0)),
    "lid.right": ("Right Lid Shut", "blinks", _part("blink", 1, 1.0)),
    "gaze.side": ("Gaze to the Picture's Right", "gaze", _part("eye_rotation", 0, GAZE)),
    "gaze.up": ("Gaze Up", "gaze", _part("eye_rotation", 1, GAZE)),
    "brows": ("Brows Up", "brows", _brow(LEFT_BROW, RIGHT_BROW)),
    "brow.left": ("Left Brow Up", "brows", _brow(LEFT_BROW)),
    "brow.right": ("Right Brow Up", "brows", _brow(RIGHT_BROW)),
    "head.nod": ("Head Nods Down", "head", _part("head_rotation", 0, TURN)),
    "head.turn": ("Head Turns to the Picture's Right", "head", _part("head_rotation", 1, TURN)),
    "head.tilt": ("Head Tilts", "head", _part("head_rotation", 2, TURN)),
    "head.side": ("Head Moves to the Picture's Right", "head", _part("head_translation", 0, 1.0)),
    "head.up": ("Head Moves Up", "head", _part("head_translation", 1, 1.0)),
}  # fmt: skip
CHANNELS: Final[Mapping[str, str]] = {name: title for name, (title, _, _) in _MEASURES.items()}
"""Channel → its title. A name of ARKit's 52 shapes and "viseme:" with one of the 15 visemes are channels too."""
_GROUPS: Final = {"lips": "Lips", "blinks": "Blinks", "gaze": "Gaze", "brows": "Brows", "head": "Head"}


def is_channel(name: str) -> bool:
    """Whether there is a channel of that name."""
    return name in _MEASURES or name in ARKIT_INDEX or name in {VISEME + viseme for viseme in VISEMES}


def group_of(name: str) -> str:
    """The group of curves that a channel belongs to."""
    if name in _MEASURES:
        return _GROUPS[_MEASURES[name][1]]
    lowered = name.casefold()
    if lowered.startswith("eyeblink"):
        return "Blinks"
    return "Gaze" if lowered.startswith("eyelook") else "Brows" if lowered.startswith("brow") else "Lips"


def channel(name: str, motion: FaceAnimation) -> arrays.Floats:
    """A channel of a motion, grown out of rest and come back to it.

    Args:
        name: see `CHANNELS`.
        motion: T frames, with its dials.

    Returns:
        (T + E,) float32; 0 at rest and about 1 at its end, below 0 to the other side where there is one.

    Raises:
        ValueError: where there is no such channel.
    """
    if not is_channel(name):
        raise ValueError(f"there is no channel '{name}'")
    if name in _MEASURES:
        _, group, measure = _MEASURES[name]
        values = measure(motion)
    else:
        group = "lips"
        values = (
            motion.arkit[:, ARKIT_INDEX[name]]
            if name in ARKIT_INDEX
            else motion.visemes[:, VISEMES.index(name[len(VISEME) :])]
        )
    ease = HEAD_EASE if group == "head" else FACE_EASE
    return np.asarray(eased(values[:, None], motion.fps, *ease)[:, 0], np.float32)


def on_twos(values: arrays.Floats, closed: arrays.Flags) -> arrays.Floats:
    """Values that change at every second frame only; closed lips keep their drawing.

    Args:
        values: (N,).
        closed: (T,) bool, frames in which the lips touch; none but those are looked at.
    """
    from .key_reduction import held_frames

    flags = np.zeros(len(values), bool)
    flags[: len(closed)] = closed[: len(values)]
    frames, shown = held_frames(flags, len(values), 2)
    return np.asarray(np.repeat(values[shown], np.diff([*frames.tolist(), len(values)])), np.float32)
