# SPDX-License-Identifier: GPL-3.0-or-later
"""Degrees of freedom of pose bones: what of a bone may be animated, and the property values that pose it.

A motion is kept as small numbers about the rest pose, whatever the bone's roll and rotation mode: a location along the
axes of the property itself, a rotation vector (axis times angle) in the bone's rest axes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import bpy
import numpy as np

from ...characters.constraints import LOCAL_SPACES, is_held, limits
from ...characters.rotations import identity, pure_rotation, rotation_matrices, rotation_path, turned
from ...characters.target import TargetSettings
from ...keys.channels import Channel, drivers_of

Kind = Literal["location", "rotation"]


@dataclass(frozen=True, eq=False)
class Freedom:
    """One number that poses a bone.

    Attributes:
        bone: the pose bone's name.
        kind: what it changes.
        axis: (3,) unit vector: of the property `location`, or of the bone's rest axes.
        low, high: limits, in the armature's unit or radians.
    """

    bone: str
    kind: Kind
    axis: np.ndarray
    low: float
    high: float


def tip_motion(armature: Any, freedom: Freedom, tail: bool) -> np.ndarray:
    """(3,) how far a bone's own head or tail moves in the armature's space per value of a freedom of it, at rest."""
    bone = armature.data.bones[freedom.bone]
    rest = np.array(bone.matrix_local.to_3x3())
    if freedom.kind == "location":
        return np.asarray(rest @ freedom.axis if bone.use_local_location else freedom.axis)
    return np.cross(rest @ freedom.axis, rest[:, 1] * bone.length) if tail else np.zeros(3)


class FreedomFinder:
    """Says what of an armature's bones may be animated, and remembers what was left alone and why.

    Attributes:
        skipped: sentences about locked and driven bones.
    """

    def __init__(self, armature: Any) -> None:
        self._pose = armature.pose
        drivers = (driver for driver in drivers_of(armature) if not driver.mute)
        self._driven = {(driver.data_path, driver.array_index) for driver in drivers}
        self.skipped: dict[str, str] = {}

    def locations(self, name: str, reach: float) -> list[Freedom]:
        """Up to three freedoms that move a bone, each by at most `reach`."""
        bone = self._pose.bones[name]
        if bone.bone.use_connect and bone.parent is not None:
            return []
        if is_held(bone, "location"):
            self._skip(name, "is held by a constraint")
            return []
        path = f"{_prefix(name)}location"
        free = []
        for index in range(3):
            if self._is_driven(path, index):
                self._skip(name, "has drivers")
            elif bone.lock_location[index]:
                self._skip(name, "is locked")
            else:
                low, high = _location_limits(bone, index, reach)
                if high - low > 1e-3 * reach:
                    axis = np.zeros(3)
                    axis[index] = 1.0
                    free.append(Freedom(name, "location", axis, low, high))
        return free

    def rotation(self, name: str, axis: np.ndarray, low: float, high: float) -> Freedom | None:
        """The freedom that turns a bone about an axis of the armature's space; None where it is locked or driven.

        A lock on some of a bone's axes leaves what of the rotation lies in the others.
        """
        bone = self._pose.bones[name]
        locked = np.array(bone.lock_rotation)
        path, count = rotation_path(bone.rotation_mode)
        if any(self._is_driven(_prefix(name) + path, index) for index in range(count)):
            self._skip(name, "has drivers")
            return None
        if is_held(bone, "rotation"):
            self._skip(name, "is held by a constraint")
            return None
        local = pure_rotation(bone.bone.matrix_local).T @ axis
        if locked.any():
            local = np.where(locked, 0.0, local)
            length = float(np.linalg.norm(local))
            if length < 0.5:
                self._skip(name, "is locked")
                return None
            local = local / length
        return Freedom(name, "rotation", local, low, high)

    def _is_driven(self, path: str, index: int) -> bool:
        return (path, index) in self._driven

    def _skip(self, name: str, why: str) -> None:
        self.skipped.setdefault(name, why)


def _prefix(name: str) -> str:
    return f'pose.bones["{bpy.utils.escape_identifier(name)}"].'


def _location_limits(bone: Any, index: int, reach: float) -> tuple[float, float]:
    """A bone's limits along one axis of its location, as Limit Location constraints in local space set them."""
    low, high = -reach, reach
    for constraint in bone.constraints:
        limited = limits(constraint, "location")
        if limited is None or constraint.mute or constraint.influence <= 0:
            continue
        if constraint.owner_space in LOCAL_SPACES:
            low, high = max(low, limited[index][0]), min(high, limited[index][1])
    return min(low, 0.0), max(high, 0.0)


def rotation_values(bone: Any, rest: list[float], vectors: np.ndarray) -> np.ndarray:
    """Values (T, 3 or 4) of a pose bone's rotation property: `rest`, then turned by vectors (T, 3) in its rest axes."""
    mode = bone.rotation_mode
    if mode not in ("QUATERNION", "AXIS_ANGLE") and any(bone.lock_rotation):
        return np.asarray(rest, np.float32) + vectors.astype(np.float32)  # locked angles stay as they are
    return turned(rest, mode, rotation_matrices(vectors))


@dataclass
class Motion:
    """How some freedoms move, and how the curves are called.

    Attributes:
        freedoms: K of them.
        values: (T, K), 0 is the rest pose.
        group: title of the curves' group.
    """

    freedoms: list[Freedom]
    values: np.ndarray
    group: str


def bone_motion(freedoms: list[Freedom], values: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Bone → its location (T, 3) and rotation vector (T, 3), of freedoms with values (T, K)."""
    result: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for column, freedom in enumerate(freedoms):
        if freedom.bone not in result:
            result[freedom.bone] = (np.zeros((len(values), 3)), np.zeros((len(values), 3)))
        result[freedom.bone][freedom.kind == "rotation"][:] += values[:, column, None] * freedom.axis
    return result


def channels(armature: Any, motion: Motion, settings: TargetSettings) -> list[Channel]:
    """The curves of a motion: only of properties that some freedom moves, about the user's own pose."""
    result = []
    moved: dict[tuple[str, Kind], np.ndarray] = {}
    for freedom in motion.freedoms:
        key = (freedom.bone, freedom.kind)
        moved[key] = moved.get(key, np.zeros(3)) + np.abs(freedom.axis)
    for name, (locations, vectors) in bone_motion(motion.freedoms, motion.values).items():
        bone = armature.pose.bones[name]
        if (name, "location") in moved:
            path = f"{_prefix(name)}location"
            animated = settings.rest.animated(armature, path)
            for index in np.flatnonzero(moved[name, "location"]):
                rest = 0.0 if animated else settings.rest(armature, path, int(index))
                values = (rest + locations[:, index]).astype(np.float32)
                result.append(
                    Channel(armature, path, int(index), motion.group, values, rest, over_others=True)
                )
        if (name, "rotation") in moved:
            kind, count = rotation_path(bone.rotation_mode)
            path = _prefix(name) + kind
            rests = [settings.rest(armature, path, index) for index in range(count)]
            if settings.rest.animated(armature, path):  # the strip then adds to the user's own
                rests = identity(bone.rotation_mode)
            values = rotation_values(bone, rests, vectors)
            for index in range(count):
                result.append(
                    Channel(
                        armature, path, index, motion.group, values[:, index], rests[index], over_others=True
                    )
                )
    return result
