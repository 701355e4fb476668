"""Seeded randomness that is the same in every numpy, and smooth random curves made from it."""

from __future__ import annotations

import zlib

import numpy as np

from .arrays import Floats
from .curves import catmull_rom
from .smoothing import moving_average


def generator(seed: int, part: str) -> np.random.RandomState:
    """A random stream of its own for one part of the face.

    `RandomState` because numpy guarantees its streams never change between versions; `Generator`'s may.
    """
    return np.random.RandomState(zlib.crc32(f"{seed}/{part}".encode()))


def smooth_noise(random: np.random.RandomState, frames: int, fps: float, period: float) -> Floats:
    """(T,) float64, a wandering curve of about unit standard deviation that changes direction every ``period`` s.

    Cubic (Catmull-Rom) interpolation between independent normal values; a longer recording continues the same curve.
    """
    count = int(np.ceil(frames / fps / period)) + 4
    knots = random.standard_normal(count)
    place = np.arange(frames) / (fps * period)
    index = place.astype(np.int64)
    curve = catmull_rom((knots[index + offset] for offset in range(4)), place - index)
    return np.asarray(curve / 0.85)  # interpolation lowers the deviation of independent knots to about 0.85


def even(curves: Floats, weight: Floats, fps: float, free: float = 6.0) -> Floats:
    """(T, N) curves of about unit deviation, each scaled to have just that where it counts.

    So that two takes of a manner differ in course and not in amounts. A few seconds may well be quieter or livelier.

    Args:
        curves: (T, N).
        weight: (T,) 0…1, which frames count: those in which somebody speaks.
        fps: frames per second.
        free: seconds that count, below about which the amounts are left to chance.
    """
    seconds = float(weight.sum()) / fps
    if seconds < 1e-6:
        return curves
    mean = weight @ curves / weight.sum()
    power = weight @ (curves - mean) ** 2 / weight.sum()
    share = seconds / (seconds + free)
    return np.asarray(curves / np.sqrt(np.maximum(share * power + (1 - share), 1e-9)))


def ease(values: Floats, fps: float, seconds: float) -> Floats:
    """Follow (T,) or (T, N) targets like a critically damped spring, without overshoot; same shape.

    A centred smoothing by two boxes: symmetric in time, so a head begins to move a little before the word, as people do.
    """
    result = values.astype(np.float64)
    width = max(1, round(fps * seconds / 2))
    for _ in range(3):
        result = moving_average(result, width)
    return result
