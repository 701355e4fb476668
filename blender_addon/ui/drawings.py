# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn and built characters: map a chart of drawings, talk with a property from its right-click menu, and what is mapped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty, StringProperty
from bpy.types import Context, Operator, Panel

from .. import api
from ..api import characters, drawings
from ..errors import TalkingAnimationError
from ..host.blender_versions import interface
from . import lookup
from .buttons import (
    InObjectMode,
    OnCharacter,
    picked_reason,
    tells_errors,
)
from .charts import draw_chart_from
from .failures import answers
from .looking import take_up
from .lookup import described
from .properties import picked_character
from .sidebar_tab import SidebarPanel
from .text import draw_fields, draw_name, say

_LETTERS: Final = 24  # of a line in the panel at its usual width, wide ones
_LETTERS_OF_NAMES: Final = 29  # the same of small letters, as most names have them
_NARROWEST, _WIDEST = 0.4, 0.75  # of that line, of a list's first column


class TALKING_OT_add_mouth_chart(InObjectMode, Operator):
    """Add a drawn head with nine mouths, eyes and brows, which talks as it is and shows how drawings are named"""

    bl_idname = "talking_animation.add_mouth_chart"
    bl_label = "Add Mouth Chart"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Build it where there is room, pick it and look at it."""
        take_up(context, characters.add_mouth_chart(context.scene))
        lookup.forget()
        return {"FINISHED"}


_ALL, _LAYER = "ALL", "LAYER:"
_DIALOG: Final = 300
"""Pixels of a dialog's width."""
_layers: list[tuple[str, str, str]] = []  # Blender needs the strings of an enumeration to stay


@answers([])
def _layer_items(_: Any, context: Context | None) -> list[tuple[str, str, str]]:
    picked = picked_character(context) if context is not None else None
    names = drawings.drawn_layers(picked) if picked is not None else []
    everything = (
        _ALL,
        "All Layers",
        "Whatever layer a frame is on",
    )  # the first holds where nobody chooses, as in a script
    _layers[:] = [everything, *((_LAYER + name, name, "") for name in names)]
    return _layers


def _likely_kind(picked: Any, selected: Sequence[Any]) -> str:
    """What the drawings of a character most likely are: a whole drawing's frames, a mesh's materials, or objects."""
    if drawings.in_order(picked, "LAYERS"):
        return "FRAMES" if drawings.drawn_layers(picked) else "LAYERS"
    several = len(drawings.in_order(picked, "SLOTS")) > 1 and len(selected) < 2
    return "SLOTS" if picked.type == "MESH" and several else "OBJECTS"


_FEW: Final = 3
"""So many drawings are of eyes or brows where the mouth has its own."""


def _likely_part(character: Any, drawn: int) -> str:
    """What so many drawings of a character most likely are of: its mouth, or a part that has none yet."""
    had = {chart.feature.partition(".")[0].rstrip("s") for chart in drawings.charts_of(character)}
    free = [part for part in ("eyes", "brows") if part.rstrip("s") not in had]
    return free[0] if "mouth" in had and free and drawn <= _FEW else "mouth"


