# SPDX-License-Identifier: GPL-3.0-or-later
"""Buttons that open a file that was made, or its folder, with the program that the system has for it."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any, ClassVar

import bpy
from bpy.props import StringProperty
from bpy.types import Context, Operator, UILayout

from ..errors import TalkingAnimationError
from .buttons import tells_errors

_OPENER = "xdg-open"


class TALKING_OT_open_file(Operator):
    """Open it with the program that the system has for it"""

    bl_idname = "talking_animation.open_file"
    bl_label = "Open"
    bl_options: ClassVar = {"INTERNAL"}

    path: StringProperty(options={"HIDDEN", "SKIP_SAVE"})  # type: ignore[valid-type]

    @classmethod
    def description(cls, context: Context, properties: Any) -> str:
        """Which file it is."""
        return str(properties.path)

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Open it."""
        if not os.path.exists(self.path):
            raise TalkingAnimationError(f"'{self.path}' is not there any more: make it again.")
        if sys.platform.startswith("linux") and shutil.which(_OPENER) is None:
            raise TalkingAnimationError(
                f"This system has no {_OPENER}, which opens files: open '{self.path}' yourself, or install xdg-utils."
            )
        return set(bpy.ops.wm.path_open(filepath=self.path))


def draw_finished(layout: UILayout, path: str) -> None:
    """Buttons for a video that was made and its folder; for a folder of several its own alone; nothing for what is gone."""
    if not path or not os.path.exists(path):
        return
    column = layout.column(align=True)
    several = os.path.isdir(path)
    if not several:
        column.operator(TALKING_OT_open_file.bl_idname, text="Show Video", icon="PLAY").path = path
    folder = path if several else os.path.dirname(path)
    column.operator(TALKING_OT_open_file.bl_idname, text="Open Folder", icon="FILE_FOLDER").path = folder


CLASSES: tuple[type, ...] = (TALKING_OT_open_file,)
