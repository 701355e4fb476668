"""A face picture as it looks with weights of its shapes and its head turned: seen from the front, without perspective."""

from __future__ import annotations

import weakref
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..face.arrays import Floats
from ..face.face_picture import BACKGROUND, PICTURE, PICTURED, RELIEF, SHAPE_NAMES, FacePicture, Layer
from ..face.finer_texture import FinerPart, finer_part
from ..face.landmarks import rotation_matrix
from .filling import Pixels, sample
from .raster import Fragments, rasterise
from .seams import numbers_of, sigma_of, soften

_DOWN = np.array([1.0, -1.0, 1.0])


def rest_weights() -> Floats:
    """(53,) the weights with which a face picture looks as its picture does."""
    weights = np.zeros(len(SHAPE_NAMES), np.float32)
    weights[SHAPE_NAMES.index(PICTURED)] = 1
    return weights


def posed(
    face: FacePicture, layer: Layer, weights: Floats, head_rotation: Floats, head_shift: Floats | None = None
) -> Floats:
    """(N, 3) where a layer's points are, pixels of the picture.

    Args:
        face: whose layer it is.
        layer: one of its layers.
        weights: (53,) of `SHAPE_NAMES`.
        head_rotation: (3,) radians, `FaceAnimation.head_rotation`: about the face picture's pivot.
        head_shift: (3,) pixels of the picture by which the head is moved after that; None for not at all.
    """
    used = np.flatnonzero(weights)
    points = layer.points + np.einsum(
        "s,snc->nc", weights[used], layer.shapes[used].astype(np.float32, copy=False)
    )
    if np.any(head_rotation):
        turn = _turn(*(float(angle) for angle in head_rotation))
        turned = ((points - face.pivot) * _DOWN) @ turn.T * _DOWN + face.pivot
        points = points + layer.head[:, None] * (turned - points)
    if head_shift is not None:
        points = points + layer.head[:, None] * head_shift
    return np.asarray(points, np.float32)


@lru_cache(maxsize=16)  # all layers of a face turn together
def _turn(nod: float, across: float, tilt: float) -> NDArray[np.float64]:
    return rotation_matrix((nod, across, tilt))


def draw(
    face: FacePicture,
    weights: Floats,
    head_rotation: Floats,
    size: tuple[int, int] | None = None,
    head_shift: Floats | None = None,
) -> Pixels:
    """(H, W, 4) uint8 RGBA, straight alpha; where nothing is drawn all are 0.

    Args:
        face: to draw.
        weights: (53,) of `SHAPE_NAMES`; `rest_weights` for the picture itself.
        head_rotation: (3,) radians, `FaceAnimation.head_rotation`.
        size: width and height; None for the picture's own.
        head_shift: (3,) pixels of the picture, see `posed`.
    """
    width, height = size or face.size
    scale = np.array([width / face.size[0], height / face.size[1], 1.0], np.float32)
    result = np.zeros((height * width, 4), np.uint8)
    depth = np.full(height * width, -np.inf, np.float32)
    numbers, seen_numbers = numbers_of(face, weights), np.zeros(height * width, np.int16)
    for layer in face.layers:
        points = posed(face, layer, weights, head_rotation, head_shift) * scale
        seen = rasterise(points, layer.triangles, (width, height))
        nearer = seen.depth >= depth[seen.pixels]
        colours = _colours(face, layer, seen)[nearer]
        pixels, z = seen.pixels[nearer], seen.depth[nearer]
        if layer.name == RELIEF and any(other.name == BACKGROUND for other in face.layers):
            colours = _over(colours, result[pixels])
        # What is half seen or more counts as seen: a depth buffer knows no glass.
        solid = colours[:, 3] >= 127.5 if layer.name != RELIEF else np.ones(len(pixels), bool)
        result[pixels[solid]] = np.round(colours[solid]).astype(np.uint8)
        if layer.name not in (RELIEF, BACKGROUND):
            result[pixels[solid], 3] = 255
        depth[pixels[solid]] = z[solid]
        seen_numbers[pixels[solid]] = numbers[layer.name]
    picture = result.reshape(height, width, 4)
    soften(picture, seen_numbers.reshape(height, width), sigma_of(face, float(scale[:2].mean())))
    return picture


def _colours(face: FacePicture, layer: Layer, seen: Fragments) -> Floats:
    """(N, 4) what is seen of a layer; of the picture what moves from its finer texture, as Blender shows it."""
    places = seen.of(layer.uv, layer.triangles)
    colours = sample(face.textures[layer.texture], places)
    part = _finer_part_of(face, layer) if layer.name == RELIEF else None
    if part is not None:
        fine = part.triangles(layer.triangles)[seen.triangles]
        colours[fine] = sample(part.pixels, part.uv(places[fine]))
    return colours


_LAST: list[tuple[weakref.ref[Layer], weakref.ref[Pixels], FinerPart | None]] = []
"""The relief and picture that were drawn last, and their finer part: frames of one face are drawn one after the other."""


def _finer_part_of(face: FacePicture, relief: Layer) -> FinerPart | None:
    picture = face.textures[PICTURE]
    for layer, texture, part in _LAST:
        if layer() is relief and texture() is picture:
            return part
    part = finer_part(face)
    _LAST[:] = [(weakref.ref(relief), weakref.ref(picture), part)]
    return part


def _over(colours: Floats, others: Pixels) -> Floats:
    """(N, 4) RGBA with straight alpha, laid over others."""
    share, rest = colours[:, 3:] / 255, others[:, 3:] / 255
    alpha = share + rest * (1 - share)
    mixed = colours[:, :3] * share + others[:, :3] * (rest * (1 - share))
    return np.concatenate([mixed / np.maximum(alpha, 1e-6), alpha * 255], axis=1)
