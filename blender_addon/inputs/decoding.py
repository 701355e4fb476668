# SPDX-License-Identifier: GPL-3.0-or-later
"""Formats that the engine does not read, decoded by Blender: by its sound library (`aud`), else by the sequencer's mixdown."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, Protocol

import bpy

from ..errors import TalkingAnimationError
from ..host import file_names
from ..host.blender_versions import sequencer
from ..host.blender_versions.scenes import remove_scene
from .wav_files import TO_THE_END, wav_layout

RATE = 16000
_MIXDOWN_FPS = 100
# Where a file with an encoder's delay begins depends on whether a reader was moved before it reads. The sequencer moves it twice,
# to the strip's trim and to where it plays; a limit moves it once, if it does not begin at 0. This is no whole sample.
_AT_ONCE = 1e-6
_WITH_LENGTH = (b"fLaC", b"FORM", b"caff", b"wvpk", b"TTA1")
_NEARLY, _AN_END = (
    0.02,
    0.3,
)  # share of a file, and seconds, that may be missing without a word: encoders round up


class Part(Protocol):
    """The part of a file that is wanted; see `recordings.Recording`."""

    path: str
    name: str
    begin: float
    seconds: float | None
    lead: float


def with_aud(aud: Any, part: Part, target: Path) -> None:
    """Decode with Blender's sound library, sample for sample as the sequencer plays it: its own channels, float32, 16 kHz.

    Raises:
        TalkingAnimationError: where it is no sound, or nothing of it is left.
    """
    import numpy as np

    try:
        with file_names.usual(part.path) as path:
            sound = aud.Sound.file(path)
            _ = sound.specs  # raises where the file is no sound: `data` would end Blender with an abort there
            begin = max(part.begin, _AT_ONCE)
            end = -1.0 if part.seconds is None else begin + part.seconds
            played = sound.limit(begin, end).limit(_AT_ONCE, -1.0)
            samples = played.resample(RATE, False).data()
    except Exception as error:  # aud.error, which some versions do not export
        raise TalkingAnimationError(_not_sound(part)) from error
    samples = np.asarray(samples, "<f4")
    if part.seconds is not None:
        samples = samples[: round(part.seconds * RATE)]
    if not samples.size:
        raise TalkingAnimationError(_not_sound(part))
    samples = np.nan_to_num(samples.reshape(len(samples), -1), copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    block = 4 * samples.shape[1]
    silence = bytes(block * round(part.lead * RATE))
    # The engine says that a file is cut short whose header promises more: so does this one's, where it was.
    lost = block * _lost(part, sound, len(samples))
    size = min(len(silence) + samples.nbytes + lost, TO_THE_END)
    with open(target, "wb") as output:
        output.write(b"RIFF" + struct.pack("<I", min(36 + size, TO_THE_END)) + b"WAVE")
        output.write(
            b"fmt " + struct.pack("<IHHIIHH", 16, 3, samples.shape[1], RATE, RATE * block, block, 32)
        )
        output.write(b"data" + struct.pack("<I", size) + silence)
        output.write(np.ascontiguousarray(samples).data)


def _lost(part: Part, sound: Any, decoded: int) -> int:
    """Samples at `RATE` that a file says it holds and does not, such as half an upload; 0 where nearly all are there."""
    if part.seconds is not None or not says_its_length(part.path):
        return 0
    said = round((sound.length / sound.specs[0] - part.begin) * RATE)
    return max(0, said - decoded) if decoded < (1 - _NEARLY) * said - _AN_END * RATE else 0


def says_its_length(path: str) -> bool:
    """Whether the header of a sound file says how long it is; of other kinds that is guessed from size and bit rate."""
    try:
        with open(path, "rb") as stream:
            head = stream.read(12)
            if head[:4] in _WITH_LENGTH or head[4:8] == b"ftyp":
                return True
            tag = 0
            if head[:3] == b"ID3":  # seven bits of its size in each byte
                tag = 10 + sum((byte & 0x7F) << 7 * place for place, byte in enumerate(head[9:5:-1]))
            stream.seek(tag)
            frame = stream.read(256)
    except OSError:
        return False
    return frame[:1] == b"\xff" and (b"Xing" in frame or b"Info" in frame)


def with_mixdown(part: Part, target: Path) -> bool:
    """Let the sequencer of a temporary scene decode the file; False where this Blender cannot.

    Its channels stay apart where Blender mixes so many, see `sequencer.mixed_channels`.

    Raises:
        TalkingAnimationError: where it is no sound.
    """
    scene = bpy.data.scenes.new("Talking animation decoding")
    try:
        scene.render.fps, scene.render.fps_base = _MIXDOWN_FPS, 1.0
        try:
            strip = sequencer.add_sound_strip(scene, "voice", part.path, 1, 1)
        except RuntimeError as error:
            if "audaspace" in str(error).casefold():
                return False
            raise TalkingAnimationError(_not_sound(part)) from error
        if not sequencer.is_playable(strip):
            raise TalkingAnimationError(_not_sound(part))
        lies = sequencer.strip_range(strip)
        seconds = lies.length / _MIXDOWN_FPS - part.begin
        if part.seconds is not None:
            seconds = min(seconds, part.seconds)
        scene.frame_start = round(lies.start + (part.begin - part.lead) * _MIXDOWN_FPS)
        last = scene.frame_start + round((part.lead + seconds) * _MIXDOWN_FPS) - 1
        scene.frame_end = max(scene.frame_start, last)
        if not sequencer.mixdown(scene, str(target), sequencer.mixed_channels(strip.sound)):
            return False
        sequencer.remove_strip(scene, strip)
    finally:
        remove_scene(scene)
    if not target.is_file() or wav_layout(str(target)) is None:
        raise TalkingAnimationError(_not_sound(part))
    return True


def _not_sound(part: Part) -> str:
    return (
        f"No sound could be read from '{part.name}': "
        "pick an audio file (such as WAV, MP3, OGG, FLAC or M4A), or a video with a sound track."
    )
