"""Clips to learn a manner from: the motion of a face, and what its voice would have made the engine do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ..errors import EngineError
from ..face.animation import FaceAnimation
from ..hearing.audio import SAMPLE_RATE, read_recording
from ..hearing.features import PITCH_RATE, pitch
from ..motion.assemble import landmarks_alone
from ..motion.lips.content import ContentMotion, content_motion
from ..motion.manner.personal import RATE, voice_curves
from ..motion.manner.style_code import pose
from ..motion.manner.styles import Style
from ..motion.performance import act
from ..motion.prosody import Prosody, rhythm
from ..progress import Progress

IMAGE_FPS = 25.0
"""Rate of an image sequence, which does not know its own."""
LEAST_SECONDS = 2.0
"""Shorter clips say too little of a manner."""


@dataclass(frozen=True)
class Voice:
    """The sound of a clip, heard once.

    Attributes:
        samples: (N,) float32 at 16 kHz.
        f0: (M,) Hz at `features.PITCH_RATE`.
        content: what its words do to lips and jaw.
        prosody: its phrases and stresses.
    """

    samples: np.ndarray
    f0: np.ndarray
    content: ContentMotion
    prosody: Prosody

    def take(self, style: Style, seed: int) -> FaceAnimation:
        """What the engine makes of the voice in a style; without ARKit weights, visemes and cues."""
        content = replace(self.content, displacement=self.content.displacement.copy())
        performance = act(content, self.prosody, style, seed)
        return landmarks_alone(content, performance)


@dataclass(frozen=True)
class Example:
    """One clip of a person.

    Attributes:
        name: its file's name.
        animation: the face's motion.
        voice: its sound; None where it has none.
    """

    name: str
    animation: FaceAnimation
    voice: Voice | None

    def pose_and_voice(self) -> tuple[np.ndarray, np.ndarray]:
        """(N, 6) pose and (N, 2) `voice_curves`, both at `personal.RATE`; silence where there is no sound."""
        poses = pose(self.animation.resampled(RATE))
        if self.voice is None:
            return poses, np.zeros((len(poses), 2))
        heard = voice_curves(self.voice.prosody, len(self.voice.content.displacement), self.voice.content.fps)
        count = min(len(poses), len(heard))
        return poses[:count], heard[:count]


def read_example(
    clip: str | Path, audio: str | Path | None = None, progress: Progress | None = None
) -> Example:
    """Read a clip.

    Args:
        clip: a video of a talking face (needs the full engine), or a `FaceAnimation` as ``.npz``.
        audio: its sound; None for the video's own.
        progress: told 0…1 and the stage.

    Raises:
        EngineError: where it cannot be read, or is shorter than `LEAST_SECONDS` (code ``too_short``).
    """
    path = Path(clip)
    if path.suffix.lower() == ".npz":
        animation = FaceAnimation.load(path)
    else:
        from ..capture import capture

        animation = capture(path, progress)
    if animation.duration < LEAST_SECONDS:
        raise EngineError(
            f"{path} is only {animation.duration:.1f} s long: a manner needs at least {LEAST_SECONDS:g} s, better 5 to 20.",
            "too_short",
        )
    samples = read_recording(audio).samples if audio is not None else _own_sound(path)
    if samples is None:
        return Example(path.name, animation, None)
    length = min(round((animation.duration + 1 / animation.fps) * SAMPLE_RATE), len(samples))
    return Example(path.name, animation, hear(samples[:length]))


def hear(samples: np.ndarray) -> Voice:
    """Listen to (N,) float32 samples at 16 kHz."""
    from ..hearing.backends import load_backend

    content = content_motion(samples, load_backend("numpy"))
    f0 = pitch(samples)
    return Voice(samples, f0, content, rhythm(content.energy, content.fps, f0, PITCH_RATE))


def _own_sound(path: Path) -> np.ndarray | None:
    """The samples of a video's sound; None for an animation, and for a video without any."""
    if path.suffix.lower() == ".npz":
        return None
    from ..capture.video import decode_sound, inspect_video

    info = inspect_video(path, IMAGE_FPS)
    return decode_sound(path, info.start) if info.has_sound else None
