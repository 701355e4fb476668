# SPDX-License-Identifier: GPL-3.0-or-later
"""Making the video of a talking picture: what is heard, who draws it, where it goes."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import bpy

from ...characters.character import describe
from ...characters.remembered import frame_rate
from ...contract import messages
from ...engine_process import shared
from ...errors import Cancelled, TalkingAnimationError, legible
from ...host import log
from ...inputs import pictures
from ...inputs.videos import NO_DECODER
from ...keys import movie_strips
from ...talking import own_strips, problems
from ...talking.carried import frames_of, motion_file
from ..job import EngineJob, Progress, one_at_a_time, wait
from ..scene_report import LineOutcome, SceneReport
from . import by_engine, heard, output_file, pictured, video_size
from . import plan as plans
from .drawing import Drawing
from .options import BLENDER, ENGINE, PortraitOptions, PortraitReport
from .plan import Plan

_GREY: Final = (0.05, 0.05, 0.05)
_SCENE_ONLY: Final = (
    "KEY_PINNED",
    "SHARED_MESH",
    "SEVERAL_FACES",
    "LEFT_OUT",
    "NOT_IN_SCENE",
    "HIDDEN",
    "NOT_RENDERED",
    "REST_POSITION",
    "MODIFIER_OFF",
    "FPS",
    "FRAME_MAP",
    "RANGE",
    "PREVIEW_RANGE",
    "LINKED",
)
"""Codes of problems that a video does not have, since a scene of its own is made for it. It shows every other one, too."""


class PortraitJob(EngineJob[PortraitReport]):
    """Making the video without blocking; the arguments are those of `bake_portrait`. Scene and file change in the last `poll`."""

    def __init__(
        self,
        character: Any,
        output: str | os.PathLike[str],
        options: PortraitOptions | None = None,
        *,
        scene: Any = None,
    ) -> None:
        super().__init__("Looking at the picture")
        self._options = options or PortraitOptions()
        scene = scene or bpy.context.scene
        self._scene = str(scene.name)
        subject = pictured.pictured(character)
        self._name = str(subject.root.name)
        self._first, self._last = self._options.frames or pictured.frames_said(character)
        given = os.fspath(output)
        inputs = [*heard.sources_of(subject.root), subject.origin.path, motion_file(character)]
        self._path = output_file.checked(
            given, self._options.preview, [bpy.path.abspath(path) for path in inputs if path]
        )
        self._lasting = given if given.startswith("//") and not self._options.preview else str(self._path)
        self._warnings = _told_of(subject, scene)
        self._drawing: Drawing | None = None
        self._renderer = BLENDER
        try:
            self._begin(subject, scene)
        except BaseException:
            self._clean_up()
            raise

    def _check_frames(self) -> None:
        """Whether Blender can render them; the engine draws any."""
        if self._first < 0:
            raise TalkingAnimationError(
                f"'{self._name}' begins to talk at frame {self._first}, and Blender renders from frame 0 on: move its keys there."
            )

    def _begin(self, subject: pictured.Pictured, scene: Any) -> None:
        lies = frames_of(describe(subject.root))
        keys_begin = round(lies[0]) if lies is not None else self._first
        self._heard = heard.heard_of(subject.root, scene, keys_begin, self.folder)
        self._warnings += self._heard.warnings
        wanted = self._options.renderer
        if self._options.engine_only and shared.known_capabilities() is not None and not by_engine.is_able():
            raise TalkingAnimationError(f"{by_engine.NEEDS_FULL}.")
        if wanted == BLENDER or (
            not self._options.engine_only and not (by_engine.is_able() or by_engine.is_perhaps_able())
        ):
            self._draw(subject, scene)
            return
        asked = self._options.by_engine
        apart = by_engine.difference(subject, self._heard, scene, self._options.frames, keys_begin, asked)
        if apart and self._options.engine_only:
            raise TalkingAnimationError(
                f"The engine's video of '{self._name}' would not be what Blender shows, since {apart}: let Blender draw."
            )
        if apart:
            self._draw(subject, scene)
            return
        self._renderer, self.stage = (wanted if self._options.by_engine else ENGINE), "Drawing the video"
        self._warnings += by_engine.told_of_film(subject.origin, self._options)
        self._ask(by_engine.request(subject, self._heard, scene, self._options, keys_begin, self.folder))

    def _asked_again(self, failure: messages.Failure) -> bool:
        if self._options.engine_only or failure.code == "out_of_memory":
            return False
        log.logger.info("Blender draws, since the engine cannot: %s", failure.message)
        scene, root = bpy.data.scenes.get(self._scene), bpy.data.objects.get(self._name)
        if scene is None or root is None:
            return False
        self._renderer = BLENDER
        self._draw(pictured.pictured(root), scene)
        return True

    def _sentence(self, failure: messages.Failure) -> str:
        return f"{by_engine.NEEDS_FULL}." if failure.code == NO_DECODER else super()._sentence(failure)

    def _progressed(self, fraction: float) -> None:
        self.fraction = 0.05 + 0.9 * fraction

    def _answered(self, answer: messages.Answer) -> None:
        assert isinstance(answer, messages.PortraitResult)
        self._warnings += answer.warnings
        self._size = (answer.width, answer.height)
        self._last = self._first + answer.frames - 1

    def _finish(self) -> None:
        if self._drawing is None:
            self._keep(self.folder / plans.VIDEO)

    def _draw(self, subject: pictured.Pictured, scene: Any) -> None:
        """Let the hidden Blender draw."""
        self._check_frames()
        origin = subject.origin
        if pictures.is_film(origin.path):
            self._warnings.append(
                f"The video shows the first picture of {origin.name}: only the full engine lets the film go on."
            )
        size = video_size.of_picture(origin.width, origin.height, self._options.preview)
        self._warnings += _told_of_size((origin.width, origin.height), size, self._options.preview)
        world = scene.world
        plan = Plan(
            base=str(subject.base.name),
            objects=[str(member.name) for member in subject.members],
            picture=[origin.width, origin.height],
            size=[size.width, size.height],
            scale=size.scale,
            first=self._first,
            last=self._last,
            fps=int(scene.render.fps),
            fps_base=float(scene.render.fps_base),
            background=[float(part) for part in (world.color if world is not None else _GREY)],
            sounds=[[sound.path, sound.start] for sound in self._heard.sounds if sound.start <= self._last],
        )
        self._size = (size.width, size.height)
        self.stage = "Drawing the video"
        self._drawing = Drawing(plan, subject.members, self.folder)

    @property
    def drawing_pid(self) -> int:
        """Process id of the Blender that draws; 0 where none does."""
        return self._drawing.pid if self._drawing is not None else 0

    def _go_on(self) -> None:
        if self._drawing is None:
            super()._go_on()
            return
        done = self._drawing.poll()
        self.fraction = 0.05 + 0.9 * self._drawing.fraction
        if done:
            self._keep(self._drawing.video)

    def _stop(self) -> None:
        super()._stop()
        if self._drawing is not None:
            self._drawing.cancel()

    def _keep(self, made: Path) -> None:
        """Put the video where it goes, and into the sequencer."""
        scene = bpy.data.scenes.get(self._scene)
        root = bpy.data.objects.get(self._name)
        output_file.keep(made, self._path)
        rate = frame_rate(scene) if scene is not None else 0.0
        frames = self._last - self._first + 1
        if self._options.add_to_sequencer and not self._options.preview:
            if scene is None or root is None:
                self._warnings.append(
                    f"'{self._name}' or its scene was removed or renamed meanwhile, so the video was not added to the sequencer."
                )
            else:
                self._add(scene, root)
        log.logger.info("the video of %s is done: %d frames", self._name, frames)
        seconds = f"{frames / rate:.1f} s, " if rate else ""
        self.report = PortraitReport(
            str(self._path),
            self._first,
            frames,
            rate,
            self._size,
            self._renderer,
            f"'{self._name}' talks in {legible(self._path.name)}: {seconds}{frames} frames of "
            f"{self._size[0]} × {self._size[1]}.",
            list(dict.fromkeys(self._warnings)),
        )

    def _add(self, scene: Any, root: Any) -> None:
        uid = own_strips.claim(describe(root), scene)
        with_sound = bool(self._heard.sounds) and not self._heard.in_sequencer
        told = movie_strips.place(scene, self._lasting, self._first, uid, with_sound)
        self._warnings += [told] if told else []


@one_at_a_time
def bake_lines(
    report: SceneReport,
    folder: str | os.PathLike[str] = "",
    options: PortraitOptions | None = None,
    *,
    scene: Any = None,
    progress: Progress | None = None,
) -> list[PortraitReport]:
    """A video of each line of a whole scene that a picture says: the file that the table's column bake says, else in a folder,
    named after the line's place, its character and its recording.

    Args:
        report: what became of the scene, which gets the videos, too. A line of which none could be made is told in its warnings.
        folder: an existing folder; "" for videos of those lines alone whose file the table says.
        options: of each; its frames are the line's, and renderer, film_pose and view those of the columns of that name, where
            they say one.
        scene: None for the present scene.
        progress: see `bake_portrait`.

    Returns:
        What was made, in the order of the lines.
    """
    scene = scene or bpy.context.scene
    made: list[PortraitReport] = []
    taken: dict[str, str] = {}  # by another line of this scene
    for number, line in enumerate(report.lines, 1):
        character = bpy.data.objects.get(line.character)
        output = _video_of(line, number, character, folder)
        if not output or line.problem or line.start is None:
            continue
        if character is None or pictured.origin_among(character) is None:
            if line.bake:
                report.warnings.append(
                    f"{line.label}: '{line.character}' was made of no picture, so it was not baked into a video."
                )
            continue
        place = os.path.normcase(os.path.realpath(bpy.path.abspath(output)))
        if place in taken:
            report.warnings.append(
                f"{line.label}: '{output}' is the video of {taken[place]}, so it was not baked: give it a file of its own."
            )
            continue
        first, last = line.start, line.start + max(1, round(line.seconds * frame_rate(scene))) - 1
        try:
            said = pictured.frames_said(character)
            all_of_it = first - 1 <= said[0] and said[1] <= last + 1  # then the video comes to rest, too
            frames = None if all_of_it else (first, last)
            chosen = (options or PortraitOptions()).drawn_with(line.renderer, line.film_pose, line.view)
            one = replace(chosen, frames=frames)
            made.append(wait(PortraitJob(character, output, one, scene=scene), progress))
        except Cancelled:
            raise
        except TalkingAnimationError as error:
            report.warnings.append(f"{line.label}: {error}")
        else:
            taken[place] = line.label
            report.videos.append(made[-1].path)
            report.warnings += [f"{line.label}: {told}" for told in made[-1].warnings]
    return made


def _video_of(line: LineOutcome, number: int, character: Any, folder: str | os.PathLike[str]) -> str:
    """The file that a line's video is written to; "" where none is wanted."""
    if line.bake or not folder or character is None:
        return line.bake
    stem = output_file.file_stem(f"{number:03d} {character.name} {Path(line.audio).stem}")
    return str(Path(folder) / f"{stem}.mp4")


