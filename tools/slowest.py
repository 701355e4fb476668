# SPDX-License-Identifier: MIT
"""A plugin of pytest's: the tests that cost most processor time, with all processes that they started and waited for.

    python build.py test -p tools.slowest tests/inference
    python build.py inside 4.5 -p tools.slowest

Processor time hardly depends on what else the machine does; pytest's own --durations tells how long one waited. What a fixture
makes for several tests counts for the first of them. The tests in Blender are measured there: a run that starts the Blenders
itself counts each Blender for whatever test runs while it ends.
"""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROWS = 40
"""Tests and files in each table."""
TOLD = "TALKING_SLOWEST"
"""Environment variable: a file for all figures, as JSON: a test's name → seconds."""


def spent() -> float:
    """Seconds of processor time that this process and those it waited for took so far."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


class Slowest:
    """Takes the time of each test, its fixtures included."""

    def __init__(self) -> None:
        self.began = spent()
        self.seconds: dict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Take one test's time."""
        before = spent()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] += spent() - before

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell the tests and the files that took most."""
        files: dict[str, float] = defaultdict(float)
        for name, seconds in self.seconds.items():
            files[name.partition("::")[0]] += seconds
        for title, rows in (("files", files), ("tests", self.seconds)):
            terminalreporter.section(f"processor time: {title}")
            for name, seconds in sorted(rows.items(), key=lambda row: -row[1])[:ROWS]:
                terminalreporter.write_line(f"{seconds:8.2f} s  {name}")
        terminalreporter.write_line(
            f"{sum(files.values()):8.2f} s  in all tests, {spent() - self.began:.2f} s with their collection"
        )
        if TOLD in os.environ:
            Path(os.environ[TOLD]).write_text(json.dumps(self.seconds, indent=0), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Begin."""
    config.pluginmanager.register(Slowest(), "slowest")
