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


def dummy_under_an_empty(rig, face):
    seat = bpy.data.objects.new("seat", None)
    bpy.context.scene.collection.objects.link(seat)
    hung(seat, rig, "hand.L", Matrix.Translation((3.5, 0.0, -2.0)))
    return hung(characters.face_mesh("Dummy", NAMES), seat, at=small(3.5, 0.0, -1.5))


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
    group = bpy.data.objects.new("worn", None)
    bpy.context.scene.collection.objects.link(group)
    hung(group, rig, "head")
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


def glasses_that_are_taken_off(rig, face):
    part = hung(characters.face_mesh("Glasses", NAMES), rig, "head", small(0.0, -1.0, 0.3, 0.5))
    part.keyframe_insert("location", frame=1)
    part.location.z -= 9.0
    part.keyframe_insert("location", frame=20)
    return part


PARTS = [
    teeth,
    teeth_brought_by_a_constraint,
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
