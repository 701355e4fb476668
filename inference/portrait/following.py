"""Follows a filmed face: the poses in which a face picture of it looks as the film does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..detection import track
from ..face.arrays import Floats
from ..face.face_picture import PICTURED, SHAPE_NAMES, FacePicture
from ..face.names import ARKIT_NAMES
from ..pictures.draw import rest_weights
from ..pictures.filling import Pixels
from ..pictures.indices import IRISES, LIP_RINGS
from ..pictures.own_shapes import relief_of
from ..pictures.template import POINTS
from .warp import Pose

_PICTURED = SHAPE_NAMES.index(PICTURED)
_DOWN = np.array([1.0, -1.0, 1.0])
_MOST = 1.2
"""Weight that a shape has at most."""
_CALM = 0.03
"""Eye units that a weight of 1 costs, so that shapes which undo each other stay away."""
_LIPS_COUNT = 2.0
_SETTLING = 4
"""How often the first picture is looked at until its points no longer move."""
_TURN_COST = 2.0
"""Eye units that a radian of the head's turning costs: what its shift explains as well is no turn."""
_HEAD_SMOOTH, _SHAPE_SMOOTH = np.array([1, 4, 6, 4, 1]) / 16, np.array([1, 2, 1]) / 4
"""Over neighbouring pictures: a mesh that is found anew in each trembles, and a head does not."""


def points_in(pictures: Sequence[Pixels]) -> Floats | None:
    """(T, 478, 3) the face mesh in a film's pictures, pixels; None where one of them shows no face."""
    faces = list(track([*pictures[:1]] * _SETTLING + [*pictures], most=1))[_SETTLING:]
    return np.stack([seen[0].points for seen in faces]) if faces and all(faces) else None


def calm_mesh(points: Floats) -> Floats:
    """(T, N, D) a face mesh that was found in each picture anew, without its trembling; the first picture's stays as it is."""
    flat = points[1:].reshape(len(points) - 1, -1)
    return np.concatenate([points[:1], _smoothed(flat, _SHAPE_SMOOTH).reshape(-1, *points.shape[1:])])


def followed(face: FacePicture, points: Floats) -> list[Pose]:
    """The poses in which a face picture is nearest to what a face mesh does from its first picture on.

    The shape `pictured` stays at 0, as it does wherever a picture talks: parted lips are opened from shut ones.

    Args:
        face: made of the first picture.
        points: (T, 478, 3) pixels, as `detection.track` has them.

    Returns:
        T poses; the first is the picture itself.
    """
    from scipy.optimize import lsq_linear

    columns, importance = _columns(face)
    count = len(ARKIT_NAMES)
    parted = relief_of(face).shapes[_PICTURED, :POINTS, :2].astype(np.float64)
    costs = [*np.full(count, _CALM * np.sqrt(count)), *np.full(3, _TURN_COST), 0.0, 0.0]
    system = np.concatenate([importance[:, None] * columns, np.diag(costs) * face.eye_distance])
    least = np.array([*np.zeros(count), *np.full(5, -np.inf)])
    most = np.array([*np.full(count, _MOST), *np.full(5, np.inf)])
    left, triangle = np.linalg.qr(system)
    solved = np.zeros((len(points), count + 5))
    for number, moved in enumerate(points[1:] - points[0], 1):
        wanted = np.concatenate(
            [moved[:POINTS, :2] + parted, moved[[rows[0] for rows in IRISES], :2]]
        ).ravel()
        target = left[: len(wanted)].T @ (importance * wanted)
        solved[number] = lsq_linear(triangle, target, (least, most), method="bvls").x
    solved[0] = solved[1]  # so that the picture itself, which shuts no lips, is no neighbour
    shapes, head = _smoothed(solved[:, :count], _SHAPE_SMOOTH), _smoothed(solved[:, count:], _HEAD_SMOOTH)
    weights = np.concatenate([shapes, np.zeros((len(shapes), 1))], axis=1).astype(np.float32)
    rotation = head[:, :3].astype(np.float32)
    shift = np.pad(head[:, 3:], ((0, 0), (0, 1))).astype(np.float32)
    still = np.zeros(3, np.float32)
    return [Pose(rest_weights(), still, still), *map(Pose, weights[1:], rotation[1:], shift[1:])]


def _smoothed(values: Floats, kernel: Floats) -> Floats:
    half = len(kernel) // 2
    padded = np.pad(values, ((half, half), (0, 0)), mode="edge")
    return np.asarray(sum(share * padded[start : start + len(values)] for start, share in enumerate(kernel)))


def _columns(face: FacePicture) -> tuple[Floats, Floats]:
    """(2 × 470, 57) how shapes, the head's turns and its shift move the mesh's points and the irises; and how much each
    row counts, (2 × 470,).
    """
    relief = relief_of(face)
    points = relief.at_rest[:POINTS].astype(np.float64)
    shapes = relief.shapes[:, :POINTS].astype(np.float64)
    for name in ("eye_right", "eye_left"):
        eye = next((layer for layer in face.layers if layer.name == name), None)
        place, moved = points[:1], np.zeros((len(SHAPE_NAMES), 1, 3))
        if eye is not None:
            strongest = int(np.abs(eye.shapes.astype(np.float32)).sum(axis=(0, 2)).argmax())
            place, moved = eye.points[strongest][None], eye.shapes[:, strongest][:, None].astype(np.float64)
        points, shapes = np.concatenate([points, place]), np.concatenate([shapes, moved], axis=1)
    lever = (points - face.pivot) * _DOWN
    turns = [np.cross(axis, lever) * _DOWN for axis in np.eye(3)]
    shifts = [np.broadcast_to(axis, points.shape) for axis in np.eye(3)[:2]]
    every = np.stack([*shapes[:_PICTURED], *turns, *shifts])[..., :2]
    every = every.reshape(len(every), -1).T
    importance = np.ones(len(points))
    importance[np.unique(LIP_RINGS)] = _LIPS_COUNT
    return np.asarray(every), np.repeat(importance, 2)
