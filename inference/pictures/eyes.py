"""An eye as a layer behind the lids: the picture's own pixels, continued under the lids, on a grid whose iris looks around."""

from __future__ import annotations

import numpy as np

from ..face.arrays import Flags, Floats
from ..face.face_picture import SHAPE_NAMES, Layer
from ..face.names import ARKIT_INDEX
from .filling import Pixels, fill, grown, inside, pixel_centres, sample
from .frame import FaceFrame
from .indices import IRISES, LOWER_LIDS, SIDES, UPPER_LIDS

_COLUMNS, _ROWS = 21, 15
_AHEAD = {"In": 0.075, "Out": 0.075, "Up": 0.055, "Down": 0.055}
"""Eye units by which the iris moves where ARKit's eyeLook shapes are 1: 30 degrees aside, 25 up and down."""
_FALL = 0.17
"""Eye units outside of the iris over which the white comes to rest; more than twice as far as the iris moves."""
_BEHIND = 0.03
"""Eye units between the lids and the eye."""


def eye_layers(
    picture: Pixels, points: Floats, mesh: Floats, frame: FaceFrame
) -> tuple[list[Layer], dict[str, Pixels]]:
    """Both eyes of a picture, and their textures.

    Args:
        picture: (H, W, 4).
        points: (478, 3) pixels, y down, z to the viewer; the irises are the last ten.
        mesh: (468, 3) the face as it is shown.
        frame: of the face.
    """
    layers, textures = [], {}
    for eye, side in enumerate(SIDES):
        outline = np.concatenate([mesh[UPPER_LIDS[eye]], mesh[LOWER_LIDS[eye]][-2:0:-1]])
        name = f"eye_{side.lower()}"
        box = _box(outline, frame)
        iris, radius = _iris(points, eye, frame)
        textures[name] = _texture(picture, outline[:, :2], iris, radius, box)
        layers.append(_layer(name, outline, iris, radius, box, frame, side))
    return layers, textures


def _box(outline: Floats, frame: FaceFrame) -> tuple[int, int, int, int]:
    """Left, top, width and height in whole pixels of what is kept of the eye, a little more than its opening."""
    low = outline[:, :2].min(axis=0) - np.array([0.05, 0.1]) * frame.unit
    high = outline[:, :2].max(axis=0) + np.array([0.05, 0.1]) * frame.unit
    left, top = np.floor(low).astype(int)
    right, bottom = np.ceil(high).astype(int)
    return int(left), int(top), int(right - left), int(bottom - top)


def _iris(points: Floats, eye: int, frame: FaceFrame) -> tuple[Floats, float]:
    """Middle (2,) and radius of an iris, pixels."""
    places = points[list(IRISES[eye]), :2]
    radius = float(np.linalg.norm(places[1:] - places[0], axis=1).mean())
    return places[0], float(np.clip(radius, 0.04 * frame.unit, 0.09 * frame.unit))


def _texture(
    picture: Pixels, outline: Floats, iris: Floats, radius: float, box: tuple[int, int, int, int]
) -> Pixels:
    """The picture inside of the eye's opening, and around it what the lids hide: the rest of the iris, and white."""
    left, top, width, height = box
    places = pixel_centres(left, top, width, height)
    crop = sample(picture[..., :3], places)
    opening = inside(outline, places)
    seen = grown(opening, -max(1, round(0.02 * width)))
    seen = seen if seen.sum() > 8 else opening
    off = places - iris
    away = np.linalg.norm(off, axis=-1)
    disc = away < 1.08 * radius
    filled = (
        fill(crop, seen & ~(away < 1.15 * radius))
        if (seen & (away >= 1.15 * radius)).sum() > 8
        else fill(crop, seen)
    )
    filled = np.where(seen[..., None] & ~disc[..., None], crop, filled)
    filled = _whole_iris(crop, filled, seen, places, iris, radius)
    kept = grown(opening, 2)
    result = np.where(kept[..., None], crop, filled)
    alpha = np.full((height, width, 1), 255.0)
    return np.concatenate([np.round(result), alpha], axis=-1).clip(0, 255).astype(np.uint8)


