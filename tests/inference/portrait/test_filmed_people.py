"""A film whose person says something else: which pictures are seen, and what of them is drawn anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from meshed_face import meshed_face
from portrait_motion import talking

pytest.importorskip("cv2", reason="opencv is needed to draw films")

from inference.cli import main
from inference.errors import EngineError
from inference.face.face_picture import PICTURE, PICTURED, SHAPE_NAMES
from inference.pictures.indices import LIP_RINGS
from inference.pictures.own_shapes import relief_of
from inference.portrait.boxes import Box
from inference.portrait.film_of_person import PersonFilm, is_film, read_person_film
from inference.portrait.film_renderer import FilmPose, FilmRenderer, film_motion
from inference.portrait.make import PortraitSettings, make_portrait
from inference.portrait.motion import portrait_motion
from inference.portrait.renderers import Stage
from inference.portrait.sampling import Sampler
from inference.portrait.warp import Pose, WarpRenderer

NOTHING = np.zeros(len(SHAPE_NAMES), np.float32)
LEVEL = np.zeros(3, np.float32)


def filmed(count: int = 5, fps: float = 10.0) -> PersonFilm:
    """A head that turns while a wall behind it becomes brighter; it blinks in the last picture."""
    import cv2

    face = meshed_face()
    pictures, poses = [], []
    for row in range(count):
        picture = face.textures[PICTURE][..., :3].copy()
        picture[:8] = 40 + 40 * row
        pictures.append(cv2.imencode(".png", picture[..., ::-1])[1])
        weights = NOTHING.copy()
        weights[SHAPE_NAMES.index("eyeBlinkLeft")] = float(row == count - 1)
        poses.append(Pose(weights, np.array([0, 0.02 * row, 0], np.float32), LEVEL))
    return PersonFilm(face, pictures, poses, fps, ("The film was long.",))


def stage_of(film: PersonFilm, view: Box | None = None) -> Stage:
    return Stage(film.face, False, view or Box(0, 0, *film.face.size), Sampler(), "cpu")


def test_a_film_runs_to_its_end_and_back() -> None:
    film = filmed(4)
    assert film.replayed(9, 10.0).tolist() == [0, 1, 2, 3, 2, 1, 0, 1, 2]
    assert film.replayed(4, 5.0).tolist() == [0, 2, 2, 0]
    assert replace(film, pictures=film.pictures[:1]).replayed(3, 10.0).tolist() == [0, 0, 0]


def test_pictures_are_those_whose_heads_are_nearest_and_follow_each_other() -> None:
    film = filmed(5)
    turns = np.stack([(0, value, 0) for value in (0.08, 0.08, 0.06, 0.04, 0.02, 0.0, 0.0)])
    rows = film.matched(turns, np.zeros((7, 3)), 10.0)
    assert rows.tolist() == [4, 4, 3, 2, 1, 0, 0]
    jumping = film.matched(
        np.stack([(0, value, 0) for value in (0.0, 0.08, 0.0, 0.08)]), np.zeros((4, 3)), 10.0
    )
    assert np.abs(np.diff(jumping)).max() <= 1


@pytest.mark.parametrize("replayed", [True, False])
def test_eyes_and_brows_go_on_as_filmed_and_the_mouth_does_not(replayed: bool) -> None:
    film = filmed(5)
    rest = portrait_motion(film.face, talking(12), 10.0, 12)
    weights = np.random.RandomState(1).rand(*rest.weights.shape).astype(np.float32)
    said = replace(rest, weights=weights)
    motion = film_motion(film, said, replayed)
    blink = SHAPE_NAMES.index("eyeBlinkLeft")
    mouth = [row for row, name in enumerate(SHAPE_NAMES) if name.startswith(("jaw", "mouth"))]
    assert np.array_equal(motion.weights[:, blink], (motion.rows == 4).astype(np.float32))
    assert np.array_equal(motion.weights[:, mouth], said.weights[:, mouth])
    assert not motion.weights[:, SHAPE_NAMES.index(PICTURED)].any()
    turns = np.array([0.02 * row for row in motion.rows])
    assert np.allclose(motion.rotation[:, 1], turns) == replayed


def test_the_mouth_is_drawn_and_all_else_is_the_film() -> None:
    film = filmed()
    stage = stage_of(film)
    mouths = WarpRenderer(film.face, sampler=stage.sampler)
    renderer = FilmRenderer(mouths, film, stage)
    weights = NOTHING.copy()
    weights[SHAPE_NAMES.index("mouthUpperUpLeft")] = 0.8
    still, drawn = renderer.draw_all(
        [FilmPose(one, film.poses[2].rotation, LEVEL, row=2) for one in (NOTHING, weights)]
    )
    picture = film.picture(2)
    assert picture[3, 3, 0] == 120
    away = np.abs(drawn.astype(int) - picture).max(axis=-1)
    rows, _ = np.nonzero(away > 4)
    lips = relief_of(film.face).points[np.unique(LIP_RINGS), 1]
    assert away.max() > 15 and rows.min() > lips.min() - 35 and rows.max() < lips.max() + 35
    assert np.array_equal(drawn[:20], picture[:20]) and np.array_equal(still[:20], picture[:20])
    assert renderer.told == ("The film was long.",)


def test_a_turned_head_moves_the_film() -> None:
    film = filmed()
    renderer = FilmRenderer(WarpRenderer(film.face), film, stage_of(film))
    straight, turned = renderer.draw_all(
        [FilmPose(NOTHING, np.array([0, turn, 0], np.float32), LEVEL, row=0) for turn in (0.0, 0.15)]
    )
    assert np.abs(straight.astype(int) - turned).max(axis=-1)[30:60].max() > 20


def test_a_view_shows_what_the_whole_does() -> None:
    film = filmed()
    view = Box(10, 20, 110, 140)
    pose = FilmPose(NOTHING, np.array([0, 0.1, 0], np.float32), LEVEL, row=1)
    sampler = Sampler()
    parts = []
    for box in (Box(0, 0, *film.face.size), view):
        stage = Stage(film.face, False, box, sampler)
        parts.append(
            FilmRenderer(WarpRenderer(film.face, view=box, sampler=sampler), film, stage).draw_all([pose])[0]
        )
    assert np.abs(parts[0][view.slices].astype(int) - parts[1])[4:-4, 4:-4].mean() < 2


@pytest.mark.parametrize("size", [None, 75])
def test_a_film_is_baked(size: int | None, tmp_path: Path) -> None:
    film = filmed()
    output = tmp_path / "frames"
    settings = PortraitSettings(size=size, fps=10.0, film=film)
    made = make_portrait(film.face, talking(6), None, output, settings, 0.6, {}, lambda *_: None)
    assert made.frames == 6 and made.size == ((120, 150) if size is None else (60, 75))
    assert "The film was long." in made.warnings


def test_what_a_film_and_a_picture_cannot_do_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["-o", str(tmp_path / "out.mp4"), "--animation", str(tmp_path / "no.npz")]
    assert main(["portrait", str(tmp_path / "ada.png"), *given, "--pose", "replayed"]) != 0
    assert "ada.png is a picture, whose head moves as is made for the voice" in capsys.readouterr().err
    assert is_film(Path("ADA.MOV")) and not is_film(Path("ada.npz"))


def test_a_film_without_a_face_is_a_sentence(tmp_path: Path) -> None:
    pytest.importorskip("av")
    from filmed import write_video

    clip = write_video(tmp_path / "wall.mp4", [np.full((64, 64, 3), 90, np.uint8)] * 4)
    with pytest.raises(
        EngineError, match=r"wall\.mp4 shows a face for 0\.0 s at its beginning.*a film .* or a picture"
    ):
        read_person_film(clip, lambda *_: None)
