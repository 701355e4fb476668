"""A face picture at the size of its video: its picture resized, and every place of it with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..face.arrays import Floats
from ..face.curves import smooth_step
from ..face.face_picture import PICTURE, FacePicture, Layer
from ..pictures.filling import Pixels, fill
from .sampling import Sampler

_SURELY = 250
"""Of a matte: from here on it is the person alone that is seen."""
_ITS_OWN = 0.65
"""Share of the person in a pixel up to which its colour is taken from inside; from there to 1 it becomes its own."""
_CONTINUED = 1024
"""Pixels of the longer side at which colours are continued: they are smooth."""


def sized(face: FacePicture, size: tuple[int, int], sampler: Sampler) -> FacePicture:
    """A face picture whose picture has another width and height; the shapes become float32, so that rest stays exact.

    Args:
        face: any; it stays as it is.
        size: width and height, pixels.
        sampler: what resizes.
    """
    across, down = size[0] / face.size[0], size[1] / face.size[1]
    scale = np.array([across, down, (across + down) / 2], np.float32)
    textures: Mapping[str, Pixels] = {
        **face.textures,
        PICTURE: sampler.resized(face.textures[PICTURE], size),
    }
    matte = sampler.resized(face.matte[..., None], size)[..., 0] if face.matte.size else face.matte
    return replace(
        face,
        layers=[_layer(layer, scale) for layer in face.layers],
        textures=textures,
        landmarks=face.landmarks * scale,
        pivot=face.pivot * scale,
        eye_distance=float(face.eye_distance * scale[2]),
        matte=matte,
    )


def _layer(layer: Layer, scale: Floats) -> Layer:
    shapes: Any = layer.shapes.astype(np.float32) * scale
    uv = layer.uv * scale[:2] if layer.texture == PICTURE else layer.uv
    return replace(layer, points=layer.points * scale, uv=uv, shapes=shapes)


def with_matte(face: FacePicture, sampler: Sampler) -> FacePicture:
    """The face picture cut out: what is no person is transparent; as it is, where the person is not known.

    Args:
        face: any; it stays as it is.
        sampler: what resizes.
    """
    if not face.matte.size:
        return face
    picture = face.textures[PICTURE].copy()
    if (picture[..., 3] == 255).all():  # else its colours are the person's own already
        _person_alone(picture, face.matte, sampler)
    picture[..., 3] = np.minimum(picture[..., 3], face.matte)
    return replace(face, textures={**face.textures, PICTURE: picture})


def _person_alone(picture: Pixels, matte: Pixels, sampler: Sampler) -> None:
    """Continue a person's colours over the soft edge into what was behind, which would be a rim over anything else (in place)."""
    height, width = matte.shape
    scale = min(1.0, _CONTINUED / max(width, height))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    inside = sampler.resized(matte[..., None], size)[..., 0] >= _SURELY
    if not inside.any():
        return
    colours = sampler.resized(np.ascontiguousarray(picture[..., :3]), size).astype(np.float32)
    smooth = np.round(fill(colours, inside)).clip(0, 255).astype(np.uint8)
    continued = sampler.resized(smooth, (width, height))
    own = smooth_step((np.arange(256) / 255 - _ITS_OWN) / (1 - _ITS_OWN)).astype(np.float32)
    for rows in np.array_split(np.arange(height), max(1, height // 64)):
        share = own[matte[rows]][..., None]
        shown = share * picture[rows, :, :3] + (1 - share) * continued[rows]
        picture[rows, :, :3] = np.round(shown).astype(np.uint8)


def bled(picture: Pixels) -> Pixels:
    """The picture with the colours of what is seen continued into what is wholly transparent, whose own nobody may see."""
    clear = picture[..., 3] == 0
    if not clear.any() or clear.all():
        return picture
    continued = fill(picture[..., :3].astype(np.float32), ~clear)
    result = picture.copy()
    result[clear, :3] = np.round(continued[clear]).clip(0, 255).astype(np.uint8)
    return result
