"""Recording in, `FaceAnimation` out: the one function that the command line and the worker call."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .face.animation import FaceAnimation
from .face.landmarks import displaced_opening
from .face.messages import AnimateOptions
from .hearing.audio import Recording, read_recording
from .hearing.features import PITCH_RATE, pitch
from .hearing.voices_in_file import one_voice
from .motion.assemble import at_rate, whole_face
from .motion.lips.as_written import notes
from .motion.lips.content import content_motion
from .motion.lips.unmoved import still_warning, unmoved_warning
from .motion.manner.choice import Manner, choose_manner
from .motion.performance import act
from .motion.prosody import rhythm
from .progress import Progress

if TYPE_CHECKING:
    from .hearing.backends import Backend

Settings = AnimateOptions
"""What the user chose."""


@dataclass(frozen=True)
class Result:
    """An animation, and what it was made of.

    Attributes:
        animation: the talking face.
        recording: as it was heard, see `listened`.
    """

    animation: FaceAnimation
    recording: Recording = field(repr=False)

    @property
    def duration(self) -> float:
        """How many seconds the recording lasts."""
        return self.recording.duration

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know about it; the animation keeps it."""
        return self.animation.warnings


def animate(
    audio: str | Path, settings: Settings, progress: Progress | None = None, backend: Backend | None = None
) -> Result:
    """Make the talking animation of one recording.

    Args:
        audio: see `audio.read_recording`.
        settings: what the user chose.
        progress: told about every stage.
        backend: a loaded backend to use again, instead of loading the one that the settings name.

    Raises:
        EngineError: for anything that the user can do something about.
    """
    report = progress or (lambda fraction, stage: None)
    choice = choose_manner(settings.style, settings.speaker)
    report(0.0, "Reading the recording")
    recording = listened(audio, settings)
    report(0.05, "Loading the model")
    if backend is None:
        from .hearing.backends import load_backend

        backend = load_backend(settings.backend, settings.device)
    report(0.10, "Listening")
    text = settings.text or ""
    content = content_motion(
        recording.samples, backend, lambda part: report(0.10 + 0.55 * part, "Listening"), text
    )

    report(0.65, "Feeling the rhythm")
    f0 = pitch(recording.samples)
    prosody = rhythm(content.energy, content.fps, f0, PITCH_RATE)

    report(0.75, "Moving head and eyes")
    manner = choice.for_voice(recording.samples, f0)
    performance = act(content, prosody, manner.style, settings.seed, manner.person, settings.pose)

    report(0.80, "Shaping the face")
    warnings = list(recording.warnings)
    if content.unmoved:
        warnings.append(unmoved_warning(recording.name, content.unmoved))
    elif not recording.silent:
        still = still_warning(recording.name, displaced_opening(content.neutral, content.displacement))
        warnings += [still] if still else []
    warnings += notes(text, content.text_left_out, content.text_unfit, recording.name)
    source = {**source_of(recording, settings, manner), "model": backend.model_id, "warnings": warnings}
    if text.strip():
        source |= {"text": text, "text_used": not content.text_left_out}
        if content.text_unfit:
            source["text_unfit"] = [[round(second, 2) for second in span] for span in content.text_unfit]
    animation = whole_face(content, performance, recording.duration, source)
    animation = at_rate(animation, settings.fps, recording.duration)
    report(1.0, "Done")
    return Result(animation, recording)


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
