# SPDX-License-Identifier: GPL-3.0-or-later
"""A bear cut out of paper (head, jaw, mouth, eyes, lids, pupils, brows as planes) says the sample voice, from an empty file.

In Blender (3.4 or later):
    blender -b --factory-startup --python examples/cut_out.py -- --save cut_out.blend

With Blender as a Python module (`pip install bpy`):
    python examples/cut_out.py --save cut_out.blend

`--render FOLDER --frames 1,12,30` also renders frames with Workbench; `-- --help` lists the options.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

import drawn_stage

from blender_addon.demo_character.flat_shapes import Patch, between, ellipse, empty, flat, show_flat

FUR, MUZZLE, CHIN, DARK = (0.30, 0.15, 0.07), (0.75, 0.52, 0.33), (0.64, 0.42, 0.25), (0.04, 0.02, 0.02)
PINK, WHITE, COAT = (0.70, 0.28, 0.26), (0.93, 0.92, 0.88), (0.45, 0.10, 0.09)
EYE = (0.34, 0.38)
"""Width and height of an eye."""
_ACROSS, _EYES, _LIDS = 0.33, 0.15, 0.63
"""How far an eye is from the middle, how high its own middle is, and how high its lid hangs."""


def build(scene: Any) -> Any:
    """The bear; its parts are told by their names, so nothing is mapped."""
    bear = empty(scene, "Bear")
    flat(scene, "Coat", [Patch(ellipse(0, 0, 1.7, 1.2), COAT)], bear, (0, -1.3), -5)
    ears = [
        Patch(ellipse(side * 0.62, 0.6, size, size), colour)
        for side in (-1, 1)
        for size, colour in ((0.5, FUR), (0.28, MUZZLE))
    ]
    sockets = [
        Patch(ellipse(x, _EYES - 0.012, EYE[0] + 0.035, EYE[1] + 0.045), DARK) for x in (-_ACROSS, _ACROSS)
    ]
    head = flat(scene, "Head", [*ears, Patch(ellipse(0, 0, 1.75, 1.6), FUR), *sockets], bear)
    # Chin and mouth hang behind the muzzle, which hides them while the lips are shut.
    flat(scene, "Jaw", [Patch(_bowl(0.62, 0.43), CHIN)], head, (0, -0.13), 1)
    mouth = [Patch(_bowl(0.5, 0.175, 2.6), DARK), Patch(ellipse(0, -0.13, 0.3, 0.07), PINK)]
    flat(scene, "Mouth", mouth, head, (0, -0.25), 2)
    muzzle = [
        Patch(ellipse(0, 0, 0.92, 0.46), MUZZLE),
        Patch(_line(_along_muzzle, 0.3, 0.028), DARK),
        Patch(ellipse(0, -0.1, 0.025, 0.23), DARK),
        Patch(ellipse(0, 0.1, 0.32, 0.2), DARK),
        Patch(ellipse(-0.05, 0.15, 0.1, 0.04), MUZZLE),
    ]
    flat(scene, "Muzzle", muzzle, head, (0, -0.2), 3)
    for side, across in (("L", _ACROSS), ("R", -_ACROSS)):  # the character's left is the picture's right
        eye = flat(scene, f"Eye.{side}", [Patch(ellipse(0, 0, *EYE), WHITE)], head, (across, _EYES), 1)
        pupil = [Patch(ellipse(0, 0, 0.17, 0.19), DARK), Patch(ellipse(0.03, 0.04, 0.05, 0.05), WHITE)]
        flat(scene, f"Pupil.{side}", pupil, eye, (0, 0), 1)
        # Twice as long, the lid ends where the eye does, and leaves the lower rim of its socket as a line.
        lid = [Patch(_lid(0.012), DARK), Patch(_lid(0.0), FUR)]
        flat(scene, f"Lid.{side}", lid, head, (across, _LIDS), 4)  # it hangs from its origin
        flat(scene, f"Brow.{side}", [Patch(ellipse(0, 0, 0.34, 0.08), DARK)], head, (across, 0.47), 5)
    show_flat(scene, (0.0, -0.25), 2.9)
    return bear


def _bowl(width: float, depth: float, square: float = 2.0) -> np.ndarray:
    """What hangs from a straight edge at its origin: round as half an ellipse at 2, squarer above."""
    across = np.linspace(-1, 1, 25)
    return between(
        across * width / 2, 0 * across, -depth * np.clip(1 - np.abs(across) ** square, 0, 1) ** (1 / square)
    )


def _along_muzzle(across: np.ndarray) -> np.ndarray:
    """How high the lower edge of the muzzle is."""
    return -0.23 * np.sqrt(np.clip(1 - (across / 0.46) ** 2, 0, 1))


def _line(edge: Callable[[np.ndarray], np.ndarray], reach: float, width: float) -> np.ndarray:
    """A line along an edge, which gets thin to both ends."""
    across = np.linspace(-reach, reach, 25)
    half = width / 2 * (1 - (across / reach) ** 2)
    return between(across, edge(across) + half, edge(across) - half)


def _lid(longer: float) -> np.ndarray:
    """A lid about its origin, half as long as it is when it shuts the eye, and in its middle so much longer."""
    half = EYE[0] / 2
    across = np.linspace(-half - 0.03, half + 0.03, 31)
    below = EYE[1] / 2 * np.sqrt(np.clip(1 - (across / half) ** 2, 0, 1))
    lash = longer * np.clip(1 - (across / 0.15) ** 2, 0, 1)
    return between(across, 0 * across, -(_LIDS - _EYES + below) / 2 - lash)


if __name__ == "__main__":
    drawn_stage.finish(drawn_stage.perform("cut_out", build))
