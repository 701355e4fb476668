"""Lips of one animation, head of another: what is taken, how it is timed, and that nothing else changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.cli import main
from inference.errors import EngineError
from inference.face.animation import FRAME_SHAPES, FaceAnimation
from inference.face.landmarks import NEUTRAL_FACE
from inference.face.mix import mix
from inference.face.names import ARKIT_NAMES


def made(seconds: float, fps: float, seed: int, name: str) -> FaceAnimation:
    """Every curve a slow wave of its own, between 0 and 0.5; blinks by the lids, too."""
    random = np.random.default_rng(seed)
    frames = int(seconds * fps) + 1
    clock = np.arange(frames) / fps

    def waves(*shape: int) -> np.ndarray:
        phase, pace = random.uniform(0, 6, shape), random.uniform(0.5, 3, shape)
        value = 0.25 + 0.25 * np.sin(clock.reshape(-1, *[1] * len(shape)) * pace + phase)
        return value.astype(np.float32)

    arrays = {key: waves(*shape) for key, shape in FRAME_SHAPES.items()}
    arrays["landmarks"] = NEUTRAL_FACE + 0.1 * waves(68, 3)
    return FaceAnimation(
        fps=fps, neutral=NEUTRAL_FACE.copy(), cues=[(0.0, clock[-1], "B")], source={"audio": name}, **arrays
    )


LIPS, HEAD = made(6, 25, 1, "voice.wav"), made(6, 25, 2, "clip.mp4")


def columns(prefix: str) -> list[int]:
    return [index for index, name in enumerate(ARKIT_NAMES) if name.startswith(prefix)]


def same(first: FaceAnimation, second: FaceAnimation, *names: str) -> bool:
    return all(np.array_equal(getattr(first, name), getattr(second, name)) for name in names)


def test_mixed_with_itself_nothing_changes() -> None:
    mixed = mix(LIPS, LIPS)
    assert same(mixed, LIPS, *FRAME_SHAPES) and mixed.source == LIPS.source and mixed.cues == LIPS.cues


def test_the_mixture_warns_of_all_that_it_is_made_of() -> None:
    lips = replace(LIPS, source={**LIPS.source, "warnings": ["one", "two"]})
    head = replace(HEAD, source={"warnings": ["two", "three"]})
    assert mix(lips, head).warnings == ("one", "two", "three")
    assert mix(LIPS, HEAD).warnings == ()


def test_each_part_comes_from_where_it_was_asked_for() -> None:
    mixed = mix(LIPS, HEAD)
    assert same(mixed, LIPS, "visemes", "neutral") and mixed.cues == LIPS.cues
    assert same(mixed, HEAD, "head_rotation", "head_translation", "eye_rotation", "blink")
    mouth = [*range(17), *range(27, 36), *range(48, 68)]
    assert np.array_equal(mixed.landmarks[:, mouth], LIPS.landmarks[:, mouth])
    assert np.allclose(mixed.landmarks[:, 17:27], HEAD.landmarks[:, 17:27])
    assert np.allclose(mixed.landmarks[:, 36:48], HEAD.landmarks[:, 36:48], atol=1e-6)
    taken = columns("brow") + columns("eye")
    kept = [index for index in range(52) if index not in taken]
    assert np.array_equal(mixed.arkit[:, taken], HEAD.arkit[:, taken])
    assert np.array_equal(mixed.arkit[:, kept], LIPS.arkit[:, kept])
    assert mixed.source["mixed"]["head"]["audio"] == "clip.mp4"


def test_eyes_and_brows_can_stay() -> None:
    mixed = mix(LIPS, HEAD, eyes_from=LIPS, brows_from=LIPS)
    assert same(mixed, LIPS, "landmarks", "arkit", "blink", "eye_rotation", "visemes")
    assert same(mixed, HEAD, "head_rotation", "head_translation")


def test_other_rates_are_resampled() -> None:
    head = HEAD.resampled(60)
    mixed = mix(LIPS, head)
    assert mixed.fps == 25 and len(mixed) == len(LIPS)
    assert np.abs(mixed.head_rotation - HEAD.head_rotation).max() < 0.002
    wanted = mix(LIPS, HEAD, fps=50)
    assert wanted.fps == 50 and len(wanted) == 2 * len(LIPS) - 1
    assert np.allclose(wanted.head_rotation[::2], HEAD.head_rotation, atol=1e-6)


def test_a_longer_head_is_cut_and_settles() -> None:
    long = made(20, 25, 2, "clip.mp4")
    mixed = mix(LIPS, long)
    assert len(mixed) == len(LIPS)
    assert np.allclose(mixed.head_rotation[:137], long.head_rotation[:137], atol=1e-6)
    speed = np.abs(np.diff(mixed.head_rotation, axis=0)).max(axis=1)
    assert speed[-1] < 0.1 * speed[:137].max()
    assert mixed.blink[-1].max() == 0 and mixed.arkit[-1, columns("eyeBlink")].max() == 0
    assert np.allclose(mixed.landmarks[-1, 36:48], NEUTRAL_FACE[36:48], atol=1e-6)


@pytest.mark.parametrize("seconds", [1.0, 1.7, 3.0])
def test_a_shorter_head_plays_to_and_fro_without_a_seam(seconds: float) -> None:
    short = made(seconds, 30, 2, "clip.mp4")
    mixed = mix(LIPS, short)
    steps = np.abs(np.diff(mixed.head_rotation, axis=0))
    assert steps.max() <= np.abs(np.diff(short.head_rotation, axis=0)).max() * 30 / 25 * 1.05
    bends = np.abs(np.diff(mixed.head_rotation, 2, axis=0)).max()
    assert bends < 0.35 * steps.max()  # no corner where it turns round
    assert mixed.head_rotation[75:].std(axis=0).min() > 0  # it goes on moving
    assert np.allclose(mixed.head_rotation[0], short.head_rotation[0], atol=1e-3)


def test_hold_comes_to_rest_and_stays() -> None:
    short = made(2, 25, 2, "clip.mp4")
    mixed = mix(LIPS, short, fill="hold")
    assert np.ptp(mixed.head_rotation[60:], axis=0).max() == 0
    assert mixed.blink[55:].max() == 0
    assert np.allclose(mixed.head_rotation[:37], short.head_rotation[:37], atol=1e-6)


def test_lids_of_another_face_shut_wholly() -> None:
    narrow = NEUTRAL_FACE.copy()
    for upper, lower in ((37, 41), (38, 40), (43, 47), (44, 46)):
        middle = (narrow[upper] + narrow[lower]) / 2
        narrow[upper], narrow[lower] = (narrow[upper] + middle) / 2, (narrow[lower] + middle) / 2
    landmarks = np.repeat(narrow[None], len(HEAD), axis=0)
    for upper, lower in ((37, 41), (38, 40), (43, 47), (44, 46)):
        landmarks[50, upper] = narrow[lower]
    head = replace(HEAD, landmarks=landmarks, neutral=narrow)
    mixed = mix(LIPS, head)
    for upper, lower in ((37, 41), (38, 40), (43, 47), (44, 46)):
        assert abs(mixed.landmarks[50, upper, 1] - mixed.landmarks[50, lower, 1]) < 1e-5
    assert np.allclose(mixed.landmarks[10, 36:48], NEUTRAL_FACE[36:48], atol=1e-6)


def test_bad_requests_are_one_sentence() -> None:
    with pytest.raises(EngineError):
        mix(LIPS, HEAD, fill="repeat")
    with pytest.raises(EngineError):
        mix(LIPS, HEAD, fps=0)
    empty = replace(HEAD, **{name: getattr(HEAD, name)[:0] for name in FRAME_SHAPES})
    with pytest.raises(EngineError):
        mix(LIPS, empty)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b, out = (str(tmp_path / name) for name in ("a.npz", "b.npz", "out.npz"))
    LIPS.save(a)
    HEAD.save(b)
    assert main(["mix", a, b, "-o", out, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["frames"] == len(LIPS)
    mixed = FaceAnimation.load(out)
    assert same(mixed, mix(LIPS, HEAD), *FRAME_SHAPES)
    assert main(["mix", a, b, "--lips", "b", "--eyes", "b", "-o", out]) == 0
    assert same(FaceAnimation.load(out), mix(HEAD, LIPS, eyes_from=HEAD), *FRAME_SHAPES)
    assert main(["mix", a, str(tmp_path / "missing.npz"), "-o", out]) == 1
    assert "missing.npz does not exist" in capsys.readouterr().err
