# SPDX-License-Identifier: GPL-3.0-or-later
"""The *Grease Pencil* panel: how a drawn face is moved, and which stroke is which part of it."""

from __future__ import annotations

from typing import Any, ClassVar

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)
from bpy.types import Context, Operator, Panel, PropertyGroup, UIList

from ..api import grease_pencil as drawn_faces
from .buttons import (
    InObjectMode,
    Reasoned,
    picked_reason,
    running_reason,
    tells_errors,
)
from .failures import Telling
from .looking import take_up
from .lookup import forget, obstacle
from .properties import picked_character
from .sidebar_tab import SidebarPanel
from .text import draw_text, say


def picked_drawing(context: Context) -> Any:
    """The drawing that is picked as the character; None for another character, or none."""
    picked = picked_character(context)
    return picked if picked is not None and drawn_faces.is_drawing(picked) else None


class TalkingDrawingStroke(PropertyGroup):
    """What one stroke is."""

    layer: StringProperty(name="Layer")
    stroke: IntProperty(name="Stroke", min=0)
    part: EnumProperty(
        name="Part",
        description="Which part of the face this stroke is",
        items=[
            (drawn_faces.BY_NAME, "By Its Name", "What its layer or its material is called"),
            *((part, title, "") for part, title in drawn_faces.PARTS.items()),
        ],
    )


class TalkingDrawing(PropertyGroup):
    """How a drawing is made to talk; kept with its object."""

    way: EnumProperty(
        name="Moved by",
        description="How the drawing moves; it takes effect when the talking animation is generated",
        items=[(way, label, text) for way, (label, text) in drawn_faces.WAYS.items()],
    )
    hold: IntProperty(
        name="Frames a Drawing",
        description="For how many frames each drawing stays: on ones, twos or threes",
        default=1,
        min=1,
        max=3,
    )
    strokes: CollectionProperty(type=TalkingDrawingStroke)
    active: IntProperty(options={"HIDDEN"})
    show_parts: BoolProperty(
        name="Show in Viewport",
        description="Show in the 3D viewport what each stroke was taken for: a colour and a name for each part",
        default=True,
    )


class TALKING_UL_drawing_strokes(Telling, UIList):
    """Strokes and their parts."""

    bl_idname = "TALKING_UL_drawing_strokes"

    def draw_item(
        self, context: Context, layout: Any, data: Any, item: Any, icon: int, active: Any, name: str
    ) -> None:
        """A stroke's layer and number, and its part."""
        split = layout.split(factor=0.5)
        split.label(text=f"{item.layer} {item.stroke + 1}", translate=False)
        split.prop(item, "part", text="")


def _drawing_reason(context: Context) -> str:
    return running_reason(context) or picked_reason(
        context,
        lambda picked: "" if drawn_faces.is_drawing(picked) else "The character is no Grease Pencil drawing",
    )


class TALKING_OT_find_drawn_face(Reasoned, Operator):
    """Find out by where they lie which strokes are the mouth, the eyes and the other parts of the face"""

    bl_idname = "talking_animation.find_drawn_face"
    bl_label = "Find the Face"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only with a drawing."""
        return _drawing_reason(context)

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Find it, and say what was found."""
        text = drawn_faces.find_face(picked_drawing(context), context.scene)
        forget()
        context.window_manager.talking_animation.tell(text, "INFO")
        say(self, {"INFO"}, text)
        return {"FINISHED"}


class TALKING_OT_forget_drawn_face(Reasoned, Operator):
    """Forget which stroke is which part: names of layers and materials tell it again"""

    bl_idname = "talking_animation.forget_drawn_face"
    bl_label = "Forget the Parts"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there is something to forget."""
        return _drawing_reason(context) or (
            "" if len(picked_drawing(context).talking_drawing.strokes) else "No part was found or chosen"
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Forget them."""
        drawn_faces.forget_face(picked_drawing(context))
        forget()
        return {"FINISHED"}


class TALKING_OT_add_drawn_face(InObjectMode, Operator):
    """Add a face drawn in Grease Pencil strokes, with layers named after its parts, at the 3D cursor"""

    bl_idname = "talking_animation.add_drawn_face"
    bl_label = "Add Grease Pencil Face"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Draw it, pick it and look at it."""
        take_up(context, drawn_faces.add_face(context.scene))
        forget()
        return {"FINISHED"}


class TALKING_PT_grease_pencil(SidebarPanel, Panel):
    """A face drawn in strokes."""

    bl_idname = "TALKING_PT_grease_pencil"
    bl_label = "Grease Pencil"
    bl_parent_id = "TALKING_PT_main"
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Draw how it moves and its parts; without a drawing, a way to one."""
        layout = self.layout
        drawing = picked_drawing(context)
        if drawing is None:
            layout.operator("talking_animation.add_drawn_face", icon="ADD")
            return
        problem = obstacle(drawing)
        if problem:
            draw_text(layout, context, problem, "ERROR")
        state = drawing.talking_drawing
        column = layout.column()
        column.row().prop(state, "way", expand=True)
        row = column.row()
        row.enabled = state.way == "DRAWINGS"
        row.prop(state, "hold")
        layout.operator("talking_animation.find_drawn_face", icon="VIEWZOOM")
        if len(state.strokes):
            layout.template_list("TALKING_UL_drawing_strokes", "", state, "strokes", state, "active", rows=4)
            layout.prop(state, "show_parts")
            layout.operator("talking_animation.forget_drawn_face", icon="X")


PANELS: tuple[type[Panel], ...] = (TALKING_PT_grease_pencil,)
CLASSES: tuple[type, ...] = (
    TalkingDrawingStroke,
    TalkingDrawing,
    TALKING_UL_drawing_strokes,
    TALKING_OT_find_drawn_face,
    TALKING_OT_forget_drawn_face,
    TALKING_OT_add_drawn_face,
    *PANELS,
)


def register() -> None:
    """Attach the properties to objects."""
    bpy.types.Object.talking_drawing = PointerProperty(type=TalkingDrawing)


def unregister() -> None:
    """Take the properties away again."""
    del bpy.types.Object.talking_drawing
