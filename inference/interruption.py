"""Who is ended, or interrupted by Ctrl-C, puts away first what is unfinished, and does so whatever is going on at that moment."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


@contextmanager
def stopped_by_a_signal() -> Iterator[None]:
    """Whoever ends the process lets it put away what is unfinished first."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    try:
        before = signal.signal(signal.SIGTERM, stop)
    except ValueError:  # only a main thread may
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def signals_wait() -> Iterator[Callable[[], None]]:
    """Lets signals wait while a library calls Python from C.

    What a signal's handler raises in such a call cannot be caught by anyone: Cython prints it and goes on, with a file
    that lacks a piece, or where it is a `SystemExit` ends the process on the spot, with all that is unfinished left behind.

    Yields:
        What is called now and then where nothing calls back: it lets in what has waited, and raises what that raises.
    """
    came: list[int] = []
    handlers: dict[int, Callable[[int, FrameType | None], Any]] = {}

    def let_in() -> None:
        while came:
            number = came.pop(0)
            handlers[number](number, None)

    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if callable(handler):  # else the system sees to it, or nobody
                handlers[number] = handler
                try:
                    signal.signal(number, lambda which, frame: came.append(which))
                except ValueError:  # only in a main thread do handlers run
                    break
        yield let_in
    finally:
        for held, handler in handlers.items():
            try:
                signal.signal(held, handler)
            except ValueError:
                break
        let_in()
