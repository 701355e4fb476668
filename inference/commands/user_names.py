"""Sentences name the file that the user knows, not the copy of it that the engine was given to read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import EngineError


def by_user_name(sentence: str, path: str | Path, name: str | None) -> str:
    """A sentence about a file, by the user's name for it.

    Args:
        sentence: an error or a warning.
        path: the file that was read.
        name: how the user calls it; None, or the file's own name, leaves the sentence alone.
    """
    read = Path(path)
    if not name or name == read.name:
        return sentence
    for spelled in sorted({str(path), str(read), str(read.resolve()), read.name}, key=len, reverse=True):
        sentence = sentence.replace(spelled, name)
    return sentence


@contextmanager
def errors_by_user_name(path: str | Path, name: str | None) -> Iterator[None]:
    """Within it, errors about a file are told by the user's name for it; see `by_user_name`."""
    try:
        yield
    except EngineError as error:
        raise EngineError(by_user_name(error.message, path, name), error.code) from error
