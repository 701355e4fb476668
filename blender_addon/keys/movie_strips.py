# SPDX-License-Identifier: GPL-3.0-or-later
"""The video of a picture in the sequencer."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy

from ..errors import legible
from ..host.blender_versions import sequencer
from .ownership import TAG
from .sound_strips import OF_VIDEO


def owner_of(strip: Any) -> str:
    """The id of the character whose video a strip shows or lets hear; "" for any other strip."""
    is_ours = strip.type == "MOVIE" or (strip.type == "SOUND" and strip.get(OF_VIDEO))
    return str(strip.get(TAG, "")) if is_ours else ""


def place(scene: Any, path: str, start: int, uid: str, with_sound: bool) -> str:
    """Put a video into the sequencer, above what lies there. The strip of the video that the character had before shows the new
    one instead, with all that was made of it, where both have the same size; the strip of its sound lets hear the new one's.

    Args:
        scene: whose sequencer.
        path: the video; "//" means beside the .blend file.
        start: scene frame of its first picture.
        uid: the character's id.
        with_sound: whether the video's sound gets a strip, too.

    Returns:
        A sentence where it could not be added, else "".
    """
    name = legible(Path(path).stem)
    before = _own(scene, uid)
    try:
        strip = sequencer.add_movie_strip(scene, name, path, 1, start)
    except RuntimeError:
        _remove(scene, before)
        return f"This Blender cannot play '{name}', so the video was not added to the sequencer."
    shown = [one for one in before if one.type == "MOVIE"]
    size = sequencer.movie_size(strip)
    kept = shown if len(shown) == 1 and sequencer.movie_size(shown[0]) == size else []
    heard = [one for one in before if one.type == "SOUND"]
    heard = heard if with_sound and len(heard) == 1 else []
    _remove(scene, [one for one in before if one not in kept and one not in heard])
    if kept:
        sequencer.remove_strip(scene, strip)
        strip = kept[0]
        sequencer.renew_movie_strip(strip, path, start)
    elif not _lift(scene, strip, start):
        _remove(scene, [strip, *heard])
        return "All channels of the sequencer are taken, so the video was not added."
    strip[TAG] = uid
    frames = round(sequencer.strip_range(strip).length)
    if with_sound:
        told = _add_sound(scene, name, path, start, frames, uid, heard)
        if told:
            _remove(scene, heard)
            return told
    sequencer.show_strips_of(scene)
    return ""


def remove(scene: Any, uid: str) -> bool:
    """Take a character's video and its sound out of the sequencer; returns whether there was one."""
    return _remove(scene, _own(scene, uid))


def _own(scene: Any, uid: str) -> list[Any]:
    """A character's strips, those that were put into a meta too."""
    return [strip for strip in sequencer.all_sequencer_strips(scene) if uid and owner_of(strip) == uid]


def _remove(scene: Any, strips: list[Any]) -> bool:
    for strip in strips:
        sequencer.remove_strip(scene, strip)
    return bool(strips)


def _lift(scene: Any, strip: Any, start: int) -> bool:
    """Move a new strip above all that lie there; adding it may have moved it, or it may lie on others. False for no room."""
    end = start + sequencer.strip_range(strip).length
    channel = sequencer.free_channel(scene, start, end, above=True, but=strip)
    if channel:
        strip.channel = channel
    return bool(channel)


def _add_sound(
    scene: Any, name: str, path: str, start: int, frames: int, uid: str, kept: Sequence[Any]
) -> str:
    """Let a video's sound be heard, by the strip that is kept where there is one; a sentence where it could not be."""
    channel = sequencer.free_channel(scene, start, start + frames, above=True)
    try:
        if not channel:
            return "All channels of the sequencer are taken, so the sound of the video was not added."
        sound = sequencer.add_sound_strip(scene, name, path, channel, start)
    except RuntimeError:
        return "This Blender cannot play sound, so the sound of the video was not added to the sequencer."
    if not sequencer.is_playable(sound) or not os.path.isfile(bpy.path.abspath(path)):
        sequencer.remove_strip(scene, sound)
        return f"Blender cannot play the sound of '{name}', so only its pictures were added to the sequencer."
    for strip in kept:
        sequencer.renew_sound_strip(scene, strip, sound)
        return ""
    sound[TAG], sound[OF_VIDEO] = uid, True
    return ""
