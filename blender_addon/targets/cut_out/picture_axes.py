# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture that a part of a cut-out lies in: which way is right, up and to the viewer, in the spaces that its keys are in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...characters.drawings import extent_of
from ...characters.rotations import pure_rotation

_FRONT = {0: ((0, 1, 0), (0, 0, 1)), 1: ((1, 0, 0), (0, 0, 1)), 2: ((1, 0, 0), (0, 1, 0))}


@dataclass(frozen=True)
class PictureAxes:
    """Where a part's picture lies.

    Attributes:
        side, up: (3,) right and up of the picture, as the part's location is given; as long as a unit of the scene is there.
        side_axis, up_axis: which of the part's own axes are scaled for its width and its height.
        turn: (3,) unit vector that it turns about counter-clockwise in the picture, in the space that its rotation is in.
        size: (2,) width and height of the part, units of the scene.
    """

    side: np.ndarray
    up: np.ndarray
    side_axis: int
    up_axis: int
    turn: np.ndarray
    size: tuple[float, float]


def _normal(obj: Any) -> int:
    """The world's axis that a plane faces; the front view's where that cannot be told."""
    extent = np.array(extent_of(obj))
    if obj.type == "EMPTY" or not extent.any():
        return 1
    way = pure_rotation(obj.matrix_world)[:, int(extent.argmin())]
    return int(np.abs(way).argmax())


def of_object(obj: Any) -> PictureAxes:
    """Of an object, whose keys are on its delta transform: in the space of what it hangs below."""
    side, up = (np.array(way, float) for way in _FRONT[_normal(obj)])
    own = pure_rotation(obj.matrix_world)
    above = np.array((obj.matrix_world @ obj.matrix_basis.inverted_safe()).to_3x3())
    into = np.linalg.pinv(above)
    side_axis, up_axis = (int(np.abs(own.T @ way).argmax()) for way in (side, up))
    turn = _about(above, np.cross(side, up))
    extent = np.array(extent_of(obj)) * np.abs(np.array(obj.matrix_world.to_scale()))
    size = (float(extent[side_axis]) or 1.0, float(extent[up_axis]) or 1.0)
    return PictureAxes(into @ side, into @ up, side_axis, up_axis, turn, size)


def _about(space: np.ndarray, way: np.ndarray) -> np.ndarray:
    """A direction of the world as the axis of a turn in a (3, 3) space, which may be scaled or mirrored."""
    # A mirrored space turns the other way round.
    axis = np.linalg.pinv(space) @ way * (-1.0 if np.linalg.det(space) < 0 else 1.0)
    return axis / max(float(np.linalg.norm(axis)), 1e-12)


def of_bone(armature: Any, name: str) -> PictureAxes:
    """Of a pose bone, whose keys are in its own space."""
    bone = armature.data.bones[name]
    side, up = (np.array(way, float) for way in _FRONT[1])
    space = np.array((armature.matrix_world @ bone.matrix_local).to_3x3())
    into = np.linalg.pinv(space)
    local_side, local_up = into @ side, into @ up
    posed = pure_rotation(armature.pose.bones[name].matrix_basis)
    length = float(bone.length) * float(np.abs(np.array(armature.matrix_world.to_scale())).mean())
    return PictureAxes(
        local_side,
        local_up,
        int(np.abs(posed.T @ local_side).argmax()),
        int(np.abs(posed.T @ local_up).argmax()),
        _about(space, np.cross(side, up)),
        (length, length),
    )
