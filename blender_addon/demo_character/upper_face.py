# SPDX-License-Identifier: GPL-3.0-or-later
"""Shapes of eyes, brows and cheeks: (V, 3) offsets of the cage, cm."""

from __future__ import annotations

import numpy as np

from .head_mesh import LID_CREASE, LIP_INSIDE
from .lids import LID_DRAG, LID_SHARES, lid_bulge, lid_rotation
from .mouth_region import MouthRegion
from .proportions import SIDES, gaussian


def eye_shapes(mouth: MouthRegion) -> dict[str, np.ndarray]:
    """Blink, squint, wide and the lids' part of the gaze."""
    cage = mouth.cage
    shapes: dict[str, np.ndarray] = {}
    for suffix, side in SIDES:
        for name in ("eyeBlink", "eyeSquint", "eyeWide", "eyeLookDown", "eyeLookUp"):
            shapes[name + suffix] = lid_rotation(cage, side, LID_SHARES[name])
        shapes["eyeSquint" + suffix] += mouth.cheek(side)[:, None] * (0.0, -0.08, 0.14)
        for direction in ("In", "Out"):
            towards = side if direction == "Out" else -side
            shapes[f"eyeLook{direction}{suffix}"] = lid_bulge(cage, side)[:, None] * (
                LID_DRAG * towards,
                0.0,
                0.0,
            )
    return shapes


def _brows_of_one_side(mouth: MouthRegion, side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """browDown and browOuterUp of one side, and its part of browInnerUp."""
    v = mouth.v
    inner = gaussian(v, (side * 1.5, -8.0, 2.5), (1.5, 3.0, 1.5))
    middle = gaussian(v, (side * 2.6, -7.6, 2.4), (2.2, 3.0, 1.3))
    outer = gaussian(v, (side * 4.7, -6.6, 2.5), (1.8, 3.0, 1.5))
    forehead = gaussian(v, (side * 2.4, -7.4, 4.4), (3.0, 3.0, 1.6))
    off_lids = np.where(mouth.cage.eye_loop >= LID_CREASE, 0.25, 1.0)[:, None]
    down = off_lids * (
        middle[:, None] * (-0.12 * side, -0.06, -0.62) + inner[:, None] * (-0.18 * side, -0.08, -0.32)
    )
    outer_up = off_lids * (outer[:, None] * (0, 0.05, 0.85) + forehead[:, None] * (0, 0, 0.12))
    inner_up = off_lids * (inner[:, None] * (-0.06 * side, 0.0, 0.85) + forehead[:, None] * (0.0, 0.0, 0.14))
    return down, outer_up, inner_up


def brow_and_cheek_shapes(mouth: MouthRegion) -> dict[str, np.ndarray]:
    """Brows, cheek squint and puff."""
    v = mouth.v
    shapes: dict[str, np.ndarray] = {}
    both_inner_up = np.zeros_like(v)
    puff = np.zeros_like(v)
    for suffix, side in SIDES:
        down, outer_up, inner_up = _brows_of_one_side(mouth, side)
        shapes["browDown" + suffix] = down
        shapes["browOuterUp" + suffix] = outer_up
        both_inner_up += inner_up
        squint = mouth.cheek(side)[:, None] * (0.0, -0.20, 0.45)
        shapes["cheekSquint" + suffix] = squint + lid_rotation(mouth.cage, side, LID_SHARES["cheekSquint"])
        cheek = gaussian(v, (side * 4.1, -6.4, -6.6), (1.9, 2.6, 1.9))
        puff += (cheek * ~(mouth.loop > LIP_INSIDE))[:, None] * (1.1 * side, -0.85, 0.0)
    shapes["browInnerUp"] = both_inner_up
    # A puffed mouth pushes the lips out too.
    shapes["cheekPuff"] = puff + mouth.from_lips(np.tile((0.0, -0.12, 0.0), (len(v), 1)))
    return shapes
