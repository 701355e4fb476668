"""What MakeItTalk's networks hear: mel spectrum and pitch classes at 62.5 frames a second.

As published (Zhou et al. 2020, after Qian et al. 2020), except where that harms: the recording is never written to, its end
is padded so that the last window is heard, and the range of the pitch is estimated from the voice.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import signal

from ..hearing.audio import SAMPLE_RATE
from ..hearing.features import PITCH_RATE, pitch
from .files import MEL_BANDS

HOP = 256  # samples
FRAME_RATE = SAMPLE_RATE / HOP  # 62.5 frames a second
FFT_SIZE = 1024
MEL_RANGE = (90.0, 7600.0)  # Hz
PITCH_CLASSES = 257

_LEVEL = 0.1  # root mean square: -20 dB of full scale
_HIGH_PASS = 30.0  # Hz
_SETTLED = SAMPLE_RATE  # samples after which the filter has forgotten (its slowest pole decays by 10^-25 within them)
_BLOCK = 60 * SAMPLE_RATE
_FRAME_BLOCK = 4096
_FLOOR = 1e-5  # of the magnitude: -100 dB


def prepare(samples: np.ndarray, ahead: int) -> np.ndarray:
    """The signal that both mel and pitch are computed from.

    Gain to -20 dB (root mean square over the recording), ``ahead`` frames of silence at the end, Butterworth high-pass of
    order 5 at 30 Hz forwards and backwards, and the published dither of 10^-6 from ``RandomState(0)``.

    Args:
        samples: (N,) float32 at 16 kHz.
        ahead: frames that the networks look ahead.

    Returns:
        (M,) float32, M the smallest number of samples that gives N // 256 + 1 + ``ahead`` frames or more.
    """
    level = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    gain = _LEVEL / level if level > 1e-7 else 1.0
    # A length that is a multiple of the hop gets one sample more, as published.
    length = len(samples) + ahead * HOP
    length += 1 if length % HOP == 0 else 0
    padded = np.zeros(length, np.float32)
    np.multiply(samples, np.float32(gain), out=padded[: len(samples)])
    numerator, denominator = signal.butter(5, _HIGH_PASS / (SAMPLE_RATE / 2), btype="high")
    random = np.random.RandomState(0)
    result = np.empty(length, np.float32)
    # In blocks with margins that the filter forgets in, so that an hour does not stand in memory several times.
    for first in range(0, length, _BLOCK):
        last = min(first + _BLOCK, length)
        start, stop = max(first - _SETTLED, 0), min(last + _SETTLED, length)
        filtered = signal.filtfilt(numerator, denominator, padded[start:stop].astype(np.float64))
        dither = (random.random_sample(last - first) - 0.5) * 1e-6
        result[first:last] = filtered[first - start : last - start] * 0.95 + dither
    return result


def mel_spectrum(prepared: np.ndarray) -> np.ndarray:
    """(M,) signal → (T, 80) float32 mel magnitude in dB, scaled so that -84 dB is 0 and +16 dB is 1; T = M // 256 + 1.

    Frames of 1024 samples centred on ``i * 256`` (reflected at the ends), periodic Hann window, magnitude, mel filters,
    ``(20 log10(max(1e-5, m)) - 16 + 100) / 100``.
    """
    filters = slaney_filters(FFT_SIZE, MEL_BANDS, *MEL_RANGE)
    window = signal.get_window("hann", FFT_SIZE).astype(np.float32)
    padded = np.pad(prepared, FFT_SIZE // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT_SIZE)[::HOP]
    result = np.empty((len(frames), MEL_BANDS), np.float32)
    for first in range(0, len(frames), _FRAME_BLOCK):
        spectra = np.abs(np.fft.rfft(frames[first : first + _FRAME_BLOCK] * window, axis=1))
        bands = np.maximum(spectra @ filters, _FLOOR)
        result[first : first + _FRAME_BLOCK] = (20 * np.log10(bands) - 16 + 100) / 100
    return result


@lru_cache(maxsize=2)
def slaney_filters(size: int, bands: int, lowest: float, highest: float) -> np.ndarray:
    """(size // 2 + 1, bands) triangles from ``lowest`` to ``highest`` Hz on Slaney's mel scale, each of unit area.

    Source: Slaney, *Auditory Toolbox* 2, Interval Research TR 1998-010: linear below 1 kHz (66.67 Hz a mel), above it
    27 mel for a factor of 6.4.
    """
    step, knee = 200.0 / 3, 1000.0
    growth = np.log(6.4) / 27

    def to_mel(hertz: np.ndarray) -> np.ndarray:
        high = knee / step + np.log(np.maximum(hertz, knee) / knee) / growth
        return np.where(hertz < knee, hertz / step, high)

    def to_hertz(mel: np.ndarray) -> np.ndarray:
        return np.where(mel < knee / step, mel * step, knee * np.exp(growth * (mel - knee / step)))

    low, high = to_mel(np.array([lowest, highest]))
    edges = to_hertz(np.linspace(low, high, bands + 2))
    bins = np.arange(size // 2 + 1)[:, None] * (SAMPLE_RATE / size)
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.clip(np.minimum(rising, falling), 0, None) * (2 / (edges[2:] - edges[:-2]))


def pitch_classes(prepared: np.ndarray, frames: int) -> np.ndarray:
    """(frames,) int64: 0 where there is no voice, else 1 … 256 from two deviations below the voice's mean to two above.

    The logarithm of F0 is normalised over this recording's voiced frames: ``(log F0 - mean) / deviation / 4``, clipped to
    ±1 and moved to 0 … 1; the class is ``round(255 x) + 1``. F0 is `features.pitch`, whose range follows the voice.
    """
    f0 = pitch(prepared)
    nearest = np.minimum(np.round(np.arange(frames) * (PITCH_RATE / FRAME_RATE)).astype(int), len(f0) - 1)
    voiced = f0 > 0
    classes = np.zeros(frames, np.int64)
    if not voiced.any():
        return classes
    logarithm = np.log(f0, out=np.zeros(len(f0)), where=voiced)
    mean, deviation = logarithm[voiced].mean(), max(float(logarithm[voiced].std()), 1e-6)
    # Voiced frames between two of ours take the pitch between them; the voicing itself is the nearest one's.
    index = np.flatnonzero(voiced)
    curve = np.interp(np.arange(frames) * (PITCH_RATE / FRAME_RATE), index, logarithm[index])
    scaled = (np.clip((curve - mean) / deviation / 4, -1, 1) + 1) / 2
    return np.where(voiced[nearest], np.round(scaled * 255).astype(np.int64) + 1, classes)
