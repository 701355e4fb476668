# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person mapped of a drawn or built character: charts of drawings, parts of a cut-out, properties.

It is JSON, which `docs/drawings.md` describes: ``{"format": 1, "charts": [...], "parts": [...], "properties": [...]}``.
Things are named, so that a copy of the character moves its own parts: see `object_named`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any, Final

import bpy

from ..contract.json_text import json_value
from ..errors import TalkingAnimationError
from ..host.blender_versions import drawing_layers, grease_pencil
from ..rigs import drawn_parts
from ..rigs.cut_out_parts import part_named
from ..rigs.drawing_charts import CHARTS, CUSTOM, FEATURES, features_named

FORMAT: Final = 1
_OF_A_MOUTH: Final = (drawn_parts.MOUTH, drawn_parts.UPPER_LIP, drawn_parts.LOWER_LIP, drawn_parts.INSIDE)
_FLAT: Final = 0.02  # of a plane's size: thicker is no drawing
LAYERS, FRAMES, OBJECTS, COLLECTIONS, MATERIALS = "LAYERS", "FRAMES", "OBJECTS", "COLLECTIONS", "MATERIALS"
IMAGES, SPRITES, PROPERTY = "IMAGES", "SPRITES", "PROPERTY"
POSES, SLOTS = "POSES", "SLOTS"
KINDS: Final[Mapping[str, str]] = {
    FRAMES: "frames of a Grease Pencil layer",
    LAYERS: "Grease Pencil layers",
    MATERIALS: "Grease Pencil materials",
    OBJECTS: "objects",
    COLLECTIONS: "collections",
    IMAGES: "images of a sequence",
    SPRITES: "cells of a sprite sheet",
    PROPERTY: "values of a property",
    POSES: "poses (actions)",
    SLOTS: "material slots of a mesh",
}
"""What a drawing is, and what that is called in sentences."""
NAMING: Final = frozenset((LAYERS, MATERIALS, OBJECTS, COLLECTIONS))
"""The kinds whose drawings are names of things of which one is shown; those of the others are numbers, or names of actions."""


@dataclass(frozen=True)
class Reference:
    """A property of a datablock.

    Attributes:
        type: the datablock's type, one of `TYPES`.
        name: its name.
        path: the property's data path from the datablock, "" for the datablock alone.
    """

    type: str
    name: str
    path: str = ""


@dataclass(frozen=True)
class ChartMapping:
    """A chart of drawings and what shows them.

    Attributes:
        feature: one of `rigs.drawing_charts.FEATURES`.
        kind: one of `KINDS`.
        where: the object (layers, frames, materials), or the property (images, sprites, properties).
        chart: one of `rigs.drawing_charts.CHARTS`, "CUSTOM", or "" for eyes and brows.
        drawings: name of a drawing → the name of what shows it, or its number.
        cues: of a custom chart: name of a drawing → the mouth cues that it shows, such as "AX".
        hold: frames that each is shown for at least, 1 to 12.
        lead: frames that the mouth comes before the sound, 0 to 6.
        steady: whether short drawings between two equal ones are left out.
        rest: the drawing of silence; "" for the chart's own.
        columns, rows: of a sprite sheet.
        step: how far its cells are apart, to the right and down, as shares of the sheet: where they have margins; None where they
            fill it.
    """

    feature: str
    kind: str
    where: Reference
    chart: str
    drawings: Mapping[str, str | float]
    cues: Mapping[str, str] = field(default_factory=dict)
    hold: int = 2
    lead: int = 1
    steady: bool = True
    rest: str = ""
    columns: int = 1
    rows: int = 1
    step: tuple[float, float] | None = None


@dataclass(frozen=True)
class Move:
    """One property that follows a channel: offset + gain · channel, within limits.

    Attributes:
        channel: one of `motion.face_channels.CHANNELS`, or a name of ARKit's shapes or "viseme:…".
        gain: the property's change where the channel goes from 0 to 1.
        offset: what it is where the channel is 0; None for what it is without a talking animation.
        low, high: its limits; None for none.
        twos: whether each value is held for two frames.
    """

    channel: str
    gain: float = 1.0
    offset: float | None = None
    low: float | None = None
    high: float | None = None
    twos: bool = False


@dataclass(frozen=True)
class PropertyMapping:
    """A property of any datablock and what moves it; `index` of an array."""

    where: Reference
    index: int
    move: Move


@dataclass(frozen=True)
class PartMapping:
    """A part of a cut-out: a plane or a bone.

    Attributes:
        part: one of `rigs.cut_out_parts.PARTS`.
        object: the object's name.
        bone: the bone's, where the object is an armature; else "".
        moves: way (`rigs.cut_out_parts.WAYS`) → what moves it; ways that are not named move as the part does by itself.
        twos: whether it is held for two frames each.
    """

    part: str
    object: str
    bone: str = ""
    moves: Mapping[str, Move] = field(default_factory=dict)
    twos: bool = False


