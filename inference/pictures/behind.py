"""Layers that lie behind the face whatever it does: what is seen of them is what its openings leave free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ..face.arrays import Floats
from ..face.face_picture import PICTURED, SHAPE_NAMES, Layer
from .frame import FaceFrame
from .raster import rasterise
from .refine import neighbours

Pose = Mapping[str, float]

_SIDES = ("Left", "Right")


def _both(name: str, weight: float) -> dict[str, float]:
    return {f"{name}{side}": weight for side in _SIDES}


MOUTH_POSES: tuple[Pose, ...] = (
    {},
    {PICTURED: 1},
    {"jawOpen": 0.5},
    {"jawOpen": 1.2},
    {PICTURED: 1, "jawOpen": 0.7},
    {"jawOpen": 0.8, "mouthClose": 0.8},
    {"jawOpen": 0.4, "mouthFunnel": 1.5},
    {"mouthPucker": 1.5, "jawOpen": 0.2},
    {"jawLeft": 1.5, "jawOpen": 0.3},
    {"jawRight": 1.5, "jawOpen": 0.3},
    {"mouthLeft": 1.5},
    {"mouthRight": 1.5},
    {"mouthRollUpper": 1.5, "mouthRollLower": 1.5},
    {"mouthShrugLower": 1.5, "mouthShrugUpper": 1.5},
    {**_both("mouthSmile", 1.5), "jawOpen": 0.3},
    {**_both("mouthLowerDown", 1.5), **_both("mouthUpperUp", 1.5), "jawOpen": 0.5},
    {**_both("mouthPress", 1.5), **_both("mouthFrown", 1.0)},
    {**_both("mouthStretch", 1.5), **_both("mouthDimple", 1.0), "jawOpen": 0.3},
)
"""What mouths do at the most: in each of these nothing of what is inside may be seen through the skin."""
EYE_POSES: tuple[Pose, ...] = (
    {},
    {PICTURED: 1},
    _both("eyeBlink", 1.2),
    _both("eyeBlink", 0.5),
    _both("eyeWide", 1.5),
    {**_both("eyeSquint", 1.5), **_both("cheekSquint", 1.5)},
    _both("eyeLookUp", 1.2),
    _both("eyeLookDown", 1.2),
    {"eyeLookOutLeft": 1.2, "eyeLookInRight": 1.2},
    {"eyeLookInLeft": 1.2, "eyeLookOutRight": 1.2},
    {"eyeLookOutLeft": 1.2, "eyeLookInRight": 1.2, **_both("eyeLookDown", 1.0), **_both("eyeSquint", 0.5)},
    {"eyeLookInLeft": 1.2, "eyeLookOutRight": 1.2, **_both("eyeLookDown", 1.0), **_both("eyeSquint", 0.5)},
    {**_both("browDown", 1.5), **_both("noseSneer", 1.0)},
)
_FINE = 100.0
"""Pixels of an eye unit at which it is looked through."""
_GAP = 0.012
"""Eye units between the skin and what lies behind it."""


def behind(layers: Sequence[Layer], relief: Layer, frame: FaceFrame, poses: Sequence[Pose]) -> list[Layer]:
    """The layers, each vertex moved back until it lies behind the face in all of these poses."""
    places = np.concatenate([layer.points[:, :2] for layer in layers])
    low = places.min(axis=0) - 0.4 * frame.unit
    high = places.max(axis=0) + 0.6 * frame.unit
    near = ((relief.points[:, :2] > low) & (relief.points[:, :2] < high)).all(axis=1)
    triangles = relief.triangles[near[relief.triangles].any(axis=1)]
    scale = np.array([_FINE / frame.unit, _FINE / frame.unit, 1.0])
    size = tuple(int(side) for side in np.ceil((high - low) * scale[:2]))
    excess = [np.zeros(len(layer.points)) for layer in layers]
    for pose in poses:
        weights = np.array([pose.get(name, 0.0) for name in SHAPE_NAMES])
        skin = (_moved(relief, weights) - [*low, 0]) * scale
        surface = _surface(skin, triangles, (size[0], size[1]))
        for layer, most in zip(layers, excess):
            moved = (_moved(layer, weights) - [*low, 0]) * scale
            column = moved[:, 0].astype(int).clip(0, size[0] - 1)
            row = moved[:, 1].astype(int).clip(0, size[1] - 1)
            np.maximum(most, moved[:, 2] - surface[row, column] + _GAP * frame.unit, out=most)
    return [_pushed(layer, most) for layer, most in zip(layers, excess)]


def covered_at_rest(
    layers: Sequence[Layer], cover: str, over: Sequence[str], frame: FaceFrame
) -> list[Layer]:
    """The layers, some of them moved back as a whole until in the picture itself nothing of them is before the named cover.

    Args:
        layers: to look at; where the cover is not among them they stay as they are.
        cover: name of the layer that shows what the picture shows.
        over: names of those that it has to hide.
        frame: of the face.
    """
    named = {layer.name: layer for layer in layers}
    if cover not in named:
        return list(layers)
    low = named[cover].at_rest[:, :2].min(axis=0)
    scale = np.array([_FINE / frame.unit, _FINE / frame.unit, 1.0])
    width, height = np.ceil((named[cover].at_rest[:, :2].max(axis=0) - low) * scale[:2]).astype(int) + 1

    def depths(layer: Layer) -> Floats:
        seen = rasterise((layer.at_rest - [*low, 0]) * scale, layer.triangles, (int(width), int(height)))
        result = np.full(int(width * height), np.nan)
        result[seen.pixels] = seen.depth
        return result

    front = depths(named[cover])
    result = []
    for layer in layers:
        if layer.name in over:
            before = depths(layer) - front
            most = float(np.nanmax(before, initial=-np.inf)) + _GAP * frame.unit
            layer = replace(layer, points=(layer.points - [0, 0, max(most, 0)]).astype(np.float32))
        result.append(layer)
    return result


def behind_at_rest(layers: Sequence[Layer], cover: str, relief: Layer, frame: FaceFrame) -> list[Layer]:
    """The layers, those moved back by `pictured` that in the picture itself are seen before the named cover.

    As the lips meet they come to where they were: the insides of lips, say, which stand before it as the mouth opens.

    Args:
        layers: to look at; where the cover is not among them they stay as they are.
        cover: name of the layer that shows what the picture shows.
        relief: the face that hides what lies behind it.
        frame: of the face.
    """
    shown = next((layer for layer in layers if layer.name == cover), None)
    if shown is None:
        return list(layers)
    low = np.floor(shown.at_rest[:, :2].min(axis=0)).astype(int)
    width, height = (np.ceil(shown.at_rest[:, :2].max(axis=0)).astype(int) - low).tolist()

    def depths(layer: Layer) -> Floats:
        seen = rasterise(layer.at_rest - [*low, 0], layer.triangles, (width, height))
        depth = np.full(width * height, -np.inf)
        depth[seen.pixels] = seen.depth
        return depth

    front = np.maximum(depths(relief), depths(shown))
    result = []
    for layer in layers:
        if layer is not shown and (depths(layer) > front).any():
            back = float(layer.at_rest[:, 2].max() - shown.at_rest[:, 2].min()) + _GAP * frame.unit
            shapes = layer.shapes.astype(np.float32)
            shapes[SHAPE_NAMES.index(PICTURED), :, 2] -= back
            layer = replace(layer, shapes=shapes.astype(np.float16))
        result.append(layer)
    return result


def _moved(layer: Layer, weights: Floats) -> Floats:
    used = np.flatnonzero(weights)
    return np.asarray(
        layer.points + np.einsum("s,snc->nc", weights[used], layer.shapes[used].astype(np.float32))
    )


def _surface(points: Floats, triangles: np.ndarray, size: tuple[int, int]) -> Floats:
    """(h, w) the skin's least depth within three pixels; far ahead where there is none."""
    seen = rasterise(points, triangles, size)
    depth = np.full(size[0] * size[1], np.inf)
    depth[seen.pixels] = seen.depth
    depth = depth.reshape(size[1], size[0])
    for _ in range(3):
        padded = np.pad(depth, 1, constant_values=np.inf)
        views = (padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:])
        depth = np.minimum.reduce([depth, *views])
    return depth


def _pushed(layer: Layer, excess: Floats) -> Layer:
    beside, _ = neighbours(layer.triangles.astype(np.intp), len(layer.points))
    back = excess.clip(0)
    back = back[beside].max(axis=1)
    points = layer.points.copy()
    points[:, 2] -= back
    return replace(layer, points=points)
