# SPDX-License-Identifier: GPL-3.0-or-later
"""Gaze: eyes that turn, or the target that eyes look at moves."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...characters.rotations import euler_matrices, pure_rotation
from ...rigs.face_bones import SIDES, FaceBones
from .controls import Freedom, FreedomFinder
from .frame import FaceFrame

_TURN = 0.9  # radians an eye may turn


def gaze_motion(
    armature: Any, face_bones: FaceBones, finder: FreedomFinder, frame: FaceFrame, eyes: np.ndarray
) -> tuple[list[Freedom], np.ndarray]:
    """Controls of both eyes and their values.

    Args:
        armature: the armature object.
        face_bones: its face bones: a target that the eyes look at is moved, else the eyes turn.
        finder: what may be animated.
        frame: the face.
        eyes: (T, 2) radians: yaw (positive to the picture's right), pitch (positive up).

    Returns:
        K controls and values (T, K).
    """
    targets = face_bones.bones("eye_target")
    bones = armature.data.bones
    if targets:
        bone = bones[targets[0]]
        between = frame.origin + frame.axes @ frame.eyes.mean(axis=0) * frame.unit
        aim = np.array(bone.head_local) - between
        distance = float(aim @ frame.axes[:, 2])
        free = (
            finder.locations(targets[0], 4 * abs(distance) + frame.unit)
            if distance > 0.2 * frame.unit
            else []
        )
        if len(free) == 3:
            turn = euler_matrices(np.stack([-eyes[:, 1], eyes[:, 0], np.zeros(len(eyes))], axis=1))
            moved = (frame.axes.T @ aim) @ np.swapaxes(turn, 1, 2) - frame.axes.T @ aim
            local = moved @ frame.axes.T @ pure_rotation(bone.matrix_local)
            return free, np.asarray(local)
    freedoms: list[Freedom] = []
    columns: list[np.ndarray] = []
    for side in SIDES:
        for name in _apart(armature, face_bones.bones(f"eye.{side}")):
            for axis, angle in ((0, -eyes[:, 1]), (1, eyes[:, 0])):
                freedom = finder.rotation(name, frame.axes[:, axis], -_TURN, _TURN)
                if freedom is not None:
                    freedoms.append(freedom)
                    columns.append(angle)
    return freedoms, np.stack(columns, axis=1) if columns else np.zeros((len(eyes), 0))


def _apart(armature: Any, names: tuple[str, ...]) -> list[str]:
    """Bones of one eye, without those that go with another of them: they would turn twice."""
    bones = armature.data.bones
    return [name for name in names if not {bone.name for bone in bones[name].parent_recursive} & set(names)]
