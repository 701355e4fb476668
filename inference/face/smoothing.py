"""Averages along time."""

from __future__ import annotations

import numpy as np

from .arrays import Floats


def moving_average(values: Floats, width: int) -> Floats:
    """Centred mean over ``2 * (width // 2) + 1`` frames with the edges held; linear in T."""
    reach = width // 2
    if reach == 0 or len(values) == 0:
        return values
    padding = ((reach + 1, reach), *[(0, 0)] * (values.ndim - 1))
    total = np.cumsum(np.pad(values, padding, mode="edge"), axis=0)
    return (total[2 * reach + 1 :] - total[: -2 * reach - 1]) / (2 * reach + 1)
