# SPDX-License-Identifier: GPL-3.0-or-later
"""The video of a picture in the sequencer."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import bpy

from ..errors import legible
from ..host.blender_versions import sequencer
from . import video_pieces
from .ownership import TAG
from .sound_strips import OF_VIDEO
from .video_pieces import Video

_ASIDE: Final = "talking_animation_take_before"
"""Custom property of a strip that `set_aside` has muted."""


def owner_of(strip: Any) -> str:
    """The id of the character whose video a strip shows or lets hear; "" for any other strip."""
    is_ours = strip.type == "MOVIE" or (strip.type == "SOUND" and strip.get(OF_VIDEO))
    return str(strip.get(TAG, "")) if is_ours else ""


def place(scene: Any, path: str, start: int, uid: str, with_sound: bool) -> str:
    """Put a video into the sequencer, above what lies there. The strips of the video that the character had before show the new
    one instead, with all that was made of them, where both have the same shape; those of its sound let hear the new one's.

    Args:
        scene: whose sequencer.
        path: the video; "//" means beside the .blend file.
        start: scene frame of its first picture.
        uid: the character's id.
        with_sound: whether the video's sound gets a strip, too.

    Returns:
        A sentence where it could not be added, or lies elsewhere than the line, else "".
    """
    name = legible(Path(path).stem)
    before = _own(scene, uid)
    try:
        strip = sequencer.add_movie_strip(scene, name, path, 1, start)
    except RuntimeError:
        _remove(scene, before)
        return f"This Blender cannot play '{name}', so the video was not added to the sequencer."
    frames = round(sequencer.strip_range(strip).length)
    video = Video(start, frames, *sequencer.movie_size(strip))
    kept = _kept([one for one in before if one.type == "MOVIE" and video_pieces.fits(one, video)])
    heard = _kept([one for one in before if one.type == "SOUND"]) if with_sound else []
    _remove(scene, [one for one in before if one not in kept and one not in heard])
    told = ""
    if kept:
        sequencer.remove_strip(scene, strip)
        told = _renew(scene, kept, video, partial(_show, path=path, video=video))
    elif _lift(scene, strip, start):
        strip[TAG] = uid
        video_pieces.remember(strip, video)
    else:
        _remove(scene, [strip, *heard])
        return "All channels of the sequencer are taken, so the video was not added."
    if with_sound:
        silent = _add_sound(scene, name, path, video, uid, heard)
        if silent:
            _remove(scene, heard)
            return silent
    sequencer.show_strips_of(scene)
    return told


def _kept(strips: list[Any]) -> list[Any]:
    """The strips that show the next video, too: of several it must be known what each has been made."""
    known = all(video_pieces.remembered(strip) is not None for strip in strips)
    return strips if known or len(strips) == 1 else []


def _show(strip: Any, path: str, video: Video) -> None:
    sequencer.renew_movie_strip(strip, path)
    video_pieces.resize(strip, video)


def _renew(scene: Any, strips: list[Any], video: Video, show: Callable[[Any], None]) -> str:
    """Let strips show another video by something that is done to each; what is to be told of it, or ""."""
    pieces = video_pieces.laid_anew(strips, video)
    told = video_pieces.told_of(pieces, video)
    left = [strip for strip, _ in pieces]
    channels = [int(strip.channel) for strip in left]
    with sequencer.metas_that_fit(strips):
        _remove(scene, [strip for strip in strips if strip not in left])
        for strip, piece in pieces:
            sequencer.loosen(strip, piece, video.frames)
            show(strip)
            video_pieces.keep_speed(strip, video)
            sequencer.lay(strip, piece, video.frames)
            video_pieces.remember(strip, video)
            if strip.get(_ASIDE):
                strip.mute = False
                del strip[_ASIDE]
        # Where it lay on others it was moved; where it lies now may be room.
        for strip, channel in zip(left, channels):
            if strip.channel != channel:
                strip.channel = channel
    return told


def set_aside(scene: Any, uid: str, name: str) -> str:
    """Mute a character's video, which shows the take before, until the next one takes its place: what was made of its strip is
    kept for that. Returns a sentence for the user where it was not muted yet, else "".
    """
    shown = [strip for strip in _own(scene, uid) if not strip.mute]
    for strip in shown:
        strip.mute, strip[_ASIDE] = True, True
    if not any(strip.type == "MOVIE" for strip in shown):
        return ""
    return f"The video of '{name}' in the sequencer shows the take before, so its strip was muted: bake it again."


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


def _add_sound(scene: Any, name: str, path: str, video: Video, uid: str, kept: list[Any]) -> str:
    """Let a video's sound be heard, by the strips that are kept where there are any; a sentence where it could not be."""
    channel = sequencer.free_channel(scene, video.start, video.start + video.frames, above=True)
    try:
        if not channel:
            return "All channels of the sequencer are taken, so the sound of the video was not added."
        strip = sequencer.add_sound_strip(scene, name, path, channel, video.start)
    except RuntimeError:
        return "This Blender cannot play sound, so the sound of the video was not added to the sequencer."
    if not sequencer.is_playable(strip) or not os.path.isfile(bpy.path.abspath(path)):
        sequencer.remove_strip(scene, strip)
        return f"Blender cannot play the sound of '{name}', so only its pictures were added to the sequencer."
    place = sequencer.strip_range(strip)
    heard = Video(round(place.start), round(place.length))
    if kept:
        _renew(scene, kept, heard, partial(sequencer.renew_sound_strip, sound=strip.sound))
        sequencer.remove_strip(scene, strip)
    else:
        strip[TAG], strip[OF_VIDEO] = uid, True
        video_pieces.remember(strip, heard)
    return ""
