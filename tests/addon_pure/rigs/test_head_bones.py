"""Which bone turns the head, by its name."""

from __future__ import annotations

import pytest

from blender_addon.rigs import head_bones
from blender_addon.rigs.matching import match_bones


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


@pytest.mark.parametrize(
    "name",
    [
        "Character1_Head",
        "rig:Head",
        "mixamorig:Head",
        "mixamorig7:Head",
        "Armature|Head",
        "A:B:Character1_Head",
        "HumanoidHead",
        "head.x",
        "Bip01 Head",
        "Fred:Bip01 Head",
        "J_Bip_C_Head",
        "DEF-head",
        "npc|DEF-Head",
    ],
)
def test_a_head_behind_what_programs_put_before_it(name):
    ending = "head_top", f"{name}_end", name.casefold().replace("head", "forehead")
    assert match_bones([*ending, name], head_bones.HEAD, head_bones.PREFIXES)[0] == name


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Character1_LeftEye", "Character1_RightEye"),
        ("x:Eye.L", "x:Eye.R"),
        ("HumanoidLeftEye", "HumanoidRightEye"),
    ],
)
def test_eyes_behind_what_programs_put_before_them(left, right):
    pairs = [
        (
            match_bones([left, right], (one,), head_bones.PREFIXES),
            match_bones([left, right], (other,), head_bones.PREFIXES),
        )
        for one, other in head_bones.EYES
    ]
    assert ([left], [right]) in pairs


def test_no_head_where_only_the_namespace_says_so():
    assert not match_bones(["Head:Arm", "Head|Hand", "character1_arm"], head_bones.HEAD, head_bones.PREFIXES)
