# SPDX-License-Identifier: GPL-3.0-or-later
"""Controls that a person pointed channels of the face at, and those of a character that can be pointed at.

A rig's controls may be called anything – a property "Kiefer", a bone "mouth.ctrl.001" – so the mapping table takes them by hand:
a custom property, an input of Geometry Nodes, or a bone or object that is moved, turned or scaled, each with its range.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import bpy

from ..keys import property_values
from ..keys.channels import can_be_animated, driven_paths
from ..rigs.face_shapes.recognition import ControlChoice
from .driver_places import Place, can_be_keyed, limits_of

_ENDLESS: Final = 1e6
"""Limits beyond it are none: Blender's own of a number that has none are the largest that it knows."""
_DIGITS: Final = 5
"""In which two ways are compared."""
_PERCENT: Final = 100.0
_BY_HUNDREDS: Final = 10.0
"""A property that ends beyond it is one of per cent or the like, of which its end shows the shape wholly."""
_FEWEST_STEPS: Final = 10
"""Whole numbers between a control's ends: with fewer it would jump."""

Named = Iterable[tuple[str, Place]]
"""What drivers, nodes and materials of a character read, each with its own name."""


@dataclass(frozen=True)
class NamedControl:
    """A property that shows a face shape.

    Attributes:
        datablock, data_path, index: the property.
        begin, end: its values where the shape is not there, and where it is shown wholly.
    """

    datablock: Any
    data_path: str
    index: int
    begin: float
    end: float


@dataclass(frozen=True)
class Chosen:
    """What became of a person's choices.

    Attributes:
        rows: channel → the name under which its control is driven.
        controls: that name → the controls.
        notes: a sentence about each that cannot be driven.
    """

    rows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    controls: Mapping[str, tuple[NamedControl, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def is_free(place: Place) -> bool:
    """Whether keys can go on a place, and show: it is of this file, no driver has it, and no constraint."""
    datablock = place.datablock
    return (
        datablock.library is None
        and can_be_animated(datablock)
        and place.data_path not in driven_paths(datablock)
        and can_be_keyed(place)
    )


def resolve(choices: Mapping[str, ControlChoice], named: Named, objects: Iterable[Any]) -> Chosen:
    """The controls that were chosen.

    Args:
        choices: channel → control.
        named: see `Named`; asked only where something was chosen.
        objects: the character's, among which what no driver reads is looked for, such as a bone that constraints follow.
    """
    if not choices:
        return Chosen()
    read, parts = list(named), list(objects)
    rows: dict[str, tuple[str, ...]] = {}
    controls: dict[str, tuple[NamedControl, ...]] = {}
    notes = []
    for channel, choice in sorted(choices.items()):
        places = _places(choice, read, parts)
        ends = [choice.range or ends_of(place) for place in places]
        known = [NamedControl(*place.where, *end) for place, end in zip(places, ends) if end is not None]
        if known:
            title = f"{choice.title}: {known[0].begin:g} … {known[0].end:g}"
            if controls.get(title, tuple(known)) != tuple(known):  # a property called as a bone moves
                title += f" ({channel})"
            rows[channel], controls[title] = (title,), tuple(known)
        elif places:
            notes.append(
                f"Nothing says how far the control '{choice.title}' that was chosen for {channel} goes: give it a range under "
                "Face > Mapping."
            )
        else:
            notes.append(is_lost(choice.title, channel))
    return Chosen(rows, controls, tuple(notes))


def is_lost(title: str, channel: str) -> str:
    """A sentence about a chosen control that is not there."""
    return (
        f"The control '{title}' that was chosen for {channel} is not on this character, or keys cannot move it: "
        "choose another under Face > Mapping."
    )


def available(named: Named, objects: Iterable[Any]) -> list[ControlChoice]:
    """All that a channel may be pointed at: what is read, and custom properties; each once, in the order of their titles."""
    places = [*named, *_properties(objects)]
    known = {_choice(name, place): None for name, place in places if is_free(place)}
    return sorted(known, key=lambda choice: choice.title.casefold())


def _choice(name: str, place: Place) -> ControlChoice:
    return ControlChoice(name, place.kind, place.index if place.kind else 0)


def _places(choice: ControlChoice, read: Named, objects: list[Any]) -> list[Place]:
    """Where a chosen control is: each place of its name that is read, else the first that has its name."""
    plain = ControlChoice(choice.name, choice.kind, choice.axis)
    places = [place for name, place in read if _choice(name, place) == plain and is_free(place)]
    if not places:
        others = _moved(choice, objects) if choice.kind else _properties(objects)
        free = (place for name, place in others if _choice(name, place) == plain and is_free(place))
        places = [place for place in [next(free, None)] if place is not None]
    return list({place.where: place for place in places}.values())


def _properties(objects: Iterable[Any]) -> Iterator[tuple[str, Place]]:
    """Custom properties that are numbers, of objects, their data and their bones."""
    for obj in objects:
        bones = obj.pose.bones if obj.pose is not None else ()
        owners = [(obj, obj, ""), *((obj, bone, bone.path_from_id()) for bone in bones)]
        owners += [(obj.data, obj.data, "")] if obj.data is not None else []
        for datablock, owner, prefix in owners:
            for name, value in owner.items():
                if isinstance(value, (int, float)) and not isinstance(value, bool):
                    yield name, Place(datablock, f'{prefix}["{bpy.utils.escape_identifier(name)}"]', 0)


def _moved(choice: ControlChoice, objects: Iterable[Any]) -> Iterator[tuple[str, Place]]:
    """Bones and objects of a name, moved as was chosen."""
    for obj in objects:
        bone = obj.pose.bones.get(choice.name) if obj.pose is not None else None
        if bone is not None:
            yield choice.name, Place(obj, f"{bone.path_from_id()}.{choice.kind}", choice.axis, limited=True)
        if obj.name == choice.name:
            yield choice.name, Place(obj, choice.kind, choice.axis, limited=True)


def ends_of(place: Place) -> tuple[float, float] | None:
    """A control's values where its shape is not there, and where it is shown wholly; None where nothing says so."""
    low, high = limits_of(place, as_meant=True)
    if place.kind:
        begin = 1.0 if place.kind == "scale" else 0.0
        ways = [limit - begin for limit in (low, high) if abs(limit) < _ENDLESS]
        # Both ways alike: upwards. Rounded, as limits are single-precision numbers.
        furthest = max(ways, key=lambda way: (round(abs(way), _DIGITS), way), default=0.0)
        return (begin, begin + furthest) if furthest else None
    whole = property_values.is_whole(*place.where)
    begin = min(max(0.0, low), high)
    if high - begin > _BY_HUNDREDS:
        end = high if high <= 10 * _PERCENT else (_PERCENT if whole else 1.0)
    else:
        shown = high if whole else min(high, 1.0)  # whole numbers have no other way to be between
        end = shown if high > begin else low
    if whole and abs(end - begin) < _FEWEST_STEPS:
        return None
    return (begin, end) if end != begin else None
