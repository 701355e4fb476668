# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person mapped of a drawn or built character: charts of drawings, parts of a cut-out, properties.

It is a text, see `drawing_mappings`.
Things are named, so that a copy of the character moves its own parts: see `object_named`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import bpy

from ..errors import TalkingAnimationError
from ..host.blender_versions import drawing_layers, grease_pencil
from ..rigs import drawn_parts
from ..rigs.cut_out_parts import part_named
from ..rigs.drawing_charts import features_named
from .drawing_mappings import (
    Mapped,
    Reference,
    from_json,
    to_json,
)

_OF_A_MOUTH: Final = (drawn_parts.MOUTH, drawn_parts.UPPER_LIP, drawn_parts.LOWER_LIP, drawn_parts.INSIDE)
_FLAT: Final = 0.02  # of a plane's size: thicker is no drawing
TYPES: Final[Mapping[str, str]] = {
    "OBJECT": "objects", "MATERIAL": "materials", "NODETREE": "node_groups", "KEY": "shape_keys", "LIGHT": "lights",
    "WORLD": "worlds", "SCENE": "scenes", "ARMATURE": "armatures", "MESH": "meshes", "CURVE": "curves", "CAMERA": "cameras",
    "LATTICE": "lattices", "TEXTURE": "textures", "PARTICLE": "particles", "SPEAKER": "speakers", "META": "metaballs",
    "GREASEPENCIL": "grease_pencils", "GREASEPENCIL_V3": "grease_pencils_v3",
}  # fmt: skip
"""Types of datablocks that can be mapped → where Blender keeps them."""


def mapped_of(root: Any) -> Mapped:
    """What was mapped of a character.

    Args:
        root: `character.Character.root`.
    """
    return from_json(stored_text(root))


def stored_text(root: Any) -> str:
    """What a character's object remembers, as text; "" for nothing."""
    return str(getattr(getattr(root, "talking_animation", None), "drawings", ""))


def store(root: Any, mapped: Mapped) -> None:
    """Keep with a character what was mapped."""
    empty = not (mapped.charts or mapped.parts or mapped.properties)
    root.talking_animation.drawings = "" if empty else to_json(mapped)


def without_number(name: str) -> str:
    """A name without the number that Blender gives to a copy: "Mouth" for "Mouth.001"."""
    head, _, tail = name.rpartition(".")
    return head if head and tail.isdigit() else name


def object_named(name: str, members: Iterable[Any]) -> Any:
    """The object of that name: of a character's own before all others, also where it is a copy's ("Mouth.001"); None for none."""
    listed = list(members)
    for fits in (
        lambda obj: obj.name == name,
        lambda obj: without_number(obj.name) == without_number(name),
    ):
        named = next((obj for obj in listed if fits(obj)), None)
        if named is not None:
            return named
    return bpy.data.objects.get(name)


def datablock_of(where: Reference, members: Iterable[Any]) -> Any:
    """The datablock of a reference; None where it is gone.

    Args:
        where: the reference.
        members: the objects of the character.
    """
    if where.type == "OBJECT":
        return object_named(where.name, members)
    return getattr(bpy.data, TYPES.get(where.type, ""), {}).get(where.name)


def is_flat(obj: Any) -> bool:
    """Whether an object is a drawing: a mesh without thickness and shape keys, a picture, filled curves as an SVG file has
    them, or strokes that are no face of their own.
    """
    if obj.type == "EMPTY":
        return bool(obj.empty_display_type == "IMAGE")
    if grease_pencil.is_drawing(obj):
        return not _has_a_mouth(obj)
    if obj.type in {"CURVE", "FONT"}:
        extent = sorted(extent_of(obj))
        filled = obj.data.dimensions == "2D" and obj.data.fill_mode != "NONE"
        return bool(filled and extent[0] <= _FLAT * extent[2] and extent[1] > 0)
    if obj.type != "MESH" or not len(obj.data.vertices) or obj.data.shape_keys is not None:
        return False
    extent = sorted(extent_of(obj))
    return extent[0] <= _FLAT * extent[2] and extent[1] > 0


def _has_a_mouth(obj: Any) -> bool:
    """Whether strokes of a drawing are told to be a mouth: by a layer, a material, or *Find the Face*."""
    state = getattr(obj, "talking_drawing", None)
    materials = [slot.material.name for slot in obj.material_slots if slot.material is not None]
    told = [drawn_parts.part_of(name) for name in (*drawing_layers.layer_names(obj), *materials)]
    return bool(state is not None and len(state.strokes)) or any(part in _OF_A_MOUTH for part in told)


def extent_of(obj: Any) -> list[float]:
    """How far an object reaches along its own axes, unscaled."""
    corners = [tuple(corner) for corner in obj.bound_box]
    return [max(places) - min(places) for places in zip(*corners)]


def cut_out_of(obj: Any) -> Any:
    """The topmost object of the drawn character that a plane named after a mouth or a jaw is of; None for any other object."""
    named = part_named(obj.name) in {"mouth", "jaw"} or "mouth" in features_named(obj.name)
    return carrier_of(obj) if named else None


def drawn_character_of(obj: Any) -> Any:
    """The topmost object of the drawn character that any plane belongs to, which has a mouth; None for any other object."""
    top = carrier_of(obj)
    if top is None or not any(cut_out_of(part) == top for part in (top, *top.children_recursive)):
        return None
    return top


def carrier_of(obj: Any) -> Any:
    """The topmost of the empties and planes that a plane hangs below; None where there is none, or it is something else."""
    top = obj.parent
    if top is None or not is_flat(obj):
        return None
    while top.type == "EMPTY" or is_flat(top):
        if top.parent is None:
            return top
        top = top.parent
    return None


def property_of(where: Reference, members: Iterable[Any]) -> tuple[Any, str] | None:
    """The datablock that carries keys of a property, and its path there; None where the datablock is gone.

    A node tree within a material, a light or a scene carries its own.
    """
    datablock, path = datablock_of(where, members), where.path
    if datablock is None:
        return None
    if path.startswith("node_tree.") and getattr(datablock, "node_tree", None) is not None:
        return datablock.node_tree, path[len("node_tree.") :]
    return datablock, path


def reference_to(datablock: Any, path: str) -> Reference:
    """A reference to a property of a datablock; a node tree within a material and the like is named by what it lies in.

    Raises:
        TalkingAnimationError: for a datablock of a type that is not known.
    """
    if getattr(datablock, "is_embedded_data", False):
        for type_name in ("MATERIAL", "LIGHT", "WORLD", "SCENE"):
            for owner in getattr(bpy.data, TYPES[type_name]):
                if getattr(owner, "node_tree", None) == datablock:
                    return Reference(type_name, owner.name, f"node_tree.{path}")
    for type_name, collection in TYPES.items():
        if getattr(bpy.data, collection, {}).get(datablock.name) == datablock:
            return Reference(type_name, datablock.name, path)
    raise TalkingAnimationError(f"'{datablock.name}' is of a kind that cannot be mapped: choose another.")
