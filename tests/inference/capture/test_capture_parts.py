"""What capture is made of, on data whose truth is known; needs neither MediaPipe nor a video."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.capture import clip, filters, tracker
from inference.capture.clip import visemes_and_cues
from inference.capture.eyes import blink_weight, gaze_angles
from inference.capture.image_folder import images_in, pictures_of, series_in
from inference.capture.lips import phones_from_lips
from inference.capture.neutral import lip_gap, neutral_face
from inference.capture.pose import Camera, fit_pose
from inference.capture.smoothing import smooth_landmarks, smooth_pose
from inference.capture.timeline import at_steady_rate, fill_gaps, steady_rate, tell_cuts
from inference.capture.tracker import MESH_COUNT, Track
from inference.capture.video import VideoInfo, decode_pictures, inspect_video
from inference.cli import main
from inference.detection.mesh_points import MESH_TO_IBUG, OUTER_CORNERS
from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.face.landmarks import MIRROR, NEUTRAL_FACE, REFERENCE_FACE, rotation_matrix
from inference.face.names import ARKIT_INDEX
from inference.face.retargeting.visemes import mouth_cues
from inference.motion.lips.content import PHONES

FPS = 25.0


def made_mesh() -> np.ndarray:
    """(478, 3) a face whose 68 landmarks are the reference face's; the other points lie on a bowl around it."""
    random = np.random.default_rng(3)
    mesh = random.uniform((-0.7, -1.2, 0), (0.7, 0.6, 0), (MESH_COUNT, 3))
    mesh[:, 2] = 0.3 - 0.6 * mesh[:, 0] ** 2 - 0.2 * (mesh[:, 1] + 0.3) ** 2
    mesh[MESH_TO_IBUG] = REFERENCE_FACE
    return mesh


def talking_mesh(frames: int) -> np.ndarray:
    """(T, 478, 3) the same with a lower lip and a chin that move."""
    meshes = np.repeat(made_mesh()[None], frames, axis=0)
    opening = 0.06 * (1 - np.cos(np.arange(frames) / 3))
    for point in (65, 66, 67, 55, 56, 57, 58, 59, 7, 8, 9):
        meshes[:, MESH_TO_IBUG[point], 1] -= opening
    return meshes


def filmed(
    meshes: np.ndarray, angles: np.ndarray, shift: np.ndarray, scale: float, distance: float
) -> np.ndarray:
    """Pixels from the picture's middle, with depth as MediaPipe gives it: from the mesh's middle, at its scale."""
    space = np.einsum("tij,tnj->tni", rotation_matrix(angles), meshes) + shift[:, None]
    closeness = scale / (1 - space[..., 2:] / distance)
    depth = (space[..., 2] - space[..., 2].mean(axis=1, keepdims=True)) * closeness.mean(axis=(1, 2))[:, None]
    return np.concatenate([space[..., :2] * closeness, depth[..., None]], axis=-1)


def test_pose_gives_back_a_known_motion() -> None:
    frames = 60
    clock = np.arange(frames)[:, None]
    angles = np.array([0.25, 0.4, 0.2]) * np.sin(clock / np.array([9.0, 13.0, 17.0]))
    shift = np.array([0.3, 0.1, 0.4]) * np.sin(clock / np.array([11.0, 7.0, 19.0]))
    meshes = talking_mesh(frames)
    points = filmed(meshes, angles, shift, 80.0, 8.0)
    pose, faces = fit_pose(points, (320, 320))
    assert np.abs(np.degrees(pose.rotation - angles)).max() < 1.0
    assert np.abs(faces - meshes)[:, MESH_TO_IBUG, :2].max() < 0.02
    moved = pose.translation - pose.translation[0]
    assert np.abs(moved - (shift - shift[0]))[:, :2].max() < 0.02
    assert np.corrcoef(pose.translation[:, 2], shift[:, 2])[0, 1] > 0.99
    # Nothing is lost: what is projected again is what was seen.
    assert np.abs(pose.project(faces) - points[..., :2]).max() < 1e-6


