"""The eyes of a drawing: an area of colour that a plate of skin with a lash line covers, and an iris that moves in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..face.arrays import Flags, Floats, Indices
from ..face.face_picture import SHAPE_NAMES, Layer
from ..face.names import ARKIT_INDEX
from .colours import lab
from .filling import Pixels, fill, grown, luminance, pixel_centres, sample
from .frame import FaceFrame
from .indices import IRISES, LOWER_LIDS, SIDES, UPPER_LIDS

_REACH = (0.42, 0.36)
"""Of the distance of the eyes' middles, how far an eye may reach across and up or down."""
_UNLIKE_SKIN = 14.0
"""Distance in Lab from which on a colour is not the skin's."""
_COLUMNS = 17
_AHEAD = (0.075, 0.055)
"""Eye units that an iris moves across and up and down at most."""
_FORWARD = {"white": 0.03, "iris": 0.06, "lid": 0.1}
"""Eye units that the layers stand in front of the face."""
_LASH = 0.045
"""Eye units that the line of a shut eye is thick."""
_LID_TEXTURE, _LASH_ROWS = 32, 6


@dataclass(frozen=True)
class _Window:
    """A part of the picture around an eye.

    Attributes:
        left, top: its corner, pixels.
        places: (h, w, 2) the middles of its pixels.
        crop: (h, w, 3) its colours.
        eye: (h, w) which of them are the eye.
    """

    left: int
    top: int
    places: Floats
    crop: Floats
    eye: Flags


def drawn_eye_layers(
    picture: Pixels, points: Floats, mesh: Floats, frame: FaceFrame, skin: Floats, ink: Floats
) -> tuple[list[Layer], dict[str, Pixels]]:
    """Whites, irises and lids of both eyes, and their textures.

    Args:
        picture: (H, W, 4).
        points: (478, 3) pixels, y down, z to the viewer; the irises are the last ten.
        mesh: (468, 3) the face as it is shown.
        frame: of the face.
        skin, ink: (3,) the colours of skin and lines.
    """
    middles = np.array([points[rows[0], :2] for rows in IRISES])
    apart = float(np.linalg.norm(middles[1] - middles[0]))
    layers: list[Layer] = []
    textures: dict[str, Pixels] = {}
    for eye, side in enumerate(SIDES):
        depth = float(mesh[np.concatenate([UPPER_LIDS[eye], LOWER_LIDS[eye]]), 2].max())
        window = _window(picture, middles[eye], apart, skin, mesh, eye)
        made, texture = _iris_layers(window, middles[eye], frame, depth, side)
        lid, lid_texture = _lid(window, frame, depth, side, skin, ink)
        layers += [*made, lid]
        textures |= {**texture, lid.texture: lid_texture}
    return layers, textures


