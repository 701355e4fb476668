# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures that a scene's table calls as characters: built before their lines are heard, or used again from before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

import bpy

from ..faces.from_picture import build
from .picture import PictureJob, made_before
from .scene_tasks import LineTask, SceneWork, sentence_of


class Cast:
    """The characters that pictures become.

    Attributes:
        made: picture's path → the name of the armature that was made of it here.
        warnings: sentences.
    """

    def __init__(self, work: SceneWork) -> None:
        self._work = work
        self._job: PictureJob | None = None
        self.made: dict[str, str] = {}
        self.warnings: list[str] = []

    def gather(self) -> Iterator[bool]:
        """Find or make each picture's character, and name it to its lines; yields True where there is nothing to do but wait."""
        lines: dict[str, list[LineTask]] = {}
        for task in self._work.lines:
            if task.alive and task.line.picture:
                lines.setdefault(task.line.picture, []).append(task)
        for path, tasks in lines.items():
            yield False
            try:
                known = made_before(path, self._work.present_scene())
                if known is None:
                    told = next((task.line.glasses for task in tasks if task.line.glasses), "auto")
                    self._job = PictureJob(path, scene=self._work.present_scene(), glasses=told)
                    while not self._job.poll():
                        self._work.stage = self._job.stage
                        yield True
                    known = self._kept(path, self._job)
            except Exception as error:
                problem = sentence_of(error)
                for task in tasks:
                    task.outcome.problem = f"{task.outcome.label.capitalize()}: {problem}"
                continue
            for task in tasks:
                task.line = replace(task.line, character=known.name)
                task.outcome.character = known.name

    def _kept(self, path: str, job: PictureJob) -> Any:
        assert job.report is not None
        root = job.report.roots[0]
        self.made[path] = root.name
        self.warnings += job.report.warnings
        return root

    def stop(self) -> None:
        """End what is under way, and take back what was made."""
        if self._job is not None and self._job.report is None:
            self._job.cancel()
        self.discard_silent(())

    def discard_silent(self, talking: Collection[str]) -> None:
        """Take the pictures away again that were made here and are not among the names of those that talk."""
        for path, name in list(self.made.items()):
            root = bpy.data.objects.get(name)
            if name not in talking and root is not None:
                build.remove(root)
            if name not in talking:
                del self.made[path]
