"""What can happen to a voice on its way to us: rooms, microphones, noise, telephones, other throats.

All of it works on power spectra, (T, 257) or (T, 40) mel, so that a training step costs milliseconds; the randomness comes from
the generator handed in.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from inference.features import FFT_SIZE, HOP, MEL_BANDS, WINDOW, frame_count, mel_filters, normalise

Power = NDArray[np.float32]


def magnitudes(samples: NDArray[np.float32]) -> NDArray[np.float16]:
    """(T, 257) float16 magnitude spectra of a recording brought to a common level; what the corpora keep in memory."""
    samples = samples * np.float32(0.3 / max(float(np.percentile(np.abs(samples), 99.5)), 1e-4))
    count = frame_count(len(samples))
    padded = np.zeros((count - 1) * HOP + WINDOW, np.float32)
    piece = samples[: len(padded) - WINDOW // 2]
    padded[WINDOW // 2 : WINDOW // 2 + len(piece)] = piece
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    return np.abs(np.fft.rfft(frames * window, FFT_SIZE, axis=1)).astype(np.float16)


@lru_cache(maxsize=32)
def _filters(warp: float) -> NDArray[np.float32]:
    return mel_filters(warp)


def mel_of(spectrum: NDArray[np.float16], warp: float = 1.0) -> Power:
    """(T, 257) magnitudes → (T, 40) mel power of a throat ``1 / warp`` times as long."""
    power = spectrum.astype(np.float32)
    return (power * power) @ _filters(round(float(warp), 2))


def random_warp(random: np.random.Generator) -> float:
    """A throat from 0.78 to 1.28, in steps of 0.04 around the speaker's own."""
    return float(random.choice(np.round(np.arange(0.78, 1.29, 0.04), 2)))


def noise(frames: int, random: np.random.Generator, babble: list[Power]) -> Power:
    """(frames, 40) power of background: coloured noise (half the time with slow swells), a few fading tones, or babble.

    Args:
        babble: mel power of other people's speech; three or more make a babble, empty for none.
    """
    draw = random.random()
    if draw < 0.55 or (draw >= 0.7 and not babble):
        tilt = (np.arange(1, MEL_BANDS + 1) / 20.0) ** random.uniform(-2.5, 1.0)
        colour = tilt * np.exp(random.normal(0, 0.3, MEL_BANDS))
        power = colour * random.chisquare(6, (frames, MEL_BANDS)) / 6
        if random.random() < 0.5:
            knots = random.uniform(-6, 6, max(frames // 40, 2))
            swell = np.interp(np.arange(frames), np.linspace(0, frames, len(knots)), knots)
            power = power * 10 ** (swell / 10)[:, None]
    elif draw < 0.7:
        power = np.full((frames, MEL_BANDS), 1e-4)
        for _ in range(int(random.integers(2, 4 + frames // 25))):
            start, bands = int(random.integers(0, frames)), random.integers(3, 32, int(random.integers(1, 5)))
            fade = np.exp(-np.arange(frames - start) / random.uniform(5, 80))
            power[start:, bands] += fade[:, None] * random.uniform(0.2, 1)
    else:
        power = sum(
            (np.resize(item, (frames, MEL_BANDS)) / max(item.mean(), 1e-9) for item in babble), np.zeros(1)
        )
        power = np.asarray(power)
    return (power / max(float(power.mean()), 1e-9)).astype(np.float32)


def disturb(power: Power, random: np.random.Generator, babble: list[Power]) -> Power:
    """Noise at 3-35 dB, an echo, a microphone's colour, a telephone's band edge, slow changes of loudness; by chance."""
    frames = len(power)
    if random.random() < 0.6:
        power = power + noise(frames, random, babble) * (power.mean() * 10 ** (-random.uniform(3, 35) / 10))
    if random.random() < 0.2:
        decay = np.exp(-np.arange(20) / random.uniform(1.5, 6)) * random.uniform(0.1, 0.4)
        echoed = power.copy()
        for delay in range(1, min(20, frames)):
            echoed[delay:] += decay[delay] * power[:-delay]
        power = echoed
    places = (np.arange(MEL_BANDS) + 0.5) / MEL_BANDS
    colour = sum(random.normal(0, 3) * np.cos(np.pi * q * places + random.uniform(0, 6)) for q in (1, 2, 3))
    power = power * 10 ** (colour / 10)
    if random.random() < 0.1:
        power = power.copy()
        power[:, int(random.integers(28, 36)) :] *= 1e-5
    if random.random() < 0.25:
        swell = np.interp(np.arange(frames), np.linspace(0, frames, 5), random.uniform(-10, 10, 5))
        power = power * 10 ** (swell / 10)[:, None]
    return np.asarray(power, np.float32)


def heard(power: Power) -> NDArray[np.float32]:
    """(T, 41) features of mel power, as the engine makes them."""
    return normalise(power)
