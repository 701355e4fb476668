"""What an ear makes of phones that are said one after the other: posteriors made by rule."""

from __future__ import annotations

import numpy as np

from inference.motion.lips.content import PHONES

FRAMES = 5
"""Frames of each phone, at 50 a second."""


def heard(phones: str, sure: float = 0.85) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """(T, P) float32 posteriors of phones with spaces between, and the frames of each."""
    said = phones.split()
    result = np.full((len(said) * FRAMES, len(PHONES)), (1 - sure) / (len(PHONES) - 1), np.float32)
    for place, name in enumerate(said):
        result[place * FRAMES : (place + 1) * FRAMES, PHONES.index(name)] = sure
    return result, [(place * FRAMES, (place + 1) * FRAMES) for place in range(len(said))]


def phones_of(phones: str, *names: str) -> list[int]:
    """Which of the phones have these names."""
    return [place for place, name in enumerate(phones.split()) if name in names]
