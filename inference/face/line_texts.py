"""The text of a line in a file of its own, as people keep the words of their dialogue. Needs nothing but Python."""

from __future__ import annotations

import os
from typing import Final

from .errors import EngineError, quoted
from .input_files import ordinary

LONGEST: Final = 2_000_000
"""Bytes of a file that may be a line's text: some forty hours of speech."""


def given_line_text(path: str | os.PathLike[str]) -> str:
    """The text in a file that was chosen to say it, so it may not be empty. Raises EngineError as `read_line_text`."""
    text = read_line_text(path)
    if not text.strip():
        raise EngineError(
            f"The text file {quoted(os.fspath(path))} is empty: write what is said into it, or leave it out.",
            "bad_text",
        )
    return text


def read_line_text(path: str | os.PathLike[str]) -> str:
    """The text in a file: UTF-8 with or without a byte order mark, or UTF-16 with one.

    Raises:
        EngineError: where there is no such file, it is a device or a pipe, cannot be read or is no text (code ``bad_text``).
    """
    name = quoted(os.fspath(path))
    try:
        with ordinary(path).open("rb") as file:
            data = file.read(LONGEST + 1)
    except FileNotFoundError as error:
        raise EngineError(f"The text file {name} does not exist: choose another.", "bad_text") from error
    except (OSError, ValueError) as error:
        raise EngineError(f"The text file {name} cannot be read: choose another.", "bad_text") from error
    if len(data) > LONGEST:
        raise EngineError(
            f"The text file {name} is too long for the text of a recording: choose another.", "bad_text"
        )
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise EngineError(
            f"{name} is no text in UTF-8: save it as UTF-8 in a text editor.", "bad_text"
        ) from error
    if "\0" in text:
        raise EngineError(f"{name} is no text: choose a text file.", "bad_text")
    return text
