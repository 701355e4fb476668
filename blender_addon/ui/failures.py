# SPDX-License-Identifier: GPL-3.0-or-later
"""What fails in a button, a setting or a panel: one sentence for the user, and nothing left half done."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from typing import Any, Final

import bpy
from bpy.types import Context, Event

from ..api.long_jobs import unforeseen
from ..errors import Cancelled, TalkingAnimationError
from .text import draw_text, say

_ENTRIES: Final = ("execute", "invoke", "modal")
"""The functions of an operator that Blender calls for what it does."""


def tells_errors(entry: Callable[..., set[str]]) -> Callable[..., set[str]]:
    """Decorator of what Blender calls of an operator, of `_ENTRIES`: what it raises is told to the user in one sentence."""
    if getattr(entry, "tells", False):
        return entry

    # Blender counts the arguments.
    if entry.__code__.co_argcount == 2:

        @functools.wraps(entry)
        def telling(self: Any, context: Context) -> set[str]:
            try:
                return entry(self, context)
            except Exception as error:
                return fail(self, context, error)

    else:

        @functools.wraps(entry)
        def telling(self: Any, context: Context, event: Event) -> set[str]:
            try:
                return entry(self, context, event)
            except Exception as error:
                if entry.__name__ == "modal" and hasattr(self, "cancel"):
                    self.cancel(context)
                return fail(self, context, error)

    telling.tells = True  # type: ignore[attr-defined]
    return telling


def fail(operator: Any, context: Context, error: Exception) -> set[str]:
    """One sentence for the user. An unforeseen error goes to the log in full, and what it left half done is taken back."""
    if isinstance(error, Cancelled):
        say(operator, {"INFO"}, str(error))
        context.window_manager.talking_animation.tell(str(error), "INFO")
        return {"CANCELLED"}
    if isinstance(error, TalkingAnimationError):
        sentence = str(error)
    else:
        sentence = unforeseen(f"'{operator.bl_label}'", error)
        _take_back(operator)  # before it is told: a step back takes messages away
    context.window_manager.talking_animation.tell(sentence, "ERROR")
    say(operator, {"ERROR"}, sentence)
    return {"CANCELLED"}


def _was_pressed(operator: Any) -> bool:
    """Whether a button was pressed in the window, not called by a script."""
    return not bpy.app.background and operator.options.is_invoke


def _take_back(operator: Any) -> None:
    """Go back to the undo step before a button that was pressed and broke off.

    What a script did before it called the button may be in no step: there nothing is taken back.
    """
    if "UNDO" in operator.bl_options and _was_pressed(operator):
        with contextlib.suppress(RuntimeError):  # undo is switched off
            bpy.ops.ed.undo_push(message=operator.bl_label)
            bpy.ops.ed.undo()


class Telling:
    """Mixin of buttons: whatever one of them raises is told, see `tells_errors`."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Whatever Blender calls of it tells its errors."""
        super().__init_subclass__(**options)
        for name in _ENTRIES:
            if name in cls.__dict__:
                setattr(cls, name, tells_errors(cls.__dict__[name]))


def tells_update(update: Callable[[Any, Context], None]) -> Callable[[Any, Context], None]:
    """Decorator of what a property does when it is changed: what it raises is told in one sentence, on the panel."""

    @functools.wraps(update)
    def telling(owner: Any, context: Context) -> None:
        try:
            update(owner, context)
        except Exception as error:
            known = isinstance(error, TalkingAnimationError)
            sentence = str(error) if known else unforeseen("This setting", error)
            context.window_manager.talking_animation.tell(sentence, "ERROR")

    return telling


_undrawn: dict[str, tuple[str, str]] = {}
"""Of each panel that broke off: what came of it, and its sentence, which is told once and drawn at each redraw."""


def tells_drawing(draw: Callable[[Any, Context], None]) -> Callable[[Any, Context], None]:
    """Decorator of a panel's `draw`: where it breaks off, a sentence stands below what it has drawn."""

    @functools.wraps(draw)
    def drawing(self: Any, context: Context) -> None:
        try:
            draw(self, context)
        except Exception as error:
            name, what = type(self).__name__, repr(error)
            if _undrawn.get(name, ("", ""))[0] != what:
                _undrawn[name] = what, unforeseen(f"The panel '{self.bl_label}'", error)
            draw_text(self.layout, context, _undrawn[name][1], "ERROR")

    drawing.tells = True  # type: ignore[attr-defined]
    return drawing
