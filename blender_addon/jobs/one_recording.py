# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a character talk: read the recording, let the engine work, write the keys."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy

from ..characters import measurements
from ..characters.character import Character, describe
from ..characters.controls import controls_of
from ..characters.remembered import frame_rate, playable_frame_rate, refresh
from ..contract import messages
from ..contract.names import CONTENT
from ..engine_process import cache, shared
from ..errors import TalkingAnimationError, legible
from ..faces import own_shapes
from ..host import log, scene_frames, settings
from ..inputs import line_texts, recordings, videos
from ..inputs.recordings import Recording
from ..inputs.videos import VIDEO, VOICE, Filmed
from ..keys import actions, movie_strips, sound_strips
from ..motion import stored_motion
from ..talking import carried, own_strips, playback, problems
from ..talking.carriers import datablocks
from ..talking.write import Report, preparing, refuse_shared, writable, write_new
from .job import EngineJob, Progress, one_at_a_time, wait
from .options import GenerateOptions

_MADE = 0.95  # of the whole: the motion is made, the keys are not yet
_MOSTLY = (
    0.75  # of a line: what begins after it is another line, since both reach into the pause between them
)
_STEP_SECONDS = 0.1  # how long one `poll` measures


@dataclass
class _Question:
    """One question to the engine.

    Attributes:
        request: makes it for an output, when its turn comes.
        result: where the motion that it makes is kept.
        title: shown until the engine says what it does.
        voice: the recording that it hands to the engine.
        film: path of the video that it is about; ``request`` is then made for an output and the video or what stands for it.
    """

    request: Callable[..., messages.Request]
    result: Path
    title: str
    voice: Recording | None = None
    film: str = ""


@one_at_a_time
def generate(
    character: Any, audio: Any, *, scene: Any = None, progress: Progress | None = None, **options: Any
) -> Report:
    """Make a character talk; returns when its keys are written.

    Args:
        character: any object of the character: its mesh, its armature.
        audio: path of a voice recording, or a sound strip of the scene's sequencer.
        scene: None for the present scene.
        progress: called with 0 to 1 and the name of the stage.
        options: see `GenerateOptions`: start_frame, style, speaker, pose, published, channel, voice_in_file, text, text_files,
            seed, placement, add_sound, extend_range, play_in_sync, keep_motion, dials, keys, calibrated, head_bone, use_cache,
            filmed.

    Returns:
        What was written.

    Raises:
        TalkingAnimationError: one sentence: what is wrong and what to do. Nothing was changed.
    """
    report = wait(Job(character, audio, scene=scene, **options), progress)
    if progress is not None:
        progress(1.0, "Done")
    return report


@one_at_a_time
def generate_from_video(
    character: Any,
    video: str | os.PathLike[str],
    *,
    lips_from: str = VIDEO,
    head_from: str = VIDEO,
    audio: Any = None,
    **options: Any,
) -> Report:
    """Move a character as a filmed face moves, or put lips and head together from a video and a voice.

    Args:
        character: any object of the character.
        video: path of a video of a talking face.
        lips_from, head_from: "VIDEO" or "VOICE"; brows, lids and gaze go with the head.
        audio: the voice, as in `generate`; None for the video's own sound.
        options: everything else that `generate` takes.

    Returns:
        What was written.

    Raises:
        TalkingAnimationError: one sentence: what is wrong and what to do. Nothing was changed.
    """
    return generate(character, audio, filmed=videos.filmed(video, lips_from, head_from), **options)


