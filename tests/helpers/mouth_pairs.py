"""A mouth drawn with too much between the lips, beside what was filmed: something a refiner can learn in a few steps."""

from __future__ import annotations

import numpy as np

from inference.portrait.mouth_crop import MAPS
from inference.training.mouth_pictures.pairs import Pairs

SIDE = 128
"""Pixels of a mouth's square."""


def mouth_pairs(number: int, frames: int) -> Pairs:
    """The pairs of a film: the same for the same number."""
    random = np.random.RandomState(number)
    still = (random.randint(90, 160, 3) + random.randint(-20, 20, (SIDE, SIDE, 1))).astype(np.uint8)
    maps = np.zeros((frames, SIDE, SIDE, MAPS), np.uint8)
    maps[:, 50:75, 35:95, 0] = 255
    maps[:, 58:68, 45:85, :2] = (0, 255)
    drawn = np.repeat(still[None], frames, axis=0)
    truth = drawn.copy()
    truth[maps[..., 1] > 0] = truth[maps[..., 1] > 0] // 2
    return Pairs(still, drawn, truth, maps)
