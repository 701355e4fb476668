# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the user picked → a file that the engine reads.

The engine reads every PCM or float WAV itself. Other formats are decoded by Blender: by its sound library
(`aud`), else by the sequencer's mixdown; where this Blender can do neither, the engine is left to try.
"""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import bpy

from ..errors import TalkingAnimationError
from ..host.blender_versions import sequencer

RATE = 16000
_MIXDOWN_FPS = 100


@dataclass(frozen=True)
class Source:
    """A voice recording, or a part of one.

    Attributes:
        path: the file.
        name: how to speak of it.
        begin: seconds of the file to leave out before.
        seconds: how much of it to use; None for all.
        start_frame: scene frame at which it is heard; None where the user says.
        strip: name of the sequencer strip it came from; "" for a file.
    """

    path: str
    name: str
    begin: float = 0.0
    seconds: float | None = None
    start_frame: int | None = None
    strip: str = ""

    def identity(self, content: str) -> dict[str, Any]:
        """What decides the motion, for the cache's key; `content` is the `content_hash` of its file."""
        return {"audio": content, "begin": self.begin, "seconds": self.seconds, "name": self.name}


def from_file(path: str | os.PathLike[str]) -> Source:
    """A recording from a file ("//" means beside the .blend file).

    Raises:
        TalkingAnimationError: where no file is chosen, or it is missing, a folder or empty.
    """
    text = os.fspath(path)
    if not text.strip():
        raise TalkingAnimationError("No voice recording is chosen: pick an audio file.")
    full = os.path.abspath(bpy.path.abspath(text))
    _check_file(full)
    return Source(full, os.path.basename(full))


def from_strip(strip: Any, scene: Any, folder: Path) -> Source:
    """The audible part of a sequencer's sound strip.

    Args:
        strip: the sound strip.
        scene: the scene whose sequencer it is in.
        folder: where a packed sound may be written.

    Raises:
        TalkingAnimationError: where its sound is missing or nothing of it is audible.
    """
    sound = getattr(strip, "sound", None)
    if sound is None:
        raise TalkingAnimationError(f"The strip '{strip.name}' is no sound strip: pick a sound strip.")
    path = bpy.path.abspath(sound.filepath, library=sound.library)
    if sound.packed_file is not None:
        unpacked = folder / ("packed" + (Path(path).suffix or ".wav"))
        unpacked.write_bytes(sound.packed_file.data)
        path = str(unpacked)
    _check_file(path)
    fps = scene.render.fps / scene.render.fps_base
    place = sequencer.heard(strip, fps)
    if place.length < 1:
        raise TalkingAnimationError(f"The strip '{strip.name}' is trimmed to nothing: lengthen it.")
    name = os.path.basename(bpy.path.abspath(sound.filepath)) or strip.name
    if place.retimed:
        return _retimed(strip, scene, folder, place, name)
    return Source(
        os.path.abspath(path),
        name,
        begin=place.begin,
        seconds=place.length / fps,
        start_frame=round(place.start),
        strip=strip.name,
    )


def _retimed(strip: Any, scene: Any, folder: Path, place: sequencer.Heard, name: str) -> Source:
    """A strip that is played faster or slower: what is heard of it, as a recording of its own."""
    start = round(place.start)
    target = folder / "heard.wav"
    if not sequencer.mixdown_strip(scene, strip, start, start + round(place.length), str(target)):
        raise TalkingAnimationError(
            f"This Blender cannot follow the changed speed of the strip '{strip.name}': reset its speed, "
            "or export its sound and use that."
        )
    return Source(str(target), name, start_frame=start, strip=strip.name)


def _check_file(path: str) -> None:
    name = os.path.basename(path) or path
    if not os.path.exists(path):
        raise TalkingAnimationError(f"The recording '{path}' does not exist: pick the file again.")
    if os.path.isdir(path):
        raise TalkingAnimationError(f"'{name}' is a folder: pick an audio file.")
    try:
        size = os.path.getsize(path)
        with open(path, "rb"):
            pass
    except OSError as error:
        raise TalkingAnimationError(
            f"'{name}' cannot be read ({error.strerror or error}): check the file's permissions."
        ) from error
    if size == 0:
        raise TalkingAnimationError(f"'{name}' is empty: export the recording again or pick another file.")


def content_hash(path: str) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def prepare(source: Source, folder: Path) -> str:
    """A file that the engine can read, holding just the wanted part.

    Args:
        source: the recording.
        folder: an existing folder for a decoded or cut copy.

    Returns:
        The source's own path where nothing needs doing.

    Raises:
        TalkingAnimationError: where the file holds no sound, or cannot be decoded by this Blender.
    """
    whole = source.begin <= 0 and source.seconds is None
    layout = wav_layout(source.path)
    if layout is not None:
        if whole:
            return source.path
        return _cut_wav(source, layout, folder / "part.wav")
    target = folder / "decoded.wav"
    aud = sequencer.aud_module()
    if aud is not None:
        _decode_with_aud(aud, source, target)
        return str(target)
    if _decode_with_mixdown(source, target):
        return str(target)
    if not whole:
        raise TalkingAnimationError(
            f"This Blender cannot decode '{source.name}': convert it to WAV and use that."
        )
    return source.path


# -- WAV -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class WavLayout:
    """Where things are in a PCM or float WAV file.

    Attributes:
        format_chunk: bytes of its `fmt ` chunk.
        rate: samples a second.
        block: bytes of one sample over all channels.
        data: byte position of the first sample.
        size: bytes of samples that are really in the file.
    """

    format_chunk: bytes
    rate: int
    block: int
    data: int
    size: int


