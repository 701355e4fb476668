# SPDX-License-Identifier: GPL-3.0-or-later
"""How large the video of a picture is. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LONGEST: Final = 4096
"""Pixels of the longer side, at most: what players show everywhere."""
SMALLEST: Final = 16
"""Pixels of a side, at least: what encoders take."""
PREVIEW: Final = 4
"""A preview's sides are this many times shorter …"""
PREVIEW_LEAST: Final = 256
"""… but its longer one has so many pixels, where the picture does: in fewer no lips are to be seen."""


@dataclass(frozen=True)
class VideoSize:
    """Size of a video in which the whole picture shows at the top left, its last row and column repeated beyond it.

    Attributes:
        width, height: even numbers of pixels.
        scale: pixels of the video for each of the picture; 1 where the picture shows pixel for pixel.
        padded: columns and rows that are repeated so that width and height are even and large enough.
    """

    width: int
    height: int
    scale: float
    padded: tuple[int, int]


def of_picture(width: int, height: int, preview: bool = False) -> VideoSize:
    """The size of a picture's video.

    Args:
        width, height: of the picture in pixels.
        preview: a quarter of it, see `PREVIEW_LEAST`.
    """
    longer = max(width, height, 1)
    scale = min(1.0, LONGEST / longer)
    if preview:
        scale = min(scale, max(scale / PREVIEW, PREVIEW_LEAST / longer))
    shown = [max(1, round(side * scale)) for side in (width, height)]
    even = [max(SMALLEST, side + side % 2) for side in shown]
    return VideoSize(even[0], even[1], scale, (even[0] - shown[0], even[1] - shown[1]))
