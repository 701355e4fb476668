"""The plugin that tells which tests cost most processor time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import slowest
from tools.environments import BYTECODE, ENV, ROOT, forget_temporary_bytecode

TESTS = """
import subprocess
import sys

import pytest

BUSY = "import time\\nwhile time.process_time() < 0.4: pass"


@pytest.fixture
def made():
    exec(BUSY.replace("process_time()", "thread_time() - begun").replace("while", "begun = time.thread_time()\\nwhile"))


def test_idle():
    pass


def test_that_starts_another():
    subprocess.run([sys.executable, "-c", BUSY], check=True)


def test_with_a_fixture(made):
    raise AssertionError("a test that fails has taken its time, too")
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, root: Path) -> tuple[str, dict[str, float]]:
    """What is told of three tests, and its figures."""
    folder = tmp_path_factory.mktemp("slowest")
    (folder / "test_three.py").write_text(TESTS)
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tools.slowest", "-p", "no:cacheprovider", str(folder)],
        env={**os.environ, "PYTHONPATH": str(root), slowest.TOLD: str(folder / "told.json")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1, told.stdout + told.stderr
    seconds = json.loads((folder / "told.json").read_text())
    return told.stdout, {name.rpartition("::")[2]: value for name, value in seconds.items()}


def test_children_and_fixtures_count(ran: tuple[str, dict[str, float]]) -> None:
    _, seconds = ran
    least = 0.4 - 0.02  # the system counts another process's time in hundredths
    assert seconds["test_that_starts_another"] >= least and seconds["test_with_a_fixture"] >= least
    assert seconds["test_idle"] < min(seconds["test_that_starts_another"], seconds["test_with_a_fixture"])


def test_the_costly_ones_come_first(ran: tuple[str, dict[str, float]]) -> None:
    told, _ = ran
    rows = told.partition("processor time: tests")[2].splitlines()
    named = [line for line in rows if "::" in line and " s  " in line]
    assert len(named) == 3 and named[-1].endswith("::test_idle")


def test_no_module_is_compiled_again_by_each_process(tmp_path: Path) -> None:
    """And none is compiled into the sources, also where a container forbids it."""
    (tmp_path / "some_module.py").write_text("")
    variables = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **BYTECODE, "PYTHONPATH": str(tmp_path)}
    subprocess.run([sys.executable, "-c", "import some_module"], env=variables, check=True)
    assert not (tmp_path / "__pycache__").exists()
    kept = ENV / "bytecode" / tmp_path.relative_to(tmp_path.anchor)
    assert len(list(kept.glob("some_module.*.pyc"))) == 1
    forget_temporary_bytecode(temporary=tmp_path)
    assert not kept.exists()
    own = ENV / "bytecode" / ROOT.relative_to(ROOT.anchor)
    (own / "nothing").mkdir(parents=True, exist_ok=True)
    forget_temporary_bytecode(temporary=ROOT.parent)
    assert own.exists()
    (own / "nothing").rmdir()
