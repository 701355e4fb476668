"""Neither add-on nor engine asks what time it is, nor does a test: people set clocks, and a dead battery sets them to 1970."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from places import ROOT

CLOCKS = {
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "asctime", "strftime"},
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
}


def looks(source: str) -> Iterator[int]:
    """Lines that look at the system's clock, or import what does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            if any(alias.name in CLOCKS["time"] for alias in node.names):
                yield node.lineno
        elif isinstance(node, ast.Attribute):
            owner = (
                node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            )
            if node.attr in CLOCKS.get(owner, ()):
                yield node.lineno


@pytest.mark.parametrize(
    "source",
    [
        "import time\nbegan = time.time()",
        "from time import monotonic, time",
        "import datetime\nprint(datetime.datetime.now())",
        "from datetime import date\nwhen = date.today",
    ],
)
def test_a_look_is_noticed(source: str) -> None:
    assert len(list(looks(source))) == 1


@pytest.mark.parametrize(
    "source", ["from time import monotonic", "time.monotonic()", "time.sleep(1)", "row.time", "scene.now()"]
)
def test_other_things_are_left_alone(source: str) -> None:
    assert not list(looks(source))


CLOCK_THAT_JUMPS = ROOT / "tests" / "helpers" / "clocks.py"
"""It stands in for the system's."""


@pytest.mark.parametrize("room", ["blender_addon", "inference", "tests"])
def test_neither_what_ships_nor_a_test_looks_at_the_clock(room: str) -> None:
    told = [
        f"{path.relative_to(ROOT).as_posix()}:{line}"
        for path in sorted((ROOT / room).rglob("*.py"))
        if "training" not in path.parts and path != CLOCK_THAT_JUMPS
        for line in looks(path.read_text(encoding="utf-8"))
    ]
    assert not told, "use time.monotonic: " + ", ".join(told)
