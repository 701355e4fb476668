# SPDX-License-Identifier: GPL-3.0-or-later
"""What fails in a button, a setting or a panel: one sentence for the user, and nothing left half done."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable
from typing import Any, Final

import bpy
from bpy.types import Context, Event, UILayout

from ..errors import Cancelled, TalkingAnimationError
from ..host.blender_versions import interface
from .text import draw_text, say

_OURS: Final = (__package__ or "").rpartition(".")[0]


def _unforeseen(tried: str, error: Exception) -> str:
    """See `api.long_jobs.unforeseen`."""
    # Not before: the panel that says that Blender has no numpy tells its errors, too.
    from ..api import long_jobs

    return long_jobs.unforeseen(tried, error)


def tells_errors(entry: Callable[..., set[str]]) -> Callable[..., set[str]]:
    """Decorator of an operator's `execute`, `invoke` or `modal`: what it raises is told to the user in one sentence."""
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
                if entry.__name__ == "invoke":
                    self.by_script = _is_called_by_script()
                return entry(self, context, event)
            except Exception as error:
                meanwhile = entry.__name__ == "modal"
                if meanwhile and hasattr(self, "cancel"):
                    self.cancel(context)
                return fail(self, context, error, meanwhile)

    telling.tells = True  # type: ignore[attr-defined]
    return telling


def fail(operator: Any, context: Context, error: Exception, meanwhile: bool = False) -> set[str]:
    """One sentence for the user. An unforeseen error goes to the log in full, and what it left half done is taken back.

    Args:
        operator: the button's.
        context: the button's.
        error: what it raised.
        meanwhile: whether the button was pressed a while ago, and others may have been since.
    """
    if isinstance(error, Cancelled):
        say(operator, {"INFO"}, str(error))
        context.window_manager.talking_animation.tell(str(error), "INFO")
        return {"CANCELLED"}
    if isinstance(error, TalkingAnimationError):
        sentence = str(error)
    else:
        sentence = _unforeseen(f"'{operator.bl_label}'", error)
        if not meanwhile or _is_alone(operator, context):
            _take_back(operator)  # before it is told: a step back takes messages away
    context.window_manager.talking_animation.tell(sentence, "ERROR")
    say(operator, {"ERROR"}, sentence)
    return {"CANCELLED"}


def _is_called_by_script() -> bool:
    """Whether other code than the add-on's own called what runs now: Blender itself calls buttons that are pressed."""
    frame = sys._getframe(1)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if not f"{name}.".startswith((f"{_OURS}.", "bpy.")):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _was_pressed(operator: Any) -> bool:
    """Whether a button was pressed in the window, not called by a script, which may let it ask, too."""
    by_script = getattr(operator, "by_script", False)
    return not bpy.app.background and operator.options.is_invoke and not by_script


def _is_alone(operator: Any, context: Context) -> bool:
    """Whether nothing else goes on in the window, such as an object that is being moved: an undo would take its data away."""
    running = interface.modal_operators(context.window_manager)
    return running is not None and all(other == operator for other in running)


def _take_back(operator: Any) -> None:
    """Go back to the undo step before a button that was pressed and broke off; the playhead stays.

    What a script did before it called the button may be in no step: there nothing is taken back.
    """
    if "UNDO" in operator.bl_options and _was_pressed(operator):
        scene: Any = bpy.context.scene
        name, frame, part = scene.name, scene.frame_current, scene.frame_subframe
        with contextlib.suppress(RuntimeError):  # undo is switched off
            bpy.ops.ed.undo_push(message=operator.bl_label)
            bpy.ops.ed.undo()
        scene = bpy.data.scenes.get(name)
        if scene is not None and (scene.frame_current, scene.frame_subframe) != (frame, part):
            scene.frame_set(frame, subframe=part)


