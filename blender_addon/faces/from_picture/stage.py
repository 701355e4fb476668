# SPDX-License-Identifier: GPL-3.0-or-later
"""The camera with the picture's frame, where a picture goes in a scene, and a scene that renders as the picture is."""

from __future__ import annotations

import math
from typing import Any, Final

import bpy
from mathutils import Vector

from ...characters.pictures import PROPERTY, PictureOrigin, origin_of
from ...characters.related import related_objects
from .relief import LONGER_SIDE, Relief

_BEFORE: Final = 1.0  # metres from the relief's foremost point to the camera
_GAP: Final = 0.1  # metres between a picture and what there is
_REACH: Final = 1000.0


def add_camera(name: str, relief: Relief, origin: PictureOrigin) -> Any:
    """A new camera, in no collection yet, that sees exactly the picture."""
    data = bpy.data.cameras.new(name)
    data.type = "ORTHO"
    data.sensor_fit = "HORIZONTAL" if origin.width >= origin.height else "VERTICAL"
    data.ortho_scale = LONGER_SIDE
    data.clip_start, data.clip_end = 0.01, _REACH
    data.display_size = 0.2
    camera = bpy.data.objects.new(name, data)
    camera.location = (0.0, relief.nearest - _BEFORE, 0.0)
    camera.rotation_euler = (math.pi / 2, 0.0, 0.0)
    return camera


def free_place(scene: Any, width: float, depth: float = 0.0) -> Any:
    """Where a picture goes: right of the last one, else at the 3D cursor in front of what there is.

    Args:
        scene: where it stands.
        width: of the picture, metres.
        depth: how far it reaches behind its place, metres.
    """
    roots = [part for part in scene.objects if part.type == "ARMATURE" and PROPERTY in part]
    if roots:
        last = max(roots, key=lambda part: part.matrix_world.translation.x)
        origin = origin_of(last)
        longer = max(origin.width, origin.height) if origin is not None else 1
        right = origin.width / longer * LONGER_SIDE / 2 if origin is not None else LONGER_SIDE / 2
        return last.matrix_world.translation + Vector((right + _GAP + width / 2, 0.0, 0.0))
    fronts = [
        (part.matrix_world @ Vector(corner)).y
        for part in scene.objects
        if part.type in {"MESH", "CURVE", "SURFACE", "META", "FONT"} and not part.hide_render
        for corner in part.bound_box
    ]
    place = scene.cursor.location.copy()
    place.y = min([place.y, *[front - _GAP - depth for front in fronts]])
    return place


def camera_of(part: Any) -> Any:
    """The camera that belongs to a picture; None where the user has deleted it."""
    return next((other for other in related_objects(part) if other.type == "CAMERA"), None)


def frame(scene: Any, part: Any, even: bool = False) -> bool:
    """Let a scene render with a picture's own camera, at the picture's size.

    Args:
        scene: whose camera and resolution change.
        part: any object of the character.
        even: for a video, whose width and height must be even: a pixel less where they are not.

    Returns:
        Whether there is such a camera; nothing changes where there is none.
    """
    camera = camera_of(part)
    origin = next((known for other in related_objects(part) if (known := origin_of(other))), None)
    if camera is None or origin is None:
        return False
    scene.camera = camera
    render = scene.render
    render.resolution_x, render.resolution_y = (
        max(4, size - size % 2 if even else size) for size in (origin.width, origin.height)
    )
    render.resolution_percentage = 100
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0
    render.use_border = False
    return True


def as_it_is(scene: Any, smooth: bool = False) -> None:
    """Render settings with which Workbench shows a picture's very colours: flat, textured, Standard view transform.

    Args:
        scene: whose settings change.
        smooth: smooth the edges of lips and teeth (FXAA), at the price of a little of the picture's own sharpness: then it is
            no longer pixel for pixel the picture at rest.
    """
    render, view, shading = scene.render, scene.view_settings, scene.display.shading
    render.engine = "BLENDER_WORKBENCH"
    render.dither_intensity = 0.0
    scene.display.render_aa = "FXAA" if smooth else "OFF"
    scene.display_settings.display_device = "sRGB"
    view.view_transform, view.look = "Standard", "None"
    view.exposure, view.gamma, view.use_curve_mapping = 0.0, 1.0, False
    shading.light, shading.color_type = "FLAT", "TEXTURE"
    shading.show_cavity = shading.show_shadows = shading.show_object_outline = False
    shading.show_xray = shading.show_specular_highlight = shading.use_dof = False
    shading.show_backface_culling = False
