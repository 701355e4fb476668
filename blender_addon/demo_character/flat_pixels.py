# SPDX-License-Identifier: GPL-3.0-or-later
"""Flat shapes as pixels: what sprite sheets that are drawn by code consist of. numpy only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..contract import srgb
from .flat_shapes import Box, Outline, Patch

_FINER = 4
"""Rows and columns that are looked at in each pixel, so that edges are smooth."""


def drawn(patches: Sequence[Patch], box: Box, size: tuple[int, int]) -> np.ndarray:
    """(H, W, 4) uint8 RGBA, sRGB with straight alpha, the top row first: patches over nothing, the last of them in front.

    Args:
        patches: what is drawn.
        box: left, bottom, right and top of what is seen, in the patches' unit.
        size: width and height in pixels.
    """
    width, height = size[0] * _FINER, size[1] * _FINER
    left, bottom, right, top = box
    across = left + (np.arange(width) + 0.5) * (right - left) / width
    up = top - (np.arange(height) + 0.5) * (top - bottom) / height
    colour = np.zeros((height, width, 3))
    covered = np.zeros((height, width), bool)
    for patch in patches:
        rows, columns = _reach(-up, -patch.outline[:, 1]), _reach(across, patch.outline[:, 0])
        inside = _inside(patch.outline, across[columns], up[rows])
        colour[rows, columns][inside] = patch.colour
        covered[rows, columns] |= inside
    cells = (size[1], _FINER, size[0], _FINER)
    share = covered.reshape(cells).mean(axis=(1, 3))
    light = colour.reshape(*cells, 3).sum(axis=(1, 3)) / np.maximum(share * _FINER**2, 1e-9)[..., None]
    return np.rint(np.concatenate([srgb.encoded(light), share[..., None]], axis=2) * 255).astype(np.uint8)


def _reach(places: np.ndarray, corners: np.ndarray) -> slice:
    """Which of the rising places lie between corners: an outline has nothing inside beyond them."""
    first, last = np.searchsorted(places, (corners.min(), corners.max()))
    return slice(max(int(first) - 1, 0), int(last) + 1)


def _inside(outline: Outline, across: np.ndarray, up: np.ndarray) -> np.ndarray:
    """(H, W) bool: where a row crosses the outline an odd number of times further left."""
    begins, ends = outline, np.roll(outline, -1, axis=0)
    inside = np.zeros((len(up), len(across)), bool)
    for (x0, y0), (x1, y1) in zip(begins, ends):
        rows = np.flatnonzero((up > min(y0, y1)) & (up <= max(y0, y1)))
        if len(rows):
            at = x0 + (up[rows] - y0) / (y1 - y0) * (x1 - x0)
            inside[rows] ^= across[None] > at[:, None]
    return inside
