"""A short run of `tools.reliability`: engine killed, disk full. What takes longer is run by hand, see docs/reliability.md."""

from __future__ import annotations

import sys

import pytest

from tools import blenders
from tools.reliability import __main__ as tool

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or blenders.installed() is None, reason="needs blender on Linux"
)


@pytest.mark.parametrize("kind", ["kill", "fill"])
def test_nothing_is_half_or_left(kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    code = tool.main([kind, "--times", "2", "--seed", "3"])
    told = capfd.readouterr().out
    assert code == 0, told
    assert "; 0 differences" in told and (kind == "kill") == ("engine killed at its start: 1 times" in told)


def test_a_difference_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    row = {"name": "disk full", "outcome": "complete", "wrong": ["changed: ('mesh', 'name')"]}
    assert tool.tell([row, {**row, "wrong": []}]) == 1
    assert (
        capfd.readouterr().out
        == "disk full: 2 times, 2 complete; 1 differences\n    changed: ('mesh', 'name')\n"
    )
