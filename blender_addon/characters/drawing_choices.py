# SPDX-License-Identifier: GPL-3.0-or-later
"""Mapping charts, parts and properties to a character: what is asked for is checked, and kept with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import bpy

from ..errors import TalkingAnimationError
from ..host import kept_values
from ..host.blender_versions import drawing_layers, grease_pencil, material_slots
from ..keys import actions, property_values
from ..motion import face_channels
from ..rigs import drawing_charts
from ..rigs.cut_out_parts import PARTS, WAYS
from ..rigs.drawing_charts import CHARTS, CUSTOM, FEATURES, STAND_INS
from . import drawings, registry
from .added_modifiers import SLOT_MODIFIER, TIME_MODIFIER, remove_unused
from .character import Character, describe
from .drawing_mappings import (
    COLLECTIONS,
    FRAMES,
    KINDS,
    LAYERS,
    MATERIALS,
    MOST_CELLS,
    OBJECTS,
    PROPERTY,
    SLOTS,
    SPRITES,
    ChartMapping,
    Mapped,
    Move,
    PartMapping,
    PropertyMapping,
    Reference,
)
from .related import is_editable

_NUMBER = re.compile(r"([0-9]+)")

HOLD, LEAD = (1, 12), (0, 6)
"""Frames that a drawing may be held for at least, and come before the sound."""


def root_of(obj: Any) -> Any:
    """The object with which is kept what is mapped of an object's character.

    Raises:
        TalkingAnimationError: where it is linked, or what it remembers cannot be read.
    """
    character = describe(obj)
    root = character.root
    if root == obj and not character.mouths and not drawings.stored_text(root):
        root = drawings.carrier_of(obj) or root  # the first part of a cut-out that no name tells of
    if not is_editable(root):
        raise TalkingAnimationError(f"'{root.name}' is linked: make a library override of it first.")
    return root


def _kept(root: Any) -> Mapped:
    mapped = drawings.mapped_of(root)
    return Mapped() if mapped.damaged else mapped


def map_chart(obj: Any, chart: ChartMapping) -> ChartMapping:
    """Keep a chart with an object's character, in place of the one of that feature.

    Raises:
        TalkingAnimationError: one sentence, where the chart says something that cannot be.
    """
    root = root_of(obj)
    _check(chart)
    mapped = _kept(root)
    others = tuple(known for known in mapped.charts if known.feature != chart.feature)
    _store(root, replace(mapped, charts=(*others, chart)))
    return chart


def _store(root: Any, mapped: Mapped) -> None:
    """Keep what is mapped now. Of what was mapped before nothing stays: neither keys of a talking animation on what it moves no
    more, nor modifiers that were added for it."""
    character = describe(root)
    members = list(character.objects)  # as what was mapped made it a character
    moved = _carriers(character)
    drawings.store(root, mapped)
    still = _carriers(describe(root))
    for datablock in moved:
        if datablock not in still and datablock != root and datablock.library is None:
            actions.remove(datablock)
    remove_unused(members, mapped.charts)


def _carriers(character: Character) -> list[Any]:
    """What a character's talking animation moves: others, which moved once, keep their keys until *Remove*."""
    present = [target for target in registry.targets() if target.present(character)]
    return [block for target in present for block in target.datablocks(character)]


