"""How far something is: what is told of it, and how its steps share it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

Progress = Callable[[float, str], None]
"""Called with 0…1 and the name of the stage; may raise to stop."""


def share_of(progress: Progress, start: float, share: float) -> Progress:
    """Progress for one step, which begins where the whole is at ``start`` and makes up a share of it."""
    return partial(_step, progress, start, share)


def _step(progress: Progress, start: float, share: float, fraction: float, stage: str) -> None:
    progress(start + share * fraction, stage)
