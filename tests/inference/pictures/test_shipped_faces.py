"""The pictures that ship: each is a face that talks, at half its size for the time's sake; and the figures told of it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from drawn_face import drawn_face

from inference.face.animation import FaceAnimation
from inference.face.face_picture import PICTURE, SHAPE_NAMES, FacePicture
from inference.pictures.draw import posed, rest_weights
from inference.pictures.given_points import read_points
from inference.pictures.image_files import read_picture
from inference.pictures.make import Wanted, make_faces
from tools import picture_figures as figures

ROWS = {row["name"]: row for row in figures.shipped()}
DRAWINGS = [name for name, row in ROWS.items() if row["kind"] == "drawing"]


@pytest.fixture(scope="module")
def faces() -> dict[str, FacePicture]:
    return {}


def face_of(name: str, faces: dict[str, FacePicture]) -> FacePicture:
    if name not in faces:
        row = ROWS[name]
        if not row["file"].endswith(".png"):
            pytest.importorskip("PIL")
        picture = read_picture(figures.SHIPPED / row["file"])
        points = read_points(figures.SHIPPED / row["points"]) if "points" in row else ()
        if points:
            height, width = (side // 2 for side in picture.shape[:2])
            halves = picture[: 2 * height, : 2 * width].reshape(height, 2, width, 2, 4).mean(axis=(1, 3))
            picture, points = halves.round().astype(np.uint8), tuple(value / 2 for value in points)
        wanted = Wanted(name, points, kind=row["kind"])
        faces[name] = make_faces(picture, wanted, {}, lambda *_: None).faces[0]
    return faces[name]


@pytest.mark.parametrize("name", ROWS)
def test_it_is_a_face_that_talks(name, faces):
    face = face_of(name, faces)
    assert face.kind == ROWS[name]["kind"] and not face.warnings
    assert figures.rest_difference(face) == 0
    assert figures.blink_left(face) <= (0.02 if face.kind == "drawing" else 0.2)
    relief = next(layer for layer in face.layers if layer.name == "relief")
    gaps = []
    for weight in (0.0, 0.25, 0.5):
        weights = np.zeros(len(SHAPE_NAMES), np.float32)
        weights[SHAPE_NAMES.index("jawOpen")] = weight
        gaps.append(figures.lip_gap(face, relief, weights))
    assert gaps[0] < 0.02 < gaps[1] < gaps[2]
    assert figures.folded(face, relief, rest_weights()) < 1e-5


@pytest.mark.parametrize("name", DRAWINGS)
def test_it_looks_aside(name, faces):
    face = face_of(name, faces)
    irises = [layer for layer in face.layers if layer.name.startswith("iris_")]
    assert len(irises) == 2
    for layer in irises:
        side = layer.name.removeprefix("iris_").title()
        across = layer.shapes[SHAPE_NAMES.index(f"eyeLookOut{side}"), :, 0].astype(float)
        assert 0.01 < np.abs(across).max() / face.eye_distance < 0.1


def test_the_figures_see_what_is_wrong(faces):
    face = face_of("fox", faces)
    frames = 12
    arkit = np.zeros((frames, 52), np.float32)
    arkit[:, SHAPE_NAMES.index("jawOpen")] = np.linspace(0, 0.6, frames)
    shapes = figures.own_shapes_of(face)
    landmarks = shapes.neutral + np.einsum("ts,snc->tnc", arkit, shapes.deltas)
    animation = FaceAnimation(
        fps=25.0,
        landmarks=landmarks.astype(np.float32),
        neutral=shapes.neutral.astype(np.float32),
        head_rotation=np.zeros((frames, 3), np.float32),
        head_translation=np.zeros((frames, 3), np.float32),
        eye_rotation=np.zeros((frames, 2), np.float32),
        blink=np.zeros((frames, 2), np.float32),
        arkit=arkit,
        visemes=np.zeros((frames, 15), np.float32),
    )
    phones = [["m", 0.0, 0.04], ["aa", 0.04, 0.4]]
    measured = figures.figures(face, animation, phones)
    assert measured.rest == 0 and measured.follows > 0.98 and measured.closed < 0.02 < measured.widest
    late = figures.figures(face, animation, [["p", 0.36, 0.44]])
    assert late.closed > 0.1  # lips that are open where a p is said
    text = figures.table({"fox": measured})
    assert (
        text.splitlines()[-1].startswith("| fox | 0 | ")
        and len({row.count("|") for row in text.split("\n")}) == 1
    )


def test_every_points_file_names_the_middles_of_eyes_and_the_mouth():
    for name in DRAWINGS:
        points = np.array(json.loads((figures.SHIPPED / ROWS[name]["points"]).read_text())["points"])
        left, right, one, other = points
        assert left[0] < right[0] and one[0] < other[0] and max(left[1], right[1]) < min(one[1], other[1])


@pytest.mark.parametrize(("wide", "counted"), [(1.0, False), (0.02, True)])
def test_what_an_eye_stands_on_is_not_counted_as_left_by_a_blink(wide, counted):
    """As a muzzle is, or the joints between tiles; a rest of the eye below its lid is."""
    picture, clicks = drawn_face()
    face = make_faces(picture, Wanted("it.png", clicks), {}, lambda *_: None).faces[0]
    assert figures.blink_left(face) == 0
    shut = rest_weights()
    shut[[SHAPE_NAMES.index("eyeBlinkLeft"), SHAPE_NAMES.index("eyeBlinkRight")]] = 1
    painted = picture.copy()
    for lid in (layer for layer in face.layers if layer.name.startswith("lid_")):
        places = posed(face, lid, shut, np.zeros(3, np.float32))
        middle, bottom = places[:, 0].mean(), places[:, 1].max()
        half = wide * face.eye_distance
        rows = slice(int(bottom) - 3, int(bottom) + 4)
        painted[rows, max(int(middle - half), 0) : int(middle + half) + 1, :3] = (60, 90, 220)
    left = figures.blink_left(replace(face, textures={**face.textures, PICTURE: painted}))
    assert (left > 0.005) == counted and (counted or left == 0)
