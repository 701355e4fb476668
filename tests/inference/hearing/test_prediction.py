"""What a recording lost is found again from what is around it."""

from __future__ import annotations

import numpy as np
import pytest

from inference.hearing.prediction import predicted

RATE = 16000


def ringing(count: int, seed: int = 3) -> np.ndarray:
    """(N,) two resonances that are struck now and then, as a throat is."""
    struck = np.zeros(count)
    struck[:: RATE // 110] = 1
    struck += 0.01 * np.random.RandomState(seed).normal(size=count)
    result = struck
    for hertz, width in ((500, 60), (1500, 90)):
        far = np.exp(-np.pi * width / RATE)
        one, two = 2 * far * np.cos(2 * np.pi * hertz / RATE), -far * far
        rung = np.zeros(count + 2)
        for at in range(count):
            rung[at + 2] = result[at] + one * rung[at + 1] + two * rung[at]
        result = rung[2:]
    return np.asarray(result / np.abs(result).max(), np.float32)


def lost_of(count: int, length: int) -> np.ndarray:
    places = np.zeros(count, bool)
    for first in range(97, count - length, 61):
        places[first : first + length] = True
    return places


def bounds(count: int, most: float = 9.0) -> tuple[np.ndarray, np.ndarray]:
    return np.full(count, -most), np.full(count, most)


@pytest.mark.parametrize(("length", "share"), [(1, 0.02), (4, 0.1), (12, 0.45)])
def test_lost_samples_are_found_again(length: int, share: float) -> None:
    whole = ringing(8000)
    lost = lost_of(len(whole), length)
    guess = np.where(lost, 0, whole).astype(np.float32)
    found = predicted(guess, lost, *bounds(len(whole)))
    np.testing.assert_array_equal(found[~lost], whole[~lost])
    off = np.sqrt(np.mean((found - whole)[lost] ** 2) / np.mean(whole[lost] ** 2))
    assert off < share


def test_what_is_found_stays_within_its_bounds() -> None:
    whole = ringing(4000)
    lost = lost_of(len(whole), 8)
    found = predicted(np.where(lost, 0, whole), lost, *bounds(len(whole), 0.05))
    assert np.abs(found[lost]).max() <= np.float32(0.05)


@pytest.mark.parametrize("gain", [2.0**-20, 2.0**12])
def test_gain_does_not_matter(gain: float) -> None:
    whole = ringing(3000)
    lost = lost_of(len(whole), 6)
    guess = np.where(lost, 0, whole)
    one, other = (predicted(by * guess, lost, *bounds(len(whole), 9 * by)) for by in (1.0, gain))
    np.testing.assert_allclose(other, gain * one, rtol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 50, 127, 128, 129])
def test_short_ones_and_all_lost(count: int) -> None:
    samples = np.linspace(-0.5, 0.5, count).astype(np.float32)
    np.testing.assert_array_equal(predicted(samples, np.zeros(count, bool), *bounds(count)), samples)
    found = predicted(samples, np.ones(count, bool), *bounds(count))
    assert found.shape == (count,) and np.isfinite(found).all()


def test_silence_stays_silent() -> None:
    silence = np.zeros(1000, np.float32)
    np.testing.assert_array_equal(predicted(silence, lost_of(1000, 20), *bounds(1000)), silence)
