# SPDX-License-Identifier: GPL-3.0-or-later
"""The mapping table: what each channel of the animation drives, how sure that is, and the buttons that change it."""

from __future__ import annotations

from typing import Any, ClassVar

import bpy
from bpy.props import BoolProperty, EnumProperty, PointerProperty, StringProperty
from bpy.types import Context, Object, Operator, Panel, PropertyGroup, UILayout

from .. import api
from ..characters import character, mapping
from ..characters.character import Character
from ..contract import ARKIT_NAMES
from ..host.blender_versions import interface
from ..rigs.face_bones.convention import ROLES
from ..rigs.face_shapes.convention import MOUTH_EXPRESSIONS
from ..rigs.face_shapes.recognition import BY_IDENTIFIER, SYSTEM_TITLES, SYSTEMS, USER
from ..rigs.table import MappingRow
from . import lookup
from .buttons import Reasoned, picked_reason, running_reason, tells_errors
from .lookup import described
from .properties import picked_character
from .sidebar_tab import SidebarPanel
from .text import draw_text

_AUTOMATIC, _NOTHING, _NAME = "AUTOMATIC", "NOTHING", "NAME:"
_SURE, _LIKELY = 0.9, 0.7
_TITLES = {"viseme": "Viseme", "vowel": "Vowel", "mouth": "Mouth shape", "bone": "Bone"}


def title_of(channel: str) -> str:
    """A channel's name for people: "Viseme PP", "Bone lip corner, left", "jawOpen"."""
    kind, _, name = channel.partition(":")
    if not name:
        return channel
    if kind == "bone":
        role, _, side = name.partition(".")
        name = role.replace("_", " ") + (f", {side}" if side else "")
    return f"{_TITLES[kind]} {name}"


def sections(
    found: Character, show: str = "ALL", search: str = ""
) -> dict[str, list[tuple[str, list[MappingRow]]]]:
    """The table as the panel shows it.

    Args:
        found: the character.
        show: "ALL", "DRIVEN", "UNSURE" (what a person should look at) or "MISSING".
        search: part of a channel's, shape key's or bone's name; "" for all.

    Returns:
        Title → (channel, its rows on all meshes); no rows where nothing shows the channel.
    """
    by_channel: dict[str, list[MappingRow]] = {}
    for row in found.rows:
        by_channel.setdefault(row.channel, []).append(row)
    mouth = SYSTEMS.get(found.mouth, MOUTH_EXPRESSIONS)
    face = [name for name in ARKIT_NAMES if name not in MOUTH_EXPRESSIONS]
    bones = [f"bone:{role}" for role in ROLES] if found.armature is not None else []
    listed = {"Mouth": list(mouth), "Eyes and Brows": face, "Bones": bones}
    rest = [channel for channel in by_channel if not any(channel in names for names in listed.values())]
    listed["Left Alone"] = rest
    wanted = search.casefold()
    result = {}
    for title, channels in listed.items():
        rows = [(channel, by_channel.get(channel, [])) for channel in channels]
        rows = [pair for pair in rows if _shown(*pair, show) and _fits(*pair, wanted)]
        if rows:
            result[title] = rows
    return result


def _shown(channel: str, rows: list[MappingRow], show: str) -> bool:
    if show == "MISSING":
        return not any(row.targets for row in rows)
    if show == "DRIVEN":
        return any(row.driven and row.targets for row in rows)
    if show == "UNSURE":
        return any(row.driven and (row.confidence < _SURE or row.note) for row in rows)
    return bool(rows) or not channel.startswith("bone:")


def _fits(channel: str, rows: list[MappingRow], wanted: str) -> bool:
    texts = [channel, title_of(channel), *(name for row in rows for name in row.targets)]
    return any(wanted in text.casefold() for text in texts)


# -- operators -----------------------------------------------------------------------------------------


def _linked_reason(item: Object) -> str:
    root = described(item).root
    return "" if character.is_editable(root) else f"'{root.name}' is linked: make a library override first"


