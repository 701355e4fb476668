"""Recording in, `FaceAnimation` out: the one function that the command line and the worker call."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from . import __version__
from .face.animation import FaceAnimation
from .face.lids_and_lips import shut_lids
from .face.messages import AnimateOptions
from .face.names import ARKIT_INDEX
from .face.retargeting.arkit import arkit_weights
from .face.retargeting.visemes import mouth_cues, viseme_weights
from .hearing.audio import read_recording
from .hearing.features import PITCH_RATE, pitch
from .motion.lips.content import PHONES, content_motion
from .motion.manner.choice import choose_manner
from .motion.performance import act
from .motion.prosody import rhythm
from .progress import Progress

if TYPE_CHECKING:
    from .hearing.backends import Backend

Settings = AnimateOptions
"""What the user chose."""


@dataclass(frozen=True)
class Result:
    """An animation and what the user should know about it."""

    animation: FaceAnimation
    duration: float
    warnings: tuple[str, ...]


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
    recording = read_recording(audio)
    report(0.05, "Loading the model")
    if backend is None:
        from .hearing.backends import load_backend

        backend = load_backend(settings.backend, settings.device)
    report(0.10, "Listening")
    content = content_motion(recording.samples, backend, lambda part: report(0.10 + 0.55 * part, "Listening"))
    fps = content.fps

    report(0.65, "Feeling the rhythm")
    f0 = pitch(recording.samples)
    prosody = rhythm(content.energy, fps, f0, PITCH_RATE)

    report(0.75, "Moving head and eyes")
    manner = choice.for_voice(recording.samples, f0)
    style = manner.style
    duration = recording.duration
    performance = act(content, prosody, style, settings.seed, manner.person, settings.pose)
    # In place from here on: an hour of landmarks is 150 MB, and several copies of it are too much.
    displacement = content.displacement

    report(0.80, "Shaping the face")
    arkit = arkit_weights(displacement, performance.blink, performance.eye_rotation, fps)
    visemes = viseme_weights(content.phones, PHONES, fps)
    cues = mouth_cues(content.phones, PHONES, arkit[:, ARKIT_INDEX["jawOpen"]], fps)
    landmarks = displacement
    landmarks += content.neutral
    shut_lids(landmarks, performance.blink, content.neutral)
    animation = FaceAnimation(
        fps=fps,
        landmarks=landmarks,
        neutral=content.neutral,
        head_rotation=performance.head_rotation,
        head_translation=performance.head_translation,
        eye_rotation=performance.eye_rotation,
        blink=performance.blink,
        arkit=arkit,
        visemes=visemes,
        cues=[(start, min(end, duration), shape) for start, end, shape in cues if start < duration],
        source={
            "audio": settings.source_name or recording.name,
            "sha256": recording.sha256,
            "engine": __version__,
            "model": backend.model_id,
            "style": style.name,
            "style_settings": style.as_settings(),
            "speaker": manner.speaker,
            "pose": settings.pose,
            "seed": settings.seed,
            "fps": settings.fps,
        },
    )
    if settings.fps is not None:
        animation = animation.resampled(settings.fps, int(np.floor(duration * settings.fps + 1e-6)) + 1)
    report(1.0, "Done")
    return Result(animation, duration, recording.warnings)
