# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects of a file belong together, and what of them can be animated in it: asked before anything is known of a face."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

import bpy

from .riders import has_head, may_carry, may_ride, riders, without_riders

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
    return _Hierarchy().armature_of(obj)


def armature_below(empty: Any) -> Any:
    """The one armature with a head bone below an empty, as files of other programs come in, that has all its faces; else None."""
    hierarchy = _Hierarchy()
    members = hierarchy.hanging_on(empty, None)
    faces = {obj for obj in members if has_shapes(key_of(obj))}
    heads = [obj for obj in members if obj.type == "ARMATURE" and has_head(obj)] if faces else []
    return heads[0] if len(heads) == 1 and faces.issubset(hierarchy.hanging_on(heads[0], heads[0])) else None


def related_objects(obj: Any) -> list[Any]:
    """The objects that belong to the same character, the picked one first, each once."""
    hierarchy = _Hierarchy()
    armature = hierarchy.armature_of(obj)
    return without_riders(armature or obj, hierarchy.hanging_on(obj, armature))


def riding_on(obj: Any) -> list[Any]:
    """All that other characters who hang on an object's character consist of, each once."""
    hierarchy = _Hierarchy()
    armature = hierarchy.armature_of(obj)
    members = hierarchy.hanging_on(obj, armature)
    own = set(without_riders(armature or obj, members))
    return [member for member in members if member not in own]


class _Hierarchy:
    """What hangs on what in the file, read once for one question, and who rides as far as that was asked."""

    def __init__(self) -> None:
        self._riding: dict[Any, bool] = {}
        self._riders: dict[Any, set[Any]] = {}
        self._bodies: dict[Any, Any] = {}

    @cached_property
    def _below(self) -> tuple[dict[Any, list[Any]], dict[Any, list[Any]]]:
        """Children of each parent, and what each armature deforms, in the file's order: a scene may hold thousands."""
        children: dict[Any, list[Any]] = {}
        deformed: dict[Any, list[Any]] = {}
        for obj in bpy.data.objects:
            if obj.parent is not None:
                children.setdefault(obj.parent, []).append(obj)
            for armature in dict.fromkeys(mod.object for mod in obj.modifiers if mod.type == "ARMATURE"):
                if armature is not None:
                    deformed.setdefault(armature, []).append(obj)
        return children, deformed

    def armature_of(self, obj: Any) -> Any:
        """See the function of that name."""
        armatures: dict[Any, None] = {obj: None} if obj.type == "ARMATURE" else {}
        for modifier in obj.modifiers:
            if modifier.type == "ARMATURE" and modifier.object is not None:
                armatures[modifier.object] = None
        above = [obj, *armatures]
        for part in above:
            while part.parent is not None and not self._rides(part):
                part = part.parent
                if part.type == "ARMATURE":
                    armatures[part] = None
        if len(armatures) < 2:
            return next(iter(armatures), None)
        return next((armature for armature in armatures if has_head(armature)), next(iter(armatures)))

    def _rides(self, obj: Any) -> bool:
        """Whether an object begins a character of its own on the one that it hangs on."""
        unknown = []
        part = obj
        while part is not None and part not in self._riding:
            unknown.append(part)
            part = part.parent
        for part in reversed(unknown):  # what it hangs on first
            self._riding[part] = False  # asked again meanwhile: a body may hang on what it deforms
            self._riding[part] = may_ride(part) and self._is_rider(part)
        return self._riding[obj]

    def _is_rider(self, obj: Any) -> bool:
        self._bodies[obj] = body = self._body_below(obj)
        if body not in self._riders:
            self._riders[body] = riders(body, self.hanging_on(body, body)) if may_carry(body) else set()
        return obj in self._riders[body]

    def _body_below(self, obj: Any) -> Any:
        """What carries all that an object hangs on: an armature, or what hangs on nothing."""
        seat = obj.parent
        if seat.type == "EMPTY" and seat in self._bodies and not self._rides(seat):
            return self._bodies[seat]  # many may hang one on another
        body = self.armature_of(seat) or seat
        while body.type != "ARMATURE" and body.parent is not None and not self._rides(body):
            body = body.parent
        return body

    def hanging_on(self, obj: Any, armature: Any) -> list[Any]:
        """An object, its armature, and all that hangs on either or is deformed by the armature, each once."""
        children, deformed = self._below
        members: dict[Any, None] = {obj: None}
        walked: set[Any] = set()
        if armature is not None and armature.type == "ARMATURE":
            members[armature] = None
            _add_descendants(armature, children, members, walked)
            members.update(dict.fromkeys(deformed.get(armature, ())))
        for other in list(members):
            if other not in walked:
                _add_descendants(other, children, members, walked)
        return list(members)


def _add_descendants(
    parent: Any, children: dict[Any, list[Any]], members: dict[Any, None], walked: set[Any]
) -> None:
    """Add what hangs below an object, and below that, but for what is below one that was `walked` through before."""
    waiting = [parent]
    while waiting:
        other = waiting.pop()
        members[other] = None
        if other not in walked:
            walked.add(other)
            waiting += reversed(children.get(other, ()))


def is_editable(datablock: Any) -> bool:
    """Whether a datablock can be animated in this file: local, or a library override."""
    return datablock.library is None and not getattr(datablock, "is_missing", False)


def can_override_mesh(obj: Any) -> bool:
    """Whether an object is a library override whose mesh is still linked (as Blender makes them)."""
    return obj.override_library is not None and obj.data is not None and obj.data.library is not None
