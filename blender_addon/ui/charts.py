# SPDX-License-Identifier: GPL-3.0-or-later
"""Buttons for mouth charts to begin with: from the picked picture or drawing, and a cat on sprite sheets."""

from __future__ import annotations

from typing import Any, ClassVar

from bpy.types import Context, Operator

from ..api import charts
from . import lookup
from .buttons import InObjectMode, OnCharacter, object_mode_reason, picked_reason, tells_errors
from .looking import take_up
from .properties import picked_character


class TALKING_OT_chart_from(OnCharacter, Operator):
    """Make a mouth chart from the picked picture or Grease Pencil face: nine mouths to draw over, beside it"""

    bl_idname = "talking_animation.chart_from"
    bl_label = "Make Mouth Chart"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only on a picture that talks or a drawing."""
        return (
            object_mode_reason(context)
            or super().disabled_reason(context)
            or picked_reason(context, lambda picked: charts.chart_obstacle(picked, lookup.described(picked)))
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Make it, pick it and look at it."""
        take_up(context, charts.chart_from(picked_character(context), context.scene))
        lookup.forget()
        return {"FINISHED"}


class TALKING_OT_add_sprite_chart(InObjectMode, Operator):
    """Add a cat whose nine mouths and eyes are cells of sprite sheets, to paint over"""

    bl_idname = "talking_animation.add_sprite_chart"
    bl_label = "Add Sprite Sheet"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Build it where there is room, pick it and look at it."""
        take_up(context, charts.add_sprite_chart(context.scene))
        lookup.forget()
        return {"FINISHED"}


def draw_chart_from(layout: Any, picked: Any) -> None:
    """The button that makes a chart, where one can be made of what is picked."""
    if not charts.chart_obstacle(picked, lookup.described(picked)):
        layout.operator("talking_animation.chart_from", icon="RENDERLAYERS")


CLASSES: tuple[type, ...] = (TALKING_OT_chart_from, TALKING_OT_add_sprite_chart)
