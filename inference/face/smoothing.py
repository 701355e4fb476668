"""Averages, largest values and the like along time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import Floats


def moving_average(values: Floats, width: int) -> Floats:
    """Centred mean over ``2 * (width // 2) + 1`` frames with the edges held; linear in T."""
    reach = width // 2
    if reach == 0 or len(values) == 0:
        return values
    padding = ((reach + 1, reach), *[(0, 0)] * (values.ndim - 1))
    total = np.cumsum(np.pad(values, padding, mode="edge"), axis=0)
    return (total[2 * reach + 1 :] - total[: -2 * reach - 1]) / (2 * reach + 1)


def largest_around(values: NDArray[Any], before: int, after: int) -> NDArray[Any]:
    """(T,) the largest of (T,) values from so many frames before each to so many after it; beyond the ends lies 0."""
    padded = np.pad(values, (before, after))
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, before + after + 1).max(axis=1))


def rolling(values: NDArray[Any], reach: int, of: Callable[..., Any]) -> NDArray[Any]:
    """(T,) what ``of`` says of (T,) values up to ``reach`` frames around each; the ends are held.

    Args:
        values: along time.
        reach: frames on either side.
        of: such as ``np.median``: it is given ``axis``.
    """
    around = np.pad(values, reach, mode="edge")
    return np.asarray(of(np.lib.stride_tricks.sliding_window_view(around, 2 * reach + 1), axis=-1))