def _told_of(subject: pictured.Pictured, scene: Any) -> list[str]:
    """What keeps the picture or its motion from showing in the video, too."""
    root = subject.root
    gone = (
        f"The image of '{root.name}' is missing or was changed, so the video does not show the picture: give its mesh the "
        "image again."
    )
    return [gone] * (subject.image is None) + [
        problem.message for problem in problems.find_problems(root, scene) if problem.code not in _SCENE_ONLY
    ]


def _told_of_size(picture: tuple[int, int], size: video_size.VideoSize, preview: bool) -> list[str]:
    """How the video's size differs from the picture's."""
    if preview:
        return []
    if size.scale < 1.0:
        return [
            f"The picture of {picture[0]} × {picture[1]} pixels was made smaller: videos are at most {video_size.LONGEST} "
            "wide or high."
        ]
    columns, rows = size.padded
    if not (columns or rows):
        return []
    sides = [f"{columns} columns"] * (columns > 1) + ["one column"] * (columns == 1)
    sides += [f"{rows} rows"] * (rows > 1) + ["one row"] * (rows == 1)
    return [
        f"The video is {' and '.join(sides)} larger than the picture, whose edge goes on there: H.264 needs even sizes."
    ]


@one_at_a_time
def bake_portrait(
    character: Any,
    output: str | os.PathLike[str],
    *,
    scene: Any = None,
    progress: Progress | None = None,
    **options: Any,
) -> PortraitReport:
    """Make a video of a talking picture, H.264 with AAC sound; returns when it is there.

    Args:
        character: any object of a character that was made of a picture and carries a talking animation.
        output: the MP4 file; "//" means beside the .blend file. What is there is replaced once the video is whole.
        scene: None for the present scene, whose frame rate it gets.
        progress: called with 0 to 1 and the name of the stage.
        options: see `PortraitOptions`: renderer, preview, add_to_sequencer, frames, personal, film_pose, view.

    Returns:
        What was made.

    Raises:
        TalkingAnimationError: one sentence: what is wrong and what to do. Nothing was changed.
    """
    report = wait(PortraitJob(character, output, PortraitOptions(**options), scene=scene), progress)
    if progress is not None:
        progress(1.0, "Done")
    return report
