"""The 68 facial landmarks: groups, mirror pairs, registration and measures.

Order: iBUG 68 (Sagonas et al., *300 Faces in-the-Wild Challenge*, ICCV-W 2013), as dlib, face-alignment and the ICT face
model use it. Coordinates, everywhere in the engine: x to the picture's right, y up, z to the viewer; unit = distance
between the outer eye corners (points 36 and 45); origin = midpoint of the outer eye corners. The picture's right is the
character's left, so point 45 (x > 0) is the outer corner of the character's *left* eye.

numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arrays import Indices
from .names import LANDMARK_COUNT, LANDMARK_GROUPS
from .smoothing import rolling

COUNT = LANDMARK_COUNT


def _group(*titles: str) -> Indices:
    """The points of groups that follow each other."""
    return np.arange(LANDMARK_GROUPS[titles[0]][0], LANDMARK_GROUPS[titles[-1]][1])


JAW: Indices = _group("Jaw")
"""Face outline from the picture's left ear (0) over the chin (8) to the right ear (16)."""
RIGHT_BROW: Indices = _group("Right Brow")
"""The character's right brow (picture's left), from outside to inside."""
LEFT_BROW: Indices = _group("Left Brow")
"""The character's left brow (picture's right), from inside to outside."""
NOSE: Indices = _group("Nose Bridge", "Nostrils")
"""Bridge (27-30, down to the tip) and lower edge (31-35, picture's left to right)."""
RIGHT_EYE: Indices = _group("Right Eye")
"""The character's right eye: outer corner 36, upper lid 37-38, inner corner 39, lower lid 40-41."""
LEFT_EYE: Indices = _group("Left Eye")
"""The character's left eye: inner corner 42, upper lid 43-44, outer corner 45, lower lid 46-47."""
BROWS: Indices = _group("Right Brow", "Left Brow")
"""Both brows."""
EYES: Indices = _group("Right Eye", "Left Eye")
"""Corners and lids of both eyes."""
OUTER_LIP: Indices = _group("Outer Lips")
"""Outer lip contour: corners 48 and 54, upper edge 49-53, lower edge 55-59 (running back to 48)."""
INNER_LIP: Indices = _group("Inner Lips")
"""Inner lip contour: corners 60 and 64, upper edge 61-63, lower edge 65-67 (running back to 60)."""
LIPS: Indices = _group("Outer Lips", "Inner Lips")
"""All lip points."""
CHIN: Indices = np.arange(3, 14)
"""The part of the outline that the jaw moves."""
RIGID: Indices = np.array([27, 28, 29, 30, 33, 36, 39, 42, 45])
"""Points that hardly move when a face talks: nose and eye corners (the nine that MakeItTalk registers on)."""

MIRROR: Indices = np.array(
    [*range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, 35, 34, 33, 32, 31,
     45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40,
     54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65]
)  # fmt: skip
"""``points[MIRROR] * (-1, 1, 1)`` is the mirrored face, in the same order."""

CAMERA_DISTANCE = 8.0
"""Distance from the viewer that depth is guessed with (outer eye-corner distances; about 0.7 m)."""


@dataclass(frozen=True)
class Registration:
    """A talking face, split into head motion and what the face does.

    Attributes:
        landmarks: (T, 68, 3) float32, head-stabilised, unit outer eye-corner distance.
        head_rotation: (T, 3) float32 radians, XYZ Euler as :func:`rotation_matrix` reads them.
        head_translation: (T, 3) float32, same unit; from the clip's median position. Depth comes from the face's size in
            the picture and is a guess (:data:`CAMERA_DISTANCE`).
    """

    landmarks: NDArray[np.float32]
    head_rotation: NDArray[np.float32]
    head_translation: NDArray[np.float32]


