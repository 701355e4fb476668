"""A vowel that is held stays a voice; what begins as something else does not become one."""

from __future__ import annotations

import numpy as np
import pytest

from inference.motion.lips.lasting import same_sound, still_a_voice

RATE = 50


def bands(seconds: float, slope: float, decibels: float = 0.0) -> np.ndarray:
    """(T, 40) power of one sound that does not change: its spectrum falls or rises over the bands."""
    power = 10 ** ((decibels + slope * np.linspace(-20, 20, 40)) / 10) / 40
    return np.tile(power.astype(np.float32), (round(seconds * RATE), 1))


def heard(*parts: tuple[float, float]) -> np.ndarray:
    """(T,) likely: (seconds, how likely) one after the other."""
    return np.concatenate([np.full(round(seconds * RATE), likely) for seconds, likely in parts])


def reference(power: np.ndarray) -> np.ndarray:
    """(T,) dB of its loudest frame."""
    return np.full(len(power), 10 * np.log10(power.sum(axis=1).max()))


def test_a_held_vowel_is_a_voice_to_its_end() -> None:
    power = bands(7.0, -1.0)
    told = still_a_voice(heard((1.0, 0.9), (6.0, 0.02)), same_sound(power, reference(power)))
    assert (told > 0.6)[: round(3.5 * RATE)].all()
    assert (np.diff(told[2 * RATE :]) <= 0).all()


def test_it_is_none_for_ever() -> None:
    power = bands(20.0, -1.0)
    told = still_a_voice(heard((1.0, 0.9), (19.0, 0.02)), same_sound(power, reference(power)))
    assert told[-RATE:].max() == pytest.approx(0.02)


def test_another_sound_is_judged_by_itself() -> None:
    power = np.concatenate([bands(1.5, -1.0), bands(4.0, 1.0)])
    told = still_a_voice(heard((1.5, 0.9), (4.0, 0.02)), same_sound(power, reference(power)))
    assert told[2 * RATE :].max() == pytest.approx(0.02)


def test_it_ends_where_it_becomes_silent() -> None:
    power = np.concatenate([bands(2.0, -1.0), bands(3.0, -1.0, -45.0)])
    told = still_a_voice(heard((1.0, 0.9), (4.0, 0.02)), same_sound(power, reference(power)))
    assert told[round(2.3 * RATE) :].max() == pytest.approx(0.02)


def test_a_machine_stays_a_machine() -> None:
    power = bands(5.0, -0.5)
    likely = heard((5.0, 0.1))
    likely[3:7] = 0.9  # a moment of doubt
    np.testing.assert_array_equal(still_a_voice(likely, same_sound(power, reference(power))), likely)


@pytest.mark.parametrize("frames", [1, 2, 5])
def test_the_shortest_recordings(frames: int) -> None:
    likely = np.full(frames, 0.9)
    told = still_a_voice(likely, same_sound(np.zeros((frames, 40), np.float32), np.zeros(frames)))
    np.testing.assert_allclose(told, likely)
