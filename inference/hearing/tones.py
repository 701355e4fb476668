"""What tones a sound has and how steady they are: a throat trembles and glides, a machine or a key of an organ does not.

The encoder of phones hears neither: its bands are wide, and a vowel is the same vowel on any pitch. numpy only; a fifth of a
second for five minutes of sound.
"""

from __future__ import annotations

import numpy as np

from ..face.curves import ramp
from .audio import SAMPLE_RATE
from .features import windows_around

TONE_RATE = 50.0  # frames a second

_RATE = SAMPLE_RATE // 2
_HOP = round(_RATE / TONE_RATE)
_WINDOW = 512  # samples: 64 ms, three periods at 50 Hz
_BLOCK = 512  # frames handled at a time: what a core's cache holds
_BANDS = (60.0, 400.0, 1000.0, 2000.0, 3900.0)  # Hz between which steadiness is told
_SPREAD_BANDS = (60.0, 1000.0, 3900.0)  # and how many tones there are
_TAPER = 2500.0  # Hz: harmonics above it make peaks too narrow to be seen between two lags
_LAGS = np.arange(8, 163)  # 50 to 1000 Hz
_PER_OCTAVE = (
    0.04  # a longer lag must be better than a shorter one: every multiple of the period correlates as well
)
_UNVOICED, _VOICED = 0.35, 0.65  # height of the peak
_MIDDLE_PITCH = 200.0  # Hz
_REACHES = (1, 5, 12)  # frames on either side between which the pitch is compared
_STEPS = (1, 3)  # and between which phases are
_LEAST_CHANGE, _MOST_CHANGE = 3e-4, 0.3  # octaves
_TINY = 1e-9

TONE_FEATURES = 2 + len(_REACHES) + len(_STEPS) * (len(_BANDS) - 1) + 1 + len(_SPREAD_BANDS) - 1


def tones(samples: np.ndarray) -> np.ndarray:
    """(N,) float32 at 16 kHz → (N // 320 + 1, 16) float32 at `TONE_RATE`, each about −1…1 and the same at every gain.

    In this order: how periodic the sound is, 0…1; its pitch in octaves beside 200 Hz; how still the pitch is over 40, 200 and
    480 ms (0: a third of an octave, 1: it does not move); how far the phases in four bands go on turning as they did for 20 ms,
    and for 60 ms (1: tones that stand absolutely still, 0: noise, or tones that move); the largest share that one frequency
    has of the power; over how many it spreads, in two bands. Pitch and stillness are 0 where there is no pitch.
    """
    count = len(samples) // 2 // _HOP + 1
    height, octave = np.zeros(count, np.float32), np.zeros(count, np.float32)
    rest = np.zeros((count, TONE_FEATURES - 2 - len(_REACHES)), np.float32)
    for first in range(0, count, _BLOCK):
        last = min(first + _BLOCK, count)
        most = max(_STEPS)
        spectra = _spectra(samples, first - most, last + most)
        now = spectra[most:-most]
        power = np.square(now.real) + np.square(now.imag)
        height[first:last], octave[first:last] = _pitch(power)
        steady = [
            _steadiness(spectra[most - step :][: len(now)], now, spectra[most + step :][: len(now)])
            for step in _STEPS
        ]
        rest[first:last] = np.concatenate([*steady, _spread(power)], axis=1)
    voiced = ramp(height, _UNVOICED, _VOICED)
    still = [_stillness(octave, voiced, reach) for reach in _REACHES]
    return np.column_stack([height, voiced * octave, *still, rest]).astype(np.float32)


def _spectra(samples: np.ndarray, first: int, last: int) -> np.ndarray:
    """(last - first, 257) complex64 of (N,) samples at 16 kHz, heard at half their rate."""
    frames = windows_around(samples, first, last, _HOP, _WINDOW, halved=True)
    frames = (frames - frames.mean(axis=1, keepdims=True)) * np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    return np.fft.rfft(frames, axis=1).astype(np.complex64)


def _pitch(power: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(T, 257) → (T,) height of the autocorrelation's peak, 0…1, and (T,) octaves beside `_MIDDLE_PITCH` (Boersma 1993)."""
    window = np.hanning(_WINDOW + 1)[:-1]
    own = np.fft.irfft(np.abs(np.fft.rfft(window)) ** 2)[: _LAGS[-1] + 2]
    taper = (1 / (1 + (_hertz() / _TAPER) ** 4)).astype(np.float32)
    correlation = np.fft.irfft(power * taper, axis=1)[:, : _LAGS[-1] + 2].astype(np.float32)
    correlation *= (own[0] / own).astype(np.float32) / np.maximum(correlation[:, :1], _TINY)
    best = (correlation[:, _LAGS] - (_PER_OCTAVE * np.log2(_LAGS / _LAGS[0])).astype(np.float32)).argmax(
        axis=1
    )
    lag, rows = _LAGS[best], np.arange(len(power))
    before, middle, after = (correlation[rows, lag + offset] for offset in (-1, 0, 1))
    bend = before - 2 * middle + after
    peak = (middle >= before) & (middle >= after) & (bend < 0)
    shift = np.where(peak, 0.5 * (before - after) / np.where(bend < 0, bend, -1), 0)
    height = np.where(peak, np.clip(middle - 0.25 * (before - after) * shift, 0, 1), 0)
    return height, np.log2(_RATE / (lag + shift) / _MIDDLE_PITCH)


def _stillness(octave: np.ndarray, voiced: np.ndarray, reach: int) -> np.ndarray:
    """(T,) 0…1: how little the pitch differs so many frames before and after, on a logarithmic scale."""
    around, there = np.pad(octave, reach, mode="edge"), np.pad(voiced, reach)
    change = np.abs(around[2 * reach :] - around[: -2 * reach])
    scale = np.log(np.clip(change, _LEAST_CHANGE, _MOST_CHANGE) / _MOST_CHANGE)
    return scale / np.log(_LEAST_CHANGE / _MOST_CHANGE) * np.minimum(there[2 * reach :], there[: -2 * reach])


def _steadiness(before: np.ndarray, now: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(T, 257) each → (T, bands) −1…1: how far each frequency's phase goes on turning as it did, weighed by loudness."""
    product = after * before * np.square(np.conj(now))
    weight = np.sqrt(np.abs(product))
    agreement = product.real / np.maximum(weight, _TINY**2)
    return np.column_stack(
        [
            agreement[:, part].sum(axis=1) / np.maximum(weight[:, part].sum(axis=1), _TINY)
            for part in _parts(_BANDS)
        ]
    )


def _spread(power: np.ndarray) -> np.ndarray:
    """(T, 257) → (T, 3): the largest share of one frequency; the spectrum's entropy in two bands, 1 where it is flat."""
    shares = [power.max(axis=1) / np.maximum(power.sum(axis=1), _TINY)]
    for part in _parts(_SPREAD_BANDS):
        share = power[:, part] / np.maximum(power[:, part].sum(axis=1, keepdims=True), _TINY)
        entropy = -(share * np.log(share + _TINY)).sum(axis=1)
        shares.append(entropy / np.log(share.shape[1]))
    return np.column_stack(shares)


def _hertz() -> np.ndarray:
    return np.fft.rfftfreq(_WINDOW, 1 / _RATE)


def _parts(edges: tuple[float, ...]) -> list[slice]:
    """Of the spectrum, between each edge and the next."""
    places = np.round(np.array(edges) * _WINDOW / _RATE).astype(int).tolist()
    return [slice(first, last) for first, last in zip(places[:-1], places[1:])]
