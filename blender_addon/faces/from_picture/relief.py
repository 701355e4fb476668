# SPDX-License-Identifier: GPL-3.0-or-later
"""All layers of a `FacePicture` as one mesh, in metres: arrays only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from ...contract.curves import ramp, smooth_step
from ...contract.face_picture import PICTURE, PICTURED, RELIEF, SHAPE_NAMES, FacePicture, Layer
from ...contract.finer_texture import FINER, FinerPart
from ...errors import TalkingAnimationError

LONGER_SIDE: Final = 2.0
"""Metres: of the picture's longer side."""
_GRID = 1 / 16  # pixels: every graphics card divides its pixels at least so finely
_STILL = 1e-6  # metres: what moves less does not move
_SEEN = 0.05  # pixels: what moves less is not seen to move
# Of the way from one face to the next: to where it moves freely, from where on it rests, and what lies between them.
_MOVES_TO, _REST_FROM, _MIDDLE = 0.3, 0.45, 0.5


@dataclass(frozen=True)
class Relief:
    """A mesh of N vertices and M triangles; the picture stands upright in the XZ plane, its middle at 0, and looks along -Y.

    Attributes:
        scale: metres of a pixel.
        points: (N, 3) float32 metres, the neutral face.
        triangles: (M, 3) int32.
        corners: (3 M, 2) float32, the place in the texture of each triangle's corners, 0 to 1, v up.
        textures: names, in the order of the materials.
        materials: (M,) int32, the texture of each triangle.
        shapes: shape → (N, 3) float32, how far it moves the points at 1; metres.
        head: (N,) float32, 0 to 1: how far a vertex goes with the head.
        pivot: (3,) float64 metres.
        unit: between the outer eye corners, metres.
        landmarks: (68, 3) float64 metres.
        face: (M,) bool, the triangles of the layer that is the picture.
    """

    scale: float
    points: np.ndarray
    triangles: np.ndarray
    corners: np.ndarray
    textures: tuple[str, ...]
    materials: np.ndarray
    shapes: dict[str, np.ndarray]
    head: np.ndarray
    pivot: np.ndarray
    unit: float
    landmarks: np.ndarray
    face: np.ndarray

    @property
    def nearest(self) -> float:
        """The y of whatever comes nearest to the viewer in any one shape; metres."""
        moved = min((float((self.points + shift)[:, 1].min()) for shift in self.shapes.values()), default=0.0)
        return min(moved, float(self.points[:, 1].min()))

    @property
    def farthest(self) -> float:
        """The y of whatever comes farthest from the viewer in any one shape; metres."""
        moved = max((float((self.points + shift)[:, 1].max()) for shift in self.shapes.values()), default=0.0)
        return max(moved, float(self.points[:, 1].max()))


def relief_of(picture: FacePicture, finer: FinerPart | None = None) -> Relief:
    """The mesh of a face picture.

    Args:
        picture: the face.
        finer: what of it is shown by the texture `FINER`; None for nothing.

    Raises:
        TalkingAnimationError: where it has no triangle, or points that are no numbers.
    """
    picture = replace(picture, layers=[_on_grid(layer) for layer in picture.layers])
    width, height = picture.size
    scale = LONGER_SIDE / max(width, height)
    starts = np.cumsum([0, *[len(layer.points) for layer in picture.layers]])
    textures = tuple(dict.fromkeys(layer.texture for layer in picture.layers))
    sizes = {name: texture.shape[1::-1] for name, texture in picture.textures.items()}
    triangles = [_whole(layer) for layer in picture.layers]
    corners = [
        _corners(layer.uv, rows, sizes[layer.texture]) for layer, rows in zip(picture.layers, triangles)
    ]
    materials = [
        np.full(len(rows), textures.index(layer.texture), np.int32)
        for layer, rows in zip(picture.layers, triangles)
    ]
    if finer is not None:
        place = next(number for number, layer in enumerate(picture.layers) if layer.name == RELIEF)
        fine, uv = finer.triangles(triangles[place]), finer.uv(picture.layers[place].uv.astype(np.float64))
        corners[place][fine.repeat(3)] = _corners(uv, triangles[place][fine], finer.pixels.shape[1::-1])
        materials[place][fine] = len(textures)
        textures = (*textures, FINER)
    backs = [layer.texture == PICTURE for layer in picture.layers]
    relief = Relief(
        scale,
        _placed(np.concatenate([layer.points for layer in picture.layers]), (width, height), scale),
        np.concatenate([rows + start for rows, start in zip(triangles, starts)]).astype(np.int32),
        np.concatenate(corners).astype(np.float32),
        textures,
        np.concatenate(materials),
        _shapes(picture, scale),
        np.clip(np.concatenate([layer.head for layer in picture.layers]), 0, 1).astype(np.float32),
        _placed(picture.pivot[None].astype(np.float64), (width, height), scale)[0],
        float(picture.eye_distance * scale),
        _placed(picture.landmarks.astype(np.float64), (width, height), scale),
        np.concatenate([np.full(len(rows), back) for rows, back in zip(triangles, backs)]),
    )
    values = (relief.points, relief.corners, relief.pivot, relief.head, *relief.shapes.values())
    if not len(relief.triangles) or not all(np.isfinite(value).all() for value in values):
        raise TalkingAnimationError(
            "The picture's face came out damaged: make the picture talk again, or use another picture."
        )
    return relief


