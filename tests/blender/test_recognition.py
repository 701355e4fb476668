"""Which shapes, bones and objects are taken for what."""

from __future__ import annotations

import bpy
import characters
import pytest

from blender_addon import api, character
from blender_addon.rigs import head_bones
from blender_addon.rigs.arkit import ARKIT_NAMES, DIAL_GROUPS, dial_of
from blender_addon.rigs.matching import arkit_name, match_arkit, match_bones, match_halves


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("jawOpen", "jawOpen"),
        ("JawOpen", "jawOpen"),
        ("jaw_open", "jawOpen"),
        ("Jaw Open", "jawOpen"),
        ("eyeBlinkLeft", "eyeBlinkLeft"),
        ("eyeBlink_L", "eyeBlinkLeft"),
        ("eyeBlink.R", "eyeBlinkRight"),
        ("EYEBLINK_L", "eyeBlinkLeft"),
        ("eyeBlinkL", "eyeBlinkLeft"),
        ("eye_blink_left", "eyeBlinkLeft"),
        ("!ex-mouthSmileLeft", "mouthSmileLeft"),
        ("blendShape1.mouthSmile_R", "mouthSmileRight"),
        ("Head:jawOpen", "jawOpen"),
        ("mouth_l", "mouthLeft"),
        ("jawLeft", "jawLeft"),
        ("browInnerUp", "browInnerUp"),
        ("Basis", None),
        ("smile", None),
        ("jawOpen2", None),
        ("", None),
        ("右", None),
    ],
)
def test_shape_names(name, expected):
    assert arkit_name(name) == expected


def test_all_names_in_all_spellings():
    for name in ARKIT_NAMES:
        short = name.replace("Left", "_L").replace("Right", "_R")
        dotted = name.replace("Left", ".l").replace("Right", ".r")
        for variant in (name, name.lower(), name.upper(), short, dotted, f"!ex-{name}"):
            assert arkit_name(variant) == name
        assert dial_of(name) in {dial for dial, _ in DIAL_GROUPS}
    assert len(ARKIT_NAMES) == len(set(ARKIT_NAMES)) == 52


def test_an_exact_name_wins():
    assert match_arkit(["jaw_open", "jawOpen", "JAWOPEN"]) == {"jawOpen": "jawOpen"}
    assert match_arkit(["jaw_open", "JAWOPEN"]) == {"jawOpen": "jaw_open"}


def test_halves_of_a_shape_are_found_together():
    halves = match_halves(["browInnerUp_R", "browInnerUp_L", "browOuterUp_L", "cheekPuff.L"])
    assert halves == {"browInnerUp": ("browInnerUp_R", "browInnerUp_L"), "cheekPuff": ("cheekPuff.L",)}


@pytest.mark.parametrize(
    ("bones", "head"),
    [
        (["Hips", "Neck", "Head", "HeadTop_End"], "Head"),
        (["mixamorig:Hips", "mixamorig:Head", "mixamorig:HeadTop_End"], "mixamorig:Head"),
        (["DEF-spine.005", "DEF-spine.006", "head", "ORG-spine.006"], "head"),
        (["DEF-spine.005", "DEF-spine.006"], "DEF-spine.006"),
        (["J_Bip_C_Neck", "J_Bip_C_Head"], "J_Bip_C_Head"),
        (["CC_Base_Head", "CC_Base_NeckTwist01"], "CC_Base_Head"),
        (["c_head.x", "head.x"], "c_head.x"),
        (["Bip01 Head", "Bip01 Neck"], "Bip01 Head"),
        (["頭", "首"], "頭"),
        (["forehead", "headlamp"], None),
    ],
)
def test_head_bones(bones, head):
    found = match_bones(bones, head_bones.HEAD, head_bones.PREFIXES)
    assert (found[0] if found else None) == head


def test_from_any_part_of_the_character():
    rig, mesh = characters.rigged()
    teeth = characters.face_mesh("Teeth", ["jawOpen"])
    teeth.parent = mesh
    hat = bpy.data.objects.new("Hat", None)
    bpy.context.scene.collection.objects.link(hat)
    hat.parent = rig
    for item in (rig, mesh, teeth, hat):
        found = api.describe(item)
        assert found.root == rig and found.head == "head" and found.neck == "neck"
        assert [part.object.name for part in found.meshes] == ["Face", "Teeth"]
        assert found.summary == "52 of 52 ARKit shapes on 2 meshes, head bone 'head'"
        assert found.problem == "" and found.missing == []


def test_a_mesh_alone():
    mesh = characters.face_mesh(names=["jawOpen", "mouthClose"])
    found = api.describe(mesh)
    assert found.root == mesh
    assert found.summary == "2 of 52 ARKit shapes on 1 mesh, head turns with the object"
    assert len(found.missing) == 50


def test_two_characters_are_not_mixed_up():
    _, first = characters.rigged()
    second = characters.face_mesh("Other")
    assert [part.object for part in api.describe(first).meshes] == [first]
    assert [part.object for part in api.describe(second).meshes] == [second]


def test_a_head_bone_that_follows_another_gives_way():
    rig, mesh = characters.rigged(
        bones={**characters.SPINE, "c_head.x": ((0, 0.1, -1.2), (0, 0.1, 1.0), "neck")}
    )
    constraint = rig.pose.bones["head"].constraints.new("COPY_TRANSFORMS")
    constraint.target, constraint.subtarget = rig, "c_head.x"
    assert api.describe(mesh).head == "c_head.x"


def test_the_user_may_choose_the_head_bone():
    rig, mesh = characters.rigged()
    rig.talking_animation.head_bone = "spine"
    assert api.describe(mesh).head == "spine" and api.describe(mesh).neck == ""
    rig.talking_animation.head_bone = "gone"
    assert api.describe(mesh).head == "head"


def test_nothing_to_animate_is_explained():
    plain = bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube"))
    bpy.context.scene.collection.objects.link(plain)
    assert api.describe(plain).problem == (
        "'Cube' has no shape keys: pick the character's head mesh or its armature."
    )
    odd = characters.face_mesh("Odd", ["smile", "frown"])
    assert "None of the shape keys of 'Odd' has an ARKit name" in api.describe(odd).problem
    light = bpy.data.objects.new("Lamp", bpy.data.lights.new("Lamp", "POINT"))
    assert "'Lamp' has no shape keys" in character.find(light).problem
