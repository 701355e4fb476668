# SPDX-License-Identifier: GPL-3.0-or-later
"""The 52 ARKit shapes of the head.

All offsets are made on the cage (cm, head space) and subdivided. Mouth shapes are given on the lip loops and spread over the
skin by a bending-energy (biharmonic) solve, so that skin stretches between lips and cheekbones as a sheet would. "Left" is the
character's left, x > 0.
"""

from __future__ import annotations

import numpy as np

from .. import contract
from .head_mesh import Cage
from .jaw import jaw_shapes
from .lip_shapes import LipShapes
from .mouth_region import MouthRegion
from .subdivision import Subdivision
from .upper_face import brow_and_cheek_shapes, eye_shapes

ARKIT_NAMES: tuple[str, ...] = tuple(sorted(contract.ARKIT_NAMES))
"""Apple's 52 names, in the order of the alphabet."""


class HeadShapes:
    """Builds every shape of the head on the cage: name -> (V, 3) offsets, cm."""

    def __init__(self, cage: Cage) -> None:
        self.mouth = MouthRegion(cage)

    def jaw_shapes(self) -> dict[str, np.ndarray]:
        """jawOpen, jawForward, jawLeft, jawRight, mouthClose."""
        return jaw_shapes(self.mouth)

    def lip_shapes(self) -> dict[str, np.ndarray]:
        """Everything the lips do by themselves."""
        return LipShapes(self.mouth).all()

    def eye_shapes(self) -> dict[str, np.ndarray]:
        """Blink, squint, wide and the lids' part of the gaze."""
        return eye_shapes(self.mouth)

    def brow_and_cheek_shapes(self) -> dict[str, np.ndarray]:
        """Brows, cheek squint and puff."""
        return brow_and_cheek_shapes(self.mouth)

    def all(self) -> dict[str, np.ndarray]:
        """Every shape on the cage, in the order of `ARKIT_NAMES`."""
        shapes = {
            **self.jaw_shapes(),
            **self.lip_shapes(),
            **self.eye_shapes(),
            **self.brow_and_cheek_shapes(),
        }
        return {name: shapes[name] for name in ARKIT_NAMES}


SEAM_TOLERANCE = 0.05
"""Partners on the seam whose offsets differ by less (cm) are meant to stay together."""


def head_shapes(
    cage: Cage, subdivision: Subdivision, mirror: np.ndarray, seam: np.ndarray
) -> dict[str, np.ndarray]:
    """Offsets of the fine head mesh for all 52 shapes, exactly mirrored between Left and Right.

    `seam` pairs the vertices of the lips that touch: shapes that do not part them keep them together.
    """
    coarse = HeadShapes(cage).all()
    packed = np.concatenate([coarse[name] for name in ARKIT_NAMES], axis=1)
    fine = subdivision(packed)
    shapes = {name: fine[:, 3 * k : 3 * k + 3].copy() for k, name in enumerate(ARKIT_NAMES)}
    flip = np.array([-1.0, 1.0, 1.0])
    for name in ARKIT_NAMES:
        # Offsets far below a hair's width are numerical dust of the solve.
        shapes[name][np.linalg.norm(shapes[name], axis=1) < 1e-4] = 0.0
        if "Left" in name:
            shapes[name.replace("Left", "Right")] = shapes[name][mirror] * flip
        elif "Right" not in name:
            shapes[name] = 0.5 * (shapes[name] + shapes[name][mirror] * flip)
    for name in ARKIT_NAMES:
        pairs = shapes[name][seam]
        together = np.linalg.norm(pairs[:, 0] - pairs[:, 1], axis=1) < SEAM_TOLERANCE
        shapes[name][seam[together]] = pairs[together].mean(axis=1, keepdims=True)
    # mouthClose on an open jaw shuts the lips to the last vertex.
    closed = (shapes["jawOpen"] + shapes["mouthClose"])[seam].mean(axis=1, keepdims=True)
    shapes["mouthClose"][seam] = closed - shapes["jawOpen"][seam]
    return shapes