def rotation_matrix(euler: ArrayLike) -> NDArray[np.float64]:
    """Rotation matrices (..., 3, 3) of XYZ Euler angles (..., 3) in radians.

    Blender's ``'XYZ'``: about x first, then y, then z, so ``R = Rz @ Ry @ Rx``. Positive x looks down, positive y turns to
    the picture's right, positive z tilts counter-clockwise in the picture.
    """
    angles = np.asarray(euler, dtype=np.float64)
    (cx, cy, cz), (sx, sy, sz) = np.moveaxis(np.cos(angles), -1, 0), np.moveaxis(np.sin(angles), -1, 0)
    rows = [
        [cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx],
        [sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx],
        [-sy, cy * sx, cy * cx],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def euler_angles(matrix: ArrayLike) -> NDArray[np.float64]:
    """XYZ Euler angles (..., 3) in radians of rotation matrices (..., 3, 3); inverse of :func:`rotation_matrix`."""
    m = np.asarray(matrix, dtype=np.float64)
    x = np.arctan2(m[..., 2, 1], m[..., 2, 2])
    y = np.arctan2(-m[..., 2, 0], np.hypot(m[..., 0, 0], m[..., 1, 0]))
    z = np.arctan2(m[..., 1, 0], m[..., 0, 0])
    return np.stack([x, y, z], axis=-1)


def to_face_units(points: ArrayLike) -> NDArray[np.float64]:
    """One face (68, 3) or several (T, 68, 3) moved and scaled to the engine's origin and unit, without turning them."""
    faces = np.asarray(points, dtype=np.float64)
    corners = faces[..., (36, 45), :]
    size = np.linalg.norm(corners[..., 1, :] - corners[..., 0, :], axis=-1)[..., None, None]
    return np.asarray((faces - corners.mean(axis=-2, keepdims=True)) / np.maximum(size, 1e-9))


def register(points: ArrayLike, reference: ArrayLike | None = None) -> Registration:
    """Takes the head's motion out of a clip.

    Each frame is fitted to the reference on :data:`RIGID` by the similarity with the least squared error (Umeyama, *IEEE
    PAMI* 13(4), 1991); the scale is the clip's own, smoothed over frames by its median, so that a mouth that opens does
    not change the size of the face.

    Args:
        points: (T, 68, 3) in any unit, x right, y up, z to the viewer (a picture's y and z are to be negated first).
        reference: (68, 3) face to register to, :data:`REFERENCE_FACE` by default; only its rigid points count.

    Returns:
        The stabilised landmarks and the head's motion; ``landmarks[t] @ rotation_matrix(head_rotation[t]).T`` turns frame t back.

    Raises:
        ValueError: when the shapes are wrong or a value is not finite.
    """
    faces = np.asarray(points, dtype=np.float64)
    if faces.ndim != 3 or faces.shape[1:] != (COUNT, 3):
        raise ValueError(f"points must have the shape (T, 68, 3), not {faces.shape}")
    if not np.isfinite(faces).all():
        raise ValueError("points must be finite")
    if not len(faces):
        empty = np.zeros((0, 3), np.float32)
        return Registration(np.zeros((0, COUNT, 3), np.float32), empty, empty.copy())
    target = to_face_units(REFERENCE_FACE if reference is None else reference)[RIGID]
    target_mean = target.mean(axis=0)
    rigid = faces[:, RIGID]
    mean = rigid.mean(axis=1)
    centred = rigid - mean[:, None]
    # Covariance (T, 3, 3) of target against frame: R maps the reference's orientation onto the frame's.
    u, s, vt = np.linalg.svd(np.einsum("tni,nj->tij", centred, target - target_mean))
    sign = np.ones_like(s)
    sign[:, 2] = np.sign(np.linalg.det(u @ vt))
    rotation = (u * sign[:, None, :]) @ vt
    scale = (s * sign).sum(axis=1) / ((target - target_mean) ** 2).sum()
    scale = np.maximum(scale, 1e-9)
    unit = np.median(scale)
    depth_scale = rolling(scale, 4, np.median)
    # Back to the reference's orientation (row vectors: p @ R applies R's inverse), with the frame's own size.
    still = (
        np.einsum("tnj,tjk->tnk", faces - mean[:, None], rotation) / depth_scale[:, None, None] + target_mean
    )
    # The unit and origin are exact on the average frame: the outer eye corners, not the reference's.
    average = np.median(still, axis=0)
    corners = average[[36, 45]]
    still = (still - corners.mean(axis=0)) / max(float(np.linalg.norm(corners[1] - corners[0])), 1e-9)
    origin = faces[:, (36, 45)].mean(axis=1) / unit
    translation = origin - np.median(origin, axis=0)
    translation[:, 2] = CAMERA_DISTANCE * (1.0 - unit / depth_scale)
    return Registration(
        still.astype(np.float32), euler_angles(rotation).astype(np.float32), translation.astype(np.float32)
    )


def mirrored(points: ArrayLike) -> NDArray[np.float64]:
    """The faces (..., 68, 3) mirrored left to right, in the same point order."""
    faces = np.asarray(points, dtype=np.float64)
    return np.asarray(faces[..., MIRROR, :] * np.array([-1.0, 1.0, 1.0]))


def _distance(landmarks: ArrayLike, first: int, second: int) -> NDArray[np.float64]:
    faces = np.asarray(landmarks, dtype=np.float64)
    return np.asarray(np.linalg.norm(faces[..., first, :] - faces[..., second, :], axis=-1))


def mouth_opening(landmarks: ArrayLike) -> NDArray[np.float64]:
    """Distance of the inner lips' middles, |62 - 66|, of faces (..., 68, 3); unit of the landmarks, 0 when shut."""
    return _distance(landmarks, 62, 66)


def displaced_opening(neutral: ArrayLike, displacement: ArrayLike) -> NDArray[np.float64]:
    """`mouth_opening` of a face (68, 3) that is displaced by (..., 68, 3), without making all landmarks: an hour has many."""
    rest, moved = np.asarray(neutral, np.float64), np.asarray(displacement)
    return np.asarray(np.linalg.norm(rest[62] - rest[66] + moved[..., 62, :] - moved[..., 66, :], axis=-1))


def mouth_width(landmarks: ArrayLike) -> NDArray[np.float64]:
    """Distance of the mouth corners, |48 - 54|, of faces (..., 68, 3); unit of the landmarks."""
    return _distance(landmarks, 48, 54)


def mouth_area(landmarks: ArrayLike) -> NDArray[np.float64]:
    """Area inside the inner lip contour 60-67 seen from the front, (..., 68, 3) → (...); squared unit, negative when the
    lips cross.
    """
    contour = np.asarray(landmarks, dtype=np.float64)[..., INNER_LIP, :2]
    following = np.roll(contour, -1, axis=-2)
    # Clockwise in a picture whose y points up, hence the sign.
    return np.asarray(
        -0.5 * (contour[..., 0] * following[..., 1] - contour[..., 1] * following[..., 0]).sum(axis=-1)
    )


def eye_opening(landmarks: ArrayLike) -> NDArray[np.float64]:
    """Eye aspect ratio of the character's own (left, right) eye, (..., 68, 3) → (..., 2); about 0.3 open, 0.1 shut.

    Source: Soukupová and Čech, *Real-Time Eye Blink Detection using Facial Landmarks*, CVWW 2016.
    """
    left = (_distance(landmarks, 43, 47) + _distance(landmarks, 44, 46)) / (
        2 * _distance(landmarks, 42, 45) + 1e-9
    )
    right = (_distance(landmarks, 37, 41) + _distance(landmarks, 38, 40)) / (
        2 * _distance(landmarks, 36, 39) + 1e-9
    )
    return np.stack([left, right], axis=-1)


REFERENCE_FACE: NDArray[np.float64] = np.array([
    [-0.7769, -0.1099, -0.5426],
    [-0.7700, -0.2852, -0.5807],
    [-0.7565, -0.4615, -0.5724],
    [-0.7278, -0.6470, -0.5286],
    [-0.6809, -0.8382, -0.4483],
    [-0.5357, -1.0910, -0.1905],
    [-0.4341, -1.1819, -0.0819],
    [-0.2522, -1.2932, 0.0883],
    [0.0000, -1.3414, 0.1662],
    [0.2522, -1.2932, 0.0883],
    [0.4341, -1.1819, -0.0819],
    [0.5357, -1.0910, -0.1905],
    [0.6809, -0.8382, -0.4483],
    [0.7278, -0.6470, -0.5286],
    [0.7565, -0.4615, -0.5724],
    [0.7700, -0.2852, -0.5807],
    [0.7769, -0.1099, -0.5426],
    [-0.6409, 0.1655, -0.0200],
    [-0.5781, 0.2393, 0.0658],
    [-0.4758, 0.2809, 0.1353],
    [-0.3379, 0.2792, 0.1997],
    [-0.1744, 0.2602, 0.2348],
    [0.1744, 0.2602, 0.2348],
    [0.3379, 0.2792, 0.1997],
    [0.4758, 0.2809, 0.1353],
    [0.5781, 0.2393, 0.0658],
    [0.6409, 0.1655, -0.0200],
    [0.0000, 0.0426, 0.2418],
    [0.0000, -0.1332, 0.3614],
    [0.0000, -0.2935, 0.4966],
    [0.0000, -0.3978, 0.5316],
    [-0.1940, -0.5487, 0.2559],
    [-0.0894, -0.5643, 0.3280],
    [0.0000, -0.5673, 0.3463],
    [0.0894, -0.5643, 0.3280],
    [0.1940, -0.5487, 0.2559],
    [-0.5000, 0.0000, 0.0000],
    [-0.4327, 0.0517, 0.0692],
    [-0.3130, 0.0626, 0.0868],
    [-0.1890, -0.0208, 0.0585],
    [-0.2928, -0.0357, 0.0829],
    [-0.4068, -0.0410, 0.0642],
    [0.1890, -0.0208, 0.0585],
    [0.3130, 0.0626, 0.0868],
    [0.4327, 0.0517, 0.0692],
    [0.5000, 0.0000, 0.0000],
    [0.4068, -0.0410, 0.0642],
    [0.2928, -0.0357, 0.0829],
    [-0.2669, -0.8396, 0.1534],
    [-0.2044, -0.7952, 0.2638],
    [-0.0803, -0.7458, 0.3509],
    [0.0000, -0.7613, 0.3608],
    [0.0803, -0.7458, 0.3509],
    [0.2044, -0.7952, 0.2638],
    [0.2669, -0.8396, 0.1534],
    [0.2095, -0.8967, 0.2496],
    [0.0848, -0.9632, 0.3208],
    [0.0000, -0.9710, 0.3267],
    [-0.0848, -0.9632, 0.3208],
    [-0.2095, -0.8967, 0.2496],
    [-0.2422, -0.8385, 0.1753],
    [-0.1216, -0.8386, 0.2671],
    [0.0000, -0.8467, 0.3007],
    [0.1216, -0.8386, 0.2671],
    [0.2422, -0.8385, 0.1753],
    [0.1216, -0.8386, 0.2671],
    [0.0000, -0.8467, 0.3007],
    [-0.1216, -0.8386, 0.2671],
])  # fmt: skip
"""(68, 3) average face looking straight ahead, mouth shut, symmetric, in the engine's coordinates.

Mean of two GRID speakers (s1 male, s4 female; Cooke et al. 2006, CC BY 4.0) in their most closed frames.
"""


def _mouth_shut(face: NDArray[np.float64]) -> NDArray[np.float32]:
    """The face with its lips together: each half lip moves by half of the gap."""
    shut = face.copy()
    for inner_upper, inner_lower, outer_upper, outer_lower in (
        (61, 67, (49, 50), (59, 58)),
        (62, 66, (51,), (57,)),
        (63, 65, (52, 53), (56, 55)),
    ):
        half = (face[inner_upper] - face[inner_lower]) / 2
        shut[[inner_upper, *outer_upper]] -= half
        shut[[inner_lower, *outer_lower]] += half
    return shut.astype(np.float32)


NEUTRAL_FACE: NDArray[np.float32] = _mouth_shut(to_face_units(REFERENCE_FACE))
"""(68, 3) the average face with its mouth shut; what animations are relative to."""
