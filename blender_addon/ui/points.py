# SPDX-License-Identifier: GPL-3.0-or-later
"""Landmark points on the panel."""

from __future__ import annotations

from typing import Any, ClassVar

from bpy.props import BoolProperty, EnumProperty
from bpy.types import Context, Operator, Panel

from .. import api
from ..api.tables import POINT_KINDS
from ..host.blender_versions import interface
from .buttons import (
    InObjectMode,
    Reasoned,
    picked_reason,
    running_reason,
    tells_errors,
)
from .lookup import forget, has_points, obstacle
from .properties import picked_character
from .sidebar_tab import FacePlace, SidebarPanel


def _owner(context: Context) -> Any:
    """The character that points can be added to; None where points can only stand alone."""
    picked = picked_character(context)
    return picked if picked is not None and not obstacle(picked) else None


class TALKING_OT_add_points(InObjectMode, Operator):
    """Add the 68 landmarks of the face as points that move with the talking animation."""

    bl_idname = "talking_animation.add_points"
    bl_label = "Add Landmark Points"
    bl_description = (
        "Add the 68 landmarks of the face as points that move with the talking animation: for constraints, hooks, drivers and "
        "geometry nodes on anything else"
    )
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    kind: EnumProperty(
        name="As",
        description="What the points are",
        items=[(kind, label, text) for kind, (label, text) in POINT_KINDS.items()],
    )
    alone: BoolProperty(
        name="Without a Character",
        description="Points that belong to no character: pick them as the character, then generate",
        default=False,
    )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Add them."""
        owner = None if self.alone else _owner(context)
        anchor = api.add_points(owner, self.kind, context.scene)
        if owner is None:
            context.scene.talking_animation.character = anchor
        forget()
        return {"FINISHED"}


class TALKING_OT_remove_points(Reasoned, Operator):
    """Delete this character's landmark points and what moves them"""

    bl_idname = "talking_animation.remove_points"
    bl_label = "Remove Landmark Points"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there are some."""
        return running_reason(context) or picked_reason(
            context, lambda picked: "" if has_points(picked) else "There are no landmark points"
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Delete them."""
        api.remove_points(picked_character(context), context.scene)
        forget()
        return {"FINISHED"}


class TALKING_PT_points(SidebarPanel, Panel):
    """The landmarks as points in the scene."""

    bl_idname = "TALKING_PT_points"
    bl_label = "Landmark Points"
    bl_parent_id = "TALKING_PT_face"
    bl_order = FacePlace.POINTS
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Draw the buttons."""
        alone = _owner(context) is None
        column = self.layout.column(align=True)
        for kind, (label, _) in POINT_KINDS.items():
            icon = interface.icon("MESH_DATA" if kind == "MESH" else "EMPTY_AXIS")
            title = interface.translated("Add as {kind}").format(kind=interface.translated(label))
            button = column.operator("talking_animation.add_points", text=title, icon=icon)
            button.kind, button.alone = kind, alone
        if not alone:
            button = column.operator(
                "talking_animation.add_points", text="Add without a Character", icon="ADD"
            )
            button.alone = True
        column.operator("talking_animation.remove_points", icon="TRASH")


PANELS: tuple[type[Panel], ...] = (TALKING_PT_points,)
CLASSES: tuple[type, ...] = (TALKING_OT_add_points, TALKING_OT_remove_points, *PANELS)
