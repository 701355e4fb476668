"""What the engine warns of is told wherever the motion is used, also where it comes from the cache."""

from __future__ import annotations

import json
from types import SimpleNamespace

import bpy
import characters
import pytest
import scenes
from layout import Layout
from tones import write_wav

from blender_addon import api
from blender_addon.command_line import recording
from blender_addon.inputs.scene_script.lines import from_table
from blender_addon.keys import ownership
from blender_addon.ui import scene as panel

TOLD = "{} is cut short: only 2.0 s of it could be read."


def test_from_a_script(fake, voice):
    fake("wary")
    _, mesh = characters.rigged()
    for mode in ("wary", "crash"):  # the second time nobody is asked
        fake(mode)
        assert api.generate(mesh, voice).warnings.count(TOLD.format("line.wav")) == 1
    (action,) = ownership.own_actions(mesh.data.shape_keys)
    assert ownership.record_of(action)["source"]["warnings"] == [TOLD.format("line.wav")]


def test_on_the_panel(fake, voice):
    fake("wary")
    _, mesh = characters.rigged()
    bpy.context.view_layer.objects.active = mesh
    bpy.context.scene.talking_animation.audio = str(voice)
    for mode in ("wary", "crash"):
        fake(mode)
        assert bpy.ops.talking_animation.generate() == {"FINISHED"}
        progress = bpy.context.window_manager.talking_animation
        assert progress.kind == "WARNING" and TOLD.format("line.wav") in progress.warnings.splitlines()
        assert "cut short" not in progress.message
    bpy.ops.talking_animation.remove()
    assert progress.warnings == ""


def test_on_the_command_line(fake, voice, capsys):
    characters.rigged()
    for mode in ("wary", "crash"):
        fake(mode)
        assert recording.command(["--audio", str(voice)]) == 0
        assert f"Warning: {TOLD.format('line.wav')}" in capsys.readouterr().err.splitlines()


@pytest.fixture
def lines(tmp_path):
    """Two characters; the first says one of its recordings twice."""
    scenes.cast("Anna", "Bert")
    bpy.context.scene.render.fps = 25
    for name in ("one", "two", "three"):
        write_wav(tmp_path / f"{name}.wav", 2.0)
    rows = [
        ("Anna", "one.wav", 1),
        ("Bert", "two.wav", 60),
        ("Anna", "one.wav", 120),
        ("Bert", "three.wav", 180),
    ]
    return scenes.table(tmp_path / "lines.csv", rows)


def test_in_a_scene(fake, lines, tmp_path, capsys):
    names = ["one.wav", "two.wav", "one.wav", "three.wav"]
    for mode in ("wary", "crash"):
        fake(mode)
        report = api.animate_scene(from_table(str(lines)), api.GenerateOptions(idle=False))
        assert [line.warnings for line in report.lines] == [[TOLD.format(name)] for name in names]
        for name in names:
            assert report.warnings.count(TOLD.format(name)) == 1
            assert f"  {TOLD.format(name)}" in report.table().splitlines()
    target = tmp_path / "report.json"
    assert recording.command(["--lines", str(lines), "--no-idle", "--json", str(target)]) == 0
    assert f"  {TOLD.format('two.wav')}" in capsys.readouterr().out.splitlines()
    assert [line["warnings"] for line in json.loads(target.read_text())["lines"]] == [
        [TOLD.format(name)] for name in names
    ]


def test_on_the_panel_of_scenes(fake, lines):
    fake("wary")
    script = bpy.context.scene.talking_animation_script
    script.source, script.table, script.idle = "TABLE", str(lines), False
    outcome = bpy.context.window_manager.talking_animation_outcome
    assert bpy.ops.talking_animation.animate_scene() == {"FINISHED"}
    assert outcome.kind == "WARNING" and TOLD.format("three.wav") in outcome.warnings.splitlines()
    layout = Layout()
    panel.TALKING_PT_scene._draw_outcome(SimpleNamespace(), layout, bpy.context)
    assert [text for text in layout.said if text.startswith("three.wav is cut short")]


def test_motion_of_an_earlier_version_warns_of_nothing(fake, voice):
    _, mesh = characters.rigged()
    api.generate(mesh, voice)
    assert not [sentence for sentence in api.generate(mesh, voice).warnings if "line.wav is" in sentence]
