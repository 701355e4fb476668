# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts that are told by names alone: layers, objects, collections, menus, and the frames of a layer that is a whole chart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import bpy

from ...characters import drawings
from ...characters.character import Character
from ...characters.drawing_mappings import (
    COLLECTIONS,
    FRAMES,
    LAYERS,
    OBJECTS,
    PROPERTY,
    ChartMapping,
    Mapped,
    Reference,
)
from ...host.blender_versions import drawing_layers, grease_pencil
from ...rigs import drawing_charts
from . import menus

_WHOLE: Final = {9: "LETTERS", 15: "VISEMES"}
"""How many frames of a mouth's layer are a whole chart, in its order."""
_FEWEST: Final = 3
"""Collections from which on what they lie in may be drawings."""


def charts_of(character: Character) -> list[ChartMapping]:
    """The charts of a character: those that were mapped, and for features without any those that names tell."""
    mapped = drawings.mapped_of(character.root)
    charts = list(mapped.charts)
    known = {chart.feature for chart in charts}
    if character.has_mouth:
        return charts
    for chart in _found(character):
        if chart.feature not in known:
            known.add(chart.feature)
            charts.append(chart)
    return charts


def looks_drawn(obj: Any) -> bool:
    """Whether an object alone has a chart that names tell, or one was mapped: a quick look."""
    if drawings.stored_text(obj):
        return bool(_mapped(obj).charts)
    if not grease_pencil.is_drawing(obj):
        return False
    return any(True for _ in _of_drawing(obj))


def _mapped(obj: Any) -> Mapped:
    return drawings.mapped_of(obj)


def _found(character: Character) -> Iterator[ChartMapping]:
    for obj in character.objects:
        if grease_pencil.is_drawing(obj):
            yield from _of_drawing(obj)
    visible = [obj for obj in character.objects if obj.type not in {"ARMATURE", "CAMERA", "LIGHT"}]
    yield from _charts([obj.name for obj in visible], OBJECTS, Reference("OBJECT", ""))
    folders = {col for obj in character.objects for col in obj.users_collection}
    for known in (folders, _around(folders)):
        charts = list(_charts(sorted(col.name for col in known), COLLECTIONS, Reference("OBJECT", "")))
        yield from charts
        if charts:
            break
    for obj in character.objects:
        yield from _of_menus(obj)


def _around(folders: set[Any]) -> set[Any]:
    """The collections that some lie in directly: of a mouth's drawing, "mouth A", whose objects lie in "lines" and "fills"."""
    if len(folders) < _FEWEST:
        return set()
    inner = {col.name for col in folders}
    return {col for col in bpy.data.collections if not inner.isdisjoint(col.children.keys())}


def _of_menus(obj: Any) -> Iterator[ChartMapping]:
    """The charts of an object's Geometry Nodes modifiers: inputs that are menus, whose items are drawings."""
    for modifier in obj.modifiers:
        for path, name, items in menus.inputs_of(modifier):
            called = {f"{name} {one}": number for one, number in items.items()}
            for chart in _charts(list(called), PROPERTY, Reference("OBJECT", obj.name, path)):
                shown = {drawing: float(called[str(one)]) for drawing, one in chart.drawings.items()}
                yield replace(chart, drawings=shown)


def _of_drawing(obj: Any) -> Iterator[ChartMapping]:
    names = drawing_layers.layer_names(obj)
    yield from _charts(names, LAYERS, Reference("OBJECT", obj.name))
    for modifier in drawing_layers.time_modifiers(obj):
        layer = drawing_layers.layer_of(modifier)
        frames = drawing_layers.frame_numbers(obj, layer)
        chart = drawing_charts.CHARTS.get(_WHOLE.get(len(frames), ""))
        if chart is not None and "mouth" in drawing_charts.features_named(f"{modifier.name} {layer}"):
            where = Reference("OBJECT", obj.name, drawing_layers.offset_path(modifier.name))
            shown = dict(zip(chart.drawings, frames))
            yield ChartMapping("mouth", FRAMES, where, chart.name, shown)


def _charts(names: list[str], kind: str, where: Reference) -> Iterator[ChartMapping]:
    for known in drawing_charts.recognise(names):
        yield ChartMapping(known.feature, kind, where, known.chart, dict(known.names))
