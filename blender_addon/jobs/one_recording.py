# SPDX-License-Identifier: GPL-3.0-or-later
"""Making a character talk: read the recording, let the engine work, write the keys."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import bpy

from ..characters.character import describe
from ..characters.remembered import character_id, frame_rate, refresh
from ..contract import Dials
from ..engine_process import cache, shared
from ..engine_process import process as engine
from ..errors import Cancelled, TalkingAnimationError
from ..faces import own_shapes
from ..host import engine_folder, log, settings
from ..inputs import manner, recordings, videos
from ..inputs.manner import Manner
from ..inputs.videos import VIDEO, VOICE, Filmed
from ..keys import sound_strips
from ..motion import stored_motion
from ..motion.key_reduction import KeyStyle
from ..talking import problems
from ..talking.write import Report, uses_nla, writable, write_new
from .waiting import Progress, wait


@dataclass(frozen=True)
class _Choice:
    start_frame: int | None
    manner: Manner
    seed: int
    use_nla: bool
    add_sound: bool
    extend_range: bool
    head_bone: str
    use_cache: bool
    filmed: Filmed | None


@dataclass(frozen=True)
class _Step:
    """One question to the engine.

    Attributes:
        request: without its output; made when its turn comes.
        result: where the motion that it makes is kept.
        title: shown until the engine says what it does.
    """

    request: Callable[[], dict[str, Any]]
    result: Path
    title: str


def generate(
    character: Any,
    audio: Any,
    *,
    start_frame: int | None = None,
    style: str = manner.AUTO,
    speaker: str | None = None,
    pose: str = "generated",
    published: dict[str, Any] | None = None,
    seed: int = 0,
    placement: str = "NLA",
    add_sound: bool = True,
    extend_range: bool = True,
    dials: Dials | None = None,
    keys: KeyStyle | None = None,
    head_bone: str | None = None,
    scene: Any = None,
    progress: Progress | None = None,
    use_cache: bool = True,
    filmed: Filmed | None = None,
) -> Report:
    """Make a character talk; returns when its keys are written.

    Args:
        character: any object of the character: its mesh, its armature.
        audio: path of a voice recording, or a sound strip of the scene's sequencer.
        start_frame: scene frame at which the recording starts; None for the strip's own start, else the
            scene's present frame.
        style: a style's name, "auto" for the ordinary one as lively as the voice, the path of a style's .json or a person's
            .npz, or a mixture such as "calm:0.3,lively:0.7".
        speaker: "auto" lets the voice say how lively the style is, "none" does not; a folder of persons' .npz files lets the
            voice choose among them; None: "auto" where the style is "auto".
        pose: where the head's motion comes from: "generated" from the voice, "replayed" from a person's clip, "still".
        published: settings of MakeItTalk's published networks, {} for the usual ones, which then make the motion; None for the
            engine's own networks.
        seed: another number gives other blinks, glances and head motion.
        placement: "NLA" for a strip on a track of its own, "ACTION" for the active action.
        add_sound: also put the recording into the sequencer.
        extend_range: move the scene's end so that the whole recording plays; it is never moved back.
        dials: how strongly each part moves; None keeps the character's present dials.
        keys: how the motion becomes keys; None keeps the character's present choice.
        head_bone: name of the bone that turns the head; None for the character's setting, "" to find it.
        scene: None for the present scene.
        progress: called with 0 to 1 and the name of the stage.
        use_cache: take motion that was generated before from the same recording and settings.
        filmed: a video that the motion, or a part of it, is taken from (see `generate_from_video`).

    Returns:
        What was written.

    Raises:
        TalkingAnimationError: one sentence: what is wrong and what to do. Nothing was changed.
    """
    job = Job(
        character,
        audio,
        start_frame=start_frame,
        style=style,
        speaker=speaker,
        pose=pose,
        published=published,
        seed=seed,
        placement=placement,
        add_sound=add_sound,
        extend_range=extend_range,
        dials=dials,
        keys=keys,
        head_bone=head_bone,
        scene=scene,
        use_cache=use_cache,
        filmed=filmed,
    )
    report = wait(job, progress)
    if progress is not None:
        progress(1.0, "Done")
    return report


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
        video: path of a video of a talking face; needs the full engine.
        lips_from, head_from: "VIDEO" or "VOICE"; brows, lids and gaze go with the head.
        audio: the voice, as in `generate`; None for the video's own sound.
        options: everything else that `generate` takes.

    Returns:
        What was written.

    Raises:
        TalkingAnimationError: one sentence: what is wrong and what to do. Nothing was changed.
    """
    return generate(character, audio, filmed=videos.filmed(video, lips_from, head_from), **options)


