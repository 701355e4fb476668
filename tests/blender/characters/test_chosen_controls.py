"""Channels that a person pointed at controls with names of their own: properties, bones, objects, inputs of nodes."""

from __future__ import annotations

import bpy
import characters
import numpy as np
import pytest
from drawn_characters import say, spoken
from mapping_layout import draw, pick

from blender_addon import api
from blender_addon.api import mapping
from blender_addon.api.mapping import ControlChoice
from blender_addon.contract import ARKIT_INDEX
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import animation_data
from blender_addon.host.texts_with_gaps import with_gaps
from blender_addon.keys import actions
from blender_addon.ui import mapping as panel

LINE = spoken(fps=24)
WANTED = LINE.arkit[:, ARKIT_INDEX["jawOpen"]]
MIDDLE = slice(6, len(LINE) - 6)
"""Frames that no easing reaches."""


def reads(owner, path, index, source, read, expression="var", bone="", kind="LOC_Z"):
    """Let a driver read a property, or what a bone does in its own space."""
    driver = owner.driver_add(path, index).driver
    driver.expression = expression
    variable = driver.variables.new()
    target = variable.targets[0]
    if bone:
        variable.type = "TRANSFORMS"
        target.id, target.bone_target, target.transform_type = source, bone, kind
        target.transform_space = "LOCAL_SPACE"
    else:
        target.id, target.data_path = source, read
    return driver


def rig_of(*names):
    """An armature with two bones that drivers turn, of which no name says anything, and a bone for each name."""
    bones = {name: ((0.0, i, 0.0), (0.0, i - 1.0, 0.0), "") for i, name in enumerate(("b1", "b2"))}
    bones.update({name: ((2.0, 0.0, i), (2.0, 0.0, i + 0.2), "") for i, name in enumerate(names)})
    rig = characters.armature(bones)
    for bone in rig.pose.bones:
        bone.rotation_mode = "XYZ"
    return rig


def a_property():
    rig = rig_of()
    rig["Kiefer"] = 0.0
    reads(rig.pose.bones["b1"], "rotation_euler", 0, rig, '["Kiefer"]')
    return rig, ControlChoice("Kiefer"), rig, '["Kiefer"]', 0, (0.0, 1.0)


def a_property_of_a_bone_with_limits():
    rig = rig_of("boca")
    rig.pose.bones["boca"]["boca_abierta"] = 0.0
    rig.pose.bones["boca"].id_properties_ui("boca_abierta").update(min=0.0, max=100.0)
    reads(rig.pose.bones["b1"], "rotation_euler", 0, rig, 'pose.bones["boca"]["boca_abierta"]', "var/100")
    return rig, ControlChoice("boca_abierta"), rig, 'pose.bones["boca"]["boca_abierta"]', 0, (0.0, 100.0)


def a_bone_without_limits():
    rig = rig_of("mouth.ctrl.001")
    reads(rig.pose.bones["b1"], "rotation_euler", 0, rig, "", "-var", "mouth.ctrl.001")
    choice = ControlChoice("mouth.ctrl.001", "location", 2, (0.0, -0.3))
    return rig, choice, rig, 'pose.bones["mouth.ctrl.001"].location', 2, (0.0, -0.3)


def a_bone_that_a_constraint_follows():
    rig = rig_of("顎")
    follow = rig.pose.bones["b1"].constraints.new("TRANSFORM")
    follow.target, follow.subtarget = rig, "顎"
    choice = ControlChoice("顎", "rotation_euler", 0, (0.0, 0.5))
    return rig, choice, rig, 'pose.bones["顎"].rotation_euler', 0, (0.0, 0.5)


def an_object():
    rig = rig_of()
    knob = bpy.data.objects.new("челюсть", None)
    bpy.context.scene.collection.objects.link(knob)
    knob.parent = rig
    reads(rig.pose.bones["b1"], "rotation_euler", 0, knob, "location.y")
    return rig, ControlChoice("челюсть", "location", 1, (0.0, 2.0)), knob, "location", 1, (0.0, 2.0)


def an_input_of_nodes():
    face = characters.face_mesh("Face", [])
    group = bpy.data.node_groups.new("G", "GeometryNodeTree")
    if hasattr(group, "interface"):
        for name, way, kind in (
            ("Geometry", "INPUT", "NodeSocketGeometry"),
            ("턱", "INPUT", "NodeSocketFloat"),
        ):
            group.interface.new_socket(name, in_out=way, socket_type=kind)
        identifier = next(row.identifier for row in group.interface.items_tree if row.name == "턱")
    else:
        group.inputs.new("NodeSocketGeometry", "Geometry")
        identifier = group.inputs.new("NodeSocketFloat", "턱").identifier
    modifier = face.modifiers.new("Nodes", "NODES")
    modifier.node_group = group
    modifier[identifier] = 0.0
    return face, ControlChoice("턱"), face, f'modifiers["Nodes"]["{identifier}"]', 0, (0.0, 1.0)


