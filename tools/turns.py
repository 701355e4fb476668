# SPDX-License-Identifier: MIT
"""Runs of build.py in one checkout take turns at what they would spoil for each other: an environment, a demo's folders."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from tools.terminal import BuildError, say

_AGAIN: Final = 0.2  # seconds between two looks, where the system cannot wait by itself


@contextmanager
def turn(mark: Path, what: str) -> Iterator[None]:
    """Be the only process at something; waits, and says so, while another one is at it. A process that dies holds nothing.

    Args:
        mark: an empty file of its own, made where there is none.
        what: what is worked at, for people.

    Raises:
        BuildError: the file cannot be written.
    """
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        handle = mark.open("ab")
    except OSError as problem:
        raise BuildError(f"{mark} cannot be written: {problem.strerror}.") from None
    with handle:
        if not _taken(handle):
            say(f"Another build.py works at {what} in this folder: waiting for it (Ctrl-C stops)")
            while not _taken(handle):
                time.sleep(_AGAIN)
        yield


def _taken(handle: IO[bytes]) -> bool:
    """Take a file that nobody else has; it is given back when it is closed."""
    try:
        import fcntl
    except ImportError:
        return _taken_on_windows(handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _taken_on_windows(handle: IO[bytes]) -> bool:
    import msvcrt

    handle.seek(0)
    try:
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    return True