def test_a_far_face_is_not_taken_for_a_wide_lens() -> None:
    still = np.zeros((10, 3))
    points = filmed(talking_mesh(10), still, still, 20.0, 72.0)
    pose, faces = fit_pose(points, (1920, 1080))
    assert pose.camera.distance * pose.camera.scale >= 0.7 * 1920
    assert np.abs(faces - talking_mesh(10))[:, MESH_TO_IBUG].max() < 0.02


def test_camera_goes_through_the_file(tmp_path: Path) -> None:
    camera = Camera(8.0, 70.0, (0.1, -0.2, 0.3), (640, 480))
    assert Camera.from_source({"camera": camera.as_source()}) == camera


def test_noise_goes_and_motion_stays() -> None:
    random = np.random.default_rng(0)
    truth = np.zeros((300, 4))
    truth[150:] = 0.2 * np.sin((np.arange(150) / 25) * 2 * np.pi * 3)[:, None]
    seen = truth + random.normal(0, 0.003, truth.shape)
    result = filters.steady(seen, 0.05, FPS)
    assert (
        np.abs(np.diff(result[:140], 2, axis=0)).mean() < 0.4 * np.abs(np.diff(seen[:140], 2, axis=0)).mean()
    )
    assert np.ptp(result[160:290], axis=0).min() > 0.98 * np.ptp(truth[160:290], axis=0).max()
    assert np.abs(filters.noise_level(seen, FPS) - 0.003).max() < 0.0015


def test_filters_leave_short_and_still_curves_alone() -> None:
    for frames in (1, 2, 4, 7):
        values = np.linspace(0, 1, frames)[:, None] * np.ones(3)
        assert np.allclose(filters.steady(values, 0.05, FPS), values, atol=1e-9)
        assert filters.gaussian(values, 3.0).shape == values.shape


def test_lips_that_touch_go_on_touching() -> None:
    random = np.random.default_rng(1)
    landmarks = np.repeat(NEUTRAL_FACE[None].astype(np.float64), 100, axis=0)
    opening = np.maximum(0.15 * np.sin(np.arange(100) * 2 * np.pi / 12), 0)  # shut for six frames of twelve
    opening[50] = 0.0  # and once for a single frame, wide open before and after
    opening[[49, 51]] = 0.1
    for point in (65, 66, 67, 55, 56, 57, 58, 59):
        landmarks[:, point, 1] -= opening
    noisy = landmarks + random.normal(0, 0.001, landmarks.shape)
    result = smooth_landmarks(noisy, NEUTRAL_FACE, FPS)
    touching = lip_gap(noisy) < 0.012
    assert touching[50] and (lip_gap(result)[touching] < 0.012).all()
    peaks = opening > 0.14
    assert lip_gap(result)[peaks].mean() > 0.97 * lip_gap(noisy)[peaks].mean()
    assert (lip_gap(result) > -1e-6).all()


def test_zoom_pumping_goes_and_leaning_stays() -> None:
    frames = 200
    clock = np.arange(frames) / FPS
    lean = 0.5 / (1 + np.exp(-(clock - 4) * 3))
    pose, _ = fit_pose(
        filmed(talking_mesh(frames), np.zeros((frames, 3)), np.zeros((frames, 3)), 80, 8), (320, 320)
    )
    pumping = 0.05 * np.sin(clock * 2 * np.pi * 4)
    pumped = np.stack([np.zeros(frames), np.zeros(frames), lean + pumping], axis=1)
    depth = smooth_pose(
        type(pose)(pose.rotation, pumped, pose.camera, pose.weight, pose.middle), FPS
    ).translation[:, 2]
    assert (depth - lean)[20:-20].std() < 0.1 * pumping.std() + 0.01


def test_neutral_face_has_its_mouth_shut_and_its_eyes_open() -> None:
    landmarks = np.repeat(NEUTRAL_FACE[None].astype(np.float64), 50, axis=0)
    for point in (65, 66, 67, 55, 56, 57, 58, 59, 8):
        landmarks[:40, point, 1] -= 0.12
    landmarks[20:25, [37, 38, 43, 44], 1] -= 0.08
    blink = blink_weight(landmarks)
    assert blink[22].min() > 0.9 and blink[10].max() == 0
    neutral = neutral_face(landmarks, blink)
    assert abs(lip_gap(neutral)) < 1e-6
    assert np.abs(neutral - NEUTRAL_FACE).max() < 0.01


