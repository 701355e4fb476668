"""The file between whoever finds a face in a picture and whoever draws it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.face.animation import FaceAnimation
from inference.face.errors import EngineError
from inference.face.face_picture import FORMAT_VERSION, PICTURED, SHAPE_NAMES, FacePicture
from tests.helpers.made_face_picture import HEIGHT, WIDTH, made_face_picture


def test_what_is_saved_is_read(tmp_path: Path):
    made = made_face_picture(pictured=4)
    made.save(tmp_path / "face.npz")
    read = FacePicture.load(tmp_path / "face.npz")
    assert read.size == (WIDTH, HEIGHT)
    assert [layer.name for layer in read.layers] == ["mouth", "relief"]
    assert read.source == made.source and read.kind == "photo" and read.eye_distance == 48
    for layer, other in zip(read.layers, made.layers):
        for part in ("points", "uv", "triangles", "shapes", "head"):
            assert np.array_equal(getattr(layer, part), getattr(other, part)), part
    for name, texture in made.textures.items():
        assert np.array_equal(read.textures[name], texture)


def test_the_same_face_has_the_same_bytes(tmp_path: Path):
    for name in ("a.npz", "b.npz"):
        made_face_picture().save(tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_at_rest_the_lips_are_as_the_picture_shows_them():
    relief = made_face_picture(pictured=4).layers[1]
    moved = relief.at_rest - relief.points
    assert np.isclose(moved[:, 1].max(), 4, atol=0.01)
    assert np.array_equal(made_face_picture().layers[1].at_rest, relief.points)
    assert SHAPE_NAMES[-1] == PICTURED


@pytest.mark.parametrize("cut", [0, 1, 100, 0.5, 0.99])
def test_a_damaged_file_is_told(tmp_path: Path, cut: float):
    path = tmp_path / "face.npz"
    made_face_picture().save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(cut * len(whole)) if cut < 1 else int(cut)])
    with pytest.raises(EngineError, match=r"face\.npz is not a talking picture or is damaged"):
        FacePicture.load(path)


def test_other_files_are_told(tmp_path: Path):
    with pytest.raises(EngineError, match="does not exist"):
        FacePicture.load(tmp_path / "none.npz")
    np.savez(tmp_path / "newer.npz", version=np.int64(FORMAT_VERSION + 1))
    with pytest.raises(EngineError, match="newer version"):
        FacePicture.load(tmp_path / "newer.npz")
    made_face_picture().save(tmp_path / "face.npz")
    with pytest.raises(EngineError, match="not a talking animation"):
        FaceAnimation.load(tmp_path / "face.npz")


def test_what_does_not_fit_is_refused():
    made = made_face_picture()
    relief = made.layers[1]
    with pytest.raises(ValueError, match="shapes of layer relief"):
        replace(relief, shapes=relief.shapes[:52])
    with pytest.raises(ValueError, match="vertices that are not there"):
        replace(relief, triangles=relief.triangles + 1000)
    with pytest.raises(ValueError, match="textures lack mouth"):
        replace(made, textures={"picture": made.textures["picture"]})
    with pytest.raises(ValueError, match="one name"):
        replace(made, layers=[relief, relief])
    with pytest.raises(ValueError, match="kind"):
        replace(made, kind="statue")
