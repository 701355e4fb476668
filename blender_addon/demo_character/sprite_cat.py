# SPDX-License-Identifier: GPL-3.0-or-later
"""A cat for sprite sheets: its head, nine mouths (X, A to H) and eyes in three drawings, as flat shapes."""

from __future__ import annotations

from typing import Final

import numpy as np

from .flat_shapes import Box, Outline, Patch, between, ellipse
from .mouth_chart import MOUTHS, Mouth

FUR, STRIPE, INNER, MUZZLE = (0.33, 0.32, 0.36), (0.13, 0.12, 0.15), (0.72, 0.38, 0.38), (0.80, 0.78, 0.76)
DARK, WHITE, EYE, NOSE, RED = (
    (0.03, 0.02, 0.03),
    (0.94, 0.93, 0.90),
    (0.55, 0.66, 0.10),
    (0.62, 0.22, 0.25),
    (0.55, 0.13, 0.15),
)
HEAD: Final[Box] = (-1.1, -1.1, 1.1, 1.1)
"""Left, bottom, right and top of the head's picture, metres."""
MOUTH: Final[Box] = (-0.34, -0.77, 0.34, -0.21)
EYES: Final[Box] = (-0.66, -0.16, 0.66, 0.40)
"""The same of the cells of its mouths and its eyes, in the same place."""
_MIDDLE = -0.42  # of the mouth
_SMALLER = 0.85  # than the drawn head's


def head() -> list[Patch]:
    """The head without a mouth, with closed eyes below those of the sheet."""
    ears = []
    for side in (-1, 1):
        outer = np.array([(side * 0.86, 1.02), (side * 0.98, 0.25), (side * 0.25, 0.66)])
        inner = np.array([(side * 0.79, 0.86), (side * 0.84, 0.4), (side * 0.42, 0.62)])
        ears += [Patch(outer, FUR), Patch(inner, INNER)]
    stripes = [Patch(ellipse(x, 0.68 - abs(x) * 0.25, 0.09, 0.3), STRIPE) for x in (-0.2, 0.0, 0.2)]
    cheeks = [Patch(ellipse(side * 0.92, y, 0.26, 0.07), STRIPE) for side in (-1, 1) for y in (-0.1, -0.26)]
    muzzle = [Patch(ellipse(side * 0.21, -0.4, 0.62, 0.56), MUZZLE) for side in (-1, 1)]
    chin = Patch(ellipse(0, -0.66, 0.62, 0.44), MUZZLE)
    nose = Patch(np.array([(-0.12, -0.14), (0.12, -0.14), (0.02, -0.26), (-0.02, -0.26)]), NOSE)
    return [
        *ears,
        Patch(ellipse(0, -0.12, 2.05, 1.75), FUR),
        *stripes,
        *cheeks,
        chin,
        *muzzle,
        nose,
        *_whiskers(),
    ]


def _whiskers() -> list[Patch]:
    lines = []
    for side in (-1, 1):
        for slope in (-0.14, 0.0, 0.14):
            across = np.linspace(0.34, 0.98, 9)
            middle = -0.4 + slope * (across - 0.34) * 1.6
            lines.append(Patch(between(side * across, middle + 0.007, middle - 0.007), WHITE))
    return lines


def mouth(cue: str) -> list[Patch]:
    """The mouth of a cue; at rest and shut the two bows that cats have."""
    shown = MOUTHS[cue]
    if shown.top < 0.02:
        return [Patch(_bows(0.012, 0.0 if cue == "A" else 0.05), DARK)]
    across = np.linspace(-1.0, 1.0, 33)
    bow = np.sqrt(np.clip(1 - across**2, 0, 1))
    upper, lower, wide = _edges(shown, bow)
    inside = across * wide
    patches = [
        Patch(between(across * (wide + 0.014), upper + 0.014, lower - 0.02 * bow), DARK),
        Patch(between(inside, upper, lower), RED),
    ]
    if shown.tongue:
        reach = lower.min() + shown.tongue * (upper.max() - lower.min())
        tip = reach - 0.6 * (inside / 0.3) ** 2 * (upper.max() - lower.min())
        patches.append(Patch(between(inside, np.clip(tip, lower, upper), lower), INNER))
    for side in (-1, 1) if shown.teeth else ():
        at = side * wide * 0.55
        fang = np.array([(at - 0.035, upper.max()), (at + 0.035, upper.max()), (at, upper.max() - 0.09)])
        patches.append(Patch(fang, WHITE))
    return [*patches, Patch(_bows(0.012, 0.03), DARK)] if cue not in "EF" else patches


def _edges(shown: Mouth, bow: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Upper and lower edge of the inside, and its half width."""
    upper = _MIDDLE + _SMALLER * shown.top * bow * 0.5
    return upper, _MIDDLE - _SMALLER * shown.bottom * bow, _SMALLER * shown.width / 2


def _bows(thick: float, dip: float) -> Outline:
    """Two bows side by side, hanging from the nose."""
    across = np.linspace(-0.3, 0.3, 41)
    level = _MIDDLE - dip * np.abs(np.sin(np.pi * across / 0.3)) + 0.04 * np.abs(across / 0.3) ** 2
    return between(across, level + thick, level - thick)


def eyes(state: str) -> list[Patch]:
    """Both eyes "open", "half" or "shut"."""
    patches = []
    for side in (-0.4, 0.4):
        across = np.linspace(-0.22, 0.22, 33)
        bow = np.sqrt(np.clip(1 - (across / 0.22) ** 2, 0, 1))
        lower = 0.12 - 0.2 * bow
        upper = lower + {"open": 0.4, "half": 0.2, "shut": 0.0}[state] * bow
        if state != "shut":
            patches.append(Patch(between(across + side, upper, lower), EYE))
            pupil = np.linspace(-0.055, 0.055, 15)
            slit = 0.17 * np.sqrt(np.clip(1 - (pupil / 0.055) ** 2, 0, 1))
            top = np.interp(pupil, across, upper) - 0.005
            patches.append(Patch(between(pupil + side, np.minimum(0.12 + slit, top), 0.12 - slit), DARK))
        patches.append(Patch(between(across + side, upper + 0.03 * bow + 0.006, upper - 0.006), DARK))
    return patches
