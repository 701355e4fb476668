"""Curves that ease something in. numpy only."""

from __future__ import annotations

from collections.abc import Iterable
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


def catmull_rom(knots: Iterable[NDArray[Any]], share: NDArray[Any]) -> NDArray[Any]:
    """The cubic between the inner two of four knots, as steep there as their neighbours tell.

    Args:
        knots: four of one shape (…), a step apart.
        share: of the way between the inner two, 0…1, of any shape that broadcasts with a knot's.

    Returns:
        The values there, of the shape to which both broadcast: the second knot where the share is 0, the third where it is 1.

    Source: E. Catmull, R. Rom (1974), A class of local interpolating splines.
    """
    before, left, right, after = knots
    bend = 2 * before - 5 * left + 4 * right - after + share * (3 * (left - right) + after - before)
    return np.asarray(left + 0.5 * share * (right - before + share * bend))
