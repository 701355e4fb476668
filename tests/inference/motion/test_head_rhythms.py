"""Heads move as filmed people's do: how much, how fast, in which rhythm, and never alike in two voices or frozen in a pause."""

from __future__ import annotations

import numpy as np
import pytest

from inference.motion.head_and_eyes.blink import blink_times, turn_times
from inference.motion.head_and_eyes.head import brow_motion, head_motion
from inference.motion.manner.styles import Style, load_style
from inference.motion.prosody import Prosody, analyse

FPS = 50.0
NOD, TURN, TILT = range(3)


def speech(seed: int, seconds: float = 30.0, rate: float = 4.5, ending: float = 1.0) -> Prosody:
    """Phrases of 1 to 4 s, pauses of 0.3 to 1.1 s, syllables of uneven loudness; the pitch ends ``ending`` times as high."""
    random = np.random.RandomState(seed)
    time = np.arange(int(seconds * FPS)) / FPS
    energy, f0 = np.zeros(len(time), np.float32), np.zeros(len(time))
    at = 0.3
    while at < seconds - 1:
        end = min(at + random.uniform(1, 4), seconds - 0.4)
        inside = (time >= at) & (time < end)
        syllable = ((time - at) * rate).astype(int)
        loud = random.uniform(0.3, 1.0, syllable.max() + 1)[np.maximum(syllable, 0)]
        energy[inside] = (loud * np.sin(np.pi * (((time - at) * rate) % 1)) ** 2)[inside]
        pitch = 150 * np.where(time > end - 0.4, ending + (time - end) * (ending - 1), 1.0)
        f0[inside & (energy > 0.1)] = pitch[inside & (energy > 0.1)]
        at = end + random.uniform(0.3, 1.1)
    return analyse(energy, f0, FPS)


def degrees(prosody: Prosody, seed: int, style: Style | None = None) -> np.ndarray:
    frames = len(prosody.activity)
    return np.degrees(head_motion(prosody, frames, FPS, style or load_style("natural"), seed)[0]).astype(
        np.float64
    )


@pytest.fixture(scope="module")
def takes() -> list[np.ndarray]:
    return [degrees(speech(seed), seed) for seed in range(12)]


# Median of twenty filmed talking heads: standard deviation (degrees), mean speed (degrees a second), the lag at which the
# autocorrelation is one half (seconds).
@pytest.mark.parametrize(
    ("axis", "std", "speed", "half"),
    [(NOD, 2.71, 7.9, 0.40), (TURN, 2.40, 6.9, 0.42), (TILT, 2.48, 3.7, 0.48)],
)
def test_heads_move_as_much_and_as_fast_as_people_s(
    takes: list[np.ndarray], axis: int, std: float, speed: float, half: float
) -> None:
    curves = [take[::2, axis] for take in takes]  # 25 a second, as the people were measured
    assert 0.75 < np.median([curve.std() for curve in curves]) / std < 1.33
    assert 0.75 < np.median([np.abs(np.diff(curve)).mean() * 25 for curve in curves]) / speed < 1.33
    lags = []
    for curve in curves:
        centred = curve - curve.mean()
        lag = next(lag for lag in range(1, 100) if centred[lag:] @ centred[:-lag] < 0.5 * (centred @ centred))
        lags.append(lag / 25)
    assert 0.75 < np.median(lags) / half < 1.33


@pytest.mark.parametrize(
    ("axis", "people"),
    [(NOD, (1.25, 1.05, 0.56, 0.35)), (TURN, (1.27, 1.13, 0.71, 0.32)), (TILT, (0.85, 0.64, 0.33, 0.16))],
)
def test_every_rhythm_has_people_s_share(
    takes: list[np.ndarray], axis: int, people: tuple[float, ...]
) -> None:
    """Roots of the median power between 0.25, 0.5, 1, 2 and 4 Hz."""
    lines = np.fft.rfftfreq(500, 1 / FPS)
    window = np.hanning(500)
    powers = []
    for take in takes:
        pieces = [take[start : start + 500, axis] for start in range(0, len(take) - 500, 250)]
        density = np.mean([np.abs(np.fft.rfft((p - p.mean()) * window)) ** 2 for p in pieces], axis=0)
        density *= 2 / (window**2).sum() / 500
        powers.append([density[(lines >= low) & (lines < 2 * low)].sum() for low in (0.25, 0.5, 1, 2)])
    ratio = np.sqrt(np.median(powers, axis=0)) / people
    assert (ratio > 0.6).all(), ratio
    assert (ratio < 1.6).all(), ratio


def test_takes_differ_in_course_and_not_in_amounts() -> None:
    prosody = speech(4)
    several = [degrees(prosody, seed) for seed in range(10)]
    for axis in range(3):
        spreads = np.array([take[:, axis].std() for take in several])
        assert spreads.max() / spreads.min() < 1.2
    alike = np.corrcoef([take[:, TURN] for take in several])
    assert np.abs(alike[np.triu_indices(10, 1)]).mean() < 0.3


