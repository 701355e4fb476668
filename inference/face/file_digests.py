"""What is in a file, as one number. Needs nothing but Python."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path


def digest(path: Path) -> str:
    """The SHA-256 of a file, or of all that is in a folder, in hexadecimal digits. Raises OSError.

    A file of the same size and time is not read again.
    """
    stat = path.stat()
    if not path.is_dir():
        return _of_file(path, stat.st_size, stat.st_mtime_ns)
    total = hashlib.sha256()
    for inner in sorted(path.iterdir()):
        total.update(inner.name.encode("utf-8", "surrogateescape") + b"\0" + digest(inner).encode())
    return total.hexdigest()


@lru_cache(maxsize=4096)
def _of_file(path: Path, size: int, modified: int) -> str:
    total = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            total.update(block)
    return total.hexdigest()
