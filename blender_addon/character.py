# SPDX-License-Identifier: GPL-3.0-or-later
"""What a character is: its meshes with face shapes, its armature, its head, neck and eye bones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import bpy

from .rigs import head_bones
from .rigs.arkit import ARKIT_NAMES
from .rigs.matching import match_arkit, match_bones, match_halves

_LINKED = (
    "is linked from another file and cannot be animated here: "
    "make a library override of the character first (Object > Library Override > Make)."
)


@dataclass
class FaceMesh:
    """A mesh with face shapes.

    Attributes:
        object: the mesh object.
        key: its shape keys (a Key datablock).
        shapes: ARKit name → names of the shape keys that stand for it: one, or its two halves.
    """

    object: Any
    key: Any
    shapes: dict[str, tuple[str, ...]]


@dataclass
class Character:
    """What was found of a character.

    Attributes:
        root: the object that stands for it: its armature, else the object picked.
        meshes: its meshes with face shapes, the one with most shapes first; a Key datablock that two objects
            share appears once.
        armature: its armature object, if it has one.
        head, neck: names of the pose bones that turn the head and the neck; "" where there is none.
        eyes: names of the pose bones that turn the character's own left and right eye, if it has both.
        linked: sentences about parts that cannot be edited.
    """

    root: Any
    meshes: list[FaceMesh] = field(default_factory=list)
    armature: Any = None
    head: str = ""
    neck: str = ""
    eyes: tuple[str, str] | None = None
    linked: list[str] = field(default_factory=list)

    @property
    def shapes(self) -> set[str]:
        """The ARKit shapes that at least one mesh has."""
        return {name for mesh in self.meshes for name in mesh.shapes}

    @property
    def has_gaze_shapes(self) -> bool:
        """Whether shape keys turn the eyes."""
        return any(name.startswith("eyeLook") for name in self.shapes)

    @property
    def summary(self) -> str:
        """What was found, in one line."""
        if not self.meshes:
            return "No face shapes found"
        count = len(self.shapes)
        meshes = "1 mesh" if len(self.meshes) == 1 else f"{len(self.meshes)} meshes"
        head = f"head bone '{self.head}'" if self.head else "head turns with the object"
        return f"{count} of {len(ARKIT_NAMES)} ARKit shapes on {meshes}, {head}"

    @property
    def problem(self) -> str:
        """Why nothing can be generated, in one sentence; "" where all is well."""
        if self.meshes:
            return ""
        if self.linked:
            return self.linked[0]
        name = self.root.name
        has_keys = any(_key_of(item) is not None for item in related_objects(self.root))
        if has_keys:
            return (
                f"None of the shape keys of '{name}' has an ARKit name such as jawOpen or mouthSmileLeft: "
                "rename them, or pick another character."
            )
        return f"'{name}' has no shape keys: pick the character's head mesh or its armature."

    @property
    def missing(self) -> list[str]:
        """ARKit shapes that no mesh has, in Apple's order."""
        shapes = self.shapes
        return [name for name in ARKIT_NAMES if name not in shapes]


def _key_of(item: Any) -> Any:
    return item.data.shape_keys if item.type == "MESH" and item.data is not None else None


def armature_of(item: Any) -> Any:
    """The armature object that moves an object: itself, by modifier or by parent; None if there is none."""
    if item.type == "ARMATURE":
        return item
    for modifier in item.modifiers:
        if modifier.type == "ARMATURE" and modifier.object is not None:
            return modifier.object
    parent = item.parent
    while parent is not None:
        if parent.type == "ARMATURE":
            return parent
        parent = parent.parent
    return None


def related_objects(item: Any) -> list[Any]:
    """The objects that belong to the same character, the picked one first, each once."""
    armature = armature_of(item)
    found: dict[Any, None] = {item: None}
    if armature is not None:
        found[armature] = None
        for other in armature.children_recursive:
            found[other] = None
        for other in bpy.data.objects:
            if any(mod.type == "ARMATURE" and mod.object == armature for mod in other.modifiers):
                found[other] = None
    for other in list(found):
        for child in other.children_recursive:
            found[child] = None
    return list(found)


def is_editable(datablock: Any) -> bool:
    """Whether a datablock can be animated in this file: local, or a library override."""
    return datablock.library is None and not getattr(datablock, "is_missing", False)


def can_override_mesh(item: Any) -> bool:
    """Whether an object is a library override whose mesh is still linked (as Blender makes them)."""
    return item.override_library is not None and item.data is not None and item.data.library is not None


def override_meshes(character: Character) -> list[str]:
    """Make library overrides of the linked meshes of an overridden character, so that their shapes can be keyed.

    Returns:
        A sentence about each.
    """
    told = []
    for mesh in character.meshes:
        item = mesh.object
        if mesh.key.library is not None and can_override_mesh(item):
            override = item.data.override_create(remap_local_usages=False)
            if override is None:
                continue
            item.data = override
            told.append(
                f"The mesh of '{item.name}' was linked and now has a library override, to carry the keys."
            )
    return told


def find(item: Any, head_bone: str = "") -> Character:
    """What the character is that an object belongs to.

    Args:
        item: any object of the character.
        head_bone: name of the pose bone that turns the head; "" to find it by its name.
    """
    armature = armature_of(item)
    character = Character(root=armature or item, armature=armature)
    keys: set[Any] = set()
    for other in related_objects(item):
        key = _key_of(other)
        if key is None or key in keys:
            continue
        names = [block.name for block in key.key_blocks if block != key.reference_key]
        shapes = {**match_halves(names), **{arkit: (name,) for arkit, name in match_arkit(names).items()}}
        if not shapes:
            continue
        keys.add(key)
        if is_editable(key) or can_override_mesh(other):
            character.meshes.append(FaceMesh(other, key, shapes))
        else:
            character.linked.append(f"The mesh '{other.name}' {_LINKED}")
    character.meshes.sort(key=lambda mesh: -len(mesh.shapes))
    if armature is not None:
        if is_editable(armature):
            _find_bones(character, head_bone)
        else:
            character.linked.append(f"The armature '{armature.name}' {_LINKED}")
    return character


def _find_bones(character: Character, head_bone: str) -> None:
    pose = character.armature.pose
    if pose is None:
        return
    names = [bone.name for bone in pose.bones]
    if head_bone in pose.bones:
        character.head = head_bone
    else:
        character.head = _first_free(pose, match_bones(names, head_bones.HEAD, head_bones.PREFIXES))
    if character.head:
        above = {bone.name for bone in pose.bones[character.head].parent_recursive}
        necks = match_bones([name for name in names if name in above], head_bones.NECK, head_bones.PREFIXES)
        character.neck = _first_free(pose, necks, fallback=False)
    for left, right in head_bones.EYES:
        lefts = match_bones(names, (left,), head_bones.PREFIXES)
        rights = match_bones(names, (right,), head_bones.PREFIXES)
        if lefts and rights:
            character.eyes = (lefts[0], rights[0])
            break


def _first_free(pose: Any, names: list[str], fallback: bool = True) -> str:
    """The first bone that no constraint turns; else the first, where `fallback`."""
    for name in names:
        if not any(_turns(constraint) for constraint in pose.bones[name].constraints):
            return name
    return names[0] if names and fallback else ""


def _turns(constraint: Any) -> bool:
    return (
        constraint.type in {"COPY_TRANSFORMS", "COPY_ROTATION", "DAMPED_TRACK", "TRACK_TO", "LOCKED_TRACK"}
        and not constraint.mute
        and constraint.influence > 0.99
    )
