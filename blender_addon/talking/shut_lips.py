# SPDX-License-Identifier: GPL-3.0-or-later
"""Lips that meet at a frame because a person says so, as for a p, b or m that was not heard: keys of the dial "Lips Shut"."""

from __future__ import annotations

import math
from typing import Any, Final

import bpy

from ..characters.character import describe
from ..characters.remembered import frame_rate, quietly
from ..errors import TalkingAnimationError
from . import dial_keys
from .carried import frames_of, motion_of
from .edit import Change, change_dials

_DIAL: Final = "lips_shut"
_SHUT_SECONDS: Final = 0.08  # of a p, b or m
_WAY_SECONDS: Final = 0.08  # to it and from it
_HELD: Final = 0.5


def shut_lips(character: Any, frame: int, scene: Any = None) -> Change:
    """Let the lips meet for a moment from a frame on, and show it.

    Args:
        character: any object of the character.
        frame: scene frame.
        scene: None for the present scene.

    Returns:
        What came of it.

    Raises:
        TalkingAnimationError: where it says nothing at that frame; see also `edit.change_dials` and `dial_keys.new_curve`.
    """
    scene = scene or bpy.context.scene
    described = describe(character)
    root, lies = described.root, frames_of(described)
    if lies is not None and not lies[0] <= frame <= lies[1]:
        raise TalkingAnimationError(
            f"'{root.name}' says nothing at frame {frame}: its keys lie from frame {lies[0]:g} to {lies[1]:g}."
        )
    motion_of(described, scene)  # without it nothing could be shown, and nothing is to be keyed
    rate = frame_rate(scene)
    last, way = frame + max(round(_SHUT_SECONDS * rate), 1) - 1, max(round(_WAY_SECONDS * rate), 1)
    first, end = frame - way, last + way
    curve = dial_keys.curve_of(root, _DIAL) or dial_keys.new_curve(root, _DIAL, first)
    values = {first: curve.evaluate(first), frame: 1.0, last: 1.0, end: curve.evaluate(end)}
    _remove(curve, first, end)
    for at, value in values.items():
        curve.keyframe_points.insert(at, value).interpolation = "LINEAR"
    curve.update()
    return change_dials(character, scene=scene)


def release_lips(character: Any, frame: int, scene: Any = None) -> Change:
    """Take the keys away that hold the lips shut around a frame, and show it. Closures that run into each other are one.

    Args:
        character: any object of the character.
        frame: scene frame.
        scene: None for the present scene.

    Returns:
        What came of it.

    Raises:
        TalkingAnimationError: where none do; see also `edit.change_dials`.
    """
    root = describe(character).root
    if not are_held(root, frame):
        raise TalkingAnimationError(f"No keys hold the lips of '{root.name}' shut at frame {frame}.")
    curve = dial_keys.curve_of(root, _DIAL)
    keys = [tuple(point.co) for point in curve.keyframe_points]
    first = max((at for at, value in keys if at < frame and value < _HELD), default=-math.inf)
    end = min((at for at, value in keys if at > frame and value < _HELD), default=math.inf)
    _remove(curve, first, end)
    left = {value for at, value in keys if not first < at < end} or {0.0}
    if len(left) > 1:
        curve.update()
    else:  # what is left says nothing but what the dial is, and it would stay as the frame on screen has it
        dial_keys.clear(root, (_DIAL,))
        with quietly():
            setattr(root.talking_animation, _DIAL, left.pop())
    return change_dials(character, scene=scene)


def are_held(root: Any, frame: int) -> bool:
    """Whether keys hold a character's lips shut at a frame."""
    curve = dial_keys.curve_of(root, _DIAL)
    return curve is not None and bool(curve.evaluate(frame) >= _HELD)


def _remove(curve: Any, first: float, end: float) -> None:
    """Take the keys of a curve between two frames away."""
    for point in reversed(curve.keyframe_points[:]):
        if first < point.co.x < end:
            curve.keyframe_points.remove(point)
