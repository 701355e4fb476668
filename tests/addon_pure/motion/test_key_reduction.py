"""Fewer keys within a tolerance, and drawings that are held."""

from __future__ import annotations

import numpy as np

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
