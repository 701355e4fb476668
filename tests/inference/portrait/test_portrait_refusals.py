"""What cannot be made into a portrait is told in one sentence, and what was there stays."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference import cli
from inference.looks.network import random_look

av = pytest.importorskip("av", reason="PyAV belongs to the full engine")


@pytest.fixture
def place(face_file: Path, motion_file: Path, tmp_path: Path) -> Path:
    """A folder with face, motion, pictures without a face, and a folder with something in it."""
    np.save(tmp_path / "grey.npy", np.full((80, 60), 128, np.uint8))
    np.save(tmp_path / "clear.npy", np.zeros((50, 50, 4), np.uint8))
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"torn")
    random_look(1).save(tmp_path / "look.npz")
    (tmp_path / "torn.npz").write_bytes(b"PK torn")
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "said.txt").write_text("Hello!", encoding="utf-8")
    for name in ("full", "takes.mp4", "Takes.MOV"):
        (tmp_path / name).mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    return tmp_path


CASES = [
    ("grey.npy -o o.mp4", "No face was seen in"),
    ("clear.npy -o o.mp4", "is transparent everywhere"),
    ("torn.png -o o.mp4", "torn.png"),
    ("torn.npz -o o.mp4", "torn.npz"),
    ("nobody -o o.mp4", "choose one that ships (cartoon"),
    ("missing.png -o o.mp4", "does not exist"),
    ("face.npz -o o.avi", "end it in .mp4 or .mov"),
    ("face.npz -o takes.mp4", "is a folder, though it ends in .mp4: give the video another name"),
    ("face.npz -o Takes.MOV", "is a folder, though it ends in .MOV"),
    ("face.npz -o full", "a folder with other things in it"),
    ("face.npz -o .mp4", "has no name before .mp4"),
    ("face.npz -o ./.MOV", "has no name before .MOV"),
    ("face.npz -o nowhere/o.mp4", "it is not there"),
    ("face.npz -o face.npz", "would replace"),
    ("face.npz -o motion.npz", "would replace"),
    ("face.npz -o o.mp4 --size 5000", "size must be 32 to 4096"),
    ("face.npz -o o.mp4 --fps 0", "frame rate"),
    ("face.npz empty.wav -o o.mp4", "empty.wav"),
    ("face.npz face.npz -o o.mp4", "not a recording"),
    ("face.npz -o o.mp4 --renderer motion.npz", "motion.npz is no renderer or look, or is damaged"),
    ("face.npz -o o.mp4 --renderer face.npz", "face.npz is no renderer or look, or is damaged"),
    ("face.npz -o o.mp4 --renderer torn.npz", "torn.npz is no renderer or look, or is damaged"),
    ("face.npz -o o.mp4 --renderer full.npz", "full.npz does not exist: check the path"),
    (
        "Ada.MOV -o o.mp4 --renderer drawing",
        "The renderer drawing draws pictures, and Ada.MOV is a film: choose",
    ),
    (
        "ada.mp4 -o o.mp4 --renderer makeittalk",
        "The renderer makeittalk draws pictures, and ada.mp4 is a film",
    ),
    (
        "face.npz -o o.mp4 --channel 2 --text Hi",
        "The motion is that of motion.npz, which channel and text cannot change: leave them out, or the animation.",
    ),
    (
        "face.npz -o o.mp4 --channel 2 --voice-in-file 1",
        "which channel and voice_in_file cannot change: leave them out",
    ),
    ("face.npz -o o.mp4 --text-file said.txt", "which text cannot change: leave it out"),
    ("face.npz -o o.mp4 --text-file none.txt", "The text file 'none.txt' does not exist"),
    ("face.npz -o said.txt --text-file said.txt", "would replace"),
    ("ada.webm -o o.mp4 --renderer davs", "The renderer davs draws pictures, and ada.webm is a film"),
    ("ada.mp4 -o o.mp4 --renderer look.npz", "The renderer look.npz draws pictures, and ada.mp4 is a film"),
]


@pytest.mark.parametrize(("line", "told"), CASES)
def test_it_is_told_in_one_sentence(
    line: str, told: str, place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert cli.main(["portrait", *line.split(), "--animation", "motion.npz"]) == 1
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1 and "Traceback" not in error
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_the_channel_that_is_meant_is_listened_to(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["portrait", str(place / "face.npz"), str(SAMPLE_VOICE), "-o", str(place / "frames")]
    assert cli.main([*given, "--channel", "7"]) == 1
    assert "channel" in capsys.readouterr().err and not (place / "frames").exists()


def test_a_style_and_a_take_beside_a_motion_are_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Tables that have these columns for other rows were always made."""
    given = ["portrait", str(place / "face.npz"), "-o", str(place / "frames")]
    given += ["--animation", str(place / "motion.npz"), "--style", "calm", "--take", "3"]
    assert cli.main(given) == 0
    told = "The motion is that of motion.npz, which style and take did not change."
    assert told in capsys.readouterr().err
    assert len(list((place / "frames").glob("*.png"))) == 12


def test_something_has_to_be_said(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["portrait", str(place / "face.npz"), "-o", str(place / "o.mp4")]) == 1
    assert "needs something to say" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "locked").mkdir(mode=0o555)
    given = ["portrait", str(place / "face.npz"), "-o", str(place / "locked" / "o.mp4")]
    assert cli.main([*given, "--animation", str(place / "motion.npz")]) == 1
    assert "it is read-only" in capsys.readouterr().err


def test_without_pyav_pictures_can_still_be_written(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    monkeypatch.setitem(sys.modules, "cv2", None)
    given = ["portrait", str(place / "face.npz"), "--animation", str(place / "motion.npz"), "-o"]
    assert cli.main([*given, str(place / "o.mp4")]) == 1
    told = capsys.readouterr().err
    assert "package av is missing here" in told and "a folder of PNG pictures" in told
    assert not (place / "o.mp4").exists()
    assert cli.main([*given, str(place / "frames")]) == 0
    assert len(list((place / "frames").glob("*.png"))) == 12


def test_without_its_encoder(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from inference.portrait import film

    class Lesser(film._Codecs):
        def __init__(self, container: str, video: str, *rest: object) -> None:
            super().__init__(container, "libnobody", *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(film, "_Codecs", Lesser)
    given = ["portrait", str(place / "face.npz"), "--animation", str(place / "motion.npz")]
    assert cli.main([*given, "-o", str(place / "o.mp4")]) == 1
    assert "encoder libnobody is missing" in capsys.readouterr().err
    assert not (place / "o.mp4").exists()
