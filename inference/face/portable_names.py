"""Names of files that every system takes, and what Windows makes of others. Needs nothing but Python."""

from __future__ import annotations

import re
from pathlib import PurePath, PureWindowsPath
from typing import Final

_LONGEST: Final = 60
"""Characters of a name, of which each may be four bytes: file systems take 255 bytes."""
_DEVICES: Final = frozenset(
    {
        *("con", "prn", "aux", "nul", "conin$", "conout$"),
        *(
            f"{port}{number}"
            for port in ("com", "lpt")
            for number in "0123456789\N{SUPERSCRIPT ONE}\N{SUPERSCRIPT TWO}\N{SUPERSCRIPT THREE}"
        ),
    }
)
"""What Windows takes for a device, whatever follows behind a full stop."""
_LITERAL: Final = ("\\\\?\\", "\\\\.\\")
"""How paths begin of which Windows changes nothing."""


def stem(name: str, otherwise: str) -> str:
    """A file's name without suffix as every file system takes it.

    Args:
        name: what people call what is in it.
        otherwise: taken where nothing of the name is left.
    """
    clean = re.sub(r"[^\w .-]+", "_", name).strip(" .")[:_LONGEST].rstrip(" .") or otherwise
    return f"_{clean}" if is_device(clean) else clean


def is_device(name: str) -> bool:
    """Whether a file's name is a device's on Windows."""
    return name.partition(".")[0].rstrip().casefold() in _DEVICES


def changed_by_windows(path: PurePath) -> str:
    """What Windows would make of a path other than the file of that name, as the end of a sentence; "" where nothing.

    Args:
        path: a path of Windows; of any other system there is nothing to say.
    """
    if not isinstance(path, PureWindowsPath) or str(path).startswith(_LITERAL):
        return ""
    for part in path.parts[1:] if path.anchor else path.parts:
        if part in (".", ".."):
            continue
        if ":" in part:
            return f"'{part}' would be hidden behind another file: leave the colon out"
        if is_device(part):
            return f"'{part}' is the name of a device: choose another one"
        if part != part.rstrip(" ."):
            return f"'{part}' would lose its end: let it end in neither a full stop nor a space"
    return ""
