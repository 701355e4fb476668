"""What is said and what the speaker does besides, put together as a `FaceAnimation`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ..face.animation import FaceAnimation
from ..face.lids_and_lips import shut_lids
from ..face.names import ARKIT_INDEX, ARKIT_NAMES, VISEMES
from ..face.retargeting.arkit import arkit_weights
from ..face.retargeting.visemes import cues_until, mouth_cues, viseme_weights
from ..face.shape_effects import closed_frames
from .lips.content import PHONES, ContentMotion
from .manner.personal import Performance


def landmarks_alone(content: ContentMotion, performance: Performance) -> FaceAnimation:
    """The face as landmarks, head and eyes; its ARKit weights and visemes are 0, and it has no cues.

    Args:
        content: lips, jaw and brows. Its ``displacement`` becomes the landmarks, in place: an hour of them is 150 MB, and
            several copies are too much.
        performance: head, lids and eyes.
    """
    landmarks = content.displacement
    landmarks += content.neutral
    shut_lids(landmarks, performance.blink, content.neutral)
    frames = len(landmarks)
    return FaceAnimation(
        fps=content.fps,
        landmarks=landmarks,
        neutral=content.neutral,
        head_rotation=performance.head_rotation,
        head_translation=performance.head_translation,
        eye_rotation=performance.eye_rotation,
        blink=performance.blink,
        arkit=np.zeros((frames, len(ARKIT_NAMES)), np.float32),
        visemes=np.zeros((frames, len(VISEMES)), np.float32),
    )


def whole_face(
    content: ContentMotion, performance: Performance, seconds: float, source: dict[str, Any]
) -> FaceAnimation:
    """The face with everything that characters can be moved by.

    Args:
        content, performance: see `landmarks_alone`.
        seconds: of the recording, where the last mouth cue ends.
        source: see `FaceAnimation`.
    """
    fps, phones = content.fps, content.phones
    arkit = arkit_weights(content.displacement, performance.blink, performance.eye_rotation, fps)
    cues = mouth_cues(phones, PHONES, arkit[:, ARKIT_INDEX["jawOpen"]], fps, closed_frames(arkit))
    return replace(
        landmarks_alone(content, performance),
        arkit=arkit,
        visemes=viseme_weights(phones, PHONES, fps),
        cues=cues_until(cues, seconds),
        source=source,
    )


def at_rate(animation: FaceAnimation, fps: float | None, seconds: float) -> FaceAnimation:
    """The animation of a recording of so many seconds, as many frames as begin in it; at its own rate where fps is None."""
    if fps is None:
        return animation
    return animation.resampled(fps, int(np.floor(seconds * fps + 1e-6)) + 1)