class Job(EngineJob[Report]):
    """Generating that does not block; the arguments are those of `generate`. The scene changes in the last `poll` only."""

    def __init__(self, character: Any, audio: Any, *, scene: Any = None, **options: Any) -> None:
        super().__init__("Reading the recording")
        self._options = GenerateOptions(**options)
        self._warnings: list[str] = []
        self._preparing: Generator[float, None, None] | None = None
        stored_motion.require_numpy()
        scene = scene or bpy.context.scene
        playable_frame_rate(scene)
        start = self._options.start_frame
        told = "" if start is None else scene_frames.beyond(start, start)
        if told:
            raise TalkingAnimationError(
                f"The recording is to start at frame {start}, but {told}: choose another one."
            )
        measurements.forget()  # shapes may have been changed since the panel looked at them
        self._character = describe(character, self._options.head_bone)
        if self._character.problem:
            raise TalkingAnimationError(self._character.problem)
        if not hasattr(self._character.root, "talking_animation"):
            raise TalkingAnimationError("The add-on is not registered: enable Talking Animation first.")
        refuse_shared(self._character)
        actions.refuse_tweak_mode(datablocks(self._character))
        # Names too: while the engine works the user may undo, which makes objects anew.
        self._picked, self._scene = character.name, scene.name
        self._manner = self._options.manner()
        try:
            self._plan(audio, scene)
            self._next()
        except BaseException:
            self._clean_up()
            raise

    def _plan(self, audio: Any, scene: Any) -> None:
        """Decide what the engine is to be asked, as far as its answers are not known."""
        place = cache.place(settings.current().cache_folder)
        store = place.folder
        self._warnings += [place.warning] if place.warning else []
        self._made_by = shared.identity()
        film = self._options.filmed
        if film is not None and not audio:
            self._recording = recordings.from_file(film.path, scene)
        elif isinstance(audio, bpy.types.bpy_struct):
            self._recording = recordings.from_strip(audio, scene, self.folder)
        else:
            self._recording = recordings.from_file(audio, scene)
        files = self._manner.options.model == CONTENT and (film is None or film.lips_from == VOICE)
        text = line_texts.text_of(self._recording, self._options.text, self._options.text_files and files)
        self._manner = self._manner.saying(text)
        self._questions = [self._speech(store)] if film is None else self._questions_of_video(film, store)
        self._result = self._questions[-1].result
        if self._options.use_cache and cache.has(self._result):
            self._questions.clear()
        self._fitting = own_shapes.fitting(self._character, self._result, self.folder)
        self._answers, self._all = 0, len(self._questions) + (self._fitting is not None)

    def _questions_of_video(self, film: Filmed, store: Path) -> list[_Question]:
        """What is asked for a motion that a video gives, or a part of it."""
        video = recordings.from_file(film.path)
        result = cache.file_for(store, video=video.content, **self._made_by)
        captured = _Question(
            lambda output, video: messages.CaptureRequest(video, output),
            result,
            "Reading the video",
            film=film.path,
        )
        spoken = self._speech(store) if film.mixed else None
        if film.lips_from == VIDEO:  # heard is who is seen to speak
            start = self._recording.start_frame if self._recording.strip else None
            self._recording = replace(video, start_frame=start)
        if spoken is None:
            return [captured]
        lips, head = (spoken if part == VOICE else captured for part in (film.lips_from, film.head_from))
        mixed = _Question(
            lambda output: messages.MixRequest(str(lips.result), str(head.result), output),
            cache.file_for(store, mix=[lips.result.name, head.result.name]),
            "Mixing lips and head",
        )
        return [captured, spoken, mixed]

    def _speech(self, store: Path) -> _Question:
        """Making motion of the voice."""
        voice, asked, seed = self._recording, self._manner, self._options.seed
        result = cache.file_for(store, **voice.identity(), seed=seed, **self._made_by, **asked.identity())
        return _Question(
            lambda output: asked.request(voice.readable(self.folder), output, voice.name, seed),
            result,
            "Starting the engine",
            voice,
        )

    def _next(self) -> None:
        """Ask the engine the next question whose answer is not known yet."""
        while self._questions or self._fitting is not None:
            question = self._questions.pop(0) if self._questions else self._fit()
            self._result = question.result
            if self._options.use_cache and cache.has(question.result):
                self._answers += 1
                continue
            self._asked, self._output = question, self.folder / "motion.npz"
            self.fraction, self.stage = max(self.fraction, 0.05), question.title
            self._put(question, str(self._output))
            return

    def _put(self, question: _Question, output: str) -> None:
        if question.film:
            self._ask_of_films([question.film], lambda films: question.request(output, films[0]))
        else:
            self._ask(question.request(output))

    def _fit(self) -> _Question:
        """Where the character asks for it, the engine fits the motion to the character's own shapes."""
        fitting, self._fitting = self._fitting, None
        assert fitting is not None
        fitting.motion = self._result
        return _Question(fitting.request, fitting.result, "Fitting to the character's shapes")

    def _asked_again(self, failure: messages.Failure) -> bool:
        voice = self._asked.voice
        if failure.code != messages.NOT_AUDIO or voice is None or not voice.decode_instead(self.folder):
            return False
        self._ask(self._asked.request(str(self._output)))
        return True

    def _sentence(self, failure: messages.Failure) -> str:
        if failure.code == messages.BAD_ANIMATION:
            return stored_motion.damaged(self._recording.name)
        return super()._sentence(failure)

    def _progressed(self, fraction: float) -> None:
        self.fraction = 0.05 + (_MADE - 0.05) * (self._answers + fraction) / self._all

    def _answered(self, answer: messages.Answer) -> None:
        assert isinstance(answer, (messages.AnimationResult, messages.RetargetResult))
        log.logger.info("the engine is done: %s", self._result.name)
        self._warnings += answer.warnings
        kept = cache.keep(self._output, self._result)
        self._result = self._asked.result = kept.path
        self._warnings += [kept.warning] if kept.warning else []
        self._answers += 1
        self._next()

    def _present(self) -> Character:
        """The character as it now is.

        Raises:
            TalkingAnimationError: where it is gone.
        """
        if self._character.is_current():
            return self._character
        picked = bpy.data.objects.get(self._picked)
        if picked is None:
            raise TalkingAnimationError(
                f"'{self._picked}' was removed or renamed meanwhile: pick the character and generate again."
            )
        return describe(picked, self._options.head_bone)

    def _finish(self) -> None:
        """Measure the character where that takes a while, a little at each poll; then write the keys."""
        if self._preparing is None:
            self._preparing = preparing(self._present())
            self.stage = "Measuring the face"
            self.alone = True
            return
        until = time.monotonic() + _STEP_SECONDS
        for done in self._preparing:
            self.fraction = _MADE + (1 - _MADE) * done
            if time.monotonic() >= until:
                return
        self.alone = False
        self._write()

    def _stop(self) -> None:
        super()._stop()
        if self._preparing is not None:
            self._preparing.close()

    def _write(self) -> None:
        self.stage = "Writing keys"
        scene = bpy.data.scenes.get(self._scene)
        if scene is None:
            raise TalkingAnimationError(
                f"The scene '{self._scene}' was removed or renamed meanwhile: generate again."
            )
        options, voice = self._options, self._recording
        start = options.start_frame
        if start is None:
            start = voice.start_frame if voice.start_frame is not None else scene.frame_current
        motion = stored_motion.load(self._result, voice.name).resampled(playable_frame_rate(scene))
        character, told = writable(self._present())
        made = {
            "audio": voice.name,
            **voice.record(),
            "style": self._manner.title,
            "seed": options.seed,
            "motion": cache.lasting_path(self._result, settings.current().cache_folder),
        }
        if not options.add_sound:
            made["silent"] = True  # on purpose: nobody is told that the sequencer lacks it
        if options.filmed is not None:
            made["filmed"] = legible(os.path.basename(options.filmed.path))
        uid = own_strips.claim(character, scene)
        before = carried.record_of(character), carried.frames_of(character)
        report = write_new(character, motion, start, made, options)
        aside = movie_strips.set_aside(scene, uid, str(character.root.name))
        told = [*told, *([aside] if aside else [])]
        report.warnings = list(dict.fromkeys([*self._warnings, *motion.warnings, *told, *report.warnings]))
        if options.add_sound and not voice.strip:
            missing = sound_strips.place(scene, voice.lasting_path, start, report.frames, uid)
            report.warnings += [missing] if missing else []
        report.warnings += own_strips.elsewhere(character.root, scene)
        report.warnings += _replaced(character, report, voice, *before)
        playback.prepare(scene, options)
        report.message = _told(character, report, voice, len(motion) / frame_rate(scene))
        refresh(scene)
        hidden = problems.after_writing(character, scene, options.extend_range)
        report.warnings = list(dict.fromkeys([*report.warnings, *hidden]))
        self.report = report


