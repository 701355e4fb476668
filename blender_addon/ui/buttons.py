# SPDX-License-Identifier: GPL-3.0-or-later
"""What buttons share: why one is greyed out, what one tells, and jobs that run beside the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

import bpy
from bpy.types import Context, Event, Object, UILayout

from ..api.characters import is_editable
from ..api.long_jobs import LongJob, wait
from ..errors import Cancelled
from ..host.blender_versions import interface
from .failures import Telling, fail, tells_errors, told_once
from .lookup import described
from .properties import picked_character
from .text import draw_text, say

_job: LongJob[Any] | None = None  # what runs now; see `RunsJob`


# -- why a button cannot be pressed; "" where it can -----------------------------------------------------


class Reasoned(Telling):
    """Mixin: `disabled_reason` decides whether a button works, and is its explanation when it does not."""

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Why the button cannot be pressed; "" where it can."""
        raise NotImplementedError

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Blender asks whether the button can be pressed."""
        try:
            reason = cls.disabled_reason(context)
        except Exception as error:
            reason = told_once(cls, "poll", error).rstrip(".")
        if reason:
            interface.set_poll_message(cls, reason)
        return not reason


class WhileNothingRuns(Reasoned):
    """Mixin: works while nothing runs."""

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Not while something is being generated."""
        return running_reason(context)


class InObjectMode(Reasoned):
    """Mixin: works in Object Mode, while nothing runs."""

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only in Object Mode."""
        return object_mode_reason(context)


class OnCharacter(Reasoned):
    """Mixin: works where a character is picked that may be changed."""

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Not while something is being generated, nor without a character."""
        return running_reason(context) or picked_reason(context, _linked_reason)


def draw_reason(layout: UILayout, context: Context, reason: str) -> None:
    """Say below a panel's buttons why they cannot be pressed; while something runs, how far it is: the main panel's bar may be
    out of sight where a panel below has the button that was pressed.
    """
    manager = context.window_manager
    if not manager.talking_animation.running:
        if reason:
            draw_text(layout, context, f"{reason}.", "INFO")
    elif not manager.talking_animation_live.running:
        row = layout.row(align=True)
        interface.draw_progress(row, manager.talking_animation, "percent")
        row.operator("talking_animation.cancel", text="", icon="X")


def running_reason(context: Context) -> str:
    """Something runs."""
    manager = context.window_manager
    if not manager.talking_animation.running:
        return ""
    live = manager.talking_animation_live.running
    return "The live preview is running" if live else "A talking animation is being generated"


def picked_reason(
    context: Context,
    obstacle: Callable[[Object], str] = lambda _: "",
    nothing: str = "Select a character",
) -> str:
    """No character is picked, or what `obstacle` says of the one that is."""
    picked = picked_character(context)
    return nothing if picked is None else obstacle(picked)


def _linked_reason(picked: Object) -> str:
    root = described(picked).root
    return "" if is_editable(root) else f"'{root.name}' is linked: make a library override first"


def mode_reason(context: Context) -> str:
    """Something is being edited, painted or posed."""
    return "" if context.mode == "OBJECT" else "Switch to Object Mode"


def object_mode_reason(context: Context) -> str:
    """Something runs, or is being edited, painted or posed."""
    return running_reason(context) or mode_reason(context)


# -- what is told -----------------------------------------------------------------------------------------


def tell_report(operator: Any, context: Context, report: Any, summary: str = "") -> set[str]:
    """Tell on the panel and in Blender's own messages what was done and what to watch out for; returns the operator's result.

    Args:
        operator: the button's.
        context: the button's.
        report: has a `message` and `warnings`.
        summary: the same in plain words, for the panel.
    """
    kind = "WARNING" if report.warnings else "INFO"
    context.window_manager.talking_animation.tell(report.message, kind, report.warnings, summary)
    say(operator, {"INFO"}, report.message)
    for warning in report.warnings:
        say(operator, {"WARNING"}, warning)
    return {"FINISHED"}


_UNPRESSED: Final = ".poll() "
"""What Blender sets before the reason why a button cannot be pressed; where a pressed one failed, the panel has its sentence."""


def hand_over(operator: Any, context: Context, button: str, **options: Any) -> set[str]:
    """Press another button for one that cannot itself go on beside the window; what that one tells, this one tells.

    Blender raises where a button fails that a script pressed, and would show the traceback.

    Args:
        operator: the one whose work is done, such as a file browser's.
        context: its context.
        button: the other's name without "talking_animation.".
        options: the other's properties.

    Returns:
        The operator's result.
    """
    how = "EXEC_DEFAULT" if bpy.app.background else "INVOKE_DEFAULT"
    try:
        getattr(bpy.ops.talking_animation, button)(how, True, **options)
    except RuntimeError as error:
        told = context.window_manager.talking_animation
        _, unpressed, reason = str(error).rpartition(_UNPRESSED)
        if unpressed:
            told.tell(f"{reason.strip().rstrip('.')}.", "ERROR")
        say(operator, {"ERROR"}, told.message)
        return {"CANCELLED"}
    return {"FINISHED"}


