# SPDX-License-Identifier: GPL-3.0-or-later
"""Which bones of an armature are shown, by layers until Blender 3.6, by collections since 4.0; and the mode they are made in."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

import bpy


@contextmanager
def editing(armature: Any) -> Iterator[Any]:
    """Edit Mode of an armature object, the only mode in which bones are made; mode, selection and active object come back.

    The window's scene edits what it shows: an object of another one is its guest meanwhile.

    Yields:
        The armature's bones as they are edited.
    """
    scene: Any = bpy.context.scene
    layer: Any = bpy.context.view_layer
    active = layer.objects.active
    mode: Any = active.mode if active is not None else "OBJECT"
    selected = {obj.as_pointer() for obj in layer.objects if obj.select_get(view_layer=layer)}
    if mode != "OBJECT":
        bpy.ops.object.mode_set(mode="OBJECT")
    is_guest = layer.objects.get(armature.name) != armature
    if is_guest:
        scene.collection.objects.link(armature)
    try:
        layer.objects.active = armature
        bpy.ops.object.mode_set(mode="EDIT")
        try:
            yield armature.data.edit_bones
        finally:
            bpy.ops.object.mode_set(mode="OBJECT")
    finally:
        if is_guest:
            scene.collection.objects.unlink(armature)
        for obj in layer.objects:
            is_selected = obj.as_pointer() in selected
            if obj.select_get(view_layer=layer) != is_selected:
                obj.select_set(is_selected, view_layer=layer)
        layer.objects.active = active
        if mode != "OBJECT":
            bpy.ops.object.mode_set(mode=mode)


def visibility(armature: Any) -> Hashable:
    """Changes with the layers or collections of an armature's data that are shown."""
    if hasattr(armature, "layers"):
        return tuple(armature.layers)
    return tuple((collection.name, _is_shown(collection)) for collection in _collections(armature))


def hidden_bones(armature: Any) -> frozenset[str]:
    """The names of the bones of an armature's data that its layers or collections, or they themselves, hide."""
    hidden = {bone.name for bone in armature.bones if bone.hide}
    if hasattr(armature, "layers"):
        shown = {number for number, is_shown in enumerate(armature.layers) if is_shown}
        return frozenset(
            hidden
            | {bone.name for bone in armature.bones if not any(bone.layers[number] for number in shown)}
        )
    visible: set[str] = set()
    covered: set[str] = set()
    for collection in _collections(armature):
        names = collection.bones.keys()
        (visible if _is_shown(collection) else covered).update(names)
    return frozenset(hidden | (covered - visible))


def _collections(armature: Any) -> Any:
    """All of them, also those within others (since 4.1)."""
    return getattr(armature, "collections_all", armature.collections)


def _is_shown(collection: Any) -> bool:
    return bool(getattr(collection, "is_visible_effectively", collection.is_visible))