def _window(picture: Pixels, middle: Floats, apart: float, skin: Floats, mesh: Floats, eye: int) -> _Window:
    reach = np.array(_REACH) * apart
    low, high = np.floor(middle - reach).astype(int), np.ceil(middle + reach).astype(int)
    places = pixel_centres(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
    crop = sample(picture[..., :3], places)
    unlike = np.linalg.norm(lab(crop) - lab(skin), axis=-1) > _UNLIKE_SKIN
    oval = (((places - middle) / reach) ** 2).sum(axis=-1) < 1
    found = _connected(unlike & oval, places, middle)
    rim = oval & ~grown(oval, -2)
    usual = _usual_eye(mesh, eye, places)
    # Hair or a brow that runs into the eye, or nothing at all: then where eyes usually are.
    if found.sum() < 0.15 * usual.sum() or (found & rim).sum() > 0.12 * rim.sum():
        found = usual
    return _Window(int(low[0]), int(low[1]), places, crop, _without_holes(found))


def _usual_eye(mesh: Floats, eye: int, places: Floats) -> Flags:
    ring = mesh[np.concatenate([UPPER_LIDS[eye], LOWER_LIDS[eye]]), :2]
    middle, half = ring.mean(axis=0), np.ptp(ring, axis=0) / 2 * [1.1, 1.4]
    return np.asarray((((places - middle) / np.maximum(half, 1)) ** 2).sum(axis=-1) < 1)


def _connected(mask: Flags, places: Floats, middle: Floats) -> Flags:
    """What of a mask hangs together with its place nearest to the middle."""
    if not mask.any():
        return mask
    off = np.where(mask, np.linalg.norm(places - middle, axis=-1), np.inf)
    region = np.zeros_like(mask)
    region[np.unravel_index(off.argmin(), mask.shape)] = True
    while True:
        larger = grown(region, 1) & mask
        if (larger == region).all():
            return region
        region = larger


def _without_holes(mask: Flags) -> Flags:
    """A mask and whatever it encloses."""
    outside = np.zeros_like(mask)
    outside[0], outside[-1], outside[:, 0], outside[:, -1] = True, True, True, True
    outside &= ~mask
    while True:
        larger = grown(outside, 1) & ~mask
        if (larger == outside).all():
            return ~outside
        outside = larger


def _grid(columns: Floats, rows: Floats, depth: float) -> Floats:
    """(rows × columns, 3) of (C,) x and (R, C) y."""
    x = np.broadcast_to(columns, rows.shape)
    return np.stack([x, rows, np.full(rows.shape, depth)], axis=-1).reshape(-1, 3)


def _triangles(rows: int, columns: int) -> Indices:
    places = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = places[:-1, :-1], places[:-1, 1:], places[1:, :-1], places[1:, 1:]
    return np.concatenate([np.stack([a, c, b], -1).reshape(-1, 3), np.stack([b, c, d], -1).reshape(-1, 3)])


def _made(name: str, points: Floats, uv: Floats, triangles: Indices, shapes: Floats) -> Layer:
    return Layer(
        name,
        name,
        points.astype(np.float32),
        uv.astype(np.float32),
        triangles.astype(np.int32),
        shapes.astype(np.float16),
        np.ones(len(points), np.float32),
    )


# -- The iris ----------------------------------------------------------------------------------------------


def _iris_layers(
    window: _Window, middle: Floats, frame: FaceFrame, depth: float, side: str
) -> tuple[list[Layer], dict[str, Pixels]]:
    """White and iris of an eye that has both; none of one that is a dot or a line."""
    core = grown(window.eye, -max(2, round(0.025 * frame.unit)))
    bright = luminance(window.crop)
    if not core.any():
        return [], {}
    top = float(np.percentile(bright[core], 98))
    white = core & (bright > 0.8 * top) & (top > 120)
    iris = _connected(core & ~white, window.places, middle)
    if white.sum() < 0.15 * core.sum() or iris.sum() < 0.05 * core.sum():
        return [], {}
    columns = np.nonzero(iris)[1]
    eye_columns = np.nonzero(core.any(axis=0))[0]
    room = min(columns.min() - eye_columns.min(), eye_columns.max() - columns.max())
    most = np.array([max(0.0, float(room)), max(0.0, 0.5 * float(room))])
    most = np.minimum(most, np.array(_AHEAD) * frame.unit)
    filled = fill(window.crop, white & ~grown(iris, 2))
    whole = np.where(grown(iris, 1)[..., None] & core[..., None], filled, window.crop)
    alpha = np.where(grown(iris, 2) & core, 255, 0)[..., None]
    textures = {
        f"eye_white_{side.lower()}": np.concatenate([whole, alpha], -1),
        f"iris_{side.lower()}": np.concatenate([window.crop, np.where(iris, 255, 0)[..., None]], -1),
    }
    height, width = iris.shape
    flat = np.array([[0, 0], [width, 0], [0, height], [width, height]], float)
    layers = []
    for name, forward in zip(textures, ("white", "iris")):
        points = np.column_stack(
            [flat + [window.left, window.top], np.full(4, depth + _FORWARD[forward] * frame.unit)]
        )
        shapes = np.zeros((len(SHAPE_NAMES), 4, 3))
        if forward == "iris":
            outward = 1.0 if side == "Left" else -1.0
            ways = {"Out": (outward, 0), "In": (-outward, 0), "Up": (0, 1), "Down": (0, -1)}
            for way, (across, up) in ways.items():
                moved = frame.directions(np.array([across, up, 0.0]) * np.array([*most, 0]) / frame.unit)
                shapes[ARKIT_INDEX[f"eyeLook{way}{side}"]] = moved * [1, 1, 0]
        layers.append(_made(name, points, flat, _triangles(2, 2), shapes))
    return layers, {
        name: np.round(texture).clip(0, 255).astype(np.uint8) for name, texture in textures.items()
    }


# -- The lid -----------------------------------------------------------------------------------------------


def _lid(
    window: _Window, frame: FaceFrame, depth: float, side: str, skin: Floats, ink: Floats
) -> tuple[Layer, Pixels]:
    """A plate that is rolled up to nothing above the eye, and comes down over it with a blink."""
    columns = np.flatnonzero(window.eye.any(axis=0))
    first, last = int(columns[0]), int(columns[-1]) + 1
    upper = np.array([window.eye[:, column].argmax() for column in columns], float)
    lower = np.array([len(window.eye) - window.eye[::-1, column].argmax() for column in columns], float)
    x = np.linspace(first - 1, last + 1, _COLUMNS)
    top = np.interp(x, columns + 0.5, _eased(upper)) - 1
    bottom = np.interp(x, columns + 0.5, _eased(lower)) + 1
    height = (bottom - top).max()
    lash = min(0.5, max(2.0, _LASH * frame.unit) / max(height, 1))
    rolled = np.stack([top, top, top])
    shut = np.stack([top, top + (1 - lash) * (bottom - top), bottom])
    points = _grid(x + window.left, rolled + window.top, depth + _FORWARD["lid"] * frame.unit)
    shapes = np.zeros((len(SHAPE_NAMES), len(points), 3))
    down = (shut - rolled).reshape(-1)
    shapes[ARKIT_INDEX[f"eyeBlink{side}"], :, 1] = down
    shapes[ARKIT_INDEX[f"eyeSquint{side}"], :, 1] = 0.25 * down
    u, v = np.meshgrid(np.linspace(0, _LID_TEXTURE, _COLUMNS), [0.0, _LID_TEXTURE - _LASH_ROWS, _LID_TEXTURE])
    texture = np.empty((_LID_TEXTURE, _LID_TEXTURE, 4))
    around = grown(window.eye, 6) & ~grown(window.eye, 2)
    near = window.crop[around & (np.linalg.norm(lab(window.crop) - lab(skin), axis=-1) < _UNLIKE_SKIN)]
    texture[..., :3] = np.median(near, axis=0) if len(near) > 8 else skin
    texture[_LID_TEXTURE - _LASH_ROWS :, :, :3] = ink
    texture[..., 3] = 255
    layer = _made(
        f"lid_{side.lower()}", points, np.stack([u, v], -1).reshape(-1, 2), _triangles(3, _COLUMNS), shapes
    )
    return layer, np.round(texture).clip(0, 255).astype(np.uint8)


def _eased(values: Floats) -> Floats:
    width = max(1, len(values) // 12)
    padded = np.pad(values, width, mode="edge")
    kernel = np.ones(2 * width + 1) / (2 * width + 1)
    return np.convolve(padded, kernel, "valid")
