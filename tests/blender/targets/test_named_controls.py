"""Faces without shape keys whose properties, bones or node inputs have the names of face shapes."""

from __future__ import annotations

import bone_faces
import bpy
import characters
import numpy as np
import pytest
from drawn_characters import empty, say, seen, spoken
from vendor_bones import RIGS

from blender_addon import api
from blender_addon.characters import named_controls, registry
from blender_addon.characters.remembered import character_id
from blender_addon.characters.target import TargetSettings
from blender_addon.contract import ARKIT_INDEX, Dials
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import animation_data, materials
from blender_addon.host.sentences import PARTS
from blender_addon.host.texts_with_gaps import with_gaps
from blender_addon.inputs.scene_script import lines
from blender_addon.keys import actions
from blender_addon.ui import lookup

LINE = spoken(fps=24)
WANTED = LINE.arkit[:, ARKIT_INDEX["jawOpen"]]
SETTINGS = TargetSettings(Dials(), actions.RestReader())
MIDDLE = slice(6, len(LINE) - 6)
"""Frames that no easing reaches."""


def keyed(owner):
    """Data path and index of every curve of ours on something."""
    return set(animation_data.own_curves(actions.own_actions(owner), owner))


def rig_of(*names):
    """An armature with a jaw, and a bone for each name."""
    bones = {"jaw": ((0.0, 0.0, 0.0), (0.0, -1.0, 0.0), "")}
    bones.update({name: ((2.0, 0.0, i), (2.0, 0.0, i + 0.2), "") for i, name in enumerate(names)})
    rig = characters.armature(bones)
    for bone in rig.pose.bones:
        bone.rotation_mode = "XYZ"
    return rig


LIMITS = {"location": "LIMIT_LOCATION", "rotation_euler": "LIMIT_ROTATION", "scale": "LIMIT_SCALE"}


def limits(rig, low, high, kind="location", bone="jawOpen"):
    """Let a bone go so far along, or about, its own Y."""
    limit = rig.pose.bones[bone].constraints.new(LIMITS[kind])
    limit.owner_space, limit.min_y, limit.max_y = "LOCAL", low, high
    for switch in ("use_limit_y",) if kind == "rotation_euler" else ("use_min_y", "use_max_y"):
        setattr(limit, switch, True)


def reads(owner, path, index, source, read, expression, bone=""):
    """Let a property of something be driven by another one, or by a bone's height in its own space."""
    curve = owner.driver_add(path) if index is None else owner.driver_add(path, index)
    variable = curve.driver.variables.new()
    variable.name = "var"
    target = variable.targets[0]
    if bone:
        variable.type = "TRANSFORMS"
        target.id, target.bone_target = source, bone
        target.transform_type, target.transform_space = "LOC_Y", "LOCAL_SPACE"
    else:
        target.id, target.data_path = source, read
    curve.driver.expression = expression


def turns(rig, source, read, expression, bone=""):
    reads(rig.pose.bones["jaw"], "rotation_euler", 0, source, read, expression, bone)


def of_the_armature():
    rig = rig_of()
    rig["jawOpen"] = 0.0
    turns(rig, rig, '["jawOpen"]', "var / 2")
    return rig, rig, '["jawOpen"]', 0, 1.0


def per_cent_of_a_bone():
    rig = rig_of("board")
    board = rig.pose.bones["board"]
    board["Jaw_Open"] = 0
    board.id_properties_ui("Jaw_Open").update(min=0, max=100)
    turns(rig, rig, 'pose.bones["board"]["Jaw_Open"]', "var / 200")
    return rig, rig, 'pose.bones["board"]["Jaw_Open"]', 0, 100.0


def of_something_else_through_another():
    rig, board = rig_of(), empty("Board")
    board["jawOpen"] = board["jaw"] = 0.0
    board.id_properties_ui("jawOpen").update(min=0.0, max=0.5)
    reads(board, '["jaw"]', None, board, '["jawOpen"]', "var * 2")
    turns(rig, board, '["jaw"]', "var / 2")
    return rig, board, '["jawOpen"]', 0, 0.5


