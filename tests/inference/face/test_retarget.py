"""Landmarks → ARKit weights; phones → visemes and cues."""

from __future__ import annotations

import numpy as np
import pytest

from inference.face.names import ARKIT_INDEX, ARKIT_NAMES, VISEMES
from inference.face.retargeting.arkit import arkit_weights, landmark_displacement, load_basis
from inference.face.retargeting.visemes import (
    MINIMUM_CUE_SECONDS,
    MOUTH_SHAPES,
    PHONE_VISEMES,
    mouth_cues,
    viseme_weights,
)

FPS = 50.0
PHONES = tuple(PHONE_VISEMES)


def weights_over_time(**shapes: float) -> np.ndarray:
    """(T, 52): the named shapes rise and fall twice over two seconds."""
    rise = np.sin(np.linspace(0, 2 * np.pi, 101)) ** 2
    weights = np.zeros((101, 52), np.float32)
    for name, value in shapes.items():
        weights[:, ARKIT_INDEX[name]] = value * rise
    return weights


def solve(weights: np.ndarray, **options: np.ndarray) -> np.ndarray:
    still = np.zeros((len(weights), 2), np.float32)
    motion = landmark_displacement(weights)
    return arkit_weights(motion, options.get("blink", still), options.get("eyes", still), FPS)


def gap(weights: np.ndarray) -> np.ndarray:
    moved = landmark_displacement(weights) + load_basis().neutral
    return moved[:, 62, 1] - moved[:, 66, 1]


POSES = {
    "open": {"jawOpen": 0.6},
    "oo": {"mouthPucker": 0.8, "jawOpen": 0.15, "mouthFunnel": 0.3},
    "ee": {"mouthStretchLeft": 0.5, "mouthStretchRight": 0.5, "jawOpen": 0.15},
    "smile": {"mouthSmileLeft": 0.6, "mouthSmileRight": 0.6},
    "one side": {"mouthSmileLeft": 0.6},
}


@pytest.mark.parametrize("pose", POSES)
def test_the_weights_move_the_landmarks_as_wanted(pose: str) -> None:
    weights = weights_over_time(**POSES[pose])
    solved = solve(weights)
    wanted, reached = landmark_displacement(weights)[:, 48:], landmark_displacement(solved)[:, 48:]
    assert np.linalg.norm(reached - wanted) < 0.25 * np.linalg.norm(wanted)
    assert solved.min() >= 0
    assert solved.max() <= 1
    for name, value in POSES[pose].items():
        assert solved[:, ARKIT_INDEX[name]].max() > 0.3 * value, name


def test_one_sided_motion_stays_on_its_side() -> None:
    solved = solve(weights_over_time(mouthSmileLeft=0.6))
    assert (
        solved[:, ARKIT_INDEX["mouthSmileLeft"]].max() > 3 * solved[:, ARKIT_INDEX["mouthSmileRight"]].max()
    )


def test_brows_are_solved_apart_from_the_mouth() -> None:
    solved = solve(weights_over_time(browInnerUp=0.7))
    assert solved[:, ARKIT_INDEX["browInnerUp"]].max() > 0.5
    assert solved[:, ARKIT_INDEX["jawOpen"]].max() < 0.01


def test_lips_that_touch_stay_shut_between_open_frames() -> None:
    weights = weights_over_time(jawOpen=0.5)
    closed = weights.copy()
    closed[45:56, ARKIT_INDEX["jawOpen"]] = 0.12
    closed[45:56, ARKIT_INDEX["mouthClose"]] = 0.12
    motion = landmark_displacement(closed)
    still = np.zeros((len(motion), 2), np.float32)
    shut = load_basis().neutral[62, 1] - load_basis().neutral[66, 1]
    motion[45:56, 66, 1] = motion[45:56, 62, 1] + shut  # exactly together
    solved = arkit_weights(motion, still, still, FPS)
    assert gap(solved)[47:54].max() < 0.02
    assert gap(solved)[20:30].min() > 0.1
    jaw, close = solved[:, ARKIT_INDEX["jawOpen"]], solved[:, ARKIT_INDEX["mouthClose"]]
    assert (close <= jaw + 1e-6).all()  # Apple: mouthClose undoes jawOpen, no more


def test_a_face_at_rest_has_no_weights() -> None:
    assert solve(np.zeros((40, 52), np.float32)).max() == 0


def test_noise_in_the_landmarks_does_not_become_jitter() -> None:
    motion = np.random.RandomState(0).normal(0, 0.003, (200, 68, 3)).astype(np.float32)
    still = np.zeros((200, 2), np.float32)
    solved = arkit_weights(motion, still, still, FPS)
    assert solved[:, ARKIT_INDEX["jawOpen"]].std() < 0.01


@pytest.mark.parametrize(
    ("yaw", "pitch", "shape", "opposite"),
    [
        (0.3, 0.0, ("eyeLookOutLeft", "eyeLookInRight"), ("eyeLookInLeft", "eyeLookOutRight")),
        (-0.3, 0.0, ("eyeLookInLeft", "eyeLookOutRight"), ("eyeLookOutLeft", "eyeLookInRight")),
        (0.0, 0.2, ("eyeLookUpLeft", "eyeLookUpRight"), ("eyeLookDownLeft", "eyeLookDownRight")),
        (0.0, -0.2, ("eyeLookDownLeft", "eyeLookDownRight"), ("eyeLookUpLeft", "eyeLookUpRight")),
    ],
)
def test_gaze_drives_the_right_eye_shapes(
    yaw: float, pitch: float, shape: tuple[str, str], opposite: tuple[str, str]
) -> None:
    eyes = np.tile(np.float32([yaw, pitch]), (10, 1))
    solved = solve(np.zeros((10, 52), np.float32), eyes=eyes)
    for name in shape:
        assert solved[:, ARKIT_INDEX[name]].min() > 0.3
    for name in opposite:
        assert solved[:, ARKIT_INDEX[name]].max() == 0


