"""All the faces of a group are seen, each once, and a portrait is not searched for more."""

from __future__ import annotations

from pathlib import Path

import drawn_faces
import numpy as np
import pytest

from inference.detection import Face, faces, find_faces
from inference.detection.pictures import reduced
from inference.pictures import make
from inference.pictures.make import seen_faces

PORTRAITS = Path(__file__).parents[3] / "demo" / "pictures"
NOSE = 4


@pytest.fixture(scope="module")
def portraits() -> list[np.ndarray]:
    images = pytest.importorskip("PIL.Image")
    made = []
    for name in ("astronaut", "admiral"):
        with images.open(PORTRAITS / f"{name}.jpg") as opened:
            made.append(np.asarray(opened.convert("RGB")))
    return made


def _square(portrait: np.ndarray, size: int) -> np.ndarray:
    images = pytest.importorskip("PIL.Image")
    height, width = portrait.shape[:2]
    side = min(height, width)
    left = (width - side) // 2
    return np.asarray(images.fromarray(portrait[:side, left : left + side]).resize((size, size)))


def _tiled(portraits: list[np.ndarray], rows: int, columns: int, size: int) -> np.ndarray:
    tiles = [_square(portrait, size) for portrait in portraits]
    lines = [
        np.concatenate([tiles[(row + column) % len(tiles)] for column in range(columns)], 1)
        for row in range(rows)
    ]
    return np.concatenate(lines, 0)


def _landscape(height: int, width: int) -> np.ndarray:
    """Sky over a meadow."""
    down = np.linspace(0, 1, height)[:, None, None]
    grain = np.random.RandomState(1).normal(0, 6, (height, width, 1))
    colours = np.array([120, 160, 220]) * (1 - down) + np.array([70, 110, 50]) * down + grain
    return np.clip(colours, 0, 255).astype(np.uint8)


def _opaque(colours: np.ndarray) -> np.ndarray:
    return np.dstack([colours, np.full(colours.shape[:2], 255, np.uint8)])


@pytest.mark.parametrize(("rows", "columns", "size"), [(2, 4, 192), (3, 5, 160), (1, 12, 100)], ids=str)
def test_each_tile_has_its_face(portraits: list[np.ndarray], rows: int, columns: int, size: int) -> None:
    picture = np.pad(_tiled(portraits, rows, columns, size), ((8, 8), (0, 0), (0, 0)))
    many = find_faces(picture, most=99)
    noses = [face.points[NOSE, :2] - (0, 8) for face in many]
    tiles = sorted((int(y // size), int(x // size)) for x, y in noses)
    assert tiles == [(row, column) for row in range(rows) for column in range(columns)]


def test_a_small_face_in_a_wide_landscape(portraits: list[np.ndarray]) -> None:
    picture = _landscape(1400, 2048)
    picture[900:1050, 1500:1650] = _square(portraits[0], 150)
    (face,) = find_faces(picture)
    assert 1540 < face.points[NOSE, 0] < 1610 and 920 < face.points[NOSE, 1] < 1000


def test_a_large_face_and_a_small_one(portraits: list[np.ndarray]) -> None:
    picture = _landscape(900, 1400)
    picture[50:850, 50:850] = _square(portraits[0], 800)
    picture[600:720, 1200:1320] = _square(portraits[1], 120)
    large, small = seen_faces(_opaque(picture))
    assert large.points[NOSE, 0] < 850 and small.points[NOSE, 0] > 1200


def test_what_is_no_face_is_not_taken_for_a_second_one() -> None:
    """Where the parts are searched for more."""
    picture = np.full((480, 800, 3), 120, np.uint8)
    picture[30:170, 60:200] = drawn_faces.face(140)
    for thing, (x, y) in zip(drawn_faces.NO_FACES, ((300, 20), (560, 20), (60, 240), (300, 240), (560, 240))):
        picture[y : y + 200, x : x + 200] = thing(200)
    (face,) = seen_faces(_opaque(picture))
    assert 60 < face.points[NOSE, 0] < 200 and 30 < face.points[NOSE, 1] < 170


@pytest.mark.parametrize("which", [0, 1])
def test_a_portrait_is_looked_at_as_a_whole_alone(
    portraits: list[np.ndarray], which: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    detect, looks, closer = faces.detect, [], []
    examined = faces._examined
    monkeypatch.setattr(faces, "detect", lambda *given, **named: looks.append(1) or detect(*given, **named))
    monkeypatch.setattr(faces, "_examined", lambda *given: closer.append(1) or examined(*given))
    assert len(find_faces(portraits[which])) == 1
    assert len(looks) == 2 and len(closer) == 1  # by both detectors, which saw the same


def test_points_that_went_astray_are_no_second_face() -> None:
    grid = np.random.RandomState(2).rand(478, 3).astype(np.float32)
    grid[:2, :2] = (0, 0), (1, 1)
    face, inside = Face(grid * 100, 0.9), Face(grid * 50 + np.float32(20), 0.7)
    beside = Face(grid * 100 + np.float32(50), 0.7)
    assert faces.known(inside, [face]) and faces.known(face, [beside, inside])
    assert not faces.known(beside, [face]) and not faces.known(face, [])


def test_the_parts_of_a_huge_picture_are_those_of_its_smaller_copy(portraits: list[np.ndarray]) -> None:
    picture = _tiled(portraits, 2, 4, 192)
    large = np.repeat(np.repeat(picture, 6, axis=0), 6, axis=1)
    assert reduced(large)[1] > 1 and len(find_faces(large)) == 8


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_group_that_does_not_stand_upright(portraits: list[np.ndarray], quarters: int) -> None:
    upright = _tiled(portraits, 1, 6, 110)
    many = find_faces(np.rot90(upright, quarters).copy(), most=99)
    assert len(many) == 6


def test_a_face_in_the_dark_beside_one_in_the_light(
    portraits: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    dark = (_square(portraits[0], 220) * 0.3).astype(np.uint8)
    looked_at: list[float] = []

    def searched(picture: np.ndarray, *_: object) -> list[Face]:
        looked_at.append(float(picture.max()))
        points = np.random.RandomState(len(looked_at)).rand(478, 3).astype(np.float32)
        return [Face(points * 40 + (100 * (len(looked_at) - 1), 0, 0), 0.9)]

    monkeypatch.setattr(faces, "_searched", searched)
    assert len(find_faces(dark)) == 2 and looked_at[1] > 2 * looked_at[0]


@pytest.mark.parametrize("size", [360, 560])
def test_a_face_on_clothes_comes_after_the_wearers_unless_it_fills_the_picture(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = _landscape(700, 600)
    picture[700 - size :, 20 : 20 + size] = (240, 200, 170)
    picture[760 - size : 790 - size, 100:200] = (20, 20, 20)
    picture[20:170, 400:550] += np.random.RandomState(3).randint(0, 60, (150, 150, 3)).astype(np.uint8)
    spread = np.random.RandomState(5).rand(478, 3).astype(np.float32)
    printed = Face(spread * (size, size, 1) + (20, 700 - size, 0), 0.95)
    person = Face(spread * (150, 150, 1) + (400, 20, 0), 0.95)
    monkeypatch.setattr(make, "find_faces", lambda picture, **_: [printed, person])
    first, _ = seen_faces(_opaque(picture))
    assert (first.points[0, 0] > 400) == (size == 360)
