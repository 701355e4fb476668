"""Landmarks of one picture: the worker's `landmarks`."""

from __future__ import annotations

from pathlib import Path

import drawn_faces
import numpy as np
import pytest

from inference.capture import finders
from inference.commands import landmarks
from inference.errors import EngineError
from inference.face.messages import LandmarksRequest


def find(picture: Path) -> None:
    output = picture.with_name("landmarks.npz")
    landmarks.answer(LandmarksRequest(str(picture), str(output)), lambda fraction, stage: None)


def test_a_picture_without_a_face_is_told(tmp_path: Path) -> None:
    path = tmp_path / "front.npz"
    np.savez(path, picture=np.full((256, 256, 3), 90, np.uint8))
    with pytest.raises(EngineError, match="No face was seen"):
        find(path)
    assert not (tmp_path / "landmarks.npz").exists()


def test_a_face_is_found_by_the_engine_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finders, "find_spec", lambda name: None)
    path = tmp_path / "front.npz"
    np.savez(path, picture=drawn_faces.face(400))
    find(path)
    with np.load(tmp_path / "landmarks.npz", allow_pickle=False) as data:
        points = data["landmarks"]
    assert points.shape == (68, 3)
    eyes = points[[36, 45]].mean(axis=0)
    np.testing.assert_allclose(eyes[:2], (0, 32), atol=8)  # pixels from the middle, y up


@pytest.mark.parametrize("damage", ["missing", "text", "shape"])
def test_a_damaged_picture_is_told(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "front.npz"
    if damage == "text":
        path.write_text("no arrays")
    elif damage == "shape":
        np.savez(path, picture=np.zeros((5, 5), np.uint8))
    with pytest.raises(EngineError, match=r"^The picture of the character's .* cannot be read:"):
        find(path)


def test_of_several_views_each_tells_whether_it_shows_a_face(tmp_path: Path) -> None:
    face = drawn_faces.face(288)
    views = np.stack([np.full_like(face, 90), face, face[::-1]])
    np.savez(tmp_path / "views.npz", picture=views)
    find(tmp_path / "views.npz")
    with np.load(tmp_path / "landmarks.npz", allow_pickle=False) as data:
        points, sure = data["landmarks"], data["confidence"]
    assert points.shape == (3, 68, 3) and sure[0] == 0 and sure[1] > 0.5
    assert np.isnan(points[0]).all() and np.isfinite(points[1]).all()
    assert np.argmax(sure) == 1
