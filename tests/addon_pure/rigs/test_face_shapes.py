"""Which shape keys are taken for what, by their names."""

from __future__ import annotations

import pytest
from vendor_names import CC3, EXPLUS, FACES

from blender_addon.contract import ARKIT_NAMES, VISEMES
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


@pytest.mark.parametrize(
    "pattern", ["{}_v2", "CharA:Face_{}_low", "{}.001", "Head.{} (copy)", "Character1_{}1"]
)
def test_what_tools_put_behind_every_name_is_looked_past(pattern):
    table = table_of(*(pattern.format(name) for name in ARKIT_NAMES))
    assert all(table[name].targets == (pattern.format(name),) for name in ARKIT_NAMES)
    assert table["jawOpen"].confidence < 0.9


@pytest.mark.parametrize("pattern", ["{name}{number}", "{name}_{number:02d}", "Head.{name} {number}"])
def test_numbers_that_were_counted_up_behind_every_name_are_looked_past(pattern):
    names = {
        name: pattern.format(name=name, number=number) for number, name in enumerate(ARKIT_NAMES, start=1)
    }
    table = table_of(*names.values())
    assert {name: table[name].targets for name in ARKIT_NAMES} == {
        name: (full,) for name, full in names.items()
    }


@pytest.mark.parametrize(
    "names",
    [
        ("jawOpen1", "mouthFunnel1", "browInnerUp1"),
        ("jawOpen1", "jawOpen2", "mouthFunnel1", "mouthFunnel2", "mouthPucker1", "mouthPucker2"),
        ("Key 1", "Key 2", "Key 3", "Key 4", "Key 5", "Key 6"),
        ("jawOpen1", "collar", "belt", "shirt", "sleeve", "hem", "cuff"),
    ],
)
def test_numbers_that_tell_names_apart_or_stand_behind_few_are_kept(names):
    assert table_of(*names) == {}


def test_a_left_eye_alone_keeps_its_side():
    names = [name.replace("Left", "_L") for name in ARKIT_NAMES if name.startswith("eye") and "Left" in name]
    assert all(name.endswith("Left") for name in table_of(*names) if name in ARKIT_NAMES)


def test_a_number_stands_back_behind_the_name_alone():
    table = table_of("jawOpen", "jawOpen.001")
    assert table["jawOpen"].targets == ("jawOpen",)
    found = recognise([MeshNames("Face", ("jawOpen", "jawOpen.001", "mouthFunnel"), (0.0, 1.0, 1.0))])
    assert {row.channel: row for row in found.rows[0]}["jawOpen"].targets == ("jawOpen.001",)


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


def mesh_of(name, moving, still=(), reach=0.1):
    """A mesh whose shape keys move a part of one size, or nothing."""
    keys = (*moving, *still)
    return MeshNames(name, keys, (reach,) * len(moving) + (0.0,) * len(still))


VROID_MOUTH = tuple(f"Fcl_MTH_{vowel}" for vowel in "AIUEO")


def test_names_that_move_nothing_do_not_beat_a_set_that_works():
    found = recognise([mesh_of("Face", (*VROID_MOUTH, "Fcl_EYE_Close_L", "Fcl_EYE_Close_R"), ARKIT_NAMES)])
    assert found.conventions == ("vroid",) and found.mouth == "VOWELS"
    rows = {row.channel: row for row in found.rows[0]}
    assert rows["eyeBlinkLeft"].targets == ("Fcl_EYE_Close_L",) and rows["eyeBlinkLeft"].driven
    assert (rows["jawOpen"].driven, rows["jawOpen"].moves, rows["jawOpen"].note) == (
        False,
        False,
        "Moves nothing.",
    )
    assert any("50 shape keys, such as 'jawOpen'" in note or "move nothing" in note for note in found.notes)
    assert "jawOpen" not in {row.channel for row in found.rows[0] if row.driven}


def test_a_still_half_is_as_if_it_were_not_there():
    both = table_of("browInnerUpLeft", "browInnerUpRight")["browInnerUp"]
    found = recognise([mesh_of("Face", ("browInnerUpLeft",), ("browInnerUpRight",))])
    row = next(row for row in found.rows[0] if row.channel == "browInnerUp")
    assert both.targets == ("browInnerUpLeft", "browInnerUpRight") and row.targets == ("browInnerUpLeft",)
    assert row.driven and row.confidence < both.confidence


def test_the_mesh_whose_shapes_move_the_lips_decides():
    """Teeth with all of ARKit's names move less of a face than a face with visemes, wherever they stand in the alphabet."""
    visemes = tuple(
        f"viseme_{name}" for name in ("PP", "FF", "TH", "DD", "kk", "CH", "SS", "aa", "E", "O", "U")
    )
    meshes = [mesh_of("A teeth", tuple(ARKIT_NAMES), reach=0.06), mesh_of("Face", visemes, reach=0.2)]
    for listed in (meshes, meshes[::-1]):
        assert recognise(listed).mouth == "VISEMES"
    eyes = mesh_of(
        "Eyes", tuple(n for n in ARKIT_NAMES if n.startswith("eye")), ("jawOpen", "mouthClose"), 0.03
    )
    found = recognise([eyes, mesh_of("Face", visemes, reach=0.2)])
    assert found.mouth == "VISEMES" and not any(
        row.channel == "jawOpen" and row.driven for row in found.rows[0]
    )


