# SPDX-License-Identifier: GPL-3.0-or-later
"""The second step of a whole scene: one motion for each character, fitted to its own shapes where it asks for that."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import bpy

from ..characters.character import describe
from ..contract import Dials, listening, messages
from ..contract.dialled import dialled
from ..engine_process import cache
from ..engine_process.pool import EngineMissing, News, Pool
from ..errors import TalkingAnimationError
from ..faces import own_shapes
from ..motion import dialogue, stored_motion
from .scene_tasks import CharacterTask, LineTask, SceneWork

_MOST_SILENCE: Final = 3600.0  # s in which nobody of a scene speaks
_TOUCHING: Final = 0.1  # s by which lines that follow each other may overlap without a word


def read(work: SceneWork, character: CharacterTask) -> None:
    """Read the motion of a character's lines, at the scene's rate; what cannot be read is that line's problem."""
    for task in character.spoken:
        assert task.result is not None
        try:
            motion = stored_motion.load(task.result, task.outcome.audio)
        except TalkingAnimationError as error:
            task.outcome.problem = str(error)
            continue
        if dialogue.is_silent(motion):
            task.outcome.problem = (
                f"'{task.outcome.audio}' holds no speech: record it again, or leave this line out."
            )
            continue
        task.outcome.warnings = list(motion.warnings)
        motion = dialogue.at_speed(motion, task.line.speed).resampled(work.fps)
        motion = dialled(motion, task.line.dials) if task.line.dials != Dials() else motion
        task.outcome.seconds = len(motion) / work.fps
        character.parts.append((task, dialogue.Part(motion, task.first)))


def leave_out_strays(characters: list[CharacterTask], fps: float) -> None:
    """Leave out lines before or after which nobody speaks for very long: a start that was mistyped would cost all characters
    hours of listening, and gigabytes. The group with most lines stays, of equal ones the first.
    """
    parts = sorted(
        (part.first, part.end, number, place)
        for number, character in enumerate(characters)
        for place, (_, part) in enumerate(character.parts)
    )
    groups: list[list[tuple[int, int]]] = []
    heard_until = -math.inf
    for first, end, number, place in parts:
        if first - heard_until > _MOST_SILENCE * fps:
            groups.append([])
        groups[-1].append((number, place))
        heard_until = max(heard_until, end)
    if len(groups) < 2:
        return
    largest: list[tuple[int, int]] = max(groups, key=len)
    kept = set(largest)
    for number, character in enumerate(characters):
        for place, (task, part) in enumerate(character.parts):
            if (number, place) not in kept:
                task.outcome.problem = (
                    f"'{task.outcome.audio}' of '{character.root}' starts at frame {part.first}, and nobody speaks for more than "
                    "an hour between it and the other lines: correct where it or they start, or give it a scene of its own."
                )
        character.parts = [spoken for place, spoken in enumerate(character.parts) if (number, place) in kept]


def conversation(characters: list[CharacterTask]) -> tuple[int, int]:
    """First frame of the first line of anybody, and the frame after the last line's last."""
    parts = [part for character in characters for _, part in character.parts]
    return min((part.first for part in parts), default=0), max((part.end for part in parts), default=0)