def _replaced(
    character: Character,
    report: Report,
    voice: Recording,
    record: dict[str, Any],
    frames: tuple[float, float] | None,
) -> list[str]:
    """A sentence where another line of the character gave way that lay elsewhere, as where scripts write one after the other."""
    if frames is None:
        return []
    others = [
        start
        for path, start in carried.recordings_in(record, round(frames[0]))
        if path not in ("", voice.lasting_path)
    ]
    if len(others) > 1:
        apart = not all(report.start <= start <= report.end for start in others)
    else:
        ends = [first + _MOSTLY * (last - first) for first, last in (frames, (report.start, report.end))]
        apart = bool(others) and (report.start > ends[0] or frames[0] > ends[1])
    if not apart:
        return []
    return [
        f"'{character.root.name}' no longer says {record.get('audio')} from frame {frames[0]:g} to {frames[1]:g}, since "
        "it carries one animation: give several lines of one character as a table or as strips, and animate the whole scene."
    ]


def _told(character: Character, report: Report, voice: Recording, seconds: float) -> str:
    """The line for the user."""
    meshes = "1 mesh" if report.meshes == 1 else f"{report.meshes} meshes"
    carrier = "controls" if controls_of(character) else character.mouths[0].title
    where = meshes if report.meshes else f"its {carrier}"
    adjusted = "".join(f"; {text}" for text in character.adjustments)
    return (
        f"'{character.root.name}' says {voice.name}: {seconds:.1f} s from frame {report.start}, "
        f"{report.curves} curves on {where}{adjusted}."
    )
