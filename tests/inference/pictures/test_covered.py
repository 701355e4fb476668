"""Sunglasses, a mask and shut eyes on a painted face are noticed, and nothing is where there is nothing."""

from __future__ import annotations

from dataclasses import replace

import drawn_faces
import numpy as np
import pytest
from mask_points import MASK

from inference.detection import Face, find_faces
from inference.face.face_picture import SHAPE_NAMES
from inference.pictures import make
from inference.pictures.covered import HIDDEN, Hidden, hidden, hidden_in
from inference.pictures.draw import draw, posed, rest_weights
from inference.pictures.filling import inside, pixel_centres
from inference.pictures.indices import LIP_RINGS, LOWER_INNER, LOWER_LIDS, OUTER_LIPS, UPPER_INNER, UPPER_LIDS
from inference.pictures.make import Wanted, make_faces, seen_faces

SKINS = {"pale": 1.0, "dark": 0.45}


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    (face,) = find_faces(drawn_faces.face(400))
    return face.points


def painted(what: str, points: np.ndarray, bright: float = 1.0) -> np.ndarray:
    picture = drawn_faces.face(400).astype(np.float64) * bright
    middles = points[[468, 473], :2] / 400
    if what == "glasses":
        for middle in middles:
            drawn_faces.disc(picture, tuple(middle), (0.065, 0.05), (14, 14, 18))
    if what == "mask":
        covered = inside(points[MASK, :2].astype(np.float64), pixel_centres(0, 0, 400, 400))
        picture[covered] = np.array([150, 190, 225]) * (0.5 + 0.5 * bright)
    opaque = np.full((400, 400, 1), 255, np.uint8)
    return np.concatenate([drawn_faces.grainy(picture, 2), opaque], axis=-1)


def with_shut_eyes(points: np.ndarray) -> np.ndarray:
    shut = points.copy()
    for upper, lower in zip(UPPER_LIDS, LOWER_LIDS):
        shut[upper[1:-1]] = shut[lower[1:-1]] - [0, 0.5, 0]
    return shut


@pytest.mark.parametrize("bright", SKINS.values(), ids=SKINS)
@pytest.mark.parametrize("what", ["nothing", "glasses", "mask"])
def test_what_is_covered(what: str, bright: float, points: np.ndarray) -> None:
    seen = hidden(painted(what, points, bright), points)
    assert seen == Hidden(what == "glasses", False, what == "mask")
    assert len(seen.sentences("she.png")) == (what != "nothing")


THINGS = {
    "a microphone": ((0.0, 0.2), (0.2, 0.2), (38, 36, 35)),
    "a cup": ((0.0, 0.3), (0.36, 0.34), (228, 226, 222)),
    "a spoon of food": ((0.05, 0.1), (0.16, 0.16), (70, 150, 60)),
}
"""Name → its middle from that of the lips, across and down, half its size, shares of the eyes' distance, and its colour."""


