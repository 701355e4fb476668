"""Sounds to train with, with a voice and without: each is what its name says, and the same again for the same chance."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("scipy")

from inference.hearing.audio import SAMPLE_RATE
from inference.hearing.features import mel_power
from inference.hearing.loudness import Levels
from inference.motion.lips.content import PHONES
from inference.training.disturbances import no_voice
from inference.training.synthetic_speech import alone, wordless


def spectral_centroid(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float((np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE) * power).sum() / power.sum())


@pytest.mark.parametrize("kind", sorted(no_voice.NO_VOICE))
@pytest.mark.parametrize("seconds", [0.07, 0.6])
def test_every_sound_without_a_voice_can_be_made_short_and_is_the_same_again(
    kind: str, seconds: float
) -> None:
    first, again = (no_voice.made(kind, np.random.default_rng(8), seconds) for _ in range(2))
    other = no_voice.made(kind, np.random.default_rng(9), seconds)
    assert first.dtype == np.float32 and len(first) == round(seconds * SAMPLE_RATE)
    assert np.isfinite(first).all() and np.abs(first).max() > 0.3
    assert np.array_equal(first, again) and not np.array_equal(first, other)


@pytest.mark.parametrize("seed", range(6))
def test_a_drone_never_moves_and_a_tone_is_hardly_more_than_one_partial(seed: int) -> None:
    drone, tone = (make(np.random.default_rng(seed), 2.0) for make in (no_voice.drone, no_voice.tone))
    early, late = (
        np.abs(np.fft.rfft(part * np.hanning(len(part)))) for part in (drone[:16000], drone[-16000:])
    )
    assert np.corrcoef(early, late)[0, 1] > 0.99
    power = np.abs(np.fft.rfft(tone * np.hanning(len(tone)))) ** 2
    loudest = int(power.argmax())
    around = max(loudest // 50, 6)  # it may tremble
    assert power[loudest - around : loudest + around + 1].sum() > 0.75 * power.sum()


def test_keys_are_two_tones_of_the_telephone() -> None:
    samples = no_voice.keys(np.random.default_rng(1), 3.0)
    power = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    near = np.zeros(len(hertz), bool)
    for tone in (697, 770, 852, 941, 1209, 1336, 1477, 1633):
        near |= np.abs(hertz - tone) < 30
    assert power[near].sum() > 0.9 * power.sum()


@pytest.mark.parametrize("hertz", [95.0, 310.0, 850.0])
def test_a_timbre_is_kept_on_any_pitch(hertz: float) -> None:
    random = np.random.default_rng(4)
    narrow = np.exp(-(((np.linspace(0, 8000, 257) - 1500) / 400) ** 2)) + 1e-3
    samples = wordless.voiced(narrow, np.full(SAMPLE_RATE, hertz), random, breath=-40)
    assert 1000 < spectral_centroid(samples) < 2000
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    loudest = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)[power.argmax()]
    assert abs(loudest / hertz - round(loudest / hertz)) < 0.02


def test_a_timbre_is_found_in_a_sound() -> None:
    random = np.random.default_rng(5)
    timbre = wordless.made_timbre(random)
    heard = wordless.timbre_of(wordless.voiced(timbre, np.full(8000, 110.0), random, -60))
    inside = slice(6, 120)  # 190 Hz to 3.7 kHz: a pulse every 110 Hz says little about what is below
    assert np.corrcoef(np.log(timbre[inside]), np.log(heard[inside]))[0, 1] > 0.9


def test_laughter_has_bursts_and_a_whisper_no_pitch() -> None:
    random = np.random.default_rng(6)
    laughter = wordless.bouts(wordless.made_timbre(random), 220, random).astype(np.float32)
    edges = np.diff((Levels(mel_power(laughter)).relative > -28).astype(int), prepend=0)
    assert (edges == 1).sum() >= 3
    voice = wordless.voiced(wordless.made_timbre(random), np.full(SAMPLE_RATE, 125.0), random)
    window = np.hanning(SAMPLE_RATE)
    peak, whispered = (
        np.abs(np.fft.rfft(sound * window))[1000:1130].max()
        / np.abs(np.fft.rfft(sound * window))[1000:1130].mean()
        for sound in (voice, wordless.whispered(voice, random))
    )
    assert peak > 3 * whispered


def test_a_vowel_is_held_as_long_as_asked() -> None:
    pytest.importorskip("parselmouth")
    time = np.arange(2000) / SAMPLE_RATE
    piece = sum(np.sin(2 * np.pi * 140 * k * time) / k for k in range(1, 20)).astype(np.float32)
    for seconds in (0.4, 2.7):
        first, again = alone.held(piece, seconds), alone.held(piece, seconds)
        assert abs(len(first) / SAMPLE_RATE - seconds) < 0.05
        assert np.array_equal(first, again)
        assert (np.abs(first.reshape(-1)[800:-800]) > 0.2).any()


def test_a_drawn_out_vowel_stands_alone_or_in_its_word() -> None:
    """The encoder is sure of the vowel in the middle of a hiss; what it is held to begins with it or with the hiss."""
    random = np.random.default_rng(3)

    class Hears:
        weights = SimpleNamespace(posteriors=slice(0, len(PHONES)))

        def content(self, features: np.ndarray) -> np.ndarray:
            content = np.zeros((-(-len(features) // 2), len(PHONES)))
            content[:, 0] = 1
            content[50:70, 0], content[50:70, PHONES.index("AA")] = 0, 1
            return content

    vowel = wordless.voiced(wordless.made_timbre(random), np.full(6400, 140.0), random, -30)
    hiss = 0.3 * random.normal(size=16000)
    samples = np.concatenate([hiss, vowel, hiss]).astype(np.float32)
    made = [one for _ in range(8) for one in alone.drawn_out(samples, Hears(), 3, random)]  # type: ignore[arg-type]
    assert len(made) == 8 and all(0.45 < len(one) / SAMPLE_RATE < 5.6 for one in made)
    hissing = [np.mean(np.diff(np.sign(one[:400])) != 0) > 0.3 for one in made if np.abs(one[:400]).max() > 0]
    assert any(hissing) and not all(hissing)


def test_words_are_cut_close() -> None:
    sound = np.zeros(SAMPLE_RATE, np.float32)
    sound[4000:9000] = np.sin(np.arange(5000) * 0.3)
    assert len(alone.cut_close(sound)) == pytest.approx(5000, abs=320)
    assert len(alone.cut_close(np.zeros(500, np.float32))) == 0
