"""What was heard, over the Timeline: the voice, mouth shapes, shut lips and pauses, where they lie in the scene."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import characters
import numpy as np
import pytest
import speech
from tones import write_wav

from blender_addon import api
from blender_addon.api.heard import Heard, heard
from blender_addon.host.blender_versions import sequencer
from blender_addon.keys import actions
from blender_addon.talking import heard as behind
from blender_addon.ui import failures, heard_overlay, lookup


@pytest.fixture
def talking(fake, voice):
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=10)
    speech.give(mesh)
    return rig, mesh


def test_what_was_heard_lies_where_the_keys_do(talking):
    rig, mesh = talking
    what = heard(api.describe(mesh), bpy.context.scene)
    assert what.start == 10 and what.pace == 1 and len(what.loud) > 40
    assert what.shut and all(10 <= first < end for first, end in what.shut)
    assert [shape for *_, shape in what.cues]
    if sequencer.aud_module() is not None:
        assert 0.05 < what.loud[5:40].max() <= 1
    for datablock in (rig, mesh.data.shape_keys):
        for track in datablock.animation_data.nla_tracks:
            for strip in track.strips:
                if actions.is_own(strip.action):
                    strip.frame_start, strip.frame_end = strip.frame_start + 30, strip.frame_end + 30
    assert heard(api.describe(mesh), bpy.context.scene).start == 40


def test_without_recording_motion_or_animation(talking, voice):
    rig, mesh = talking
    voice.unlink()
    behind._peaks.cache_clear()
    assert not heard(api.describe(mesh), bpy.context.scene).loud.any()
    api.remove(mesh)
    assert heard(api.describe(mesh), bpy.context.scene) is None


def test_lines_of_a_scene_are_heard_where_each_begins(fake, tmp_path):
    if sequencer.aud_module() is None:
        pytest.skip("this Blender has no sound")
    write_wav(tmp_path / "a.wav", 1.0)
    line = {"recording": str(tmp_path / "a.wav")}
    record = {"start": 5, "lines": [{**line, "start": 5, "speed": 1.0}, {**line, "start": 105, "speed": 2.0}]}
    loud = behind._loud(record, 200, 24.0)
    frames = np.flatnonzero(loud > 0.05)
    assert frames.min() <= 5 and loud[26:98].max() == 0
    assert 100 <= frames[frames > 50].min() <= 103 and 110 <= frames.max() <= 113  # twice as fast
    assert behind._loud({"recording": str(tmp_path), "begin": None}, 3, 24.0).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("origin", "per_frame"), [(0.0, 6.0), (-5000.0, 40.0), (300.0, 0.02), (9000.0, 1.0), (0.0, 1e-9)]
)
def test_what_is_drawn_lies_within_the_editor(origin, per_frame):
    loud = np.abs(np.sin(np.arange(400) / 9)).astype(np.float32)
    what = Heard(1.0, 1.0, loud, ((1, 30, "X"), (30, 31, "B"), (31, 90, "C")), ((40, 41),), ((1, 30),))
    drawing = heard_overlay.drawing_of(what, lambda frame: origin + per_frame * frame, 800.0, 300.0, 1.5)
    for color, rectangles in drawing.rectangles.items():
        assert color in heard_overlay._COLORS
        for left, bottom, right, top in rectangles:
            assert bottom <= top and left <= right and (color in {"voice", "shut", "pause"} or right <= 801)
    bars = drawing.rectangles.get("voice", [])
    assert len(bars) <= 805  # no more than pixels
    if (origin, per_frame) == (0.0, 6.0):
        letters = [text for *_, text in drawing.words if len(text) == 1]
        assert letters == ["X", "C"]  # the frame between has no room for one
        assert drawing.rectangles["pause"][0][0] == 6.0
    if origin == 9000.0:
        assert not drawing.rectangles and not drawing.words


def test_a_low_editor_shows_less_and_a_high_one_says_what_colours_mean():
    what = Heard(1.0, 1.0, np.ones(50, np.float32), ((1, 50, "X"),))
    none, low, high = (
        heard_overlay.drawing_of(what, lambda frame: 8 * frame, 800.0, height)
        for height in (28.0, 58.0, 200.0)
    )
    assert not none.rectangles and not none.words
    assert low.rectangles["ground"][0][3] < high.rectangles["ground"][0][3] < 100
    assert len(high.words) == 4 and [text for *_, text in low.words] == ["X"]


@pytest.mark.parametrize(
    ("kinds", "height", "scale", "told"),
    [
        ([], 0, 1.0, ""),  # no window
        (["VIEW_3D"], 400, 1.0, "open one"),
        (
            ["VIEW_3D", "DOPESHEET_EDITOR"],
            36,
            1.0,
            "drag its upper edge up",
        ),  # as Blender's start-up file has it
        (["DOPESHEET_EDITOR"], 36, 0.5, ""),
        (["DOPESHEET_EDITOR"], 58, 1.0, ""),
    ],
)
def test_a_panel_says_why_nothing_is_seen_of_it(kinds, height, scale, told):
    regions = [SimpleNamespace(type="HEADER", height=900), SimpleNamespace(type="WINDOW", height=height)]
    screen = SimpleNamespace(areas=[SimpleNamespace(type=kind, regions=regions) for kind in kinds])
    manager = SimpleNamespace(windows=[SimpleNamespace(screen=screen)] if kinds else [])
    system = SimpleNamespace(ui_scale=scale)
    context = SimpleNamespace(window_manager=manager, preferences=SimpleNamespace(system=system))
    said = heard_overlay.why_unseen(context)
    assert (told in said and said) if told else not said
    what = Heard(1.0, 1.0, np.ones(50, np.float32), ((1, 50, "X"),))
    drawing = heard_overlay.drawing_of(what, lambda frame: 8 * frame, 800.0, height, scale)
    assert not kinds or kinds == ["VIEW_3D"] or bool(drawing.rectangles) is not bool(said)


def test_what_was_heard_before_is_forgotten_with_the_rest(talking, voice, monkeypatch):
    _, mesh = talking
    bpy.context.scene.talking_animation.character = mesh
    monkeypatch.setattr(lookup.time, "monotonic", lambda: 1000.0)  # nothing is too old
    lookup.forget()
    before = heard_overlay._looked_up(bpy.context)
    assert before.start == 10 and heard_overlay._looked_up(bpy.context) is before
    api.generate(mesh, voice, start_frame=33)
    lookup.forget()  # as every button does that changes something
    assert heard_overlay._looked_up(bpy.context).start == 33
    other = bpy.data.scenes.new("Slower")  # what is known of one scene says nothing of another
    other.render.fps = bpy.context.scene.render.fps // 2
    assert len(lookup.heard(mesh, other).loud) < len(lookup.heard(mesh, bpy.context.scene).loud)
    bpy.data.scenes.remove(other)
    api.remove(mesh)
    lookup.forget()
    assert heard_overlay._looked_up(bpy.context) is None


def test_a_fault_is_told_once_and_stops_nothing(talking, monkeypatch, caplog, faults):
    bpy.context.scene.talking_animation.show_heard = True
    monkeypatch.setattr(heard_overlay, "_looked_up", lambda _: 1 / 0)
    monkeypatch.setattr(failures, "_told", {})
    heard_overlay.draw()
    heard_overlay.draw()
    assert caplog.text.count("Showing what was heard failed") == 1 and faults.pop()
