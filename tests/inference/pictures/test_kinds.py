"""Photos are told from drawings in the dark, in grey, and with little contrast."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from drawn_face import drawn_face

from inference.pictures.colours import is_drawing, is_drawn
from inference.pictures.filling import blurred
from inference.pictures.given_points import mesh_of
from inference.pictures.image_files import read_picture
from inference.pictures.indices import FACE_OVAL

SIZE = 480
OUTLINE = np.array([(40.0, 40.0), (200.0, 200.0)])
PICTURES = Path(__file__).resolve().parents[3] / "demo" / "pictures"
FACES = {"astronaut": [(139.0, 68.0), (231.0, 178.0)], "admiral": [(165.0, 132.0), (357.0, 335.0)]}


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
    "toned": lambda picture: grey(picture) * [1.05, 0.9, 0.7],
    "overexposed": lambda picture: (30 + 1.5 * picture).clip(0, 255),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_photo_is_one_in_any_light(change: str) -> None:
    assert not is_drawn(CHANGES[change](shaded()).clip(0, 255).astype(np.uint8), OUTLINE)


@pytest.mark.parametrize("change", CHANGES)
def test_a_drawing_is_one_in_any_light(change: str) -> None:
    picture = drawn_face(240)[0][..., :3].astype(float)
    assert is_drawing(CHANGES[change](picture).clip(0, 255).astype(np.uint8), OUTLINE)


def blocks(picture: np.ndarray, cut_off: int) -> np.ndarray:
    """What a JPEG of the lowest quality keeps: little but the means of its blocks, rounded; some of its border was cut off."""
    parts = picture.reshape(30, 8, 30, 8, 3)
    means = np.round(parts.mean(axis=(1, 3), keepdims=True) / 12) * 12
    kept = np.where(np.abs(parts - means) > 50, parts, means).reshape(240, 240, 3)
    return kept.clip(0, 255).astype(np.uint8)[cut_off:, cut_off:]


@pytest.mark.parametrize("cut_off", [0, 3])
def test_a_photo_of_which_a_jpeg_kept_little_is_one(cut_off: int) -> None:
    assert not is_drawn(blocks(shaded(), cut_off), OUTLINE - cut_off)


def test_a_drawing_of_which_a_jpeg_kept_little_is_one_and_so_is_one_in_large_square_pixels() -> None:
    assert is_drawing(blocks(drawn_face(240)[0][..., :3].astype(float), 0), OUTLINE)
    small = drawn_face(100)[0][..., :3]
    for pixels in (4, 8, 16):
        assert is_drawing(small.repeat(pixels, 0).repeat(pixels, 1), OUTLINE / 240 * 100 * pixels)


def grain(size: int, scale: int, seed: int) -> np.ndarray:
    """(size, size, 1) noise of squares of so many pixels, a standard deviation of 1."""
    count = size // scale + 1
    noise = np.random.RandomState(seed).normal(0, 1, (count, count, 1))
    return noise.repeat(scale, 0).repeat(scale, 1)[:size, :size]


def crayon(picture: np.ndarray) -> np.ndarray:
    """Wax that leaves the paper's hollows white."""
    return np.where(grain(SIZE, 2, 1) > 0.8, 0.3 * picture + 175, picture + 5 * grain(SIZE, 1, 2))


def pencils(picture: np.ndarray) -> np.ndarray:
    """Strokes side by side."""
    y, x = np.mgrid[:SIZE, :SIZE]
    share = 0.45 * (0.5 + 0.5 * np.sin((x - y) / 2.2))[..., None]
    return (1 - share) * picture + share * 245 + 5 * grain(SIZE, 1, 3)


def neon(picture: np.ndarray) -> np.ndarray:
    """Its lines in glowing tubes before a dark wall, photographed."""
    dark = 1.0 * (picture.mean(axis=-1) < 70)
    light = (3 * blurred(dark[..., None], 9) + 6 * blurred(dark[..., None], 2)).clip(0, 1)
    return light * [255, 90, 200] + (1 - light) * [14, 10, 28] + 3 * grain(SIZE, 1, 6)


def tiles(picture: np.ndarray) -> np.ndarray:
    """A mosaic: square tiles, each of one colour and a little off it, with joints between them."""
    side = 10
    means = picture.reshape(SIZE // side, side, SIZE // side, side, 3).mean(axis=(1, 3))
    laid = (means + 9 * grain(SIZE // side, 1, 5)).repeat(side, 0).repeat(side, 1)
    joint = np.arange(SIZE) % side == 0
    laid[joint] = laid[:, joint] = 90
    return laid


@pytest.mark.parametrize(
    "medium", [crayon, pencils, neon, tiles, lambda picture: picture + 12 * grain(SIZE, 1, 4)]
)
def test_a_drawing_with_a_texture_is_drawn(medium: Callable[[np.ndarray], np.ndarray]) -> None:
    drawn, clicks = drawn_face(SIZE)
    picture = medium(drawn[..., :3].astype(float)).clip(0, 255).astype(np.uint8)
    outline = mesh_of(clicks, (SIZE, SIZE))[FACE_OVAL, :2]
    assert is_drawn(picture, outline) and not is_drawing(picture, outline)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", ["astronaut", "admiral"])
def test_a_photo_of_a_person_is_none_in_any_light(name: str, change: str) -> None:
    pytest.importorskip("PIL")
    picture = read_picture(PICTURES / f"{name}.jpg")[..., :3].astype(float)
    changed = CHANGES[change](picture + 8 * grain(600, 1, 5)[: picture.shape[0], : picture.shape[1]])
    assert not is_drawn(changed.clip(0, 255).astype(np.uint8), np.array(FACES[name]))
