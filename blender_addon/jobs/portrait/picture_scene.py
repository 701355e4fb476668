# SPDX-License-Identifier: GPL-3.0-or-later
"""In the hidden Blender: a scene with nothing but the picture, drawn by Workbench into a video with its sound."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import bpy

from ...faces.from_picture import stage
from ...faces.from_picture.relief import LONGER_SIDE
from ...host.blender_versions import interface, sequencer
from . import plan as plans
from .pictured import showing
from .plan import Plan

_AWAY = 100.0  # metres from the picture to the camera
_REACH = 1000.0
_BORDER = 64  # pixels of the picture that its edges go on for: more than any video is padded by


def draw(folder: Path) -> None:
    """Draw what the plan in a folder says into a video there, and tell how far it is in files beside it.

    Raises:
        RuntimeError: Blender cannot write it; its text says why.
    """
    plan = Plan.load(folder)
    scene = _scene(plan, folder)
    told = folder / plans.DRAWN
    written = 0

    def count(*_: object) -> None:
        nonlocal written
        written += 1
        told.write_text(str(written), encoding="ascii")

    bpy.app.handlers.render_write.append(count)
    try:
        bpy.ops.render.render(animation=True, scene=scene.name)
    finally:
        bpy.app.handlers.render_write.remove(count)
    (folder / plans.DONE).write_text(json.dumps(_measured(folder / plans.VIDEO)), encoding="utf-8")


def _measured(video: Path) -> dict[str, int]:
    """Frames and size of a video, as Blender reads it. Raises RuntimeError where it cannot."""
    clip: Any = bpy.data.movieclips.load(str(video))
    width, height = (int(side) for side in clip.size)
    return {"frames": int(clip.frame_duration), "width": width, "height": height}


def _scene(plan: Plan, folder: Path) -> Any:
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    scene: Any = bpy.context.scene
    libraries: Any = bpy.data.libraries
    with libraries.load(str(folder / plans.CHARACTER), link=False) as (_, wanted):
        wanted.objects = list(plan.objects)
    members = dict(zip(plan.objects, wanted.objects))
    for member in members.values():
        scene.collection.objects.link(member)
        member.hide_render = False
        member.show_only_shape_key = False
        if member.type == "ARMATURE":
            member.data.pose_position = "POSE"
        for modifier in member.modifiers:
            modifier.show_render = modifier.show_render or modifier.type == "ARMATURE"
    base = members[plan.base]
    _set_up(scene, plan, folder)
    scene.frame_set(plan.first)  # so that the matrices are known
    _add_camera(scene, base, plan)
    _add_border(scene, base, list(members.values()), plan)
    for channel, (path, start) in enumerate(plan.sounds, 1):
        sequencer.add_sound_strip(scene, "voice", path, channel, start)
    return scene


def _set_up(scene: Any, plan: Plan, folder: Path) -> None:
    stage.as_it_is(scene, smooth=True)
    if plan.scale < 1.0:
        scene.display.render_aa = "8"  # several samples for each pixel of a picture that is made smaller
    shading = scene.display.shading
    scene.world = bpy.data.worlds.new("Talking picture")
    scene.world.color = plan.background
    shading.background_type = "WORLD"
    render = scene.render
    render.resolution_x, render.resolution_y, render.resolution_percentage = *plan.size, 100
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0
    render.fps, render.fps_base = plan.fps, plan.fps_base
    render.use_sequencer, render.use_compositing, render.film_transparent = True, False, False
    scene.frame_start, scene.frame_end = plan.first, plan.last
    interface.set_video_output(scene, str(folder / plans.VIDEO))
    if not plan.sounds:
        render.ffmpeg.audio_codec = "NONE"


def _add_camera(scene: Any, base: Any, plan: Plan) -> None:
    """A camera of its own, whatever became of the character's: it sees the picture at the top left, and what is padded."""
    pixel = LONGER_SIDE / max(plan.picture)  # metres
    seen = [side / plan.scale * pixel for side in plan.size]
    data = bpy.data.cameras.new("portrait")
    data.type, data.sensor_fit = "ORTHO", "HORIZONTAL"
    data.clip_start, data.clip_end = 0.01, _REACH
    data.ortho_scale = seen[0] * max(base.matrix_world.to_scale().x, 1e-6)
    camera = bpy.data.objects.new("portrait", data)
    scene.collection.objects.link(camera)
    camera.parent = base
    camera.location = (
        (seen[0] - plan.picture[0] * pixel) / 2,
        -_AWAY,
        -(seen[1] - plan.picture[1] * pixel) / 2,
    )
    camera.rotation_euler = (math.pi / 2, 0.0, 0.0)
    scene.camera = camera


def _add_border(scene: Any, base: Any, members: list[Any], plan: Plan) -> None:
    """Beyond the right and lower edge the picture's last column and row go on, for a video that is padded."""
    material = _material(members, plan)
    if material is None:
        return
    width, height = plan.picture
    pixel = LONGER_SIDE / max(width, height)
    across, down = (0.0, width, width + _BORDER), (0.0, height, height + _BORDER)
    points: list[tuple[float, float, float]] = []
    faces: list[tuple[int, ...]] = []
    corners: list[tuple[float, float]] = []
    for column, row in ((1, 0), (0, 1), (1, 1)):
        faces.append(tuple(range(len(points), len(points) + 4)))
        for x, y in ((0, 1), (1, 1), (1, 0), (0, 0)):
            px, py = across[column + x], down[row + y]
            points.append(((px - width / 2) * pixel, 0.0, (height / 2 - py) * pixel))
            corners.append((_texel(px, width, column), 1.0 - _texel(py, height, row)))
    mesh: Any = bpy.data.meshes.new("border")
    mesh.from_pydata(points, [], faces)
    for loop, corner in zip(mesh.uv_layers.new(name="UVMap").data, corners):
        loop.uv = corner
    mesh.materials.append(material)
    border = bpy.data.objects.new("border", mesh)
    scene.collection.objects.link(border)
    border.parent = base


def _texel(place: float, size: int, beyond: int) -> float:
    """The place in the texture, 0 to 1 from the left or the top: beyond the edge the middle of the last pixel."""
    return (size - 0.5) / size if beyond else place / size


def _material(members: list[Any], plan: Plan) -> Any:
    """What shows the picture itself: the material with an image of its size."""
    return next((material for material, _ in showing(members, plan.picture)), None)
