"""What was chosen relative to the .blend file stays so: the project's folder may move."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import bpy
import characters
import pytest
import scenes
from tones import write_wav

from blender_addon import api
from blender_addon.host import settings
from blender_addon.host.blender_versions import sequencer
from blender_addon.inputs.scene_script.lines import from_table
from blender_addon.keys import actions

needs_strips = pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender has no sound strips")


@pytest.fixture
def project(fake, tmp_path):
    folder = tmp_path / "project"
    (folder / "voices").mkdir(parents=True)
    write_wav(folder / "voices" / "line é.wav", 2.0)
    characters.face_mesh()
    bpy.ops.wm.save_as_mainfile(filepath=str(folder / "scene.blend"))
    return folder


@needs_strips
def test_the_sound_strip_and_the_record(project):
    report = api.generate(bpy.data.objects["Face"], "//voices/line é.wav", start_frame=1)
    assert report.frames == 48
    (strip,) = sequencer.sequencer_strips(bpy.context.scene)
    assert strip.sound.filepath == "//voices/line é.wav"
    assert sequencer.strip_range(strip).length == pytest.approx(2 * bpy.context.scene.render.fps, abs=1)
    record = actions.record_of(actions.own_actions(bpy.data.objects["Face"].data.shape_keys)[0])
    assert record["recording"] == "//voices/line é.wav"
    assert api.generate(bpy.data.objects["Face"], strip, start_frame=1).frames == 48
    record = actions.record_of(actions.own_actions(bpy.data.objects["Face"].data.shape_keys)[0])
    assert record["recording"] == "//voices/line é.wav"


@needs_strips
def test_lines_of_a_table(project):
    scenes.cast("Alice")
    table = scenes.table(project / "lines.csv", [("Alice", "//voices/line é.wav", 1)])
    report = api.animate_scene(from_table(str(table)), api.GenerateOptions(idle=False))
    assert not report.failed, report.failed
    (strip,) = sequencer.sequencer_strips(bpy.context.scene)
    assert strip.sound.filepath == "//voices/line é.wav"


@pytest.mark.skipif(os.sep != "/", reason="there a share is what it says")
def test_a_share_of_windows_is_not_beside_the_file(project):
    rows = [("Face", f"{start}voices\\line é.wav", 1) for start in ("\\\\", "")]
    share, near = from_table(str(scenes.table(project / "lines.csv", rows))).lines
    assert share.audio == str(project / "\\\\voices\\line é.wav")
    assert near.audio == str(project / "voices" / "line é.wav")


def test_a_path_that_is_not_relative_stays_whole(project):
    path = str(project / "voices" / "line é.wav")
    api.generate(bpy.data.objects["Face"], path, start_frame=1)
    record = actions.record_of(actions.own_actions(bpy.data.objects["Face"].data.shape_keys)[0])
    assert record["recording"] == path


def test_a_project_that_moves_keeps_its_dials(project, tmp_path):
    """Its cache lies in it."""
    settings.fallback.cache_folder = "//cache"
    api.generate(bpy.data.objects["Face"], "//voices/line é.wav", start_frame=1)
    assert Path(api.motion_file(bpy.data.objects["Face"])).parent == project / "cache"
    bpy.ops.wm.save_mainfile()
    moved = tmp_path / "elsewhere"
    shutil.move(str(project), str(moved))
    bpy.ops.wm.open_mainfile(filepath=str(moved / "scene.blend"))
    face = bpy.data.objects["Face"]
    assert os.path.samefile(api.motion_file(face), next((moved / "cache").glob("*.npz")))
    assert api.apply_dials(face, api.Dials(lips=0.5)) > 0