def _check(chart: ChartMapping) -> None:
    if chart.feature not in FEATURES:
        raise TalkingAnimationError(
            f"'{chart.feature}' is nothing that is drawn: choose one of {', '.join(FEATURES)}."
        )
    if chart.kind not in KINDS:
        raise TalkingAnimationError(
            f"'{chart.kind}' is no kind of drawings: choose one of {', '.join(KINDS)}."
        )
    mouth = chart.feature == "mouth"
    if mouth and chart.chart not in (CUSTOM, *CHARTS):
        raise TalkingAnimationError(
            f"'{chart.chart}' is no chart: choose one of {', '.join((*CHARTS, CUSTOM))}."
        )
    if not (HOLD[0] <= chart.hold <= HOLD[1] and LEAD[0] <= chart.lead <= LEAD[1]):
        raise TalkingAnimationError(
            f"A drawing is held for {HOLD[0]} to {HOLD[1]} frames and comes {LEAD[0]} to {LEAD[1]} frames before the sound."
        )
    known = _known_drawings(chart)
    strange = next((name for name in (*chart.drawings, *chart.cues) if name not in known), None)
    if strange is not None:
        raise TalkingAnimationError(f"'{strange}' is no drawing of this chart: it has {', '.join(known)}.")
    wrong = next((cue for cues in chart.cues.values() for cue in cues if cue not in STAND_INS), None)
    if wrong is not None:
        raise TalkingAnimationError(f"'{wrong}' is no mouth cue: they are {' '.join(STAND_INS)}.")
    if not chart.drawings:
        raise TalkingAnimationError("The chart has no drawings: give it some.")
    _check_size(chart)


def _check_size(chart: ChartMapping) -> None:
    """Whether what a file keeps of the chart is read again."""
    large = kept_values.LARGE
    for name, value in chart.drawings.items():
        if not isinstance(value, str) and kept_values.number(value) is None:
            raise TalkingAnimationError(
                f"The drawing '{name}' is {value:g}, but numbers are kept from {-large:g} to {large:g}: choose another one."
            )
    most = MOST_CELLS
    if max(chart.columns, chart.rows) > most or max(map(abs, chart.step or (0.0,))) > large:
        raise TalkingAnimationError(
            f"A sprite sheet has {most} columns and {most} rows at most, and steps up to {large:g}."
        )


def _known_drawings(chart: ChartMapping) -> tuple[str, ...]:
    if chart.feature.startswith("brow"):
        return drawing_charts.BROWS
    if chart.feature != "mouth":
        return drawing_charts.LIDS
    return tuple(chart.cues) if chart.chart == CUSTOM else tuple(CHARTS[chart.chart].drawings)


def by_names(
    obj: Any, feature: str, kind: str, names: Mapping[str, str], chart: str = "LETTERS", **how: Any
) -> ChartMapping:
    """Map drawings that are things with names, of which one is shown: layers, Grease Pencil materials, objects, collections.

    Args:
        obj: the Grease Pencil object of layers and materials; else any object of the character.
        feature: one of `rigs.drawing_charts.FEATURES`.
        kind: "LAYERS", "MATERIALS", "OBJECTS" or "COLLECTIONS".
        names: drawing → name.
        chart: see `ChartMapping`, "" for eyes and brows.
        how: further fields of `ChartMapping`.

    Raises:
        TalkingAnimationError: where a name is not there, or as `map_chart`.
    """
    if kind in (LAYERS, MATERIALS) and not grease_pencil.is_drawing(obj):
        raise TalkingAnimationError(
            f"'{obj.name}' is no Grease Pencil object: choose the one with the drawings."
        )
    there = {
        LAYERS: lambda: drawing_layers.layer_names(obj),
        MATERIALS: lambda: [material.name for material in obj.data.materials if material is not None],
        COLLECTIONS: lambda: bpy.data.collections.keys(),
    }.get(kind, lambda: bpy.data.objects.keys())()
    gone = next((name for name in names.values() if name not in there), None)
    if gone is not None:
        raise TalkingAnimationError(
            f"There is no '{gone}' among the {KINDS.get(kind, kind)}: check its name."
        )
    where = Reference("OBJECT", obj.name)
    return map_chart(obj, ChartMapping(feature, kind, where, chart, dict(names), **how))


