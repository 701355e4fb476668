"""Which bones of a face are taken for what, by their names."""

from __future__ import annotations

import pytest
from vendor_bones import RIGS

from blender_addon.rigs.face_bones import recognise_names
from blender_addon.rigs.table import MappingRow


@pytest.mark.parametrize("name", RIGS)
def test_a_vendors_own_names(name):
    bones = [bone for names in RIGS[name].values() for bone in names]
    found = recognise_names("Rig", bones)
    assert found.convention == name and found.talks and not found.note
    assert found.confidence == (0.6 if name == "generic" else 1.0)
    for role, names in RIGS[name].items():
        if role not in ("head", "neck"):
            assert set(found.bones(role)) == set(names), role


def test_no_face_bones():
    assert not recognise_names("Rig", ["spine", "head", "neck", "hand.L", "ear.L"])


def test_followers_and_mechanism_are_no_controls():
    found = recognise_names(
        "Rig",
        ["DEF_jaw", "CTRL_jaw", "MCH_jaw", "lowerLip_DEF", "lowerLip_CTRL", "upperLip_CTRL", "upper_lash_L"],
    )
    assert found.bones("jaw") == ("CTRL_jaw",)
    assert found.bones("lip_lower") == ("lowerLip_CTRL",)
    assert not found.bones("lid_upper.left")


def test_namespaces_and_case():
    names = ["DHIhead:FACIAL_C_Jaw", "DHIhead:FACIAL_C_LipLower", "DHIhead:facial_c_lipupper"]
    found = recognise_names("Rig", names)
    assert found.convention == "metahuman"
    assert 0 < found.confidence < 1


def test_rows_and_a_persons_own_choice():
    found = recognise_names("Rig", ["jaw", "leftEye", "rightEye", "leftUpperArm", "rightUpperArm", "Kiefer"])
    rows = {row.channel: row for row in found.rows()}
    assert rows["bone:jaw"].targets == ("jaw",) and rows["bone:jaw"].object == "Rig"
    chosen = MappingRow("bone:jaw", "BONE", "Rig", ("Kiefer",), "user", 1.0)
    assert found.overridden([chosen]).bones("jaw") == ("Kiefer",)


def test_what_holds_a_rig_together_is_left_out_where_there_is_something_to_move():
    names = [
        "lip_up_ctrl",
        "lip_up_drv_1_L",
        "lip_up_def_2",
        "LIP_UP_STR",
        "lip_up_bbone_in",
        "jaw_line_ctrl",
        "jaw_def",
    ]
    found = recognise_names("Rig", [*names, "lip_low_loc", "lip_low_drv"])
    assert found.bones("lip_upper") == ("lip_up_ctrl",)
    assert found.bones("jaw") == ("jaw_def",), "a part that has nothing else is moved by what it has"
    assert set(found.bones("lip_lower")) == {"lip_low_loc", "lip_low_drv"}


def test_hidden_bones_are_left_out_where_others_are_shown_but_not_of_a_convention():
    names = ["upper_lip_a", "upper_lip_b", "lower_lip_a", "jaw"]
    found = recognise_names("Rig", names, hidden={"upper_lip_b", "lower_lip_a"})
    assert found.bones("lip_upper") == ("upper_lip_a",) and found.bones("lip_lower") == ("lower_lip_a",)
    bones = [bone for bones in RIGS["rocketbox"].values() for bone in bones]
    assert recognise_names("Rig", bones, hidden=set(bones[:9])) == recognise_names("Rig", bones)


NAMES = {
    "jaw": "mixamorig:Jaw JAW_JNT C_jaw_JNT Character1_Jaw HumanoidJaw ValveBiped.Bip01_Jaw lowerjaw jawbone Head_Jaw ns|jaw.x",
    "lip_upper": "upperlip UPPERLIP Lip_Upper_01_L lipUpperLeft C_lipUpr toplip_l UpLip_R rig:lip_top_mid rightupperlip",
    "lip_lower": "lowerlip_l BottomLip LowLip_L lipLower_mid_jnt botlip lip_bottom.R Char:LipsLower",
    "lip_corner.left": "mouthCornerL mouthcorner_l lip_corner.L CornerLip_L leftmouthcorner ns:lipCornerLeft",
    "lid_upper.left": "lefteyelidtop leyelidupper UpperLid_L Eye_Lid_Upper_L lid_up_L eye_upper.L ns:upeyelid_l eyelid_L",
    "lid_lower.right": "RightEyeLidLower reyelidlower lid_bot_R eye_low_R rightlowereyelid",
    "eye.right": "righteye_jnt reye eyeball_R Character1_RightEye ns:EyeJoint_R",
    "brow.left": "lefteyebrow leyebrow brow_01_L ns:LeftBrowInner",
}


@pytest.mark.parametrize(
    ("role", "name"), [(role, name) for role, names in NAMES.items() for name in names.split()]
)
def test_names_of_rigs_without_a_convention(role, name):
    assert recognise_names("Rig", ["spine", name]).bones(role) == (name,)


@pytest.mark.parametrize(
    "name", ["clip", "tulip", "eyelash_L", "upperjaw", "flipper_L", "lidless", "jawline_L", "eyes", "Ear_L"]
)
def test_names_that_only_look_like_a_part_of_the_face(name):
    assert not recognise_names("Rig", ["spine", name])


@pytest.mark.parametrize("convention", ["daz_genesis8", "metahuman", "rocketbox", "makehuman_like"])
@pytest.mark.parametrize("prefix", ["Anna_", "rig.", "Char-01 "])
def test_a_prefix_that_all_bones_have_is_looked_past(convention, prefix):
    rigs = {**RIGS, "makehuman_like": {"jaw": ["jaw"], "lip_upper": ["oris05"], "lip_lower": ["oris01"]}}
    names = [prefix + name for names in rigs[convention].values() for name in names]
    found = recognise_names("Rig", names)
    assert found.convention == convention.replace("_like", "") and 0 < found.confidence < 1
    for role, bones in rigs[convention].items():
        if role not in ("head", "neck"):
            assert set(found.bones(role)) == {prefix + bone for bone in bones}, role


def test_a_prefix_of_the_controls_alone_is_looked_past():
    """A Rigify rig whose controls were renamed, and whose bones that deform were not."""
    known = ("jaw_master", "lip.T", "lip.B", "lips.L", "lips.R", "master_eye.L", "master_eye.R")
    controls = [f"hero_{name}" for name in known]
    deforming = ["DEF-jaw", "DEF-lip.T.L", "DEF-lip.T.R", "DEF-lip.B.L", "DEF-lip.B.R"]
    found = recognise_names("Rig", [*deforming, *controls])
    assert found.convention == "rigify" and found.bones("jaw") == ("hero_jaw_master",)


@pytest.mark.parametrize("part", ["MCH", "ORG", "WGT", "hero_MCH"])
def test_what_rigify_builds_its_controls_of_is_none(part):
    """What an exporter leaves may hold some of the rig's machinery."""
    deforming = ["DEF-jaw", "DEF-lip.T.L", "DEF-lip.T.R", "DEF-lip.B.L", "DEF-lip.B.R"]
    found = recognise_names("Rig", [f"{part}-jaw_master", *deforming])
    assert found.convention == "rigify_deform" and found.bones("jaw") == ("DEF-jaw",)
