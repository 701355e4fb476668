"""The bars of baked videos are met where the lips are found as they were drawn, and missed where they are not."""

from __future__ import annotations

import wave
from dataclasses import replace

import numpy as np
import pytest
from face_points import face_points, noise_picture
from portrait_motion import talking

from inference.cli import main
from inference.errors import EngineError
from inference.face.animation import FaceAnimation
from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.hearing.audio import read_recording
from inference.pictures.build import build_photo
from inference.pictures.draw import posed
from inference.pictures.indices import LIP_RINGS
from inference.pictures.own_shapes import relief_of
from inference.portrait.motion import portrait_motion
from inference.portrait.warp import Pose, WarpRenderer
from inference.training.evaluation import own_mesh, portrait_bars, portrait_speed, portrait_table
from inference.training.evaluation.own_mesh import led_by_mesh, twice_areas
from inference.training.evaluation.personal_renderers import PersonalFigures, personal_lines
from inference.training.evaluation.picture_films import FilmedFace, FilmFigures

pytest.importorskip("av", reason="PyAV belongs to the full engine")

UNIT = 50.0


@pytest.fixture(scope="module")
def face() -> FacePicture:
    return build_photo(noise_picture(151, 201), face_points(UNIT, (75, 80)), {})


@pytest.fixture(scope="module")
def said() -> FaceAnimation:
    """Lips that part six times in two seconds."""
    animation = talking(50)
    landmarks = animation.landmarks.copy()
    opening = 0.08 * (1 - np.cos(2 * np.pi * 3 * np.arange(50) / 25)).astype(np.float32)
    for point in (55, 56, 57, 58, 59, 65, 66, 67):
        landmarks[:, point, 1] -= opening
    return replace(animation, landmarks=landmarks, head_rotation=0 * animation.head_rotation)


def drawn_points(face: FacePicture, animation: FaceAnimation) -> np.ndarray:
    """(T, 478, 3) what a detector without any error finds in the video."""
    motion = portrait_motion(face, animation, 25.0, len(animation))
    relief = relief_of(face)
    found = [
        posed(face, relief, weights, rotation, shift)[:468]
        for weights, rotation, shift in zip(motion.weights, motion.rotation, motion.shift)
    ]
    return np.concatenate([found, np.zeros((len(found), 10, 3))], axis=1).astype(np.float32)


def test_lips_that_are_found_as_drawn_follow_the_animation(face, said, monkeypatch):
    found = drawn_points(face, said)
    monkeypatch.setattr(portrait_bars, "points_in", lambda pictures: found[: len(pictures)])
    figures = portrait_bars.measure_portrait(face, said)
    assert figures.correlation > 0.99 and figures.error < 0.02 and figures.frames > 40
    assert figures.speed > 0 and not figures.flicker > 0.5
    stuck = found.copy()
    stuck[10:, 14] = found[10, 14]
    monkeypatch.setattr(portrait_bars, "points_in", lambda pictures: stuck)
    assert portrait_bars.measure_portrait(face, said).error > 0.02
    monkeypatch.setattr(portrait_bars, "points_in", lambda pictures: None)
    with pytest.raises(EngineError, match="No face is seen"):
        portrait_bars.measure_portrait(face, said)


def test_an_error_is_told_apart_by_where_it_comes_from(face, said, monkeypatch):
    """The detector sees three quarters of each opening, less in the encoded video, and trembles in a still one."""
    found_gaps = pytest.importorskip("tools.found_gaps", reason="opencv moves the pictures")
    drawn = drawn_points(face, said)
    shares = iter((0.75, 0.75, 0.5, 0.0))

    def found(pictures):
        points, share = drawn[: len(pictures)].copy(), next(shares)
        middle = (points[:, 13] + points[:, 14]) / 2
        for lip in (13, 14):
            points[:, lip] = middle + share * (points[:, lip] - middle)
        return points

    monkeypatch.setattr(found_gaps, "points_in", found)
    parts = found_gaps.parts_of(face, said)
    assert parts.share == pytest.approx(0.75, abs=0.01)
    assert parts.encoded == pytest.approx(parts.found, rel=0.05) and parts.found > 0.01
    assert parts.shifted == parts.still == 0 and parts.drawn < 0.5 * parts.found
    assert parts.error == pytest.approx(2 * parts.found, rel=0.3)