KINDS = [
    a_property,
    a_property_of_a_bone_with_limits,
    a_bone_without_limits,
    a_bone_that_a_constraint_follows,
    an_object,
    an_input_of_nodes,
]


def values_of(owner, path, index):
    """Values of our curve on a property at each frame of the line."""
    curves = animation_data.own_curves(actions.own_actions(owner), owner)
    curve = curves[path, index]
    return np.array([curve.evaluate(1 + frame) for frame in range(len(LINE))])


@pytest.mark.parametrize("kind", KINDS)
def test_a_channel_that_is_pointed_at_a_control_moves_it(kind, tmp_path):
    root, choice, owner, path, index, (begin, end) = kind()
    assert api.describe(root).problem
    plain = ControlChoice(choice.name, choice.kind, choice.axis)
    if kind is not a_bone_that_a_constraint_follows:
        assert plain in mapping.controls_for(api.describe(root), "jawOpen")
    mapping.choose_control(api.describe(root).root, "jawOpen", choice)
    character = api.describe(root)
    assert not character.problem and not character.notes and character.is_current()
    (row,) = [row for row in character.rows if row.kind == "CONTROL"]
    assert (row.channel, row.convention, row.object) == ("jawOpen", "user", owner.name)
    assert choice.title in row.targets[0]
    report = say(root, LINE)
    assert not report.warnings, report.warnings
    values = values_of(owner, path, index)
    assert values[MIDDLE] == pytest.approx(
        begin + WANTED[MIDDLE] * (end - begin), abs=0.05 * abs(end - begin)
    )
    # Saved with the character, and as a preset of names.
    kept, name = mapping.choices_of(character.root), character.root.name
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "chosen.blend"))
    bpy.ops.wm.open_mainfile(filepath=str(tmp_path / "chosen.blend"))
    root = bpy.data.objects[name]
    assert mapping.choices_of(root) == kept and not api.describe(root).problem
    assert api.remove(root) and api.describe(root).named


def test_two_channels_share_a_control_that_goes_both_ways():
    rig = rig_of("mouth")
    reads(rig.pose.bones["b1"], "rotation_euler", 0, rig, "", "var", "mouth")
    for channel, end in (("jawOpen", -2.0), ("eyeBlinkLeft", 1.0), ("eyeBlinkRight", 1.0)):
        mapping.choose_control(rig, channel, ControlChoice("mouth", "location", 2, (0.0, end)))
    say(rig, LINE)
    values = values_of(rig, 'pose.bones["mouth"].location', 2)
    blink = LINE.arkit[:, ARKIT_INDEX["eyeBlinkLeft"]].argmax()
    assert values.min() < -1.0 and values[blink] == pytest.approx(1.0 - 2.0 * WANTED[blink], abs=0.1)


def test_what_a_control_shows_no_shape_key_does():
    face = characters.face_mesh("Face", ["jawOpen", "mouthFunnel", "eyeBlinkLeft", "eyeBlinkRight"])
    face["Lid"] = 0.0
    mapping.choose_control(face, "eyeBlinkLeft", ControlChoice("Lid"))
    character = api.describe(face)
    assert "eyeBlinkLeft" not in character.meshes[0].channels and character.mouth == "EXPRESSIONS"
    assert len(character.mouths) == 1, "a lid is no mouth"
    say(face, LINE)
    assert values_of(face, '["Lid"]', 0).max() == pytest.approx(1.0, abs=0.05)
    mapping.choose(face, "eyeBlinkLeft", ("eyeBlinkLeft",))
    assert not mapping.choices_of(face).controls and "eyeBlinkLeft" in api.describe(face).meshes[0].channels
    mapping.choose_control(face, "eyeBlinkLeft", ControlChoice("Lid"))
    mapping.choose(face, "eyeBlinkLeft", None)
    assert face.talking_animation.mapping == ""


