"""Sentences on panels: every line as long as there is room for it, a little shorter in a box."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import pytest
from layout import Layout

from blender_addon.ui.text import draw_in_box, draw_text
from inference.face.messages import NO_MICROPHONE

SENTENCE = "Alice_and_Bob: The name would fit several characters ('Alice_rig', 'Bob_rig'): choose one."


def lines(draw, width):
    layout = Layout()
    region = SimpleNamespace(width=width)
    context = SimpleNamespace(region=region, preferences=bpy.context.preferences, area=None)
    draw(layout, context, SENTENCE, "ERROR")
    return layout.said


@pytest.mark.parametrize("width", [212, 300, 641])
def test_a_box_has_less_room(width):
    scale = bpy.context.preferences.system.ui_scale
    open_lines, boxed = lines(draw_text, width * scale), lines(draw_in_box, width * scale)
    assert " ".join(open_lines) == " ".join(boxed) == SENTENCE
    assert max(map(len, boxed)) <= max(20, (width - 20 - 60) / 6.6)
    assert boxed == lines(draw_text, (width - 20) * scale)


@pytest.mark.parametrize(("kind", "shown"), [("VIEW_3D", True), ("PREFERENCES", False)])
def test_who_is_sent_to_the_preferences_gets_there_by_one_click(kind, shown):
    layout, area = Layout(), SimpleNamespace(type=kind)
    context = SimpleNamespace(
        region=SimpleNamespace(width=230), preferences=bpy.context.preferences, area=area
    )
    draw_text(layout, context, NO_MICROPHONE)
    draw_text(layout, context, SENTENCE)
    assert layout.said.count("talking_animation.open_preferences") == shown
