# SPDX-License-Identifier: GPL-3.0-or-later
"""Buttons. Each is a thin caller of `api`; one that is greyed out says why."""

from __future__ import annotations

import os
import traceback
from typing import Any, ClassVar

import bpy
from bpy.props import BoolProperty
from bpy.types import Context, Event, Operator

from .. import api, cache, settings, versions
from ..errors import Cancelled, TalkingAnimationError
from .properties import picked_audio, picked_character

_TIMER_SECONDS = 0.05
_job: api.Job | None = None


class _Reasoned:
    """Mixin: `disabled_reason` decides whether a button works, and is its explanation when it does not."""

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Why the button cannot be pressed; "" where it can."""
        raise NotImplementedError

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Blender asks whether the button can be pressed."""
        reason = cls.disabled_reason(context)
        if reason:
            versions.set_poll_message(cls, reason)
        return not reason


def _running_reason(context: Context) -> str:
    return (
        "A talking animation is being generated" if context.window_manager.talking_animation.running else ""
    )


def _fail(operator: Operator, context: Context, error: Exception) -> set[str]:
    """One sentence for the user; what is not a known problem goes to the console in full."""
    if isinstance(error, Cancelled):
        operator.report({"INFO"}, str(error))
        context.window_manager.talking_animation.tell(str(error), "INFO")
        return {"CANCELLED"}
    if isinstance(error, TalkingAnimationError):
        sentence = str(error)
    else:
        traceback.print_exception(type(error), error, error.__traceback__)
        sentence = (
            f"Something unforeseen happened ({type(error).__name__}): "
            "press Copy Diagnostics in the add-on's preferences and report it."
        )
    context.window_manager.talking_animation.tell(sentence, "ERROR")
    operator.report({"ERROR"}, sentence)
    return {"CANCELLED"}


def generate_reason(context: Context) -> str:
    """Why Generate cannot be pressed; "" where it can."""
    running = _running_reason(context)
    if running:
        return running
    item = picked_character(context)
    if item is None:
        return "Select a character, or add the demo character"
    problem = api.describe(item).problem
    if problem:
        return problem.rstrip(".")
    chosen = context.scene.talking_animation
    if chosen.source == "STRIP":
        if picked_audio(context) is None:
            return "Choose a sound strip of the Sequencer"
    elif not chosen.audio.strip():
        return "Choose a voice recording"
    return ""


class TALKING_OT_generate(_Reasoned, Operator):
    """Make the character say the recording."""

    bl_idname = "talking_animation.generate"
    bl_label = "Generate Talking Animation"
    bl_description = (
        "Make the character say the recording: lips, head, brows, blinks and gaze become ordinary keys. "
        "Generating again replaces only what was generated before"
    )
    bl_options: ClassVar = {"UNDO"}

    _timer: Any = None

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `generate_reason`."""
        return generate_reason(context)

    def _arguments(self, context: Context) -> dict[str, Any]:
        chosen = context.scene.talking_animation
        return {
            "start_frame": None if chosen.source == "STRIP" else chosen.start_frame,
            "style": chosen.style,
            "seed": chosen.seed,
            "placement": chosen.placement,
            "add_sound": chosen.add_sound,
            "extend_range": chosen.extend_range,
            "scene": context.scene,
        }

    def execute(self, context: Context) -> set[str]:
        """Without a window: generate and wait."""
        try:
            report = api.generate(
                picked_character(context), picked_audio(context), **self._arguments(context)
            )
        except Exception as error:
            return _fail(self, context, error)
        self._tell(context, report)
        return {"FINISHED"}

    def invoke(self, context: Context, event: Event) -> set[str]:
        """In the window: start, and let `modal` see to it."""
        global _job
        if bpy.app.background or context.window is None:
            return self.execute(context)
        progress = context.window_manager.talking_animation
        progress.tell("")
        try:
            _job = api.Job(picked_character(context), picked_audio(context), **self._arguments(context))
        except Exception as error:
            return _fail(self, context, error)
        progress.running, progress.cancel, progress.percent = True, False, 0.0
        progress.stage = _job.stage
        self._timer = context.window_manager.event_timer_add(_TIMER_SECONDS, window=context.window)
        context.window_manager.modal_handler_add(self)
        _redraw(context)
        return {"RUNNING_MODAL"}

    def modal(self, context: Context, event: Event) -> set[str]:
        """Take the engine's news at each tick; Esc or the Cancel button stops it."""
        progress = context.window_manager.talking_animation
        if _job is None or progress.cancel or (event.type == "ESC" and event.value == "PRESS"):
            self._end(context)
            return _fail(self, context, Cancelled())
        if event.type != "TIMER":
            return {"PASS_THROUGH"}
        try:
            done = _job.poll()
        except Exception as error:
            self._end(context)
            return _fail(self, context, error)
        progress.percent, progress.stage = 100.0 * _job.fraction, _job.stage
        _redraw(context)
        if not done:
            return {"PASS_THROUGH"}
        report = _job.report
        self._end(context)
        assert report is not None
        self._tell(context, report)
        return {"FINISHED"}

    def cancel(self, context: Context) -> None:
        """Blender ends the operator: the window closes or another file is opened."""
        self._end(context)

    def _end(self, context: Context) -> None:
        stop_job()
        if self._timer is not None:
            context.window_manager.event_timer_remove(self._timer)
            self._timer = None
        progress = context.window_manager.talking_animation
        progress.running = progress.cancel = False
        _redraw(context)

    def _tell(self, context: Context, report: api.Report) -> None:
        text = " ".join([report.message, *report.warnings])
        context.window_manager.talking_animation.tell(text, "WARNING" if report.warnings else "INFO")
        self.report({"INFO"}, report.message)
        for warning in report.warnings:
            self.report({"WARNING"}, warning)


