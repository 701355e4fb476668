"""What clips are measured under: each disturbance does what its name says, and none moves a sound in time."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the training room needs scipy")

from inference.errors import EngineError
from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.hearing.infrasound import infrasound_removed
from inference.training.disturbances import altered, sounds
from inference.training.disturbances.sounds import DISTURBANCES, beside, disturbed, in_room, noise, telephoned

PRAAT = {"a child's voice", "a deep voice", "sung", "a chipmunk's voice", "a giant's voice"}


@pytest.fixture(scope="module")
def voice(sample_voice: Path) -> np.ndarray:
    return read_recording(sample_voice).samples[: 3 * SAMPLE_RATE]


@pytest.fixture(scope="module")
def others() -> list[np.ndarray]:
    return [noise(2.0, 1.0, seed) for seed in range(7)]


def envelope(samples: np.ndarray) -> np.ndarray:
    """Loudness of each 20 ms, dB."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320).astype(np.float64)
    return 20 * np.log10(np.sqrt((frames**2).mean(axis=1)) + 1e-3 * np.std(samples))


def share(samples: np.ndarray, low: float, high: float) -> float:
    """How much of the power lies between two frequencies."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    return float(power[(hertz >= low) & (hertz < high)].sum() / power.sum())


def pitch(samples: np.ndarray) -> float:
    """Median pitch in Hz, as Praat hears it."""
    import parselmouth

    values = parselmouth.Sound(samples, SAMPLE_RATE).to_pitch().selected_array["frequency"]
    return float(np.median(values[values > 0]))


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_disturbed_voice_keeps_its_length_and_its_times(
    name: str, voice: np.ndarray, others: list[np.ndarray]
) -> None:
    if name in PRAAT:
        pytest.importorskip("parselmouth", reason="other throats need praat-parselmouth")
    first, second = (disturbed(voice, name, "s1/c0", others) for _ in range(2))
    assert first.shape == voice.shape and first.dtype == np.float32 and np.array_equal(first, second)
    assert np.isfinite(first).all() and np.abs(first).max() <= 1
    assert np.array_equal(first, voice) == (name == "as filmed")
    audible = infrasound_removed(first)
    fits = [np.corrcoef(np.roll(envelope(audible), lag), envelope(voice))[0, 1] for lag in range(-5, 6)]
    assert max(fits) > 0.5 and abs(int(np.argmax(fits)) - 5) <= 1


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_clip_without_sound_stays_silent(name: str, others: list[np.ndarray]) -> None:
    assert np.array_equal(disturbed(np.zeros(8000, np.float32), name, "c", others), np.zeros(8000))


def test_backgrounds_are_as_loud_as_they_say_and_differ_from_clip_to_clip(
    voice: np.ndarray, others: list[np.ndarray]
) -> None:
    for name, ratio in (("pink noise, 10 dB", 10), ("a band, 15 dB", 15), ("six voices, 10 dB", 10)):
        added = disturbed(voice * 0.3, name, "s1/c0", others) - voice * 0.3
        assert 20 * np.log10(np.std(voice * 0.3) / np.std(added)) == pytest.approx(ratio, abs=0.1)
    one, two = (disturbed(voice, "pink noise, 10 dB", clip, others) for clip in ("s1/c0", "s1/c1"))
    assert np.abs(one - two).max() > 0.01


def test_a_single_clip_has_its_own_voice_backwards_behind_it(voice: np.ndarray) -> None:
    added = disturbed(voice * 0.3, "six voices, 10 dB", "s1/c0", []) - voice * 0.3
    assert 20 * np.log10(np.std(voice * 0.3) / np.std(added)) == pytest.approx(10, abs=0.1)
    assert abs(np.corrcoef(added, voice)[0, 1]) < 0.2


def test_a_room_rings_for_its_time() -> None:
    click = np.zeros(SAMPLE_RATE)
    click[100] = 1.0
    heard = in_room(click, 0.5, 3.0)
    assert heard[100] == pytest.approx(1.0, abs=0.01)
    tail = heard[101:]
    assert 10 * np.log10(np.sum(tail**2)) == pytest.approx(-3, abs=0.1)
    early, late = (np.sum(tail[start : start + 1600] ** 2) for start in (400, 4400))
    assert 10 * np.log10(early / late) == pytest.approx(30, abs=2)  # 60 dB in 0.5 s


def test_a_telephone_cuts_lows_and_highs(voice: np.ndarray) -> None:
    through = telephoned(voice + 0.1 * noise(3.0)[: len(voice)])
    assert share(through, 300, 3400) > 0.9 > share(voice + 0.1 * noise(3.0)[: len(voice)], 300, 3400)


def test_a_whisper_has_no_voice(voice: np.ndarray) -> None:
    assert share(sounds.whispered(voice.astype(float)), 0, 400) < 0.5 * share(voice, 0, 400)


def test_other_throats_have_the_pitch_they_say(voice: np.ndarray, others: list[np.ndarray]) -> None:
    pytest.importorskip("parselmouth", reason="other throats need praat-parselmouth")
    assert pitch(disturbed(voice, "a child's voice", "c", others)) == pytest.approx(300, rel=0.1)
    assert pitch(disturbed(voice, "a deep voice", "c", others)) == pytest.approx(85, rel=0.1)
    assert 220 < pitch(disturbed(voice, "sung", "c", others)) < 380


def test_what_alters_a_voice_does_what_it_says(voice: np.ndarray) -> None:
    exact = voice.astype(np.float64)
    tone = np.sin(2 * np.pi * 1000 * np.arange(len(exact)) / SAMPLE_RATE)
    assert share(altered.ring_modulated(tone, 60), 930, 945) == pytest.approx(0.5, abs=0.01)  # and 1060 Hz
    assert share(altered.low_passed(exact, 1000), 0, 1100) > 0.999
    assert (altered.with_gaps(exact + 1, 0.05, 0) == 0).mean() == pytest.approx(0.15, abs=0.03)
    driven = altered.overdriven(exact, 18)
    assert (
        np.abs(driven).max() < 1
        and np.std(driven) / np.abs(driven).max() > 2 * np.std(exact) / np.abs(exact).max()
    )
    assert len(np.unique(altered.coarse(exact, 4))) <= 17
    assert not np.corrcoef(altered.vocoded(exact), altered.vocoded(exact, 173.0))[0, 1] > 0.9


def test_without_praat_it_says_what_to_install(voice: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "parselmouth", None)
    with pytest.raises(EngineError, match="pip install praat-parselmouth"):
        disturbed(voice, "sung", "c", [])


def test_a_short_background_goes_round() -> None:
    mixed = beside(np.ones(10) * np.array([1, -1] * 5), np.array([1.0, -1.0, 0.0]), 0)
    assert mixed.shape == (10,)
