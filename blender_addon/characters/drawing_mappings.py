# SPDX-License-Identifier: GPL-3.0-or-later
"""What was mapped of a drawn or built character, as data and as the JSON that `docs/drawings.md` describes; without Blender.

``{"format": 1, "charts": [...], "parts": [...], "properties": [...]}``. People may edit it, so each entry is checked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache, partial
from typing import Any, Final, TypeVar

from ..contract.errors import Damaged
from ..contract.json_text import json_object
from ..host.kept_values import flag, number, text, whole
from ..rigs.drawing_charts import CHARTS, CUSTOM, FEATURES

FORMAT: Final = 1
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


def to_json(mapped: Mapped) -> str:
    """What was mapped as text."""
    data = {
        name: [asdict(row) for row in getattr(mapped, name)] for name in ("charts", "parts", "properties")
    }
    return json.dumps({"format": FORMAT, **data}, ensure_ascii=False)


@lru_cache(maxsize=64)
def from_json(written: str) -> Mapped:
    """What was mapped from text; "" is nothing. Where it cannot be read, `Mapped.damaged` says why."""
    if not written.strip():
        return Mapped()
    try:
        data = json_object(written)
        version = whole(data.get("format", 1))
        if version is None:
            raise Damaged("format")
        if version > FORMAT:
            return Mapped(damaged="it was made by a newer Talking Animation")
        return Mapped(
            tuple(map(_chart, data.get("charts", ()))),
            tuple(map(_part, data.get("parts", ()))),
            tuple(_made(PropertyMapping, row, _PROPERTY) for row in data.get("properties", ())),
        )
    except (Damaged, TypeError):  # a list that is none, a row without what it needs
        return Mapped(damaged="it is not the table that Talking Animation writes")


_Row = TypeVar("_Row")
_Check = Callable[[Any], Any]
"""What an entry is; None where it is not what it should be."""


def _made(kind: Callable[..., _Row], row: Any, checks: Mapping[str, _Check]) -> _Row:
    """A row of the table; Damaged where an entry is not what it should be. One that is `null` is left out."""
    if not isinstance(row, dict):
        raise Damaged("no row")
    known = {}
    for name, value in row.items():
        if value is None:
            continue
        known[name] = checks[name](value) if name in checks else None
        if known[name] is None:
            raise Damaged(name)
    return kind(**known)


def _table(check: _Check, value: Any) -> dict[str, Any] | None:
    """A table by names, each entry of which passes a check."""
    if not isinstance(value, dict) or any(
        text(name) is None or check(entry) is None for name, entry in value.items()
    ):
        return None
    return {name: check(entry) for name, entry in value.items()}


def _pair(value: Any) -> tuple[float, float] | None:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return None
    first, second = map(number, value)
    return None if first is None or second is None else (first, second)


_FRAMES: Final = 1000
MOST_CELLS: Final = 10_000
"""Columns or rows of a sprite sheet."""
_CELLS: Final = partial(whole, least=1, most=MOST_CELLS)
_REFERENCE: Final[Mapping[str, _Check]] = dict.fromkeys(("type", "name", "path"), text)
_MOVE: Final[Mapping[str, _Check]] = {
    "channel": text,
    **dict.fromkeys(("gain", "offset", "low", "high"), number),
    "twos": flag,
}
_where: Final = partial(_made, Reference, checks=_REFERENCE)
_move: Final = partial(_made, Move, checks=_MOVE)
_PROPERTY: Final[Mapping[str, _Check]] = {"where": _where, "index": partial(whole, least=-1), "move": _move}
_PART: Final[Mapping[str, _Check]] = {
    **dict.fromkeys(("part", "object", "bone"), text),
    "moves": partial(_table, _move),
    "twos": flag,
}
_CHART: Final[Mapping[str, _Check]] = {
    **dict.fromkeys(("feature", "kind", "chart", "rest"), text),
    "where": _where,
    "drawings": partial(_table, lambda value: text(value) if isinstance(value, str) else number(value)),
    "cues": partial(_table, text),
    "hold": partial(whole, least=1, most=_FRAMES),
    "lead": partial(whole, least=0, most=_FRAMES),
    "steady": flag,
    "columns": _CELLS,
    "rows": _CELLS,
    "step": _pair,
}


def _chart(row: Any) -> ChartMapping:
    chart = _made(ChartMapping, row, _CHART)
    if chart.feature not in FEATURES or chart.kind not in KINDS:
        raise Damaged(chart.feature)
    if chart.chart not in ("", CUSTOM, *CHARTS) or (chart.feature == "mouth" and not chart.chart):
        raise Damaged(chart.chart)
    return chart


def _part(row: Any) -> PartMapping:
    return _made(PartMapping, row, _PART)
