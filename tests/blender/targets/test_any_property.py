"""Any property follows a channel of the face, within limits, and is given back."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import numpy as np
import pytest
from drawn_characters import FPS, empty, linked, say, seen, spoken

from blender_addon import api
from blender_addon.api import drawings
from blender_addon.api.drawings import Move
from blender_addon.host.blender_versions import interface, materials

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
        ("pass_index", Move("jaw", 2e9), "must be numbers from -1e\\+09 to 1e\\+09"),
        ("pass_index", Move("jaw", high=-2e9), "must be numbers"),
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


def _clicked_before_3_5(owner, name):
    """What Blender told of a property that was clicked on before it had ``context.property``."""
    known = owner.bl_rna.properties.get(name) or SimpleNamespace(identifier=name, is_array=False)
    return SimpleNamespace(button_pointer=owner, button_prop=known, window_manager=bpy.context.window_manager)


def test_what_was_clicked_on_is_known_in_every_blender():
    item = empty("Robot")
    item["level"] = 2
    wave = linked(bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube"))).modifiers.new("Wave", "WAVE")
    material = bpy.data.materials.new("Glow")
    socket = materials.empty_node_tree(material).nodes.new("ShaderNodeValue").outputs[0]
    for owner, name, path in (
        (item, "hide_render", "hide_render"),
        (item, "level", '["level"]'),
        (wave, "height", 'modifiers["Wave"].height'),
        (socket, "default_value", socket.path_from_id("default_value")),
    ):
        context = _clicked_before_3_5(owner, name)
        assert interface.is_on_property(context)
        assert interface.property_under(context) == (owner.id_data, path, -1)
    assert interface.property_under(_clicked_before_3_5(item, "location"))[:2] == (item, "location")
    known = (item, "location", 2)
    assert interface.property_under(SimpleNamespace(property=known)) == known
    for nothing in (SimpleNamespace(), SimpleNamespace(property=None), SimpleNamespace(button_pointer=None)):
        assert not interface.is_on_property(nothing) and interface.property_under(nothing) is None


def clicked(where, index):
    return {"datablock_type": where.type, "datablock": where.name, "path": where.path, "index": index}


def test_the_dialog_maps_what_was_clicked_on_by_its_name(monkeypatch):
    item = empty("Robot")
    bpy.context.view_layer.objects.active = item
    button = bpy.ops.talking_animation.map_property
    known = clicked(drawings.reference_to(item, "location"), 1)
    assert button(gain=2.0, **known) == {"FINISHED"}
    assert button(gain=3.0, limited=True, low=4.0, high=-1.0, **known) == {"FINISHED"}
    (row,) = drawings.mapped_of(item).properties
    assert (row.where.path, row.index) == ("location", 1)
    assert (row.move.gain, row.move.low, row.move.high) == (3.0, -1.0, 4.0)
    with pytest.raises(RuntimeError, match="'Gone' is gone"):
        button(**clicked(drawings.Reference("OBJECT", "Gone", "location"), 1))
    with pytest.raises(RuntimeError, match="right-click on a number"):
        button()  # what was clicked on before is not meant
    monkeypatch.setattr(
        interface, "property_under", lambda _: (item, "scale", 2)
    )  # of a script's own context
    assert button() == {"FINISHED"}
    assert [(row.where.path, row.index) for row in drawings.mapped_of(item).properties] == [
        ("location", 1),
        ("scale", 2),
    ]
