"""When the frames of a live preview are shown, and what their curves are made of."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.contract import FaceAnimation
from blender_addon.motion.live_motion import CONTEXT_SECONDS, Pace, joined


def frames(count: int, value: float, fps: float = 50.0) -> FaceAnimation:
    shapes = {"landmarks": (68, 3), "head_rotation": (3,), "head_translation": (3,), "eye_rotation": (2,)}
    shapes |= {"blink": (2,), "arkit": (52,), "visemes": (15,)}
    arrays = {name: np.full((count, *shape), value, np.float32) for name, shape in shapes.items()}
    return FaceAnimation(fps=fps, neutral=np.zeros((68, 3), np.float32), **arrays)


def test_blocks_in_time_are_shown_without_a_gap():
    pace = Pace()
    for block in range(20):
        clock = 7.0 + 0.3 * (block + 1) + 0.05
        first = max(0.0, 0.3 * block - 0.12)
        pace.arrived(clock, first, 0.3 * (block + 1))
        if block > 12:
            # What is shown now has just come, and lasts until the next block comes.
            assert first - 0.021 <= pace.shown(clock) <= first
    assert pace.delay == pytest.approx(0.3 + 0.12 + 0.02)


def test_a_first_block_that_takes_long_is_made_up_for():
    pace = Pace()
    pace.arrived(2.0, 0.0, 0.3)
    slow = 2.0 - pace.shown(2.0)
    for block in range(1, 15):
        pace.arrived(0.35 + 0.3 * block, 0.3 * block - 0.12, 0.3 * (block + 1))
    assert 2.0 - pace.shown(2.0) < slow - 1.4


def test_a_block_that_takes_much_longer_delays_nothing_after_it():
    pace = Pace()
    for block in range(1, 40):
        stumbles = 1.5 if block == 30 else 0.0
        pace.arrived(0.35 + 0.3 * block + stumbles, 0.3 * block - 0.12, 0.3 * (block + 1))
        if block > 5:
            assert pace.delay < 0.5


def test_nothing_is_shown_before_anything_came():
    assert Pace().shown(5.0) < 0 and Pace().delay == 0


def test_new_frames_follow_on_those_before():
    first, known = joined(None, frames(9, 1.0))
    context = round(CONTEXT_SECONDS * 50)
    assert (len(first), known) == (9 + context, context)
    assert (first.arkit == 1).all()
    second, known = joined(first, frames(15, 2.0))
    assert (len(second), known) == (15 + context, context)
    assert (second.arkit[:known] == 1).all() and (second.arkit[known:] == 2).all()