def a_bone_with_limits():
    rig = rig_of("jawOpen")
    limits(rig, -0.25, 0.0)
    turns(rig, rig, None, "-var * 2", bone="jawOpen")
    return rig, rig, 'pose.bones["jawOpen"].location', 1, -0.25


def an_input_of_nodes():
    face = characters.face_mesh("Face")
    face.shape_key_clear()
    group = bpy.data.node_groups.new("Face", "GeometryNodeTree")
    if hasattr(group, "interface"):
        socket = group.interface.new_socket("jawOpen", in_out="INPUT", socket_type="NodeSocketFloat")
    else:
        socket = group.inputs.new("NodeSocketFloat", "jawOpen")
    modifier = face.modifiers.new("Face", "NODES")
    modifier.node_group = group
    return face, face, f'modifiers["Face"]["{socket.identifier}"]', 0, 1.0


def nameless_shapes():
    face = characters.face_mesh("Face")
    block = face.data.shape_keys.key_blocks["jawOpen"]
    for other in list(face.data.shape_keys.key_blocks)[1:]:
        if other != block:
            face.shape_key_remove(other)
    block.name, face["jawOpen"] = "Form 1", 0.0
    reads(block, "value", None, face, '["jawOpen"]', "var")
    return face, face, '["jawOpen"]', 0, 1.0


def tenths_of_the_armature():
    rig, *_ = of_the_armature()
    rig["jawOpen"] = 0
    rig.id_properties_ui("jawOpen").update(min=0, max=10)
    return rig, rig, '["jawOpen"]', 0, 10.0


def face_with_a_material():
    face = characters.face_mesh("Face")
    face.shape_key_clear()
    face["jawOpen"] = 0.0
    material = bpy.data.materials.new("Skin")
    face.data.materials.append(material)
    return face, materials.empty_node_tree(material)


def shown_by_a_material():
    face, tree = face_with_a_material()
    node = tree.nodes.new("ShaderNodeAttribute")
    node.attribute_type, node.attribute_name = "OBJECT", '["jawOpen"]'
    return face, face, '["jawOpen"]', 0, 1.0


def read_by_a_material():
    face, tree = face_with_a_material()
    reads(tree.nodes.new("ShaderNodeValue").outputs[0], "default_value", None, face, '["jawOpen"]', "var")
    return face, face, '["jawOpen"]', 0, 1.0


