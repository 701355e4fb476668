# SPDX-License-Identifier: GPL-3.0-or-later
"""The *Lines of a Scene* panel: which sound strip is whose line, and one button that animates them all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import bpy
from bpy.props import (
    BoolProperty,
    CollectionProperty,
    EnumProperty,
    FloatProperty,
    IntProperty,
    PointerProperty,
    StringProperty,
)
from bpy.types import Context, Object, Operator, Panel, PropertyGroup, Scene, UILayout, UIList

from .. import api
from ..api import manner
from ..api import scene as scenes
from ..api.characters import is_quiet, quietly
from ..api.scene import REPORT_TEXT, SceneReport
from ..host.blender_versions import interface
from . import recording_texts
from .buttons import Reasoned, RunsJob, draw_reason, running_reason, tells_errors
from .failures import Telling, tells_update
from .file_browsers import draw_file
from .lookup import forget
from .problem_reports import draw_report_button
from .properties import CHANNEL_ITEMS, VOICE_ITEMS, may_be_character, options_of
from .sidebar_tab import Place, SidebarPanel
from .text import (
    SHOWN,
    and_more,
    draw_each,
    draw_fields,
    draw_text,
    draw_warnings,
    in_lines,
    say,
    width_in_box,
)

_SEVERAL = "Could be"
_AS_ABOVE = (scenes.SCENES_STYLE, "As in Options", "What is chosen in the panel Options", "NONE", 2000)


@tells_update
def _chosen_by_hand(row: Any, _: Context) -> None:
    if not is_quiet():
        row.by_hand, row.note = row.character is not None, ""


class TalkingAnimationLine(PropertyGroup):
    """A sound strip and whose line it is; `name` is the strip's."""

    use: BoolProperty(name="Use", description="Whether this strip is a line that is animated", default=True)
    character: PointerProperty(
        name="Character",
        description="Who says this strip: any object of the character. Empty: told from the names of strip, channel, "
        "file and folder",
        type=Object,
        poll=may_be_character,
        update=_chosen_by_hand,
    )
    style: EnumProperty(
        name="Style",
        description="The way this line is spoken",
        items=[
            (scenes.SCENES_STYLE, "As Above", "The style chosen in the panel"),
            (manner.AUTO, "Automatic", "The ordinary style, as lively as the voice"),
            *manner.shipped(),
        ],
    )
    channel: EnumProperty(
        name="Channel",
        description="What of this line's recording is listened to, where it has several channels",
        items=[_AS_ABOVE, *CHANNEL_ITEMS],
        default=scenes.SCENES_STYLE,
    )
    voice_in_file: EnumProperty(
        name="Speaker",
        description="Where several people speak in this line's recording: whose words it is",
        items=[_AS_ABOVE, *VOICE_ITEMS],
        default=scenes.SCENES_STYLE,
    )
    text: StringProperty(
        name="Text", description="What this line says, where you know it. Empty: what is heard alone"
    )
    piece: StringProperty(options={"HIDDEN"})
    by_hand: BoolProperty(options={"HIDDEN"})
    note: StringProperty(options={"HIDDEN"})

    @property
    def is_unclear(self) -> bool:
        """Whether several characters might say it."""
        return bool(self.note.startswith(_SEVERAL))


class TalkingAnimationScript(PropertyGroup):
    """Where the lines of a scene come from; saved with the scene."""

    source: EnumProperty(
        name="Lines From",
        description="Where the lines of the scene come from",
        items=[
            (
                "STRIPS",
                "Sequencer",
                "The sound strips of this scene's Sequencer, as they lie and are trimmed",
            ),
            (
                "TABLE",
                "CSV File",
                "A table with the columns character, audio, start, and if you like style, take, speed",
            ),
        ],
    )
    lines: CollectionProperty(type=TalkingAnimationLine)
    active: IntProperty(name="Line", options={"SKIP_SAVE"})
    table: StringProperty(
        name="Table",
        description="CSV file whose first line names the columns: character,audio,start,style,take",
        subtype="FILE_NAME",  # see `file_browsers`
    )
    idle: BoolProperty(
        name="Move While Listening",
        description="Characters blink, look about and sway a little while others speak",
        default=True,
    )
    listening: FloatProperty(
        name="Listening",
        description="How much characters turn to who speaks, nod and blink: 0 not at all, 1 as people do",
        default=0.0,
        min=api.LISTENING[0],
        max=api.LISTENING[1],
        subtype="FACTOR",
    )