def test_a_gap_is_the_same_however_the_head_lies():
    upright = face_points(UNIT, (75, 80), weights={"jawOpen": 0.5})
    tilted = upright.copy()
    tilted[:, :2] = 3 * upright[:, :2] @ np.array([[0.8, 0.6], [-0.6, 0.8]])
    gaps = portrait_bars.lip_gaps(np.stack([upright, tilted, face_points(UNIT, (75, 80))]))
    assert gaps[0] == pytest.approx(gaps[1], abs=1e-5) and gaps[0] > 0.1 > gaps[2]


def test_a_video_that_is_the_film_differs_in_nothing_and_noise_is_flicker(face, monkeypatch):
    random = np.random.RandomState(3)
    still = np.repeat(face.textures["picture"][None, ..., :3], 12, axis=0).astype(np.int16)
    filmed = [*np.clip(still + random.randint(-3, 4, still.shape), 0, 255).astype(np.uint8)]
    points = np.repeat(face_points(UNIT, (75, 80), weights={"jawOpen": 0.4})[None], 12, axis=0)
    film = FilmedFace(face, filmed, points)
    monkeypatch.setattr(portrait_bars, "points_in", lambda pictures: points)
    same = portrait_bars.compared_films(film, filmed)
    assert same.lips_apart == 0 and same.flicker == 1 and same.film.lips == 0 and same.film.sharpness == 1
    monkeypatch.setattr(portrait_bars, "points_in", lambda pictures: points + np.float32([3, 4, 0]))
    restless = [*np.clip(still + random.randint(-12, 13, still.shape), 0, 255).astype(np.uint8)]
    worse = portrait_bars.compared_films(film, [picture[:200, :150] for picture in restless])
    assert worse.lips_apart == pytest.approx(5 / face.eye_distance, rel=1e-3)
    assert worse.flicker > 2 and worse.film.lips > 10


class FewerLater:
    """Wants four frames at a time, and one once it has drawn; draws the number of each."""

    at_once = 4

    def draw_all(self, poses):
        self.at_once = 1
        return [pose.shift[0] for pose in poses]


def test_a_renderer_that_comes_to_want_fewer_draws_every_frame_of_a_film(face, monkeypatch):
    poses = [Pose(np.zeros(53), np.zeros(3), np.array([number, 0, 0])) for number in range(11)]
    monkeypatch.setattr(portrait_bars, "followed", lambda *_: poses)
    monkeypatch.setattr(portrait_bars, "renderer_called", lambda *_: FewerLater())
    film = FilmedFace(face, [], np.zeros((0, 478, 3), np.float32))
    assert portrait_bars.drawn_as_filmed(film) == list(range(11))