def by_frames(
    obj: Any, feature: str, frames: Mapping[str, int], layer: str = "", chart: str = "LETTERS", **how: Any
) -> ChartMapping:
    """Map drawings that are frames of a Grease Pencil layer: a Time Offset modifier shows one at a time, and is added where
    there is none.

    Args:
        obj: the Grease Pencil object.
        feature, chart, how: as `by_names`.
        frames: drawing → number of its frame.
        layer: the layer; "" for all.

    Raises:
        TalkingAnimationError: where it is no Grease Pencil object, lacks a frame or the layer, or as `map_chart`.
    """
    if not grease_pencil.is_drawing(obj):
        raise TalkingAnimationError(
            f"'{obj.name}' is no Grease Pencil object: choose the one with the drawings."
        )
    if layer and layer not in drawing_layers.layer_names(obj):
        raise TalkingAnimationError(f"'{obj.name}' has no layer '{layer}': check its name.")
    if not frames:
        raise TalkingAnimationError("The chart has no drawings: give it some.")
    there = drawing_layers.frame_numbers(obj, layer)
    gone = next((number for number in frames.values() if number not in there), None)
    if gone is not None:
        raise TalkingAnimationError(
            f"'{obj.name}' has no drawing at frame {gone}: it has them at {', '.join(map(str, there))}."
        )
    _check(ChartMapping(feature, FRAMES, Reference("OBJECT", obj.name), chart, dict(frames), **how))
    root = root_of(obj)  # before anything is added
    _check_layer(root, obj, feature, layer)
    known = [mod for mod in drawing_layers.time_modifiers(obj) if drawing_layers.layer_of(mod) == layer]
    modifier = (
        known[0]
        if known
        else drawing_layers.add_time_modifier(obj, TIME_MODIFIER, layer, min(frames.values()))
    )
    where = Reference("OBJECT", obj.name, drawing_layers.offset_path(modifier.name))
    return map_chart(obj, ChartMapping(feature, FRAMES, where, chart, dict(frames), **how))


def _check_layer(root: Any, obj: Any, feature: str, layer: str) -> None:
    """Frames of one layer show one thing: the mouth's may not be turned over by the eyes'."""
    layers = {
        drawing_layers.offset_path(modifier.name): drawing_layers.layer_of(modifier)
        for modifier in drawing_layers.time_modifiers(obj)
    }
    members = describe(root).objects
    for chart in _kept(root).charts:
        other = layers.get(chart.where.path)
        shares = other is not None and (layer == other or "" in (layer, other))
        is_frames = chart.feature != feature and chart.kind == FRAMES
        if shares and is_frames and drawings.object_named(chart.where.name, members) == obj:
            lies = f"layer '{other}'" if other else "all layers"
            raise TalkingAnimationError(
                f"The frames of {lies} of '{obj.name}' already are drawings of another part ({FEATURES[chart.feature]}): choose "
                "the one layer that each part is drawn on."
            )


def by_numbers(
    obj: Any,
    feature: str,
    kind: str,
    datablock: Any,
    path: str,
    numbers: Mapping[str, float],
    chart: str = "LETTERS",
    **how: Any,
) -> ChartMapping:
    """Map drawings that are numbers of a property: images of a sequence, cells of a sprite sheet, or any values.

    Args:
        obj: any object of the character.
        feature, chart, how: as `by_names`; `columns` and `rows` for a sprite sheet, `step` where cells have margins.
        kind: "IMAGES" (`path` is an image user's `frame_offset`; numbers count from the first image, 1), "SPRITES" (`path` is
            the offset of a UV Warp modifier or the location of a Mapping node; numbers are cells from 0, row by row from the
            top left) or "PROPERTY" (numbers are its values, for a choice the names of what can be chosen).
        datablock: what has the property; a node tree within a material too.
        path: data path from it.
        numbers: drawing → number.

    Raises:
        TalkingAnimationError: where there is no such property, or as `map_chart`.
    """
    try:
        property_values.read(datablock, path, 0)
        known = property_values.choices(datablock, path)
        whole = property_values.is_whole(datablock, path, 0)
    except ValueError as error:
        raise TalkingAnimationError(f"{error}: check the path (Copy Data Path).") from error
    values: dict[str, float] = {}
    for drawing, number in numbers.items():
        if isinstance(number, str):
            if number not in known:
                raise TalkingAnimationError(
                    f"'{number}' cannot be chosen there: {', '.join(known) or 'give a number'}."
                )
            number = known[number]
        elif known and number not in known.values():
            raise TalkingAnimationError(
                f"{number:g} cannot be chosen there: give a name, {', '.join(known)}."
            )
        elif kind == PROPERTY and whole and float(number) % 1:  # infinities and no numbers, too
            raise TalkingAnimationError(
                f"The drawing '{drawing}' is {number:g}, but the property keeps whole numbers only: choose another number."
            )
        values[drawing] = float(number)
    where = drawings.reference_to(datablock, path)
    mapped = ChartMapping(feature, kind, where, chart, dict(values), **how)
    _check_numbers(mapped, property_values.limits(datablock, path))
    return map_chart(obj, mapped)


