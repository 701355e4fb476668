"""Lips that must meet do meet, and lips never cross."""

from __future__ import annotations

import numpy as np

# Inner lip pairs (upper, lower), and the outer points that ride on each inner one.
_PAIRS = ((61, 67), (62, 66), (63, 65))
_UPPER_OUTER = {61: (49, 50), 62: (51,), 63: (52, 53)}
_LOWER_OUTER = {67: (59, 58), 66: (57,), 65: (56, 55)}
_UPPER_SHARE = 0.35  # the lower lip goes most of the way

BILABIALS = ("P", "B", "M")
_DOUBTFUL, _SURE = 0.15, 0.40  # posteriors of p, b and m together: no closure below, all of it above


def closure_strength(phones: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """(T,) float32 0…1: how surely each frame is a p, b or m.

    A closure of a single frame is held one frame longer on both sides, so that one of 20 ms is still seen at 24 frames a
    second; longer ones keep their own length.

    Args:
        phones: (T, P) posteriors.
        names: the P phone names.
    """
    likely = phones[:, [names.index(name) for name in BILABIALS]].sum(axis=1)
    ramp = np.clip((likely - _DOUBTFUL) / (_SURE - _DOUBTFUL), 0, 1)
    before, after = np.pad(ramp, (1, 0))[:-1], np.pad(ramp, (0, 1))[1:]
    single = np.where(np.maximum(before, after) < 0.5, ramp, 0)
    held = np.maximum(ramp, np.maximum(np.pad(single, (1, 0))[:-1], np.pad(single, (0, 1))[1:]))
    return (held * held * (3 - 2 * held)).astype(np.float32)


def close_lips(
    displacement: np.ndarray, neutral: np.ndarray, phones: np.ndarray, names: tuple[str, ...]
) -> np.ndarray:
    """Shut the lips on p, b and m, and keep them from crossing anywhere.

    Args:
        displacement: (T, 68, 3) from the neutral face.
        neutral: (68, 3).
        phones: (T, P) posteriors.
        names: the P phone names.

    Returns:
        (T, 68, 3), changed at the lips alone.
    """
    closed = displacement.copy()
    strength = closure_strength(phones, names)
    for upper, lower in _PAIRS:
        gap = (neutral[upper] - neutral[lower] + displacement[:, upper] - displacement[:, lower])[:, 1]
        take = np.where(gap > 0, strength * gap, gap)  # all of a crossing, as much of a gap as is sure
        for point in (upper, *_UPPER_OUTER[upper]):
            closed[:, point, 1] -= _UPPER_SHARE * take
        for point in (lower, *_LOWER_OUTER[lower]):
            closed[:, point, 1] += (1 - _UPPER_SHARE) * take
    return closed
