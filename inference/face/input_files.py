"""Files that are given, before they are opened: only what has an end. Needs nothing but Python."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def ordinary(path: str | os.PathLike[str]) -> Path:
    """The path, unless a device or a pipe is there, which reading would wait for without end.

    Raises:
        OSError: one is, nothing is there, or the path cannot be looked at.
    """
    kind = Path(path).stat().st_mode
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        raise OSError(errno.EINVAL, "it is a device or a pipe", os.fspath(path))
    return Path(path)
