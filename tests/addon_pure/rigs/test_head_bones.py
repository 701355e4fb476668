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
