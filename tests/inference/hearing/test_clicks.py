"""Clicks are taken out, and a voice without any stays as it is."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from inference.hearing import clicks
from inference.hearing.clicks import clicks_removed
from inference.hearing.resampling import resample


def _voice(seconds: float = 4.0) -> np.ndarray:
    """Pulses of 120 Hz through two resonances, louder and softer four times a second."""
    count = round(seconds * 16000)
    time = np.arange(count) / 16000
    pulses = (np.arange(count) % 133 == 0).astype(float)
    ring = np.arange(400) / 16000
    throat = (np.sin(2 * np.pi * 600 * ring) + 0.5 * np.sin(2 * np.pi * 1800 * ring)) * np.exp(-200 * ring)
    voiced = np.convolve(pulses, np.convolve(throat, np.hanning(9) / 4))[:count]
    hiss = 0.002 * np.random.RandomState(0).normal(size=count)
    return np.asarray(0.2 * voiced * (0.55 + 0.45 * np.sin(8 * np.pi * time)) + hiss, np.float32)


def _clicking(samples: np.ndarray, step: int) -> tuple[np.ndarray, np.ndarray]:
    places = np.arange(step // 2, len(samples) - step // 2, step)
    clicking = samples.copy()
    clicking[places] += np.abs(samples).max() * np.where(np.arange(len(places)) % 2, 1, -1)
    return clicking, places


def test_a_voice_without_clicks_stays_as_it_is() -> None:
    voice = _voice()
    assert clicks_removed(voice) is voice
    voice[30000] += 0.5  # one alone: a file's edge, or a lip's
    assert clicks_removed(voice) is voice


@pytest.mark.parametrize("step", [701, 3001, 12007])
def test_clicks_of_one_sample_are_taken_out(step: int) -> None:
    voice = _voice()
    clicking, places = _clicking(voice, step)
    heard = clicks_removed(clicking)
    others = np.delete(np.arange(len(voice)), places)
    assert np.array_equal(heard[others], voice[others])
    assert np.abs(heard - voice)[places].max() < 0.1 * np.abs(clicking - voice).max()


def test_clicks_that_were_resampled_are_taken_out() -> None:
    voice = _voice()
    faster = resample(voice, 16000, 44100)
    clicking = resample(_clicking(faster, 3001)[0], 44100, 16000)
    heard = clicks_removed(clicking)
    clean = resample(faster, 44100, 16000)
    assert np.square(heard - clean).sum() < 0.2 * np.square(clicking - clean).sum()


@pytest.mark.parametrize(("first", "last", "step"), [(0, 80, 31999), (30, 40, 1601), (70, 79, 1601)])
def test_long_recordings_are_looked_at_wherever_they_click(first: int, last: int, step: int) -> None:
    voice = _voice(80.0)
    clicking, places = _clicking(voice, step)
    part = (places >= 16000 * first) & (places < 16000 * last)
    clicking[places[~part]] = voice[places[~part]]
    heard = clicks_removed(clicking)
    found = np.flatnonzero(heard != clicking)
    assert np.isin(places[part], found).mean() > 0.95
    assert np.isin(found, places[part]).all()


@pytest.mark.parametrize("count", [0, 1, 40, 128, 1000])
def test_of_nothing_nothing_is_asked(count: int) -> None:
    assert not clicks_removed(np.zeros(count, np.float32)).any()
    assert clicks_removed(np.ones(count, np.float32)).all()


def _edges_of(kind: str, pitch: float) -> np.ndarray:
    turns = pitch * np.arange(6 * 16000) / 16000
    if kind == "saw":
        return np.asarray(turns % 1 - 0.5, np.float32)
    if kind == "square":
        return np.asarray(np.where(turns % 1 < 0.5, 0.5, -0.5), np.float32)
    return np.asarray(0.5 * (np.diff(np.floor(turns), prepend=0) > 0), np.float32)


@pytest.mark.parametrize(
    ("kind", "pitch"), [("saw", 82.4), ("square", 55.0), ("train", 55.0), ("train", 82.4), ("train", 110.0)]
)
def test_the_edges_of_a_tone_are_no_clicks(kind: str, pitch: float) -> None:
    tone = _edges_of(kind, pitch)
    assert clicks_removed(tone) is tone


@pytest.mark.parametrize("even", [True, False])
def test_twenty_lost_samples_a_second_are_found_again(even: bool) -> None:
    voice = _voice()
    places = np.arange(400, len(voice) - 400, 800)
    if not even:
        places += np.random.default_rng(0).integers(-300, 300, len(places))
    lossy = voice.copy()
    lossy[places] += 0.3
    heard = clicks_removed(lossy)
    assert np.isin(places, np.flatnonzero(heard != lossy)).mean() > 0.95
    assert np.abs(heard - voice)[places].max() < 0.03


def test_pieces_are_mended_as_one_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clicks at both ends and beside the edges of pieces."""
    voice = _voice(8.0)
    clicking, _ = _clicking(voice, 3001)
    for place in (30, (1 << 15) - 2, (1 << 15) + 40, (1 << 16) + 1, len(voice) - 31):
        clicking[place] += 0.5
    heard = clicks_removed(clicking)
    assert heard[30] != clicking[30] and heard[-31] != clicking[-31]
    monkeypatch.setattr(clicks, "_BESIDE", len(voice))
    assert heard == pytest.approx(clicks_removed(clicking), abs=1e-6)


def test_a_long_recording_that_clicks_takes_little_more_than_itself() -> None:
    clicking, _ = _clicking(np.tile(_voice(), 60), 6007)
    tracemalloc.start()
    try:
        heard = clicks_removed(clicking)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert heard is not clicking
    assert most < heard.nbytes + 12_000_000
