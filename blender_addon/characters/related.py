# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects of a file belong together, and what of them can be animated in it: asked before anything is known of a face."""

from __future__ import annotations

from typing import Any, Final

import bpy

from .riders import has_head, may_ride, riders, without_riders

_DEFORMING: Final = frozenset({"LATTICE", "CURVE"})  # modifiers whose object may have shape keys of its own


def exists(obj: Any) -> bool:
    """Whether an object is still there: it was not removed, and no undo made it anew."""
    try:
        return bool(obj.name)
    except ReferenceError:
        return False


def key_of(obj: Any) -> Any:
    """The Key datablock of a mesh object; None where it has no shape keys, or is no mesh."""
    return obj.data.shape_keys if obj.type == "MESH" and obj.data is not None else None


def has_shapes(key: Any) -> bool:
    """Whether there is a shape key besides the one that the others are relative to."""
    return key is not None and len(key.key_blocks) > 1


def value_path(shape_key: str) -> str:
    """The data path of a shape key's value, seen from its Key datablock."""
    return f'key_blocks["{bpy.utils.escape_identifier(shape_key)}"].value'


def shape_keys_of_no_mesh(objects: list[Any]) -> Any:
    """A curve, surface or lattice with shape keys among objects, or one that deforms them; None where there is none."""
    deforming = [
        modifier.object for obj in objects for modifier in obj.modifiers if modifier.type in _DEFORMING
    ]
    return next(
        (
            obj
            for obj in (*objects, *deforming)
            if obj is not None
            and obj.type in {"CURVE", "SURFACE", "LATTICE"}
            and has_shapes(obj.data.shape_keys)
        ),
        None,
    )


def cache_of(obj: Any) -> Any:
    """The modifier that shapes an object from an Alembic or USD file, where it is switched on; None where there is none."""
    return next(
        (mod for mod in obj.modifiers if mod.type == "MESH_SEQUENCE_CACHE" and mod.show_viewport), None
    )


def armature_of(obj: Any) -> Any:
    """The armature object that moves an object: itself, by modifier or by parent; None if there is none.

    Of several – a body's and a dress's – the first that has a head bone. What another character carries (see `riders`) is not
    moved by that one's.
    """
    armatures: dict[Any, None] = {obj: None} if obj.type == "ARMATURE" else {}
    for modifier in obj.modifiers:
        if modifier.type == "ARMATURE" and modifier.object is not None:
            armatures[modifier.object] = None
    above = [obj, *armatures]
    for part in above:
        while part.parent is not None and not _rides(part):
            part = part.parent
            if part.type == "ARMATURE":
                armatures[part] = None
    if len(armatures) < 2:
        return next(iter(armatures), None)
    return next((armature for armature in armatures if has_head(armature)), next(iter(armatures)))


def _rides(obj: Any) -> bool:
    """Whether an object begins a character of its own on the one that it hangs on."""
    if not may_ride(obj):
        return False
    body = armature_of(obj.parent) or obj.parent
    while body.type != "ARMATURE" and body.parent is not None and not _rides(body):
        body = body.parent
    return obj in riders(body, _hanging_on(body, body))


def related_objects(obj: Any) -> list[Any]:
    """The objects that belong to the same character, the picked one first, each once."""
    armature = armature_of(obj)
    return without_riders(armature or obj, _hanging_on(obj, armature))


def _hanging_on(obj: Any, armature: Any) -> list[Any]:
    """An object, its armature, and all that hangs on either or is deformed by the armature, each once."""
    if armature is not None and armature.type != "ARMATURE":
        armature = None
    children: dict[Any, list[Any]] = {}
    deformed: list[Any] = []
    for other in bpy.data.objects:  # one pass: a scene may hold thousands
        parent = other.parent
        if parent is not None:
            children.setdefault(parent, []).append(other)
        for mod in other.modifiers if armature is not None else ():
            if mod.type == "ARMATURE" and mod.object == armature:
                deformed.append(other)
                break
    members: dict[Any, None] = {obj: None}
    if armature is not None:
        members[armature] = None
        _add_descendants(armature, children, members)
        for other in deformed:
            members[other] = None
    for other in list(members):
        _add_descendants(other, children, members)
    return list(members)


def _add_descendants(parent: Any, children: dict[Any, list[Any]], members: dict[Any, None]) -> None:
    waiting = list(children.get(parent, ()))
    while waiting:
        other = waiting.pop(0)
        members[other] = None
        waiting = children.get(other, []) + waiting


def is_editable(datablock: Any) -> bool:
    """Whether a datablock can be animated in this file: local, or a library override."""
    return datablock.library is None and not getattr(datablock, "is_missing", False)


def can_override_mesh(obj: Any) -> bool:
    """Whether an object is a library override whose mesh is still linked (as Blender makes them)."""
    return obj.override_library is not None and obj.data is not None and obj.data.library is not None