def _check_numbers(chart: ChartMapping, limits: tuple[float, float]) -> None:
    """Whether each drawing's number can be shown: a cell that the sheet has, a value that the property keeps."""
    if chart.kind == SPRITES:
        cells = chart.columns * chart.rows
        if cells < 1 or not all(part > 0 for part in chart.step or (1.0, 1.0)):
            raise TalkingAnimationError(
                "A sprite sheet has at least one column and one row, and steps above 0."
            )
        for name, cell in chart.drawings.items():
            if cell not in range(cells):
                raise TalkingAnimationError(
                    f"The drawing '{name}' is cell {cell:g}, but a sheet of {chart.columns} columns and {chart.rows} rows has "
                    f"the cells 0 to {cells - 1}: check the numbers."
                )
    elif chart.kind == PROPERTY:
        for name, value in chart.drawings.items():
            if not limits[0] <= float(value) <= limits[1]:
                raise TalkingAnimationError(
                    f"The drawing '{name}' is {value:g}, but the property keeps {limits[0]:g} to {limits[1]:g} only: raise its "
                    "limit (Edit Property), or choose another number."
                )


def by_slots(
    obj: Any, feature: str, slots: Mapping[str, str], chart: str = "LETTERS", **how: Any
) -> ChartMapping:
    """Map drawings that are materials in slots of a mesh: its faces in one of these slots are shown in any of them, by a
    Geometry Nodes modifier that is added where there is none.

    Args:
        obj: the mesh object.
        feature, chart, how: as `by_names`.
        slots: drawing → name of the material in its slot.

    Raises:
        TalkingAnimationError: where it is no mesh, has no such material, or no face or faces in several of the slots, or as
            `map_chart`.
    """
    if obj.type != "MESH":
        raise TalkingAnimationError(
            f"'{obj.name}' is no mesh: choose the one whose materials are the drawings."
        )
    there = material_slots.names(obj)
    gone = next((name for name in slots.values() if name not in there), None)
    if gone is not None:
        raise TalkingAnimationError(f"'{obj.name}' has no slot with the material '{gone}': check its name.")
    numbers = {drawing: there.index(name) for drawing, name in slots.items()}
    _check(ChartMapping(feature, SLOTS, Reference("OBJECT", obj.name), chart, dict(numbers), **how))
    shown = sorted(material_slots.slots_in_use(obj).intersection(numbers.values()))
    if len(shown) != 1:
        raise TalkingAnimationError(
            f"The faces of '{obj.name}' are in {len(shown) or 'none'} of these slots: assign those that change to one."
        )
    root_of(obj)  # before anything is added
    path = material_slots.path_of(obj, shown[0]) or material_slots.add_modifier(obj, SLOT_MODIFIER, shown[0])
    where = Reference("OBJECT", obj.name, path)
    return map_chart(obj, ChartMapping(feature, SLOTS, where, chart, dict(numbers), **how))


