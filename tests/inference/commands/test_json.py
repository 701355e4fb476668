"""Every command that makes something of the user's files tells programs what came of it as one JSON object.

Nothing else is on standard output.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from portrait_motion import talking

from inference import cli

FAILS = {
    "animate": "none.wav -o out.npz",
    "dials": "none.npz -o out.npz",
    "style": "none.mp4 -o out.json",
    "personalize": "none.mp4 -o out.npz",
    "capture": "none.mp4 -o out.npz",
    "mix": "none.npz none.npz -o out.npz",
    "picture": "none.png -o out.npz",
    "portrait": "none.png none.wav -o out.mp4",
    "sign": "none.mp4 --certificate none.pem --key none.pem",
    "batch": "none.csv",
}
"""Each command with a file that is not there."""
LISTS = {"styles", "published"}
FOR_TRAINING = {"prepare", "train", "measure-styles", "measure-persons", "evaluate-manner"}
"""What makes weights and tables, and prints tables alone. Figures for programs go into the file of `--json FILE`."""


def options_of() -> dict[str, set[str]]:
    """The options of every command."""
    (commands,) = (action for action in cli._parser()._actions if action.dest == "command")
    return {name: set(parser._option_string_actions) for name, parser in commands.choices.items()}  # type: ignore[union-attr]


def test_every_command_that_makes_something_has_it() -> None:
    without = {name for name, options in options_of().items() if "--json" not in options}
    assert without <= FOR_TRAINING
    assert {*FAILS, *LISTS} <= set(options_of()) - without


@pytest.mark.parametrize("command", FAILS)
def test_a_problem_is_an_object(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main([command, *FAILS[command].split(), "--json"]) == 1
    told = capsys.readouterr()
    problem = json.loads(told.out)
    assert problem["type"] == "error" and "none." in problem["message"] and told.err == ""


@pytest.mark.parametrize("command", sorted(LISTS))
def test_a_list_is_json(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)


def test_what_changes_an_animation_answers_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Mixed or dialled: the same fields, and people are told the same sentence."""
    motion, changed = str(tmp_path / "a.npz"), str(tmp_path / "b.npz")
    talking(5).save(motion)
    for command in (["mix", motion, motion], ["dials", motion]):
        assert cli.main([*command, "-o", changed, "--json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert answer.items() >= {"type": "result", "output": changed, "frames": 5, "fps": 25.0}.items()
        assert answer["duration"] == pytest.approx(0.2, abs=0.05) and answer["warnings"] == []
        assert cli.main([*command, "-o", changed]) == 0
        assert capsys.readouterr().out == f"{changed}: 5 frames at 25 fps\n"


def test_a_table_of_which_a_line_fails_is_told_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_text("voice,output\nv.wav,\n", encoding="utf-8")
    assert cli.main(["batch", str(tmp_path / "t.csv"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["made"], told["already"], told["failed"]) == (0, 0, 1)
    assert cli.main(["batch", str(tmp_path / "t.csv")]) == 1
    told = capsys.readouterr()
    assert told.out == f"{tmp_path / 't.csv'}: 0 made, 1 failed\n" and "line 2: " in told.err
