# SPDX-License-Identifier: GPL-3.0-or-later
"""What shows each drawing of a chart: properties and the value of each, whatever the drawings are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import bpy

from ...characters import drawings
from ...characters.character import Character
from ...characters.drawing_mappings import (
    COLLECTIONS,
    FRAMES,
    IMAGES,
    KINDS,
    LAYERS,
    NAMING,
    OBJECTS,
    POSES,
    SPRITES,
    ChartMapping,
)
from ...errors import TalkingAnimationError
from ...host.blender_versions import drawing_layers
from ...host.blender_versions.animation_data import curves_of
from ...keys import property_values
from ...rigs.drawing_charts import FEATURES, features_named
from ..mapped_values import unmoved

REMEDY = "map the chart again (Map Drawings)"
Property = tuple[Any, str, int]
"""A datablock, a data path and an index."""


@dataclass(frozen=True)
class Shown:
    """A chart with what shows it.

    Attributes:
        mapping: the chart.
        values: drawing → the value of each property while it is shown; the same properties for all. NaN is what it is at rest.
    """

    mapping: ChartMapping
    values: Mapping[str, Mapping[Property, float]]

    @property
    def properties(self) -> list[Property]:
        """All that it sets."""
        return list(next(iter(self.values.values()), {}))


def shown(mapping: ChartMapping, character: Character) -> Shown:
    """What shows a chart's drawings; those that are gone are left out.

    Raises:
        TalkingAnimationError: where none is left, or what is left cannot be keyed; one sentence.
    """
    members = character.objects
    if mapping.kind in NAMING:
        values = _one_of(mapping, members)
    elif mapping.kind == POSES:
        values = _poses(mapping, members)
    else:
        values = _numbers(mapping, members)
    if not values:
        raise TalkingAnimationError(
            f"Nothing of the chart '{title_of(mapping)}' of '{character.root.name}' is in this file any more: {REMEDY}."
        )
    result = Shown(mapping, values)
    for datablock, path, index in result.properties:
        told = unmoved(datablock, path, index, REMEDY)
        if told:
            raise TalkingAnimationError(told)
    return result


def title_of(mapping: ChartMapping) -> str:
    """What a chart is called in sentences."""
    return f"{FEATURES[mapping.feature]}: {KINDS[mapping.kind]}"


def missing_drawings(mapping: ChartMapping, character: Character) -> list[str]:
    """The names of things of the chart that are gone."""
    if mapping.kind == POSES:
        return [str(name) for name in mapping.drawings.values() if str(name) not in bpy.data.actions]
    if mapping.kind not in NAMING:
        return []
    return [
        str(name)
        for name in mapping.drawings.values()
        if not _switches(mapping, str(name), character.objects)
    ]


def _one_of(mapping: ChartMapping, members: list[Any]) -> dict[str, dict[Property, float]]:
    """Of several things one is shown and the others are hidden."""
    switches = {
        name: properties
        for name in dict.fromkeys(map(str, mapping.drawings.values()))
        if (properties := _switches(mapping, name, members))
    }
    hidden: dict[Property, float] = {one: 1.0 for properties in switches.values() for one in properties}
    return {
        drawing: {**hidden, **dict.fromkeys(switches[str(name)], 0.0)}
        for drawing, name in mapping.drawings.items()
        if str(name) in switches
    }


def _switches(mapping: ChartMapping, name: str, members: list[Any]) -> list[Property]:
    """The properties that hide one thing; [] where it is gone."""
    if mapping.kind == OBJECTS:
        obj = drawings.object_named(name, members)
        return _of_objects([obj] if obj is not None else [])
    if mapping.kind == COLLECTIONS:
        collection = bpy.data.collections.get(name)
        return _of_objects(list(collection.all_objects) if collection is not None else [])
    obj = drawings.object_named(mapping.where.name, members)
    if obj is None or obj.data is None:
        return []
    if mapping.kind == LAYERS:
        known = name in drawing_layers.layer_names(obj)
        return [(obj.data, drawing_layers.hide_path(name), 0)] if known else []
    material = next((mat for mat in obj.data.materials if mat is not None and mat.name == name), None)
    known = material is not None and material.grease_pencil is not None
    return [(material, "grease_pencil.hide", 0)] if known else []


def _of_objects(objects: list[Any]) -> list[Property]:
    return [(obj, path, 0) for obj in objects for path in ("hide_viewport", "hide_render")]


def _poses(mapping: ChartMapping, members: list[Any]) -> dict[str, dict[Property, float]]:
    """What the curves of an action show in its first frame; what another one moves rests."""
    obj = drawings.object_named(mapping.where.name, members)
    if obj is None:
        return {}
    posed = {
        drawing: _pose(bpy.data.actions[str(name)], obj)
        for drawing, name in mapping.drawings.items()
        if str(name) in bpy.data.actions
    }
    resting = {one: math.nan for pose in posed.values() for one in pose}
    return {drawing: {**resting, **pose} for drawing, pose in posed.items()} if resting else {}


def _pose(action: Any, obj: Any) -> dict[Property, float]:
    first = action.frame_range[0]
    pose: dict[Property, float] = {}
    for curve in curves_of(action):
        path, index = curve.data_path, curve.array_index
        owner = next((block for block in _posable(obj) if _reads(block, path, index)), None)
        if owner is not None:
            pose[owner, path, index] = float(curve.evaluate(first))
    return pose


def _posable(obj: Any) -> Iterator[Any]:
    """What an action of an object may be of: the object, its data, shape keys, its material and that one's nodes."""
    material = obj.active_material
    keys = getattr(obj.data, "shape_keys", None)
    candidates = (obj, obj.data, keys, material, getattr(material, "node_tree", None))
    return (block for block in candidates if block is not None)


