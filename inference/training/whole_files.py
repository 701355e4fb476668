"""Files that are there complete or not at all, so that what was stopped half-way is done again."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from inference.errors import EngineError


def save_arrays(path: Path, **arrays: Any) -> None:
    """Writes arrays as an ``.npz``; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    try:
        with partial.open("wb") as file:
            np.savez(file, **arrays)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


@contextmanager
def opened_arrays(
    path: Path, what: str = "a file of a prepared corpus", remedy: str = "prepare it again"
) -> Iterator[Any]:
    """The arrays of an ``.npz`` by their names, to be read within it.

    Args:
        path: the file.
        what: what it should be, for the sentence.
        remedy: what to do with a damaged one.

    Raises:
        FileNotFoundError: there is no such file.
        EngineError: it is something else or damaged, as far as it is read (code ``bad_corpus``).
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            yield arrays
    except (ValueError, KeyError, IndexError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise EngineError(f"{path} is not {what} or is damaged: {remedy}.", "bad_corpus") from error
