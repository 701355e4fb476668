# SPDX-License-Identifier: GPL-3.0-or-later
"""Dials that have keys of their own: what the user's curves on a character's dials say of each frame."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from typing import Any, Final

import numpy as np

from ..characters.character import Character
from ..characters.remembered import dials_of
from ..contract import Dials, FaceAnimation
from ..contract import dials as dials_module
from ..errors import TalkingAnimationError
from ..host.blender_versions import animation_data
from ..keys import actions, nla
from ..keys.channels import drivers_of
from ..keys.ownership import own_range, users_strips
from .carriers import datablocks

_PATH: Final = "talking_animation.{}"
_PATHS: Final = {_PATH.format(name): name for name in dials_module.NAMES}


def keyed(character: Character, dials: Dials, count: int, start: float | None = None) -> Dials:
    """A character's dials with the values that their own keys give them at each frame of a motion.

    Args:
        character: its root has the dials.
        dials: what they are where they have no keys.
        count: frames of the motion, at the scene's rate.
        start: scene frame of its first key; None for where the character's keys lie, at the pace of their strip.

    Returns:
        `KeyedDials` where a dial has keys, in the active action or in the user's own NLA strips; else the same dials.
    """
    frames = _frames(character, count, start)
    values = {
        name: _values(character.root, name, frames) for name in dict.fromkeys(_keyed_names(character.root))
    }
    tracks = {name: tuple(map(float, track)) for name, track in values.items() if track is not None}
    return dials_module.KeyedDials.of(dials, tracks)


def of_character(character: Character, motion: FaceAnimation) -> Dials:
    """The dials that act on what a character carries: those stored with it, with what their own keys say.

    Args:
        character: a described one.
        motion: what it carries, at the scene's rate.
    """
    return keyed(character, dials_of(character.root.talking_animation), len(motion))


def digest(dials: Dials) -> str:
    """A short text for what the keys of dials say: other keys, another text; "" without any."""
    if not isinstance(dials, dials_module.KeyedDials):
        return ""
    rounded = [(name, [round(value, 4) for value in values]) for name, values in dials.tracks]
    return f"{zlib.crc32(repr(rounded).encode()):08x}"


def known(dials: Dials, count: int) -> dict[str, Any]:
    """What the record of keys that were written holds of dials and a motion of so many frames; see `are_waiting`."""
    return {"dials": dials.plain, "dial_keys": digest(dials), "frames": count}


def are_waiting(character: Character, record: dict[str, Any]) -> bool:
    """Whether the keys of a character's dials say something else than its talking animation shows.

    Args:
        character: one that carries a talking animation.
        record: what its actions remember.
    """
    if "dial_keys" not in record:  # made before dials could have keys
        return are_keyed(character.root)
    return digest(keyed(character, Dials(), int(record.get("frames", 0)))) != record["dial_keys"]


def are_keyed(root: Any) -> bool:
    """Whether any dial of a character has keys of its own."""
    return any(True for _ in _keyed_names(root))


def is_keyed(root: Any, name: str) -> bool:
    """Whether one dial of a character has keys of its own, by the dial's name."""
    return name in _keyed_names(root)


def driven(root: Any) -> list[str]:
    """Names of the dials that have drivers, which nothing here follows."""
    return [_PATHS[driver.data_path] for driver in drivers_of(root) if driver.data_path in _PATHS]


def curve_of(root: Any, name: str) -> Any:
    """The curve of one dial in a character's active action; None where it has none that says anything."""
    data = root.animation_data
    return _curve(data.action, animation_data.active_slot(data), name) if data is not None else None


def new_curve(root: Any, name: str, frame: int) -> Any:
    """A curve for a dial that has none, with one key of what the dial is.

    Args:
        root: of the character.
        name: of a dial that takes keys.
        frame: scene frame of its first key.

    Raises:
        TalkingAnimationError: where it can have none, or has keys in NLA strips, which would no longer count.
    """
    if is_keyed(root, name):
        raise TalkingAnimationError(
            f"This dial of '{root.name}' has its keys in an NLA strip: press Tab on that strip in the NLA Editor, or delete them."
        )
    if not root.keyframe_insert(_PATH.format(name), frame=frame):
        raise TalkingAnimationError(f"'{root.name}' takes no keys: its action is linked from another file.")
    curve = curve_of(root, name)
    if curve is None:
        raise TalkingAnimationError(
            f"The channel of this dial of '{root.name}' is muted: switch it on in the Graph Editor, or delete it."
        )
    return curve


