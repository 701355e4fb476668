"""The live preview's buttons: when they can be pressed, what passes to the window meanwhile, and what a saved file holds."""

from __future__ import annotations

import time
from types import SimpleNamespace

import bpy
import characters
import pytest

from blender_addon.api import grease_pencil
from blender_addon.jobs.live import LiveChoice, LiveJob
from blender_addon.ui import buttons, live, lookup
from inference.face.messages import NO_MICROPHONE


@pytest.fixture
def going_on(fake, voice):
    """A live preview in the middle of a word, as the window's one job."""
    rig, mesh = characters.rigged()
    clock = SimpleNamespace(now=0.0)
    job = LiveJob(mesh, voice, LiveChoice(clock=lambda: clock.now))
    buttons._job = job
    while jaw(mesh) < 0.3:
        job.poll()
        if job._asking:
            time.sleep(0.001)
        else:
            clock.now += 1 / 30
    yield job, mesh
    buttons.stop_job()


def jaw(mesh):
    return mesh.data.shape_keys.key_blocks["jawOpen"].value


def test_a_file_is_saved_without_the_preview(going_on, tmp_path):
    job, mesh = going_on
    path = str(tmp_path / "saved.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path, copy=True)
    job.poll()
    assert jaw(mesh) > 0.3  # and it goes on
    name = mesh.name
    bpy.ops.wm.open_mainfile(filepath=path)
    assert jaw(bpy.data.objects[name]) == 0
    assert buttons.running_job() is None


def test_every_button_that_ends_it_says_the_same(going_on):
    job, _ = going_on
    assert buttons.stop_text() == "Stop (Esc)"  # not Cancel: what was heard until then is kept
    job.record = True
    job.finish()
    while not job.keying:
        job.poll()
        time.sleep(0.001)
    assert buttons.stop_text() == "Cancel (Esc)"
    buttons.stop_job()
    assert buttons.stop_text() == "Cancel (Esc)"


def test_without_a_window_it_says_so(fake, voice):
    assert live.live_reason(bpy.context) == "A live preview needs Blender's window"
    assert not bpy.ops.talking_animation.live.poll()


def test_an_engine_without_a_microphone(fake, voice, monkeypatch):
    _, mesh = characters.rigged()
    bpy.context.view_layer.objects.active = mesh
    monkeypatch.setattr(live, "has_window", lambda context: True)
    chosen = bpy.context.window_manager.talking_animation_live
    chosen.source = "microphone"
    try:
        monkeypatch.setattr(live.live, "no_microphone", lambda: NO_MICROPHONE)
        assert live.live_reason(bpy.context) == NO_MICROPHONE.rstrip(".")
        monkeypatch.setattr(live.live, "no_microphone", lambda: "")
        assert live.live_reason(bpy.context) == ""
    finally:
        chosen.source = "recording"
    assert live.live_reason(bpy.context) == "Choose a voice recording"


@pytest.mark.parametrize("source", ["recording", "microphone"])
def test_strokes_that_keep_still_wait_for_record(fake, voice, monkeypatch, source):
    bpy.context.view_layer.objects.active = grease_pencil.add_face(bpy.context.scene)
    bpy.context.scene.talking_animation.audio = str(voice)
    monkeypatch.setattr(live, "has_window", lambda context: True)
    monkeypatch.setattr(live.live, "no_microphone", lambda: "")
    lookup.forget()
    chosen = bpy.context.window_manager.talking_animation_live
    chosen.source, chosen.record = source, False
    try:
        assert live.live_reason(bpy.context).endswith("; with Record on, its keys come in the end")
        assert not bpy.ops.talking_animation.live.poll()
        chosen.record = True
        assert live.live_reason(bpy.context) == "" and bpy.ops.talking_animation.live.poll()
    finally:
        chosen.source, chosen.record = "recording", False


@pytest.mark.parametrize(
    ("kind", "x", "passes"),
    [
        ("MOUSEMOVE", 10, True),
        ("WHEELUPMOUSE", 10, True),
        ("NUMPAD_5", 10, True),
        ("TIMER_REPORT", 10, True),
        ("LEFTMOUSE", 10, False),
        ("LEFTMOUSE", 150, True),
        ("RIGHTMOUSE", 150, False),
        ("Z", 150, False),
        ("S", 10, False),
        ("TAB", 10, False),
    ],
)
def test_the_view_turns_and_nothing_changes(kind, x, passes):
    sidebar = SimpleNamespace(type="UI", x=100, y=0, width=100, height=100)
    window = SimpleNamespace(type="WINDOW", x=0, y=0, width=200, height=100)
    area = SimpleNamespace(type="VIEW_3D", regions=[window, sidebar])
    context = SimpleNamespace(screen=SimpleNamespace(areas=[area]))
    event = SimpleNamespace(type=kind, mouse_x=x, mouse_y=50)
    assert live._changes_nothing(context, event) == passes


def test_its_icons_are_blenders():
    known = bpy.types.UILayout.bl_rna.functions["operator"].parameters["icon"].enum_items
    assert {"PLAY", "SNAP_FACE", "HELP"} <= {icon.identifier for icon in known}
