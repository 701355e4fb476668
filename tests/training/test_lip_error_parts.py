"""An error that was made on purpose is gone where that very thing is put right, and stays where another is."""

from __future__ import annotations

import numpy as np
import pytest
from face_points import face_points, noise_picture

from inference.pictures.build import build_photo
from inference.pictures.filling import pixel_centres
from inference.training.evaluation.lip_error_parts import parts_lines, parts_of
from inference.training.evaluation.picture_films import FilmedFace, lips_of

cv2 = pytest.importorskip("cv2", reason="opencv blurs, and finds what moved")

UNIT = 70.0
POINTS = face_points(UNIT, (75, 80), weights={"jawOpen": 0.5})
OPENING, COLOUR, BRIGHTNESS, PLACES = (
    "all between the lips",
    "the mean colour between the lips",
    "brightness and contrast",
    "places",
)


@pytest.fixture(scope="module")
def film() -> FilmedFace:
    """A still film of an open mouth; no value is so dark or bright that an error is cut off."""
    noise = np.random.RandomState(1).normal(0, 1, (202, 152, 3))
    pictures = [cv2.GaussianBlur(noise, (0, 0), 2.5) * 150 + 128] * 7
    still = [picture.clip(60, 190).astype(np.uint8) for picture in pictures]
    return FilmedFace(
        build_photo(noise_picture(152, 202), face_points(UNIT, (75, 80)), {}), still, np.stack([POINTS] * 7)
    )


def left(film: FilmedFace, drawn: np.ndarray) -> dict[str, float]:
    """What was put right → the share of the error that is left."""
    parts = parts_of(film, [drawn] * len(film.pictures))
    error, _ = parts.left["nothing"]
    return {name: value / error for name, (value, _) in parts.left.items()}


def test_a_mouth_of_another_colour(film: FilmedFace) -> None:
    lips, opening = lips_of(POINTS, pixel_centres(0, 0, 152, 202), UNIT)
    drawn = film.pictures[0].copy()
    drawn[opening] += 20
    shares = left(film, drawn)
    assert shares[OPENING] == 0 and shares[COLOUR] < 1e-6
    assert shares["all of lips and skin"] == pytest.approx(1) and shares[BRIGHTNESS] > 0.3
    parts = parts_of(film, [drawn] * 7)
    assert parts.error == 1 and parts.area == pytest.approx((opening & lips).sum() / lips.sum())
    assert parts.left[OPENING][1] == 1 < parts.left["nothing"][1]


def test_another_light_and_another_place(film: FilmedFace) -> None:
    darker = np.rint(film.pictures[0] * 0.8 + 5).astype(np.uint8)
    shares = left(film, darker)
    assert shares[BRIGHTNESS] < 0.01 < shares[OPENING] < 0.99
    moved = np.roll(film.pictures[0], 2, axis=1)
    shares = left(film, moved)
    assert shares[PLACES] < 0.3 and shares[BRIGHTNESS] > 0.5
    rough = film.pictures[0].astype(int) + np.random.RandomState(2).randint(-9, 10, (202, 152, 1))
    coarse = next(name for name in shares if name.startswith("what 3"))
    assert left(film, rough.astype(np.uint8))[coarse] > 0.8 > 0.6 > left(film, darker)[coarse]


def test_a_row_each_and_a_column_a_speaker(film: FilmedFace) -> None:
    parts = parts_of(film, [np.rint(film.pictures[0] * 0.9).astype(np.uint8)] * 7)
    lines = parts_lines({"s1": [parts], "s2": [parts, parts]})
    assert len(lines) == 3 + len(parts.left) and len({line.count("|") for line in lines}) == 1
    assert "| s1 | s2 |" in lines[0] and "+0.0 dB" in lines[2] and "% of the error" in lines[-1]