def test_a_control_that_other_shapes_read_is_told():
    face = characters.face_mesh("Face", ["jawOpen", "mouthFunnel"])
    face["Auf"] = 0.0
    for name in ("jawOpen", "mouthFunnel"):
        reads(face.data.shape_keys.key_blocks[name], "value", -1, face, '["Auf"]')
    mapping.choose_control(face, "jawOpen", ControlChoice("Auf"))
    (note,) = [text for text in say(face, LINE).warnings if "'Auf'" in text]
    assert "jawOpen shows mouthFunnel" in note and with_gaps(note, "de_DE", str) != note
    wanted = np.maximum(WANTED, LINE.arkit[:, ARKIT_INDEX["mouthFunnel"]])[MIDDLE]
    assert np.abs(values_of(face, '["Auf"]', 0)[MIDDLE] - wanted).max() < 0.02
    mapping.choose(face, "mouthFunnel", ())
    assert not [text for text in say(face, LINE).warnings if "'Auf'" in text]
    assert np.abs(values_of(face, '["Auf"]', 0)[MIDDLE] - WANTED[MIDDLE]).max() < 0.02


def test_a_control_shows_a_shape_one_way_and_what_was_chosen_the_other():
    """The jaw kept still: the driver of the brows' shape key had the control."""
    rig = rig_of("mouth")
    face = characters.face_mesh("Face", ["browInnerUp", "mouthFunnel", "mouthSmileLeft"])
    face.parent = rig
    brow = face.data.shape_keys.key_blocks["browInnerUp"]
    reads(brow, "value", -1, rig, "", "max(0, var)", "mouth")
    mapping.choose_control(rig, "jawOpen", ControlChoice("mouth", "location", 2, (0.0, -2.0)))
    assert not [text for text in say(rig, LINE).warnings if "'mouth'" in text]
    wanted = LINE.arkit[:, ARKIT_INDEX["browInnerUp"]] - 2.0 * WANTED
    assert np.abs(values_of(rig, 'pose.bones["mouth"].location', 2) - wanted)[MIDDLE].max() < 0.05


def gone(rig):
    rig.pose.bones["ctl"].name = "other"


def driven(rig):
    rig.pose.bones["ctl"].driver_add("location", 2)


def unlimited(rig):
    mapping.choose_control(rig, "jawOpen", ControlChoice("ctl", "location", 2))


@pytest.mark.parametrize(
    ("change", "told"), [(gone, "is not on"), (driven, "is not on"), (unlimited, "how far")]
)
def test_a_control_that_cannot_be_driven_is_told(change, told):
    """By Nothing moves?, by generating, in the panel, and in German."""
    face = characters.face_mesh("Face", ["jawOpen", "mouthFunnel"])
    rig = rig_of("ctl")
    face.parent = rig
    reads(rig.pose.bones["b1"], "rotation_euler", 0, rig, "", "var", "ctl")
    mapping.choose_control(rig, "jawOpen", ControlChoice("ctl", "location", 2, (0.0, 1.0)))
    assert not api.describe(rig).notes
    change(rig)
    (note,) = api.describe(rig).notes
    assert told in note and with_gaps(note, "de_DE", str) != note
    assert note in say(rig, LINE).warnings
    assert note in [problem.message for problem in api.check(rig)]


def test_what_is_no_control_or_range_is_refused():
    rig = rig_of("ctl")
    for channel, control in (
        ("nonsense", ControlChoice("ctl")),
        ("jawOpen", ControlChoice("")),
        ("jawOpen", ControlChoice("ctl", "shear")),
        ("jawOpen", ControlChoice("ctl", "location", 3)),
        ("jawOpen", ControlChoice("ctl", "location", 1, (1.0, 1.0))),
        ("jawOpen", ControlChoice("ctl", "location", 1, (0.0, float("nan")))),
        ("jawOpen", ControlChoice("ctl", "location", 1, (0.0, 1e300))),
        ("jawOpen", ControlChoice("ctl", "location", 1, (0, 10**400))),
    ):
        with pytest.raises(TalkingAnimationError):
            mapping.choose_control(rig, channel, control)
    assert rig.talking_animation.mapping == ""


@pytest.mark.parametrize("end", ["1" + "0" * 400, "1e300", "-1e300", "NaN", "true", "[]", '"1"'])
def test_a_range_in_a_file_that_keys_cannot_hold_is_refused_and_hides_nothing(end):
    """A preset says so in a sentence; with a character it counts as no choice."""
    text = (
        '{"format": 1, "controls": {"jawOpen": {"name": "ctl", "kind": "location", "range": [1, '
        + end
        + "]}}}"
    )
    rig = rig_of("ctl")
    rig.talking_animation.mapping = text
    assert not mapping.choices_of(rig).controls and not api.describe(rig).notes
    path = mapping.folder() / "Far.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    try:
        with pytest.raises(TalkingAnimationError, match="range of 'jawOpen' is not two different numbers"):
            mapping.load_preset("Far")
    finally:
        mapping.delete_preset("Far")


