"""The line of lashes of eyes that shut: a whole line in small pictures too, and nothing of it is seen while they are open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from face_points import face_points

from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.pictures.build import build_photo
from inference.pictures.draw import draw, posed, rest_weights
from inference.pictures.filling import inside, pixel_centres
from inference.pictures.indices import LOWER_LIDS, UPPER_LIDS
from inference.pictures.own_shapes import relief_of

STILL = np.zeros(3, np.float32)
SKIN, LASHES = (200, 160, 140), (50, 30, 25)


@pytest.fixture(scope="module")
def face() -> FacePicture:
    """A small face with one row of dark pixels along its upper lids, eyes of one colour and a pale rim below them."""
    points = face_points(44.0, (100, 92))
    picture = np.empty((220, 200, 4), np.uint8)
    picture[...] = (*SKIN, 255)
    for upper, lower in zip(UPPER_LIDS, LOWER_LIDS):
        eye = np.concatenate([points[upper], points[lower][-2:0:-1]])[:, :2]
        picture[inside(eye + [0, 1], pixel_centres(0, 0, 200, 220)), :3] = 250
        picture[inside(eye, pixel_centres(0, 0, 200, 220)), :3] = (120, 150, 140)
        for x in range(int(eye[:, 0].min()), int(eye[:, 0].max()) + 1):
            picture[int(np.interp(x + 0.5, points[upper, 0], points[upper, 1])), x, :3] = LASHES
    return build_photo(picture, points, {})


def shut() -> np.ndarray:
    weights = rest_weights()
    for side in ("Left", "Right"):
        weights[SHAPE_NAMES.index(f"eyeBlink{side}")] = 1
    return weights


def line_of(face: FacePicture, eye: int) -> np.ndarray:
    """Brightness of the darkest pixel near the shut lid's edge in each column of the eye's middle."""
    drawn = draw(face, shut(), STILL)[..., :3] @ [0.299, 0.587, 0.114]
    edge = posed(face, relief_of(face), shut(), STILL)[UPPER_LIDS[eye]]
    columns = np.arange(int(edge[2, 0]), int(edge[6, 0]))
    rows = np.interp(columns + 0.5, edge[:, 0], edge[:, 1]).astype(int)
    return np.array([drawn[row - 2 : row + 3, column].min() for row, column in zip(rows, columns)])


def test_a_shut_eye_has_a_whole_line_also_where_lashes_are_a_pixel_thin(face: FacePicture) -> None:
    skin, lashes = (float(np.dot(colour, [0.299, 0.587, 0.114])) for colour in (SKIN, LASHES))
    bare = replace(face, layers=[layer for layer in face.layers if not layer.name.startswith("lashes")])
    for eye in range(2):
        line = line_of(face, eye)
        assert line.max() < skin - 0.25 * (skin - lashes)
        jumps = np.abs(np.diff(line_of(bare, eye))).max()  # dots
        assert np.abs(np.diff(line)).max() < 0.5 * jumps


def test_open_eyes_show_nothing_of_it(face: FacePicture) -> None:
    strips = [layer for layer in face.layers if layer.name.startswith("lashes")]
    assert len(strips) == 2
    assert (draw(face, rest_weights(), STILL) == face.textures["picture"]).all()
    for strip in strips:
        grid = strip.points.reshape(-1, 17, 3)
        moved = strip.shapes.astype(np.float32).reshape(len(SHAPE_NAMES), -1, 17, 3)
        assert (grid == grid[:1]).all()
        high = np.ptp(moved[..., 1], axis=1).max(axis=1)
        assert high.argmax() == SHAPE_NAMES.index(f"eyeBlink{strip.name.split('_')[1].title()}")
        assert np.count_nonzero(high) == 1


def test_it_ends_in_the_colours_around_it(face: FacePicture) -> None:
    """Nothing half transparent: its upper edge is the lid's skin, its lower one what lies under the eye."""
    texture = face.textures["lashes_left"]
    assert (texture[..., 3] == 255).all()
    for row in (0, -1):
        assert np.abs(texture[row, 12:-12, :3].astype(int) - SKIN).mean() < 30