def test_a_picture_led_by_a_mesh_lies_where_the_mesh_does(face):
    """What 52 shapes miss of it is made up for; points between the mesh's go along, the border and the first picture stay."""
    pytest.importorskip("scipy", reason="scipy belongs to the full engine")
    relief, still = relief_of(face), np.zeros(3, np.float32)
    poses = [Pose(np.zeros(53, np.float32), still, still) for _ in range(6)]
    shaped = poses[0].of(face, relief).copy()
    points = np.repeat(np.pad(shaped[:468], ((0, 10), (0, 0)))[None], 6, axis=0)
    points[1:, :, :2] += np.float32([3, -2])
    points[3, 0, 0] += 2  # trembles in one picture
    led = led_by_mesh(face, poses, points)
    moved = led[2].of(face, relief) - shaped
    assert led[0] is poses[0] and np.array_equal(poses[0].of(face, relief), shaped)
    assert moved[1:468, :2] == pytest.approx(np.tile([3, -2], (467, 1)), abs=1e-3) and not moved[:, 2].any()
    assert (led[3].of(face, relief) - shaped)[0, :2] == pytest.approx([4, -2], abs=1e-3)
    between = moved[468:][relief.head[468:] > 0.9]
    assert between.any(axis=1).all() and between[:, 0].max() < 5.01 and between[:, 0].min() > 0
    assert not moved[468:][relief.head[468:] == 0].any()
    calm = np.repeat(np.pad(shaped[:468], ((0, 10), (0, 0)))[None], 6, axis=0)
    assert led_by_mesh(face, poses, calm)[4].of(face, relief) == pytest.approx(shaped, abs=1e-3)


def test_a_mesh_whose_points_pass_each_other_folds_nothing(face):
    """A corner of the lips that is found beyond its neighbours goes back as far as it must; what is far from it stays."""
    pytest.importorskip("scipy", reason="scipy belongs to the full engine")
    relief, still = relief_of(face), np.zeros(3, np.float32)
    poses = [Pose(np.zeros(53, np.float32), still, still) for _ in range(5)]
    shaped = poses[0].of(face, relief)
    even, rest = twice_areas(shaped, relief), twice_areas(relief.at_rest, relief)
    points = np.repeat(np.pad(shaped[:468], ((0, 10), (0, 0)))[None], 5, axis=0)
    points[1:, 61, 0] += 0.08 * face.eye_distance  # the right corner, beyond the lips' next points
    points[1:, 13, 1] += 0.1 * face.eye_distance  # the upper lip's edge, below the lower's
    led = led_by_mesh(face, poses, points)[2].of(face, relief)
    raw = shaped[:, :2] + own_mesh._follow(relief, own_mesh._tied(relief)) @ (points[2] - points[0])[:468, :2]
    solid = even / rest > 0.2
    assert (twice_areas(raw, relief) * rest < 0)[solid].sum() > 5
    assert not (twice_areas(led, relief) * rest < 0)[solid].any()
    assert (led[61] - shaped[61])[0] > 0.1 and np.abs(led[152] - shaped[152]).max() < 1e-3
    assert np.linalg.norm(led[:, :2] - raw, axis=1).max() < 0.1 * face.eye_distance + 1


def test_the_insides_of_lips_go_with_lips_that_a_mesh_moves(face):
    """No hollow shows between a lip and its inside: bright lips over a black mouth have black between them alone."""
    pytest.importorskip("scipy", reason="scipy belongs to the full engine")
    still, weights = np.zeros(3, np.float32), np.zeros(53, np.float32)
    weights[SHAPE_NAMES.index("jawOpen")] = 0.5
    colours = {"picture": [200, 150, 120, 255], "lips": [255, 0, 0, 255]}
    plain = {
        name: np.broadcast_to(np.uint8(colours.get(name, [0, 0, 0, 255])), texture.shape).copy()
        for name, texture in face.textures.items()
    }
    poses = [Pose(weights, still, still) for _ in range(5)]
    shaped = poses[0].of(face, relief_of(face))
    points = np.repeat(np.pad(shaped[:468], ((0, 10), (0, 0)))[None], 5, axis=0)
    away = 0.05 * face.eye_distance
    points[1:, LIP_RINGS[:4, 1:-1], 1] -= away
    points[1:, LIP_RINGS[4:, 1:-1], 1] += away
    drawn = WarpRenderer(replace(face, textures=plain)).draw(led_by_mesh(face, poses, points)[2])
    left, right = shaped[LIP_RINGS[3, [3, -4]], 0].astype(int)
    for column in drawn[:, left:right].swapaxes(0, 1):
        black = np.flatnonzero(column[:, 0] < 80)
        red = np.flatnonzero(column[:, 0] > column[:, 1] + 100.0)
        assert len(black) > 2 and red.min() < black.min() < black.max() < red.max()
        assert len(black) == black.max() - black.min() + 1


