"""Removing gives back what was there before, also where shape keys or bones got other names since, and in every scene."""

from __future__ import annotations

import bpy
import characters
import pytest
import speech

from blender_addon import api
from blender_addon.host.blender_versions import animation_data, sequencer
from blender_addon.keys import actions
from blender_addon.talking import problems


def rested():
    rig, mesh = characters.rigged()
    blocks = mesh.data.shape_keys.key_blocks
    blocks["mouthSmileLeft"].value, blocks["mouthSmileRight"].value = 0.37, 0.61
    rig.pose.bones["head"].rotation_quaternion = (0.9, 0.1, 0.2, 0.3)
    return rig, mesh


def test_values_come_back_under_other_names(fake, voice):
    rig, mesh = rested()
    before = tuple(rig.pose.bones["head"].rotation_quaternion)
    api.generate(mesh, voice, start_frame=1)
    blocks = mesh.data.shape_keys.key_blocks
    left, right = blocks["mouthSmileLeft"], blocks["mouthSmileRight"]
    left.name, right.name = 'Lächeln "links"', "Lächeln rechts"
    rig.data.bones["head"].name = "Kopf"
    bpy.context.scene.frame_set(20)
    assert left.value != pytest.approx(0.37) and right.value != pytest.approx(0.61)
    assert api.remove(rig)
    assert left.value == pytest.approx(0.37) and right.value == pytest.approx(0.61)
    assert tuple(rig.pose.bones["Kopf"].rotation_quaternion) == before


def test_a_twin_that_shares_the_strips_keeps_its_values(fake, voice):
    rig, mesh = rested()
    api.generate(mesh, voice, start_frame=1)
    bpy.ops.object.select_all(action="SELECT")
    bpy.ops.object.duplicate()
    twin = next(item for item in bpy.data.objects if item.type == "MESH" and item != mesh)
    mesh.data.shape_keys.key_blocks["mouthSmileLeft"].name = "Smile"
    assert api.remove(twin) and api.remove(mesh)
    assert twin.data.shape_keys.key_blocks["mouthSmileLeft"].value == pytest.approx(0.37)
    assert mesh.data.shape_keys.key_blocks["Smile"].value == pytest.approx(0.37)


def test_a_muted_driver_is_let_go_under_another_name(fake, voice):
    rig, mesh = rested()
    key = mesh.data.shape_keys
    key.driver_add('key_blocks["mouthSmileLeft"].value').driver.expression = "0.25"
    api.generate(mesh, voice, start_frame=1)
    (driven,) = (one for one in problems.find_problems(mesh) if one.code == "KEY_DRIVEN")
    assert api.repair(mesh, code=driven.code) is not None and key.animation_data.drivers[0].mute
    key.key_blocks["mouthSmileLeft"].name = "Smile"
    assert api.remove(mesh)
    assert not key.animation_data.drivers[0].mute


def test_a_fading_strip_rests_under_the_new_name(fake, voice):
    rig, mesh = rested()
    api.generate(mesh, voice, start_frame=11)
    mesh.data.shape_keys.key_blocks["mouthSmileLeft"].name = "Smile"
    api.push_to_nla(mesh, 5, 5)
    bpy.context.scene.frame_set(1)
    assert mesh.data.shape_keys.key_blocks["Smile"].value == pytest.approx(0.37)


def test_every_scene_that_shows_the_character_gets_its_end_back(fake, voice):
    rig, mesh = rested()
    scene = bpy.context.scene
    end = scene.frame_end
    api.generate(mesh, voice, start_frame=end)
    api.add_points(mesh)
    other = bpy.data.scenes.new("Elsewhere")
    for item in (rig, mesh):
        other.collection.objects.link(item)
    assert scene.frame_end > end and (scene.sync_mode, scene.use_audio_scrub) == ("AUDIO_SYNC", True)
    assert api.remove(mesh, other)
    assert scene.frame_end == end and (scene.sync_mode, scene.use_audio_scrub) == ("NONE", False)
    assert not list(sequencer.sequencer_strips(scene))
    assert not [action for action in bpy.data.actions if actions.is_own(action)]