@dataclass(frozen=True)
class Mapped:
    """All that was mapped of a character.

    Attributes:
        charts, parts, properties: see there.
        damaged: why the stored text cannot be read, in a clause; "" where it can.
    """

    charts: tuple[ChartMapping, ...] = ()
    parts: tuple[PartMapping, ...] = ()
    properties: tuple[PropertyMapping, ...] = ()
    damaged: str = ""


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


def to_json(mapped: Mapped) -> str:
    """What was mapped as text."""
    data = {
        name: [asdict(row) for row in getattr(mapped, name)] for name in ("charts", "parts", "properties")
    }
    return json.dumps({"format": FORMAT, **data}, ensure_ascii=False)


@lru_cache(maxsize=64)
def from_json(text: str) -> Mapped:
    """What was mapped from text; "" is nothing. Where it cannot be read, `Mapped.damaged` says why."""
    if not text.strip():
        return Mapped()
    try:
        data = json_value(text)
        if int(data.get("format", 1)) > FORMAT:
            return Mapped(damaged="it was made by a newer Talking Animation")
        return Mapped(
            tuple(_chart(row) for row in data.get("charts", ())),
            tuple(_part(row) for row in data.get("parts", ())),
            tuple(
                PropertyMapping(Reference(**row["where"]), int(row["index"]), Move(**row["move"]))
                for row in data.get("properties", ())
            ),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return Mapped(damaged="it is not the table that Talking Animation writes")


def _chart(row: dict[str, Any]) -> ChartMapping:
    step = row.get("step")
    where = Reference(**row["where"])
    chart = ChartMapping(
        **{**row, "where": where, "step": None if step is None else (float(step[0]), float(step[1]))}
    )
    if chart.feature not in FEATURES or chart.kind not in KINDS or not isinstance(chart.drawings, dict):
        raise ValueError(chart.feature)
    if chart.chart not in ("", CUSTOM, *CHARTS) or (chart.feature == "mouth" and not chart.chart):
        raise ValueError(chart.chart)
    return chart


def _part(row: dict[str, Any]) -> PartMapping:
    return PartMapping(**{**row, "moves": {way: Move(**move) for way, move in row.get("moves", {}).items()}})


def without_number(name: str) -> str:
    """A name without the number that Blender gives to a copy: "Mouth" for "Mouth.001"."""
    head, _, tail = name.rpartition(".")
    return head if head and tail.isdigit() else name


def object_named(name: str, members: Iterable[Any]) -> Any:
    """The object of that name: of a character's own before all others, also where it is a copy's ("Mouth.001"); None for none."""
    listed = list(members)
    for fits in (
        lambda item: item.name == name,
        lambda item: without_number(item.name) == without_number(name),
    ):
        found = next((item for item in listed if fits(item)), None)
        if found is not None:
            return found
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


def is_flat(item: Any) -> bool:
    """Whether an object is a drawing: a mesh without thickness and shape keys, a picture, filled curves as an SVG file has
    them, or strokes that are no face of their own.
    """
    if item.type == "EMPTY":
        return bool(item.empty_display_type == "IMAGE")
    if grease_pencil.is_drawing(item):
        return not _has_a_mouth(item)
    if item.type in {"CURVE", "FONT"}:
        extent = sorted(extent_of(item))
        filled = item.data.dimensions == "2D" and item.data.fill_mode != "NONE"
        return bool(filled and extent[0] <= _FLAT * extent[2] and extent[1] > 0)
    if item.type != "MESH" or not len(item.data.vertices) or item.data.shape_keys is not None:
        return False
    extent = sorted(extent_of(item))
    return extent[0] <= _FLAT * extent[2] and extent[1] > 0


def _has_a_mouth(item: Any) -> bool:
    """Whether strokes of a drawing are told to be a mouth: by a layer, a material, or *Find the Face*."""
    state = getattr(item, "talking_drawing", None)
    materials = [slot.material.name for slot in item.material_slots if slot.material is not None]
    told = [drawn_parts.part_of(name) for name in (*drawing_layers.layer_names(item), *materials)]
    return bool(state is not None and len(state.strokes)) or any(part in _OF_A_MOUTH for part in told)


def extent_of(item: Any) -> list[float]:
    """How far an object reaches along its own axes, unscaled."""
    corners = [tuple(corner) for corner in item.bound_box]
    return [max(places) - min(places) for places in zip(*corners)]


def cut_out_of(item: Any) -> Any:
    """The topmost object of the drawn character that a plane named after a mouth or a jaw is of; None for any other object."""
    named = part_named(item.name) in {"mouth", "jaw"} or "mouth" in features_named(item.name)
    return carrier_of(item) if named else None


def drawn_character_of(item: Any) -> Any:
    """The topmost object of the drawn character that any plane belongs to, which has a mouth; None for any other object."""
    top = carrier_of(item)
    if top is None or not any(cut_out_of(part) == top for part in (top, *top.children_recursive)):
        return None
    return top


def carrier_of(item: Any) -> Any:
    """The topmost of the empties and planes that a plane hangs below; None where there is none, or it is something else."""
    top = item.parent
    if top is None or not is_flat(item):
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