KINDS = (
    of_the_armature,
    per_cent_of_a_bone,
    of_something_else_through_another,
    a_bone_with_limits,
    an_input_of_nodes,
    nameless_shapes,
    tenths_of_the_armature,
    shown_by_a_material,
    read_by_a_material,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_has_a_shapes_name_is_keyed(kind):
    picked, owner, path, index, end = kind()
    bpy.context.view_layer.update()
    found = api.describe(picked)
    assert "1 named control" in found.summary and not found.problem
    report = say(picked, LINE)
    assert (path, index) in keyed(owner) and not report.warnings

    def value(_):
        given = owner.path_resolve(path)
        return given if isinstance(given, (int, float)) else given[index]

    values = np.array(seen(1, len(LINE), value)) / end
    step = 1 / end if isinstance(value(None), int) else 0.0
    np.testing.assert_allclose(values[MIDDLE], WANTED[MIDDLE], atol=max(0.011, step / 2 + 1e-6))
    api.remove(picked)
    assert not keyed(owner) and value(None) == 0


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_scenes_lines_find_whoever_talks_by_names(kind):
    picked, *_ = kind()
    bpy.context.view_layer.update()
    assert picked.name in lines.characters_of(bpy.context.scene)


def the_face_itself(face):
    return face


def an_armature(face):
    rig = rig_of()
    face.parent = rig
    return rig


def a_board_on_an_armature(face):
    return empty("Board", an_armature(face))


@pytest.mark.parametrize("read", [the_face_itself, an_armature, a_board_on_an_armature])
def test_what_shares_a_faces_skin_is_no_character(read):
    face, tree = face_with_a_material()
    del face["jawOpen"]
    source = read(face)
    source["jawOpen"] = 0.0
    reads(tree.nodes.new("ShaderNodeValue").outputs[0], "default_value", None, source, '["jawOpen"]', "var")
    prop = characters.face_mesh("Prop")
    prop.shape_key_clear()
    prop.data.materials.append(face.data.materials[0])
    assert named_controls.notices(face) and not named_controls.notices(prop)
    (talking,) = lines.characters_of(bpy.context.scene)
    assert talking == api.describe(face).root.name
    bpy.data.objects.remove(face)
    if source in bpy.data.objects.values():
        assert named_controls.notices(prop)  # nobody else has this skin now


def test_a_jaw_that_a_control_turns_is_left_to_it():
    rig, *_ = of_the_armature()
    assert not api.describe(rig).face_bones.talks
    rig.pose.bones["jaw"].driver_remove("rotation_euler", 0)
    assert api.describe(rig).face_bones.talks  # of itself, once nothing drives it


def rocketbox(*names):
    """A face whose jaw, lips and tongue are bones, with properties that a driver reads."""
    rig = bone_faces.build(RIGS["rocketbox"]).rig
    for index, name in enumerate(names):
        rig[name] = 0.0
        reads(rig.pose.bones["Bip01 Head"], "scale", index, rig, f'["{name}"]', "1 + var / 100")
    return rig


def test_bones_move_what_controls_do_not():
    """What opens a mouth has jaw and lips, or it opened twice as far; what only forms it leaves the jaw to its bone."""
    opened = api.describe(rocketbox("mouth_open"))
    assert opened.named and opened.face_bones.bones("tongue", "lid_upper.left")
    assert not opened.face_bones.bones("jaw") and not opened.face_bones.lips
    formed = api.describe(rocketbox("mouthPucker", "mouthFunnel", "mouthClose"))
    assert formed.named and formed.face_bones.bones("jaw") and not formed.face_bones.lips
    told = api.describe(rocketbox("jawOpen", "tongueOut"))
    assert told.named and not told.face_bones.bones("tongue")


def test_a_few_letters_are_no_mouth():
    rig = rig_of("board")
    rig["A"], rig["E"] = 0.0, 1.0
    turns(rig, rig, '["A"]', "var")
    reads(rig.pose.bones["board"], "location", 0, rig, '["E"]', "var")
    assert not api.describe(rig).named


def test_names_that_nothing_reads_are_told():
    face = characters.face_mesh("Face")
    face.shape_key_clear()
    face["jawOpen"] = 0.0
    assert "no driver of the character reads it" in api.describe(face).problem


def switch_that_is_read():
    rig = rig_of()
    rig["jawOpen"] = 0
    rig.id_properties_ui("jawOpen").update(min=0, max=1)
    turns(rig, rig, '["jawOpen"]', "var")
    return rig


def follower():
    rig = rig_of()
    rig["jawOpen"] = 0.0
    reads(rig, '["jawOpen"]', None, rig, "location[0]", "var")
    return rig


def tick():
    rig = rig_of()
    rig["jawOpen"] = True
    if not isinstance(rig["jawOpen"], bool):
        pytest.skip("this Blender keeps ticks as whole numbers")
    return rig


@pytest.mark.parametrize("kind", [switch_that_is_read, follower, tick], ids=lambda kind: kind.__name__)
def test_switches_followers_and_ticks_are_no_controls_nor_told_as_unread(kind):
    found = named_controls.find([kind()])
    assert not found and not found.unread


def control_of(rig, name="jawOpen"):
    (control,) = named_controls.find([rig]).controls[name]
    return control


READ_BY_PATH = 'pose.bones["jawOpen"].'


@pytest.mark.parametrize(
    ("kind", "low", "high", "ends"),
    [
        ("location", -1.0, 1.0, (0.0, 1.0)),
        ("rotation_euler", -0.3, 0.3, (0.0, 0.3)),
        ("scale", 0.0, 2.0, (1.0, 2.0)),
        ("scale", 0.1, 1.9, (1.0, 1.9)),  # single-precision: the lower way is longer by 2e-8
        ("location", -1.0, 0.5, (0.0, -1.0)),
    ],
)
def test_a_control_goes_the_longer_way_else_upwards(kind, low, high, ends):
    rig = rig_of("jawOpen")
    turns(rig, rig, f"{READ_BY_PATH}{kind}[1]", "var")
    limits(rig, low, high, kind)
    control = control_of(rig)
    assert (control.begin, control.end) == pytest.approx(ends) and control.index == 1


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [("location", "Limit Location"), ("rotation_euler", "Limit Rotation"), ("scale", "Limit Scale")],
)
def test_a_control_without_limits_is_told_and_the_remedy_works(kind, remedy):
    rig = rig_of("MouthOpen")
    turns(rig, rig, f'pose.bones["MouthOpen"].{kind}[1]', "var")
    rig.data.bones["jaw"].name = "hinge"  # no bone that would talk by itself
    problem = api.describe(rig).problem
    assert f"give it a {remedy} constraint in Local Space" in problem
    assert f"Constraint „{PARTS[remedy]}“ im lokalen Raum" in with_gaps(problem, "de_DE", str)
    limits(rig, 0.0, 2.0, kind, "MouthOpen")
    assert control_of(rig, "MouthOpen").end == pytest.approx(2.0)


