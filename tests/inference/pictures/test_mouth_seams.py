"""What is seen between the lips: dark and warm at its corners, edges as soft as the picture's, and nothing half transparent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from face_points import face_points, noise_picture

from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.pictures.build import build_photo
from inference.pictures.draw import draw, posed, rest_weights
from inference.pictures.filling import inside, pixel_centres
from inference.pictures.indices import INNER_LIPS, LOWER_INNER, UPPER_INNER
from inference.pictures.mouth import Light, hollow_of
from inference.pictures.own_shapes import relief_of
from inference.pictures.seams import SOFTNESS, numbers_of, sigma_of, soften

STILL = np.zeros(3, np.float32)
BRIGHTNESS = np.array([0.299, 0.587, 0.114])


@pytest.fixture(scope="module")
def face() -> FacePicture:
    return build_photo(noise_picture(200, 240), face_points(56.0, (100, 92)), {})


def test_only_edges_of_what_is_made_are_softened() -> None:
    colours = np.zeros((24, 40, 3), np.uint8)
    colours[:, 10:], colours[:, 25:] = 200, 90
    numbers = np.zeros((24, 40), int)
    numbers[:, 25:] = 4
    before = colours.copy()
    soften(colours, numbers, 1.0)
    assert (colours[:, :20] == before[:, :20]).all() and (colours[:, 31:] == before[:, 31:]).all()
    across = colours[12, 22:29, 0].astype(int)
    assert (np.diff(across) <= 0).all() and np.abs(np.diff(across)).max() < 0.6 * 110


def test_where_nothing_made_is_seen_nothing_changes(face: FacePicture) -> None:
    picture = noise_picture(30, 20)
    kept = picture.copy()
    soften(picture, np.zeros(picture.shape[:2], int), 3.0)
    assert (picture == kept).all()
    numbers = numbers_of(face, rest_weights())
    assert numbers["relief"] == 0 < numbers["tongue"]
    assert (draw(face, rest_weights(), STILL) == face.textures["picture"]).all()


def test_edges_that_were_the_pictures_own_are_softened_once_they_move() -> None:
    points = face_points(56.0, (100, 92))
    points[LOWER_INNER[1:-1], 1] += 6  # a smile that shows what is between the lips
    face = build_photo(noise_picture(200, 240), points, {})
    rest, talking, blinking = rest_weights(), np.zeros(len(SHAPE_NAMES), np.float32), rest_weights()
    blinking[SHAPE_NAMES.index("eyeBlinkLeft")] = 0.5
    own = [numbers_of(face, weights)["own_mouth"] for weights in (rest, talking, blinking)]
    assert own[0] == own[2] == 0 < own[1]
    numbers = numbers_of(face, blinking)
    assert numbers["eye_right"] == 0 < numbers["eye_left"] and numbers_of(face, rest)["eye_left"] == 0
    assert (draw(face, rest, STILL) == face.textures["picture"]).all()


def test_a_talking_mouth_has_no_holes(face: FacePicture) -> None:
    weights = np.zeros(len(SHAPE_NAMES), np.float32)
    weights[SHAPE_NAMES.index("jawOpen")] = 0.6
    for size in (None, (50, 60)):
        assert (draw(face, weights, STILL, size=size)[..., 3] == 255).all()


@pytest.mark.parametrize(
    ("told", "scale", "least", "most"),
    [(0.05, 1.0, 1.1, 1.7), (0.05, 0.25, 0.5, 0.51), (0.004, 1.0, 0.5, 0.51), (0.004, 3.0, 0.7, 0.8)],
)
def test_soft_and_large_pictures_have_soft_seams(
    face: FacePicture, told: float, scale: float, least: float, most: float
) -> None:
    assert least <= sigma_of(replace(face, source={SOFTNESS: told}), scale) <= most


@pytest.mark.parametrize("told", [None, "soft", float("nan"), float("inf"), -3.0, 1e9])
def test_a_softness_that_makes_no_sense_is_borne(face: FacePicture, told: object) -> None:
    assert 0.5 <= sigma_of(replace(face, source={SOFTNESS: told})) <= 4.0


def test_the_hollow_is_dark_and_warmer_than_the_lips_but_grey_in_grey_pictures() -> None:
    white = np.full(3, 200.0)
    pink = Light(np.array([170.0, 110, 105]), np.array([210.0, 170, 150]), np.array([190.0, 150, 130]), white)
    hollow = hollow_of(pink)
    assert hollow @ BRIGHTNESS == pytest.approx(0.55 * (pink.lips @ BRIGHTNESS), rel=0.02)
    assert hollow[0] / hollow[2] > 1.05 * pink.lips[0] / pink.lips[2]
    grey = hollow_of(Light(np.full(3, 90.0), np.full(3, 140.0), np.full(3, 120.0), white))
    assert np.ptp(grey) < 0.01 * grey.max()


def test_a_mouth_opens_as_wide_as_it_is_far_from_its_corners() -> None:
    """A mesh whose lips' places crowd in the corners parts there as little as any other does: no box."""
    wide, points = 56.0, face_points(56.0, (100, 92))
    crowded = points.copy()
    corner = points[LOWER_INNER[0], 0]
    for place in (1, 2):
        for row in (UPPER_INNER, LOWER_INNER):
            crowded[row[place], 0] = corner + 0.15 * (points[row[place], 0] - corner)
    gaps = []
    for given in (points, crowded):
        face = build_photo(noise_picture(200, 240), given, {})
        weights = np.zeros(len(SHAPE_NAMES), np.float32)
        weights[SHAPE_NAMES.index("jawOpen")] = 0.5
        moved = posed(face, relief_of(face), weights, STILL)
        gaps.append((moved[LOWER_INNER, 1] - moved[UPPER_INNER, 1]) / wide)
    assert gaps[1][1] < 0.6 * gaps[0][1] and gaps[1][5] == pytest.approx(gaps[0][5], abs=0.02)


def test_lower_teeth_have_the_colour_of_the_teeth_that_the_picture_shows() -> None:
    points = face_points(56.0, (100, 92), weights={"jawOpen": 0.35})
    mouth = inside(points[INNER_LIPS, :2], pixel_centres(0, 0, 200, 240))
    picture = noise_picture(200, 240)
    picture[mouth, :3] = (240, 232, 215)
    teeth = build_photo(picture, points, {}).textures["lower_teeth"]
    solid = teeth[teeth[..., 3] == 255][:, :3].astype(float)
    bright = solid[solid.sum(axis=1) > np.percentile(solid.sum(axis=1), 80)].mean(axis=0)
    assert bright / bright.max() == pytest.approx(np.array([240, 232, 215]) / 240, abs=0.06)
    assert bright @ BRIGHTNESS > 120


def test_an_open_mouth_shows_more_of_its_tongue_than_of_a_dark_hole(face: FacePicture) -> None:
    weights = np.zeros(len(SHAPE_NAMES), np.float32)
    weights[SHAPE_NAMES.index("jawOpen")] = 0.4
    seen = {}
    for name in ("mouth", "tongue"):
        marked = {**face.textures, name: face.textures[name].copy()}
        marked[name][..., :3] = (0, 255, 0)
        picture = draw(replace(face, textures=marked), weights, np.zeros(3)).astype(int)
        seen[name] = int((picture[..., 1] - picture[..., [0, 2]].max(axis=-1) > 150).sum())
    assert seen["tongue"] > seen["mouth"] > 0, seen