@pytest.mark.parametrize(("yaw", "pitch"), [(0.3, 0.0), (-0.3, 0.0), (0.0, 0.2), (0.0, -0.2)])
@pytest.mark.parametrize("turn", [0.0, 0.4, -0.4])
def test_gaze_is_that_of_the_eyeball_whichever_way_the_head_is_turned(
    yaw: float, pitch: float, turn: float
) -> None:
    from inference.capture import eyes

    mesh = made_mesh()
    direction = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
    for first, second, iris in ((36, 39, 468), (42, 45, 473)):
        middle = 0.5 * (REFERENCE_FACE[first] + REFERENCE_FACE[second]) + eyes._EYE_CENTRE
        mesh[iris] = middle + eyes._EYE_RADIUS * direction
    viewer = np.array([[-8 * np.sin(turn), 0.0, 8 * np.cos(turn)]])
    ray = mesh[[468, 473]] - viewer
    mesh[[468, 473]] += (
        0.02 * ray / np.linalg.norm(ray, axis=1, keepdims=True)
    )  # its depth is anybody's guess
    found = gaze_angles(REFERENCE_FACE[None], mesh[None], viewer, np.zeros((1, 2)))
    assert np.allclose(found, [[yaw, pitch]], atol=0.01)


def test_gaze_behind_the_lids_is_what_it_was_before() -> None:
    mesh = np.repeat(made_mesh()[None], 9, axis=0)
    mesh[4, [468, 473], 1] -= 0.1
    blink = np.zeros((9, 2))
    blink[4] = 1
    found = gaze_angles(mesh[:, MESH_TO_IBUG], mesh, np.repeat([[0.0, 0, 8]], 9, axis=0), blink)
    assert np.abs(found - found[0]).max() < 1e-9


def track_of(found: list[bool], times: np.ndarray | None = None) -> Track:
    points = np.repeat(made_mesh()[None] * 80, len(found), axis=0)
    points[:, :, 0] += np.arange(len(found))[:, None]
    points[~np.array(found)] = np.nan
    return Track(points, np.arange(len(found)) / FPS if times is None else times, (320, 320))


def test_gaps_are_filled_and_told() -> None:
    warnings: list[str] = []
    track = track_of([True] * 10 + [False] * 4 + [True] * 10)
    filled = fill_gaps(track, Path("clip.mp4"), warnings)
    assert np.allclose(filled[:, 0, 0] - filled[0, 0, 0], np.arange(24))
    assert "0.40-0.56 s" in warnings[0]


def test_no_face_and_hardly_a_face_are_errors() -> None:
    with pytest.raises(EngineError) as nobody:
        fill_gaps(track_of([False] * 10), Path("clip.mp4"), [])
    assert nobody.value.code == "no_face" and "clip.mp4" in nobody.value.message
    with pytest.raises(EngineError) as seldom:
        fill_gaps(track_of([True] * 2 + [False] * 8), Path("clip.mp4"), [])
    assert seldom.value.code == "face_lost" and "20%" in seldom.value.message


def test_rates_are_recognised() -> None:
    for fps in (24000 / 1001, 25.0, 30000 / 1001, 60.0):
        times = np.round(np.arange(200) / fps, 3)  # as Matroska rounds them
        found, regular = steady_rate(times)
        assert regular and abs(found - fps) < 1e-6
    assert steady_rate(np.arange(50) / 12.5) == (pytest.approx(12.5), True)


def test_variable_rate_is_put_on_a_steady_one() -> None:
    times = np.concatenate([np.arange(20) * 0.04, 0.76 + np.cumsum([0.08, 0.02, 0.02, 0.09, 0.03])])
    track = track_of([True] * 25, times)
    track.points[:, :, 0] = times[:, None] * 100
    warnings: list[str] = []
    points, fps = at_steady_rate(track.points, track.times, warnings)
    assert fps == 25.0 and "varies" in warnings[0]
    assert np.allclose(points[:, 0, 0], np.arange(len(points)) / fps * 100)


