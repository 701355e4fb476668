"""Any property follows a channel of the face, within limits, and is given back."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from drawn_characters import FPS, empty, linked, say, seen, spoken

from blender_addon import api
from blender_addon.api import drawings
from blender_addon.api.drawings import Move
from blender_addon.host.blender_versions import materials

LINE = spoken()


@pytest.fixture(autouse=True)
def _rate():
    bpy.context.scene.render.fps = int(FPS)


def test_a_lamp_a_material_a_modifier_and_a_custom_property_follow():
    robot = empty("Robot")
    robot["level"] = 2
    lamp = linked(bpy.data.objects.new("LED", bpy.data.lights.new("LED", "POINT")), robot)
    lamp.data.energy = 5.0
    cube = linked(bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube")), robot)
    wave = cube.modifiers.new("Wave", "WAVE")
    wave.height = 0.5
    material = bpy.data.materials.new("Glow")
    node = materials.empty_node_tree(material).nodes.new("ShaderNodeValue")
    cube.data.materials.append(material)
    drawings.map_property(robot, lamp.data, "energy", Move("opening", 100.0, 0.0, low=1.0, high=40.0))
    drawings.map_property(robot, cube, 'modifiers["Wave"].height', Move("jaw", 2.0))
    drawings.map_property(robot, robot, '["level"]', Move("viseme:PP", 5.0, 0.0))
    drawings.map_property(
        robot, material.node_tree, 'nodes["Value"].outputs[0].default_value', Move("eyeBlinkLeft", -1, 1.0)
    )
    assert api.describe(robot).summary == "4 mapped properties"
    report = say(robot, LINE)
    energy = np.array(seen(1, report.end, lambda graph: lamp.evaluated_get(graph).data.energy))
    assert energy.min() == pytest.approx(1.0) and energy.max() == pytest.approx(40.0)
    height = np.array(seen(1, report.end, lambda graph: cube.evaluated_get(graph).modifiers[0].height))
    assert height.max() == pytest.approx(0.5 + 2 * 0.6, abs=0.01) and height[0] == pytest.approx(0.5)
    assert set(seen(1, report.end, lambda _: robot["level"])) == {0, 5}
    assert min(seen(1, report.end, lambda _: node.outputs[0].default_value)) == pytest.approx(0, abs=0.01)
    bpy.context.scene.frame_set(20)
    assert api.check(robot) == [] and api.remove(robot)
    assert (lamp.data.energy, wave.height, robot["level"]) == (5.0, 0.5, 2) and isinstance(
        robot["level"], int
    )
    assert not bpy.data.actions and lamp.data.animation_data is None


def test_on_twos_every_other_frame_is_the_same():
    item = empty("Sign")
    item["x"] = 0.0
    drawings.map_property(item, item, '["x"]', Move("jaw", twos=True))
    report = say(item, LINE)
    values = np.array(seen(1, report.end, lambda _: item["x"]))
    pairs = values[: len(values) // 2 * 2 - 2].reshape(-1, 2)
    assert (pairs[:, 0] == pairs[:, 1]).all() and values.max() > 0.5


@pytest.mark.parametrize(
    ("path", "move", "sentence"),
    [
        ('["gone"]', Move("jaw"), "has no property"),
        ("name", Move("jaw"), "is a text"),
        ("pass_index", Move("nose"), "no channel 'nose'"),
        ("pass_index", Move("jaw", float("nan")), "must be numbers"),
    ],
)
def test_what_cannot_be_is_one_sentence(path, move, sentence):
    item = empty("Sign")
    with pytest.raises(api.TalkingAnimationError, match=sentence):
        drawings.map_property(item, item, path, move)
    assert not item.talking_animation.drawings


def test_what_was_deleted_or_is_driven_says_so():
    item, lamp = empty("Sign"), bpy.data.lights.new("LED", "POINT")
    drawings.map_property(item, lamp, "energy", Move("jaw"))
    lamp.driver_add("energy")
    assert "has a driver" in api.describe(item).problem
    bpy.data.lights.remove(lamp)
    assert "'LED'" in api.describe(item).problem
    with pytest.raises(api.TalkingAnimationError, match="LED"):
        say(item, LINE) if not api.describe(item).problem else api.generate(item, "none.wav")
    assert drawings.forget_property(item, 0) and not item.talking_animation.drawings