def test_limits_count_where_a_driver_reads_before_them():
    rig, *_ = a_bone_with_limits()
    (driver,) = rig.animation_data.drivers
    driver.driver.variables[0].targets[0].transform_space = "TRANSFORM_SPACE"
    assert control_of(rig).end == -0.25


def test_limits_in_the_world_say_nothing_of_a_bones_own_place():
    rig, *_ = a_bone_with_limits()
    rig.pose.bones["jawOpen"].constraints[0].owner_space = "WORLD"
    found = named_controls.find([rig])
    assert not found and found.unclear == "jawOpen"
    known = api.describe(rig)
    told = registry.by_name("face_bones").problem(known)
    assert "nothing says how far it goes: give it a Limit Location constraint" in told
    assert told in registry.by_name("face_bones").apply(LINE, known, SETTINGS).warnings
    rig.pose.bones["jaw"].driver_remove("rotation_euler", 0)
    assert not registry.by_name("face_bones").problem(api.describe(rig))


def board_read_by(*rigs):
    """A board with a control for each of several rigs' jaws, or the one that all read."""
    board = empty("Board")
    board["jawOpen"] = 0.0
    for rig in rigs:
        turns(rig, board, '["jawOpen"]', "var / 2")
        character_id(rig)
    return board


def test_another_characters_board_is_left_to_it():
    """Generating for the second that reads it, and Remove, took the first one's keys away."""
    rigs = [rig_of(), rig_of()]
    board = board_read_by(*rigs)
    assert not say(rigs[0], LINE, of=rigs[0]).warnings
    action = actions.own_actions(board)
    with pytest.raises(TalkingAnimationError, match="another character's line"):
        say(rigs[1], LINE, of=rigs[1])
    api.remove(rigs[1])
    assert actions.own_actions(board) == action
    bpy.data.objects.remove(rigs[0])
    say(rigs[1], LINE, of=rigs[1])  # nobody else talks by it now
    assert actions.own_actions(board) and actions.own_actions(board) != action
    api.remove(rigs[1])
    assert not keyed(board)


def test_a_copys_own_controls_are_its_own():
    rig, *_ = of_the_armature()
    character_id(rig)
    say(rig, LINE, of=rig)
    twin = rig.copy()
    bpy.context.scene.collection.objects.link(twin)
    twin.animation_data.drivers[0].driver.variables[0].targets[0].id = twin
    character_id(twin)
    assert not say(twin, LINE, of=twin).warnings
    api.remove(twin)
    assert not keyed(twin) and keyed(rig)


