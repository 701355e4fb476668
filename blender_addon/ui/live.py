# SPDX-License-Identifier: GPL-3.0-or-later
"""The live preview: the character talks while a recording plays or somebody speaks into the microphone."""

from __future__ import annotations

from typing import ClassVar, Final

import bpy
from bpy.props import BoolProperty, EnumProperty, PointerProperty
from bpy.types import Context, Event, Operator, Panel, PropertyGroup

from ..api import live
from ..host.blender_versions import interface
from . import buttons
from .buttons import Asks, has_window, picked_reason, running_reason
from .lookup import forget, obstacle, why_not_live
from .operators import generate_reason, generating, question_of_keys, tell_generated
from .properties import picked_audio, picked_character
from .sidebar_tab import Place, SidebarPanel
from .text import draw_text

_NAVIGATION: Final = {
    "MOUSEMOVE", "INBETWEEN_MOUSEMOVE", "MIDDLEMOUSE", "WHEELUPMOUSE", "WHEELDOWNMOUSE", "WHEELINMOUSE", "WHEELOUTMOUSE",
    "TRACKPADPAN", "TRACKPADZOOM", "MOUSEROTATE", "MOUSESMARTZOOM", "WINDOW_DEACTIVATE", "NDOF_MOTION",
    *(f"NUMPAD_{number}" for number in range(10)), "NUMPAD_PERIOD", "NUMPAD_PLUS", "NUMPAD_MINUS", "HOME",
}  # fmt: skip


class TalkingAnimationLive(PropertyGroup):
    """What the live preview listens to; kept with the window manager and never saved."""

    running: BoolProperty(options={"SKIP_SAVE"})
    source: EnumProperty(
        name="Source",
        items=(
            (
                live.RECORDING,
                "Recording",
                "The recording that is chosen above plays, and the character says it",
            ),
            (live.MICROPHONE, "Microphone", "The character says what you say, about half a second later"),
        ),
        options={"SKIP_SAVE"},
    )
    record: BoolProperty(
        name="Record",
        description="When the live preview stops, what was heard becomes keys, as Generate makes them; one undo takes them back",
        options={"SKIP_SAVE"},
    )


def live_reason(context: Context) -> str:
    """Why no live preview can start; "" where it can."""
    if not has_window(context):
        return "A live preview needs Blender's window"
    chosen = context.window_manager.talking_animation_live
    if chosen.source == live.RECORDING:
        reason = generate_reason(context)
    else:
        reason = (
            running_reason(context)
            or picked_reason(context, lambda picked: obstacle(picked).rstrip("."))
            or live.no_microphone().rstrip(".")
        )
    if reason or chosen.record:
        return reason
    return picked_reason(context, lambda picked: why_not_live(picked).rstrip("."))


