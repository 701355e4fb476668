# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders for what is needed meanwhile. They go with this Blender; those of one that was killed go with the next one's first.

All folders of a process lie in one of its own, whose mark is locked as long as the process lives, however it ends.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import IO

_PREFIX = "talking_animation_"
_MARK = "in_use"
_own: dict[str, tuple[Path, IO[bytes]]] = {}
"""System's folder for temporary files → this process' folder there, and its locked mark."""


def place() -> Path:
    """This process' own folder.

    Raises:
        OSError: where it cannot be made.
    """
    system = tempfile.gettempdir()
    if system not in _own or not _own[system][0].is_dir():
        _sweep(Path(system))
        _own[system] = _begin()
    return _own[system][0]


def new_folder() -> Path:
    """A new, empty folder; whoever asks deletes it when it is no longer needed.

    Raises:
        OSError: where none can be made.
    """
    return Path(tempfile.mkdtemp(dir=place()))


def _begin() -> tuple[Path, IO[bytes]]:
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        mark = open(folder / _MARK, "wb")  # noqa: SIM115  (open as long as this process lives)
        _lock(mark)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder, mark


def _lock(mark: IO[bytes]) -> bool:
    """Take a mark; returns whether nobody else has it."""
    try:
        import fcntl
    except ImportError:  # Windows, where nobody can delete a file that another process has open
        return True
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: nothing is swept there
        return False
    return True


def _is_left_over(folder: Path) -> bool:
    """Whether the process that made a folder has ended without deleting it."""
    try:
        with open(folder / _MARK, "r+b") as mark:
            ended = _lock(mark)
        if ended and os.name == "nt":
            (folder / _MARK).unlink()
    except OSError:  # no folder of ours, another user's, or one that is just being made
        return False
    return ended


def _sweep(system: Path) -> None:
    """Delete what Blenders that were killed have left."""
    with contextlib.suppress(OSError):
        for folder in list(system.glob(f"{_PREFIX}*")):
            if folder.is_dir() and not folder.is_symlink() and _is_left_over(folder):
                shutil.rmtree(folder, ignore_errors=True)


@atexit.register
def close() -> None:
    """Delete all folders of this process."""
    while _own:
        _, (folder, mark) = _own.popitem()
        with contextlib.suppress(OSError):
            mark.close()
        shutil.rmtree(folder, ignore_errors=True)
