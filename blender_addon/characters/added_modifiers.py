# SPDX-License-Identifier: GPL-3.0-or-later
"""Modifiers that mapping a chart adds to its object, and that go again when nothing mapped shows its drawings by them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..host.blender_versions import drawing_layers, material_slots
from . import drawings
from .drawing_mappings import FRAMES, SLOTS, ChartMapping

TIME_MODIFIER: Final = "Talking mouth"
"""What a Time Offset modifier is called that was added for frames of a layer."""
SLOT_MODIFIER: Final = "Talking mouth slot"
"""What a Geometry Nodes modifier is called that was added for material slots."""


def remove_unused(members: Iterable[Any], charts: Iterable[ChartMapping]) -> None:
    """Take away the modifiers that were added for charts and that none of these charts uses any more.

    Args:
        members: the objects of a character; what is linked stays.
        charts: all that are mapped now.
    """
    listed = list(members)
    used = {
        (owner, chart.where.path)
        for chart in charts
        if chart.kind in (FRAMES, SLOTS)
        and (owner := drawings.object_named(chart.where.name, listed)) is not None
    }
    for obj in listed:
        if obj.library is not None:
            continue
        for modifier in drawing_layers.time_modifiers(obj):
            is_ours = drawings.without_number(modifier.name) == TIME_MODIFIER
            if is_ours and (obj, drawing_layers.offset_path(modifier.name)) not in used:
                drawing_layers.remove_modifier(obj, modifier)
        for modifier, path in material_slots.added_modifiers(obj, SLOT_MODIFIER):
            if (obj, path) not in used:
                material_slots.remove_modifier(obj, modifier)
