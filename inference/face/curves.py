"""Curves that ease something in. numpy only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def ramp(values: NDArray[Any], low: float, high: float) -> NDArray[Any]:
    """0 up to ``low``, 1 from ``high`` on, linear between; ``low`` may be the larger one, which turns it round."""
    return np.asarray(np.clip((values - low) / (high - low), 0, 1))


def smooth_step(share: NDArray[Any]) -> NDArray[Any]:
    """0 below 0, 1 above 1, and without an edge in between: ``3 s² − 2 s³``."""
    within = np.clip(share, 0, 1)
    return np.asarray(within * within * (3 - 2 * within))
