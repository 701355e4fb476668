"""Clicks of one sample, as scratches, bad clocks and lost samples of a digital line make: taken out before anybody listens.

A click sounds in all bands, and so it is a burst to whoever listens to 25 ms. Next to it the voice goes on as if nothing had
been: there the fourth differences of its samples are many times smaller. Plosives go on for some milliseconds, and a throat
rings. Where a recording has several, each is replaced by what the sound around it predicts (`prediction.py`). A recording
without any is left as it is, bit for bit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .audio import SAMPLE_RATE
from .prediction import REACH, predicted
from .sources import peak_of

_POOL = 128  # samples of which the sharpest is looked at
_PIECE = 1 << 15  # samples handled at a time: what a core's cache holds, and longer than `_SELDOM`
_LONG = 30  # pieces, a minute: of more than these every third is looked at first, and the others if that one clicks
_EVERY = 3
_TOGETHER = 4096  # pools that are looked at closely at a time
_NARROW = 6  # samples on either side that a click may take up where it was resampled
_AROUND = 24  # and in which nothing else may be so sharp
_LEAST = 0.02 * 6  # of the recording's highest sample: a softer click changes no band that is heard
_SHARP = 5.0  # times the fourth differences around it: a click, in a recording that clicks
_SURE = 11.0  # the same of one that tells that it does: of 106 recordings of people 103 have nothing above 10
_FEWEST = 4  # of those in a recording, and one in so many seconds: an edge of a file is a click, too
_SELDOM = 2.0
_ONE_SAMPLE = 0.12  # of a click's fourth difference, beside it when one sample is replaced: it was wider
_WIDE = 4  # samples on either side that are found again where it was resampled
_BESIDE = 64  # samples beyond a piece's `REACH`, more than a click takes up: both its sides are there
_LOWEST = 40.0  # Hz: clicks at an even interval are a tone from there on
_EVEN = 0.02  # of that interval
_MOST_MISSED = 16  # intervals between two that stick out from their pools
_ALIKE = 0.3  # of the median height: lost samples of a voice are of any height
_MOST = 0.8  # of the clicks
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
    result = samples.copy()
    for first in range(0, len(samples), _PIECE):
        begin, end = max(first - REACH - _BESIDE, 0), first + _PIECE + REACH + _BESIDE
        near = slice(*np.searchsorted(places, (begin - _WIDE, end + _WIDE)).tolist())
        heard = samples[begin:end]
        lost = _lost(places[near] - begin, single[near], len(heard))
        if lost[first - begin : first - begin + _PIECE].any():
            guess = heard.copy()
            guess[lost] = np.interp(np.flatnonzero(lost), np.flatnonzero(~lost), heard[~lost])
            before = min(first, REACH)
            piece = slice(first - before - begin, first + _PIECE + REACH - begin)
            bound = np.full(len(guess[piece]), 2 * peak_of(guess[piece]))
            told = predicted(guess[piece], lost[piece], -bound, bound)
            result[first : first + _PIECE] = told[before : before + _PIECE]
    return result


def _lost(places: np.ndarray, single: np.ndarray, count: int) -> np.ndarray:
    """(``count``,) bool which samples (K,) clicks took up, those of one sample and wider ones; they may lie outside."""
    reach = np.arange(-_WIDE, _WIDE + 1)
    taken = np.concatenate([places[single], (places[~single, None] + reach).ravel()])
    lost = np.zeros(count, bool)
    lost[taken[(taken >= 0) & (taken < count)]] = True
    return lost


def _clicks(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(K,) int where single samples stick out, and (K,) bool whether one sample alone does; none where too few surely do."""
    least = _LEAST * peak_of(samples)
    sharpest = np.zeros(-(-len(samples) // _POOL), np.float32)
    pieces: Sequence[int] = range(0, len(samples), _PIECE)
    none = np.zeros(0, int), np.zeros(0, bool)
    if len(pieces) > _LONG:
        _look(samples, pieces[::_EVERY], sharpest)
        if not (_sharp(samples, sharpest, least)[1] > _SURE).any():
            return none
        pieces = [first for number, first in enumerate(pieces) if number % _EVERY]
    _look(samples, pieces, sharpest)
    places, sharp, single = _sharp(samples, sharpest, least)
    sure = np.count_nonzero(sharp > _SURE)
    if sure < _FEWEST or sure * _SELDOM * SAMPLE_RATE < len(samples):
        return none
    return none if _is_a_tone(samples, places) else (places, single)


def _is_a_tone(samples: np.ndarray, places: np.ndarray) -> bool:
    """Whether most of (K,) clicks are alike and come at multiples of one short interval: the edges of a saw or a square."""
    apart = np.diff(places)
    interval = float(np.percentile(apart, 10))
    if not 0 < interval < SAMPLE_RATE / _LOWEST:
        return False
    for _ in range(2):  # more exactly by those that are several intervals apart
        times = np.rint(apart / interval)
        some = (times > 0) & (times <= _MOST_MISSED)
        interval = float(apart[some].sum() / times[some].sum())
    even = np.abs(apart - interval * np.rint(apart / interval)) <= 1 + _EVEN * interval
    heights = _edges(samples, places, 0, 0)
    alike = np.abs(heights / np.median(heights) - 1) <= _ALIKE
    return bool(even.mean() > _MOST and alike.mean() > _MOST)


def _look(samples: np.ndarray, pieces: Sequence[int], sharpest: np.ndarray) -> None:
    """Note, in place, the largest fourth difference in each (N / `_POOL`,) pool of the pieces that begin at some samples."""
    edge, steps = np.zeros(_PIECE, np.float32), np.empty((2, _PIECE + 3), np.float32)
    for first in pieces:
        heard = samples[max(first - 2, 0) : first + _PIECE + 2]
        count = len(heard)
        if count < _POOL:
            continue
        once, twice, thrice = steps[0, : count - 1], steps[1, : count - 2], steps[0, : count - 3]
        np.subtract(heard[1:], heard[:-1], out=once)
        np.subtract(once[1:], once[:-1], out=twice)
        np.subtract(twice[1:], twice[:-1], out=thrice)
        begin = 0 if first else 2
        inner = edge[begin : begin + count - 4]
        np.abs(np.subtract(thrice[1:], thrice[:-1], out=inner), out=inner)
        edge[begin + count - 4 :] = 0
        pools = sharpest[first // _POOL : (first + _PIECE) // _POOL]
        pools[:] = edge.reshape(-1, _POOL).max(axis=1)[: len(pools)]


def _sharp(
    samples: np.ndarray, sharpest: np.ndarray, least: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What sticks out, by the largest fourth difference of each pool: places, how many times as sharp as around, whether
    one sample does."""
    beside = np.pad(sharpest, 1)
    some = np.flatnonzero((sharpest > least) & (sharpest > _SHARP * np.minimum(beside[:-2], beside[2:])))
    blocks = [some[first : first + _TOGETHER] for first in range(0, max(len(some), 1), _TOGETHER)]
    places, sharp, single = (
        np.concatenate(each) for each in zip(*(_sharp_in(samples, block) for block in blocks))
    )
    return places, sharp, single


def _sharp_in(samples: np.ndarray, pools: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What sticks out in some pools, see `_sharp`."""
    places = pools * _POOL + _edges(samples, pools * _POOL, 0, _POOL - 1).argmax(axis=1)
    places = places[(places >= _AROUND + 2) & (places < len(samples) - _AROUND - 2)]
    around = _edges(samples, places, -_AROUND, _AROUND)
    middle = around[:, _AROUND]
    near = np.abs(np.arange(-_AROUND, _AROUND + 1)) <= _NARROW
    sharp = middle / np.maximum(around[:, ~near].max(axis=1), _TINY)
    good = (middle >= around.max(axis=1)) & (sharp > _SHARP)
    places, sharp = places[good], sharp[good]
    repaired = samples[places[:, None] + np.arange(-_NARROW - 2, _NARROW + 3)]
    four = repaired[:, [_NARROW, _NARROW + 1, _NARROW + 3, _NARROW + 4]]
    repaired[:, _NARROW + 2] = four @ np.array([-1, 4, 4, -1], np.float32) / 6
    left = np.abs(np.diff(repaired, 4, axis=1)).max(axis=1)
    return places, sharp, left < _ONE_SAMPLE * middle[good]


def _edges(samples: np.ndarray, places: np.ndarray, first: int, last: int) -> np.ndarray:
    """(K, M) how large the fourth difference is from so many samples behind each of (K,) places to so many; 0 at the ends."""
    inside = places[:, None] + np.arange(first - 2, last + 3)
    edges = np.abs(np.diff(samples[np.clip(inside, 0, len(samples) - 1)], 4, axis=1))
    return np.where((inside[:, :-4] >= 0) & (inside[:, 4:] < len(samples)), edges, 0)
