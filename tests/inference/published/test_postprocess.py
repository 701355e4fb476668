"""MakeItTalk's steps from displacements to landmarks, each against its formula; and its coordinates and ours."""

from __future__ import annotations

import numpy as np
import pytest

signal = pytest.importorskip("scipy.signal", reason="needs the full engine")

from inference.face.landmarks import (
    NEUTRAL_FACE,
    REFERENCE_FACE,
    mouth_area,
    mouth_opening,
    rotation_matrix,
)
from inference.published import postprocess
from inference.published.face import standard_face, to_engine

FACE = standard_face(None)


def wander(frames: int, seed: int = 0, size: float = 0.02) -> np.ndarray:
    from scipy.ndimage import gaussian_filter1d

    random = np.random.RandomState(seed)
    return gaussian_filter1d(random.standard_normal((frames, 68, 3)), 4, axis=0) * size * 3


@pytest.mark.parametrize(("frames", "window"), [(100, 31), (32, 31), (31, 31), (30, 29), (12, 11), (7, 7)])
def test_the_pose_is_smoothed_with_the_published_window(frames: int, window: int) -> None:
    motion = wander(frames)
    # min(N - 1, 31) // 2 * 2 + 1
    assert min(frames - 1, 31) // 2 * 2 + 1 == window
    smoothed = postprocess.pose_motion(motion, 1.0)
    expected = signal.savgol_filter(motion, window, 3, axis=0)
    outside = np.r_[0:48, 48, 54, 60, 64]
    assert np.allclose(smoothed[:, outside], expected[:, outside], atol=1e-12)


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 5, 6])
def test_the_shortest_recordings_pass(frames: int) -> None:
    points = postprocess.landmarks(wander(frames), wander(frames, 1), FACE, 2.0, 2.0, 0.5)
    assert points.shape == (frames, 68, 3)
    assert np.isfinite(points).all()


def test_the_pose_branch_moves_the_mouth_as_one() -> None:
    motion = wander(80)
    closed = postprocess.pose_motion(motion, 1.0)
    smoothed = signal.savgol_filter(motion, 31, 3, axis=0)
    for upper, lower in ((49, 59), (51, 57), (53, 55), (61, 67), (62, 66), (63, 65)):
        middle = (smoothed[:, upper] + smoothed[:, lower]) / 2
        assert np.allclose(closed[:, upper], 0.99 * middle + 0.01 * smoothed[:, upper])
        assert np.allclose(closed[:, lower], 0.99 * middle + 0.01 * smoothed[:, lower])
    assert np.allclose(postprocess.pose_motion(motion, 0.5), 0.5 * closed)


def test_calibration_takes_the_lower_half_and_amplifies_the_mouth_alone() -> None:
    motion = wander(101)
    lower = np.sort(motion, axis=0)[:50].mean(axis=0)
    moved = postprocess.content_motion(motion, 2.0, 3.0)
    assert np.allclose(moved[:, :48], (motion - lower)[:, :48])
    assert np.allclose(moved[:, 48:, 0], 2 * (motion - lower)[:, 48:, 0])
    assert np.allclose(moved[:, 48:, 1], 3 * (motion - lower)[:, 48:, 1])
    assert np.allclose(moved[:, 48:, 2], (motion - lower)[:, 48:, 2])


def test_calibration_is_the_recordings_not_a_segments() -> None:
    # An offset that differs between the halves of a recording must not turn into a jump.
    motion = wander(1100)
    moved = postprocess.content_motion(motion, 1.0, 1.0)
    assert np.allclose(np.diff(moved, axis=0), np.diff(motion, axis=0))


def crossed_mouth() -> np.ndarray:
    """Two frames; in the second the lower inner lip is above the upper one."""
    points = np.repeat(FACE[None], 2, axis=0)
    points[:, [61, 62, 63], 1] -= 0.02
    points[:, [65, 66, 67], 1] += 0.02
    points[1, [61, 62, 63], 1] += 0.10
    points[1, [65, 66, 67], 1] -= 0.06
    return points


def test_crossed_lips_meet_and_carry_the_outer_lips() -> None:
    points = crossed_mouth()
    before = points.copy()
    postprocess.uncross_lips(points)
    assert np.array_equal(points[0], before[0])
    for upper, lower in ((61, 67), (62, 66), (63, 65)):
        middle = (before[1, upper] + before[1, lower]) / 2
        assert np.allclose(points[1, upper], middle)
        assert np.allclose(points[1, lower], middle)
    for outer, inner in (
        (55, 64),
        (56, 65),
        (57, 66),
        (58, 67),
        (59, 60),
        (49, 60),
        (50, 61),
        (51, 62),
        (52, 63),
        (53, 64),
    ):
        assert points[1, outer, 1] == pytest.approx(
            points[1, inner, 1] + before[0, outer, 1] - before[0, inner, 1]
        )
    # Nothing else moves, and x of the outer lip stays.
    rest = np.r_[0:49, 54, 60, 64]
    assert np.array_equal(points[1, rest], before[1, rest])
    assert np.array_equal(points[:, 48:60, 0], before[:, 48:60, 0])