def _whole_iris(
    crop: Floats, filled: Floats, seen: Flags, places: Floats, iris: Floats, radius: float
) -> Floats:
    """The iris under the lids: what is seen on its other side, else the mean at that distance from its middle."""
    off = places - iris
    away = np.linalg.norm(off, axis=-1)
    steps = np.clip((away / radius * 12).astype(int), 0, 14)
    rings = np.zeros((15, 3), np.float32)
    for step in range(15):
        there = seen & (steps == step)
        rings[step] = crop[there].mean(axis=0) if there.any() else rings[max(step - 1, 0)]
    whole = rings[steps]
    for turned in ((1, -1), (-1, -1), (-1, 1)):
        other = iris + off * turned
        column = np.clip(np.floor(other[..., 0] - places[0, 0, 0] + 0.5).astype(int), 0, crop.shape[1] - 1)
        row = np.clip(np.floor(other[..., 1] - places[0, 0, 1] + 0.5).astype(int), 0, crop.shape[0] - 1)
        whole = np.where(seen[row, column][..., None], 0.5 * whole + 0.5 * crop[row, column], whole)
    soft = np.clip((1.08 * radius - away) / (0.12 * radius + 1e-6), 0, 1)[..., None]
    under = np.where(seen[..., None], crop, whole)
    return np.asarray(np.where(seen[..., None], crop, soft * under + (1 - soft) * filled), np.float32)


def _layer(
    name: str,
    outline: Floats,
    iris: Floats,
    radius: float,
    box: tuple[int, int, int, int],
    frame: FaceFrame,
    side: str,
) -> Layer:
    left, top, width, height = box
    x, y = np.meshgrid(np.linspace(left, left + width, _COLUMNS), np.linspace(top, top + height, _ROWS))
    flat = np.stack([x.ravel(), y.ravel()], axis=-1)
    # As deep as the lids around are, and a little deeper.
    off = np.linalg.norm(flat[:, None] - outline[None, :, :2], axis=-1) / frame.unit
    near = 1 / (off**2 + 0.01)
    depth = near @ outline[:, 2] / near.sum(axis=1) - _BEHIND * frame.unit
    corners = np.arange(_COLUMNS * _ROWS).reshape(_ROWS, _COLUMNS)
    a, b, c, d = corners[:-1, :-1], corners[:-1, 1:], corners[1:, :-1], corners[1:, 1:]
    triangles = np.concatenate(
        [np.stack([a, c, b], -1).reshape(-1, 3), np.stack([b, c, d], -1).reshape(-1, 3)]
    )
    shapes = np.zeros((len(SHAPE_NAMES), len(flat), 3), np.float32)
    away = np.linalg.norm((flat - iris) * [1, 0.6], axis=1)
    share = 1 - np.clip((away - 1.1 * radius) / (_FALL * frame.unit), 0, 1)
    outward = 1.0 if side == "Left" else -1.0
    for way, (across, up) in {
        "Out": (outward, 0),
        "In": (-outward, 0),
        "Up": (0, 1),
        "Down": (0, -1),
    }.items():
        moved = frame.directions(np.array([across, up, 0.0]) * _AHEAD[way]) * [1, 1, 0]
        shapes[ARKIT_INDEX[f"eyeLook{way}{side}"]] = share[:, None] * moved
    return Layer(
        name=name,
        texture=name,
        points=np.concatenate([flat, depth[:, None]], axis=1).astype(np.float32),
        uv=(flat - [left, top]).astype(np.float32),
        triangles=triangles.astype(np.int32),
        shapes=shapes.astype(np.float16),
        head=np.ones(len(flat), np.float32),
    )
