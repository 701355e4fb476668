# SPDX-License-Identifier: GPL-3.0-or-later
"""Poses a copy of a character's armature in a scene of its own and measures where its skin and bones go.

The user's objects are never touched: constraints, drivers, B-bones and the weights of the meshes all take part through
Blender's own evaluation of the copies, which are deleted again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from types import TracebackType
from typing import Any, TypeVar

import bmesh
import bpy
import numpy as np
from mathutils import Matrix

from ...characters.rotations import identity, rotation_path
from ...host.blender_versions.scenes import remove_scene
from .controls import Freedom, bone_motion, rotation_values

_Result = TypeVar("_Result")
Poses = Generator[None, None, _Result]
"""What poses a rig many times: goes on to the next pose each time that it is asked, and returns its result at the end."""


class Probe:
    """A context in which freedoms can be posed and measured, in the armature's space, from its rest pose."""

    def __init__(
        self,
        armature: Any,
        meshes: Iterable[Any],
        wanted: Callable[[np.ndarray], np.ndarray] | None = None,
    ) -> None:
        """Prepare for an armature object and the mesh objects that it deforms.

        Args:
            armature: the armature object.
            meshes: the mesh objects.
            wanted: which of some vertices (N, 3), in the armature's space at rest, are looked at: (N,) of bool. The others are
                left out of the copies, so that a body costs no more than its face. None for all.
        """
        self._armature = armature
        self._meshes = list(meshes)
        self._wanted = wanted
        self._created: list[Any] = []
        self._data: list[Any] = []
        self._copies: list[Any] = []
        self._moved: set[str] = set()

    def __enter__(self) -> Probe:
        try:
            self._scene = bpy.data.scenes.new("Talking animation probe")
            self._rig = self._copy_armature()
            for mesh_object in self._meshes:
                self._copies.append(self._copy_mesh(mesh_object))
            self._layer = self._scene.view_layers[0]
            self._update()
        except BaseException:
            self._delete()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._delete()

    def _delete(self) -> None:
        """Take the copies away; whoever undoes meanwhile has done so already."""
        for copy in filter(_is_there, self._created):
            bpy.data.objects.remove(copy)
        for data in filter(_is_there, self._data):
            (bpy.data.meshes if isinstance(data, bpy.types.Mesh) else bpy.data.armatures).remove(data)
        self._created.clear()
        self._data.clear()
        if _is_there(self._scene):
            remove_scene(self._scene)

    def _link(self, copy: Any) -> None:
        self._created.append(copy)
        self._scene.collection.objects.link(copy)
        copy.hide_viewport = False

    def _copy_armature(self) -> Any:
        original = self._armature
        rig = original.copy()
        self._link(rig)
        rig.parent = None
        for constraint in list(rig.constraints):
            rig.constraints.remove(constraint)
        rig.matrix_world = Matrix.Identity(4)
        _drop_animation(rig, original)
        if rig.data.pose_position != "POSE":
            rig.data = rig.data.copy()
            rig.data.pose_position = "POSE"
            self._data.append(rig.data)
        for bone in rig.pose.bones:
            bone.location = (0.0, 0.0, 0.0)
            bone.scale = (1.0, 1.0, 1.0)
            setattr(bone, rotation_path(bone.rotation_mode)[0], identity(bone.rotation_mode))
            for constraint in bone.constraints:
                for holder in (constraint, *getattr(constraint, "targets", ())):
                    for name in ("target", "pole_target"):
                        if getattr(holder, name, None) == original:
                            setattr(holder, name, rig)
        return rig

    def _copy_mesh(self, original: Any) -> Any:
        copy = original.copy()
        copy.data = original.data.copy()
        self._data.append(copy.data)
        self._link(copy)
        copy.animation_data_clear()
        copy.shape_key_clear()
        place = in_armature(original, self._armature)
        self._crop(copy.data, np.array(place))
        for modifier in list(copy.modifiers):
            if modifier.type != "ARMATURE" or modifier.object != self._armature:
                copy.modifiers.remove(modifier)
            else:
                modifier.object = self._rig
                modifier.show_viewport = True
        if not copy.modifiers:  # deformed as a child of the armature
            copy.modifiers.new("Armature", "ARMATURE").object = self._rig
        copy.parent = None
        for constraint in list(copy.constraints):
            copy.constraints.remove(constraint)
        copy.matrix_world = place
        return copy

    def _crop(self, mesh: Any, place: np.ndarray) -> None:
        """Delete the vertices that nobody looks at."""
        if self._wanted is None or not len(mesh.vertices):
            return
        flat = np.empty(3 * len(mesh.vertices), np.float32)
        mesh.vertices.foreach_get("co", flat)
        kept = self._wanted(flat.reshape(-1, 3) @ place[:3, :3].T + place[:3, 3])
        if kept.all():
            return
        whole = bmesh.new()
        try:
            whole.from_mesh(mesh)
            gone: list[Any] = [vertex for vertex, keep in zip(whole.verts, kept.tolist()) if not keep]
            bmesh.ops.delete(whole, geom=gone, context="VERTS")
            whole.to_mesh(mesh)
        finally:
            whole.free()

    def _turn(self, bone: Any, vector: np.ndarray) -> None:
        values = rotation_values(bone, identity(bone.rotation_mode), vector)[0]
        setattr(bone, rotation_path(bone.rotation_mode)[0], [float(value) for value in values])

    def _update(self) -> None:
        self._layer.update()
        self._graph = self._layer.depsgraph

    def pose(self, freedoms: list[Freedom], values: np.ndarray) -> None:
        """Pose these freedoms by their values (K,); all others go back to rest."""
        motion = bone_motion(freedoms, np.asarray(values, np.float64)[None])
        for name in self._moved - set(motion):
            motion[name] = (np.zeros((1, 3)), np.zeros((1, 3)))
        for name, (location, vector) in motion.items():
            bone = self._rig.pose.bones[name]
            bone.location = [float(value) for value in location[0]]
            self._turn(bone, vector)
        self._moved = {freedom.bone for freedom in freedoms}
        self._update()

    def shake(self) -> None:
        """Evaluate all once more, as a pose does: to see how long that takes."""
        self._rig.update_tag(refresh={"OBJECT", "DATA"})
        self._update()

    def vertices(self) -> np.ndarray:
        """(N, 3) all vertices of the meshes that are looked at, one mesh after the other."""
        parts = [np.zeros((0, 3))]
        for copy in self._copies:
            evaluated = copy.evaluated_get(self._graph)
            flat = np.empty(3 * len(evaluated.data.vertices), np.float32)
            evaluated.data.vertices.foreach_get("co", flat)
            place = np.array(evaluated.matrix_world)
            parts.append(flat.reshape(-1, 3) @ place[:3, :3].T + place[:3, 3])
        return np.concatenate(parts).astype(np.float64)

    def edges(self) -> np.ndarray:
        """(E, 2) the meshes' edges, as indices into `vertices`."""
        parts, first = [np.zeros((0, 2), np.int64)], 0
        for copy in self._copies:
            flat = np.empty(2 * len(copy.data.edges), np.int32)
            copy.data.edges.foreach_get("vertices", flat)
            parts.append(flat.reshape(-1, 2).astype(np.int64) + first)
            first += len(copy.data.vertices)
        return np.concatenate(parts)

    def bone_ends(self, names: Iterable[str]) -> np.ndarray:
        """(B, 2, 3) heads and tails of bones."""
        pose = self._rig.evaluated_get(self._graph).pose
        ends = [(pose.bones[name].head, pose.bones[name].tail) for name in names]
        return np.array(ends, np.float64).reshape(-1, 2, 3)

    def carried(self, name: str, point: np.ndarray) -> np.ndarray:
        """(3,) where a point of the armature's space at rest goes with a bone."""
        pose = self._rig.evaluated_get(self._graph).pose.bones[name]
        moved = np.array(pose.matrix @ pose.bone.matrix_local.inverted_safe())
        return np.asarray(moved[:3, :3] @ point + moved[:3, 3])


