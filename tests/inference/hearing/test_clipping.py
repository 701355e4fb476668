"""Crests that an overdriven recording lost come back; what is not clipped stays as it is, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from inference.hearing.clipping import crests_restored
from inference.hearing.features import mel_power
from inference.hearing.resampling import resample

pytest.importorskip("scipy", reason="voices are made with it")
from inference.training.disturbances import throat

RATE = 16000


def voice(seconds: float = 2.0) -> np.ndarray:
    """(N,) syllables of "ah" and "eh" on a gliding pitch, its highest sample 1."""
    halves = [throat.vowel(phone, [118.0, 141.0, 109.0], seconds / 2) for phone in ("AA", "EH")]
    sound = np.concatenate(halves)
    sound *= 1 - np.cos(2 * np.pi * 4 * np.arange(len(sound)) / RATE)
    return np.asarray(sound / np.abs(sound).max(), np.float32)


def clipped(samples: np.ndarray, decibels: float, top: float = 1.0, bottom: float = -1.0) -> np.ndarray:
    return np.clip(samples * np.float32(10 ** (decibels / 20)), bottom, top).astype(np.float32)


def error(samples: np.ndarray, truth: np.ndarray) -> float:
    """dB that the bands of the loud frames are off, whatever the gain."""
    true, told = (10 * np.log10(mel_power(each) + 1e-6) for each in (truth, samples))
    loud = true.max(axis=1) > true.max() - 30
    off = (told - true)[loud]
    return float(np.abs(off - np.median(off)).mean())


@pytest.mark.parametrize("gain", [1.0, 0.31])
def test_what_was_cut_off_comes_back(gain: float) -> None:
    whole = voice()
    cut = gain * clipped(whole, 12)
    restored = crests_restored(cut)
    assert error(restored, whole) < 0.65 * error(cut, whole)
    assert np.abs(restored).max() > 1.5 * gain
    between = np.abs(cut) < 0.85 * gain
    np.testing.assert_array_equal(restored[between], cut[between])


def test_only_the_side_that_is_cut_off_changes() -> None:
    cut = clipped(voice(), 12, top=0.6, bottom=-9)
    restored = crests_restored(cut)
    assert restored.max() > 0.9
    np.testing.assert_array_equal(restored[cut < 0], cut[cut < 0])


def test_tops_that_another_rate_made_wavy_are_found() -> None:
    whole = voice()
    cut = resample(clipped(resample(whole, RATE, 44100), 14), 44100, RATE)
    restored = crests_restored(cut)
    assert restored is not cut
    assert error(restored, whole) < 0.8 * error(cut, whole)


@pytest.mark.parametrize(
    "samples",
    [
        voice(),
        np.float32(0.9) * np.sin(np.arange(2 * RATE) * 0.07).astype(np.float32),
        np.random.RandomState(0).uniform(-1, 1, RATE).astype(np.float32),
        np.zeros(RATE, np.float32),
        np.zeros(0, np.float32),
        np.ones(1, np.float32),
    ],
    ids=["voice", "sine", "noise", "silence", "nothing", "one sample"],
)
def test_what_is_not_clipped_is_left_as_it_is(samples: np.ndarray) -> None:
    assert crests_restored(samples) is samples


def test_a_soft_murmur_is_left_beside_what_is_clipped() -> None:
    """Low tones in a pause crowd at their own highest level too, but were never too loud."""
    murmur = clipped(np.float32(0.05) * voice(), 12, top=0.1, bottom=-0.1)
    cut = np.concatenate([murmur, clipped(voice(), 12)])
    restored = crests_restored(cut)
    assert not np.array_equal(restored[len(murmur) :], cut[len(murmur) :])
    np.testing.assert_array_equal(restored[: len(murmur)], murmur)


@pytest.mark.parametrize("period", [2, 80, 3000])
def test_square_waves_stay_within_bounds(period: int) -> None:
    square = np.sign(np.sin(np.arange(RATE) * 2 * np.pi / period + 0.1)).astype(np.float32)
    restored = crests_restored(square)
    assert np.isfinite(restored).all()
    assert np.abs(restored).max() <= 4.001


def test_the_recording_itself_is_not_changed() -> None:
    cut = clipped(voice(), 12)
    before = cut.copy()
    crests_restored(cut)
    np.testing.assert_array_equal(cut, before)


def test_long_recordings_are_restored_to_their_end() -> None:
    """Handled in pieces, of which each holds some of the 40 s."""
    long = np.tile(clipped(voice(), 12), 20)
    told: list[float] = []
    restored = crests_restored(long, told.append)
    assert len(told) > 1 and told == sorted(told) and told[-1] == 1.0
    raised = (np.abs(restored) > 1.3).reshape(20, -1).sum(axis=1)
    assert raised.min() > 0.9 * raised.max() > 100
