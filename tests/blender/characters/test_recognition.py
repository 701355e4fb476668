"""Which shapes, bones and objects are taken for what."""

from __future__ import annotations

import time

import bpy
import characters
import numpy as np
import pytest
from mathutils import Vector
from vendor_faces import CC3, EXPLUS

from blender_addon import api
from blender_addon.characters import character
from blender_addon.characters.face_axes import measure_mesh
from blender_addon.contract import ARKIT_NAMES
from blender_addon.rigs import head_bones
from blender_addon.rigs.arkit import DIAL_GROUPS, dial_of
from blender_addon.rigs.face_shapes import recognition
from blender_addon.rigs.face_shapes.convention import CHANNELS, both_sides, parse
from blender_addon.rigs.face_shapes.recognition import CONVENTIONS, Choices, MeshNames, recognise
from blender_addon.rigs.matching import NameIndex, match_bones, normalise


def table_of(*names, choices=None):
    """Channel → row of a single mesh with these shape keys."""
    found = recognise([MeshNames("Face", names)], choices)
    return {row.channel: row for row in found.rows[0]}


def arkit_name(name):
    """The one ARKit channel that a single shape key is taken for."""
    channels = [channel for channel in table_of(name) if channel in ARKIT_NAMES]
    return channels[0] if channels else None


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


def test_an_exact_name_wins_and_the_other_is_told():
    row = table_of("jaw_open", "jawOpen", "JAWOPEN")["jawOpen"]
    assert row.targets == ("jawOpen",) and row.confidence == 1.0
    assert "'jaw_open', 'JAWOPEN' fit too" in row.note
    row = table_of("jaw_open", "JAWOPEN")["jawOpen"]
    assert row.targets == ("jaw_open",) and 0.9 <= row.confidence < 1.0
    assert "'JAWOPEN' fits too" in row.note
    assert table_of("jawOpen")["jawOpen"].note == ""


def test_looser_matches_are_less_sure():
    sure = [
        table_of(name)["jawOpen"].confidence
        for name in ("jawOpen", "Jaw_Open", "bs_jawOpen", "Body.001_jawOpen")
    ]
    assert sure == sorted(sure, reverse=True) and len(set(sure)) == 4


def test_halves_of_a_shape_are_found_together():
    table = table_of("browInnerUp_R", "browInnerUp_L", "browOuterUp_L", "cheekPuff.L")
    assert table["browInnerUp"].targets == ("browInnerUp_L", "browInnerUp_R")
    assert table["cheekPuff"].targets == ("cheekPuff.L",)
    assert table["cheekPuff"].confidence < table["browInnerUp"].confidence


def test_names_of_other_scripts():
    assert (
        normalise("ｳｨﾝｸ２右")
        == normalise("ウィンク２右")
        == normalise("うぃんく2右")
        != normalise("ウィンク２")
    )
    assert normalise("あ") == normalise("ｱ") != normalise("い")
    assert normalise("□") == ""
    assert NameIndex(["□", "あ"]).find("□") == []


def test_the_data_of_the_conventions_is_sound():
    identifiers = [item.identifier for item in CONVENTIONS]
    assert len(set(identifiers)) == len(identifiers)
    for item in CONVENTIONS:
        assert item.source.startswith("https://") and item.title
        assert set(item.channels) <= set(CHANNELS), item.identifier
        assert item.unverified <= set(item.names), item.identifier
        for recipe in item.channels.values():
            for alternative in parse(recipe):
                assert alternative and all(name == name.strip() and name for name, _ in alternative)
                assert all(-1 <= gain <= 1 and gain for _, gain in alternative)
        for left in [name for name in item.channels if name.endswith("Left")]:
            assert left[:-4] + "Right" in item.channels, f"{item.identifier}: {left} has no other side"


def test_both_sides_are_written_out():
    rows = both_sides({"eyeLookIn{Side}": "eyeLook{Other}{S}", "jawOpen": "open"})
    assert rows == {
        "eyeLookInLeft": "eyeLookRightL",
        "eyeLookInRight": "eyeLookLeftR",
        "jawOpen": "open",
    }


