"""The table of `build.py bench`, without measuring anything."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import bench


def test_the_table_says_of_which_machine_it_is() -> None:
    rows = [("one hour of speech", 41.237, "s", ""), ("   peak memory", 311.6, "MiB", "< 1024")]
    told = bench.printed(rows, "Abacus 9, 3 cores, 1 GiB, Linux 6.1", "Blender 3.4.1")
    assert told[1].startswith("  Abacus 9, 3 cores") and "Blender 3.4.1" in told[1]
    assert re.search(r"\d{4}-\d\d-\d\d$", told[1])
    assert told[3].split()[-2:] == ["41.24", "s"] and told[4].endswith("312 MiB  < 1024")


def test_cores_are_those_that_may_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "cores", lambda: 3)
    assert ", 3 cores" in bench.describe()


def test_cores_are_counted_in_one_place(root: Path) -> None:
    counting = [
        path.relative_to(root).as_posix()
        for folder in ("blender_addon", "inference", "tools", "demo", "examples")
        for path in (root / folder).rglob("*.py")
        if re.search(r"sched_getaffinity|cpu_count", path.read_text(encoding="utf-8"))
    ]
    assert counting == ["inference/face/cores.py"]


def test_no_computation_takes_more_threads_than_it_is_given(root: Path) -> None:
    """torch keeps what it is told for the whole process, so that all that comes after it waits on too many threads."""
    asked = {}
    for path in sorted((root / "inference").rglob("*.py")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "set_num_threads(" in line:
                asked[f"{path.name}: {line.strip()}"] = "threads_wanted(" in line
    assert len(asked) >= 4 and all(asked.values()), asked
