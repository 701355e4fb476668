# SPDX-License-Identifier: GPL-3.0-or-later
"""The mapping table: what each channel of the animation drives, how sure that is, and the buttons that change it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, ClassVar, Final

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, PointerProperty, StringProperty
from bpy.types import Context, Operator, Panel, PropertyGroup, UILayout, UIList

from .. import api
from ..api import mapping
from ..api.characters import Character
from ..api.mapping import Entry
from ..errors import TalkingAnimationError
from ..host.blender_versions import interface
from . import lookup
from .buttons import (
    OnCharacter,
    Reasoned,
    picked_reason,
    tells_errors,
)
from .failures import Telling, answers
from .lookup import described
from .properties import picked_character
from .sidebar_tab import FacePlace, SidebarPanel
from .text import draw_text, say

_AUTOMATIC, _NOTHING, _NAME, _CONTROL = "AUTOMATIC", "NOTHING", "NAME:", "CONTROL:"


# -- operators -----------------------------------------------------------------------------------------


_choices: list[tuple[str, str, str]] = []  # Blender needs the strings of an enumeration to stay


@answers([])
def _choice_items(operator: Any, context: Context | None) -> list[tuple[str, str, str]]:
    _choices.clear()
    _choices.append((_AUTOMATIC, "Found by Its Name", "Leave it to the names"))
    _choices.append((_NOTHING, "Nothing", "Drive nothing with this"))
    picked = picked_character(context) if context is not None else None
    if picked is not None:
        character = api.describe(picked)
        names = mapping.names_for(character, operator.channel)
        about = interface.tooltip("Drive '{name}'")
        _choices.extend((_NAME + name, name, about.format(name=name)) for name in names)
        word = interface.translated("Control")
        _choices.extend(
            (_identifier(control), f"{control.title} ({word})", about.format(name=control.title))
            for control in mapping.controls_for(character, operator.channel)
        )
    return _choices


def _identifier(control: mapping.ControlChoice) -> str:
    """Of a control among the choices: a property may be called as a bone that moves is."""
    return f"{_CONTROL}{control.kind}:{control.axis}:{control.name}"


class TALKING_OT_choose_target(OnCharacter, Operator):
    """Choose what this channel drives: type a part of the name"""

    bl_idname = "talking_animation.choose_target"
    bl_label = "Choose What It Drives"
    bl_options: ClassVar = {"UNDO", "INTERNAL"}
    bl_property = "target"

    channel: StringProperty(options={"HIDDEN"})
    target: EnumProperty(
        name="Drives",
        description="The shape key, bone or control that shows this channel",
        items=_choice_items,
    )

    def invoke(self, context: Context, event: Any) -> set[str]:
        """Open the search field."""
        context.window_manager.invoke_search_popup(self)
        return {"FINISHED"}

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Store the choice."""
        names: tuple[str, ...] | None = None
        if self.target == _NOTHING:
            names = ()
        elif self.target.startswith(_NAME):
            names = (self.target[len(_NAME) :],)
        title = mapping.title_of(self.channel)
        if self.channel in mapping.CHANNELS:
            view = context.window_manager.talking_animation_mapping
            view.row = mapping.CHANNELS.index(self.channel)
        if self.target.startswith(_CONTROL):
            kind, axis, name = self.target[len(_CONTROL) :].split(":", 2)
            character = api.describe(picked_character(context))
            control = mapping.control_called(character, self.channel, name, kind, int(axis))
            return _change(
                self, context, lambda root: mapping.choose_control(root, self.channel, control), title
            )
        return _change(self, context, lambda root: mapping.choose(root, self.channel, names), title)


def _change(operator: Operator, context: Context, change: Any, what: str) -> set[str]:
    """Apply a change to the character's choices, and tell where keys are older than it."""
    picked = picked_character(context)
    change(api.describe(picked).root)
    lookup.forget()
    if api.has_animation(picked):
        say(operator, {"INFO"}, f"{what}: generate again to see the change.")
    return {"FINISHED"}


def ends_shown(character: Character, channel: str) -> tuple[float, float]:
    """How far a channel's control goes now, in degrees where it turns; 0 and 1 where nothing says so."""
    control = mapping.choices_of(character.root).controls.get(channel)
    ends = mapping.range_of(character, control) if control is not None else None
    if control is None or ends is None:
        return 0.0, 1.0
    return (math.degrees(ends[0]), math.degrees(ends[1])) if control.kind == "rotation_euler" else ends


