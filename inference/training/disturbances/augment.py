"""What can happen to a voice on its way to us: rooms, microphones, noise, telephones, other throats.

All of it works on power spectra, (T, 257) or (T, 40) mel, so that a training step costs milliseconds; the randomness comes from
the generator handed in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.hearing.features import (
    FEATURE_RATE,
    FFT_SIZE,
    HOP,
    MEL_BANDS,
    MEL_RANGE,
    WINDOW,
    frame_count,
    hertz_to_mel,
    level_feature,
    mel_filters,
    normalise,
)
from inference.hearing.loudness import Levels

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


def mel_of(spectrum: NDArray[np.floating[Any]], warp: float = 1.0) -> Power:
    """(T, 257) magnitudes → (T, 40) mel power of a throat ``1 / warp`` times as long."""
    power = spectrum.astype(np.float32, copy=False)
    return (power * power) @ _filters(round(float(warp), 2))


def random_warp(random: np.random.Generator) -> float:
    """A throat from 0.78 to 1.28, in steps of 0.04 around the speaker's own."""
    return float(random.choice(np.round(np.arange(0.78, 1.29, 0.04), 2)))


@lru_cache(maxsize=1)
def _grains() -> Power:
    """(30000, 40) what a spectrum of noise looks like, mean 1: drawing it anew for each step would be most of the step."""
    return (np.random.default_rng(0).chisquare(6, (30000, MEL_BANDS)) / 6).astype(np.float32)


