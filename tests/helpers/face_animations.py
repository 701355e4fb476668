"""Face animations for tests: whole ones, of what a test is about."""

from __future__ import annotations

from typing import Any

import numpy as np
from blender_addon.contract.landmarks import NEUTRAL_FACE
from blender_addon.contract.retargeting.arkit import landmark_displacement

from blender_addon.contract import FaceAnimation


def face_animation(fps: float, arkit: np.ndarray, **changes: Any) -> FaceAnimation:
    """An animation of (T, 52) weights: landmarks that move with them, a still head, and what the changes say instead."""
    frames = len(arkit)
    fields: dict[str, Any] = {
        "landmarks": (NEUTRAL_FACE + landmark_displacement(arkit)).astype(np.float32),
        "neutral": NEUTRAL_FACE.astype(np.float32),
        "head_rotation": np.zeros((frames, 3), np.float32),
        "head_translation": np.zeros((frames, 3), np.float32),
        "eye_rotation": np.zeros((frames, 2), np.float32),
        "blink": arkit[:, [0, 7]],
        "visemes": np.eye(15, dtype=np.float32)[np.zeros(frames, np.int64)],
    }
    return FaceAnimation(fps=fps, arkit=arkit, **{**fields, **changes})
