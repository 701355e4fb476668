"""A short run of `tools.reliability`: the engine killed, the disk full, folders locked, two Blenders, one that is killed."""

from __future__ import annotations

import sys

import pytest

from tools import blenders, reliability
from tools.reliability import __main__ as tool

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or blenders.installed() is None, reason="needs blender on Linux"
)


def test_nothing_is_half_or_left(capfd: pytest.CaptureFixture[str]) -> None:
    assert reliability.__doc__
    code = tool.main(["all", "--times", "3", "--stop", "0.2", "--seed", "3"])
    told = capfd.readouterr().out
    assert code == 0, told
    assert told.count("0 differences") >= 9 and "Blender killed: 3 times, 3 ended" in told
    assert "engine killed at its start: 1 times, 1 complete" in told


def test_a_difference_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    row = {"name": "disk full", "outcome": "complete", "wrong": ["changed: ('mesh', 'name')"]}
    assert tool.tell([row, {**row, "wrong": []}]) == 1
    assert capfd.readouterr().out == "disk full: 2 times, 2 complete; 1 differences\n    changed: ('mesh', 'name')\n"
