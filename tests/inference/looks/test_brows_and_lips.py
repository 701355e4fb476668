"""Brows, lips and few colours of a drawn look: where the photo has them, and nowhere that hair, glasses or a mask covers them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from mask_points import MASK

from inference.face.face_picture import PICTURE, FacePicture
from inference.looks import cartoon
from inference.looks import moustache as moustaches
from inference.looks.apply import drawn_as, look_called
from inference.looks.brows import around_eyes, brow_ink, brow_is_seen, lip_areas
from inference.looks.drawing import LineDrawing
from inference.looks.features import features_of
from inference.looks.moustache import moustache
from inference.looks.sheet import Sheet, sheet_of
from inference.pictures.covered import HIDDEN
from inference.pictures.filling import inside, luminance, pixel_centres

SKIN, DARK = (205, 160, 135), (52, 34, 26)
BROWS = (
    ((70, 63, 105, 66, 107), (46, 53, 52, 65, 55)),
    ((336, 296, 334, 293, 300), (285, 295, 282, 283, 276)),
)


def covering(face: FacePicture, *areas: tuple[Any, Any], **source: Any) -> FacePicture:
    """The face with outlines painted over it, each in a colour or, a number, so much darker."""
    picture = face.textures[PICTURE].copy()
    places = pixel_centres(0, 0, *face.size)
    for outline, colour in areas:
        where = inside(np.asarray(outline, np.float32), places)
        darker = isinstance(colour, float)
        picture[where, :3] = np.round(picture[where, :3] * colour) if darker else colour
    return replace(face, textures={**face.textures, PICTURE: picture}, source={**face.source, **source})


def brow_bar(mesh: np.ndarray, number: int, shift: float) -> np.ndarray:
    """(10, 2) outline of the middle half of a brow, moved down by so many of its heights."""
    upper, lower = (mesh[list(rows)] for rows in BROWS[number])
    height = lower - upper
    return np.concatenate([upper + (shift + 0.25) * height, (upper + (shift + 0.75) * height)[::-1]])


def row_of(mesh: np.ndarray, share: float) -> float:
    """A row between the upper edges of the brows (0) and the outer corners of the eyes (1)."""
    brows = mesh[[105, 334], 1].mean()
    return float(brows + share * (mesh[[33, 263], 1].mean() - brows))


def above(row: float) -> np.ndarray:
    """(4, 2) outline of all above a row."""
    return np.array([(0, 0), (1000, 0), (1000, row), (0, row)], np.float32)


@pytest.fixture(scope="module")
def mesh(photo: FacePicture) -> np.ndarray:
    return features_of(photo).mesh


@pytest.fixture(scope="module")
def fringed(photo: FacePicture, mesh: np.ndarray) -> FacePicture:
    return covering(photo, (above(row_of(mesh, 0.75)), DARK))


@pytest.fixture(scope="module")
def masked(photo: FacePicture, mesh: np.ndarray) -> FacePicture:
    return covering(photo, (mesh[MASK], (150, 190, 225)))


def centre(ink: np.ndarray, mesh: np.ndarray, number: int) -> float:
    """The middle row of the ink of one brow."""
    side = ink.copy()
    nose = int(mesh[168, 0])
    side[:, nose:] *= number
    side[:, :nose] *= 1 - number
    return float((side.sum(axis=1) * (np.arange(len(side)) + 0.5)).sum() / side.sum())


def test_a_brow_lies_on_a_dark_bar_and_is_thinner_where_there_is_none(
    photo: FacePicture, mesh: np.ndarray
) -> None:
    inks = [
        brow_ink(sheet_of(covering(photo, (brow_bar(mesh, 0, shift), DARK)))) for shift in (-0.35, 0.0, 0.35)
    ]
    height = np.linalg.norm(mesh[52] - mesh[105])
    places = [centre(ink, mesh, 0) for ink in inks]
    assert places[1] - places[0] > 0.15 * height and places[2] - places[1] > 0.15 * height
    nose = int(mesh[168, 0])
    for ink in inks:
        assert ink[:, :nose].sum() > 1.4 * ink[:, nose:].sum() > 0
        assert ink[:, :nose].max() > ink[:, nose:].max() + 0.1
    assert centre(inks[0], mesh, 1) == pytest.approx(centre(inks[2], mesh, 1), abs=1e-3)


def test_covered_brows_are_not_drawn(photo: FacePicture, fringed: FacePicture, mesh: np.ndarray) -> None:
    assert not brow_ink(sheet_of(fringed)).any()
    glasses = [
        (
            mesh[list(rows)].mean(axis=0)
            + 0.24 * 60 * np.array([(-1, -1), (1, -1), (1, 0.8), (-1, 0.8)])
            - [0, 1],
            (16, 16, 20),
        )
        for rows in ((33, 133, 105), (362, 263, 334))
    ]
    assert not brow_ink(sheet_of(covering(photo, *glasses, hidden=["dark_eyes"]))).any()
    lock = above(row_of(mesh, 0.75)) * [mesh[168, 0] / 1000, 1]  # over one of them
    one = covering(photo, (lock, DARK))
    assert [brow_is_seen(sheet_of(one), number) for number in (0, 1)] == [False, True]


@pytest.mark.parametrize("what", ["shade", "half", "dark", "short", "grey"])
def test_brows_in_the_shade_are_drawn(what: str, photo: FacePicture, mesh: np.ndarray) -> None:
    nose, below = float(mesh[168, 0]), float(mesh[[23, 253], 1].max()) + 8
    face = {
        "shade": lambda: covering(photo, (above(below), 0.5)),
        "half": lambda: covering(photo, ([(0, 0), (nose, 0), (nose, 1000), (0, 1000)], 0.3)),
        "dark": lambda: covering(photo, (above(1000), 0.3)),
        "short": lambda: covering(photo, (above(row_of(mesh, -0.6)), DARK)),  # a fringe
        "grey": lambda: replace(
            photo,
            textures={**photo.textures, PICTURE: photo.textures[PICTURE][..., [1, 1, 1, 3]]},
        ),
    }[what]()
    sheet = sheet_of(face)
    assert brow_is_seen(sheet, 0) and brow_is_seen(sheet, 1)


def test_skin_around_the_eyes_ends_below_a_fringe(
    photo: FacePicture, fringed: FacePicture, mesh: np.ndarray
) -> None:
    x, y = mesh[[66, 159, 50, 0]].astype(int).T  # a brow, the lid below it, a cheek, the lips
    whole, below = (around_eyes(sheet_of(face))[y, x] for face in (photo, fringed))
    assert whole[0] > 0.3 and whole[1] > 0.9 and not whole[2:].any()
    assert below[0] < 0.5 * whole[0] and below[1] > 0.9


def test_lips_are_told_from_skin_even_when_they_have_its_colour(photo: FacePicture, mesh: np.ndarray) -> None:
    sheet = sheet_of(photo)
    upper, lower = lip_areas(sheet)
    (above_x, above_y), (x, y), (cheek_x, cheek_y) = (
        np.round(mesh[list(rows)].mean(axis=0)).astype(int) for rows in ((0, 13), (14, 17), (50, 50))
    )
    assert upper[above_y, above_x] > 0.8 > 0.2 > lower[above_y, above_x]
    assert lower[y, x] > 0.8 > 0.2 > upper[y, x]
    assert not upper[cheek_y, cheek_x] and not lower[cheek_y, cheek_x]
    rim = np.concatenate([features_of(photo).upper_lip[0], features_of(photo).lower_lip[0][::-1]])
    face = drawn_as(
        covering(photo, ((rim - rim.mean(axis=0)) * 1.2 + rim.mean(axis=0), SKIN)), look_called("cartoon")
    )
    lip, skin = (
        face.textures[PICTURE][one[1], one[0], :3].astype(int) for one in ((x, y), (cheek_x, cheek_y))
    )
    assert luminance(skin) - luminance(lip) > 15
    assert lip[0] - lip[1] > skin[0] - skin[1] + 10  # redder


@pytest.mark.parametrize(
    ("what", "drawn"), [("moustache", True), ("stubble", False), ("folds", False), ("half", False)]
)
def test_a_moustache_is_hair_and_shades_are_none(
    what: str, drawn: bool, photo: FacePicture, mesh: np.ndarray
) -> None:
    places = pixel_centres(0, 0, *photo.size)
    where = inside(mesh[[98, 2, 327, 426, 410, 287, 57, 186, 206]], places)
    times = {"moustache": 0.5, "stubble": 0.86, "folds": 0.5, "half": 0.5}[what]
    if what == "folds":
        away = [np.abs(np.linalg.norm(places - mesh[number], axis=-1)) for number in (216, 436)]
        where = np.minimum(*away) < 0.03 * photo.eye_distance
    if what == "half":
        where = places[..., 0] > mesh[1, 0]
    pixels = photo.textures[PICTURE].copy()
    pixels[where, :3] = (times * pixels[where, :3]).astype(np.uint8)
    sheet = sheet_of(replace(photo, textures={**photo.textures, PICTURE: pixels}))
    ink = moustache(sheet)
    if not drawn:
        assert not ink.any()
        return
    lips = np.maximum(*lip_areas(sheet)) > 0.5
    assert ink[where & ~lips].mean() > 0.6 and ink[~where].mean() < 0.01
    for look in (LineDrawing(), cartoon.Cartoon()):
        assert luminance(look.picture(sheet))[ink > 0.9].max() < 110


def test_hair_that_is_just_none_has_no_colour(photo: FacePicture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of no pixels no redness is asked for: it would be no number, and so would be the ink."""
    half = lambda values, low, high: np.where(np.asarray(values) < 0, 0, 0.5).astype(np.float32)  # noqa: E731
    monkeypatch.setattr(moustaches, "between", half)
    monkeypatch.setattr(moustaches, "outlined", lambda sheet, *_: np.ones(sheet.size[::-1], np.float32))
    monkeypatch.setattr(moustaches, "lip_areas", lambda sheet: ())
    assert not moustache(sheet_of(photo)).any()