def test_blinks_are_taken_over_side_by_side() -> None:
    blink = np.tile(np.float32([1.0, 0.25]), (10, 1))
    solved = solve(np.zeros((10, 52), np.float32), blink=blink)
    assert (solved[:, ARKIT_INDEX["eyeBlinkLeft"]] == 1).all()
    assert (solved[:, ARKIT_INDEX["eyeBlinkRight"]] == 0.25).all()


def test_apples_names_are_all_there() -> None:
    assert len(ARKIT_NAMES) == len(set(ARKIT_NAMES)) == 52


def spoken(*segments: tuple[str, float], fps: float = FPS) -> np.ndarray:
    """(T, P) posteriors that are sure of each phone for its seconds."""
    rows = []
    for phone, seconds in segments:
        row = np.zeros(len(PHONES), np.float32)
        row[PHONES.index(phone)] = 1
        rows += [row] * round(seconds * fps)
    return np.array(rows)


def test_visemes_follow_the_sounds() -> None:
    phones = spoken(("SIL", 0.3), ("M", 0.2), ("AA", 0.3), ("S", 0.2), ("UW", 0.3))
    visemes = viseme_weights(phones, PHONES, FPS)
    assert visemes.shape == (len(phones), 15)
    for moment, name in ((0.15, "sil"), (0.4, "PP"), (0.65, "aa"), (0.9, "SS"), (1.15, "U")):
        assert VISEMES[visemes[int(moment * FPS)].argmax()] == name


def test_cues_follow_the_sounds_and_cover_everything() -> None:
    phones = spoken(("SIL", 0.3), ("M", 0.2), ("AA", 0.3), ("S", 0.2), ("UW", 0.3), ("F", 0.2), ("SIL", 0.3))
    opening = np.where(phones[:, PHONES.index("AA")] > 0, 0.8, 0.15)
    cues = mouth_cues(phones, PHONES, opening, FPS)
    assert "".join(shape for _, _, shape in cues) == "XADBFGX"
    assert cues[0][0] == 0
    assert cues[-1][1] == pytest.approx(len(phones) / FPS)
    for before, after in zip(cues, cues[1:]):
        assert before[1] == after[0]


def test_cues_never_flicker() -> None:
    random = np.random.RandomState(4)
    phones = spoken(*[(random.choice(PHONES), random.uniform(0.02, 0.15)) for _ in range(600)])
    cues = mouth_cues(phones, PHONES, random.uniform(0, 1, len(phones)), FPS)
    assert len(cues) > 200
    for start, end, shape in cues:
        assert end - start >= MINIMUM_CUE_SECONDS - 1e-9
        assert shape in MOUTH_SHAPES
    for before, after in zip(cues, cues[1:]):
        assert before[1] == after[0]
        assert before[2] != after[2]


@pytest.mark.parametrize("fps", [24.0, 25.0, 29.97, 30.0, 50.0, 60.0, 100.0])
def test_cues_never_last_a_single_frame(fps: float) -> None:
    """At the rate they are made at, and when an importer rounds them to the frames of another."""
    random = np.random.RandomState(5)
    segments = [(random.choice(PHONES), random.uniform(0.02, 0.15)) for _ in range(600)]
    phones = spoken(*segments, fps=fps)
    cues = mouth_cues(phones, PHONES, random.uniform(0, 1, len(phones)), fps)
    assert len(cues) > 150
    assert cues[0][0] == 0
    assert cues[-1][1] == pytest.approx(len(phones) / fps)
    for start, end, _ in cues:
        assert end - start >= MINIMUM_CUE_SECONDS - 1e-9
        for scene in (24.0, 25.0, 30.0, 60.0):
            assert round(end * scene) - round(start * scene) >= 2


def test_lips_that_touch_are_shut_in_the_cues_too() -> None:
    phones = spoken(("SIL", 0.3), ("AA", 0.4), ("F", 0.2), ("S", 0.4), ("SIL", 0.3))
    closed = np.zeros(len(phones), bool)
    for moment in (0.1, 0.5, 0.8, 1.1):  # at rest, in a vowel, at the teeth, in an s that was heard for a b
        closed[round(moment * FPS)] = True
    opening = np.full(len(phones), 0.8)
    cues = mouth_cues(phones, PHONES, opening, FPS, closed)
    assert "".join(shape for *_, shape in cues) == "XDADGBABX"
    assert all(end - start >= MINIMUM_CUE_SECONDS - 1e-9 for start, end, _ in cues)
    assert "A" not in {shape for *_, shape in mouth_cues(phones, PHONES, opening, FPS)}


@pytest.mark.parametrize("fps", [24.0, 30.0, 50.0, 60.0])
def test_a_quick_closure_is_held_rather_than_lost(fps: float) -> None:
    phones = spoken(("AA", 0.4), ("B", 0.085), ("AA", 0.4), fps=fps)
    cues = mouth_cues(phones, PHONES, np.full(len(phones), 0.8), fps)
    assert "".join(shape for *_, shape in cues) == "DAD"
    start, end, _ = cues[1]
    assert 2 / 24 - 1e-9 <= end - start <= 0.15
    assert (start + end) / 2 == pytest.approx(0.44, abs=1 / fps + 1e-9)
