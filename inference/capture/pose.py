"""Face meshes in pixels → the head's rotation and place in space, and the face without them.

A pinhole camera looks along -z at a head that stands :data:`inference.face.landmarks.CAMERA_DISTANCE` away or farther. Each
picture's pose is the one that brings the clip's own average face nearest to the mesh in the picture (Gauss–Newton on the
error of reprojection and depth, from the similarity of Umeyama, *IEEE PAMI* 13(4), 1991). A point counts by how steadily it
keeps its place on the face, so that lips and lids hardly do; the average face is in turn what the meshes look like without
their pose, so that nobody's proportions are assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..detection.mesh_points import MESH_TO_IBUG, SKIN
from ..face.landmarks import (
    CAMERA_DISTANCE,
    REFERENCE_FACE,
    RIGID,
    euler_angles,
    register,
    rotation_matrix,
    to_face_units,
)

Array = NDArray[np.float64]

_CORNERS = [36, 45]
_ROUNDS = 3  # of pose and shape in turn: a fourth changes nothing that a float32 could hold
_BLOCK = 256  # pictures at a time, so that a long video needs no more memory than a short one
_STEPS = 2  # Gauss-Newton steps a round
_STEADY = 0.01  # outer eye-corner distances; a point that strays less is not trusted more
_WIDEST_LENS = 0.75  # focal length by the picture's longer side: a wider lens is rare, a smaller face is not


@dataclass(frozen=True)
class Camera:
    """A pinhole camera in the engine's unit, the outer eye-corner distance.

    Attributes:
        distance: from the camera to the face's usual place.
        scale: pixels that one unit covers there; the focal length is ``scale * distance`` pixels.
        origin: (3,) place of the face's origin, where translation is zero, from that usual place on the camera's axis.
        size: width and height of the picture, pixels.
    """

    distance: float
    scale: float
    origin: tuple[float, float, float]
    size: tuple[int, int]

    def project(self, points: Array) -> Array:
        """Points (..., 3) in space → (..., 2) pixels from the picture's middle, y up."""
        closeness = self.scale / (1 - points[..., 2:] / self.distance)
        return np.asarray(points[..., :2] * closeness)

    def as_source(self) -> dict[str, Any]:
        """What `FaceAnimation.source` keeps of it."""
        return {
            "distance": self.distance,
            "scale": self.scale,
            "origin": list(self.origin),
            "width": self.size[0],
            "height": self.size[1],
        }

    @classmethod
    def from_source(cls, source: dict[str, Any]) -> Camera:
        """The camera of a captured animation's `source`.

        Raises:
            KeyError: the animation was not captured from a video.
        """
        kept = source["camera"]
        return cls(
            float(kept["distance"]),
            float(kept["scale"]),
            tuple(kept["origin"]),
            (int(kept["width"]), int(kept["height"])),
        )


@dataclass(frozen=True)
class Pose:
    """Where the head is in every picture.

    Attributes:
        rotation: (T, 3) radians, XYZ Euler as :func:`inference.face.landmarks.rotation_matrix` reads them.
        translation: (T, 3), unit outer eye-corner distance, from ``camera.origin``.
        camera: the camera that saw it.
        weight: (468,) how much each point of the skin counts, sum 1.
        middle: (3,) mean of the head-stabilised face by these weights.
    """

    rotation: Array
    translation: Array
    camera: Camera
    weight: Array
    middle: Array

    def place(self, faces: Array) -> Array:
        """Head-stabilised faces (T, N, 3) → where they are before the camera."""
        moved = self.translation + np.array(self.camera.origin)
        return np.asarray(np.einsum("tij,tnj->tni", rotation_matrix(self.rotation), faces) + moved[:, None])

    def viewer(self) -> Array:
        """(T, 3) where the camera is, in the head's own coordinates."""
        there = np.array([0.0, 0.0, self.camera.distance]) - self.translation - np.array(self.camera.origin)
        return np.asarray(np.einsum("tj,tjk->tk", there, rotation_matrix(self.rotation)))

    def project(self, faces: Array) -> Array:
        """Head-stabilised faces (T, N, 3) → (T, N, 2) pixels from the picture's middle, y up."""
        return self.camera.project(self.place(faces))

    def stabilise(self, points: Array) -> Array:
        """Meshes in pixels (T, 478, 3), depth by the tracker → faces (T, 478, 3) without the head's motion."""
        camera = self.camera
        rotation = rotation_matrix(self.rotation)
        moved = self.translation + np.array(camera.origin)
        closeness = camera.scale / (1 - moved[:, 2] / camera.distance)
        # The tracker's depth counts from the mesh's own middle; the steady points tell where that is.
        depth = points[..., 2] / closeness[:, None]
        depth += (moved[:, 2] + rotation[:, 2] @ self.middle - depth[:, SKIN] @ self.weight)[:, None]
        flat = points[..., :2] / camera.scale * (1 - depth[..., None] / camera.distance)
        space = np.concatenate([flat, depth[..., None]], axis=-1)
        return np.asarray(np.einsum("tnj,tjk->tnk", space - moved[:, None], rotation))


