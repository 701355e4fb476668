# SPDX-License-Identifier: GPL-3.0-or-later
"""What a character's video lets hear: its recordings as they are heard in the scene."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from ...characters.remembered import frame_rate
from ...errors import TalkingAnimationError
from ...host.blender_versions import sequencer
from ...inputs import recordings
from ...keys import sound_strips
from ...talking.carried import record_of, recordings_in


@dataclass(frozen=True)
class Sound:
    """A part of what is heard.

    Attributes:
        path: a file with just that part.
        start: scene frame at which it begins.
    """

    path: str
    start: int


@dataclass(frozen=True)
class Heard:
    """What is heard with a character's lines.

    Attributes:
        sounds: its parts.
        in_sequencer: whether all of it is heard in the scene's sequencer already.
        warnings: a sentence for each recording that cannot be heard.
    """

    sounds: list[Sound]
    in_sequencer: bool
    warnings: list[str]


def sources_of(root: Any) -> list[str]:
    """The files of a character's recordings, as far as they are known."""
    return [bpy.path.abspath(path) for path, _ in recordings_in(record_of(root), 0) if path]


def heard_of(root: Any, scene: Any, first: int, folder: Path) -> Heard:
    """What a character's recordings let hear: those of ours in the sequencer, the user's that it was made of, else the files.

    Args:
        root: the character's root.
        scene: whose sequencer.
        first: scene frame at which the character's keys begin.
        folder: an existing folder for copies.
    """
    if sequencer.aud_module() is None:
        told = "This Blender was built without sound, so the video is silent."
        return Heard([], True, [told])
    strips, files = _strips(root, scene, first)
    sounds: list[Sound] = []
    warnings: list[str] = []
    for number, source in enumerate([*strips, *files]):
        place = folder / f"sound {number}"
        place.mkdir()
        try:
            if isinstance(source, tuple):
                recording, start = recordings.from_file(source[0], scene), source[1]
            else:
                recording = recordings.from_strip(source, scene, place)
                start = recording.start_frame if recording.start_frame is not None else first
            sounds.append(Sound(recording.readable(place), start))
        except TalkingAnimationError as error:
            warnings.append(f"{str(error).rstrip('.')}; the video was made without it.")
    is_heard = bool(strips) and not files and not any(sequencer.is_muted(strip, scene) for strip in strips)
    return Heard(sounds, is_heard, warnings)


def _strips(root: Any, scene: Any, first: int) -> tuple[list[Any], list[tuple[str, int]]]:
    """The strips that let a character be heard, and (file, start) of what no strip does."""
    uid = str(root.talking_animation.uid)
    own = [
        strip
        for strip in sequencer.all_sequencer_strips(scene)
        if uid and uid in sound_strips.owners_of(strip)
    ]
    if own:
        return own, []
    strips, files = [], []
    for path, start in recordings_in(record_of(root), first):
        strip = _strip_at(scene, path, start)
        if strip is not None:
            strips.append(strip)
        elif path:
            files.append((path, start))
    return strips, files


def _strip_at(scene: Any, path: str, start: int) -> Any:
    """The user's sound strip that a line was made of: of its file, or packed, and heard from its frame on; None where none is."""
    fps = frame_rate(scene)
    for strip in sequencer.all_sequencer_strips(scene):
        sound = getattr(strip, "sound", None)
        if strip.type != "SOUND" or sound is None or round(sequencer.heard(strip, fps).start) != start:
            continue
        other = bpy.path.abspath(sound.filepath, library=sound.library)
        if sound.packed_file is not None or os.path.realpath(other) == os.path.realpath(
            bpy.path.abspath(path)
        ):
            return strip
    return None
