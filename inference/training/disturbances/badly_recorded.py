"""What can happen to a sound on its way to us, as samples: what `augment` does to spectra, for what is heard in them only.

Rooms, noise, a microphone's colour, an overdriven amplifier, a narrow line, a swell. Figures are those of `augment`; nothing here
is what recordings are measured with (`disturbances.sounds`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.hearing.audio import SAMPLE_RATE
from inference.training.disturbances import augment, no_voice

Samples = NDArray[np.float64]

_NYQUIST = SAMPLE_RATE / 2
_FRAME, _HOP = 512, 160


def disturbed(samples: NDArray[np.floating[Any]], random: np.random.Generator) -> NDArray[np.float32]:
    """A room, noise at 0-32 dB, a microphone's colour, an overdriven amplifier, a telephone's band, a swell; by chance.

    Args:
        samples: (N,) at 16 kHz.
        random: of all of it.

    Returns:
        (N,).
    """
    count = len(samples)
    sound = samples.astype(np.float64)
    if random.random() < 0.35:
        sound = in_room(sound, random, random.uniform(0.15, 1.0), random.uniform(-4, 12))
    if random.random() < 0.65:
        background = no_voice.noise(random, count / SAMPLE_RATE + 0.01)[:count]
        sound = sound + background * (_rms(sound) / _rms(background) * 10 ** (-random.uniform(0, 32) / 20))
    sound = coloured(sound, random)
    if random.random() < 0.1:
        sound = np.tanh(sound / _rms(sound) * random.uniform(0.3, 3))
    if random.random() < 0.1:
        sound = no_voice.filtered(sound, 20, random.uniform(3500, 6000), 0.3)
    if random.random() < 0.25:
        swell = np.interp(np.arange(count), np.linspace(0, count, 5), random.uniform(-10, 10, 5))
        sound = sound * 10 ** (swell / 20)
    size = float(np.abs(samples).max()) / max(float(np.abs(sound).max()), 1e-9)
    return (sound * size).astype(np.float32)


def in_room(samples: Samples, random: np.random.Generator, seconds: float, direct: float) -> Samples:
    """A sound and its tail, ``direct`` dB softer: noise that fades by 60 dB in so many seconds, above 2 kHz in half (Polack)."""
    count = round(seconds * SAMPLE_RATE)
    time = np.arange(count) / SAMPLE_RATE
    low, high = (
        random.normal(size=count) * np.exp(-np.log(1e3) * time / each) for each in (seconds, seconds / 2)
    )
    tail = no_voice.filtered(low, 20, 2000) + no_voice.filtered(high, 2000, _NYQUIST)
    tail *= 10 ** (-direct / 20) / max(float(np.sqrt(np.sum(tail**2))), 1e-9)
    response = np.concatenate([[1.0], np.zeros(_HOP), tail])
    size = len(samples) + len(response)
    return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)[: len(samples)]


def coloured(samples: Samples, random: np.random.Generator) -> Samples:
    """A microphone's colour: three slow waves over the mel scale, some dB each."""
    places = augment.hertz_to_mel(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)) / augment.hertz_to_mel(
        np.array(_NYQUIST)
    )
    colour = sum(random.normal(0, 3) * np.cos(np.pi * q * places + random.uniform(0, 6)) for q in (1, 2, 3))
    return np.fft.irfft(np.fft.rfft(samples) * 10 ** (colour / 20), len(samples))


def sound_of(power: augment.Power, random: np.random.Generator) -> NDArray[np.float32]:
    """Noise whose mel power is about (T, 40) at 100 Hz, its peak 0.5."""
    frames = random.normal(size=(len(power), 2 * _HOP)) * np.hanning(2 * _HOP)
    filters = augment.mel_filters()
    envelope = np.sqrt(power.astype(np.float64)) @ (filters / np.maximum(filters.sum(axis=0), 1e-9)).T
    pieces = np.fft.irfft(np.fft.rfft(frames, _FRAME, axis=1) * envelope, axis=1)
    result = np.zeros((len(power) - 1) * _HOP + _FRAME)
    for number, piece in enumerate(pieces):
        result[number * _HOP : number * _HOP + _FRAME] += piece
    result = result[: (len(power) - 1) * _HOP + 1]
    return (0.5 * result / max(float(np.abs(result).max()), 1e-9)).astype(np.float32)


def _rms(samples: Samples) -> float:
    return max(float(samples.std()), 1e-9)
