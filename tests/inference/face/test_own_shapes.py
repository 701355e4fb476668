"""Motion fitted to one character's own shapes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.face.names import ARKIT_INDEX, ARKIT_NAMES
from inference.face.retargeting.own_shapes import (
    OwnShapes,
    fitted,
    fitted_motion,
    landmark_error,
    lip_gap,
    own_weights,
)
from inference.face.shape_table import load_basis
from inference.hearing.backends import load_backend
from inference.pipeline import Settings, animate
from inference.worker import Worker

VOICE = Path(__file__).resolve().parents[3] / "demo" / "hello.wav"


@pytest.fixture(scope="module")
def talking() -> FaceAnimation:
    return animate(str(VOICE), Settings(), backend=load_backend("numpy", "cpu")).animation


def from_arkit_basis() -> OwnShapes:
    """The shipped table as if it were a character's own."""
    basis = load_basis()
    return OwnShapes(ARKIT_NAMES, basis.deltas, basis.neutral)


def error(weights: np.ndarray, animation: FaceAnimation, shapes: OwnShapes) -> float:
    return landmark_error(weights, fitted_motion(animation, shapes.neutral), shapes.deltas)


def another_artists() -> OwnShapes:
    """Shapes that move otherwise: a jaw that opens half as far, a pucker twice as strong, one side of a smile weaker."""
    shapes = from_arkit_basis()
    deltas = shapes.deltas.copy()
    deltas[ARKIT_INDEX["jawOpen"]] *= 0.5
    deltas[ARKIT_INDEX["mouthPucker"]] *= 2.0
    deltas[ARKIT_INDEX["mouthClose"]] *= 0.5
    deltas[ARKIT_INDEX["mouthStretchLeft"]] *= 0.6
    return replace(shapes, deltas=deltas)


def test_landmarks_are_met_at_least_30_percent_better(talking: FaceAnimation) -> None:
    shapes = from_arkit_basis()
    before, after = (
        error(talking.arkit, talking, shapes),
        error(own_weights(talking, shapes), talking, shapes),
    )
    assert after < 0.7 * before


def test_another_artists_shapes_are_met_much_better(talking: FaceAnimation) -> None:
    shapes = another_artists()
    before, after = (
        error(talking.arkit, talking, shapes),
        error(own_weights(talking, shapes), talking, shapes),
    )
    assert after < 0.6 * before


@pytest.mark.parametrize("make", [from_arkit_basis, another_artists])
def test_lips_meet_where_the_speakers_do_and_never_cross(make: object, talking: FaceAnimation) -> None:
    shapes = make()  # type: ignore[operator]
    gap = lip_gap(own_weights(talking, shapes), shapes)
    wanted = talking.landmarks[:, 62, 1] - talking.landmarks[:, 66, 1]
    width = shapes.neutral[54, 0] - shapes.neutral[48, 0]
    shut = wanted < 1e-3
    assert shut.sum() > 10
    assert gap[shut].max() < 0.02 * width
    assert gap.min() > -1e-4
    assert np.corrcoef(gap, wanted)[0, 1] > 0.97


def test_weights_are_bounded_and_as_smooth_as_the_general_ones(talking: FaceAnimation) -> None:
    weights = own_weights(talking, from_arkit_basis())
    assert weights.min() >= 0 and weights.max() <= 1 and weights.dtype == np.float32
    wobble = [np.abs(np.diff(values, 2, axis=0)).mean() for values in (weights, talking.arkit)]
    assert wobble[0] < 1.6 * wobble[1]


def test_what_no_landmark_shows_is_kept(talking: FaceAnimation) -> None:
    result = fitted(talking, from_arkit_basis())
    for name in ("eyeBlinkLeft", "eyeLookUpRight", "cheekSquintLeft"):
        assert np.array_equal(result.arkit[:, ARKIT_INDEX[name]], talking.arkit[:, ARKIT_INDEX[name]])
    assert np.array_equal(result.landmarks, talking.landmarks)


def test_shapes_that_a_character_lacks_keep_their_weights(talking: FaceAnimation) -> None:
    whole = from_arkit_basis()
    kept = [index for index, name in enumerate(ARKIT_NAMES) if not name.startswith("mouthRoll")]
    part = OwnShapes(tuple(ARKIT_NAMES[index] for index in kept), whole.deltas[kept], whole.neutral)
    result = fitted(talking, part)
    column = ARKIT_INDEX["mouthRollUpper"]
    assert np.array_equal(result.arkit[:, column], talking.arkit[:, column])
    assert not np.array_equal(result.arkit, talking.arkit)


def test_a_larger_mouth_moves_farther(talking: FaceAnimation) -> None:
    wide = talking.neutral.astype(np.float64).copy()
    wide[48:68] = wide[62] + 1.5 * (wide[48:68] - wide[62])
    same, larger = (fitted_motion(talking, neutral) for neutral in (talking.neutral, wide))
    assert np.allclose(same[:, 48:68], (talking.landmarks - talking.neutral)[:, 48:68], atol=1e-5)
    assert np.abs(larger[:, 57]).max() > 1.1 * np.abs(same[:, 57]).max()


def test_the_worker_writes_the_fitted_file(talking: FaceAnimation, tmp_path: Path) -> None:
    import io

    talking.save(tmp_path / "general.npz")
    from_arkit_basis().save(tmp_path / "shapes.npz")
    replies = io.StringIO()
    request = {
        "id": 7,
        "command": "retarget",
        "animation": str(tmp_path / "general.npz"),
        "shapes": str(tmp_path / "shapes.npz"),
        "output": str(tmp_path / "fitted.npz"),
    }
    Worker(replies).answer(json.dumps(request))
    answer = json.loads(replies.getvalue().splitlines()[-1])
    assert answer["type"] == "result" and answer["id"] == 7
    assert answer["error_after"] < 0.7 * answer["error_before"]
    assert len(FaceAnimation.load(tmp_path / "fitted.npz")) == len(talking)


@pytest.mark.parametrize("damage", ["missing", "text", "shape", "name", "nan"])
def test_damaged_shapes_are_told_but_not_by_their_file(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "shapes.npz"
    shapes = from_arkit_basis()
    if damage == "text":
        path.write_text("no arrays")
    elif damage == "shape":
        np.savez(path, names=np.array(shapes.names), deltas=shapes.deltas[:, :60], neutral=shapes.neutral)
    elif damage == "name":
        np.savez(path, names=np.array(["grin"]), deltas=shapes.deltas[:1], neutral=shapes.neutral)
    elif damage == "nan":
        np.savez(path, names=np.array(shapes.names), deltas=shapes.deltas * np.nan, neutral=shapes.neutral)
    with pytest.raises(EngineError, match=r"^The measured shapes of the character are .*: generate again\.$"):
        OwnShapes.load(path)
