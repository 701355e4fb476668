"""A system clock that jumps: every look at it is decades from the one before, forward or back."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

YEAR = 365 * 86400.0
JUMPS = (0.0, 130 * YEAR, 10 * YEAR, 400 * YEAR, 1.0)
"""Seconds since 1970 that it tells in turn."""


def let_jump(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Let `time.time` and what is made of it jump; returns how often it was looked at."""
    looks: list[float] = []
    localtime, gmtime = time.localtime, time.gmtime

    def now() -> float:
        looks.append(JUMPS[len(looks) % len(JUMPS)])
        return looks[-1]

    monkeypatch.setattr(time, "time", now)
    monkeypatch.setattr(time, "time_ns", lambda: int(now() * 1e9))
    for name, known in (("localtime", localtime), ("gmtime", gmtime)):
        monkeypatch.setattr(time, name, lambda at=None, known=known: known(now() if at is None else at))
    return lambda: len(looks)