def test_the_steps_in_order() -> None:
    content, pose = wander(200, 1, 0.01), wander(200, 2, 0.01)
    points = postprocess.pose_motion(pose, 0.5) + postprocess.content_motion(content, 2, 2) + FACE
    postprocess.uncross_lips(points)
    points[:, 27] = 2 * points[:, 28] - points[:, 29]
    points = signal.savgol_filter(points, 5, 3, axis=0)
    points[:, :48] = signal.savgol_filter(points[:, :48], 15, 3, axis=0)
    points[:, 48:] = signal.savgol_filter(points[:, 48:], 5, 3, axis=0)
    found = postprocess.landmarks(content, pose, FACE, 2.0, 2.0, 0.5)
    assert np.allclose(found, points, atol=1e-6)


def test_their_coordinates() -> None:
    assert np.linalg.norm(FACE[16] - FACE[0]) == pytest.approx(1.6)
    assert np.allclose(FACE[[0, 16]].mean(axis=0), 0)
    assert FACE[8, 1] > FACE[62, 1] > FACE[33, 1] > FACE[19, 1]  # y down: chin, lip, nose, brow
    assert FACE[16, 0] > 0  # x to the picture's right
    assert FACE[30, 2] > FACE[8, 2] > FACE[0, 2]  # z to the viewer


def test_a_published_face_comes_back_with_its_mouth_shut() -> None:
    published = REFERENCE_FACE * (1, -1, 1)
    published[[65, 66, 67, 56, 57, 58], 1] += 0.1
    face = standard_face(published)
    assert np.linalg.norm(face[16] - face[0]) == pytest.approx(1.6)
    neutral, _ = to_engine(face[None], face)
    assert mouth_opening(neutral) < 0.01
    assert np.linalg.norm(neutral[45] - neutral[36]) == pytest.approx(1, abs=1e-5)


def test_a_still_face_is_the_neutral_one() -> None:
    neutral, registered = to_engine(np.repeat(FACE[None], 3, axis=0), FACE)
    assert np.allclose(neutral, NEUTRAL_FACE, atol=1e-5)
    assert np.allclose(registered.landmarks, neutral, atol=1e-5)
    assert np.abs(registered.head_rotation).max() < 1e-5
    assert np.abs(registered.head_translation).max() < 1e-5


def test_head_motion_is_taken_out_of_the_landmarks() -> None:
    frames = 90
    moment = np.arange(frames) / 62.5
    euler = np.stack([0.1 * np.sin(3 * moment), 0.2 * np.sin(2 * moment), 0.05 * np.sin(4 * moment)], axis=1)
    talking = np.repeat(FACE[None], frames, axis=0)
    opening = 0.1 * (1 - np.cos(9 * moment)) / 2
    talking[:, [65, 66, 67, 56, 57, 58], 1] += opening[:, None]
    flip = np.array([1, -1, 1])
    turned = np.einsum("tij,tnj->tni", rotation_matrix(euler), talking * flip) * flip
    neutral, registered = to_engine(turned, FACE)
    assert np.allclose(registered.head_rotation, euler, atol=1e-3)
    _, still = to_engine(talking, FACE)
    assert np.allclose(registered.landmarks, still.landmarks, atol=2e-3)
    assert np.corrcoef(mouth_opening(registered.landmarks), opening)[0, 1] > 0.999
    assert mouth_area(registered.landmarks).max() > mouth_area(neutral)


@pytest.mark.parametrize(("fps", "frames"), [(62.5, 11), (25.0, 4), (1000.0, 175), (2.0, 0)])
@pytest.mark.parametrize("count", [1, 5, 12, 400])
def test_motion_comes_with_the_sound(fps: float, frames: int, count: int) -> None:
    random = np.random.RandomState(2)
    face, points = random.standard_normal((68, 3)), random.standard_normal((count, 68, 3)).astype(np.float32)
    late = postprocess.with_the_sound(points, face, fps)
    assert late.shape == points.shape and late.dtype == np.float32
    np.testing.assert_array_equal(late[frames:], points[: max(count - frames, 0)])
    if frames:
        np.testing.assert_allclose(late[0], face, atol=1e-6)
        way = np.linalg.norm(late[:frames] - face, axis=(1, 2))
        assert (np.diff(way) > 0).all(), "out of rest, towards the first pose"
