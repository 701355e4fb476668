"""Sentences on panels: every line as long as there is room for it, a little shorter in a box."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import pytest
from layout import Layout

from blender_addon.ui.text import draw_in_box, draw_text

SENTENCE = "Alice_and_Bob: The name would fit several characters ('Alice_rig', 'Bob_rig'): choose one."


def lines(draw, width):
    layout = Layout()
    context = SimpleNamespace(region=SimpleNamespace(width=width), preferences=bpy.context.preferences)
    draw(layout, context, SENTENCE, "ERROR")
    return layout.said


@pytest.mark.parametrize("width", [212, 300, 641])
def test_a_box_has_less_room(width):
    scale = bpy.context.preferences.system.ui_scale
    open_lines, boxed = lines(draw_text, width * scale), lines(draw_in_box, width * scale)
    assert " ".join(open_lines) == " ".join(boxed) == SENTENCE
    assert max(map(len, boxed)) <= max(20, (width - 20 - 60) / 6.6)
    assert boxed == lines(draw_text, (width - 20) * scale)
