"""The same face in every odd kind of picture is seen at the same place, and where there is none one sentence says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import drawn_faces
import numpy as np
import pytest

from inference.detection.faces import quarters_astray
from inference.errors import EngineError
from inference.pictures.image_files import read_picture
from inference.pictures.make import Wanted, make_faces, seen_faces

SIZE = 240
NOSE = 4


def _cmyk(face: Any, path: Path) -> None:
    face.convert("CMYK").save(path, format="JPEG", quality=95)


def _deep_grey(face: Any, path: Path) -> None:
    images = pytest.importorskip("PIL.Image")
    images.fromarray(np.asarray(face.convert("L")).astype(np.uint16) * 257).save(path, format="PNG")


def _clear_palette(face: Any, path: Path) -> None:
    face.convert("P").save(path, format="PNG", transparency=0)


def _moving(kind: str) -> Callable[[Any, Path], None]:
    def save(face: Any, path: Path) -> None:
        other = face.point(lambda value: 255 - value)
        face.save(path, format=kind, save_all=True, append_images=[other], duration=100)

    return save


ODD: dict[str, Callable[[Any, Path], None]] = {
    "cmyk.jpg": _cmyk,
    "deep grey.png": _deep_grey,
    "clear palette.png": _clear_palette,
    "moving.gif": _moving("GIF"),
    "moving.webp": _moving("WEBP"),
    "moving.png": _moving("PNG"),
}


@pytest.fixture(scope="module")
def upright() -> np.ndarray:
    return drawn_faces.grainy(drawn_faces.face(SIZE).astype(np.float64), 2)


@pytest.fixture(scope="module")
def place(upright: np.ndarray) -> np.ndarray:
    (face,) = seen_faces(_opaque(upright))
    return face.points[NOSE, :2]


def _opaque(colours: np.ndarray) -> np.ndarray:
    return np.dstack([colours, np.full(colours.shape[:2], 255, np.uint8)])


@pytest.mark.parametrize("name", ODD)
def test_the_face_of_an_odd_file_is_seen(
    name: str, upright: np.ndarray, place: np.ndarray, tmp_path: Path
) -> None:
    images = pytest.importorskip("PIL.Image")
    ODD[name](images.fromarray(upright), tmp_path / name)
    (face,) = seen_faces(read_picture(tmp_path / name))
    assert np.linalg.norm(face.points[NOSE, :2] - place) < 0.03 * SIZE


def test_a_face_upside_down_is_seen_as_it_lies(upright: np.ndarray, place: np.ndarray) -> None:
    (face,) = seen_faces(_opaque(upright[::-1, ::-1].copy()))
    assert np.linalg.norm(SIZE - face.points[NOSE, :2] - place) < 0.03 * SIZE
    assert face.points[152, 1] < face.points[10, 1]  # the chin is above the brow


def test_points_that_take_a_face_for_upright_are_astray(upright: np.ndarray) -> None:
    (face,) = seen_faces(_opaque(upright))
    (left, top), (right, bottom) = face.points[:, :2].min(axis=0), face.points[:, :2].max(axis=0)
    there = face.points + np.array([SIZE - left - right, SIZE - top - bottom, 0])
    assert quarters_astray(upright, face.points) == 0
    assert quarters_astray(upright[::-1, ::-1].copy(), there) == 2


@pytest.mark.parametrize("what", ["blank", "sixteen pixels", "half a face", "lines"])
def test_no_face_is_one_sentence(what: str, upright: np.ndarray) -> None:
    picture = {
        "blank": np.full((200, 300, 3), 255, np.uint8),
        "sixteen pixels": upright[:: SIZE // 16, :: SIZE // 16][:16, :16],
        "half a face": upright[:, : round(0.45 * SIZE)],
        "lines": np.repeat((np.arange(200) % 9 < 2)[:, None, None] * np.uint8(255), 200, 1).repeat(3, 2),
    }[what]
    with pytest.raises(EngineError) as told:
        make_faces(_opaque(picture), Wanted("Bild ö.png"), {}, lambda *_: None)
    assert told.value.code in ("no_face", "face_cut_off")
    assert "Bild ö.png" in told.value.message and told.value.message.count(".") == 2
