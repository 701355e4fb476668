# SPDX-License-Identifier: GPL-3.0-or-later
"""Teeth and a tongue as an object of Blender, which goes where the head goes."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from .. import placement
from ..landmark_search.points import Landmarks
from .mouth_set import MouthSet

MOUTH = "talking_animation_mouth"
"""ID property of the object that was made."""

_NAME = "Teeth and Tongue"
_COLOURS = (("Teeth", (0.82, 0.78, 0.68, 1.0)), ("Tongue", (0.42, 0.11, 0.10, 1.0)))
_HELD_BY = 33  # the landmark under the nose: skin that the jaw does not move


def add(owner: Any, landmarks: Landmarks, mouth: MouthSet) -> Any:
    """Add teeth and a tongue, given in the world, to a character whose face an object carries; returns their object."""
    place = placement.posed(owner) if landmarks.posed else placement.at_rest(owner)
    nearest = int(landmarks.nearest[_HELD_BY])
    one = place.linear.ndim == 2  # else the map of the skin there, which the head moves as one
    linear, shift = (place.linear, place.shift) if one else (place.linear[nearest], place.shift[nearest])
    back = np.linalg.inv(linear).T
    mesh = bpy.data.meshes.new(_NAME)
    mesh.from_pydata(((mouth.points - shift) @ back).tolist(), [], mouth.faces)
    mesh.polygons.foreach_set("material_index", mouth.materials.astype(np.int32))
    mesh.polygons.foreach_set("use_smooth", mouth.materials > 0)
    for name, colour in _COLOURS:
        mesh.materials.append(_material(name, colour))
    obj = bpy.data.objects.new(_NAME, mesh)
    obj[MOUTH] = True
    for collection in owner.users_collection:
        collection.objects.link(obj)
    obj.parent = owner
    _follow_bones(obj, owner, nearest)
    _add_keys(obj, mouth, back)
    return obj


def delete(obj: Any) -> None:
    """Take one such object out of the file."""
    mesh, materials = obj.data, list(obj.data.materials)
    bpy.data.objects.remove(obj)
    if mesh.users == 0:
        bpy.data.meshes.remove(mesh)
    for material in materials:
        if material is not None and material.users == 0 and MOUTH in material:
            bpy.data.materials.remove(material)


def _material(name: str, colour: tuple[float, float, float, float]) -> Any:
    material: Any = bpy.data.materials.new(name)
    material.diffuse_color = colour
    material.roughness = 0.4
    material[MOUTH] = True
    return material


def _follow_bones(obj: Any, owner: Any, nearest: int) -> None:
    """Weigh all of it as the skin under the nose does, for the same armatures."""
    names = [group.name for group in owner.vertex_groups]
    everything = range(len(obj.data.vertices))
    for element in owner.data.vertices[nearest].groups:
        if element.group < len(names):
            group = obj.vertex_groups.new(name=names[element.group])
            group.add(everything, element.weight, "REPLACE")
    for modifier in owner.modifiers:
        if modifier.type == "ARMATURE":
            own = obj.modifiers.new(modifier.name, "ARMATURE")
            own.object, own.use_vertex_groups = modifier.object, modifier.use_vertex_groups
            own.use_bone_envelopes = modifier.use_bone_envelopes
            own.use_deform_preserve_volume = modifier.use_deform_preserve_volume


def _add_keys(obj: Any, mouth: MouthSet, back: np.ndarray) -> None:
    base = np.empty(3 * len(mouth.points), np.float32)
    obj.data.vertices.foreach_get("co", base)
    obj.shape_key_add(name="Basis", from_mix=False)
    for name, motion in mouth.offsets.items():
        block = obj.shape_key_add(name=name, from_mix=False)
        block.value = 0.0
        block.data.foreach_set("co", (base + (motion @ back).reshape(-1)).astype(np.float32))
