"""A face picture in a drawn look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from ..errors import EngineError
from ..face.arrays import Floats
from ..face.face_picture import INKED, PICTURE, FacePicture, Layer
from ..face.names import LOOK_ENDING
from ..pictures.filling import Pixels, inside, pixel_centres, sample
from ..pictures.lashes import lashes_drawn_anew
from ..pictures.seams import SOFTNESS
from .cartoon import Cartoon
from .drawing import LineDrawing
from .features import Eye
from .inside import EyeColours, MouthColours, covered_mouth, drawn_eye, eye_parts, mouth_textures, own_mouth
from .learned import LearnedLook
from .sheet import Sheet, sheet_of


class Look(Protocol):
    """How a face picture is drawn; all colours 0 to 255."""

    def picture(self, sheet: Sheet) -> Floats:
        """(H, W, 3) the picture, without what lies behind lids and lips."""

    def eye(self, sheet: Sheet) -> EyeColours:
        """How an eye is drawn."""

    def mouth(self, sheet: Sheet) -> MouthColours:
        """How the mouth is drawn inside."""


LOOKS: Mapping[str, Callable[[], Look]] = {"drawing": LineDrawing, "cartoon": Cartoon}
"""Name → what makes such a look."""


def look_called(name: str) -> Look:
    """The look of that name, or the one that was learned and lies in a file.

    Raises:
        EngineError: there is none of that name (code ``bad_request``); see `network.load_look`.
    """
    if name in LOOKS:
        return LOOKS[name]()
    if name.lower().endswith(LOOK_ENDING):
        return LearnedLook(Path(name))
    raise EngineError(f"There is no look {name!r}: choose {', '.join(LOOKS)}.", "bad_request")


def drawn_as(face: FacePicture, look: Look) -> FacePicture:
    """A face picture in a look; its meshes and how they move stay.

    Raises:
        EngineError: it is a drawing, whose eyes and lids lie on plates of its own colours (code ``not_a_photo``); see
            `features.features_of`.
    """
    if face.kind == "drawing":
        name = str(face.source.get("picture") or "This picture")
        raise EngineError(
            f"{name} is a drawing already: looks are for photos, so choose the renderer warp or a photo.",
            "not_a_photo",
        )
    sheet = sheet_of(face)
    picture = np.round(look.picture(sheet)).clip(0, 255)
    mouth = covered_mouth(picture, sheet.features) if sheet.features.hidden.mouth else look.mouth(sheet)
    textures: dict[str, Pixels] = {**face.textures, **mouth_textures(face, mouth)}
    layers = {layer.name: layer for layer in face.layers}
    colours = look.eye(sheet)
    for eye in sheet.features.eyes:
        layer, texture = eye_parts(eye, colours, face.textures[eye.layer.texture])
        layers[layer.name], textures[layer.texture] = layer, texture
        _put_eye(picture, eye, colours)
    own = own_mouth(face, sheet, mouth)
    if own is not None:
        layers[own[0].name], textures[own[0].texture] = own
        _put_layer(picture, own[0], own[1], sheet.features.mouth)
    alpha = face.textures[PICTURE][..., 3:]
    textures[PICTURE] = np.concatenate([picture.astype(np.uint8), alpha], axis=-1)
    drawn = replace(
        face,
        layers=[layers[layer.name] for layer in face.layers],
        textures=textures,
        source={**face.source, INKED: True, SOFTNESS: 0.0},
    )
    return replace(drawn, textures={**textures, **lashes_drawn_anew(drawn)})


def _window(outline: Floats, size: tuple[int, int]) -> tuple[slice, slice, Floats]:
    """The rows and columns of a picture around an outline, and (h, w, 2) the middles of their pixels."""
    left, top = np.floor(outline.min(axis=0)).astype(int).clip(0, np.array(size) - 1)
    right, bottom = np.ceil(outline.max(axis=0)).astype(int).clip(1, size)
    return (
        slice(top, bottom),
        slice(left, right),
        pixel_centres(left, top, max(0, right - left), max(0, bottom - top)),
    )


def _put_eye(picture: Floats, eye: Eye, colours: EyeColours) -> None:
    """Draw an eye into the picture, between its lids."""
    rows, columns, places = _window(eye.outline, (picture.shape[1], picture.shape[0]))
    seen = inside(eye.outline, places)
    picture[rows, columns][seen] = drawn_eye(eye, colours, places, 1.0)[seen]


def _put_layer(picture: Floats, layer: Layer, texture: Pixels, outline: Floats) -> None:
    """Put a flat layer's texture into the picture where it is seen within an outline."""
    rows, columns, places = _window(outline, (picture.shape[1], picture.shape[0]))
    seen = inside(outline, places)
    at_rest = layer.at_rest[:, :2]
    span = np.ptp(layer.uv, axis=0) / np.maximum(np.ptp(at_rest, axis=0), 1e-6)
    where = (places - at_rest.min(axis=0)) * span + layer.uv.min(axis=0)
    picture[rows, columns][seen] = sample(texture, where.astype(np.float32))[seen][:, :3]
