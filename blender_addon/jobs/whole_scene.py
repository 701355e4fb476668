# SPDX-License-Identifier: GPL-3.0-or-later
"""Making all the characters of a scene talk: every line through the engine, one motion for each character.

A line that fails is told at the end and stops no other. The scene changes in the last step only; pictures that a table calls are
built before, and taken away again where nothing comes of it.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any

import bpy

from ..characters import measurements
from ..characters.character import describe
from ..characters.remembered import playable_frame_rate, refresh
from ..contract import Dials
from ..engine_process import cache, shared
from ..errors import TalkingAnimationError
from ..host import engine_folder, settings
from ..inputs.scene_script.lines import Script
from ..keys import movie_strips, sound_strips
from ..motion import stored_motion
from ..motion.key_reduction import KeyStyle
from ..talking import own_strips, playback, problems
from ..talking.write import Report, preparing, writable, write_new
from . import scene_attention, scene_motion
from .job import Job, Progress, one_at_a_time, wait
from .options import GenerateOptions
from .scene_listening import Finder, Listening
from .scene_pictures import Cast
from .scene_report import SceneReport
from .scene_tasks import CharacterTask, LineTask, SceneWork, characters_of, guarded, mostly, sentence_of

_STEP_SECONDS = 0.03  # how long one `poll` works at most, but for what cannot be divided


@one_at_a_time
def animate_scene(
    script: Script,
    choice: GenerateOptions | None = None,
    *,
    scene: Any = None,
    dials: Dials | None = None,
    keys: KeyStyle | None = None,
    only: str = "",
    progress: Progress | None = None,
) -> SceneReport:
    """Make all the characters of a scene say their lines; returns when the keys are written.

    Args:
        script: the lines; see `inputs.scene_script.lines.from_sequencer` and `from_table`.
        choice: how.
        scene: None for the present scene.
        dials, keys: for all characters; None for those of the choice, and where it has none each character's own.
        only: name of the object that stands for a character (`Line.character`): the others' lines are heard, where it listens,
            and the others stay as they are; "" for all.
        progress: called with 0 to 1 and the name of the stage.

    Returns:
        What became of each line, or of each of that character's.

    Raises:
        TalkingAnimationError: where there is no line at all, or nothing can be done for any. Nothing was changed.
    """
    return wait(SceneJob(script, choice, scene=scene, dials=dials, keys=keys, only=only), progress)


class SceneJob(Job[SceneReport]):
    """`animate_scene` that does not block; its stage tells the time left."""

    def __init__(
        self,
        script: Script,
        choice: GenerateOptions | None = None,
        *,
        scene: Any = None,
        dials: Dials | None = None,
        keys: KeyStyle | None = None,
        only: str = "",
    ) -> None:
        super().__init__("Reading the recordings")
        options = choice or GenerateOptions()
        if dials is not None or keys is not None:
            options = replace(options, dials=dials or options.dials, keys=keys or options.keys)
        if not script.lines:
            raise TalkingAnimationError(_nothing(script))
        if options.text.strip():
            raise TalkingAnimationError(
                "Each line of a scene has a text of its own: give it with the line, or in the table's column 'text'."
            )
        if only and all(line.character != only for line in script.lines):
            raise TalkingAnimationError(f"No line of this scene belongs to '{only}'.")
        stored_motion.require_numpy()
        self._skipped = list(script.skipped)
        self._began = time.monotonic()
        self._place = cache.place(settings.current().cache_folder)
        store, root = self._place.folder, engine_folder.find_root()
        heard = [line for line in script.lines if options.listening > 0 or only in ("", line.character)]
        lines = [LineTask.of(line) for line in heard]
        self._only = only
        self._work = SceneWork(
            options, (scene or bpy.context.scene).name, lines, store, root, self.folder, stage=self.stage
        )
        self._cast = Cast(self._work)
        self._steps = self._all_steps()

    @property
    def engine_pids(self) -> list[int]:
        """Process ids of the engines at work."""
        return self._work.pool.pids if self._work.pool is not None else []

    def _go_on(self) -> None:
        until = time.monotonic() + _STEP_SECONDS
        while self.report is None and time.monotonic() < until:
            is_waiting = next(self._steps)
            self.fraction, self.stage = self._work.fraction, self._work.stage
            if is_waiting:
                return

    def _clean_up(self) -> None:
        if self.report is None:
            self._steps.close()
            self._cast.stop()
        if self._work.pool is not None:
            self._work.pool.close()
        super()._clean_up()

    def _all_steps(self) -> Generator[bool, None, None]:
        """The steps, one after the other; each yields True where there is nothing to do but wait."""
        work = self._work
        measurements.forget()  # shapes may have been changed since the panel looked at them
        work.fps = playable_frame_rate(work.present_scene())
        work.made_by = shared.identity()
        yield False
        yield from self._cast.gather()
        work.stage = "Reading the recordings"
        finder = Finder(work)
        for number, task in enumerate(work.lines):
            if task.alive:
                guarded(task, finder.find)
            work.fraction = 0.05 * (number + 1) / len(work.lines)
            yield False
        characters = characters_of(work.lines)
        for lost in (False, True):
            yield from Listening(work, self._wanted(characters), lost).run()
        for character in characters:
            scene_motion.read(work, character)
            yield False
        scene_motion.leave_out_strays(characters, work.fps)
        characters = [character for character in characters if character.parts]
        span = scene_motion.conversation(characters)
        hearings = scene_attention.hearings(work, characters, span)
        characters = self._wanted(characters)
        for number, character in enumerate(characters):
            work.stage = f"Putting the lines of '{character.root}' together"
            yield False
            scene_motion.merge(work, character, span, hearings.get(character.root))
            work.fraction = 0.85 + 0.05 * (number + 1) / len(characters)
            yield False
        characters = [character for character in characters if character.motion is not None]
        yield from scene_motion.fit(work, characters)
        work.stage, work.fraction = "Measuring the characters", 0.93
        yield True
        self.alone = True
        for character in characters:
            yield from _measured(character)
        self.alone = False
        work.stage, work.fraction = "Writing keys", 0.95
        yield True  # so that the window shows it
        self.report = self._written(characters)
        yield False

    def _wanted(self, characters: list[CharacterTask]) -> list[CharacterTask]:
        """Those that are to be animated."""
        return [character for character in characters if self._only in ("", character.root)]

    def _written(self, characters: list[CharacterTask]) -> SceneReport:
        """Write all characters; what goes wrong with one is its lines' problem."""
        work = self._work
        scene = work.present_scene()
        report = SceneReport(skipped=self._skipped)
        report.warnings += [self._place.warning] if self._place.warning else []
        report.warnings += [told for told in work.warnings if told not in report.warnings]
        for character in characters:
            try:
                written = _write(work, character, scene)
            except Exception as error:
                problem = sentence_of(error)
                for task in character.spoken:
                    task.outcome.problem = problem
            else:
                report.characters[character.root] = written
                report.warnings += written.warnings
                report.adjusted += _adjusted(character)
        self._cast.discard_silent(report.characters)
        report.warnings += self._cast.warnings
        report.lines = [task.outcome for task in work.lines if self._only in ("", task.line.character)]
        for outcome in report.lines:
            outcome.cached = outcome.cached and not outcome.problem
            report.warnings += [told for told in outcome.warnings if told not in report.warnings]
        if report.characters:
            refresh(scene)
            for name in report.characters:
                told = problems.after_writing(bpy.data.objects[name], scene, work.options.extend_range)
                report.warnings += [message for message in told if message not in report.warnings]
        report.spent = time.monotonic() - self._began
        report.message = report.summarised()
        if report.characters:
            report.write_text()
        return report


