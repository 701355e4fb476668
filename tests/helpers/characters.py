"""Small test characters, made by code."""

from __future__ import annotations

import math
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from blender_addon.contract import ARKIT_NAMES
from blender_addon.faces.landmark_search.points import Landmarks

LEFT_EYE, RIGHT_EYE, MOUTH = 0, 1, 2


def face_mesh(
    name: str = "Face", names: tuple[str, ...] | list[str] = ARKIT_NAMES, turned: Matrix | None = None
) -> Any:
    """A box of a head that looks along -Y with Z up, with two eye points and a mouth point that shapes move.

    Args:
        name: of the object.
        names: of the shape keys.
        turned: rotation of the mesh itself, so that it looks elsewhere.
    """
    points = [(0.3, -0.9, 0.4), (-0.3, -0.9, 0.4), (0.0, -0.9, -0.4)]
    points += [(x, y, z) for x in (-0.7, 0.7) for y in (-0.9, 0.9) for z in (-1.0, 1.0)]
    turned = turned or Matrix.Identity(3)
    faces = [(3, 4, 6, 5), (7, 8, 10, 9)]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([turned @ _vector(point) for point in points], [], faces)
    item = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(item)
    item.shape_key_add(name="Basis", from_mix=False)
    for key_name in names:
        block = item.shape_key_add(name=key_name, from_mix=False)
        block.value = 0.0
        low = key_name.casefold()
        point, offset = MOUTH, (0.0, 0.01, -0.2)
        if low.startswith(("eye", "brow", "cheek")):
            point, offset = (RIGHT_EYE if low.endswith(("right", "r")) else LEFT_EYE), (0.0, 0.0, -0.05)
        block.data[point].co = turned @ _vector(np.add(points[point], offset))
    return item


def armature(
    bones: dict[str, tuple[tuple[float, float, float], tuple[float, float, float], str]],
    name: str = "Rig",
    roll: float = 0.0,
) -> Any:
    """An armature object of bones: name → (head, tail, parent)."""
    data = bpy.data.armatures.new(name)
    item = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(item)
    bpy.context.view_layer.objects.active = item
    bpy.ops.object.mode_set(mode="EDIT")
    for bone_name, (head, tail, parent) in bones.items():
        bone = data.edit_bones.new(bone_name)
        bone.head, bone.tail, bone.roll = head, tail, roll
        if parent:
            bone.parent = data.edit_bones[parent]
    bpy.ops.object.mode_set(mode="OBJECT")
    return item


SPINE = {
    "spine": ((0.0, 0.0, -3.0), (0.0, 0.0, -2.0), ""),
    "neck": ((0.0, 0.2, -2.0), (0.0, 0.1, -1.2), "spine"),
    "head": ((0.0, 0.1, -1.2), (0.0, 0.1, 1.0), "neck"),
}


def rigged(roll: float = 0.0, bones: dict[str, Any] | None = None) -> tuple[Any, Any]:
    """A face mesh under an armature with spine, neck and head: (armature, mesh)."""
    rig = armature(bones or SPINE, roll=roll)
    mesh = face_mesh()
    mesh.parent = rig
    modifier = mesh.modifiers.new("Armature", "ARMATURE")
    modifier.object = rig
    group = mesh.vertex_groups.new(name="head")
    group.add(list(range(len(mesh.data.vertices))), 1.0, "REPLACE")
    bpy.context.view_layer.update()
    return rig, mesh


def world_direction(item: Any, start: int, end: int) -> np.ndarray:
    """Direction between two vertices of a mesh object as it is deformed and placed now."""
    graph = bpy.context.evaluated_depsgraph_get()
    evaluated = item.evaluated_get(graph)
    vertices = evaluated.data.vertices
    place = evaluated.matrix_world
    found = np.array(place @ vertices[end].co) - np.array(place @ vertices[start].co)
    return found / np.linalg.norm(found)


def degrees(axis: str, angle: float) -> Matrix:
    """A 3×3 rotation."""
    return Matrix.Rotation(math.radians(angle), 3, axis)


def _vector(values: Any) -> Any:
    from mathutils import Vector

    return Vector([float(value) for value in values])


def landmarks_at(vertices: np.ndarray) -> Landmarks:
    """Landmarks that are vertices of a mesh, (68,) indices."""
    return Landmarks(
        np.repeat(np.asarray(vertices, np.int64)[:, None], 3, axis=1), np.tile([1.0, 0.0, 0.0], (68, 1))
    )
