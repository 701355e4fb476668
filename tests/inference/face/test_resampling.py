"""Another frame rate: every closure of the lips and every blink is still there, and nothing else is touched."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.face import resampling
from inference.face.animation import FRAME_SHAPES, FaceAnimation
from inference.face.landmarks import INNER_LIP, LEFT_EYE, NEUTRAL_FACE, RIGHT_EYE
from inference.face.lids_and_lips import inner_lip_gap
from inference.face.names import ARKIT_INDEX
from inference.face.runs import runs_of
from inference.face.shape_effects import TOUCH, lip_gap
from inference.pipeline import Settings, animate

RATES = (8, 12, 23.976, 24, 25, 30, 60)


@pytest.fixture(scope="module")
def spoken(sample_voice: Path) -> FaceAnimation:
    """The sample voice at the engine's own 50 frames per second."""
    return animate(sample_voice, Settings(fps=None)).animation


def talking(frames: int, shut: tuple[int, ...] = (), fps: float = 50.0) -> FaceAnimation:
    """An open mouth that shuts for single frames, a head that turns, eyes that stay open."""
    landmarks = np.repeat(NEUTRAL_FACE[None], frames, axis=0)
    arkit = np.zeros((frames, 52), np.float32)
    opened = np.setdiff1d(np.arange(frames), shut)
    lower = INNER_LIP[5:]
    landmarks[np.ix_(opened, lower, [1])] -= 0.2
    arkit[opened, ARKIT_INDEX["jawOpen"]] = 0.6
    turning = np.stack([np.sin(np.arange(frames) / 7 + axis) for axis in range(3)], axis=1)
    return FaceAnimation(
        fps=fps,
        landmarks=landmarks,
        neutral=NEUTRAL_FACE,
        head_rotation=turning.astype(np.float32),
        head_translation=(0.1 * turning).astype(np.float32),
        eye_rotation=np.zeros((frames, 2), np.float32),
        blink=np.zeros((frames, 2), np.float32),
        arkit=arkit,
        visemes=np.zeros((frames, 15), np.float32),
    )


def blinking(frames: int, deepest: dict[int, tuple[float, float]]) -> FaceAnimation:
    """Lids that fall and rise around some frames, as far as told for the left and the right eye."""
    animation = talking(frames)
    blink = np.zeros((frames, 2), np.float32)
    for frame, depth in deepest.items():
        away = np.abs(np.arange(frames) - frame)[:, None]
        blink = np.maximum(blink, np.array(depth) * np.clip(1 - away / 3, 0, 1)).astype(np.float32)
    arkit = animation.arkit.copy()
    arkit[:, [ARKIT_INDEX["eyeBlinkLeft"], ARKIT_INDEX["eyeBlinkRight"]]] = blink
    return replace(animation, blink=blink, arkit=arkit)


def interpolated(values: np.ndarray, old: float, new: float, frames: int) -> np.ndarray:
    """Plain linear interpolation, the last frame held."""
    here = np.minimum(np.arange(frames) / new, (len(values) - 1) / old)
    flat = values.reshape(len(values), -1)
    columns = [np.interp(here, np.arange(len(values)) / old, column) for column in flat.T]
    return np.stack(columns, axis=1).reshape(frames, *values.shape[1:])


def seen(
    events: list[tuple[int, int]], source: FaceAnimation, shut: np.ndarray, fps: float, moved: float = 0.0
) -> int:
    """How many events have a frame in which it is shut at their own time, or ``moved`` s beside it, to the nearest frame."""
    count = 0
    for first, last in events:
        lowest = np.floor(max(first / source.fps - moved, 0) * fps)
        highest = np.ceil((last / source.fps + moved) * fps)
        count += bool(shut[int(lowest) : int(highest) + 1].any())
    return count


