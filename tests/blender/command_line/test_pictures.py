"""Pictures from the command line: one command from a picture and a voice to a film."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import bpy
import numpy as np
import picture_files
import pytest
from places import ROOT
from programs import FAKE, PYTHON
from versions import ends
from waiting import HUNG

from blender_addon import api
from blender_addon.command_line import recording

PIXELS = np.random.RandomState(2).randint(90, 256, (80, 61, 3)).astype(np.uint8)


@pytest.fixture
def path(tmp_path):
    return str(picture_files.write(tmp_path / "face.png", picture_files.png(PIXELS)))


def test_a_picture_says_a_line(fake, voice, path, tmp_path, capsys):
    saved = tmp_path / "talking.blend"
    assert recording.command(["--picture", path, "--audio", str(voice), "--save", str(saved)]) == 0
    assert "'face' says line.wav" in capsys.readouterr().out
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.wm.open_mainfile(filepath=str(saved))
    scene = bpy.context.scene
    assert api.has_animation(bpy.data.objects["face"])
    assert scene.camera is not None and (scene.render.resolution_x, scene.render.resolution_y) == (61, 80)


@ends
def test_a_picture_that_ships_says_a_line(fake, voice, capsys):
    assert recording.command(["--picture", "captain", "--audio", str(voice)]) == 0
    assert "'captain' says line.wav" in capsys.readouterr().out
    assert bpy.context.scene.render.resolution_x == 640
    assert recording.command(["--help"]) == 0
    assert "teapot, captain" in " ".join(capsys.readouterr().out.split())


def test_the_scene_is_left_alone_where_asked(fake, voice, path):
    assert recording.command(["--picture", path, "--audio", str(voice), "--keep-camera"]) == 0
    assert bpy.context.scene.camera is None and bpy.context.scene.render.resolution_x == 1920


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="no ffprobe")
def test_a_film_of_a_picture_with_an_odd_width(fake, voice, path, tmp_path):
    film = tmp_path / "film.mp4"
    bpy.context.scene.render.fps = 5
    assert recording.command(["--picture", path, "--audio", str(voice), "--render", str(film)]) == 0
    ask = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=width,height", "-of"]
    size = subprocess.run([*ask, "csv=p=0", str(film)], capture_output=True, text=True, check=True).stdout
    assert size.strip().strip(",") == "60,80"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--character", "Bob"], 2, "not both"),
        (["--face-at", "1,2,3"], 2, "takes eight numbers"),
        (["--face-at", "1,2,3,4,5,6,7,nan"], 2, "takes eight numbers"),
        (["--picture", "{folder}"], 1, "is a folder"),
        (["--picture", "{voice}"], 1, "cannot be read as a picture"),
        (["--save", "{picture}"], 1, "would replace"),
        (["--scene"], 2, "does not go with"),
        (["--picture", "nobody"], 1, "choose one that ships (cartoon, anime"),
    ],
)
def test_what_does_not_fit_is_told(fake, voice, path, tmp_path, capsys, arguments, code, says):
    names = {"voice": voice, "folder": tmp_path, "picture": path}
    audio = [] if "--scene" in arguments else ["--audio", str(voice)]
    given = ["--picture", path, *audio, *(part.format(**names) for part in arguments)]
    assert recording.command(given) == code
    told = capsys.readouterr().err
    assert says in told and "Traceback" not in told and not bpy.data.objects


def test_its_options_need_it(fake, voice, capsys):
    assert recording.command(["--audio", str(voice), "--keep-camera"]) == 2
    assert "--keep-camera needs --picture" in capsys.readouterr().err


def test_where_the_face_is(fake, voice, tmp_path):
    flat = picture_files.write(tmp_path / "flat.png", picture_files.png(np.full((40, 40, 3), 99, np.uint8)))
    assert recording.command(["--picture", str(flat), "--audio", str(voice)]) == 1
    where = "10,10,30,10,12,30,28,30"
    assert recording.command(["--picture", str(flat), "--audio", str(voice), "--face-at", where]) == 0


@ends
@pytest.mark.skipif(os.name == "nt", reason="the test double is a shell script")
def test_the_example_script(voice, path, tmp_path):
    double = tmp_path / "a python"
    double.write_text(f"#!/bin/sh\nexec '{PYTHON}' '{FAKE}'\n")
    double.chmod(0o755)
    saved, script = tmp_path / "talking.blend", str(ROOT / "examples" / "picture.py")
    arguments = ["--picture", path, "--audio", str(voice), "--save", str(saved)]
    arguments += ["--engine-python", str(double), "--cache", str(tmp_path / "cache")]
    start = [bpy.app.binary_path, "-b", "--factory-startup", "--python", script, "--"]
    command = [*(start if bpy.app.binary_path else [sys.executable, script]), *arguments]
    names = ("RESOURCES", "CONFIG", "SCRIPTS", "DATAFILES")
    env = {**os.environ, **{f"BLENDER_USER_{name}": str(tmp_path / name) for name in names}}
    run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=HUNG, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    bpy.ops.wm.open_mainfile(filepath=str(saved))
    assert sorted(member.type for member in bpy.data.objects) == ["ARMATURE", "CAMERA", "MESH"]
    assert api.has_animation(bpy.data.objects["face"])
