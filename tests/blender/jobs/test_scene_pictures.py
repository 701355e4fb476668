"""A table whose characters are pictures: built once, used again, and gone where nothing comes of them."""

from __future__ import annotations

import os

import bpy
import numpy as np
import picture_files
import pytest
import scenes
from tones import write_wav
from versions import ends
from waiting import eventually

from blender_addon import api
from blender_addon.characters.pictures import PROPERTY
from blender_addon.errors import TalkingAnimationError
from blender_addon.inputs.scene_script.lines import from_table
from blender_addon.jobs.options import GenerateOptions
from blender_addon.jobs.whole_scene import SceneJob, animate_scene

STILL = GenerateOptions(style="natural", idle=False, add_sound=False)


@pytest.fixture
def folder(fake, tmp_path):
    """Two pictures and two recordings beside each other."""
    for number, name in enumerate(("Anna Größe.png", "Ben.PNG")):
        pixels = np.random.RandomState(number).randint(90, 256, (60, 50, 3)).astype(np.uint8)
        picture_files.write(tmp_path / name, picture_files.png(pixels))
    flat = np.full((20, 20, 3), 9, np.uint8)
    picture_files.write(tmp_path / "nobody.png", picture_files.png(flat))
    write_wav(tmp_path / "one.wav", 1.0)
    write_wav(tmp_path / "two.wav", 1.5)
    return tmp_path


def roots():
    return sorted(member.name for member in bpy.context.scene.objects if member.type == "ARMATURE")


def everything():
    kinds = ("objects", "meshes", "armatures", "cameras", "images", "materials", "collections", "shape_keys")
    return {kind: len(getattr(bpy.data, kind)) for kind in kinds}


def script(folder, *rows):
    return from_table(str(scenes.table(folder / "lines.csv", rows)))


@ends
def test_pictures_talk_in_turn(folder):
    rows = [("Anna Größe.png", "one.wav", 1), ("Ben.PNG", "two.wav", 40), ("Anna Größe.png", "two.wav", 80)]
    report = animate_scene(script(folder, *rows), STILL)
    assert not report.failed and len(report.done) == 3
    assert roots() == ["Anna Größe", "Ben"] == sorted(report.characters)
    assert [line.character for line in report.lines] == ["Anna Größe", "Ben", "Anna Größe"]
    places = [bpy.data.objects[name].location.x for name in roots()]
    assert abs(places[0] - places[1]) > 1.5  # beside each other
    assert all(api.has_animation(bpy.data.objects[name]) for name in roots())


@ends
def test_the_second_run_uses_them_again(folder):
    rows = [("Anna Größe.png", "one.wav", 1), ("Ben.PNG", "two.wav", 40)]
    animate_scene(script(folder, *rows), STILL)
    bpy.data.objects["Ben"].name = "Benjamin"
    before = everything()
    report = animate_scene(script(folder, *rows), STILL)
    assert everything() == before and sorted(report.characters) == ["Anna Größe", "Benjamin"]


def test_together_with_a_character_of_the_scene(folder):
    scenes.cast("Alice")
    rows = [("Alice", "one.wav", 1), (str(folder / "Ben.PNG"), "two.wav", 40)]
    report = animate_scene(script(folder, *rows), STILL)
    assert not report.failed and sorted(report.characters) == ["Alice_rig", "Ben"]


def test_a_picture_that_fails_costs_its_lines(folder):
    rows = [("Ben.PNG", "one.wav", 1), ("nobody.png", "one.wav", 30), ("gone.jpg", "two.wav", 60)]
    report = animate_scene(script(folder, *rows), STILL)
    assert [bool(line.problem) for line in report.lines] == [False, True, True]
    assert "Row 3: No face was found in nobody.png" in report.lines[1].problem
    assert "Row 4: The picture" in report.lines[2].problem and "does not exist" in report.lines[2].problem
    assert roots() == ["Ben"]


def test_a_picture_with_nothing_to_say_leaves_again(folder):
    before = everything()
    rows = [("Anna Größe.png", "gone.wav", 1), ("Ben.PNG", "one.wav", 40)]
    report = animate_scene(script(folder, *rows), STILL)
    assert roots() == ["Ben"] and report.lines[0].problem
    for name in ("Ben",):
        api.remove(bpy.data.objects[name])
    report = None
    from blender_addon.faces.from_picture import build

    build.remove(bpy.data.objects["Ben"])
    assert everything() == before


def test_stopped_it_leaves_nothing(folder):
    before = everything()
    rows = [("Anna Größe.png", "one.wav", 1), ("Ben.PNG", "two.wav", 40)]
    job = SceneJob(script(folder, *rows), STILL)
    assert eventually(lambda: job.poll() or roots()) and roots()
    job.cancel()
    assert everything() == before and not roots()


def test_stopped_while_the_picture_is_looked_at(fake, folder):
    fake("slow")
    before = everything()
    job = SceneJob(script(folder, ("Ben.PNG", "one.wav", 1)), STILL)
    for _ in range(5):
        job.poll()
    job.cancel()
    assert everything() == before


def test_nothing_at_all_can_be_done(folder):
    before = everything()
    report = None
    try:
        report = animate_scene(script(folder, ("nobody.png", "one.wav", 1)), STILL)
    except TalkingAnimationError as error:
        assert "No face" in str(error)
    assert everything() == before and (report is None or report.failed)


def test_a_scenes_own_object_of_that_name_is_meant(folder):
    (rig,) = scenes.cast("Bob")
    rig.name = "Ben.PNG"
    (line,) = script(folder, ("Ben.PNG", "one.wav", 1)).lines
    assert (line.character, line.picture) == ("Ben.PNG", "")
    assert PROPERTY not in rig and os.path.exists(folder / "Ben.PNG")
