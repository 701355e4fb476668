# SPDX-License-Identifier: GPL-3.0-or-later
"""The window, the render output and the command line in every Blender."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import bpy


def draw_progress(layout: Any, owner: Any, name: str, stage: str) -> None:
    """A progress bar for a percentage property; before Blender 4.0 a slider, which shows the number itself."""
    percent = getattr(owner, name)
    if hasattr(layout, "progress"):
        layout.progress(factor=percent / 100.0, text=f"{stage} · {percent:.0f} %")
    else:
        layout.prop(owner, name, text=stage, slider=True)


def snap_to_faces(tool_settings: Any) -> None:
    """Make what is moved in the window snap to the surface under it."""
    tool_settings.snap_elements = {"FACE"}
    if hasattr(tool_settings, "use_snap_self"):
        tool_settings.use_snap_self = False
    if hasattr(tool_settings, "use_snap_nonedit"):
        tool_settings.use_snap_nonedit = True


def online_access() -> bool:
    """Whether the user lets add-ons use the network; before Blender 4.2 there was no such switch."""
    return bool(getattr(bpy.app, "online_access", True))


def set_poll_message(operator: Any, message: str) -> None:
    """Say why a button is greyed out."""
    if hasattr(operator, "poll_message_set"):
        operator.poll_message_set(message)


def icon(*names: str) -> str:
    """The first of these icons that this Blender has."""
    known = bpy.types.UILayout.bl_rna.functions["prop"].parameters["icon"].enum_items.keys()
    return next((name for name in names if name in known), "NONE")


def register_cli_command(name: str, run: Callable[[Sequence[str]], int]) -> Any:
    """Register `blender --command NAME` (Blender 4.2 on); a handle for unregistering, else None."""
    if not hasattr(bpy.utils, "register_cli_command"):
        return None
    return bpy.utils.register_cli_command(name, run)


def unregister_cli_command(handle: Any) -> None:
    """Undo `register_cli_command`."""
    if handle is not None:
        bpy.utils.unregister_cli_command(handle)


def writes_videos() -> bool:
    """Whether this Blender was built with what writes H.264 into MP4 files."""
    return bool(bpy.app.build_options.codec_ffmpeg)


def set_video_output(scene: Any, path: str) -> None:
    """Make a scene render to an MP4 file: H.264 with AAC sound."""
    settings = scene.render.image_settings
    if hasattr(settings, "media_type"):
        settings.media_type = "VIDEO"
    settings.file_format = "FFMPEG"
    ffmpeg = scene.render.ffmpeg
    ffmpeg.format = "MPEG4"
    ffmpeg.codec = "H264"
    ffmpeg.constant_rate_factor = "HIGH"
    ffmpeg.audio_codec = "AAC"
    ffmpeg.audio_bitrate = 192
    scene.render.use_file_extension = False
    scene.render.filepath = path
