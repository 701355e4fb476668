"""What is in a file, as one number. Needs nothing but Python."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

Stamp = tuple[int, ...]


def stamp(path: str | os.PathLike[str]) -> Stamp:
    """Numbers that change as soon as a file does; only for being compared, since clocks are set back and forth. Raises OSError.

    Whoever unpacks or copies a file may set its time, and recordings of one length have one size. Which file it is and when that
    was last touched nobody sets.
    """
    known = Path(path).stat()
    return (known.st_size, known.st_mtime_ns, known.st_ctime_ns, known.st_ino)


def digest(path: Path) -> str:
    """The SHA-256 of a file, or of all that is in a folder, in hexadecimal digits. Raises OSError.

    A file of the same `stamp` is not read again.
    """
    if not path.is_dir():
        return _of_file(path, stamp(path))
    total = hashlib.sha256()
    for inner in sorted(path.iterdir()):
        total.update(inner.name.encode("utf-8", "surrogateescape") + b"\0" + digest(inner).encode())
    return total.hexdigest()


@lru_cache(maxsize=4096)
def _of_file(path: Path, known: Stamp) -> str:
    total = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            total.update(block)
    return total.hexdigest()
