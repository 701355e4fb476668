# SPDX-License-Identifier: GPL-3.0-or-later
"""A live preview: the character talks while a recording plays or somebody speaks; no key is written before it ends."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import bpy

from ..characters.character import Character, describe
from ..contract import EngineError, live_frames, messages, portable_names
from ..contract.names import CONTENT, LIVE_SOURCES
from ..engine_process import cache, shared
from ..errors import TalkingAnimationError
from ..host import settings
from ..inputs import recordings
from ..inputs.live_sound import LiveSound
from ..inputs.recordings import Recording
from ..motion.live_motion import Pace
from ..talking.live import LiveCharacter
from ..talking.write import Report, preparing
from .job import EngineJob
from .one_recording import Job as GenerateJob
from .options import GenerateOptions

RECORDING, MICROPHONE, _ = LIVE_SOURCES
NOT_BEGUN: Final = "The live preview was stopped before it began."
_AHEAD: Final = 0.9  # s of a recording's frames that are there before they are shown
_LOOK_AHEAD: Final = {RECORDING: 0.4, MICROPHONE: 0.12}  # s; a recording is known beforehand
_STEP_SECONDS: Final = 0.1  # how long one `poll` measures the character, or hears what it has missed
_PAUSE_SECONDS: Final = 0.002  # between two looks for an answer
_WAITS: Final = 5.0  # s for the last block
_FOLDER: Final = "voice"  # beside the .blend file, for what a microphone heard

_Clock = Callable[[], float]


@dataclass(frozen=True)
class LiveChoice:
    """What a live preview listens to, and what becomes of it.

    Attributes:
        source: `RECORDING` or `MICROPHONE`.
        record: write keys in the end, as generating would.
        clock: seconds from anywhere on.
    """

    source: str = RECORDING
    record: bool = False
    clock: _Clock = time.monotonic


@dataclass
class LiveReport:
    """What came of a live preview.

    Attributes:
        seconds: how long somebody was heard.
        pictures: how many were shown a second.
        lost: blocks of the microphone that came faster than they could be heard.
        delay: seconds from a sound to its picture, without what the microphone itself takes; 0 for a recording.
        keys: what was written in the end; None where nothing was recorded.
        audio: the recording that keys were made of; "" where nothing was recorded.
        warnings: what to watch out for.
        message: one line for the user.
    """

    seconds: float = 0.0
    pictures: float = 0.0
    lost: int = 0
    delay: float = 0.0
    keys: Report | None = None
    audio: Any = ""
    warnings: list[str] = field(default_factory=list)
    message: str = ""


class LiveJob(EngineJob[LiveReport]):
    """A live preview as a job: call `poll` about 30 times a second, `finish` to end it.

    Args:
        character: any object of the character.
        audio: see `api.generate`; not asked of a microphone.
        choice: what it listens to, and what becomes of it.
        scene: None for the present scene.
        options: see `GenerateOptions`.

    Attributes:
        record: whether keys are written in the end; may change until it is finished.

    Raises:
        TalkingAnimationError: one sentence: what is wrong and what to do.
    """

    def __init__(
        self,
        character: Any,
        audio: Any,
        choice: LiveChoice | None = None,
        *,
        scene: Any = None,
        **options: Any,
    ) -> None:
        super().__init__("Starting the engine")
        self.stops = True
        choice = choice or LiveChoice()
        self.record, self._source, self._clock = choice.record, choice.source, choice.clock
        self._options = GenerateOptions(**options)
        self._scene: Any = scene or bpy.context.scene
        self._picked, self._audio = character, audio
        described = describe(character, self._options.head_bone)
        if described.problem:
            raise TalkingAnimationError(described.problem)
        self._character, self._unseen = described, unseen(described)
        if self._unseen and not self.record:
            raise TalkingAnimationError(why_not_unrecorded(described))
        self._preparing: Generator[float, None, None] | None = None
        self._live: LiveCharacter | None = None
        self._voice: Recording | None = None
        self._request = self._first_request()
        self._sound: LiveSound | None = None
        self._pace = Pace()
        self._began: float | None = None
        self._waiting: list[tuple[Any, int]] = []
        self._ready = 0.0  # seconds of motion that are there
        self._pictures = 0
        self._has_session = self._ended = self._last_asked = False
        self._finished: float | None = None
        self._keeps = False  # what was heard becomes keys; known when it is finished
        self._told = LiveReport()
        self._keys: GenerateJob | None = None

    def _first_request(self) -> messages.LiveRequest:
        asked = self._options.manner().options
        if asked.model != CONTENT:
            raise TalkingAnimationError(
                "Published networks hear a recording as a whole: choose the add-on's own network for a live preview."
            )
        heard: dict[str, Any] = {}
        if self._source == RECORDING:
            is_path = isinstance(self._audio, (str, os.PathLike))
            self._voice = (
                recordings.from_file(self._audio, self._scene)
                if is_path
                else recordings.from_strip(self._audio, self._scene, self.folder)
            )
            heard = {"audio": self._voice.readable(self.folder), "source_name": self._voice.name}
        return messages.LiveRequest(
            session=uuid.uuid4().hex,
            source=self._source,
            look_ahead=_LOOK_AHEAD[self._source],
            style=asked.style,
            seed=self._options.seed,
            channel=asked.channel,
            voice_in_file=asked.voice_in_file,
            **heard,
        )

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return 0.0 if self._began is None else max(0.0, self._clock() - self._began)

    @property
    def keying(self) -> bool:
        """Whether the preview is over and its keys are being made."""
        return self._keys is not None

    def rest(self) -> None:
        """Let the character be as it is without the preview, until the next `poll`."""
        if self._live is not None:
            self._live.rest()

    def finish(self) -> None:
        """End the preview: the character is as it was before; what was recorded becomes keys at the next calls of `poll`.

        Nothing becomes of a preview that has not begun yet.
        """
        if self._finished is None:
            self._finished = self._clock()
            self._keeps = self.record and self._began is not None
            self._quiet()

    # -- going on ------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self._keys is not None:
            self._write(self._keys)
        elif self._finished is not None:
            self._wind_up()
        elif self._is_prepared():
            self._take_answers()
            if not self._asking and not self._ended and self._is_due():
                self._ask(self._request)
            self._catch_up()
            self._show()

    def _is_prepared(self) -> bool:
        """Measure what the character's targets need, a little at a time."""
        if self._live is not None:
            return True
        if self._preparing is None:
            self._preparing, self.stage = preparing(self._character), "Measuring the face"
        until = time.monotonic() + _STEP_SECONDS
        for _done in self._preparing:
            if time.monotonic() >= until:
                return False
        self._live = LiveCharacter(self._character)
        return True

    def _catch_up(self) -> None:
        """Where the window draws so slowly that the sound overtook the frames, hear several blocks at once."""
        if self._source == MICROPHONE or self._began is None:
            return
        until = time.monotonic() + _STEP_SECONDS
        while not self._ended and self._ready < self.seconds and time.monotonic() < until:
            if self._asking:
                time.sleep(_PAUSE_SECONDS)
                self._take_answers()
            else:
                self._ask(self._request)

    def _is_due(self) -> bool:
        return self._source == MICROPHONE or self._ready < self.seconds + _AHEAD

    def _asked_again(self, failure: messages.Failure) -> bool:
        voice = self._voice
        if failure.code != messages.NOT_AUDIO or voice is None or not voice.decode_instead(self.folder):
            return False
        self._request = replace(self._request, audio=voice.readable(self.folder))
        self._ask(self._request)
        return True

    def _progressed(self, fraction: float) -> None:
        """There is no end to be so far from."""

    def _answered(self, answer: messages.Answer) -> None:
        assert isinstance(answer, messages.LiveResult)
        self._has_session = True
        try:
            frames = live_frames.unpacked(answer.frames, answer.fps)
        except EngineError as error:
            raise TalkingAnimationError(error.message) from error
        self._told.warnings += answer.warnings
        self._told.lost, self._told.seconds, self._ended = answer.lost, answer.heard, answer.ended
        if len(frames):
            self._waiting.append((frames, answer.first))
            self._ready = (answer.first + len(frames)) / answer.fps
            self._pace.arrived(self._clock(), answer.first / answer.fps, answer.heard)
        if self._began is None and self._finished is None:
            self._begin(answer.heard)

    def _begin(self, heard: float) -> None:
        """The clock runs from the sound's own beginning."""
        if self._source == MICROPHONE:
            self._began = self._clock() - heard
        elif self._ready >= _AHEAD or self._ended:
            self._began = self._clock()
            self._sound = LiveSound(str(self._request.audio))
            self._sound.play()

    def _show(self) -> None:
        if self._began is None or self._live is None:
            return
        now = self._clock()
        instant = self._pace.shown(now) if self._source == MICROPHONE else now - self._began
        while self._waiting and self._waiting[0][1] / self._waiting[0][0].fps <= instant:
            self._live.take(*self._waiting.pop(0))
        self._live.show(instant)
        self._pictures += 1
        self.stage = f"Live: {self.seconds:.1f} s"
        if self._voice is not None:
            self.fraction = min(1.0, self.seconds / max(self._voice.length(self.seconds), 1e-3))
        if self._ended and not self._waiting and instant >= self._ready:
            self.finish()

    # -- the end -------------------------------------------------------------------------------------------

    def _quiet(self) -> None:
        """No sound, and the character as it was before."""
        if self._sound is not None:
            self._sound.stop()
        if self._live is not None:
            self._live.rest()

    def _wind_up(self) -> None:
        """Let the engine end the session, and keep what a microphone heard; then keys, or that was all."""
        assert self._finished is not None
        if not self._has_session and not self._is_asked():
            self._conclude()
            return
        self._take_answers()
        if self._asking:
            if self._clock() - self._finished > _WAITS:
                self._give_up()
        elif self._last_asked:
            self._conclude()
        else:
            self._last_asked = True
            output = None
            if self._source == MICROPHONE and self._keeps:
                self._audio = _new_recording(self._scene.name)
                output = bpy.path.abspath(self._audio)
            self._ask(replace(self._request, last=True, output=output))

    def _is_asked(self) -> bool:
        """Whether the engine has got a question; one that it still waits for as it starts is taken back."""
        engine = shared.running()
        if self._asking and engine is not None and engine.withdraw():
            self._asking = False
        return self._asking

    def _give_up(self) -> None:
        """The engine does not end the session in time: all but what a microphone heard can do without it.

        Raises:
            TalkingAnimationError: what was to be keyed is lost.
        """
        if self._keeps and self._source == MICROPHONE:
            raise TalkingAnimationError(
                "The live preview did not end by itself, since the computer is busy, and was stopped: what was heard is lost, "
                "so record it again."
            )
        super()._stop()
        self._conclude()

    def _conclude(self) -> None:
        """The session is over: make its keys, or tell what was shown."""
        self._told.delay = self._pace.delay if self._source == MICROPHONE else 0.0
        self._told.pictures = self._pictures / max(self._told.seconds, 1e-3)
        self._told.message = (
            NOT_BEGUN
            if self._began is None
            else f"Live preview of {self._told.seconds:.1f} s: nothing was keyed."
        )
        if self._unseen and self._began is not None:
            self._told.warnings.append(self._unseen)
        if self._told.lost:
            self._told.warnings.append(
                f"{self._told.lost} blocks of sound were lost since the computer was busy: close other programs."
            )
        if not self._keeps:  # what is keyed is told of its own
            self._told.warnings += self._live.warnings if self._live is not None else []
            self.report = self._told
            return
        options = vars(self._options)
        self._keys, self.stops = GenerateJob(self._picked, self._audio, scene=self._scene, **options), False

    def _write(self, keys: GenerateJob) -> None:
        """Go on writing keys of what was recorded, as generating does."""
        done = keys.poll()
        self.fraction, self.stage, self.alone = keys.fraction, keys.stage, keys.alone
        if done:
            assert keys.report is not None
            self._told.keys, self._told.audio = keys.report, self._audio
            self._told.warnings += keys.report.warnings
            self._told.message = keys.report.message
            self.report = self._told

    def _stop(self) -> None:
        self._quiet()
        super()._stop()
        if self._preparing is not None:
            self._preparing.close()
        if self._keys is not None:
            self._keys.cancel()


