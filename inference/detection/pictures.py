"""Pictures as people have them → what the networks take."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .crops import Picture

LARGEST = 2048
"""Pixels of a picture's longer side from which on it is looked at in a smaller copy."""

_PAPER = 255  # what lies behind a cut-out figure or a drawing on nothing
_DARK = 90  # a picture whose brightest hundredth is darker than this is brightened
_BRIGHT = 230.0  # to this


def as_colours(picture: NDArray[Any]) -> Picture:
    """A picture as (H, W, 3) uint8; what is transparent lies on white paper.

    Args:
        picture: (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), uint8: grey, RGB or RGBA.

    Raises:
        ValueError: another shape or kind of numbers, or no pixels at all.
    """
    picture = np.asarray(picture)
    if picture.ndim == 2:
        picture = picture[:, :, None]
    if (
        picture.ndim != 3
        or picture.shape[2] not in (1, 3, 4)
        or picture.dtype != np.uint8
        or not picture.size
    ):
        raise ValueError(
            f"a picture is height × width × 3 or 4 bytes, not {picture.shape} of {picture.dtype}"
        )
    if picture.shape[2] == 1:
        return np.repeat(picture, 3, axis=2)
    if picture.shape[2] == 3:
        return np.ascontiguousarray(picture)
    if picture[:, :, 3].min() == 255:
        return np.ascontiguousarray(picture[:, :, :3])
    alpha = picture[:, :, 3:].astype(np.float32) / 255
    return np.asarray(np.rint(picture[:, :, :3] * alpha + _PAPER * (1 - alpha)), np.uint8)


def reduced(picture: Picture, largest: int = LARGEST) -> tuple[Picture, int]:
    """A picture no longer than that, of means of whole blocks, and how many pixels wide these are."""
    height, width = picture.shape[:2]
    step = -(-max(height, width) // largest)
    if step <= 1:
        return picture, 1
    rows, columns = max(height // step, 1) * step, max(width // step, 1) * step
    # A picture of 20000 × 1 pixels has no whole block: its edge is repeated.
    fitting = np.pad(
        picture[:rows, :columns],
        ((0, max(rows - height, 0)), (0, max(columns - width, 0)), (0, 0)),
        mode="edge",
    )
    out = np.empty((rows // step, columns // step, 3), np.uint8)
    for row in range(len(out)):  # a row of blocks at a time: no copy of a large picture in larger numbers
        band = fitting[row * step : (row + 1) * step].sum(axis=0, dtype=np.float32)
        out[row] = np.rint(band.reshape(-1, step, 3).sum(axis=1) / step**2)
    return out, step


def brightened(picture: Picture) -> Picture | None:
    """A dark picture as bright as others are; None where it is bright enough, or black."""
    bright = float(np.percentile(picture.max(axis=2), 99))
    if not 2 <= bright < _DARK:
        return None
    return np.asarray(np.clip(picture * np.float32(_BRIGHT / bright), 0, 255), np.uint8)
