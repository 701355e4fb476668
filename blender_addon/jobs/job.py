# SPDX-License-Identifier: GPL-3.0-or-later
"""What takes a while: polled by buttons beside Blender's window, waited for by scripts."""

from __future__ import annotations

import functools
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Generic, ParamSpec, TypeVar

from ..contract import messages
from ..engine_process import cache, shared
from ..errors import Cancelled, TalkingAnimationError, legible
from ..host import engine_folder, log
from ..inputs import films, videos

Progress = Callable[[float, str], None]
"""Called with 0 to 1 and the name of the stage."""

_POLL_SECONDS = 0.005
_DECODING = 0.3  # of a question's time, where Blender decodes the films that it is about
_Report = TypeVar("_Report")


class Job(Generic[_Report]):
    """Something under way: call `poll` until it returns True, then read `report`.

    Args:
        stage: what is done first.

    Attributes:
        fraction: 0 to 1.
        stage: what is being done.
        report: what came of it; None until done.
        alone: for now nothing else may change the file, since it holds what the job will take away again.
        stops: who ends it now keeps what it has done; else ending it is cancelling.
    """

    def __init__(self, stage: str) -> None:
        self.fraction, self.stage = 0.0, stage
        self.alone = self.stops = False
        self.report: _Report | None = None
        self._over = False
        self._folder: Path | None = None

    @property
    def folder(self) -> Path:
        """A folder for what is needed meanwhile; it goes with the job."""
        if self._folder is None:
            self._folder = cache.temporary_folder()
        return self._folder

    def poll(self) -> bool:
        """Go on for a moment.

        Returns:
            True when all is done.

        Raises:
            TalkingAnimationError: one sentence; the job is over then, and changed nothing.
            Cancelled: the job was stopped.
        """
        if self.report is not None:
            return True
        if self._over:
            raise Cancelled
        try:
            self._go_on()
        except BaseException:
            self.cancel()
            raise
        if self.report is None:
            return False
        self.fraction = 1.0
        self._clean_up()
        return True

    def cancel(self) -> None:
        """Stop; nothing was changed. Safe to call at any time."""
        self._stop()
        self._clean_up()

    def _go_on(self) -> None:
        """Do the next piece of work; sets `report` at the end."""
        raise NotImplementedError

    def _stop(self) -> None:
        """End what is under way outside of this process."""

    def _clean_up(self) -> None:
        self._over = True
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


class EngineJob(Job[_Report]):
    """A job that asks Blender's one engine process one question after the other."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self._asking = False
        self._films: films.Decoding | None = None
        self._then: Callable[[list[str]], messages.Request] | None = None
        self._begun = 0.0  # of the present question, 0 to 1, before the engine was asked
        self._stand_ins: dict[str, str] = {}  # folder of a decoded film → the film

    def _ask_of_films(self, paths: Sequence[str], request: Callable[[list[str]], messages.Request]) -> None:
        """Send a question about videos; where the engine cannot decode them, Blender does so before.

        Args:
            paths: of the videos.
            request: makes the question of them, or of the folders that stand in their place.
        """
        self._then = None
        if videos.engine_decodes():
            self._ask(request(list(paths)))
            self._then, self._paths = request, list(paths)  # should it turn out that it cannot
        else:
            self._decode(paths, request)

    def _decode(self, paths: Sequence[str], request: Callable[[list[str]], messages.Request]) -> None:
        self._films, self._then = films.Decoding(paths, self.folder), request
        self.stage = "Decoding the video"

    def _decoded(self) -> None:
        """Go on decoding; ask when it is done."""
        assert self._films is not None and self._then is not None
        done = self._films.poll()
        self._progressed(_DECODING * self._films.fraction)
        if done:
            folders, request = self._films.folders, self._then
            self._stand_ins.update(zip(folders, self._films.paths))
            self._films, self._then = None, None
            self._ask(request(folders))
            self._begun = _DECODING

    def _ask(self, request: messages.Request) -> None:
        """Send a question; its answer comes to `_answered`."""
        self._begun, self._then = 0.0, None
        log.logger.info("asking the engine to %s", request.command)
        log.logger.debug("request: %s", request)
        shared.get(engine_folder.find_root()).submit(request)
        self._asking = True

    def _go_on(self) -> None:
        if self._films is not None:
            self._decoded()
            return
        self._take_answers()
        if not self._asking and self._films is None and self.report is None:
            self._finish()

    def _take_answers(self) -> None:
        """Hear what the engine has said since the last time, where it was asked something.

        Raises:
            Cancelled: it is gone: the preferences have changed, or the add-on is going.
        """
        if not self._asking:
            return
        engine = shared.running()
        if engine is None:
            raise Cancelled
        for answer in engine.poll():
            self._hear(answer)

    def _hear(self, answer: messages.Answer) -> None:
        if isinstance(answer, messages.Progress):
            self._progressed(self._begun + (1 - self._begun) * answer.fraction)
            self.stage = answer.stage or self.stage
            return
        self._asking = False
        if isinstance(answer, messages.Failure):
            answer = self._of_the_films(answer)
            if answer.code == videos.NO_DECODER and self._then is not None:
                self._decode(self._paths, self._then)
                return
            if self._asked_again(answer):
                return
            log.logger.error("the engine: %s (%s)", answer.message, answer.code)
            raise TalkingAnimationError(self._sentence(answer))
        self._answered(answer)

    def _of_the_films(self, failure: messages.Failure) -> messages.Failure:
        """A failure that speaks of the user's films rather than of the folders that stood in their place."""
        return replace(failure, message=self._spoken(failure.message))

    def _spoken(self, text: str) -> str:
        """A text that speaks of the user's films rather than of the folders that stood in their place."""
        for folder, film in self._stand_ins.items():
            text = text.replace(folder, legible(film))
        return text

    def _asked_again(self, failure: messages.Failure) -> bool:
        """Ask in another way for what has failed; returns whether there is one."""
        return False

    def _sentence(self, failure: messages.Failure) -> str:
        """A failure in one sentence, for the user."""
        return videos.sentence_of(failure)

    def _progressed(self, fraction: float) -> None:
        """A question is so far, 0 to 1."""
        self.fraction = fraction

    def _answered(self, answer: messages.Answer) -> None:
        """A question is answered: ask the next one, or leave it at that."""

    def _finish(self) -> None:
        """Nothing is left to ask: set `report`."""
        raise NotImplementedError

    def _stop(self) -> None:
        engine = shared.running()
        if self._asking and engine is not None:
            engine.cancel()
        self._asking = False
        if self._films is not None:
            self._films.cancel()
            self._films = None


_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")
_turn = threading.RLock()


def one_at_a_time(work: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Decorator of what asks the engine and changes Blender's data: scripts with several threads wait for each other."""

    @functools.wraps(work)
    def waiting(*arguments: _Arguments.args, **options: _Arguments.kwargs) -> _Result:
        with _turn:
            return work(*arguments, **options)

    return waiting


def wait(job: Job[_Report], progress: Progress | None = None) -> _Report:
    """Wait until a job is done; whatever interrupts that, such as an error, cancels the job.

    Args:
        job: just started.
        progress: called with 0 to 1 and the name of the stage, whenever one has changed.

    Returns:
        The job's report.
    """
    shown: tuple[float, str] | None = None
    try:
        while not job.poll():
            if progress is not None and shown != (job.fraction, job.stage):
                shown = (job.fraction, job.stage)
                progress(*shown)
            time.sleep(_POLL_SECONDS)
    except BaseException:
        job.cancel()
        raise
    assert job.report is not None
    return job.report
