"""Brow, smile and energy over speech, and dials that have another value at each frame."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.face.animation import FaceAnimation
from inference.face.dial_strengths import strengths
from inference.face.dialled import dialled
from inference.face.dials import Dials, KeyedDials, table
from inference.face.expressions import expressed
from inference.face.lids_and_lips import INNER_PAIRS
from inference.face.names import ARKIT_INDEX
from inference.face.shape_effects import TOUCH, lip_gap
from inference.pipeline import Settings, animate

ROOT = Path(__file__).resolve().parents[3]
_ARRAYS = ("landmarks", "head_rotation", "eye_rotation", "blink", "arkit", "visemes")


@pytest.fixture(scope="module")
def speech() -> FaceAnimation:
    return animate(ROOT / "demo" / "hello.wav", Settings(fps=24.0)).animation


def mean(animation: FaceAnimation, shape: str) -> float:
    return float(animation.arkit[:, ARKIT_INDEX[shape]].mean())


@pytest.mark.parametrize(
    ("dials", "rises", "falls"),
    [
        (Dials(smile=0.8), ("mouthSmileLeft", "cheekSquintRight"), ("mouthFrownLeft",)),
        (Dials(smile=-0.8), ("mouthFrownLeft", "mouthFrownRight"), ("mouthSmileRight",)),
        (Dials(brow=1.0), ("browInnerUp", "browOuterUpLeft"), ("browDownLeft",)),
        (Dials(brow=-1.0), ("browDownLeft", "browDownRight"), ("browInnerUp",)),
    ],
)
def test_an_expression_raises_its_shapes_and_lets_the_opposite_ones_give_way(
    speech: FaceAnimation, dials: Dials, rises: tuple[str, ...], falls: tuple[str, ...]
) -> None:
    result = dialled(speech, dials)
    assert all(mean(result, shape) > mean(speech, shape) + 0.2 for shape in rises)
    assert all(mean(result, shape) <= mean(speech, shape) + 1e-6 for shape in falls)
    assert result.arkit.min() >= 0 and result.arkit.max() <= 1


def test_an_expression_moves_landmarks_the_same_way(speech: FaceAnimation) -> None:
    smiling, cross = dialled(speech, Dials(smile=1.0)), dialled(speech, Dials(brow=-1.0))
    corners = smiling.landmarks[:, [48, 54], 1] - speech.landmarks[:, [48, 54], 1]
    assert corners.mean() > 0.03
    assert (cross.landmarks[:, 17:27, 1] - speech.landmarks[:, 17:27, 1]).mean() < -0.01


@pytest.mark.parametrize(("brow", "smile"), [(1.0, 1.0), (-1.0, 0.4), (0.3, -1.0)])
def test_lids_are_as_far_open_for_a_smile_as_before_the_brow(brow: float, smile: float) -> None:
    weights = np.random.default_rng(5).uniform(0, 1, (7, 52)).astype(np.float32)
    weights[:2, ARKIT_INDEX["eyeBlinkLeft"]] = 0.0, 1.0
    both = expressed(weights, strengths(Dials(brow=brow, smile=smile), 7))
    one = expressed(weights, strengths(Dials(brow=brow), 7))
    assert np.array_equal(both, expressed(one, strengths(Dials(smile=smile), 7)))
    moved = {shape for ways in table()["expressions"].values() for way in ways.values() for shape in way}
    assert not any(shape.startswith("eyeBlink") for shape in moved)


def test_where_nothing_is_expressed_the_array_stays_the_same() -> None:
    for weights in (np.zeros((0, 52), np.float32), np.ones((1, 52), np.float32)):
        assert expressed(weights, strengths(Dials(lips=0.2), len(weights))) is weights


@pytest.mark.parametrize("smile", [-1.0, -0.3, 0.5, 1.0])
def test_no_smile_opens_lips_that_meet(speech: FaceAnimation, smile: float) -> None:
    for dials in (Dials(smile=smile), Dials(smile=smile, energy=2.0), Dials(smile=smile, lips=1.7)):
        result = dialled(speech, dials)
        before, after = lip_gap(speech.arkit), lip_gap(result.arkit)
        shut = before <= TOUCH
        assert shut.sum() > 5
        assert (after[shut] <= np.maximum(before[shut], 0) + 1e-6).all()
        pairs = np.array(INNER_PAIRS)
        gaps = [
            points[:, pairs[:, 0], 1] - points[:, pairs[:, 1], 1]
            for points in (speech.landmarks, result.landmarks)
        ]
        assert gaps[1][gaps[0] <= 1e-4].max() <= 1e-4 + 1e-6


def test_a_shut_eye_is_neither_widened_nor_squeezed(speech: FaceAnimation) -> None:
    asleep = replace(speech, arkit=speech.arkit.copy(), blink=np.ones_like(speech.blink))
    lids = [ARKIT_INDEX[name] for name in ("eyeBlinkLeft", "eyeBlinkRight")]
    asleep.arkit[:, lids] = 1.0
    wide, squint = ARKIT_INDEX["eyeWideLeft"], ARKIT_INDEX["eyeSquintRight"]
    for dials, column in ((Dials(brow=1.0), wide), (Dials(smile=1.0), squint)):
        np.testing.assert_array_equal(dialled(asleep, dials).arkit[:, column], asleep.arkit[:, column])


def test_energy_moves_the_head_in_full_and_the_lips_by_half(speech: FaceAnimation) -> None:
    lively, dull = dialled(speech, Dials(energy=1.6)), dialled(speech, Dials(energy=0.0))
    np.testing.assert_allclose(lively.head_rotation, speech.head_rotation * 1.6, rtol=1e-5)
    np.testing.assert_allclose(lively.arkit, dialled(speech, Dials(lips=1.3, brows=1.6)).arkit, atol=1e-6)
    assert not dull.head_rotation.any()
    assert 0.3 < mean(dull, "jawOpen") / mean(speech, "jawOpen") < 0.7


def test_a_dial_that_is_the_same_at_every_frame_is_that_dial(speech: FaceAnimation) -> None:
    count = len(speech)
    constant = Dials(
        lips=0.7, brows=1.5, mouth_closing=1.4, smile=0.4, blinks=0.5, gaze=0.2, energy=1.2, offset=0.1
    )
    changing = ("lips", "brows", "mouth_closing", "smile", "blinks", "gaze", "energy")
    keyed = KeyedDials.of(constant, {name: (getattr(constant, name),) * count for name in changing})
    for name in _ARRAYS:
        np.testing.assert_allclose(
            getattr(dialled(speech, keyed), name), getattr(dialled(speech, constant), name), atol=1e-6
        )


def test_each_frame_has_the_value_that_its_dial_has_there(speech: FaceAnimation) -> None:
    count = len(speech)
    half = count // 2
    keyed = KeyedDials.of(
        Dials(lips=0.5),
        {"smile": (0.0,) * half + (1.0,) * (count - half), "head": (0.0,) * half + (2.0,) * (count - half)},
    )
    before, after = dialled(speech, Dials(lips=0.5)), dialled(speech, Dials(lips=0.5, smile=1.0, head=2.0))
    result = dialled(speech, keyed)
    np.testing.assert_allclose(result.arkit[:half], before.arkit[:half], atol=1e-6)
    np.testing.assert_allclose(result.arkit[half:], after.arkit[half:], atol=1e-6)
    assert not result.head_rotation[:half].any()
    np.testing.assert_allclose(result.head_rotation[half:], 2 * speech.head_rotation[half:], atol=1e-6)


def test_a_delay_moves_the_motion_and_not_the_dial(speech: FaceAnimation) -> None:
    """What a key says of a frame holds for that frame, wherever the offset takes its motion from."""
    count = len(speech)
    track = {"blinks": tuple(float(frame >= 30) for frame in range(count))}
    late = dialled(speech, KeyedDials.of(Dials(offset=0.5), track))
    assert not late.blink[:30].any()
    np.testing.assert_allclose(late.blink[30:], dialled(speech, Dials(offset=0.5)).blink[30:], atol=1e-6)


def test_tracks_end_at_the_dials_range_and_may_be_short_or_empty(speech: FaceAnimation) -> None:
    assert KeyedDials.of(Dials(), {}) == Dials() == KeyedDials.of(Dials(), {"smile": ()})
    wild = KeyedDials.of(Dials(), {"smile": (-40.0, 0.0, 9.0), "lips": (0.25, 1.0)})
    assert (wild.smile, wild.lips) == (-1.0, 0.25)
    broken = KeyedDials.of(Dials(smile=0.3), {"smile": (float("nan"), float("inf"), float("-inf"))})
    assert isinstance(broken, KeyedDials) and broken.tracks == (("smile", (0.0, 1.0, -1.0)),)
    result = dialled(speech, wild)
    last = dialled(speech, Dials(smile=1.0))
    np.testing.assert_allclose(result.arkit[5:], last.arkit[5:], atol=1e-6)
    assert result.source["dials"][-1] == wild.plain
