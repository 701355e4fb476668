"""The part of a picture that moves, three times as fine, so that what is drawn between its pixels stays as sharp as they are.

Whoever draws a texture takes, between two of its pixels, their mean: half a pixel of motion then takes half of a photo's grain
away, and a slow motion makes the skin shimmer. Between the pixels of the finer texture little is left to lose. In the middle of
each of the picture's own pixels it has that very pixel, so that a picture at rest is drawn as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arrays import Flags, Floats
from .face_picture import PICTURE, RELIEF, FacePicture, Layer

Pixels = NDArray[np.uint8]

FINER = "picture_finer"
"""Name of the texture where it stands beside a picture's own."""
TIMES = 3
"""Its pixels for one of the picture's, each way; odd, so that one of them lies in that one's middle."""
MOST_PIXELS = 12_000_000
LONGEST_SIDE = 8192
"""Pixels of a finer texture; beyond them there is none, and graphics cards refuse longer sides."""
_REACH = 3
"""Pixels of the picture on each side that a pixel between them is made of: Lanczos's window."""
_BRIGHTENED = 0.3
"""How much of the finest detail is added between pixels, for what the mean of the finer pixels takes away."""
_SEEN = 0.05
"""Pixels: what moves less is not seen to move."""


@dataclass(frozen=True)
class FinerPart:
    """The moving part of a picture.

    Attributes:
        vertices: (N,) which of the relief's vertices move; a triangle with one of them shows the finer texture.
        left, top: pixels of the picture, where the part begins.
        pixels: (`TIMES` h, `TIMES` w, 4) uint8, opaque.
    """

    vertices: Flags
    left: int
    top: int
    pixels: Pixels

    def triangles(self, rows: NDArray[Any]) -> Flags:
        """(M,) which of (M, 3) triangles show the finer texture."""
        return np.asarray(self.vertices[rows].any(axis=1))

    def uv(self, uv: Floats) -> Floats:
        """(N, 2) places in the picture as places in the finer texture, pixels."""
        return np.asarray((uv - np.array([self.left, self.top], uv.dtype)) * np.asarray(TIMES, uv.dtype))


def finer_part(face: FacePicture, rim: float = 1) -> FinerPart | None:
    """What of a face picture is shown finer; None where nothing moves, the part is too large or it has transparent parts.

    Args:
        face: the face picture.
        rim: pixels of the picture around what moves that belong to the part.
    """
    relief = next((layer for layer in face.layers if layer.name == RELIEF and layer.texture == PICTURE), None)
    if relief is None:
        return None
    moving = _moving(relief)
    used = relief.triangles[moving[relief.triangles].any(axis=1)]
    if not used.size:
        return None
    places = relief.uv[used.ravel()]
    left, top = np.floor(places.min(axis=0) - rim).astype(int).clip(0).tolist()
    right, bottom = np.minimum(np.ceil(places.max(axis=0) + rim).astype(int), face.size).tolist()
    width, height = TIMES * (right - left), TIMES * (bottom - top)
    if min(width, height) <= 0 or width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        return None
    part = face.textures[PICTURE][top:bottom, left:right]
    return FinerPart(moving, left, top, finer(part)) if (part[..., 3] == 255).all() else None


def _moving(relief: Layer) -> Flags:
    moves = relief.head > 0
    for shape in relief.shapes:
        moves |= np.abs(shape).max(axis=1) > _SEEN
    return np.asarray(moves)


def finer(pixels: Pixels) -> Pixels:
    """(3 h, 3 w, C) a picture (h, w, C) with `TIMES` as many pixels each way, its own in their middles.

    Between them Lanczos's window, the finest detail brightened a little, never beyond what the pixels around have: a hard edge
    gets no rim.
    """
    own = pixels.astype(np.float32)
    result, low, high = own, own, own
    for axis in (0, 1):
        result = _between(result, axis)
        low = np.minimum.reduce([_shifted(low, step, axis) for step in (-1, 0, 1)])
        high = np.maximum.reduce([_shifted(high, step, axis) for step in (-1, 0, 1)])
    for axis in (0, 1):
        low, high = low.repeat(TIMES, axis), high.repeat(TIMES, axis)
    return np.asarray(np.round(result.clip(low, high)), np.uint8)


def _between(values: Floats, axis: int) -> Floats:
    """Values with two new ones around each along an axis."""
    phases = []
    for phase in range(TIMES):
        weights = _weights((phase - TIMES // 2) / TIMES)
        steps = range(-(len(weights) // 2), len(weights) // 2 + 1)
        phases.append(
            sum(
                float(weight) * _shifted(values, step, axis) for step, weight in zip(steps, weights) if weight
            )
        )
    shape = list(values.shape)
    shape[axis] *= TIMES
    return np.asarray(np.stack(phases, axis=axis + 1).reshape(shape))


def _weights(offset: float) -> Floats:
    """(2 × `_REACH` + 3,) what each pixel around counts at a place so many pixels from the middle one."""
    if offset == 0:
        return np.asarray(np.eye(2 * _REACH + 3)[_REACH + 1])
    distance = np.abs(offset - np.arange(-_REACH - 1, _REACH + 2))
    weights = np.where(distance < _REACH, np.sinc(distance) * np.sinc(distance / _REACH), 0.0)
    weights += _BRIGHTENED * (weights - np.convolve(weights, [0.25, 0.5, 0.25], "same"))
    return np.asarray(weights / weights.sum())


def _shifted(values: Floats, step: int, axis: int) -> Floats:
    """Each value's neighbour so many places on; beyond the edge the edge's own."""
    if not step:
        return values
    count = values.shape[axis]
    return values.take(np.arange(step, step + count).clip(0, count - 1), axis)
