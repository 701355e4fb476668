"""Shape keys that a control rig drives: keys go on the controls, as an animator's would."""

from __future__ import annotations

import bpy
import characters
import numpy as np
import pytest
import users_data
from drawn_characters import say, seen, spoken

from blender_addon import api
from blender_addon.characters.remembered import character_id
from blender_addon.contract import ARKIT_NAMES
from blender_addon.host.blender_versions import animation_data
from blender_addon.keys import actions

LINE = spoken(fps=24)
LAST = len(LINE) + 1


@pytest.fixture
def plain():
    """How far the jaw's shape is shown in each frame of the line where no driver is."""
    face = characters.face_mesh("Plain")
    say(face, LINE)
    values = jaw_of(face)
    api.remove(face)
    bpy.data.objects.remove(face)
    return values


def jaw_of(face, name="jawOpen"):
    """(T,) what the evaluated shape key is in each frame."""
    return np.array(
        seen(1, LAST, lambda graph: face.evaluated_get(graph).data.shape_keys.key_blocks[name].value)
    )


def driven(face, name, owner, path, expression="var"):
    """Let a shape key read a property; the driver's curve."""
    curve = face.data.shape_keys.key_blocks[name].driver_add("value")
    variable = curve.driver.variables.new()
    variable.name = "var"
    variable.targets[0].id, variable.targets[0].data_path = owner, path
    curve.driver.expression = expression
    return curve


def driven_by_bone(face, name, rig, transform, expression, space="LOCAL_SPACE"):
    """Let a shape key read a transform of the bone CTRL in its own space."""
    curve = face.data.shape_keys.key_blocks[name].driver_add("value")
    variable = curve.driver.variables.new()
    variable.name, variable.type = "var", "TRANSFORMS"
    target = variable.targets[0]
    target.id, target.bone_target, target.transform_type = rig, "CTRL", transform
    target.transform_space = space
    curve.driver.expression = expression
    return curve


def with_rig(face):
    """An armature with one bone beside the face, its owner."""
    rig = characters.armature({"CTRL": ((0.0, -1.0, 0.0), (0.0, -1.0, 0.2), "")})
    rig.pose.bones["CTRL"].rotation_mode = "XYZ"
    face.parent = rig
    return rig


def keyed(owner):
    """Data path and index of every curve of ours on something."""
    return set(animation_data.own_curves(actions.own_actions(owner), owner))


def straight(face, rig):
    rig["jaw"] = 0.0
    driven(face, "jawOpen", rig, '["jaw"]')
    return {('["jaw"]', 0)}


def of_a_bone(face, rig):
    rig.pose.bones["CTRL"]["jaw"] = 0.25
    driven(face, "jawOpen", rig, 'pose.bones["CTRL"]["jaw"]', "(var - 0.25) / 4")
    return {('pose.bones["CTRL"]["jaw"]', 0)}


def by_percent(face, rig):
    rig["jaw"] = 0
    rig.id_properties_ui("jaw").update(min=0, max=1000)
    driven(face, "jawOpen", rig, '["jaw"]', "var / 1000")
    return {('["jaw"]', 0)}


def through_another(face, rig):
    rig["jaw"] = rig["jaw(fin)"] = 0.0
    curve = rig.driver_add('["jaw(fin)"]')
    variable = curve.driver.variables.new()
    variable.name = "u"
    variable.targets[0].id, variable.targets[0].data_path = rig, '["jaw"]'
    curve.driver.expression = "u * 2"
    driven(face, "jawOpen", rig, '["jaw(fin)"]', "clamp(var / 4)")
    return {('["jaw"]', 0)}


def with_an_influence(face, rig):
    rig["influence"], rig["jaw"] = 1.0, 0.0
    curve = driven(face, "jawOpen", rig, '["influence"]', "var * jaw")
    variable = curve.driver.variables.new()
    variable.name = "jaw"
    variable.targets[0].id, variable.targets[0].data_path = rig, '["jaw"]'
    return {('["jaw"]', 0)}


def as_a_sum(face, rig):
    rig["jaw"] = 0.0
    driven(face, "jawOpen", rig, '["jaw"]').driver.type = "SUM"
    return {('["jaw"]', 0)}


def by_a_curve(face, rig):
    rig["jaw"] = 0.0
    curve = driven(face, "jawOpen", rig, '["jaw"]')
    for modifier in list(curve.modifiers):
        curve.modifiers.remove(modifier)
    while len(curve.keyframe_points):  # Blender 5 begins with a straight line of two
        curve.keyframe_points.remove(curve.keyframe_points[0])
    curve.keyframe_points.add(2)
    for point, place in zip(curve.keyframe_points, ((0.0, 0.0), (5.0, 1.0))):
        point.co, point.interpolation = place, "LINEAR"
    curve.update()
    return {('["jaw"]', 0)}


def down(face, rig):
    driven_by_bone(face, "jawOpen", rig, "LOC_Y", "max(0, -var * 50)")
    return {('pose.bones["CTRL"].location', 1)}


