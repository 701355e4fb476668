"""A character that hangs on another one is itself; what belongs to a character is part of it, whatever its shapes are called."""

from __future__ import annotations

import bpy
import characters
import pytest
from counting import lines_run
from drawn_characters import say, spoken
from mathutils import Matrix
from versions import ends

from blender_addon import api
from blender_addon.characters import measurements
from blender_addon.characters.related import related_objects
from blender_addon.keys import actions

LINE = spoken(fps=24)
NAMES = ["jawOpen", "mouthFunnel", "eyeBlinkLeft", "eyeBlinkRight", "browInnerUp"]
BODY = {
    **characters.SPINE,
    "saddle": ((0.0, 0.2, -2.0), (0.0, 2.0, -2.0), "spine"),
    "hand.L": ((3.0, 0.0, -2.0), (3.5, 0.0, -2.0), "spine"),
    "shoulder.L": ((0.5, 0.0, -1.6), (1.6, 0.0, -1.6), "spine"),
}


@pytest.fixture(autouse=True)
def nothing_known():
    measurements.forget()


def hung(obj, parent, bone="", at=None):
    """Parent an object to another one, or to a bone of it, where it lies in the world."""
    obj.parent = parent
    if bone:
        obj.parent_type, obj.parent_bone = "BONE", bone
    bpy.context.view_layer.update()
    if at is not None:
        obj.matrix_world = at
        bpy.context.view_layer.update()
    return obj


def small(x=0.0, y=0.0, z=0.0, size=0.4):
    return Matrix.Translation((x, y, z)) @ Matrix.Scale(size, 4)


def pirate():
    rig, face = characters.rigged(bones=BODY)
    return rig, face


def parrot(rig, face):
    return hung(characters.face_mesh("Parrot", NAMES), rig, "shoulder.L", small(1.6, 0.0, -1.2))


def parrot_on_the_skin(rig, face):
    return hung(
        characters.face_mesh("Parrot", ["vrc.v_aa", "vrc.v_oh", "vrc.v_pp"]), face, at=small(1.6, 0.0, -1.2)
    )


def empty(name, parent, bone="", at=None):
    added = bpy.data.objects.new(name, None)
    bpy.context.scene.collection.objects.link(added)
    return hung(added, parent, bone, at)


def dummy_under_an_empty(rig, face):
    seat = empty("seat", rig, "hand.L", Matrix.Translation((3.5, 0.0, -2.0)))
    return hung(characters.face_mesh("Dummy", NAMES), seat, at=small(3.5, 0.0, -1.5))


def child_of(obj, rig, bone):
    follows = obj.constraints.new("CHILD_OF")
    follows.target, follows.subtarget = rig, bone
    follows.inverse_matrix = (rig.matrix_world @ rig.pose.bones[bone].matrix).inverted()
    bpy.context.view_layer.update()


def dummy_on_a_child_of(rig, face):
    seat = empty("seat", rig, at=Matrix.Translation((3.5, 0.0, -2.0)))
    child_of(seat, rig, "hand.L")
    return hung(characters.face_mesh("Dummy", NAMES), seat, at=small(3.5, 0.0, -1.5))


def rig_that_a_child_of_brings_to_the_hand(rig, face):
    own, rider = characters.rigged()
    hung(own, rig)
    follows = own.constraints.new("CHILD_OF")
    follows.target, follows.subtarget, follows.set_inverse_pending = rig, "hand.L", False
    bpy.context.view_layer.update()
    return rider


def second_head(rig, face):
    return hung(characters.face_mesh("Second"), rig, at=Matrix.Translation((2.5, 0.0, 0.0)))


def rider_with_a_rig(rig, face):
    own, rider = characters.rigged()
    hung(own, rig, "saddle", small(0.0, 2.0, 0.5, 0.7))
    return rider


def rider_of_bones_without_a_head(rig, face):
    own = characters.armature({"chin": ((0, 0, -1), (0, -0.5, -1), "")}, "Own")
    rider = characters.face_mesh("Rider", NAMES)
    hung(rider, own).modifiers.new("Armature", "ARMATURE").object = own
    hung(own, rig, "saddle", small(0.0, 2.0, 0.5, 0.7))
    return rider