def _reads(datablock: Any, path: str, index: int) -> bool:
    try:
        property_values.read(datablock, path, index)
    except ValueError:
        return False
    return True


def _numbers(mapping: ChartMapping, members: list[Any]) -> dict[str, dict[Property, float]]:
    """One property, or two of a sprite sheet, with a value for each drawing."""
    place = drawings.property_of(mapping.where, members)
    if place is None:
        return {}
    datablock, path = place
    numbers = {
        name: float(value) for name, value in mapping.drawings.items() if isinstance(value, (int, float))
    }
    if mapping.kind == SPRITES:
        columns, rows = max(mapping.columns, 1), max(mapping.rows, 1)
        right, down = mapping.step or (1 / columns, 1 / rows)
        return {
            name: {
                (datablock, path, 0): (int(cell) % columns) * right,
                (datablock, path, 1): -(int(cell) // columns) * down,
            }
            for name, cell in numbers.items()
        }
    less = 1 if mapping.kind == IMAGES else 0  # Blender counts from the sequence's first image
    places = [(datablock, path, 0)]
    for obj, other, lacks in beside_frames(mapping, members):
        if lacks is None:
            places.append((obj, other, 0))
    return {name: dict.fromkeys(places, number - less) for name, number in numbers.items()}


def beside_frames(mapping: ChartMapping, members: list[Any]) -> Iterator[tuple[Any, str, int | None]]:
    """Further drawings whose Time Offset is called after the mouth, as of teeth and a tongue on objects of their own: the object,
    the path of its frame, and the first frame of the chart that it lacks, None where it has them all and follows.
    """
    if mapping.kind != FRAMES or mapping.feature != "mouth":
        return
    own = drawings.object_named(mapping.where.name, members)
    numbers = [int(number) for number in mapping.drawings.values() if not isinstance(number, str)]
    for obj in members:
        for modifier in drawing_layers.time_modifiers(obj) if obj != own else ():
            layer = drawing_layers.layer_of(modifier)
            if "mouth" in features_named(f"{modifier.name} {layer}"):
                there = drawing_layers.frame_numbers(obj, layer)
                lacks = next((number for number in numbers if number not in there), None)
                yield obj, drawing_layers.offset_path(modifier.name), lacks
