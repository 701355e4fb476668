# SPDX-License-Identifier: GPL-3.0-or-later
"""Apple's 52 face shapes.

Names and order: https://developer.apple.com/documentation/arkit/arfaceanchor/blendshapelocation
The engine's `arkit` columns have this order (`inference/face/retargeting/arkit.py`).
"""

from __future__ import annotations

from typing import Final

ARKIT_NAMES: Final[tuple[str, ...]] = (
    "eyeBlinkLeft",
    "eyeLookDownLeft",
    "eyeLookInLeft",
    "eyeLookOutLeft",
    "eyeLookUpLeft",
    "eyeSquintLeft",
    "eyeWideLeft",
    "eyeBlinkRight",
    "eyeLookDownRight",
    "eyeLookInRight",
    "eyeLookOutRight",
    "eyeLookUpRight",
    "eyeSquintRight",
    "eyeWideRight",
    "jawForward",
    "jawLeft",
    "jawRight",
    "jawOpen",
    "mouthClose",
    "mouthFunnel",
    "mouthPucker",
    "mouthLeft",
    "mouthRight",
    "mouthSmileLeft",
    "mouthSmileRight",
    "mouthFrownLeft",
    "mouthFrownRight",
    "mouthDimpleLeft",
    "mouthDimpleRight",
    "mouthStretchLeft",
    "mouthStretchRight",
    "mouthRollLower",
    "mouthRollUpper",
    "mouthShrugLower",
    "mouthShrugUpper",
    "mouthPressLeft",
    "mouthPressRight",
    "mouthLowerDownLeft",
    "mouthLowerDownRight",
    "mouthUpperUpLeft",
    "mouthUpperUpRight",
    "browDownLeft",
    "browDownRight",
    "browInnerUp",
    "browOuterUpLeft",
    "browOuterUpRight",
    "cheekPuff",
    "cheekSquintLeft",
    "cheekSquintRight",
    "noseSneerLeft",
    "noseSneerRight",
    "tongueOut",
)

# Prefixes that tools put before the ARKit name.
PREFIXES: Final[tuple[str, ...]] = (
    "!ex-",  # MPFB modelling targets (mpfb2 targetservice.py)
    "arkit_",
    "arkit.",
    "blendshape.",
    "blendshape1.",
    "bs_",
    "face.",
    "head_",
)

# Shapes that some rigs split into a left and a right half (ICT FaceKit, FACS-based rigs): both halves get the weight.
# https://github.com/ICT-VGL/ICT-FaceKit
SPLIT_SHAPES: Final[tuple[str, ...]] = (
    "browInnerUp",
    "cheekPuff",
    "mouthClose",
    "mouthFunnel",
    "mouthPucker",
)

# Which dial scales which shape: the first group whose prefix fits.
DIAL_GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("gaze", ("eyeLook",)),
    ("blinks", ("eyeBlink",)),
    ("brows", ("brow", "eyeWide", "eyeSquint", "cheekSquint")),
    ("lips", ("jaw", "mouth", "cheekPuff", "noseSneer", "tongue")),
)

# How the curves are grouped in the animation editors.
GROUP_TITLES: Final[dict[str, str]] = {"gaze": "Gaze", "blinks": "Blinks", "brows": "Brows", "lips": "Lips"}


def dial_of(name: str) -> str:
    """The dial ("lips", "brows", "blinks" or "gaze") that scales an ARKit shape."""
    return next(dial for dial, prefixes in DIAL_GROUPS if name.startswith(prefixes))
