"""A throat to train with that says no words: held and sung vowels, screams, hums, laughter, sobs, whispers.

A timbre – the envelope of a real voice's vowel, or formants drawn by chance – is given to any pitch: harmonics take their
loudness from it wherever they fall, breath and whispers are noise through it. What recordings are measured with
(`disturbances.throat`, the tune and the whisper of `disturbances.sounds`) goes other ways and shares no code with this.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.hearing.audio import SAMPLE_RATE

Samples = NDArray[np.float64]
Timbre = NDArray[np.float64]
"""(257,) amplitudes from 0 Hz to 8 kHz, their RMS 1."""

_BINS = 257
_HERTZ = np.linspace(0, SAMPLE_RATE / 2, _BINS)
_WINDOW, _HOP = 512, 128
_QUEFRENCIES = 28  # of the cepstrum: 1.75 ms, shorter than most voices' period
_HIGHEST = 7600.0  # Hz
_MOST_HARMONICS = 60
_EDGE_SECONDS = 0.03
_STEP = 4.0  # Hz
_AUDIBLE = np.arange(0, SAMPLE_RATE / 2, _STEP) < _HIGHEST


def timbre_of(samples: NDArray[np.floating[Any]]) -> Timbre:
    """The envelope of a voice's sound that lasts, by its cepstrum's first part.

    Args:
        samples: (N,) at 16 kHz, 40 ms or more of one phone.
    """
    whole = np.pad(samples.astype(np.float64), (0, max(_WINDOW - len(samples), 0)))
    frames = np.lib.stride_tricks.sliding_window_view(whole, _WINDOW)[::_HOP] * np.hanning(_WINDOW)
    power = (np.abs(np.fft.rfft(frames, axis=1)) ** 2).mean(axis=0)
    return _normal(np.exp(_liftered(np.log(power + 1e-6 * power.max() + 1e-20) / 2)))


def made_timbre(random: np.random.Generator, nasal: bool = False) -> Timbre:
    """Formants of a man, a woman or a child by chance; ``nasal``: of a hum behind shut lips."""
    throat = random.uniform(0.9, 1.45)
    if nasal:
        centres = np.array(
            [random.uniform(200, 330), random.uniform(800, 1200), random.uniform(1900, 2600), 3400]
        )
        widths, gains = np.array([70, 250, 250, 300]), np.array([1, 0.05, 0.04, 0.01])
    else:
        first, second = random.uniform(280, 850), random.uniform(650, 2400)
        centres = np.array([first, max(second, first + 250), random.uniform(2300, 3100), 3500, 4500]) * throat
        widths, gains = np.array([80, 110, 160, 250, 400]), np.array([1, 0.7, 0.35, 0.2, 0.1])
    gains = gains * np.exp(random.normal(0, 0.4, len(gains)))
    widths = widths * random.uniform(0.7, 1.6)
    shape = (gains / np.sqrt(1 + ((_HERTZ[:, None] - centres) / (widths / 2)) ** 2)).sum(axis=1)
    return _normal(shape * (1 + _HERTZ / 500) ** -random.uniform(0.3, 1.3))


def cascaded_timbre(random: np.random.Generator) -> Timbre:
    """As `made_timbre`, of a throat whose resonances lie in a row (Fant 1960): back vowels are as dark as they are in people."""
    throat = random.uniform(0.9, 1.45)
    first = random.uniform(250, 800)
    second = np.exp(random.uniform(np.log(max(first + 180, 620)), np.log(2400)))
    centres = np.array([first, second, max(random.uniform(2200, 3000), second + 250), 3500, 4500]) * throat
    widths = np.array([70, 90, 140, 220, 300]) * random.uniform(0.7, 1.6)
    ratio = _HERTZ[:, None] / centres
    shape = np.prod(1 / np.sqrt((1 - ratio**2) ** 2 + (ratio * widths / centres) ** 2), axis=1)
    return _normal(shape * (1 + _HERTZ / 200) ** -random.uniform(0.7, 1.5))


def _liftered(logarithm: NDArray[np.float64]) -> NDArray[np.float64]:
    """(…, 257) log amplitudes without what is finer than an envelope."""
    cepstrum = np.fft.irfft(logarithm, axis=-1)
    cepstrum[..., _QUEFRENCIES : _WINDOW - _QUEFRENCIES + 1] = 0
    return np.asarray(np.fft.rfft(cepstrum, axis=-1).real)


def _normal(timbre: NDArray[np.float64]) -> Timbre:
    return timbre / max(float(np.sqrt(np.mean(timbre**2))), 1e-12)


# Pitch


def wandering(
    random: np.random.Generator,
    seconds: float,
    hertz: float,
    drift: float = 0.06,
    tremble: tuple[float, float] = (0.002, 0.012),
) -> Samples:
    """(N,) Hz around a pitch as an untrained voice holds it: it drifts, trembles and may slide up or down."""
    count = max(round(seconds * SAMPLE_RATE), 1)
    steps = max(3, int(seconds * 3))
    knots = np.cumsum(random.normal(0, drift / 2, steps)) + np.linspace(0, random.normal(0, 2 * drift), steps)
    slow = np.interp(np.arange(count), np.linspace(0, count, len(knots)), knots)
    fast = np.interp(np.arange(count), *_knots(random, count, 0.01, random.uniform(*tremble)))
    return hertz * np.exp(slow + fast)


def _knots(random: np.random.Generator, count: int, seconds: float, size: float) -> tuple[Samples, Samples]:
    number = max(2, int(count / SAMPLE_RATE / seconds))
    return np.linspace(0, count, number), random.normal(0, size, number)


def tune(random: np.random.Generator, seconds: float, hertz: float) -> Samples:
    """(N,) Hz of a scale or a tune with vibrato, slid from note to note."""
    count = max(round(seconds * SAMPLE_RATE), 1)
    length = random.uniform(0.18, 0.8)
    steps = random.choice([-4, -2, -1, 0, 1, 2, 3, 5], max(2, int(seconds / length) + 1)).cumsum()
    if random.random() < 0.4:
        steps = np.array([0, 2, 4, 5, 7, 9, 11, 12])[np.arange(len(steps)) % 8]
    steps = np.clip(steps, -9, 14)
    time = np.arange(count) / SAMPLE_RATE
    notes = steps[np.minimum((time / length).astype(int), len(steps) - 1)].astype(np.float64)
    slide = np.hanning(round(random.uniform(0.02, 0.12) * SAMPLE_RATE) + 2)
    notes = np.convolve(np.pad(notes, len(slide), mode="edge"), slide / slide.sum(), "same")[
        len(slide) : -len(slide)
    ]
    vibrato = random.uniform(0, 0.7) * np.sin(
        2 * np.pi * random.uniform(4.5, 7) * time + random.uniform(0, 6)
    )
    return hertz * 2 ** ((notes + vibrato) / 12)


# Sounds


def voiced(timbre: Timbre, pitch: Samples, random: np.random.Generator, breath: float = -25.0) -> Samples:
    """A timbre on a pitch.

    Args:
        timbre: see :data:`Timbre`.
        pitch: (N,) Hz at every sample.
        random: of phases, tremor of loudness, breath.
        breath: dB of noise beside the voice.

    Returns:
        (N,), its peak 0.5 and its edges soft.
    """
    turn = np.exp(2j * np.pi * np.cumsum(pitch) / SAMPLE_RATE)
    fine = np.append(np.interp(np.arange(0, SAMPLE_RATE / 2, _STEP), _HERTZ, timbre) * _AUDIBLE, 0.0)
    place, result, harmonic = pitch / _STEP, np.zeros(len(pitch)), np.ones_like(turn)
    for number in range(1, min(_MOST_HARMONICS, int(_HIGHEST / float(pitch.min()))) + 1):
        harmonic *= turn
        gain = fine[np.minimum(number * place, len(fine) - 1).astype(np.int32)]
        offset = np.exp(1j * random.uniform(0, 2 * np.pi))
        result += gain * (harmonic * offset).real
    result *= np.exp(np.interp(np.arange(len(pitch)), *_knots(random, len(pitch), 0.02, 0.06)))
    air = aspirated(timbre, len(pitch), random)
    result = result / max(float(result.std()), 1e-9) + air * 10 ** (breath / 20)
    return _levelled(result)


def aspirated(timbre: Timbre, count: int, random: np.random.Generator) -> Samples:
    """(count,) noise through a timbre, RMS 1."""
    spectrum = np.fft.rfft(random.normal(size=count + 2))
    shape = np.interp(np.fft.rfftfreq(count + 2, 1 / SAMPLE_RATE), _HERTZ, timbre)
    air = np.fft.irfft(spectrum * shape * np.minimum(np.linspace(0, 16, len(spectrum)), 1), count + 2)[:count]
    return np.asarray(air / max(float(air.std()), 1e-9))


def _levelled(samples: Samples) -> Samples:
    """Peak 0.5, soft edges."""
    edge = min(round(_EDGE_SECONDS * SAMPLE_RATE), len(samples) // 4)
    samples = samples.copy()
    if edge:
        slope = np.linspace(0, 1, edge)
        samples[:edge] *= slope
        samples[-edge:] *= slope[::-1]
    return 0.5 * samples / max(float(np.abs(samples).max()), 1e-12)


def scream(timbre: Timbre, random: np.random.Generator) -> Samples:
    """A vowel from 450 to 1000 Hz, clear or rough, that may rise and fall."""
    seconds = random.uniform(0.3, 3)
    pitch = wandering(random, seconds, float(np.exp(random.uniform(np.log(450), np.log(1000)))), 0.15)
    arch = np.sin(np.pi * np.linspace(0, 1, len(pitch)))
    sound = voiced(timbre, pitch * (0.75 + 0.25 * arch), random, random.uniform(-30, -8))
    if random.random() < 0.4:
        sound = sound * (1 + 0.6 * np.sign(np.sin(np.cumsum(pitch) * np.pi / SAMPLE_RATE)))
    return _levelled(np.tanh(sound * random.uniform(1, 8)))


def bouts(timbre: Timbre, hertz: float, random: np.random.Generator, sob: bool = False) -> Samples:
    """Laughter, or sobs: breath that turns into a vowel, over and over, falling in pitch and level or uneven in both."""
    count = int(random.integers(3, 10))
    rate = random.uniform(1.5, 3) if sob else random.uniform(3.3, 6)
    fall, softer = random.uniform(0, 0.08), random.uniform(0, 2.5)
    parts = []
    for number in range(count):
        length = random.uniform(0.25, 0.65) / rate
        pitch = hertz * np.exp(-fall * number + random.normal(0, 0.12 if sob else 0.05))
        curve = wandering(random, length, pitch, 0.1) * np.linspace(
            1.1, random.uniform(0.7, 1), round(length * SAMPLE_RATE)
        )
        vowel = voiced(timbre, curve, random, random.uniform(-20, -4))
        before = aspirated(timbre, round(random.uniform(0.02, 0.08) * SAMPLE_RATE), random)
        level = 10 ** (-(random.uniform(0, 12) if sob else softer * number) / 20)
        parts += [0.03 * before * level, vowel * level]
        rest = 1 / rate - length - len(before) / SAMPLE_RATE
        parts.append(np.zeros(round(max(rest * random.uniform(0.6, 1.2), 0.02) * SAMPLE_RATE)))
    return _levelled(np.concatenate(parts))


def whispered(samples: NDArray[np.floating[Any]], random: np.random.Generator) -> Samples:
    """What was said without a voice: noise with the envelope of each 8 ms, less of what is low."""
    whole = np.pad(samples.astype(np.float64), _WINDOW)
    frames = np.lib.stride_tricks.sliding_window_view(whole, _WINDOW)[::_HOP] * np.hanning(_WINDOW)
    envelope = np.exp(_liftered(np.log(np.abs(np.fft.rfft(frames, axis=1)) + 1e-5)))
    air = np.lib.stride_tricks.sliding_window_view(random.normal(size=len(whole)), _WINDOW)[
        ::_HOP
    ] * np.hanning(_WINDOW)
    corner = random.uniform(300, 900)
    spectra = (
        np.fft.rfft(air, axis=1) * envelope * np.sqrt(0.02 + 1 / (1 + (corner / np.maximum(_HERTZ, 1)) ** 4))
    )
    pieces = np.fft.irfft(spectra, axis=1)
    result = np.zeros(len(whole))
    for number, piece in enumerate(pieces):
        result[number * _HOP : number * _HOP + _WINDOW] += piece
    result = result[_WINDOW:-_WINDOW]
    return 0.5 * result / max(float(np.abs(result).max()), 1e-12)
