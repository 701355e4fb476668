"""Statistics and style codes: known motion gives known numbers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.face.animation import FaceAnimation
from inference.face.landmarks import NEUTRAL_FACE
from inference.motion.manner.style_code import CODE_NAMES, STATISTICS, measure, similarity, style_code
from inference.motion.manner.styles import load_style, save_style, shipped_styles


def animation(frames: int = 500, fps: float = 25.0, **fields: np.ndarray) -> FaceAnimation:
    usual = {
        "landmarks": np.repeat(NEUTRAL_FACE[None], frames, axis=0),
        "head_rotation": np.zeros((frames, 3)),
        "head_translation": np.zeros((frames, 3)),
        "eye_rotation": np.zeros((frames, 2)),
        "blink": np.zeros((frames, 2)),
        "arkit": np.zeros((frames, 52)),
        "visemes": np.zeros((frames, 15)),
    }
    arrays = {key: np.asarray(value, np.float32) for key, value in {**usual, **fields}.items()}
    return FaceAnimation(fps=fps, neutral=NEUTRAL_FACE.astype(np.float32), **arrays)


def test_a_known_nod_measures_as_it_is() -> None:
    time = np.arange(500) / 25
    rotation = np.zeros((500, 3))
    rotation[:, 0] = np.radians(3) * np.sin(2 * np.pi * 0.5 * time)
    found = measure(animation(head_rotation=rotation)).values
    assert found["nod deviation"] == pytest.approx(3 / np.sqrt(2), rel=0.02)
    assert found["nod speed"] == pytest.approx(3 * np.pi / np.sqrt(2), rel=0.03)
    assert found["turn deviation"] == 0.01  # the least: nothing moves


@pytest.mark.parametrize("fps", [25.0, 30.0, 50.0])
def test_statistics_do_not_depend_on_the_frame_rate(fps: float) -> None:
    frames = int(20 * fps)
    landmarks = np.repeat(NEUTRAL_FACE[None], frames, axis=0).copy()
    landmarks[:, 65:68, 1] -= 0.1 * (1 - np.cos(2 * np.pi * 1.0 * np.arange(frames) / fps))[:, None]
    found = measure(animation(frames, fps, landmarks=landmarks)).values
    assert found["opening deviation"] == pytest.approx(0.1 / np.sqrt(2), rel=0.04)
    assert found["opening speed"] == pytest.approx(0.1 * 2 * np.pi / np.sqrt(2), rel=0.06)


def test_blinks_and_glances_are_counted() -> None:
    blink, eyes = np.zeros((1500, 2)), np.zeros((1500, 2))
    for start in range(100, 1500, 150):
        blink[start : start + 6] = 1
    eyes[200:240, 0] = np.radians(10)
    eyes[900:940, 1] = np.radians(-8)
    found = measure(animation(1500, blink=blink, eye_rotation=eyes)).values
    assert found["blinks per minute"] == pytest.approx(10)
    assert found["blink seconds"] == pytest.approx(6 / 25)
    assert found["gaze shifts per minute"] == pytest.approx(2)
    assert found["gaze seconds"] == pytest.approx(40 / 25, abs=0.05)


def test_eyes_that_hold_the_viewer_do_not_shift() -> None:
    time = np.arange(1000) / 25
    rotation, eyes = np.zeros((1000, 3)), np.zeros((1000, 2))
    rotation[:, 1] = np.radians(10) * np.sin(time)
    eyes[:, 0] = -rotation[:, 1]
    assert (
        measure(animation(1000, head_rotation=rotation, eye_rotation=eyes)).values["gaze shifts per minute"]
        == 0
    )


def test_a_code_has_its_names_and_shipped_styles_have_codes() -> None:
    code = style_code(measure(animation()))
    assert code.shape == (len(CODE_NAMES),)
    assert np.abs(code).max() <= 3
    for style in shipped_styles().values():
        assert len(style.code) == len(CODE_NAMES)
        assert set(style.statistics) == set(STATISTICS)


def test_shipped_styles_are_ten_and_no_two_are_alike() -> None:
    codes = [np.array(style.code) for style in shipped_styles().values()]
    assert len(codes) >= 10
    for number, code in enumerate(codes):
        assert similarity(code, code) == pytest.approx(1)
        assert max(similarity(code, other) for other in codes[:number] + codes[number + 1 :]) < 0.97


def test_too_little_motion_is_refused() -> None:
    with pytest.raises(ValueError, match="half a second"):
        measure(animation(5))


def test_a_mixture_lies_between() -> None:
    calm, lively, mixed = (load_style(name) for name in ("calm", "lively", "calm:0.3,lively:0.7"))
    assert mixed.head == pytest.approx(0.3 * calm.head + 0.7 * lively.head)
    assert mixed.name == "calm:0.3,lively:0.7"
    assert load_style("calm:3,lively:7").head == pytest.approx(mixed.head)
    assert load_style("calm,lively").head == pytest.approx((calm.head + lively.head) / 2)


def test_a_style_is_kept_whatever_its_clip_is_called(tmp_path: Path) -> None:
    kept = replace(load_style("calm"), name="caf\udce9", description="As in café \udcff.mp4")
    save_style(kept, tmp_path / "own.json")
    assert load_style(str(tmp_path / "own.json")) == kept
