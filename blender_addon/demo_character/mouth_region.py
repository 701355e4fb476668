# SPDX-License-Identifier: GPL-3.0-or-later
"""The cage as the mouth sees it: where each vertex lies on the lips, and how the lips' motions spread over the skin."""

from __future__ import annotations

import numpy as np

from .head_mesh import LIP_BORDER, LIP_INSIDE, MOUTH_LOOPS, NO_LOOP, Cage
from .proportions import gaussian, smoothstep
from .sheet import Sheet


class MouthRegion:
    """Weights (V,) of the cage's vertices with respect to the lips.

    Attributes:
        cage: the head's.
        v: (V, 3) vertices of the cage, cm.
        loop: number of the mouth loop, NO_LOOP elsewhere.
        on_mouth: whether the vertex belongs to a mouth loop.
        u: 0 in the middle of the lips, 1 at the corners.
        up: -1 ... 1 from the lower to the upper lip, 0 at the corners and off the mouth.
        is_upper: whether the vertex is in the upper half of the mouth's loops.
        is_lower: the same for the lower half.
        lips: the lips and the bag behind them.
        follow: how much of a lip motion each loop follows; 0 on the skin, which the lips pull along.
    """

    def __init__(self, cage: Cage) -> None:
        self.cage = cage
        self.v = cage.vertices
        self.loop = cage.mouth_loop
        self.on_mouth = self.loop != NO_LOOP
        self.u = np.where(self.on_mouth, np.sin(cage.mouth_angle), 0.0)
        self.up = np.where(self.on_mouth, np.cos(cage.mouth_angle), 0.0)
        self.is_upper, self.is_lower = self.up > 1e-9, self.up < -1e-9
        self.lips = self.loop >= LIP_BORDER
        # The bag behind the lips follows them only near the lips.
        follow = np.interp(
            np.arange(MOUTH_LOOPS + 1), [LIP_INSIDE, 8, 9, 10, 11], [1.0, 0.75, 0.35, 0.05, 0.0]
        )
        self.follow = np.where(self.lips, follow[np.clip(self.loop, 0, MOUTH_LOOPS)], 0.0)
        x, y, z = self.v.T
        still = (z > -3.9) | (z < -13.5) | (y > -2.5) | (np.abs(x) > 6.2) | ((z < -10.5) & (y > -6.5))
        self._lip_sheet = Sheet(cage, self.lips | (still & ~self.on_mouth))

    def from_lips(self, offsets: np.ndarray) -> np.ndarray:
        """Offsets (V, 3) on the lip loops -> offsets (V, 3) on the whole face."""
        return self._lip_sheet.spread(offsets * self.follow[:, None])

    def weight_from_lips(self, weight: np.ndarray) -> np.ndarray:
        """A weight (V,) on the lip loops -> a weight (V,) on the whole face."""
        return self.from_lips(weight[:, None])[:, 0]

    def half(self, left: bool, blend: float = 0.9) -> np.ndarray:
        """Weight (V,) of one half of the face, softly shared over the middle line (`blend` cm to either side)."""
        w = smoothstep(-blend, blend, self.v[:, 0])
        return w if left else 1.0 - w

    def skin_bump(self, centre: tuple[float, float, float], size: tuple[float, float, float]) -> np.ndarray:
        """Weight (V,) of a soft spot (cm) on the skin; the lips, which have their own motion, are left out."""
        return gaussian(self.v, centre, size) * ~self.lips

    def cheek(self, side: int) -> np.ndarray:
        """Weight (V,) of the cheek below an eye; side +1 is the character's left."""
        return self.skin_bump((side * 3.7, -7.2, -3.3), (2.1, 2.5, 1.1))
