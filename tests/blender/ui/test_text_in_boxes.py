"""Sentences on panels: every line as long as there is room for it, a little shorter in a box."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import pytest
from layout import Layout

from blender_addon.ui import scene
from blender_addon.ui.sidebar_tab import SidebarPanel
from blender_addon.ui.text import SHOWN, draw_in_box, draw_name, draw_text, draw_warnings, in_lines
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


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("music_left_voice_right.wav", ["music_left_voice_", "right.wav"]),
        ("line.with.many.dots.in.it.wav", ["line.with.many.dots.", "in.it.wav"]),
        ("donaudampfschifffahrtskapitaen.wav", ["donaudampfschifffahr", "tskapitaen.wav"]),
        ("short_name.wav says it all", ["short_name.wav says", "it all"]),
        ("_" * 45, ["_" * 20, "_" * 20, "_" * 5]),
    ],
)
def test_a_long_name_breaks_at_its_joints(name, shown):
    layout, context = Layout(), sidebar()
    context.region.width = 190 * bpy.context.preferences.system.ui_scale  # 20 letters, the least
    draw_name(layout, context, name)
    assert layout.said == shown


def sidebar(kind="VIEW_3D"):
    return SimpleNamespace(
        region=SimpleNamespace(width=230),
        preferences=bpy.context.preferences,
        area=SimpleNamespace(type=kind),
    )


def test_one_button_is_enough_for_all_warnings_that_send_people_to_the_preferences():
    layout = Layout()
    draw_warnings(layout, sidebar(), in_lines([f"Line {n}: {NO_MICROPHONE}" for n in range(5)] + [SENTENCE]))
    assert layout.said.count("talking_animation.open_preferences") == 1
    assert layout.said[-1] == "talking_animation.open_preferences"
    draw_warnings(again := Layout(), sidebar(), in_lines([SENTENCE, SENTENCE]))
    assert "talking_animation.open_preferences" not in again.said


def test_lines_that_failed_for_one_reason_have_one_button_together():
    context = sidebar()
    context.scene, context.window_manager = bpy.context.scene, bpy.context.window_manager
    outcome, layout = context.window_manager.talking_animation_outcome, Layout()
    reason = f"{NO_MICROPHONE} Else press Copy Diagnostics."
    failed = [SimpleNamespace(label=f"Line {n}", problem=reason) for n in range(SHOWN + 2)]
    try:
        outcome.tell(SimpleNamespace(message="All failed.", failed=failed, warnings=[]))
        scene.TALKING_PT_scene._draw_outcome(None, layout, context)
    finally:
        outcome.forget()
    assert sum(line.startswith("Line ") for line in layout.said) == SHOWN
    for button in ("talking_animation.open_preferences", "talking_animation.copy_diagnostics"):
        assert layout.said.count(button) == 1


def test_a_panel_sends_people_to_the_preferences_by_one_button():
    """Its reason, its message and its warnings had a button each."""

    class Sends(SidebarPanel):
        def draw(self, context):
            for number in range(self.texts):
                text = f"{number}: Choose another folder in the add-on's preferences."
                draw_text(self.layout.column(), context, text)
            self.layout.label(text="the end")

    for texts in (3, 0):
        panel = Sends()
        panel.layout, panel.texts = Layout(), texts
        panel.draw(sidebar())
        shown = ["talking_animation.open_preferences"] * bool(texts)
        assert panel.layout.said[-1 - bool(texts) :] == ["the end", *shown]
        assert panel.layout.said.count("talking_animation.open_preferences") == len(shown)
    assert hasattr(scene.TALKING_PT_scene.draw, "__wrapped__")


def test_a_files_name_is_no_sentence_of_the_add_on(monkeypatch):
    monkeypatch.setattr("blender_addon.host.translations.translated", lambda text: "Gesicht")
    layout = Layout()
    draw_name(layout, sidebar(), "Face")
    draw_name(layout, sidebar(), "the add-on's preferences.wav")
    assert " ".join(layout.said) == "Face the add-on's preferences.wav"
    draw_text(layout, sidebar(), "Face")
    assert layout.said[-1] == "Gesicht"


@pytest.mark.parametrize(("kind", "shown"), [("VIEW_3D", True), ("PREFERENCES", False)])
def test_who_is_sent_to_the_preferences_gets_there_by_one_click(kind, shown):
    layout, context = Layout(), sidebar(kind)
    draw_text(layout, context, NO_MICROPHONE)
    draw_text(layout, context, SENTENCE)
    assert layout.said.count("talking_animation.open_preferences") == shown