OTHERS = [
    parrot,
    parrot_on_the_skin,
    dummy_under_an_empty,
    dummy_on_a_child_of,
    rig_that_a_child_of_brings_to_the_hand,
    second_head,
    rider_with_a_rig,
    rider_of_bones_without_a_head,
]


def keyed(face):
    return bool(actions.own_actions(face.data.shape_keys))


@pytest.mark.parametrize("kind", OTHERS)
def test_who_hangs_on_a_character_is_somebody_else(kind):
    rig, face = pirate()
    other = kind(rig, face)
    for picked in (rig, face):
        found = api.describe(picked)
        assert [mesh.object for mesh in found.meshes] == [face] and other not in found.objects
        assert found.root == rig and found.head == "head"
    found = api.describe(other)
    assert [mesh.object for mesh in found.meshes] == [other] and face not in found.objects
    assert found.root != rig and not found.problem and found.is_current()
    say(rig, LINE)
    assert keyed(face) and not keyed(other)
    say(other, LINE)
    before = actions.own_actions(face.data.shape_keys)
    assert keyed(other)
    api.remove(other)
    assert not keyed(other) and actions.own_actions(face.data.shape_keys) == before


@pytest.mark.parametrize("own_rig", [False, True])
def test_an_empty_that_carries_a_rider_is_the_riders_with_all_on_it(own_rig):
    """The rider's eyes have no mouth of their own, and blinked with the horse."""
    rig, face = pirate()
    model = empty("Model", rig, "saddle", Matrix.Translation((0.0, 2.0, 0.0)))
    node = empty("Node", model)
    rider = characters.face_mesh("Rider", NAMES)
    own = characters.armature(characters.SPINE, "Own") if own_rig else None
    if own is not None:
        hung(rider, own).modifiers.new("Armature", "ARMATURE").object = own
    hung(own or rider, node, at=small(0.0, 2.0, 0.5))
    eyes = hung(characters.face_mesh("Eyes", ["eyeBlinkLeft"]), node, at=small(0.0, 2.0, 0.5))
    parrot = hung(characters.face_mesh("Parrot", NAMES), rider, at=small(0.6, 2.0, 0.2, 0.1))
    for picked in (rig, face):
        assert [mesh.object for mesh in api.describe(picked).meshes] == [face]
    assert {mesh.object for mesh in api.describe(model).meshes} >= {rider, eyes}
    assert [mesh.object for mesh in api.describe(rider).meshes] == [rider]
    assert [mesh.object for mesh in api.describe(parrot).meshes] == [parrot]
    say(rig, LINE)
    assert keyed(face) and not keyed(rider) and not keyed(eyes)
    say(model, LINE)
    assert keyed(rider) and keyed(eyes)


def test_an_empty_that_carries_more_than_a_rider_is_the_bodys():
    rig, face = pirate()
    pair = empty("pair", rig, "saddle", Matrix.Translation((0.0, 2.0, 0.0)))
    worn = empty("worn", rig, "head")
    riders = [
        hung(characters.face_mesh("Rider", NAMES), parent, at=small(0.0, 2.0 + offset, 0.5))
        for parent, offset in ((pair, 0.0), (pair, 1.5), (worn, 3.0))
    ]
    teeth = hung(characters.face_mesh("Teeth", NAMES), worn, at=small(0.0, -0.3, -0.4, 0.3))
    for picked in (rig, pair, worn, teeth):
        found = api.describe(picked)
        assert found.root == rig and {mesh.object for mesh in found.meshes} == {face, teeth}
    for rider in riders:
        assert [mesh.object for mesh in api.describe(rider).meshes] == [rider]


@pytest.mark.parametrize(("at", "is_rider"), [((0.0, 2.0, 0.5), True), ((0.0, -0.3, -0.4), False)])
def test_an_instance_of_a_rider_says_how_to_get_at_it(at, is_rider):
    """It let the horse talk."""
    rig, _ = pirate()
    shown = empty("Rider", rig, at=small(*at))
    collection = bpy.data.collections.new("Riders")
    rider = characters.face_mesh("Original", NAMES)
    rider.location = collection.instance_offset = (0.0, 40.0, 0.0)
    bpy.context.scene.collection.objects.unlink(rider)
    collection.objects.link(rider)
    shown.instance_type, shown.instance_collection = "COLLECTION", collection
    bpy.context.view_layer.update()
    found = api.describe(shown)
    assert ("Make Instances Real" in found.problem) is is_rider and (found.root == shown) is is_rider
    assert not api.describe(rig).problem


