# SPDX-License-Identifier: GPL-3.0-or-later
"""Inputs of Geometry Nodes as properties of a modifier: `group.inputs` up to 3.6, the group's interface since 4.0."""

from __future__ import annotations

from typing import Any

import bpy


def sockets(group: Any) -> list[Any]:
    """The inputs of a node group."""
    if hasattr(group, "interface"):
        return [row for row in group.interface.items_tree if getattr(row, "in_out", "") == "INPUT"]
    return list(group.inputs)


def is_menu(socket: Any) -> bool:
    """Whether an input is a menu, whose value is the number of one of its items; since Blender 4.1."""
    return getattr(socket, "socket_type", "") == "NodeSocketMenu"


def path_of(modifier: Any, identifier: str) -> str:
    """The data path of an input's value, seen from the modifier's object."""
    return f'modifiers["{bpy.utils.escape_identifier(modifier.name)}"]["{identifier}"]'


def numbers(obj: Any) -> list[tuple[str, str]]:
    """(name, data path) of the numbers that an object's Geometry Nodes take and that no attribute gives; a menu is none."""
    named = []
    for modifier in obj.modifiers:
        if modifier.type != "NODES" or modifier.node_group is None:
            continue
        for socket in sockets(modifier.node_group):
            if is_menu(socket):
                continue
            value = modifier.get(socket.identifier)
            by_attribute = modifier.get(f"{socket.identifier}_use_attribute", False)
            if isinstance(value, (int, float)) and not isinstance(value, bool) and not by_attribute:
                named.append((socket.name, path_of(modifier, socket.identifier)))
    return named
