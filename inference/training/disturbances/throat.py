"""A throat by rule: glottal pulses and breath through formants, for the sounds that no text makes a synthesiser say.

Held vowels, screams, laughter, sobs, coughs, hushes and hums. Every one is (N,) float64 at 16 kHz with a peak of 0.5, and
the same each time for the same arguments. Sources: the pulse of Rosenberg (*JASA* 49, 1971), the resonators of Klatt (*JASA* 67,
1980), the formants of Peterson and Barney (*JASA* 24, 1952).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import signal

from inference.hearing.audio import SAMPLE_RATE
from inference.training.disturbances.sounds import Samples, band, decibels, noise

FORMANTS: dict[str, tuple[float, ...]] = {
    "AA": (730, 1090, 2440, 3400), "IY": (270, 2290, 3010, 3600), "UW": (300, 870, 2240, 3300),
    "EH": (530, 1840, 2480, 3500), "AO": (570, 840, 2410, 3300), "AH": (640, 1190, 2390, 3400),
}  # fmt: skip
"""Hz, of a man's vowels, by their phone."""

MURMUR = (250.0, 1000.0, 2200.0)
"""Hz, of a hum: the nose's resonances behind shut lips."""

_BANDWIDTHS = (80.0, 100.0, 140.0, 250.0)
_MURMUR_BANDWIDTHS = (80.0, 350.0, 300.0)
_PEAK = 0.5
_OVERSAMPLED = 4  # the pulse's corners would fold back into the voice
_OPENING_PHASE, _CLOSING_PHASE = 0.4, 0.16  # shares of a glottal period
_WOMAN_HZ, _CHILD_HZ = 160.0, 280.0  # pitches from which throats are shorter
_WOMAN_FORMANTS, _CHILD_FORMANTS = 1.17, 1.3  # times a man's
_EDGE_SECONDS = 0.03


def pulses(hertz: ArrayLike) -> Samples:
    """The voice's source, its RMS 1: Rosenberg's pulses, differentiated as lips radiate them.

    Args:
        hertz: (N,) pitch at every sample.
    """
    pitch = np.repeat(np.asarray(hertz, np.float64), _OVERSAMPLED)
    phase = np.cumsum(pitch / (SAMPLE_RATE * _OVERSAMPLED)) % 1.0
    rising = 0.5 * (1 - np.cos(np.pi * phase / _OPENING_PHASE))
    falling = np.cos(np.pi / 2 * (phase - _OPENING_PHASE) / _CLOSING_PHASE)
    flow = np.where(
        phase < _OPENING_PHASE, rising, np.where(phase < _OPENING_PHASE + _CLOSING_PHASE, falling, 0)
    )
    source = signal.resample_poly(np.diff(flow, prepend=flow[:1]), 1, _OVERSAMPLED)
    return np.asarray(source / max(float(source.std()), 1e-12))


def through_formants(source: Samples, hertz: Sequence[float], bandwidths: Sequence[float]) -> Samples:
    """A source through a row of resonators."""
    for centre, width in zip(hertz, bandwidths, strict=False):
        radius = np.exp(-np.pi * width / SAMPLE_RATE)
        second = 2 * radius * np.cos(2 * np.pi * centre / SAMPLE_RATE)
        source = signal.lfilter([1 - second + radius**2], [1, -second, radius**2], source)
    return np.asarray(source)


def vowel(phone: str, hertz: ArrayLike, seconds: float, breath: float = -30.0, seed: int = 0) -> Samples:
    """A vowel at a pitch, which may glide.

    Args:
        phone: one of :data:`FORMANTS`.
        hertz: the pitch, or (K,) pitches spread over the vowel's time; shorter throats sing the higher ones.
        seconds: its length.
        breath: dB of noise beside the pulses.
        seed: of the noise.
    """
    count = round(seconds * SAMPLE_RATE)
    pitches = np.atleast_1d(np.asarray(hertz, np.float64))
    pitch = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(pitches)), pitches)
    source = pulses(pitch) + _air(count, seed) * decibels(breath)
    scale = _throat(float(np.median(pitches)))
    return _levelled(through_formants(source, [scale * one for one in FORMANTS[phone]], _BANDWIDTHS))


def scream(phone: str, hertz: float, seconds: float, seed: int = 0) -> Samples:
    """A vowel screamed: high, unsteady, and rough at 70 Hz (Arnal et al., *Current Biology* 25, 2015)."""
    count = round(seconds * SAMPLE_RATE)
    time = np.arange(count) / SAMPLE_RATE
    arch = hertz * (0.8 + 0.2 * np.sin(np.pi * np.linspace(0.1, 0.9, 60)))
    pitch = arch * (1 + 0.01 * np.random.RandomState(seed).normal(size=len(arch)))
    rough = 1 + 0.5 * np.sin(2 * np.pi * 70 * time)
    return _levelled(vowel(phone, pitch, seconds, -12.0, seed) * rough)


def murmur(hertz: ArrayLike, seconds: float, seed: int = 0) -> Samples:
    """A hum behind shut lips at a pitch, or at (K,) pitches spread over its time."""
    count = round(seconds * SAMPLE_RATE)
    pitches = np.atleast_1d(np.asarray(hertz, np.float64))
    pitch = np.interp(np.linspace(0, 1, count), np.linspace(0, 1, len(pitches)), pitches)
    source = pulses(pitch) + _air(count, seed) * decibels(-40)
    return _levelled(through_formants(source, MURMUR, _MURMUR_BANDWIDTHS))


