# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a mesh object's vertices are in the world: as they rest, or as its armature poses them; and which belong to the head."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

_SAME_PLACE = 1e-4  # of a bone's matrix from the one at rest


@dataclass(frozen=True, eq=False)
class Placement:
    """A linear map for all vertices, or one for each.

    Attributes:
        linear: (3, 3) or (N, 3, 3).
        shift: (3,) or (N, 3).
    """

    linear: np.ndarray
    shift: np.ndarray

    def outside(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) places of the object's space in the world."""
        return np.asarray(self.turned(points) + self.shift)

    def turned(self, motion: np.ndarray) -> np.ndarray:
        """(N, 3) motion in the object's space as motion in the world."""
        if self.linear.ndim == 2:
            return np.asarray(motion @ self.linear.T)
        return np.einsum("nij,nj->ni", self.linear, motion)

    def back(self, motion: np.ndarray) -> np.ndarray:
        """(N, 3) motion in the world as motion in the object's space."""
        inverse = np.linalg.pinv(self.linear)
        if inverse.ndim == 2:
            return np.asarray(motion @ inverse.T)
        return np.einsum("nij,nj->ni", inverse, motion)


def at_rest(mesh_object: Any) -> Placement:
    """Where the object puts its mesh, modifiers off."""
    place = np.array(mesh_object.matrix_world, np.float64)
    return Placement(place[:3, :3], place[:3, 3])


def posed(mesh_object: Any) -> Placement:
    """Where the object and the armatures that deform it put its mesh; the same as `at_rest` where nothing is posed.

    Linear blend skinning from the vertex groups: no other modifier counts, so a mesh that is mirrored or subdivided has its
    own vertices still.
    """
    rest = at_rest(mesh_object)
    for rig in armatures_of(mesh_object):
        moved = _moved_bones(mesh_object, rig)
        if not moved:
            continue
        weights = group_weights(mesh_object)
        deforming = [bone.name for bone in rig.data.bones if bone.use_deform and bone.name in weights]
        total = sum((weights[name] for name in deforming), np.zeros(len(mesh_object.data.vertices)))
        whole = np.array(mesh_object.matrix_world, np.float64)
        maps = np.zeros((len(total), 4, 4))
        for name in deforming:
            used = np.flatnonzero(weights[name])
            share = (weights[name][used] / total[used])[:, None, None]
            maps[used] += share * moved.get(name, whole)
        maps[total <= 0] = whole
        return Placement(maps[:, :3, :3], maps[:, :3, 3])
    return rest


def is_posed(mesh_object: Any) -> bool:
    """Whether an armature puts it elsewhere than where it rests."""
    return any(_moved_bones(mesh_object, rig) for rig in armatures_of(mesh_object))


def armatures_of(mesh_object: Any) -> list[Any]:
    """The armature objects that deform a mesh."""
    return [
        modifier.object
        for modifier in mesh_object.modifiers
        if modifier.type == "ARMATURE" and modifier.object is not None and modifier.use_vertex_groups
    ]


def _moved_bones(mesh_object: Any, rig: Any) -> dict[str, np.ndarray]:
    """(4, 4) from the mesh's space to the world, of each bone that is not where it rests."""
    if rig.data.pose_position == "REST" or rig.pose is None:
        return {}
    world, own = np.array(rig.matrix_world, np.float64), np.array(mesh_object.matrix_world, np.float64)
    if abs(np.linalg.det(world)) < 1e-30:
        return {}
    inside = np.linalg.inv(world) @ own
    moved = {}
    for bone in rig.pose.bones:
        change = np.array(bone.matrix, np.float64) @ np.linalg.inv(
            np.array(bone.bone.matrix_local, np.float64)
        )
        if np.abs(change - np.eye(4)).max() > _SAME_PLACE:
            moved[bone.name] = world @ change @ inside
    return moved


def group_weights(mesh_object: Any) -> dict[str, np.ndarray]:
    """(N,) weights of the vertices in each vertex group, by name; empty groups are left out."""
    names = [group.name for group in mesh_object.vertex_groups]
    vertices = mesh_object.data.vertices
    rows = [(vertex.index, element.group, element.weight) for vertex in vertices for element in vertex.groups]
    if not rows or not names:
        return {}
    table = np.array(rows, np.float64)
    result = {}
    for number in np.unique(table[:, 1]).astype(int).tolist():
        if number < len(names):
            mine = table[table[:, 1] == number]
            result[names[number]] = np.bincount(mine[:, 0].astype(int), mine[:, 2], len(vertices))
    return result


def share_of_bones(mesh_object: Any, rig: Any, names: Collection[str]) -> np.ndarray | None:
    """(N,) how much of each vertex some of an armature's bones move, 0 to 1; None where the armature moves nothing of it."""
    count = len(mesh_object.data.vertices)
    if mesh_object.parent == rig and mesh_object.parent_type == "BONE":
        return np.full(count, float(mesh_object.parent_bone in names))
    if rig not in armatures_of(mesh_object):
        return None
    weights = {name: mine for name, mine in group_weights(mesh_object).items() if name in rig.data.bones}
    if not weights:
        return None
    total = np.sum(list(weights.values()), axis=0)
    own = np.sum([mine for name, mine in weights.items() if name in names] or [np.zeros(count)], axis=0)
    return np.asarray(own / np.maximum(total, 1e-9))
