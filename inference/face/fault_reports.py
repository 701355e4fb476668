"""What a fault of our own left behind, in a file that goes with a report of it: nobody is shown a traceback."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Final

PREFIX: Final = "talking-animation-fault-"
"""How such a file's name begins, in the system's folder for temporary files."""


def keep(text: str) -> str | None:
    """Keep a text in a new file that only this user may read.

    Args:
        text: what a report needs.

    Returns:
        The file's path; None where no file can be made.
    """
    try:
        number, path = tempfile.mkstemp(prefix=PREFIX, suffix=".txt")
    except OSError:
        return None
    try:
        with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{text.rstrip()}\n")
    except OSError:
        with contextlib.suppress(OSError):
            Path(path).unlink()
        return None
    return path


def of_error(error: BaseException, version: str) -> str:
    """What a report needs of an error, as text: versions, the system, what was asked for, and where it happened.

    Args:
        error: what nobody foresaw.
        version: the program's.
    """
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    python = sys.version.split()[0]
    return f"Talking Animation {version}, Python {python} on {platform.platform()}\n{sys.argv!r}\n{trace}"


def sentence(tried: str, whose: str, kept: str | None) -> str:
    """What the user is told of a fault.

    Args:
        tried: what was tried, as the beginning of a sentence.
        whose: what the fault is in: "the engine".
        kept: the file of `keep`; None where what happened stands above on the terminal.
    """
    what = "copy what stands above" if kept is None else f"what happened is in '{kept}', so read it"
    return f"{tried} failed of a fault in {whose}: {what}, and report it where you got {whose}."
