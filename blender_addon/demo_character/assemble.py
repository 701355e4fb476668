# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain arrays -> Blender objects: meshes, shape keys, colour attributes, armature."""

from __future__ import annotations

import bpy
import numpy as np

from ..contract import srgb
from ..host.blender_versions import bones
from . import materials
from .part import Part
from .proportions import HEAD_ROOT, HEAD_TOP, NECK_ROOT, SPINE_ROOT, to_metres

BONES = (
    # name, head, tail, parent
    ("spine", SPINE_ROOT, NECK_ROOT, None),
    ("neck", NECK_ROOT, HEAD_ROOT, "spine"),
    ("head", HEAD_ROOT, HEAD_TOP, "neck"),
)


def linear_rgba(colours: np.ndarray) -> np.ndarray:
    """(V, 3) sRGB -> (V, 4) scene-linear with alpha 1, as float colour attributes hold it."""
    return np.concatenate([srgb.linear(colours), np.ones((len(colours), 1))], axis=1)


def mesh_from(part: Part) -> bpy.types.Mesh:
    """Mesh with smooth faces, colours and integer attributes."""
    mesh = bpy.data.meshes.new(part.name)
    faces = part.faces.tolist() if isinstance(part.faces, np.ndarray) else [list(face) for face in part.faces]
    mesh.from_pydata(to_metres(part.vertices).tolist(), [], faces)
    mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), dtype=bool))
    layer = mesh.color_attributes.new(materials.COLOUR_ATTRIBUTE, "FLOAT_COLOR", "POINT")
    layer.data.foreach_set("color", linear_rgba(part.colours).astype(np.float32).ravel())
    mesh.color_attributes.active_color = layer
    mesh.color_attributes.render_color_index = mesh.color_attributes.active_color_index
    for name, values in part.integers.items():
        attribute = mesh.attributes.new(name, "INT", "POINT")
        attribute.data.foreach_set("value", values.astype(np.int32))
    slots = np.zeros(len(faces), np.int32)
    for slot, name in enumerate((part.material, *part.regions)):
        mesh.materials.append(materials.material(name))
        if slot:
            slots[[bool(part.regions[name][list(face)].all()) for face in faces]] = slot
    mesh.polygons.foreach_set("material_index", slots)
    mesh.update()
    return mesh


def add_shape_keys(ob: bpy.types.Object, part: Part) -> None:
    """Relative shape keys in the order of the part's dictionary, all at 0."""
    if not part.shapes:
        return
    ob.shape_key_add(name="Basis", from_mix=False)
    for name, offsets in part.shapes.items():
        key = ob.shape_key_add(name=name, from_mix=False)
        key.slider_min, key.slider_max = 0.0, 1.0
        key.data.foreach_set("co", to_metres(part.vertices + offsets).astype(np.float32).ravel())
        key.value = 0.0
    ob.data.shape_keys.name = part.name
    ob.active_shape_key_index = 0


def add_part(part: Part, collection: bpy.types.Collection, armature: bpy.types.Object) -> bpy.types.Object:
    """One mesh object, child of the armature and deformed by it."""
    ob = bpy.data.objects.new(part.name, mesh_from(part))
    collection.objects.link(ob)
    add_shape_keys(ob, part)
    for bone, weight in part.weights.items():
        group = ob.vertex_groups.new(name=bone)
        # One call per distinct weight is Blender's way; rounding keeps the number of calls small.
        rounded = np.round(weight, 3)
        for value in np.unique(rounded[rounded > 0.0]):
            group.add(np.flatnonzero(rounded == value).tolist(), float(value), "REPLACE")
    ob.parent = armature
    if part.weights:
        modifier = ob.modifiers.new("Armature", "ARMATURE")
        modifier.object = armature
    return ob


def add_armature(
    name: str,
    collection: bpy.types.Collection,
    location: tuple[float, float, float],
) -> bpy.types.Object:
    """The root: spine, neck and head bones. Bones exist only in edit mode, so that is entered and left."""
    armature = bpy.data.armatures.new(name)
    armature.display_type = "STICK"
    ob = bpy.data.objects.new(name, armature)
    collection.objects.link(ob)
    with bones.editing(ob) as edited:
        for bone_name, head, tail, parent in BONES:
            bone = edited.new(bone_name)
            bone.head, bone.tail = to_metres(head), to_metres(tail)
            bone.use_deform = True
            if parent is not None:
                bone.parent = edited[parent]
                bone.use_connect = True
    ob.location = location
    ob.show_in_front = False
    return ob
