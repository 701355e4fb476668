# SPDX-License-Identifier: GPL-3.0-or-later
"""The *Talking* tab of the 3D View's sidebar."""

from __future__ import annotations

from typing import Any, ClassVar

from bpy.types import Context, Panel, UILayout

from ..api import dials_of, grease_pencil, manner
from ..api.characters import frame_rate
from ..host.blender_versions import interface
from . import operators, styles
from .buttons import draw_reason, stop_text
from .dial_keys import draw_dial_keys
from .heard_overlay import why_unseen
from .lookup import described, in_nla, obstacle, problems, talks
from .manual import draw_manual_button
from .not_applied import not_applied
from .problem_reports import draw_report_button
from .properties import picked_character
from .sidebar_tab import Place, SidebarPanel
from .text import draw_fields, draw_in_box, draw_name, draw_text, draw_warnings, in_parts
from .voice_files import draw_voice_file

_EXPRESSIONS = ("brow", "smile", "energy")
_STRENGTHS = ("lips", "head", "brows", "blinks", "gaze")
_MOUTH = ("lips_across", "lips_up_down", "mouth_closing", "lips_shut", "smoothing")
_ICONS = {"INFO": "CHECKMARK", "WARNING": "ERROR", "ERROR": "CANCEL"}


def _can_talk(context: Context) -> bool:
    """Whether a character is picked that can talk."""
    picked = picked_character(context)
    return picked is not None and not obstacle(picked)


_START_UP = 3
"""Objects of a new file: a cube, a camera, a light."""


def _offer_characters(layout: UILayout, context: Context) -> None:
    """Ways to a character that can talk."""
    layout.operator("talking_animation.add_demo_character", icon="ADD")
    if len(context.scene.objects) <= _START_UP:
        staged = layout.operator(
            "talking_animation.add_demo_character",
            text="… with Lights and Camera",
            icon=interface.icon("OUTLINER_OB_CAMERA"),
        )
        staged.stage = True
    layout.operator("talking_animation.add_mouth_chart", icon="ADD")
    layout.operator("talking_animation.add_sprite_chart", icon="ADD")
    layout.operator("talking_animation.pick_picture", icon=interface.icon("IMAGE_DATA"))


def _offer_remedies(layout: UILayout, picked: Any, character: Any) -> None:
    """Ways to make the picked character talk, those that are for its kind."""
    if character.linked:
        return
    column = layout.column(align=True)
    if grease_pencil.is_drawing(picked):
        column.operator("talking_animation.find_drawn_face", icon="VIEWZOOM")
        column.operator("talking_animation.map_drawings", icon=interface.icon("IMAGE_DATA"))
    elif character.is_flat:
        column.operator("talking_animation.map_part", icon=interface.icon("MESH_PLANE"))
        column.operator("talking_animation.map_drawings", icon=interface.icon("IMAGE_DATA"))
    elif picked.type in {"MESH", "ARMATURE"}:
        column.operator("talking_animation.talk_ready", icon=interface.icon("SHAPEKEY_DATA"))


class TALKING_PT_main(SidebarPanel, Panel):
    """Who talks, what and how; then what came of it: in the order in which it is done, every day."""

    bl_idname = "TALKING_PT_main"
    bl_label = "Talking Animation"
    bl_order = Place.MAIN

    def draw(self, context: Context) -> None:
        """Draw the panel."""
        layout = self.layout
        chosen = context.scene.talking_animation
        progress = context.window_manager.talking_animation
        inputs = layout.column()
        inputs.enabled = not progress.running
        draw_character(inputs, context, chosen)
        inputs.separator()
        draw_voice(inputs, chosen)
        inputs.separator()
        draw_manner(inputs, context, chosen)
        inputs.separator()
        draw_button(layout, context, progress)
        if not progress.running:
            draw_result(layout, context, progress)


def draw_character(layout: UILayout, context: Context, chosen: Any) -> None:
    """Who talks."""
    picked = picked_character(context)
    layout.label(text="Character", icon=interface.icon("USER", "OUTLINER_OB_ARMATURE"))
    row = layout.row(align=True)
    row.prop(chosen, "character", text="")
    if context.view_layer.objects.active not in (None, chosen.character):
        row.operator("talking_animation.use_active", text="", icon="RESTRICT_SELECT_OFF")
    if picked is None:
        draw_text(layout, context, "Select a character in the scene.", "INFO")
        _offer_characters(layout, context)
        return
    character = described(picked)
    if obstacle(picked):
        draw_text(layout, context, obstacle(picked), "INFO")
        _offer_remedies(layout, picked, character)
        _offer_characters(layout, context)
        return
    if chosen.character is None:
        draw_text(layout, context, f"{character.root.name} (active)", "RESTRICT_SELECT_OFF")
    draw_name(layout, context, in_parts(character.summary), "CHECKMARK")


