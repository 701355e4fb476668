# SPDX-License-Identifier: GPL-3.0-or-later
"""Apple's 52 face shapes as characters have them: what tools put before their names, and which dial moves which."""

from __future__ import annotations

from typing import Final

from ..contract import dials

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

# How the curves are grouped in the animation editors.
GROUP_TITLES: Final[dict[str, str]] = {"gaze": "Gaze", "blinks": "Blinks", "brows": "Brows", "lips": "Lips"}


def dial_of(name: str) -> str:
    """The dial ("lips", "brows", "blinks" or "gaze") that scales an ARKit shape."""
    groups = dials.table()["groups"]
    return str(next(group["dial"] for group in groups if name.startswith(tuple(group["prefixes"]))))