def unseen(character: Character) -> str:
    """Why nothing of a described character moves in a live preview, in one sentence; "" where something does."""
    reasons = [target.not_live(character) for target in character.targets]
    return reasons[0] if reasons and all(reasons) else ""


def why_not_unrecorded(character: Character) -> str:
    """Why a live preview that leaves no keys is of no use to a described character, in one sentence; "" where it is."""
    reason = unseen(character)
    return f"{reason.rstrip('.')}; with Record on, its keys come in the end." if reason else ""


def _new_recording(name: str) -> str:
    """A path for what a microphone heard: beside the .blend file, else with the motion that is kept.

    Raises:
        TalkingAnimationError: there is no place for it.
    """
    saved = bool(bpy.data.filepath)
    above = Path(bpy.path.abspath("//")) if saved else cache.place(settings.current().cache_folder).folder
    folder = above / _FOLDER
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise TalkingAnimationError(
            f"The folder '{folder}' for what you said cannot be made ({error.strerror or error}): save the .blend file elsewhere."
        ) from error
    clean = portable_names.stem(name, "voice")
    number = next(count for count in range(1, 1_000_000) if not (folder / f"{clean} {count}.wav").exists())
    return f"//{_FOLDER}/{clean} {number}.wav" if saved else str(folder / f"{clean} {number}.wav")
