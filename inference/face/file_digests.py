"""What is in files, as one number. Needs nothing but Python."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from .input_files import ordinary

Stamp = tuple[int, ...]


def stamp(path: str | os.PathLike[str]) -> Stamp:
    """Numbers that change as soon as a file does; only for being compared, since clocks are set back and forth. Raises OSError.

    Whoever unpacks or copies a file may set its time, and recordings of one length have one size. Which file it is and when that
    was last touched nobody sets.
    """
    known = Path(path).stat()
    return (known.st_size, known.st_mtime_ns, known.st_ctime_ns, known.st_ino)


def digest(path: Path) -> str:
    """The SHA-256 of a file, or of all that is in a folder, names included, in hexadecimal digits.

    A file of the same `stamp` is not read again.

    Raises:
        OSError: one cannot be read, or is a device or a pipe.
    """
    if not path.is_dir():
        return digest_in_turn([path])
    total = hashlib.sha256()
    for inner in sorted(path.iterdir()):
        total.update(inner.name.encode("utf-8", "surrogateescape") + b"\0" + digest(inner).encode())
    return total.hexdigest()


def digest_in_turn(paths: Sequence[Path]) -> str:
    """The SHA-256 of files as if they were one, in hexadecimal digits; see `digest`, also for the errors."""
    return _of_files(tuple(paths), tuple(stamp(path) for path in paths))


@lru_cache(maxsize=4096)
def _of_files(paths: tuple[Path, ...], known: tuple[Stamp, ...]) -> str:
    total = hashlib.sha256()
    for path in paths:
        with ordinary(path).open("rb") as stream:
            while block := stream.read(1 << 20):
                total.update(block)
    return total.hexdigest()