def clear(root: Any, names: Collection[str] = dials_module.NAMES) -> bool:
    """Take the keys of a character's dials, or of those named, away; returns whether there were any."""
    data, cleared = root.animation_data, False
    for action, slot in _sources(data):
        curves = animation_data.curves_in(action, slot)
        for curve in [curve for curve in curves if _PATHS.get(curve.data_path) in names]:
            curves.remove(curve)
            cleared = True
    if cleared and data.action is not None and not actions.is_own(data.action):
        action = data.action
        if not animation_data.animated_paths(action):
            animation_data.set_active_action(data, None)
            animation_data.remove_unused_action(action)
    return cleared


def place_of(character: Character, otherwise: float = 1.0) -> tuple[float, float]:
    """Where a character's motion is shown, wherever its strip was moved.

    Args:
        character: a described one.
        otherwise: the first value where it carries no talking animation.

    Returns:
        Scene frame of its first keys, and the scene frames from one frame of the motion to the next.
    """
    for datablock in datablocks(character):
        placed = nla.own_strip(datablock)
        if placed is not None:
            return float(placed[1].frame_start), float(placed[1].scale)
        for action in actions.own_actions(datablock):
            return own_range(datablock, action)[0], 1.0
    return otherwise, 1.0


def _frames(character: Character, count: int, start: float | None) -> Any:
    """(T,) scene frames at which a motion of so many frames is shown."""
    start, pace = place_of(character) if start is None else (start, 1.0)
    return start + pace * np.arange(count)


def _sources(data: Any, muted: bool = True) -> list[tuple[Any, Any]]:
    """(action, slot) of whatever may hold keys of dials; also of what is muted, or not."""
    if data is None:
        return []
    strips = [
        (strip.action, animation_data.active_slot(strip))
        for track, strip in users_strips(data)
        if muted or not (track.mute or strip.mute)
    ]
    active = [(data.action, animation_data.active_slot(data))] if data.action is not None else []
    return [*strips, *active]


def _keyed_names(root: Any) -> Iterator[str]:
    for action, slot in _sources(root.animation_data, muted=False):
        for curve in animation_data.curves_in(action, slot):
            if curve.data_path in _PATHS and _says(curve):
                yield _PATHS[curve.data_path]


def _says(curve: Any) -> bool:
    return not curve.mute and bool(len(curve.keyframe_points) or len(curve.modifiers))


def _values(root: Any, name: str, frames: Any) -> Any:
    """(T,) what the keys of one dial say at scene frames; where none does, what the dial is. None where they say nothing."""
    data = root.animation_data
    curve = _curve(data.action, animation_data.active_slot(data), name)
    if curve is not None:
        return np.array([curve.evaluate(frame) for frame in frames])
    values = np.full(len(frames), float(getattr(root.talking_animation, name)))
    anywhere = False
    for track, strip in users_strips(data):
        curve = _curve(strip.action, animation_data.active_slot(strip), name)
        if curve is None or track.mute or strip.mute:
            continue
        within = np.clip(frames, strip.frame_start, strip.frame_end)
        holds = strip.extrapolation != "NOTHING"
        shown = (within == frames) | holds
        at = strip.action_frame_start + (within - strip.frame_start) / max(strip.scale, 1e-6)
        said = np.array([curve.evaluate(frame) for frame in at])
        values, anywhere = np.where(shown, said, values), anywhere or bool(shown.any())
    return values if anywhere else None


def _curve(action: Any, slot: Any, name: str) -> Any:
    """The curve of a dial in an action; None where it has none that says anything."""
    for curve in animation_data.curves_in(action, slot):
        if _PATHS.get(curve.data_path) == name and _says(curve):
            return curve
    return None