def draw_voice(layout: UILayout, chosen: Any) -> None:
    """What is said, and from when."""
    layout.label(text="Voice", icon=interface.icon("SOUND", "SPEAKER"))
    layout.row(align=True).prop(chosen, "source", expand=True)
    if chosen.source == "FILE":
        draw_voice_file(layout, chosen)
        column = _split_column(layout, align=True)
        column.prop(chosen, "start_at")
        if chosen.start_at == "FRAME":
            draw_fields(column, chosen, "start_frame")
    else:
        layout.prop(chosen, "strip", text="", icon=interface.icon("SEQ_SEQUENCER", "SEQUENCE"))
        column = _split_column(layout, align=True)
    if chosen.model == manner.CONTENT:
        draw_fields(column, chosen, "text")


def draw_manner(layout: UILayout, context: Context, chosen: Any) -> None:
    """How it is said; what the keys do not show yet is marked."""
    layout.label(text="Style and Take", icon=interface.icon("PRESET", "SETTINGS"))
    column = _split_column(layout, align=True)
    styles.draw_style(column, chosen)
    column.prop(chosen, "seed")
    waiting = not_applied(context)
    if waiting:
        draw_text(layout, context, waiting, interface.icon("FILE_REFRESH", "INFO"))


def draw_button(layout: UILayout, context: Context, progress: Any) -> None:
    """The one button, or how far it is."""
    if progress.running:
        draw_text(layout, context, progress.stage)
        interface.draw_progress(layout, progress, "percent")
        layout.operator("talking_animation.cancel", text=stop_text(), icon="X")
        return
    row = layout.row()
    row.scale_y = 1.8
    row.operator("talking_animation.generate")
    reason = operators.generate_reason(context)
    picked = picked_character(context)
    if reason and picked is not None and not obstacle(picked):
        draw_text(layout, context, f"{reason}.", "INFO")


def draw_result(layout: UILayout, context: Context, progress: Any) -> None:
    """What came of it, and what is done next: look at it, try another take, or take it away."""
    if progress.concerns(context):
        icon = "CHECKMARK" if progress.warnings else _ICONS.get(progress.kind, "INFO")
        if progress.summary:
            row = layout.row()
            draw_text(row.column(), context, progress.summary, icon)
            details = row.operator("talking_animation.details", text="", icon="INFO", emboss=False)
            details.text = progress.message
        else:
            draw_text(layout, context, progress.message, icon)
        draw_warnings(layout, context, progress.warnings)
        draw_report_button(layout, progress.message)
    picked = picked_character(context)
    if picked is None or not talks(picked):
        return
    playing = context.screen is not None and context.screen.is_animation_playing
    column = layout.column(align=True)
    column.operator(
        "talking_animation.play",
        text="Pause" if playing else "Play",
        icon="PAUSE" if playing else "PLAY",
    )
    column.operator("talking_animation.another_take", icon="FILE_REFRESH")
    column.operator("talking_animation.remove", icon="TRASH")


def _split_column(layout: UILayout, align: bool) -> UILayout:
    """A column with the names of its properties beside them, and no dots for keys."""
    column = layout.column(align=align)
    column.use_property_split = True
    column.use_property_decorate = False
    return column


