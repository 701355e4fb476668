# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever the user picked → a file that the engine reads.

The engine reads PCM or float WAVs itself. Other formats, and a WAV that it refuses, are decoded by Blender: by its sound
library (`aud`), else by the sequencer's mixdown; where this Blender can do neither, the engine is left to try.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import bpy

from ..contract.spreadsheet import as_spelled
from ..errors import TalkingAnimationError, legible
from ..host.blender_versions import sequencer
from . import decoding
from .wav_files import WavLayout, cut, wav_layout


@dataclass(eq=False)
class Recording:
    """A voice recording, or a part of one. It reads and decodes its file once, however often it is asked.

    Attributes:
        path: the file.
        name: how to speak of it.
        begin: seconds of the file to leave out before.
        seconds: how much of it to use; None for all.
        start_frame: scene frame at which it is heard; None where the user says.
        strip: name of the sequencer strip it came from; "" for a file.
        given: the path as it was given: one that is relative to the .blend file ("//") goes with it to another place.
        lead: seconds of silence before the file's own sound, which begins later than the file in the sequencer.
    """

    path: str
    name: str
    begin: float = 0.0
    seconds: float | None = None
    start_frame: int | None = None
    strip: str = ""
    given: str = ""
    lead: float = 0.0
    _readable: str = field(default="", init=False, repr=False)
    _refused: bool = field(default=False, init=False, repr=False)

    @property
    def lasting_path(self) -> str:
        """The path to remember."""
        return self.given if self.given.startswith("//") else self.path

    def record(self) -> dict[str, Any]:
        """What the keys remember of it: the path, and which part of the file was listened to."""
        return {
            "recording": self.lasting_path,
            "begin": self.begin,
            "seconds": self.seconds,
            "lead": self.lead,
        }

    @cached_property
    def content(self) -> str:
        """SHA-256 of the file's bytes. Raises TalkingAnimationError where they cannot be read."""
        with _opened(self.name):
            return content_hash(self.path)

    @cached_property
    def layout(self) -> WavLayout | None:
        """How the file is laid out where it is a WAV that the engine reads itself."""
        return wav_layout(self.path)

    def identity(self) -> dict[str, Any]:
        """What decides the motion, for the cache's key."""
        known = {"audio": self.content, "begin": self.begin, "seconds": self.seconds, "name": self.name}
        if self.layout is None:  # each Blender plays an encoder's delay in its own way
            known |= {"lead": self.lead, "decoded_by": list(bpy.app.version[:2])}
        return known

    def length(self, otherwise: float) -> float:
        """Seconds of it, as far as can be told without decoding."""
        if self.layout is None:
            return self.seconds if self.seconds is not None else otherwise
        whole = max(0.0, self.layout.size / self.layout.block / self.layout.rate - self.begin)
        return whole if self.seconds is None else min(whole, self.seconds)

    def readable(self, folder: Path) -> str:
        """A file that the engine can read, holding just the wanted part; the recording's own path where nothing needs doing.

        Args:
            folder: an existing folder for a decoded or cut copy.

        Raises:
            TalkingAnimationError: where the file holds no sound, cannot be decoded by this Blender, or no copy can be made.
        """
        if not self._readable:
            with _copied(self.name):
                self._readable = self._made_readable(folder)
        return self._readable

    def decode_instead(self, folder: Path) -> bool:
        """Let Blender decode a WAV that the engine could not read as it is; returns whether there is now another copy to read.

        Args:
            folder: see `readable`.
        """
        if self.layout is None or self._refused:
            return False
        self._refused, self._readable = True, ""
        try:
            return self.readable(folder) != self.path
        except TalkingAnimationError:  # what the engine said of it says more
            return False

    def _made_readable(self, folder: Path) -> str:
        whole = self.begin <= 0 and self.seconds is None
        if self.layout is not None and not self._refused:
            part = folder / "part.wav"
            if whole:
                return self.path
            if not cut(self.path, self.layout, self.begin, self.seconds, part):
                raise TalkingAnimationError(
                    f"The strip '{self.strip or self.name}' holds no sound: lengthen it."
                )
            return str(part)
        target = folder / "decoded.wav"
        aud = sequencer.aud_module()
        if aud is not None:
            decoding.with_aud(aud, self, target)
            return str(target)
        if decoding.with_mixdown(self, target):
            return str(target)
        if not whole:
            raise TalkingAnimationError(
                f"This Blender cannot decode '{self.name}': convert it to WAV and use that."
            )
        return self.path


