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
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

import drawn_stage

from blender_addon.demo_character.flat_shapes import Patch, between, ellipse, empty, flat, show_flat

FUR, MUZZLE, DARK = (0.30, 0.15, 0.07), (0.75, 0.52, 0.33), (0.04, 0.02, 0.02)
LID = (0.20, 0.09, 0.04)
PINK, WHITE, COAT = (0.70, 0.28, 0.26), (0.93, 0.92, 0.88), (0.45, 0.10, 0.09)


def build(scene: Any) -> Any:
    """The bear; its parts are told by their names, so nothing is mapped."""
    bear = empty(scene, "Bear")
    flat(scene, "Coat", [Patch(ellipse(0, 0, 1.7, 1.2), COAT)], bear, (0, -1.3), -5)
    ears = [
        Patch(ellipse(side * 0.62, 0.6, size, size), colour)
        for side in (-1, 1)
        for size, colour in ((0.5, FUR), (0.28, MUZZLE))
    ]
    head = flat(scene, "Head", [*ears, Patch(ellipse(0, 0, 1.75, 1.6), FUR)], bear)
    mouth = [Patch(_bowl(0.58, 0.15), DARK), Patch(_bowl(0.34, 0.1) - (0, 0.045), PINK)]
    flat(scene, "Mouth", mouth, head, (0, -0.36), 1)
    flat(scene, "Jaw", [Patch(_bowl(0.64, 0.38, 2.6), MUZZLE)], head, (0, -0.4), 2)
    nose = [Patch(ellipse(0, 0, 0.8, 0.36), MUZZLE), Patch(ellipse(0, 0.08, 0.3, 0.2), DARK)]
    flat(scene, "Muzzle", nose, head, (0, -0.24), 3)
    for side, across in (("L", 0.33), ("R", -0.33)):  # the character's left is the picture's right
        eye = flat(scene, f"Eye.{side}", [Patch(ellipse(0, 0, 0.34, 0.38), WHITE)], head, (across, 0.15), 1)
        pupil = [Patch(ellipse(0, 0, 0.17, 0.19), DARK), Patch(ellipse(0.03, 0.04, 0.05, 0.05), WHITE)]
        flat(scene, f"Pupil.{side}", pupil, eye, (0, 0), 1)
        # Of half the eye's height: twice as tall it is the eye's own shape.
        lid = [Patch(ellipse(0, -0.1, 0.38, 0.205), DARK), Patch(ellipse(0, -0.094, 0.38, 0.19), LID)]
        flat(scene, f"Lid.{side}", lid, head, (across, 0.35), 4)  # it hangs from its origin
        flat(scene, f"Brow.{side}", [Patch(ellipse(0, 0, 0.34, 0.08), DARK)], head, (across, 0.47), 5)
    show_flat(scene, (0.0, -0.25), 2.9)
    return bear


def _bowl(width: float, depth: float, square: float = 4.0) -> np.ndarray:
    """What hangs from a straight edge at its origin: round as half an ellipse at 2, squarer above."""
    across = np.linspace(-1, 1, 25)
    return between(
        across * width / 2, 0 * across, -depth * np.clip(1 - np.abs(across) ** square, 0, 1) ** 0.5
    )


if __name__ == "__main__":
    drawn_stage.finish(drawn_stage.perform("cut_out", build))
