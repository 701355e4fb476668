"""A crowd behind somebody is turned down in the pauses; speech, silence and steady noise are left alone."""

from __future__ import annotations

import numpy as np
import pytest

from inference.hearing.background import background_lowered
from inference.hearing.loudness import Levels

RATE = 100
SPECTRUM = np.exp(-np.linspace(0, 3, 40)) / np.exp(-np.linspace(0, 3, 40)).sum()


def sound(decibels: np.ndarray) -> np.ndarray:
    """(T, 40) float32 power of a level in dB."""
    return (10 ** (decibels / 10)[:, None] * SPECTRUM).astype(np.float32)


def syllables(seconds: float, loudest: float, a_second: float = 5.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return loudest - 25 * np.abs(np.cos(np.pi * a_second * time))


def spoken(loudest: float = 0.0) -> np.ndarray:
    """(T,) dB: 1 s of nothing, 2 s of speech, 1.5 s of nothing, 2 s of speech, 1 s of nothing."""
    nothing = np.full(RATE, -90.0)
    return np.concatenate([
        nothing, syllables(2, loudest), nothing, nothing[:50], syllables(2, loudest), nothing
    ])  # fmt: skip


def crowd(frames: int, loudest: float) -> np.ndarray:
    """(T, 40) power of voices at once: never silent, never steady."""
    time = np.arange(frames) / RATE
    return sound(loudest - 5 + 3.5 * np.sin(2 * np.pi * 4.1 * time) + 1.5 * np.sin(2 * np.pi * 1.3 * time))


def lowered(power: np.ndarray) -> np.ndarray:
    """(T,) dB by which each frame is."""
    heard = background_lowered(power, Levels(power))
    assert heard.shape == power.shape and heard.dtype == np.float32
    return 10 * np.log10(power.sum(axis=1) / heard.sum(axis=1))


@pytest.mark.parametrize("gain", [-60.0, 0.0, 20.0])
@pytest.mark.parametrize("below", [15.0, 20.0])
def test_a_crowd_is_turned_down_in_the_pauses(below: float, gain: float) -> None:
    speech = spoken()
    down = lowered((sound(speech) + crowd(len(speech), -below)) * np.float32(10 ** (gain / 10)))
    pauses, inside = [slice(20, 70), slice(330, 420), slice(670, 730)], [slice(120, 280), slice(470, 630)]
    assert all(down[part].mean() > 6 for part in pauses)
    assert all(down[part].max() < 1 for part in inside)


def test_clean_speech_is_what_it_was() -> None:
    for power in (sound(spoken()), sound(syllables(6, 0.0)), sound(np.maximum(spoken(), -45.0))):
        assert background_lowered(power, Levels(power)) is power


def test_a_soft_line_after_a_loud_one_is_no_background() -> None:
    power = sound(np.maximum(np.concatenate([spoken(), spoken(-25.0)]), -70.0))
    assert background_lowered(power, Levels(power)) is power


@pytest.mark.parametrize("below", [5.0, 15.0])
def test_steady_noise_is_left_to_the_ear(below: float) -> None:
    speech = spoken()
    noise = np.random.default_rng(1).chisquare(12, (len(speech), 40)) / 12 * SPECTRUM * 10 ** (-below / 10)
    down = lowered((sound(speech) + noise).astype(np.float32))
    assert down.mean() < 1.5


def test_a_vowel_that_fades_is_heard_to_its_end() -> None:
    assert lowered(sound(np.linspace(0, -18, 300))).max() < 6


@pytest.mark.parametrize("seconds", [3.0, 6.0])
@pytest.mark.parametrize("fall", [4.0, 8.0])  # dB a second
def test_a_vowel_that_fades_while_it_is_held_is_no_background(fall: float, seconds: float) -> None:
    time = np.arange(round(seconds * RATE)) / RATE
    held = -12 - fall * time + 1.5 * np.sin(2 * np.pi * 5 * time)
    assert lowered(sound(np.concatenate([syllables(0.4, 0.0)[8:], held]))).max() < 2


def test_a_crowd_that_starts_with_a_held_vowel_is_turned_down_after_it() -> None:
    vowel = np.concatenate([np.zeros(2 * RATE), np.full(3 * RATE, -90.0)])
    down = lowered(sound(vowel) + crowd(len(vowel), -15.0))
    assert down[:180].max() < 1 and down[240:].mean() > 6


@pytest.mark.parametrize("frames", [1, 7, 40])
def test_the_shortest(frames: int) -> None:
    for power in (sound(np.zeros(frames)), np.zeros((frames, 40), np.float32)):
        np.testing.assert_array_equal(background_lowered(power, Levels(power)), power)
