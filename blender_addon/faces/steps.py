# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on a face as a row of steps, so that scripts may wait for it and a window stays alive meanwhile.

A generator yields what is to be done next and gets its result: `Work`, which touches nothing of Blender and may run in a
thread, `Ask`, a question to the engine, or `Pause`. What fails is raised where it was yielded.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

from ..contract import messages
from ..engine_process import question

Progress = Callable[[float, str], None]
"""Called with 0 to 1 and the name of the stage."""


@dataclass(frozen=True)
class Work:
    """Something to work out.

    Attributes:
        stage: what it is, for the user.
        do: does it, and calls what it is given with 0 to 1 and the name of the stage, which ends it where the user wants.
        share: of the whole time, from and to.
    """

    stage: str
    do: Callable[[Progress], Any]
    share: tuple[float, float] = (0.0, 1.0)


@dataclass(frozen=True)
class Ask:
    """A question to the engine; its answer is the result."""

    stage: str
    request: messages.Request


@dataclass(frozen=True)
class Pause:
    """A moment for the window; `fraction` of all is done."""

    fraction: float
    stage: str


Step = Work | Ask | Pause
_Result = TypeVar("_Result")
Steps = Generator[Step, Any, _Result]


def within(share: tuple[float, float], progress: Progress) -> Progress:
    """Tells the progress of a part as that of the whole."""
    begin, end = share
    return lambda fraction, stage: progress(begin + (end - begin) * fraction, stage)


def run(steps: Steps[_Result], progress: Progress | None = None) -> _Result:
    """Do all steps and wait for them; returns what comes of it, and raises what they raise."""
    tell = progress or (lambda fraction, stage: None)
    answer: Any = None
    failed: Exception | None = None
    while True:
        try:
            step = steps.send(answer) if failed is None else steps.throw(failed)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]
        answer, failed = None, None
        try:
            if isinstance(step, Work):
                answer = step.do(within(step.share, tell))
            elif isinstance(step, Ask):
                answer = question.ask(step.request)
            else:
                tell(step.fraction, step.stage)
        except Exception as error:
            failed = error
