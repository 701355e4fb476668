# SPDX-License-Identifier: GPL-3.0-or-later
"""Buttons that open a video that was made in this session, or its folder, with the program that the system has for it.

A .blend file may come from anybody, so none says what is opened.
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any, ClassVar, Final

import bpy
from bpy.props import BoolProperty
from bpy.types import Context, Operator, UILayout

from ..errors import TalkingAnimationError
from .buttons import tells_errors
from .failures import Telling

_OPENER = "xdg-open"
_SUFFIX = ".mp4"
_made: dict[int, tuple[str, str]] = {}
"""`_number_of` a scene → the video that was made last and its folder, both absolute; of several videos "" and their folder."""
_NOTHING: Final = "", ""


def remember(scene: Any, video: str = "", folder: str = "") -> None:
    """Keep until another file is opened what was made of a scene: a video, or the folder of several."""
    _made[_number_of(scene)] = video, folder or os.path.dirname(video)


def _number_of(scene: Any) -> int:
    """What a scene keeps in this session, whatever it is renamed to and however often is undone; a copy has another."""
    return getattr(scene, "session_uid", 0) or scene.as_pointer()  # Blender before 4.2 has no such number


def forget() -> None:
    """Forget it: another file was opened."""
    _made.clear()


class TALKING_OT_open_file(Telling, Operator):
    """Open it with the program that the system has for it"""

    bl_idname = "talking_animation.open_file"
    bl_label = "Open"
    bl_options: ClassVar = {"INTERNAL"}

    folder: BoolProperty(options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def description(cls, context: Context, properties: Any) -> str:
        """Which file it is."""
        return _place(context, properties.folder)

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Open it."""
        path = _place(context, self.folder)
        if not path:
            raise TalkingAnimationError(
                "No video was made since this file was opened: press Bake Talking Portrait."
            )
        is_there = os.path.isdir(path) if self.folder else os.path.isfile(path) and _is_video(path)
        if not is_there:
            raise TalkingAnimationError(f"'{path}' is not there any more: make it again.")
        if sys.platform.startswith("linux") and shutil.which(_OPENER) is None:
            raise TalkingAnimationError(
                f"This system has no {_OPENER}, which opens files: open '{path}' yourself, or install xdg-utils."
            )
        return set(bpy.ops.wm.path_open(filepath=path))


def _is_video(path: str) -> bool:
    return os.path.splitext(path)[1].casefold() == _SUFFIX


def _place(context: Context, is_folder: bool) -> str:
    return _made.get(_number_of(context.scene), _NOTHING)[is_folder]


def draw_finished(layout: UILayout, scene: Any) -> None:
    """Buttons for the video that was made of a scene and its folder; for several their folder alone. The disk is looked at when
    they are pressed: a redraw must not wait for a network's."""
    video, folder = _made.get(_number_of(scene), _NOTHING)
    column = layout.column(align=True)
    for path, text, icon, is_folder in (
        (video, "Show Video", "PLAY", False),
        (folder, "Open Folder", "FILE_FOLDER", True),
    ):
        if path:
            column.operator(TALKING_OT_open_file.bl_idname, text=text, icon=icon).folder = is_folder


CLASSES: tuple[type, ...] = (TALKING_OT_open_file,)
