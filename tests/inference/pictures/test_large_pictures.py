"""A large picture is made smaller once, however often it is looked at."""

from __future__ import annotations

import numpy as np
import pytest

from inference.detection import Face, matte
from inference.detection import pictures as kinds
from inference.pictures import make


@pytest.mark.parametrize(("confidence", "agreed"), [(0.95, 0.0), (0.5, 0.9)])
def test_it_is_made_smaller_once(confidence: float, agreed: float, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at, blocks = [], []

    def found(picture: np.ndarray, *_: object, **__: object) -> list[Face]:
        looked_at.append(picture.shape)
        points = np.random.RandomState(2).rand(478, 3).astype(np.float32) * 100
        return [Face(points, 0.95), Face(points * 0.5, confidence)]

    def agreement(picture: np.ndarray, points: np.ndarray) -> float:
        looked_at.append(picture.shape)
        return agreed

    def reduced(picture: np.ndarray) -> tuple[np.ndarray, int]:
        blocks.append(picture.shape)
        return kinds.reduced(picture)

    monkeypatch.setattr(make, "find_faces", found)
    monkeypatch.setattr(make, "agreement", agreement)
    monkeypatch.setattr(make, "reduced", reduced)
    faces = make.seen_faces(np.full((2100, 1300, 4), 200, np.uint8))
    assert len(faces) == 2 and faces[0].confidence == 0.95
    assert 150 < faces[0].points.max() <= 200  # back in the picture's own pixels
    assert blocks == [(2100, 1300, 3)] and set(looked_at) == {(1050, 650, 3)}


def test_a_matte_is_the_same_from_what_was_made_smaller_before() -> None:
    picture = np.random.RandomState(4).randint(0, 256, (31, 2300, 4)).astype(np.uint8)
    smaller, _ = kinds.reduced(kinds.as_colours(picture))
    own = matte(picture)
    assert own.shape == (31, 2300) and np.array_equal(own, matte(picture, smaller))
