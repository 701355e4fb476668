"""A new kind of target is one file: it is found, driven, dialled, spoken of, checked and removed without a change elsewhere."""

from __future__ import annotations

import bpy
import pytest
from toy_target import PROPERTY, Puppet

from blender_addon import api
from blender_addon.characters import registry
from blender_addon.command_line.recording import pick
from blender_addon.keys import actions
from blender_addon.ui import lookup


@pytest.fixture
def puppet():
    """An empty that is a character by its property alone, and the target that knows it."""
    target = Puppet()
    registry.register(target)
    item = bpy.data.objects.new("Kasper", None)
    item[PROPERTY] = 0.25
    bpy.context.scene.collection.objects.link(item)
    lookup.forget()
    yield item
    registry.unregister(target)


def values(item) -> list[float]:
    """The property in every frame of the scene."""
    scene, seen = bpy.context.scene, []
    for frame in range(scene.frame_start, scene.frame_end + 1):
        scene.frame_set(frame)
        seen.append(float(item.evaluated_get(bpy.context.evaluated_depsgraph_get())[PROPERTY]))
    return seen


def test_without_its_target_it_is_no_character():
    item = bpy.data.objects.new("Kasper", None)
    item[PROPERTY] = 0.25
    bpy.context.scene.collection.objects.link(item)
    assert "no shape keys" in api.describe(item).problem


def test_it_talks_and_is_given_back(puppet, fake, voice):
    assert lookup.described(puppet).summary == "a puppet on 1 string"
    assert lookup.described(puppet).problem == ""
    assert pick(None, bpy.context.scene) == puppet
    report = api.generate(puppet, voice, start_frame=1)
    assert report.curves == 1 and report.message.endswith("1 curves on its strings.")
    assert lookup.talks(puppet)
    assert max(values(puppet)) == pytest.approx(0.4, abs=1e-3)
    assert api.apply_dials(puppet, api.Dials(lips=0.5)) == 1
    assert max(values(puppet)) < 0.3
    assert api.check(puppet) == []
    puppet["tangled"] = True
    (problem,) = api.check(puppet)
    assert problem.code == "TARGET" and problem.message == "The strings of 'Kasper' are tangled."
    assert api.remove(puppet)
    assert puppet[PROPERTY] == pytest.approx(0.25) and not actions.own_actions(puppet)
    assert not bpy.data.actions


def test_it_takes_part_in_a_whole_scene(puppet):
    from blender_addon.inputs.scene_script import lines

    assert lines.characters_of(bpy.context.scene) == {"Kasper": ("Kasper",)}


def test_two_targets_of_one_name_are_refused(puppet):
    with pytest.raises(ValueError, match="a target 'puppet' already"):
        registry.register(Puppet())