def test_empties_on_a_character_are_looked_through_once():
    """As many lines for each empty between a character and what hangs there, however many there are."""

    def lines(count):
        bpy.data.batch_remove(bpy.data.objects)
        rig, _ = pirate()
        parent = rig
        for number in range(count):
            parent = empty(f"link {number}", parent)
        hat = hung(characters.face_mesh("Hat", ["eyeBlinkLeft"]), parent)
        assert api.describe(hat).root == rig
        return lines_run(lambda: related_objects(hat))

    few, more, many = (lines(count) for count in (4, 24, 44))
    assert many - more < 1.3 * (more - few)


@pytest.mark.parametrize("turn", [0.0, 1.2])
def test_a_pose_makes_nobody_of_a_part_nor_a_part_of_a_rider(turn):
    rig, face = pirate()
    bird, teeth = (
        parrot(rig, face),
        hung(characters.face_mesh("Teeth", NAMES), rig, "head", small(0, -0.3, -0.4)),
    )
    rig.pose.bones["spine"].location = (20.0, 0.0, 3.0)
    rig.pose.bones["shoulder.L"].rotation_mode = "XYZ"
    rig.pose.bones["shoulder.L"].rotation_euler = (0.0, turn, turn)
    rig.location, rig.scale = (5.0, -7.0, 1.0), (0.01,) * 3
    bpy.context.view_layer.update()
    assert {mesh.object for mesh in api.describe(rig).meshes} == {face, teeth}
    assert api.describe(bird).root == bird


def teeth(rig, face):
    return hung(characters.face_mesh("Teeth", NAMES), rig, "head", small(0.0, -0.3, -0.4, 0.3))


def brows_on_the_face(rig, face):
    return hung(characters.face_mesh("Brows", NAMES), face, at=small(0.0, -0.9, 0.5, 0.3))


def beard(rig, face):
    return hung(characters.face_mesh("Beard", NAMES), rig, "head", small(0.0, -0.5, -0.6, 0.5))


def glasses_under_an_empty(rig, face):
    group = empty("worn", rig, "head")
    return hung(characters.face_mesh("Glasses", NAMES), group, at=small(0.0, -1.0, 0.3, 0.5))


def skinned_coat(rig, face):
    coat = hung(characters.face_mesh("Coat", NAMES), rig, at=Matrix.Translation((0.0, 0.0, -3.0)))
    coat.modifiers.new("Armature", "ARMATURE").object = rig
    return coat


def hat_without_a_mouth(rig, face):
    return hung(characters.face_mesh("Hat", ["eyeBlinkLeft"]), rig, "head", small(0.0, 0.0, 2.5))


def teeth_brought_by_a_constraint(rig, face):
    part = hung(characters.face_mesh("Teeth", NAMES), rig, at=small(9.0, 0.0, -9.0, 0.3))
    follows = part.constraints.new("COPY_TRANSFORMS")
    follows.target, follows.subtarget = rig, "head"
    return part


def teeth_on_a_child_of(rig, face):
    part = hung(characters.face_mesh("Teeth", NAMES), rig, at=small(0.0, -0.3, -0.4, 0.3))
    child_of(part, rig, "head")
    return part


def teeth_whose_child_of_is_half_on(rig, face):
    part = hung(characters.face_mesh("Teeth", NAMES), rig, at=small(9.0, 0.0, -9.0, 0.3))
    child_of(part, rig, "head")
    part.constraints[0].influence = 0.5
    return part


def glasses_that_are_taken_off(rig, face):
    part = hung(characters.face_mesh("Glasses", NAMES), rig, "head", small(0.0, -1.0, 0.3, 0.5))
    part.keyframe_insert("location", frame=1)
    part.location.z -= 9.0
    part.keyframe_insert("location", frame=20)
    return part


