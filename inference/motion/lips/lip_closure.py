"""Lips that must meet do meet, and lips never cross."""

from __future__ import annotations

import numpy as np

from ...face.curves import ramp, smooth_step
from ...face.lids_and_lips import INNER_PAIRS, level_lips, part_lips, shut_lips
from ...face.runs import runs_of

BILABIALS = ("P", "B", "M")
# Posteriors of p, b and m together that ask for no closure, and for all of it.
_DOUBTFUL, _LIKELY = 0.08, 0.33
_PROBABLE, _SURE = 0.5, 0.75  # and above these, whatever the lips were about to do
_SMALL_GAP, _LARGE_GAP = 0.4, 0.8  # of a wide-open mouth: lips on the way to a closure, and lips that are not
_WIDE_PERCENTILE = 90
_FAINT = 0.02  # a closure's strength where it starts
_HALF, _WHOLE = (
    0.2,
    0.6,
)  # and at the peaks of one that stays as faint as it is, and of one that is made whole
_AT_REST = "SIL"
_APART = 0.018  # outer eye-corner distances between the lips in any other sound
_SEEN = 3  # frames of a closure that a film of 24 frames a second does not miss
_HEART = 0.5  # of a closure's strength; in what lies below, at its ends, the lips still move as they would


def closure_strength(phones: np.ndarray, names: tuple[str, ...], gap: np.ndarray | None = None) -> np.ndarray:
    """(T,) float32 0…1: how surely the lips meet in each frame.

    Two witnesses are heard: the ear (p, b or m?) and the motion (are the lips nearly together?). A likely sound shuts lips
    that are closing; only a sure one shuts lips that are wide open. What is likely enough is done wholly. A closure of a
    single frame is held one frame longer on both sides, so that one of 20 ms is still seen at 24 frames a second; longer ones
    keep their own length.

    Args:
        phones: (T, P) posteriors.
        names: the P phone names.
        gap: (T,) between the inner lips before closing; None lets the ear decide alone.
    """
    bilabials = phones[:, [names.index(name) for name in BILABIALS]]
    heard = bilabials.sum(axis=1)
    strength = ramp(heard, _DOUBTFUL, _LIKELY)
    spoken = phones[:, names.index("SIL")] < 0.5
    if gap is not None and spoken.any():
        wide = max(float(np.percentile(gap[spoken], _WIDE_PERCENTILE)), 1e-3)
        strength = strength * (1 - ramp(gap / wide, _SMALL_GAP, _LARGE_GAP))
        strength = np.maximum(strength, ramp(heard, _PROBABLE, _SURE))
    strength = ramp(_decided(strength), _HEART, 1)
    _release(strength, bilabials[:, BILABIALS.index("M")] < 0.5 * heard)
    before, after = np.pad(strength, (1, 0))[:-1], np.pad(strength, (0, 1))[1:]
    single = np.where(np.maximum(before, after) < 0.5, strength, 0)
    held = np.maximum(strength, np.maximum(np.pad(single, (1, 0))[:-1], np.pad(single, (0, 1))[1:]))
    return smooth_step(held).astype(np.float32)


def _decided(strength: np.ndarray) -> np.ndarray:
    """(T,) with every closure that is likely enough made whole at its peak: half a closure is what no mouth does.

    Between the two there is a slope and no step, so that a little noise changes a closure a little.
    """
    there = strength > _FAINT
    edges = runs_of(there).ravel()
    if not len(edges):
        return strength
    peaks = np.repeat(np.maximum.reduceat(np.append(strength, 0), edges)[::2], np.diff(edges)[::2])
    result = strength.copy()
    result[there] *= 1 + ramp(peaks, _HALF, _WHOLE) * (1 / peaks - 1)
    return result


def _release(strength: np.ndarray, burst: np.ndarray) -> None:
    """End a closure (T,) one frame sooner, in place, where its last (T,) bursts and enough of it is left to be seen."""
    runs = runs_of(strength > 0.5)
    stops = runs[np.diff(runs, axis=1)[:, 0] > _SEEN, 1]
    stops = stops[burst[stops - 1]]
    strength[stops - 1] = np.append(strength, 0)[stops]


def close_lips(
    displacement: np.ndarray, neutral: np.ndarray, phones: np.ndarray, names: tuple[str, ...]
) -> None:
    """Shut the lips on p, b and m, in depth too, keep them apart in other sounds, and from crossing anywhere, in place.

    Lips that touch where nobody says p, b or m are what eyes see at once, whereas a mouth that is a hair too open is nothing.

    Args:
        displacement: (T, 68, 3) from the neutral face.
        neutral: (68, 3).
        phones: (T, P) posteriors.
        names: the P phone names.
    """
    together = phones[:, [names.index(name) for name in (*BILABIALS, _AT_REST)]].sum(axis=1)
    part_lips(displacement, neutral, _APART * np.clip(1 - together, 0, 1))
    upper, lower = INNER_PAIRS[1]
    gap = (neutral[upper] - neutral[lower] + displacement[:, upper] - displacement[:, lower])[:, 1]
    shut_lips(displacement, neutral, closure_strength(phones, names, gap))
    level_lips(displacement, neutral)
