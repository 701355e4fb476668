"""How loud it is said, and what is no speech at all: the shipped engine, on recordings made from the sample voice.

Figures here are requirements, not what today's weights happen to reach.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from recordings import wav_bytes

from inference.face.names import ARKIT_INDEX
from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.hearing.backends import Backend, load_backend
from inference.pipeline import Settings, animate

pytest.importorskip("scipy", reason="the training room needs scipy")

from inference.training.disturbances.sounds import at_level, band, decibels, music, noise, whispered

VOICE = Path(__file__).resolve().parents[2] / "demo" / "hello.wav"
RATE = 50  # frames a second of the engine
AT_REST = 0.05  # mean jawOpen of a mouth that does not speak
PAUSE = 1.0  # seconds between passages

Jaw = Callable[[np.ndarray], np.ndarray]


@pytest.fixture(scope="module")
def backend() -> Backend:
    return load_backend("auto", "auto")


@pytest.fixture(scope="module")
def jaw(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Jaw:
    """(N,) samples → (T,) jawOpen 0…1 at `RATE`, through the file and the whole engine."""
    path = tmp_path_factory.mktemp("loudness") / "line.wav"

    def run(samples: np.ndarray) -> np.ndarray:
        assert np.abs(samples).max() <= 1, "the recording clips"
        path.write_bytes(wav_bytes(samples, SAMPLE_RATE))
        animation = animate(path, Settings(fps=None), backend=backend).animation
        assert animation.fps == RATE
        return animation.arkit[:, ARKIT_INDEX["jawOpen"]]

    return run


# Recordings


@lru_cache(maxsize=1)
def speech() -> np.ndarray:
    """(N,) the sample voice at a peak of -20 dBFS, so that 12 dB more do not clip."""
    samples = read_recording(VOICE).samples.astype(np.float64)
    return samples * (0.1 / np.abs(samples).max())


def shouted(samples: np.ndarray) -> np.ndarray:
    """12 dB louder, with the flatter spectrum of vocal effort: 6 dB an octave from 500 Hz to 2 kHz."""
    spectrum = np.fft.rfft(samples)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE), 1.0) / 500)
    lifted = np.fft.irfft(spectrum * decibels(6) ** np.clip(octaves, 0, 2), len(samples))
    return lifted * (decibels(12) * np.std(samples) / np.std(lifted))


def breath(seconds: float, seed: int) -> np.ndarray:
    """Breathing in: noise around 1.5 kHz that swells and fades; RMS 1."""
    samples = band(noise(seconds, 1.0, seed), 600, 4000)
    samples *= np.sin(np.pi * np.linspace(0, 1, len(samples))) ** 1.5
    return samples / samples.std()


def breaths(level: float = -42.0) -> np.ndarray:
    """Five seconds with four breaths in the noise of a quiet room."""
    samples = at_level(noise(5.0, 1.5, 9), -75.0)
    for number, (start, seconds) in enumerate([(0.3, 0.5), (1.6, 0.8), (3.0, 0.35), (4.0, 0.7)]):
        first, piece = int(start * SAMPLE_RATE), at_level(breath(seconds, number), level)
        samples[first : first + len(piece)] += piece
    return samples


def passages(*parts: np.ndarray) -> tuple[np.ndarray, list[slice]]:
    """One recording of several passages with pauses between, and the frames of each."""
    pause = np.zeros(int(PAUSE * SAMPLE_RATE))
    pieces, places, position = [pause], [], len(pause)
    for part in parts:
        pieces += [part, pause]
        places.append(slice(position * RATE // SAMPLE_RATE, (position + len(part)) * RATE // SAMPLE_RATE))
        position += len(part) + len(pause)
    room = at_level(noise(position / SAMPLE_RATE, 1.0, 7), -75.0)
    samples = np.concatenate(pieces)
    samples[: len(room)] += room[: len(samples)]
    return samples, places


def openings(jaw: Jaw, *parts: np.ndarray) -> list[np.ndarray]:
    """jawOpen of each passage of one recording."""
    samples, places = passages(*parts)
    curve = jaw(samples)
    return [curve[place] for place in places]


# Loud and quiet


@pytest.mark.parametrize("order", ["plain first", "plain last"])
def test_a_louder_passage_opens_the_mouth_more(jaw: Jaw, order: str) -> None:
    loud = speech() * decibels(12)
    parts = (speech(), loud) if order == "plain first" else (loud, speech())
    curves = openings(jaw, *parts)
    plain, louder = curves if order == "plain first" else curves[::-1]
    assert louder.mean() > 1.05 * plain.mean()


@pytest.mark.parametrize("order", ["plain first", "plain last"])
def test_a_quieter_passage_opens_the_mouth_less_but_still_moves(jaw: Jaw, order: str) -> None:
    quiet = speech() * decibels(-12)
    parts = (speech(), quiet) if order == "plain first" else (quiet, speech())
    curves = openings(jaw, *parts)
    plain, quieter = curves if order == "plain first" else curves[::-1]
    assert quieter.mean() < plain.mean() / 1.05
    assert np.percentile(quieter, 95) > 0.3 * np.percentile(plain, 95)


def test_a_shouted_passage_opens_the_mouth_more(jaw: Jaw) -> None:
    plain, shout = openings(jaw, speech(), shouted(speech()))
    assert shout.mean() > 1.05 * plain.mean()
    assert np.percentile(shout, 95) > np.percentile(plain, 95)


@pytest.mark.parametrize("gain", [-12.0, 12.0])
def test_the_gain_of_a_whole_recording_changes_nothing(jaw: Jaw, gain: float) -> None:
    """A microphone that is turned up is no shout: how loud is said is judged within the recording."""
    plain, turned = jaw(speech()), jaw(speech() * decibels(gain))
    assert np.abs(turned - plain).mean() < 0.02


# Whispers


def test_a_whispered_recording_moves_the_mouth_as_the_words_do(jaw: Jaw) -> None:
    spoken, whisper = jaw(speech()), jaw(whispered(speech()))
    assert np.percentile(whisper, 95) > 0.5 * np.percentile(spoken, 95)
    assert np.corrcoef(spoken, whisper)[0, 1] > 0.5


def test_a_whispered_passage_among_speech_still_moves(jaw: Jaw) -> None:
    spoken, whisper = openings(jaw, speech(), whispered(speech()) * decibels(-15))
    assert np.percentile(whisper, 95) > 0.25 * np.percentile(spoken, 95)
    assert np.ptp(whisper) > 0.05


# What is no speech


@pytest.mark.parametrize("slope", [0.0, 1.0, 2.0], ids=["white", "pink", "brown"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_noise_alone_does_not_chatter(jaw: Jaw, slope: float, seed: int) -> None:
    assert jaw(at_level(noise(5.0, slope, seed), -30.0)).mean() < AT_REST


@pytest.mark.parametrize("level", [None, -90.0, -70.0], ids=["digital", "dither", "room"])
def test_silence_does_not_chatter(jaw: Jaw, level: float | None) -> None:
    samples = np.zeros(5 * SAMPLE_RATE) if level is None else at_level(noise(5.0, 1.0, 5), level)
    assert jaw(samples).mean() < AT_REST


def test_breaths_alone_do_not_chatter(jaw: Jaw) -> None:
    assert jaw(breaths()).mean() < AT_REST


def test_breaths_between_sentences_do_not_chatter(jaw: Jaw) -> None:
    level = 20 * np.log10(np.std(speech())) - 22
    _, between, _ = openings(jaw, speech(), breaths(level), speech())
    assert between.mean() < AT_REST


@pytest.mark.parametrize("instruments", ["chords", "drums", "band"])
def test_music_alone_does_not_chatter(jaw: Jaw, instruments: str) -> None:
    assert jaw(music(instruments)).mean() < AT_REST


@pytest.mark.parametrize("slope", [0.0, 1.0, 2.0], ids=["white", "pink", "brown"])
def test_noise_between_sentences_does_not_chatter(jaw: Jaw, slope: float) -> None:
    level = 20 * np.log10(np.std(speech())) - 20
    _, between, _ = openings(jaw, speech(), at_level(noise(5.0, slope), level), speech())
    assert between[RATE:-RATE].mean() < AT_REST  # a second for the lips to come to rest and to get ready


@pytest.mark.parametrize("kind", ["clicks", "thumps", "rustling", "beeps"])
def test_what_is_heard_in_a_pause_and_is_no_breath_leaves_the_lips_alone(jaw: Jaw, kind: str) -> None:
    pause, times = np.zeros(4 * SAMPLE_RATE), np.arange(SAMPLE_RATE // 5) / SAMPLE_RATE
    sounds = {
        "clicks": noise(0.2, 0.0, 3) * np.exp(-times / 0.002),
        "thumps": np.sin(2 * np.pi * 80 * times) * np.exp(-times / 0.05),
        "rustling": noise(0.2, 0.0, 4) * np.hanning(len(times)),
        "beeps": np.sin(2 * np.pi * 1000 * times),
    }
    sound = sounds[kind] * (0.3 * np.abs(speech()).max() / np.abs(sounds[kind]).max())
    for start in np.arange(1.2, 2.8, 0.27):
        first = int(start * SAMPLE_RATE)
        pause[first : first + len(sound)] += sound
    room = noise(len(pause) / SAMPLE_RATE, 0.0, 6) * (np.std(speech()) * decibels(-45))
    before, between, _ = openings(jaw, speech(), pause + room[: len(pause)], speech())
    assert np.percentile(between[RATE:-RATE], 95) < 0.3 * np.percentile(before, 95)
