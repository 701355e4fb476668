# SPDX-License-Identifier: GPL-3.0-or-later
"""The video of a picture in the sequencer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import bpy

from ..errors import legible
from ..host.blender_versions import sequencer
from .ownership import TAG
from .sound_strips import OF_VIDEO

_CHANNELS = 128


def owner_of(strip: Any) -> str:
    """The id of the character whose video a strip shows or lets hear; "" for any other strip."""
    is_ours = strip.type == "MOVIE" or (strip.type == "SOUND" and strip.get(OF_VIDEO))
    return str(strip.get(TAG, "")) if is_ours else ""


def place(scene: Any, path: str, start: int, uid: str, with_sound: bool) -> str:
    """Put a video into the sequencer, above what lies there, in place of the one that the character had before.

    Args:
        scene: whose sequencer.
        path: the video; "//" means beside the .blend file.
        start: scene frame of its first picture.
        uid: the character's id.
        with_sound: whether the video's sound gets a strip, too.

    Returns:
        A sentence where it could not be added, else "".
    """
    remove(scene, uid)
    name = legible(Path(path).stem)
    try:
        strip = sequencer.add_movie_strip(scene, name, path, 1, start)
    except RuntimeError:
        return f"This Blender cannot play '{name}', so the video was not added to the sequencer."
    strip[TAG] = uid
    frames = round(sequencer.strip_range(strip).length)
    if not _lift(scene, strip, start, frames):
        sequencer.remove_strip(scene, strip)
        return "All channels of the sequencer are taken, so the video was not added."
    if with_sound:
        told = _add_sound(scene, name, path, start, frames, uid)
        if told:
            return told
    sequencer.show_strips_of(scene)
    return ""


def remove(scene: Any, uid: str) -> bool:
    """Take a character's video and its sound out of the sequencer; returns whether there was one."""
    own = [strip for strip in sequencer.sequencer_strips(scene) if uid and owner_of(strip) == uid]
    for strip in own:
        sequencer.remove_strip(scene, strip)
    return bool(own)


def _free_channel(scene: Any, start: int, frames: int, but: Any) -> int:
    """The lowest channel above all that lie there; 0 where there is none."""
    taken = [0]
    for strip in sequencer.sequencer_strips(scene):
        lies = sequencer.strip_range(strip)
        if strip != but and lies.start < start + frames and lies.start + lies.length > start:
            taken.append(lies.channel)
    return max(taken) + 1 if max(taken) < _CHANNELS else 0


def _lift(scene: Any, strip: Any, start: int, frames: int) -> bool:
    """Move a new strip above all that lie there; adding it may have moved it, or it may lie on others. False for no room."""
    channel = _free_channel(scene, start, frames, strip)
    if channel:
        strip.channel = channel
    return bool(channel)


def _add_sound(scene: Any, name: str, path: str, start: int, frames: int, uid: str) -> str:
    channel = _free_channel(scene, start, frames, None)
    try:
        if not channel:
            return "All channels of the sequencer are taken, so the sound of the video was not added."
        sound = sequencer.add_sound_strip(scene, name, path, channel, start)
    except RuntimeError:
        return "This Blender cannot play sound, so the sound of the video was not added to the sequencer."
    if not sequencer.is_playable(sound) or not os.path.isfile(bpy.path.abspath(path)):
        sequencer.remove_strip(scene, sound)
        return f"Blender cannot play the sound of '{name}', so only its pictures were added to the sequencer."
    sound[TAG], sound[OF_VIDEO] = uid, True
    return ""
