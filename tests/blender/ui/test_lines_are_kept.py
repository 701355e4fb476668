"""A character's lines of a scene, and what a video gave, are replaced by one recording only where the user says so."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import characters
import pytest

from blender_addon import api
from blender_addon.host.blender_versions import sequencer
from blender_addon.keys import actions
from blender_addon.ui import buttons, live, lookup, not_applied, operators, scene, styles

BUTTONS = [operators.TALKING_OT_generate, operators.TALKING_OT_another_take, styles.TALKING_OT_capture]


class Window:
    """A button in a window, whose dialogue and start are noted."""

    def __init__(self, button, asked=False):
        self.button, self._asked, self.did = button, asked, []

    def question(self, context):
        return self.button.question(bpy.context)

    def _begin(self, context):
        self.did.append("begin")
        return {"RUNNING_MODAL"}

    def wait(self, context):
        self.did.append("wait")
        return {"FINISHED"}

    def invoke_props_dialog(self, operator, width):
        self.did.append("ask")
        return {"RUNNING_MODAL"}


@pytest.fixture
def table(fake, voice, tmp_path, monkeypatch):
    """Two lines of one character."""
    rig, _ = characters.rigged()
    path = tmp_path / "lines.csv"
    path.write_text(f"character,audio,start\nRig,{voice},1\nRig,{voice},90\n", encoding="utf-8")
    bpy.context.scene.talking_animation.character = rig
    bpy.context.scene.talking_animation.audio = str(voice)
    monkeypatch.setattr(buttons, "has_window", lambda context: True)
    return path


@pytest.mark.parametrize("button", BUTTONS)
def test_it_asks_where_lines_would_go(table, button):
    assert button.question(bpy.context) == ""
    api.animate_scene(api.lines_of_table(str(table)))
    lookup.forget()
    bpy.context.scene.talking_animation.style = "calm"  # which Generate would not only apply
    assert not_applied.not_applied(bpy.context) == ""
    question = button.question(bpy.context)
    assert "'Rig' says 2 lines of the scene" in question and question.endswith("?")
    window = Window(button)
    context = SimpleNamespace(window_manager=window)
    assert buttons.Asks.invoke(window, context, None) == {"RUNNING_MODAL"} and window.did == ["ask"]
    assert buttons.Asks.execute(window, context) == {"RUNNING_MODAL"} and window.did == ["ask", "begin"]


def test_a_script_is_not_asked(table):
    api.animate_scene(api.lines_of_table(str(table)))
    window = Window(operators.TALKING_OT_generate)
    buttons.Asks.execute(window, bpy.context)
    assert window.did == ["wait"]


def test_a_preview_asks_where_it_is_recorded(table):
    api.animate_scene(api.lines_of_table(str(table)))
    lookup.forget()
    chosen = bpy.context.window_manager.talking_animation_live
    chosen.record = False
    assert live.TALKING_OT_live.question(bpy.context) == ""
    chosen.record = True
    assert "2 lines of the scene" in live.TALKING_OT_live.question(bpy.context)
    chosen.record = False


def test_it_does_not_ask_where_one_recording_is_replaced(table, voice):
    api.generate(bpy.context.scene.talking_animation.character, voice, start_frame=1)
    lookup.forget()
    assert all(button.question(bpy.context) == "" for button in BUTTONS)


def test_it_asks_where_a_filmed_motion_would_go(table, voice):
    character = bpy.context.scene.talking_animation.character
    api.generate(character, voice, start_frame=1)
    for action in bpy.data.actions:  # as Motion from Video remembers it
        actions.set_record(action, {**actions.record_of(action), "filmed": "Ann 1.mp4"})
    lookup.forget()
    *voiced, captured = BUTTONS
    assert all("moves as the face in Ann 1.mp4" in button.question(bpy.context) for button in voiced)
    assert captured.question(bpy.context) == ""
    api.generate(character, voice, start_frame=1)
    lookup.forget()
    assert all(button.question(bpy.context) == "" for button in BUTTONS)


def test_a_strip_that_is_the_voice_is_heard_as_the_list_says(voice):
    if sequencer.aud_module() is None:
        pytest.skip("this Blender has no sound strips")
    strip = sequencer.add_sound_strip(bpy.context.scene, "Odd, but mine", str(voice), 30, 12)
    chosen = bpy.context.scene.talking_animation
    chosen.source, chosen.strip = "STRIP", strip.name
    assert operators.generating(bpy.context)["channel"] == "auto", "it is in no list yet"
    scene.refresh_table(bpy.context.scene)
    line = bpy.context.scene.talking_animation_script.lines[strip.name]
    assert operators.generating(bpy.context)["channel"] == "auto"
    line.channel, line.voice_in_file = "2", "1"
    asked = operators.generating(bpy.context)
    assert (asked["channel"], asked["voice_in_file"], asked["start_frame"]) == ("2", "1", None)
    chosen.source = "FILE"
    assert operators.generating(bpy.context)["channel"] == "auto"
