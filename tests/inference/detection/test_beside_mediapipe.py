"""The networks in numpy beside MediaPipe itself, picture by picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("mediapipe", reason="MediaPipe is what is compared with")

import mediapipe
from places import GRID
from rendered_head import MODEL, render

from inference.detection import matte, track
from inference.detection.detectors import detect
from inference.detection.mesh import mesh_in, square_of

CLIPS = ("s1/bbaf2n", "s4/brwm8s", "s11/bbae2n", "s26/lwwx5p", "s31/bbai9a")


def first_picture(path: Path) -> np.ndarray:
    av = pytest.importorskip("av", reason="PyAV decodes GRID's clips")
    if not path.is_file():
        pytest.skip(f"GRID is not in {GRID}")
    with av.open(str(path)) as container:
        return next(frame.to_ndarray(format="rgb24") for frame in container.decode(video=0))


def photo() -> np.ndarray:
    """Rear Admiral Grace Hopper, which matplotlib brings (public domain)."""
    matplotlib = pytest.importorskip("matplotlib", reason="brings a photo")
    image = pytest.importorskip("PIL.Image", reason="reads it")
    path = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    if not path.is_file():
        pytest.skip("matplotlib brings no photo here")
    return np.asarray(image.open(path).convert("RGB"))


def rendered() -> np.ndarray:
    if not MODEL.is_file():
        pytest.skip(f"{MODEL} is not here")
    return render({"jawOpen": 0.4}, (0.1, 0.4, 0.15))


PICTURES = {
    **{clip: lambda clip=clip: first_picture(GRID / f"{clip}.mp4") for clip in CLIPS},
    "photo": photo,
    "photo, enlarged": lambda: np.repeat(np.repeat(photo(), 3, axis=0), 3, axis=1),
    "rendered": rendered,
}


@pytest.fixture(params=PICTURES)
def picture(request: pytest.FixtureRequest) -> np.ndarray:
    return PICTURES[request.param]()


def points_of(faces: Any, picture: np.ndarray) -> list[np.ndarray]:
    height, width = picture.shape[:2]
    return [
        np.array([(point.x * width, point.y * height, point.z * width) for point in face.landmark])
        for face in faces.multi_face_landmarks or ()
    ]


@pytest.fixture
def face_mesh() -> Iterator[Any]:
    with mediapipe.solutions.face_mesh.FaceMesh(max_num_faces=1, refine_landmarks=True) as mesh:
        yield mesh


def test_the_points_are_mediapipes(picture: np.ndarray, face_mesh: Any) -> None:
    """Both look once where the face was detected, then twice where the points were."""
    square = detect(picture)[0].square()
    for _ in range(3):
        (wanted,) = points_of(face_mesh.process(picture), picture)
        got, sure = mesh_in(picture, square)
        off = np.abs(got - wanted) * 192 / square.size
        assert sure > 0.9
        assert np.median(np.linalg.norm(off[:, :2], axis=1)) < 0.25 and np.percentile(off, 99) < 1
        square = square_of(got)


@pytest.mark.parametrize("network", ["short_range", "full_range"])
def test_the_boxes_are_mediapipes(picture: np.ndarray, network: str) -> None:
    selection = 0 if network == "short_range" else 1
    least = 0.5 if network == "short_range" else 0.6
    with mediapipe.solutions.face_detection.FaceDetection(least, selection) as detector:
        wanted = detector.process(picture).detections or []
    got = detect(picture, network)
    assert len(got) == len(wanted)
    height, width = picture.shape[:2]
    for mine, theirs in zip(got, wanted):
        box = theirs.location_data.relative_bounding_box
        corner = np.array([box.xmin * width, box.ymin * height])
        size = np.array([box.width * width, box.height * height])
        assert abs(mine.score - theirs.score[0]) < 0.02
        assert np.abs(mine.box - np.concatenate([corner, corner + size])).max() < 0.005 * max(height, width)
        keys = np.array([(key.x * width, key.y * height) for key in theirs.location_data.relative_keypoints])
        assert np.abs(mine.keys - keys).max() < 0.005 * max(height, width)


def test_a_film_is_followed_as_mediapipe_does(face_mesh: Any) -> None:
    av = pytest.importorskip("av", reason="PyAV decodes GRID's clips")
    path = GRID / "s26" / "lwwx5p.mp4"
    if not path.is_file():
        pytest.skip(f"GRID is not in {GRID}")
    with av.open(str(path)) as container:
        film = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)][:30]
    for picture, faces in zip(film, track(film)):
        (wanted,) = points_of(face_mesh.process(picture), picture)
        assert np.median(np.linalg.norm((faces[0].points - wanted)[:, :2], axis=1)) < 0.1


def test_the_matte_is_mediapipes(picture: np.ndarray) -> None:
    with mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0) as segmenter:
        wanted = segmenter.process(picture).segmentation_mask
    off = np.abs(matte(picture) - wanted)
    assert off.mean() < 0.002 and np.percentile(off, 99) < 0.03
