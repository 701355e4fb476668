# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding a face's landmarks and making it talk-ready, beside Blender's window."""

from __future__ import annotations

import threading
import time
from typing import Any, TypeVar

from ..contract import messages
from ..errors import Cancelled, TalkingAnimationError
from ..faces import landmarks
from ..faces.finding import finding
from ..faces.guide import making_guide
from ..faces.landmark_search.points import Landmarks
from ..faces.steps import Ask, Steps, Work, within
from ..faces.talk_ready import apply, cut_lips
from ..faces.talk_ready.apply import TalkReadyReport
from .job import EngineJob

_Report = TypeVar("_Report")
_SLICE_SECONDS = 0.05  # of a poll, for what must be done in Blender


class StepsJob(EngineJob[_Report]):
    """A row of steps: what is worked out runs in a thread, questions go to the engine, the rest in slices.

    Args:
        steps: not begun; what they return is the report.
        stage: what is done first.

    Raises:
        TalkingAnimationError: as the steps do, or since what they look at is gone.
    """

    def __init__(self, steps: Steps[_Report], stage: str) -> None:
        super().__init__(stage)
        self._steps = steps
        self._thread: _Working | None = None
        self._answer: Any = None
        self._failed: Exception | None = None

    def _go_on(self) -> None:
        if self._asking:
            super()._go_on()
            return
        end = time.monotonic() + _SLICE_SECONDS
        while self.report is None and not self._asking:  # a step at least, however short the slice
            if self._thread is not None:
                if not self._thread.over(max(0.0, end - time.monotonic())):
                    self.fraction, self.stage = self._thread.told
                    return
                self._answer, self._failed, self._thread = self._thread.answer, self._thread.failed, None
            self._step()
            if time.monotonic() >= end:
                return

    def _step(self) -> None:
        """Do what is next."""
        answer, failed, self._answer, self._failed = self._answer, self._failed, None, None
        try:
            step = self._steps.send(answer) if failed is None else self._steps.throw(failed)
        except StopIteration as done:
            self.report = done.value
            return
        except ReferenceError as error:  # an object is gone, or an undo made it anew
            raise TalkingAnimationError(
                "The character was changed while its face was looked at: pick it and try again."
            ) from error
        self.stage = step.stage
        if isinstance(step, Work):
            self._thread = _Working(step)
        elif isinstance(step, Ask):
            try:
                self._ask(step.request)
            except TalkingAnimationError as error:  # the engine cannot start: the steps may know another way
                self._failed = error
        else:
            self.fraction = step.fraction

    def _hear(self, answer: messages.Answer) -> None:
        if isinstance(answer, messages.Progress):
            return
        self._asking = False
        if isinstance(answer, messages.Failure):
            self._failed = TalkingAnimationError(answer.message)
        else:
            self._answer = answer

    def _finish(self) -> None:
        """The answer goes to the steps at the next poll."""

    def _stop(self) -> None:
        super()._stop()
        if self._thread is not None:
            self._thread.stop()
            self._thread = None
        self._steps.close()


class _Working:
    """A piece of work in a thread, which touches nothing of Blender.

    Attributes:
        answer: what came of it.
        failed: what it raised.
        told: how far it is, and the name of the stage.
    """

    def __init__(self, work: Work) -> None:
        self.answer: Any = None
        self.failed: Exception | None = None
        self.told = (work.share[0], work.stage)
        self._stopped = False
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()

    def _run(self, work: Work) -> None:
        try:
            self.answer = work.do(within(work.share, self._tell))
        except Exception as error:
            self.failed = error

    def _tell(self, fraction: float, stage: str) -> None:
        if self._stopped:
            raise Cancelled
        self.told = (fraction, stage)

    def over(self, seconds: float) -> bool:
        """Wait for a moment; whether it is done."""
        self._thread.join(max(0.0, seconds))
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Let it end when it next tells how far it is."""
        self._stopped = True


class LandmarksJob(StepsJob["tuple[Any, Landmarks]"]):
    """Finding a character's landmarks and keeping them; the report is the object that carries the face, and the landmarks.

    Args:
        obj: any object of the character.
        by_picture: whether the engine's face detector looks at once.
    """

    def __init__(self, obj: Any, by_picture: bool = False) -> None:
        super().__init__(_kept(obj, by_picture), "Looking for the face")


def _kept(obj: Any, by_picture: bool) -> Steps[tuple[Any, Landmarks]]:
    owner, points = yield from finding(obj, by_picture=by_picture)
    landmarks.store(owner, points)
    return owner, points


class GuideJob(StepsJob[Any]):
    """Laying points over a face, to be moved by hand; the report is their object. See `faces.guide.making_guide`.

    Args:
        obj: any object of the character.
        scene: gets the points.
    """

    def __init__(self, obj: Any, scene: Any) -> None:
        super().__init__(making_guide(obj, scene), "Looking for the face")


class TalkReadyJob(StepsJob[TalkReadyReport]):
    """Giving a character the ARKit shapes that it lacks; see `faces.talk_ready.apply.make`.

    Args:
        obj: any object of the character.
        fill_mouth: whether simple teeth and a tongue are added where nothing lies behind the lips.
    """

    def __init__(self, obj: Any, fill_mouth: bool = True) -> None:
        super().__init__(apply.making(obj, fill_mouth), "Looking for the face")


class CutLipsJob(StepsJob[str]):
    """Cutting lips that are one skin; see `faces.talk_ready.cut_lips`. The report is a sentence."""

    def __init__(self, obj: Any) -> None:
        super().__init__(cut_lips.cutting(obj), "Looking for the lips")
