"""The motion of a small picture that talks."""

from __future__ import annotations

import numpy as np

from inference.face.animation import FaceAnimation
from inference.face.landmarks import NEUTRAL_FACE
from inference.face.names import ARKIT_INDEX


def talking(frames: int, fps: float = 25.0) -> FaceAnimation:
    """A mouth that opens and shuts and a head that turns, so many frames."""
    time = np.arange(frames) / fps
    arkit = np.zeros((frames, 52), np.float32)
    arkit[:, ARKIT_INDEX["jawOpen"]] = 0.5 - 0.5 * np.cos(2 * np.pi * 3 * time)
    turned = np.stack([0.03 * np.sin(time), 0.3 * np.sin(2 * time), 0 * time], axis=1)
    return FaceAnimation(
        fps=fps,
        landmarks=np.repeat(NEUTRAL_FACE[None].astype(np.float32), frames, axis=0),
        neutral=NEUTRAL_FACE.astype(np.float32),
        head_rotation=turned.astype(np.float32),
        head_translation=np.full((frames, 3), 0.02, np.float32),
        eye_rotation=np.zeros((frames, 2), np.float32),
        blink=arkit[:, [0, 7]],
        arkit=arkit,
        visemes=np.eye(15, dtype=np.float32)[np.zeros(frames, np.int64)],
        source={"audio": "line.wav", "style": "calm", "model": "content-0"},
    )
