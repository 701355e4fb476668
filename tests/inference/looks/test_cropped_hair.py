"""Hair that is cropped, and heads that have none, in a drawn look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from face_points import face_points

from inference.face.face_picture import PICTURE, FacePicture
from inference.looks import drawing
from inference.looks.cartoon import flat_colours
from inference.looks.cropped_hair import cropped_hair
from inference.looks.drawing import hatching
from inference.looks.features import features_of
from inference.looks.sheet import sheet_of
from inference.pictures.build import build_photo
from inference.pictures.filling import blurred, inside, luminance, pixel_centres
from inference.pictures.indices import FACE_OVAL

SKIN = np.array([205, 160, 135], np.float32)


@pytest.fixture
def oval(photo: FacePicture) -> np.ndarray:
    """(H, W) what of the picture is face."""
    return inside(features_of(photo).mesh[FACE_OVAL], pixel_centres(0, 0, *photo.size))


def headed(photo: FacePicture, oval: np.ndarray, share: float, edge: float = 0.7) -> FacePicture:
    """The face on a head whose top is so bright beside the skin, its border blurred by so many pixels."""
    picture = photo.textures[PICTURE].copy()
    head = photo.matte > 127
    skin = np.where(oval, 1.0, share).astype(np.float32)[..., None] * SKIN
    part = head & ~oval
    picture[part, :3] = blurred(skin, edge)[part]
    picture[-12:, :, :3], picture[-24:-12, :, :3] = (
        20,
        245,
    )  # else it has so little contrast that it is given more
    return replace(photo, textures={**photo.textures, PICTURE: picture})


def on_top(photo: FacePicture, oval: np.ndarray) -> np.ndarray:
    """(H, W) well within the head, above the face."""
    rows = np.arange(photo.size[1])[:, None] < features_of(photo).mesh[10, 1]
    return np.asarray((blurred((photo.matte > 127).astype(np.float32), 2.0) > 0.9) & ~oval & rows)


def test_short_hair_lies_between_forehead_and_outline(photo: FacePicture, oval: np.ndarray) -> None:
    hair = cropped_hair(sheet_of(headed(photo, oval, 0.72)))
    assert hair.where[on_top(photo, oval)].mean() > 0.8
    assert hair.where[blurred(oval.astype(np.float32), 3.0) > 0.95].max() < 0.1
    assert 0.65 < hair.bright < 0.85
    assert hair.where[blurred(photo.matte / np.float32(255), 2.0) < 0.02].max() < 0.1


@pytest.mark.parametrize(
    ("share", "edge", "who"),
    [(1.0, 0.7, "bald"), (0.8, 14.0, "bald, darker towards the outline"), (0.3, 0.7, "dark hair or a hat")],
)
def test_what_is_no_cropped_hair(
    photo: FacePicture, oval: np.ndarray, share: float, edge: float, who: str
) -> None:
    assert not cropped_hair(sheet_of(headed(photo, oval, share, edge))).where.any(), who


def test_nothing_is_guessed_where_the_background_is_not_known(photo: FacePicture, oval: np.ndarray) -> None:
    face = replace(headed(photo, oval, 0.72), matte=np.zeros((0, 0), np.uint8))
    assert not cropped_hair(sheet_of(face)).where.any()


def test_it_is_hatched_and_has_a_colour_of_its_own(photo: FacePicture, oval: np.ndarray) -> None:
    cropped, bald = (sheet_of(headed(photo, oval, share)) for share in (0.72, 1.0))
    top = on_top(photo, oval)
    assert hatching(cropped)[top].mean() > hatching(bald)[top].mean() + 0.3
    bright = [luminance(flat_colours(sheet))[top].mean() for sheet in (cropped, bald)]
    assert bright[0] < 0.7 * bright[1]


def test_its_strokes_do_not_cross(
    photo: FacePicture, oval: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A net over the head is no hair: strokes of one direction, as wide as ever where there is none."""
    sheet, seen = sheet_of(headed(photo, oval, 0.72)), []

    def strokes(line: np.ndarray, apart: float, tone: np.ndarray, begin: float, full: float) -> np.ndarray:
        seen.append(drawing_strokes(line, apart, tone, begin, full))
        return seen[-1]

    drawing_strokes = drawing._strokes
    monkeypatch.setattr(drawing, "_strokes", strokes)
    hatching(sheet)
    first, crossed = (one[on_top(photo, oval)].mean() for one in seen)
    assert first > 0.3 and crossed < 0.02


@pytest.mark.parametrize("above", [15, 25])
def test_hair_that_the_picture_cuts_off_is_not_known_to_be_cropped(
    above: int, paint: Callable[[np.ndarray], np.ndarray]
) -> None:
    """Tall light hair, of which so many pixels above the forehead are in the picture."""
    points = face_points(60.0, (100, 115))
    outline = points[FACE_OVAL, :2]
    places = pixel_centres(0, 0, 200, 240)
    face, middle = inside(outline, places), outline.mean(axis=0)
    head = inside((outline - middle) * 2.0 + middle, places)
    picture = paint(points)
    picture[head & ~face, :3] = 0.72 * SKIN
    picture[-12:, :, :3], picture[-24:-12, :, :3] = 20, 245
    first = int(outline[:, 1].min()) - above
    moved = points - np.array([0, first, 0])
    matte = np.ascontiguousarray(np.where(head, 255, 0).astype(np.uint8)[first:])
    cut_off = build_photo(np.ascontiguousarray(picture[first:]), moved, {PICTURE: "photo.png"}, matte)
    assert not cropped_hair(sheet_of(cut_off)).where.any()
