"""A long echo is turned down under what is said next; what is spoken in a common room stays as it is, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from inference.hearing.features import mel_power
from inference.hearing.loudness import Levels
from inference.hearing.reverberation import echo, echoes_lowered

pytest.importorskip("scipy", reason="the training room needs scipy")

from inference.training.disturbances import throat
from inference.training.disturbances.sounds import in_room

RATE = 16000


def syllables(seconds: float = 6.0) -> np.ndarray:
    """(N,) "ah" and "eh" with gaps between them, for two of each three seconds."""
    halves = [throat.vowel(phone, [118.0, 141.0, 109.0], seconds / 2) for phone in ("AA", "EH")]
    sound = np.concatenate(halves)
    time = np.arange(len(sound)) / RATE
    sound *= np.clip(4 * np.sin(2 * np.pi * 1.7 * time), 0, 1) * (time % 3 < 2.1)
    return np.asarray(0.5 * sound / np.abs(sound).max(), np.float32)


def heard(samples: np.ndarray) -> tuple[np.ndarray, Levels]:
    power = mel_power(np.asarray(samples, np.float32))
    return power, Levels(power)


@pytest.mark.parametrize(("seconds", "direct"), [(1.8, 3.0), (1.8, 0.0), (1.8, -6.0), (1.4, 0.0)])
def test_a_long_echo_is_found_and_turned_down(seconds: float, direct: float) -> None:
    whole = syllables()
    power, levels = heard(in_room(whole, seconds, direct))
    assert echo(power, levels) > 0.5
    dry, lowered = mel_power(whole), echoes_lowered(power, echo(power, levels))
    pauses = (dry.sum(axis=1) < 1e-4 * dry.sum(axis=1).max()) & (
        power.sum(axis=1) > 1e-4 * power.sum(axis=1).max()
    )
    assert pauses.sum() > 50
    told, before = (10 * np.log10(each[pauses].sum(axis=1)).mean() for each in (lowered, power))
    assert told < before - 2
    loudest = dry.sum(axis=1) > 0.5 * dry.sum(axis=1).max()
    kept = lowered[loudest].sum() / power[loudest].sum()
    assert kept > 0.6
    assert (lowered >= 0).all() and (lowered <= power).all()


@pytest.mark.parametrize("gain", [2.0**-9, 32.0])
def test_it_does_not_matter_how_loud(gain: float) -> None:
    samples = in_room(syllables(), 1.8, 0)
    power, levels = heard(samples)
    other, theirs = heard(gain * samples)
    np.testing.assert_allclose(
        echoes_lowered(other, echo(other, theirs)),
        gain**2 * echoes_lowered(power, echo(power, levels)),
        rtol=1e-3,
        atol=1e-9,
    )


def noisy(samples: np.ndarray, share: float) -> np.ndarray:
    return samples + share * np.random.RandomState(1).normal(size=len(samples)).astype(np.float32)


@pytest.mark.parametrize(
    "samples",
    [
        syllables(),
        in_room(syllables(), 0.3, 3),
        in_room(syllables(), 0.6, 0),
        noisy(syllables(), 0.01),
        noisy(syllables(), 0.06),
        syllables(1.0),
        throat.vowel("AA", [140.0, 150.0], 3.0),
        np.random.RandomState(0).normal(size=3 * RATE),
        np.sin(np.arange(3 * RATE) * 0.07),
        np.zeros(2 * RATE),
        np.zeros(0),
        np.ones(1),
    ],
    ids=[
        "dry",
        "room",
        "hall",
        "hiss",
        "noise",
        "short",
        "held",
        "white",
        "tone",
        "silence",
        "nothing",
        "one sample",
    ],
)
def test_what_has_no_long_echo_is_left_as_it_is(samples: np.ndarray) -> None:
    power, levels = heard(samples)
    assert echoes_lowered(power, echo(power, levels)) is power


def test_the_power_itself_is_not_changed() -> None:
    power, levels = heard(in_room(syllables(), 1.8, 0))
    before = power.copy()
    echoes_lowered(power, echo(power, levels))
    np.testing.assert_array_equal(power, before)