def test_the_light_on_a_face_upside_down_is_that_of_its_own_sides(
    photo: FacePicture, mesh: np.ndarray
) -> None:
    """Lit from one side, with hair that is darker than the skin beside it but not than the skin of the other side."""
    places = pixel_centres(0, 0, *photo.size)
    where = inside(mesh[[98, 2, 327, 426, 410, 287, 57, 186, 206]], places)
    light = np.interp(places[..., 0], (60, 140), (0.45, 1.0))
    pixels = photo.textures[PICTURE].copy()
    pixels[..., :3] = pixels[..., :3] * (light * np.where(where, 0.5, 1.0))[..., None]
    upright = sheet_of(replace(photo, textures={**photo.textures, PICTURE: pixels}))
    features = replace(upright.features, mesh=np.asarray(photo.size) - upright.features.mesh)
    hanging = replace(
        upright,
        features=features,
        **{name: getattr(upright, name)[::-1, ::-1] for name in ("colours", "person", "grey", "outline")},
    )
    ink = moustache(upright)
    assert ink[where].mean() > 0.6
    np.testing.assert_allclose(moustache(hanging)[::-1, ::-1], ink, atol=0.1)


def test_a_covered_mouth_has_no_lips_and_the_mask_an_edge(masked: FacePicture, mesh: np.ndarray) -> None:
    """Whether the source says so or, as of a face picture made earlier, does not."""
    mouth = mesh[[0, 17, 13, 14, 61, 291, 2]].astype(int)
    told = covering(masked, hidden=["mouth"])
    for face in (masked, told):
        sheet: Sheet = sheet_of(face)
        assert not lip_areas(sheet)[0].any() and not lip_areas(sheet)[1].any()
        assert np.abs(sheet.features.skin - SKIN).max() < 12
    ink = luminance(drawn_as(told, look_called("drawing")).textures[PICTURE])
    assert ink[mouth[:, 1], mouth[:, 0]].min() > 225
    x, y = ((mesh[234] + mesh[4]) / 2).astype(int)  # on the mask's upper edge
    assert ink[y - 3 : y + 4, x].min() < 140
    drawn = drawn_as(masked, look_called("cartoon"))
    colours = drawn.textures[PICTURE][..., :3].astype(int)
    seen = colours[mouth[:, 1], mouth[:, 0]]
    assert np.ptp(seen, axis=0).max() < 25 and (seen[:, 2] > seen[:, 0] + 20).all()  # as blue as the mask
    of_eyes = {f"{part}_{side}" for part in ("eye", "lashes") for side in ("left", "right")}
    for name in drawn.textures.keys() - of_eyes - {PICTURE}:  # pulled apart, it shows nothing else
        assert np.abs(drawn.textures[name][..., :3] - np.median(seen, axis=0)).max() < 25, name
    plain = covering(masked, **{HIDDEN: []})
    assert lip_areas(sheet_of(plain))[1].any()  # who says that nothing is covered is believed


