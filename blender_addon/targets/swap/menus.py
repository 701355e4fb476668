# SPDX-License-Identifier: GPL-3.0-or-later
"""Menus of Geometry Nodes modifiers (a *Menu Switch* behind an input of the group), whose items may be drawings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import bpy

from ...keys import property_values


def inputs_of(modifier: Any) -> Iterator[tuple[str, str, Mapping[str, int]]]:
    """The inputs of a modifier that are menus: the path from its object, the input's name, its items → their numbers."""
    group = getattr(modifier, "node_group", None) if modifier.type == "NODES" else None
    for socket in getattr(getattr(group, "interface", None), "items_tree", ()):  # Blender 4.0 and later
        if getattr(socket, "socket_type", "") != "NodeSocketMenu" or socket.in_out != "INPUT":
            continue
        names = map(bpy.utils.escape_identifier, (modifier.name, socket.identifier))
        path = 'modifiers["{}"]["{}"]'.format(*names)
        items = property_values.choices(modifier.id_data, path)
        if items:
            yield path, socket.name, items
