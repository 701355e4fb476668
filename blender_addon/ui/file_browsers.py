# SPDX-License-Identifier: GPL-3.0-or-later
"""Blender's file browser for one kind of file: it shows nothing else, and opens in the folder of the last one."""

from __future__ import annotations

import os
from typing import Any, ClassVar, Final

import bpy
from bpy.props import BoolProperty, StringProperty
from bpy.types import Context, Event, Operator, UILayout

from ..api import settings
from ..errors import TalkingAnimationError, legible
from .buttons import WhileNothingRuns, tells_errors
from .text import draw_name, letters, width_of


class Browses(WhileNothingRuns):
    """Mixin: a file browser for one kind of file. The operator itself has the properties `filter_…` that say which.

    Attributes:
        folder_setting: the field of `settings.Settings` with the folder of the last choice.
        nothing: what was not chosen, such as "recording", for the sentence that says so.
        click: what to click, for the same sentence.
    """

    folder_setting: ClassVar[str]
    nothing: ClassVar[str]
    click: ClassVar[str]

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    relative_path: BoolProperty(
        name="Relative Path",
        description="Keep the path as seen from the .blend file, so that both can move together",
        default=True,
    )

    @classmethod
    def present(cls, context: Context) -> str:
        """The path that is chosen now; "" for none."""
        raise NotImplementedError

    def take(self, context: Context, path: str) -> None:
        """A file was chosen."""
        raise NotImplementedError

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Open the file browser."""
        if not self.properties.is_property_set("relative_path"):  # type: ignore[attr-defined]
            self.relative_path = context.preferences.filepaths.use_relative_paths
        return browse(self, context, self.folder_setting, self.present(context))

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """The file is chosen; its folder is where the browser opens next time."""
        path = bpy.path.abspath(self.filepath)
        if os.path.isdir(path) or not os.path.basename(path):
            raise TalkingAnimationError(
                f"No {self.nothing} was chosen: click {self.click} in the file browser."
            )
        if not os.path.isfile(path):
            raise TalkingAnimationError(
                f"'{os.path.basename(path)}' is not in that folder: click {self.click} in the file browser."
            )
        remember_folder(path, self.folder_setting)
        self.take(context, _as_kept(path, self.relative_path))
        return {"FINISHED"}


_MARGINS, _BUTTON, _PADDING = 65, 20, 20
"""Pixels of a panel's tabs and margins, of a button beside a path, and within its field beside it."""
_FIELD: Final = 0.6
"""What Blender leaves a field and the buttons beside it of their row where a name stands before them."""


def draw_file(
    layout: UILayout, owner: Any, name: str, operator: str, text: str = "", menu: str = "", icon: str = "NONE"
) -> None:
    """The path of a file, and the button that browses for it; below a path that does not fit, what the file is called.

    Args:
        layout: a panel's.
        owner: has the path.
        name: the path's property; it has no browser of its own (subtype FILE_NAME).
        operator: the id of one that `Browses`.
        text: beside the path, where the layout splits properties.
        menu: the id of one beside the button; "" for none.
        icon: the menu's.
    """
    row = layout.row(align=True)
    row.prop(owner, name, text=text)
    row.operator(operator, text="", icon="FILEBROWSER")
    if menu:
        row.menu(menu, text="", icon=icon)
    draw_name_if_cut(layout, str(getattr(owner, name)), bool(text), 2 if menu else 1)


def draw_name_if_cut(layout: UILayout, path: str, split: bool, buttons: int = 1) -> None:
    """What a file is called, below its path where that does not fit.

    Args:
        layout: a panel's.
        path: what the field above holds.
        split: whether a name stands beside the field.
        buttons: beside the field, in the same row.
    """
    room = (width_of(bpy.context) - _MARGINS) * (_FIELD if split else 1.0) - _BUTTON * buttons - _PADDING
    if len(path) > letters(room):
        draw_name(layout, bpy.context, legible(os.path.basename(path.replace("\\", "/"))))


def browse(operator: Any, context: Context, folder_setting: str, present: str = "") -> set[str]:
    """Open the file browser of an operator that has no path yet, at the file or in the folder that was chosen last.

    Args:
        operator: has the property `filepath`; what it is called with begins there all the same.
        context: the button's.
        folder_setting: see `Browses`.
        present: the path that is chosen now; "" for none.
    """
    place = "" if operator.filepath else first_place(present, folder_setting)
    if place:  # a path that was set to nothing is one, too: Blender would begin at the top of the disk
        operator.filepath = place
    context.window_manager.fileselect_add(operator)
    return {"RUNNING_MODAL"}


def remember_folder(path: str, folder_setting: str) -> None:
    """The browser of this kind of file opens there next time; nothing where there is no such file."""
    path = bpy.path.abspath(path)
    if os.path.isfile(path):
        settings.remember(**{folder_setting: os.path.dirname(os.path.abspath(path))})


def first_place(path: str, folder_setting: str) -> str:
    """Where a browser opens: at a file that is chosen, else in the folder of the last one; "" where Blender decides."""
    present = bpy.path.abspath(path) if path.strip() else ""
    if present and os.path.isdir(os.path.dirname(present)):
        return present
    last = getattr(settings.current(), folder_setting)
    return os.path.join(last, "") if last and os.path.isdir(last) else ""


def _as_kept(path: str, relative: bool) -> str:
    """The path as the scene keeps it: seen from the .blend file, where that is wanted and saved on the same drive."""
    if not relative or not bpy.data.filepath:
        return path
    try:
        return str(bpy.path.relpath(path))
    except ValueError:  # another drive of Windows
        return path


_SHOWN = {"default": True, "options": {"HIDDEN", "SKIP_SAVE"}}


class TALKING_OT_choose_style_file(Browses, Operator):
    """Browse for a style's .json or a person's .npz, such as those made of videos"""

    bl_idname = "talking_animation.choose_style_file"
    bl_label = "Choose Style"
    bl_options: ClassVar = {"INTERNAL", "UNDO"}
    folder_setting, nothing, click = "style_folder", "style", "a style's .json or a person's .npz"

    filter_folder: BoolProperty(**_SHOWN)
    filter_glob: StringProperty(default="*.json;*.npz", options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def present(cls, context: Context) -> str:
        """The scene's."""
        return str(context.scene.talking_animation.style_file)

    def take(self, context: Context, path: str) -> None:
        """It is the panel's style."""
        chosen = context.scene.talking_animation
        chosen.style, chosen.style_file = "FILE", path


class TALKING_OT_choose_table(Browses, Operator):
    """Browse for the table of lines: a CSV file, as spreadsheets write it"""

    bl_idname = "talking_animation.choose_table"
    bl_label = "Choose Table"
    bl_options: ClassVar = {"INTERNAL", "UNDO"}
    folder_setting, nothing, click = "table_folder", "table", "a CSV file"

    filter_folder: BoolProperty(**_SHOWN)
    filter_glob: StringProperty(default="*.csv;*.tsv;*.txt", options={"HIDDEN", "SKIP_SAVE"})

    @classmethod
    def present(cls, context: Context) -> str:
        """The scene's."""
        return str(context.scene.talking_animation_script.table)

    def take(self, context: Context, path: str) -> None:
        """The lines come from it."""
        script = context.scene.talking_animation_script
        script.source, script.table = "TABLE", path


CLASSES: tuple[type, ...] = (TALKING_OT_choose_style_file, TALKING_OT_choose_table)