@pytest.mark.parametrize("via", [None, 25])
@pytest.mark.parametrize("fps", RATES)
def test_every_closure_and_blink_of_the_sample_voice(
    spoken: FaceAnimation, fps: float, via: float | None
) -> None:
    result = (spoken if via is None else spoken.resampled(via)).resampled(fps)
    moved = 0.5 / via if via else 0.0  # a rate between has no nearer frame
    for wanted, measure, level, before, after in (
        (13, inner_lip_gap, resampling.NEARLY, spoken.landmarks, result.landmarks),
        (12, lip_gap, TOUCH, spoken.arkit, result.arkit),
    ):
        closures = runs_of(measure(before) <= level)
        assert len(closures) == wanted
        shut = measure(after) <= level + 1e-6
        events = [(first, stop - 1) for first, stop in closures.tolist()]
        if (
            fps > 20
        ):  # at fewer frames a second two that are near each other may have no open frame between them
            assert len(runs_of(shut)) == wanted
        assert seen(events, spoken, shut, fps, moved) == wanted
    for eye, name in enumerate(("eyeBlinkLeft", "eyeBlinkRight")):
        assert len(runs_of(result.blink[:, eye] > 0.95)) == 3
        assert len(runs_of(result.arkit[:, ARKIT_INDEX[name]] > 0.95)) == 3


@pytest.mark.parametrize("fps", RATES)
def test_the_head_is_only_interpolated(spoken: FaceAnimation, fps: float) -> None:
    result = spoken.resampled(fps)
    for name in ("head_rotation", "head_translation", "eye_rotation"):
        plain = interpolated(getattr(spoken, name), spoken.fps, fps, len(result))
        np.testing.assert_allclose(getattr(result, name), plain, atol=1e-5)


@pytest.mark.parametrize("fps", RATES)
def test_without_events_everything_is_only_interpolated(fps: float) -> None:
    source = talking(200)
    result = source.resampled(fps)
    for name in FRAME_SHAPES:
        plain = interpolated(getattr(source, name), source.fps, fps, len(result))
        np.testing.assert_allclose(getattr(result, name), plain, atol=1e-5, err_msg=name)


def test_two_closures_nearer_than_a_frame_have_a_frame_each() -> None:
    source = talking(100, shut=(40, 42))  # at 8 frames per second there is a frame every 6.25
    result = source.resampled(8)
    assert np.count_nonzero(inner_lip_gap(result.landmarks) <= resampling.NEARLY) == 2
    assert np.count_nonzero(lip_gap(result.arkit) <= TOUCH) == 2
    positions = resampling.positions_that_keep([(40, 40), (42, 42)], 100, 16, 6.25)
    assert {40.0, 42.0} <= set(positions.tolist())


def test_more_closures_than_frames_keep_one_at_least() -> None:
    source = talking(100, shut=(40, 42, 44, 46))
    result = source.resampled(4)
    assert np.count_nonzero(inner_lip_gap(result.landmarks) <= resampling.NEARLY) >= 1
    assert np.isfinite(result.landmarks).all()


def test_weights_that_leave_a_sliver_shut_no_frame_before_the_lips() -> None:
    source = talking(100, shut=(41, 42, 43, 44))
    slivers = source.arkit.copy()
    slivers[42:45, ARKIT_INDEX["jawOpen"]] = 0.001 / float(lip_gap(np.eye(52)[[ARKIT_INDEX["jawOpen"]]])[0])
    result = replace(source, arkit=slivers).resampled(25)
    assert np.flatnonzero(inner_lip_gap(result.landmarks) <= TOUCH).tolist() == [21, 22]
    assert np.flatnonzero(lip_gap(result.arkit) <= TOUCH).tolist() == [21, 22]


def test_a_frame_that_alone_reads_a_closure_is_not_taken_from_it() -> None:
    # Frame 1 of the new rate reads 10 by itself; the closure at 12 has to find another.
    positions = resampling.positions_that_keep([(10, 10), (12, 12)], 40, 4, 10.0)
    assert positions[1] == 10.0
    assert 12.0 in positions


def test_a_closure_past_the_last_frame_is_read_by_it() -> None:
    source = talking(100, shut=(99,))  # 1.98 s; the last of 8 frames per second is at 1.875 s
    result = source.resampled(8)
    assert len(result) == 16
    assert inner_lip_gap(result.landmarks)[-1] <= resampling.NEARLY
    longer = source.resampled(8, 30)
    assert (inner_lip_gap(longer.landmarks)[16:] <= resampling.NEARLY).all()


