"""What reading one file may cost: processor time and memory, held by the system, so that no bomb takes the tests down."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_MEMORY = Path("/proc/self/statm")
SECONDS = 2
"""Of processor time, so that a busy machine changes nothing."""
BYTES = 500 << 20
"""Of memory beyond what is taken already."""


class TooSlow(BaseException):
    """Not an Exception: nothing that reads files may take it for damage."""


@contextmanager
def limited() -> Iterator[None]:
    """Let more memory be refused, and more time raise `TooSlow`, within the block; nothing where the system knows no limits."""
    try:
        import resource
    except ImportError:  # Windows
        yield
        return
    if not _MEMORY.exists():  # macOS
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"more than {SECONDS} s of processor time")

    taken = int(_MEMORY.read_text().split()[0]) * resource.getpagesize()
    before, hardest = resource.getrlimit(resource.RLIMIT_AS)
    handler = signal.signal(signal.SIGVTALRM, stop)
    resource.setrlimit(resource.RLIMIT_AS, (taken + BYTES, hardest))
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        resource.setrlimit(resource.RLIMIT_AS, (before, hardest))
        signal.signal(signal.SIGVTALRM, handler)
