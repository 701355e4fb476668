"""A held sound stands still however it fades; what changes its spectrum does not."""

from __future__ import annotations

import numpy as np
import pytest

from inference.hearing.steadiness import stands_still

SLOPE = np.linspace(-10, 10, 40)


def swaying(seconds: float, rate: float, decibels: float) -> np.ndarray:
    """(T, 40) power whose slope goes from one side to the other three times a second, by so many dB at its ends."""
    time = np.arange(round(seconds * rate)) / rate
    sway = np.sin(2 * np.pi * 3 * time)[:, None] * SLOPE * decibels / 10
    return (10 ** ((sway - 20) / 10)).astype(np.float32)


def reference(power: np.ndarray) -> np.ndarray:
    return np.full(len(power), 10 * np.log10(power.sum(axis=1).max() + 1e-10))


@pytest.mark.parametrize("rate", [50.0, 100.0])
@pytest.mark.parametrize("gain", [-70.0, 0.0, 30.0])
def test_it_is_told_at_each_rate_and_loudness(rate: float, gain: float) -> None:
    for decibels, still in ((1.0, 1.0), (20.0, 0.0)):
        power = swaying(3.0, rate, decibels) * np.float32(10 ** (gain / 10))
        assert stands_still(power, reference(power), rate).mean() == still


@pytest.mark.parametrize("rate", [50.0, 100.0])
def test_what_fades_slowly_stands_still(rate: float) -> None:
    fading = swaying(3.0, rate, 1.0) * np.float32(10 ** (-np.linspace(0, 5, round(3 * rate))))[:, None]
    assert stands_still(fading, reference(fading), rate).all()


def test_it_stands_still_between_two_sounds_alone() -> None:
    power = np.concatenate([swaying(1.0, 100.0, 0.5), swaying(1.0, 100.0, 25.0), swaying(1.0, 100.0, 0.5)])
    still = stands_still(power, reference(power), 100.0)
    assert still[:85].all() and not still[120:180].any() and still[215:].all()


@pytest.mark.parametrize("frames", [1, 2, 9])
def test_silence_stands_still(frames: int) -> None:
    power = np.zeros((frames, 40), np.float32)
    assert stands_still(power, np.full(frames, -100.0), 100.0).all()
