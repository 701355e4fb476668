"""Recording in, `FaceAnimation` out, through MakeItTalk's published networks or AnimatePortrait's of the same kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..face.animation import FaceAnimation
from ..face.curves import smooth_step
from ..face.lids_and_lips import shut_lips
from ..face.names import CONTENT, MAKEITTALK
from ..hearing.audio import Recording
from ..hearing.backends import load_backend
from ..hearing.features import PITCH_RATE, pitch
from ..motion.assemble import at_rate, whole_face
from ..motion.head_and_eyes.blink import blink_curves, blink_times
from ..motion.head_and_eyes.gaze import gaze_motion
from ..motion.lips.content import PHONES, ContentMotion, content_motion
from ..motion.lips.lip_closure import closure_strength
from ..motion.manner.choice import Choice, Manner, choose_manner
from ..motion.manner.personal import Performance
from ..motion.performance import perform
from ..motion.prosody import Prosody, analyse
from ..pipeline import Result, Settings, listened, source_of
from ..progress import Progress
from .files import FACE, has, read_face, strangers
from .state import ready
from .systems import SYSTEMS, System

_SETTLE_SECONDS = 0.4


def animate_makeittalk(audio: str | Path, settings: Settings, progress: Progress | None = None) -> Result:
    """Make the talking animation of one recording with MakeItTalk's networks.

    Landmarks and head come from them; blinks and gaze from the engine's own seeded motion, visemes and mouth cues from its
    content network, ARKit weights from the landmarks. Of the style, only blinks and gaze count.

    Args:
        audio: see `audio.read_recording`; the file is only read.
        settings: what the user chose; ``model`` says whose networks, ``published`` is what only they ask for.
        progress: told about every stage.

    Raises:
        EngineError: the licence is not accepted (code ``licence``), files are missing (``published_missing``) or damaged
            (``bad_weights``), the full engine is missing (``backend_unavailable``), and whatever `pipeline.animate` raises.
    """
    report = progress or (lambda fraction, stage: None)
    system = SYSTEMS[MAKEITTALK if settings.model == CONTENT else settings.model]
    folder = ready(system, settings.published.folder, settings.published.accept_licence)
    choice = choose_manner(settings.style, settings.speaker)
    report(0.0, "Reading the recording")
    recording = listened(audio, settings)
    said = _networks(recording, system, folder, settings, report)
    report(0.75, "Moving head and eyes")
    animation = whole(recording, said, choice, settings, system, report)
    animation = at_rate(animation, settings.fps, recording.duration)
    report(1.0, "Done")
    return Result(animation, recording.duration, recording)


@dataclass(frozen=True)
class Said:
    """What published networks say, in the engine's coordinates.

    Attributes:
        fps: frames per second.
        neutral: (68, 3) face at rest.
        displacement: (T, 68, 3) from it, head motion taken out.
        head_rotation, head_translation: (T, 3); None for the engine's own head.
        speaker: whose manner; None for what the engine hears.
        warnings: what stands in for what.
    """

    fps: float
    neutral: np.ndarray
    displacement: np.ndarray
    head_rotation: np.ndarray | None
    head_translation: np.ndarray | None
    speaker: str | None
    warnings: tuple[str, ...]


def _networks(
    recording: Recording, system: System, folder: Path, settings: Settings, report: Progress
) -> Said:
    from . import face as faces
    from . import frontend, postprocess, speaker
    from .model import loaded
    from .networks import WINDOW

    published = settings.published
    report(0.02, "Loading the model")
    who = speaker.choose(recording.samples, folder, published.speaker)
    given = faces.standard_face(read_face(FACE.path(folder)) if has(folder, FACE) else None)
    model = loaded(folder, settings.device)
    report(0.10, "Listening")
    prepared = frontend.prepare(recording.samples, WINDOW)
    mel = frontend.mel_spectrum(prepared)
    classes = frontend.pitch_classes(prepared, len(mel))
    moved = model.run(
        mel, classes, who.voice, who.manner, given, lambda part: report(0.15 + 0.50 * part, "Listening")
    )
    report(0.65, "Moving lips and head")
    points = postprocess.landmarks(
        moved.content, moved.pose, given, published.amp_lip_x, published.amp_lip_y, published.amp_pos
    )
    points = postprocess.with_the_sound(points, given, frontend.FRAME_RATE)
    neutral, registered = faces.to_engine(points, given)
    settled = settle(len(points), frontend.FRAME_RATE)[:, None] * np.float32(settings.pose != "still")
    return Said(
        fps=frontend.FRAME_RATE,
        neutral=neutral,
        displacement=registered.landmarks - neutral,
        head_rotation=registered.head_rotation * settled,
        head_translation=registered.head_translation * settled,
        speaker=who.name,
        warnings=(*strangers(folder, system.files), *who.warnings),
    )


def whole(
    recording: Recording,
    said: Said,
    choice: Choice,
    settings: Settings,
    system: System,
    report: Progress,
) -> FaceAnimation:
    """The rest of the face, from the engine's own branches; the head as well where the networks have none.

    Args:
        recording: what was read.
        said: what the networks say of it.
        choice: the manner that the user asked for.
        settings: what else the user chose.
        system: whose networks.
        report: told about every stage.

    Raises:
        EngineError: as `performance.perform`.
    """
    fps, frames = said.fps, len(said.displacement)
    heard = content_motion(recording.samples, load_backend(settings.backend, settings.device))
    phones, energy = (_interpolated(curve, heard.fps, fps, frames) for curve in (heard.phones, heard.energy))
    f0 = pitch(recording.samples)
    nearest = np.minimum((np.arange(frames) * (PITCH_RATE / fps)).astype(np.int64), max(len(f0) - 1, 0))
    prosody = analyse(energy, f0[nearest], fps)
    manner = choice.for_voice(recording.samples, f0)
    if said.speaker is not None:
        manner = replace(manner, speaker=said.speaker)
    performance = _performance(said, prosody, manner, settings)

    report(0.85, "Shaping the face")
    displacement, neutral = said.displacement, said.neutral
    gap = (neutral[62] - neutral[66] + displacement[:, 62] - displacement[:, 66])[:, 1]
    firmness = np.float32(settings.published.closure) * closure_strength(phones, PHONES, gap)
    shut_lips(displacement, neutral, firmness)
    source = {
        **source_of(recording, settings, manner),
        "model": system.name,
        "licence": system.terms.licence,
        "warnings": [*recording.warnings, *said.warnings],
        **{
            name: getattr(settings.published, name)
            for name in ("amp_lip_x", "amp_lip_y", "amp_pos", "closure")
        },
    }
    content = ContentMotion(fps, displacement, neutral, phones, energy)
    return whole_face(content, performance, recording.duration, source)


def _performance(said: Said, prosody: Prosody, manner: Manner, settings: Settings) -> Performance:
    style, seed = manner.style, settings.seed
    fps, frames = said.fps, len(said.displacement)
    brows = np.zeros((frames, 10), np.float32)  # the networks' displacement has them
    if said.head_rotation is None or said.head_translation is None:
        return replace(perform(prosody, frames, fps, style, seed, manner.person, settings.pose), brows=brows)
    times = blink_times(prosody, (frames - 1) / fps, style, seed)
    return Performance(
        head_rotation=said.head_rotation,
        head_translation=said.head_translation,
        blink=blink_curves(times, frames, fps, style, seed),
        eye_rotation=gaze_motion(prosody, said.head_rotation, times, fps, style, seed),
        brows=brows,
    )


def _interpolated(values: np.ndarray, fps: float, wanted: float, frames: int) -> np.ndarray:
    """(T,) or (T, N) at ``fps`` → (frames,) or (frames, N) float32 at ``wanted``, linear between neighbours."""
    place = np.minimum(np.arange(frames) * (fps / wanted), len(values) - 1)
    before = place.astype(np.int64)
    after = np.minimum(before + 1, len(values) - 1)
    part = (place - before).reshape(-1, *[1] * (values.ndim - 1)).astype(np.float32)
    return values[before] * (1 - part) + values[after] * part


def settle(frames: int, fps: float) -> np.ndarray:
    """(T,) float32 0…1: a head starts from rest and comes back to it, as every animation of the engine's does."""
    moment = np.arange(frames) / fps
    end = (frames - 1) / fps
    edge = np.minimum(moment, end - moment) / min(_SETTLE_SECONDS, max(end / 2, 1e-3))
    return smooth_step(edge).astype(np.float32)
