"""What moves too slowly to be heard changes nothing, however strong; all else stays as it is, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the voice is made by the training room")

from inference.hearing.features import mel_power
from inference.hearing.infrasound import infrasound_removed
from inference.training.disturbances import throat

RATE = 16000


def voice(seconds: float = 4.0) -> np.ndarray:
    """(N,) syllables of "ah" of a deep man, its highest sample 0.2."""
    sound = throat.vowel("AA", [62.0, 80.0, 58.0], seconds)
    sound *= 1 - np.cos(2 * np.pi * 4 * np.arange(len(sound)) / RATE)
    return np.asarray(0.2 * sound / np.abs(sound).max(), np.float32)


def slow(samples: np.ndarray, hertz: float, height: float) -> np.ndarray:
    return np.asarray(height * np.sin(2 * np.pi * hertz * np.arange(len(samples)) / RATE + 1), np.float32)


def error(samples: np.ndarray, truth: np.ndarray) -> float:
    """dB that the bands of the loud frames are off; half a second at each end has fewer neighbours."""
    true, told = (10 * np.log10(mel_power(each) + 1e-6)[50:-50] for each in (truth, samples))
    return float(np.abs(told - true)[true.max(axis=1) > true.max() - 30].mean())


@pytest.mark.parametrize("hertz", [0.5, 8.0, 25.0])
def test_what_is_slow_is_taken_out(hertz: float) -> None:
    whole = voice()
    shaken = whole + slow(whole, hertz, 0.75)
    assert error(infrasound_removed(shaken), whole) < min(0.3, 0.2 * error(shaken, whole))


def test_a_deep_voice_stays_bit_for_bit() -> None:
    whole = voice()
    assert infrasound_removed(whole) is whole
    weak = whole + slow(whole, 8.0, 0.02)
    assert infrasound_removed(weak) is weak
    held = np.asarray(0.5 * np.sin(2 * np.pi * 52 * np.arange(RATE) / RATE), np.float32)
    assert infrasound_removed(held) is held


def test_a_gust_in_a_long_recording_is_found() -> None:
    whole = np.tile(voice(), 10)
    shaken = whole.copy()
    gust = slice(20 * RATE, 23 * RATE)
    shaken[gust] += slow(shaken[gust], 6.0, 0.75)
    assert error(infrasound_removed(shaken), whole) < 0.3 * error(shaken, whole)


def test_a_part_is_judged_by_the_whole() -> None:
    pause = slow(np.zeros(RATE), 8.0, 0.02)
    assert infrasound_removed(pause) is not pause
    assert infrasound_removed(pause, np.concatenate([voice(), pause])) is pause


@pytest.mark.parametrize("count", [0, 1, 39, 40, 41, 16001, (1 << 20) + 7])
def test_every_length(count: int) -> None:
    shaken = slow(np.zeros(count), 3.0, 0.9)
    removed = infrasound_removed(shaken)
    assert removed.shape == shaken.shape and removed.dtype == np.float32
    assert np.isfinite(removed).all() and np.abs(removed).max(initial=0) <= 0.95
    if count > RATE:
        assert np.abs(removed[RATE // 2 : -RATE // 2]).max(initial=0) < 0.02
