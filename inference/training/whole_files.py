"""Files that are there complete or not at all, so that what was stopped half-way is done again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np


def save_arrays(path: Path, **arrays: Any) -> None:
    """Writes arrays as an ``.npz``; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez(file, **arrays)
    partial.replace(path)
