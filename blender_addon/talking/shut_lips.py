# SPDX-License-Identifier: GPL-3.0-or-later
"""Lips that meet at a frame because a person says so, as for a p, b or m that was not heard: keys of the dial "Lips Shut"."""

from __future__ import annotations

from typing import Any, Final

import bpy

from ..characters.character import describe
from ..characters.remembered import frame_rate
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
    """Take the keys away that hold the lips shut around a frame, and show it.

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
    frames = [point.co.x for point in curve.keyframe_points]
    free = [at for at in frames if curve.evaluate(at) <= 0]
    _remove(
        curve,
        max((at for at in free if at < frame), default=min(frames)),
        min((at for at in free if at > frame), default=max(frames)),
    )
    if len(curve.keyframe_points):
        curve.update()
    else:
        dial_keys.clear(root, (_DIAL,))
    return change_dials(character, scene=scene)


def are_held(root: Any, frame: int) -> bool:
    """Whether keys hold a character's lips shut at a frame."""
    curve = dial_keys.curve_of(root, _DIAL)
    return curve is not None and bool(curve.evaluate(frame) >= _HELD)


def _remove(curve: Any, first: float, end: float) -> None:
    """Take the keys of a curve from one frame to another away."""
    for point in reversed(curve.keyframe_points[:]):
        if first <= point.co.x <= end:
            curve.keyframe_points.remove(point)
