"""Colours as files have them and as light adds up. Source: IEC 61966-2-1. numpy only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def linear(colours: ArrayLike) -> NDArray[Any]:
    """Scene-linear values of sRGB ones, 0 to 1."""
    values = np.asarray(colours)
    return np.asarray(np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4))


def encoded(light: ArrayLike) -> NDArray[Any]:
    """sRGB values of scene-linear ones; what is darker than black or lighter than white is cut off."""
    values = np.clip(light, 0, 1)
    return np.asarray(np.where(values <= 0.0031308, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055))
