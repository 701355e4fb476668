"""What a text is worth: own texts are told from others', in rows that anybody can read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference.hearing.audio import read_recording
from inference.hearing.backends import load_backend
from inference.training.evaluation import known_text
from inference.training.figures import write_figures

SAID = {
    "woman": "Hello! Press the button, and watch my lips move.",
    "man": "Good morning. Maybe we should begin with a few words.",
    "child": "Hi! Can you see me? I will talk to everybody now!",
}


def test_grid_clips_are_named_after_what_is_said() -> None:
    assert known_text.grid_text("bbaf2n") == "bin blue at F two now"
    assert known_text.grid_text("swwzzs") == "set white with Z zero soon"
    assert known_text.grid_text("holiday") == known_text.grid_text("bbaw2n") == known_text.grid_text("") == ""


def test_one_word_is_another() -> None:
    assert known_text.with_another_word("The big bear came.") == "The again bear came."
    assert known_text.with_another_word("Nothing here") == "Nothing here"


def test_own_texts_are_used_and_others_are_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def lines(*_: object) -> list[known_text.Line]:
        folder = SAMPLE_VOICE.parent / "voices"
        return [
            known_text.Line(text, read_recording(folder / f"{name}.wav").samples)
            for name, text in SAID.items()
        ]

    monkeypatch.setattr(known_text, "_of_flite", lines)
    monkeypatch.setattr(known_text, "_of_espeak", lines)
    rows = known_text.evaluate_texts(load_backend("numpy", "cpu"))
    lines_alone = rows[0], rows[2]
    assert [(row.lines, row.taken, row.others) for row in lines_alone] == [(3, 1.0, (6, 0.0))] * 2
    assert rows[1].lines == 1 and rows[1].taken == 1.0, "a script that lacks one of three lines"
    assert "0.000 of    6" in capsys.readouterr().out
    write_figures(rows, tmp_path / "texts.json")
    assert json.loads((tmp_path / "texts.json").read_text(encoding="utf-8"))[0]["taken"] == 1.0


def test_closures_are_counted_where_phone_times_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = np.zeros(16000, np.float32)
    monkeypatch.setattr(
        known_text, "_of_flite", lambda *_: [known_text.Line("Bob", sound, [("b", 0.2, 0.3)])]
    )
    monkeypatch.setattr(known_text, "_of_espeak", lambda: [known_text.Line("Bob", sound)])
    row, script, other = known_text.evaluate_texts(load_backend("numpy", "cpu"), report=lambda line: None)
    assert other.without == () and script.taken == 0.0
    assert len(row.without) == len(row.told) == len(row.mistaken) == 3 and row.taken == 0.0
