# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a video: checked before the work, written beside its place, then moved there whole."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Final

import bpy

from ...contract import EngineError, portable_names
from ...contract.outputs import keep_apart, refuse_nameless
from ...contract.result_files import beside, is_special, remove_left_behind
from ...errors import TalkingAnimationError, legible
from ...inputs.pictures import FILMS

SUFFIX: Final = ".mp4"
_COPIED: Final = re.compile(r"\.\d{3,}$")
"""What Blender puts behind the name of a second character."""


def checked(output: str | os.PathLike[str], preview: bool, inputs: Iterable[str]) -> Path:
    """Where a video goes, once it is known that it can.

    Args:
        output: the file; "//" means beside the .blend file; ".mp4" is added where there is no suffix.
        preview: whether it is a preview's, whose name says so.
        inputs: files that it is made of, which it must not replace.

    Raises:
        TalkingAnimationError: one sentence, where it cannot be written there.
    """
    text = os.fspath(output)
    if not text.strip():
        raise TalkingAnimationError("No file is chosen for the video: choose one that ends in .mp4.")
    if text.startswith("//") and not bpy.data.filepath:
        raise TalkingAnimationError(
            f"'{text}' lies beside the .blend file, which is not saved yet: save it, or choose a whole path."
        )
    refuse_changed(text)
    path = Path(os.path.abspath(bpy.path.abspath(text)))
    if path.is_dir() or text.endswith(("/", os.sep)):
        raise TalkingAnimationError(f"'{path}' is a folder: choose a file for the video that ends in .mp4.")
    refuse_nameless_video(path)
    if not path.suffix:
        path = path.with_name(f"{path.name}{SUFFIX}")
    if path.suffix.casefold() != SUFFIX:
        raise TalkingAnimationError(f"'{path.name}' is no name of an MP4 video: let it end in .mp4.")
    if preview:
        path = path.with_name(f"{path.stem} preview{path.suffix}")
    try:
        keep_apart([path], [*inputs, bpy.data.filepath or None])
    except EngineError as error:
        raise TalkingAnimationError(error.message) from error
    _try(path)
    return path


def refuse_nameless_video(path: str | os.PathLike[str]) -> None:
    """Raise TalkingAnimationError where a video's name is its ending alone."""
    try:
        refuse_nameless(path, [SUFFIX], "portrait")
    except EngineError as error:
        raise TalkingAnimationError(error.message) from error


def refuse_changed(path: str) -> None:
    """Raise TalkingAnimationError where Windows would make another file of a path, which is as a person wrote it: `abspath` has
    changed it already.
    """
    beside_blend = path.startswith("//")  # which Windows takes for the name of another computer
    reason = portable_names.changed_by_windows(PurePath(path[2:] if beside_blend else path))
    if reason:
        raise TalkingAnimationError(f"'{path}' cannot be written to: {reason}.")


def beside_the_file(name: str) -> str:
    """Where the video of a character of that name goes by itself, beside the .blend file; "" where that is not saved yet."""
    return f"//{file_stem(name)}{SUFFIX}" if bpy.data.filepath else ""


def file_stem(name: str) -> str:
    """A video's name as every file system takes it, without suffix.

    Characters made of films are called as their files: their videos shall neither take those files' names nor end in `.mp4.mp4`.
    """
    called = _COPIED.sub("", name)
    stem, suffix = os.path.splitext(called)
    of_film = f"{stem} talking{name[len(called) :]}"
    return portable_names.stem(of_film if suffix.casefold() in FILMS else name, "video")


def file_stems(names: Iterable[str]) -> list[str]:
    """One for each name, all different, also where large and small letters are the same."""
    taken: set[str] = set()
    stems = []
    for name in names:
        plain = stem = file_stem(name)
        number = 1
        while stem.casefold() in taken:
            number += 1
            stem = f"{plain} {number}"
        taken.add(stem.casefold())
        stems.append(stem)
    return stems


def _try(path: Path) -> None:
    """Whether a file can be made there. Raises TalkingAnimationError where not."""
    if not path.parent.is_dir():
        raise TalkingAnimationError(
            f"The folder '{path.parent}' does not exist: make it, or choose another one."
        )
    if path.is_dir():
        raise TalkingAnimationError(f"'{path}' is a folder: choose another name for the video.")
    if is_special(path):
        raise TalkingAnimationError(f"'{path}' is a device or a pipe: choose a file for the video.")
    if path.exists() and not os.access(path, os.W_OK):
        raise TalkingAnimationError(f"'{path}' is write-protected: choose another file for the video.")
    remove_left_behind(path)
    probe = beside(path)
    try:
        probe.touch()
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()


def keep(made: Path, path: Path) -> None:
    """Move a finished video to its place, in place of what is there; it is there whole, or not at all.

    Raises:
        TalkingAnimationError: where it cannot be written; what was there before stays.
    """
    waiting = beside(path)
    try:
        shutil.copyfile(made, waiting)
        os.replace(waiting, path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            waiting.unlink()


def _unwritable(path: Path, error: OSError) -> TalkingAnimationError:
    return TalkingAnimationError(
        f"The video '{legible(str(path))}' cannot be written ({error.strerror or error}): make room there, or choose another "
        "place."
    )
