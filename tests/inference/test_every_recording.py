"""Recordings as people have them, each through the shipped engine: none of them may leave the mouth shut without a word.

Made of the sample voice, or by rule; figures are requirements. `evaluate --recordings` measures many more of each kind.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.hearing.backends import Backend, load_backend
from inference.motion.lips.content import CONTENT_RATE, content_motion
from inference.pipeline import Settings, animate

pytest.importorskip("scipy", reason="the training room needs scipy")

from inference.training.disturbances import throat
from inference.training.disturbances.sounds import at_level, decibels, in_room, music, noise

OPEN = 0.03  # outer eye-corner distances; a wide vowel has 0.15


@pytest.fixture(scope="module")
def backend() -> Backend:
    return load_backend("numpy", "cpu")


@pytest.fixture(scope="module")
def line() -> np.ndarray:
    return read_recording(SAMPLE_VOICE).samples[: round(2.6 * SAMPLE_RATE)]


def opening(samples: np.ndarray, backend: Backend) -> np.ndarray:
    """(T,) gap between the middles of the lips."""
    motion = content_motion(np.asarray(samples, np.float32), backend)
    upper, lower = ((motion.neutral + motion.displacement)[:, point, 1] for point in (62, 66))
    return np.asarray(upper - lower)


@pytest.mark.parametrize(("start", "end"), [(0.62, 0.9), (1.25, 1.5), (1.9, 2.3), (5.2, 5.5)])
def test_a_word_alone_opens_the_mouth(backend: Backend, start: float, end: float) -> None:
    samples = read_recording(SAMPLE_VOICE).samples
    assert opening(samples[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)], backend).max() > OPEN


def test_a_line_that_was_too_loud_moves_as_it_would_have(backend: Backend) -> None:
    """With crests that were cubics alone it has 0.85."""
    samples = read_recording(SAMPLE_VOICE).samples
    cut = np.clip(samples / np.abs(samples).max() * decibels(12), -1, 1)
    assert np.corrcoef(opening(samples, backend), opening(cut, backend))[0, 1] > 0.88


@pytest.mark.parametrize(("seconds", "direct", "least"), [(1.8, 0.0, 0.78), (1.8, -6.0, 0.68)])
def test_a_church_leaves_lips_their_words(
    backend: Backend, seconds: float, direct: float, least: float
) -> None:
    """Without the echo lowered these have 0.72 and 0.56."""
    samples = read_recording(SAMPLE_VOICE).samples
    there = opening(in_room(samples, seconds, direct), backend)
    assert np.corrcoef(opening(samples, backend), there)[0, 1] > least


@pytest.mark.parametrize("room", [None, -66.0])
@pytest.mark.parametrize(("before", "after"), [(0, 57), (28, 29), (57, 0)])
def test_a_line_in_a_long_stem_moves_as_alone(
    backend: Backend, line: np.ndarray, before: int, after: int, room: float | None
) -> None:
    stem = np.pad(line, (before * SAMPLE_RATE, after * SAMPLE_RATE)).astype(np.float64)
    if room is not None:
        stem += at_level(noise(len(stem) / SAMPLE_RATE + 1), room)[: len(stem)]
    alone = opening(line, backend)
    there = opening(stem, backend)[round(before * CONTENT_RATE) :][: len(alone)]
    assert np.corrcoef(alone, there)[0, 1] > 0.95


@pytest.mark.parametrize("softer", [20, 30, 40])
@pytest.mark.parametrize("loud", ["voice", "effect"])
def test_a_soft_line_after_something_loud(backend: Backend, line: np.ndarray, softer: int, loud: str) -> None:
    before = line if loud == "voice" else 0.9 * np.clip(noise(1.0), -1, 1)
    pause = np.zeros(SAMPLE_RATE // 2)
    alone = opening(line, backend)
    there = opening(np.concatenate([before, pause, line * decibels(-softer)]), backend)
    there = there[round((len(before) + len(pause)) / SAMPLE_RATE * CONTENT_RATE) :][: len(alone)]
    assert np.corrcoef(alone[: len(there)], there)[0, 1] > 0.9


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(lambda: throat.vowel("EH", [160, 170, 155], 3.0), id="held"),
        pytest.param(lambda: throat.vowel("IY", [110, 117, 107], 1.5), id="narrow"),
        pytest.param(lambda: throat.vowel("UW", [160, 168, 151], 4.0), id="dark"),
        pytest.param(lambda: throat.vowel("AA", [110, 114, 111], 4.0), id="deep"),
        pytest.param(lambda: throat.scream("AA", 700.0, 2.0), id="scream"),
    ],
)
def test_a_vowel_that_lasts_the_whole_file(backend: Backend, samples: Callable[[], np.ndarray]) -> None:
    gap = opening(samples(), backend)[10:-10]
    assert np.mean(gap > 0.02) > 0.9


def test_laughter_opens_the_mouth_and_a_hum_does_not(backend: Backend) -> None:
    laugh, middles = throat.laughter(200.0, seed=1)
    gap = opening(laugh, backend)
    bursts = [
        gap[max(round((middle - 0.06) * CONTENT_RATE), 0) : round((middle + 0.06) * CONTENT_RATE) + 1].max()
        for middle in middles
    ]
    assert np.mean(np.array(bursts) > OPEN) > 0.8
    assert np.median(opening(throat.murmur([120.0, 115.0], 1.0), backend)) < OPEN


TIME = np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE


def partials(*hertz: float) -> np.ndarray:
    """Three seconds of tones that stand still, the higher the softer."""
    return np.asarray(sum(np.sin(2 * np.pi * one * TIME + one) / (1 + one / 300) for one in hertz))


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(partials(440.0), id="a test tone"),
        pytest.param(partials(700.0, 1400.0), id="with an octave"),
        pytest.param(partials(*(50.0 * k for k in range(1, 30))), id="mains"),
        pytest.param(partials(*(60.0 * k for k in range(1, 40, 2))), id="a transformer"),
        pytest.param(
            partials(*(root * k for root in (131, 165, 196) for k in (1, 2, 3, 4, 6))), id="an organ"
        ),
    ],
)
def test_what_stands_still_is_no_throat(backend: Backend, line: np.ndarray, samples: np.ndarray) -> None:
    sound = at_level(samples, -24.0)
    assert opening(sound, backend).mean() < OPEN
    later = np.concatenate([line, np.zeros(2 * SAMPLE_RATE), sound])
    assert opening(later, backend)[round(len(line) / SAMPLE_RATE * CONTENT_RATE) + 100 :].mean() < OPEN


def gliding(low: float, high: float, seconds: float) -> np.ndarray:
    """A single tone from one pitch to another, as many hertz in each moment as in any other."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return np.sin(2 * np.pi * (low * time + (high - low) * time**2 / (2 * seconds)))


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(gliding(100, 7000, 6), id="a sweep"),
        pytest.param(np.tile(gliding(200, 3000, 1), 4), id="an alarm"),
        pytest.param(np.concatenate([gliding(400, 1200, 2), gliding(1200, 400, 2)]), id="a siren"),
        pytest.param(gliding(2000, 7900, 3), id="a whistle"),
    ],
)
def test_a_tone_that_glides_is_no_throat(backend: Backend, line: np.ndarray, samples: np.ndarray) -> None:
    """It is as lively as a scream, but has no partials; speech right after it is not lost with it."""
    sound, pause = at_level(samples, -20.0), np.zeros(SAMPLE_RATE // 2)
    assert opening(np.concatenate([pause, sound, pause]), backend).mean() < OPEN / 5
    after = opening(np.concatenate([sound, line]), backend)[round(len(sound) / SAMPLE_RATE * CONTENT_RATE) :]
    assert np.corrcoef(after, opening(line, backend))[0, 1] > 0.9


@pytest.mark.parametrize("kind", ["band", "drums", "chords"])
def test_music_moves_nothing_and_is_told(
    backend: Backend, write_wav: Callable[..., Path], line: np.ndarray, kind: str
) -> None:
    played = music(kind)
    assert opening(played, backend).mean() < OPEN
    path = write_wav(np.concatenate([line, np.zeros(SAMPLE_RATE), played]), name="scene.wav")
    (told,) = animate(path, Settings(), backend=backend).animation.warnings
    assert told.startswith("scene.wav: the sound from 0:03.") and "moves no mouth" in told


def test_nobody_is_warned_of_a_line_that_moves(backend: Backend, write_wav: Callable[..., Path]) -> None:
    path = write_wav(read_recording(SAMPLE_VOICE).samples)
    assert animate(path, Settings(), backend=backend).animation.warnings == ()


def _thinned(voice: np.ndarray) -> np.ndarray:
    """Of each 32 ms, only what is within 22 dB of the loudest frequency is left, as a poor noise reduction leaves it."""
    window = np.hanning(513)[:-1]
    result = np.zeros(len(voice))
    for start in range(0, len(voice) - 512, 256):
        spectrum = np.fft.rfft(voice[start : start + 512] * window)
        spectrum[np.abs(spectrum) < 10 ** (-22 / 20) * np.abs(spectrum).max()] = 0
        result[start : start + 512] += np.fft.irfft(spectrum) * window
    return result


def test_a_voice_that_is_hard_to_hear_is_told(backend: Backend, write_wav: Callable[..., Path]) -> None:
    voice = read_recording(SAMPLE_VOICE).samples[: 6 * SAMPLE_RATE].astype(np.float64)
    crowd = np.sum(
        [np.roll(voice[::-1], round(second * SAMPLE_RATE)) for second in (0.0, 1.3, 2.9, 4.1)], axis=0
    )
    hertz = np.fft.rfftfreq(len(voice), 1 / SAMPLE_RATE)
    sounds = {
        "words are hard to hear, because of noise": voice + crowd * (np.std(voice) / np.std(crowd)),
        "words are hard to hear, as where a voice shouts": np.tanh(30 * voice / np.abs(voice).max()),
        "words are hard to hear, because much of their sound was taken out": _thinned(voice),
        "is muffled": np.fft.irfft(np.fft.rfft(voice) * (hertz < 1700), len(voice)),
        "": np.fft.irfft(np.fft.rfft(voice) * ((hertz > 300) & (hertz < 3400)), len(voice)),  # a telephone
    }
    for said, samples in sounds.items():
        warnings = animate(
            write_wav(samples, name="line.wav"), Settings(), backend=backend
        ).animation.warnings
        assert len(warnings) == bool(said) and all(
            said in told and told.startswith("line.wav") for told in warnings
        )
