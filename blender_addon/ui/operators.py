# SPDX-License-Identifier: GPL-3.0-or-later
"""Buttons. Each is a thin caller of `api`; one that is greyed out says why."""

from __future__ import annotations

import os
import time
import traceback
from typing import Any, ClassVar

import bpy
from bpy.props import BoolProperty, FloatProperty, StringProperty
from bpy.types import Context, Event, Operator

from .. import api, cache, manner, settings, versions
from ..errors import Cancelled, TalkingAnimationError
from .lookup import described, forget, talks
from .properties import picked_audio, picked_character, published_settings, start_frame

_TIMER_SECONDS = 0.05
_job: Any = None  # what runs now; see `RunsJob`


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
    problem = described(item).problem
    if problem:
        return problem.rstrip(".")
    chosen = context.scene.talking_animation
    if chosen.source == "STRIP":
        if picked_audio(context) is None:
            return "Choose a sound strip of the Sequencer"
    elif not chosen.audio.strip():
        return "Choose a voice recording"
    return ""


class RunsJob(_Reasoned):
    """Mixin of buttons that start something that takes a while: it runs beside Blender's window, with a bar and Cancel.

    A job has `fraction`, `stage`, `poll()` (True when done), `report` and `cancel()`, as `api.Job`.
    """

    _timer: Any = None

    def start(self, context: Context) -> Any:
        """Begin; returns the job."""
        raise NotImplementedError

    def tell_done(self, context: Context, report: Any) -> None:
        """Say what came of it."""
        raise NotImplementedError

    def execute(self, context: Context) -> set[str]:
        """Without a window: start and wait."""
        job = None
        try:
            job = self.start(context)
            while not job.poll():
                time.sleep(_TIMER_SECONDS)
        except BaseException as error:
            if job is not None:
                job.cancel()
            if not isinstance(error, Exception):
                raise
            return _fail(self, context, error)
        self.tell_done(context, job.report)
        return {"FINISHED"}

    def invoke(self, context: Context, event: Event) -> set[str]:
        """In the window: start, and let `modal` see to it."""
        global _job
        if bpy.app.background or context.window is None:
            return self.execute(context)
        progress = context.window_manager.talking_animation
        progress.tell("")
        try:
            _job = self.start(context)
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
        self.tell_done(context, report)
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


def generating(context: Context) -> dict[str, Any]:
    """What the panel asks for, as the arguments of `api.generate`."""
    chosen = context.scene.talking_animation
    return {
        "start_frame": start_frame(context),
        "style": manner.of_scene(context.scene),
        "pose": chosen.pose,
        "published": published_settings(chosen),
        "seed": chosen.seed,
        "placement": chosen.placement,
        "add_sound": chosen.add_sound,
        "extend_range": chosen.extend_range,
        "scene": context.scene,
    }


def tell_generated(operator: Operator, context: Context, report: api.Report) -> None:
    """The line under the button, and what to watch out for."""
    forget()
    text = " ".join([report.message, *report.warnings])
    context.window_manager.talking_animation.tell(text, "WARNING" if report.warnings else "INFO")
    operator.report({"INFO"}, report.message)
    for warning in report.warnings:
        operator.report({"WARNING"}, warning)


class TALKING_OT_generate(RunsJob, Operator):
    """Make the character say the recording."""

    bl_idname = "talking_animation.generate"
    bl_label = "Generate Talking Animation"
    bl_description = (
        "Make the character say the recording: lips, head, brows, blinks and gaze become ordinary keys. "
        "Generating again replaces only what was generated before"
    )
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `generate_reason`."""
        return generate_reason(context)

    def start(self, context: Context) -> Any:
        """Begin to generate."""
        return api.Job(picked_character(context), picked_audio(context), **generating(context))

    def execute(self, context: Context) -> set[str]:
        """Without a window: generate and wait."""
        try:
            report = api.generate(picked_character(context), picked_audio(context), **generating(context))
        except Exception as error:
            return _fail(self, context, error)
        self.tell_done(context, report)
        return {"FINISHED"}

    def tell_done(self, context: Context, report: api.Report) -> None:
        """See `tell_generated`."""
        tell_generated(self, context, report)


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
        return "" if talks(item) else f"'{item.name}' has no talking animation"

    def execute(self, context: Context) -> set[str]:
        """Remove it."""
        item = picked_character(context)
        try:
            api.remove(item, context.scene)
        except Exception as error:
            return _fail(self, context, error)
        context.window_manager.talking_animation.tell("Removed: the character is as it was before.")
        return {"FINISHED"}


def talking_reason(context: Context) -> str:
    """Why a button that needs a talking animation cannot be pressed; "" where it can."""
    running = _running_reason(context)
    if running:
        return running
    item = picked_character(context)
    if item is None:
        return "Select a character"
    return (
        "" if api.has_animation(item) else f"'{item.name}' has no talking animation yet: generate one first"
    )


class TALKING_OT_push_to_nla(_Reasoned, Operator):
    """Put the talking animation into NLA strips above your own, fading in and out as set here"""

    bl_idname = "talking_animation.push_to_nla"
    bl_label = "Push to NLA"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    blend_in: FloatProperty(  # type: ignore[valid-type]
        name="Blend In", description="Frames over which the strips fade in", default=5.0, min=0.0
    )
    blend_out: FloatProperty(  # type: ignore[valid-type]
        name="Blend Out", description="Frames over which the strips fade out", default=10.0, min=0.0
    )

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `talking_reason`."""
        return talking_reason(context)

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Start from the character's own setting where it has one."""
        state = api.describe(picked_character(context)).root.talking_animation
        if max(state.blend_in, state.blend_out) > 0:
            self.blend_in, self.blend_out = state.blend_in, state.blend_out
        return self.execute(context)

    def execute(self, context: Context) -> set[str]:
        """Push it."""
        try:
            count = api.push_to_nla(picked_character(context), self.blend_in, self.blend_out)
        except Exception as error:
            return _fail(self, context, error)
        self.report({"INFO"}, f"{count} strips in the NLA editor.")
        return {"FINISHED"}


