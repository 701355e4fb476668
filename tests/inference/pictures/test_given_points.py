"""Four clicks, 68 landmarks or a mesh put the same face in the same place."""

from __future__ import annotations

import json

import numpy as np
import pytest
from face_points import face_points

from inference.detection.mesh_points import MESH_TO_IBUG
from inference.errors import EngineError
from inference.pictures.given_points import mesh_of, read_points
from inference.pictures.indices import IRISES, LOWER_INNER, UPPER_INNER
from inference.pictures.refine import areas
from inference.pictures.template import load_template

SIZE = (400, 500)
MOUTH = [UPPER_INNER[0], UPPER_INNER[-1]]


def clicks_of(points: np.ndarray) -> np.ndarray:
    return np.concatenate([points[[IRISES[0][0], IRISES[1][0]], :2], points[MOUTH, :2]])


@pytest.mark.parametrize("roll", [0.0, 0.4, -1.2, 0.5 * np.pi, np.pi, -0.5 * np.pi, 2.5])
def test_every_way_gives_the_same_face(roll):
    points = face_points(110, (200, 180), rotation=(0, 0, roll))
    for given in (clicks_of(points), points[MESH_TO_IBUG, :2], points[:468, :2], points[:, :2]):
        mesh = mesh_of(tuple(given.ravel()), SIZE)
        assert mesh.shape == (478, 3)
        middles = [IRISES[0][0], IRISES[1][0]]
        assert np.abs(mesh - points)[:468].max() < 0.1 and np.abs(mesh - points)[middles, :2].max() < 0.2


def test_the_order_of_clicks_within_a_pair_does_not_matter():
    for roll in (0.0, 1.6, np.pi):
        clicks = clicks_of(face_points(110, (200, 180), rotation=(0, 0, roll)))
        mesh = mesh_of(tuple(clicks.ravel()), SIZE)
        for order in ([1, 0, 2, 3], [0, 1, 3, 2], [1, 0, 3, 2]):
            assert (mesh_of(tuple(clicks[order].ravel()), SIZE) == mesh).all()


def test_a_wide_slanted_mouth_below_close_eyes():
    clicks = np.array([[170, 150], [215, 155], [120, 250], [275, 270]], float)
    mesh = mesh_of(tuple(clicks.ravel()), SIZE)
    assert np.abs(mesh[MOUTH, :2] - clicks[2:]).max() < 4
    assert np.abs(mesh[[IRISES[0][0], IRISES[1][0]], :2] - clicks[:2]).max() < 4
    assert (areas(mesh[:468, :2], load_template().triangles) < 0).mean() > 0.94
    assert (mesh[LOWER_INNER[1:-1], 1] >= mesh[UPPER_INNER[1:-1], 1] - 1).all()


@pytest.mark.parametrize(
    "numbers",
    [
        (1.0, 2.0),
        (1.0,) * 9,
        (5.0,) * 8,
        (100.0, 100, 101, 101, 90, 160, 150, 160),  # both eyes in one place
        (100.0, 100, 200, 100, 120, 102, 180, 98),  # the mouth between them
        (float("nan"),) * 8,
        tuple(range(-1000, -992)),
        tuple(range(9000, 9008)),
    ],
)
def test_what_cannot_be_a_face_is_refused(numbers):
    with pytest.raises(EngineError, match="mouth") as refused:
        mesh_of(numbers, SIZE)
    assert refused.value.code == "bad_points"


def test_points_files(tmp_path):
    path = tmp_path / "points.json"
    for content in ([[1, 2], [3, 4.5]], {"points": [[1, 2, 9], [3, 4.5, 0]]}):
        path.write_text(json.dumps(content))
        assert read_points(path) == (1.0, 2.0, 3.0, 4.5)
    for text in ("", "{}", "[1, 2]", '[["a", 1]]', "[[1]]", "null"):
        path.write_text(text)
        with pytest.raises(EngineError, match="holds no points") as refused:
            read_points(path)
        assert refused.value.code == "bad_points"
    with pytest.raises(EngineError, match="gone"):
        read_points(tmp_path / "gone.json")