def test_pauses_are_not_dead_and_speech_is_livelier() -> None:
    ratios = []
    for seed in range(6):
        prosody = speech(seed)
        speed = np.abs(np.diff(degrees(prosody, seed), axis=0)).sum(axis=1) * FPS
        quiet = prosody.activity[1:] < 0.5
        assert np.median(speed[quiet]) > 1.5
        ratios.append(speed[prosody.activity[1:] > 0.9].mean() / speed[quiet].mean())
    assert 1.0 < np.median(ratios) < 1.9


def test_motion_is_smooth() -> None:
    """No corners: the third derivative of a move of 4 degrees in 0.2 s is 4 * (2 pi / 0.4)^3 / 2, about 8000 degrees/s^3."""
    jerk = np.diff(degrees(speech(1), 1)[25:-25], n=3, axis=0) * FPS**3
    assert np.abs(jerk).max() < 40_000
    assert np.abs(np.diff(degrees(speech(1), 1), axis=0)).max() * FPS < 120


def test_a_move_overshoots_and_settles() -> None:
    style = Style("moves").changed({"sway": 0, "beat": 0})
    quiet = Prosody(np.ones(200), [(1.0, 1.2)], np.zeros(0), np.zeros(0), np.zeros(200))
    turn = degrees(quiet, 3, style)[:, TURN]
    first = turn[40:66]  # the move at the phrase's start, before the next one
    end = first[-1]
    assert abs(end) > 0.2
    assert np.abs(first).max() > 1.03 * abs(end)


@pytest.mark.parametrize("coupling", [-0.8, 0.8])
def test_tilt_goes_with_turn_as_the_person_has_it(coupling: float) -> None:
    style = load_style("natural").changed({"tilt_with_turn": coupling})
    together = [np.corrcoef(degrees(speech(seed), seed, style).T)[TURN, TILT] for seed in range(6)]
    assert np.sign(np.median(together)) == np.sign(coupling)
    assert abs(np.median(together)) > 0.3


def test_a_head_is_held_as_the_person_holds_it() -> None:
    style = load_style("natural").changed({"lean_tilt": 4.0, "lean_nod": -3.0})
    plain, leaning = degrees(speech(2), 2), degrees(speech(2), 2, style)
    middle = slice(100, -100)
    np.testing.assert_allclose((leaning - plain)[middle].mean(axis=0), (-3, 0, 4), atol=0.05)
    assert np.abs(leaning[[0, -1]]).max() < 1e-5


def test_heads_travel() -> None:
    _, travel = head_motion(speech(5), 1500, FPS, load_style("natural"), 5)
    assert 0.035 < travel.std(axis=0).mean() < 0.09
    assert np.abs(travel[[0, -1]]).max() < 1e-6


@pytest.mark.parametrize("seconds", [0.04, 0.2, 1.0, 2.5])
def test_a_short_line_is_no_fit(seconds: float) -> None:
    prosody = speech(1, max(seconds, 0.04))
    rotation, travel = head_motion(prosody, len(prosody.activity), FPS, load_style("lively"), 1)
    assert np.isfinite(rotation).all()
    assert np.isfinite(travel).all()
    assert np.degrees(np.abs(rotation)).max(initial=0) < 20


def test_a_line_in_minutes_of_silence_moves_as_much_as_alone() -> None:
    energy = np.zeros(12000, np.float32)
    time = np.arange(400) / FPS
    energy[6000:6400] = np.sin(np.pi * ((time * 4.5) % 1)) ** 2
    whole = degrees(analyse(energy, np.where(energy > 0.1, 150.0, 0.0), FPS), 1)
    assert 1.0 < whole[6000:6400, NOD].std() < 5.0
    assert 0.5 < whole[:5000, NOD].std() < 4.0


def test_brows_go_up_with_a_question() -> None:
    asked, told = speech(3, ending=1.5), speech(3, ending=0.9)
    assert len(asked.questions) > 3
    assert len(told.questions) == 0
    style = load_style("natural")
    raised = [brow_motion(prosody, 1500, FPS, style, 1)[:, 2] for prosody in (asked, told)]
    ends = [int(end * FPS) - 12 for end in asked.questions]
    assert np.mean(raised[0][ends]) > np.mean(raised[1][ends]) + 0.02


def test_lids_shut_as_the_head_turns_far() -> None:
    silence = Prosody(np.zeros(3000), [], np.zeros(0), np.zeros(0), np.zeros(3000))
    turn = np.zeros((3000, 3))
    at = np.arange(150, 3000, 300)
    for start in at:
        turn[start : start + 20, 1] = np.radians(np.linspace(0, 12, 20))
    turns = turn_times(turn, FPS)
    np.testing.assert_allclose(turns, at / FPS, atol=0.06)
    near = [
        np.abs(turns - time).min() < 0.1
        for seed in range(12)
        for time in blink_times(silence, 60.0, Style("blinks"), seed, turns)
    ]
    by_chance = [
        np.abs(turns - time).min() < 0.1
        for seed in range(12)
        for time in blink_times(silence, 60.0, Style("blinks"), seed)
    ]
    assert np.mean(near) > 2.5 * np.mean(by_chance)


def test_takes_have_the_same_number_of_blinks() -> None:
    counts = [len(blink_times(speech(6), 30.0, Style("blinks"), seed)) for seed in range(12)]
    assert max(counts) - min(counts) <= 3
    assert 6 <= np.median(counts) <= 10  # 17 a minute