class _OnCharacter(Reasoned):
    """Mixin: works where a character is picked that may be changed."""

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Not while something is being generated, nor without a character."""
        return running_reason(context) or picked_reason(context, _linked_reason)


def _names(found: Character, channel: str) -> list[str]:
    if channel.startswith("bone:"):
        return [bone.name for bone in found.armature.pose.bones] if found.armature is not None else []
    names: dict[str, None] = {}
    for item in character.related_objects(found.root):
        key = item.data.shape_keys if item.type == "MESH" and item.data is not None else None
        if key is not None:
            names.update((block.name, None) for block in key.key_blocks if block != key.reference_key)
    return list(names)


_choices: list[tuple[str, str, str]] = []  # Blender needs the strings of an enumeration to stay


def _choice_items(operator: Any, context: Context | None) -> list[tuple[str, str, str]]:
    _choices.clear()
    _choices.append((_AUTOMATIC, "Found by Its Name", "Leave it to the names"))
    _choices.append((_NOTHING, "Nothing", "Drive nothing with this"))
    item = picked_character(context) if context is not None else None
    if item is not None:
        names = _names(api.describe(item), operator.channel)
        _choices.extend((_NAME + name, name, f"Drive '{name}'") for name in names)
    return _choices


class TALKING_OT_choose_target(_OnCharacter, Operator):
    """Choose what this channel drives: type a part of the name"""

    bl_idname = "talking_animation.choose_target"
    bl_label = "Choose Shape Key or Bone"
    bl_options: ClassVar = {"UNDO", "INTERNAL"}
    bl_property = "target"

    channel: StringProperty(options={"HIDDEN"})  # type: ignore[valid-type]
    target: EnumProperty(  # type: ignore[valid-type]
        name="Drives", description="The shape key or bone that shows this channel", items=_choice_items
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
        return _change(
            self, context, lambda root: mapping.choose(root, self.channel, names), title_of(self.channel)
        )


def _change(operator: Operator, context: Context, change: Any, what: str) -> set[str]:
    """Apply a change to the character's choices, and tell where keys are older than it."""
    item = picked_character(context)
    change(api.describe(item).root)
    lookup.forget()
    if api.has_animation(item):
        operator.report({"INFO"}, f"{what}: generate again to see the change.")
    return {"FINISHED"}