def _on_grid(layer: Layer) -> Layer:
    """A layer that shows the picture, with its points on the grid that a graphics card rounds them to: else the card moves them
    by parts of a pixel, and the picture under them with them.
    """
    if layer.texture != PICTURE:
        return layer
    places = layer.at_rest[:, :2].astype(np.float64)
    shift = np.rint(places / _GRID) * _GRID - places
    points = layer.points.copy()
    points[:, :2] += shift
    return replace(layer, points=points, uv=(layer.uv + shift).astype(np.float32))


def _whole(layer: Layer) -> np.ndarray:
    """A layer's triangles without those that are a line or a point, and each only once: Blender's meshes must not have such."""
    rows = layer.triangles
    a, b, c = rows.T
    rows = rows[(a != b) & (b != c) & (c != a)]
    _, first = np.unique(np.sort(rows, axis=1), axis=0, return_index=True)
    return np.asarray(rows[np.sort(first)])


def _corners(uv: np.ndarray, triangles: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    places = uv.astype(np.float64) / np.array(size, np.float64)
    places[:, 1] = 1 - places[:, 1]
    return np.asarray(places[triangles.reshape(-1)])


def _placed(pixels: np.ndarray, size: tuple[int, int], scale: float) -> np.ndarray:
    """Points in pixels of the picture as metres about its middle."""
    x, y, z = np.asarray(pixels, np.float64).T
    metres = np.stack([x - size[0] / 2, -z, size[1] / 2 - y], axis=1) * scale
    return metres.astype(pixels.dtype)


def _shapes(picture: FacePicture, scale: float) -> dict[str, np.ndarray]:
    """All shapes; without `PICTURED` where the picture shows shut lips."""
    pixels = np.concatenate([layer.shapes for layer in picture.layers], axis=1).astype(np.float32)
    moves = np.stack([pixels[..., 0], -pixels[..., 2], -pixels[..., 1]], axis=-1) * np.float32(scale)
    shapes = dict(zip(SHAPE_NAMES, moves))
    if np.abs(shapes[PICTURED]).max(initial=0.0) <= _STILL:
        del shapes[PICTURED]
    return shapes


def kept_apart(reliefs: Sequence[Relief]) -> list[Relief]:
    """Faces of one picture that leave each other alone: what moves with one comes to rest on the way to the next.

    Returns:
        The first as it covers the whole picture; of the others only what moves, to be laid on it.
    """
    if len(reliefs) < 2:
        return list(reliefs)
    apart: list[Relief] = []
    for own in reliefs:
        nearest = np.min([_distances(own, other) for other in reliefs if other is not own], axis=0)
        distance = _distances(own, own)
        way = distance / np.maximum(distance + nearest, 1e-9)  # 0 on this face, 1 on the next one
        beyond = (way[own.triangles] > _MIDDLE).any(axis=1)
        share = ramp(way, _REST_FROM, _MOVES_TO)
        share[own.triangles[beyond]] = 0.0  # a triangle that reaches across does not move at all
        share = smooth_step(share).astype(np.float32)
        shapes = {
            name: shift if name == PICTURED else shift * share[:, None] for name, shift in own.shapes.items()
        }
        quiet = replace(own, shapes=shapes, head=own.head * share)
        apart.append(_moving_only(quiet, ~beyond) if apart else quiet)
    return apart


def _distances(points_of: Relief, face: Relief) -> np.ndarray:
    """(N,) how far the points of one relief lie from the middle of a face, in that face's own eye distances."""
    middle = face.landmarks[:, [0, 2]].mean(axis=0)
    return np.asarray(np.linalg.norm(points_of.points[:, [0, 2]] - middle, axis=1) / face.unit)


def _moving_only(relief: Relief, allowed: np.ndarray) -> Relief:
    """Without the triangles of the picture that never move or are not allowed, and the vertices that only they have."""
    moves = relief.head > 0
    for shift in relief.shapes.values():
        moves |= np.abs(shift).max(axis=1) > _SEEN * relief.scale
    kept = (moves[relief.triangles].any(axis=1) & allowed) | ~relief.face
    used = np.zeros(len(relief.points), bool)
    used[relief.triangles[kept]] = True
    numbers = np.cumsum(used) - 1
    return Relief(
        relief.scale,
        relief.points[used],
        numbers[relief.triangles[kept]].astype(np.int32),
        relief.corners.reshape(-1, 3, 2)[kept].reshape(-1, 2),
        relief.textures,
        relief.materials[kept],
        {name: shift[used] for name, shift in relief.shapes.items()},
        relief.head[used],
        relief.pivot,
        relief.unit,
        relief.landmarks,
        relief.face[kept],
    )