def test_shapes_of_the_face_at_rest_may_move_nothing():
    moving = tuple(f"viseme_{name}" for name in ("PP", "FF", "TH", "DD", "kk", "CH", "SS", "aa", "E"))
    found = recognise([mesh_of("Face", moving, ("viseme_sil",))])
    assert not found.notes and all(row.moves for row in found.rows[0])
    row = next(row for row in found.rows[0] if row.channel == "viseme:sil")
    assert row.driven


def test_a_still_shape_that_was_chosen_is_told():
    found = recognise([mesh_of("Face", ("jawOpen", "Gob"), ("Grin",))], Choices({"jawOpen": ("Grin",)}))
    row = next(row for row in found.rows[0] if row.channel == "jawOpen")
    assert (row.targets, row.driven, row.moves, row.note) == (("Grin",), True, False, "Moves nothing.")


def test_another_mesh_that_shows_a_channel_suffices():
    found = recognise([mesh_of("Body", (), tuple(ARKIT_NAMES)), mesh_of("Face", tuple(ARKIT_NAMES))])
    assert not found.notes and found.rows[0] == () and len(found.rows[1]) == 52


VOWEL_SPELLINGS = {
    "mouth_a": "mouth_{a}",
    "MTH_A": "MTH_{A}",
    "blendShape1.MTH_A": "blendShape1.MTH_{A}",
    "numbered before": "{n:02}_{A}",
    "numbered behind": "Mouth_{A}{n}",
    "kuchi_a": "Kuchi {a}",
    "mouthA": "mouth{A}",
    "rig:A": "rig:{A}",
    "Face|mouth_a": "Face|mouth_{a}",
    "Face_M_A": "Face_M_{A}",
}


@pytest.mark.parametrize("pattern", VOWEL_SPELLINGS.values(), ids=VOWEL_SPELLINGS)
def test_five_vowels_behind_any_prefix(pattern):
    names = {v: pattern.format(A=v, a=v.lower(), n=number) for number, v in enumerate("AIUEO", 1)}
    found = recognise([MeshNames("Face", (*names.values(), "hair_a"))])
    rows = {row.channel: row for row in found.rows[0]}
    assert found.mouth == "VOWELS"
    assert {v: rows[f"vowel:{v}"].targets for v in "AIUEO"} == {v: (name,) for v, name in names.items()}


@pytest.mark.parametrize(
    ("name", "channels"),
    [
        ("brow_up", {"browInnerUp": 0.5, "browOuterUpLeft": 0.25, "browOuterUpRight": 0.25}),
        ("eye_brow_up_L", {"browInnerUp": 0.5, "browOuterUpLeft": 0.5}),
        ("EyebrowUp.R", {"browInnerUp": 0.5, "browOuterUpRight": 0.5}),
        ("EYE_DEF_C", {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5}),
        ("blendShape2.EYE_DEF_C", {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5}),
        ("eye_close", {"eyeBlinkLeft": 0.5, "eyeBlinkRight": 0.5}),
        ("EyeClose_L", {"eyeBlinkLeft": 1.0}),
        ("Blink_L", {"eyeBlinkLeft": 1.0}),
        ("ns:Blink_R", {"eyeBlinkRight": 1.0}),
        ("ns:eyeBlinkRight", {"eyeBlinkRight": 1.0}),
        ("Armature|jawOpen", {"jawOpen": 1.0}),
    ],
)
def test_plain_names_of_eyes_and_brows(name, channels):
    rows = table_of(name)
    assert {channel: dict(row.drives)[name] for channel, row in rows.items()} == channels
    assert all(row.driven for row in rows.values())


def test_brows_never_only_sink():
    rows = table_of("jawOpen", "browDownLeft", "browDownRight")
    assert not rows["browDownLeft"].driven and "would only sink" in rows["browDownLeft"].note
    assert table_of("brow_down", "brow_up")["browDownLeft"].driven
    chosen = table_of("jawOpen", "Scowl", choices=Choices({"browDownLeft": ("Scowl",)}))
    assert chosen["browDownLeft"].driven, "a person's choice is obeyed"


def test_mouth_open_is_no_doubt_beside_a_full_set():
    row = table_of(*ARKIT_NAMES, "mouthOpen", "mouthSmile", "eyesClosed", "Blink_L")["jawOpen"]
    assert row.targets == ("jawOpen",) and row.note == ""
    assert table_of("mouthOpen", "eyesClosed")["jawOpen"].targets == ("mouthOpen",)


