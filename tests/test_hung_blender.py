"""A test that hangs in a Blender ends with the place where it hangs, not after an hour and a half."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import test_in_blenders as inside
from tools import blenders


def test_it_ends_and_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = tmp_path / "test_one.py"
    suite.write_text("import threading\n\ndef test_that_waits():\n    threading.Event().wait(3600)\n")
    python = blenders.Blender((9, 9, 0), Path(sys.executable), wheel=True)
    monkeypatch.setattr(
        inside, "HANGS", [word.replace(str(inside.HUNG_SECONDS), "1") for word in inside.HANGS]
    )
    code, said = inside.run_inside(python, tmp_path / "user", [str(suite)], 300)
    assert code not in (None, 0) and "test_that_waits" in said and "Timeout" in said


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