@pytest.mark.parametrize("bright", SKINS.values(), ids=SKINS)
@pytest.mark.parametrize("what", THINGS)
def test_a_thing_that_is_held_before_the_lips_is_told(what: str, bright: float, points: np.ndarray) -> None:
    picture = painted("nothing", points, bright)
    off, half, colour = (np.array(one) for one in THINGS[what])
    unit = np.linalg.norm((points[263] - points[33])[:2])
    away = (pixel_centres(0, 0, 400, 400) - points[[13, 14], :2].mean(axis=0)) / unit - off
    picture[(np.abs(away / half) ** 4).sum(axis=-1) < 1, :3] = np.rint(colour * (0.5 + 0.5 * bright))
    seen = hidden(picture, points)
    assert seen == Hidden(False, False, False, lip=True)
    (told,) = seen.sentences("she.png")
    assert "she.png" in told and "before the lips" in told
    given = [float(value) for value in points[:468, :2].ravel()]
    for wanted, said in ((Wanted("she.png", kind="photo"), 1), (Wanted("she.png", given, kind="photo"), 0)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(make, "_faces_in", lambda *_: [Face(points, 0.95)])
            (face,) = make_faces(picture, wanted, {}, lambda *_: None).faces
        assert sum("before the lips" in warning for warning in face.source["warnings"]) == said


NOT_BEFORE = (
    "beard",
    "shade",
    "lipstick",
    "moustache",
    "stubble in a dark copy",
    "lamp above in a dark copy",
)


@pytest.mark.parametrize("name", NOT_BEFORE)
def test_hair_shade_and_red_lips_are_nothing_before_them(name: str, points: np.ndarray) -> None:
    flat, unit = points[:, :2], np.linalg.norm((points[263] - points[33])[:2])
    lips = np.concatenate([flat[LIP_RINGS[0]], flat[LIP_RINGS[4]][::-1]])
    upper = np.concatenate([flat[LIP_RINGS[0]] - [0, 0.16 * unit], flat[UPPER_INNER][::-1]])
    places = pixel_centres(0, 0, 400, 400)
    low = places[..., 1] > flat[LIP_RINGS[0], 1].min() - 0.12 * unit
    picture = painted("nothing", points)
    if name == "beard":
        picture[low & ~inside(lips, places), :3] = (58, 44, 36)
    elif name == "shade":  # as much darker as a lamp above makes it
        picture[low, :3] = np.rint(picture[low, :3] * 0.8)
    elif name == "lipstick":
        picture[inside(lips, places), :3] = (150, 15, 35)
    elif name == "moustache":  # that hangs over the upper lip
        picture[inside(upper, places), :3] = (35, 28, 25)
    elif name == "stubble in a dark copy":
        picture[low & ~inside(lips, places), :3] //= 2
    else:
        picture[low, :3] = np.rint(picture[low, :3] * 0.5)
    if "copy" in name:
        grey = picture[..., :3].mean(axis=-1, keepdims=True)
        picture[..., :3] = (3 * grey - 372).clip(0, 255)
    assert not hidden(picture, points).lip


@pytest.mark.parametrize("bright", [1.0, 0.3])
@pytest.mark.parametrize("name", ["a dark copy", "a lamp above"])
def test_a_mouth_in_the_dark_is_behind_no_mask(name: str, bright: float, points: np.ndarray) -> None:
    """Lips that are hardly lighter or redder than what is around them are seen all the same."""
    picture = painted("nothing", points, bright)
    low = pixel_centres(0, 0, 400, 400)[..., 1] > points[2, 1] - 6
    covered = inside(points[MASK, :2].astype(np.float64), pixel_centres(0, 0, 400, 400)) & low
    lips = inside(points[OUTER_LIPS, :2].astype(np.float64), pixel_centres(0, 0, 400, 400))
    if name == "a dark copy":
        picture[covered, :3], picture[lips, :3] = 1, 12
    else:
        picture[covered, :3] = np.rint(np.array([127, 111, 99]) * bright)
        picture[lips, :3] = np.rint(np.array([136, 110, 99]) * bright)
    assert not hidden(picture, points).mouth


def test_shut_eyes(points: np.ndarray) -> None:
    assert hidden(painted("nothing", points), with_shut_eyes(points)) == Hidden(False, True, False)
    one = points.copy()
    one[UPPER_LIDS[0][1:-1]] = one[LOWER_LIDS[0][1:-1]]  # winks
    assert not hidden(painted("nothing", points), one).eyes


def test_eyes_that_are_not_seen_stay_still(points: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = painted("glasses", points)
    monkeypatch.setattr(make, "find_faces", lambda picture, **_: [Face(points, 0.9)])
    made = make_faces(picture, Wanted("cool.jpg", kind="photo"), {}, lambda *_: None)
    (face,) = made.faces
    assert any("sunglasses" in sentence for sentence in face.warnings)
    assert face.source[HIDDEN] == ["dark_eyes"]
    weights = rest_weights()
    assert (draw(face, weights, np.zeros(3)) == picture).all()
    for name in ("eyeBlinkLeft", "eyeBlinkRight", "eyeLookOutLeft", "eyeWideRight"):
        weights[SHAPE_NAMES.index(name)] = 1
    assert (draw(face, weights, np.zeros(3)) == picture).all()


def test_a_socket_that_looks_much_like_a_face_is_none() -> None:
    picture = drawn_faces.surprised_socket(200)
    assert max(face.confidence for face in find_faces(picture)) > 0.7  # at first sight it is likely
    assert not seen_faces(picture)


def test_a_doubtful_find_beside_a_certain_one_has_to_be_found_again(
    points: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = np.concatenate([drawn_faces.face(400), drawn_faces.wall_socket(400)], axis=1)
    beside = points + np.array([400, 0, 0], np.float32)
    monkeypatch.setattr(make, "find_faces", lambda picture, **_: [Face(points, 0.9), Face(beside, 0.6)])
    (face,) = seen_faces(picture)
    assert face.confidence == 0.9
    again = np.concatenate([drawn_faces.face(400)] * 2, axis=1)
    assert len(seen_faces(again)) == 2


def test_a_masked_mouth_goes_with_the_jaw_in_one_piece(
    points: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is torn: where the mask was, the mask is seen, whatever the shapes do; and the chin moves."""
    picture = painted("mask", points)
    parted = points.copy()
    parted[LOWER_INNER[1:-1], 1] += 6  # what a network makes of a mask
    monkeypatch.setattr(make, "find_faces", lambda picture, **_: [Face(parted, 0.95)])
    (face,) = make_faces(picture, Wanted("nurse.png", kind="photo"), {}, lambda *_: None).faces
    assert any("only the jaw moves" in sentence for sentence in face.warnings)
    assert face.source[HIDDEN] == ["mouth"] and hidden_in(face, parted).mouth
    for told, wanted in ({}, True), ({HIDDEN: "of a later time"}, True), ({HIDDEN: []}, False):
        assert hidden_in(replace(face, source=told), parted[:468, :2]).mouth is wanted
    assert (draw(face, rest_weights(), np.zeros(3)) == picture).all()
    relief = next(layer for layer in face.layers if layer.name == "relief")
    lips = parted[LIP_RINGS.ravel(), :2]
    left, top = lips.min(axis=0).astype(int)
    right, bottom = lips.max(axis=0).astype(int)
    mask = picture[top:bottom, left:right, :3].astype(float).reshape(-1, 3).mean(axis=0)
    for look in (
        {"jawOpen": 1.0},
        {"jawOpen": 0.5, "mouthFunnel": 1.0},
        {"mouthSmileLeft": 1.0, "jawLeft": 0.7},
    ):
        weights = np.zeros(len(SHAPE_NAMES), np.float32)
        for name, value in look.items():
            weights[SHAPE_NAMES.index(name)] = value
        seen = draw(face, weights, np.zeros(3))[top:bottom, left:right, :3].astype(float)
        assert np.abs(seen - mask).max() < 45, look
        moved = posed(face, relief, weights, np.zeros(3)) - relief.at_rest
        assert np.abs(moved[152]).max() > 1
