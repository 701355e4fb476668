"""Waiting for what another process or thread does: for the state itself, so that no test depends on how fast anything is."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

HUNG = 300.0
"""Seconds after which something is taken to hang; less would make a test of a busy machine's speed."""


def eventually(condition: Callable[[], object], seconds: float = HUNG) -> bool:
    """Whether something comes true in time: what an engine prints is read by a thread of its own."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def holds(path: Path, text: str) -> bool:
    """Whether a file holds this text by now: it is there before what is written into it."""
    return path.exists() and path.read_text(encoding="utf-8") == text
