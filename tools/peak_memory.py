# SPDX-License-Identifier: MIT
"""A plugin of pytest's, for `build.py test`: how long everything took, on processors too, and how much memory all held at once.

It says so before pytest's last line. Only Linux tells what other processes hold; elsewhere the time alone is told.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from tools.environments import TESTS_STARTED
from tools.slowest import spent

EVERY = 2.0
"""Seconds between two looks."""
_PROC = Path("/proc")


def held(root: int) -> int:
    """Bytes that a process and all that it started hold now; what they share is counted for each."""
    parents: dict[int, int] = {}
    pages: dict[int, int] = {}
    for place in _PROC.glob("[0-9]*"):
        try:
            stat = (place / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:  # it has just ended
            continue
        fields = stat.rpartition(")")[2].split()
        parents[int(place.name)], pages[int(place.name)] = int(fields[1]), int(fields[21])
    total = 0
    for process in pages:
        above: int | None = process
        while above not in (None, root, 0, 1):
            above = parents.get(above)  # type: ignore[arg-type]
        total += pages[process] if above == root else 0
    return total * os.sysconf("SC_PAGE_SIZE")


class PeakMemory:
    """Looks again and again, beside the tests."""

    def __init__(self) -> None:
        self.began = float(os.environ.get(TESTS_STARTED, time.monotonic()))
        self.peak = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="peak memory", daemon=True)
        if _PROC.is_dir():
            self._thread.start()

    def _watch(self) -> None:
        while not self._over.is_set():
            self.peak = max(self.peak, held(os.getpid()))
            self._over.wait(EVERY)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say it."""
        self._over.set()
        told = f"{time.monotonic() - self.began:.0f} s with all that was installed"
        told += f"; {spent():.0f} s of processor time in the tests"
        if self.peak:
            told += f"; all processes together held at most {self.peak / 2**30:.2f} GiB"
        terminalreporter.write_line(told)


def pytest_configure(config: pytest.Config) -> None:
    """Begin to look."""
    config.pluginmanager.register(PeakMemory(), "peak memory")
