"""What of a scene changes so that lines play to their end and in sync, and is given back."""

from __future__ import annotations

import bpy
import characters
import pytest
from drawn_characters import linked

from blender_addon import api
from blender_addon.api import drawings
from blender_addon.talking import playback


@pytest.fixture
def scene():
    present = bpy.context.scene
    present.frame_end, present.sync_mode, present.use_audio_scrub = 20, "NONE", False
    return present


def state(scene):
    return scene.frame_end, scene.sync_mode, scene.use_audio_scrub


def test_everything_is_given_back_with_the_last_line(fake, voice, scene):
    _, mesh = characters.rigged()
    other, _ = characters.rigged()
    first = api.generate(mesh, voice, start_frame=10)
    second = api.generate(other, voice, start_frame=100)
    assert state(scene) == (second.end, "AUDIO_SYNC", True)
    api.remove(other)
    assert state(scene) == (first.end, "AUDIO_SYNC", True)
    api.remove(mesh)
    assert state(scene) == (20, "NONE", False)
    assert scene.talking_animation.playback == ""


@pytest.mark.parametrize("placement", ["NLA", "ACTION"])
def test_a_light_that_talks_plays_to_its_end_too(fake, voice, scene, placement):
    lamp = linked(bpy.data.objects.new("LED", bpy.data.lights.new("LED", "POINT")))
    drawings.map_property(lamp, lamp.data, "energy", drawings.Move("opening", 100.0, 0.0))
    _, mesh = characters.rigged()
    end = api.generate(lamp, voice, start_frame=100, placement=placement).end
    assert state(scene) == (end, "AUDIO_SYNC", True) and end > 120
    api.generate(mesh, voice, start_frame=10, placement=placement)
    api.remove(mesh)
    assert state(scene) == (end, "AUDIO_SYNC", True)  # the light still talks
    api.remove(lamp)
    assert state(scene) == (20, "NONE", False)


def test_what_the_user_changed_meanwhile_stays(fake, voice, scene):
    _, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=10)
    scene.frame_end, scene.sync_mode = 500, "FRAME_DROP"
    api.generate(mesh, voice, start_frame=1, play_in_sync=False)
    assert state(scene) == (500, "FRAME_DROP", True)
    api.remove(mesh)
    assert state(scene) == (500, "FRAME_DROP", False)


def test_a_scene_that_plays_in_sync_already_keeps_it(fake, voice, scene):
    _, mesh = characters.rigged()
    scene.frame_end, scene.sync_mode, scene.use_audio_scrub = 900, "AUDIO_SYNC", True
    api.generate(mesh, voice, start_frame=10)
    assert scene.talking_animation.playback == ""
    api.remove(mesh)
    assert state(scene) == (900, "AUDIO_SYNC", True)


def test_nothing_changes_where_nothing_is_wished(fake, voice, scene):
    _, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=10, extend_range=False, play_in_sync=False)
    assert state(scene) == (20, "NONE", False)


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", "7", '{"frame_end": 3}', '{"frame_end": [10, 20, 30]}', '{"no": [1, 2]}', '{"frame_end": ["a", 20]}',
        '{"frame_end": [1e99, 20]}', '{"frame_end": [99999999999, 20]}', '{"sync_mode": ["NO", "NONE"]}',
    ],
)  # fmt: skip
def test_a_damaged_record_changes_nothing(scene, text):
    scene.talking_animation.playback = text
    playback.give_back(scene)
    assert state(scene) == (20, "NONE", False)


def test_undo_takes_all_of_it_back(fake, voice, scene):
    _, mesh = characters.rigged()
    bpy.ops.ed.undo_push(message="before")
    scene.talking_animation.character = mesh
    scene.talking_animation.audio = str(voice)
    bpy.ops.ed.undo_push(message="chosen")
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    assert bpy.context.scene.sync_mode == "AUDIO_SYNC"
    bpy.ops.ed.undo_push(message="generated")
    bpy.ops.ed.undo()
    assert state(bpy.context.scene) == (20, "NONE", False)
