"""A short run of `tools.reliability`: engine killed, disk full. What takes longer is run by hand, see docs/reliability.md."""

from __future__ import annotations

import sys

import pytest

from tools import blenders
from tools.reliability import __main__ as tool
from tools.reliability.keys import same_keys

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or blenders.installed() is None, reason="needs blender on Linux"
)


def test_nothing_is_half_or_left(capfd: pytest.CaptureFixture[str]) -> None:
    code = tool.main(["kill", "fill", "--times", "2", "--seed", "3"])
    told = capfd.readouterr().out
    assert code == 0, told
    rows = told.splitlines()[1:]
    assert len(rows) == 3 and all(row.endswith("; 0 differences") for row in rows)
    for row, name in zip(rows, ("engine killed at work: 1", "engine killed at its start: 1", "disk full")):
        assert row.startswith(name)


def test_a_difference_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    row = {"name": "disk full", "outcome": "complete", "wrong": ["changed: ('mesh', 'name')"]}
    assert tool.tell([row, {**row, "wrong": []}]) == 1
    assert (
        capfd.readouterr().out
        == "disk full: 2 times, 2 complete; 1 differences\n    changed: ('mesh', 'name')\n"
    )


def test_the_same_animation_may_be_rounded_otherwise() -> None:
    """Where another Python runs the engine, its numpy may differ in the last digit."""
    whole = [(("jawOpen", 0), [(1.0, 0.25), (2.0, 0.5)]), (("jawLeft", 0), [(1.0, 0.0)])]
    assert same_keys([(("jawOpen", 0), [(1.0, 0.25 + 1e-7), (2.0, 0.5)]), whole[1]], whole)
    assert same_keys([[["jawOpen", 0], [[1.0, 0.25], [2.0, 0.5]]], [["jawLeft", 0], [[1.0, 0.0]]]], whole)
    half = [(("jawOpen", 0), [(1.0, 0.25)]), whole[1]]
    other = [(("jawOpen", 0), [(1.0, 0.25), (2.0, 0.501)]), whole[1]]
    for wrong in ([], whole[:1], whole[::-1], half, other):
        assert not same_keys(wrong, whole)
