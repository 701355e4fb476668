"""Wind, handling, traffic, a drifting converter: what is too slow to be heard is taken out where it is strong.

It is no sound, but each short spectrum has a little of it in its lowest bands, and of much a lot: those are then as loud in a
pause as in a vowel. A recording in which nothing so slow is louder than the rest is left as it is, bit for bit.
"""

from __future__ import annotations

import numpy as np

from .audio import SAMPLE_RATE

_POOL = 40  # samples that are looked at as one: 400 a second
_CUT = 40.0  # Hz: the lowest voices have 50, and `features.MEL_RANGE` begins at 60
_REACH = 50  # pools on either side: an eighth of a second, and so sharp an edge
_TAPS = np.arange(-3, 4)  # pools between which samples lie: a polynomial through them (Lagrange)
_TIMES = 2  # what is left after once is as small again beside it
_MOMENT = 3 * SAMPLE_RATE // _POOL  # pools in which it is looked for
_STRONG = 1.0  # times the power of all else: less changes hardly any band
_PIECE = 1 << 14  # pools handled at a time: an hour never stands in memory twice more
_TINY = 1e-12


def infrasound_removed(samples: np.ndarray, among: np.ndarray | None = None) -> np.ndarray:
    """What of a recording can be heard.

    Args:
        samples: (N,) float32 at 16 kHz.
        among: (M,) more of the same recording, where that says better whether what is slow is strong.

    Returns:
        (N,) float32; ``samples`` itself where what is slow is nowhere strong.
    """
    if not _is_strong(samples if among is None else among):
        return samples
    result = samples.copy()
    for _ in range(_TIMES):
        # One more at the end, for what is left of a pool.
        slow = np.pad(_slow(result), (-_TAPS[0], _TAPS[-1] + 1), mode="edge")
        around = np.lib.stride_tricks.sliding_window_view(slow, len(_TAPS))
        for first in range(0, len(around), _PIECE):
            part = result[first * _POOL : (first + _PIECE) * _POOL]
            part -= (around[first : first + _PIECE] @ _between()).ravel()[: len(part)]
    return result


def _slow(samples: np.ndarray) -> np.ndarray:
    """(N / `_POOL`,) float32 what is slower than `_CUT`: a windowed sinc; beyond the ends, the last one goes on."""
    pools = samples[: len(samples) // _POOL * _POOL].reshape(-1, _POOL).mean(axis=1)
    offsets = np.arange(-_REACH, _REACH + 1)
    kernel = np.sinc(2 * _CUT * _POOL / SAMPLE_RATE * offsets) * np.hanning(len(offsets) + 2)[1:-1]
    around = np.pad(pools, _REACH, mode="edge")
    return np.convolve(around, (kernel / kernel.sum()).astype(np.float32), mode="valid")


def _between() -> np.ndarray:
    """(`_TAPS`, `_POOL`) float32 what each pool adds to each sample of the one in the middle."""
    places = (np.arange(_POOL) + 0.5) / _POOL - 0.5
    others = [np.delete(_TAPS, number) for number in range(len(_TAPS))]
    rows = [
        np.prod((places[:, None] - rest) / (tap - rest), axis=1) for tap, rest in zip(_TAPS.tolist(), others)
    ]
    return np.array(rows, np.float32)


def _is_strong(samples: np.ndarray) -> bool:
    """Whether what is slow has more power anywhere than all else of the recording has in the mean."""
    if len(samples) < _POOL:
        return False
    power = float(np.vdot(samples, samples)) / len(samples)
    moves = np.square(_slow(samples))
    moments = np.add.reduceat(moves, np.arange(0, len(moves), _MOMENT)) / min(_MOMENT, len(moves))
    return float(moments.max()) > _STRONG * max(power - float(moves.mean()), _TINY)
