# SPDX-License-Identifier: GPL-3.0-or-later
"""What a whole scene is made of on its way: its lines, its characters, and what the steps of the work share."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bpy

from ..engine_process import cache
from ..engine_process.pool import Pool
from ..errors import TalkingAnimationError, legible
from ..host import unforeseen
from ..inputs.manner import Manner
from ..inputs.recordings import Recording
from ..inputs.scene_script.lines import Line
from ..motion import dialogue
from .options import GenerateOptions
from .scene_report import LineOutcome


@dataclass
class LineTask:
    """One line on its way.

    Attributes:
        line: what is to be said.
        outcome: what became of it.
        recording: its recording, once it was found.
        folder: for copies of the recording.
        result: the file that its motion is kept in.
        manner, seed: whose manner, and which take.
        first: scene frame of its start.
    """

    line: Line
    outcome: LineOutcome
    recording: Recording | None = None
    folder: Path | None = None
    result: Path | None = None
    manner: Manner = field(default_factory=Manner)
    seed: int = 0
    first: int = 0

    @classmethod
    def of(cls, line: Line) -> LineTask:
        """A line that nothing was done for yet."""
        audio = legible(os.path.basename(line.audio))
        outcome = LineOutcome(
            legible(line.label),
            line.character,
            audio,
            bake=line.bake,
            renderer=line.renderer,
            film_pose=line.film_pose,
            view=line.view,
            problem=legible(line.problem),
        )
        return cls(line, outcome)

    @property
    def alive(self) -> bool:
        """Whether nothing is known against it."""
        return not self.outcome.problem


@dataclass
class CharacterTask:
    """One character on its way.

    Attributes:
        root: name of the object that stands for it.
        lines: all of its lines.
        parts: those whose motion is there, with it.
        performance: all of them as one motion.
        motion: the file that it is kept in.
        is_fitted: whether that is fitted to the character's own shapes.
        idle: the file with what it does while it listens.
        warnings: sentences.
    """

    root: str
    lines: list[LineTask]
    parts: list[tuple[LineTask, dialogue.Part]] = field(default_factory=list)
    performance: dialogue.Performance | None = None
    motion: Path | None = None
    is_fitted: bool = False
    idle: Path | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def spoken(self) -> list[LineTask]:
        """The lines that nothing is known against."""
        return [task for task in self.lines if task.alive]

    @property
    def usual_manner(self) -> Manner:
        """The manner of most of its lines."""
        manners = {task.manner.title: task.manner for task in self.spoken}
        return manners[mostly(task.manner.title for task in self.spoken)]


def characters_of(lines: Iterable[LineTask]) -> list[CharacterTask]:
    """The characters, each with its lines; without those of whom no line is left."""
    own: dict[str, list[LineTask]] = {}
    for task in lines:
        if task.line.character:
            own.setdefault(task.line.character, []).append(task)
    characters = [CharacterTask(name, tasks) for name, tasks in own.items()]
    return [character for character in characters if character.spoken]


@dataclass
class SceneWork:
    """What the steps of the work share.

    Attributes:
        options: how.
        scene: the scene's name.
        lines: all lines.
        store: the cache folder.
        engine_root: the engine's folder.
        folder: for what is needed meanwhile.
        fps: of the scene.
        made_by: what of the engine decides the motion.
        fraction, stage: how far it is.
        pool: the engines at work.
        warnings: sentences about the scene as a whole.
    """

    options: GenerateOptions
    scene: str
    lines: list[LineTask]
    store: Path
    engine_root: Path
    folder: Path
    fps: float = 0.0
    made_by: dict[str, str] = field(default_factory=dict)
    fraction: float = 0.0
    stage: str = ""
    pool: Pool | None = None
    warnings: list[str] = field(default_factory=list)

    def present_scene(self) -> Any:
        """The scene.

        Raises:
            TalkingAnimationError: where it is gone.
        """
        scene = bpy.data.scenes.get(self.scene)
        if scene is None:
            raise TalkingAnimationError(
                f"The scene '{self.scene}' was removed or renamed meanwhile: try again."
            )
        return scene

    def kept(self, kept: cache.Kept) -> Path:
        """Where motion was put; a sentence where that is not in the cache is told once."""
        if kept.warning and kept.warning not in self.warnings:
            self.warnings.append(kept.warning)
        return kept.path

    def new_folder(self) -> Path:
        """A folder of its own for a part of the work."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def derived_seed(self, text: str) -> int:
        """A seed of its own for each text, the same whenever the scene's is."""
        return (self.options.seed * 1009 + zlib.crc32(text.encode())) % (1 << 31)


def guarded(task: LineTask, action: Callable[[LineTask], None]) -> None:
    """Do something for a line; what goes wrong is that line's problem only."""
    try:
        action(task)
    except Exception as error:
        task.outcome.problem = sentence_of(error)


def sentence_of(error: Exception) -> str:
    """What went wrong, for a line's outcome; what is not a known problem goes to the log in full."""
    if isinstance(error, TalkingAnimationError):
        return str(error)
    return unforeseen.sentence("This line", error)


def mostly(titles: Iterable[str]) -> str:
    """The most frequent one."""
    return Counter(titles).most_common(1)[0][0]