class Job:
    """Generating that does not block: call `poll` until it returns True, then read `report`.

    The arguments are those of `generate`. The scene changes in the last `poll` only.

    Attributes:
        fraction: 0 to 1.
        stage: what is being done.
        report: what was written; None until done.
    """

    def __init__(
        self,
        character: Any,
        audio: Any,
        *,
        start_frame: int | None = None,
        style: str = manner.AUTO,
        speaker: str | None = None,
        pose: str = "generated",
        published: dict[str, Any] | None = None,
        seed: int = 0,
        placement: str = "NLA",
        add_sound: bool = True,
        extend_range: bool = True,
        dials: Dials | None = None,
        keys: KeyStyle | None = None,
        head_bone: str | None = None,
        scene: Any = None,
        use_cache: bool = True,
        filmed: Filmed | None = None,
    ) -> None:
        self.fraction, self.stage = 0.0, "Reading the recording"
        self.report: Report | None = None
        self._running = False
        self._folder: Path | None = None
        self._warnings: list[str] = []
        use_nla = uses_nla(placement)
        stored_motion.require_numpy()
        scene = scene or bpy.context.scene
        found = describe(character, head_bone)
        if found.problem:
            raise TalkingAnimationError(found.problem)
        if not hasattr(found.root, "talking_animation"):
            raise TalkingAnimationError("The add-on is not registered: enable Talking Animation first.")
        # Names, not objects: while the engine works the user may undo, which makes objects anew.
        self._character, self._scene = character.name, scene.name
        if head_bone is None:
            head_bone = found.root.talking_animation.head_bone
        self._choice = _Choice(
            start_frame,
            manner.read(style, speaker, pose, published),
            seed,
            use_nla,
            add_sound,
            extend_range,
            head_bone,
            use_cache,
            filmed,
        )
        self._dials, self._keys = dials, keys
        try:
            self._begin(audio, scene)
        except BaseException:
            self._clean_up()
            raise

    def _begin(self, audio: Any, scene: Any) -> None:
        store = cache.folder(settings.current().cache_folder)
        self._made_by = shared.identity()
        self._folder = Path(tempfile.mkdtemp(prefix="talking_animation_"))
        film = self._choice.filmed
        voice = recordings.from_file(film.path) if film is not None and not audio else None
        if voice is None:
            strip = isinstance(audio, bpy.types.bpy_struct)
            voice = (
                recordings.from_strip(audio, scene, self._folder) if strip else recordings.from_file(audio)
            )
        self._source = voice
        self._waiting: list[_Step] = []
        if film is None:
            self._waiting.append(self._speech(voice, store))
        else:
            self._plan_video(film, voice, store)
        self._result = self._waiting[-1].result
        if self._choice.use_cache and self._result.is_file():
            self._waiting.clear()
        self._fitting = own_shapes.fitting(
            describe(bpy.data.objects[self._character]), self._result, self._folder
        )
        self._done, self._steps = 0, len(self._waiting) + (self._fitting is not None)
        self._next()

    def _plan_video(self, film: Filmed, voice: recordings.Source, store: Path) -> None:
        """The steps of a motion that a video gives, or a part of it."""
        if film.lips_from == VIDEO:  # heard is who is seen to speak
            self._source = replace(
                recordings.from_file(film.path),
                start_frame=voice.start_frame if voice.strip else None,
            )
        captured = self._capture(film, store)
        self._waiting.append(captured)
        if not film.mixed:
            return
        spoken = self._speech(voice, store)
        lips, head = (
            (spoken if part == VOICE else captured).result for part in (film.lips_from, film.head_from)
        )
        mixed = cache.file_for(store, mix=[lips.name, head.name])
        self._waiting += [
            spoken,
            _Step(
                lambda: {"command": "mix", "lips": str(lips), "head": str(head)},
                mixed,
                "Mixing lips and head",
            ),
        ]

    def _capture(self, film: Filmed, store: Path) -> _Step:
        """Reading a video."""
        result = cache.file_for(store, video=recordings.content_hash(film.path), **self._made_by)
        return _Step(lambda: {"command": "capture", "video": film.path}, result, "Reading the video")

    def _speech(self, source: recordings.Source, store: Path) -> _Step:
        """Making motion of a voice."""
        result = cache.file_for(
            store,
            **source.identity(recordings.content_hash(source.path)),
            seed=self._choice.seed,
            **self._made_by,
            **self._choice.manner.identity(),
        )
        return _Step(lambda: self._speech_request(source), result, "Starting the engine")

    def _speech_request(self, source: recordings.Source) -> dict[str, Any]:
        assert self._folder is not None
        audio = recordings.prepare(source, self._folder)
        return self._choice.manner.request(audio, source.name, self._choice.seed)

    def _next(self) -> None:
        """Ask the engine the next question whose answer is not known yet; after the last one nothing is left to wait for."""
        while self._waiting or self._fitting is not None:
            if self._waiting:
                step = self._waiting.pop(0)
            else:
                step, self._fitting = self._fit(), None
            self._result = step.result
            if self._choice.use_cache and step.result.is_file():
                self._done += 1
                continue
            assert self._folder is not None
            self._output = self._folder / "motion.npz"
            request = {**step.request(), "output": str(self._output)}
            self.fraction, self.stage = max(self.fraction, 0.05), step.title
            log.logger.info("asking the engine to %s", request["command"])
            log.logger.debug("request: %s", request)
            shared.get(engine_folder.find_root()).submit(request)
            self._running = True
            return

    def _fit(self) -> _Step:
        """Where the character asks for it, the engine fits the motion to the character's own shapes."""
        fitting = self._fitting
        assert fitting is not None
        return _Step(
            lambda: fitting.request(self._output), fitting.result, "Fitting to the character's shapes"
        )

    def poll(self) -> bool:
        """Take the engine's news; write the keys once it is done.

        Returns:
            True when all is written.

        Raises:
            TalkingAnimationError: as `generate`; the job is over then.
        """
        if self.report is not None:
            return True
        if self._folder is None:
            raise Cancelled
        try:
            if self._running:
                process = shared.running()
                assert process is not None
                for message in process.poll():
                    self._take(message)
            if self._running:
                return False
            self.stage = "Writing keys"
            self.report = self._finish()
        except BaseException:
            self.cancel()
            raise
        self.fraction = 1.0
        self._clean_up()
        return True

    def _take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "progress":
            self.fraction = 0.05 + 0.9 * (self._done + engine.fraction_of(message)) / self._steps
            self.stage = str(message.get("stage", "")) or self.stage
        elif kind == "error":
            self._running = False
            log.logger.error("the engine: %s (%s)", message.get("message"), message.get("code"))
            raise TalkingAnimationError(videos.sentence_of(message))
        elif kind == "result":
            self._running = False
            log.logger.info("the engine is done: %s", self._result.name)
            self._warnings += [str(text) for text in message.get("warnings", [])]
            cache.keep(self._output, self._result)
            self._done += 1
            self._next()

    def cancel(self) -> None:
        """Stop; nothing was changed. Safe to call at any time."""
        process = shared.running()
        if self._running and process is not None:
            process.cancel()
        self._running = False
        self._clean_up()

    def _clean_up(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _finish(self) -> Report:
        item, scene = bpy.data.objects.get(self._character), bpy.data.scenes.get(self._scene)
        if item is None or scene is None:
            raise TalkingAnimationError(
                f"'{self._character}' was removed or renamed meanwhile: pick the character and generate again."
            )
        animation = stored_motion.load(str(self._result))
        choice, source = self._choice, self._source
        start = choice.start_frame
        if start is None:
            start = source.start_frame if source.start_frame is not None else scene.frame_current
        found, told = writable(item, choice.head_bone)
        motion = animation.resampled(frame_rate(scene))
        made = {
            "audio": source.name,
            "style": choice.manner.title,
            "seed": choice.seed,
            "motion": str(self._result),
        }
        report = write_new(found, motion, start, choice.use_nla, made, self._dials, self._keys)
        report.warnings = self._warnings + told + report.warnings
        if choice.add_sound and not source.strip:
            missing = sound_strips.place(scene, source.path, start, report.frames, character_id(found.root))
            report.warnings += [missing] if missing else []
        if choice.extend_range and scene.frame_end < report.end:
            scene.frame_end = report.end
        seconds = len(motion) / frame_rate(scene)
        meshes = "1 mesh" if report.meshes == 1 else f"{report.meshes} meshes"
        where = meshes if report.meshes else f"its {found.mouths[0].title}"
        report.message = (
            f"'{found.root.name}' says {source.name}: {seconds:.1f} s from frame {start}, "
            f"{report.curves} curves on {where}."
        )
        refresh(scene)
        report.warnings += problems.after_writing(item, scene, choice.extend_range)
        return report
