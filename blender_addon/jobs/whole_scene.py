# SPDX-License-Identifier: GPL-3.0-or-later
"""Making all the characters of a scene talk: every line through the engine, one motion for each character.

A line that fails is told at the end and stops no other. The scene changes in the last step only.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import traceback
import wave
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import bpy

from ..characters.character import describe
from ..characters.remembered import character_id, frame_rate, refresh
from ..contract import Dials, FaceAnimation
from ..engine_process import cache, process, shared
from ..engine_process.pool import EngineMissing, News, Pool
from ..errors import Cancelled, TalkingAnimationError
from ..faces import own_shapes
from ..host import engine_folder, settings
from ..inputs import manner, recordings
from ..inputs.manner import Manner
from ..inputs.scene_script import lines as scene_lines
from ..inputs.scene_script.lines import Line, Script
from ..keys import sound_strips
from ..motion import dialogue, stored_motion
from ..motion.key_reduction import KeyStyle
from ..talking import problems
from ..talking.write import Report, uses_nla, writable, write_new
from .scene_report import LineOutcome, SceneReport
from .waiting import Progress, wait

_STEP_SECONDS = 0.03  # how long one `poll` works at most, but for what cannot be divided
_REMAINS = 1.0  # seconds after which the time left can be told


@dataclass(frozen=True)
class SceneChoice:
    """How a scene is animated.

    Attributes:
        style, speaker, pose, published: as in `jobs.generate`; a line may name a style of its own.
        seed: which take. Lines that name no seed get one of their own, which follows from this, the character and the recording.
        placement: "NLA" for strips on tracks of their own, "ACTION" for the active actions.
        add_sound: also put the recordings of a table into the sequencer; strips are there already.
        extend_range: move the scene's end so that all lines play.
        idle: characters blink, look about and sway while others speak.
        use_cache: take motion that was made before.
    """

    style: str = manner.AUTO
    speaker: str | None = None
    pose: str = "generated"
    published: dict[str, Any] | None = None
    seed: int = 0
    placement: str = "NLA"
    add_sound: bool = True
    extend_range: bool = True
    idle: bool = True
    use_cache: bool = True


@dataclass
class _Task:
    """One line on its way."""

    line: Line
    outcome: LineOutcome
    source: recordings.Source | None = None
    folder: Path | None = None
    result: Path | None = None
    manner: Manner = field(default_factory=Manner)
    seed: int = 0
    first: int = 0

    @property
    def alive(self) -> bool:
        return not self.outcome.problem


@dataclass
class _Act:
    """One character on its way."""

    root: str
    tasks: list[_Task]
    parts: list[tuple[_Task, dialogue.Part]] = field(default_factory=list)
    performance: dialogue.Performance | None = None
    motion: Path | None = None
    is_fitted: bool = False
    idle: Path | None = None
    warnings: list[str] = field(default_factory=list)


def animate_scene(
    script: Script,
    choice: SceneChoice | None = None,
    *,
    scene: Any = None,
    dials: Dials | None = None,
    keys: KeyStyle | None = None,
    progress: Progress | None = None,
) -> SceneReport:
    """Make all the characters of a scene say their lines; returns when the keys are written.

    Args:
        script: the lines; see `scene_lines.from_sequencer` and `scene_lines.from_table`.
        choice: how.
        scene: None for the present scene.
        dials: for all characters; None keeps each one's own.
        keys: how the motion becomes keys; None keeps each character's own choice.
        progress: called with 0 to 1 and the name of the stage.

    Returns:
        What became of each line.

    Raises:
        TalkingAnimationError: where there is no line at all, or nothing can be done for any. Nothing was changed.
    """
    return wait(SceneJob(script, choice, scene=scene, dials=dials, keys=keys), progress)


class SceneJob:
    """`animate_scene` that does not block: call `poll` until it returns True, then read `report`.

    Attributes:
        fraction: 0 to 1.
        stage: what is being done, with the time left.
        report: what became of the lines; None until done.
    """

    def __init__(
        self,
        script: Script,
        choice: SceneChoice | None = None,
        *,
        scene: Any = None,
        dials: Dials | None = None,
        keys: KeyStyle | None = None,
    ) -> None:
        self.fraction, self.stage = 0.0, "Reading the recordings"
        self.report: SceneReport | None = None
        self._choice = choice or SceneChoice()
        self._use_nla = uses_nla(self._choice.placement)
        if not script.lines:
            raise TalkingAnimationError(_nothing(script))
        stored_motion.require_numpy()
        self._scene = (scene or bpy.context.scene).name
        self._dials, self._keys = dials, keys
        self._skipped = list(script.skipped)
        self._tasks = [
            _Task(
                line,
                LineOutcome(line.label, line.character, os.path.basename(line.audio), problem=line.problem),
            )
            for line in script.lines
        ]
        self._began = time.monotonic()
        self._store = cache.folder(settings.current().cache_folder)
        self._root = engine_folder.find_root()
        self._hashes: dict[str, str] = {}
        self._manners: dict[str, Manner] = {}
        self._pool: Pool | None = None
        self._folder: Path | None = Path(tempfile.mkdtemp(prefix="talking_animation_scene_"))
        self._steps: Iterator[bool] | None = self._work()

    @property
    def engine_pids(self) -> list[int]:
        """Process ids of the engines at work."""
        return self._pool.pids if self._pool is not None else []

    def poll(self) -> bool:
        """Work for a moment.

        Returns:
            True when all is written.

        Raises:
            TalkingAnimationError: as `animate_scene`; the job is over then.
        """
        if self.report is not None:
            return True
        if self._steps is None:
            raise Cancelled
        until = time.monotonic() + _STEP_SECONDS
        try:
            while time.monotonic() < until:
                if next(self._steps):  # nothing to do but wait
                    return False
        except StopIteration:
            self._clean_up()
            self.fraction = 1.0
            return True
        except BaseException:
            self.cancel()
            raise
        return False

    def cancel(self) -> None:
        """Stop; nothing was changed. Safe to call at any time."""
        self._clean_up()

    def _clean_up(self) -> None:
        self._steps = None
        if self._pool is not None:
            self._pool.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    # -- the steps: each yields True where there is nothing to do but wait ---------------------------------

    def _work(self) -> Iterator[bool]:
        scene = self._present_scene()
        self._fps = frame_rate(scene)
        self._made_by = shared.identity()
        yield False
        for number, task in enumerate(self._tasks):
            if task.alive:
                self._guarded(task, self._look)
            self.fraction = 0.05 * (number + 1) / len(self._tasks)
            yield False
        acts = self._acts()
        yield from self._ask(acts)
        for act in acts:
            self._read(act)
            yield False
        acts = [act for act in acts if act.parts]
        span = self._conversation(acts)
        for number, act in enumerate(acts):
            self.stage = f"Putting the lines of '{act.root}' together"
            yield False
            self._merge(act, span)
            self.fraction = 0.85 + 0.05 * (number + 1) / len(acts)
            yield False
        acts = [act for act in acts if act.motion is not None]
        yield from self._fit(acts)
        self.stage = "Writing keys"
        self.fraction = 0.95
        yield True  # so that the window shows it
        self.report = self._finish(acts)

    def _present_scene(self) -> Any:
        scene = bpy.data.scenes.get(self._scene)
        if scene is None:
            raise TalkingAnimationError(
                f"The scene '{self._scene}' was removed or renamed meanwhile: try again."
            )
        return scene

    def _guarded(self, task: _Task, action: Callable[[_Task], None]) -> None:
        """Do something for a line; what goes wrong is that line's problem only."""
        try:
            action(task)
        except Exception as error:
            task.outcome.problem = _sentence(error)

    def _look(self, task: _Task) -> None:
        """Find the recording of a line and the file that its motion is kept in."""
        scene, line, outcome = self._present_scene(), task.line, task.outcome
        assert self._folder is not None
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        if line.strip:
            source = recordings.from_strip(scene_lines.strip_of(line, scene), scene, folder)
        else:
            source = recordings.from_file(line.audio)
        start = line.start if line.start is not None else source.start_frame
        task.source, task.folder, task.first = source, folder, round(start or 0)
        task.manner = self._manner(line.style)
        # Lines of one seed would all begin with the same nod.
        own = self._derived_seed(f"{line.character}\n{source.name}\n{source.begin:.3f}")
        task.seed = own if line.seed is None else line.seed
        outcome.audio, outcome.start = source.name, task.first
        outcome.seconds = _seconds(source) / line.speed
        if source.path not in self._hashes:
            self._hashes[source.path] = recordings.content_hash(source.path)
        task.result = cache.file_for(
            self._store,
            **source.identity(self._hashes[source.path]),
            seed=task.seed,
            **self._made_by,
            **task.manner.identity(),
        )
        outcome.cached = self._choice.use_cache and task.result.is_file()

    def _acts(self) -> list[_Act]:
        """The characters, each with its lines."""
        tasks: dict[str, list[_Task]] = {}
        for task in self._tasks:
            if task.line.character:
                tasks.setdefault(task.line.character, []).append(task)
        return [_Act(name, own) for name, own in tasks.items() if any(task.alive for task in own)]

    # -- the engine ---------------------------------------------------------------------------------------

    def _ask(self, acts: list[_Act]) -> Iterator[bool]:
        """Let the engine make the motion of every line, and of every character that listens."""
        waiting: dict[Path, list[_Task]] = {}
        for task in self._tasks:
            if task.alive and not task.outcome.cached and task.result is not None:
                waiting.setdefault(task.result, []).append(task)
        idle: dict[Path, list[_Act]] = {}
        if self._choice.idle:
            for act in acts:
                act.idle = self._idle_file(act)
                if not (self._choice.use_cache and act.idle.is_file()):
                    idle.setdefault(act.idle, []).append(act)
        # One list for both; idle motion first, so that the last line is not followed by something long.
        weights = dict.fromkeys(idle, dialogue.IDLE_SECONDS)
        weights |= {path: lines[0].outcome.seconds * lines[0].line.speed for path, lines in waiting.items()}
        if not weights:
            return
        assert self._folder is not None
        total = sum(weight + 0.5 for weight in weights.values())
        finished, lines_done = 0.0, 0
        partial: dict[Path, float] = {}
        outputs = {path: self._folder / f"{path.stem}.npz" for path in weights}
        began = time.monotonic()
        self.stage = "Starting the engine"
        retried: set[Path] = set()
        queue = list(weights)

        def request(path: Path) -> dict[str, Any] | None:
            asked = self._listened(idle[path][0]) if path in idle else self._spoken(waiting[path])
            return asked and {**asked, "output": str(outputs[path])}

        self._pool = Pool(self._root, most=len(queue))
        try:
            for arrived in self._pool.answers(queue, request):
                for news in arrived:
                    path = news.key
                    if news.message.get("type") == "progress":
                        partial[path] = process.fraction_of(news.message)
                        continue
                    partial.pop(path, None)
                    if news.problem and path in idle and path not in retried:
                        retried.add(path)  # silence is nobody's recording: whatever went wrong may not again
                        queue.append(path)
                        continue
                    finished += weights[path] + 0.5
                    lines_done += path in waiting
                    self._take(path, news, waiting.get(path, []), idle.get(path, []), outputs[path])
                share = (finished + sum(weights[path] * part for path, part in partial.items())) / total
                self.fraction = 0.05 + 0.8 * share
                if finished or partial:
                    self.stage = _stage(lines_done, len(waiting), share, time.monotonic() - began)
                yield True
        except EngineMissing as error:
            for tasks in waiting.values():
                for task in tasks:
                    if task.alive and not (task.result is not None and task.result.is_file()):
                        task.outcome.problem = str(error)
            for path, listening in idle.items():
                if not path.is_file():
                    for act in listening:
                        act.idle = None

    def _manner(self, style: str) -> Manner:
        """The manner of a line that names this style; "" for the scene's."""
        choice = self._choice
        if style not in self._manners:
            self._manners[style] = manner.read(
                style or choice.style, choice.speaker, choice.pose, choice.published
            )
        return self._manners[style]

    def _idle_manner(self, act: _Act) -> Manner:
        """How a character listens: in the style of most of its lines, by the engine's own networks."""
        manners = {task.manner.title: task.manner for task in act.tasks if task.alive}
        spoken = manners[_mostly(task.manner.title for task in act.tasks if task.alive)]
        pose = "still" if spoken.pose == "still" else "generated"
        return replace(spoken, speaker="none", pose=pose, model=manner.CONTENT, published={})

    def _idle_file(self, act: _Act) -> Path:
        """The file with what a character does while it listens; each has its own, or all would blink together."""
        return cache.file_for(
            self._store,
            audio="silence",
            seconds=dialogue.IDLE_SECONDS,
            seed=self._derived_seed(act.root),
            **self._made_by,
            **self._idle_manner(act).identity(),
        )

    def _derived_seed(self, text: str) -> int:
        """A seed of its own for each text, the same whenever the scene's is."""
        return (self._choice.seed * 1009 + zlib.crc32(text.encode())) % (1 << 31)

    def _spoken(self, tasks: list[_Task]) -> dict[str, Any] | None:
        """How to ask for a line, or several that are the same; None where it cannot be read, which is then their problem."""
        first = tasks[0]
        assert first.source is not None and first.folder is not None
        try:
            audio = recordings.prepare(first.source, first.folder)
        except (TalkingAnimationError, OSError) as error:
            for task in tasks:
                task.outcome.problem = str(error)
            return None
        return first.manner.request(audio, first.source.name, first.seed)

    def _listened(self, act: _Act) -> dict[str, Any]:
        """How to ask for what a character does while it listens."""
        return self._idle_manner(act).request(str(self._silence()), "silence", self._derived_seed(act.root))

    def _silence(self) -> Path:
        assert self._folder is not None
        path = self._folder / "silence.wav"
        if not path.exists():
            with wave.open(str(path), "wb") as stream:
                stream.setnchannels(1)
                stream.setsampwidth(2)
                stream.setframerate(recordings.RATE)
                stream.writeframes(bytes(2 * round(dialogue.IDLE_SECONDS * recordings.RATE)))
        return path

    def _take(self, path: Path, news: News, tasks: list[_Task], listening: list[_Act], output: Path) -> None:
        """Keep what the engine made, or say whose problem its failure is."""
        problem = news.problem
        if not problem:
            try:
                cache.keep(output, path)
            except TalkingAnimationError as error:
                problem = str(error)
        for task in tasks:
            task.outcome.problem = problem
        for act in listening:
            if problem:
                act.idle = None
                act.warnings.append(f"'{act.root}' does not move while it listens: {problem}")

    # -- one motion for each character ---------------------------------------------------------------------

    def _read(self, act: _Act) -> None:
        """Read the motion of a character's lines, at the scene's rate."""
        for task in act.tasks:
            if not task.alive:
                continue
            try:
                motion = _motion(task.result)
            except TalkingAnimationError as error:
                task.outcome.problem = str(error)
                continue
            if dialogue.is_silent(motion):
                task.outcome.problem = (
                    f"'{task.outcome.audio}' holds no speech: record it again, or leave this line out."
                )
                continue
            motion = dialogue.at_speed(motion, task.line.speed).resampled(self._fps)
            task.outcome.seconds = len(motion) / self._fps
            act.parts.append((task, dialogue.Part(motion, task.first)))

    @staticmethod
    def _conversation(acts: list[_Act]) -> tuple[int, int]:
        """First frame of the first line of anybody, and the frame after the last line's last."""
        parts = [part for act in acts for _, part in act.parts]
        return min((part.first for part in parts), default=0), max((part.end for part in parts), default=0)

    def _merge(self, act: _Act, span: tuple[int, int]) -> None:
        """Put the lines of a character together, in the cache."""
        parts = act.parts
        idle = None
        if act.idle is not None and act.idle.is_file():
            try:
                idle = _motion(act.idle).resampled(self._fps)
            except TalkingAnimationError as error:
                act.warnings.append(f"'{act.root}' does not move while it listens: {error}")
        performance = dialogue.merged([part for _, part in parts], self._fps, span, idle)
        for cut, by, frames in performance.cut:
            act.warnings.append(
                f"'{act.root}' says {parts[cut][0].outcome.label} and {parts[by][0].outcome.label} at the same time: "
                f"the later one is shown, and the last {frames / self._fps:.1f} s of the other are not."
            )
        act.performance = performance
        act.motion = cache.file_for(
            self._store,
            performance=dialogue.VERSION,
            lines=[[task.result.name, task.first, task.line.speed] for task, _ in parts if task.result],
            idle=act.idle.name if idle is not None and act.idle is not None else "",
            span=list(span),
            fps=self._fps,
        )
        if self._choice.use_cache and act.motion.is_file():
            return
        try:
            stored_motion.save(performance.motion, act.motion)
        except TalkingAnimationError as error:
            act.motion = None
            for task, _ in parts:
                task.outcome.problem = str(error)

    def _fit(self, acts: list[_Act]) -> Iterator[bool]:
        """Let the engine fit the motion to the own shapes of those characters that ask for it."""
        assert self._folder is not None
        steps: dict[str, Any] = {}
        for act in acts:
            item = bpy.data.objects.get(act.root)
            if item is None or act.motion is None:
                continue
            folder = Path(tempfile.mkdtemp(dir=self._folder))
            step = own_shapes.fitting(describe(item), act.motion, folder)
            if step is None:
                continue
            if self._choice.use_cache and step.result.is_file():
                act.motion, act.is_fitted = step.result, True
            else:
                steps[act.root] = (act, step, folder / "fitted.npz")
            yield False
        if not steps:
            return
        self.stage = "Fitting to the characters' shapes"
        self._pool = Pool(self._root, most=len(steps))

        def request(root: str) -> dict[str, Any]:
            _, step, output = steps[root]
            return step.request(output)

        try:
            for arrived in self._pool.answers(list(steps), request):
                for news in arrived:
                    if news.message.get("type") == "progress":
                        continue
                    act, step, output = steps[news.key]
                    if news.problem:
                        act.warnings.append(
                            f"'{act.root}' moves with general weights, not its own: {news.problem}"
                        )
                        continue
                    cache.keep(output, step.result)
                    act.motion, act.is_fitted = step.result, True
                yield True
        except EngineMissing as error:
            for act, _, _ in steps.values():
                act.warnings.append(f"'{act.root}' moves with general weights, not its own: {error}")

    # -- the scene ----------------------------------------------------------------------------------------

    def _finish(self, acts: list[_Act]) -> SceneReport:
        scene = self._present_scene()
        report = SceneReport(skipped=self._skipped)
        for act in acts:
            try:
                written = self._write(act, scene)
            except Exception as error:
                problem = _sentence(error)
            else:
                report.characters[act.root] = written
                report.warnings += written.warnings
                continue
            for task in act.tasks:
                if task.alive:
                    task.outcome.problem = problem
        report.lines = [task.outcome for task in self._tasks]
        for item in report.lines:
            if item.problem:
                item.cached = False
        if report.characters:
            refresh(scene)
            for name in report.characters:
                found = problems.after_writing(bpy.data.objects[name], scene, self._choice.extend_range)
                report.warnings += [message for message in found if message not in report.warnings]
        report.spent = time.monotonic() - self._began
        report.message = report.summarised()
        if report.characters:
            report.write_text()
        return report

    def _write(self, act: _Act, scene: Any) -> Report:
        """Write the motion of a character, and its recordings where they are not in the sequencer yet."""
        item = bpy.data.objects.get(act.root)
        if item is None:
            raise TalkingAnimationError(f"'{act.root}' was removed or renamed meanwhile: try again.")
        found, told = writable(item)
        act.warnings += told
        assert act.performance is not None and act.motion is not None
        first, motion = act.performance.first, act.performance.motion
        if act.is_fitted:
            motion = stored_motion.load(str(act.motion)).resampled(self._fps)
        tasks = [task for task in act.tasks if task.alive]
        made = {
            "audio": f"{len(tasks)} lines" if len(tasks) > 1 else tasks[0].outcome.audio,
            "style": _mostly(task.manner.title for task in tasks),
            "seed": self._choice.seed,
            "motion": str(act.motion),
            "lines": [
                {
                    "line": task.outcome.label,
                    "audio": task.outcome.audio,
                    "start": task.first,
                    "style": task.manner.title,
                    "seed": task.seed,
                    "speed": task.line.speed,
                }
                for task in tasks
            ],
        }
        report = write_new(found, motion, first, self._use_nla, made, self._dials, self._keys)
        report.warnings = act.warnings + report.warnings
        self._place_sound(scene, character_id(found.root), tasks, report)
        if self._choice.extend_range and scene.frame_end < report.end:
            scene.frame_end = report.end
        report.message = f"'{found.root.name}' says {made['audio']}, {report.curves} curves."
        return report

    def _place_sound(self, scene: Any, uid: str, tasks: list[_Task], report: Report) -> None:
        """Put recordings that are files into the sequencer, in place of those of the character's take before."""
        from_table = [task for task in tasks if not task.line.strip and task.source is not None]
        if not from_table or not self._choice.add_sound:
            return
        sound_strips.remove(scene, uid)
        told: dict[str, None] = {}
        for task in from_table:
            assert task.source is not None
            frames = round(task.outcome.seconds * self._fps)
            missing = sound_strips.add(scene, task.source.path, task.first, frames, uid, task.line.speed)
            if missing:
                told[missing] = None
        report.warnings += list(told)


