# SPDX-License-Identifier: GPL-3.0-or-later
"""The recording in the sequencer, in time with the keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import legible
from ..host.blender_versions import sequencer
from .ownership import TAG


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


def add(scene: Any, path: str, start: int, frames: int, uid: str, speed: float = 1.0) -> str:
    """Put a recording into the sequencer, beside those that the character has there.

    Args:
        scene, path, start, frames, uid: see `place`.
        speed: 2 plays it twice as fast.

    Returns:
        A sentence where it could not be added, else "".
    """
    taken = set()
    for strip in sequencer.sequencer_strips(scene):
        lies = sequencer.strip_range(strip)
        if lies.start < start + frames and lies.start + lies.length > start:
            taken.add(lies.channel)
    channel = next((number for number in range(1, 129) if number not in taken), None)
    if channel is None:
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
    strip[TAG] = uid
    return ""


def has_any(scene: Any, uid: str) -> bool:
    """Whether a character has recordings in a scene's sequencer."""
    return any(strip.get(TAG) == uid for strip in sequencer.sequencer_strips(scene))


def hand_over(scene: Any, before: str, uid: str) -> None:
    """Let all strips that are one character's in a scene, recordings and mouth cues, be another's."""
    for strip in sequencer.all_sequencer_strips(scene):
        tag = str(strip.get(TAG, ""))
        if before and tag.startswith(before):
            strip[TAG] = uid + tag[len(before) :]


def remove(scene: Any, uid: str) -> bool:
    """Take a character's recordings out of the sequencer; returns whether there were any."""
    own = [strip for strip in sequencer.sequencer_strips(scene) if strip.get(TAG) == uid]
    for strip in own:
        sequencer.remove_strip(scene, strip)
    return bool(own)
