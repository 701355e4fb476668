"""A drawing that talks: told from a photo, at rest the drawing, its eyes covered by a drawn lid, its mouth a line that parts."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_face import INK, SKIN, WHITE, drawn_face
from face_points import face_points, noise_picture

from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.pictures.colours import is_drawing, lab, palette_of
from inference.pictures.draw import draw, rest_weights
from inference.pictures.indices import FACE_OVAL
from inference.pictures.make import Wanted, make_faces

STILL = np.zeros(3, np.float32)
LOOKS = {
    "lines": {},
    "dots for eyes": {"whites": False, "line": 0.02},
    "large": {"size": 900, "line": 0.006},
    "small": {"size": 150},
}


def made(picture: np.ndarray, clicks: list[float], kind: str = "auto") -> FacePicture:
    return make_faces(picture, Wanted("it.png", clicks, kind=kind), {}, lambda *_: None).faces[0]


@pytest.fixture(scope="module")
def drawings() -> dict[str, tuple[np.ndarray, FacePicture]]:
    result = {}
    for name, look in LOOKS.items():
        picture, clicks = drawn_face(**look)
        result[name] = picture, made(picture, clicks)
    return result


def weights(**given: float) -> np.ndarray:
    result = np.zeros(len(SHAPE_NAMES), np.float32)
    for name, value in given.items():
        result[SHAPE_NAMES.index(name)] = value
    return result


def share(picture: np.ndarray, box: tuple[float, float, float, float], colour: tuple[int, int, int]) -> float:
    """How much of a box (left, top, right, bottom; shares of the picture) has nearly this colour."""
    height, width = picture.shape[:2]
    left, top, right, bottom = (round(side * extent) for side, extent in zip(box, (width, height) * 2))
    return float((np.abs(picture[top:bottom, left:right, :3].astype(int) - colour).max(axis=-1) < 12).mean())


EYE, MOUTH = (0.33, 0.4, 0.45, 0.5), (0.42, 0.63, 0.58, 0.8)


@pytest.mark.parametrize("name", LOOKS)
def test_at_rest_it_is_the_drawing(name, drawings):
    picture, face = drawings[name]
    assert face.kind == "drawing" and (draw(face, rest_weights(), STILL) == picture).all()


@pytest.mark.parametrize("name", LOOKS)
def test_a_lid_of_skin_with_a_line_of_ink_covers_the_eye(name, drawings):
    picture, face = drawings[name]
    shut = draw(face, weights(eyeBlinkLeft=1, eyeBlinkRight=1), STILL)
    assert share(shut, EYE, WHITE) == 0
    assert share(shut, EYE, SKIN) > 0.8 > 0.01 < share(shut, EYE, INK) < 0.15
    one = draw(face, weights(eyeBlinkLeft=1), STILL)
    assert share(one, EYE, SKIN) == pytest.approx(share(picture, EYE, SKIN), abs=0.02)


def test_the_iris_looks_aside_and_stays_in_its_eye(drawings):
    picture, face = drawings["lines"]
    assert not any(layer.name.startswith("iris") for layer in drawings["dots for eyes"][1].layers)
    aside = draw(face, weights(eyeLookOutRight=1, eyeLookInLeft=1), STILL)
    changed = (aside != picture).any(axis=-1)
    assert changed.sum() > 100
    # Nothing but what was white or iris has changed: outlines and skin are as they were.
    before = picture[changed][:, :3].astype(int)
    assert (np.abs(before - SKIN).max(axis=-1) > 30).all()


@pytest.mark.parametrize("name", LOOKS)
def test_the_line_of_the_mouth_parts_and_each_lip_keeps_it(name, drawings):
    picture, face = drawings[name]
    height = picture.shape[0]
    opened = draw(face, weights(jawOpen=0.5), STILL)
    column = np.abs(opened[:, round(height / 2), :3].astype(int) - INK).max(axis=-1) < 40
    rows = np.flatnonzero(column[round(0.62 * height) : round(0.82 * height)])
    gaps = np.flatnonzero(np.diff(rows) > 1)
    assert len(gaps) == 1  # two lines with the inside between them
    first, second = gaps[0] + 1, len(rows) - gaps[0] - 1
    wide = max(LOOKS[name].get("line", 0.012) * height, 1)
    assert 0.5 * wide - 1 <= first <= 1.7 * wide + 1 and 0.5 * wide - 1 <= second <= 1.7 * wide + 1


@pytest.mark.parametrize("name", LOOKS)
def test_lips_that_are_pressed_keep_their_line(name, drawings):
    _, face = drawings[name]
    rest = share(draw(face, rest_weights(), STILL), MOUTH, INK)
    pressed = weights(mouthRollLower=0.5, mouthRollUpper=0.5, mouthPressLeft=0.5, mouthPressRight=0.5)
    shut = draw(face, pressed, STILL)
    assert share(shut, MOUTH, INK) > 0.35 * rest
    middle = shut[:, shut.shape[1] // 2, :3].astype(int)
    rows = slice(round(0.63 * len(middle)), round(0.8 * len(middle)))
    assert (np.abs(middle[rows] - INK).max(axis=-1) < 60).any()  # also in the middle


def test_lips_lie_on_the_drawn_line_though_the_clicks_missed_it(drawings):
    picture, clicks = drawn_face()
    moved = np.array(clicks) + [0, 0, 0, 0, 2, -9, -2, -7]
    face = made(picture, list(moved))
    assert abs(face.landmarks[62, 1] - 0.69 * 480) < 3
    neutral = draw(face, weights(), STILL)
    assert (neutral == picture).all()


def test_photos_are_no_drawings_and_drawings_are(drawings):
    outline = face_points(90, (160, 150))[FACE_OVAL, :2]
    assert not is_drawing(noise_picture(320, 400), outline)
    y, x = np.mgrid[0:400, 0:320]
    soft = np.stack([x / 2 + 60, y / 3 + 70, (x + y) / 5 + 40, np.full_like(x, 255)], -1).astype(np.uint8)
    assert not is_drawing(soft, outline)
    picture, clicks = drawn_face()
    assert made(picture, clicks, "photo").kind == "photo" and made(picture, clicks, "auto").kind == "drawing"
    y, x = np.mgrid[:400, :320] / 20
    grey = (110 + 45 * np.sin(x) + 30 * np.cos(y + 0.3 * x)).astype(
        np.uint8
    )  # as an enlarged photo: few tones, none flat
    assert not is_drawing(np.dstack([grey, grey, grey, np.full_like(grey, 255)]), outline)
    assert not is_drawing(picture, outline * 0.01)


def test_the_palette_is_what_was_painted():
    picture, _ = drawn_face()
    palette = palette_of(picture)
    assert len(palette) == 6
    assert all((np.abs(palette.astype(int) - colour).max(axis=1) < 3).any() for colour in (SKIN, INK, WHITE))
    assert palette_of(np.zeros((9, 9, 4), np.uint8)).shape == (0, 3)


def test_what_is_clear_in_the_drawing_is_its_matte():
    picture, clicks = drawn_face()
    picture[:40, :, 3] = 0
    face = made(picture, clicks)
    assert (face.matte == picture[..., 3]).all()
    assert made(*drawn_face()).matte.size == 0


def test_lab_knows_white_and_red():
    assert lab(np.array([255, 255, 255])) == pytest.approx([100, 0, 0], abs=0.1)
    assert lab(np.array([255, 0, 0])) == pytest.approx([53.2, 80.1, 67.2], abs=0.3)