def test_one_set_of_shapes_moves_the_mouth():
    visemes = tuple(f"viseme_{name}" for name in ("PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa"))
    table = table_of(*ARKIT_NAMES, *visemes)
    assert table["jawOpen"].driven and not table["viseme:aa"].driven
    assert table["viseme:aa"].note == "Not driven: the expression shapes move the mouth."
    table = table_of("jawOpen", "eyeBlinkLeft", *visemes)
    assert table["viseme:aa"].driven and table["eyeBlinkLeft"].driven and not table["jawOpen"].driven
    chosen = table_of(*ARKIT_NAMES, *visemes, choices=Choices(mouth=recognition.VISEMES))
    assert chosen["viseme:aa"].driven and not chosen["jawOpen"].driven and chosen["browInnerUp"].driven
    # A choice that this character cannot follow is no choice.
    assert table_of(*ARKIT_NAMES, choices=Choices(mouth=recognition.VOWELS))["jawOpen"].driven


def test_two_conventions_are_told_and_nothing_moves_twice():
    names = (*EXPLUS, *CC3)
    found = recognise([MeshNames("Body", names)])
    table = {row.channel: row for row in found.rows[0]}
    assert found.conventions == ("cc_explus",)
    assert table["jawOpen"].targets == ("A25_Jaw_Open",)
    assert "'Mouth_Open' fits too" in table["jawOpen"].note
    some = tuple(name for name in names if "Smile" not in name or name in CC3)
    found = recognise([MeshNames("Body", some)])
    table = {row.channel: row for row in found.rows[0]}
    assert found.conventions[0] == "cc_explus" and len(found.conventions) == 2
    assert found.notes[0].startswith("Names of Character Creator (ExPlus) and")
    assert table["mouthSmileLeft"].targets == ("Mouth_Smile_L",) and table["mouthSmileLeft"].driven
    driven = [name for row in found.rows[0] if row.driven for name in row.targets]
    assert "Mouth_Open" not in driven and len(driven) == len(set(driven))


def test_short_names_need_company():
    assert table_of("A", "B") == {} and table_of("E", "O") == {} and table_of("aa") == {}
    assert table_of("hair.a", "hair.i", "hair.u", "hair.e", "hair.o") == {}
    assert set(table_of("A", "I", "U", "E", "O")) == {f"vowel:{name}" for name in "AIUEO"}
    letters = table_of("A", "B", "C", "D", "E", "F", "O")
    assert letters["mouth:D"].driven and "vowel:A" not in letters


def test_an_unconfirmed_name_says_so():
    names = (
        "Mouth_Open",
        "Mouth_Lips_Jaw_Adjust",
        "Mouth_Pucker",
        "Mouth_Pucker_Open",
        "Eye_Blink_L",
        "Eye_Blink_R",
    )
    names += ("Mouth_Smile_L", "Mouth_Smile_R", "Mouth_Bottom_Lip_Down", "Mouth_Top_Lip_Up")
    row = table_of(*names)["mouthClose"]
    assert row.confidence < 0.9 and "not confirmed" in row.note


def test_meshes_share_a_table():
    found = recognise(
        [
            MeshNames("Face", tuple(ARKIT_NAMES)),
            MeshNames("Teeth", ("jawOpen",)),
            MeshNames("Shirt", ("fold",)),
        ]
    )
    assert [len(rows) for rows in found.rows] == [52, 1, 0]
    assert {row.object for rows in found.rows for row in rows} == {"Face", "Teeth"}
    # Whether a convention is there is asked of all meshes together: a tongue with three visemes belongs.
    body = tuple(f"vrc.v_{name}" for name in ("pp", "ff", "aa", "e", "ih", "oh", "ou"))
    found = recognise([MeshNames("Body", body), MeshNames("Tongue", ("vrc.v_th", "vrc.v_dd"))])
    assert [len(rows) for rows in found.rows] == [7, 2] and found.mouth == recognition.VISEMES


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
    assert "None of the shape keys of 'Odd' has a name that is known" in api.describe(odd).problem
    light = bpy.data.objects.new("Lamp", bpy.data.lights.new("Lamp", "POINT"))
    assert "'Lamp' has no shape keys" in character.describe(light).problem


