"""A message is about a character, a voice and a step: it goes where one of them does."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import characters
import pytest
import speech
from layout import Layout

from blender_addon import api
from blender_addon.api import dial_keys
from blender_addon.targets import head_bones
from blender_addon.ui import dial_keys as buttons_of_dials
from blender_addon.ui import lookup, operators, panels, scene

TEXT = "Nine words were said, and one was whispered"


def shown():
    lookup.forget()
    layout = Layout()
    panels.TALKING_PT_main.draw(SimpleNamespace(layout=layout), bpy.context)
    return TEXT in " ".join(layout.said)


@pytest.fixture
def told():
    """A message about the first of two characters."""
    rig, mesh = characters.rigged()
    other = characters.face_mesh("Other", ["jawOpen", "eyeBlinkLeft"])
    chosen = bpy.context.scene.talking_animation
    chosen.character, chosen.audio = mesh, "/a.wav"
    progress = bpy.context.window_manager.talking_animation
    progress.tell(TEXT)
    yield SimpleNamespace(rig=rig, mesh=mesh, other=other, chosen=chosen, progress=progress)
    progress.forget()


def test_it_goes_with_another_pick_and_stays_with_the_same_character(told):
    assert shown()
    told.chosen.character = told.rig
    assert shown(), "another object of the same character"
    told.chosen.character = told.other
    assert not shown()


@pytest.mark.parametrize(("name", "value"), [("audio", "/b.wav"), ("audio", ""), ("source", "STRIP")])
def test_it_goes_with_another_voice(told, name, value):
    setattr(told.chosen, name, value)
    assert not shown()


def test_it_goes_with_another_scene(told):
    window = bpy.context.window
    if window is None:
        pytest.skip("no window")
    before = window.scene
    window.scene = bpy.data.scenes.new("Elsewhere")
    window.scene.talking_animation.character = told.mesh
    assert not told.progress.concerns(bpy.context)
    window.scene = before
    assert told.progress.concerns(bpy.context)


@pytest.mark.parametrize("handlers", ["undo_post", "redo_post", "load_pre"])
def test_it_goes_with_the_step_and_the_file(told, handlers):
    outcome = bpy.context.window_manager.talking_animation_outcome
    outcome.message = "All lines."
    for handler in getattr(bpy.app.handlers, handlers):
        handler(None, None)
    assert not shown() and not told.progress.message and not outcome.message


def test_undo_itself_takes_it_away(told):
    bpy.ops.ed.undo_push(message="before")
    bpy.context.scene.talking_animation.seed = 3
    bpy.ops.ed.undo_push(message="after")
    told.progress.tell(TEXT)
    try:
        bpy.ops.ed.undo()
    except RuntimeError:
        pytest.skip("this Blender undoes nothing without a window")
    assert not bpy.context.window_manager.talking_animation.message


def test_nothing_is_forgotten_while_something_runs(told):
    told.progress.running = True
    try:
        for handler in bpy.app.handlers.undo_post:
            handler(None, None)
        assert told.progress.message == TEXT
    finally:
        told.progress.running = False


def test_a_report_of_lines_is_about_its_table():
    outcome = bpy.context.window_manager.talking_animation_outcome
    outcome.tell(SimpleNamespace(message="Two lines.", failed=[], warnings=[]))
    script = bpy.context.scene.talking_animation_script
    assert outcome.concerns(bpy.context.scene)
    script.source, script.table = "TABLE", "/lines.csv"
    assert not outcome.concerns(bpy.context.scene) and scene.scene_reason(bpy.context) == ""
    outcome.forget()


def test_mouth_cues_are_not_sought_at_each_redraw(fake, voice, monkeypatch):
    """Each button was greyed out, or not, only after all texts and strips of the file had been looked through."""
    _, mesh = characters.rigged()
    scene = bpy.context.scene
    scene.talking_animation.character = mesh
    api.generate(mesh, voice)
    speech.give(mesh)
    monkeypatch.setattr(lookup.time, "monotonic", lambda: 1000.0)
    lookup.forget()
    sought = []
    monkeypatch.setattr(api, "has_cues", lambda *asked: sought.append(asked) or len(sought) > 1)
    button = operators.TALKING_OT_remove_cues
    assert [button.poll(bpy.context) for _ in range(3)] == [False] * 3 and len(sought) == 1
    scene.talking_animation.cue_kind = "STRIPS"
    bpy.ops.talking_animation.add_cues()
    assert [button.poll(bpy.context) for _ in range(3)] == [True] * 3 and len(sought) == 2


def test_keys_of_a_closure_are_not_sought_at_each_redraw(fake, voice, monkeypatch):
    """The button went through all curves of the action that the character has of its user, however many."""
    _, mesh = characters.rigged()
    scene = bpy.context.scene
    scene.talking_animation.character = mesh
    frame = round(api.generate(mesh, voice).start) + 3
    monkeypatch.setattr(lookup.time, "monotonic", lambda: 1000.0)
    lookup.forget()
    are_held, sought = dial_keys.are_held, []
    monkeypatch.setattr(dial_keys, "are_held", lambda *asked: sought.append(asked) or are_held(*asked))
    button = buttons_of_dials.TALKING_OT_release_lips
    scene.frame_set(frame)
    assert [button.poll(bpy.context) for _ in range(3)] == [False] * 3 and len(sought) == 1
    bpy.ops.talking_animation.shut_lips()
    assert [button.poll(bpy.context) for _ in range(3)] == [True] * 3 and len(sought) == 2
    scene.frame_set(frame + 40)
    assert not button.poll(bpy.context) and len(sought) == 3
    scene.frame_set(frame)
    bpy.ops.talking_animation.release_lips()
    assert not button.poll(bpy.context)


def test_what_targets_say_when_a_dial_is_moved_is_shown(fake, voice, monkeypatch):
    """A drawing that had to be drawn anew otherwise was told of only where it was generated."""
    rig, mesh = characters.rigged()
    progress = bpy.context.window_manager.talking_animation
    bpy.context.scene.talking_animation.character = mesh
    api.generate(mesh, voice)
    said = ["It was drawn anew.", "Look at it."]
    monkeypatch.setattr(head_bones.HeadBones, "follow", lambda *_: said)
    progress.tell(TEXT)
    try:
        rig.talking_animation.head = 0.5
        assert (progress.message, progress.kind, progress.warnings) == (said[0], "WARNING", said[1])
        said.clear()
        rig.talking_animation.head = 0.6
        assert progress.message == "It was drawn anew.", "what was said stays"
        assert api.apply_dials(mesh) > 0
    finally:
        progress.forget()