def tells_update(update: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Decorator of a property's `update` or `set`: what it raises is told in one sentence, on the panel."""

    @functools.wraps(update)
    def telling(owner: Any, given: Any) -> None:
        try:
            update(owner, given)
        except Exception as error:
            known = isinstance(error, TalkingAnimationError)
            sentence = str(error) if known else _unforeseen("This setting", error)
            bpy.context.window_manager.talking_animation.tell(sentence, "ERROR")

    telling.tells = True  # type: ignore[attr-defined]
    return telling


_told: dict[str, tuple[str, str]] = {}
"""Of what breaks off at each redraw: what came of it, and its sentence, which is told once and may be drawn each time."""


def told_once(owner: Any, name: str, error: Exception) -> str:
    """The sentence for what Blender asks for again and again, at each redraw; the log has it once.

    Args:
        owner: a panel, menu, list, button, or what has the property; or its class.
        name: of the function that broke off.
        error: what came of it.
    """
    kind = owner if isinstance(owner, type) else type(owner)
    where, what = f"{kind.__name__}.{name}", repr(error)
    if _told.get(where, ("", ""))[0] != what:
        _told[where] = what, _unforeseen(_tried(kind), error)
    return _told[where][1]


def _tried(kind: Any) -> str:
    if issubclass(kind, bpy.types.Panel):
        return f"The panel '{kind.bl_label}'"
    if issubclass(kind, bpy.types.Menu):
        return f"The menu '{kind.bl_label}'"
    if issubclass(kind, bpy.types.Operator):
        return f"'{kind.bl_label}'"
    if issubclass(kind, bpy.types.UIList):
        return "This list"
    if issubclass(kind, bpy.types.AddonPreferences):
        return "The page of preferences"
    return "This setting"


def tells_drawing(draw: Callable[[Any, Context], None]) -> Callable[[Any, Context], None]:
    """Decorator of a `draw`: where it breaks off, a sentence stands below what it has drawn."""
    if getattr(draw, "tells", False):
        return draw

    @functools.wraps(draw)
    def drawing(self: Any, context: Context) -> None:
        try:
            draw(self, context)
        except Exception as error:
            draw_text(self.layout, context, told_once(self, draw.__name__, error), "ERROR")

    drawing.tells = True  # type: ignore[attr-defined]
    return drawing


def tells_item(draw_item: Callable[..., None]) -> Callable[..., None]:
    """Decorator of a list's `draw_item`: where it breaks off, a sign stands in the row."""

    @functools.wraps(draw_item)
    def drawing(
        self: Any,
        context: Context,
        layout: UILayout,
        data: Any,
        item: Any,
        icon: int,
        active_data: Any,
        active_property: str,
        *more: Any,
    ) -> None:
        try:
            draw_item(self, context, layout, data, item, icon, active_data, active_property, *more)
        except Exception as error:
            told_once(self, draw_item.__name__, error)
            layout.label(text="", icon="ERROR")

    drawing.tells = True  # type: ignore[attr-defined]
    return drawing


def answers(fallback: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator of what Blender asks for again and again, and where nothing can be told: what it raises the log has once.

    Args:
        fallback: the answer then.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        if getattr(function, "tells", False):
            return function

        def answer(owner: Any, *asked: Any) -> Any:
            try:
                return function(owner, *asked)
            except Exception as error:
                told_once(owner, function.__name__, error)
                return fallback

        # Blender counts the arguments.
        counted: list[Callable[..., Any]] = [
            lambda one: answer(one),
            lambda one, two: answer(one, two),
            lambda one, two, three: answer(one, two, three),
            lambda one, two, three, four: answer(one, two, three, four),
        ]
        answering = functools.wraps(function)(counted[function.__code__.co_argcount - 1])
        answering.tells = True  # type: ignore[attr-defined]
        return answering

    return decorate


def tells_later(tried: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Decorator of what Blender calls by itself, at each redraw of an editor perhaps: a kind of fault is told once, on the panel.

    Args:
        tried: what it does, as the beginning of a sentence: "Showing what was heard".
    """

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(function)
        def telling(*given: Any) -> None:
            try:
                function(*given)
            except Exception as error:
                where = f"{function.__module__}.{function.__qualname__} {type(error)}"
                if where not in _told:
                    sentence = _unforeseen(tried, error)
                    _told[where] = repr(error), sentence
                    # Not at once: nothing may be written while Blender draws. And also where a file is loaded meanwhile.
                    bpy.app.timers.register(functools.partial(_tell, sentence), persistent=True)

        telling.tells = True  # type: ignore[attr-defined]
        return telling

    return decorate


def _tell(sentence: str) -> None:
    for manager in bpy.data.window_managers:
        told = getattr(manager, "talking_animation", None)
        if told is not None:
            told.tell(sentence, "ERROR")


_TELLING: Final[dict[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(("execute", "invoke", "modal"), tells_errors),
    "draw": tells_drawing,
    "draw_item": tells_item,
    "draw_filter": answers(None),
    "filter_items": answers(([], [])),
    "cancel": answers(None),
}
_OF_CLASSES: Final[dict[str, Callable[[Any], Any]]] = {
    "poll": answers(True),  # a panel is drawn, and says where it fails; a button has a reason
    "description": answers(""),
}
"""What Blender calls of buttons, panels, menus and lists, and who sees to what that raises."""


class Telling:
    """Mixin of buttons, panels, menus and lists: whatever one of them raises is told."""

    def __init_subclass__(cls, **options: Any) -> None:
        """Whatever Blender calls of it tells its errors."""
        super().__init_subclass__(**options)
        for name, telling in _TELLING.items():
            if name in cls.__dict__:
                setattr(cls, name, telling(cls.__dict__[name]))
        for name, telling in _OF_CLASSES.items():
            if name in cls.__dict__:
                setattr(cls, name, classmethod(telling(cls.__dict__[name].__func__)))
