"""What DAVS hears: mel-frequency cepstra, 100 a second, twenty of them around each frame of 40 ms.

Davis and Mermelstein, *Comparison of parametric representations for monosyllabic word recognition in continuously spoken
sentences* (IEEE TASSP 28(4), 1980), as the HTK Book (Young et al. 2006) has them, with the parameters of the published system.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ..hearing.audio import SAMPLE_RATE

COEFFICIENTS: Final = 12
ROWS: Final = 20
"""Cepstra that one frame of the film hears."""
_PER_FRAME, _BEFORE = 4, 8
_WINDOW, _STEP, _SPECTRUM = 400, 160, 512  # samples
_BANDS, _LOW, _HIGH = 13, 300.0, 3700.0
_LIFTER, _EMPHASIS, _FULL_SCALE = 22, 0.97, 32768.0


def windows(samples: np.ndarray) -> np.ndarray:
    """(N,) float32 at 16 kHz → (T, 20, 12) float32, T frames of 40 ms; the last begins before the end of the sound.

    Frame t hears the rows 4t − 8 to 4t + 11; before the first and after the last row, these stand in.
    """
    heard = cepstra(np.asarray(samples, np.float64) * _FULL_SCALE)
    frames = max(-(-len(samples) // (_PER_FRAME * _STEP)), 1)
    rows = np.arange(frames)[:, None] * _PER_FRAME - _BEFORE + np.arange(ROWS)
    return heard[np.clip(rows, 0, len(heard) - 1)].astype(np.float32)


def cepstra(samples: np.ndarray) -> np.ndarray:
    """(N,) samples at 16 kHz in 16-bit steps → (T, 12) float64, 100 a second: the first thirteen without their first."""
    samples = np.pad(samples, (0, max(_WINDOW - len(samples), 0)))
    emphasised = np.append(samples[:1], samples[1:] - _EMPHASIS * samples[:-1])
    frames = np.lib.stride_tricks.sliding_window_view(emphasised, _WINDOW)[::_STEP] * np.hamming(_WINDOW)
    bands = np.abs(np.fft.rfft(frames, _SPECTRUM, axis=1)) @ _filters().T
    # Digital silence has no logarithm: the steps of 16 bits stand in.
    logarithms = np.log(np.maximum(bands, 1.0))
    order = np.arange(COEFFICIENTS + 1)
    cosines = np.sqrt(2 / _BANDS) * np.cos(order[:, None] * np.pi * (np.arange(_BANDS) + 0.5) / _BANDS)
    lifted = 1 + _LIFTER / 2 * np.sin(np.pi * order / _LIFTER)
    return np.asarray(logarithms @ cosines.T * lifted)[:, 1:]


def _filters() -> np.ndarray:
    """(13, 257) triangles of height 1, evenly spaced in mel of ``1127 ln(1 + f / 700)`` from 300 to 3700 Hz."""
    low_mel, high_mel = (1127 * np.log(1 + hertz / 700) for hertz in (_LOW, _HIGH))
    edges = 700 * np.exp(np.linspace(low_mel, high_mel, _BANDS + 2) / 1127) - 700
    frequencies = np.linspace(0, SAMPLE_RATE / 2, _SPECTRUM // 2 + 1)
    low, middle, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (frequencies - low) / (middle - low), (high - frequencies) / (high - middle)
    return np.maximum(np.minimum(rising, falling), 0.0)
