# SPDX-License-Identifier: GPL-3.0-or-later
"""The motion that was made and is kept in a file: read and written, with sentences that fit the panel."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ..contract import EngineError
from ..errors import TalkingAnimationError

if TYPE_CHECKING:
    from ..contract import FaceAnimation

NO_NUMPY: Final = (
    "This Blender has no numpy, which Talking Animation computes with: "
    "install it (on Debian and Ubuntu: the package python3-numpy) and restart Blender."
)
_NEWER: Final = "The stored motion of '{}' was made by a newer Talking Animation: update the add-on."
_FASTEST: Final = 1  # ten minutes are written in half a second, and long silences still take no room


def require_numpy() -> None:
    """Raise TalkingAnimationError where this Blender's Python has no numpy."""
    try:
        import numpy  # noqa: F401
    except Exception as error:
        raise TalkingAnimationError(NO_NUMPY) from error


def damaged(name: str) -> str:
    """The sentence about motion that cannot be used: of a character, or of what was made of a recording."""
    return f"The stored motion of '{name}' is damaged: press Generate talking animation again."


def load(path: str | Path, name: str = "") -> FaceAnimation:
    """Read a `FaceAnimation` file.

    Args:
        path: the file.
        name: whose motion it is, as the user knows it; "" for the file's name.

    Raises:
        TalkingAnimationError: where it is missing, damaged or of a newer format, or numpy is missing.
    """
    require_numpy()
    from ..contract import FaceAnimation

    path = Path(path)
    try:
        return FaceAnimation.load(path)
    except EngineError as error:
        if error.code == "newer_format":
            sentence = _NEWER.format(name or path.name)
        elif not path.exists():
            sentence = "The generated motion is no longer in the cache folder: press Generate talking animation again."
        else:
            sentence = damaged(name or path.name)
        raise TalkingAnimationError(sentence) from error


_LONGEST: Final = 600.0
"""Seconds of the longest motion that a .blend file takes with it: some 4 MB for each character."""


def packed(path: str | Path, name: str = "") -> bytes:
    """A motion's file as bytes for a .blend file, see `FaceAnimation.packed`; b"" where it is too long or cannot be read."""
    try:
        motion = load(path, name)
    except TalkingAnimationError:
        return b""
    return motion.packed() if motion.duration <= _LONGEST else b""


def unpacked(data: bytes, name: str) -> FaceAnimation:
    """The motion that a .blend file brought along.

    Args:
        data: see `packed`.
        name: whose motion it is.

    Raises:
        TalkingAnimationError: where it is damaged or of a newer format.
    """
    require_numpy()
    from ..contract import FaceAnimation

    try:
        return FaceAnimation.unpacked(data)
    except EngineError as error:
        raise TalkingAnimationError(
            _NEWER.format(name) if error.code == "newer_format" else damaged(name)
        ) from error


def save(motion: FaceAnimation, path: Path) -> None:
    """Write a motion, completely or not at all.

    Raises:
        TalkingAnimationError: where the folder cannot be written to.
    """
    try:
        with suppress(OSError):  # what it is, saving says
            path.parent.mkdir(parents=True, exist_ok=True)  # somebody may have cleared the cache meanwhile
        motion.save(path, _FASTEST)
    except EngineError as error:
        cause = error.__cause__
        reason = cause.strerror or str(cause) if isinstance(cause, OSError) else error.message
        raise TalkingAnimationError(
            f"The cache folder '{path.parent}' cannot be written to ({reason}): "
            "choose another one in the add-on's preferences."
        ) from error
