"""Scenes that are copied with a character that talks: each scene's sound goes with its keys."""

from __future__ import annotations

import bpy
import characters
import pytest
import scenes
from tones import write_wav

from blender_addon import api
from blender_addon.host.blender_versions import animation_data, sequencer
from blender_addon.inputs.scene_script.lines import from_table

pytestmark = pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender has no sound strips")


def sounds(scene):
    return sorted(strip.name for strip in sequencer.sequencer_strips(scene) if strip.type == "SOUND")


def copied(kind):
    bpy.ops.scene.new(type=kind)
    return bpy.context.scene


def face_in(scene):
    return next(item for item in scene.objects if item.type == "MESH")


@pytest.fixture
def first(fake, tmp_path):
    """A scene with a character that says "old" and has mouth cues as text strips."""
    _, mesh = characters.rigged()
    api.generate(mesh, write_wav(tmp_path / "old.wav", 1.0), start_frame=1)
    return bpy.context.scene


def action_of(scene):
    return face_in(scene).data.shape_keys.animation_data.nla_tracks[0].strips[0].action


@pytest.mark.parametrize("in_copy", [True, False])
def test_generating_in_either_of_two_full_copies(first, tmp_path, in_copy):
    second = copied("FULL_COPY")
    assert sounds(second) == ["old"]
    here, there = (second, first) if in_copy else (first, second)
    before = action_of(there)
    report = api.generate(face_in(here), write_wav(tmp_path / "new.wav", 1.5), start_frame=1, scene=here)
    assert sounds(here) == ["new"] and sounds(there) == ["old"]
    assert not any("too, where" in text for text in report.warnings)
    assert action_of(there) == before
    api.generate(face_in(there), write_wav(tmp_path / "newer.wav", 1.5), start_frame=1, scene=there)
    assert sounds(here) == ["new"] and sounds(there) == ["newer"]


def test_removing_in_a_full_copy(first):
    second = copied("FULL_COPY")
    assert api.remove(face_in(second), second)
    assert sounds(second) == [] and sounds(first) == ["old"] and api.has_animation(face_in(first))


def test_a_copy_beside_the_character_takes_nothing_from_it(first, tmp_path):
    twin = face_in(first).parent.copy()
    face = face_in(first).copy()
    face.data = face.data.copy()
    face.parent = twin
    for modifier in face.modifiers:
        modifier.object = twin
    for item in (twin, face):
        first.collection.objects.link(item)
    api.generate(face, write_wav(tmp_path / "new.wav", 1.0), start_frame=50)
    assert sounds(first) == ["new", "old"]
    assert api.remove(face) and sounds(first) == ["old"]


def test_a_scene_that_shares_the_character_is_told_of(first, tmp_path):
    second = copied("LINK_COPY")
    report = api.generate(face_in(second), write_wav(tmp_path / "new.wav", 1.0), start_frame=1, scene=second)
    assert sounds(second) == ["new"] and sounds(first) == ["old"]
    (told,) = (text for text in report.warnings if f"the scene '{first.name}' too" in text)
    assert told.endswith(".")
    report = api.generate(face_in(first), tmp_path / "new.wav", start_frame=1, scene=first, add_sound=True)
    assert sounds(first) == ["new"]


def test_a_whole_scene_that_was_copied(fake, tmp_path):
    scenes.cast("Alice", "Bob")
    for name in ("a", "b", "c"):
        write_wav(tmp_path / f"{name}.wav", 1.0)
    table = scenes.table(tmp_path / "1.csv", [("Alice", "a.wav", 1), ("Bob", "b.wav", 50)])
    api.animate_scene(from_table(str(table)), api.GenerateOptions(idle=False))
    first, second = bpy.context.scene, copied("FULL_COPY")
    table = scenes.table(tmp_path / "2.csv", [("Alice", "c.wav", 1), ("Bob", "b.wav", 50)])
    report = api.animate_scene(from_table(str(table), second), api.GenerateOptions(idle=False), scene=second)
    assert not report.failed, report.failed
    assert sounds(first) == ["a", "b"]
    assert [name.partition(".")[0] for name in sounds(second)] == ["b", "c"]


def test_a_character_in_a_scene_that_no_window_shows(fake, tmp_path):
    shown, other, keyed = bpy.context.scene, bpy.data.scenes.new("Other"), []
    other.render.fps, other.render.fps_base = shown.render.fps, shown.render.fps_base
    for scene in (shown, other):
        rig, mesh = characters.rigged()
        for item in (rig, mesh):
            shown.collection.objects.unlink(item)
            scene.collection.objects.link(item)
        rig.rotation_euler = (1.5, 0.3, 2.0)  # has not been worked out yet
        api.generate(
            mesh, write_wav(tmp_path / "line.wav", 1.0), start_frame=1, scene=scene, placement="ACTION"
        )
        curves = animation_data.curves_of(rig.animation_data.action)
        keyed.append([[tuple(key.co) for key in curve.keyframe_points] for curve in curves])
    assert keyed[0] == keyed[1] and any(len({value for _, value in keys}) > 2 for keys in keyed[0])
