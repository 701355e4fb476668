"""Recording in, `FaceAnimation` out: the one function that the command line and the worker call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from . import __version__
from .face.animation import FaceAnimation
from .face.landmarks import displaced_opening
from .face.messages import AnimateOptions
from .hearing.audio import Recording, read_recording
from .hearing.clipping import crests_restored
from .hearing.features import PITCH_RATE, pitch
from .hearing.voices_in_file import one_voice
from .motion.assemble import at_rate, whole_face
from .motion.lips.as_written import notes
from .motion.lips.content import Listened, listen, motion_of
from .motion.lips.unclear import unclear_warnings
from .motion.lips.unmoved import still_warning, unmoved_warning
from .motion.manner.choice import Choice, Manner, choose_manner
from .motion.performance import act
from .motion.prosody import rhythm
from .progress import Progress

if TYPE_CHECKING:
    from .hearing.backends import Backend

Settings = AnimateOptions
"""What the user chose."""


@dataclass(frozen=True)
class Result:
    """An animation, and how long its recording is.

    Attributes:
        animation: the talking face.
        duration: how many seconds the recording lasts.
        recording: as it was heard, see `listened`, where it was to be kept.
    """

    animation: FaceAnimation
    duration: float
    recording: Recording | None = field(default=None, repr=False)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about it; the animation keeps it."""
        return self.animation.warnings


def animate(
    audio: str | Path,
    settings: Settings,
    progress: Progress | None = None,
    backend: Backend | None = None,
    keep: bool = False,
) -> Result:
    """Make the talking animation of one recording.

    Args:
        audio: see `audio.read_recording`.
        settings: what the user chose.
        progress: told about every stage.
        backend: a loaded backend to use again, instead of loading the one that the settings name.
        keep: whether the result has the recording.

    Raises:
        EngineError: for anything that the user can do something about.
    """
    report = progress or (lambda fraction, stage: None)
    choice = choose_manner(settings.style, settings.speaker)
    sounds, heard = _heard(audio, settings, choice, report, backend, keep)
    text = settings.text or ""
    content = motion_of(sounds, text)
    del sounds  # no more is asked of it, and the shape of an hour needs its room
    report(0.65, "Feeling the rhythm")
    prosody = rhythm(content.energy, content.fps, heard.f0, PITCH_RATE)

    report(0.75, "Moving head and eyes")
    performance = act(content, prosody, heard.manner.style, settings.seed, heard.manner.person, settings.pose)

    report(0.80, "Shaping the face")
    name, warnings = heard.source["audio"], list(heard.warnings)
    if content.unmoved:
        warnings.append(unmoved_warning(name, content.unmoved))
    elif not heard.silent:
        still = still_warning(name, displaced_opening(content.neutral, content.displacement))
        warnings += [still] if still else []
    warnings += unclear_warnings(name, content.unclear, content.strained, content.thinned, content.dull)
    warnings += notes(text, content.text_left_out, content.text_unfit, name)
    source = {**heard.source, "warnings": warnings}
    if text.strip():
        source |= {"text": text, "text_used": not content.text_left_out}
        if content.text_unfit:
            source["text_unfit"] = [[round(second, 2) for second in span] for span in content.text_unfit]
    animation = whole_face(content, performance, heard.seconds, source)
    animation = at_rate(animation, settings.fps, heard.seconds)
    report(1.0, "Done")
    return Result(animation, heard.seconds, heard.recording)


@dataclass(frozen=True)
class _Heard:
    """What is known of a recording when its samples are let go: of an hour they are a quarter of a gigabyte, as is its motion.

    Attributes:
        f0: (M,) of `features.pitch`.
        manner: what drives the animation.
        seconds: how long the recording is.
        silent, warnings: see `Recording`.
        source: of the animation, without its warnings and its text.
        recording: where it is to be kept.
    """

    f0: np.ndarray
    manner: Manner
    seconds: float
    silent: bool
    warnings: tuple[str, ...]
    source: dict[str, Any]
    recording: Recording | None


def _heard(
    audio: str | Path,
    settings: Settings,
    choice: Choice,
    report: Progress,
    backend: Backend | None,
    keep: bool,
) -> tuple[Listened, _Heard]:
    """A recording read and listened to; the arguments are those of `animate`."""
    report(0.0, "Reading the recording")
    recording = listened(audio, settings)
    report(0.05, "Loading the model")
    if backend is None:
        from .hearing.backends import load_backend

        backend = load_backend(settings.backend, settings.device)
    report(0.10, "Listening")
    f0 = pitch(recording.samples)
    manner = choice.for_voice(recording.samples, f0)
    seconds, silent, warnings = recording.duration, recording.silent, recording.warnings
    source = {**source_of(recording, settings, manner), "model": backend.model_id}

    def listening(part: float) -> None:
        report(0.15 + 0.5 * part, "Listening")

    kept = recording if keep else None
    heard = _Heard(f0, manner, seconds, silent, warnings, source, kept)
    samples = crests_restored(recording.samples, lambda done: listening(0.2 * done))
    del recording  # where crests were restored, its samples are held no longer
    return listen(samples, backend, listening), heard


def listened(audio: str | Path, settings: Settings) -> Recording:
    """The recording as the settings want it heard: of the channel and the voice that are meant.

    Raises:
        EngineError: see `audio.read_recording`.
    """
    recording = read_recording(audio, settings.channel, settings.source_name)
    samples, told = one_voice(recording.samples, settings.voice_in_file, recording.name)
    return replace(recording, samples=samples, warnings=(*recording.warnings, *told))


def source_of(recording: Recording, settings: Settings, manner: Manner) -> dict[str, Any]:
    """What is needed to make an animation again, but for the model: `FaceAnimation.source`."""
    return {
        "audio": recording.name,
        "sha256": recording.sha256,
        "engine": __version__,
        "style": manner.style.name,
        "style_settings": manner.style.as_settings(),
        "speaker": manner.speaker,
        "channel": settings.channel,
        "voice_in_file": settings.voice_in_file,
        "pose": settings.pose,
        "seed": settings.seed,
        "fps": settings.fps,
    }
