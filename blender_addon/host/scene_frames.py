# SPDX-License-Identifier: GPL-3.0-or-later
"""Which frames Blender has: what lies beyond them cannot be keyed. Standard library only."""

from __future__ import annotations

import math
from typing import Final

LAST_FRAME: Final = 1_048_574
"""Blender's MAXFRAME (BKE_scene.h, `DNA_scene_types.h`); as many lie before frame 0."""


def beyond(first: float, last: float) -> str:
    """What is wrong with keys from one frame to another, as the end of a sentence; "" where Blender has all of these frames."""
    if math.isfinite(first) and first >= -LAST_FRAME and last <= LAST_FRAME:
        return ""
    return f"Blender has no frames beyond {LAST_FRAME:,} and before -{LAST_FRAME:,}"