def many_colours(width: int, height: int) -> np.ndarray:
    """(height, width, 3) float32 with as many colours as pixels, of hues that thirteen are near to."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    third = 127 + 120 * np.sin(x / 17 + y / 29)
    wide = np.stack([255 * x / width, 255 * y / height, third], axis=-1)
    return (90 + 0.3 * wide).astype(np.float32)


def shares(colours: np.ndarray) -> np.ndarray:
    """How much of the pixels each colour has, most first."""
    counts = np.unique(np.round(colours).reshape(-1, 3), axis=0, return_counts=True)[1]
    return np.sort(counts)[::-1] / counts.sum()


def test_what_is_no_skin_has_thirteen_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    colours = many_colours(120, 90)
    assert shares(colours)[:13].sum() < 0.02
    few = cartoon._in_few_colours(colours, np.ones((90, 120), bool))
    assert shares(few)[:13].sum() > 0.6 and shares(few)[13:].max() < 0.02  # the rest is between two of them
    assert 1 < np.abs(few - colours).mean() < 12
    for pixels in (1, 1000, 119 * 90):
        monkeypatch.setattr(cartoon, "_AT_ONCE", pixels)
        assert np.array_equal(cartoon._in_few_colours(colours, np.ones((90, 120), bool)), few)
    nowhere = np.zeros((90, 120), bool)
    assert np.array_equal(cartoon._in_few_colours(colours, nowhere), colours)
