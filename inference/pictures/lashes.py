"""The line of lashes on an eye that shuts in a photo: a soft strip that unrolls along the edge of the upper lid.

Where lids meet, the picture has nothing to show but a line of lashes that is thinner than a pixel of it and the lower lid's pale
edge beside it: drawn as they are, without half tones, they are seen as dots.
"""

from __future__ import annotations

import numpy as np

from ..face.arrays import Floats
from ..face.face_picture import PICTURE, PICTURED, SHAPE_NAMES, FacePicture, Layer
from ..face.names import ARKIT_INDEX
from .fields import WITH_THE_EDGE, Mouth
from .filling import Pixels, luminance, opaque, sample
from .frame import FaceFrame, face_frame
from .indices import LID_RINGS, LOWER_LIDS, SIDES, UPPER_LIDS
from .mouth import grid_triangles
from .own_shapes import relief_of
from .template import POINTS

_NAME = "lashes_"
_ABOVE, _BELOW = 0.04, 0.022
"""Eye units of the strip over and under the edge of a shut lid, in the middle of the eye."""
_FORWARD = 0.03
"""Eye units that it stands in front of the lid."""
_TEXTURE = (48, 16)
_ROWS = 5
_RIM = 0.02
"""Eye units below the strip where the skin under the eye has its own colour: the lower lid's edge is pale."""
_LOOKED = np.linspace(-0.06, 0.01, 15)
"""Eye units below the lid's edge where the picture shows its lashes."""
_DARK, _PEAK, _WIDE = 0.85, 0.65, 0.22
"""How much of the lashes' colour the line has, where it lies in the strip, and the sigma of its width, shares of the strip."""
_INK = 2.0
"""How much darker the line is of what was drawn in ink, which is as dark in its middle as it can be."""
_SMOOTH = 5


def lash_layers(
    picture: Pixels, mouth: Mouth, frame: FaceFrame, fields: Floats
) -> tuple[list[Layer], dict[str, Pixels]]:
    """The strips of both eyes, and their textures. With open eyes they have no height.

    Args:
        picture: (H, W, 4).
        mouth: the face, as it is shown and neutral.
        frame: of the face.
        fields: (52, 468, 3) pixels that the shapes move it.
    """
    layers, textures = [], {}
    for eye, side in enumerate(SIDES):
        name = f"{_NAME}{side.lower()}"
        strip = _layer(name, mouth, frame, fields, eye, side)
        layers.append(strip)
        textures[name] = _texture(picture, mouth.shown, frame, fields, eye, side)
    return layers, textures


def lashes_drawn_anew(face: FacePicture) -> dict[str, Pixels]:
    """Texture → what the strips of a face picture show where its picture was drawn anew; none where it has none."""
    relief = relief_of(face)
    shown, fields = relief.at_rest[:POINTS], relief.shapes[:, :POINTS].astype(np.float32)
    frame, names = face_frame(shown), {layer.name for layer in face.layers}
    return {
        name: _texture(face.textures[PICTURE], shown, frame, fields, eye, side, _INK)
        for eye, side in enumerate(SIDES)
        if (name := f"{_NAME}{side.lower()}") in names
    }


def _finer(values: Floats) -> Floats:
    """(…, 9, 3) → (…, 17, 3): with middles on the curves that the fine mesh has there (`refine`)."""
    middles = (values[..., :-1, :] + values[..., 1:, :]) / 2
    inner = 0.5625 * (values[..., 1:-2, :] + values[..., 2:-1, :])
    middles[..., 1:-1, :] = inner - 0.0625 * (values[..., :-3, :] + values[..., 3:, :])
    fine = np.empty((*values.shape[:-2], 2 * values.shape[-2] - 1, values.shape[-1]), np.float32)
    fine[..., ::2, :], fine[..., 1::2, :] = values, middles
    return fine


def _offsets(unit: float, down: Floats) -> Floats:
    """(rows, 17, 3) pixels of the strip's places from the edge of the shut lid."""
    shares = np.linspace(-_ABOVE, _BELOW, _ROWS)[:, None, None]
    taper = (0.25 + 0.75 * np.sin(np.linspace(0, np.pi, 17)) ** 0.5)[None, :, None]
    return np.asarray(shares * taper * unit * down, np.float32)


def _down(frame: FaceFrame) -> Floats:
    way = frame.directions(np.array([0.0, -1.0, 0.0])) * [1, 1, 0]
    return np.asarray(way / np.linalg.norm(way), np.float32)