# -- what takes a while ----------------------------------------------------------------------------------


class RunsJob(Reasoned):
    """Mixin of buttons that start a job: it runs beside Blender's window, with a bar and Cancel."""

    tick_seconds: ClassVar[float] = 0.05
    _timer: Any = None

    def start(self, context: Context) -> LongJob[Any]:
        """Begin; returns the job."""
        raise NotImplementedError

    def tell_done(self, context: Context, report: Any) -> set[str]:
        """Say what came of it; returns the operator's result."""
        raise NotImplementedError

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Without a window: start and wait."""
        return self.tell_done(context, wait(self.start(context)))

    def invoke(self, context: Context, event: Event | None) -> set[str]:
        """In the window: start, and let `modal` see to it."""
        return self._begin(context) if has_window(context) else self.execute(context)

    def _begin(self, context: Context) -> set[str]:
        """Start beside the window."""
        global _job
        progress = context.window_manager.talking_animation
        progress.tell("")
        try:
            _job = self.start(context)
        except Exception as error:
            return fail(self, context, error)
        progress.running, progress.cancel, progress.percent = True, False, 0.0
        progress.stage = _job.stage
        self._timer = context.window_manager.event_timer_add(self.tick_seconds, window=context.window)
        context.window_manager.modal_handler_add(self)
        _redraw(context)
        return {"RUNNING_MODAL"}

    def modal(self, context: Context, event: Event) -> set[str]:
        """Let the job go on at each tick; Esc or the Cancel button stops it."""
        progress = context.window_manager.talking_animation
        try:
            if _job is None or progress.cancel or (event.type == "ESC" and event.value == "PRESS"):
                raise Cancelled
            if event.type != "TIMER":
                return _passed_on(_job)
            done = _job.poll()
        except Exception as error:
            self._end(context)
            return fail(self, context, error, meanwhile=True)
        shown = (round(100.0 * _job.fraction), _job.stage)
        if shown != (round(progress.percent), progress.stage):
            progress.percent, progress.stage = shown
            _redraw(context)
        if not done:
            return _passed_on(_job)
        report = _job.report
        self._end(context)
        return self.tell_done(context, report)

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


class Asks(RunsJob):
    """Mixin of buttons that may ask before they start; a script that calls one has made up its mind."""

    _asked = False

    @classmethod
    def question(cls, context: Context) -> str:
        """What is asked in the window before it starts; "" where nothing is."""
        raise NotImplementedError

    def invoke(self, context: Context, event: Event | None) -> set[str]:
        """Ask, where there is something to ask; then start."""
        if has_window(context) and self.question(context):
            self._asked = True
            return set(context.window_manager.invoke_props_dialog(self, width=420))
        return super().invoke(context, event)

    def draw(self, context: Context) -> None:
        """What is asked."""
        draw_text(self.layout, context, self.question(context), "QUESTION", 420)  # type: ignore[attr-defined]

    def execute(self, context: Context) -> set[str]:
        """The user has said yes: start beside the window; without one, or for a script, start and wait."""
        if self._asked and has_window(context):
            return self._begin(context)
        return self.wait(context)

    @tells_errors
    def wait(self, context: Context) -> set[str]:
        """Start and wait."""
        return self.tell_done(context, wait(self.start(context)))


def has_window(context: Context) -> bool:
    """Whether there is a window that a job can run beside."""
    return not bpy.app.background and context.window is not None


def _passed_on(job: LongJob[Any]) -> set[str]:
    """Whether the window gets an event as well: not while nothing else may change the file."""
    return {"RUNNING_MODAL"} if job.alone else {"PASS_THROUGH"}


def running_job() -> LongJob[Any] | None:
    """What runs now beside the window; None for nothing."""
    return _job


def stop_text() -> str:
    """What stands on the button that ends what runs."""
    return "Stop (Esc)" if _job is not None and _job.stops else "Cancel (Esc)"


def stop_job() -> None:
    """Cancel what runs, if anything."""
    global _job
    job, _job = _job, None
    if job is not None and job.report is None:
        job.cancel()


def _redraw(context: Context) -> None:
    for window in context.window_manager.windows:
        for area in window.screen.areas:
            if area.type in {"VIEW_3D", "PREFERENCES"}:
                area.tag_redraw()
