"""A test that hangs in a Blender or ends it says where, and costs no other test its outcome."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests import test_in_blenders as inside
from tests.tell_outcomes import read_outcomes
from tools import blenders
from tools.environments import ROOT


def test_it_ends_and_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = tmp_path / "test_one.py"
    suite.write_text("import threading\n\ndef test_that_waits():\n    threading.Event().wait(3600)\n")
    monkeypatch.setattr(
        inside, "HANGS", [word.replace(str(inside.HUNG_SECONDS), "1") for word in inside.HANGS]
    )
    code, said = inside.run_inside(PYTHON, tmp_path / "user", [str(suite)], 300)
    assert code not in (None, 0) and "test_that_waits" in said and "Timeout" in said


PYTHON = blenders.Blender((9, 9, 0), Path(sys.executable), wheel=True)
"""Runs tests as a bpy wheel does, in no time."""


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of tests to be written, in a repository of its own."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    monkeypatch.setattr(inside, "ROOT", tmp_path)
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "tell_outcomes.py", tmp_path / "tests")
    return tmp_path / "test_some.py"


def test_one_that_ends_blender_costs_no_other_its_outcome(suite: Path, tmp_path: Path) -> None:
    suite.write_text(
        "import os, pathlib, pytest\n"
        "def test_before(): pass\n"
        f"def test_once():\n    been = pathlib.Path({str(tmp_path / 'been')!r})\n"
        "    if not been.exists():\n        been.touch()\n        os.abort()\n"
        "def test_always(): os.abort()\n"
        "def test_skipped(): pytest.skip('no sound here')\n"
        "@pytest.fixture\ndef untidy():\n    yield\n    raise ValueError('not tidied up')\n"
        "def test_teardown(untidy): pass\n"
        "@pytest.mark.parametrize('text', ['ä', 'a\\nb'])\ndef test_texts(text): assert text == 'ä'\n"
    )
    names = ["before", "once", "always", "skipped", "teardown", r"texts[\xe4]", r"texts[a\nb]"]
    tests = [f"{suite.name}::test_{name}" for name in names]
    outcomes, ends = inside.run_all(PYTHON, tests)
    kinds = {test.rpartition("test_")[2]: outcome.kind for test, outcome in outcomes.items()}
    assert kinds == dict(
        zip(names, ["passed", "passed", "failed", "skipped", "failed", "passed", "failed"], strict=True)
    )
    texts = {test.rpartition("test_")[2]: outcome.text for test, outcome in outcomes.items()}
    assert "ended Blender twice" in texts["always"] and "Fatal Python error" in texts["always"]
    assert "no sound here" in texts["skipped"] and "not tidied up" in texts["teardown"]
    assert [test.rpartition("test_")[2] for test in ends] == ["once", "always"]


def test_a_blender_that_ends_always_is_given_up(suite: Path) -> None:
    suite.write_text("import os\nos.abort()\ndef test_one(): pass\n")
    test = f"{suite.name}::test_one"
    outcomes, ends = inside.run_all(PYTHON, [test])
    assert not ends and outcomes[test].kind == "failed" and "not reached" in outcomes[test].text


def test_lines_that_were_cut_off(tmp_path: Path) -> None:
    told = tmp_path / "outcomes.jsonl"
    told.write_text('{"test": "a", "event": "began"}\n{"test": "a", "event": "pas')
    assert read_outcomes(told) == ({}, "a") and read_outcomes(tmp_path / "none") == ({}, "")


def test_parts_are_about_as_large_and_tear_no_file_apart() -> None:
    names = [f"tests/blender/test_{file}.py::test_{number}" for file in "abcdefgh" for number in range(10)]
    for count in (1, 2, 4):
        parts = inside.parts_of(names, count)
        assert [name for part in parts for name in part] == names and [len(part) for part in parts] == [
            80 // count
        ] * count
    assert inside.parts_of(names[:10], 4) == [names[:10]]
    uneven = [*names[:3], *(f"tests/blender/test_z.py::test_{number}" for number in range(97))]
    assert inside.parts_of(uneven, 2) == [uneven]
    assert inside.parts_of([], 2) == []
