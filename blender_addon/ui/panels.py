# SPDX-License-Identifier: GPL-3.0-or-later
"""The *Talking* tab of the 3D View's sidebar."""

from __future__ import annotations

import textwrap
import time
from typing import Any, ClassVar

from bpy.types import Context, Object, Panel, UILayout

from .. import api, versions
from ..character import Character
from . import operators
from .properties import picked_character

CATEGORY = "Talking"
_FOUND_SECONDS = 0.5  # a look through a large scene is not repeated at every redraw
_found: dict[str, tuple[float, Character]] = {}

_ICONS = {"INFO": "CHECKMARK", "WARNING": "ERROR", "ERROR": "CANCEL"}


def _describe(item: Object) -> Character:
    now = time.monotonic()
    known = _found.get(item.name_full)
    if known is None or now - known[0] > _FOUND_SECONDS:
        _found.clear()
        known = _found[item.name_full] = (now, api.describe(item))
    return known[1]


def forget() -> None:
    """Drop what was looked up: the objects may be gone."""
    _found.clear()


def draw_text(layout: UILayout, context: Context, text: str, icon: str = "NONE") -> None:
    """A text over as many lines as the sidebar's width asks for."""
    width = context.region.width if context.region is not None else 280
    scale = context.preferences.system.ui_scale or 1.0
    characters = max(20, int((width / scale - 60) / 6.6))
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(textwrap.wrap(text, characters)):
        column.label(text=line, icon=icon if number == 0 else ("BLANK1" if icon != "NONE" else "NONE"))


class _TalkingPanel:
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = CATEGORY


class TALKING_PT_main(_TalkingPanel, Panel):
    """Who talks, and what."""

    bl_idname = "TALKING_PT_main"
    bl_label = "Talking Animation"

    def draw(self, context: Context) -> None:
        """Draw the panel."""
        layout = self.layout
        chosen = context.scene.talking_animation
        progress = context.window_manager.talking_animation
        inputs = layout.column()
        inputs.enabled = not progress.running
        self._draw_character(inputs, context, chosen)
        inputs.separator()
        self._draw_voice(inputs, context, chosen)
        inputs.separator()
        self._draw_button(layout, context, progress)

    def _draw_character(self, layout: UILayout, context: Context, chosen: Any) -> None:
        item = picked_character(context)
        layout.label(text="Character", icon=versions.icon("USER", "OUTLINER_OB_ARMATURE"))
        row = layout.row(align=True)
        row.prop(chosen, "character", text="")
        row.operator("talking_animation.use_active", text="", icon="EYEDROPPER")
        if item is None:
            draw_text(layout, context, "Select a character in the scene.", "INFO")
            layout.operator("talking_animation.add_demo_character", icon="ADD")
            return
        found = _describe(item)
        if found.problem:
            draw_text(layout, context, found.problem, "INFO")
            layout.operator("talking_animation.add_demo_character", icon="ADD")
            return
        if chosen.character is None:
            draw_text(layout, context, f"{found.root.name} (active)", "RESTRICT_SELECT_OFF")
        draw_text(layout, context, found.summary, "CHECKMARK")

    def _draw_voice(self, layout: UILayout, context: Context, chosen: Any) -> None:
        layout.label(text="Voice", icon=versions.icon("SOUND", "SPEAKER"))
        layout.row(align=True).prop(chosen, "source", expand=True)
        if chosen.source == "FILE":
            layout.prop(chosen, "audio", text="")
        else:
            layout.prop(chosen, "strip", text="", icon=versions.icon("SEQ_SEQUENCER", "SEQUENCE"))
        column = layout.column(align=True)
        column.use_property_split = True
        column.use_property_decorate = False
        if chosen.source == "FILE":
            column.prop(chosen, "start_frame")
        column.prop(chosen, "style")
        column.prop(chosen, "seed")

    def _draw_button(self, layout: UILayout, context: Context, progress: Any) -> None:
        if progress.running:
            versions.draw_progress(layout, progress, "percent", progress.stage)
            layout.operator("talking_animation.cancel", text="Cancel (Esc)", icon="X")
            return
        row = layout.row()
        row.scale_y = 1.8
        row.operator("talking_animation.generate")
        reason = operators.generate_reason(context)
        item = picked_character(context)
        if reason and item is not None and not _describe(item).problem:
            draw_text(layout, context, f"{reason}.", "INFO")
        if progress.message:
            draw_text(layout, context, progress.message, _ICONS.get(progress.kind, "INFO"))


class TALKING_PT_dials(_TalkingPanel, Panel):
    """How strongly each part moves."""

    bl_idname = "TALKING_PT_dials"
    bl_label = "Dials"
    bl_parent_id = "TALKING_PT_main"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Only with a character that can talk."""
        item = picked_character(context)
        return item is not None and not _describe(item).problem

    def draw(self, context: Context) -> None:
        """Draw the dials."""
        layout = self.layout
        item = picked_character(context)
        if item is None:
            return
        state = _describe(item).root.talking_animation
        column = layout.column(align=True)
        column.enabled = not context.window_manager.talking_animation.running
        for name in ("lips", "head", "brows", "blinks", "gaze"):
            column.prop(state, name, slider=True)
        layout.operator("talking_animation.reset_dials", icon=versions.icon("LOOP_BACK", "FILE_REFRESH"))
        if state.source:
            draw_text(layout, context, f"Says {state.source}.", versions.icon("SOUND", "SPEAKER"))


class TALKING_PT_options(_TalkingPanel, Panel):
    """Where the result goes."""

    bl_idname = "TALKING_PT_options"
    bl_label = "Options"
    bl_parent_id = "TALKING_PT_main"
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        """Draw the options."""
        layout = self.layout
        chosen = context.scene.talking_animation
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        column.enabled = not context.window_manager.talking_animation.running
        column.prop(chosen, "placement")
        column.prop(chosen, "add_sound")
        column.prop(chosen, "extend_range")
        item = picked_character(context)
        found = _describe(item) if item is not None else None
        if found is not None and found.armature is not None:
            column.prop(found.root.talking_animation, "head_bone", icon="BONE_DATA")
        if found is not None and found.meshes and found.missing:
            names = ", ".join(found.missing[:6]) + (" …" if len(found.missing) > 6 else "")
            draw_text(layout, context, f"{len(found.missing)} shapes are missing: {names}", "INFO")
        layout.separator()
        layout.operator("talking_animation.remove", icon="TRASH")
        layout.operator("talking_animation.add_demo_character", icon="ADD")


CLASSES: tuple[type, ...] = (TALKING_PT_main, TALKING_PT_dials, TALKING_PT_options)
