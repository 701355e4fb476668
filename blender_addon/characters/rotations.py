# SPDX-License-Identifier: GPL-3.0-or-later
"""Rotations of many frames at once, and as Blender's rotation modes want them."""

from __future__ import annotations

from typing import Any

import numpy as np
from mathutils import Matrix


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


def to_mode(matrices: np.ndarray, mode: str) -> np.ndarray:
    """Rotation matrices (T, 3, 3) as rotation values of a mode, without jumps: (T, 3 or 4) float32."""
    if mode == "QUATERNION":
        return quaternions(matrices)
    result = np.empty((len(matrices), rotation_path(mode)[1]), np.float32)
    before: Any = None
    for index, matrix in enumerate(matrices):
        turned = Matrix(matrix.tolist())
        if mode == "AXIS_ANGLE":
            before = _near(turned.to_quaternion(), before)
            axis, angle = before.to_axis_angle()
            result[index] = (angle, *axis)
        else:
            before = turned.to_euler(mode) if before is None else turned.to_euler(mode, before)
            result[index] = before
    return result


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


def _near(quaternion: Any, before: Any) -> Any:
    """Of the two quaternions of a rotation the one nearer to the one before."""
    if before is not None and quaternion.dot(before) < 0:
        quaternion.negate()
    return quaternion


def from_mode(values: list[float], mode: str) -> np.ndarray:
    """A rotation value of a mode as a matrix (3, 3)."""
    from mathutils import Euler, Quaternion

    if mode == "QUATERNION":
        return np.array(Quaternion(values).normalized().to_matrix())
    if mode == "AXIS_ANGLE":
        return np.array(Quaternion(values[1:], values[0]).to_matrix())
    return np.array(Euler(values, mode).to_matrix())


def pure_rotation(matrix: Any) -> np.ndarray:
    """The rotation in a mathutils 3×3 or 4×4 matrix, without its scale or mirroring: (3, 3)."""
    return np.array(matrix.to_quaternion().to_matrix())
