"""Figures as files, for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from inference.face.result_files import unwritable, write_whole


def write_figures(content: Any, path: Path) -> None:
    """Write them as JSON, whole or not at all; a folder that is missing is made.

    Args:
        content: what JSON can hold, and as values dataclasses (their fields), paths, numpy's numbers and arrays (lists).
        path: the file.

    Raises:
        EngineError: it cannot be written there (code ``output_unwritable``).
        TypeError: for values of other kinds, and keys that are no words.
    """
    text = json.dumps(content, indent=1, ensure_ascii=False, default=_plain) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error
    write_whole(path, lambda stream: stream.write(text.encode("utf-8", "backslashreplace")))


def _plain(value: Any) -> Any:
    """What JSON can hold, of what it cannot."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, PathLike):
        return fspath(value)
    raise TypeError(f"{type(value).__name__} is no figure.")
