# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts on panels."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Final

from bpy.types import Context, UILayout

from ..host.blender_versions import interface

SHOWN: Final = 6
"""So many sentences of one kind are drawn, and the others counted."""


def in_lines(sentences: Iterable[str]) -> str:
    """Sentences as one text, a line each; `draw_warnings` draws it."""
    return "\n".join(" ".join(sentence.split()) for sentence in sentences)


def draw_warnings(layout: UILayout, context: Context, lines: str) -> None:
    """What to watch out for, see `in_lines`: each sentence with a sign of its own, the first few of many."""
    sentences = lines.splitlines()
    for sentence in sentences[:SHOWN]:
        draw_text(layout, context, sentence, "ERROR")
    if len(sentences) > SHOWN:
        layout.label(text=and_more(len(sentences) - SHOWN), translate=False)


def and_more(count: int) -> str:
    """That so many more are not drawn."""
    return interface.translated("… and {count} more").format(count=count)


_PREFERENCES: Final = "the add-on's preferences"
"""A text that sends people there has a button below it that opens them."""
_BOX = 20
"""Pixels that a box's border and margins take of the width."""


def draw_in_box(box: UILayout, context: Context, text: str, icon: str = "NONE") -> None:
    """A text in a box of a panel, see `draw_text`."""
    scale = context.preferences.system.ui_scale or 1.0
    width = context.region.width if context.region is not None else 280
    draw_text(box, context, text, icon, width - _BOX * scale)


def draw_text(layout: UILayout, context: Context, text: str, icon: str = "NONE", width: float = 0.0) -> None:
    """A text over as many lines as the region's width, or a width in pixels, asks for; in the user's language."""
    if not width:
        width = context.region.width if context.region is not None else 280
    scale = context.preferences.system.ui_scale or 1.0
    characters = max(20, int((width / scale - 60) / 6.6))
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(textwrap.wrap(interface.translated(text), characters)):
        sign = icon if number == 0 else ("BLANK1" if icon != "NONE" else "NONE")
        column.label(text=line, icon=sign, translate=False)
    if _PREFERENCES in text and getattr(context.area, "type", "") == "VIEW_3D":
        layout.operator("talking_animation.open_preferences", icon="PREFERENCES")
