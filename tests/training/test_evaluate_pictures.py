"""The bars of pictures that talk are met by what is known to be right, and missed by what is made wrong."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from face_points import face_points, noise_picture

from inference.cli import main
from inference.errors import EngineError
from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.pictures.build import build_photo
from inference.pictures.draw import draw, posed, rest_weights
from inference.pictures.own_shapes import relief_of
from inference.training.evaluation import picture_bars, picture_films, picture_table
from inference.training.figures import write_figures
from tools import picture_figures

UNIT = 60.0


@pytest.fixture(scope="module")
def face() -> FacePicture:
    return build_photo(noise_picture(220, 280), face_points(UNIT, (110, 110)), {})


def filmed(shift: tuple[float, float], **weights: float) -> np.ndarray:
    return face_points(UNIT, (110 + shift[0], 110 + shift[1]), weights=weights)


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    return np.stack([filmed((0, 0)), *[filmed((2, 1), jawOpen=0.4)] * 5])


def test_a_film_is_followed(face, points):
    poses = picture_films.followed(face, points)
    assert len(poses) == 6
    assert poses[5].weights[SHAPE_NAMES.index("jawOpen")] == pytest.approx(0.4, abs=0.12)
    mouth = relief_of(face).points[13] - face.pivot
    moved = np.cross(poses[5].rotation * [1, -1, -1], mouth)[:2] + poses[5].shift[:2]
    assert moved == pytest.approx([2, 1], abs=0.5)


def test_a_mouth_that_is_parted_in_the_first_picture_is_opened_from_shut_lips():
    """As it is wherever a picture talks: `pictured` is 0 then."""
    parted = {"jawOpen": 0.3, "mouthUpperUpLeft": 0.3, "mouthUpperUpRight": 0.3}
    smiling = build_photo(noise_picture(220, 280), face_points(UNIT, (110, 110), weights=parted), {})
    poses = picture_films.followed(smiling, np.stack([filmed((0, 0), **parted)] * 4 + [filmed((0, 0))] * 4))
    assert (poses[0].weights == rest_weights()).all()
    for pose, opened in ((poses[2], True), (poses[7], False)):
        assert pose.weights[SHAPE_NAMES.index("pictured")] == 0
        lips = posed(smiling, relief_of(smiling), pose.weights, pose.rotation)
        gap = (lips[14] - lips[13])[1] / smiling.eye_distance
        assert (gap > 0.05) == opened, gap


def test_what_is_drawn_as_it_was_filmed_has_no_error_and_what_is_held_still_has(face, points):
    poses = picture_films.followed(face, points)[4:]
    pictures = [draw(face, pose.weights, pose.rotation, head_shift=pose.shift)[..., :3] for pose in poses]
    figures = picture_films.compared(face, poses, pictures, points[4:])
    assert figures.outside == figures.lips == 0 and figures.sharpness == 1
    assert figures.frozen_lips > 100 and figures.frozen_outside > 100
    assert picture_films.decibels(255**2) == 0
    blurred = [
        ((picture.astype(int) + np.roll(picture, 1, 1) + np.roll(picture, 1, 0)) // 3).astype(np.uint8)
        for picture in pictures
    ]
    assert picture_films.compared(face, poses, blurred, points[4:]).sharpness > 2


def test_the_figures_of_a_picture_tell_what_is_wrong_with_it(face):
    assert picture_bars.folded_share(face) < 1e-4 and picture_bars.changed(face) == 0
    assert picture_bars.blink_left(face) < 0.2 and picture_bars.sharpness(face) > 0.3
    relief = relief_of(face)
    shapes = relief.shapes.copy()
    shapes[SHAPE_NAMES.index("eyeBlinkLeft")] = 0
    shapes[SHAPE_NAMES.index("eyeBlinkLeft"), 152] = 1  # the chin instead
    shapes[SHAPE_NAMES.index("cheekPuff"), :468:3, 0] = 20
    others = [layer for layer in face.layers if layer is not relief]
    wrong = replace(face, layers=[*others, replace(relief, shapes=shapes)])
    assert picture_bars.blink_left(wrong) == pytest.approx(1) and picture_bars.folded_share(wrong) > 1e-3
    assert (draw(wrong, rest_weights(), np.zeros(3)) == face.textures["picture"]).all()


@pytest.mark.parametrize("roll", [90, 180, -110])
def test_a_picture_that_lies_is_measured_along_its_face(roll, face):
    """Its lips and lids are as far apart as those of the same picture that stands."""
    radians = np.radians(roll)
    turn = np.eye(3)
    turn[:2, :2] = [[np.cos(radians), np.sin(radians)], [-np.sin(radians), np.cos(radians)]]
    relief = relief_of(face)
    points, shapes = relief.points @ turn, relief.shapes.astype(np.float32) @ turn
    lying = replace(relief, points=points.astype(np.float32), shapes=shapes.astype(np.float32))
    turned = replace(face, layers=[lying if layer is relief else layer for layer in face.layers])
    opened = rest_weights()
    opened[SHAPE_NAMES.index("jawOpen")] = 0.5
    gaps = [picture_bars._gap(one, relief_of(one), opened) for one in (face, turned)]
    assert gaps[0] > 0.1 and gaps[1] == pytest.approx(gaps[0], abs=0.003)
    assert picture_bars.blink_left(turned) == pytest.approx(picture_bars.blink_left(face), abs=0.01)
    free = [picture_figures.lip_gap(one, relief_of(one), opened) for one in (face, turned)]
    assert free[1] == pytest.approx(free[0], abs=0.02)


def test_the_table_marks_what_misses_its_bar(tmp_path):
    good = picture_bars.PictureFigures(0, 0.99, 0.01, 0.0, 5, 0.1, 1.0, 0.0, 0.0)
    lines = picture_table.picture_lines(
        {"good": good, "bad": replace(good, shut_gap=0.05, blink_left=float("nan"))}
    )
    assert "!" not in lines[2] and lines[3].count("!") == 1 and "0.05!" in lines[3]
    film = picture_films.FilmFigures(3, 10.0, 20.0, 30.0, 60.0, float("nan"), 1.1)
    assert "+3.0 dB" in picture_table.film_lines({"s9": [film, film]})[2]
    write_figures({"films": {"s9": [film]}, "pictures": {"good": good}}, tmp_path / "figures.json")
    assert json.loads((tmp_path / "figures.json").read_text())["pictures"]["good"]["sharpness"] == 1


def test_clips_are_the_held_out_ones_in_their_large_version(tmp_path):
    for folder, names in (("grid/s4", range(30)), ("grid_hq/s4", (26,)), ("grid/s26", range(3))):
        (tmp_path / folder).mkdir(parents=True)
        for name in names:
            (tmp_path / folder / f"c{name:02}.mp4").touch()
    clips = picture_table.held_out(tmp_path, "s4", 9)
    assert [clip.stem for clip in clips] == ["c25", "c26", "c27", "c28", "c29"]
    assert ["grid_hq" in clip.parts for clip in clips] == [False, True, False, False, False]
    assert len(picture_table.held_out(tmp_path, "s26", 2)) == 2
    with pytest.raises(EngineError, match="holds no clips"):
        picture_table.held_out(tmp_path, "s27", 2)
    skipped: list[str] = []
    with pytest.raises(EngineError, match="No clip in"):
        picture_table.films(tmp_path, ["s26"], 1, picture_films.measure_film, skipped.append)
    assert "c00" in skipped[0]


def test_nothing_that_can_be_measured_is_said(tmp_path, capsys):
    (tmp_path / "grid" / "s26").mkdir(parents=True)
    (tmp_path / "grid" / "s26" / "cut.mp4").write_bytes(b"no film")
    assert main(["evaluate-pictures", str(tmp_path), "--speakers", "s26"]) == 1
    assert "No clip in" in capsys.readouterr().err
    for wrong in ([], [str(tmp_path), "--clips", "0"]):
        assert main(["evaluate-pictures", *wrong]) == 2
        assert capsys.readouterr().out.strip()
