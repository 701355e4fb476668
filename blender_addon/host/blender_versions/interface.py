# SPDX-License-Identifier: GPL-3.0-or-later
"""The window, the render output and the command line in every Blender."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import bpy

from .. import translations


def translated(text: str) -> str:
    """A text in the user's language, by the add-on's own words."""
    return translations.translated(text)


def tooltip(text: str) -> str:
    """A tooltip in the user's language, for what an operator's `description` answers."""
    return translations.tooltip(text)


def draw_progress(layout: Any, owner: Any, name: str) -> None:
    """A progress bar for a percentage property; before Blender 4.0 a slider. It has the number alone: words are cut off."""
    percent = getattr(owner, name)
    if hasattr(layout, "progress"):
        layout.progress(factor=percent / 100.0, text=f"{percent:.0f} %")
    else:
        layout.prop(owner, name, text="", slider=True)


@contextlib.contextmanager
def counting() -> Iterator[Callable[[float], object]]:
    """Show at the mouse how far something is that keeps the window waiting for a second or two; without a window, nothing.

    Yields:
        What is to be told how far it is, 0 to 1.
    """
    manager = bpy.context.window_manager
    if bpy.app.background or manager is None:
        yield lambda _: None
        return
    manager.progress_begin(0, 100)
    try:
        yield lambda fraction: manager.progress_update(100 * fraction)
    finally:
        manager.progress_end()


def draw_rectangles(rectangles: Sequence[tuple[float, float, float, float]], color: Sequence[float]) -> None:
    """Fill rectangles of an editor's region, while it is drawn.

    Args:
        rectangles: left, bottom, right and top of each, in pixels.
        color: red, green, blue and alpha, 0 to 1.
    """
    import gpu
    from gpu_extras.batch import batch_for_shader

    corners = [
        (x, y, 0.0)
        for left, bottom, right, top in rectangles
        for x, y in (
            (left, bottom),
            (right, bottom),
            (right, top),
            (left, bottom),
            (right, top),
            (left, top),
        )
    ]
    if not corners:
        return
    shader = flat_shader()
    gpu.state.blend_set("ALPHA")
    shader.uniform_float("color", color)
    batch_for_shader(shader, "TRIS", {"pos": corners}).draw(shader)
    gpu.state.blend_set("NONE")


def flat_shader() -> Any:
    """The shader that draws points of three numbers in one colour, in use."""
    import gpu

    shader = gpu.shader.from_builtin("UNIFORM_COLOR" if bpy.app.version >= (4, 0, 0) else "3D_UNIFORM_COLOR")
    shader.bind()
    return shader


def set_text_size(points: float) -> None:
    """Set the size of words that are drawn from now on, in points of the interface's scale."""
    import blf

    preferences: Any = bpy.context.preferences
    set_size: Any = blf.size  # until Blender 3.6 it also wants the dots of an inch
    size = points * preferences.system.ui_scale
    if bpy.app.version >= (4, 0, 0):
        set_size(0, size)
    else:
        set_size(0, round(size), 72)


def draw_words(x: float, y: float, words: str, color: Sequence[float]) -> None:
    """Write words of the size that was set in an editor's region, while it is drawn.

    Args:
        x, y: where they begin, in pixels.
        words: what.
        color: red, green, blue and alpha, 0 to 1.
    """
    import blf

    blf.color(0, *color)
    blf.position(0, x, y, 0)
    blf.draw(0, words)


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


def online_access_is_forced() -> bool:
    """Whether the command line that started Blender decides about the network, so that no preference does."""
    return bool(getattr(bpy.app, "online_access_override", False))


def awaits_online_access() -> bool:
    """Whether Blender may not use the network until the user says so, which one tick does; asks no disk, so panels may ask it."""
    return not online_access() and not online_access_is_forced()


def allow_online_access() -> None:
    """Let Blender and its add-ons use the network, as the tick in Blender's preferences does; it is saved with them."""
    preferences: Any = bpy.context.preferences
    if hasattr(preferences.system, "use_online_access"):
        preferences.system.use_online_access = True
        preferences.is_dirty = True


def modal_operators(manager: Any) -> list[Any] | None:
    """What goes on in the windows beside them, such as an object that is being moved; None before Blender 4.2."""
    windows = list(manager.windows)
    if not all(hasattr(window, "modal_operators") for window in windows):
        return None
    return [operator for window in windows for operator in window.modal_operators]


def set_poll_message(operator: Any, message: str) -> None:
    """Say why a button is greyed out, in the user's language: Blender shows it as it is."""
    if hasattr(operator, "poll_message_set"):
        operator.poll_message_set(translations.reason(message))


def is_on_property(context: Any) -> bool:
    """Whether what is right-clicked on, or under the mouse, is a property of a datablock: a quick look, for menus."""
    return _property_known(context) is not None or _property_pointed(context) is not None


def property_under(context: Any) -> tuple[Any, str, int] | None:
    """The property that is right-clicked on, or under the mouse.

    Blender tells of arrays which item it is since it has ``context.property``; before, only by what it copies.

    Returns:
        The datablock (a node tree within a material too), the data path from it, and the index in an array, else -1; None where
        there is none.
    """
    known = _property_known(context)
    if known is not None:
        return known
    pointed = _property_pointed(context)
    if pointed is None:
        return None
    datablock, path = pointed
    index_in_path = re.search(r"\[(\d+)\]$", _copied_path(context)) if context.button_prop.is_array else None
    return datablock, path, int(index_in_path[1]) if index_in_path else -1


def _property_known(context: Any) -> tuple[Any, str, int] | None:
    known: tuple[Any, str, int] | None = getattr(context, "property", None)
    return known


def _property_pointed(context: Any) -> tuple[Any, str] | None:
    owner, known = getattr(context, "button_pointer", None), getattr(context, "button_prop", None)
    if owner is None or known is None or owner.id_data is None:
        return None
    name = known.identifier
    for path in (name, f'["{bpy.utils.escape_identifier(name)}"]'):  # a custom one is in brackets
        with contextlib.suppress(ValueError, AttributeError):
            return owner.id_data, str(owner.path_from_id(path))
    return None


def _copied_path(context: Any) -> str:
    """What Blender copies of the property under the mouse; the clipboard stays as it was."""
    manager = context.window_manager
    before, manager.clipboard = manager.clipboard, ""
    try:
        with contextlib.suppress(RuntimeError):  # nothing is under the mouse any more
            bpy.ops.ui.copy_data_path_button(full_path=True)
        return str(manager.clipboard)
    finally:
        manager.clipboard = before


def icon(*names: str) -> str:
    """The first of these icons that this Blender has."""
    known = _icons()
    return next((name for name in names if name in known), "NONE")


@functools.cache
def _icons() -> frozenset[str]:
    """All icons of this Blender, a thousand: a panel asks for dozens at each redraw."""
    return frozenset(bpy.types.UILayout.bl_rna.functions["prop"].parameters["icon"].enum_items.keys())


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
