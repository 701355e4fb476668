"""Glasses in a photo are seen where some are worn, and nothing bends their frame."""

from __future__ import annotations

import numpy as np
import pytest
from face_points import face_points

from inference.detection import Face
from inference.face.face_picture import PICTURED, SHAPE_NAMES
from inference.pictures import make
from inference.pictures.build import build_photo
from inference.pictures.glasses import frame_lines, freedom, glasses_of
from inference.pictures.indices import LOWER_INNER, LOWER_LIDS, UPPER_LIDS
from inference.pictures.own_shapes import relief_of

UNIT = 80.0
POINTS = face_points(UNIT, (130.0, 120.0))
EYES = [(POINTS[UPPER_LIDS[eye]] + POINTS[LOWER_LIDS[eye]])[:, :2].mean(axis=0) / 2 for eye in range(2)]


def skin(noise: float = 3.0) -> np.ndarray:
    random = np.random.default_rng(4)
    picture = np.full((300, 260, 4), (205, 160, 135, 255), np.float32)
    picture[..., :3] += random.normal(0, noise, (300, 260, 1)) + np.linspace(-25, 25, 260)[:, None]
    return np.round(picture.clip(0, 255)).astype(np.uint8)


def worn(colour: tuple[int, int, int], radius: float = 22.0, width: float = 2.0) -> np.ndarray:
    picture = skin()
    y, x = np.mgrid[:300, :260] + 0.5
    frame = np.zeros((300, 260), bool)
    for eye in EYES:
        frame |= np.abs(np.hypot((x - eye[0]) / 1.15, (y - eye[1]) / 0.85) - radius) < width
    low, high = sorted(eye[0] for eye in EYES)
    frame |= (np.abs(y - EYES[0][1] + 4) < width) & (x > low + 1.1 * radius) & (x < high - 1.1 * radius)
    picture[frame, :3] = colour
    return picture


@pytest.mark.parametrize("colour", [(30, 25, 20), (110, 70, 40), (255, 250, 235)])
def test_a_frame_is_seen_where_it_is(colour):
    lines = glasses_of(worn(colour), POINTS, UNIT)
    assert len(lines) == 5
    for rim in lines[:2]:
        eye = min(EYES, key=lambda eye: abs(eye[0] - rim[:, 0].mean()))
        radii = np.hypot((rim[:, 0] - eye[0]) / 1.15, (rim[:, 1] - eye[1]) / 0.85)
        assert np.median(np.abs(radii - 22)) < 2


def test_a_bare_face_wears_none():
    assert glasses_of(skin(), POINTS, UNIT) == []
    assert glasses_of(np.full((300, 260, 4), 255, np.uint8), POINTS, UNIT) == []
    assert glasses_of(np.zeros((300, 260, 4), np.uint8), POINTS, UNIT) == []
    assert len(frame_lines(skin(), POINTS, UNIT)) == 5


@pytest.mark.parametrize(("asked", "worn_there"), [("auto", False), ("yes", True), ("no", False)])
def test_what_is_asked_for_counts_more_than_what_is_seen(asked, worn_there, monkeypatch):
    """Rims without a bridge, pale ones, lenses alone: a person sees them."""
    monkeypatch.setattr(make, "find_faces", lambda picture, **_: [Face(POINTS, 0.95)])
    monkeypatch.setattr(make, "matte", lambda picture, *_: np.ones(picture.shape[:2], np.float32))
    wanted = make.Wanted("she.png", kind="photo", glasses=asked)
    (face,) = make.make_faces(skin(), wanted, {}, lambda *_: None).faces
    assert face.source["glasses"] == worn_there
    (face,) = make.make_faces(worn((30, 25, 20)), wanted, {}, lambda *_: None).faces
    assert face.source["glasses"] == (asked != "no")


def test_nothing_bends_the_frame_and_lids_and_lips_move():
    picture = worn((30, 25, 20))
    lines = glasses_of(picture, POINTS, UNIT)
    relief = relief_of(build_photo(picture, POINTS, {}, glasses=lines))
    bare = relief_of(build_photo(picture, POINTS, {}))
    lids = np.concatenate([UPPER_LIDS, LOWER_LIDS]).ravel()
    on_frame = np.setdiff1d(np.flatnonzero(freedom(relief.uv, lines, UNIT) == 0), lids)
    names = [number for number, name in enumerate(SHAPE_NAMES) if name != PICTURED]
    bent = [
        np.abs(layer.shapes[names][:, on_frame].astype(np.float32)).max(axis=2) for layer in (relief, bare)
    ]
    assert np.quantile(bent[0], 0.98) < 0.001 * UNIT
    assert bent[0].max() < 0.03 * UNIT  # where a fold was undone
    assert np.quantile(bent[1], 0.99) > 0.03 * UNIT and bent[1].max() > 0.06 * UNIT
    blink = relief.shapes[SHAPE_NAMES.index("eyeBlinkLeft")].astype(np.float32)
    assert np.abs(blink[lids, 1]).max() > 0.02 * UNIT
    jaw = SHAPE_NAMES.index("jawOpen")
    assert np.allclose(relief.shapes[jaw, LOWER_INNER], bare.shapes[jaw, LOWER_INNER], atol=0.5)
