"""What a character does while others speak."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inference.face import listening
from inference.face.animation import FRAME_SHAPES, FaceAnimation
from inference.face.lids_and_lips import inner_lip_gap
from inference.face.listening import (
    EYE_LIMITS,
    HEAD_LIMITS,
    Listener,
    Reaction,
    listen,
    react,
)
from inference.face.names import ARKIT_INDEX
from inference.face.runs import runs_of
from inference.face.turns import Turn, View, phrases_of, turns_of

FPS = 25.0
LISTENER = Listener(1.0, 5)


def turn(*phrases: tuple[float, float], yaw: float | None = 40.0, pitch: float = 5.0) -> Turn:
    """Phrases of somebody who is seen in that direction (degrees), or not at all."""
    views = () if yaw is None else (View(phrases[0][0], np.radians(yaw), np.radians(pitch)),)
    return Turn(phrases, views)


def degrees(turns: list[Turn], seconds: float, listener: Listener = LISTENER, fps: float = FPS) -> Reaction:
    """What is done, in degrees."""
    done = listen(turns, round(seconds * fps), fps, listener)
    return Reaction(np.degrees(done.head_rotation), np.degrees(done.eye_rotation), done.blink)


def nods(done: Reaction, fps: float = FPS) -> np.ndarray:
    """(N, 2) seconds in which the head nods: it goes down quickly."""
    speed = np.diff(done.head_rotation[:, 0], prepend=0) * fps
    return runs_of(np.abs(speed) > 6) / fps


def plain(frames: int) -> dict[str, np.ndarray]:
    """The arrays of a face at rest."""
    face = {name: np.zeros((frames, *shape), np.float32) for name, shape in FRAME_SHAPES.items()}
    face["neutral"] = np.random.RandomState(1).rand(68, 3).astype(np.float32)
    face["landmarks"] += face["neutral"]
    return face


def animation(cues: list[tuple[float, float, str]], seconds: float = 4.0) -> FaceAnimation:
    return FaceAnimation(fps=FPS, cues=cues, **plain(round(seconds * FPS)))


# -- who speaks when ----------------------------------------------------------------------------------------


def test_phrases_lie_between_the_rests_of_the_mouth():
    times = [0.0, 0.4, 1.0, 1.1, 2.0, 2.6, 3.4, 4.0]
    cues = list(zip(times, times[1:], "XBXCXDX"))
    assert phrases_of(animation(cues)) == [(0.4, 2.0), (2.6, 3.4)]
    assert phrases_of(animation([(0.0, 4.0, "X")])) == []
    assert phrases_of(animation([(0.0, 1.0, "X"), (1.0, 1.05, "A"), (1.05, 4.0, "X")])) == [], "a click"
    assert phrases_of(animation([])) == [(0.0, pytest.approx(3.96))]
    assert phrases_of(animation([], 0.04)) == []


def test_turns_end_with_a_long_pause():
    assert turns_of([(6.0, 7.0), (0.0, 1.0), (1.5, 3.0), (10.0, 11.0)]) == [
        ((0.0, 1.0), (1.5, 3.0)),
        ((6.0, 7.0),),
        ((10.0, 11.0),),
    ]
    assert turns_of([]) == []


# -- turning ------------------------------------------------------------------------------------------------


def test_the_head_goes_most_of_the_way_and_the_eyes_the_rest():
    done = degrees([turn((1.0, 9.0))], 14.0)
    assert np.abs(done.head_rotation[: round(1.2 * FPS), 1]).max() < 2, "nobody moves before the word"
    held = slice(round(3 * FPS), round(9 * FPS))
    assert done.head_rotation[held, 1].mean() == pytest.approx(0.6 * 40, abs=3)
    assert done.head_rotation[held, 0].mean() == pytest.approx(-0.6 * 5, abs=2), "up"
    assert done.head_rotation[held, 1].min() > 15
    whole = done.head_rotation[held, 1] + done.eye_rotation[held, 0]
    assert np.abs(whole - 40).max() < 5 and np.abs(whole.mean() - 40) < 2
    assert np.abs(done.head_rotation[-25:, 1]).max() < 3, "back when nobody speaks for a while"
    assert np.abs(done.head_rotation[round(10 * FPS), 1] - done.head_rotation[round(9 * FPS), 1]) < 3


@pytest.mark.parametrize(("yaw", "pitch"), [(80.0, 0.0), (-179.0, 60.0), (5.0, -80.0)])
def test_neither_goes_further_than_people_do(yaw, pitch):
    face = plain(300)
    react(face, listen([turn((0.5, 12.0), yaw=yaw, pitch=pitch)], 300, FPS, LISTENER))
    head = np.degrees(face["head_rotation"])
    sway = 4 + 4  # and a nod
    assert np.abs(head[:, 1]).max() < np.degrees(HEAD_LIMITS[0]) + sway
    assert np.abs(head[:, 0]).max() < np.degrees(HEAD_LIMITS[1]) + sway
    assert (np.abs(face["eye_rotation"]) <= EYE_LIMITS + 1e-6).all()
    if abs(yaw) > 60:
        assert np.sign(head[200, 1]) == np.sign(yaw) and abs(head[200, 1]) > 28


def test_of_two_who_speak_at_once_it_looks_at_who_began_last():
    left, right = turn((1.0, 12.0), yaw=-40.0), turn((4.0, 8.0), yaw=40.0)
    head = degrees([right, left], 16.0).head_rotation[:, 1]
    at = [head[round(second * FPS)] for second in (3.5, 6.5, 11.5)]
    assert at[0] < -15 and at[1] > 15 and at[2] < -15


def test_it_does_not_turn_to_what_is_over_before_it_could():
    long, short = turn((1.0, 12.0), yaw=-40.0), turn((5.0, 5.15), yaw=40.0)
    head = degrees([long, short], 12.0).head_rotation[:, 1]
    assert head[round(4 * FPS) : round(11 * FPS)].max() < -15


def test_who_is_not_seen_is_heard():
    unseen = [turn((second, second + 1.2), yaw=None) for second in range(1, 61, 2)]
    done = degrees(unseen, 64.0)
    assert np.abs(done.head_rotation[:, 1]).max() < 8 and len(nods(done)) and done.blink.max() > 0.9


def test_who_moves_is_followed():
    views = tuple(View(float(second), np.radians(10.0 * second - 40), 0.0) for second in range(1, 9))
    head = degrees([Turn(((1.0, 9.0),), views)], 10.0).head_rotation[:, 1]
    assert head[round(2.0 * FPS)] < -8 and head[round(8.9 * FPS)] > 15
    assert np.abs(np.diff(head)).max() * FPS < 110


# -- nods and blinks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_nods_come_after_phrases_only(seed):
    ends = np.arange(3.0, 300.0, 4.0)
    turns = [turn(*((end - 2.0, end) for end in ends), yaw=None)]
    done = degrees(turns, 302.0, Listener(1.0, seed, idle_blink=np.zeros((30200, 2))), 100.0)
    down = nods(done, 100.0)
    since = down[:, 0] - ends[np.searchsorted(ends, down[:, 0]) - 1]
    assert since.min() >= 0.2
    first = since[np.diff(down[:, 0], prepend=0) > 2.0]
    assert first.max() < 0.75
    assert 0.25 * len(ends) < len(first) < 0.65 * len(ends), "small, and not at each"
    for start, _ in down:
        assert any(0.2 <= start - end < 0.5 + 3 / 1.5 for end in ends)
    size = done.head_rotation[:, 0]
    assert 2.0 < np.percentile(np.abs(size), 99.5) < 7


@pytest.mark.parametrize("amount", [0.4, 2.5])
def test_each_nod_goes_down_and_is_smaller_than_the_one_before(monkeypatch, amount):
    monkeypatch.setattr(listening, "_SHIFT_DEGREES", (0.0, 0.0, 0.0))  # nods alone
    fps, ends = 100.0, np.arange(5.0, 1200.0, 6.0)
    frames = round(1206 * fps)
    listener = Listener(amount, 3, idle_blink=np.ones((frames, 2), np.float32))
    done = degrees([turn(*((end - 1.0, end) for end in ends), yaw=None)], 1206.0, listener, fps)
    down, sideways, tilt = done.head_rotation.astype(np.float64).T
    assert down.min() >= 0
    np.testing.assert_allclose(tilt, -0.4 * sideways, atol=1e-4)
    groups = [runs_of(down[round(end * fps) : round((end + 5) * fps)] > 0) for end in ends]
    nodding = [
        (round(end * fps) + group[0, 0], round(end * fps) + group[-1, 1])
        for end, group in zip(ends, groups)
        if len(group)
    ]
    share = len(nodding) / len(ends)
    assert share == pytest.approx(min(0.45 * amount, 0.9), abs=0.06)
    numbers, sides = [], []
    for first, last in nodding:
        bumps = down[first:last]
        peaks = 1 + np.flatnonzero((bumps[1:-1] > bumps[:-2]) & (bumps[1:-1] >= bumps[2:]))
        heights = bumps[peaks]
        assert 2.0 * amount - 0.02 <= heights[0] <= 4.0 * amount
        np.testing.assert_allclose(heights[1:] / heights[:-1], 0.75, rtol=0.01)
        assert len(heights) / 3.0 - 0.03 <= (last - first) / fps <= len(heights) / 1.5 + 0.03
        numbers.append(len(heights))
        sides.append(sideways[first:last][peaks[0]] / heights[0])
    shares = np.bincount(numbers, minlength=4)[1:] / len(numbers)
    np.testing.assert_allclose(shares, (0.5, 0.35, 0.15), atol=0.09)
    assert np.std(sides) == pytest.approx(0.15, abs=0.03) and abs(np.mean(sides)) < 0.04


def test_nods_leave_two_seconds_between_them(monkeypatch):
    monkeypatch.setattr(listening, "_SHIFT_DEGREES", (0.0, 0.0, 0.0))
    fps, ends = 200.0, np.arange(1.0, 300.0, 0.5)
    listener = Listener(2.0, 3, idle_blink=np.ones((round(302 * fps), 2), np.float32))
    done = degrees([turn(*((end - 0.4, end) for end in ends), yaw=None)], 302.0, listener, fps)
    quiet = runs_of(done.head_rotation[:, 0] <= 1e-6) / fps
    lengths = np.diff(quiet[1:-1], axis=1)  # between two groups, or for an instant between two bumps of one
    pauses = lengths[lengths > 0.05]
    assert len(pauses) > 50 and 1.98 <= pauses.min() < 2.2


def test_it_blinks_more_where_phrases_end():
    ends = np.arange(3.0, 600.0, 4.0)
    turns = [turn(*((end - 2.0, end) for end in ends))]
    blink = degrees(turns, 602.0).blink
    times = runs_of(blink[:, 0] > 0.5).mean(axis=1) / FPS
    assert 60 < len(times) < 400 and np.diff(times).min() > 0.4
    since = times[:, None] - ends
    near = ((since > 0) & (since < 0.6)).any(axis=1).mean()
    assert near > 2 * 0.6 / 4, "twice as many as by chance"
    assert (blink >= 0).all() and (blink <= 1).all()


def test_no_blink_on_top_of_another():
    idle = np.zeros((5000, 2), np.float32)
    idle[::50] = 1.0
    ends = np.arange(2.0, 198.0, 3.0)
    done = listen([turn(*((end - 1.5, end) for end in ends))], 5000, FPS, Listener(2.0, 1, idle_blink=idle))
    for first, last in runs_of(done.blink[:, 0] > 0):
        assert idle[max(0, first - 2) : last + 2].max() == 0


# -- all of it ----------------------------------------------------------------------------------------------

TALK = [turn((1.0, 3.0), (3.5, 6.0)), turn((6.4, 9.0), yaw=-60.0), turn((8.5, 12.0), (12.4, 20.0), yaw=15.0)]


def test_the_same_again_and_other_takes():
    one, two = (listen(TALK, 700, FPS, LISTENER) for _ in range(2))
    other = listen(TALK, 700, FPS, replace(LISTENER, seed=6))
    for name in ("head_rotation", "eye_rotation", "blink"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
        assert getattr(one, name).dtype == np.float32
        assert np.abs(getattr(one, name) - getattr(other, name)).max() > 0.01
    shuffled = listen(TALK[::-1], 700, FPS, LISTENER)
    np.testing.assert_array_equal(one.head_rotation, shuffled.head_rotation)


@pytest.mark.parametrize("amount", [1.0, 2.0])
def test_no_step_in_speed(amount):
    """Where speed had a step, acceleration would grow with the frame rate."""
    at = {
        fps: np.diff(listen(TALK, round(24 * fps), fps, Listener(amount, 5)).head_rotation, 2, axis=0)
        * fps**2
        for fps in (120.0, 480.0)
    }
    slow, fast = (np.degrees(np.abs(at[fps])).max(axis=0) for fps in (120.0, 480.0))
    assert (fast < 1.15 * slow + 30).all(), (slow, fast)


def test_never_frozen():
    head = degrees(TALK, 24.0).head_rotation
    for start in range(0, len(head) - 50, 25):
        assert np.ptp(head[start : start + 50], axis=0).max() > 0.15


@pytest.mark.parametrize("turns", [[], TALK])
def test_nothing_where_there_is_nothing(turns):
    done = listen(turns, 100, FPS, Listener(0.0 if turns else 1.0, 5))
    assert not done.head_rotation.any() and not done.eye_rotation.any() and not done.blink.any()
    assert len(listen(TALK, 0, FPS, LISTENER).blink) == 0


def test_a_still_head_leaves_the_eyes():
    done = degrees(TALK, 24.0, replace(LISTENER, turns_head=False))
    assert not done.head_rotation.any() and np.abs(done.eye_rotation).max() > 20 and done.blink.max() > 0.9


def test_half_the_amount_is_half_the_way():
    whole, half = (degrees([turn((1.0, 9.0))], 10.0, Listener(amount, 5)) for amount in (1.0, 0.5))
    held = slice(round(3 * FPS), round(9 * FPS))
    assert half.head_rotation[held, 1].mean() == pytest.approx(whole.head_rotation[held, 1].mean() / 2, abs=2)


def test_lips_stay():
    face, before = plain(600), plain(600)
    face["arkit"][:] = before["arkit"][:] = 0.3
    react(face, listen(TALK, 600, FPS, LISTENER))
    eyes = {name for name in ARKIT_INDEX if name.startswith(("eyeLook", "eyeBlink"))}
    for name, column in ARKIT_INDEX.items():
        if name not in eyes:
            np.testing.assert_array_equal(face["arkit"][:, column], before["arkit"][:, column], name)
    assert (face["arkit"][:, ARKIT_INDEX["eyeBlinkLeft"]] >= 0.3).all()
    gap = inner_lip_gap(face["landmarks"])
    np.testing.assert_array_equal(gap, inner_lip_gap(before["landmarks"]))
    np.testing.assert_array_equal(face["visemes"], before["visemes"])
    looked = face["eye_rotation"][:, 0] > 0.2
    assert face["arkit"][looked, ARKIT_INDEX["eyeLookOutLeft"]].min() > 0.3
