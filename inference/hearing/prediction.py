"""Samples that a recording lost, as linear prediction of what is around them has them.

Voices are all but the sum of what they just were and a little that is new. So of all that the lost samples may have been, the
likeliest is what leaves the least that is new: a few linear equations for each stretch. What predicts is learned from the
stretch itself, and so both are found in turn (Janssen, Veldhuis and Vries 1986, *Adaptive interpolation of discrete-time signals
that can be modeled as autoregressive processes*). All stretches are solved beside each other.
"""

from __future__ import annotations

import numpy as np

_ORDER = 32  # samples that the next one is predicted from: 2 ms, the resonances of a throat
_WINDOW = 1024  # samples around a stretch from which its prediction is learned: 64 ms
REACH = _WINDOW // 2
"""Samples on either side of a stretch that say what was lost in it."""
_STRETCH = 128  # samples that are solved at once
_TOGETHER = 64  # stretches that are handled at a time
_ROUNDS = 3  # in which prediction and samples are found in turn
_WHITE = 1e-4  # of a stretch's power, as noise in what predicts: keeps it stable
_KEPT = 3e-4  # what it weighs, beside what is new, that a sample stays where it began
_TINY = 1e-20

_LAGS = np.arange(_ORDER + 1)
_TOEPLITZ = np.abs(_LAGS[:-1, None] - _LAGS[:-1])


def predicted(samples: np.ndarray, lost: np.ndarray, least: np.ndarray, most: np.ndarray) -> np.ndarray:
    """A recording with its lost samples found again.

    Args:
        samples: (N,) at any rate, with a first guess of what was lost.
        lost: (N,) bool.
        least, most: (N,) bounds of what was lost.

    Returns:
        (N,) float32: what was not lost as it was.
    """
    missing = -len(samples) % _STRETCH
    sound = np.pad(np.asarray(samples, np.float64), (REACH, REACH + missing))
    flags = np.pad(lost, (0, missing)).reshape(-1, _STRETCH)
    counts = flags.sum(axis=1)
    stretches = np.argsort(counts, kind="stable")[np.count_nonzero(counts == 0) :]  # alike ones together
    guess = sound.copy()
    for _ in range(_ROUNDS):
        for first in range(0, len(stretches), _TOGETHER):
            some = stretches[first : first + _TOGETHER]
            places, there, values = _solved(sound, some * _STRETCH + REACH, flags[some], guess)
            inner = places[there] - REACH
            sound[places[there]] = np.clip(values[there], least[inner], most[inner])
    result = np.array(samples, np.float32)
    result[lost] = sound[REACH : REACH + len(samples)][lost]
    return result


def _solved(
    sound: np.ndarray, starts: np.ndarray, lost: np.ndarray, kept: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What was lost in some stretches.

    Args:
        sound: (M,) with `REACH` more on either side.
        starts: (S,) where in it they begin.
        lost: (S, `_STRETCH`) bool.
        kept: (M,) the first guess.

    Returns:
        (S, K) places in ``sound``, whether each is one that was lost, and its value.
    """
    innovation = _innovation(sound, starts)
    counts = lost.sum(axis=1)
    width = counts.max()
    inside = np.argsort(~lost, axis=1, kind="stable")[:, :width]
    places, there = starts[:, None] + inside, np.arange(width) < counts[:, None]
    apart = np.minimum(np.abs(inside[:, :, None] - inside[:, None, :]), _ORDER + 1)
    rows = np.arange(len(starts))[:, None, None]
    equations = np.where(there[:, :, None] & there[:, None, :], innovation[rows, apart], 0)
    stays = _KEPT * innovation[:, :1]
    equations[:, np.arange(width), np.arange(width)] += np.where(there, stays, 1)
    around = sound[starts[:, None] + np.arange(-_ORDER, _STRETCH + _ORDER)]
    around[:, _ORDER:-_ORDER][lost] = 0
    kernel = np.concatenate([innovation[:, _ORDER:0:-1], innovation[:, : _ORDER + 1]], axis=1)
    known = np.lib.stride_tricks.sliding_window_view(around, 2 * _ORDER + 1, axis=1) @ kernel[:, :, None]
    told = stays * kept[places] - np.take_along_axis(known[..., 0], inside, axis=1)
    return places, there, np.linalg.solve(equations, np.where(there, told, 0)[..., None])[..., 0]


def _innovation(sound: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """(S, `_ORDER` + 2) what the product of two samples so far apart adds to the power of what is new; 0 at the last."""
    middle = starts[:, None] + _STRETCH // 2 + np.arange(-_WINDOW // 2, _WINDOW // 2)
    spectra = np.abs(np.fft.rfft(sound[middle] * np.hanning(_WINDOW), 2 * _WINDOW, axis=1)) ** 2
    likeness = np.fft.irfft(spectra, axis=1)[:, : _ORDER + 1]
    likeness /= np.maximum(likeness[:, :1], _TINY)
    likeness[:, 0] += _WHITE
    filters = np.ones((len(starts), _ORDER + 1))
    filters[:, 1:] = np.linalg.solve(likeness[:, _TOEPLITZ], -likeness[:, 1:, None])[..., 0]
    sums = [(filters[:, : _ORDER + 1 - lag] * filters[:, lag:]).sum(axis=1) for lag in _LAGS]
    return np.stack([*sums, np.zeros(len(starts))], axis=1)
