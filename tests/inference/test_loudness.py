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

from inference.audio import SAMPLE_RATE, read_recording
from inference.backends import Backend, load_backend
from inference.pipeline import Settings, animate
from inference.retarget.arkit import ARKIT_INDEX

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


def decibels(value: float) -> float:
    return float(10 ** (value / 20))


def at_level(samples: np.ndarray, dbfs: float) -> np.ndarray:
    """The same at an RMS level in dB beside full scale."""
    return samples * (decibels(dbfs) / np.sqrt(np.mean(samples**2)))


def noise(seconds: float, slope: float = 0.0, seed: int = 0) -> np.ndarray:
    """Gaussian noise whose power falls with frequency ** slope: 0 white, 1 pink, 2 brown; RMS 1, from 20 Hz up."""
    white = np.random.RandomState(seed).normal(size=int(seconds * SAMPLE_RATE))
    spectrum = np.fft.rfft(white)
    hertz = np.fft.rfftfreq(len(white), 1 / SAMPLE_RATE)
    spectrum *= np.where(hertz < 20, 0, np.maximum(hertz, 20) ** (-slope / 2))
    samples = np.fft.irfft(spectrum, len(white))
    return samples / samples.std()


def band(samples: np.ndarray, low: float, high: float) -> np.ndarray:
    """What lies between two frequencies, with edges of a third of an octave."""
    spectrum = np.fft.rfft(samples)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE), 1.0))
    gain = np.clip((octaves - np.log2(low)) * 3 + 1, 0, 1) * np.clip((np.log2(high) - octaves) * 3 + 1, 0, 1)
    return np.fft.irfft(spectrum * gain, len(samples))


def whispered(samples: np.ndarray, order: int = 20) -> np.ndarray:
    """Noise through the spectral envelope of each 25 ms of a voice (linear prediction, autocorrelation method).

    As in a whisper there is no voice and little below 500 Hz; consonants and formants stay.
    """
    hop, window = 100, 400
    shape = np.hanning(window + 1)[:-1]
    padded = np.pad(samples, (window, window))
    result = np.zeros(len(padded))
    excitation = np.random.RandomState(1).normal(size=len(padded))
    frequencies = np.exp(-2j * np.pi * np.outer(np.arange(window // 2 + 1) / window, np.arange(order + 1)))
    for start in range(0, len(padded) - window, hop):
        frame = padded[start : start + window] * shape
        correlation = np.fft.irfft(np.abs(np.fft.rfft(frame, 2 * window)) ** 2)[: order + 1]
        if correlation[0] < 1e-9:
            continue
        lags = np.abs(np.subtract.outer(np.arange(order), np.arange(order)))
        matrix = correlation[lags] + 1e-4 * correlation[0] * np.eye(order)
        predictor = np.concatenate([[1], -np.linalg.solve(matrix, correlation[1:])])
        power = max(float(predictor @ correlation), 0.0)  # of what the envelope leaves
        envelope = np.sqrt(power) / np.abs(frequencies @ predictor)
        piece = np.fft.irfft(np.fft.rfft(excitation[start : start + window] * shape) * envelope)
        result[start : start + window] += piece * shape * (np.sqrt(hop / window) / np.sqrt(np.sum(shape**2)))
    quiet_low = band(result, 500, 7500) + 0.2 * (result - band(result, 500, 7500))
    return quiet_low[window:-window] * (np.std(samples) / np.std(quiet_low[window:-window]))


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


def music(instruments: str) -> np.ndarray:
    """Six seconds at -20 dBFS: 'chords' on a plucked and a bowed instrument, 'drums', or 'band' of both."""
    seconds = 6.0
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    samples = np.zeros(len(time))
    if instruments != "drums":
        roots = [220.0, 174.61, 261.63, 196.0] * 2
        for number, root in enumerate(roots):
            since = time - number * 0.75
            on = (since >= 0) & (since < 0.75)
            for ratio in (1, 1.25, 1.5):
                pluck = sum(
                    np.sin(2 * np.pi * root * ratio * k * since) * np.exp(-since * 3 * k) / k
                    for k in range(1, 7)
                )
                bow = sum(np.sin(2 * np.pi * root * ratio / 2 * k * since) / k**1.5 for k in range(1, 12))
                samples += on * (
                    pluck + 0.4 * bow * np.clip(since / 0.1, 0, 1) * np.clip((0.75 - since) / 0.1, 0, 1)
                )
        samples /= samples.std()
    if instruments != "chords":
        hits = np.zeros(len(time))
        rattle, hiss = noise(seconds, 0.0, 3), band(noise(seconds, 0.0, 4), 5000, 7800)
        for beat in np.arange(0, seconds, 0.25):
            since = time - beat
            on = since >= 0
            kind = round(beat / 0.25) % 4
            if kind == 0:
                hits += on * 3 * np.sin(2 * np.pi * 60 * since) * np.exp(-np.maximum(since, 0) * 15)
            elif kind == 2:
                hits += on * 1.2 * rattle * np.exp(-np.maximum(since, 0) * 18)
            hits += on * 0.5 * hiss * np.exp(-np.maximum(since, 0) * 40)
        samples += hits / hits.std()
    return at_level(samples, -20.0)


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
