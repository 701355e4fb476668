"""What ATC_net hears: mel-frequency cepstra, 100 a second, seven frames of 40 ms around each frame of the film.

Davis and Mermelstein, *Comparison of parametric representations for monosyllabic word recognition in continuously spoken
sentences* (IEEE TASSP 28(4), 1980), with the parameters of the package python_speech_features, which the published system uses.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.fft import dct

from ..hearing.audio import SAMPLE_RATE

COEFFICIENTS: Final = 12
ROWS: Final = 28
"""Cepstra that one frame of the film hears."""
_PER_FRAME: Final = 4
_WINDOW, _STEP = 400, 160  # samples
_SPECTRUM, _BANDS, _LIFTER, _EMPHASIS = 512, 26, 22, 0.97
_SILENCE: Final = 1920
"""Samples before and after the recording."""
_FULL_SCALE: Final = 32768.0


def windows(samples: np.ndarray) -> np.ndarray:
    """(N,) float32 at 16 kHz → (T, 28, 12) float32, T frames of 40 ms; the last begins before the end of the sound."""
    padded = np.pad(np.asarray(samples, np.float64) * _FULL_SCALE, _SILENCE)
    heard = cepstra(padded)
    frames = max(-(-len(samples) // (_PER_FRAME * _STEP)), 1)
    rows = np.arange(frames)[:, None] * _PER_FRAME + np.arange(ROWS)
    return heard[np.minimum(rows, len(heard) - 1)].astype(np.float32)


def cepstra(samples: np.ndarray) -> np.ndarray:
    """(N,) samples at 16 kHz in 16-bit steps → (T, 12) float64, 100 a second: the first thirteen without their first."""
    emphasised = np.append(samples[:1], samples[1:] - _EMPHASIS * samples[:-1])
    count = 1 + max(-(-(len(samples) - _WINDOW) // _STEP), 0)
    emphasised = np.pad(emphasised, (0, max((count - 1) * _STEP + _WINDOW - len(emphasised), 0)))
    frames = np.lib.stride_tricks.sliding_window_view(emphasised, _WINDOW)[::_STEP][:count]
    power = np.abs(np.fft.rfft(frames, _SPECTRUM, axis=1)) ** 2 / _SPECTRUM
    bands = power @ _filters().T
    logarithms = np.log(np.where(bands == 0, np.finfo(float).eps, bands))
    lifted = 1 + _LIFTER / 2 * np.sin(np.pi * np.arange(COEFFICIENTS + 1) / _LIFTER)
    return np.asarray(dct(logarithms, type=2, axis=1, norm="ortho")[:, : COEFFICIENTS + 1] * lifted)[:, 1:]


def _filters() -> np.ndarray:
    """(26, 257) triangles between whole bins, evenly spaced in mel of ``2595 log10(1 + f / 700)`` up to 8 kHz."""
    top = 2595 * np.log10(1 + SAMPLE_RATE / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, _BANDS + 2) / 2595) - 1)
    bins = np.floor((_SPECTRUM + 1) * edges / SAMPLE_RATE)
    places = np.arange(_SPECTRUM // 2 + 1)
    low, middle, high = bins[:-2, None], bins[1:-1, None], bins[2:, None]
    rising = (places >= low) & (places < middle)
    falling = (places >= middle) & (places < high)
    with np.errstate(divide="ignore", invalid="ignore"):
        up, down = (places - low) / (middle - low), (high - places) / (high - middle)
    return np.where(rising, up, np.where(falling, down, 0.0))
