# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts on panels."""

from __future__ import annotations

import textwrap

from bpy.app.translations import pgettext_iface
from bpy.types import Context, UILayout


def draw_text(layout: UILayout, context: Context, text: str, icon: str = "NONE", width: float = 0.0) -> None:
    """A text over as many lines as the region's width, or a width in pixels, asks for; in the user's language."""
    if not width:
        width = context.region.width if context.region is not None else 280
    scale = context.preferences.system.ui_scale or 1.0
    characters = max(20, int((width / scale - 60) / 6.6))
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(textwrap.wrap(pgettext_iface(text), characters)):
        column.label(text=line, icon=icon if number == 0 else ("BLANK1" if icon != "NONE" else "NONE"))
