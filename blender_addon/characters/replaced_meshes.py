# SPDX-License-Identifier: GPL-3.0-or-later
"""Modifiers that put something else in a mesh's place, or leave it to physics, so that nothing shows what its shape keys move."""

from __future__ import annotations

from typing import Any, Final

_WHOLE: Final = 0.99  # of a cache's factor
_ZONES: Final = ("SimulationOutput", "RepeatOutput", "ForeachGeometryElementOutput")
"""Nodes that carry on what came into their zone, without a link that says so."""


def replacing_modifier(obj: Any) -> Any:
    """The modifier, switched on in the viewport or in renders, that replaces an object's mesh; None where there is none."""
    return next(
        (mod for mod in obj.modifiers if (mod.show_viewport or mod.show_render) and _replaces(mod)), None
    )


def _replaces(modifier: Any) -> bool:
    if modifier.type == "MESH_CACHE":  # points from an .mdd or .pc2 file
        whole = modifier.deform_mode == "OVERWRITE" and modifier.factor > _WHOLE
        return whole and not modifier.vertex_group and bool(modifier.filepath)
    if modifier.type == "CLOTH":  # starts from the shape at the first frame, but for what is pinned
        return not modifier.settings.vertex_group_mass and not modifier.settings.use_dynamic_mesh
    if modifier.type == "SOFT_BODY":
        return not modifier.settings.use_goal
    if modifier.type == "NODES":
        return modifier.node_group is not None and not _passes_on(modifier.node_group)
    return False


def _passes_on(tree: Any) -> bool:
    """Whether anything of the geometry that comes into a node tree has to do with what comes out."""
    waiting = [node for node in tree.nodes if node.type == "GROUP_OUTPUT" and node.is_active_output]
    sources: dict[str, list[Any]] = {}
    for link in tree.links:
        if not link.is_muted:
            sources.setdefault(link.to_node.name, []).append(link)
    seen = {node.name for node in waiting}
    while waiting:
        node = waiting.pop()
        if node.bl_idname.endswith(_ZONES):
            return True
        for link in sources.get(node.name, ()):
            if link.from_node.type == "GROUP_INPUT" and link.from_socket.type == "GEOMETRY":
                return True
            if link.from_node.name not in seen:
                seen.add(link.from_node.name)
                waiting.append(link.from_node)
    return False
