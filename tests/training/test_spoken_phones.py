"""How far a mouth opens in each phone: known curves, and one vote a speaker."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_clips import made_clip

from inference.cli import main
from inference.errors import EngineError
from inference.face.landmarks import NEUTRAL_FACE, mouth_opening, mouth_width
from inference.hearing.backends import load_backend
from inference.motion.lips.content import PHONES
from inference.training.commands import evaluate
from inference.training.evaluation import spoken_phones
from inference.training.filmed_corpora.align import grid_sentence
from inference.training.filmed_corpora.corpus import Clip

FRAMES, FPS = 50, 25.0


class Track:
    """A mouth that opens by twice what is filmed, and is as wide."""

    def __init__(self, clip: Clip) -> None:
        shut = mouth_opening(NEUTRAL_FACE[None])[0]
        self.curves = 2 * (mouth_opening(clip.landmarks) - shut), mouth_width(clip.landmarks)

    def mouth_at(self, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        stamps = np.arange(FRAMES) / FPS
        opening, width = self.curves
        return np.interp(times, stamps, opening), np.interp(times, stamps, width)


def filmed(name: str, most: float) -> Clip:
    """Two seconds of a mouth that is open in the second."""
    faces = np.repeat(NEUTRAL_FACE[None], FRAMES, axis=0).astype(np.float32)
    faces[25:, 65:68, 1] -= most
    still = np.zeros((FRAMES, 3), np.float32)
    return Clip(
        name=name, speaker=f"of {most}", fps=FPS, audio=np.zeros(32000, np.float32), landmarks=faces, head_rotation=still,
        head_translation=still, blink=still[:, :2], gaze=still[:, :2], tracked=np.ones(FRAMES, bool),
    )  # fmt: skip


def test_grids_names_tell_what_is_said() -> None:
    assert grid_sentence("bbaf2n") == [
        ["B", "IH", "N"],
        ["B", "L", "UW"],
        ["AE", "T"],
        ["EH", "F"],
        ["T", "UW"],
        ["N", "AW"],
    ]
    assert grid_sentence("pwizzp")[3:5] == [["Z", "EH", "D"], ["Z", "IH", "R", "OW"]]
    assert (
        grid_sentence("swwzos")
        == grid_sentence("wwizzp")
        == grid_sentence("take 1")
        == grid_sentence("")
        == []
    )


def test_openings_of_phones_with_one_vote_a_speaker(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = np.zeros(200, np.int8)
    labels[20:100], labels[100:180] = PHONES.index("M"), PHONES.index("AA")
    monkeypatch.setattr(spoken_phones, "align_words", lambda audio, words: labels if words else None)
    clips = [filmed("bbaf2n", 0.1), filmed("bbaf3s", 0.1), filmed("bbaf2n", 0.2)]
    said = [one for clip in clips for one in spoken_phones.phones_of(clip, Track(clip))]  # type: ignore[arg-type]
    lines: list[str] = []
    rows = {row.phone: row for row in spoken_phones.told(said, lines.append)}
    assert len(lines) == 1 + len(rows)
    assert tuple(line[:4] for line in lines[1:4]) == spoken_phones.QUARTILES
    quartiles = np.array([rows[name].values[1] for name in spoken_phones.QUARTILES])
    np.testing.assert_allclose(quartiles, [0, 0.075, 0.15], atol=1e-5)
    assert (rows["AA"].times, rows["AA"].speakers) == (3, 2)
    np.testing.assert_allclose(rows["AA"].values, [0.3, 0.15, 0, 0], atol=1e-5)
    np.testing.assert_allclose(rows["M"].values, 0, atol=1e-5)


def test_what_cannot_be_aligned_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clip = filmed("holiday", 0.1)
    monkeypatch.setattr(spoken_phones, "align_words", lambda audio, words: None)
    assert spoken_phones.phones_of(clip, Track(clip)) == []  # type: ignore[arg-type]
    monkeypatch.setattr(spoken_phones, "align_words", lambda audio, words: np.zeros(200, np.int8))
    assert spoken_phones.phones_of(clip, Track(clip)) == []  # type: ignore[arg-type]


def test_a_corpus_whose_names_tell_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_clip(tmp_path / "of-me" / "holiday.npz")
    monkeypatch.setattr(spoken_phones, "align_words", lambda audio, words: None)
    with pytest.raises(EngineError, match="named by what they say"):
        spoken_phones.evaluate_phones(tmp_path, load_backend("numpy"))


def test_the_command_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(evaluate, "find_spec", lambda name: None)
    assert main(["evaluate", "corpus", "--phones"]) == 2
    assert "pip install pocketsphinx" in capsys.readouterr().out


@pytest.mark.parametrize(
    "asked",
    [
        ["--phones", "--recordings"],
        ["--phones", "--texts"],
        ["--phones", "--closures", "data"],
        ["--disturbed", "--phones"],
        ["--disturbed", "--strangers"],
        ["--recordings", "data", "--closures", "data"],
        ["--speech-folder", "sounds", "--disturbed"],
        ["--strangers", "--phones", "--texts"],
    ],
)
def test_one_table_is_asked_for_at_a_time(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", *asked]) == 2
    told = capsys.readouterr().out
    assert "give one of them" in told and all(option in told for option in asked if option.startswith("--"))
