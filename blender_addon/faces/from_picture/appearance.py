# SPDX-License-Identifier: GPL-3.0-or-later
"""Images and materials of a picture: it shines by itself, so that it looks as it is, whatever light there is."""

from __future__ import annotations

import os
from typing import Any, Final

import bpy

from ...host.blender_versions import materials

PHOTO: Final = "talking_animation_photo"
"""Custom property of a material: the image that it showed before it was given a look."""


def packed_image(name: str, data: bytes) -> Any:
    """A new image that lies in the .blend file.

    Args:
        name: of the image.
        data: a PNG file; sRGB, straight alpha.
    """
    image = bpy.data.images.new(name, 1, 1, alpha=True)
    image.pack(data=data, data_len=len(data))  # type: ignore[arg-type]
    image.source = "FILE"
    image.colorspace_settings.name = "sRGB"
    image.alpha_mode = "STRAIGHT"
    image.filepath_raw = f"//{bpy.path.clean_name(name)}.png"  # where Blender would unpack it to
    return image


def image_of_file(name: str, path: str, packed: bool) -> Any:
    """A new image of a file: packed as it is, or shown where it lies, by a path relative to the .blend file once that is saved.

    Args:
        name: of the image.
        path: of the file, absolute.
        packed: into the .blend file.

    Raises:
        RuntimeError: Blender cannot read it.
    """
    image = bpy.data.images.load(path, check_existing=False)
    image.name = name
    image.colorspace_settings.name = "sRGB"
    image.alpha_mode = "STRAIGHT"
    if packed:
        image.pack()
        suffix = os.path.splitext(path)[1]
        image.filepath_raw = f"//{bpy.path.clean_name(name)}{suffix}"  # where Blender would unpack it to
    elif bpy.data.is_saved:
        try:
            image.filepath_raw = bpy.path.relpath(path)
        except ValueError:  # on another drive
            image.filepath_raw = path
    return image


def material(name: str, image: Any, see_through: bool) -> Any:
    """A new material that shows an image without light.

    Args:
        name: of the material.
        image: what it shows.
        see_through: whether the image has transparent parts.
    """
    made = bpy.data.materials.new(name)
    tree = materials.empty_node_tree(made)
    texture = _node(tree, "ShaderNodeTexImage", -560)
    texture.image, texture.extension = image, "EXTEND"
    glow = _node(tree, "ShaderNodeEmission", -240)
    output = _node(tree, "ShaderNodeOutputMaterial", 260)
    tree.links.new(texture.outputs["Color"], glow.inputs["Color"])
    shader = glow.outputs[0]
    if see_through:
        clear, mixed = _node(tree, "ShaderNodeBsdfTransparent", -240), _node(tree, "ShaderNodeMixShader", 20)
        clear.location.y = 140
        tree.links.new(texture.outputs["Alpha"], mixed.inputs[0])
        tree.links.new(clear.outputs[0], mixed.inputs[1])
        tree.links.new(shader, mixed.inputs[2])
        shader = mixed.outputs[0]
        materials.set_see_through(made)
    tree.links.new(shader, output.inputs["Surface"])
    tree.nodes.active = texture  # what Workbench and the viewport show as the material's texture
    made.roughness, made.specular_intensity = 1.0, 0.0
    return made


def _node(tree: Any, kind: str, x: float) -> Any:
    node = tree.nodes.new(kind)
    node.location = (x, 0.0)
    return node
