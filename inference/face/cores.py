"""How many of the machine's cores a process may use, and how processes share them. Needs nothing but Python."""

from __future__ import annotations

import os
from typing import Final

_VARIABLES: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Ask numpy's and torch's libraries for so many threads."""


def cores() -> int:
    """How many cores this process may use, from 1 on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Windows and macOS
        return os.cpu_count() or 1


def threads_wanted(most: int | None = None) -> int:
    """How many threads a computation is to take: what the environment asks for (``OMP_NUM_THREADS``), else one for each core.

    Args:
        most: no more than that, from 1 on.
    """
    asked = os.environ.get(_VARIABLES[0], "").partition(",")[0].strip()
    count = int(asked) if asked.isascii() and asked.isdecimal() and int(asked) else cores()
    return count if most is None else min(count, most)


def threads(count: int) -> dict[str, str]:
    """The environment variables of a process that is to use so many cores.

    Args:
        count: from 1 on.
    """
    return dict.fromkeys(_VARIABLES, str(count))


ONE_THREAD: Final = threads(1)
"""For processes that share the cores; sums come out the same however many there are."""
