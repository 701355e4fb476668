# SPDX-License-Identifier: GPL-3.0-or-later
"""The talking animation that a character carries: whether, of what, where it lies, and the motion behind it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import bpy

from ..characters.character import Character, describe
from ..characters.remembered import playable_frame_rate
from ..contract import FaceAnimation, file_digests
from ..contract.dialled import dialled
from ..errors import TalkingAnimationError
from ..keys import actions, nla
from ..motion import stored_motion
from . import dial_keys
from .carriers import datablocks, one_by_one


def carries(character: Character) -> bool:
    """Whether a character, as it was found, carries a talking animation."""
    # Root first: where the controls of a face are bones, that saves looking for them.
    return bool(character.root.library is None and actions.own_actions(character.root)) or any(
        map(actions.own_actions, one_by_one(character))
    )


def forgot(character: Character) -> bool:
    """Whether what a character carries no longer remembers what was there before it: the file was damaged there."""
    own = (action for datablock in datablocks(character) for action in actions.own_actions(datablock))
    return any(map(actions.is_damaged, own))


def has_animation(character: Any) -> bool:
    """Whether the character carries a talking animation."""
    return carries(describe(character))


def record_of(character: Any) -> dict[str, Any]:
    """What the character's actions remember of how they were made; {} where it carries none."""
    return record_as_found(describe(character))


def record_as_found(character: Character) -> dict[str, Any]:
    """`record_of` a character that was just found, without looking whether it still is as it was then."""
    for datablock in one_by_one(character):
        for action in actions.own_actions(datablock):
            record = actions.record_of(action)
            if record.get("motion"):
                return record
    return {}


def recordings_in(record: dict[str, Any], first: int) -> Iterator[tuple[str, int]]:
    """(file, start) of each recording that a motion was made of.

    Args:
        record: see `record_of`.
        first: scene frame at which the motion begins.
    """
    lines = record.get("lines")
    if isinstance(lines, list) and lines:
        for line in lines:
            yield str(line.get("recording", "")), int(line.get("start", first))
    elif record:
        yield str(record.get("recording", "")), first


def motion_file(character: Any) -> str:
    """The file with the motion that a character carries; "" where it carries none."""
    return bpy.path.abspath(str(record_of(character).get("motion", "")))


@lru_cache(maxsize=1)
def _resampled(path: str, fps: float, stamp: file_digests.Stamp, name: str) -> FaceAnimation:
    """The motion of a file at a rate; the last one is kept, since a dial asks for it again and again.

    Args:
        path: the file.
        fps: frames per second.
        stamp: see `file_digests.stamp`: another file of that name is read anew.
        name: whose it is.
    """
    return stored_motion.load(path, name).resampled(fps)


@lru_cache(maxsize=1)
def _unpacked(data: bytes, fps: float, name: str) -> FaceAnimation:
    """The motion that a .blend file brought along at a rate, as `_resampled`."""
    return stored_motion.unpacked(data, name).resampled(fps)


def _brought_along(character: Character) -> bytes:
    """The motion within the .blend file; b"" where it has none."""
    for datablock in datablocks(character):
        for action in actions.own_actions(datablock):
            packed = actions.kept_motion(action)
            if packed:
                return packed
    return b""


def _stamp(path: str) -> file_digests.Stamp:
    try:
        return file_digests.stamp(path)
    except OSError:
        return ()  # reading it will say that it is gone


def motion_of(character: Character, scene: Any) -> FaceAnimation:
    """The motion that a character carries, at the scene's rate, before any dial.

    Raises:
        TalkingAnimationError: where it carries none, or its file is no longer in the cache or damaged and the .blend file
            brought none along.
    """
    path = motion_file(character)
    fps, name = playable_frame_rate(scene), character.root.name
    if not path and not carries(character):
        raise TalkingAnimationError(
            f"'{name}' has no talking animation yet: press Generate talking animation."
        )
    try:
        if not path:
            raise TalkingAnimationError(stored_motion.damaged(name))
        return _resampled(path, fps, _stamp(path), name)
    except TalkingAnimationError:
        along = _brought_along(character)
        if not along:
            raise
        return _unpacked(along, fps, name)


def shown_motion(character: Character, scene: Any) -> FaceAnimation:
    """The motion that a character carries as it shows, its dials applied, at the scene's rate.

    Raises:
        TalkingAnimationError: as `motion_of`.
    """
    motion = motion_of(character, scene)
    return dialled(motion, dial_keys.of_character(character, motion))


def first_frame(character: Character, otherwise: float) -> float:
    """Scene frame at which a character's first keys lie, wherever their strip was moved."""
    return dial_keys.place_of(character, otherwise)[0]


def frames_of(character: Character) -> tuple[float, float] | None:
    """First and last scene frame of a character's talking animation; None where it has none."""
    ranges = [frames for datablock in datablocks(character) for frames in nla.frames_of(datablock)]
    if not ranges:
        return None
    return min(start for start, _ in ranges), max(end for _, end in ranges)


def lies_in_nla(character: Character) -> bool:
    """Whether the talking animation of a character, as it was found, lies in NLA strips."""
    return any(nla.own_strip(datablock) is not None for datablock in one_by_one(character))


def in_nla(character: Any) -> bool:
    """Whether a character's talking animation lies in NLA strips."""
    return lies_in_nla(describe(character))


def used_motion() -> set[Path]:
    """The motion that characters of the open file still need for their dials, and what it was fitted from."""
    used: set[Path] = set()
    for action in bpy.data.actions:
        if actions.is_own(action):
            motion = actions.record_of(action).get("motion")
            if motion:
                path = Path(bpy.path.abspath(str(motion))).resolve()
                used |= {path, path.with_name(f"{path.stem.partition('-')[0]}{path.suffix}")}
    return used
