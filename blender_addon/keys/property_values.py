# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of properties of any kind as numbers, as curves hold them: floats, whole numbers, ticks, choices, custom properties."""

from __future__ import annotations

import math
import re
from typing import Any

import bpy

_CUSTOM = re.compile(r'^(?P<owner>.*)\["(?P<name>(?:[^"\\]|\\.)*)"\]$')


def read(datablock: Any, data_path: str, index: int) -> float:
    """A property's value; that of a choice is the number that its curve has.

    Raises:
        ValueError: where there is no such property, or it is none that keys can move.
    """
    owner, name, custom = _located(datablock, data_path)
    try:
        value = owner[name] if custom else getattr(owner, name)
    except (KeyError, AttributeError, TypeError) as error:
        raise ValueError(f"'{datablock.name}' has no property {data_path}") from error
    if isinstance(value, (bool, int, float)):
        return float(value)
    if isinstance(value, str):
        return float(_choices(owner, name, custom, data_path)[value])
    try:
        return float(value[index])
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{data_path} of '{datablock.name}' is no number") from error


def is_there(datablock: Any, data_path: str, index: int) -> bool:
    """Whether there is such a property, and keys can move it."""
    try:
        read(datablock, data_path, index)
    except ValueError:
        return False
    return True


def assign(datablock: Any, data_path: str, index: int, value: float) -> None:
    """Give a property a value, as its own kind of number.

    Raises:
        ValueError: as `read`.
    """
    owner, name, custom = _located(datablock, data_path)
    try:
        current = owner[name] if custom else getattr(owner, name)
        if isinstance(current, str):
            numbers = _choices(owner, name, custom, data_path)
            setattr(owner, name, next(choice for choice, number in numbers.items() if number == round(value)))
        elif not isinstance(current, (bool, int, float)):
            current[index] = _as(current[index], value)
        elif custom:
            owner[name] = _as(current, value)
        else:
            setattr(owner, name, _as(current, value))
    except (KeyError, AttributeError, TypeError, IndexError, StopIteration) as error:
        raise ValueError(f"'{datablock.name}' has no property {data_path}") from error


def is_whole(datablock: Any, data_path: str, index: int) -> bool:
    """Whether a property knows whole numbers only: counts, ticks and choices.

    Raises:
        ValueError: where there is no such property.
    """
    owner, name, custom = _located(datablock, data_path)
    try:
        value = owner[name] if custom else getattr(owner, name)
    except (KeyError, AttributeError, TypeError) as error:
        raise ValueError(f"'{datablock.name}' has no property {data_path}") from error
    if not isinstance(value, (bool, int, float, str)):
        value = value[index]
    return isinstance(value, (bool, int, str))


def limits(datablock: Any, data_path: str) -> tuple[float, float]:
    """The least and the greatest value that a number keeps; without limits, infinities.

    Raises:
        ValueError: where there is no such property.
    """
    owner, name, custom = _located(datablock, data_path)
    if custom:
        try:
            known = owner.id_properties_ui(name).as_dict()
        except TypeError:  # a text, or something else without limits
            return -math.inf, math.inf
        return float(known.get("min", -math.inf)), float(known.get("max", math.inf))
    row = owner.bl_rna.properties.get(name)
    if row is None or row.type not in ("INT", "FLOAT"):
        return -math.inf, math.inf
    return float(row.hard_min), float(row.hard_max)


def choices(datablock: Any, data_path: str) -> dict[str, int]:
    """The choices of an enumeration, or of a menu of Geometry Nodes, → their numbers; {} for a property of another kind.

    Raises:
        ValueError: where there is no such property.
    """
    owner, name, custom = _located(datablock, data_path)
    if custom:
        return _choices_of_a_menu(owner, name)
    known = owner.bl_rna.properties.get(name)
    return _choices(owner, name, custom, data_path) if known is not None and known.type == "ENUM" else {}


def _choices_of_a_menu(owner: Any, name: str) -> dict[str, int]:
    """The items of a whole number that is shown as a menu → their numbers, which are no count: {} for any other."""
    try:
        items = owner.id_properties_ui(name).as_dict().get("items") or ()
    except (AttributeError, KeyError, TypeError):
        return {}
    return {str(one[0]): int(one[-1]) for one in items}


def _as(current: Any, value: float) -> Any:
    return type(current)(round(value)) if isinstance(current, (bool, int)) else float(value)


def _choices(owner: Any, name: str, custom: bool, data_path: str) -> dict[str, int]:
    known = None if custom else owner.bl_rna.properties.get(name)
    if known is None or known.type != "ENUM":
        raise ValueError(f"{data_path} is a text, which no keys can move")
    return {enum_item.identifier: enum_item.value for enum_item in known.enum_items}


def _located(datablock: Any, data_path: str) -> tuple[Any, str, bool]:
    """Whose property a path names, its name, and whether it is a custom property."""
    match = _CUSTOM.match(data_path)
    if match is not None:
        path, name, custom = match["owner"], bpy.utils.unescape_identifier(match["name"]), True
    else:
        path, _, name = data_path.rpartition(".")
        custom = False
    try:
        return (datablock.path_resolve(path) if path else datablock), name, custom
    except ValueError as error:
        raise ValueError(f"'{datablock.name}' has no property {data_path}") from error
