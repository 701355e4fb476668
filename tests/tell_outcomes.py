"""Writes down each test's outcome as soon as it is known, so that nothing is lost where the process does not reach its end:

    python -m pytest -p tests.tell_outcomes --tell-outcomes FILE tests/blender

A line of JSON for what happened: a test began, a phase of it (its setup, itself, its teardown) had an outcome, it ended.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to."""
    parser.addoption("--tell-outcomes", type=Path, required=True, help="the file that tells the outcomes")


def pytest_configure(config: pytest.Config) -> None:
    """Begin the file."""
    config.pluginmanager.register(Teller(config.getoption("--tell-outcomes")))


class Teller:
    """Appends to the file, which is closed in between: a process may end at any moment."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _tell(self, **line: object) -> None:
        with self.path.open("a", encoding="ascii") as file:
            file.write(json.dumps(line) + "\n")

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins."""
        self._tell(test=nodeid, event="began")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A phase had an outcome."""
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
        self._tell(test=report.nodeid, event=report.outcome, text=text, seconds=report.duration)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """A test ended."""
        self._tell(test=nodeid, event="ended")


@dataclass
class Outcome:
    """What became of one test."""

    kind: str = "passed"
    """passed, failed or skipped"""
    text: str = ""
    """Why it failed or was skipped."""
    seconds: float = 0.0


def read_outcomes(path: Path) -> tuple[dict[str, Outcome], str]:
    """The outcomes of the tests that ended, and the one that had begun and did not end, or "".

    A line that was cut off is left out. A test whose teardown failed has failed.
    """
    outcomes: dict[str, Outcome] = {}
    running: dict[str, Outcome] = {}
    for line in path.read_text("ascii").splitlines() if path.exists() else []:
        try:
            told: dict[str, Any] = json.loads(line)
        except ValueError:
            continue
        if told["event"] == "began":
            running[told["test"]] = Outcome()
        elif told["event"] == "ended":
            outcomes[told["test"]] = running.pop(told["test"])
        else:
            outcome = running[told["test"]]
            outcome.seconds += told["seconds"]
            if told["event"] == "failed" or (told["event"] == "skipped" and outcome.kind == "passed"):
                outcome.kind, outcome.text = told["event"], outcome.text or told["text"]
    return outcomes, next(iter(running), "")