def agreement(hertz: float, seed: int = 0) -> Samples:
    """Agreement, "mm-hm": a low hum, a breath through the nose, a higher hum; 0.7 s."""
    nose = through_formants(_air(round(0.07 * SAMPLE_RATE), seed), MURMUR, _MURMUR_BANDWIDTHS)
    first, second = (
        murmur([hertz, hertz * 0.9], 0.28, seed),
        murmur([hertz * 1.1, hertz * 1.35, hertz], 0.35, seed),
    )
    return np.concatenate([first, _levelled(nose) * decibels(-22), second])


def laughter(
    hertz: float, bursts: int = 8, rate: float = 4.6, phone: str = "AH", seed: int = 0
) -> tuple[Samples, NDArray[Any]]:
    """Laughter, "ha ha ha": bursts of breath that turn into a breathy vowel, falling in pitch and level.

    Args:
        hertz: of the first burst.
        bursts: how many.
        rate: bursts a second (4 to 5: Bachorowski, Smoski and Owren, *JASA* 110, 2001).
        phone: the vowel, one of :data:`FORMANTS`.
        seed: of the breath.

    Returns:
        The sound and (bursts,) s, the middle of each burst's vowel.
    """
    onsets = 0.05 + np.arange(bursts) / rate
    pitches = hertz * np.linspace(1.0, 0.65, bursts)
    levels = np.linspace(0.0, -12.0, bursts)
    length = min(0.11, 0.5 / rate)
    return _bouts(onsets, pitches, levels, np.full(bursts, length), phone, seed)


def sobbing(hertz: float, bursts: int = 7, seed: int = 0) -> tuple[Samples, NDArray[Any]]:
    """Sobs: as :func:`laughter`, but lower, slower, uneven in time and level, each with a wail of its own length."""
    random = np.random.RandomState(seed)
    lengths = random.uniform(0.12, 0.35, bursts)
    onsets = 0.05 + np.concatenate([[0], np.cumsum(lengths + random.uniform(0.12, 0.35, bursts))[:-1]])
    return _bouts(
        onsets, hertz * random.uniform(0.85, 1.2, bursts), random.uniform(-12, 0, bursts), lengths, "AA", seed
    )


def _bouts(
    onsets: NDArray[Any],
    pitches: NDArray[Any],
    levels: NDArray[Any],
    lengths: NDArray[Any],
    phone: str,
    seed: int,
) -> tuple[Samples, NDArray[Any]]:
    """Bursts of 60 ms of breath and a breathy vowel, and the middles of the vowels in seconds."""
    aspiration = 0.06
    samples = np.zeros(round((onsets[-1] + aspiration + lengths[-1] + 0.15) * SAMPLE_RATE))
    for number, (onset, pitch, level, length) in enumerate(
        zip(onsets, pitches, levels, lengths, strict=True)
    ):
        scale = _throat(float(pitch))
        breath = through_formants(
            _air(round(aspiration * SAMPLE_RATE), seed + number),
            [scale * one for one in FORMANTS[phone]],
            _BANDWIDTHS,
        )
        voiced = vowel(phone, [pitch * 1.1, pitch, pitch * 0.85], float(length), -15.0, seed + number)
        burst = np.concatenate([_levelled(breath) * decibels(-14), voiced])
        first = round(onset * SAMPLE_RATE)
        samples[first : first + len(burst)] += burst * decibels(float(level))
    return _levelled(samples, edges=False), onsets + aspiration + lengths / 2


def cough(hertz: float = 130.0, seed: int = 0) -> Samples:
    """Two coughs within 0.9 s: an explosion of air that ends in a short voiced fall."""
    formants, wide = FORMANTS["AH"], [3 * width for width in _BANDWIDTHS]
    samples = np.zeros(round(0.9 * SAMPLE_RATE))
    for number, onset in enumerate((0.02, 0.45)):
        time = np.arange(round(0.3 * SAMPLE_RATE)) / SAMPLE_RATE
        air = noise(0.3, 0.5, seed + number) * np.exp(-time / 0.06)
        voiced = pulses(np.linspace(hertz * 1.3, hertz * 0.8, len(time))) * np.exp(
            -(((time - 0.16) / 0.05) ** 2)
        )
        first = round(onset * SAMPLE_RATE)
        burst = through_formants(air + 0.4 * voiced, formants, wide)
        samples[first : first + len(burst)] += burst * (1.0, 0.7)[number]
    return _levelled(samples, edges=False)


def hush(seconds: float, low: float = 2000.0, high: float = 6500.0, seed: int = 0) -> Samples:
    """A "shh" of so many seconds, or from 4500 Hz upwards a "sss": air between tongue and teeth, between two frequencies."""
    return _levelled(band(noise(seconds, 0.0, seed), low, high))


def _air(count: int, seed: int) -> Samples:
    """White noise of so many samples, RMS about 1."""
    return noise((count + 1) / SAMPLE_RATE, 0.0, seed)[:count]


def _throat(hertz: float) -> float:
    """How much higher than a man's the formants of a voice of this pitch are."""
    if hertz < _WOMAN_HZ:
        return 1.0
    return _WOMAN_FORMANTS if hertz < _CHILD_HZ else _CHILD_FORMANTS


def _levelled(samples: Samples, edges: bool = True) -> Samples:
    """Peak 0.5, and with soft edges of 30 ms at most."""
    result = samples.copy()
    if edges:
        count = min(round(_EDGE_SECONDS * SAMPLE_RATE), len(result) // 4)
        slope = 0.5 - 0.5 * np.cos(np.pi * np.arange(count) / max(count, 1))
        result[:count] *= slope
        result[len(result) - count :] *= slope[::-1]
    return result * (_PEAK / max(float(np.abs(result).max()), 1e-12))
