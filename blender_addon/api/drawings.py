# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn and built characters: charts of drawings, parts of a cut-out and properties, mapped by scripts and panels."""

from __future__ import annotations

from ..characters.character import Character
from ..characters.drawing_choices import (
    by_frames,
    by_names,
    by_numbers,
    by_slots,
    drawings_of,
    drawn_layers,
    forget,
    forget_property,
    in_order,
    map_chart,
    map_listed,
    map_part,
    map_property,
)
from ..characters.drawing_mappings import (
    KINDS,
    ChartMapping,
    Mapped,
    Move,
    PartMapping,
    PropertyMapping,
    Reference,
)
from ..characters.drawings import is_flat, mapped_of, property_of, reference_to
from ..characters.taken_over import foreign_of, take_over
from ..motion.face_channels import CHANNELS
from ..rigs.cut_out_parts import MOVES, PARTS
from ..rigs.drawing_charts import CHARTS, FEATURES
from ..targets.swap.recognition import charts_of

__all__ = [
    "CHANNELS",
    "CHARTS",
    "FEATURES",
    "KINDS",
    "MOVES",
    "PARTS",
    "ChartMapping",
    "Mapped",
    "Move",
    "PartMapping",
    "PropertyMapping",
    "Reference",
    "by_frames",
    "by_names",
    "by_numbers",
    "by_slots",
    "charts_of",
    "drawings_of",
    "drawn_layers",
    "forget",
    "forget_property",
    "in_order",
    "is_flat",
    "map_chart",
    "map_listed",
    "map_part",
    "map_property",
    "mapped_of",
    "other_addon",
    "property_of",
    "reference_to",
    "take_over",
]


def other_addon(character: Character) -> str:
    """The lip-sync add-on that keeps a mapping with a character's objects, for `take_over`; "" where there is none."""
    kept = foreign_of(character.objects)
    return kept.title if kept is not None else ""