def test_people_measured_by_both_have_four_rows():
    film = portrait_bars.BakedFilmFigures(FilmFigures(70, 1.0, 2.0, 65.025, 130.0, 650.25, 1.0), 0.01, 0.5)
    one = PersonalFigures("s4", 1.25, {}, [film], [film], [], [])
    assert [line.split(" | ")[1] for line in personal_lines([one])[2:]] == ["warp", "personal"]
    both = personal_lines([replace(one, warp_by_mesh=[film], personal_by_mesh=[film])])[2:]
    assert [line.split(" | ")[1] for line in both][2:] == ["warp, by the mesh", "personal, by the mesh"]
    assert "1.2 min" in both[1] and "min" not in both[3] and "30.0 dB" in both[3]


def test_odd_pictures_are_baked_as_even_ones(face):
    pictures = [face.textures["picture"][..., :3]] * 3
    shown = portrait_bars.baked(face, pictures)
    assert [picture.shape for picture in shown] == [(200, 150, 3)] * 3


def test_the_table_marks_what_misses_its_bar():
    good = portrait_bars.PortraitFigures(90, 0.97, 0.01, 0.004, 0.05, 7, 0.001, 31.0)
    silent = replace(good, shut=float("nan"), shut_largest=float("nan"), shut_frames=0)
    rows = {("a.jpg", "x.wav"): good, ("b.jpg", "x.wav"): replace(silent, error=0.021)}
    lines = portrait_table.portrait_lines(rows)
    assert "!" not in lines[2] and lines[3].count("!") == 1 and "2.1 %!" in lines[3]
    written = portrait_table.portrait_rows(rows)
    assert [row["voice"] for row in written] == ["x.wav"] * 2 and written[0]["shut_frames"] == 7


def test_what_cannot_be_measured_is_said(tmp_path, capsys):
    for wrong in (
        [],
        ["--speed", str(tmp_path)],
        ["--people", "s1", "--pictures", "a.png"],
        ["--parts", "--pictures", "a.png"],
        [str(tmp_path), "--clips", "0"],
    ):
        assert main(["evaluate-portrait", *wrong]) == 2
        assert capsys.readouterr().out.strip()
    (tmp_path / "grid" / "s26").mkdir(parents=True)
    (tmp_path / "grid" / "s26" / "cut.mp4").write_bytes(b"no film")
    for wrong in (["--speakers", "s26"], ["--speakers", "--people", "s26"]):
        assert main(["evaluate-portrait", str(tmp_path), *wrong]) == 1
        assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_speed_is_that_of_a_recording_said_again_and_again(tmp_path, root):
    portrait_speed.write_repeated(root / "demo" / "hello.wav", tmp_path / "line.wav", 11.5)
    with wave.open(str(tmp_path / "line.wav")) as file:
        assert file.getnframes() == 11.5 * 16_000
        samples = np.frombuffer(file.readframes(184_000), "<i2").astype(int)
    period = len(read_recording(root / "demo" / "hello.wav").samples)
    assert abs(samples[period:] - samples[: 184_000 - period]).max() == 0 and samples.any()
    with pytest.raises(EngineError, match=r"could not be made: .*nowhere\.png"):
        portrait_speed._whole_command(
            tmp_path / "nowhere.png", tmp_path / "line.wav", tmp_path / "o.mp4", "warp"
        )
    lines = portrait_speed.speed_lines(portrait_speed.SpeedFigures(9.96, 18.0, float("nan"), 31.2, 21.4))
    assert "10.0 s | < 10 s" in lines[2] and "31 frames" in lines[-2] and "21 ms a frame" in lines[-1]