def before_constraints(face, rig):
    driven_by_bone(face, "jawOpen", rig, "LOC_Y", "-var", "TRANSFORM_SPACE")
    return {('pose.bones["CTRL"].location', 1)}


def beside_what_another_driver_moves(face, rig):
    rig.pose.bones["CTRL"].driver_add("location", 2).driver.expression = "0.5"
    driven_by_bone(face, "jawOpen", rig, "LOC_X", "var")
    return {('pose.bones["CTRL"].location', 0)}


def by_turning(face, rig):
    driven_by_bone(face, "jawOpen", rig, "ROT_X", "degrees(var) / 30")
    return {('pose.bones["CTRL"].rotation_euler', 0)}


def by_size(face, rig):
    driven_by_bone(face, "jawOpen", rig, "SCALE_Z", "var - 1")
    return {('pose.bones["CTRL"].scale', 2)}


KINDS = [
    straight,
    of_a_bone,
    by_percent,
    through_another,
    with_an_influence,
    as_a_sum,
    by_a_curve,
    down,
    before_constraints,
    beside_what_another_driver_moves,
    by_turning,
    by_size,
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_a_driver_reads_is_keyed(plain, kind):
    face = characters.face_mesh("Face")
    rig = with_rig(face)
    expected = kind(face, rig)
    bpy.context.view_layer.update()
    before = users_data.character_values(rig, face)
    report = say(face, LINE)
    assert expected <= keyed(rig) and not [told for told in report.warnings if "driver" in told]
    np.testing.assert_allclose(jaw_of(face), plain, atol=1e-3)
    api.remove(face)
    bpy.context.scene.frame_set(1)
    assert not keyed(rig) and users_data.character_values(rig, face) == before
    assert np.abs(jaw_of(face)).max() < 1e-6


def test_two_shapes_share_a_control_that_goes_both_ways():
    face = characters.face_mesh("Face")
    rig = with_rig(face)
    driven_by_bone(face, "jawLeft", rig, "LOC_X", "var / 0.02")
    driven_by_bone(face, "jawRight", rig, "LOC_X", "-var / 0.02")
    line = spoken(fps=24)
    line.arkit[6:10, ARKIT_NAMES.index("jawLeft")] = 0.5
    line.arkit[20:24, ARKIT_NAMES.index("jawRight")] = 0.25
    say(face, line)
    left, right = jaw_of(face, "jawLeft"), jaw_of(face, "jawRight")
    assert left.max() == pytest.approx(0.5, abs=0.02) and right.max() == pytest.approx(0.25, abs=0.02)
    assert left[21] <= 0 and right[7] <= 0


@pytest.mark.parametrize("first", ["jawOpen", "mouthPucker"])
def test_a_shape_that_begins_late_leaves_its_neighbour_alone(first):
    """The mouth stood half open in silence, since the control rested where the later shape begins."""
    names = [first, *{"jawOpen", "mouthPucker"} - {first}]
    face = characters.face_mesh("Face", names)
    rig = with_rig(face)
    rig["both"] = 0.0
    driven(face, "jawOpen", rig, '["both"]', "clamp(var)")
    driven(face, "mouthPucker", rig, '["both"]', "max(0, var - 0.5) * 2")
    line = spoken(fps=24)
    line.arkit[:, ARKIT_NAMES.index("mouthPucker")] = 0
    line.arkit[30:34, ARKIT_NAMES.index("mouthPucker")] = 1
    wanted = line.arkit[:, ARKIT_NAMES.index("jawOpen")]
    say(face, line)
    shown = jaw_of(face)[: len(line)]
    assert shown[wanted < 1e-3][:2].max() < 1e-3 and np.abs(shown - wanted)[6:28].max() < 0.02
    assert jaw_of(face, "mouthPucker")[32] == pytest.approx(1, abs=0.02)


def test_another_characters_control_is_left_to_it():
    """Both drivers read one object, and the second line took the first one's keys away, as did Remove."""
    board = bpy.data.objects.new("Board", None)
    bpy.context.scene.collection.objects.link(board)
    faces = [characters.face_mesh(name) for name in ("Anna", "Ben")]
    for face in faces:
        board[face.name] = 0.0
        driven(face, "jawOpen", board, f'["{face.name}"]')
        character_id(face)
    assert not [told for told in say(faces[0], LINE, of=faces[0]).warnings if "drivers" in told]
    kept = keyed(board)
    assert [told for told in say(faces[1], LINE, of=faces[1]).warnings if "drivers" in told]
    assert keyed(board) == kept == {('["Anna"]', 0)}
    api.remove(faces[1])
    assert keyed(board) == kept
    api.remove(faces[0])
    assert not keyed(board)


def a_bone_that_is_gone(face, rig):
    driven(face, "jawOpen", rig, 'pose.bones["gone"].location[1]')


def a_collection(face, rig):
    collection = bpy.data.collections.new("Props")
    collection["jaw"] = 0.0
    curve = face.data.shape_keys.key_blocks["jawOpen"].driver_add("value")
    variable = curve.driver.variables.new()
    variable.targets[0].id_type, variable.targets[0].id = "COLLECTION", collection
    variable.targets[0].data_path = '["jaw"]'
    curve.driver.expression = variable.name


def always_there(face, rig):
    rig["jaw"] = 0.0
    driven(face, "jawOpen", rig, '["jaw"]', "max(var, 0.4)")


def nothing_at_all(face, rig):
    curve = face.data.shape_keys.key_blocks["jawOpen"].driver_add("value")
    curve.driver.variables.new()
    curve.driver.expression = "var"


@pytest.mark.parametrize(
    "kind", [a_bone_that_is_gone, a_collection, always_there, nothing_at_all], ids=lambda kind: kind.__name__
)
def test_drivers_of_broken_rigs_are_told(fake, voice, kind):
    face = characters.face_mesh("Face")
    rig = with_rig(face)
    kind(face, rig)
    assert [told for told in api.generate(face, voice).warnings if "drivers" in told]
    assert "KEY_DRIVEN" in [problem.code for problem in api.check(face)]
    api.remove(face)


def test_keys_do_not_depend_on_the_frame_that_is_shown(fake, voice):
    """What another variable is in that frame, our own keys on it included, said how far the jaw could open."""
    face = characters.face_mesh("Face", ["jawOpen", "mouthClose"])
    rig = with_rig(face)
    rig["jaw"] = rig["close"] = 0.0
    curve = driven(face, "jawOpen", rig, '["jaw"]', "var * (1 - close)")
    variable = curve.driver.variables.new()
    variable.name = "close"
    variable.targets[0].id, variable.targets[0].data_path = rig, '["close"]'
    driven(face, "mouthClose", rig, '["close"]')
    api.generate(face, voice)
    before = jaw_of(face)
    rig["close"] = 1.0
    api.apply_dials(face)
    np.testing.assert_allclose(jaw_of(face), before, atol=1e-5)
    assert "on its controls" in api.generate(face, voice).message


def test_meshes_that_share_a_control_get_one_curve(plain):
    face, teeth = characters.face_mesh("Face"), characters.face_mesh("Teeth", ["jawOpen"])
    rig = with_rig(face)
    teeth.parent = rig
    rig["jaw"] = 0.0
    for mesh in (face, teeth):
        driven(mesh, "jawOpen", rig, '["jaw"]')
    assert not [told for told in say(face, LINE).warnings if "driver" in told]
    np.testing.assert_allclose(jaw_of(teeth), plain, atol=1e-3)


@pytest.mark.parametrize(
    "expression", ["frame / 100", "sin(var * 100)", "0 * var", "var.real", "1 - 1 / var"]
)
def test_what_no_control_can_show_is_told_as_before(expression):
    face = characters.face_mesh("Face")
    rig = with_rig(face)
    rig["jaw"] = 0.0
    driven(face, "jawOpen", rig, '["jaw"]', expression)
    report = say(face, LINE)
    assert [told for told in report.warnings if "'jawOpen'" in told and "drivers" in told]
    assert ('["jaw"]', 0) not in keyed(rig)


def test_a_scenes_property_and_a_held_bone_are_no_controls():
    face = characters.face_mesh("Face")
    rig = with_rig(face)
    bpy.context.scene["jaw"] = 0.0
    curve = face.data.shape_keys.key_blocks["jawOpen"].driver_add("value")
    variable = curve.driver.variables.new()
    variable.name = "var"
    variable.targets[0].id_type, variable.targets[0].id = "SCENE", bpy.context.scene
    variable.targets[0].data_path = '["jaw"]'
    curve.driver.expression = "var"
    held = rig.pose.bones["CTRL"].constraints.new("COPY_LOCATION")
    held.target = characters.face_mesh("Elsewhere", [])
    driven_by_bone(face, "mouthPucker", rig, "LOC_X", "var")
    assert [told for told in say(face, LINE).warnings if "drivers" in told]
    assert not keyed(rig) & {('pose.bones["CTRL"].location', 0)}
    assert bpy.context.scene["jaw"] == 0.0 and bpy.context.scene.animation_data is None


def test_dials_move_the_control_and_nothing_is_missed(fake, voice):
    face = characters.face_mesh("Face")
    rig = with_rig(face)
    expected = straight(face, rig)
    api.generate(face, voice)
    assert not api.check(face) and expected <= keyed(rig)
    before = jaw_of(face).max()
    face.parent.talking_animation.lips = 0.5
    api.apply_dials(face)
    assert jaw_of(face).max() == pytest.approx(before / 2, abs=0.02)


def test_a_driver_that_was_muted_since_leaves_nothing_behind(fake, voice):
    face = characters.face_mesh("Face")
    rig = with_rig(face)
    straight(face, rig)
    api.generate(face, voice)
    face.data.shape_keys.animation_data.drivers[0].mute = True
    api.generate(face, voice, seed=1)
    assert not keyed(rig) & {('["jaw"]', 0)} and keyed(face.data.shape_keys)
    api.remove(face)
    assert not actions.own_actions(rig) and rig["jaw"] == 0.0
