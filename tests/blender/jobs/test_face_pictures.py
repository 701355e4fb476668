"""A face picture of the engine's as a character: by its file, and in a table of lines beside a puppet's folder."""

from __future__ import annotations

import bpy
import numpy as np
import picture_files
import pytest
import scenes
from blender_addon.contract.face_picture import PICTURE
from picture_characters import contract_picture
from rendering import rendered
from tones import write_wav
from versions import ends

from blender_addon import api
from blender_addon.characters.pictures import origin_of
from blender_addon.errors import TalkingAnimationError
from blender_addon.inputs.scene_script.lines import from_table
from blender_addon.jobs.options import GenerateOptions
from blender_addon.jobs.whole_scene import animate_scene

STILL = GenerateOptions(style="natural", idle=False, add_sound=False)
FACE = contract_picture(5.0)


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "Größe 2.NPZ"
    FACE.save(made)
    return made


def test_it_is_built_without_asking_the_engine(fake, path, monkeypatch, tmp_path):
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(tmp_path / "asked"))
    report = api.make_picture_talk(path, set_up=True)
    assert not report.warnings and not (tmp_path / "asked").exists() and path.is_file()
    assert np.array_equal(rendered(bpy.context.scene)[..., :3], FACE.textures[PICTURE][..., :3])
    origin = origin_of(report.roots[0])
    assert (origin.name, origin.path) == (path.name, str(path))
    assert api.make_picture_talk(path, pack=False).warnings  # there is no picture to link to


@pytest.mark.parametrize("damage", ["empty", "cut", "other", "gone"])
def test_a_damaged_one_is_told(fake, path, damage):
    data = path.read_bytes()
    before = set(bpy.data.objects)
    if damage == "gone":
        path.unlink()
    elif damage == "other":
        np.savez(path.with_suffix(""), frames=np.zeros(3))
        path.write_bytes(path.with_suffix("").with_name("Größe 2.npz").read_bytes())
    else:
        path.write_bytes(data[: 0 if damage == "empty" else len(data) // 2])
    with pytest.raises(TalkingAnimationError, match=r"Größe 2\.NPZ"):
        api.make_picture_talk(path)
    assert set(bpy.data.objects) == before


@ends
def test_tables_call_it_and_puppets_by_their_folders(fake, path, tmp_path):
    puppet = tmp_path / "roy"
    puppet.mkdir()
    pixels = np.random.RandomState(1).randint(90, 256, (60, 50, 3)).astype(np.uint8)
    picture_files.write(puppet / "roy.png", picture_files.png(pixels))
    (puppet / "roy_face_open_mouth.txt").write_text("1 2 3\n")
    (tmp_path / "Anna").mkdir()
    write_wav(tmp_path / "one.wav", 1.0)
    rows = [
        ("roy", "one.wav", 1),
        (path.name, "one.wav", 40),
        (path.name, "one.wav", 80),
        ("Anna", "one.wav", 1),
    ]
    report = animate_scene(from_table(str(scenes.table(tmp_path / "lines.csv", rows))), STILL)
    assert len(report.done) == 3 and len(report.failed) == 1
    assert [line.character for line in report.lines][:3] == ["roy", "Größe 2", "Größe 2"]