class TALKING_OT_control_range(OnCharacter, Operator):
    """Say how far this control goes: its values where the channel is not there, and where it is shown wholly"""

    bl_idname = "talking_animation.control_range"
    bl_label = "Range of the Control"
    bl_options: ClassVar = {"UNDO", "INTERNAL"}

    channel: StringProperty(options={"HIDDEN"})
    begin: FloatProperty(
        name="Value at 0",
        description="Value of the control where the channel is not there",
        precision=3,
        options={"SKIP_SAVE"},
    )
    end: FloatProperty(
        name="Value at 1",
        description="Value of the control where the channel is shown wholly",
        default=1.0,
        precision=3,
        options={"SKIP_SAVE"},
    )

    def invoke(self, context: Context, event: Any) -> set[str]:
        """Ask for both, in degrees where the control turns."""
        self.begin, self.end = ends_shown(api.describe(picked_character(context)), self.channel)
        return context.window_manager.invoke_props_dialog(self)

    def _control(self, context: Context) -> mapping.ControlChoice | None:
        root = api.describe(picked_character(context)).root
        return mapping.choices_of(root).controls.get(self.channel)

    def draw(self, context: Context) -> None:
        """Whose range it is, and both ends."""
        control = self._control(context)
        if control is None:
            return
        self.layout.label(text=control.title, translate=False, icon="DRIVER")
        if control.kind == "rotation_euler":
            self.layout.label(text="In degrees", icon="INFO")
        self.layout.prop(self, "begin")
        self.layout.prop(self, "end")

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Keep it with the choice."""
        control = self._control(context)
        if control is None:
            raise TalkingAnimationError("This row drives no control that was chosen: choose one first.")
        turns = control.kind == "rotation_euler"
        ends = (math.radians(self.begin), math.radians(self.end)) if turns else (self.begin, self.end)
        ranged = replace(control, range=ends)
        title = mapping.title_of(self.channel)
        return _change(self, context, lambda root: mapping.choose_control(root, self.channel, ranged), title)


class TALKING_OT_choose_mouth(OnCharacter, Operator):
    """Choose which set of shapes moves the mouth, where a character has several"""

    bl_idname = "talking_animation.choose_mouth"
    bl_label = "Mouth Moves By"
    bl_options: ClassVar = {"UNDO", "INTERNAL"}

    system: EnumProperty(
        name="Mouth Moves By",
        description="The set of shapes that moves the mouth",
        items=[
            (
                _AUTOMATIC,
                "Best Found",
                "Expression shapes where there are enough, else visemes, mouths, vowels",
            ),
            *(
                (name, title.capitalize(), f"Move the mouth by {title}")
                for name, title in mapping.SYSTEM_TITLES.items()
            ),
        ],
    )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Store the choice."""
        system = "" if self.system == _AUTOMATIC else self.system
        return _change(self, context, lambda root: mapping.choose_mouth(root, system), "Mouth")