def noise(frames: int, random: np.random.Generator, babble: list[Power]) -> Power:
    """(frames, 40) power of background, mean 1: noise that is steady, swells or beats like syllables; music; babble.

    Args:
        babble: mel power of other people's speech; three or more make a babble, empty for none.
    """
    draw = random.random()
    if draw < 0.25 and babble:
        power = sum(
            (np.resize(voice, (frames, MEL_BANDS)) / max(voice.mean(), 1e-9) for voice in babble), np.zeros(1)
        )
    elif draw < 0.45:
        power = _music(frames, random)
    else:
        grains, tilt = _grains(), (np.arange(1, MEL_BANDS + 1) / 20.0) ** random.uniform(-2.5, 1.0)
        start = int(random.integers(0, len(grains) - frames)) if frames < len(grains) else 0
        colour = (tilt * np.exp(random.normal(0, 0.3, MEL_BANDS))).astype(np.float32)
        power = colour * np.resize(grains[start : start + frames], (frames, MEL_BANDS))
        draw = random.random()
        if draw < 0.35:  # wind, traffic
            knots = random.uniform(-6, 6, max(frames // 40, 2))
            swell = np.interp(np.arange(frames), np.linspace(0, frames, len(knots)), knots)
            power = power * (10 ** (swell / 10)).astype(np.float32)[:, None]
        elif draw < 0.7:  # applause, waves, machines: loud and soft as often as syllables are
            knots = random.uniform(-25, 5, max(int(frames / 100 * random.uniform(4, 18)), 2))
            swell = np.interp(np.arange(frames), np.linspace(0, frames, len(knots)), knots)
            power = power * (10 ** (swell / 10)).astype(np.float32)[:, None]
    power = np.asarray(power, np.float32)
    return power / max(float(power.mean()), 1e-9)


def _music(frames: int, random: np.random.Generator) -> Power:
    """(frames, 40) power of notes with harmonics that fade, and of drums, on a beat."""
    power = np.full((frames, MEL_BANDS), 1e-4, np.float32)
    beat = random.uniform(12, 60)  # frames
    drums = random.random()
    for start in np.arange(random.uniform(0, beat), frames, beat).astype(int):
        length = frames - start
        if random.random() < drums:
            tilt = (np.arange(1, MEL_BANDS + 1) / 20.0) ** random.uniform(-3, 2)
            fade = np.exp(-np.arange(length) / random.uniform(2, 12))
            power[start:] += np.outer(fade, tilt / tilt.max() * random.uniform(0.1, 1)).astype(np.float32)
        if random.random() > drums * 0.7:
            fade = np.exp(-np.arange(length) / random.uniform(8, 120))
            fade[: min(6, length)] *= np.linspace(random.uniform(0, 1), 1, 6)[: min(6, length)]
            for _ in range(int(random.integers(1, 4))):
                partials = np.arange(1, 30) * 55 * 2 ** (random.integers(6, 48) / 12)
                partials = partials[partials < MEL_RANGE[1]]
                bands = np.zeros(MEL_BANDS)
                np.add.at(
                    bands, _band_of(partials), np.arange(1, len(partials) + 1) ** -random.uniform(0.5, 3)
                )
                power[start:] += np.outer(fade, bands * random.uniform(0.2, 1)).astype(np.float32)
    return power


def _band_of(hertz: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which mel band a frequency falls into."""
    low, high = hertz_to_mel(np.array(MEL_RANGE))
    place = (hertz_to_mel(hertz) - low) / (high - low) * (MEL_BANDS + 1) - 1
    return np.clip(np.round(place), 0, MEL_BANDS - 1).astype(np.int64)


def room(power: Power, seconds: float, direct: float) -> Power:
    """(T, 40) mel power as a room sends it on: every sound leaves a tail that fades by 60 dB.

    Args:
        power: (T, 40) at 100 Hz.
        seconds: reverberation time of low tones; the highest fade twice as fast.
        direct: dB that the sound itself is louder than all of its tail, of which the first 10 ms are left out.

    Source: the exponential decay of Polack's model; phases do not matter to a power spectrum.
    """
    fade = np.exp(-np.log(1e6) / (FEATURE_RATE * seconds * np.linspace(1, 0.5, MEL_BANDS))).astype(np.float32)
    share = (10 ** (-direct / 10) * (1 - fade)).astype(np.float32)
    tail, heard = np.zeros(MEL_BANDS, np.float32), np.empty_like(power)
    for frame, now in enumerate(power):
        heard[frame] = now + tail
        tail = fade * (tail + share * now)
    return heard


def overdriven(power: Power, random: np.random.Generator) -> Power:
    """(T, 40) mel power after an amplifier that squeezes what is loud and fills the gaps of its spectrum."""
    loud = power.mean(axis=1, keepdims=True)
    squeeze = (loud / max(float(loud.max()), 1e-9) + 1e-4) ** -random.uniform(0, 0.7)
    tilt = (np.arange(1, MEL_BANDS + 1) / 20.0) ** random.uniform(-1.5, 0.5)
    fill = loud * (tilt / tilt.mean()) * 10 ** -random.uniform(0.8, 2.5)
    return ((power + fill) * squeeze).astype(np.float32)


def disturb(power: Power, random: np.random.Generator, babble: list[Power]) -> Power:
    """A room, noise at 0-32 dB, a microphone's colour, an overdriven amplifier, a telephone's band, a swell; by chance."""
    frames = len(power)
    if random.random() < 0.35:
        power = room(power, random.uniform(0.15, 1.0), random.uniform(-4, 12))
    if random.random() < 0.65:
        power = power + noise(frames, random, babble) * (power.mean() * 10 ** (-random.uniform(0, 32) / 10))
    places = (np.arange(MEL_BANDS) + 0.5) / MEL_BANDS
    colour = sum(random.normal(0, 3) * np.cos(np.pi * q * places + random.uniform(0, 6)) for q in (1, 2, 3))
    power = power * (10 ** (colour / 10)).astype(np.float32)
    if random.random() < 0.1:
        power = overdriven(power, random)
    if random.random() < 0.1:
        power = power.copy()
        power[:, int(random.integers(28, 36)) :] *= 1e-5
    if random.random() < 0.25:
        swell = np.interp(np.arange(frames), np.linspace(0, frames, 5), random.uniform(-10, 10, 5))
        power = power * (10 ** (swell / 10)).astype(np.float32)[:, None]
    return np.asarray(power, np.float32)


def heard(power: Power) -> NDArray[np.float32]:
    """(T, 49) features of mel power, as the engine makes them."""
    return normalise(power)


def level(power: Power) -> NDArray[np.float32]:
    """(T,) the last of the features alone."""
    return np.asarray(level_feature(Levels(power).relative), np.float32)


def masked(features: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """(T, 49) features with stripes of bands and a short stretch of time blanked by chance, in place.

    Source: Park et al. 2019, *SpecAugment*, arXiv 1904.08779. A blanked stretch is shorter than a phone and its
    neighbours, so that what was said can still be told from them.
    """
    for _ in range(2):
        if random.random() < 0.5:
            band = int(random.integers(0, MEL_BANDS - 4))
            features[:, band : min(band + int(random.integers(2, 8)), MEL_BANDS)] = 0
    if random.random() < 0.3 and len(features) > 40:
        start = int(random.integers(0, len(features) - 8))
        features[start : start + int(random.integers(2, 8))] = 0
    return features
