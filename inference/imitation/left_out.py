"""Several clips of a person of which some are no use: they are left out, and said to be, as long as one is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from ..capture.decoded import content_hash
from ..errors import EngineError

_NO_USE: Final = frozenset({"bad_video", "face_lost", "no_face", "too_short"})
"""Codes of what is wrong with a clip itself; a file that is not there, or an engine without a decoder, is another matter."""
_Read = TypeVar("_Read")


def telling(error: EngineError, left_out: Sequence[str]) -> EngineError:
    """The same error with what was left out: too little may be left, or nothing that serves."""
    return EngineError(" ".join([error.message, *left_out]), error.code)


def _content_of(clip: Path) -> str:
    """What is in a clip as one number; "" where it cannot be read, which whoever reads it tells."""
    try:
        return content_hash(clip)
    except (OSError, EngineError):
        return ""


def read_each(
    clips: Sequence[str | Path], read: Callable[[int, str | Path], _Read]
) -> tuple[list[_Read], tuple[str, ...]]:
    """Read clips of one person.

    Args:
        clips: one or more.
        read: reads one, given its number and the clip.

    Returns:
        What was read of those that are of use, and a sentence about each of the others, also of those that are there twice.

    Raises:
        EngineError: what the first clip was refused for, where none is of use; or anything else that `read` raises.
    """
    readable: list[_Read] = []
    refused: list[EngineError] = []
    told: list[str] = []
    known: dict[str, str] = {}
    for number, clip in enumerate(clips):
        content = _content_of(Path(clip))
        if content in known:  # it would count twice
            told.append(f"{Path(clip).name} was left out: it is the same as {known[content]}.")
            continue
        if content:
            known[content] = Path(clip).name
        try:
            readable.append(read(number, clip))
        except EngineError as error:
            if error.code not in _NO_USE:
                raise
            refused.append(error)
            told.append(f"{Path(clip).name} was left out: {error.message}")
    if refused and not readable:
        raise refused[0]
    return readable, tuple(told)
