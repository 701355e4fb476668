"""Clicks of one sample, as scratches, bad clocks and lost samples of a digital line make: taken out before anybody listens.

A click sounds in all bands, and so it is a burst to whoever listens to 25 ms. Next to it the voice goes on as if nothing had
been: there the fourth differences of its samples are many times smaller. Plosives go on for some milliseconds, and a throat
rings. Where a recording has several, each is replaced by what the sound around it predicts (`prediction.py`). A recording
without any is left as it is, bit for bit.
"""

from __future__ import annotations

import numpy as np

from .audio import SAMPLE_RATE
from .prediction import REACH, predicted
from .sources import peak_of

_POOL = 128  # samples of which the sharpest is looked at
_PIECE = 1 << 15  # samples handled at a time: what a core's cache holds
_NARROW = 6  # samples on either side that a click may take up where it was resampled
_AROUND = 24  # and in which nothing else may be so sharp
_LEAST = 0.02 * 6  # of the recording's highest sample: a softer click changes no band that is heard
_SHARP = 5.0  # times the fourth differences around it: a click, in a recording that clicks
_SURE = 11.0  # the same of one that tells that it does: of 106 recordings of people 103 have nothing above 10
_FEWEST = 4  # of those in a recording, and one in so many seconds: an edge of a file is a click, too
_SELDOM = 2.0
_ONE_SAMPLE = 0.12  # of a click's fourth difference, beside it when one sample is replaced: it was wider
_WIDE = 4  # samples on either side that are found again where it was resampled
_TINY = 1e-9


def clicks_removed(samples: np.ndarray) -> np.ndarray:
    """What a recording was like before it clicked.

    Args:
        samples: (N,) float32, 16 kHz; clicks of one sample at any rate, which are wider now.

    Returns:
        (N,) float32; ``samples`` itself where nothing clicks.
    """
    places, single = _clicks(samples)
    if not len(places):
        return samples
    lost = np.zeros(len(samples), bool)
    lost[places[single]] = True
    for place in places[~single].tolist():
        lost[place - _WIDE : place + _WIDE + 1] = True
    result = samples.copy()
    result[lost] = np.interp(np.flatnonzero(lost), np.flatnonzero(~lost), samples[~lost])
    guess = result.copy()
    for first in range(0, len(samples), _PIECE):
        if lost[first : first + _PIECE].any():
            before = min(first, REACH)
            piece = slice(first - before, first + _PIECE + REACH)
            bound = np.full(len(guess[piece]), 2 * peak_of(guess[piece]))
            told = predicted(guess[piece], lost[piece], -bound, bound)
            result[first : first + _PIECE] = told[before : before + _PIECE]
    return result


def _clicks(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(K,) int where single samples stick out, and (K,) bool whether one sample alone does; none where too few surely do."""
    least = _LEAST * peak_of(samples)
    parts = [_sharp(samples, first, least) for first in range(0, len(samples), _PIECE)]
    places, sharp, single = (np.concatenate(each) for each in zip(*parts)) if parts else np.zeros((3, 0))
    sure = np.count_nonzero(sharp > _SURE)
    if sure < _FEWEST or sure * _SELDOM * SAMPLE_RATE < len(samples):
        return np.zeros(0, int), np.zeros(0, bool)
    return places, single


def _sharp(samples: np.ndarray, first: int, least: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What sticks out of a piece that begins at a sample: places, how many times as sharp as around, whether one sample does."""
    start = max(first - _POOL, 0)
    heard = samples[start : first + _PIECE + _POOL]
    edge = np.zeros(len(heard) + -len(heard) % _POOL, np.float32)
    if len(heard) > 2 * _AROUND:
        np.abs(np.diff(heard, 4), out=edge[2 : len(heard) - 2])
    pools = edge.reshape(-1, _POOL).max(axis=1)
    beside = np.pad(pools, 1)
    some = np.flatnonzero((pools > least) & (pools > _SHARP * np.minimum(beside[:-2], beside[2:])))
    places = some * _POOL + edge.reshape(-1, _POOL)[some].argmax(axis=1)
    inside = (places >= _AROUND) & (places < len(heard) - _AROUND)
    inside &= (places + start >= first) & (places + start < first + _PIECE)
    places = places[inside]
    around = edge[places[:, None] + np.arange(-_AROUND, _AROUND + 1)]
    middle = around[:, _AROUND]
    near = np.abs(np.arange(-_AROUND, _AROUND + 1)) <= _NARROW
    sharp = middle / np.maximum(around[:, ~near].max(axis=1), _TINY)
    good = (middle >= around.max(axis=1)) & (sharp > _SHARP)
    places, sharp = places[good], sharp[good]
    repaired = heard[places[:, None] + np.arange(-_NARROW - 2, _NARROW + 3)]
    four = repaired[:, [_NARROW, _NARROW + 1, _NARROW + 3, _NARROW + 4]]
    repaired[:, _NARROW + 2] = four @ np.array([-1, 4, 4, -1], np.float32) / 6
    left = np.abs(np.diff(repaired, 4, axis=1)).max(axis=1)
    return places + start, sharp, left < _ONE_SAMPLE * middle[good]
