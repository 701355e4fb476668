# SPDX-License-Identifier: GPL-3.0-or-later
"""Materials: one truth, the baked vertex colour, for Workbench, EEVEE and Cycles alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import bpy

from ..contract import srgb

COLOUR_ATTRIBUTE = "Colour"
SUBSURFACE_REACH = 0.006
"""How far (m) red light spreads in the skin."""


@dataclass(frozen=True)
class Look:
    """Surface quality of one material; the colour itself comes from the mesh."""

    colour: tuple[float, float, float]
    """sRGB, for viewports that show the material's own colour."""
    roughness: float
    specular: float = 0.5
    subsurface: float = 0.0
    """Share of light that enters the skin."""


LOOKS: dict[str, Look] = {
    "skin": Look((0.90, 0.69, 0.575), 0.48, 0.4, 0.18),
    "eye": Look((0.95, 0.93, 0.91), 0.08, 0.6),
    "iris": Look((0.28, 0.52, 0.38), 0.08, 0.6),
    "pupil": Look((0.04, 0.04, 0.04), 0.08, 0.6),
    "lip": Look((0.76, 0.38, 0.38), 0.36, 0.5, 0.18),
    "mouth": Look((0.30, 0.08, 0.09), 0.6, 0.3),
    "teeth": Look((0.96, 0.93, 0.87), 0.22, 0.5, 0.1),
    "tongue": Look((0.80, 0.36, 0.37), 0.35, 0.5, 0.15),
    "hair": Look((0.42, 0.17, 0.10), 0.42, 0.5),
    "lash": Look((0.07, 0.04, 0.04), 0.6, 0.2),
    "cloth": Look((0.10, 0.42, 0.45), 0.85, 0.2),
    "backdrop": Look((0.35, 0.42, 0.58), 1.0, 0.0),
}


def _set_first(inputs: Any, names: tuple[str, ...], value: Any) -> None:
    """Sets the first socket that exists; Blender 4.0 renamed several sockets of the Principled shader."""
    for name in names:
        if name in inputs:
            inputs[name].default_value = value
            return


def nodes_of(created: Any) -> Any:
    """A new material's node tree."""
    if created.node_tree is None:  # from Blender 5.0 on every material has nodes, and setting the flag warns
        created.use_nodes = True
    return created.node_tree


def material(name: str) -> bpy.types.Material:
    """The material of one look, made once per file."""
    full_name = f"Tali {name}"
    existing = bpy.data.materials.get(full_name)
    if existing is not None:
        return existing
    look = LOOKS[name]
    created = bpy.data.materials.new(full_name)
    linear = tuple(srgb.linear(look.colour).tolist())
    created.diffuse_color = (*linear, 1.0)
    created.roughness = look.roughness
    created.specular_intensity = look.specular
    tree = nodes_of(created)
    shader = next(node for node in tree.nodes if node.bl_idname == "ShaderNodeBsdfPrincipled")
    colour = tree.nodes.new("ShaderNodeAttribute")
    colour.attribute_name = COLOUR_ATTRIBUTE
    colour.location = (-300.0, 200.0)
    tree.links.new(colour.outputs["Color"], shader.inputs["Base Color"])
    _set_first(shader.inputs, ("Roughness",), look.roughness)
    _set_first(shader.inputs, ("Specular IOR Level", "Specular"), look.specular)
    if look.subsurface:
        _set_first(shader.inputs, ("Subsurface Weight", "Subsurface"), look.subsurface)
        # Red light travels furthest through skin. Up to 3.6 the radius is in metres, from 4.0 on it is scaled separately.
        scaled = "Subsurface Scale" in shader.inputs
        reach = 1.0 if scaled else SUBSURFACE_REACH
        _set_first(shader.inputs, ("Subsurface Radius",), (reach, 0.35 * reach, 0.2 * reach))
        _set_first(shader.inputs, ("Subsurface Scale",), SUBSURFACE_REACH)
        if "Subsurface Color" in shader.inputs:  # up to 3.6 the light below the skin has its own colour
            tree.links.new(colour.outputs["Color"], shader.inputs["Subsurface Color"])
    return created
