"""Other sampling rates: a windowed-sinc low-pass filter, a block at a time. numpy only.

Source: J. O. Smith, *Digital Audio Resampling Home Page*, CCRMA, Stanford: a filter that is tabulated finely and interpolated
between the rows serves every rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np

Reader = Callable[[int, int], np.ndarray]
"""Reads mono samples [first, last), float32."""

_ZERO_CROSSINGS = 16  # of the sinc on either side
_BETA = 8.0  # of the Kaiser window
_MANY_PHASES = 64  # from here on a matrix product a phase is slower than the table
_ROWS = 512  # of the table, from one input sample to the next: interpolating between them errs by -100 dB
_BLOCK = 1 << 20  # samples handled at a time, about
_GATHERED = 1 << 18  # numbers that the table's windows take at a time: what a core's cache holds


def resample(samples: np.ndarray, rate: int, new_rate: int) -> np.ndarray:
    """Change the sampling rate.

    Args:
        samples: (N,) float32.
        rate, new_rate: Hz, any whole numbers from 1 on.

    Returns:
        (ceil(N * new_rate / rate),) float32.
    """
    return resample_blocks(lambda first, last: samples[first:last], len(samples), rate, new_rate)


def resample_blocks(read: Reader, frames: int, rate: int, new_rate: int) -> np.ndarray:
    """`resample`, reading so many frames of input a block at a time."""
    ratio = Fraction(new_rate, rate)
    up, down = ratio.numerator, ratio.denominator
    result = np.empty(-(-frames * up // down), np.float32)
    if up == down:
        for first in range(0, frames, _BLOCK):
            result[first : first + _BLOCK] = read(first, min(first + _BLOCK, frames))
        return result
    cutoff = min(1.0, up / down)  # of the input's Nyquist frequency
    reach = int(np.ceil(_ZERO_CROSSINGS / cutoff))
    filtered = _by_phases if up <= _MANY_PHASES else _by_table
    step = max(1, (1 << 16) // up) * up  # whole periods of phases, so that every block has the same layout
    for places, values in filtered(_Input(read, frames, reach), len(result), (up, down), cutoff, step):
        result[places] = values
    return result


class _Input:
    """The samples around places of the input, zeros beyond its ends."""

    def __init__(self, read: Reader, frames: int, reach: int) -> None:
        self.reach = reach
        self.taps = np.arange(-reach + 1, reach + 1)
        self._read, self._frames = read, frames

    def windows(self, base: int, end: int) -> np.ndarray:
        """(end - base, 2 reach): those around each of the samples [base, end)."""
        first, last = base - self.reach + 1, end + self.reach
        piece = np.zeros(last - first, np.float32)
        low, high = max(first, 0), min(last, self._frames)
        if high > low:
            piece[low - first : high - first] = self._read(low, high)
        return np.lib.stride_tricks.sliding_window_view(piece, len(self.taps))


def _by_phases(
    sound: _Input, count: int, ratio: tuple[int, int], cutoff: float, step: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Output samples of the same phase share one filter: one matrix product a phase and block."""
    up, down = ratio
    kernels = [_kernel(sound.taps - (phase * down % up) / up, cutoff, sound.reach) for phase in range(up)]
    for start in range(0, count, step):
        stop = min(start + step, count)
        base = start * down // up
        windows = sound.windows(base, (stop - 1) * down // up + 1)
        for phase in range(min(up, stop - start)):
            outputs = np.arange(start + phase, stop, up, dtype=np.int64)
            yield outputs, windows[outputs * down // up - base] @ kernels[phase]


def _by_table(
    sound: _Input, count: int, ratio: tuple[int, int], cutoff: float, step: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Every output sample has a phase of its own: the filter is interpolated between the rows of a table."""
    up, down = ratio
    phases = np.arange(_ROWS + 1)[:, None] / _ROWS
    table = _kernel(sound.taps - phases, cutoff, sound.reach)
    slopes = np.diff(table, axis=0)
    step = min(step, max(1, _GATHERED // len(sound.taps)))
    for start in range(0, count, step):
        outputs = np.arange(start, min(start + step, count), dtype=np.int64)
        whole, rest = np.divmod(outputs * down, up)
        row = rest * (_ROWS / up)
        below = row.astype(np.intp)
        windows = sound.windows(int(whole[0]), int(whole[-1]) + 1)[whole - whole[0]]
        value = np.einsum("ij,ij->i", windows, table[below])
        value += (row - below).astype(np.float32) * np.einsum("ij,ij->i", windows, slopes[below])
        yield outputs, value


def _kernel(place: np.ndarray, cutoff: float, reach: int) -> np.ndarray:
    """Kaiser-windowed sinc at the given distances in input samples, float32."""
    window = np.i0(_BETA * np.sqrt(np.clip(1 - (place / reach) ** 2, 0, 1))) / np.i0(_BETA)
    return np.asarray(cutoff * np.sinc(cutoff * place) * window, np.float32)