class TALKING_OT_save_mapping(OnCharacter, Operator):
    """Save the choices of this table as a preset, to use with other characters of the same kind"""

    bl_idname = "talking_animation.save_mapping"
    bl_label = "Save Mapping Preset"
    bl_options: ClassVar = {"INTERNAL"}

    name: StringProperty(name="Name", description="Name of the preset")
    whole: BoolProperty(
        name="Whole Table",
        description="Also save what was found by its name, not only what was chosen by hand",
        default=False,
    )

    def invoke(self, context: Context, event: Any) -> set[str]:
        """Ask for the name."""
        if not self.name:
            self.name = described(picked_character(context)).root.name
        return context.window_manager.invoke_props_dialog(self)

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Save it."""
        path = mapping.save_character(self.name, api.describe(picked_character(context)), self.whole)
        say(self, {"INFO"}, f"Saved as {path}.")
        return {"FINISHED"}


_presets: list[tuple[str, str, str]] = []


@answers([])
def _preset_items(_: Any, __: Context | None) -> list[tuple[str, str, str]]:
    _presets.clear()
    about = interface.tooltip("The mapping preset '{name}'")
    _presets.extend((name, name, about.format(name=name)) for name in mapping.presets())
    return _presets or [("", "No presets yet", "")]


class TALKING_OT_load_mapping(OnCharacter, Operator):
    """Use a preset for this character; what it does not name is left to the names"""

    bl_idname = "talking_animation.load_mapping"
    bl_label = "Load Mapping Preset"
    bl_options: ClassVar = {"UNDO", "INTERNAL"}

    preset: EnumProperty(
        name="Preset", description="A mapping preset that was saved before", items=_preset_items
    )

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there are presets."""
        return super().disabled_reason(context) or ("" if mapping.presets() else "No preset was saved yet")

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Load it."""
        return _change(
            self, context, lambda root: mapping.store(root, mapping.load_preset(self.preset)), self.preset
        )


class TALKING_OT_delete_mapping(Reasoned, Operator):
    """Delete a mapping preset from the disk"""

    bl_idname = "talking_animation.delete_mapping"
    bl_label = "Delete Mapping Preset"
    bl_options: ClassVar = {"INTERNAL"}

    preset: EnumProperty(
        name="Preset", description="A mapping preset that was saved before", items=_preset_items
    )

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where there are presets."""
        return "" if mapping.presets() else "No preset was saved yet"

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Delete it."""
        mapping.delete_preset(self.preset)
        return {"FINISHED"}


class TALKING_OT_reset_mapping(OnCharacter, Operator):
    """Forget all choices of this table: names alone decide again"""

    bl_idname = "talking_animation.reset_mapping"
    bl_label = "Reset Mapping"
    bl_options: ClassVar = {"UNDO", "INTERNAL"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where something was chosen."""
        return super().disabled_reason(context) or picked_reason(
            context,
            lambda picked: (
                "" if described(picked).root.talking_animation.mapping else "Nothing was chosen by hand"
            ),
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Forget them."""
        return _change(self, context, mapping.reset, "Mapping")


# -- the panel -----------------------------------------------------------------------------------------


_ROWS = 9
_NONE_DRIVEN: Final = "Nothing is driven yet. All rows are shown: choose what each drives, Jaw open first."
_WIDE: Final = 300
"""Pixels of a sidebar that has room for a title and what it drives side by side."""
_CHANNEL_ITEMS = [(channel, mapping.title_of(channel), "") for channel in mapping.CHANNELS]
_shown: dict[str, Entry] = {}  # what the panel drew last, for its list


class TalkingAnimationMappingView(PropertyGroup):
    """Which rows of the table are shown; kept with the window manager and never saved."""

    show: EnumProperty(
        name="Show",
        description="Which rows are shown",
        items=[
            ("DRIVEN", "Driven", "What the animation drives"),
            ("UNSURE", "Unsure", "What was found by a loose match, or has something to tell"),
            ("MISSING", "Missing", "What nothing on this character shows"),
            ("ALL", "All", "All of the table"),
        ],
        options={"SKIP_SAVE"},
    )
    channels: EnumProperty(
        items=_CHANNEL_ITEMS,
        options={"HIDDEN", "SKIP_SAVE"},
    )
    row: IntProperty(name="Row", min=0, options={"HIDDEN", "SKIP_SAVE"})
    search: StringProperty(
        name="Search",
        description="Show rows whose channel, shape key or bone has this in its name",
        options={"SKIP_SAVE", "TEXTEDIT_UPDATE"},
    )


class TALKING_UL_mapping(Telling, UIList):
    """The table, which scrolls: all channels lie below it, and those that are to be shown are in `_shown`."""

    def draw_item(
        self,
        context: Context,
        layout: UILayout,
        data: Any,
        channel: Any,
        icon: int,
        active_data: Any,
        active_property: str,
        *_: Any,
    ) -> None:
        """A channel, what it drives and how sure that is."""
        entry = _shown.get(channel.identifier)
        if entry is None:
            return
        region, scale = context.region, context.preferences.system.ui_scale or 1.0
        wide = region is None or region.width > _WIDE * scale
        # A narrow one has room for titles alone: what the chosen row drives stands below the table.
        split = layout.split(factor=0.5 if wide else 0.85, align=True)
        split.label(text=readable(entry.title), translate=False)
        row = split.row(align=True)
        row.active = entry.driven or not entry.rows
        sign = "DOWNARROW_HLT" if entry.names else "ADD"
        button: Any = row.operator(
            "talking_animation.choose_target",
            text=driven_by(entry) if wide else "",
            icon="NONE" if wide else sign,
            translate=False,
        )
        button.channel = entry.channel
        if entry.by_hand:
            row.label(text="", icon="USER")
        elif entry.notes or (entry.names and entry.confidence < mapping.SURE):
            unlikely = entry.confidence < mapping.LIKELY
            row.label(text="", icon="ERROR" if unlikely else "QUESTION")

    def draw_filter(self, context: Context, layout: UILayout) -> None:
        """None: the panel has a field for it."""

    def filter_items(self, context: Context, data: Any, name: str) -> tuple[list[int], list[int]]:
        """Those to be shown, in the order of the table."""
        channels = [choice.identifier for choice in getattr(data, name)]
        places = {channel: place for place, channel in enumerate(_shown)}
        rest = iter(range(len(places), len(channels)))
        order = [places[channel] if channel in places else next(rest) for channel in channels]
        return [self.bitflag_filter_item if channel in places else 0 for channel in channels], order


def driven_by(entry: Entry) -> str:
    """The names of what a channel drives."""
    return " + ".join(entry.names) or "–"


def readable(title: str) -> str:
    """A channel's title in the user's language: "Smile, left" by its two parts."""
    return ", ".join(interface.translated(part) for part in title.split(", "))


def _draw_range(layout: UILayout, character: Character, channel: str) -> None:
    """The button for the range of the chosen row's control, where it has one."""
    if channel in mapping.choices_of(character.root).controls:
        button: Any = layout.operator("talking_animation.control_range", icon="DRIVER")
        button.channel = channel


class TALKING_PT_mapping(SidebarPanel, Panel):
    """What each channel drives."""

    bl_idname = "TALKING_PT_mapping"
    bl_label = "Mapping"
    bl_parent_id = "TALKING_PT_face"
    bl_order = FacePlace.MAPPING
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Only with a character that has shape keys, bones or controls."""
        picked = picked_character(context)
        if picked is None:
            return False
        return lookup.has_table(picked)

    def draw(self, context: Context) -> None:
        """Draw the table."""
        layout = self.layout
        picked = picked_character(context)
        if picked is None:
            return
        character = described(picked)
        layout.enabled = not context.window_manager.talking_animation.running
        view = context.window_manager.talking_animation_mapping
        self._draw_head(layout, context, character)
        row = layout.row(align=True)
        row.prop(view, "show", expand=True)
        layout.prop(view, "search", text="", icon="VIEWZOOM")
        _shown.clear()
        for entries in mapping.sections(character, view.show, view.search).values():
            _shown.update((entry.channel, entry) for entry in entries)
        if not _shown and view.show == "DRIVEN" and not view.search:
            if not character.named:
                draw_text(layout, context, _NONE_DRIVEN, "INFO")
            for entries in mapping.sections(character, "ALL", "").values():
                _shown.update((entry.channel, entry) for entry in entries)
        channel = mapping.CHANNELS[view.row] if view.row < len(mapping.CHANNELS) else ""
        if not _shown:
            layout.label(text="No rows to show.", icon="INFO")
            _draw_range(layout, character, channel)
            return
        channels = TalkingAnimationMappingView.bl_rna.properties["channels"]
        layout.template_list("TALKING_UL_mapping", "", channels, "enum_items", view, "row", rows=_ROWS)
        chosen = _shown.get(channel)
        if chosen is not None:
            draw_text(layout, context, f"{readable(chosen.title)}: {driven_by(chosen)}")
        for note in chosen.notes if chosen is not None else ():
            draw_text(layout, context, note, "INFO")
        _draw_range(layout, character, channel)

    def _draw_head(self, layout: UILayout, context: Context, character: Character) -> None:
        titles = mapping.titles(character)
        by_hand = "Chosen by hand" if character.mouth else "No known names"
        draw_text(layout, context, ", ".join(titles) or by_hand, "INFO")
        for note in character.notes:
            draw_text(layout, context, note, "QUESTION")
        if character.meshes:
            layout.prop(character.root.talking_animation, "calibrate")
        for sentence in mapping.adjustments(character):
            draw_text(layout, context, f"{sentence}.", "INFO")
        if character.mouth:
            moved_by = interface.translated(mapping.SYSTEM_TITLES[character.mouth].capitalize())
            layout.operator_menu_enum(
                "talking_animation.choose_mouth",
                "system",
                text=f"{interface.translated('Mouth')}: {moved_by}",
                translate=False,
            )
        row = layout.row(align=True)
        row.label(text="Preset")
        row.operator("talking_animation.save_mapping", text="", icon=interface.icon("FILE_TICK", "EXPORT"))
        row.operator_menu_enum(
            "talking_animation.load_mapping", "preset", text="", icon=interface.icon("PRESET", "IMPORT")
        )
        row.operator_menu_enum("talking_animation.delete_mapping", "preset", text="", icon="TRASH")
        row.operator("talking_animation.reset_mapping", text="", icon=interface.icon("LOOP_BACK"))


PANELS: tuple[type, ...] = (TALKING_PT_mapping,)
CLASSES: tuple[type, ...] = (
    TalkingAnimationMappingView,
    TALKING_OT_choose_target,
    TALKING_OT_control_range,
    TALKING_OT_choose_mouth,
    TALKING_OT_save_mapping,
    TALKING_OT_load_mapping,
    TALKING_OT_delete_mapping,
    TALKING_OT_reset_mapping,
    TALKING_UL_mapping,
    *PANELS,
)


def register() -> None:
    """Attach the view's properties to the window manager."""
    bpy.types.WindowManager.talking_animation_mapping = PointerProperty(type=TalkingAnimationMappingView)


def unregister() -> None:
    """Take them away again."""
    del bpy.types.WindowManager.talking_animation_mapping
