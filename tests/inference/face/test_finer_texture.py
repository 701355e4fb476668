"""The finer texture: a picture's own pixels are in it, what lies between them is as sharp, and hard edges get no rim."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from face_points import face_points, noise_picture

from inference.face.face_picture import PICTURE, SHAPE_NAMES, FacePicture
from inference.face.finer_texture import TIMES, finer, finer_part
from inference.pictures.build import build_photo
from inference.pictures.draw import draw, rest_weights
from inference.pictures.filling import pixel_centres, sample
from inference.pictures.own_shapes import relief_of
from inference.training.evaluation import picture_bars


@pytest.fixture(scope="module")
def face() -> FacePicture:
    return build_photo(noise_picture(200, 250), face_points(50.0, (100, 100)), {})


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 2), (40, 31)])
def test_the_middles_are_the_pictures_own_pixels(shape):
    pixels = np.random.default_rng(3).integers(0, 256, (*shape, 4), dtype=np.uint8)
    fine = finer(pixels)
    assert fine.shape == (shape[0] * TIMES, shape[1] * TIMES, 4)
    assert (fine[TIMES // 2 :: TIMES, TIMES // 2 :: TIMES] == pixels).all()


def test_grain_half_a_pixel_aside_is_kept():
    grain = np.random.default_rng(5).normal(128, 20, (90, 70, 1)).clip(0, 255).astype(np.uint8)
    places = pixel_centres(10, 10, 50, 70) + np.float32([0.5, 0.5])
    kept = np.std(sample(finer(grain), places * TIMES)) / np.std(grain)
    assert 0.8 < kept < 1.08
    assert np.std(sample(grain, places)) / np.std(grain) < 0.6


def test_hard_edges_get_no_rim():
    pixels = np.full((24, 24, 4), (200, 160, 90, 255), np.uint8)
    pixels[:, 11:13] = (20, 20, 20, 255)
    fine = finer(pixels)
    assert fine[..., :3].max(axis=(0, 1)).tolist() == [200, 160, 90] and fine[..., :3].min() == 20
    assert (fine[..., 3] == 255).all()


def test_a_moving_face_stays_as_sharp_as_its_picture(face):
    assert (
        picture_bars.sharpness(face) > 0.88
    )  # white noise, whose finest detail nothing can place between pixels
    assert (draw(face, rest_weights(), np.zeros(3)) == face.textures[PICTURE]).all()


def test_what_cannot_be_finer_is_drawn_as_it_is(face, monkeypatch):
    relief = relief_of(face)
    weights = rest_weights()
    weights[SHAPE_NAMES.index("jawOpen")] = 0.5
    clear = face.textures[PICTURE].copy()
    clear[100, 100, 3] = 7
    see_through = replace(face, textures={**face.textures, PICTURE: clear})
    still = replace(relief, shapes=np.zeros_like(relief.shapes), head=np.zeros_like(relief.head))
    assert finer_part(see_through) is None
    assert finer_part(replace(face, layers=[still])) is None
    others = [layer for layer in face.layers if layer is not relief]
    assert finer_part(replace(face, layers=others)) is None
    assert draw(see_through, weights, np.zeros(3)).shape == (250, 200, 4)
    monkeypatch.setattr("inference.face.finer_texture.MOST_PIXELS", 1000)
    assert finer_part(face) is None
