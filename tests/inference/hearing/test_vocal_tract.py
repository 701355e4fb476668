"""What is said by throats that nobody has is heard as from people's; what people say stays as it is, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.places import ROOT

from inference.face.landmarks import displaced_opening
from inference.hearing.audio import read_recording
from inference.hearing.backends import Backend, hear, load_backend
from inference.hearing.features import HOP, mel_power
from inference.hearing.loudness import Levels
from inference.hearing.resampling import resample
from inference.hearing.reverberation import echo, echoes_lowered
from inference.hearing.vocal_tract import as_of_people
from inference.motion.lips import content

RATE = 16000
VOICES = ROOT / "demo" / "voices"


@pytest.fixture(scope="module")
def backend() -> Backend:
    return load_backend("numpy", "cpu")


def voice(name: str) -> np.ndarray:
    return read_recording(VOICES / f"{name}.wav").samples


def played(samples: np.ndarray, times: float) -> np.ndarray:
    """(N / times,) so many times as fast, and as high."""
    return resample(samples, round(RATE * times), RATE)


def heard_as(samples: np.ndarray, backend: Backend) -> tuple[np.ndarray, np.ndarray]:
    """(T, 40) power before and after."""
    power = mel_power(samples)
    levels = Levels(power)
    return power, as_of_people(samples, power, 0.0, levels, hear(samples, backend, power, levels), backend)


def opening(samples: np.ndarray, backend: Backend) -> np.ndarray:
    motion = content.content_motion(samples, backend)
    return displaced_opening(motion.neutral, motion.displacement)


def likeness(fast: np.ndarray, plain: np.ndarray) -> float:
    """Pearson's r to the same words at their own speed."""
    places = np.arange(len(fast)) * (len(plain) - 1) / (len(fast) - 1)
    return float(np.corrcoef(fast, np.interp(places, np.arange(len(plain)), plain))[0, 1])


@pytest.mark.parametrize("name", sorted(path.stem for path in VOICES.glob("*.wav")))
@pytest.mark.parametrize("gain", [1.0, 1e-3])
def test_people_stay_as_they_are(name: str, gain: float, backend: Backend) -> None:
    power, after = heard_as(np.float32(gain) * voice(name), backend)
    assert after is power


@pytest.mark.parametrize(("name", "times"), [("woman", 1.8), ("child", 1.8), ("man", 0.6)])
def test_a_voice_that_is_played_too_fast_or_slowly_moves_the_same_mouth(
    name: str, times: float, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = voice(name)
    changed, truth = played(plain, times), opening(plain, backend)
    now = likeness(opening(changed, backend), truth)
    monkeypatch.setattr(content, "as_of_people", lambda samples, power, *rest: power)
    before = likeness(opening(changed, backend), truth)
    assert now > 0.7
    assert now > before + 0.1


def test_only_who_speaks_so_is_heard_otherwise(backend: Backend) -> None:
    plain = voice("woman")
    pause = np.zeros(RATE, np.float32)
    power, after = heard_as(np.concatenate([plain, pause, played(plain, 1.8)]), backend)
    changed = np.flatnonzero((after != power).any(axis=1))
    assert len(changed) > 100
    assert changed[0] >= (len(plain) + len(pause)) // HOP


def in_church(samples: np.ndarray) -> np.ndarray:
    """(N,) in a room that fades by 60 dB in 1.2 s, the voice softer than its echo."""
    time = np.arange(round(1.2 * RATE)) / RATE
    room = np.random.RandomState(0).normal(size=len(time)) * 10 ** (-3 * time / time[-1])
    room /= np.sqrt((room**2).sum())
    room[0] += 0.7
    length = len(samples) + len(room)
    wet = np.fft.irfft(np.fft.rfft(samples, length) * np.fft.rfft(room, length), length)
    return np.asarray(wet / np.abs(wet).max(), np.float32)


def test_an_echo_is_lowered_once_whosever_throat_it_is(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    pause = np.zeros(RATE, np.float32)
    samples = in_church(np.concatenate([voice("woman"), pause, played(voice("man"), 0.65)]))
    power, sized, told = mel_power(samples), list[np.ndarray](), list[np.ndarray]()
    echoing = echo(power, Levels(power))
    assert echoing > 0.5

    def looked_for(*given: object) -> np.ndarray:
        sized.append(as_of_people(*given))  # type: ignore[arg-type]
        return sized[-1]

    def listened(samples: np.ndarray, backend: Backend, power: np.ndarray, levels: Levels) -> object:
        told.append(power)
        return hear(samples, backend, power, levels)

    monkeypatch.setattr(content, "as_of_people", looked_for)
    monkeypatch.setattr(content, "hear", listened)
    content.content_motion(samples, backend)
    others = (sized[0] != power).any(axis=1)
    assert 100 < others.sum() < 0.6 * len(power)
    first, again = told
    np.testing.assert_array_equal(again, echoes_lowered(sized[0], echoing))
    apart = np.convolve(others, np.ones(25), "same") == 0
    np.testing.assert_array_equal(again[apart], first[apart])
    fading = 10 * np.log10((again[others] + 1e-12) / (sized[0][others] + 1e-12))
    assert fading.mean() < -1


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(RATE, np.float32),
        np.zeros(800, np.float32),
        np.sin(np.arange(4 * RATE) * 0.4).astype(np.float32),
        np.float32(0.3) * np.random.RandomState(0).normal(size=4 * RATE).astype(np.float32),
    ],
    ids=["silence", "50 ms", "a tone", "noise"],
)
def test_what_says_nothing_is_nobodys_throat(sound: np.ndarray, backend: Backend) -> None:
    power, after = heard_as(sound, backend)
    assert after is power


@pytest.mark.parametrize("name", sorted(path.stem for path in VOICES.glob("*.wav")))
def test_who_speaks_before_the_wind_blows_stays_as_they_are(name: str, backend: Backend) -> None:
    pytest.importorskip("scipy", reason="the training room needs scipy")
    from inference.training.disturbances.unspoken import UNSPOKEN

    plain, wind = voice(name)[: 2 * RATE], UNSPOKEN["wind"]().astype(np.float32)
    power, after = heard_as(np.concatenate([plain, np.zeros(2 * RATE, np.float32), wind]), backend)
    spoken = slice(0, len(plain) // HOP)
    np.testing.assert_array_equal(after[spoken], power[spoken])


def test_it_says_how_far_it_is_and_can_be_stopped(backend: Backend) -> None:
    fast, told = played(voice("child"), 1.8), list[float]()
    content.content_motion(fast, backend, told.append)
    assert told == sorted(told) and told[-1] == 1 and any(0.5 < done <= 0.7 for done in told)

    def stop(done: float) -> None:
        raise InterruptedError

    power = mel_power(fast)
    levels = Levels(power)
    with pytest.raises(InterruptedError):
        as_of_people(fast, power, 0.0, levels, hear(fast, backend, power, levels), backend, stop)


def test_a_recording_says_the_same_each_time(backend: Backend) -> None:
    fast = played(voice("child"), 1.8)
    np.testing.assert_array_equal(opening(fast, backend), opening(fast.copy(), backend))