def test_pictures_out_of_order_are_dropped() -> None:
    times = np.array([0, 0.04, 0.08, 0.04, 0.12, 0.16, 0.2])
    points, fps = at_steady_rate(track_of([True] * 7).points, times, [])
    assert len(points) == 6 and fps == 25.0


def test_silent_lips_are_read() -> None:
    landmarks = np.repeat(NEUTRAL_FACE[None].astype(np.float64), 100, axis=0)
    opening = np.zeros(100)
    opening[25:75] = np.maximum(0.15 * np.sin(np.arange(50) * 2 * np.pi / 10), 0)
    for point in (65, 66, 67, 55, 56, 57, 58, 59):
        landmarks[:, point, 1] -= opening
    phones = phones_from_lips(landmarks, NEUTRAL_FACE, FPS)
    assert np.allclose(phones.sum(axis=1), 1)
    assert (phones[:15, PHONES.index("SIL")] == 1).all() and (phones[85:, PHONES.index("SIL")] == 1).all()
    shapes = {
        shape
        for start, end, shape in mouth_cues(phones, PHONES, opening / 0.3, FPS)
        if start > 1.0 and end < 3.0
    }
    assert "A" in shapes and shapes & set("BCD")
    assert phones[28].argmax() == PHONES.index("AA")


@pytest.mark.parametrize(("fps", "heard_fps"), [(25.0, 50.0), (29.97, 50.0), (25.0, 25.0), (120.0, 50.0)])
def test_lips_that_are_filmed_shut_are_shut_in_the_cues(fps: float, heard_fps: float) -> None:
    phones = np.zeros((int(2 * heard_fps), len(PHONES)), np.float32)
    phones[:, PHONES.index("AA")] = 1
    times = np.arange(int(2 * fps)) / fps
    arkit = np.zeros((len(times), 52), np.float32)
    arkit[:, ARKIT_INDEX["jawOpen"]] = np.where((times >= 0.8) & (times < 0.92), 0.0, 0.6)
    visemes, cues = visemes_and_cues(phones, heard_fps, arkit, fps)
    assert len(visemes) == len(arkit) and "".join(shape for *_, shape in cues) == "DAD"
    start, end, _ = cues[1]
    assert start == pytest.approx(0.8, abs=0.05) and end == pytest.approx(0.92, abs=0.05)


def test_mirror_table_of_the_mesh_is_that_of_the_landmarks() -> None:
    mesh = made_mesh()[MESH_TO_IBUG]
    assert np.allclose(mesh[MIRROR] * (-1, 1, 1), mesh, atol=2e-4)


def test_without_the_full_engine_the_command_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import sys

    video = tmp_path / "clip.mp4"
    video.write_bytes(b"x")
    monkeypatch.setitem(sys.modules, "av", None)
    assert main(["capture", str(video), "-o", str(tmp_path / "out.npz"), "--json"]) == 1
    told = capsys.readouterr().out
    assert "full_engine_needed" in told and "setup --full" in told and "package av" in told
    assert not (tmp_path / "out.npz").exists()


def test_nothing_to_do_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["capture", str(tmp_path / "clip.mp4")])
    assert stopped.value.code == 2


def test_a_generated_animation_has_no_camera(tmp_path: Path) -> None:
    from inference.capture.overlay import projected

    zeros = {
        "head_rotation": 3,
        "head_translation": 3,
        "eye_rotation": 2,
        "blink": 2,
        "arkit": 52,
        "visemes": 15,
    }
    animation = FaceAnimation(
        fps=25,
        landmarks=np.repeat(NEUTRAL_FACE[None], 3, axis=0),
        neutral=NEUTRAL_FACE,
        **{name: np.zeros((3, width), np.float32) for name, width in zeros.items()},
    )
    with pytest.raises(EngineError) as refused:
        projected(animation)
    assert refused.value.code == "no_camera"


def test_images_are_in_the_order_that_people_count(tmp_path: Path) -> None:
    names = ["a 1.png", "a 2.PNG", "a 10.jpg", "a 010 b.png", "b.png", "b1.png", "b²9.png"]
    for name in reversed([*names, "notes.txt"]):
        (tmp_path / name).touch()
    assert [path.name for path in images_in(tmp_path)] == names