class TALKING_PT_dials(SidebarPanel, Panel):
    """How strongly each part moves."""

    bl_idname = "TALKING_PT_dials"
    bl_label = "Dials"
    bl_parent_id = "TALKING_PT_main"
    bl_order = Place.DIALS

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Only with a character that can talk."""
        return _can_talk(context)

    def draw(self, context: Context) -> None:
        """Draw the dials."""
        layout = self.layout
        picked = picked_character(context)
        if picked is None:
            return
        state = described(picked).root.talking_animation
        for names in (_EXPRESSIONS, _STRENGTHS, _MOUTH):
            column = layout.column(align=True)
            column.enabled = not context.window_manager.talking_animation.running
            for name in names:
                column.prop(state, name, slider=True)
        frames = round(dials_of(state).offset * frame_rate(context.scene))
        label = f"Offset ({frames:+d} frames)" if frames else "Offset"
        column.prop(state, "offset", slider=True, text=label)
        draw_dial_keys(layout, context, picked)  # below the dials, none of which moves away under the mouse
        layout.operator("talking_animation.reset_dials", icon=interface.icon("LOOP_BACK", "FILE_REFRESH"))
        if state.source:
            draw_text(layout, context, f"Says {state.source}.", interface.icon("SOUND", "SPEAKER"))


class TALKING_PT_keys(SidebarPanel, Panel):
    """Which keys there are, and where."""

    bl_idname = "TALKING_PT_keys"
    bl_label = "Keys and Cues"
    bl_parent_id = "TALKING_PT_main"
    bl_order = Place.KEYS
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Only with a character that can talk."""
        return _can_talk(context)

    def draw(self, context: Context) -> None:
        """Draw them."""
        layout = self.layout
        picked = picked_character(context)
        if picked is None:
            return
        state = described(picked).root.talking_animation
        column = _split_column(layout, align=False)
        column.enabled = not context.window_manager.talking_animation.running
        draw_fields(column, state, "key_style")
        if state.key_style in {"LINEAR", "BEZIER"}:
            column.prop(state, "key_tolerance")
        elif state.key_style == "STEPPED":
            draw_fields(column, state, "key_hold")
        if in_nla(picked):
            blend = column.column(align=True)
            blend.prop(state, "blend_in")
            blend.prop(state, "blend_out")
        else:
            layout.operator("talking_animation.push_to_nla", icon=interface.icon("NLA_PUSHDOWN"))
        layout.separator()
        layout.prop(context.scene.talking_animation, "show_heard")
        unseen = why_unseen(context) if context.scene.talking_animation.show_heard and talks(picked) else ""
        if unseen:
            draw_text(layout, context, unseen, "INFO")
        row = layout.row(align=True)
        row.operator("talking_animation.shut_lips", icon="PINNED")
        row.operator("talking_animation.release_lips", text="", icon="UNPINNED")
        layout.prop(context.scene.talking_animation, "cue_kind", text="")
        row = layout.row(align=True)
        row.operator("talking_animation.add_cues", icon=interface.icon("MARKER_HLT"))
        row.operator("talking_animation.remove_cues", text="", icon="X")
        draw_reason(layout, context, operators.talking_reason(context))


class TALKING_PT_problems(SidebarPanel, Panel):
    """What keeps the talking animation from showing."""

    bl_idname = "TALKING_PT_problems"
    bl_label = "Nothing Moves?"
    bl_parent_id = "TALKING_PT_main"
    bl_order = Place.PROBLEMS

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Only where a talking animation has problems."""
        picked = picked_character(context)
        return picked is not None and bool(problems(picked, context.scene))

    def draw(self, context: Context) -> None:
        """Draw each problem with the button that mends it."""
        layout = self.layout
        picked = picked_character(context)
        told = problems(picked, context.scene) if picked is not None else []
        for problem in told:
            box = layout.box()
            draw_in_box(box, context, problem.message, "ERROR")
            if problem.repair is not None:
                button = box.operator("talking_animation.repair", text="Repair", icon="MODIFIER")
                button.code, button.subject = problem.code, problem.subject
        if sum(problem.repair is not None for problem in told) > 1:
            button = layout.operator("talking_animation.repair")
            button.code = button.subject = ""


class TALKING_PT_face(SidebarPanel, Panel):
    """What belongs to the face itself: its mapping, its landmarks, shapes for a plain one, points."""

    bl_idname = "TALKING_PT_face"
    bl_label = "Face"
    bl_parent_id = "TALKING_PT_main"
    bl_order = Place.FACE
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Nothing of its own: the panels in it say it all."""


class TALKING_PT_options(SidebarPanel, Panel):
    """What of the recording is heard, and where the result goes."""

    bl_idname = "TALKING_PT_options"
    bl_label = "Options"
    bl_parent_id = "TALKING_PT_main"
    bl_order = Place.OPTIONS
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Draw the options."""
        layout = self.layout
        chosen = context.scene.talking_animation
        column = _split_column(layout, align=False)
        column.enabled = not context.window_manager.talking_animation.running
        draw_fields(column, chosen, "channel", "voice_in_file")
        column.separator()
        column.prop(chosen, "placement")
        switches = column.column()
        switches.use_property_split = False  # beside an empty half their names are cut off
        for name in ("text_files", "add_sound", "extend_range", "play_in_sync", "keep_motion"):
            switches.prop(chosen, name)
        picked = picked_character(context)
        character = described(picked) if picked is not None else None
        if character is not None and character.armature is not None:
            column.prop(character.root.talking_animation, "head_bone", icon="BONE_DATA")
        if character is not None and character.meshes and character.missing:
            names = ", ".join(character.missing[:6]) + (" …" if len(character.missing) > 6 else "")
            text = interface.translated("{count} shapes are missing: {names}")
            draw_name(layout, context, text.format(count=len(character.missing), names=names), "INFO")
        layout.operator("talking_animation.add_demo_character", icon="ADD")
        draw_manual_button(layout)
        layout.operator("talking_animation.copy_diagnostics", text="Report a Bug", icon="COPYDOWN")


CLASSES: tuple[type, ...] = (
    TALKING_PT_main,
    TALKING_PT_problems,
    TALKING_PT_dials,
    TALKING_PT_keys,
    TALKING_PT_face,
    TALKING_PT_options,
)
