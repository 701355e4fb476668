# SPDX-License-Identifier: GPL-3.0-or-later
"""Videos of all talking pictures of a scene, one after the other."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import bpy

from ...characters.pictures import origin_of
from ...errors import Cancelled, TalkingAnimationError
from ..job import Job
from . import output_file, pictured
from .bake import PortraitJob
from .options import PortraitOptions, PortraitReport


@dataclass
class PortraitsReport:
    """What was made.

    Attributes:
        videos: in the order of their pictures' names.
        message: one line for the user.
        warnings: sentences, those of pictures of which no video could be made among them.
    """

    videos: list[PortraitReport] = field(default_factory=list)
    message: str = ""
    warnings: list[str] = field(default_factory=list)


def talking_pictures(scene: Any) -> list[Any]:
    """An armature of each picture of a scene that says something and can be baked, by their names; one of several faces."""
    bases: dict[Any, Any] = {}
    for part in sorted(scene.objects, key=lambda part: str(part.name)):
        if part.type != "ARMATURE" or origin_of(part) is None:
            continue
        with contextlib.suppress(TalkingAnimationError):  # it says nothing, or is linked
            bases.setdefault(pictured.pictured(part).base, part)
    return list(bases.values())


class AllPortraitsJob(Job[PortraitsReport]):
    """Bakes each talking picture of a scene into a video named after it; those that are whole stay where it is stopped.

    Args:
        folder: an existing folder; "//" for the one of the .blend file.
        options: of each.
        scene: which one.

    Raises:
        TalkingAnimationError: where no picture talks; one sentence.
    """

    def __init__(self, folder: str, options: PortraitOptions, scene: Any) -> None:
        super().__init__("Baking the pictures")
        self._names: Sequence[str] = [part.name for part in talking_pictures(scene)]
        if not self._names:
            raise TalkingAnimationError(
                "No picture of this scene says anything: generate its talking animation first."
            )
        self._stems = output_file.file_stems(self._names)
        self._place, self._options, self._scene = folder, options, scene.name
        self._number = 0
        self._now: PortraitJob | None = None
        self._made = PortraitsReport()

    def _go_on(self) -> None:
        if self._number == len(self._names):
            self._finish()
            return
        name = self._names[self._number]
        try:
            if self._now is None:
                self._now = self._begun(name)
            done = self._now.poll()
            self.stage = f"{name}: {self._now.stage}"
            self.fraction = (self._number + self._now.fraction) / len(self._names)
        except Cancelled:  # the add-on goes or its engine was stopped: that ends all of them
            raise
        except TalkingAnimationError as error:
            self._made.warnings.append(f"{name}: {error}")
            done = True
        if done:
            if self._now is not None and self._now.report is not None:
                self._made.videos.append(self._now.report)
                self._made.warnings += [f"{name}: {told}" for told in self._now.report.warnings]
            self._now = None
            self._number += 1

    def _begun(self, name: str) -> PortraitJob:
        character, scene = bpy.data.objects.get(name), bpy.data.scenes.get(self._scene)
        if character is None or scene is None:
            raise TalkingAnimationError(
                "it or its scene was removed or renamed meanwhile, so it was not baked."
            )
        separator = "" if self._place.endswith(("/", "\\")) else "/"
        output = f"{self._place}{separator}{self._stems[self._number]}{output_file.SUFFIX}"
        return PortraitJob(character, output, self._options, scene=scene)

    def _finish(self) -> None:
        made = self._made
        if not made.videos:
            raise TalkingAnimationError(made.warnings[0])
        count = len(made.videos)
        made.message = (
            made.videos[0].message if count == 1 else f"{count} pictures talk in videos of their own."
        )
        self.report = made

    def _stop(self) -> None:
        if self._now is not None:
            self._now.cancel()
            self._now = None
