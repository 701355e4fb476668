# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that a .blend file keeps for the add-on, which others may have changed: each is what it should be, or nothing.

Standard library only.
"""

from __future__ import annotations

import math
from typing import Any, Final

from .scene_frames import LAST_FRAME

LARGE: Final = 1e9
"""Larger than any number that is kept."""


def number(value: Any, least: float = -LARGE, most: float = LARGE) -> float | None:
    """A finite number within limits; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if least <= value <= most else None  # NaN is not


def whole(value: Any, least: int = -LAST_FRAME, most: int = LAST_FRAME) -> int | None:
    """A whole number within limits; None for anything else."""
    known = number(value, least, most)
    return int(value) if known is not None and math.floor(known) == known else None


def text(value: Any) -> str | None:
    """A text; None for anything else, and where a NUL is in it: nothing is called so, and Blender shows none."""
    return value if isinstance(value, str) and "\0" not in value else None


def flag(value: Any) -> bool | None:
    """Yes or no, which Blender before 4 keeps as 1 or 0; None for anything else."""
    return bool(value) if isinstance(value, bool) or value in (0, 1) else None
