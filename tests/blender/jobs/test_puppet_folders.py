"""A puppet of MakeItTalk's as a picture: chosen by its folder or one of its files, and decoded by Blender."""

from __future__ import annotations

import json

import bpy
import numpy as np
import picture_files
import pytest
from versions import ends

from blender_addon import api
from blender_addon.characters.pictures import origin_of
from blender_addon.command_line import recording
from blender_addon.errors import TalkingAnimationError
from blender_addon.inputs import pictures, pictures_aside

ARTWORK = np.random.RandomState(4).randint(90, 256, (60, 50, 4)).astype(np.uint8)
ARTWORK[:10, :, 3] = 0
ARTWORK[10:, :, 3] = 255
GROUND = np.random.RandomState(5).randint(0, 256, (60, 50, 3)).astype(np.uint8)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "пупс"
    made.mkdir()
    picture_files.write(made / "roy.png", picture_files.png(ARTWORK))
    picture_files.write(made / "roy_bg.png", picture_files.png(GROUND))
    for kind in ("face_open_mouth", "scale_shift", "delauney_tri"):
        (made / f"roy_{kind}.txt").write_text("1 2 3\n")
    return made


@ends
@pytest.mark.parametrize("name", ["", "roy.png", "roy_bg.png", "roy_face_open_mouth.txt"])
def test_what_the_engine_is_asked(fake, folder, monkeypatch, tmp_path, name):
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(tmp_path / "asked"))
    copied = {}
    submit = pictures.save_background

    def keep(picture, where):
        copied["pixels"] = picture.background
        return submit(picture, where)

    monkeypatch.setattr(pictures_aside.pictures, "save_background", keep)
    (root,) = api.make_picture_talk(folder / name).roots
    request = json.loads((tmp_path / "asked").read_text(encoding="utf-8"))
    assert request["puppet"] == str(folder / "roy.png") and request["name"] == "roy.png"
    assert request["background"].endswith("background.npy")
    assert np.array_equal(copied["pixels"][..., :3], GROUND)
    origin = origin_of(root)
    assert (origin.name, origin.path, origin.width) == ("roy.png", str(folder / "roy.png"), 50)


def test_a_picture_beside_others_is_none(fake, folder, monkeypatch, tmp_path):
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(tmp_path / "asked"))
    picture_files.write(folder / "other.png", picture_files.png(GROUND))
    api.make_picture_talk(folder / "other.png")
    request = json.loads((tmp_path / "asked").read_text(encoding="utf-8"))
    assert request["puppet"] is None and request["background"] is None


def test_what_goes_wrong_is_a_sentence(fake, folder, tmp_path):
    (folder / "general_face_open_mouth.txt").write_text("")
    with pytest.raises(TalkingAnimationError, match=r"holds 2 puppets \(general, roy\)"):
        api.make_picture_talk(folder)
    with pytest.raises(TalkingAnimationError, match="The puppet general has no picture"):
        api.make_picture_talk(folder / "general_face_open_mouth.txt")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(TalkingAnimationError, match="'empty' is a folder"):
        api.make_picture_talk(empty)
    assert not bpy.data.objects


def test_a_background_that_blender_cannot_read_is_left_to_the_engine(fake, folder, monkeypatch, tmp_path):
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(tmp_path / "asked"))
    (folder / "roy_bg.png").write_bytes(b"")
    assert api.make_picture_talk(folder).roots
    assert json.loads((tmp_path / "asked").read_text(encoding="utf-8"))["background"] is None


def test_from_the_command_line_and_the_panel(fake, folder, voice, capsys):
    assert recording.command(["--picture", str(folder), "--audio", str(voice)]) == 0
    assert "'roy' says line.wav" in capsys.readouterr().out
    scale = folder / "roy_scale_shift.txt"
    arguments = ["--picture", str(folder), "--audio", str(voice), "--save", str(scale)]
    assert recording.command(arguments) == 1 and "would replace" in capsys.readouterr().err
    bpy.ops.wm.read_factory_settings(use_empty=True)
    assert bpy.ops.talking_animation.pick_picture(filepath=f"{folder}/") == {"FINISHED"}
    assert bpy.context.scene.talking_animation.character.name == "roy"