def map_property(obj: Any, datablock: Any, path: str, move: Move, index: int = 0) -> PropertyMapping:
    """Let a property follow a channel of the face, in place of what it followed before.

    Args:
        obj: any object of the character that talks with it.
        datablock: what has the property; a node tree within a material too.
        path: data path from it, such as ``modifiers["GeometryNodes"]["Input_2"]`` or ``["glow"]``.
        move: what it follows, and how far.
        index: of an array.

    Raises:
        TalkingAnimationError: where there is no such property or channel; one sentence.
    """
    root = root_of(obj)
    _check_move(move)
    try:
        property_values.read(datablock, path, index)
    except ValueError as error:
        raise TalkingAnimationError(f"{error}: check the path (Copy Data Path).") from error
    row = PropertyMapping(drawings.reference_to(datablock, path), index, move)
    mapped = _kept(root)
    others = [known for known in mapped.properties if (known.where, known.index) != (row.where, index)]
    _store(root, replace(mapped, properties=(*others, row)))
    return row


def in_order(obj: Any, kind: str, others: Iterable[Any] = (), layer: str = "") -> list[Any]:
    """What can be drawings of a kind, in the order in which a chart names them: frames (of a layer, or of all), layers, or the
    other objects by name; of one, all that are named like it, for those that are hidden cannot be selected."""
    if kind == OBJECTS:
        chosen = [other for other in others if other != obj]
        return sorted(
            (other.name for other in (_alike(chosen[0], obj) if len(chosen) == 1 else chosen)), key=_counted
        )
    if kind == SLOTS:
        return [name for name in material_slots.names(obj) if name]
    if not grease_pencil.is_drawing(obj):
        return []
    return list(
        drawing_layers.frame_numbers(obj, layer) if kind == FRAMES else drawing_layers.layer_names(obj)
    )


def _alike(obj: Any, character: Any) -> list[Any]:
    """An object and those beside it, but the character's own, whose names differ in a number alone: "Eye 1" and "Eye 2", or
    "Eye" and Blender's copy "Eye.001"."""
    called = _uncounted(obj.name)
    if obj.parent is not None:
        beside = set(obj.parent.children)
    else:
        beside = {one for folder in obj.users_collection for one in folder.objects if one.parent is None}
    return [
        one
        for one in beside
        if one != character and _uncounted(one.name) == called and one.library == obj.library
    ]


def _uncounted(name: str) -> str:
    return _NUMBER.sub("", drawings.without_number(name)).rstrip(" ._-")


