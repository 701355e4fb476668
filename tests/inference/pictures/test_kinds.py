"""Photos are told from drawings in the dark, in grey, and with little contrast."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_face import drawn_face

from inference.pictures.colours import is_drawing

OUTLINE = np.array([(40.0, 40.0), (200.0, 200.0)])


def shaded() -> np.ndarray:
    """(240, 240, 3) as smooth as a small film's picture of a face: skin in changing light, an eye, a mouth, a sensor's noise."""
    y, x = np.mgrid[0:240, 0:240] / 240
    light = 0.55 + 0.35 * np.cos(2.6 * (x - 0.4)) * np.cos(2.2 * (y - 0.45))
    colours = 255 * light[..., None] * np.array([0.92, 0.7, 0.58])
    for middle in ((0.38, 0.42), (0.62, 0.42), (0.5, 0.68)):
        dark = np.exp(-(((x - middle[0]) / 0.07) ** 2 + ((y - middle[1]) / 0.035) ** 2))
        colours *= 1 - 0.7 * dark[..., None]
    noise = np.random.RandomState(3).normal(0, 2.2, (120, 120, 1)).repeat(2, 0).repeat(2, 1)
    return (colours + noise).clip(0, 255)


def grey(picture: np.ndarray) -> np.ndarray:
    return picture.mean(axis=-1, keepdims=True).repeat(3, axis=-1)


CHANGES = {
    "as it is": lambda picture: picture,
    "dark": lambda picture: 0.2 * picture,
    "grey": grey,
    "dark and grey": lambda picture: 0.3 * grey(picture),
    "faded": lambda picture: 0.25 * picture + 170,
    "bright": lambda picture: 60 + 0.75 * picture,
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_photo_is_one_in_any_light(change: str) -> None:
    assert not is_drawing(CHANGES[change](shaded()).astype(np.uint8), OUTLINE)


@pytest.mark.parametrize("change", CHANGES)
def test_a_drawing_is_one_in_any_light(change: str) -> None:
    picture = drawn_face(240)[0][..., :3].astype(float)
    assert is_drawing(CHANGES[change](picture).astype(np.uint8), OUTLINE)
