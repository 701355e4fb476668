"""How each of Apple's 52 shapes moves the 68 landmarks: the table that was measured on a real head."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from .arrays import Floats
from .names import ARKIT_NAMES

SHIPPED = Path(__file__).resolve().parents[2] / "checkpoints" / "arkit_basis.npz"
"""The table that ships, in the engine's folder (the repository, or `engine/` in the installed add-on)."""


@dataclass(frozen=True)
class ArkitBasis:
    """How the landmarks of a face move with each shape at weight 1.

    Attributes:
        deltas: (52, 68, 3) float32, `ARKIT_NAMES` order, unit outer eye-corner distance.
        neutral: (68, 3) float32, the face it was measured on.
    """

    deltas: Floats
    neutral: Floats


@lru_cache(maxsize=4)
def load_basis(path: Path | None = None) -> ArkitBasis:
    """The shipped table, or one of the same format measured on another character.

    Raises:
        OSError, KeyError, ValueError: where the file is missing, or is none.
    """
    with np.load(path or SHIPPED, allow_pickle=False) as data:
        order = [list(data["names"]).index(name) for name in ARKIT_NAMES]
        return ArkitBasis(data["deltas"][order].astype(np.float32), data["neutral"].astype(np.float32))