def test_short_names_behind_a_namespace():
    visemes = tuple(f"Bob:viseme_{name}" for name in ("PP", "FF", "TH", "DD", "kk", "CH", "SS", "aa", "E"))
    assert recognise([MeshNames("Face", visemes)]).mouth == "VISEMES"
    assert recognise([MeshNames("Face", tuple(f"rig:{name}" for name in "あいうえお"))]).mouth == "VOWELS"


@pytest.mark.parametrize("before", ["VIS-", "v-", "PH_", "Mouth ", "lip.", "Head_Talk_", "ns:speech_", "x_"])
@pytest.mark.parametrize("spelt", [str, str.upper, str.lower])
def test_fifteen_visemes_behind_any_word(before, spelt):
    """They were taken for five vowels behind a prefix, so that no p shut the mouth, or for nothing."""
    names = tuple(before + spelt(name) for name in VISEMES)
    table = recognise([MeshNames("Head", (*names, before + "smile", "hair_A"))])
    assert table.mouth == "VISEMES"
    drives = {row.channel: row.targets for row in table.rows[0] if row.channel.startswith("viseme:")}
    assert drives == {f"viseme:{name}": (key,) for name, key in zip(VISEMES, names)}


@pytest.mark.parametrize(
    "names", ["ABCDEFGHX", ("E", "O", "U", "aa", "FF"), ("A", "I", "U", "E", "O", "ch", "th")]
)
def test_few_of_them_behind_a_word_that_is_no_mouths_are_nothing(names):
    assert not recognise([MeshNames("Hair", tuple(f"hair_{name}" for name in names))]).mouth


@pytest.mark.parametrize(
    ("language", "opens", "left", "right", "smile"),
    [
        ("de", "Mund auf", "Auge_links_zu", "Auge_rechts_zu", "Laecheln"),
        ("de", "MundÖffnen", "Augen zu.L", "Augen zu.R", "lächeln"),
        ("es", "boca_abierta", "parpadeo_izq", "parpadeo_der", "Sonrisa"),
        ("es", "abrir la boca", "OjoIzquierdoCerrado", "OjoDerechoCerrado", "sonreir"),
        ("fr", "Bouche_Ouverte", "oeil_gauche_ferme", "oeil_droit_ferme", "sourire"),
        ("it", "bocca aperta", "occhi_chiusi_sx", "occhi_chiusi_dx", "sorriso"),
        ("pt", "BS_boca_aberta", "BS_piscar_esq", "BS_piscar_dir", "BS_sorriso"),
        ("pl", "usta otwarte", "mrugniecie_lewe", "mrugniecie_prawe", "usmiech"),
        ("ru", "Рот открыт", "Левый глаз закрыт", "Правый глаз закрыт", "улыбка"),
        ("ru", "рот_открыт", "моргание_Л", "моргание_П", "УЛЫБКА"),
        ("ja", "口開け", "左目閉じ", "右目閉じ", "笑顔"),
        ("ja", "口あけ", "まばたきL", "まばたきR", "ほほえみ"),
        ("zh", "张嘴", "左眼闭合", "右眼闭合", "微笑"),
        ("zh", "張嘴", "閉左眼", "閉右眼", "嘴角上揚"),
        ("ko", "입벌림", "왼쪽눈감기", "오른쪽눈감기", "미소"),
    ],
)
def test_faces_named_in_plain_words_of_a_language(language, opens, left, right, smile):
    found = recognise([MeshNames("Face", ("Basis", opens, left, right, smile))])
    assert found.conventions == (f"words_{language}",) and found.mouth == "EXPRESSIONS"
    rows = {row.channel: row.drives for row in found.rows[0]}
    assert rows == {
        "jawOpen": ((opens, 1.0),),
        "eyeBlinkLeft": ((left, 1.0),),
        "eyeBlinkRight": ((right, 1.0),),
        "mouthSmileLeft": ((smile, 0.5),),
        "mouthSmileRight": ((smile, 0.5),),
    }


@pytest.mark.parametrize(
    "names",
    [
        ("boca_abierta",),
        ("Mund_auf", "Nase_gross", "Ohren_lang"),
        ("sonrisa", "beso"),
        ("微笑", "脸宽", "鼻子大"),
        ("puerta_abierta", "ventana_cerrada", "cajon_cerrado"),
        ("Bauch_auf", "Arm_links_hoch", "Hand_rechts_zu"),
        ("A", "piscar"),
    ],
)
def test_few_words_or_other_parts_are_no_face_in_a_language(names):
    assert recognise([MeshNames("Thing", names)]).conventions == ()


def test_words_of_a_language_claim_nothing_of_a_vendors_face():
    for name, face in FACES.items():
        found = recognise([MeshNames("Face", tuple(face.shapes))]).conventions
        of_words = [one for one in found if one.startswith("words_")]
        assert not of_words or face.convention in of_words, name


@pytest.mark.parametrize("before", ["Mund_", "boca_", "рот ", "bouche."])
def test_vowels_behind_a_mouth_in_another_language(before):
    found = recognise([MeshNames("Face", tuple(before + letter for letter in "AEIOU"))])
    assert found.conventions == ("vowels",) and found.mouth == "VOWELS"
