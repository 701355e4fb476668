# SPDX-License-Identifier: GPL-3.0-or-later
"""Tongue: its chain of bones rises and comes forward as the sounds want."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...contract import VISEMES
from .controls import Freedom, FreedomFinder
from .frame import FaceFrame, lateral

# Oculus viseme → how far the root, the middle and the tip turn up, radians; the tip shows at TH alone.
# After the places of articulation (International Phonetic Association, Handbook, 1999, chart of consonants).
_RAISED: Final = {
    "TH": (0.05, 0.12, 0.10),
    "DD": (0.05, 0.20, 0.40),
    "kk": (0.35, 0.05, -0.10),
    "CH": (0.10, 0.22, 0.20),
    "SS": (0.05, 0.15, 0.22),
    "nn": (0.05, 0.20, 0.40),
    "RR": (0.10, 0.20, 0.30),
    "aa": (-0.10, -0.05, 0.0),
    "E": (0.05, 0.08, 0.0),
    "I": (0.15, 0.12, 0.0),
    "O": (0.02, 0.0, 0.0),
    "U": (0.08, 0.0, 0.0),
}
_FORWARD: Final = {"TH": 0.07, "DD": 0.02, "nn": 0.02, "SS": 0.015, "kk": -0.02, "O": -0.02, "U": -0.02}
_LIMIT: Final = 0.8


def tongue_motion(
    finder: FreedomFinder,
    frame: FaceFrame,
    bones: dict[str, np.ndarray],
    names: tuple[str, ...],
    visemes: np.ndarray,
) -> tuple[list[Freedom], np.ndarray]:
    """Controls of a tongue and their values.

    Args:
        finder: what may be animated.
        frame: the face.
        bones: name → (3, 3) rest rotation of the bone in the armature's space.
        names: the tongue's bones, from root to tip.
        visemes: (T, 15) 0…1, Oculus' order.

    Returns:
        K controls and values (T, K).
    """
    raised = np.array([_RAISED.get(name, (0.0, 0.0, 0.0)) for name in VISEMES])
    forward = visemes @ np.array([_FORWARD.get(name, 0.0) for name in VISEMES]) * frame.unit
    turned = visemes @ raised  # (T, 3)
    freedoms: list[Freedom] = []
    columns: list[np.ndarray] = []
    places = np.linspace(0, 2, len(names)) if len(names) > 1 else np.array([1.5])
    bones_per_part = max(1.0, len(names) / 3)
    for name, place in zip(names, places):
        turning = finder.rotation(name, lateral(frame), -_LIMIT, _LIMIT)
        if turning is not None:
            before = min(int(place), 1)
            share = place - before
            angle = turned[:, before] * (1 - share) + turned[:, before + 1] * share
            freedoms.append(turning)
            columns.append(-angle / bones_per_part)  # positive nods down
    root = names[0]
    for freedom in finder.locations(root, 0.2 * frame.unit):
        along = float(bones[root] @ freedom.axis @ frame.axes[:, 2])
        if abs(along) > 0.05:
            freedoms.append(freedom)
            columns.append(np.clip(forward * along, freedom.low, freedom.high))
    return freedoms, np.stack(columns, axis=1) if columns else np.zeros((len(visemes), 0))