@pytest.mark.parametrize("ended", [False, True])
def test_an_overlay_is_there_whole_or_not_at_all(
    ended: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("av")
    from inference.capture import overlay

    def broken(*_):
        yield 0.0, np.zeros((64, 64, 3), np.uint8)
        if ended:
            signal.raise_signal(signal.SIGTERM)
        raise EngineError("the film is damaged", "bad_video")

    camera = Camera(8.0, 20.0, (0.0, 0.0, 0.0), (64, 64))
    monkeypatch.setattr(overlay, "decode_pictures", broken)
    monkeypatch.setattr(overlay, "inspect_video", lambda *_: VideoInfo(25.0, 2, 0.0, False))
    monkeypatch.setattr(overlay, "projected", lambda animation, points=None: np.zeros((2, 68, 2)))
    output = tmp_path / "over.mp4"
    output.write_bytes(b"before")
    animation = FaceAnimation(
        25.0,
        np.repeat(NEUTRAL_FACE[None], 2, axis=0),
        NEUTRAL_FACE,
        *(np.zeros((2, width), np.float32) for width in (3, 3, 2, 2, 52, 15)),
        source={"camera": camera.as_source()},
    )
    before = signal.signal(
        signal.SIGTERM, lambda *_: None
    )  # else it would end the tests where it is not caught
    try:
        with pytest.raises(SystemExit if ended else EngineError, match="143" if ended else "damaged"):
            overlay.draw_overlay(animation, tmp_path / "clip.mp4", output)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert output.read_bytes() == b"before" and list(tmp_path.iterdir()) == [output]


EVENLY = np.arange(100) * 37 % 100  # an order of a film's pictures in which any first part lies all over it


@pytest.mark.parametrize(
    ("found", "turned_by"),
    [
        ({0: (1.0, 0)}, 0),
        ({0: (0.66, 0), 1: (0.7, 1), 2: (1.0, 0), 3: (1.0, 3)}, 2),  # a film whose flag turns it upside down
        ({0: (0.7, 0), 1: (0.0, 0), 2: (0.8, 0), 3: (0.0, 0)}, 0),  # a face that is out of view at times
        ({0: (0.0, 0), 1: (0.4, 0), 2: (0.3, 0), 3: (0.2, 0)}, 0),
        ({0: (0.1, 0), 1: (0.9, 0), 2: (0.0, 0), 3: (0.0, 0)}, 1),
    ],
)
def test_pictures_are_turned_where_a_face_is_clearly_found_so(
    monkeypatch: pytest.MonkeyPatch, found: dict[int, tuple[float, int]], turned_by: int
) -> None:
    def tracked(turn: int, *_: object, **__: object) -> Track:
        share, off = found[turn]
        return seen_in(EVENLY[: round(100 * share)], off)

    monkeypatch.setattr(clip, "decode_pictures", lambda *_: iter(()))
    monkeypatch.setattr(clip, "turn_pictures", lambda _, turn: turn)
    monkeypatch.setattr(clip, "track", lambda turn, *_, **__: tracked(turn if isinstance(turn, int) else 0))
    told: list[str] = []
    info = VideoInfo(25.0, 100, 0.0, False)
    assert clip._follow(Path("a.mp4"), info, told, "auto", lambda _: None)[1] == turned_by
    assert len(told) == (turned_by > 0)


def seen_in(rows: np.ndarray, quarters_off: int) -> Track:
    """A face that is seen in these of a hundred pictures, so many quarters from upright."""
    points = np.full((100, 478, 3), np.nan)
    points[rows] = 0
    points[rows, OUTER_CORNERS[1], :2] = [(1, 0), (0, -1), (-1, 0), (0, 1)][quarters_off]
    return Track(points, np.arange(100) / 25, (4, 4))


def test_a_face_taken_for_upright_is_seen_to_lie_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.zeros((478, 3))
    points[OUTER_CORNERS[1], 0] = 10
    asked: list[int] = []

    @contextlib.contextmanager
    def finding(_: str) -> Iterator[object]:
        yield lambda picture: [points]

    def astray(picture: np.ndarray, _: np.ndarray) -> int:
        asked.append(int(picture[0, 0, 0]))
        return 0 if asked[-1] else 2  # one look of three may be wrong

    monkeypatch.setattr(tracker, "finding", finding)
    monkeypatch.setattr(tracker, "quarters_astray", astray)
    film = [(i / 25, np.full((4, 4, 3), i == 12, np.uint8)) for i in range(60)]
    seen = tracker.track(film)
    assert seen.quarters_off() == 2 and asked == [0, 1, 0]
    assert tracker.track(film[12:13]).quarters_off() == 0


def moving_track(places: np.ndarray) -> Track:
    """A face 100 pixels wide that is so many pixels aside; NaN where it is not seen."""
    face = np.zeros((478, 3))
    face[:, 0] = np.linspace(-50, 50, 478)
    return Track(face + places[:, None, None] * [1, 0, 0], np.arange(len(places)) / 25, (640, 480))


def test_cuts_are_told_and_quick_heads_are_not() -> None:
    shaken = 30 * np.sin(np.arange(50))  # 15 pixels a picture
    cut = np.arange(50) + np.repeat([0.0, 40.0, 0.0, -9.0, 20.0], 10)
    lost = np.where(np.arange(50) // 5 == 4, np.nan, np.where(np.arange(50) < 20, 0.0, 90.0))
    told: list[str] = []
    for places in (shaken, lost, np.full(50, np.nan), np.zeros(2)):
        tell_cuts(moving_track(places), Path("a.mp4"), told)
    assert told == []
    tell_cuts(moving_track(cut), Path("a.mp4"), told)
    assert len(told) == 1 and "jumps at 0.40, 0.80, 1.20 s and once more, as" in told[0]


def test_a_head_that_goes_on_while_pictures_are_missing_is_no_cut() -> None:
    places = np.delete(np.arange(40), np.arange(18, 23))
    film = moving_track(3.0 * places)
    told: list[str] = []
    tell_cuts(replace(film, times=places / 25), Path("a.mp4"), told)
    assert told == []
    tell_cuts(
        replace(moving_track(3.0 * places + 60 * (places > 20)), times=places / 25), Path("a.mp4"), told
    )
    assert len(told) == 1 and "jumps at 0.92 s, as where" in told[0]


@pytest.mark.parametrize(
    ("lost", "says"),
    [(3, "0.72-0.76 s: the"), (4, "0.72-0.76 s and once more: the"), (5, " and 2 more times: the")],
)
def test_where_a_face_is_lost_is_told_three_times(lost: int, says: str) -> None:
    places = np.zeros(60)
    places[2 : 2 + 8 * lost : 8] = np.nan
    told: list[str] = []
    fill_gaps(moving_track(places), Path("a.mp4"), told)
    assert len(told) == 1 and says in told[0]


def test_a_face_that_leaves_is_not_sought_lying(monkeypatch: pytest.MonkeyPatch) -> None:
    films: list[object] = []

    def tracked(pictures: object, *_: object, **__: object) -> Track:
        if isinstance(pictures, int):  # the beginning, turned: a lying face is found as well, as it lies
            return seen_in(np.arange(50), (4 - pictures) % 4)
        films.append(pictures)
        return seen_in(np.arange(60), 0)

    monkeypatch.setattr(clip, "decode_pictures", lambda *_: iter(()))
    monkeypatch.setattr(clip, "turn_pictures", lambda _, turn: turn)
    monkeypatch.setattr(clip, "track", tracked)
    info = VideoInfo(25.0, 100, 0.0, False)
    assert clip._follow(Path("a.mp4"), info, [], "auto", lambda _: None)[1] == 0
    assert len(films) == 1, "the whole film is followed once"


def write_images(folder: Path, names: list[str]) -> list[str]:
    """Small images of those names; returns them."""
    for shade, name in enumerate(names):
        path = folder / name
        np.save(path.with_suffix(".npy"), np.full((4, 4), shade * 10, np.uint8))
        path.with_suffix(".npy").replace(path)  # read by what is in it
    return names


@pytest.mark.parametrize(
    ("names", "places", "told"),
    [
        ([f"a{i}.png" for i in (1, 2, 3, 6, 7)], (0, 1, 2, 5, 6), ""),  # two are missing
        ([f"a{i}.png" for i in (10, 20, 30, 50)], (0, 1, 2, 4), ""),  # numbered in tens
        ([f"a{i}.png" for i in (1, 2, 900, 1800)], (0, 1, 2, 3), ""),  # these count something else
        ([f"take2 a{i}.png" for i in (7, 8, 10)], (0, 1, 3), ""),
        (["at.png", "bat.png", "cat.png"], (0, 1, 2), ""),
        ([*(f"a{i}.png" for i in range(4)), "poster.png", "._a1.png"], (0, 1, 2, 3), "poster.png in"),
        ([f"a{i}.{end}" for i in range(3) for end in ("jpg", "png")], (0, 1, 2), "Each of 3 images such as"),
    ],
)
def test_a_folders_images_have_the_place_that_they_say(
    names: list[str], places: tuple[int, ...], told: str, tmp_path: Path
) -> None:
    write_images(tmp_path, names)
    series = series_in(tmp_path)
    assert series.places == places and len(series.images) == len(places)
    assert [sentence.startswith(told) for sentence in series.told] == [True] * bool(told)


def test_images_that_cannot_be_read_leave_a_hole(tmp_path: Path) -> None:
    write_images(tmp_path, [f"a{i}.png" for i in range(6)])
    (tmp_path / "a3.png").write_bytes(b"")
    (tmp_path / "b.png").mkdir()
    told: list[str] = []
    seen = list(pictures_of(tmp_path, told))
    assert [place for place, _ in seen] == [0, 1, 2, 4, 5] and seen[4][1].max() == 50
    assert told == [f"a3.png in {tmp_path.name} cannot be read: export it again."]
    for number in range(6):
        (tmp_path / f"a{number}.png").write_bytes(b"")
    with pytest.raises(EngineError) as refused:
        list(pictures_of(tmp_path))
    assert refused.value.code == "bad_picture"


def test_the_sound_begins_with_the_first_image_also_where_that_cannot_be_read(tmp_path: Path) -> None:
    write_images(tmp_path, [f"a{i}.png" for i in range(6)])
    for number in (0, 1):
        (tmp_path / f"a{number}.png").write_bytes(b"")
    seen = [(place, int(picture.max())) for place, picture in pictures_of(tmp_path)]
    assert seen == [(0, 20), (1, 20), (2, 20), (3, 30), (4, 40), (5, 50)]


def test_what_is_no_image_of_the_film_is_no_damage(tmp_path: Path) -> None:
    write_images(tmp_path, [*(f"a{i}.png" for i in range(5)), "poster.png"])
    info, damage = inspect_video(tmp_path, 25.0), list[str]()
    assert len(info.told) == 1 and info.told[0].startswith("poster.png in")
    assert len(list(decode_pictures(tmp_path, info, damage))) == info.frames == 5 and damage == []
    (tmp_path / "a4.png").unlink()
    with pytest.raises(EngineError, match=r"too few images of a film \(4\)"):
        inspect_video(tmp_path, 25.0)


def test_images_of_16_bits_are_not_white(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.full((4, 4), 128 * 257, np.uint16))
    (tmp_path / "a.npy").replace(tmp_path / "a1.png")
    assert [picture.tolist() for _, picture in pictures_of(tmp_path)] == [[[[128] * 3] * 4] * 4]


def test_a_film_that_lacks_a_picture_keeps_its_rate() -> None:
    places = np.delete(np.arange(40), [20, 30, 31])
    told: list[str] = []
    points = np.repeat(places[:, None, None].astype(float), 478, axis=1)
    steady, fps = at_steady_rate(points, places / 25, told)
    assert fps == 25 and np.allclose(steady[:, 0, 0], np.arange(40))
    at_steady_rate(np.delete(points, 10, axis=0), np.delete(places, 10) / 25, told)
    at_steady_rate(steady[places[:28]], places[:28] / 25, told)
    filled = "the motion there was filled in."
    assert told == [
        f"The video lacks 3 pictures, the most of them after 1.16 s: {filled}",
        f"The video lacks 4 pictures, the most of them after 1.16 s: {filled}",
        f"The video lacks a picture after 0.76 s: {filled}",
    ]
