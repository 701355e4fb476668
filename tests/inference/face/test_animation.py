"""The data structure: shapes, resampling, and a file that old and new readers agree on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.errors import EngineError
from inference.face.animation import FRAME_SHAPES, FaceAnimation


@pytest.fixture
def animation() -> FaceAnimation:
    """Three seconds of arbitrary but smooth motion at 50 fps."""
    random = np.random.RandomState(0)
    frames = 151
    wave = np.sin(np.arange(frames) / 9)[:, None]
    arrays = {
        name: (0.5 + 0.4 * wave * random.uniform(size=int(np.prod(shape))))
        .reshape(frames, *shape)
        .astype(np.float32)
        for name, shape in FRAME_SHAPES.items()
    }
    return FaceAnimation(
        fps=50.0,
        neutral=random.uniform(size=(68, 3)).astype(np.float32),
        cues=[(0.0, 1.5, "X"), (1.5, 3.0, "D")],
        source={"audio": "Zeile – 声.wav", "seed": 3},
        **arrays,
    )


def test_what_is_saved_is_what_is_loaded(animation: FaceAnimation, tmp_path: Path) -> None:
    path = tmp_path / "line – 声.npz"
    animation.save(path)
    loaded = FaceAnimation.load(path)
    assert loaded.fps == animation.fps
    assert loaded.cues == animation.cues
    assert loaded.source == animation.source
    for name in ("neutral", *FRAME_SHAPES):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(animation, name))


def test_warnings_are_kept_and_may_be_missing(animation: FaceAnimation, tmp_path: Path) -> None:
    told = ["„a.wav“ is cut short.", "It is silent."]
    for number, (kept, expected) in enumerate([(told, told), (None, []), ("no list", []), ([1], ["1"])]):
        replace(animation, source={"warnings": kept}).save(tmp_path / f"{number}.npz")
        read = FaceAnimation.load(tmp_path / f"{number}.npz")
        assert read.warnings == read.resampled(24).warnings == tuple(expected)
    assert animation.warnings == ()


def test_the_file_has_the_documented_fields_and_needs_no_pickle(
    animation: FaceAnimation, tmp_path: Path
) -> None:
    animation.save(tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as data:
        assert set(data) == {*FRAME_SHAPES, "version", "fps", "neutral", "cue_times", "cue_shapes", "source"}
        assert data["landmarks"].shape == (151, 68, 3)
        assert json.loads(str(data["source"]))["seed"] == 3


def test_the_same_animation_has_the_same_bytes(animation: FaceAnimation, tmp_path: Path) -> None:
    animation.save(tmp_path / "a.npz")
    animation.save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize("fps", [12, 23.976, 24, 25, 29.97, 30, 60, 120])
def test_resampling_keeps_time(animation: FaceAnimation, fps: float) -> None:
    result = animation.resampled(fps)
    assert result.fps == fps
    assert len(result) == int(3.0 * fps + 1e-6) + 1
    moments = np.arange(len(result)) / fps
    expected = np.interp(moments, np.arange(151) / 50, animation.arkit[:, 7])
    np.testing.assert_allclose(result.arkit[:, 7], expected, atol=1e-5)


def test_resampling_to_the_same_rate_changes_nothing(animation: FaceAnimation) -> None:
    np.testing.assert_allclose(animation.resampled(50).landmarks, animation.landmarks, atol=1e-6)


def test_a_single_frame_can_be_resampled(animation: FaceAnimation) -> None:
    single = replace(animation, **{name: getattr(animation, name)[:1] for name in FRAME_SHAPES})
    assert len(single.resampled(24, 5)) == 5


def test_wrong_shapes_are_refused(animation: FaceAnimation) -> None:
    with pytest.raises(ValueError, match="blink"):
        replace(animation, blink=animation.blink[:-1])
    with pytest.raises(ValueError, match="fps"):
        replace(animation, fps=0.0)


def test_a_newer_file_says_so(
    animation: FaceAnimation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inference.face.animation.FORMAT_VERSION", 2)
    animation.save(tmp_path / "a.npz")
    monkeypatch.undo()
    with pytest.raises(EngineError, match="newer version"):
        FaceAnimation.load(tmp_path / "a.npz")


@pytest.mark.parametrize("content", [b"", b"no animation", None])
def test_a_damaged_or_missing_file_says_so(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EngineError) as caught:
        FaceAnimation.load(path)
    assert str(path) in caught.value.message


def test_a_cut_file_says_so(animation: FaceAnimation, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    animation.save(path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(EngineError, match="damaged"):
        FaceAnimation.load(path)


def test_damage_anywhere_is_one_sentence(animation: FaceAnimation, tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    animation.save(path)
    whole = path.read_bytes()
    refused = 0
    for place in range(0, len(whole), max(1, len(whole) // 150)):
        path.write_bytes(
            whole[:place] + bytes(255 - byte for byte in whole[place : place + 3]) + whole[place + 3 :]
        )
        try:
            FaceAnimation.load(path)
        except EngineError as error:
            refused += 1
            assert error.code == "bad_animation"
    assert refused > 100


@pytest.mark.parametrize(
    "field", [{"source": "[1]"}, {"source": "{"}, {"cue_times": 1.0}, {"fps": "fast"}, {"fps": 0}]
)
def test_fields_of_another_kind_are_told(animation: FaceAnimation, tmp_path: Path, field: dict) -> None:
    path = tmp_path / "a.npz"
    animation.save(path)
    with np.load(path) as arrays:
        np.savez(path, **{**arrays, **{name: np.array(value) for name, value in field.items()}})
    with pytest.raises(EngineError, match="damaged"):
        FaceAnimation.load(path)


def test_a_folder_that_is_missing_is_told_and_nothing_is_left_behind(
    animation: FaceAnimation, tmp_path: Path
) -> None:
    with pytest.raises(EngineError) as caught:
        animation.save(tmp_path / "nowhere" / "a.npz")
    assert caught.value.code == "output_unwritable"


def test_a_failed_write_keeps_the_older_file(
    animation: FaceAnimation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.npz"
    path.write_bytes(b"older")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numpy.lib.format.write_array", full)
    with pytest.raises(EngineError, match="No space left"):
        animation.save(path)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_packed_it_is_smaller_and_the_same(animation: FaceAnimation) -> None:
    packed = animation.packed()
    assert packed == animation.packed()
    there = FaceAnimation.unpacked(packed)
    assert (there.fps, there.cues, there.source) == (animation.fps, animation.cues, animation.source)
    np.testing.assert_array_equal(there.neutral, animation.neutral)
    for name in FRAME_SHAPES:
        np.testing.assert_allclose(getattr(there, name), getattr(animation, name), atol=2e-3)
        assert getattr(there, name).dtype == np.float32
    np.testing.assert_array_equal(there.closed, animation.closed)


@pytest.mark.parametrize("damage", [b"", b"PK", b"\0" * 100])
def test_a_damaged_pack_is_told(damage: bytes) -> None:
    with pytest.raises(EngineError):
        FaceAnimation.unpacked(damage)
