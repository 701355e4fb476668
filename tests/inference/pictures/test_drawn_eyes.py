"""Eyes of drawings that are not plain: whites like the skin, fur of two colours, a blush beside them, irises that shine."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_face import INK, IRIS, SKIN, WHITE, drawn_face

from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.pictures.draw import draw, rest_weights
from inference.pictures.filling import luminance
from inference.pictures.make import Wanted, make_faces

SIZE = 260
STILL = np.zeros(3, np.float32)
BLUSH, MUZZLE, DARK_FUR = (250, 150, 120), (255, 246, 232), (150, 84, 40)


def like(picture: np.ndarray, colour: tuple[int, int, int], off: int = 12) -> np.ndarray:
    return np.asarray(np.abs(picture[..., :3].astype(int) - colour).max(axis=-1) < off)


def places() -> tuple[np.ndarray, np.ndarray]:
    y, x = (np.mgrid[0:SIZE, 0:SIZE] + 0.5) / SIZE
    return x, y


def whites_like_skin(picture: np.ndarray) -> None:
    picture[like(picture, WHITE), :3] = SKIN


def fur_of_two_colours(picture: np.ndarray) -> None:
    _, y = places()
    skin = like(picture, SKIN)
    picture[skin & (y < 0.54), :3] = DARK_FUR
    picture[skin & (y >= 0.54), :3] = MUZZLE


def a_blush_that_touches(picture: np.ndarray) -> None:
    x, y = places()
    for middle in (0.37, 0.63):
        spot = (((x - middle) / 0.1) ** 2 + ((y - 0.53) / 0.05) ** 2) < 1
        picture[spot & like(picture, SKIN), :3] = BLUSH


def irises_that_shine(picture: np.ndarray) -> None:
    x, y = places()
    for middle in (0.382, 0.602):
        picture[(x - middle) ** 2 + (y - 0.442) ** 2 < 0.009**2, :3] = 255


def glasses(picture: np.ndarray) -> None:
    x, y = places()
    for middle in (0.39, 0.61):
        picture[np.abs(np.hypot(x - middle, y - 0.45) - 0.095) < 0.008, :3] = INK


def fur_and_glasses(picture: np.ndarray) -> None:
    fur_of_two_colours(picture)
    glasses(picture)


def blush_and_shine(picture: np.ndarray) -> None:
    a_blush_that_touches(picture)
    irises_that_shine(picture)


LOOKS = (whites_like_skin, fur_and_glasses, blush_and_shine)


@pytest.fixture(scope="module")
def made() -> dict[str, tuple[np.ndarray, FacePicture]]:
    result = {}
    for look in LOOKS:
        picture, clicks = drawn_face(SIZE, 0.016)
        look(picture)
        wanted = Wanted("it.png", clicks, kind="drawing")
        result[look.__name__] = picture, make_faces(picture, wanted, {}, lambda *_: None).faces[0]
    return result


def drawn(face: FacePicture, **given: float) -> np.ndarray:
    weights = rest_weights()
    for name, value in given.items():
        weights[SHAPE_NAMES.index(name)] = value
    return draw(face, weights, STILL)


def eye_boxes() -> list[tuple[slice, slice]]:
    rows = slice(round(0.4 * SIZE), round(0.5 * SIZE))
    return [(rows, slice(round((x - 0.07) * SIZE), round((x + 0.07) * SIZE))) for x in (0.39, 0.61)]


@pytest.mark.parametrize("name", [look.__name__ for look in LOOKS])
def test_the_lid_covers_the_whole_eye_in_the_colour_around_it(name, made):
    picture, face = made[name]
    assert (drawn(face) == picture).all()
    shut = drawn(face, eyeBlinkLeft=1, eyeBlinkRight=1)
    skin = DARK_FUR if name == "fur_and_glasses" else SKIN
    for box in eye_boxes():
        assert not like(shut[box], IRIS).any() and not (like(shut[box], WHITE, 4)).any()
        assert like(shut[box], skin).mean() > 0.75 > 0.12 > like(shut[box], INK, 30).mean() > 0.01


def test_a_blush_is_no_eye(made):
    picture, face = made["blush_and_shine"]
    shut = drawn(face, eyeBlinkLeft=1, eyeBlinkRight=1)
    cheeks = like(picture, BLUSH)
    assert (shut[cheeks] == picture[cheeks]).all(axis=-1).mean() > 0.9


def test_behind_white_glasses_a_dark_faces_lids_have_its_colour_not_that_of_rims_or_lashes():
    dark, lash = (92, 56, 41), (75, 36, 34)
    picture, clicks = drawn_face(SIZE, 0.016)
    x, y = places()
    picture[like(picture, SKIN), :3] = dark
    around = np.zeros((SIZE, SIZE), bool)
    for middle in (0.39, 0.61):
        around |= ((x - middle) / 0.075) ** 2 + ((y - 0.45) / 0.055) ** 2 < 1
        picture[np.abs(np.hypot(x - middle, y - 0.45) - 0.085) < 0.008, :3] = WHITE
    picture[around & like(picture, dark), :3] = lash
    picture[around & like(picture, INK), :3] = lash
    face = make_faces(picture, Wanted("it.png", clicks, kind="drawing"), {}, lambda *_: None).faces[0]
    shut = drawn(face, eyeBlinkLeft=1, eyeBlinkRight=1)
    for rows, columns in eye_boxes():
        seen = shut[rows, columns]
        assert (
            like(seen, WHITE).mean() < 0.06 and like(seen, dark, 6).mean() > 0.4
        )  # rims reach into the corners


def test_glasses_stay_on(made):
    picture, face = made["fur_and_glasses"]
    shut = drawn(face, eyeBlinkLeft=1, eyeBlinkRight=1)
    x, y = places()
    ring = np.abs(np.hypot(np.abs(x - 0.5) - 0.11, y - 0.45) - 0.095) < 0.008
    assert (shut[ring] == picture[ring]).all()


def test_what_shines_goes_with_the_iris(made):
    picture, face = made["blush_and_shine"]
    aside = drawn(face, eyeLookOutLeft=1, eyeLookInRight=1)
    for box in eye_boxes():
        moved = np.argwhere(like(aside[box], IRIS, 30))[:, 1].mean()
        assert moved > np.argwhere(like(picture[box], IRIS, 30))[:, 1].mean() + 1
        x, y = places()
        shine = [(like(one, WHITE, 6) & inside(one)) for one in (picture[box], aside[box])]
        assert shine[1].sum() == pytest.approx(shine[0].sum(), abs=6)


def inside(eye: np.ndarray) -> np.ndarray:
    """The columns between the first and the last pixel of the iris, in the rows that it has."""
    iris = np.argwhere(like(eye, IRIS, 30))
    low, high = iris.min(axis=0), iris.max(axis=0)
    mask = np.zeros(eye.shape[:2], bool)
    mask[low[0] : high[0] + 1, low[1] + 1 : high[1]] = True
    rows = mask & ~np.cumsum(like(eye, IRIS, 30), axis=1).astype(bool)
    return mask & ~rows & np.cumsum(like(eye, IRIS, 30)[:, ::-1], axis=1)[:, ::-1].astype(bool)


@pytest.mark.parametrize("way", ["Up", "Down"])
def test_an_iris_moves_behind_the_outline(way, made):
    picture, face = made["blush_and_shine"]
    moved = drawn(face, **{f"eyeLook{way}{side}": 1.0 for side in ("Left", "Right")})
    assert (moved != picture).any()
    outline = like(picture, INK, 4) | like(picture, SKIN, 4)
    x, y = places()
    for middle in (0.39, 0.61):  # the pupil has the outline's colour
        outline &= (x - middle) ** 2 + (y - 0.45) ** 2 > 0.03**2
    assert (moved[outline] == picture[outline]).all()


def test_brows_and_smiles_leave_the_eyes_their_shape(made):
    picture, face = made["blush_and_shine"]
    names = ("browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekSquintLeft", "cheekSquintRight")
    moved = drawn(face, **dict.fromkeys(names, 1.0))
    assert (moved != picture).any()
    for box in eye_boxes():
        eye = ~like(picture[box], SKIN)
        assert (moved[box][eye] == picture[box][eye]).all(axis=-1).mean() > 0.97


def test_a_drawing_without_colours_has_none_in_its_mouth_and_stays_clear_where_it_is():
    picture, clicks = drawn_face(SIZE)
    picture[..., :3] = picture[..., :3].mean(axis=-1, keepdims=True).round().astype(np.uint8)
    picture[: SIZE // 2, : round(0.39 * SIZE), 3] = 0  # half an eye
    face = make_faces(picture, Wanted("it.png", clicks, kind="drawing"), {}, lambda *_: None).faces[0]
    assert (drawn(face)[..., 3] == picture[..., 3]).all()
    opened = drawn(face, jawOpen=0.8)[..., :3].astype(int)
    assert np.ptp(opened, axis=-1).max() <= 2


PALE, BLACK, GLOW, BOARD = (235, 240, 245), (12, 12, 14), (80, 230, 250), (38, 58, 50)


def on_black(picture: np.ndarray) -> None:
    ground, ink = like(picture, SKIN) | like(picture, WHITE), like(picture, INK)
    picture[ground, :3], picture[ink, :3] = BLACK, PALE
    x, y = places()
    for middle in (0.39, 0.61):
        picture[np.hypot(x - middle, y - 0.45) < 0.03, :3] = GLOW


def on_a_board(picture: np.ndarray) -> None:
    on_black(picture)
    picture[like(picture, BLACK, 1), :3] = BOARD


def on_screens(picture: np.ndarray) -> None:
    x, y = places()
    for middle in (0.39, 0.61):
        across, down = np.abs(x - middle), np.abs(y - 0.45)
        picture[(across < 0.08) & (down < 0.05), :3] = BLACK
        picture[(across < 0.025) & (down < 0.025), :3] = GLOW


def slits(picture: np.ndarray) -> None:
    x, _ = places()
    eye = like(picture, WHITE) | like(picture, IRIS)
    for middle in (0.39, 0.61):
        ink = like(picture, INK) & (np.abs(x - middle) < 0.02)
        picture[eye & (np.abs(x - middle) < 0.02) & ~ink, :3] = GLOW


@pytest.mark.parametrize("look", [on_black, on_a_board, on_screens, slits])
def test_irises_look_aside_whole_whatever_their_eyes_are_like(look):
    picture, clicks = drawn_face(SIZE, 0.016)
    look(picture)
    face = make_faces(picture, Wanted("it.png", clicks, kind="drawing"), {}, lambda *_: None).faces[0]
    assert (drawn(face) == picture).all()
    aside = drawn(face, eyeLookOutLeft=1, eyeLookInRight=1)
    for box in eye_boxes():
        before, after = like(picture[box], GLOW, 40), like(aside[box], GLOW, 40)
        moved = np.nonzero(after)[1].mean() - np.nonzero(before)[1].mean()
        assert moved > 2 and after.sum() == pytest.approx(before.sum(), rel=0.25)
        left = after[:, np.flatnonzero(before.any(axis=0))[: int(moved) - 1]]
        assert not left.any()


def test_an_iris_of_chalk_moves_in_what_is_left_of_the_board_and_its_line_stays():
    picture, clicks = drawn_face(SIZE, 0.016)
    on_a_board(picture)
    picture[like(picture, GLOW), :3] = PALE
    face = make_faces(picture, Wanted("it.png", clicks, kind="drawing"), {}, lambda *_: None).faces[0]
    rows, columns = eye_boxes()[1]
    side = slice(columns.start, (columns.start + columns.stop) // 2)
    gaps = [
        like(drawn(face, **look)[rows, side], BOARD).sum()
        for look in ({}, {"eyeLookOutLeft": 1, "eyeLookInRight": 1})
    ]
    assert gaps[1] > gaps[0] + 30


def test_lids_on_a_grainy_board_have_a_line_of_chalk():
    """Its darkest grain and the holes in the chalk are darker than the board, but no ink."""
    picture, clicks = drawn_face(SIZE, 0.016)
    on_a_board(picture)
    x, y = places()
    grain = 26 * np.sin(997 * x + 13 * np.sin(613 * y)) * np.sin(1231 * y + 7 * np.sin(389 * x))
    picture[..., :3] = (picture[..., :3] + grain[..., None]).clip(0, 255)
    face = make_faces(picture, Wanted("it.png", clicks, kind="drawing"), {}, lambda *_: None).faces[0]
    lids = [face.textures[layer.texture] for layer in face.layers if layer.name.startswith("lid")]
    for lid in lids:
        assert luminance(lid[-1, :, :3]).min() > 150 > 80 > luminance(lid[0, :, :3]).max()
    assert len(lids) == 2


def test_what_shines_in_a_dark_eye_is_no_iris():
    picture, clicks = drawn_face(SIZE, 0.016, whites=False)
    x, y = places()
    for middle in (0.39, 0.61):
        picture[np.hypot((x - middle) / 0.8, y - 0.45) < 0.065, :3] = INK
        picture[np.hypot(x - middle + 0.018, y - 0.425) < 0.014, :3] = 255
    face = make_faces(picture, Wanted("it.png", clicks, kind="drawing"), {}, lambda *_: None).faces[0]
    assert not any(layer.name.startswith("iris") for layer in face.layers)


def test_the_line_of_a_cheek_that_an_eye_touches_is_not_under_its_lid():
    picture, clicks = drawn_face(SIZE, 0.016)
    x, y = places()
    line = (np.abs(x - 0.677) < 0.004) & (np.abs(y - 0.45) < 0.055)
    picture[line, :3] = INK
    face = make_faces(picture, Wanted("it.png", clicks, kind="drawing"), {}, lambda *_: None).faces[0]
    shut = drawn(face, eyeBlinkLeft=1, eyeBlinkRight=1)
    assert not like(shut[eye_boxes()[1]], WHITE, 4).any()
    assert like(shut, INK)[line & (np.abs(y - 0.45) > 0.043)].mean() > 0.8
