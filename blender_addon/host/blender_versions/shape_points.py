# SPDX-License-Identifier: GPL-3.0-or-later
"""The points of shape keys as arrays: Blender 4.1 and newer hand them out a hundred times faster."""

from __future__ import annotations

from typing import Any

import numpy as np


def coordinates(block: Any) -> np.ndarray:
    """(N, 3) float32 points of a mesh's shape key, in the object's own space."""
    points = getattr(block, "points", None)
    if points is None or len(points) != len(block.data):
        points = block.data
    flat = np.empty(3 * len(points), np.float32)
    points.foreach_get("co", flat)
    return flat.reshape(-1, 3)
