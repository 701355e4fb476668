"""Headless: the parser, exit codes, and the example script."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import bpy
import characters
import pytest
from places import ROOT
from programs import FAKE, PYTHON
from versions import ends
from waiting import HUNG

from blender_addon import api
from blender_addon.command_line import recording
from blender_addon.errors import TalkingAnimationError
from blender_addon.keys import actions

EXAMPLE = ROOT / "examples" / "generate.py"


def test_the_parser():
    options = recording.parser().parse_args(
        [
            "--audio",
            "a b.wav",
            "--save",
            "x.blend",
            "--start",
            "-5",
            "--style",
            "calm",
            "--seed",
            "7",
            "--lips",
            "0.5",
        ]
    )
    assert (options.audio, options.start, options.style, options.take) == ("a b.wav", -5, "calm", 7)
    assert (options.lips, options.head, options.placement, options.blend) == (0.5, 1.0, "nla", None)
    with pytest.raises(TalkingAnimationError, match="--audio"):
        recording.parser().parse_args([])
    with pytest.raises(TalkingAnimationError):
        recording.parser().parse_args(["--audio", "x", "--lips", "3"])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"start_frame": 1.5}, "start frame must be a whole number, not 1.5"),
        ({"start_frame": "5"}, "start frame must be a whole number, not '5'"),
        ({"style": None}, "style is a name or a file, not None"),
        ({"dials": api.Dials(lips=9)}, "dial lips must be 0 to 2, not 9"),
        ({"dials": api.Dials(smile="wide")}, "dial smile must be -1 to 1, not 'wide'"),
    ],
)
def test_what_scripts_give_by_mistake_is_told(given, told):
    with pytest.raises(TalkingAnimationError, match=told):
        api.GenerateOptions(**given)
    assert api.GenerateOptions(start_frame=12.0).start_frame == 12


def test_threads_of_a_script_wait_for_each_other(fake, voice):
    faces = [characters.face_mesh(name) for name in ("One", "Two")]
    told = []
    threads = [
        threading.Thread(target=lambda face=face: told.append(api.generate(face, voice).curves))
        for face in faces
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HUNG)
    assert len(told) == 2 and all(told)


@pytest.mark.parametrize("start", [1_048_560, 10**9, -(10**14)])
def test_frames_that_blender_has_not_are_told(fake, voice, start):
    _, mesh = characters.rigged()
    with pytest.raises(TalkingAnimationError, match="Blender has no frames beyond 1,048,574"):
        api.generate(mesh, voice, start_frame=start)
    assert not mesh.data.shape_keys.animation_data


@pytest.mark.parametrize("scene", [["--scene"], ["--lines", "l.csv"]])
def test_mouths_are_taken_over_for_a_single_line_alone(scene):
    assert not recording.parser().parse_args(scene).take_over
    with pytest.raises(TalkingAnimationError, match=f"--take-over is for a single line .*{scene[0]} "):
        recording.parser().parse_args([*scene, "--take-over"])
    assert recording.parser().parse_args(["--audio", "x", "--take-over"]).take_over


def test_dials_keys_blends_and_cues(fake, voice):
    rig, mesh = characters.rigged()
    arguments = [
        "--lips-up-down",
        "0.5",
        "--offset",
        "-0.1",
        "--keys",
        "stepped",
        "--hold",
        "3",
        "--blend-in",
        "4",
    ]
    assert recording.command(["--audio", str(voice), *arguments]) == 0
    state = rig.talking_animation
    assert (state.lips_up_down, state.key_style, state.key_hold, state.blend_in) == (0.5, "STEPPED", 3, 4)
    assert state.offset == pytest.approx(-0.1)
    for wrong in (["--hold", "99"], ["--smoothing", "nan"], ["--lips-across", "six"], ["--cues", "posters"]):
        assert recording.command(["--audio", str(voice), *wrong]) == 2


def test_keys_are_written_and_saved(fake, voice, tmp_path, capsys):
    characters.rigged()
    target = tmp_path / "out é.blend"
    assert recording.command(["--audio", str(voice), "--save", str(target), "--seed", "4"]) == 0
    assert "says line.wav" in capsys.readouterr().out
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.wm.open_mainfile(filepath=str(target))
    mesh = bpy.data.objects["Face"]
    assert api.has_animation(mesh) and bpy.data.objects["Rig"].talking_animation.source.endswith("take 4")
    (action,) = actions.own_actions(mesh.data.shape_keys)
    assert actions.record_of(action)["audio"] == "line.wav"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([], 2, "--audio"),
        (["--audio", "{missing}"], 1, "does not exist"),
        (["--audio", "{voice}", "--character", "Bob"], 1, "no object named 'Bob'"),
        (["--audio", "{voice}", "--save", "{missing}/x.blend"], 1, "does not exist"),
        (["--audio", "{voice}", "--style"], 2, "expected one argument"),
        (["--audio", "strip:nothing"], 1, "no strip named 'nothing'"),
        (["{missing}", "--audio", "{voice}"], 1, "does not exist"),
        (["--audio", "{voice}", "--render", "{folder}/x.mp4"], 1, "has no camera"),
    ],
)
def test_exit_codes(fake, voice, tmp_path, capsys, arguments, code, says):
    characters.rigged()
    names = {"voice": voice, "missing": tmp_path / "missing", "folder": tmp_path}
    assert recording.command([argument.format(**names) for argument in arguments]) == code
    captured = capsys.readouterr().err
    assert says in captured and "Traceback" not in captured


def test_a_read_only_folder(fake, voice, tmp_path, capsys, monkeypatch):
    characters.rigged()
    monkeypatch.setattr(os, "access", lambda path, mode: "cache" in str(path))
    assert recording.command(["--audio", str(voice), "--save", str(tmp_path / "x.blend")]) == 1
    assert "cannot be written to" in capsys.readouterr().err
    assert not bpy.data.actions


@pytest.mark.parametrize(
    ("given", "arguments"),
    [
        ("line.wav", ["--audio", "IN", "--render", "OUT"]),
        ("line.wav", ["--audio", "IN", "--save", "OUT"]),
        ("film.mp4", ["--video", "IN", "--render", "OUT"]),
        ("lines.csv", ["--lines", "IN", "--json", "OUT"]),
        ("style.json", ["--lines", "no.csv", "--style", "IN", "--json", "OUT"]),
        ("scene.blend", ["IN", "--scene", "--json", "OUT"]),
    ],
    ids=str,
)
def test_a_result_never_replaces_what_it_is_made_of(tmp_path, capsys, given, arguments):
    path, other = tmp_path / given, tmp_path / "other"
    path.write_bytes(b"precious")
    os.link(path, other)
    for output in (path, other):
        places = {"IN": str(path), "OUT": str(output)}
        assert recording.command([places.get(part, part) for part in arguments]) == 1
        told = capsys.readouterr().err
        assert f"would replace {path}" in told and "another file" in told
        assert path.read_bytes() == b"precious"


def test_which_character(fake, voice, capsys):
    scene = bpy.context.scene
    bpy.context.view_layer.objects.active = None
    with pytest.raises(TalkingAnimationError, match="No object of this file"):
        recording.pick(None, scene)
    first = characters.face_mesh("First")
    bpy.context.view_layer.objects.active = None
    assert recording.pick(None, scene) == first
    second = characters.face_mesh("Second")
    with pytest.raises(TalkingAnimationError, match="'First', 'Second'"):
        recording.pick(None, scene)
    bpy.context.view_layer.objects.active = second
    assert recording.pick(None, scene) == second and recording.pick("First", scene) == first


def test_help(capsys):
    assert recording.command(["--help"]) == 0
    assert "--audio" in capsys.readouterr().out


def example(tmp_path, *arguments, blend=None):
    """Run examples/generate.py in another Blender (the application, or this module's Python)."""
    env = {**os.environ, "BLENDER_USER_RESOURCES": str(tmp_path / "user"), "BLENDER_USER_CONFIG": str(tmp_path / "c"),
           "BLENDER_USER_SCRIPTS": str(tmp_path / "s"), "BLENDER_USER_DATAFILES": str(tmp_path / "d")}  # fmt: skip
    if bpy.app.binary_path:
        command = [bpy.app.binary_path, "-b", "--factory-startup", *([str(blend)] if blend else [])]
        command += ["--python", str(EXAMPLE), "--", *arguments]
    else:
        command = [sys.executable, str(EXAMPLE), *([str(blend)] if blend else []), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=HUNG, check=False)


@ends
def test_the_example_script_fails_with_a_sentence(tmp_path):
    run = example(tmp_path, "--audio", str(tmp_path / "missing.wav"))
    assert run.returncode == 1, run.stdout + run.stderr
    assert "Error: " in run.stderr and "Traceback" not in run.stderr


@ends
@pytest.mark.skipif(os.name == "nt", reason="the test double is a shell script")
def test_the_example_script(voice, tmp_path):
    characters.rigged()
    blend, saved = tmp_path / "character.blend", tmp_path / "talking.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(blend))
    double = tmp_path / "a python"
    double.write_text(f"#!/bin/sh\nexec '{PYTHON}' '{FAKE}'\n")
    double.chmod(0o755)
    run = example(
        tmp_path, "--audio", str(voice), "--save", str(saved), "--engine-python", str(double), blend=blend
    )
    assert run.returncode == 0, run.stdout + run.stderr
    bpy.ops.wm.open_mainfile(filepath=str(saved))
    assert api.has_animation(bpy.data.objects["Rig"])


def test_the_blender_command_is_registered():
    from blender_addon import registration

    assert (registration._command is not None) == (bpy.app.version >= (4, 2, 0))