def _is_there(datablock: Any) -> bool:
    """Whether a datablock still is; Blender crashes where one that is gone is removed in a batch."""
    try:
        return bool(datablock.name)
    except ReferenceError:
        return False


def _drop_animation(rig: Any, original: Any) -> None:
    """Leave a copied armature its drivers alone, and let them read the copy."""
    data = rig.animation_data
    if data is None:
        return
    data.action = None
    for track in list(data.nla_tracks):
        data.nla_tracks.remove(track)
    for driver in data.drivers:
        for variable in driver.driver.variables:
            for target in variable.targets:
                if target.id == original:
                    target.id = rig


def in_armature(mesh_object: Any, armature: Any) -> Matrix:
    """A mesh object's place in its armature's space, as it is without any pose."""
    place = armature.matrix_world.inverted_safe() @ mesh_object.matrix_world
    parent = mesh_object
    while parent is not None and parent != armature:
        if (
            parent.parent == armature
            and parent.parent_type == "BONE"
            and parent.parent_bone in armature.pose.bones
        ):
            bone = armature.pose.bones[parent.parent_bone]
            return bone.bone.matrix_local @ bone.matrix.inverted_safe() @ place
        parent = parent.parent
    return place


def deformed_meshes(armature: Any, bones: Mapping[str, Any] | Iterable[str]) -> list[Any]:
    """The mesh objects that an armature deforms with any of these bones, each once."""
    wanted = set(bones)
    meshes = []
    for other in bpy.data.objects:
        if other.type != "MESH" or other.data is None or not other.vertex_groups:
            continue
        by_modifier = any(
            modifier.type == "ARMATURE" and modifier.object == armature and modifier.use_vertex_groups
            for modifier in other.modifiers
        )
        by_parent = other.parent == armature and other.parent_type == "ARMATURE"
        if (by_modifier or by_parent) and any(group.name in wanted for group in other.vertex_groups):
            meshes.append(other)
    return meshes
