# SPDX-License-Identifier: GPL-3.0-or-later
"""Learning a style, a person or how a mouth looks from videos."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..contract import messages
from ..errors import TalkingAnimationError
from ..host import log
from ..inputs.videos import checked, no_learning_reason, own_file, renderers_folder
from .job import EngineJob, Progress, one_at_a_time, wait


@dataclass
class LessonReport:
    """A style or a person that was learned.

    Attributes:
        path: its file, for `api.generate(style=…)`.
        message: one line for the user.
        warnings: sentences about what to watch out for.
    """

    path: Path
    message: str
    warnings: list[str] = field(default_factory=list)


class Learned(type(Path())):  # type: ignore[misc]  # the class of this system's paths: Path itself makes those alone
    """The file of what was learned, as scripts get it: a path like any other, for `api.generate(style=…)`.

    Attributes:
        message: one line for the user.
        warnings: sentences about what to watch out for, such as clips that were left out; they are in the log, too.
    """

    message: str = ""
    warnings: tuple[str, ...] = ()


class Lesson(EngineJob[LessonReport]):
    """Learning from videos. Where it is cancelled no file is left behind.

    Args:
        clips: one video for a style; 12 s or more of videos for a person.
        person: whether a person is learned, else a style.
        name: of the style or person; "" for the first clip's.
    """

    def __init__(self, clips: Sequence[str | os.PathLike[str]], person: bool = False, name: str = "") -> None:
        super().__init__("Starting the engine")
        paths = [checked(clip) for clip in clips] or [checked("")]
        self.name = name.strip() or Path(paths[0]).stem
        self._kind = "person" if person else "style"
        self._output = own_file(self.name, ".npz" if person else ".json")
        self._warnings: tuple[str, ...] = ()
        output = str(self._output)

        def request(clips: list[str]) -> messages.Request:
            if person:
                return messages.PersonalizeRequest(tuple(clips), output, self.name)
            return messages.StyleRequest(clips[0], output, self.name)

        self._ask_of_films(paths if person else paths[:1], request)

    def _answered(self, answer: messages.Answer) -> None:
        assert isinstance(answer, (messages.PersonResult, messages.StyleResult))
        self._warnings = tuple(map(self._spoken, answer.warnings))

    def _finish(self) -> None:
        message = f"The {self._kind} '{self._output.stem}' was learned: {self._output}"
        self.report = LessonReport(self._output, message, list(self._warnings))


@dataclass
class MouthReport:
    """A person's own renderer that was learned.

    Attributes:
        path: its file, for `PortraitOptions.personal`.
        seconds: of film that it was learned from.
        gain: decibels by which it is nearer than the picture moved alone, on film that was held back.
        message: one line for the user.
        warnings: sentences about what to watch out for.
    """

    path: Path
    seconds: float
    gain: float
    message: str
    warnings: list[str] = field(default_factory=list)


class MouthLesson(EngineJob[MouthReport]):
    """Learning how one person's mouth looks. Where it is cancelled no file is left behind.

    Args:
        clips: 12 s or more of films of that person, together.
        name: of the person; "" for the first clip's.

    Raises:
        TalkingAnimationError: a film is not there, or the engine is not the full one.
    """

    def __init__(self, clips: Sequence[str | os.PathLike[str]], name: str = "") -> None:
        super().__init__("Starting the engine")
        paths = [checked(clip) for clip in clips] or [checked("")]
        reason = no_learning_reason()
        if reason:
            raise TalkingAnimationError(f"{reason}.")
        self.name = name.strip() or Path(paths[0]).stem
        self._output = own_file(self.name, ".npz", renderers_folder())
        self._ask(messages.PersonalizeRequest(tuple(paths), str(self._output), self.name, renderer=True))

    def _answered(self, answer: messages.Answer) -> None:
        assert isinstance(answer, messages.PersonResult)
        self._answer = answer

    def _finish(self) -> None:
        learnt = self._answer
        self.report = MouthReport(
            self._output,
            learnt.seconds,
            learnt.gain or 0.0,
            f"The mouth of '{self.name}' was learned from {learnt.seconds:.0f} s of film and draws the videos: {self._output}",
            list(learnt.warnings),
        )


@one_at_a_time
def style_from_video(
    clip: str | os.PathLike[str], name: str = "", progress: Progress | None = None
) -> Learned:
    """Take a talking style from 5 to 20 s of video; waits.

    Returns:
        The path of the style's .json among the user's presets, for `api.generate(style=…)`; its `warnings` say what to watch
        out for.

    Raises:
        TalkingAnimationError: one sentence.
    """
    return _learned(wait(Lesson([clip], False, name), progress))


@one_at_a_time
def person_from_videos(
    clips: Sequence[str | os.PathLike[str]], name: str = "", progress: Progress | None = None
) -> Learned:
    """Learn a person's head and face manner from 12 s of video or more; waits.

    Returns:
        The path of the person's .npz among the user's presets, for `api.generate(style=…)`; its `warnings` say which clips
        were left out.

    Raises:
        TalkingAnimationError: one sentence.
    """
    return _learned(wait(Lesson(clips, True, name), progress))


@one_at_a_time
def renderer_from_films(
    clips: Sequence[str | os.PathLike[str]], name: str = "", progress: Progress | None = None
) -> MouthReport:
    """Learn how a person's mouth looks from 12 s of film or more, which takes a minute or two; waits. Needs the full engine.

    Returns:
        What was learned; its path is for `api.bake_portrait(…, renderer="PERSONAL", personal=…)`.

    Raises:
        TalkingAnimationError: one sentence.
    """
    return wait(MouthLesson(clips, name), progress)


def _learned(report: LessonReport) -> Learned:
    for warning in report.warnings:
        log.logger.warning("%s", warning)
    learned = Learned(report.path)
    learned.message, learned.warnings = report.message, tuple(report.warnings)
    return learned