class TalkingAnimationFailure(PropertyGroup):
    """A line that was not animated; `name` says which."""

    reason: StringProperty(options={"SKIP_SAVE"})


class TalkingAnimationOutcome(PropertyGroup):
    """How the last run went; kept with the window manager and never saved."""

    message: StringProperty(options={"SKIP_SAVE"})
    kind: StringProperty(options={"SKIP_SAVE"})
    failures: CollectionProperty(type=TalkingAnimationFailure)
    warnings: StringProperty(options={"SKIP_SAVE"})
    subject: StringProperty(options={"SKIP_SAVE"})

    def concerns(self, scene: Scene) -> bool:
        """Whether there is a report, and it is about this scene and the lines that the panel shows now."""
        return bool(self.message) and self.subject == _subject_of(scene)

    def forget(self) -> None:
        """Say nothing more: what was told of was undone, or another file is open."""
        self.message = self.warnings = self.subject = ""
        self.failures.clear()

    def tell(self, report: SceneReport) -> None:
        """Show a report in the panel."""
        self.message, self.subject = report.message, _subject_of(bpy.context.scene)
        self.kind = "ERROR" if report.failed else "WARNING" if report.warnings else "INFO"
        self.warnings = in_lines(report.warnings)
        self.failures.clear()
        for line in report.failed:
            row = self.failures.add()
            row.name, row.reason = line.label, line.problem


def _subject_of(scene: Scene) -> str:
    """What a report is about, as one text to compare."""
    script = scene.talking_animation_script
    table = script.table if script.source == "TABLE" else ""
    return "\n".join((scene.name_full, script.source, table))


def refresh_table(scene: Scene) -> int:
    """Bring the table of lines up to date with the sequencer; what was chosen by hand stays.

    Returns:
        How many strips are somebody's line.
    """
    rows = scene.talking_animation_script.lines
    strips = scenes.sound_strips(scene)
    names = [strip.name for strip in strips]
    said = {row.piece: row.text for row in rows if row.piece and row.text}
    for number in reversed(range(len(rows))):
        if rows[number].name not in names:
            recording_texts.keep_text_of_strip(scene.talking_animation, rows[number].name, rows[number].text)
            rows.remove(number)
    characters = scenes.characters_of(scene)
    with quietly():
        for place, strip in enumerate(strips):
            piece = scenes.piece_of(strip)
            known = rows.find(strip.name)
            # Also where the list has it already: else an older text would come back when the list is made anew.
            own = recording_texts.take_text_of_strip(scene.talking_animation, strip.name)
            if known < 0:
                rows.add().name = strip.name
                known = len(rows) - 1
                rows[known].text = own or said.get(piece, "")
            rows[known].piece = piece
            if known != place:
                rows.move(known, place)
            row = rows[place]
            if row.by_hand and row.character is not None:
                continue
            told = scenes.match(strip, scene, characters)
            row.by_hand = False
            row.character = bpy.data.objects.get(told.owner) if told.owner else None
            row.note = (
                f"{_SEVERAL} {', '.join(told.rivals)}"
                if told.rivals
                else ""
                if told.owner
                else "No character's name in it"
            )
    return sum(row.use and row.character is not None for row in rows)


def script_of(scene: Scene) -> scenes.Script:
    """The lines that the panel stands for.

    Raises:
        TalkingAnimationError: where the table of lines cannot be read.
    """
    chosen = scene.talking_animation_script
    if chosen.source == "TABLE":
        return scenes.from_table(chosen.table, scene)
    script = scenes.of_scene(scene)
    if scene.talking_animation.model == manner.CONTENT:
        return script
    # The field is not shown: nobody could empty it.
    return replace(script, lines=[replace(line, text="") for line in script.lines])


def choice_of(scene: Scene) -> api.GenerateOptions:
    """How the panel wants the scene animated."""
    chosen = scene.talking_animation_script
    return replace(options_of(scene), idle=chosen.idle, listening=chosen.listening)


