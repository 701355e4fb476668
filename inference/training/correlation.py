"""Pearson's correlation of two curves, which says how well sound and picture fit as well as how good the lips are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def correlation(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Pearson's r of two (T,) curves, -1…1; 0 where one of the two does not move."""
    if first.std() < 1e-9 or second.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])
