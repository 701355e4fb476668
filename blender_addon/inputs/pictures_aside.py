# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures on their way to the engine: read here, or where they are large by another, hidden Blender, while this one goes on.

Decoding a picture of 8192 × 8192 pixels and turning its numbers into bytes takes seconds, in which a window stands still.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import bpy

from ..errors import TalkingAnimationError, legible
from . import hidden_blender, pictures
from .picture_headers import size as size_in

MOST_HERE: Final = 1_500_000
"""Pixels of a picture up to which it is read here, which takes less than a window is seen to stand still."""
_MOST_BYTES_HERE = 4_000_000  # of a file whose header does not tell its size
_HEADER_BYTES = 1 << 20
_SCRIPT = Path(__file__).with_name("decode_picture.py")
_TOLD: Final = "picture.json"
_PROBLEM: Final = "problem.txt"


@dataclass(frozen=True)
class ForEngine:
    """A picture as the engine gets it.

    Attributes:
        name, path, file, not_linked, puppet, sha256, note, face: see `pictures.Picture`.
        pixels: the .npy file that holds them.
        background: the same of a puppet's background; "" where there is none.
    """

    name: str
    path: str
    file: str
    not_linked: str
    puppet: str
    sha256: str
    pixels: str
    background: str
    note: str = ""
    face: str = ""


def for_engine(picture: Any, folder: Path) -> ForEngine:
    """Read a picture here and now; the arguments and errors of `pictures.read` and `pictures.save`."""
    read = pictures.read(picture)
    saved, background = pictures.save(read, folder), pictures.save_background(read, folder)
    return ForEngine(
        read.name,
        read.path,
        read.file,
        read.not_linked,
        read.puppet,
        read.sha256,
        str(saved),
        str(background or ""),
        read.note,
        read.face,
    )


def is_large(picture: Any) -> bool:
    """Whether reading it would let the window stand still; only files are read by another Blender."""
    if isinstance(picture, bpy.types.Image) or not os.fspath(picture).strip():
        return False
    for path in pictures.files_of(os.fspath(picture)):
        full = os.path.abspath(bpy.path.abspath(path))
        with contextlib.suppress(OSError), open(full, "rb") as stream:
            told = size_in(stream.read(_HEADER_BYTES))
            if told is not None and told[0] * told[1] > MOST_HERE:
                return True
            if told is None and os.path.getsize(full) > _MOST_BYTES_HERE:
                return True
    return False


class Reading:
    """A picture that is being read: call `poll` until it returns what was read.

    Args:
        picture: as `pictures.read` takes it.
        folder: an existing folder for the pixels.

    Raises:
        TalkingAnimationError: as `pictures.read`, of what can be told at once.
    """

    def __init__(self, picture: Any, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._done: ForEngine | None = None
        if is_large(picture):
            self._start(os.fspath(picture))
        else:
            self._done = for_engine(picture, folder)

    def poll(self) -> ForEngine | None:
        """What was read; None as long as it is not done.

        Raises:
            TalkingAnimationError: one sentence, where it cannot be read.
        """
        if self._process is not None and self._process.poll() is not None:
            self._process = None
            self._done = self._answer()
        return self._done

    def cancel(self) -> None:
        """End the other Blender, if it runs. Safe to call at any time."""
        running, self._process = self._process, None
        hidden_blender.end(running)

    def _start(self, text: str) -> None:
        self._text = text
        self._full = os.path.abspath(bpy.path.abspath(text))
        arguments = [self._full, str(self._folder)]
        try:
            self._process = hidden_blender.start(_SCRIPT, arguments)
        except OSError as error:
            raise TalkingAnimationError(
                f"'{legible(os.path.basename(text))}' cannot be read ({error.strerror or error}): close other programs and try "
                "again."
            ) from error

    def _answer(self) -> ForEngine:
        with contextlib.suppress(OSError):
            raise TalkingAnimationError((self._folder / _PROBLEM).read_text(encoding="utf-8"))
        try:
            told = json.loads((self._folder / _TOLD).read_text(encoding="utf-8"))
            read = ForEngine(**{name: str(value) for name, value in told.items()})
        except (OSError, ValueError, TypeError) as error:
            name = legible(os.path.basename(self._full))
            raise TalkingAnimationError(
                f"'{name}' could not be read, perhaps for lack of memory: make the picture smaller, 4096 pixels wide will do."
            ) from error
        if self._text.startswith("//"):
            with contextlib.suppress(ValueError):  # on another drive
                return replace(read, path=bpy.path.relpath(read.path))
        return read


def tell(picture: str, folder: Path) -> None:
    """What the other Blender does: read a picture into a folder, and say so or what is wrong in a file beside it."""
    try:
        told = json.dumps(asdict(for_engine(picture, folder)))
    except TalkingAnimationError as error:
        (folder / _PROBLEM).write_text(str(error), encoding="utf-8")
    else:
        (folder / _TOLD).write_text(told, encoding="utf-8")