def lines_reason(context: Context) -> str:
    """Why the lines of the scene cannot be looked for; "" where they can."""
    return running_reason(context) or (
        "" if scenes.has_sound_strips(context.scene) else "The Sequencer of this scene has no sound strips"
    )


def scene_reason(context: Context) -> str:
    """Why the scene cannot be animated; "" where it can."""
    chosen = context.scene.talking_animation_script
    if chosen.source == "STRIPS":
        return lines_reason(context)
    return running_reason(context) or ("" if chosen.table.strip() else "Choose a CSV file with the lines")


class TALKING_OT_find_lines(Reasoned, Operator):
    """Look through the Sequencer for sound strips and tell from their names whose lines they are"""

    bl_idname = "talking_animation.find_lines"
    bl_label = "Find Lines"
    bl_options: ClassVar = {"UNDO"}

    forget: BoolProperty(
        name="Forget Choices", description="Also drop what was chosen by hand", options={"SKIP_SAVE"}
    )

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `lines_reason`."""
        return lines_reason(context)

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Fill the table."""
        if self.forget:
            context.scene.talking_animation_script.lines.clear()
        count = refresh_table(context.scene)
        total = len(context.scene.talking_animation_script.lines)
        say(self, {"INFO"}, f"{count} of {total} sound strips are lines of characters.")
        return {"FINISHED"}


class TALKING_OT_animate_scene(RunsJob, Operator):
    """Make all characters of the scene say their lines"""

    bl_idname = "talking_animation.animate_scene"
    bl_label = "Animate Whole Scene"
    bl_description = (
        "Make every character of the scene say its lines: one action for each. What cannot be done is told at the end "
        "and stops nothing else; Esc stops it and changes nothing"
    )
    bl_options: ClassVar = {"UNDO"}

    tick_seconds = 0.02  # the job itself works at each tick

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """See `scene_reason`."""
        return scene_reason(context)

    def start(self, context: Context) -> scenes.SceneJob:
        """Begin to animate."""
        context.window_manager.talking_animation_outcome.forget()
        return scenes.SceneJob(script_of(context.scene), choice_of(context.scene), scene=context.scene)

    def tell_done(self, context: Context, report: SceneReport) -> set[str]:
        """What became of the lines."""
        forget()
        context.window_manager.talking_animation_outcome.tell(report)
        say(self, {"WARNING" if report.failed else "INFO"}, report.message)
        for line in report.failed[:SHOWN]:
            say(self, {"WARNING"}, f"{line.label}: {line.problem}")
        for warning in report.warnings:
            say(self, {"WARNING"}, warning)
        # Where nothing was written there is nothing to undo.
        return {"FINISHED"} if report.characters else {"CANCELLED"}


class TALKING_UL_lines(Telling, UIList):
    """The table of lines."""

    def draw_item(
        self,
        context: Context,
        layout: UILayout,
        data: Any,
        line: Any,
        icon: int,
        active_data: Any,
        active_property: str,
        *_: Any,
    ) -> None:
        """A strip and whose line it is."""
        row = layout.row(align=True)
        row.prop(line, "use", text="")
        shown = row.split(factor=0.52, align=True)
        shown.active = line.use and (line.character is not None or line.is_unclear)
        shown.label(text=line.name)
        if line.is_unclear:
            shown.label(text="?", icon="ERROR")
        else:
            shown.label(text=line.character.name if line.character is not None else "–")

    def draw_filter(self, context: Context, layout: UILayout) -> None:
        """No other filter than the name."""
        layout.prop(self, "filter_name", text="")

    def filter_items(self, context: Context, data: Any, name: str) -> tuple[list[int], list[int]]:
        """Strips whose name, or whose character's name, holds the text."""
        rows = getattr(data, name)
        wanted = self.filter_name.casefold()
        if not wanted:
            return [], []
        return [
            self.bitflag_filter_item
            if wanted in row.name.casefold()
            or (row.character is not None and wanted in row.character.name.casefold())
            else 0
            for row in rows
        ], []


