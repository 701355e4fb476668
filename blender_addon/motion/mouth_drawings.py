# SPDX-License-Identifier: GPL-3.0-or-later
"""What the drawings of a chart show, as ARKit's shapes: for charts that are made by moving a face. numpy only, no bpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from ..contract import ARKIT_INDEX, FaceAnimation
from ..contract.arrays import Floats
from ..contract.landmarks import NEUTRAL_FACE
from ..contract.names import VISEMES
from ..contract.retargeting.arkit import landmark_displacement

MOUTHS: Final[Mapping[str, Mapping[str, float]]] = {
    "X": {},
    "A": {"mouthPress": 0.2},
    "B": {"jawOpen": 0.06, "mouthStretch": 0.3, "mouthUpperUp": 0.2, "mouthLowerDown": 0.45},
    "C": {"jawOpen": 0.26, "mouthStretch": 0.15, "mouthUpperUp": 0.12, "mouthLowerDown": 0.25},
    "D": {"jawOpen": 0.58, "mouthUpperUp": 0.15, "mouthLowerDown": 0.2},
    "E": {"jawOpen": 0.32, "mouthFunnel": 0.45},
    "F": {"jawOpen": 0.1, "mouthPucker": 0.75, "mouthFunnel": 0.4},
    "G": {"jawOpen": 0.03, "mouthRollLower": 0.6, "mouthUpperUp": 0.4},
    "H": {"jawOpen": 0.36, "mouthUpperUp": 0.15, "mouthLowerDown": 0.1},
}
"""Mouth cue → weights of ARKit's shapes, those in pairs without their sides; the drawing of rest comes first."""
LIDS: Final[Mapping[str, Mapping[str, float]]] = {
    "open": {},
    "half": {"eyeBlink": 0.5},
    "shut": {"eyeBlink": 1.0},
}
"""Drawing of eyes → the same."""
_FPS: Final = 25.0
_HELD: Final = 25
"""Frames of each mouth: enough that easing in and out does not reach its middle."""


def weights_of(drawing: Mapping[str, float]) -> dict[str, float]:
    """The weights of a drawing by the names that ARKit has, both sides of a pair."""
    return {
        name: weight
        for shape, weight in drawing.items()
        for name in (shape, f"{shape}Left", f"{shape}Right")
        if name in ARKIT_INDEX
    }


def held_mouths() -> tuple[FaceAnimation, dict[str, int]]:
    """A motion that holds each mouth of a chart for a second, and by cue the frame in which it is itself."""
    frames = {cue: number * _HELD + _HELD // 2 for number, cue in enumerate(MOUTHS)}
    arkit: Floats = np.zeros((_HELD * len(MOUTHS), len(ARKIT_INDEX)), np.float32)
    for number, drawing in enumerate(MOUTHS.values()):
        for name, weight in weights_of(drawing).items():
            arkit[number * _HELD : (number + 1) * _HELD, ARKIT_INDEX[name]] = weight
    still = np.zeros((len(arkit), 3), np.float32)
    motion = FaceAnimation(
        fps=_FPS,
        landmarks=(NEUTRAL_FACE + landmark_displacement(arkit)).astype(np.float32),
        neutral=NEUTRAL_FACE.astype(np.float32),
        head_rotation=still,
        head_translation=still,
        eye_rotation=still[:, :2],
        blink=still[:, :2],
        arkit=arkit,
        visemes=np.zeros((len(arkit), len(VISEMES)), np.float32),
    )
    return motion, frames