def _motion(path: Path | None) -> FaceAnimation:
    assert path is not None
    return stored_motion.load(str(path))


def _sentence(error: Exception) -> str:
    """What went wrong, for a line's outcome; what is not a known problem goes to the console in full."""
    if isinstance(error, TalkingAnimationError):
        return str(error)
    traceback.print_exception(type(error), error, error.__traceback__)
    return f"Something unforeseen happened ({type(error).__name__}: {error})."


def _mostly(titles: Iterable[str]) -> str:
    return Counter(titles).most_common(1)[0][0]


def _seconds(source: recordings.Source) -> float:
    """How long a recording is, as far as can be told without decoding it; else a guess, for the progress bar."""
    layout = recordings.wav_layout(source.path)
    if layout is None:
        return source.seconds if source.seconds is not None else 5.0
    whole = max(0.0, layout.size / layout.block / layout.rate - source.begin)
    return whole if source.seconds is None else min(whole, source.seconds)


def _stage(done: int, total: int, share: float, spent: float) -> str:
    text = f"{done} of {total} lines"
    if spent < _REMAINS or share < 0.02:
        return text
    left = spent / share * (1 - share)
    about = f"{left / 60:.0f} min" if left >= 90 else f"{max(1, round(left))} s"
    return f"{text}, about {about} left"


def _nothing(script: Script) -> str:
    if not script.skipped:
        return "The sequencer of this scene has no sound strips: add the recordings there, or use a table of lines."
    what, why = script.skipped[0]
    rest = f" (and {len(script.skipped) - 1} more)" if len(script.skipped) > 1 else ""
    return (
        f"There is no line to animate: '{what}'{rest} was left out, since {why}. "
        "Name the strips after the characters, or choose the characters in the table of lines."
    )
