"""What happens to a sound on its way to us, as samples: it stays a sound of the same length and the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from inference.hearing.audio import SAMPLE_RATE
from inference.hearing.features import mel_power
from inference.hearing.tones import tones
from inference.training.disturbances import augment, badly_recorded


@pytest.mark.parametrize("length", [1281, 7001])
def test_a_disturbed_sound_has_its_length_and_peak(length: int) -> None:
    sound = (0.2 * np.sin(np.arange(length) * 0.07)).astype(np.float32)
    results = [badly_recorded.disturbed(sound, np.random.default_rng(seed)) for seed in range(25)]
    for result in results:
        assert result.dtype == np.float32 and len(result) == length and np.isfinite(result).all()
        assert np.abs(result).max() == pytest.approx(np.abs(sound).max(), rel=1e-3)
    again = badly_recorded.disturbed(sound, np.random.default_rng(3))
    assert np.array_equal(results[3], again) and not np.array_equal(results[3], results[4])
    assert np.isfinite(badly_recorded.disturbed(0 * sound, np.random.default_rng(1))).all()


def test_a_room_lasts_as_long_as_asked() -> None:
    click = np.zeros(SAMPLE_RATE)
    click[100] = 1.0
    heard = badly_recorded.in_room(click, np.random.default_rng(2), 0.4, 6.0)
    assert heard[100] == pytest.approx(1, abs=1e-6) and np.abs(heard[:100]).max() < 1e-9
    tail = heard[101:]
    assert np.sum(tail**2) == pytest.approx(10 ** (-6 / 10), rel=0.01)
    early, late = (np.mean(tail[first : first + 800] ** 2) for first in (400, 400 + round(0.2 * SAMPLE_RATE)))
    assert 10 * np.log10(early / late) == pytest.approx(30, abs=4)


def test_noise_has_the_spectrum_that_was_asked_for() -> None:
    random = np.random.default_rng(4)
    wanted = np.full((200, 40), 1e-4, np.float32)
    wanted[:100, 10:16] = 1.0
    wanted[100:, 28:32] = 1.0
    sound = badly_recorded.sound_of(wanted, random)
    made = mel_power(sound)
    assert len(made) == 200 and np.abs(sound).max() == pytest.approx(0.5)
    first, second = made[10:90].mean(axis=0), made[110:190].mean(axis=0)
    assert first[11:15].min() > 10 * first[20:].max() and second[28:32].min() > 10 * second[:20].max()
    assert np.median(tones(sound)[:, 0]) < 0.6


def test_spectra_by_chance_become_sounds() -> None:
    random = np.random.default_rng(6)
    for frames in (61, 240):
        sound = badly_recorded.sound_of(augment.noise(frames, random, []), random)
        assert np.isfinite(sound).all() and len(tones(sound)) == -(-frames // 2)
