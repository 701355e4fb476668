# SPDX-License-Identifier: GPL-3.0-or-later
"""A modifier that shows faces of a mesh in another of its material slots: keys can move its number, and no material of a slot."""

from __future__ import annotations

from typing import Any, Final

import bpy

from . import node_inputs

_GROUP: Final = "Talking material slot"
_INPUT: Final = "Slot"
_SHOWN: Final = "Faces of slot"


def names(obj: Any) -> list[str]:
    """The materials of a mesh object's slots, in order; "" for an empty slot."""
    return [slot.material.name if slot.material is not None else "" for slot in obj.material_slots]


def slots_in_use(obj: Any) -> set[int]:
    """The slots that faces of a mesh object are in."""
    return {polygon.material_index for polygon in obj.data.polygons}


def add_modifier(obj: Any, name: str, shown: int) -> str:
    """Add a modifier that shows the faces of a slot in any slot; returns the data path of the number of that one.

    Args:
        obj: a mesh object.
        name: the modifier's.
        shown: the slot whose faces are shown in another one.
    """
    modifier = obj.modifiers.new(name, "NODES")
    modifier.node_group = _group()
    number = _identifier(modifier.node_group, _INPUT)
    modifier[number] = modifier[_identifier(modifier.node_group, _SHOWN)] = shown
    return node_inputs.path_of(modifier, number)


def path_of(obj: Any, shown: int) -> str:
    """The data path of the number of such a modifier for the faces of a slot; "" where there is none."""
    for modifier in obj.modifiers:
        group = modifier.node_group if modifier.type == "NODES" else None
        if group is not None and _is_ours(group) and modifier[_identifier(group, _SHOWN)] == shown:
            return node_inputs.path_of(modifier, _identifier(group, _INPUT))
    return ""


def added_modifiers(obj: Any, name: str) -> list[tuple[Any, str]]:
    """The modifiers of that name, or of its copies, that `add_modifier` made, with the data path of the number of each."""
    return [
        (modifier, node_inputs.path_of(modifier, _identifier(modifier.node_group, _INPUT)))
        for modifier in obj.modifiers
        if modifier.type == "NODES"
        and modifier.name.startswith(name)
        and modifier.node_group is not None
        and _is_ours(modifier.node_group)
    ]


def remove_modifier(obj: Any, modifier: Any) -> None:
    """Take such a modifier off an object, and its node group out of the file where nothing else uses it."""
    group = modifier.node_group
    obj.modifiers.remove(modifier)
    if not group.users:
        bpy.data.node_groups.remove(group)


def _is_ours(group: Any) -> bool:
    return bool(
        group.name.startswith(_GROUP)
        and {_INPUT, _SHOWN} <= {socket.name for socket in node_inputs.sockets(group)}
    )


def _identifier(group: Any, name: str) -> str:
    return str(next(socket.identifier for socket in node_inputs.sockets(group) if socket.name == name))


def _group() -> Any:
    """The node group of the modifier, made once a file."""
    known = next((group for group in bpy.data.node_groups if group.library is None and _is_ours(group)), None)
    if known is not None:
        return known
    group: Any = bpy.data.node_groups.new(_GROUP, "GeometryNodeTree")
    _add_sockets(group)
    nodes, links = group.nodes, group.links
    given, shown = nodes.new("NodeGroupInput"), nodes.new("NodeGroupOutput")
    index, same = nodes.new("GeometryNodeInputMaterialIndex"), nodes.new("FunctionNodeCompare")
    put = nodes.new("GeometryNodeSetMaterialIndex")
    same.data_type, same.operation = "INT", "EQUAL"
    whole = [socket for socket in same.inputs if socket.enabled and socket.type == "INT"]
    links.new(index.outputs[0], whole[0])
    links.new(given.outputs[_SHOWN], whole[1])
    links.new(given.outputs["Geometry"], put.inputs["Geometry"])
    links.new(same.outputs[0], put.inputs["Selection"])
    links.new(given.outputs[_INPUT], put.inputs["Material Index"])
    links.new(put.outputs[0], shown.inputs[0])
    return group


def _add_sockets(group: Any) -> None:
    whole = (_INPUT, _SHOWN)
    if hasattr(group, "interface"):
        group.interface.new_socket("Geometry", in_out="INPUT", socket_type="NodeSocketGeometry")
        for name in whole:
            group.interface.new_socket(name, in_out="INPUT", socket_type="NodeSocketInt").min_value = 0
        group.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
        return
    group.inputs.new("NodeSocketGeometry", "Geometry")
    for name in whole:
        group.inputs.new("NodeSocketInt", name).min_value = 0
    group.outputs.new("NodeSocketGeometry", "Geometry")
