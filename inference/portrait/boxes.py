"""Rectangles of pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..face.arrays import Floats


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels: from left and top up to, without, right and bottom."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.right <= self.left or self.bottom <= self.top

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top

    @property
    def slices(self) -> tuple[slice, slice]:
        """Its rows and columns."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def within(self, other: Box) -> Box:
        """What both have."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )

    def grown(self, rim: int) -> Box:
        """With so many pixels more to every side."""
        return Box(self.left - rim, self.top - rim, self.right + rim, self.bottom + rim)

    @classmethod
    def around(cls, points: Floats, rim: int = 1) -> Box:
        """The box of places (N, 2 or more), with a rim; empty for none."""
        if not len(points):
            return cls(0, 0, 0, 0)
        x, y = points[:, 0], points[:, 1]
        return cls(
            math.floor(x.min()) - rim,
            math.floor(y.min()) - rim,
            math.ceil(x.max()) + rim,
            math.ceil(y.max()) + rim,
        )
