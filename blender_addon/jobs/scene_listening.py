# SPDX-License-Identifier: GPL-3.0-or-later
"""The first step of a whole scene: find the recordings, and let the engine make the motion of every line and every listener."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from ..contract import messages
from ..contract.names import ALL_VOICES, CHANNELS, CONTENT
from ..contract.wav_files import wav_bytes
from ..engine_process import cache
from ..engine_process.pool import EngineMissing, News, Pool
from ..errors import TalkingAnimationError
from ..inputs import decoding, line_texts, recordings
from ..inputs.manner import Manner
from ..inputs.scene_script import lines as scene_lines
from ..motion import dialogue
from .scene_tasks import CharacterTask, LineTask, SceneWork

_ENDS_AT = 0.85  # of the job
_REMAINS = 1.0  # seconds after which the time left can be told
_START_SECONDS = 0.5  # of a request, whatever its length
_UNKNOWN_SECONDS = 5.0  # of a recording whose length is not known yet, for the progress bar


class Finder:
    """Finds the recording of each line and the file that its motion is kept in; reads no file twice."""

    def __init__(self, work: SceneWork) -> None:
        self._work = work
        self._hashes: dict[str, str] = {}
        self._manners: dict[tuple[str, str, str], Manner] = {}
        self._kept: dict[Path, bool] = {}

    def find(self, task: LineTask) -> None:
        """Find what belongs to a line.

        Raises:
            TalkingAnimationError: where its recording or its style is missing.
        """
        work, line, outcome = self._work, task.line, task.outcome
        scene = work.present_scene()
        folder = work.new_folder()
        if line.strip:
            recording = recordings.from_strip(scene_lines.strip_of(line, scene), scene, folder)
        else:
            recording = recordings.from_file(line.audio, scene)
        if recording.path in self._hashes:
            recording.content = self._hashes[recording.path]
        self._hashes[recording.path] = recording.content
        start = line.start if line.start is not None else recording.start_frame
        task.recording, task.folder, task.first = recording, folder, round(start or 0)
        wanted = line.style, line.channel, line.voice_in_file
        if wanted not in self._manners:
            self._manners[wanted] = work.options.manner(*wanted)
        files = work.options.text_files and self._manners[wanted].options.model == CONTENT
        text = line_texts.text_of(recording, line.text, files)
        task.manner = self._manners[wanted].saying(text)
        # Lines of one seed would all begin with the same nod.
        own = work.derived_seed(f"{line.character}\n{recording.name}\n{recording.begin:.3f}")
        task.seed = own if line.seed is None else line.seed
        outcome.audio, outcome.start = recording.name, task.first
        outcome.seconds = recording.length(_UNKNOWN_SECONDS) / line.speed
        task.result = cache.file_for(
            work.store, **recording.identity(), seed=task.seed, **work.made_by, **task.manner.identity()
        )
        if task.result not in self._kept:
            self._kept[task.result] = work.options.use_cache and cache.has(task.result)
        outcome.cached = self._kept[task.result]


@dataclass
class _Queue:
    """What the engine is asked: result file → whose it is.

    Attributes:
        spoken: lines that are the same recording in the same manner share one.
        listening: characters that listen alike do, too.
        weights: seconds of work of each, about.
    """

    spoken: dict[Path, list[LineTask]] = field(default_factory=dict)
    listening: dict[Path, list[CharacterTask]] = field(default_factory=dict)
    weights: dict[Path, float] = field(default_factory=dict)


class Listening:
    """Lets the engine make the motion of every line, and of every character that listens.

    Args:
        work: the scene.
        characters: whoever listens.
        lost: make what was there and is no more, since somebody cleared the cache meanwhile; else all that is not there yet.
    """

    def __init__(self, work: SceneWork, characters: list[CharacterTask], lost: bool = False) -> None:
        self._work, self._characters, self._lost = work, characters, lost
        self._queue = _Queue()
        self._there: dict[Path, bool] = {}
        self._outputs: dict[Path, Path] = {}
        self._begins_at = work.fraction
        self._finished, self._lines_done = 0.0, 0
        self._partial: dict[Path, float] = {}
        self._retried: set[Path] = set()

    def _gather(self) -> Iterator[bool]:
        """Find what is to be made, a file a step: one that is whole was read for it, which takes a while over a network."""
        work = self._work
        for task in work.lines:
            if not task.alive or task.result is None:
                continue
            if self._lost:
                yield from self._note_whether_there(task.result)
            if not self._there.get(task.result, task.outcome.cached):
                self._queue.spoken.setdefault(task.result, []).append(task)
        if work.options.idle:
            for character in [one for one in self._characters if not self._lost or one.idle is not None]:
                if not self._lost:
                    character.idle = self._idle_file(character)
                assert character.idle is not None
                yield from self._note_whether_there(character.idle)
                if not self._there[character.idle]:
                    self._queue.listening.setdefault(character.idle, []).append(character)
        # One list for both; idle motion first, so that the last line is not followed by something long.
        weights = dict.fromkeys(self._queue.listening, dialogue.IDLE_SECONDS + _START_SECONDS)
        for path, tasks in self._queue.spoken.items():
            weights[path] = tasks[0].outcome.seconds * tasks[0].line.speed + _START_SECONDS
        self._queue.weights = weights
        self._outputs = {path: work.folder / f"{path.stem}.npz" for path in weights}

    def _note_whether_there(self, path: Path) -> Iterator[bool]:
        """Learn whether a file is there, once: whole, or where it was so and the cache may have been cleared, at all."""
        if path not in self._there:
            use = self._work.options.use_cache
            self._there[path] = os.path.exists(path) if self._lost else use and cache.has(path)
            yield False

    def run(self) -> Iterator[bool]:
        """Do it; yields True where there is nothing to do but wait."""
        yield from self._gather()
        weights = self._queue.weights
        if not weights:
            return
        began = time.monotonic()
        self._work.stage = "Starting the engine"
        waiting = list(weights)
        self._work.pool = Pool(self._work.engine_root, most=len(waiting))
        try:
            for arrived in self._work.pool.answers(waiting, self._request):
                for news in arrived:
                    self._hear(news, waiting)
                self._tell(time.monotonic() - began)
                yield True
        except EngineMissing as error:
            self._give_up(str(error))

    def _request(self, path: Path) -> messages.AnimateRequest | None:
        """What to ask for a result; None where nothing can be asked."""
        output = str(self._outputs[path])
        if path in self._queue.listening:
            return self._listened(self._queue.listening[path][0], output)
        return self._spoken(self._queue.spoken[path], output)

    def _spoken(self, tasks: list[LineTask], output: str) -> messages.AnimateRequest | None:
        """How to ask for a line, or several that are the same; None where it cannot be read, which is then their problem."""
        first = tasks[0]
        assert first.recording is not None and first.folder is not None
        try:
            audio = first.recording.readable(first.folder)
            return first.manner.request(audio, output, first.recording.name, first.seed)
        except TalkingAnimationError as error:
            for task in tasks:
                task.outcome.problem = str(error)
            return None

    def _listened(self, character: CharacterTask, output: str) -> messages.AnimateRequest:
        """How to ask for what a character does while it listens."""
        seed = self._work.derived_seed(character.root)
        return _idle_manner(character).request(str(self._silence()), output, "silence", seed)

    def _idle_file(self, character: CharacterTask) -> Path:
        """The file with what a character does while it listens; each has its own, or all would blink together."""
        return cache.file_for(
            self._work.store,
            audio="silence",
            seconds=dialogue.IDLE_SECONDS,
            seed=self._work.derived_seed(character.root),
            **self._work.made_by,
            **_idle_manner(character).identity(),
        )

    def _silence(self) -> Path:
        path = self._work.folder / "silence.wav"
        if not path.exists():
            silence = np.zeros(round(dialogue.IDLE_SECONDS * decoding.RATE))
            path.write_bytes(wav_bytes(silence, decoding.RATE))
        return path

    def _hear(self, news: News, waiting: list[Path]) -> None:
        """Take what an engine says of a result."""
        path = news.key
        if isinstance(news.answer, messages.Progress):
            self._partial[path] = news.answer.fraction
            return
        self._partial.pop(path, None)
        if news.problem and path not in self._retried and self._may_go_well(news):
            self._retried.add(path)
            waiting.append(path)
            return
        self._finished += self._queue.weights[path]
        self._lines_done += path in self._queue.spoken
        self._keep(path, news.problem)

    def _may_go_well(self, news: News) -> bool:
        """Whether what failed is worth another try."""
        if news.key in self._queue.listening:
            return True  # silence is nobody's recording: whatever went wrong may not again
        first = self._queue.spoken[news.key][0]
        assert first.recording is not None and first.folder is not None
        return news.code == messages.NOT_AUDIO and first.recording.decode_instead(first.folder)

    def _keep(self, path: Path, problem: str) -> None:
        """Keep what the engine made, or say whose problem its failure is."""
        kept = path
        if not problem:
            try:
                kept = self._work.kept(cache.keep(self._outputs[path], path))
            except TalkingAnimationError as error:
                problem = str(error)
        for task in self._queue.spoken.get(path, []):
            task.outcome.problem, task.result = problem, kept
        for character in self._queue.listening.get(path, []):
            character.idle = None if problem else kept
            if problem:
                character.warnings.append(f"'{character.root}' does not move while it listens: {problem}")

    def _tell(self, spent: float) -> None:
        """Say how far it is."""
        weights = self._queue.weights
        under_way = sum(weights[path] * part for path, part in self._partial.items())
        share = (self._finished + under_way) / sum(weights.values())
        self._work.fraction = self._begins_at + (_ENDS_AT - self._begins_at) * share
        if self._finished or self._partial:
            self._work.stage = _stage(self._lines_done, len(self._queue.spoken), share, spent)

    def _give_up(self, problem: str) -> None:
        """No engine can be started: what is not there already is not to be had."""
        for tasks in self._queue.spoken.values():
            for task in tasks:
                if task.alive and not (task.result is not None and cache.has(task.result)):
                    task.outcome.problem = problem
        for path, characters in self._queue.listening.items():
            if not cache.has(path):
                for character in characters:
                    character.idle = None


def _idle_manner(character: CharacterTask) -> Manner:
    """How a character listens: in the style of most of its lines, by the engine's own networks."""
    usual = character.usual_manner
    asked = usual.options
    pose = "still" if asked.pose == "still" else "generated"
    silence = {"channel": CHANNELS[0], "voice_in_file": ALL_VOICES, "text": None}
    usual_networks = {"model": CONTENT, "published": messages.PublishedSettings()}
    return replace(usual, options=replace(asked, speaker="none", pose=pose, **silence, **usual_networks))


def _stage(done: int, total: int, share: float, spent: float) -> str:
    text = f"{done} of {total} lines"
    if spent < _REMAINS or share < 0.02:
        return text
    left = spent / share * (1 - share)
    about = f"{left / 60:.0f} min" if left >= 90 else f"{max(1, round(left))} s"
    return f"{text}, about {about} left"
