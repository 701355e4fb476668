"""Fewer keys within a tolerance, and drawings that are held."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.motion.key_reduction import KeyStyle, held_frames, keys_of


def test_reduction_by_itself():
    random = np.random.RandomState(1)
    values = np.cumsum(random.randn(400, 6), axis=0).astype(np.float32) * 0.02
    values[:, 5] = 0.3  # never moves
    closed = np.zeros(400, bool)
    closed[[50, 51, 200]] = True
    lips = np.array([True, True, False, False, False, True])
    for mode in ("LINEAR", "BEZIER"):
        result = keys_of(values, closed, lips, np.ones(6), KeyStyle(mode, 0.05))
        assert len(result[5].frames) == 1
        for column, found in enumerate(result[:5]):
            assert found.frames[0] == 0 and found.frames[-1] == 399 and len(found.frames) < 300
            if mode == "LINEAR":
                curve = np.interp(np.arange(400), found.frames, found.values)
                assert np.abs(curve - values[:, column]).max() <= 0.05 + 1e-6
        assert {50, 51, 200} <= set(result[0].frames.tolist())
    one = keys_of(values[:1], closed[:1], lips, np.ones(6), KeyStyle("BEZIER"))
    assert [len(found.frames) for found in one] == [1] * 6


def test_held_frames_prefer_the_drawing_that_shares_most_of_a_closure():
    closed = np.zeros(20, bool)
    closed[[7, 8, 9]] = True
    starts, shown = held_frames(closed, 20, 4)
    assert starts.tolist() == [0, 4, 8, 12, 16, 19] and shown.tolist() == [0, 5, 9, 13, 17, 19]
    closed[:] = False
    closed[11] = True
    assert held_frames(closed, 20, 4)[1].tolist() == [0, 5, 11, 13, 17, 19]


@pytest.mark.parametrize(
    ("closed", "hold"),
    [
        ((7, 11), 4),  # one of them in the frames of each drawing, in none of their middles
        ((6, 8), 3),  # both within one drawing, as in a quick "papa"
        ((8, 6, 3), 3),
        ((1,), 3),  # in the frames of the drawing of rest
        ((22,), 3),
        ((23,), 2),
    ],
)
def test_lips_that_touch_for_a_frame_are_seen_in_some_drawing(closed, hold):
    flags = np.zeros(26, bool)
    flags[list(closed)] = True
    starts, shown = held_frames(flags, 26, hold)
    assert set(closed) <= set(shown.tolist())
    assert shown[0] == 0 and shown[-1] == 25 and len(starts) == len(shown)
    late = shown - starts
    assert (late[:-1] >= -hold).all() and (late[:-1] < 2 * hold).all()


def test_every_closure_of_speech_is_seen_on_twos():
    random = np.random.default_rng(3)
    for _ in range(50):
        flags = np.zeros(240, bool)
        frame = 1
        while frame < 230:
            last = frame + int(random.integers(1, 4))
            flags[frame:last] = True
            frame = last + int(random.integers(2, 9))
        shown = held_frames(flags, 240, 2)[1]
        edges = np.flatnonzero(np.diff(np.concatenate([[0], flags, [0]])))
        for first, last in zip(edges[::2], edges[1::2]):
            assert ((shown >= first) & (shown < last)).any(), (first, last)