def _measured(task: CharacterTask) -> Iterator[bool]:
    """Measure a character before its keys are written; what goes wrong is told when they are."""
    root = bpy.data.objects.get(task.root)
    if root is None:
        return
    steps = preparing(describe(root))
    try:
        for _ in steps:
            yield False
    except TalkingAnimationError:
        pass
    finally:
        steps.close()


def _adjusted(task: CharacterTask) -> list[str]:
    """What was changed on a character beside the usual; nothing where its motion was fitted to its own shapes."""
    root = bpy.data.objects.get(task.root)
    if root is None or task.is_fitted:
        return []
    return [f"'{task.root}': {text}." for text in describe(root).adjustments]


def _write(work: SceneWork, task: CharacterTask, scene: Any) -> Report:
    """Write the motion of a character, and its recordings where they are not in the sequencer yet."""
    root = bpy.data.objects.get(task.root)
    if root is None:
        raise TalkingAnimationError(f"'{task.root}' was removed or renamed meanwhile: try again.")
    character, told = writable(describe(root))
    task.warnings += told
    assert task.performance is not None and task.motion is not None
    motion = task.performance.motion
    if task.is_fitted:
        motion = stored_motion.load(task.motion, task.root).resampled(work.fps)
    made = _made(work, task)
    uid = own_strips.claim(character, scene)
    aside = movie_strips.set_aside(scene, uid, str(character.root.name))
    task.warnings += [aside] if aside else []
    report = write_new(character, motion, task.performance.first, made, work.options)
    report.warnings = task.warnings + report.warnings
    _place_sound(work, scene, uid, task.spoken, report)
    report.warnings += own_strips.elsewhere(character.root, scene)
    playback.prepare(scene, work.options)
    report.message = f"'{character.root.name}' says {made['audio']}, {report.curves} curves."
    return report


def _made(work: SceneWork, character: CharacterTask) -> dict[str, Any]:
    """How a character's motion was made, for its actions to remember."""
    assert character.motion is not None
    spoken = character.spoken
    return {
        "audio": f"{len(spoken)} lines" if len(spoken) > 1 else spoken[0].outcome.audio,
        "style": mostly(task.manner.title for task in spoken),
        "seed": work.options.seed,
        "motion": cache.lasting_path(character.motion, settings.current().cache_folder),
        **({} if work.options.add_sound else {"silent": True}),
        "lines": [
            {
                "line": task.outcome.label,
                "audio": task.outcome.audio,
                **(task.recording.record() if task.recording is not None else {"recording": ""}),
                "start": task.first,
                "style": task.manner.title,
                "seed": task.seed,
                "speed": task.line.speed,
            }
            for task in spoken
        ],
    }


def _place_sound(work: SceneWork, scene: Any, uid: str, lines: list[LineTask], report: Report) -> None:
    """Put recordings that are files into the sequencer, in place of those of the character's take before."""
    files = [task for task in lines if not task.line.strip and task.recording is not None]
    if not files or not work.options.add_sound:
        return
    sound_strips.remove(scene, uid)
    told: dict[str, None] = {}
    for task in files:
        assert task.recording is not None
        frames = round(task.outcome.seconds * work.fps)
        missing = sound_strips.add(
            scene, task.recording.lasting_path, task.first, frames, uid, task.line.speed
        )
        if missing:
            told[missing] = None
    report.warnings += list(told)


def _nothing(script: Script) -> str:
    if not script.skipped:
        return "The sequencer of this scene has no sound strips: add the recordings there, or use a table of lines."
    what, why = script.skipped[0]
    rest = f" (and {len(script.skipped) - 1} more)" if len(script.skipped) > 1 else ""
    return (
        f"There is no line to animate: '{what}'{rest} was left out, since {why}. "
        "Name the strips after the characters, or choose the characters in the table of lines."
    )