class TALKING_OT_add_cues(_Reasoned, Operator):
    """Show the mouth shapes A to H and X of the talking animation as chosen beside this button"""

    bl_idname = "talking_animation.add_cues"
    bl_label = "Add Mouth Cues"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `talking_reason`."""
        return talking_reason(context)

    def execute(self, context: Context) -> set[str]:
        """Add them."""
        kind = context.scene.talking_animation.cue_kind
        try:
            count = api.add_cues(picked_character(context), kind, context.scene)
        except Exception as error:
            return _fail(self, context, error)
        self.report({"INFO"}, f"{count} mouth cues.")
        return {"FINISHED"}


class TALKING_OT_remove_cues(_Reasoned, Operator):
    """Take the mouth cues of this character away again: markers, text and strips"""

    bl_idname = "talking_animation.remove_cues"
    bl_label = "Remove Mouth Cues"
    bl_options: ClassVar = {"UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there are some."""
        item = picked_character(context)
        if item is None:
            return "Select a character"
        return "" if api.has_cues(item, context.scene) else f"'{item.name}' has no mouth cues"

    def execute(self, context: Context) -> set[str]:
        """Remove them."""
        try:
            api.remove_cues(picked_character(context), context.scene)
        except Exception as error:
            return _fail(self, context, error)
        return {"FINISHED"}


class TALKING_OT_repair(_Reasoned, Operator):
    """Mend what keeps the talking animation from showing."""

    bl_idname = "talking_animation.repair"
    bl_label = "Repair All"
    bl_description = "Mend everything that keeps the talking animation from showing; one undo takes it back"
    bl_options: ClassVar = {"UNDO"}

    code: StringProperty(options={"HIDDEN"})  # type: ignore[valid-type]
    subject: StringProperty(options={"HIDDEN"})  # type: ignore[valid-type]

    @classmethod
    def description(cls, context: Context, properties: Any) -> str:
        """What this very button does."""
        return "Mend this; one undo takes it back" if properties.code else cls.bl_description

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `talking_reason`."""
        return talking_reason(context)

    def execute(self, context: Context) -> set[str]:
        """Mend one problem, or all."""
        try:
            left = api.repair(picked_character(context), context.scene, self.code, self.subject)
        except Exception as error:
            return _fail(self, context, error)
        text = " ".join(left) or "Nothing keeps the talking animation from showing."
        context.window_manager.talking_animation.tell(text, "WARNING" if left else "INFO")
        forget()
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
    """Delete generated motion from the cache folder."""

    bl_idname = "talking_animation.clear_cache"
    bl_label = "Clear Cache"
    bl_description = (
        "Delete generated motion from the cache folder. What characters of the open file still need for their dials stays. "
        "Other files: their keys stay as they are, their dials work again after generating once more"
    )
    bl_options: ClassVar = {"INTERNAL"}

    everything: BoolProperty(  # type: ignore[valid-type]
        name="All",
        description="Also what characters of the open file still need for their dials",
        default=False,
    )

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Not while something is being generated."""
        return _running_reason(context)

    def execute(self, context: Context) -> set[str]:
        """Clear it."""
        try:
            keep = set() if self.everything else cache.used_motion()
            store = cache.folder(settings.current().cache_folder)
            count = cache.clear(store, keep)
            kept = len(cache.files(store))
        except (TalkingAnimationError, OSError) as error:
            return _fail(self, context, error)
        text = f"{count} files deleted" + (f", {kept} kept for the characters of this file." if kept else ".")
        self.report({"INFO"}, text)
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
            if area.type in {"VIEW_3D", "PREFERENCES"}:
                area.tag_redraw()


def file_name(path: str) -> str:
    """The last part of a path, "//" paths too."""
    return os.path.basename(path.replace("\\", "/").rstrip("/"))


CLASSES: tuple[type, ...] = (
    TALKING_OT_generate,
    TALKING_OT_cancel,
    TALKING_OT_remove,
    TALKING_OT_push_to_nla,
    TALKING_OT_add_cues,
    TALKING_OT_remove_cues,
    TALKING_OT_repair,
    TALKING_OT_reset_dials,
    TALKING_OT_add_demo,
    TALKING_OT_use_active,
    TALKING_OT_clear_cache,
    TALKING_OT_copy_diagnostics,
)