class TALKING_OT_live(Asks, Operator):
    """Let the character talk at once, without keys: while the recording plays, or as you speak. Esc stops it"""

    bl_idname = "talking_animation.live"
    bl_label = "Start Live Preview"
    bl_options: ClassVar = {"UNDO"}

    tick_seconds = 1 / 40

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `live_reason`."""
        return live_reason(context)

    @classmethod
    def question(cls, context: Context) -> str:
        """See `question_of_keys`; a preview that is not recorded takes nothing's place."""
        return question_of_keys(context) if context.window_manager.talking_animation_live.record else ""

    def start(self, context: Context) -> live.LiveJob:
        """Begin; the scene's own playback would show its keys instead, so it stops."""
        if context.screen is not None and context.screen.is_animation_playing:
            bpy.ops.screen.animation_cancel(restore_frame=False)
        chosen = context.window_manager.talking_animation_live
        choice = live.LiveChoice(chosen.source, chosen.record)
        job = live.LiveJob(picked_character(context), picked_audio(context), choice, **generating(context))
        chosen.running = True
        return job

    def modal(self, context: Context, event: Event) -> set[str]:
        """Go on at each tick. Esc or Stop ends the preview; meanwhile the view can be turned, but nothing changed."""
        job, progress = buttons.running_job(), context.window_manager.talking_animation
        if not isinstance(job, live.LiveJob) or job.keying:
            return super().modal(context, event)
        job.record = context.window_manager.talking_animation_live.record
        if progress.cancel or (event.type == "ESC" and event.value == "PRESS"):
            progress.cancel = False
            job.finish()
            return {"RUNNING_MODAL"}
        if event.type != "TIMER":
            return {"PASS_THROUGH"} if _changes_nothing(context, event) else {"RUNNING_MODAL"}
        result = super().modal(context, event)
        for area in context.screen.areas if context.screen is not None else ():
            if area.type == "VIEW_3D":
                area.tag_redraw()
        return {"RUNNING_MODAL"} if result == {"PASS_THROUGH"} else result

    def tell_done(self, context: Context, report: live.LiveReport) -> set[str]:
        """What was keyed is told as Generate tells it; what was only shown leaves nothing behind."""
        if report.keys is None:
            progress = context.window_manager.talking_animation
            progress.tell(report.message, "WARNING" if report.warnings else "INFO", report.warnings)
            return {"CANCELLED"}
        report.keys.warnings = report.warnings
        chosen = context.scene.talking_animation
        if context.window_manager.talking_animation_live.source == live.MICROPHONE:
            chosen.source, chosen.audio = "FILE", report.audio
        return tell_generated(self, context, report.keys)

    def _end(self, context: Context) -> None:
        super()._end(context)
        context.window_manager.talking_animation_live.running = False
        forget()


def _changes_nothing(context: Context, event: Event) -> bool:
    """Whether an event turns the view only, or is for the sidebar, where all but Stop and Record is greyed out."""
    if event.type in _NAVIGATION or event.type.startswith("TIMER"):
        return True
    areas = context.screen.areas if context.screen is not None else ()
    return event.type == "LEFTMOUSE" and any(
        region.x <= event.mouse_x < region.x + region.width
        and region.y <= event.mouse_y < region.y + region.height
        for area in areas
        if area.type == "VIEW_3D"
        for region in area.regions
        if region.type == "UI"
    )


class TALKING_PT_live(SidebarPanel, Panel):
    """Seeing the character talk at once."""

    bl_idname = "TALKING_PT_live"
    bl_label = "Live Preview"
    bl_parent_id = "TALKING_PT_main"
    bl_order = Place.LIVE
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Only with a character that can talk."""
        picked = picked_character(context)
        return picked is not None and not obstacle(picked)

    def draw(self, context: Context) -> None:
        """Draw what it listens to, and its buttons."""
        layout = self.layout
        chosen = context.window_manager.talking_animation_live
        row = layout.row(align=True)
        row.enabled = not chosen.running
        row.prop(chosen, "source", expand=True)
        if chosen.running:
            layout.operator("talking_animation.cancel", text=buttons.stop_text(), icon="SNAP_FACE")
        else:
            layout.operator("talking_animation.live", icon="PLAY")
        row = layout.row()  # what takes the place of other keys is asked before it starts
        row.enabled = chosen.record or not (chosen.running and question_of_keys(context))
        row.prop(chosen, "record", icon=interface.icon("REC", "RADIOBUT_ON"), toggle=True)
        reason = "" if chosen.running else live_reason(context)
        if reason:
            draw_text(layout, context, f"{reason}.", "INFO")


def before_saving() -> None:
    """The file is about to be saved: as the character is without the preview, which goes on at its next tick."""
    job = buttons.running_job()
    if isinstance(job, live.LiveJob):
        job.rest()


CLASSES: tuple[type, ...] = (TalkingAnimationLive, TALKING_OT_live, TALKING_PT_live)


def register() -> None:
    """Attach the properties to the window manager."""
    bpy.types.WindowManager.talking_animation_live = PointerProperty(type=TalkingAnimationLive)


def unregister() -> None:
    """Take the properties away again."""
    del bpy.types.WindowManager.talking_animation_live
