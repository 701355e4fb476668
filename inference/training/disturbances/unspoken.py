"""Sounds that nobody makes with a mouth that talks: noises, music, hum, beeps, breath, knocks, applause, wind; and bangs.

(N,) float64 at 16 kHz, the same each time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inference.hearing.audio import SAMPLE_RATE
from inference.training.disturbances.sounds import Samples, at_level, band, music, noise

SECONDS = 5.0
"""How long each of :data:`UNSPOKEN` lasts."""

LEVEL = -30.0
"""dBFS that the steady ones have, RMS."""

_PEAK = 0.5  # of those that are mostly silence
_KEYS = ((697, 1209), (770, 1336), (852, 1477), (941, 1336), (697, 1477))  # Hz: 1, 5, 9, 0, 3 (ITU-T Q.23)


def _time(seconds: float = SECONDS) -> Samples:
    return np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def _peaked(samples: Samples) -> Samples:
    return samples * (_PEAK / np.abs(samples).max())


def mains_hum() -> Samples:
    """50 Hz with harmonics up to 1 kHz, the odd ones stronger."""
    time = _time()
    return np.asarray(
        sum(np.sin(2 * np.pi * 50 * k * time + k) / k ** (1.0 if k % 2 else 1.6) for k in range(1, 21))
    )


def beeps() -> Samples:
    """1 kHz for 0.2 s, twice a second."""
    time = _time()
    return np.sin(2 * np.pi * 1000 * time) * (time % 0.5 < 0.2)


def telephone_keys() -> Samples:
    """Five keys dialled over and over, 0.2 s of each, 0.1 s apart (DTMF)."""
    time = _time()
    samples = np.zeros(len(time))
    for number in range(int(SECONDS / 0.3)):
        on = (time >= number * 0.3) & (time < number * 0.3 + 0.2)
        low, high = _KEYS[number % len(_KEYS)]
        samples += on * (np.sin(2 * np.pi * low * time) + np.sin(2 * np.pi * high * time))
    return samples


def breathing() -> Samples:
    """Breath in and out: pink noise from 0.5 to 3 kHz that swells for 1.2 s and rests for 0.5 s."""
    place = _time() % 1.7
    swell = np.where(place < 1.2, np.sin(np.pi * place / 1.2) ** 2, 0)
    return band(noise(SECONDS, 1.0, 5), 500, 3000) * swell


def knocks(onsets: tuple[float, ...] = (0.5, 0.8, 1.1, 3.0, 3.3)) -> Samples:
    """Knuckles on a door: 180 and 420 Hz that die within 50 ms, with a click in front."""
    time, click = _time(), noise(SECONDS, 0.0, 6)
    samples = np.zeros(len(time))
    for onset in onsets:
        since = np.maximum(time - onset, 0)
        wood = np.sin(2 * np.pi * 180 * since) + 0.5 * np.sin(2 * np.pi * 420 * since)
        samples += (time >= onset) * (wood * np.exp(-since / 0.02) + 0.5 * click * np.exp(-since / 0.002))
    return samples


def single_knock() -> Samples:
    """One of :func:`knocks`, 2 s into silence."""
    return knocks((2.0,))


def rustling() -> Samples:
    """Paper or cloth: 60 crackles of 1 to 10 ms a second, above 1 kHz, in gusts."""
    return _clicks(60, 0.004, 7, 1000, 7500) * (0.3 + 0.7 * np.abs(np.sin(2 * np.pi * 0.7 * _time())))


def applause() -> Samples:
    """300 claps a second."""
    return _clicks(300, 0.008, 8, 600, 4000)


def _clicks(rate: float, seconds: float, seed: int, low: float, high: float) -> Samples:
    """Bursts of noise at random times, dying within about so many seconds, in a band."""
    random, time = np.random.RandomState(seed), _time()
    hits = np.zeros(len(time))
    count = int(rate * SECONDS)
    hits[random.randint(0, len(time), count)] = random.lognormal(0, 0.7, count) * random.choice(
        [-1, 1], count
    )
    decay = noise(0.1, 0.0, seed + 1) * np.exp(-_time(0.1) / seconds)
    return band(np.convolve(hits, decay)[: len(time)], low, high)


def wind() -> Samples:
    """Brown noise below 800 Hz that swells by 20 dB, unevenly."""
    knots = np.random.RandomState(9).uniform(-20, 0, 12)
    swell = 10 ** (np.interp(_time(), np.linspace(0, SECONDS, len(knots)), knots) / 20)
    return band(noise(SECONDS, 2.0, 9), 30, 800) * swell


UNSPOKEN: dict[str, Callable[[], Samples]] = {
    "white noise": lambda: at_level(noise(SECONDS, 0.0), LEVEL),
    "pink noise": lambda: at_level(noise(SECONDS, 1.0), LEVEL),
    "brown noise": lambda: at_level(noise(SECONDS, 2.0), LEVEL),
    "band": lambda: music("band")[: len(_time())],
    "drums": lambda: music("drums")[: len(_time())],
    "chords": lambda: music("chords")[: len(_time())],
    "mains hum": lambda: at_level(mains_hum(), LEVEL),
    "beeps": lambda: at_level(beeps(), LEVEL),
    "telephone keys": lambda: at_level(telephone_keys(), LEVEL),
    "breath": lambda: at_level(breathing(), LEVEL),
    "knocks": lambda: _peaked(knocks()),
    "one knock": lambda: _peaked(single_knock()),
    "rustling": lambda: at_level(rustling(), LEVEL),
    "applause": lambda: at_level(applause(), LEVEL),
    "wind": lambda: at_level(wind(), LEVEL),
}
"""Five seconds of each, by name."""


def burst() -> Samples:
    """1 s of white noise at full scale."""
    return np.clip(noise(1.0, 0.0, 10), -1, 1)


def explosion() -> Samples:
    """2.5 s of low noise, clipped at full scale, that dies by 60 dB."""
    time = _time(2.5)
    return np.clip(3 * noise(2.5, 1.5, 11) * 10 ** (-60 * time / 2.5 / 20), -1, 1)


def clap() -> Samples:
    """0.15 s: one clap at full scale."""
    time = _time(0.15)
    sound = band(noise(0.15, 0.0, 12), 600, 5000) * np.exp(-time / 0.015)
    return sound / np.abs(sound).max()


EFFECTS: dict[str, Callable[[], Samples]] = {
    "a burst of noise": burst,
    "an explosion": explosion,
    "a clap": clap,
}
"""Effects at full scale, by name."""
