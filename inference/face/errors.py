"""The one exception that reaches a user."""

from __future__ import annotations

import errno
import re

_BROKEN = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_WINDOWS_TOO_LONG = 206  # ERROR_FILENAME_EXCED_RANGE
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_SHOWN = 120
"""Letters of a value in a sentence."""


class EngineError(Exception):
    """A problem that the user can do something about.

    Attributes:
        message: one sentence that names the file, the problem and the remedy.
        code: a short stable word for programs, such as ``"bad_audio"``.
    """

    def __init__(self, message: str, code: str) -> None:
        self.message = on_one_line(message)
        super().__init__(self.message)
        self.code = code


class Damaged(ValueError):
    """A file does not hold what it should; the text says why. Whoever reads it tells the user."""


def too_long(error: OSError) -> EngineError | None:
    """What is said of a name that is longer than the system takes, wherever it was met first; None for another error."""
    on_windows = getattr(error, "winerror", None) == _WINDOWS_TOO_LONG
    if not (error.errno == errno.ENAMETOOLONG or on_windows) or error.filename is None:
        return None
    return EngineError(
        f"{quoted(error.filename)} is longer than a file's name may be here: give a shorter one.", "bad_name"
    )


def is_full(error: OSError) -> bool:
    """Whether something could not be written because the disk is full, or this user's share of it."""
    return error.errno in _FULL


def of_the_system(error: OSError) -> EngineError | None:
    """What is said where a disk or a file refused and nobody nearer has said it, wherever that was; None for another error."""
    if told := too_long(error):
        return told
    file = quoted(error.filename) if error.filename else ""
    if is_full(error):
        if not file:
            return EngineError("No room is left on the disk: make some.", "disk_full")
        return EngineError(f"No room is left on the disk of {file}: make some.", "disk_full")
    if not file or not error.strerror:
        return None
    if isinstance(error, FileNotFoundError):
        return EngineError(
            f"{file} was not found: check the path, and that its disk is there.", "file_missing"
        )
    return EngineError(
        f"{file} cannot be used ({error.strerror}): see its disk and its permissions.", "file_unusable"
    )


def quoted(text: object) -> str:
    """A text that somebody wrote, in quotes as a sentence shows it: no longer than a sentence bears."""
    words = str(text)
    return f"'{words}'" if len(words) <= _SHOWN else f"'{words[: _SHOWN - 1]}…'"


def legible(text: str) -> str:
    """A text from outside, such as a file's name, as UTF-8 can hold it: what is no character there as \ufffd."""
    return _BROKEN.sub("\ufffd", text)


def on_one_line(text: str) -> str:
    """A text with names in it as any terminal can show it: spaces for what would move its cursor or turn letters round."""
    return _CONTROL.sub(" ", text)


def shown(value: object) -> str:
    """A value from a file as a sentence shows it: as Python writes it, and no longer than a sentence bears."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