def test_what_comes_after_the_last_wanted_frame_stays_out() -> None:
    source = talking(100, shut=(60, 99))
    cut = source.resampled(8, 5)  # its last frame is at 0.5 s, the closures at 1.2 s and 1.98 s
    assert len(cut) == 5
    assert (inner_lip_gap(cut.landmarks) > resampling.NEARLY).all()
    assert (source.resampled(50, 40).arkit == source.arkit[:40]).all()
    assert resampling.positions_that_keep([(40, 41)], 100, 40, 1.0)[-2:].tolist() == [38, 39]


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("depth", [1.0, 0.5, 0.2])
def test_a_blink_keeps_its_depth(fps: float, depth: float) -> None:
    source = blinking(200, {61: (depth, depth), 117: (depth, depth)})
    result = source.resampled(fps)
    for eye, name in enumerate(("eyeBlinkLeft", "eyeBlinkRight")):
        for curve in (result.blink[:, eye], result.arkit[:, ARKIT_INDEX[name]]):
            assert len(runs_of(curve >= 0.95 * depth)) == 2
            assert curve.max() <= depth + 1e-6


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("eye", [0, 1])
def test_a_wink_moves_one_eye_alone(fps: float, eye: int) -> None:
    source = blinking(200, {61: (float(eye == 0), float(eye == 1))})
    result = source.resampled(fps)
    assert result.blink[:, eye].max() >= 0.95
    assert not result.blink[:, 1 - eye].any()
    still = (LEFT_EYE, RIGHT_EYE)[1 - eye]
    np.testing.assert_allclose(
        result.landmarks[:, still], np.repeat(NEUTRAL_FACE[None, still], len(result), 0), atol=1e-6
    )


def test_each_eye_has_its_own_frame() -> None:
    source = blinking(200, {60: (1.0, 0.0), 63: (0.0, 1.0)})
    result = source.resampled(8)
    assert (result.blink.max(axis=0) >= 0.95).all()


@pytest.mark.parametrize("fps", [1, *RATES, 1000])
@pytest.mark.parametrize("frames", [1, 2, 3, 50])
@pytest.mark.parametrize("shut", ["none", "all", "first", "last"])
def test_short_and_shut_and_slow_and_fast(frames: int, fps: float, shut: str) -> None:
    which = {"none": (), "all": tuple(range(frames)), "first": (0,), "last": (frames - 1,)}[shut]
    source = talking(frames, which)
    result = source.resampled(fps)
    assert result.fps == fps
    assert len(result) == resampling.frame_count(frames, 50, fps) >= 1
    for name in FRAME_SHAPES:
        values, given = getattr(result, name), getattr(source, name)
        assert values.dtype == np.float32 and np.isfinite(values).all()
        assert values.min() >= given.min() - 1e-6 and values.max() <= given.max() + 1e-6
    assert (inner_lip_gap(result.landmarks) <= resampling.NEARLY).any() == bool(which)
    assert (lip_gap(result.arkit) <= TOUCH).any() == bool(which)
    assert len(source.resampled(fps, 7)) == 7


@pytest.mark.parametrize("fps", [1, 8, 1000])
def test_one_frame_stays_what_it_is(fps: float) -> None:
    source = blinking(1, {0: (1.0, 0.3)})
    result = source.resampled(fps, 3)
    for name in FRAME_SHAPES:
        np.testing.assert_array_equal(getattr(result, name), np.repeat(getattr(source, name), 3, axis=0))


def test_slower_and_faster_again_loses_no_closure(spoken: FaceAnimation) -> None:
    result = spoken
    for fps in (30, 24, 60, 12, 1000, 25):
        result = result.resampled(fps)
    closures = runs_of(inner_lip_gap(spoken.landmarks) <= resampling.NEARLY)
    events = [(first, stop - 1) for first, stop in closures.tolist()]
    shut = inner_lip_gap(result.landmarks) <= resampling.NEARLY + 1e-6
    assert seen(events, spoken, shut, 25) == len(closures) == 13
    assert len(runs_of(result.blink[:, 0] > 0.9)) == 3


def test_frames_do_not_depend_on_where_blocks_end(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.RandomState(3).standard_normal((300, 68, 3)).astype(np.float32)
    positions = resampling.even_positions(300, 170, 1.77)
    whole = resampling.read(values, positions)
    monkeypatch.setattr(resampling, "_BLOCK", 7)
    read = resampling.read(values, positions)
    assert read.dtype == np.float32 and np.array_equal(read, whole)
