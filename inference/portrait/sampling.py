"""Colours of a texture at many places: with OpenCV where it is installed, which is faster and sharper, else with numpy."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from ..face.arrays import Floats
from ..pictures.filling import Pixels, sample

_LONGEST_SIDE = 30_000
"""Pixels of a map's or a texture's side that OpenCV takes."""


def opencv() -> Any | None:
    """The package cv2; None where it is not installed."""
    try:
        return import_module("cv2")
    except ImportError:
        return None


class Sampler:
    """Reads textures.

    Args:
        use_opencv: False for numpy even where OpenCV is installed.
    """

    def __init__(self, use_opencv: bool = True) -> None:
        self.cv = opencv() if use_opencv else None

    def at(self, texture: Pixels, places: Floats, sharp: bool = False) -> Pixels:
        """(h, w, C) uint8 colours of a texture (H, W, C) at places (h, w, 2) float32, pixels of it; at its edge the edge's own.

        At a pixel's centre it is that pixel exactly.

        Args:
            texture: to read.
            places: x and y.
            sharp: cubic between pixels instead of linear; of numpy always linear.
        """
        return self.at_indices(texture, places - np.float32(0.5), sharp)

    def at_indices(self, texture: Pixels, indices: Floats, sharp: bool = False) -> Pixels:
        """As `at`, of places that count columns and rows: the first pixel's centre is 0."""
        if self.cv is None or max(*texture.shape[:2], *indices.shape[:2]) > _LONGEST_SIDE:
            return np.round(sample(texture, indices + np.float32(0.5))).astype(np.uint8)
        how = self.cv.INTER_CUBIC if sharp else self.cv.INTER_LINEAR
        return np.asarray(
            self.cv.remap(texture, indices, None, how, borderMode=self.cv.BORDER_REPLICATE), np.uint8
        )

    def values(self, field: Floats, places: Floats) -> Floats:
        """(h, w, C) float32 what a field (H, W, C) holds at places (h, w, 2), linearly; at its edge the edge's own."""
        if self.cv is None or max(*field.shape[:2], *places.shape[:2]) > _LONGEST_SIDE:
            return sample(field, places)
        centred = np.ascontiguousarray(places - np.float32(0.5), np.float32)
        how, edge = self.cv.INTER_LINEAR, self.cv.BORDER_REPLICATE
        read = self.cv.remap(np.ascontiguousarray(field, np.float32), centred, None, how, borderMode=edge)
        return np.asarray(read, np.float32).reshape(*places.shape[:2], -1)

    def between(self, grid: Floats, step: int) -> Floats:
        """(h * step, w * step, 2) what a grid (h, w, 2) holds between its places, linearly; OpenCV is needed.

        The grid's places are the middles of squares of so many pixels.
        """
        assert self.cv is not None
        size = (grid.shape[1] * step, grid.shape[0] * step)
        return np.asarray(self.cv.resize(grid, size, interpolation=self.cv.INTER_LINEAR), np.float32)

    def resized(self, texture: Pixels, size: tuple[int, int]) -> Pixels:
        """(h, w, C) uint8 the texture at another size, width and height: each pixel the mean of what it stands for."""
        if (texture.shape[1], texture.shape[0]) == size:
            return texture
        if self.cv is not None:
            smaller = size[0] <= texture.shape[1]
            how = self.cv.INTER_AREA if smaller else self.cv.INTER_CUBIC
            return np.asarray(self.cv.resize(texture, size, interpolation=how), np.uint8).reshape(
                size[1], size[0], -1
            )
        return _means(texture, size)


def _means(texture: Pixels, size: tuple[int, int]) -> Pixels:
    """`Sampler.resized` with numpy: the mean of places spread over each pixel, a row of the result at a time."""
    width, height = size
    across, down = texture.shape[1] / width, texture.shape[0] / height
    fine_x, fine_y = max(1, int(np.ceil(across))), max(1, int(np.ceil(down)))
    x = (np.arange(width * fine_x) + 0.5) / fine_x * across
    result = np.empty((height, width, texture.shape[2]), np.uint8)
    for row in range(height):
        y = (row + (np.arange(fine_y) + 0.5) / fine_y) * down
        places = np.stack(np.meshgrid(x, y), axis=-1).astype(np.float32)
        colours = sample(texture, places).reshape(fine_y, width, fine_x, -1)
        result[row] = np.round(colours.mean(axis=(0, 2))).astype(np.uint8)
    return result
