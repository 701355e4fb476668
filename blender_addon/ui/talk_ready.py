# SPDX-License-Identifier: GPL-3.0-or-later
"""The *Make It Talk-Ready* panel: shape keys for a plain face, and a look at what they do."""

from __future__ import annotations

from typing import Any, ClassVar

import bpy
from bpy.props import BoolProperty, FloatProperty, PointerProperty, StringProperty
from bpy.types import Context, Event, Operator, Panel, PropertyGroup

from ..api import faces
from ..api.long_jobs import LongJob
from ..host.blender_versions import interface
from .buttons import Reasoned, draw_reason
from .failures import answers, tells_update
from .landmarks import OnFreeMesh, known_landmarks, mesh_reason, picked_mesh
from .lookup import described, forget
from .sidebar_tab import FacePlace, SidebarPanel
from .text import draw_text, say

_TIMER_SECONDS = 1 / 25
_FILL = "Add Teeth and a Tongue"
_FILL_DESCRIPTION = (
    "Where nothing lies behind lips that can open, add simple teeth and a tongue that follow the jaw. Teeth and a tongue "
    "that the character has are used as they are"
)


def _carrier(context: Context) -> Any:
    """The object of the picked character that carries generated shapes; None where none does."""
    picked = picked_mesh(context)
    return faces.generated_on(described(picked).objects) if picked is not None else None


@answers([])
def _shape_names(_: Any, context: Context, edit_text: str) -> list[str]:
    carrier = _carrier(context)
    names = faces.generated_names(carrier) if carrier is not None else []
    return [name for name in names if edit_text.casefold() in name.casefold()]


@tells_update
def _show(state: Any, context: Context) -> None:
    carrier = _carrier(context)
    if carrier is not None:
        faces.show_shapes(carrier, {state.shape: state.amount} if state.shape else {})


class TalkReadyPreview(PropertyGroup):
    """Which generated shape is looked at; never saved."""

    shape: StringProperty(
        name="Shape",
        description="The generated shape to look at",
        search=_shape_names,
        update=_show,
        options={"SKIP_SAVE"},
    )
    fill_mouth: BoolProperty(name=_FILL, description=_FILL_DESCRIPTION, default=True, options={"SKIP_SAVE"})
    amount: FloatProperty(
        name="Amount",
        description="How far the shape is on",
        default=1.0,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
        update=_show,
        options={"SKIP_SAVE"},
    )


class TALKING_OT_talk_ready(OnFreeMesh, Operator):
    """Give a plain face mesh the ARKit shape keys that it lacks."""

    bl_idname = "talking_animation.talk_ready"
    bl_label = "Make It Talk-Ready"
    bl_description = (
        "Give a plain face mesh the ARKit shape keys that it lacks: jaw, lips, lids, brows, cheeks and gaze; teeth and "
        "tongue follow the jaw. Shape keys that exist are never changed"
    )
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    fill_mouth: BoolProperty(name=_FILL, description=_FILL_DESCRIPTION, default=True)

    def start(self, context: Context) -> LongJob[Any]:
        """Begin with the landmarks, where they are not known."""
        return faces.TalkReadyJob(picked_mesh(context), self.fill_mouth)

    def tell_done(self, context: Context, report: Any) -> set[str]:
        """Say what was made."""
        forget()
        text = " ".join(map(interface.translated, [report.message, *report.notes]))
        context.window_manager.talking_animation.tell(text, "INFO")
        say(self, {"INFO"}, text)
        return {"FINISHED"}


class TALKING_OT_cut_lips(OnFreeMesh, Operator):
    """Cut lips that are one skin, and build a mouth behind them."""

    bl_idname = "talking_animation.cut_lips"
    bl_label = "Cut the Lips for Me"
    bl_description = (
        "Cut lips that are one skin along the line between them, and build inner lips and a dark mouth behind. UVs, vertex "
        "groups, shape keys and materials stay"
    )
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    def start(self, context: Context) -> LongJob[Any]:
        """Begin with the landmarks, where they are not known."""
        return faces.CutLipsJob(picked_mesh(context))

    def tell_done(self, context: Context, report: Any) -> set[str]:
        """Say what was cut."""
        forget()
        context.window_manager.talking_animation.tell(report, "INFO")
        say(self, {"INFO"}, report)
        return {"FINISHED"}