def test_other_conventions_in_the_panels_words():
    face = characters.face_mesh("Face", [f"Fcl_MTH_{name}" for name in "AIUEO"] + ["Fcl_EYE_Close"])
    found = api.describe(face)
    assert found.conventions == ("vroid",) and found.mouth == "VOWELS"
    assert found.summary == ("VRoid: 5 vowels and 2 of 52 ARKit shapes on 1 mesh, head turns with the object")
    assert "eyeBlinkLeft" not in found.missing and "browInnerUp" in found.missing
    assert not [name for name in found.missing if name.startswith(("vowel", "mouth", "jaw"))]
    assert found.meshes[0].shapes == {}, "a blink of both eyes is no left eye's"


def test_face_bones_alone_make_a_character():
    bones = {
        **characters.SPINE,
        "jaw": ((0.0, -0.2, -0.3), (0.0, -0.9, -0.6), "head"),
        "jaw_master": ((0.0, -0.2, -0.3), (0.0, -0.9, -0.6), "head"),
    }
    rig = characters.armature(bones)
    found = api.describe(rig)
    assert found.face_bones.talks and found.problem == "" and not found.meshes
    assert any(row.kind == "BONE" and row.channel == "bone:jaw" for row in found.rows)


def test_a_linked_library_with_visemes(tmp_path):
    characters.face_mesh(
        "Face", [f"viseme_{name}" for name in ("PP", "FF", "TH", "DD", "kk", "CH", "aa", "E", "O")]
    )
    path = str(tmp_path / "character.blend")
    bpy.data.libraries.write(path, {bpy.data.objects["Face"]}, fake_user=True)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with bpy.data.libraries.load(path, link=True) as (_, loaded):
        loaded.objects = ["Face"]
    item = bpy.data.objects["Face"]
    bpy.context.scene.collection.objects.link(item)
    assert "linked from another file" in api.describe(item).problem
    override = item.override_create()
    bpy.context.scene.collection.objects.link(override)
    found = api.describe(override)
    assert found.problem == "" and found.mouth == "VISEMES"


def test_a_large_scene_is_looked_through_quickly():
    rig, mesh = characters.rigged()
    for number in range(600):
        item = bpy.data.objects.new(f"Prop {number}", None)
        bpy.context.scene.collection.objects.link(item)
        item.parent = rig if number % 2 else None
    for number in range(20):
        characters.face_mesh(f"Part {number}", ["jawOpen", "smile"]).parent = rig
    character.describe(mesh)
    seconds = []
    for _ in range(5):
        begin = time.process_time()
        found = character.describe(mesh)
        seconds.append(time.process_time() - begin)
    assert min(seconds) < 0.03
    assert len(found.meshes) == 21


@pytest.mark.parametrize(
    "turned",
    [characters.degrees("X", 0), characters.degrees("Z", 180), characters.degrees("X", -90)],
)
def test_a_face_that_blinks_with_one_key_knows_where_it_looks(turned):
    face = characters.face_mesh("Face", ["A", "I", "U", "E", "O", "Blink"], turned)
    blink = face.data.shape_keys.key_blocks["Blink"]
    down = turned @ Vector((0, 0, -0.05))
    blink.data[characters.MOUTH].co = face.data.vertices[characters.MOUTH].co
    for point in (characters.LEFT_EYE, characters.RIGHT_EYE):
        blink.data[point].co = face.data.vertices[point].co + down
    found = measure_mesh(api.describe(face).meshes[0])
    expected = np.array(turned) @ np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    assert found.axes == pytest.approx(expected, abs=1e-6)
    assert found.unit == pytest.approx(0.6 * 1.43)
