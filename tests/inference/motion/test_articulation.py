"""The speaker's own way of articulating scales the mouth and never opens closed lips."""

from __future__ import annotations

import numpy as np
import pytest

from inference.face.landmarks import NEUTRAL_FACE
from inference.motion.lips.articulation import articulate
from inference.motion.manner.styles import Style, shipped_styles


def talking(frames: int = 100) -> np.ndarray:
    """(T, 68, 3) a mouth that opens and shuts; the lips meet in every tenth frame and travel together there."""
    random = np.random.RandomState(0)
    opening = np.abs(np.sin(np.arange(frames) * np.pi / 10))[:, None]
    opening[::10] = 0
    displacement = np.zeros((frames, 68, 3), np.float32)
    displacement[:, 48:68] = random.normal(0, 0.02, (frames, 1, 3))
    displacement[:, [67, 66, 65, 59, 58, 57, 56, 55], 1] -= 0.15 * opening
    displacement[:, [61, 62, 63, 49, 50, 51, 52, 53], 1] += 0.03 * opening
    displacement[:, 0:17, 1] -= 0.1 * opening
    return displacement


def gaps(displacement: np.ndarray) -> np.ndarray:
    y = (displacement + NEUTRAL_FACE)[:, :, 1]
    return y[:, [61, 62, 63]] - y[:, [67, 66, 65]]


@pytest.mark.parametrize("name", sorted(shipped_styles()))
def test_no_style_opens_closed_lips_or_crosses_them(name: str) -> None:
    motion = talking()
    before = gaps(motion)
    articulate(motion, NEUTRAL_FACE, 50.0, shipped_styles()[name])
    after = gaps(motion)
    assert np.abs(after[::10]).max() < 1e-6
    assert after.min() > -1e-6
    assert np.corrcoef(before.mean(axis=1), after.mean(axis=1))[0, 1] > 0.999


def test_extreme_amounts_keep_closures() -> None:
    for amounts in (
        {"lips": 4, "lips_up_down": 4, "corners": 4, "smile": 1, "asymmetry": 1},
        {"lips": 0.1, "lips_across": 4, "smile": -1, "asymmetry": -1},
    ):
        motion = talking()
        articulate(motion, NEUTRAL_FACE, 50.0, Style("extreme").changed(amounts))
        assert np.abs(gaps(motion)[::10]).max() < 1e-5
        assert gaps(motion).min() > -1e-5


def test_lips_across_and_up_down_are_independent() -> None:
    plain, wide, tall = (talking() for _ in range(3))
    articulate(wide, NEUTRAL_FACE, 50.0, Style("wide").changed({"lips_across": 2}))
    articulate(tall, NEUTRAL_FACE, 50.0, Style("tall").changed({"lips_up_down": 2}))
    np.testing.assert_allclose(wide[:, :, 1], plain[:, :, 1])
    np.testing.assert_allclose(wide[:, 48:68, 0], 2 * plain[:, 48:68, 0], rtol=1e-6)
    np.testing.assert_allclose(tall[:, :, 0], plain[:, :, 0])
    np.testing.assert_allclose(gaps(tall), 2 * gaps(plain), atol=1e-6)


def test_a_smile_raises_the_corners_and_is_at_rest_at_both_ends() -> None:
    motion = np.zeros((200, 68, 3), np.float32)
    articulate(motion, NEUTRAL_FACE, 50.0, Style("smile").changed({"smile": 1}))
    assert np.abs(motion[[0, -1]]).max() == 0
    assert (motion[100, [48, 54], 1] > 0.03).all()
    assert motion[100, 48, 0] < 0 < motion[100, 54, 0]
    assert np.abs(gaps(motion)).max() < 1e-6


def test_asymmetry_moves_one_half_more() -> None:
    motion = np.zeros((50, 68, 3), np.float32)
    motion[:, 48:68, 1] = np.sin(np.arange(50))[:, None] * 0.05
    articulate(motion, NEUTRAL_FACE, 50.0, Style("left").changed({"asymmetry": 0.4}))
    left, right = (
        motion[:, 54, 1].std(),
        motion[:, 48, 1].std(),
    )  # the picture's right is the character's left
    assert left / right == pytest.approx(1.4 / 0.6, rel=0.01)
