"""face-alignment as a second opinion: a stand-in for the package, and weights files without anything in them."""

from __future__ import annotations

import contextlib
import socket
import sys
import types
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest
from face_points import face_points, noise_picture

from inference.capture import clip, tracker
from inference.detection import Face, second_opinion
from inference.detection.mesh_points import MESH_TO_IBUG
from inference.pictures import make
from inference.pictures.make import Wanted, make_faces

POINTS = face_points(80, (120, 110))


class StandIn:
    """What the package's class does with what it is given, as far as it is asked."""

    shift = 0.0
    answers: list[np.ndarray] | None = []

    def __init__(self, kind: int, device: str, flip_input: bool, face_detector: str) -> None:
        assert (kind, device, flip_input, face_detector) == (3, "cpu", False, "folder")
        if StandIn.fetches:
            socket.create_connection(("example.org", 443))

    fetches = False

    def get_landmarks_from_image(self, image, detected_faces):
        assert image.dtype == np.uint8 and image.shape[2] == 3
        (box,) = detected_faces
        assert box[0] < box[2] and box[1] < box[3]
        if StandIn.answers is None:
            return None
        return [POINTS[MESH_TO_IBUG] + np.array([StandIn.shift, 0, 0], np.float32)]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package and a torch whose folder of weights is empty."""
    package, torch = types.ModuleType("face_alignment"), types.ModuleType("torch")
    package.__spec__, torch.__spec__ = ModuleSpec("face_alignment", None), ModuleSpec("torch", None)
    package.LandmarksType = types.SimpleNamespace(THREE_D=3)
    package.FaceAlignment = StandIn
    torch.hub = types.SimpleNamespace(get_dir=lambda: str(tmp_path))
    monkeypatch.setitem(sys.modules, "face_alignment", package)
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setattr(StandIn, "fetches", False)
    monkeypatch.setattr(StandIn, "shift", 0.0)
    monkeypatch.setattr(StandIn, "answers", [])
    second_opinion.second_opinion.cache_clear()
    (tmp_path / "checkpoints").mkdir()
    yield tmp_path / "checkpoints"
    second_opinion.second_opinion.cache_clear()


def with_weights(hub: Path) -> None:
    for name in ("3DFAN4-4a694010b9.zip", "depth-6c4283c0e0.zip"):
        (hub / name).write_bytes(b"weights")


def test_without_weights_there_is_none(hub: Path) -> None:
    (hub / "3DFAN4-4a694010b9.zip").write_bytes(b"")
    assert second_opinion.second_opinion() is None


def test_nothing_is_ever_fetched(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_weights(hub)
    monkeypatch.setattr(StandIn, "fetches", True)
    before = socket.create_connection
    assert second_opinion.second_opinion() is None and socket.create_connection is before


def test_how_far_two_networks_are_apart(hub: Path) -> None:
    with_weights(hub)
    opinion = second_opinion.second_opinion()
    assert opinion is not None
    landmarks = opinion.landmarks(noise_picture(240, 300)[..., :3], Face(POINTS, 1.0).box)
    assert landmarks is not None and second_opinion.disagreement(POINTS, landmarks) == 0
    aside = landmarks + np.array([8, 0, 0], np.float32)
    assert second_opinion.disagreement(POINTS, aside) == pytest.approx(0.1, rel=0.02)


@pytest.mark.parametrize(
    ("shift", "sees", "told"), [(0, True, ""), (20, True, "elsewhere"), (0, False, "sees no face")]
)
def test_a_picture_is_told_about(
    shift: float, sees: bool, told: str, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_weights(hub)
    monkeypatch.setattr(StandIn, "shift", shift)
    monkeypatch.setattr(StandIn, "answers", [] if sees else None)
    monkeypatch.setattr(make, "find_faces", lambda picture, **_: [Face(POINTS, 0.9)])
    monkeypatch.setattr(make, "build_photo", lambda picture, points, known, *_, **__: known)
    monkeypatch.setattr(make, "matte", lambda picture, *_: np.zeros(picture.shape[:2]))
    (known,) = make_faces(noise_picture(240, 300), Wanted("she.png"), {}, lambda *_: None).faces
    sentences = [sentence for sentence in known["warnings"] if "second network" in sentence]
    assert len(sentences) == bool(told) and all(told in sentence for sentence in sentences)
    assert known["second_opinion"] == (pytest.approx(shift / 80, rel=0.02) if sees else None)


@pytest.mark.parametrize("sees", [True, False])
def test_a_film_is_told_about(sees: bool, hub: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_weights(hub)
    monkeypatch.setattr(StandIn, "answers", [] if sees else None)

    @contextlib.contextmanager
    def finding(name):
        yield lambda picture: [POINTS.astype(np.float64)]

    monkeypatch.setattr(tracker, "finding", finding)
    picture = noise_picture(240, 300)[..., :3]
    monkeypatch.setattr(clip, "decode_pictures", lambda *_: ((number / 25, picture) for number in range(60)))
    warnings: list[str] = []
    followed, _ = clip._follow(tmp_path / "she.mp4", None, warnings, "numpy", lambda count: None)
    assert followed.apart == (0 if sees else np.inf)
    assert [("second network" in sentence) for sentence in warnings] == [True] * (not sees)
    StandIn.answers = []
    second_opinion.second_opinion.cache_clear()
    monkeypatch.setattr(second_opinion, "find_spec", lambda name: None)
    assert clip._follow(tmp_path / "she.mp4", None, [], "numpy", lambda count: None)[0].apart is None
