"""Takes the tracker's tremor out of curves without flattening what the face does.

Where a curve moves no more than its own noise, it follows the mean of its neighbourhood; where it moves more, itself: the
local Wiener filter of Lee (*IEEE PAMI* 2(2), 1980) along time. The noise is measured on the clip itself, from the second
differences where it is stillest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_STILL_SECONDS, _STILL_SHARE = 0.12, 0.2


def noise_level(values: Array, fps: float) -> Array:
    """Standard deviation of the white noise in each column of (T, N), where the clip is stillest."""
    if len(values) < 5:
        return np.zeros(values.shape[1])
    bend = values[2:] - 2 * values[1:-1] + values[:-2]
    power = gaussian(bend**2, _STILL_SECONDS * fps)
    # White noise of variance v bends by 6 v on average.
    return np.asarray(np.sqrt(np.maximum(np.quantile(power, _STILL_SHARE, axis=0), 0) / 6))


def gaussian(values: Array, frames: float) -> Array:
    """(T, N) smoothed along time with a Gaussian of that standard deviation in frames; edges reflected through their end."""
    reach = min(int(np.ceil(3 * frames)), len(values) - 1)
    if reach < 1:
        return values.copy()
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / frames) ** 2)
    kernel /= kernel.sum()
    before = 2 * values[:1] - values[reach:0:-1]
    after = 2 * values[-1:] - values[-2 : -reach - 2 : -1]
    padded = np.concatenate([before, values, after])
    result = np.zeros_like(values)
    for offset, weight in enumerate(kernel):
        result += weight * padded[offset : offset + len(values)]
    return result


def steady(values: Array, seconds: float, fps: float, trust: float = 2.0, most: float = np.inf) -> Array:
    """Local Wiener filter.

    Args:
        values: (T, ...) curves; all columns share one decision at each instant: a group moves or it rests.
        seconds: standard deviation of the Gaussian neighbourhood.
        fps: frames per second.
        trust: how many times its noise's power a group has to move before it is followed; more is smoother.
        most: the highest noise level to believe: a clip that never rests shows motion where its noise is looked for.

    Returns:
        Curves of the same shape.
    """
    flat = values.reshape(len(values), -1)
    noise = np.clip(noise_level(flat, fps), 1e-9, most)
    mean = gaussian(flat, seconds * fps)
    power = gaussian(((flat - mean) / noise) ** 2, seconds * fps).mean(axis=1)
    keep = np.clip(1 - trust / np.maximum(power, 1e-9), 0, 1)[:, None]
    return np.asarray((mean + keep * (flat - mean)).reshape(values.shape))
