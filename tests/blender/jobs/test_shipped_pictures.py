"""Pictures that ship, by name: through the engine itself, from scripts and tables; and a name that none has."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
import scenes
from places import ROOT
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


@ends
def test_one_talks_by_its_name(tmp_path):
    (root,) = api.make_picture_talk("Teapot", set_up=True).roots
    scene = bpy.context.scene
    (shipped,) = [picture for picture in api.shipped_pictures() if picture.name == "teapot"]
    image = bpy.data.images.load(str(shipped.path))
    flat = np.empty(640 * 640 * 4, np.float32)
    image.pixels.foreach_get(flat)
    pixels = np.rint(flat.reshape(640, 640, 4)[::-1] * 255).astype(int)
    assert np.abs(rendered(scene).astype(int) - pixels)[..., :3].max() == 0
    voice = ROOT / "demo" / "hello.wav"
    report = api.generate(root, voice, start_frame=1)
    assert "driven" not in report.message, (
        "its lips part as far as the engine's do: nothing is to be made up for"
    )
    assert not api.check(root) and root.name == "teapot"
    mesh = next(child for child in root.children if child.type == "MESH")
    keys = mesh.data.shape_keys.key_blocks
    seen = []
    for frame in range(1, scene.frame_end + 1, 2):
        scene.frame_set(frame)
        seen.append((keys["jawOpen"].value, keys["eyeBlinkLeft"].value))
    assert np.ptp(seen, axis=0).min() > 0.2


@ends
def test_its_points_and_kind_are_known(fake):
    (root,) = api.make_picture_talk("fox").roots
    origin = origin_of(root)
    assert origin is not None and origin.sha256.endswith("378.00 424.00") and origin.path.endswith("fox.png")
    (other,) = api.make_picture_talk("fox", points=[200, 300, 400, 300, 250, 420, 390, 420]).roots
    assert origin_of(other).sha256.endswith("390.00 420.00")


@pytest.mark.parametrize("name", ["foxx", "Cap tain", "größe", "fox fox"])
def test_an_unknown_name_is_told_with_those_that_there_are(fake, name):
    with pytest.raises(TalkingAnimationError) as told:
        api.make_picture_talk(name)
    text = str(told.value)
    assert f"'{name}'" in text and text.count(".") == 1
    assert all(shipped.name in text for shipped in api.shipped_pictures())


@pytest.mark.parametrize("name", ["fox.jpg", "./fox", "//fox", "pictures/fox"])
def test_a_path_is_no_name(fake, name):
    with pytest.raises(TalkingAnimationError, match="does not exist"):
        api.make_picture_talk(name)


@ends
def test_a_table_calls_them_by_name(fake, tmp_path):
    write_wav(tmp_path / "one.wav", 1.0)
    scenes.cast("Captain Nemo")
    rows = [
        ("fox", "one.wav", 1),
        ("Captain", "one.wav", 30),
        ("Nobody", "one.wav", 60),
        ("Fox", "one.wav", 90),
    ]
    table = str(scenes.table(tmp_path / "lines.csv", rows))
    report = animate_scene(from_table(table), STILL)
    # A character of the scene comes before a picture of that name.
    assert [line.character for line in report.lines] == ["fox", "Captain Nemo_rig", "", "fox"]
    assert [bool(line.problem) for line in report.lines] == [False, False, True, False]
    before = len(bpy.data.objects)
    assert not animate_scene(from_table(table), STILL).lines[0].problem and len(bpy.data.objects) == before
