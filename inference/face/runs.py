"""Runs of True: where something lasts."""

from __future__ import annotations

import numpy as np

from .arrays import Flags, Indices


def runs_of(flags: Flags) -> Indices:
    """(N, 2) start and stop, one past the last, of each run of True in (T,) bool, in order."""
    return np.flatnonzero(np.diff(flags, prepend=False, append=False)).reshape(-1, 2)
