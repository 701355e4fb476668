# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotations of many frames at once, and as Blender's rotation modes want them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from mathutils import Euler, Matrix, Quaternion

_NO_TURN: Final = 1e-5  # sine of half an angle that is none


def euler_matrices(angles: np.ndarray) -> np.ndarray:
    """XYZ Euler angles (T, 3) in radians, x applied first, as matrices (T, 3, 3)."""
    angles = np.asarray(angles, np.float64)
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles).T, np.sin(angles).T
    rows = [
        [cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx],
        [sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx],
        [-sy, cy * sx, cy * cx],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def rotation_path(mode: str) -> tuple[str, int]:
    """Property that holds a rotation of a mode ("QUATERNION", "AXIS_ANGLE", "XYZ", …) and its length."""
    if mode == "QUATERNION":
        return "rotation_quaternion", 4
    if mode == "AXIS_ANGLE":
        return "rotation_axis_angle", 4
    return "rotation_euler", 3


def identity(mode: str) -> list[float]:
    """No rotation, as a rotation value of a mode."""
    return {"QUATERNION": [1.0, 0.0, 0.0, 0.0], "AXIS_ANGLE": [0.0, 0.0, 1.0, 0.0]}.get(mode, [0.0, 0.0, 0.0])


def rotation_matrices(vectors: np.ndarray) -> np.ndarray:
    """Rotation vectors (T, 3) in radians as matrices (T, 3, 3), by Rodrigues' formula."""
    vectors = np.asarray(vectors, np.float64)
    angle = np.linalg.norm(vectors, axis=1)
    axis = vectors / np.maximum(angle, 1e-12)[:, None]
    zero = np.zeros(len(vectors))
    x, y, z = axis.T
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=1).reshape(-1, 3, 3)
    sine, cosine = np.sin(angle)[:, None, None], np.cos(angle)[:, None, None]
    return np.asarray(np.eye(3) + sine * cross + (1 - cosine) * (cross @ cross))


def turned(rest: Sequence[float], mode: str, turns: np.ndarray, about_own_axes: bool = True) -> np.ndarray:
    """A rotation value that is turned further: what every target writes that turns something.

    Args:
        rest: the value of the rotation property that is turned, as the user left it.
        mode: its rotation mode.
        turns: (T, 3, 3) rotations.
        about_own_axes: they turn about the axes of what is turned, as the user left it; else about those that the value is in,
            such as a bone's rest axes or an object's parent.

    Returns:
        (T, 3 or 4) float32 without jumps, beginning near `rest`.
    """
    posed = from_mode(rest, mode)
    return to_mode(posed @ turns if about_own_axes else turns @ posed, mode, rest)


def to_mode(matrices: np.ndarray, mode: str, near: Sequence[float] | None = None) -> np.ndarray:
    """Rotation matrices (T, 3, 3) as rotation values of a mode, without jumps: (T, 3 or 4) float32.

    Of the values of one rotation the first frame takes the nearest to `near`, a value of the same mode.
    """
    if mode in ("QUATERNION", "AXIS_ANGLE"):
        result = quaternions(matrices)
        start = near if near is None or mode == "QUATERNION" else _quaternion(near)
        if start is not None and len(result) and result[0] @ np.asarray(start) < 0:
            result = -result
        return result if mode == "QUATERNION" else _axis_angles(result, near)
    angles = np.empty((len(matrices), 3), np.float32)
    before: Any = None if near is None else Euler(near, mode)
    for index, matrix in enumerate(matrices):
        straight = Matrix(matrix.tolist())
        before = straight.to_euler(mode) if before is None else straight.to_euler(mode, before)
        angles[index] = before
    return angles


def _quaternion(axis_angle: Sequence[float]) -> np.ndarray:
    angle, axis = float(axis_angle[0]), np.asarray(axis_angle[1:], np.float64)
    return np.r_[np.cos(angle / 2), np.sin(angle / 2) * axis / max(float(np.linalg.norm(axis)), 1e-12)]


def _axis_angles(quaternions: np.ndarray, near: Sequence[float] | None) -> np.ndarray:
    """Quaternions (T, 4) as angles and axes (T, 4): the angle changes its sign rather than the axis its direction.

    Where nothing is turned any axis would do; the one before is kept, so that no key between others has one of its own.
    """
    vectors = quaternions[:, 1:].astype(np.float64)
    sines = np.linalg.norm(vectors, axis=1)
    result = np.empty((len(quaternions), 4))
    axis = np.array([0.0, 1.0, 0.0] if near is None else near[1:], np.float64)
    length = float(np.linalg.norm(axis))
    axis = axis / length if length > 1e-9 else np.array([0.0, 1.0, 0.0])
    for index, (vector, sine, cosine) in enumerate(zip(vectors, sines, quaternions[:, 0])):
        if sine > _NO_TURN:
            axis = vector / sine if vector @ axis >= 0 else -vector / sine
        result[index] = (2 * np.arctan2(vector @ axis, cosine), *axis)
    result[:, 0] = np.unwrap(result[:, 0], period=4 * np.pi)
    if near is not None and len(result):
        result[:, 0] += 2 * np.pi * np.round((float(near[0]) - result[0, 0]) / (2 * np.pi))
    return result.astype(np.float32)


def quaternions(matrices: np.ndarray) -> np.ndarray:
    """Rotation matrices (T, 3, 3) as quaternions (T, 4) float32, w first, each the nearer one to the one before.

    Of the four ways to take a quaternion from a matrix, each frame takes the one without a small divisor (Shepperd, *Quaternion
    from rotation matrix*, 1978).
    """
    matrices = np.asarray(matrices, np.float64)
    if not len(matrices):
        return np.zeros((0, 4), np.float32)
    m = [[matrices[:, row, column] for column in range(3)] for row in range(3)]
    trace = m[0][0] + m[1][1] + m[2][2]
    x, y, z = m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1]
    xy, xz, yz = m[0][1] + m[1][0], m[0][2] + m[2][0], m[1][2] + m[2][1]
    doubled = [1 + 2 * m[axis][axis] - trace for axis in range(3)]
    ways = np.stack(
        [
            np.stack([1 + trace, x, y, z], axis=1),
            np.stack([x, doubled[0], xy, xz], axis=1),
            np.stack([y, xy, doubled[1], yz], axis=1),
            np.stack([z, xz, yz, doubled[2]], axis=1),
        ],
        axis=1,
    )
    best = np.argmax(np.stack([trace, m[0][0], m[1][1], m[2][2]], axis=1), axis=1)
    result = ways[np.arange(len(ways)), best]
    result /= np.linalg.norm(result, axis=1, keepdims=True)
    if result[0, 0] < 0:
        result[0] *= -1
    flips = np.where((result[1:] * result[:-1]).sum(axis=1) < 0, -1.0, 1.0)
    result[1:] *= np.cumprod(flips)[:, None]
    return result.astype(np.float32)


def from_mode(values: Sequence[float], mode: str) -> np.ndarray:
    """A rotation value of a mode as a matrix (3, 3)."""
    if mode == "QUATERNION":
        return np.array(Quaternion(values).normalized().to_matrix())
    if mode == "AXIS_ANGLE":
        return np.array(Quaternion(values[1:], values[0]).to_matrix())
    return np.array(Euler(values, mode).to_matrix())


def pure_rotation(matrix: Any) -> np.ndarray:
    """The rotation in a mathutils 3×3 or 4×4 matrix, without its scale or mirroring: (3, 3)."""
    return np.array(matrix.to_quaternion().to_matrix())
