"""Where a sound stays the same sound: a vowel that is held does, and neither speech nor a crowd."""

from __future__ import annotations

import numpy as np

from ..face.smoothing import moving_average
from .loudness import RANGE

_REACH = 0.06  # s on either side between which a sound is compared
_SMOOTH = 0.1  # s
_BLOCK = 4096  # frames handled at a time
_SAME = 4.0  # dB, mean over the bands: more is another sound


def stands_still(power: np.ndarray, reference: np.ndarray, rate: float) -> np.ndarray:
    """Where the spectrum stays what it is.

    Args:
        power: (T, 40) mel power.
        reference: (T,) dB, the speech level there.
        rate: frames a second, 50 or more.

    Returns:
        (T,) bool; true of silence too.
    """
    reach = round(_REACH * rate)
    change = np.empty(len(power))
    for first in range(0, len(power), _BLOCK):
        last = min(first + _BLOCK, len(power))
        frames = np.clip(np.arange(first - reach, last + reach), 0, len(power) - 1)
        beside = power[frames] * (10 ** (-reference[frames] / 10)).astype(np.float32)[:, None]
        decibels = 10 * np.log10(np.maximum(beside, np.float32(10 ** (RANGE[0] / 10))))
        steps = np.abs(decibels[2 * reach :] - decibels[: -2 * reach])
        change[first:last] = steps.mean(axis=1, dtype=np.float64)
    return np.asarray(moving_average(change, round(_SMOOTH * rate)) < _SAME)
