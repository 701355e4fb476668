"""Mouths of every form that is drawn open: at rest nothing but the picture is seen, and nothing of it stays as they talk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from face_points import face_points, noise_picture

from inference.face.face_picture import SHAPE_NAMES, FacePicture
from inference.pictures.build import build_drawing, build_photo
from inference.pictures.draw import draw, rest_weights
from inference.pictures.filling import grown, inside, pixel_centres
from inference.pictures.indices import INNER_LIPS, LIP_RINGS, LOWER_INNER, UPPER_INNER
from inference.pictures.mouth import OWN_MOUTH, held_by_lips

STILL = np.zeros(3, np.float32)


def scaled(wide: float, tall: float, tilt: float = 0.0, aside: float = 0.0) -> np.ndarray:
    """(478, 3) a face whose open mouth is so many times as wide and as tall, tilted by degrees, and moved aside by pixels."""
    points = face_points(90.0, (160, 150), weights={"jawOpen": 0.7})
    lips = np.unique(LIP_RINGS)
    middle = points[INNER_LIPS, :2].mean(axis=0)
    cos, sin = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    turn = np.array([(cos, sin), (-sin, cos)])
    points[lips, :2] = (points[lips, :2] - middle) * [wide, tall] @ turn + middle + [aside, 0]
    return points


def round_with_corners(degrees: float) -> np.ndarray:
    """(478, 3) a face with an oval mouth whose corners lie so many degrees below the middle of its sides."""
    points = face_points(90.0, (160, 150), weights={"jawOpen": 0.7})
    middle = points[INNER_LIPS, :2].mean(axis=0)
    for row, ends in (
        (UPPER_INNER, (180 + degrees, -degrees)),
        (LOWER_INNER, (180 + degrees, 360 - degrees)),
    ):
        angle = np.radians(np.linspace(*ends, 11))
        points[row, :2] = middle + 18 * np.stack([np.cos(angle), -1.3 * np.sin(angle)], axis=-1)
    return points


def v_shaped() -> np.ndarray:
    points = scaled(1, 0.6)
    aside = np.abs(points[LOWER_INNER, 0] - points[LOWER_INNER, 0].mean())
    points[LOWER_INNER, 1] += 12 - 0.8 * aside
    return points


def wavy() -> np.ndarray:
    points = scaled(1, 0.75, 10)
    for row in (UPPER_INNER, LOWER_INNER):
        points[row[1:-1], 1] += 4 * np.sin(2.2 * np.arange(9))
    return points


MOUTHS: dict[str, Callable[[], np.ndarray]] = {
    "tall O": lambda: scaled(0.4, 1.25),
    "tilted tall O": lambda: scaled(0.6, 1.25, 40),
    "tall O to the other side": lambda: scaled(0.6, 0.75, -40, -12),
    "O with low corners": lambda: round_with_corners(50),
    "O with high corners": lambda: round_with_corners(-50),
    "ring": lambda: round_with_corners(0),
    "dot": lambda: scaled(0.15, 0.3),
    "wide open": lambda: scaled(1.1, 1),
    "off-centre": lambda: scaled(0.6, 1, 0, 14),
    "V": v_shaped,
    "wavy": wavy,
}
Builder = Callable[..., FacePicture]


@pytest.mark.parametrize("name", MOUTHS)
def test_at_rest_it_is_the_picture(name: str) -> None:
    picture = noise_picture(320, 400)
    face = build_drawing(picture, MOUTHS[name](), {})
    assert (draw(face, rest_weights(), STILL) == picture).all()


@pytest.mark.parametrize(
    ("name", "build"), [("tilted tall O", build_photo), ("O with low corners", build_photo)]
)
def test_a_photo_with_such_a_mouth_is_the_photo_at_rest(name: str, build: Builder) -> None:
    picture = noise_picture(320, 400)
    assert (draw(build(picture, MOUTHS[name](), {}), rest_weights(), STILL) == picture).all()


@pytest.mark.parametrize("name", ["tilted tall O", "O with low corners"])
def test_nothing_of_the_drawn_mouth_is_seen_once_the_lips_meet_and_part(name: str) -> None:
    points, picture = MOUTHS[name](), noise_picture(320, 400)
    hollow = inside(points[INNER_LIPS, :2], pixel_centres(0, 0, 320, 400))
    picture[grown(hollow, 2), :3] = (90, 20, 30)  # no teeth, which would stay
    face = build_drawing(picture, points, {})
    own = next(layer for layer in face.layers if layer.name == OWN_MOUTH)
    held = held_by_lips(own)
    assert held is not None and held.sum(axis=1) == pytest.approx(1)
    marked = np.full_like(face.textures[OWN_MOUTH], 255)
    marked[..., [0, 2]] = 0
    green = replace(face, textures={**face.textures, OWN_MOUTH: marked})
    for opened in (0.0, 0.4, 0.8):
        weights = np.zeros(len(SHAPE_NAMES), np.float32)
        weights[SHAPE_NAMES.index("jawOpen")] = opened
        assert not (draw(green, weights, STILL)[..., :3] == [0, 255, 0]).all(axis=-1).any()
