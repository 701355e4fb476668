"""The panel *Mapping*, drawn into a list of what it says."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import bpy
from layout import Layout

from blender_addon import api
from blender_addon.ui import lookup
from blender_addon.ui import mapping as panel


class TableLayout(Layout):
    """Also knows menus, splits and buttons' texts."""

    def __init__(self, said=None):
        super().__init__(said)

    def _child(self, *_, **__):
        return TableLayout(self.said)

    row = column = box = split = _child

    def operator(self, name, text="", **options):
        super().operator(name, **options)
        if text:
            self.said.append(text)
        return SimpleNamespace()

    def template_list(self, kind, name, data, prop, view, active, **_):
        rows = getattr(bpy.types, kind)
        channels = getattr(data, prop)
        assert active in view.bl_rna.properties and len(channels) == len(api.mapping.CHANNELS)
        flags, order = panel.TALKING_UL_mapping.filter_items(
            SimpleNamespace(bitflag_filter_item=1), bpy.context, data, prop
        )
        assert sorted(order) == list(range(len(channels))) and issubclass(rows, bpy.types.UIList)
        shown = sorted((place, row) for place, row, flag in zip(order, range(len(flags)), flags) if flag)
        for _, row in shown:
            panel.TALKING_UL_mapping.draw_item(None, bpy.context, self, data, channels[row], 0, view, active)

    def operator_menu_enum(self, name, prop, text="", icon="NONE", translate=True):
        super().operator(name, icon=icon)
        self.said.append(text)


def draw(show: str = "ALL", search: str = "") -> Any:
    """What the panel says of the picked character, with the rows that are to be shown."""
    lookup.forget()
    view = bpy.context.window_manager.talking_animation_mapping
    view.show, view.search = show, search
    assert panel.TALKING_PT_mapping.poll(bpy.context)
    layout = TableLayout()
    itself = SimpleNamespace(
        layout=layout, _draw_head=lambda *rest: panel.TALKING_PT_mapping._draw_head(None, *rest)
    )
    panel.TALKING_PT_mapping.draw(itself, bpy.context)
    return layout.said


def pick(obj: Any) -> None:
    """Pick a character."""
    bpy.context.scene.talking_animation.character = obj
    bpy.context.view_layer.objects.active = obj