class TALKING_OT_choose_mouth(_OnCharacter, Operator):
    """Choose which set of shapes moves the mouth, where a character has several"""

    bl_idname = "talking_animation.choose_mouth"
    bl_label = "Mouth Moves By"
    bl_options: ClassVar = {"UNDO", "INTERNAL"}

    system: EnumProperty(  # type: ignore[valid-type]
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
                for name, title in SYSTEM_TITLES.items()
            ),
        ],
    )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Store the choice."""
        system = "" if self.system == _AUTOMATIC else self.system
        return _change(self, context, lambda root: mapping.choose_mouth(root, system), "Mouth")


class TALKING_OT_save_mapping(_OnCharacter, Operator):
    """Save the choices of this table as a preset, to use with other characters of the same kind"""

    bl_idname = "talking_animation.save_mapping"
    bl_label = "Save Mapping Preset"
    bl_options: ClassVar = {"INTERNAL"}

    name: StringProperty(name="Name", description="Name of the preset")  # type: ignore[valid-type]
    whole: BoolProperty(  # type: ignore[valid-type]
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
        found = api.describe(picked_character(context))
        choices = mapping.choices_of(found.root)
        if self.whole:
            choices = mapping.merged(mapping.Choices(mapping.table_of(found.rows), found.mouth), choices)
        path = mapping.save_preset(self.name, choices)
        self.report({"INFO"}, f"Saved as {path}.")
        return {"FINISHED"}


_presets: list[tuple[str, str, str]] = []


def _preset_items(_: Any, __: Context | None) -> list[tuple[str, str, str]]:
    _presets.clear()
    _presets.extend((name, name, f"The mapping preset '{name}'") for name in mapping.presets())
    return _presets or [("", "No presets yet", "")]


class TALKING_OT_load_mapping(_OnCharacter, Operator):
    """Use a preset for this character; what it does not name is left to the names"""

    bl_idname = "talking_animation.load_mapping"
    bl_label = "Load Mapping Preset"
    bl_options: ClassVar = {"UNDO", "INTERNAL"}

    preset: EnumProperty(  # type: ignore[valid-type]
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

    preset: EnumProperty(  # type: ignore[valid-type]
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


class TALKING_OT_reset_mapping(_OnCharacter, Operator):
    """Forget all choices of this table: names alone decide again"""

    bl_idname = "talking_animation.reset_mapping"
    bl_label = "Reset Mapping"
    bl_options: ClassVar = {"UNDO", "INTERNAL"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where something was chosen."""
        return super().disabled_reason(context) or picked_reason(
            context,
            lambda item: (
                "" if described(item).root.talking_animation.mapping else "Nothing was chosen by hand"
            ),
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Forget them."""
        return _change(self, context, mapping.reset, "Mapping")


# -- the panel -----------------------------------------------------------------------------------------


class TalkingAnimationMappingView(PropertyGroup):
    """Which rows of the table are shown; kept with the window manager and never saved."""

    show: EnumProperty(  # type: ignore[valid-type]
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
    search: StringProperty(  # type: ignore[valid-type]
        name="Search",
        description="Show rows whose channel, shape key or bone has this in its name",
        options={"SKIP_SAVE", "TEXTEDIT_UPDATE"},
    )


class TALKING_PT_mapping(SidebarPanel, Panel):
    """What each channel drives."""

    bl_idname = "TALKING_PT_mapping"
    bl_label = "Mapping"
    bl_parent_id = "TALKING_PT_main"
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Only with a character that has shape keys or bones."""
        item = picked_character(context)
        if item is None:
            return False
        found = described(item)
        return found.recognised is not None or found.armature is not None

    def draw(self, context: Context) -> None:
        """Draw the table."""
        layout = self.layout
        item = picked_character(context)
        if item is None:
            return
        found = described(item)
        layout.enabled = not context.window_manager.talking_animation.running
        view = context.window_manager.talking_animation_mapping
        self._draw_head(layout, context, found)
        row = layout.row(align=True)
        row.prop(view, "show", expand=True)
        layout.prop(view, "search", text="", icon="VIEWZOOM")
        table = sections(found, view.show, view.search)
        for title, rows in table.items():
            box = layout.box()
            box.label(text=title)
            column = box.column(align=True)
            for channel, entries in rows:
                _draw_row(column, context, channel, entries)
        if not table:
            layout.label(text="No rows to show.", icon="INFO")

    def _draw_head(self, layout: UILayout, context: Context, found: Character) -> None:
        titles = [BY_IDENTIFIER[name].title for name in found.conventions]
        if found.face_bones:
            titles.append(f"{found.face_bones.title} bones")
        draw_text(layout, context, ", ".join(titles) or "No known names", "INFO")
        for note in found.notes:
            draw_text(layout, context, note, "QUESTION")
        row = layout.row(align=True)
        if found.mouth:
            row.operator_menu_enum(
                "talking_animation.choose_mouth",
                "system",
                text=f"Mouth: {SYSTEM_TITLES[found.mouth].capitalize()}",
            )
        row.operator("talking_animation.save_mapping", text="", icon=interface.icon("FILE_TICK", "EXPORT"))
        row.operator_menu_enum(
            "talking_animation.load_mapping", "preset", text="", icon=interface.icon("PRESET", "IMPORT")
        )
        row.operator_menu_enum("talking_animation.delete_mapping", "preset", text="", icon="TRASH")
        row.operator("talking_animation.reset_mapping", text="", icon=interface.icon("LOOP_BACK"))


def _draw_row(layout: UILayout, context: Context, channel: str, entries: list[MappingRow]) -> None:
    names = list(dict.fromkeys(name for entry in entries for name in entry.targets))
    split = layout.split(factor=0.36, align=True)
    split.label(text=title_of(channel))
    row = split.row(align=True)
    row.active = any(entry.driven for entry in entries) or not entries
    text = " + ".join(names) if names else "–"
    row.operator("talking_animation.choose_target", text=text).channel = channel
    confidence = min((entry.confidence for entry in entries if entry.targets), default=0.0)
    by_hand = any(entry.convention == USER for entry in entries)
    if by_hand:
        row.label(text="", icon="USER")
    elif names:
        if confidence < _SURE:
            row.label(text="", icon="QUESTION" if confidence >= _LIKELY else "ERROR")
        percent = row.row()
        percent.ui_units_x = 2.4
        percent.label(text=f"{round(100 * confidence)}%")
    notes = dict.fromkeys(entry.note for entry in entries if entry.note and entry.driven)
    for note in notes:
        draw_text(layout, context, note, "BLANK1")


PANELS: tuple[type, ...] = (TALKING_PT_mapping,)
CLASSES: tuple[type, ...] = (
    TalkingAnimationMappingView,
    TALKING_OT_choose_target,
    TALKING_OT_choose_mouth,
    TALKING_OT_save_mapping,
    TALKING_OT_load_mapping,
    TALKING_OT_delete_mapping,
    TALKING_OT_reset_mapping,
    *PANELS,
)


def register() -> None:
    """Attach the view's properties to the window manager."""
    bpy.types.WindowManager.talking_animation_mapping = PointerProperty(type=TalkingAnimationMappingView)


def unregister() -> None:
    """Take them away again."""
    del bpy.types.WindowManager.talking_animation_mapping