def test_a_copied_board_is_its_copys():
    """The copy's board, which hangs below nothing, was taken for the original's: the copy could neither talk nor be removed."""
    rig = rig_of()
    board = board_read_by(rig)
    say(rig, LINE, of=rig)
    twin, second = rig.copy(), board.copy()
    for item in (twin, second):
        bpy.context.scene.collection.objects.link(item)
    for track in second.animation_data.nla_tracks:
        track.strips[0].action = track.strips[0].action.copy()
    twin.animation_data.drivers[0].driver.variables[0].targets[0].id = second
    character_id(twin)
    before, copied = actions.own_actions(board), actions.own_actions(second)
    assert copied and copied != before
    assert not say(twin, LINE, of=twin).warnings and actions.own_actions(second) != copied
    api.remove(twin)
    assert not keyed(second) and actions.own_actions(board) == before


def test_a_character_that_hangs_on_another_keeps_its_keys():
    """A rider's were taken away with its horse's, and when its horse was told to talk."""
    horse, *_ = of_the_armature()
    rider = rig_of("head")
    rider["jawOpen"] = 0.0
    turns(rider, rider, '["jawOpen"]', "var / 2")
    rider.parent, rider.parent_type, rider.parent_bone = horse, "BONE", "jaw"
    for rig in (horse, rider):
        character_id(rig)
    say(rider, LINE, of=rider)
    before, curves = actions.own_actions(rider), keyed(rider)
    assert any("head" in path for path, _ in curves) and api.describe(horse).root == horse
    say(horse, LINE, of=horse)
    assert keyed(horse) and actions.own_actions(rider) == before
    api.remove(horse)
    assert not keyed(horse) and actions.own_actions(rider) == before and keyed(rider) == curves


def muted(rig):
    for curve in rig.animation_data.drivers:
        curve.mute = True


def with_a_face_of_shapes(rig):
    characters.face_mesh("Face").parent = rig


@pytest.mark.parametrize("changed", [muted, with_a_face_of_shapes])
def test_keys_of_what_moves_it_no_more_are_removed(changed):
    rig = rig_of()
    board = board_read_by(rig)
    say(rig, LINE, of=rig)
    changed(rig)
    assert not api.describe(rig).named and keyed(board)
    api.remove(rig)
    assert not keyed(board)


def test_drawings_are_not_guessed_beside_controls():
    rig, *_ = of_the_armature()
    for name in ("eyes open", "eyes closed"):
        empty(name, rig)
    assert registry.by_name("swap") not in api.describe(rig).targets
    rig.animation_data.drivers[0].mute = True
    rig.pose.bones["jaw"].name = "bone"
    assert registry.by_name("swap") in api.describe(rig).targets  # as long as nothing else moves a face


def test_a_limit_that_is_added_is_noticed():
    rig, *_ = a_bone_with_limits()
    bone = rig.pose.bones["jawOpen"]
    bone.constraints.remove(bone.constraints[0])
    found = api.describe(rig)
    assert found.named.unclear and found.is_current()
    rig.pose.bones["jaw"].constraints.new("LIMIT_LOCATION")  # says nothing of how far the control goes
    assert found.is_current()
    limit = bone.constraints.new("LIMIT_LOCATION")
    limit.owner_space, limit.use_max_y, limit.max_y = "LOCAL", True, 1.0
    assert not found.is_current() and api.describe(found).named


def test_a_board_that_is_deleted_is_noticed():
    rig = rig_of()
    board = board_read_by(rig)
    found = api.describe(rig)
    assert found.is_current()
    lookup.forget()
    kept = lookup.described(rig)
    bpy.data.objects.remove(board)
    assert not found.is_current()
    assert registry.by_name("named_controls").datablocks(kept) == []  # a panel asks before it looks anew
    assert lookup.described(rig) is not kept and not lookup.talks(rig)
    lookup.forget()


def test_a_driver_of_a_material_is_noticed():
    rig, face = rig_of(), characters.face_mesh("Face")
    face.shape_key_clear()
    face.parent, rig["jawOpen"] = rig, 0.0
    face.data.materials.append(bpy.data.materials.new("Skin"))
    found = api.describe(rig)
    reads(face.data.materials[0], "roughness", None, rig, '["jawOpen"]', "var")
    assert not found.is_current() and api.describe(found).named