def fit_pose(points: Array, size: tuple[int, int]) -> tuple[Pose, Array]:
    """The head's pose in every picture of a clip, and the faces without it.

    Args:
        points: (T, 478, 3) meshes in pixels from the picture's middle: x right, y up, z to the viewer; T ≥ 1, finite.
        size: width and height of the pictures, pixels.

    Returns:
        The pose, and the meshes (T, 478, 3) in the engine's coordinates and unit with rigid motion removed.
    """
    corners = points[:, MESH_TO_IBUG[_CORNERS]]
    span = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=-1)
    scale = float(np.median(span))
    distance = max(CAMERA_DISTANCE, _WIDEST_LENS * max(size) / scale)
    camera = Camera(distance, scale, (0.0, 0.0, 0.0), size)
    flat = corners[..., :2].mean(axis=1) / span[:, None]
    moved = np.concatenate([flat, distance * (1 - scale / span)[:, None]], axis=1)
    rotation = rotation_matrix(register(points[:, MESH_TO_IBUG]).head_rotation)
    weight, middle = np.full(len(SKIN), 1 / len(SKIN)), np.zeros(3)
    for _ in range(_ROUNDS):
        faces = Pose(euler_angles(rotation), moved, camera, weight, middle).stabilise(points)
        shape = np.median(faces, axis=0)
        spread = np.square(faces - shape)[:, SKIN].sum(axis=-1).mean(axis=0)
        weight = 1 / (spread + _STEADY**2)
        weight /= weight.sum()
        upright, centre = _frame(shape)
        moved = moved + rotation @ centre
        rotation = rotation @ upright.T
        shape = ((shape - centre) @ upright.T)[SKIN]
        middle = weight @ shape
        parts = [slice(first, first + _BLOCK) for first in range(0, len(points), _BLOCK)]
        fitted = [_refine(rotation[p], moved[p], shape, points[p][:, SKIN], weight, camera) for p in parts]
        rotation, moved = (np.concatenate(values) for values in zip(*fitted))
    # The unit is the outer eye corners' distance on the average face, the usual place the median one.
    faces = Pose(euler_angles(rotation), moved, camera, weight, middle).stabilise(points)
    average = np.median(faces, axis=0)[MESH_TO_IBUG[_CORNERS]]
    unit, centre = float(np.linalg.norm(average[1] - average[0])), average.mean(axis=0)
    moved = (moved + rotation @ centre) / unit
    origin = np.median(moved, axis=0)
    camera = Camera(
        distance / unit, scale * unit, (float(origin[0]), float(origin[1]), float(origin[2])), size
    )
    pose = Pose(euler_angles(rotation), moved - origin, camera, weight, (middle - centre) / unit)
    return pose, (faces - centre) / unit


def _frame(shape: Array) -> tuple[Array, Array]:
    """Rotation (3, 3) that makes a face (478, 3) look straight ahead as the reference face does, and its eyes' middle."""
    landmarks = shape[MESH_TO_IBUG]
    own = to_face_units(landmarks)[RIGID]
    target = to_face_units(REFERENCE_FACE)[RIGID]
    u, _, vt = np.linalg.svd((target - target.mean(axis=0)).T @ (own - own.mean(axis=0)))
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    return (u * sign) @ vt, landmarks[_CORNERS].mean(axis=0)


def _refine(
    rotation: Array, moved: Array, shape: Array, seen: Array, weight: Array, camera: Camera
) -> tuple[Array, Array]:
    """Gauss–Newton on the error of reprojection and depth, all pictures at once.

    Args:
        rotation: (T, 3, 3), where to start.
        moved: (T, 3), where to start.
        shape: (K, 3) the average face.
        seen: (T, K, 3) the points in the pictures, pixels.
        weight: (K,) how much each counts, sum 1.
        camera: the camera.

    Returns:
        The better rotation and place.
    """
    for _ in range(_STEPS):
        turned = np.einsum("tij,kj->tki", rotation, shape)
        space = turned + moved[:, None]
        closeness = 1 / (1 - space[..., 2] / camera.distance)
        error = np.empty_like(seen)
        error[..., :2] = seen[..., :2] / camera.scale - space[..., :2] * closeness[..., None]
        depth = seen[..., 2] / (camera.scale * (closeness @ weight))[:, None] - turned[..., 2]
        error[..., 2] = depth - (depth @ weight)[:, None]
        # How the error's rows change with the point's place, and from that with a small rotation and shift.
        by_place = np.zeros((*seen.shape[:2], 3, 3))
        by_place[..., 0, 0] = by_place[..., 1, 1] = closeness
        by_place[..., :2, 2] = space[..., :2] * (closeness**2 / camera.distance)[..., None]
        x, y, z = np.moveaxis(turned, -1, 0)
        spin = np.zeros_like(by_place)
        spin[..., 0, 1], spin[..., 0, 2] = z, -y
        spin[..., 1, 0], spin[..., 1, 2] = -z, x
        spin[..., 2, 0], spin[..., 2, 1] = y, -x
        by_spin = by_place @ spin
        by_spin[..., 2, :] = spin[..., 2, :] - np.einsum("k,tkj->tj", weight, spin[..., 2, :])[:, None]
        slope = np.concatenate([by_spin, by_place], axis=-1)
        weighted = (slope * weight[:, None, None]).reshape(len(seen), -1, 6)
        normal = np.swapaxes(weighted, 1, 2) @ slope.reshape(len(seen), -1, 6)
        pull = np.swapaxes(weighted, 1, 2) @ error.reshape(len(seen), -1, 1)
        step = np.linalg.solve(normal, pull)[..., 0]
        rotation = _turn(step[:, :3]) @ rotation
        moved = moved + step[:, 3:]
    return rotation, moved


def _turn(vector: Array) -> Array:
    """Rotation matrices (T, 3, 3) of rotation vectors (T, 3) in radians (Rodrigues' formula)."""
    angle = np.linalg.norm(vector, axis=1)
    axis = vector / np.maximum(angle, 1e-12)[:, None]
    cross = np.zeros((len(vector), 3, 3))
    cross[:, 0, 1], cross[:, 0, 2], cross[:, 1, 2] = -axis[:, 2], axis[:, 1], -axis[:, 0]
    cross -= np.swapaxes(cross, 1, 2)
    sine, cosine = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    return np.asarray(np.eye(3) + sine * cross + (1 - cosine) * (cross @ cross))