def from_file(path: str | os.PathLike[str], scene: Any = None) -> Recording:
    """A recording from a file ("//" means beside the .blend file).

    Args:
        path: the file.
        scene: whose sequencer is to play it; None for the present scene.

    Raises:
        TalkingAnimationError: where no file is chosen, or it is missing, a folder or empty.
    """
    try:
        text = os.fsdecode(path)
    except TypeError:
        raise TalkingAnimationError(
            f"A voice recording is a file's path or a sound strip, not {path!r}."
        ) from None
    if not text.strip():
        raise TalkingAnimationError("No voice recording is chosen: pick an audio file.")
    full = os.path.abspath(bpy.path.abspath(text))
    if text.startswith("//") and not bpy.data.filepath and not os.path.exists(full):
        raise TalkingAnimationError(
            f"'{text}' lies beside the .blend file, which is not saved yet: save it first, or give the recording's whole path."
        )
    spelled = as_spelled(full)
    _check_file(spelled)
    recording = Recording(
        spelled, legible(os.path.basename(spelled)), given=text if spelled == full else spelled
    )
    full = spelled
    if recording.layout is None:
        recording.lead = sequencer.late_start(scene or bpy.context.scene, full)
    return recording


def from_strip(strip: Any, scene: Any, folder: Path) -> Recording:
    """The audible part of a sequencer's sound strip.

    Args:
        strip: the sound strip.
        scene: the scene whose sequencer it is in.
        folder: where a packed sound may be written.

    Raises:
        TalkingAnimationError: where its sound is missing or nothing of it is audible.
    """
    try:
        sound = getattr(strip, "sound", None)
    except ReferenceError:
        raise TalkingAnimationError("The strip was removed meanwhile: pick a sound strip.") from None
    if sound is None:
        raise TalkingAnimationError(f"The strip '{strip.name}' is no sound strip: pick a sound strip.")
    path = bpy.path.abspath(sound.filepath, library=sound.library)
    name = legible(os.path.basename(bpy.path.abspath(sound.filepath)) or strip.name)
    if sound.packed_file is not None:
        unpacked = folder / ("packed" + (Path(path).suffix or ".wav"))
        with _copied(name):
            unpacked.write_bytes(sound.packed_file.data)
        path = str(unpacked)
        if not sound.packed_file.size:
            raise TalkingAnimationError(_empty(name))
    _check_file(path)
    fps = scene.render.fps / scene.render.fps_base
    place = sequencer.heard(strip, fps)
    if place.length < 1:
        raise TalkingAnimationError(f"The strip '{strip.name}' is trimmed to nothing: lengthen it.")
    if place.retimed:
        return _retimed(strip, scene, folder, place, name)
    return Recording(
        os.path.abspath(path),
        name,
        begin=place.begin,
        seconds=place.length / fps,
        start_frame=round(place.start),
        strip=strip.name,
        given=sound.filepath if sound.packed_file is None and sound.library is None else "",
    )


def _retimed(strip: Any, scene: Any, folder: Path, place: sequencer.Heard, name: str) -> Recording:
    """A strip that is played faster or slower: what is heard of it, as a recording of its own."""
    start = round(place.start)
    target = folder / "heard.wav"
    if not sequencer.mixdown_strip(scene, strip, start, start + round(place.length), str(target)):
        raise TalkingAnimationError(
            f"This Blender cannot follow the changed speed of the strip '{strip.name}': reset its speed, "
            "or export its sound and use that."
        )
    return Recording(str(target), name, start_frame=start, strip=strip.name)


@contextmanager
def _copied(name: str) -> Iterator[None]:
    """Within it a copy of a recording is made; what keeps that from happening is told by the recording's name."""
    try:
        yield
    except OSError as error:
        raise TalkingAnimationError(
            f"'{name}' cannot be copied for the engine ({error.strerror or error}): check that it can be read and that there is "
            "room for temporary files."
        ) from error


@contextmanager
def _opened(name: str) -> Iterator[None]:
    """Within it a recording is read; see `_copied`."""
    try:
        yield
    except OSError as error:
        raise TalkingAnimationError(
            f"'{name}' cannot be read ({error.strerror or error}): check the file's permissions."
        ) from error


def _empty(name: str) -> str:
    return f"'{name}' is empty: export the recording again or pick another file."


def _check_file(path: str) -> None:
    name = os.path.basename(path) or path
    if not os.path.exists(path):
        raise TalkingAnimationError(f"The recording '{path}' does not exist: pick the file again.")
    if os.path.isdir(path):
        raise TalkingAnimationError(f"'{name}' is a folder: pick an audio file.")
    if not os.path.isfile(path):  # to read of a pipe is to wait for whoever writes to it
        raise TalkingAnimationError(f"'{name}' is a device or a pipe: pick an audio file.")
    with _opened(name):
        size = os.path.getsize(path)
        with open(path, "rb"):
            pass
    if size == 0:
        raise TalkingAnimationError(_empty(name))


def content_hash(path: str) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
