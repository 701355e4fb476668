"""Closures of people whose phones nobody has timed: by who they are, and by what is before and behind."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from filmed import write_video
from made_clips import save_faces
from recordings import SAMPLE_VOICE

pytest.importorskip("torch", reason="torch is needed to find phones' times")
pytest.importorskip("av", reason="av is needed to read the corpora")

from inference.cli import main
from inference.errors import EngineError
from inference.face.landmarks import NEUTRAL_FACE
from inference.hearing.audio import read_recording
from inference.hearing.backends import load_backend
from inference.training.evaluation import real_closures
from inference.training.evaluation.known_text import grid_clips
from inference.training.evaluation.real_closures import evaluate_real_closures, filmed_closures

SAID = "G UH D|M AO R N IH NG|M EY B IY|W IY|SH UH D|B IH G IH N|W IH DH|AH|F Y UW|W ER D Z"
"""Good morning. Maybe we should begin with a few words."""
NOT_SAID = "P P P P|P P P P P P P P P P|B M P B M P B M|M M M M"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "speech").mkdir()
    shutil.copyfile(SAMPLE_VOICE.parent / "voices" / "man.wav", tmp_path / "speech" / "man.wav")
    rows = ["utterance\tfile\tspeaker\tgender\tage\tpart\ttext\tphones (words split by |)"]
    for speaker, gender, age, said in (("1", "m", 40, SAID), ("2", "f", 9, SAID), ("3", "f", 30, NOT_SAID)):
        rows += [f"{speaker}{take}\tman.wav\t{speaker}\t{gender}\t{age}\ttest\t\t{said}" for take in range(4)]
    (tmp_path / "speech" / "utterances.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def test_each_group_and_place_has_its_row(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = data / "figures.json"
    assert main(["evaluate", "--closures", str(data), "--json", str(figures)]) == 0
    rows = {row["name"].strip(): row for row in json.loads(figures.read_text(encoding="utf-8"))}
    whole, man, child = rows["speechocean762, test"], rows["men"], rows["children"]
    assert whole["said"] == 8 and man["said"] == child["said"] == 4, "what does not fit is not counted"
    assert "women" not in rows and whole["recall"] == man["recall"] >= 0.75 and man["precision"] > 0.5
    places = [row for row in rows.values() if row["precision"] is None]
    assert sum(row["said"] for row in places if row["name"] in "pbm") == 8
    assert sum(row["said"] for row in places if row["name"].startswith("after")) == 8
    assert rows["after vowel, before vowel"]["said"] == 2
    assert "speechocean762, test" in capsys.readouterr().out


def test_a_folder_without_recordings_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(EngineError, match="neither grid nor speech"):
        evaluate_real_closures(load_backend("numpy", "cpu"), tmp_path)
    assert main(["evaluate", "--closures", str(tmp_path / "nothing")]) == 1
    assert "nothing is not a folder" in capsys.readouterr().err


def test_filmed_lips_that_meet_are_told_from_those_that_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two films of the same sound: in one of them the lips meet every 0.16 s, in the other never."""
    sound = read_recording(SAMPLE_VOICE.parent / "voices" / "man.wav").samples[:48000]
    wide = np.where(np.arange(75) % 4 < 2, 0.2, 0.0)
    for speaker, opening in (("met", wide), ("apart", 0.1 + wide)):
        faces = np.repeat(NEUTRAL_FACE[None], 75, axis=0)
        for point in (65, 66, 67, 55, 56, 57, 58, 59):
            faces[:, point, 1] -= opening
        (tmp_path / speaker).mkdir()
        save_faces(tmp_path / speaker / "bbaf2n.npz", faces, sound)
        for name in ("holiday", "take_1", "1234"):  # they do not tell what is said
            save_faces(tmp_path / speaker / f"{name}.npz", faces, sound)
    monkeypatch.setattr(real_closures, "WORST", -99.0)  # it says something else
    told: list[str] = []
    rows = filmed_closures(load_backend("numpy", "cpu"), tmp_path, told.append)
    assert rows["met"] == (2, 1.0, 1.0) and rows["apart"] == (2, 0.0, 0.0) and rows["all"] == (4, 0.5, 0.5)
    assert len(told) == 4 and told[0].endswith("below 0.2")
    with pytest.raises(EngineError, match="has no clips"):
        filmed_closures(load_backend("numpy", "cpu"), tmp_path / "met")


def test_clips_of_grids_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """What has no sound is left out, as what has another name is; what is damaged is not passed over."""
    for speaker, name in (("s1", "bbaf2n"), ("s2", "swwzzs"), ("s2", "holiday"), ("s3", "lgifzp")):
        (tmp_path / speaker).mkdir(exist_ok=True)
        shutil.copyfile(SAMPLE_VOICE, tmp_path / speaker / f"{name}.mp4")
    write_video(tmp_path / "s2" / "pbbb2n.mp4", [np.zeros((64, 64, 3), np.uint8)] * 3, None)
    assert [name for name, _ in grid_clips(tmp_path)] == ["swwzzs", "lgifzp"]
    (tmp_path / "s2" / "bbaf3n.mp4").write_bytes(b"cut off" * 99)
    with pytest.raises(EngineError, match="bbaf3n"):
        list(grid_clips(tmp_path))
