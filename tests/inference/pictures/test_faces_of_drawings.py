"""Faces of flat drawings, which the networks see in a smooth copy, and things of which they see none."""

from __future__ import annotations

import drawn_face
import drawn_faces
import numpy as np
import pytest

from inference.detection import Face, find_faces
from inference.detection.pictures import as_colours
from inference.pictures import faces_of_drawings, make
from inference.pictures.faces_of_drawings import faces_of_drawing, has_mouth
from inference.pictures.filling import pixel_centres, sample
from inference.pictures.given_points import mesh_of
from inference.pictures.make import Wanted, make_faces, seen_faces


def _dots() -> tuple[np.ndarray, np.ndarray]:
    """A flat cartoon with dots for eyes on a ground of its own colour, and its points."""
    picture, points = drawn_face.drawn_face(320, whites=False)
    return picture, np.asarray(points, float).reshape(-1, 2)


def test_a_cartoon_is_seen_where_it_was_drawn() -> None:
    picture, points = _dots()
    (face,) = faces_of_drawing(as_colours(picture))
    apart = float(np.linalg.norm(points[1] - points[0]))
    assert np.linalg.norm(face.points[[468, 473], :2] - points[:2], axis=1).max() < 0.25 * apart
    assert np.linalg.norm(face.points[[61, 291], :2].mean(axis=0) - points[2:].mean(axis=0)) < 0.25 * apart


@pytest.mark.parametrize("sure", [0.64, 0.7])
def test_a_tilted_face_is_one_only_if_it_is_surely_found_again(
    sure: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces_of_drawings, "agreement", lambda *_: sure)
    upright = drawn_face.drawn_face(320)[0][..., :3]
    for degrees, seen in ((15, True), (43, sure > 0.66)):
        angle = np.radians(degrees)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        places = pixel_centres(0, 0, 320, 320) - 160
        turned = np.rint(sample(upright, places @ turn + 160)).astype(np.uint8)
        assert bool(faces_of_drawing(turned)) == seen


@pytest.mark.parametrize("thing", drawn_faces.NO_FACES[:-1], ids=lambda thing: thing.__name__)
def test_what_is_no_face_is_none_in_a_smooth_copy_either(thing) -> None:
    around = drawn_faces.placed(thing(360), (504, 540), (72, 180))
    assert faces_of_drawing(around) == [] and faces_of_drawing(thing(140)) == []


def test_a_mouth_is_drawn_where_it_is_and_not_on_the_forehead() -> None:
    picture, points = _dots()
    mesh = mesh_of(tuple(points.ravel()), (320, 320))[:, :2]
    assert has_mouth(as_colours(picture), mesh)
    assert not has_mouth(as_colours(picture), mesh - [0, 0.43 * 320])


def test_a_doubtful_drawn_face_without_a_mouth_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    picture, points = _dots()
    mesh = mesh_of(tuple(points.ravel()), (320, 320))
    away = mesh - np.array([0, 0.43 * 320, 0], np.float32)
    monkeypatch.setattr(make, "faces_of_drawing", lambda *_: [])
    for face, is_one in ((Face(mesh, 0.7), True), (Face(away, 0.7), False), (Face(away, 0.9), True)):
        monkeypatch.setattr(make, "find_faces", lambda *_, found=face, **__: [found])
        assert bool(seen_faces(picture)) == is_one


def test_a_drawn_socket_whose_holes_look_like_eyes_has_no_mouth() -> None:
    picture = drawn_faces.canvas(320, (240, 240, 235))
    drawn_faces.disc(picture, (0.5, 0.5), (0.29, 0.29), (100, 100, 100))
    drawn_faces.disc(picture, (0.5, 0.5), (0.27, 0.27), (230, 230, 230))
    for x in (0.406, 0.594):
        drawn_faces.disc(picture, (x, 0.5), (0.034, 0.034), (30, 30, 30))
    colours = np.rint(picture).astype(np.uint8)
    assert not faces_of_drawing(colours)
    drawn_faces.disc(picture, (0.5, 0.64), (0.09, 0.02), (150, 50, 50))
    assert faces_of_drawing(np.rint(picture).astype(np.uint8))


def test_who_was_not_surely_seen_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    picture, _ = _dots()
    (seen,) = faces_of_drawing(as_colours(picture))
    monkeypatch.setattr(make, "faces_of_drawing", lambda _: [Face(seen.points, 0.6)])
    monkeypatch.setattr(make, "find_faces", lambda *_, **__: [])
    made = make_faces(picture, Wanted("CARTOON.png"), {}, lambda *_: None)
    assert any("not surely" in sentence for sentence in made.faces[0].warnings)


def test_the_networks_are_not_asked_again_what_they_have_told() -> None:
    picture = drawn_faces.wood(240)
    seen: dict = {}
    first = find_faces(picture, looked=seen)
    asked = len(seen)
    assert asked and [face.confidence for face in find_faces(picture, looked=seen)] == [
        face.confidence for face in first
    ]
    assert len(seen) == asked
    assert seen_faces(picture) == []
