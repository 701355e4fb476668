# SPDX-License-Identifier: GPL-3.0-or-later
"""The look of a picture's character, below *Picture*: as it is, a line drawing, a cartoon, or what was learned."""

from __future__ import annotations

from typing import Any, ClassVar

from bpy.props import EnumProperty, StringProperty
from bpy.types import Context, Event, Object, Operator, Panel

from ..api import looks
from ..host.blender_versions import interface
from .buttons import InObjectMode, RunsJob, draw_reason, hand_over, picked_reason, tell_report
from .file_browsers import browse, remember_folder
from .lookup import described
from .properties import picked_character
from .sidebar_tab import SidebarPanel

ITEMS = [
    ("photo", "Photo", "The picture as it was"),
    ("drawing", "Line Drawing", "Ink on paper: lines, black areas and hatching"),
    ("cartoon", "Cartoon", "Flat colours with lines around them"),
]
"""The looks that ship: name, title and what it is."""


def _no_picture(picked: Object) -> str:
    is_picture = looks.picture_root(picked, described(picked)) is not None
    return "" if is_picture else f"'{picked.name}' is no picture"


class _Draws(InObjectMode, RunsJob):
    """Mixin of the buttons that change a look."""

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only in Object Mode, with a character that is a picture."""
        return super().disabled_reason(context) or picked_reason(context, _no_picture)

    def tell_done(self, context: Context, report: looks.LookReport) -> set[str]:
        """Say what came of it."""
        return tell_report(self, context, report)


class TALKING_OT_draw_look(_Draws, Operator):
    """Draw this picture's textures in another look; they are packed images, which can be painted on"""

    bl_idname = "talking_animation.draw_look"
    bl_label = "Draw Look"
    bl_options: ClassVar = {"UNDO"}

    look: EnumProperty(name="Look", items=ITEMS, options={"SKIP_SAVE"})
    filepath: StringProperty(options={"HIDDEN", "SKIP_SAVE"})

    def start(self, context: Context) -> looks.LookJob:
        """Begin with the picked character."""
        return looks.LookJob(looks.picture_root(picked_character(context)), self.filepath or self.look)


class TALKING_OT_pick_look(InObjectMode, Operator):
    """Draw this picture's textures in a look of your own, which the engine has learned"""

    bl_idname = "talking_animation.pick_look"
    bl_label = "Own Look …"
    bl_options: ClassVar = {"INTERNAL"}

    filepath: StringProperty(subtype="FILE_PATH", options={"SKIP_SAVE"})
    filter_glob: StringProperty(default="*.npz", options={"HIDDEN"})

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Open the file browser."""
        return browse(self, context, "look_folder")

    def execute(self, context: Context) -> set[str]:
        """The file is picked."""
        remember_folder(self.filepath, "look_folder")
        return hand_over(self, context, "draw_look", filepath=self.filepath)


class TALKING_PT_looks(SidebarPanel, Panel):
    """The look of the picked picture."""

    bl_idname = "TALKING_PT_looks"
    bl_label = "Look"
    bl_parent_id = "TALKING_PT_picture"
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Draw a button for each look."""
        layout = self.layout
        reason = TALKING_OT_draw_look.disabled_reason(context)
        picked = picked_character(context)
        present = looks.look_of(picked, described(picked)) if picked is not None and not reason else ""
        column = layout.column(align=True)
        for name, title, _about in ITEMS:
            button: Any = column.operator(TALKING_OT_draw_look.bl_idname, text=title, depress=name == present)
            button.look, button.filepath = name, ""
        layout.operator(TALKING_OT_pick_look.bl_idname, icon=interface.icon("FILE_FOLDER"))
        draw_reason(layout, context, reason)


PANELS: tuple[type[Panel], ...] = (TALKING_PT_looks,)
CLASSES: tuple[type, ...] = (TALKING_OT_draw_look, TALKING_OT_pick_look, *PANELS)
