# SPDX-License-Identifier: GPL-3.0-or-later
"""A few engine processes that share the requests of a whole scene; one that dies costs its own request only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy

from ..contract import cores, messages
from ..errors import TalkingAnimationError
from . import chosen_python, process

SILENT_SECONDS = 180.0  # a process that says nothing for so long while it works counts as hung
MOST_PROCESSES = 2  # each needs some 150 MB


def process_count() -> int:
    """How many engines are worth starting on this machine."""
    return min(MOST_PROCESSES, cores.cores())


class EngineMissing(TalkingAnimationError):
    """No engine can be started at all, so that no further request makes sense."""


@dataclass(frozen=True)
class News:
    """What became of a request.

    Attributes:
        key: which request; hashable.
        answer: the engine's progress or result; None where it failed.
        problem: why it failed, in one sentence; "" where it did not.
        code: the engine's word for that; "" where it did not fail, or not for a reason that it gave.
    """

    key: Any
    answer: messages.Answer | None
    problem: str = ""
    code: str = ""


@dataclass
class _Seat:
    engine: process.Engine
    key: Any = None
    heard: float = 0.0
    request: messages.Request | None = None


class Pool:
    """Engine processes of its own, apart from the one that the panel's other buttons use.

    Args:
        root: see `engine.find_root`.
        most: how many at most, as there are so many requests; fewer where the machine is small.
    """

    def __init__(self, root: Path, most: int = MOST_PROCESSES) -> None:
        count = max(1, min(most, process_count()))
        # Processes that each use all the cores stand in each other's way.
        share = cores.threads(max(1, cores.cores() // count))
        ways = [
            replace(way, variables=tuple(share.items()))
            for way in process.candidates(root, bpy.app.binary_path, chosen_python.current())
        ]
        self._seats = [_Seat(process.Engine(root, ways)) for _ in range(count)]

    @property
    def pids(self) -> list[int]:
        """Process ids of those that run."""
        return [seat.engine.pid for seat in self._seats if seat.engine.pid is not None]

    def answers(
        self, queue: list[Any], request: Callable[[Any], messages.Request | None]
    ) -> Iterator[list[News]]:
        """Ask for everything in a queue; the processes end with it.

        Args:
            queue: keys, which are not None; it is emptied, and may grow meanwhile.
            request: what to ask for a key, made when its turn comes; None for nothing.

        Yields:
            What has arrived since the last time, mostly nothing.

        Raises:
            EngineMissing: where no engine can be started.
        """
        try:
            while queue or any(seat.key is not None for seat in self._seats):
                while queue and (free := [seat for seat in self._seats if seat.key is None]):
                    key = queue.pop(0)
                    wanted = request(key)
                    if wanted is not None:
                        self._submit(min(free, key=lambda seat: not seat.engine.alive), key, wanted)
                        yield []
                yield self._poll()
        finally:
            self.close()

    def _submit(self, seat: _Seat, key: Any, request: messages.Request) -> None:
        seat.key, seat.heard, seat.request = key, time.monotonic(), request
        self._guarded(seat, lambda: seat.engine.submit(request))

    def _poll(self) -> list[News]:
        news: list[News] = []
        for seat in self._seats:
            if seat.key is None:
                continue
            try:
                answers = self._guarded(seat, seat.engine.poll)
            except EngineMissing:
                raise
            except TalkingAnimationError as error:
                news.append(News(seat.key, None, str(error)))
                seat.key = None
                continue
            for answer in answers:
                seat.heard = time.monotonic()
                if isinstance(answer, messages.Failure):
                    news.append(News(seat.key, None, answer.message, answer.code))
                else:
                    news.append(News(seat.key, answer))
                if not isinstance(answer, messages.Progress):
                    seat.key = None
            if seat.key is not None and time.monotonic() - seat.heard > SILENT_SECONDS:
                seat.engine.cancel()
                sentence = "The engine stopped answering and was ended: try this recording alone."
                news.append(News(seat.key, None, sentence))
                seat.key = None
        return news

    def _guarded(self, seat: _Seat, action: Callable[[], Any]) -> Any:
        """Do something with an engine; one that has never answered and cannot start is no engine."""
        try:
            return action()
        except process.SlowStart:  # there is other work meanwhile, and `SILENT_SECONDS` for this one
            assert seat.request is not None
            seat.engine.submit(seat.request)
            return []
        except TalkingAnimationError as error:
            if not any(other.engine.has_answered for other in self._seats):
                raise EngineMissing(str(error)) from error
            raise

    def close(self) -> None:
        """End all processes. Safe to call at any time."""
        for seat in self._seats:
            seat.key = None
            seat.engine.close()
