"""Which shape keys are taken for what, by their names."""

from __future__ import annotations

import pytest
from vendor_names import CC3, EXPLUS, FACES

from blender_addon.contract import ARKIT_NAMES
from blender_addon.rigs.arkit import GROUP_TITLES, dial_of
from blender_addon.rigs.face_shapes import recognition
from blender_addon.rigs.face_shapes.convention import both_sides
from blender_addon.rigs.face_shapes.recognition import Choices, MeshNames, recognise
from blender_addon.rigs.matching import NameIndex, normalise


@pytest.mark.parametrize("name", FACES)
def test_a_vendors_own_names(name):
    face = FACES[name]
    found = recognise([MeshNames("Face", tuple(face.shapes))])
    assert found.conventions[0] == face.convention and found.mouth == face.mouth


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
        assert dial_of(name) in GROUP_TITLES
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
