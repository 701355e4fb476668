"""Films that the add-on decoded are captured with numpy alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import drawn_faces
import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference import packages
from inference.capture import capture_clip, decoded, finders
from inference.errors import EngineError
from inference.face.animation import FaceAnimation


def targa(picture: np.ndarray, *, above: bool = False, alpha: bool = False) -> bytes:
    """(H, W, 3) RGB as an uncompressed Targa file, from below as Blender writes it, or from above."""
    height, width = picture.shape[:2]
    size = np.array([width, height], "<u2").tobytes()
    rows = (picture if above else picture[::-1])[:, :, ::-1]
    if alpha:
        rows = np.dstack([rows, np.full((height, width), 255, np.uint8)])
    head = bytes([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]) + size
    return head + bytes([32 if alpha else 24, 32 if above else 0]) + np.ascontiguousarray(rows).tobytes()


def write_film(
    folder: Path, pictures: Sequence[np.ndarray], sound: Path | None = None, **told: object
) -> Path:
    folder.mkdir()
    for number, picture in enumerate(pictures, 1):
        (folder / f"{number:05d}.tga").write_bytes(targa(picture))
    told = {"fps": 25.0, "frames": len(pictures), "sha256": "abc", **told}
    (folder / "film.json").write_text(json.dumps(told), encoding="utf-8")
    if sound is not None:
        (folder / "sound.wav").write_bytes(sound.read_bytes())
    return folder


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    """A face that moves to the right and comes nearer."""
    return [
        drawn_faces.placed(drawn_faces.face(200 + 2 * index), (260, 340), (10, 10 + 5 * index))
        for index in range(14)
    ]


@pytest.fixture(autouse=True)
def no_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in Blender's own Python."""

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(packages.importlib, "import_module", missing)
    monkeypatch.setattr(finders, "find_spec", lambda name: None)


def test_a_film_becomes_an_animation(pictures: list[np.ndarray], tmp_path: Path) -> None:
    film = write_film(tmp_path / "clip.mp4", pictures, SAMPLE_VOICE)
    shown: list[float] = []
    captured = capture_clip(film, lambda fraction, stage: shown.append(fraction))
    animation = captured.animation
    assert len(animation) == 14 and animation.fps == 25 and captured.warnings == ()
    source = animation.source
    assert source["video"] == "clip.mp4" and source["sha256"] == "abc" and source["visemes"] == "sound"
    assert source["model"] == "mediapipe face mesh, in numpy"
    assert animation.head_translation[-1, 0] > animation.head_translation[0, 0] + 0.3  # to the right
    assert animation.head_translation[-1, 2] > animation.head_translation[0, 2]  # nearer
    assert shown == sorted(shown) and shown[-1] == 1
    animation.save(tmp_path / "clip.npz")
    assert len(FaceAnimation.load(tmp_path / "clip.npz")) == 14


def test_a_film_without_sound_is_read_from_the_lips(pictures: list[np.ndarray], tmp_path: Path) -> None:
    captured = capture_clip(write_film(tmp_path / "clip.mov", pictures))
    assert captured.animation.source["visemes"] == "lips" and "clip.mov has no sound" in captured.warnings[0]


def test_a_face_on_its_side_is_put_upright(pictures: list[np.ndarray], tmp_path: Path) -> None:
    turned = [np.rot90(picture) for picture in pictures]
    captured = capture_clip(write_film(tmp_path / "phone.mp4", turned))
    assert any("does not stand upright" in warning for warning in captured.warnings)
    assert captured.animation.source["camera"]["quarter_turns"] == 3
    assert np.abs(captured.animation.head_rotation).max() < 0.6


def test_what_comes_after_a_damaged_picture_is_left_out(pictures: list[np.ndarray], tmp_path: Path) -> None:
    film = write_film(tmp_path / "clip.mp4", pictures)
    (film / "00011.tga").write_bytes(targa(pictures[10])[:-1])
    captured = capture_clip(film)
    assert len(captured.animation) == 10
    assert any("damaged after 0.4 s" in warning for warning in captured.warnings)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"fps": 0}, "bad_video"),
        ({"fps": "fast"}, "bad_video"),
        ({"frames": None}, "bad_video"),
        ({"frames": -3}, "bad_video"),
        ({"frames": 0}, "bad_video"),
        ({"frames": 3}, "too_short"),
    ],
)
def test_a_damaged_description_is_one_sentence(
    told: dict[str, object], code: str, pictures: list[np.ndarray], tmp_path: Path
) -> None:
    film = write_film(tmp_path / "clip.mp4", pictures[:6], **told)
    with pytest.raises(EngineError) as raised:
        capture_clip(film)
    assert (
        raised.value.code == code and "clip.mp4" in raised.value.message and "\n" not in raised.value.message
    )


def test_a_film_without_a_face_is_told(tmp_path: Path) -> None:
    film = write_film(tmp_path / "wall.mp4", [np.full((90, 120, 3), 128, np.uint8)] * 8)
    with pytest.raises(EngineError) as raised:
        capture_clip(film)
    assert raised.value.code == "no_face"


def test_a_video_itself_needs_a_decoder(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"film")
    with pytest.raises(EngineError, match="capture from Blender's panel") as raised:
        capture_clip(tmp_path / "clip.mp4")
    assert raised.value.code == "full_engine_needed"


def test_a_tracker_that_there_is_not_is_told(pictures: list[np.ndarray], tmp_path: Path) -> None:
    film = write_film(tmp_path / "clip.mp4", pictures[:6])
    with pytest.raises(EngineError, match="no tracker 'dlib'"):
        capture_clip(film, tracker="dlib")
    with pytest.raises(EngineError) as raised:
        capture_clip(film, tracker="mediapipe")
    assert raised.value.code == "full_engine_needed"


def test_targa_files_are_read_from_either_end(tmp_path: Path) -> None:
    picture = np.random.RandomState(1).randint(0, 256, (5, 7, 3)).astype(np.uint8)
    path = tmp_path / "1.tga"
    for above in (False, True):
        for alpha in (False, True):
            path.write_bytes(targa(picture, above=above, alpha=alpha))
            assert np.array_equal(decoded.read_targa(path), picture)
    for damaged in (
        b"",
        b"\x89PNG" + bytes(60),
        targa(picture)[:17],
        targa(picture)[:2] + b"\x0a" + targa(picture)[3:],
    ):
        path.write_bytes(damaged)
        assert decoded.read_targa(path) is None
    assert decoded.read_targa(tmp_path / "none.tga") is None
