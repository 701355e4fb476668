# SPDX-License-Identifier: GPL-3.0-or-later
"""Camera, lights, backdrop and render settings for the demo picture."""

from __future__ import annotations

import bpy
import numpy as np

from . import assemble
from .part import Part, grid_faces, mix
from .proportions import CENTIMETRE, HEAD_ORIGIN_HEIGHT, smoothstep

BACKDROP_EDGE = np.array([0.20, 0.255, 0.40])
BACKDROP_GLOW = np.array([0.62, 0.70, 0.83])
CAMERA_DISTANCE = 1.30
"""Metres from the face: far enough for a portrait lens."""
CAMERA_LENS = 78.0
"""Focal length in mm (36 mm sensor)."""
LOOK_AT_HEIGHT = HEAD_ORIGIN_HEIGHT - 1.9
"""Where the camera aims, cm over the bottom of the bust."""


def _backdrop() -> Part:
    """A large curved sheet behind the character with a glow behind the head."""
    rows, columns = 21, 33
    across, up = np.meshgrid(np.linspace(-150.0, 150.0, columns), np.linspace(-110.0, 110.0, rows))
    depth = 62.0 - 0.0009 * across**2
    vertices = np.stack([across, depth, up], axis=-1).reshape(-1, 3)
    distance = np.hypot(vertices[:, 0] - 6.0, (vertices[:, 2] - 2.0) * 1.15) / 62.0
    colour = mix(BACKDROP_GLOW, BACKDROP_EDGE, smoothstep(0.0, 1.0, distance))
    return Part("Backdrop", vertices, grid_faces(rows, columns), colour, "backdrop")


def _light(
    name: str, collection: bpy.types.Collection, parent: bpy.types.Object,
    place: tuple[float, float, float], power: float, size: float, colour: tuple[float, float, float],
) -> None:  # fmt: skip
    data = bpy.data.lights.new(name, "AREA")
    data.energy, data.size, data.color = power, size, colour
    ob = bpy.data.objects.new(name, data)
    ob.location = place
    target = np.array([0.0, -0.05, (HEAD_ORIGIN_HEIGHT - 4.0) * CENTIMETRE])
    ob.rotation_euler = _look_rotation(np.array(place), target)
    ob.parent = parent
    collection.objects.link(ob)


def _look_rotation(eye: np.ndarray, target: np.ndarray) -> tuple[float, float, float]:
    """Euler XYZ of an object whose -z shall point from `eye` to `target`, its y upward."""
    d = target - eye
    return (
        float(np.arctan2(np.hypot(d[0], d[1]), -d[2])),
        0.0,
        float(np.arctan2(d[1], d[0]) - np.pi / 2.0),
    )


def build_stage(scene: bpy.types.Scene, character: bpy.types.Object) -> bpy.types.Object:
    """Adds backdrop, lights, world and a head-and-shoulders camera (returned, and made the scene's) for 1280 x 720."""
    collection = bpy.data.collections.new("Tali stage")
    scene.collection.children.link(collection)
    anchor = bpy.data.objects.new("Tali stage", None)
    anchor.empty_display_size = 0.1
    anchor.location = character.location
    collection.objects.link(anchor)

    sheet = bpy.data.objects.new("Backdrop", assemble.mesh_from(_backdrop()))
    sheet.parent = anchor
    collection.objects.link(sheet)

    _light("Key", collection, anchor, (-0.75, -1.25, 1.05), 26.0, 0.7, (1.0, 0.95, 0.88))
    _light("Fill", collection, anchor, (1.1, -1.0, 0.45), 9.0, 1.2, (0.82, 0.90, 1.0))
    _light("Rim", collection, anchor, (0.75, 0.42, 0.95), 20.0, 0.4, (1.0, 0.88, 0.78))

    data = bpy.data.cameras.new("Tali camera")
    data.lens = CAMERA_LENS
    data.clip_start, data.clip_end = 0.05, 20.0
    camera = bpy.data.objects.new("Tali camera", data)
    place = np.array([0.0, -0.09 - CAMERA_DISTANCE, (LOOK_AT_HEIGHT + 1.5) * CENTIMETRE])
    camera.location = place
    camera.rotation_euler = _look_rotation(place, np.array([0.0, -0.09, LOOK_AT_HEIGHT * CENTIMETRE]))
    camera.parent = anchor
    collection.objects.link(camera)
    scene.camera = camera

    world = scene.world or bpy.data.worlds.new("Tali world")
    scene.world = world
    world.color = (0.06, 0.075, 0.11)
    if world.node_tree is not None:
        for node in world.node_tree.nodes:
            if node.bl_idname == "ShaderNodeBackground":
                node.inputs["Color"].default_value = (0.35, 0.42, 0.55, 1.0)
                node.inputs["Strength"].default_value = 0.35
    return camera


def configure_workbench(scene: bpy.types.Scene, samples: str = "5") -> None:
    """Render settings of the demo video: Workbench, vertex colours, studio light; well under a second a frame on a CPU.

    Args:
        scene: the scene whose settings are changed.
        samples: Workbench's anti-aliasing: "FXAA" (fastest), "5", "8", "11", "16" or "32"; each sample draws everything again.
    """
    render = scene.render
    render.engine = "BLENDER_WORKBENCH"
    render.resolution_x, render.resolution_y, render.resolution_percentage = 1280, 720, 100
    render.film_transparent = False
    render.filter_size = 1.2
    scene.display.render_aa = samples
    scene.view_settings.view_transform = "Standard"
    scene.view_settings.look = "None"
    scene.view_settings.exposure, scene.view_settings.gamma = 0.15, 1.0
    shading = scene.display.shading
    shading.light = "STUDIO"
    shading.studio_light = "paint.sl"
    shading.color_type = "VERTEX"
    shading.show_specular_highlight = True
    shading.show_cavity = False
    shading.show_shadows = False
    shading.show_object_outline = False
    shading.show_backface_culling = False