def wav_layout(path: str) -> WavLayout | None:
    """How a WAV file is laid out; None where it is no WAV, or one that needs a decoder."""
    with open(path, "rb") as stream:
        return _read_layout(stream, os.path.getsize(path))


def _read_layout(stream: BinaryIO, file_size: int) -> WavLayout | None:
    head = stream.read(12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return None
    form = b""
    while True:
        chunk = stream.read(8)
        if len(chunk) < 8:
            return None
        kind, size = struct.unpack("<4sI", chunk)
        if kind == b"fmt ":
            form = stream.read(size)
            stream.seek(size & 1, os.SEEK_CUR)
            if len(form) < 16 or struct.unpack_from("<H", form)[0] not in (1, 3, 0xFFFE):
                return None
        elif kind == b"data":
            if not form:
                return None
            _, _, rate, _, block, _ = struct.unpack_from("<HHIIHH", form)
            if not rate or not block:
                return None
            begin = stream.tell()
            return WavLayout(form, rate, block, begin, max(0, min(size, file_size - begin)))
        else:
            stream.seek(size + (size & 1), os.SEEK_CUR)


def _cut_wav(source: Source, layout: WavLayout, target: Path) -> str:
    """Copy part of a WAV file, sample for sample."""
    available = layout.size // layout.block
    first = min(available, round(source.begin * layout.rate))
    last = available
    if source.seconds is not None:
        last = min(available, first + round(source.seconds * layout.rate))
    if last <= first:
        raise TalkingAnimationError(f"The strip '{source.strip or source.name}' holds no sound: lengthen it.")
    remaining = (last - first) * layout.block
    with open(source.path, "rb") as stream, open(target, "wb") as output:
        form = layout.format_chunk + b"\0" * (len(layout.format_chunk) & 1)
        riff = 4 + 8 + len(form) + 8 + remaining
        output.write(b"RIFF" + struct.pack("<I", riff & 0xFFFFFFFF) + b"WAVE")
        output.write(b"fmt " + struct.pack("<I", len(layout.format_chunk)) + form)
        output.write(b"data" + struct.pack("<I", remaining & 0xFFFFFFFF))
        stream.seek(layout.data + first * layout.block)
        while remaining:
            block = stream.read(min(remaining, 1 << 20))
            if not block:
                break
            output.write(block)
            remaining -= len(block)
    return str(target)


# -- other formats -------------------------------------------------------------------------------------


def _decode_with_aud(aud: Any, source: Source, target: Path) -> None:
    import numpy as np

    try:
        sound = aud.Sound.file(source.path)
        _ = sound.specs  # raises where the file is no sound: `data` would end Blender with an abort there
        samples = sound.rechannel(1).resample(RATE, False).data()
    except Exception as error:  # aud.error, which some versions do not export
        raise TalkingAnimationError(_not_sound(source)) from error
    samples = np.nan_to_num(np.asarray(samples, np.float32).reshape(-1), nan=0.0, posinf=0.0, neginf=0.0)
    first = round(source.begin * RATE)
    last = len(samples) if source.seconds is None else first + round(source.seconds * RATE)
    samples = samples[first:last]
    if not len(samples):
        raise TalkingAnimationError(_not_sound(source))
    raw = samples.astype("<f4").tobytes()
    with open(target, "wb") as output:
        output.write(b"RIFF" + struct.pack("<I", (36 + len(raw)) & 0xFFFFFFFF) + b"WAVE")
        output.write(b"fmt " + struct.pack("<IHHIIHH", 16, 3, 1, RATE, RATE * 4, 4, 32))
        output.write(b"data" + struct.pack("<I", len(raw) & 0xFFFFFFFF) + raw)


def _decode_with_mixdown(source: Source, target: Path) -> bool:
    """Let the sequencer of a temporary scene decode the file; False where this Blender cannot."""
    scene = bpy.data.scenes.new("Talking animation decoding")
    try:
        scene.render.fps, scene.render.fps_base = _MIXDOWN_FPS, 1.0
        try:
            strip = sequencer.add_sound_strip(scene, "voice", source.path, 1, 1)
        except RuntimeError as error:
            if "audaspace" in str(error).casefold():
                return False
            raise TalkingAnimationError(_not_sound(source)) from error
        if getattr(strip.sound, "channels", "") == "INVALID":
            raise TalkingAnimationError(_not_sound(source))
        length = sequencer.strip_range(strip).length
        seconds = length / _MIXDOWN_FPS - source.begin
        if source.seconds is not None:
            seconds = min(seconds, source.seconds)
        scene.frame_start = 1 + round(source.begin * _MIXDOWN_FPS)
        scene.frame_end = max(scene.frame_start, scene.frame_start + round(seconds * _MIXDOWN_FPS) - 1)
        if not sequencer.mixdown(scene, str(target)):
            return False
        sequencer.remove_strip(scene, strip)
    finally:
        bpy.data.scenes.remove(scene)
    if not target.is_file() or wav_layout(str(target)) is None:
        raise TalkingAnimationError(_not_sound(source))
    return True


def _not_sound(source: Source) -> str:
    return (
        f"No sound could be read from '{source.name}': "
        "pick an audio file (such as WAV, MP3, OGG, FLAC or M4A), or a video with a sound track."
    )