class TALKING_OT_remove_talk_ready(Reasoned, Operator):
    """Take the generated shape keys off the character again; its own stay"""

    bl_idname = "talking_animation.remove_talk_ready"
    bl_label = "Remove Generated Shapes"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there are some."""
        return mesh_reason(context) or (
            "" if _carrier(context) is not None else "There are no generated shapes"
        )

    def execute(self, context: Context) -> set[str]:
        """Remove them."""
        count = faces.remove_generated(picked_mesh(context))
        forget()
        say(self, {"INFO"}, f"{count} shape keys removed.")
        return {"FINISHED"}


class TALKING_OT_test_talk(Reasoned, Operator):
    """Move the mouth through a few words, to look at the shapes; nothing is keyed. Esc stops"""

    bl_idname = "talking_animation.test_talk"
    bl_label = "Test Talk"
    bl_options: ClassVar = {"INTERNAL"}

    _timer: Any = None
    _carrier_name: str = ""
    _moment: float = 0.0

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there are generated shapes."""
        return mesh_reason(context) or ("" if _carrier(context) is not None else "Make it talk-ready first")

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Start the timer."""
        carrier = _carrier(context)
        if bpy.app.background or context.window is None:
            return {"CANCELLED"}
        self._carrier_name, self._moment = carrier.name, 0.0
        self._timer = context.window_manager.event_timer_add(_TIMER_SECONDS, window=context.window)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: Context, event: Event) -> set[str]:
        """Next pose at each tick."""
        carrier = bpy.data.objects.get(self._carrier_name)
        over = self._moment > faces.PREVIEW_SECONDS or carrier is None
        if over or (event.type == "ESC" and event.value == "PRESS"):
            self.cancel(context)
            return {"FINISHED"}
        if event.type == "TIMER":
            faces.show_shapes(carrier, faces.preview_pose(self._moment))
            self._moment += _TIMER_SECONDS
        return {"PASS_THROUGH"}

    def cancel(self, context: Context) -> None:
        """All shapes off again."""
        if self._timer is not None:
            context.window_manager.event_timer_remove(self._timer)
            self._timer = None
        carrier = bpy.data.objects.get(self._carrier_name)
        if carrier is not None:
            faces.show_shapes(carrier, {})


class TALKING_PT_talk_ready(SidebarPanel, Panel):
    """Shape keys for a plain face."""

    bl_idname = "TALKING_PT_talk_ready"
    bl_label = "Make It Talk-Ready"
    bl_parent_id = "TALKING_PT_face"
    bl_order = FacePlace.TALK_READY
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """For meshes that lack shapes, and those that got them here."""
        picked = picked_mesh(context)
        if picked is None or picked.type not in {"MESH", "ARMATURE"}:
            return False
        return not described(picked).meshes or _carrier(context) is not None

    def draw(self, context: Context) -> None:
        """Draw the panel."""
        layout = self.layout
        carrier = _carrier(context)
        state = context.window_manager.talk_ready_preview
        if carrier is None:
            known = known_landmarks(picked_mesh(context))
            draw_text(
                layout,
                context,
                "Generates the ARKit shape keys around the face's landmarks."
                if known is not None
                else "Finds the face's landmarks and generates the ARKit shape keys around them.",
                "INFO",
            )
            if known is not None and faces.NO_SLIT in known[1].notes:
                draw_text(layout, context, "The lips are one skin: cut them first.", "INFO")
                layout.operator("talking_animation.cut_lips", icon="MOD_EDGESPLIT")
            layout.prop(state, "fill_mouth")
            row = layout.row()
            row.scale_y = 1.4
            button = row.operator("talking_animation.talk_ready", icon=interface.icon("SHAPEKEY_DATA"))
            button.fill_mouth = state.fill_mouth
            draw_reason(layout, context, "")
            return
        draw_text(
            layout, context, f"{len(faces.generated_names(carrier))} shapes were generated.", "CHECKMARK"
        )
        layout.prop(state, "shape", icon=interface.icon("SHAPEKEY_DATA"))
        row = layout.row()
        row.enabled = bool(state.shape)
        row.prop(state, "amount", slider=True)
        layout.operator("talking_animation.test_talk", icon="PLAY")
        layout.operator("talking_animation.remove_talk_ready", icon="TRASH")


CLASSES: tuple[type, ...] = (
    TalkReadyPreview,
    TALKING_OT_talk_ready,
    TALKING_OT_cut_lips,
    TALKING_OT_remove_talk_ready,
    TALKING_OT_test_talk,
    TALKING_PT_talk_ready,
)


def register() -> None:
    """Attach the preview to the window manager."""
    bpy.types.WindowManager.talk_ready_preview = PointerProperty(type=TalkReadyPreview)


def unregister() -> None:
    """Take it away again."""
    del bpy.types.WindowManager.talk_ready_preview