class TALKING_OT_map_drawings(OnCharacter, Operator):
    """Say which frames, layers or selected objects are the drawings of a mouth, of eyes or of brows"""

    bl_idname = "talking_animation.map_drawings"
    bl_label = "Map Drawings"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    feature: EnumProperty(
        name="Part",
        description="What is drawn",
        items=[(name, title, f"Drawings of: {title}") for name, title in drawings.FEATURES.items()],
    )
    kind: EnumProperty(
        name="Drawings Are",
        description="What each drawing is",
        items=[
            ("FRAMES", "Frames", "Frames of the Grease Pencil object"),
            ("LAYERS", "Layers", "Layers of the Grease Pencil object"),
            (
                "OBJECTS",
                "Objects",
                "The selected objects, by their names; of one, all that are named like it but for a number",
            ),
            ("SLOTS", "Material Slots", "Material slots of the mesh"),
        ],
    )
    chart: EnumProperty(
        name="Chart",
        description="Which mouths are drawn",
        items=[(chart.name, chart.title, ", ".join(chart.drawings)) for chart in drawings.CHARTS.values()],
    )
    layer: EnumProperty(
        name="Layer", description="The layer whose frames are the drawings", items=_layer_items
    )
    listed: StringProperty(
        name="List",
        description="Which is which, such as A=1, D=7 or A=Mouth shut. Empty: the chart's drawings in order",
    )
    hold: IntProperty(
        name="Hold", description="Frames that each drawing is shown for at least", default=2, min=1, max=12
    )
    lead: IntProperty(
        name="Lead", description="Frames that the mouth comes before the sound", default=1, min=0, max=6
    )

    def invoke(self, context: Context, event: Any) -> set[str]:
        """Ask, with what is most likely of the picked character."""
        picked = picked_character(context)
        if not self.properties.is_property_set("kind"):
            self.kind = _likely_kind(picked, context.selected_objects)
        layers = drawings.drawn_layers(picked)
        if layers and not self.properties.is_property_set("layer"):
            self.layer = _LAYER + layers[0]
        if not self.properties.is_property_set("feature"):
            ordered = drawings.in_order(picked, self.kind, context.selected_objects, self._layer())
            self.feature = _likely_part(described(picked), len(ordered))
        return set(context.window_manager.invoke_props_dialog(self))

    def _layer(self) -> str:
        return self.layer[len(_LAYER) :] if self.kind == "FRAMES" and self.layer.startswith(_LAYER) else ""

    def draw(self, context: Context) -> None:
        """What matters for this part and this kind of drawings, and which drawing will be which."""
        layout = self.layout
        layout.use_property_split = True
        layout.use_property_decorate = False
        names = ["feature", "kind", *(["layer"] if self.kind == "FRAMES" else [])]
        names += ["chart"] if self.feature == "mouth" else []
        draw_fields(layout, self, *names, "listed")
        picked = picked_character(context)
        if not self.listed.strip() and picked is not None:
            ordered = drawings.in_order(picked, self.kind, context.selected_objects, self._layer())
            pairs = zip(drawings.drawings_of(self.feature, self.chart), ordered)
            text = ", ".join(f"{name}={what}" for name, what in pairs)
            draw_name(
                layout, context, text or interface.translated("No drawings of this kind"), "INFO", _DIALOG
            )
        draw_fields(layout, self, "hold", "lead")

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Keep it with the character."""
        chart = self.chart if self.feature == "mouth" else ""
        row = drawings.map_listed(
            picked_character(context),
            self.feature,
            self.kind,
            self.listed,
            chart,
            context.selected_objects,
            self._layer(),
            hold=self.hold,
            lead=self.lead,
        )
        lookup.forget()
        say(self, {"INFO"}, f"{len(row.drawings)} drawings were mapped.")
        return {"FINISHED"}


class TALKING_OT_map_part(OnCharacter, Operator):
    """Say which part of a cut-out the active plane is, or in Pose Mode the active bone"""

    bl_idname = "talking_animation.map_part"
    bl_label = "Map Part"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    part: EnumProperty(
        name="Part",
        description="What the plane or bone is",
        items=[(name, title, "The character's own left and right") for name, title in drawings.PARTS.items()],
    )
    strength: FloatProperty(
        name="Strength",
        description="How far it moves, of what is usual",
        default=1.0,
        soft_min=0.0,
        soft_max=4.0,
    )
    twos: BoolProperty(name="On Twos", description="Hold each of its drawings for two frames", default=False)

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only with an active object; of an armature with an active bone."""
        thing = context.active_object
        if thing is None:
            return "Select the plane or the bone"
        boneless = thing.type == "ARMATURE" and context.active_pose_bone is None
        return super().disabled_reason(context) or ("Select a bone in Pose Mode" if boneless else "")

    def invoke(self, context: Context, event: Any) -> set[str]:
        """Ask."""
        return context.window_manager.invoke_props_dialog(self)

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Keep it with the character."""
        thing = context.active_object
        bone = context.active_pose_bone.name if thing.type == "ARMATURE" else ""
        usual = drawings.MOVES[self.part].items()
        moves = {way: drawings.Move(channel, gain * self.strength) for way, (channel, gain) in usual}
        drawings.map_part(picked_character(context), self.part, thing, bone, moves, self.twos)
        lookup.forget()
        say(self, {"INFO"}, f"'{bone or thing.name}' was mapped.")
        return {"FINISHED"}


class TALKING_OT_map_property(OnCharacter, Operator):
    """Let this property follow the face of the picked character"""

    bl_idname = "talking_animation.map_property"
    bl_label = "Talk with This Property"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    channel: EnumProperty(
        name="Follows",
        description="What of the face the property follows",
        items=[(name, title, title) for name, title in drawings.CHANNELS.items()],
    )
    gain: FloatProperty(
        name="Gain", description="Change of the property at the end of what it follows", default=1.0
    )
    limited: BoolProperty(name="Limits", description="Keep the property between two values", default=False)
    low: FloatProperty(name="From", description="Least value of the property", default=0.0)
    high: FloatProperty(name="To", description="Greatest value of the property", default=1.0)

    datablock_type: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    datablock: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    path: StringProperty(options={"HIDDEN", "SKIP_SAVE"})
    index: IntProperty(default=-1, options={"HIDDEN", "SKIP_SAVE"})
    """What was clicked on, by its name: after an undo, as when the dialog's values are changed, it is another object."""

    def invoke(self, context: Context, event: Any) -> set[str]:
        """Remember the property, and ask."""
        return self._ask(context)

    @tells_errors
    def _ask(self, context: Context) -> set[str]:
        where, self.index = _property_under(context)
        self.datablock_type, self.datablock, self.path = where.type, where.name, where.path
        return set(context.window_manager.invoke_props_dialog(self))

    def draw(self, context: Context) -> None:
        """Which property it is, and what it follows."""
        layout = self.layout
        element = f"[{self.index}]" if self.index >= 0 else ""
        layout.label(text=f"{self.datablock}: {self.path}{element}", translate=False, icon="DRIVER")
        layout.use_property_split = True
        layout.use_property_decorate = False
        draw_fields(layout, self, "channel", "gain", "limited", *(("low", "high") if self.limited else ()))

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Keep it with the character."""
        where, index = drawings.Reference(self.datablock_type, self.datablock, self.path), self.index
        if not self.path:  # a script's call, which no dialog came before
            where, index = _property_under(context)
        picked = picked_character(context)
        target = drawings.property_of(where, described(picked).objects)
        if target is None:
            raise TalkingAnimationError(f"'{where.name}' is gone: right-click on the number again.")
        limits = sorted((self.low, self.high)) if self.limited else (None, None)
        move = drawings.Move(self.channel, self.gain, None, *limits)
        drawings.map_property(picked, *target, move, max(index, 0))
        lookup.forget()
        say(self, {"INFO"}, f"'{where.path}' of '{where.name}' was mapped.")
        return {"FINISHED"}


def _property_under(context: Context) -> tuple[drawings.Reference, int]:
    """The property that was clicked on, and the index in an array, else -1."""
    place = interface.property_under(context)
    if place is None:
        raise TalkingAnimationError("No property is chosen: right-click on a number.")
    datablock, path, index = place
    return drawings.reference_to(datablock, path), index


class TALKING_OT_take_over_mapping(OnCharacter, Operator):
    """Map the mouths of this character as Rhubarb Lip Sync NG or Lip Sync has them mapped"""

    bl_idname = "talking_animation.take_over_mapping"
    bl_label = "Take Over the Mapping"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where another add-on keeps one."""
        return super().disabled_reason(context) or picked_reason(
            context,
            lambda picked: (
                "" if lookup.other_addon(picked) else "No other lip-sync add-on has mapped its mouths"
            ),
        )

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Map what it has mapped, and say so."""
        text = drawings.take_over(picked_character(context))
        lookup.forget()
        context.window_manager.talking_animation.tell(text, "INFO")
        say(self, {"INFO"}, text)
        return {"FINISHED"}


class TALKING_OT_forget_mapped(OnCharacter, Operator):
    """Forget the drawings, parts and properties that were mapped: names alone decide again"""

    bl_idname = "talking_animation.forget_mapped"
    bl_label = "Forget What Was Mapped"
    bl_options: ClassVar = {"UNDO", "INTERNAL"}

    @classmethod
    def disabled_reason(cls, context: Context) -> str:
        """Only where something was mapped, and no keys are on it."""

        def obstacle(picked: Any) -> str:
            if not described(picked).root.talking_animation.drawings:
                return "Nothing was mapped by hand"
            return "Remove the talking animation first" if lookup.talks(picked) else ""

        return super().disabled_reason(context) or picked_reason(context, obstacle)

    @tells_errors
    def execute(self, context: Context) -> set[str]:
        """Forget it."""
        drawings.forget(api.describe(picked_character(context)).root)
        lookup.forget()
        return {"FINISHED"}


class TALKING_PT_drawings(SidebarPanel, Panel):
    """Drawings, parts of a cut-out and properties that move."""

    bl_idname = "TALKING_PT_drawings"
    bl_label = "Drawings and Properties"
    bl_parent_id = "TALKING_PT_main"
    bl_options: ClassVar = {"DEFAULT_CLOSED"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Only with an object."""
        return picked_character(context) is not None

    def draw(self, context: Context) -> None:
        """Draw the buttons and the table."""
        layout = self.layout
        picked = picked_character(context)
        if picked is None:
            return
        layout.enabled = not context.window_manager.talking_animation.running
        column = layout.column(align=True)
        column.operator("talking_animation.map_drawings")
        row = column.row(align=True)
        row.operator("talking_animation.map_part")
        row.operator("talking_animation.forget_mapped", text="", icon="X")
        if lookup.other_addon(picked):
            layout.operator("talking_animation.take_over_mapping", icon="IMPORT")
        column = layout.column(align=True)
        draw_chart_from(column, picked)
        column.operator("talking_animation.add_mouth_chart", icon="ADD")
        column.operator("talking_animation.add_sprite_chart", icon="ADD")
        character = described(picked)
        listed = [row for target in character.targets for row in target.listed(character)]
        draw_listed(layout, context, [(in_words(what), shown_by) for what, shown_by in listed])


