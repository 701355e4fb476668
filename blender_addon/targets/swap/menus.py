# SPDX-License-Identifier: GPL-3.0-or-later
"""Menus of Geometry Nodes modifiers (a *Menu Switch* behind an input of the group), whose items may be drawings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...host.blender_versions import node_inputs
from ...keys import property_values


def inputs_of(modifier: Any) -> Iterator[tuple[str, str, Mapping[str, int]]]:
    """The inputs of a modifier that are menus: the path from its object, the input's name, its items → their numbers."""
    group = getattr(modifier, "node_group", None) if modifier.type == "NODES" else None
    for socket in node_inputs.sockets(group) if group is not None else ():
        if not node_inputs.is_menu(socket):
            continue
        path = node_inputs.path_of(modifier, socket.identifier)
        items = property_values.choices(modifier.id_data, path)
        if items:
            yield path, socket.name, items
