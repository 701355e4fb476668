# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's preferences."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import bpy
from bpy.props import EnumProperty, StringProperty
from bpy.types import AddonPreferences, Context, Event, Operator

from ..api import engine, full_engine, motion_cache, settings
from ..errors import TalkingAnimationError
from ..host.blender_versions import interface
from . import sidebar_tab
from .buttons import Reasoned, RunsJob, WhileNothingRuns, running_reason, tells_errors
from .failures import Telling, tells_drawing, tells_update
from .properties import NAMED_STYLES, STARTS
from .text import draw_each, draw_text, say

_MEANS_ONLINE: Final = (
    "Blender and all its add-ons may use the network from then on. This one downloads the full engine when you press Make the "
    "Full Engine, and nothing else."
)


@tells_update
def _rename_tab(preferences: Any, context: Context) -> None:
    sidebar_tab.rename(preferences.tab_name.strip())


@tells_update
def _show_log(preferences: Any, context: Context) -> None:
    settings.set_log_level(preferences.log_level)


@tells_update
def _python_chosen(preferences: Any, context: Context) -> None:
    if preferences.engine_python:
        preferences.engine = full_engine.FULL


class TalkingAnimationPreferences(AddonPreferences):
    """Tab name, what is usual, cache folder, the engine, the log."""

    bl_idname = (__package__ or "").rpartition(".")[0]

    tab_name: StringProperty(
        name="Sidebar Tab",
        description="Name of the tab in the 3D View's sidebar",
        default=sidebar_tab.USUAL,
        update=_rename_tab,
    )
    default_style: EnumProperty(
        name="Usual Style",
        description="The style of scenes in which you have not chosen one",
        items=NAMED_STYLES,
        default=NAMED_STYLES[0][0],
    )
    start_at: EnumProperty(
        name="Usual Start",
        description="Where recordings start in scenes in which you have not chosen it",
        items=[(name, label, text, "NONE", number) for name, label, text, number in STARTS],
    )
    cache_folder: StringProperty(
        name="Cache Folder",
        description="Where generated motion is kept, so that dials act at once. Empty: Blender's own data folder",
        subtype="DIR_PATH",
    )
    voice_folder: StringProperty(subtype="DIR_PATH", options={"HIDDEN"})
    style_folder: StringProperty(subtype="DIR_PATH", options={"HIDDEN"})
    table_folder: StringProperty(subtype="DIR_PATH", options={"HIDDEN"})
    video_folder: StringProperty(subtype="DIR_PATH", options={"HIDDEN"})
    picture_folder: StringProperty(subtype="DIR_PATH", options={"HIDDEN"})
    look_folder: StringProperty(subtype="DIR_PATH", options={"HIDDEN"})
    engine: EnumProperty(
        name="Engine",
        description="What computes the motion. It is always a process of its own",
        items=[
            (full_engine.EMBEDDED, "Embedded", "Blender's own Python, which needs nothing installed", 0),
            (
                full_engine.FULL,
                "Full",
                "A Python with torch, PyAV and MediaPipe, which decodes videos itself",
                1,
            ),
        ],
    )
    engine_python: StringProperty(
        name="Engine Python",
        description="A Python of your own for the full engine (with torch). Empty: the one that is made here",
        subtype="FILE_PATH",
        update=_python_chosen,
    )
    log_level: EnumProperty(
        name="Log",
        description="How much is written to the console that Blender was started from",
        items=[
            ("ERROR", "Errors", "Only what went wrong", 0),
            ("WARNING", "Warnings", "Also what might surprise you", 1),
            ("INFO", "Steps", "Also each step", 2),
            ("DEBUG", "Everything", "Also what is asked of the engine", 3),
        ],
        default="WARNING",
        update=_show_log,
    )

    @tells_drawing
    def draw(self, context: Context) -> None:
        """Draw the preferences; whatever fails of them, it can be reported."""
        _draw_settings(self, context)
        self.layout.operator("talking_animation.copy_diagnostics", icon="COPYDOWN")


@tells_drawing
def _draw_settings(preferences: Any, context: Context) -> None:
    layout = preferences.layout
    layout.use_property_split = True
    layout.use_property_decorate = False
    column = layout.column()
    column.prop(preferences, "tab_name")
    column.prop(preferences, "default_style")
    column.prop(preferences, "start_at")
    draw_cache(layout, context, preferences.cache_folder, preferences)
    draw_engine(layout, context, preferences)
    layout.separator()
    layout.prop(preferences, "log_level")


def draw_cache(layout: Any, context: Context, chosen: str, owner: Any) -> None:
    """The cache folder, what it holds, and how to empty it."""
    layout.separator()
    layout.prop(owner, "cache_folder")
    try:
        cache = motion_cache.contents(chosen)
        one = "1 file, {size:.1f} MB in {folder}"
        text = interface.translated(one if cache.files == 1 else "{count} files, {size:.1f} MB in {folder}")
        text = text.format(count=cache.files, size=cache.megabytes, folder=cache.folder)
    except (TalkingAnimationError, OSError) as error:
        text = str(error)
    draw_text(layout, context, text, "FILE_FOLDER", _width(context))
    row = layout.row(align=True)
    row.operator("talking_animation.clear_cache", icon="TRASH").everything = False
    row.operator("talking_animation.clear_cache", text="Clear All").everything = True


