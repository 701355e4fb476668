# SPDX-License-Identifier: GPL-3.0-or-later
"""Materials in every Blender."""

from __future__ import annotations

from typing import Any

import bpy


def empty_node_tree(material: Any) -> Any:
    """A material's node tree, without nodes."""
    if material.node_tree is None:  # from Blender 5.0 on every material has nodes, and setting the flag warns
        material.use_nodes = True
    material.node_tree.nodes.clear()
    return material.node_tree


def nodes_in_use(material: Any) -> Any:
    """A material's nodes, as far as it uses them."""
    if bpy.app.version < (5, 0, 0) and not material.use_nodes:  # later every material does, and asking warns
        return ()
    return material.node_tree.nodes if material.node_tree is not None else ()


def shows_image(material: Any) -> bool:
    """Whether a material shows an image."""
    return any(node.type == "TEX_IMAGE" and node.image is not None for node in nodes_in_use(material))


def set_see_through(material: Any) -> None:
    """Let EEVEE show what lies behind a material's transparent parts; Cycles does so by itself."""
    if hasattr(material, "surface_render_method"):
        material.surface_render_method = "DITHERED"
    else:
        material.blend_method, material.shadow_method = "HASHED", "HASHED"