def test_a_head_bone_stays_one_under_any_name(fake, voice):
    """Its keys had gone over to the whole object with the next dial, without a word."""
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1)
    rig.data.bones["head"].name = 'Schädel "1"'
    described = api.describe(mesh)
    assert described.head == 'Schädel "1"' and "head bone" in described.summary
    api.apply_dials(mesh, api.Dials(head=0.5))
    again = api.generate(mesh, voice, start_frame=1, seed=2)
    assert not [warning for warning in again.warnings if "whole object turns" in warning]
    (action,) = actions.own_actions(rig)
    turned = animation_data.own_curves([action], rig)
    assert any("Schädel" in path for path, _ in turned) and not any("delta" in path for path, _ in turned)
    api.remove(mesh)
    assert api.describe(mesh).head == "", "nothing tells any more"


@pytest.mark.parametrize("change", [api.generate, api.apply_dials])
def test_a_wrong_head_bone_can_be_taken_back(fake, voice, change):
    """Its keys had stood for it, though the field was empty again."""
    rig, mesh = characters.rigged()
    rig.data.bones["head"].name = "Schädel"  # told by no name
    at_rest = tuple(rig.pose.bones["spine"].rotation_quaternion)
    if change is api.generate:
        rig.talking_animation.head_bone = "spine"
    api.generate(mesh, voice, start_frame=1)
    rig.talking_animation.head_bone = "spine"
    api.apply_dials(mesh)
    assert api.describe(mesh).head == "spine"
    rig.talking_animation.head_bone = ""
    assert api.describe(mesh).head == ""
    change(mesh, voice) if change is api.generate else change(mesh)
    assert tuple(rig.pose.bones["spine"].rotation_quaternion) == pytest.approx(at_rest)
    assert not any("spine" in path for path, _ in animation_data.own_curves(actions.own_actions(rig), rig))
    rig.talking_animation.head_bone = "Schädel"
    api.generate(mesh, voice, start_frame=1)
    rig.data.bones["Schädel"].name = "Kopf oben"
    assert api.describe(mesh).head == "Kopf oben"


def test_a_script_takes_a_wrong_head_bone_back(fake, voice):
    """The neck had stayed one until Remove, as if it were a head bone under another name."""
    rig, mesh = characters.rigged()
    rig.data.bones["head"].name = "Schädel"  # told by no name
    api.generate(mesh, voice, start_frame=1, head_bone="spine")
    assert api.describe(mesh).head == "spine"
    api.generate(mesh, voice, start_frame=1, head_bone="")
    assert not any("spine" in path for path, _ in animation_data.own_curves(actions.own_actions(rig), rig))
    assert api.describe(mesh).head == ""


def test_cue_markers_of_a_deleted_character_can_be_taken_away(fake, voice):
    rig, mesh = characters.rigged()
    scene = bpy.context.scene
    api.generate(mesh, voice, start_frame=1)
    scene.timeline_markers.new("B roll", frame=3)
    speech.give(mesh)
    api.add_cues(mesh)
    bpy.data.objects.remove(rig)
    assert api.has_cues(mesh)
    assert api.remove_cues(mesh) and not api.has_cues(mesh)
    assert scene.timeline_markers.keys() == ["B roll"]


def test_markers_that_are_no_characters_stay_where_another_one_is_taken_away(fake, voice):
    """They went with whatever else was removed: the user's own, and cues kept on purpose of a character that was deleted."""
    (kept, _), (_, other) = (characters.rigged() for _ in range(2))
    scene = bpy.context.scene
    for item in (kept, other):
        api.generate(item, voice, start_frame=1)
        speech.give(item)
    api.add_cues(kept)
    scene.timeline_markers.new("A · Intro", frame=3)
    bpy.data.objects.remove(kept)
    there = sorted(scene.timeline_markers.keys())
    assert api.add_cues(other) and len(scene.timeline_markers) > len(there) > 1
    assert api.add_cues(other) and api.remove(other)
    assert sorted(scene.timeline_markers.keys()) == there
