# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of files: as every system takes them, and those that are no UTF-8, which Blender's properties take and its functions
refuse. Standard library only."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from . import temporary_files

_LONGEST: Final = 60
"""Characters of a name, of which each may be four bytes: file systems take 255 bytes."""
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
"""What Windows takes for a device, whatever follows behind a full stop."""


def stem(name: str, otherwise: str) -> str:
    """A file's name without suffix as every file system takes it.

    Args:
        name: what people call what is in it.
        otherwise: taken where nothing of the name is left.
    """
    clean = re.sub(r"[^\w .-]+", "_", name).strip(" .")[:_LONGEST].rstrip(" .") or otherwise
    return f"_{clean}" if clean.partition(".")[0].rstrip().casefold() in _DEVICES else clean


def is_usual(path: str) -> bool:
    """Whether a path can be given to any function of Blender."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def usual(path: str) -> Iterator[str]:
    """A path to a file's content that any function of Blender takes; the path itself where nothing needs doing.

    Raises:
        OSError: where the file can neither be linked nor copied.
    """
    if is_usual(path):
        yield path
        return
    folder = temporary_files.new_folder()
    try:
        suffix = Path(path).suffix
        other = folder / f"file{suffix if is_usual(suffix) else ''}"
        try:
            other.symlink_to(path)
        except OSError:
            shutil.copyfile(path, other)
        yield str(other)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
