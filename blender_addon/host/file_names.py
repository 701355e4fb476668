# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of files that are no UTF-8, which Blender's properties take and its functions refuse. Standard library only."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import temporary_files


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
