# SPDX-License-Identifier: GPL-3.0-or-later
"""Flat coloured shapes in the picture plane (x right, z up, seen from -y): what drawn characters are built of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from .materials import nodes_of

LAYER_DEPTH = 0.02
"""How far a shape stands before the one below it, metres."""
BACKDROP = (0.75, 0.80, 0.86)
Outline = np.ndarray
"""(N, 2) corners in the picture: x to the right, z up."""
Box = tuple[float, float, float, float]
"""Left, bottom, right and top of a part of the picture plane, metres."""


@dataclass(frozen=True)
class Patch:
    """A filled outline and its colour, linear red, green and blue from 0 to 1."""

    outline: Outline
    colour: tuple[float, float, float]


def ellipse(across: float, up: float, width: float, height: float, corners: int = 40) -> Outline:
    """An ellipse about a point; its width and height are whole diameters."""
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return np.stack([across + np.cos(turn) * width / 2, up + np.sin(turn) * height / 2], axis=1)


def between(across: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> Outline:
    """The outline between an upper and a lower line over the same places."""
    return np.concatenate(
        [np.stack([across, upper], axis=1), np.stack([across, lower], axis=1)[-2:0:-1]]
    )  # the ends are shared


def flat(
    scene: Any, name: str, patches: Sequence[Patch], parent: Any, at: tuple[float, float] = (0.0, 0.0), layer: int = 0
) -> Any:  # fmt: skip
    """Add an object of flat patches, the last of them in front.

    Args:
        scene: where it is added.
        name: its name.
        patches: what it is of, about its own origin.
        parent: what it hangs below.
        at: its origin in the picture, metres from its parent.
        layer: what stands before what: a greater number is nearer.
    """
    vertices: list[tuple[float, float, float]] = []
    faces: list[list[int]] = []
    for number, patch in enumerate(patches):
        faces.append(list(range(len(vertices), len(vertices) + len(patch.outline))))
        vertices += [(float(x), -number * LAYER_DEPTH / 20, float(z)) for x, z in patch.outline]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices, [], faces)
    for patch in patches:
        mesh.materials.append(_coloured(patch.colour))
    for number, face in enumerate(mesh.polygons):
        face.material_index = number
    shape = bpy.data.objects.new(name, mesh)
    shape.parent = parent
    shape.location = (at[0], -layer * LAYER_DEPTH, at[1])
    scene.collection.objects.link(shape)
    return shape


def _coloured(colour: tuple[float, float, float]) -> Any:
    """The material that shows a colour, the same in every light, made once per file."""
    name = "Flat " + "".join(f"{round(255 * part):02x}" for part in colour)
    known = bpy.data.materials.get(name)
    if known is not None:
        return known
    created = bpy.data.materials.new(name)
    created.diffuse_color = (*colour, 1.0)
    tree = nodes_of(created)
    tree.nodes.clear()
    emission, output = tree.nodes.new("ShaderNodeEmission"), tree.nodes.new("ShaderNodeOutputMaterial")
    emission.inputs[0].default_value = (*colour, 1.0)
    tree.links.new(emission.outputs[0], output.inputs[0])
    return created


def empty(
    scene: Any, name: str, parent: Any = None, location: tuple[float, float, float] = (0.0, 0.0, 0.0)
) -> Any:
    """Add an empty, which carries a character or a part of one."""
    carrier = bpy.data.objects.new(name, None)
    carrier.parent = parent
    carrier.location = location
    carrier.empty_display_size = 0.1
    scene.collection.objects.link(carrier)
    return carrier


def show_flat(scene: Any, middle: tuple[float, float], height: float) -> None:
    """Add a camera that sees the picture plane from the front, and let Workbench show plain colours.

    Args:
        scene: which one.
        middle: x and z of the picture's middle, metres.
        height: of the picture, metres.
    """
    data = bpy.data.cameras.new("Picture camera")
    data.type, data.ortho_scale = "ORTHO", height
    camera = bpy.data.objects.new("Picture camera", data)
    camera.location, camera.rotation_euler = (middle[0], -5.0, middle[1]), (np.pi / 2, 0.0, 0.0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.world = bpy.data.worlds.new("Picture backdrop")
    scene.world.color = BACKDROP
    scene.render.engine = "BLENDER_WORKBENCH"
    scene.display.shading.light = "FLAT"
    scene.display.shading.color_type = "MATERIAL"
    scene.render.resolution_x = scene.render.resolution_y = 512
    scene.view_settings.view_transform = "Standard"