class TALKING_OT_cancel(_Reasoned, Operator):
    """Stop generating; nothing was changed"""

    bl_idname = "talking_animation.cancel"
    bl_label = "Cancel"
    bl_options: ClassVar = {"INTERNAL"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only while something is being generated."""
        return "" if context.window_manager.talking_animation.running else "Nothing is being generated"

    def execute(self, context: Context) -> set[str]:
        """Ask the running operator to stop."""
        context.window_manager.talking_animation.cancel = True
        return {"FINISHED"}


class TALKING_OT_remove(_Reasoned, Operator):
    """Take the talking animation and its sound off the character, which is then as it was before"""

    bl_idname = "talking_animation.remove"
    bl_label = "Remove Talking Animation"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there is something to remove."""
        running = _running_reason(context)
        if running:
            return running
        item = picked_character(context)
        if item is None:
            return "Select a character"
        return "" if api.has_animation(item) else f"'{item.name}' has no talking animation"

    def execute(self, context: Context) -> set[str]:
        """Remove it."""
        item = picked_character(context)
        try:
            api.remove(item, context.scene)
        except Exception as error:
            return _fail(self, context, error)
        context.window_manager.talking_animation.tell("Removed: the character is as it was before.")
        return {"FINISHED"}


class TALKING_OT_reset_dials(_Reasoned, Operator):
    """Set all dials back to 1"""

    bl_idname = "talking_animation.reset_dials"
    bl_label = "Reset Dials"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only with a character."""
        return "" if picked_character(context) is not None else "Select a character"

    def execute(self, context: Context) -> set[str]:
        """Reset and apply."""
        root = api.describe(picked_character(context)).root
        try:
            api.with_dials(root.talking_animation, api.Dials())
            if api.motion_file(root):
                api.apply_dials(root, scene=context.scene)
        except Exception as error:
            return _fail(self, context, error)
        return {"FINISHED"}


class TALKING_OT_add_demo(_Reasoned, Operator):
    """Add a ready-made head with all 52 ARKit shapes and a head bone, to try things out"""

    bl_idname = "talking_animation.add_demo_character"
    bl_label = "Add Demo Character"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    stage: BoolProperty(  # type: ignore[valid-type]
        name="With Lights and Camera",
        description="Also add lights and a camera that looks at the face, and set up the render",
        default=False,
    )

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only in Object Mode."""
        running = _running_reason(context)
        if running:
            return running
        return "" if context.mode == "OBJECT" else "Switch to Object Mode"

    def execute(self, context: Context) -> set[str]:
        """Build it at the 3D cursor and pick it."""
        try:
            from .. import demo_character

            rig = demo_character.build(context.scene, location=tuple(context.scene.cursor.location))
            if self.stage:
                demo_character.build_stage(context.scene, rig)
        except Exception as error:
            return _fail(self, context, error)
        for item in context.selected_objects:
            item.select_set(False)
        rig.select_set(True)
        context.view_layer.objects.active = rig
        chosen = context.scene.talking_animation
        chosen.character = rig
        sample = api.sample_voice()
        if not chosen.audio and sample is not None:
            chosen.audio = str(sample)  # so that the next click makes it talk
        return {"FINISHED"}


class TALKING_OT_use_active(_Reasoned, Operator):
    """Work on the active object"""

    bl_idname = "talking_animation.use_active"
    bl_label = "Use Active Object"
    bl_options: ClassVar = {"INTERNAL", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only with an active object."""
        return "" if context.view_layer.objects.active is not None else "There is no active object"

    def execute(self, context: Context) -> set[str]:
        """Pick it."""
        context.scene.talking_animation.character = context.view_layer.objects.active
        return {"FINISHED"}


class TALKING_OT_clear_cache(_Reasoned, Operator):
    """Delete all generated motion from the cache folder."""

    bl_idname = "talking_animation.clear_cache"
    bl_label = "Clear Cache"
    bl_description = (
        "Delete all generated motion from the cache folder. Keys stay as they are; the dials of characters "
        "that already talk work again after generating once more"
    )
    bl_options: ClassVar = {"INTERNAL"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Not while something is being generated."""
        return _running_reason(context)

    def execute(self, context: Context) -> set[str]:
        """Clear it."""
        try:
            count = cache.clear(cache.folder(settings.current().cache_folder))
        except (TalkingAnimationError, OSError) as error:
            return _fail(self, context, error)
        self.report({"INFO"}, f"{count} files deleted.")
        return {"FINISHED"}


class TALKING_OT_copy_diagnostics(Operator):
    """Copy versions and the engine's last messages to the clipboard, for a report of a problem"""

    bl_idname = "talking_animation.copy_diagnostics"
    bl_label = "Copy Diagnostics"
    bl_options: ClassVar = {"INTERNAL"}

    def execute(self, context: Context) -> set[str]:
        """Copy them."""
        context.window_manager.clipboard = api.diagnostics()
        self.report({"INFO"}, "Copied: paste it into your report.")
        return {"FINISHED"}


def stop_job() -> None:
    """Cancel what is being generated, if anything."""
    global _job
    job, _job = _job, None
    if job is not None and job.report is None:
        job.cancel()


def _redraw(context: Context) -> None:
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                area.tag_redraw()


def file_name(path: str) -> str:
    """The last part of a path, "//" paths too."""
    return os.path.basename(path.replace("\\", "/").rstrip("/"))


CLASSES: tuple[type, ...] = (
    TALKING_OT_generate,
    TALKING_OT_cancel,
    TALKING_OT_remove,
    TALKING_OT_reset_dials,
    TALKING_OT_add_demo,
    TALKING_OT_use_active,
    TALKING_OT_clear_cache,
    TALKING_OT_copy_diagnostics,
)
