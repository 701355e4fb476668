"""Tones: what trembles, what stands still, what has none; the same at every gain and length, and in one piece or several."""

from __future__ import annotations

import numpy as np
import pytest

from inference.hearing import tones as module
from inference.hearing.audio import SAMPLE_RATE
from inference.hearing.features import mel_power
from inference.hearing.tones import TONE_FEATURES, tones

HEIGHT, PITCH, STILL, STEADY, SHARE, SPREAD = 0, 1, slice(2, 5), slice(5, 13), 13, slice(14, 16)
SECONDS = 1.5


def harmonics(pitch: np.ndarray, number: int = 14) -> np.ndarray:
    """A tone whose partials all follow (N,) Hz, a little noise under it."""
    phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    hiss = np.random.default_rng(2).normal(0, 1e-3, len(pitch))
    return (sum(np.sin(k * phase + k * k) / k for k in range(1, number)) * 0.1 + hiss).astype(np.float32)


def constant(hertz: float) -> np.ndarray:
    return np.full(round(SECONDS * SAMPLE_RATE), hertz)


def middle(samples: np.ndarray) -> np.ndarray:
    """(16,) the median over what is heard away from the ends."""
    return np.asarray(np.median(tones(samples)[15:-15], axis=0))


@pytest.mark.parametrize("hertz", [63.0, 181.0, 437.0, 890.0])
def test_a_machine_stands_still_on_its_pitch(hertz: float) -> None:
    told = middle(harmonics(constant(hertz), max(int(3500 / hertz), 2)))
    assert told[HEIGHT] > 0.85
    assert told[PITCH] == pytest.approx(np.log2(hertz / 200), abs=0.03)
    assert (told[STILL] > 0.85).all()
    assert (told[STEADY][[0, 4]] > 0.9).all() or hertz > 400  # the lowest band has a partial or none


def test_a_throat_trembles() -> None:
    random = np.random.default_rng(5)
    knots = random.normal(0, 0.008, round(SECONDS * 100))
    wander = np.interp(np.arange(round(SECONDS * SAMPLE_RATE)) / 160, np.arange(len(knots)), knots)
    throat, machine = middle(harmonics(170 * np.exp(wander))), middle(harmonics(constant(170)))
    assert throat[HEIGHT] > 0.8
    assert (throat[STILL] < machine[STILL] - 0.2).all()
    assert (throat[STEADY][6:] < 0.6).all() and (machine[STEADY][6:] > 0.9).all()


def test_noise_has_no_tones_and_one_tone_is_the_whole_spectrum() -> None:
    random = np.random.default_rng(7)
    noise = middle(random.normal(0, 0.1, 24000).astype(np.float32))
    pure = middle((0.3 * np.sin(2 * np.pi * 440 * np.arange(24000) / SAMPLE_RATE)).astype(np.float32))
    assert noise[HEIGHT] < 0.4 and not noise[STILL].any() and (noise[STEADY][4:] < 0.1).all()
    assert noise[SHARE] < 0.1 and (noise[SPREAD] > 0.7).all()
    assert pure[SHARE] > 0.5 and pure[SPREAD][0] < 0.35


def test_gain_does_not_matter_and_silence_has_nothing() -> None:
    sound = harmonics(constant(140))
    assert np.allclose(tones(sound), tones(sound * np.float32(0.003)), atol=2e-3)
    assert not tones(np.zeros(16000, np.float32)).any()


@pytest.mark.parametrize("length", [0, 1, 2, 319, 320, 641, 16001])
def test_there_is_a_frame_for_each_two_of_the_features(length: int) -> None:
    samples = np.random.default_rng(1).normal(0, 0.1, length).astype(np.float32)
    told = tones(samples)
    assert told.shape == (-(-len(mel_power(samples)) // 2), TONE_FEATURES)
    assert np.isfinite(told).all() and np.abs(told).max() < 3


def test_blocks_leave_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = harmonics(np.linspace(110, 260, 30000))
    whole = tones(sound)
    monkeypatch.setattr(module, "_BLOCK", 17)
    assert np.allclose(tones(sound), whole, atol=1e-4)