def _counted(name: str) -> list[tuple[int, str]]:
    """What a name is sorted by: 2 comes before 10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBER.split(name)]


def map_listed(
    obj: Any,
    feature: str,
    kind: str,
    listed: str,
    chart: str = "LETTERS",
    others: Iterable[Any] = (),
    layer: str = "",
    **how: Any,
) -> ChartMapping:
    """Map frames or layers of a Grease Pencil object, objects, or material slots of a mesh, as a text lists them.

    Args:
        obj, feature, chart, how: as `by_names`.
        kind: "FRAMES", "LAYERS", "OBJECTS" or "SLOTS".
        listed: "A=1, D=7" or "A=Mouth shut, D=Mouth open"; "" for the drawings of the chart in order.
        others: the objects that are meant where nothing is listed.
        layer: whose frames they are; "" for all layers.

    Raises:
        TalkingAnimationError: where the text cannot be read, or as `by_names`.
    """
    names = _known_drawings(ChartMapping(feature, kind, Reference("OBJECT", obj.name), chart, {}))
    pairs = [part.split("=", 1) for part in listed.split(",") if part.strip()]
    if any(len(pair) < 2 for pair in pairs):
        raise TalkingAnimationError(f"'{listed}' is no list of drawings: write it like A=1, D=7.")
    given: dict[str, Any] = {name.strip(): what.strip() for name, what in pairs} or dict(
        zip(names, in_order(obj, kind, others, layer))
    )
    if kind == SLOTS:
        return by_slots(obj, feature, given, chart, **how)
    if kind != FRAMES:
        return by_names(obj, feature, kind, given, chart, **how)
    try:
        frames = {name: int(number) for name, number in given.items()}
    except ValueError as error:
        raise TalkingAnimationError(f"'{listed}' names no frames: write it like A=1, D=7.") from error
    return by_frames(obj, feature, frames, layer, chart, **how)


def drawn_layers(obj: Any) -> list[str]:
    """The layers of a Grease Pencil object that have more than one frame, those with most frames first; [] for another object."""
    counts = {name: len(drawing_layers.frame_numbers(obj, name)) for name in drawing_layers.layer_names(obj)}
    return sorted((name for name, count in counts.items() if count > 1), key=lambda name: -counts[name])


def drawings_of(feature: str, chart: str) -> tuple[str, ...]:
    """The names of what is drawn of a feature: of a mouth as its chart has them."""
    return _known_drawings(ChartMapping(feature, FRAMES, Reference("OBJECT", ""), chart, {}))


def map_part(
    obj: Any,
    part: str,
    thing: Any,
    bone: str = "",
    moves: Mapping[str, Move] | None = None,
    twos: bool = False,
) -> PartMapping:
    """Say which plane or bone is a part of a cut-out, in place of the one that was; it is no other part any more.

    Args:
        obj: any object of the character.
        part: one of `rigs.cut_out_parts.PARTS`.
        thing: the plane, or the armature of the bone.
        bone: the bone's name.
        moves: way (`rigs.cut_out_parts.WAYS`) → what it follows, beside what the part does by itself; a gain of 0 for nothing.
        twos: whether each of its drawings is held for two frames.

    Raises:
        TalkingAnimationError: where there is no such part, way, channel or bone; one sentence.
    """
    root = root_of(obj)
    if part not in PARTS:
        raise TalkingAnimationError(f"'{part}' is no part of a cut-out: choose one of {', '.join(PARTS)}.")
    strange = next((way for way in moves or {} if way not in WAYS), None)
    if strange is not None:
        raise TalkingAnimationError(f"A part cannot move '{strange}': choose one of {', '.join(WAYS)}.")
    for move in (moves or {}).values():
        _check_move(move)
    if bone and (thing.pose is None or bone not in thing.pose.bones):
        raise TalkingAnimationError(f"'{thing.name}' has no bone '{bone}': check its name.")
    row = PartMapping(part, thing.name, bone, dict(moves or {}), twos)
    mapped = _kept(root)
    others = [
        known
        for known in mapped.parts
        if known.part != part and (known.object, known.bone) != (thing.name, bone)
    ]
    _store(root, replace(mapped, parts=(*others, row)))
    return row


def forget_property(obj: Any, number: int) -> bool:
    """Forget the mapped property of that number, from 0; returns whether there was one."""
    root = root_of(obj)
    mapped = drawings.mapped_of(root)
    if mapped.damaged:
        return False
    left = tuple(row for place, row in enumerate(mapped.properties) if place != number)
    _store(root, replace(mapped, properties=left))
    return len(left) < len(mapped.properties)


def _check_move(move: Move) -> None:
    if not face_channels.is_channel(move.channel):
        raise TalkingAnimationError(
            f"There is no channel '{move.channel}': choose one of {', '.join(face_channels.CHANNELS)}, a name of ARKit's, or "
            "viseme: with one of the 15."
        )
    values = (move.gain, move.offset or 0.0, move.low or 0.0, move.high or 0.0)
    if any(kept_values.number(value) is None for value in values):
        raise TalkingAnimationError(
            f"Gain, offset and limits must be numbers from {-kept_values.LARGE:g} to {kept_values.LARGE:g}."
        )


def forget(obj: Any, feature: str = "") -> bool:
    """Forget the chart of a feature, or with "" all that was mapped; returns whether there was any.

    Modifiers that were added for it go, too, and keys of a talking animation on what it moves no more.
    """
    root = root_of(obj)
    mapped = drawings.mapped_of(root)
    left = tuple(chart for chart in mapped.charts if chart.feature != feature)
    if not feature:
        _store(root, Mapped())
        return bool(mapped.damaged or mapped.charts or mapped.parts or mapped.properties)
    if mapped.damaged:  # perhaps of a newer version: only all of it can be forgotten
        return False
    _store(root, replace(mapped, charts=left))
    return len(left) < len(mapped.charts)