def merge(
    work: SceneWork, character: CharacterTask, span: tuple[int, int], hearing: dialogue.Hearing | None = None
) -> None:
    """Put the lines of a character together, with what it does while it hears others, in the cache."""
    parts = character.parts
    idle = None
    if character.idle is not None and character.idle.is_file():
        try:
            idle = stored_motion.load(character.idle, character.root).resampled(work.fps)
        except TalkingAnimationError as error:
            character.warnings.append(f"'{character.root}' does not move while it listens: {error}")
    performance = dialogue.merged([part for _, part in parts], work.fps, span, idle, hearing)
    for cut, by, frames in performance.cut:
        if frames / work.fps < _TOUCHING:
            continue
        character.warnings.append(
            f"'{character.root}' says {parts[cut][0].outcome.label} and {parts[by][0].outcome.label} at the same time: "
            f"the later one is shown, and the last {frames / work.fps:.1f} s of the other are not."
        )
    character.performance = performance
    own_dials = _dials_of_lines(parts)
    character.motion = cache.file_for(
        work.store,
        performance=dialogue.VERSION,
        lines=[[task.result.name, task.first, task.line.speed] for task, _ in parts if task.result],
        idle=character.idle.name if idle is not None and character.idle is not None else "",
        span=list(span),
        fps=work.fps,
        **({"dials": own_dials} if any(own_dials) else {}),
        # Without it the name is what it was before there was listening.
        **({"listening": asdict(hearing), "listening_version": listening.VERSION} if hearing else {}),
    )
    if work.options.use_cache and cache.has(character.motion):
        return
    try:
        motion = performance.motion
        kept = cache.written(character.motion, lambda path: stored_motion.save(motion, path))
        character.motion = work.kept(kept)
    except TalkingAnimationError as error:
        character.motion = None
        for task, _ in parts:
            task.outcome.problem = str(error)


def _dials_of_lines(parts: list[tuple[LineTask, dialogue.Part]]) -> list[dict[str, float]]:
    """The dials of each line; {} for one that has none of its own."""
    return [task.line.dials.plain if task.line.dials != Dials() else {} for task, _ in parts]


@dataclass(frozen=True)
class _Asked:
    """A character whose motion the engine is to fit to its own shapes.

    Attributes:
        character: whose.
        fitting: what is to be fitted.
        output: the file that the engine writes.
    """

    character: CharacterTask
    fitting: own_shapes.Fitting
    output: Path

    def refuse(self, problem: str) -> None:
        """Leave the character its general weights, and say why."""
        name = self.character.root
        self.character.warnings.append(f"'{name}' moves with general weights, not its own: {problem}")

    def take(self, work: SceneWork, news: News) -> None:
        """Give the character what the engine answered."""
        if news.problem:
            lost = news.code == messages.BAD_ANIMATION
            self.refuse(stored_motion.damaged(self.character.root) if lost else news.problem)
            return
        try:
            kept = cache.keep(self.output, self.fitting.result)
        except TalkingAnimationError as error:
            self.refuse(str(error))
            return
        self.character.motion, self.character.is_fitted = work.kept(kept), True


def fit(work: SceneWork, characters: list[CharacterTask]) -> Iterator[bool]:
    """Let the engine fit the motion to the own shapes of those characters that ask for it."""
    asked = yield from _asked(work, characters)
    if not asked:
        return
    work.stage = "Fitting to the characters' shapes"
    work.pool = Pool(work.engine_root, most=len(asked))

    def request(root: str) -> messages.RetargetRequest:
        return asked[root].fitting.request(str(asked[root].output))

    try:
        for arrived in work.pool.answers(list(asked), request):
            for news in arrived:
                if not isinstance(news.answer, messages.Progress):
                    asked[news.key].take(work, news)
            yield True
    except EngineMissing as error:
        for one in asked.values():
            one.refuse(str(error))


def _asked(work: SceneWork, characters: list[CharacterTask]) -> Generator[bool, None, dict[str, _Asked]]:
    """By its root, each character that has to be fitted; those that were before take that from the cache."""
    asked: dict[str, _Asked] = {}
    for character in characters:
        root = bpy.data.objects.get(character.root)
        if root is None or character.motion is None:
            continue
        folder = work.new_folder()
        fitting = own_shapes.fitting(describe(root), character.motion, folder)
        if fitting is None:
            continue
        if work.options.use_cache and cache.has(fitting.result):
            character.motion, character.is_fitted = fitting.result, True
        else:
            asked[character.root] = _Asked(character, fitting, folder / "fitted.npz")
        yield False
    return asked