def test_the_table_shows_controls_and_takes_their_range():
    rig = rig_of("ctl")
    reads(rig.pose.bones["b1"], "rotation_euler", 0, rig, "", "var", "ctl")
    pick(rig)
    view = bpy.context.window_manager.talking_animation_mapping
    bpy.ops.talking_animation.choose_target(channel="jawOpen", target="CONTROL:location:2:ctl")
    assert view.row == mapping.CHANNELS.index("jawOpen"), "the button below the list is this row's"
    assert "how far the control 'ctl.location.z'" in " ".join(draw("ALL"))
    bpy.ops.talking_animation.control_range(channel="jawOpen", begin=0.0, end=-0.5)
    assert mapping.choices_of(rig).controls["jawOpen"].range == (0.0, -0.5)
    assert "ctl.location.z: 0 … -0.5" in " ".join(draw("DRIVEN"))
    assert not api.describe(rig).problem
    mapping.choose_control(rig, "eyeBlinkLeft", ControlChoice("ctl", "rotation_euler", 0))
    bpy.ops.talking_animation.control_range(channel="eyeBlinkLeft", begin=0.0, end=180.0)
    assert mapping.choices_of(rig).controls["eyeBlinkLeft"].range == pytest.approx((0.0, np.pi))
    with pytest.raises(RuntimeError, match="choose one first"):
        bpy.ops.talking_animation.control_range(channel="jawForward", begin=0.0, end=1.0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_dialog_of_the_range_begins_with_how_far_the_control_goes(kind):
    rig, choice, *_, ends = kind()
    mapping.choose_control(rig, "jawOpen", choice)
    turns = choice.kind == "rotation_euler"
    assert panel.ends_shown(api.describe(rig), "jawOpen") == pytest.approx(
        np.degrees(ends) if turns else ends
    )
    assert panel.ends_shown(api.describe(rig), "mouthFunnel") == (0.0, 1.0)


def test_a_property_called_as_a_bone_moves_is_not_that_bone():
    rig = rig_of("ctl")
    rig["ctl.location.z"] = 0.0
    reads(rig.pose.bones["b1"], "rotation_euler", 0, rig, "", "var", "ctl")
    reads(rig.pose.bones["b2"], "rotation_euler", 0, rig, '["ctl.location.z"]')
    pick(rig)
    for target, control in (
        ("CONTROL:location:2:ctl", ControlChoice("ctl", "location", 2)),
        ("CONTROL::0:ctl.location.z", ControlChoice("ctl.location.z")),
    ):
        bpy.ops.talking_animation.choose_target(channel="jawOpen", target=target)
        assert mapping.choices_of(rig).controls == {"jawOpen": control}
    choice = ControlChoice("ctl", "location", 2, (0.0, 1.0))
    mapping.choose_control(rig, "mouthFunnel", choice)
    assert len(api.describe(rig).named.controls) == 2, "one is the bone, the other the property"
    with pytest.raises(TalkingAnimationError, match="'gone' that was chosen for jawOpen is not on this"):
        mapping.control_called(api.describe(rig), "jawOpen", "gone", "", 0)


def test_the_table_of_a_lost_control_is_there_with_its_button():
    plain = bpy.data.objects.new("Plain", bpy.data.meshes.new("Plain"))
    bpy.context.scene.collection.objects.link(plain)
    pick(plain)
    assert not mapping.has_table(api.describe(plain))
    mapping.choose_control(plain, "jawOpen", ControlChoice("lost"))
    view = bpy.context.window_manager.talking_animation_mapping
    view.row = mapping.CHANNELS.index("jawOpen")
    said = draw("ALL", "no such name")
    assert "No rows to show." in said and "talking_animation.control_range" in said


def test_controls_that_names_tell_are_rows_of_the_table():
    rig = rig_of()
    for number, name in enumerate(("jawOpen", "mouthFunnel", "mouthPucker")):
        rig[name] = 0.0
        reads(rig.pose.bones["b1" if number else "b2"], "rotation_euler", number, rig, f'["{name}"]')
    pick(rig)
    rows = {row.channel: row for row in api.describe(rig).rows if row.kind == "CONTROL"}
    assert set(rows) == {"jawOpen", "mouthFunnel", "mouthPucker"} and rows["jawOpen"].targets == ("jawOpen",)
    assert "Funnel" in draw("DRIVEN")
    mapping.choose(rig, "mouthFunnel", ())
    assert "mouthFunnel" not in api.describe(rig).named.channels