def draw_engine(layout: Any, context: Context, owner: Any) -> None:
    """Which engine there is, what it can do, and how to make the full one."""
    layout.separator()
    progress = context.window_manager.talking_animation
    layout.prop(owner, "engine", expand=True)
    if owner.engine == full_engine.FULL:
        layout.prop(owner, "engine_python")
        if not owner.engine_python:
            if full_engine.python():
                text = interface.translated("The full engine is in {folder}").format(
                    folder=full_engine.folder()
                )
                draw_text(layout, context, text, "CHECKMARK", _width(context))
            else:
                text = "There is no full engine yet: Blender's own Python runs the engine until you make one."
                draw_text(layout, context, text, "INFO", _width(context))
            if progress.running:
                draw_text(layout, context, progress.stage, width=_width(context))
                layout.operator("talking_animation.cancel", icon="X")
            else:
                row = layout.row(align=True)
                row.operator("talking_animation.make_full_engine", icon="IMPORT")
                row.operator("talking_animation.remove_full_engine", text="", icon="TRASH")
                obstacle = full_engine.obstacle()
                if obstacle:
                    draw_text(layout, context, f"{obstacle}.", "INFO", _width(context))
    for text in engine_state():
        draw_text(layout, context, text, "SYSTEM", _width(context))
    layout.operator("talking_animation.test_engine", icon="FILE_REFRESH")


def _width(context: Context) -> float:
    return float(context.region.width) * 0.85 if context.region is not None else 600.0


def engine_state() -> list[str]:
    """What is known of the engine, line by line."""
    known = engine.known_capabilities()
    if known is None:
        return [interface.translated("The engine has not been asked yet: press Test Engine.")]
    name = interface.translated("Full engine" if engine.has_torch() else "Embedded engine")
    able = known.capture.decodes
    return [
        f"{name} {known.engine}, Python {known.python}, numpy {known.numpy}, {', '.join(known.devices)}",
        interface.translated("It reads videos." if able else "It reads videos that Blender decodes for it."),
    ]


class TALKING_OT_open_preferences(Telling, Operator):
    """Show the preferences of this add-on, where the full engine is made or chosen"""

    bl_idname = "talking_animation.open_preferences"
    bl_label = "Open Preferences"
    bl_options: ClassVar = {"INTERNAL"}

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Show them."""
        return set(bpy.ops.preferences.addon_show(module=TalkingAnimationPreferences.bl_idname))


class TALKING_OT_allow_online_access(Reasoned, Operator):
    """Let Blender and its add-ons use the network, as Preferences > System > Network does. You are asked before"""

    bl_idname = "talking_animation.allow_online_access"
    bl_label = "Allow Online Access …"
    bl_options: ClassVar = {"INTERNAL"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where it is not allowed and can be."""
        return "" if interface.awaits_online_access() else "Nothing keeps Blender from the network"

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Ask first."""
        return set(context.window_manager.invoke_props_dialog(self, width=420))

    def draw(self, context: Context) -> None:
        """What is asked."""
        draw_text(self.layout, context, _MEANS_ONLINE, interface.icon("INTERNET", "URL"), 420)

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """The user has said yes."""
        full_engine.allow_online_access()
        return {"FINISHED"}


class TALKING_OT_test_engine(WhileNothingRuns, Operator):
    """Start the engine and ask it what it is and can do"""

    bl_idname = "talking_animation.test_engine"
    bl_label = "Test Engine"
    bl_options: ClassVar = {"INTERNAL"}

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Ask."""
        engine.restart()
        for text in engine_state():
            say(self, {"INFO"}, text)
        return {"FINISHED"}


class TALKING_OT_make_full_engine(RunsJob, Operator):
    """Make a private Python environment with torch, PyAV and MediaPipe, which decodes videos itself."""

    bl_idname = "talking_animation.make_full_engine"
    bl_label = "Make the Full Engine …"
    bl_description = (
        "Download torch, PyAV, MediaPipe, SciPy and sounddevice into a private Python environment in Blender's data folder. "
        "You are asked before anything is downloaded"
    )
    bl_options: ClassVar = {"INTERNAL"}

    confirmed = False

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where it can be made."""
        return running_reason(context) or full_engine.obstacle()

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Ask first."""
        return set(context.window_manager.invoke_props_dialog(self, width=460))

    def draw(self, context: Context) -> None:
        """What is asked."""
        draw_each(self.layout, context, full_engine.warning(), interface.icon("INTERNET", "URL"), 460)

    def execute(self, context: Context) -> set[str]:
        """The user has said yes; a script that calls this has, too."""
        if bpy.app.background or context.window is None:
            return RunsJob.execute(self, context)
        return RunsJob.invoke(self, context, None)

    def start(self, context: Context) -> full_engine.Setup:
        """Begin to make it."""
        engine.close_engine()
        return full_engine.Setup()

    def tell_done(self, context: Context, report: str) -> set[str]:
        """Say so."""
        text = interface.translated("The full engine is ready: {python}").format(python=report)
        context.window_manager.talking_animation.tell(text)
        say(self, {"INFO"}, text)
        return {"FINISHED"}


class TALKING_OT_remove_full_engine(Reasoned, Operator):
    """Delete the full engine's environment that was made here"""

    bl_idname = "talking_animation.remove_full_engine"
    bl_label = "Remove the Full Engine"
    bl_options: ClassVar = {"INTERNAL"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there is one."""
        return running_reason(context) or ("" if full_engine.is_there() else "There is no full engine yet")

    def invoke(self, context: Context, event: Event) -> set[str]:
        """Ask first."""
        return set(context.window_manager.invoke_confirm(self, event))

    def execute(self, context: Context) -> set[str]:
        """Delete it."""
        engine.close_engine()
        full_engine.remove()
        return {"FINISHED"}


CLASSES: tuple[type, ...] = (
    TALKING_OT_open_preferences,
    TALKING_OT_allow_online_access,
    TALKING_OT_test_engine,
    TALKING_OT_make_full_engine,
    TALKING_OT_remove_full_engine,
    TalkingAnimationPreferences,
)
