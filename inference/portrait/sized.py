"""A face picture at the size of its video: its picture resized, and every place of it with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..face.arrays import Floats
from ..face.face_picture import PICTURE, FacePicture, Layer
from ..pictures.filling import Pixels, fill
from .sampling import Sampler


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


def with_matte(face: FacePicture) -> FacePicture:
    """The face picture cut out: what is no person is transparent; as it is, where the person is not known."""
    if not face.matte.size:
        return face
    picture = face.textures[PICTURE].copy()
    picture[..., 3] = np.minimum(picture[..., 3], face.matte)
    return replace(face, textures={**face.textures, PICTURE: picture})


def bled(picture: Pixels) -> Pixels:
    """The picture with the colours of what is seen continued into what is wholly transparent, whose own nobody may see."""
    clear = picture[..., 3] == 0
    if not clear.any() or clear.all():
        return picture
    continued = fill(picture[..., :3].astype(np.float32), ~clear)
    result = picture.copy()
    result[clear, :3] = np.round(continued[clear]).clip(0, 255).astype(np.uint8)
    return result