def draw_listed(layout: Any, context: Context, rows: list[tuple[str, str]]) -> None:
    """What is moved and by what: side by side, or below each other where one of them is long, so that nothing is cut off."""
    factor = first_column([what for what, _ in rows if is_short(what)])
    column = layout.column(align=True)
    for what, shown_by in rows:
        if is_short(what) and len(shown_by) <= (1 - factor) * _LETTERS_OF_NAMES:
            split = column.split(factor=factor)
            split.label(text=what, translate=False)
            split.label(text=shown_by, translate=False)
        else:
            draw_name(column, context, what)
            draw_name(column, context, shown_by, "RIGHTARROW_THIN")


def is_short(what: str) -> bool:
    """Whether a name of what is moved leaves room beside it."""
    return len(what) <= _LETTERS * _WIDEST


def first_column(words: Sequence[str]) -> float:
    """The share of the panel's usual width that a column of these words takes."""
    return max(max(map(len, words), default=0) / _LETTERS, _NARROWEST)


def in_words(what: str) -> str:
    """What a drawing shows in the user's language: its part and how that is, such as "Left Eye shut"."""
    words = interface.translated(what)
    part, _, how = what.rpartition(" ")
    return words if words != what or not part else f"{interface.translated(part)} {interface.translated(how)}"


def _draw_menu(menu: Any, context: Context) -> None:
    if interface.is_on_property(context) and picked_character(context) is not None:
        menu.layout.separator()
        menu.layout.operator_context = "INVOKE_DEFAULT"
        menu.layout.operator("talking_animation.map_property")


CLASSES: tuple[type, ...] = (
    TALKING_OT_add_mouth_chart,
    TALKING_OT_map_drawings,
    TALKING_OT_map_part,
    TALKING_OT_map_property,
    TALKING_OT_take_over_mapping,
    TALKING_OT_forget_mapped,
    TALKING_PT_drawings,
)


def register() -> None:
    """Put the button into the menu that a right-click on a property opens."""
    menu = getattr(bpy.types, "UI_MT_button_context_menu", None)
    if menu is not None:
        menu.append(_draw_menu)


def unregister() -> None:
    """Take it out again."""
    menu = getattr(bpy.types, "UI_MT_button_context_menu", None)
    if menu is not None:
        menu.remove(_draw_menu)