PARTS = [
    teeth,
    teeth_brought_by_a_constraint,
    teeth_on_a_child_of,
    teeth_whose_child_of_is_half_on,
    glasses_that_are_taken_off,
    brows_on_the_face,
    beard,
    glasses_under_an_empty,
    skinned_coat,
    hat_without_a_mouth,
]


@pytest.mark.parametrize("kind", PARTS)
def test_what_belongs_to_a_character_is_part_of_it(kind):
    rig, face = pirate()
    part = kind(rig, face)
    for picked in (rig, face, part):
        found = api.describe(picked)
        assert found.root == rig and {mesh.object for mesh in found.meshes} == {face, part}
    say(part, LINE)
    assert keyed(face) and keyed(part)


def head_on_its_bone(rig):
    return hung(characters.face_mesh("Head"), rig, "head", Matrix())


def head_on_an_armature_of_its_own(rig):
    own = characters.armature({"head": ((0, 0, -1), (0, 0, 1), "")}, "Face")
    face = characters.face_mesh("Head")
    hung(face, own).modifiers.new("Armature", "ARMATURE").object = own
    hung(own, rig, "head", Matrix())
    return face


@pytest.mark.parametrize("kind", [head_on_its_bone, head_on_an_armature_of_its_own])
def test_a_body_without_a_skinned_face_keeps_the_one_on_its_head(kind):
    """A robot's head hangs on the neck; what it holds is somebody else all the same."""
    rig = characters.armature(BODY)
    face = kind(rig)
    assert [mesh.object for mesh in api.describe(rig).meshes] == [face]
    other = hung(characters.face_mesh("Dummy"), rig, "hand.L", small(3.5, 0.0, -1.5))
    assert [mesh.object for mesh in api.describe(rig).meshes] == [face]
    assert [mesh.object for mesh in api.describe(other).meshes] == [other]


@ends
def test_a_mouth_of_bones_is_a_mouth():
    """Shapes came before bones: a pirate of bones said nothing but by its parrot's beak."""
    bones = {
        **BODY,
        "jaw": ((0.0, 0.0, -0.4), (0.0, -0.9, -0.6), "head"),
        "lip.T": ((0.0, -0.9, -0.3), (0.0, -1.0, -0.3), "head"),
        "lip.B": ((0.0, -0.9, -0.5), (0.0, -1.0, -0.5), "jaw"),
    }
    rig = characters.armature(bones)
    assert api.describe(rig).face_bones.talks
    bird = hung(characters.face_mesh("Parrot", NAMES), rig, "shoulder.L", small(1.6, 0.0, -1.2))
    worn = hung(characters.face_mesh("Teeth", NAMES), rig, "head", small(0.0, -0.6, -0.4, 0.2))
    assert [mesh.object for mesh in api.describe(rig).meshes] == [worn]
    assert api.describe(bird).root == bird


def test_chains_of_armatures_are_looked_through_once():
    def chain(length):
        parent = None
        for _ in range(length):
            data = bpy.data.armatures.new("link")
            link = bpy.data.objects.new("link", data)
            bpy.context.scene.collection.objects.link(link)
            link.parent = parent
            parent = link
        return parent

    short, long = chain(6), chain(12)
    api.describe(long)
    lines = [lines_run(lambda end=end: api.describe(end).is_current()) for end in (short, long)]
    assert lines[1] < 4 * lines[0]


def test_an_armature_may_hang_on_what_it_deforms():
    rig, face = pirate()
    face.parent = None
    rig.parent = face
    assert api.describe(rig).root == rig and api.describe(face).root == rig


@pytest.mark.parametrize("again", [say, lambda rig, line: api.remove(rig)])
def test_keys_of_before_on_a_rider_go_with_its_carriers(again):
    rig, face = pirate()
    bird, other = parrot(rig, face), parrot(rig, face)
    rig.talking_animation.uid = "pirate"
    for obj in (rig, bird, other):
        say(obj, LINE)
    for action in actions.own_actions(
        bird.data.shape_keys
    ):  # as a version wrote it that took it for the pirate's part
        actions.set_record(action, {**actions.record_of(action), "character": "pirate"})
    again(rig, LINE)
    assert not keyed(bird) and keyed(other)