class TALKING_PT_scene(SidebarPanel, Panel):
    """All characters of the scene at once."""

    bl_idname = "TALKING_PT_scene"
    bl_label = "Lines of a Scene"
    bl_parent_id = "TALKING_PT_main"
    bl_order = Place.LINES
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Draw the table and the button."""
        layout = self.layout
        script = context.scene.talking_animation_script
        progress = context.window_manager.talking_animation
        column = layout.column()
        column.enabled = not progress.running
        column.row(align=True).prop(script, "source", expand=True)
        if script.source == "TABLE":
            draw_file(column, script, "table", "talking_animation.choose_table")
        else:
            self._draw_lines(column, context, script)
        column.prop(script, "idle")
        column.prop(script, "listening", slider=True)
        if not progress.running:
            row = layout.row()
            row.scale_y = 1.4
            row.operator("talking_animation.animate_scene")
        draw_reason(layout, context, scene_reason(context))
        self._draw_outcome(layout, context)

    def _draw_lines(self, layout: UILayout, context: Context, script: Any) -> None:
        row = layout.row()
        row.template_list("TALKING_UL_lines", "", script, "lines", script, "active", rows=4)
        buttons = row.column(align=True)
        if not script.lines:
            layout.operator("talking_animation.find_lines", icon="FILE_REFRESH")
        buttons.operator("talking_animation.find_lines", text="", icon="FILE_REFRESH")
        again = buttons.operator(
            "talking_animation.find_lines", text="", icon=interface.icon("LOOP_BACK", "X")
        )
        again.forget = True
        if 0 <= script.active < len(script.lines):
            line = script.lines[script.active]
            column = layout.column(align=True)
            column.prop(line, "character", text="")
            column.prop(line, "style", text="")
            heard = layout.column(align=True)
            heard.use_property_split, heard.use_property_decorate = True, False
            draw_fields(heard, line, "channel", "voice_in_file")
            if context.scene.talking_animation.model == manner.CONTENT:
                draw_fields(heard, line, "text")
            if line.note:
                draw_text(layout, context, f"{line.name}: {line.note}.", "INFO")
        if not script.lines:
            draw_text(layout, context, "Strips are matched by the characters' names.", "INFO")

    def _draw_outcome(self, layout: UILayout, context: Context) -> None:
        outcome = context.window_manager.talking_animation_outcome
        if not outcome.concerns(context.scene):
            return
        draw_text(layout, context, outcome.message, "CANCEL" if outcome.kind == "ERROR" else "CHECKMARK")
        if len(outcome.failures):
            box = layout.box()
            shown = [_failed(row.name, row.reason) for row in outcome.failures[:SHOWN]]
            draw_each(box, context, shown, "CANCEL", width_in_box(context))
            draw_report_button(box, " ".join(row.reason for row in outcome.failures[:SHOWN]))
            if len(outcome.failures) > SHOWN:
                box.label(text=and_more(len(outcome.failures) - SHOWN), translate=False)
        draw_warnings(layout, context, outcome.warnings)
        if REPORT_TEXT in bpy.data.texts:
            draw_text(layout, context, f"All lines: text '{REPORT_TEXT}'.", "TEXT")


def _failed(name: str, reason: str) -> str:
    """Which line failed and why; a table's reasons begin with the row."""
    return reason if reason.casefold().startswith(name.casefold()) else f"{name}: {reason}"


PANELS: tuple[type, ...] = (TALKING_PT_scene,)
CLASSES: tuple[type, ...] = (
    TalkingAnimationLine,
    TalkingAnimationScript,
    TalkingAnimationFailure,
    TalkingAnimationOutcome,
    TALKING_OT_find_lines,
    TALKING_OT_animate_scene,
    TALKING_UL_lines,
    *PANELS,
)


def register() -> None:
    """Attach the properties to scenes and the window manager."""
    bpy.types.Scene.talking_animation_script = PointerProperty(type=TalkingAnimationScript)
    bpy.types.WindowManager.talking_animation_outcome = PointerProperty(type=TalkingAnimationOutcome)


def unregister() -> None:
    """Take the properties away again."""
    del bpy.types.WindowManager.talking_animation_outcome
    del bpy.types.Scene.talking_animation_script
