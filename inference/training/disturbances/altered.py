"""What games, studios and networks make of a voice, on purpose or not; its times stay."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from inference.hearing.audio import SAMPLE_RATE

Samples = NDArray[np.float64]


def ring_modulated(samples: Samples, hertz: float) -> Samples:
    """A voice times a tone, as robots of old films speak."""
    return samples * np.sin(2 * np.pi * hertz * np.arange(len(samples)) / SAMPLE_RATE)


def vocoded(samples: Samples, hertz: float = 110.0, bands: int = 16) -> Samples:
    """A saw-toothed wave of one pitch and a little noise, as loud in each of some bands, 100 to 7000 Hz, as the voice is."""
    time = np.arange(len(samples)) / SAMPLE_RATE
    carrier = signal.sawtooth(2 * np.pi * hertz * time) + 0.3 * np.random.RandomState(1).normal(
        size=len(time)
    )
    edges = np.geomspace(100.0, 7000.0, bands + 1)
    result = np.zeros(len(samples))
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        pass_band = signal.butter(2, [low, high], "band", fs=SAMPLE_RATE, output="sos")
        tones = signal.sosfiltfilt(pass_band, carrier)
        result += tones / tones.std() * _loudness(signal.sosfiltfilt(pass_band, samples), 0.015)
    return result


def low_passed(samples: Samples, hertz: float) -> Samples:
    """A voice behind a door or a helmet: 48 dB an octave less above a frequency."""
    return signal.sosfiltfilt(signal.butter(4, hertz, "low", fs=SAMPLE_RATE, output="sos"), samples)


def with_gaps(samples: Samples, seconds: float, seed: int, rate: float = 3.0) -> Samples:
    """Nothing for so long, so many times a second, as where packets are lost."""
    result, random = samples.copy(), np.random.RandomState(seed)
    for start in random.uniform(0, len(samples) / SAMPLE_RATE, round(rate * len(samples) / SAMPLE_RATE)):
        result[round(start * SAMPLE_RATE) : round((start + seconds) * SAMPLE_RATE)] = 0
    return result


def shake(count: int, hertz: float) -> Samples:
    """(count,) a wave too slow to be heard, as wind, hands and engines make in a microphone."""
    return np.sin(2 * np.pi * hertz * np.arange(count) / SAMPLE_RATE + 1)


def clicking(samples: Samples, rate: float, seed: int) -> Samples:
    """So many single samples a second off by as much as the loudest, as old records and bad clocks click."""
    result, random = samples.copy(), np.random.RandomState(seed)
    places = random.randint(0, len(samples), round(rate * len(samples) / SAMPLE_RATE))
    result[places] += np.abs(samples).max() * random.choice([-1.0, 1.0], len(places))
    return result


def gated(samples: Samples, decibels: float) -> Samples:
    """Without what is softer, at each moment and frequency, than so many dB beside the loudest: a noise reduction that takes soft
    consonants with the noise."""
    _, _, spectra = signal.stft(samples, SAMPLE_RATE, nperseg=512, noverlap=384)
    heard = np.abs(spectra) > np.abs(spectra).max() * 10 ** (decibels / 20)
    sound = signal.istft(spectra * heard, SAMPLE_RATE, nperseg=512, noverlap=384)[1]
    return np.asarray(np.pad(sound, (0, max(len(samples) - len(sound), 0)))[: len(samples)], np.float64)


def overdriven(samples: Samples, decibels: float) -> Samples:
    """Pushed so many dB into a soft limiter (tanh)."""
    return np.tanh(samples / max(float(np.abs(samples).max()), 1e-9) * 10 ** (decibels / 20))


def coarse(samples: Samples, bits: int) -> Samples:
    """In so few bits."""
    steps = 2 ** (bits - 1) / max(float(np.abs(samples).max()), 1e-9)
    return np.round(samples * steps) / steps


def _loudness(samples: Samples, seconds: float) -> Samples:
    """(N,) RMS over so long around each sample."""
    width = round(seconds * SAMPLE_RATE)
    return np.sqrt(np.maximum(np.convolve(samples**2, np.ones(width) / width, "same"), 0))