def _layer(name: str, mouth: Mouth, frame: FaceFrame, fields: Floats, eye: int, side: str) -> Layer:
    edge = _finer(mouth.neutral[UPPER_LIDS[eye]])
    points = np.repeat(edge[None], _ROWS, axis=0) + [0, 0, _FORWARD * frame.unit]
    shapes = np.zeros((len(SHAPE_NAMES), _ROWS, 17, 3), np.float32)
    shapes[:-1] = _finer(fields[:, UPPER_LIDS[eye]])[:, None]
    shapes[SHAPE_NAMES.index(PICTURED)] = _finer(mouth.pictured[UPPER_LIDS[eye]])
    shapes[ARKIT_INDEX[f"eyeBlink{side}"]] += _offsets(frame.unit, _down(frame))
    u, v = np.meshgrid(np.linspace(0, _TEXTURE[0], 17), np.linspace(0, _TEXTURE[1], _ROWS))
    count = 17 * _ROWS
    return Layer(
        name=name,
        texture=name,
        points=points.reshape(count, 3).astype(np.float32),
        uv=np.stack([u, v], -1).reshape(count, 2).astype(np.float32),
        triangles=grid_triangles(_ROWS, 17).astype(np.int32),
        shapes=shapes.reshape(len(SHAPE_NAMES), count, 3).astype(np.float16),
        head=np.ones(count, np.float32),
    )


def _texture(
    picture: Pixels, shown: Floats, frame: FaceFrame, fields: Floats, eye: int, side: str, times: float = 1.0
) -> Pixels:
    """From what the shut lid shows over the lashes, over their colour, ``times`` as strong, to what lies under the eye."""
    width, height = _TEXTURE
    along = (np.arange(width) + 0.5) / width * 16
    edge = _along(_finer(shown[UPPER_LIDS[eye]]), along)
    lower = _along(_finer(shown[LOWER_LIDS[eye]]), along)
    down, unit = _down(frame)[:2], frame.unit
    reach = _along(_offsets(unit, _down(frame))[[0, -1]], along)
    above = sample(picture[..., :3], _skin_above(shown, fields, eye, side, along, -reach[0] @ down))
    below = sample(picture[..., :3], lower + reach[1] + _RIM * unit * down)
    colours = sample(picture[..., :3], edge[:, None] + _LOOKED[:, None] * unit * down)
    darkest = luminance(colours).argmin(axis=1)
    lash = colours[np.arange(width), darkest]
    above, below, lash = (_smooth(one) for one in (above, below, lash))
    share = ((np.arange(height) + 0.5) / height)[:, None, None]
    base = (1 - share) * above + share * below
    line = np.exp(-0.5 * ((share - _PEAK) / _WIDE) ** 2)
    ends = np.exp(-0.5 * ((np.array([0.0, 1.0]) - _PEAK) / _WIDE) ** 2).max()
    amount = (times * _DARK * ((line - ends) / (1 - ends))).clip(0, 1)
    darker = np.minimum(lash, base)
    return opaque((1 - amount) * base + amount * darker)


def _skin_above(shown: Floats, fields: Floats, eye: int, side: str, along: Floats, above: Floats) -> Floats:
    """(C, 2) where in the picture lies what a shut lid shows so many pixels (C,) over its edge."""
    blink = fields[ARKIT_INDEX[f"eyeBlink{side}"]]
    ring = np.concatenate([UPPER_LIDS[eye][:1], LID_RINGS[eye][0], UPPER_LIDS[eye][-1:]])
    edge, fold = (_along(_finer(shown[row]), along) for row in (UPPER_LIDS[eye], ring))
    edge_moves, fold_moves = (_along(_finer(blink[row]), along) for row in (UPPER_LIDS[eye], ring))
    middle = (edge + fold) / 2
    middle_moves = WITH_THE_EDGE * edge_moves + (1 - WITH_THE_EDGE) * fold_moves
    low = np.linalg.norm(edge + edge_moves - middle - middle_moves, axis=-1)
    high = np.linalg.norm(middle + middle_moves - fold - fold_moves, axis=-1)
    first = (above / np.maximum(low, 1e-3)).clip(0, 1)[:, None]
    second = ((above - low) / np.maximum(high, 1e-3)).clip(0, 1)[:, None]
    return np.asarray(edge + first * (middle - edge) + second * (fold - middle))


def _along(values: Floats, places: Floats) -> Floats:
    """(…, C, 2) x and y at places along (…, 17, 3)."""
    first = np.floor(places).astype(int).clip(0, 15)
    share = (places - first)[:, None]
    flat = values[..., :2]
    return np.asarray((1 - share) * flat[..., first, :] + share * flat[..., first + 1, :])


def _smooth(colours: Floats) -> Floats:
    """(C, 3) the means of so many neighbours."""
    padded = np.pad(colours, ((_SMOOTH // 2, _SMOOTH // 2), (0, 0)), mode="edge")
    kernel = np.ones(_SMOOTH) / _SMOOTH
    return np.stack([np.convolve(padded[:, channel], kernel, "valid") for channel in range(3)], axis=-1)
