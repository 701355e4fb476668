# SPDX-License-Identifier: GPL-3.0-or-later
"""The recording in the sequencer, in time with the keys. Characters who say the same one at the same time share its strip."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import bpy

from ..errors import legible
from ..host.blender_versions import sequencer
from .ownership import TAG

OF_VIDEO = "talking_animation_video_sound"
"""Custom property of a strip that lets a baked video be heard: it is no recording, see `movie_strips`."""
_AND = "+"  # between the ids of those who share a strip


def place(scene: Any, path: str, start: int, frames: int, uid: str) -> str:
    """Put a recording into the sequencer, in place of the one that the character had before.

    Args:
        scene: whose sequencer.
        path: the sound file.
        start: scene frame at which it is first heard.
        frames: its length.
        uid: the character's id.

    Returns:
        A sentence where it could not be added, else "".
    """
    remove(scene, uid)
    return add(scene, path, start, frames, uid)


def add(
    scene: Any,
    path: str,
    start: int,
    frames: int,
    uid: str,
    speed: float = 1.0,
    is_part: bool = False,
) -> str:
    """Put a recording into the sequencer, beside those that the character has there; where another one's lies there just so, it
    is heard once and both have it.

    Args:
        scene, path, start, frames, uid: see `place`.
        speed: 2 plays it twice as fast.
        is_part: whether the file goes on after these frames, which is not to be heard.

    Returns:
        A sentence where it could not be added, else "".
    """
    channel = sequencer.free_channel(scene, start, start + frames, above=False)
    if not channel:
        return "All channels of the sequencer are taken, so the sound was not added."
    try:
        strip = sequencer.add_sound_strip(scene, legible(Path(path).stem), path, channel, start)
    except RuntimeError:
        return "This Blender cannot play sound, so the recording was not added to the sequencer."
    if not sequencer.is_playable(strip):  # such as a name with a backslash, which Blender reads as a folder's
        sequencer.remove_strip(scene, strip)
        return f"Blender cannot play '{legible(Path(path).name)}', so the recording was not added to the sequencer."
    if speed != 1.0 and not sequencer.set_strip_speed(strip, speed, start):
        sequencer.remove_strip(scene, strip)
        return (
            f"'{legible(Path(path).name)}' was not added to the sequencer: "
            "this Blender lets no script change the speed of a strip."
        )
    if is_part and sequencer.strip_range(strip).length > frames:
        sequencer.end_strip(strip, start + frames)
    shared = next((other for other in sequencer.sequencer_strips(scene) if _is_like(other, strip)), None)
    if shared is None:
        strip[TAG] = uid
        return ""
    sequencer.remove_strip(scene, strip)
    shared[TAG] = _AND.join(dict.fromkeys([*owners_of(shared), uid]))
    return ""


def owners_of(strip: Any) -> list[str]:
    """The ids of the characters whose recording a strip is; [] for one of the user's, of mouth cues or of a baked video."""
    if strip.get(OF_VIDEO):
        return []
    return str(strip.get(TAG, "")).split(_AND) if strip.type == "SOUND" and strip.get(TAG) else []


def _is_like(other: Any, strip: Any) -> bool:
    """Whether a strip that was put there for somebody lets hear the same at the same time as a new one."""
    if other == strip or not owners_of(other) or other.sound is None or other.mute:
        return False
    lies, new = (sequencer.strip_range(one) for one in (other, strip))
    if (lies.start, lies.length, lies.skipped) != (new.start, new.length, new.skipped):
        return False  # before any path is resolved: hundreds of lines ask for each other
    files = [os.path.realpath(bpy.path.abspath(one.sound.filepath)) for one in (other, strip)]
    return files[0] == files[1]


def has_any(scene: Any, uid: str) -> bool:
    """Whether a character has recordings in a scene's sequencer."""
    return any(uid in owners_of(strip) for strip in sequencer.all_sequencer_strips(scene))


def hand_over(scene: Any, before: str, uid: str) -> None:
    """Let all strips that are one character's in a scene, recordings and mouth cues, be another's."""
    for strip in sequencer.all_sequencer_strips(scene):
        tag = str(strip.get(TAG, ""))
        if before and before in tag:
            strip[TAG] = tag.replace(before, uid)


def remove(scene: Any, uid: str) -> bool:
    """Take a character's recordings out of the sequencer, but for those that others say too; returns whether there were any."""
    own = [strip for strip in sequencer.all_sequencer_strips(scene) if uid in owners_of(strip)]
    for strip in own:
        others = [owner for owner in owners_of(strip) if owner != uid]
        if others:
            strip[TAG] = _AND.join(others)
        else:
            sequencer.remove_strip(scene, strip)
    return bool(own)
