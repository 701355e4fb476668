"""A training command that is given nothing to work on says so, and ends with an exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is needed for training")
pytest.importorskip("av", reason="av is needed to read the corpora")

from inference.cli import main

COLUMNS = "utterance\tfile\tspeaker\tpart\ttext\n"
MODEL = "checkpoints/content.npz"
COMMANDS = {
    "evaluate {empty} --no-speech": "has no held-out clips",
    "evaluate {bare} --no-speech": "has no held-out clips",
    "evaluate {empty} --strangers": "needs clips of two speakers or more",
    "evaluate {bare} --strangers": "needs clips of two speakers or more",
    "prepare video {empty} {out}": "No video and no image sequence was found",
    "prepare speech {empty} {out}": "utterances.tsv was not found",
    "prepare speech {nobody} {out}": "names nobody of the part train",
    "prepare speech {other} {out}": "has no column speaker, part, file",
    "prepare speech {bytes} {out}": "is no table in UTF-8",
    "prepare grid-speech {empty} {out} --alignments {empty}": "has its words in",
    "prepare grid-speech {bare} {out} --alignments {empty}": "has its words in",
    "train content --speech {empty} --corpus {empty} --data {bare} --runs {out} --output {out}.npz": "holds no labelled speech",
    "train voted --corpus {bare} --start {model} --output {out}.npz": "holds no clips to learn from",
    "measure-styles {empty} {empty}": "utterances.tsv was not found",
    "evaluate-manner --clips {empty}": "holds no clip of 4 s or more",
    "evaluate-speaker {empty}": "utterances.tsv was not found",
    "evaluate-pictures {empty}": "holds no clips",
    "evaluate-portrait {empty}": "holds no clips",
}
"""Command line → what it says."""


@pytest.mark.parametrize("command", COMMANDS)
def test_it_is_told(command: str, tmp_path: Path, capsys: Any) -> None:
    folders = {name: tmp_path / name for name in ("empty", "bare", "nobody", "other", "bytes")}
    for folder in folders.values():
        folder.mkdir()
    (folders["bare"] / "somebody").mkdir()
    (folders["nobody"] / "utterances.tsv").write_text(COLUMNS, encoding="utf-8")
    (folders["other"] / "utterances.tsv").write_text("who,what\n", encoding="utf-8")
    (folders["bytes"] / "utterances.tsv").write_bytes(b"\xff\xfeu\x00")
    root = Path(__file__).resolve().parents[2]
    out = tmp_path / "out"
    words = [word.format(**folders, out=out, model=root / MODEL) for word in command.split()]
    assert main(words) == 1
    printed, told = capsys.readouterr()
    (sentence,) = [line for line in told.splitlines() if line.startswith("inference: ")]
    assert COMMANDS[command] in sentence and sentence.endswith(".") and "fault" not in sentence
    assert "aligned" not in printed and not list(tmp_path.glob("out*.npz"))
