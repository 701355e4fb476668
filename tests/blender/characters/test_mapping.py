"""What a person decides about the mapping table: stored, shown, saved as presets, and obeyed."""

from __future__ import annotations

import json

import bpy
import characters
import numpy as np
import pytest
from face_animations import face_animation
from mapping_layout import draw, pick

from blender_addon import api
from blender_addon.characters import mapping, registry
from blender_addon.characters.target import TargetSettings
from blender_addon.contract import ARKIT_NAMES, Dials
from blender_addon.errors import TalkingAnimationError
from blender_addon.keys import actions
from blender_addon.rigs.face_shapes.convention import CHANNELS
from blender_addon.rigs.face_shapes.recognition import Choices
from blender_addon.ui import mapping as panel

_FOLDER = mapping.folder  # the fixture below puts another in its place


@pytest.fixture(autouse=True)
def presets_folder(tmp_path, monkeypatch):
    """Presets of these tests only."""
    place = tmp_path / "presets"

    def folder(create=False):
        if create:
            place.mkdir(parents=True, exist_ok=True)
        return place

    monkeypatch.setattr(mapping, "folder", folder)
    return place


def driven(obj) -> dict[str, float]:
    """Shape key → how far a motion with all ARKit channels at 0.5 moves it."""
    rows = 40
    motion = face_animation(
        25.0,
        np.full((rows, 52), 0.5, np.float32),
        visemes=np.eye(15, dtype=np.float32)[np.full(rows, 10)],
    )
    outcome = registry.by_name("shape_keys").apply(
        motion, api.describe(obj), TargetSettings(Dials(), actions.RestReader())
    )
    return {channel.data_path.split('"')[1]: float(channel.values.max()) for channel in outcome.channels}


def test_a_choice_is_obeyed_kept_and_taken_back():
    face = characters.face_mesh("Face", ["jawOpen", "mouthSmileLeft", "Grin", "eyeBlinkLeft"])
    assert "Grin" not in driven(face)
    mapping.choose(face, "mouthSmileLeft", ("Grin",))
    character = api.describe(face)
    row = next(row for row in character.rows if row.channel == "mouthSmileLeft")
    assert (row.targets, row.convention, row.confidence) == (("Grin",), "user", 1.0)
    assert driven(face)["Grin"] == pytest.approx(0.5) and "mouthSmileLeft" not in driven(face)
    mapping.choose(face, "eyeBlinkLeft", ())
    assert "eyeBlinkLeft" not in driven(face)
    assert "eyeBlinkLeft" in api.describe(face).missing
    bpy.ops.wm.save_as_mainfile(filepath=bpy.app.tempdir + "mapping.blend")
    bpy.ops.wm.open_mainfile(filepath=bpy.app.tempdir + "mapping.blend")
    face = bpy.data.objects["Face"]
    assert "Grin" in driven(face) and "eyeBlinkLeft" not in driven(face)
    mapping.choose(face, "eyeBlinkLeft", None)
    mapping.choose(face, "mouthSmileLeft", None)
    assert face.talking_animation.mapping == ""
    assert "eyeBlinkLeft" in driven(face) and "Grin" not in driven(face)


def test_names_nobody_knows_can_be_chosen():
    face = characters.face_mesh("Face", ["Gob", "Grin", "Lids"])
    assert "choose them under Face > Mapping" in api.describe(face).problem
    mapping.choose(face, "jawOpen", ("Gob",))
    mapping.choose(face, "eyeBlinkLeft", ("Lids",))
    mapping.choose(face, "eyeBlinkRight", ("Lids",))
    character = api.describe(face)
    assert character.problem == "" and character.mouth == "EXPRESSIONS"
    assert set(driven(face)) == {"Gob", "Lids"}
    for name, key in zip("AIUEO", ("Gob", "Grin", "Gob", "Grin", "Gob")):
        mapping.choose(face, f"vowel:{name}", (key,))
    mapping.choose_mouth(face, "VOWELS")
    assert api.describe(face).mouth == "VOWELS"


def test_a_choice_that_is_not_there_is_told():
    face = characters.face_mesh("Face", ["jawOpen"])
    mapping.store(face, Choices({"jawOpen": ("Gone",)}))
    character = api.describe(face)
    assert character.notes == ["The shape key 'Gone' that was chosen for jawOpen is not on this character."]
    assert "jawOpen" in driven(face), "the name decides as before"


def test_a_bone_may_be_chosen():
    bones = {**characters.SPINE, "Kiefer": ((0.0, -0.2, -0.3), (0.0, -0.9, -0.6), "head")}
    rig = characters.armature(bones)
    assert not api.describe(rig).face_bones.talks
    mapping.choose(rig, "bone:jaw", ("Kiefer",))
    character = api.describe(rig)
    assert character.face_bones.bones("jaw") == ("Kiefer",) and character.problem == ""
    row = next(row for row in character.rows if row.channel == "bone:jaw")
    assert (row.kind, row.targets, row.convention) == ("BONE", ("Kiefer",), "user")
    mapping.choose(rig, "bone:jaw", ("Gone",))
    assert "is not on this character" in api.describe(rig).notes[0]
    mapping.choose(rig, "bone:jaw", None)
    assert rig.talking_animation.mapping == ""


def test_presets_are_saved_reused_and_deleted(presets_folder):
    first = characters.face_mesh("First", ["Gob", "Grin"])
    mapping.choose(first, "jawOpen", ("Gob",))
    mapping.choose_mouth(first, "EXPRESSIONS")
    path = mapping.save_preset("Gobs: 1", mapping.choices_of(first))
    assert path.name == "Gobs_ 1.json" and mapping.presets() == ["Gobs_ 1"]
    saved = json.loads(path.read_text(encoding="utf-8"))
    assert saved["rows"] == {"jawOpen": ["Gob"]} and saved["format"] == 1
    second = characters.face_mesh("Second", ["Gob", "Other"])
    mapping.store(second, mapping.load_preset("Gobs_ 1"))
    assert set(driven(second)) == {"Gob"}
    mapping.delete_preset("Gobs_ 1")
    assert mapping.presets() == []
    with pytest.raises(TalkingAnimationError, match="There is no mapping preset"):
        mapping.load_preset("Gobs_ 1")
    with pytest.raises(TalkingAnimationError, match="no name"):
        mapping.save_preset(" . ", Choices())
    path.mkdir()
    with pytest.raises(TalkingAnimationError, match="cannot be deleted"):
        mapping.delete_preset("Gobs_ 1")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not JSON"),
        ("[]", "no table"),
        ('{"format": 99, "rows": {}}', "newer"),
        ('{"format": 1, "rows": {"jawopen": ["a"]}}', "'jawopen' is no channel"),
        ('{"format": 1, "rows": {"jawOpen": "a"}}', "not a list"),
        ('{"format": 1, "rows": {}, "mouth": "LIPS"}', "nothing that moves a mouth"),
        ('{"format": 1, "bones": ["jaw"]}', "not names"),
    ],
)
def test_damaged_presets_are_explained(presets_folder, text, problem):
    presets_folder.mkdir()
    (presets_folder / "bad.json").write_text(text, encoding="utf-8")
    with pytest.raises(TalkingAnimationError, match=problem):
        mapping.load_preset("bad")
    face = characters.face_mesh("Face", ["jawOpen"])
    face.talking_animation.mapping = text
    assert "jawOpen" in driven(face), "a damaged store is no choice"


def test_json_there_and_back():
    choices = Choices({"viseme:PP": ("あ", 'quote"'), "tongueOut": ()}, "VISEMES", {"bone:jaw": "Jaw"})
    assert mapping.from_json(mapping.to_json(choices)) == choices
    assert mapping.from_json("") == Choices()
    with pytest.raises(TalkingAnimationError, match="There is no channel"):
        mapping.choose(characters.face_mesh(), "jawOpened", ())
    assert mapping.merged(Choices({"jawOpen": ("a",)}), Choices({"jawOpen": ("b",)})).rows == {
        "jawOpen": ("b",)
    }


# -- the panel -----------------------------------------------------------------------------------------


def test_the_table_is_shown():
    face = characters.face_mesh("Face", ["jawOpen", "jaw_open", "Body_eyeBlinkLeft", "viseme_PP", "Grin"])
    pick(face)
    view = bpy.context.window_manager.talking_animation_mapping
    view.row = api.mapping.CHANNELS.index("jawOpen")
    said = draw()
    for text in ("ARKit", "Jaw open", "Blink, left", "jawOpen", "Body_eyeBlinkLeft"):
        assert text in said, text
    assert said.index("Jaw open") < said.index("Blink, left"), "the mouth comes first"
    assert "–" in said, "a channel that nothing shows can be chosen too"
    assert any("'jaw_open' fits too" in text for text in said)
    assert "Body_eyeBlinkLeft" in draw("UNSURE") and "Blink, right" not in draw("UNSURE")
    assert "Blink, right" in draw("MISSING") and "Body_eyeBlinkLeft" not in draw("MISSING")
    assert "No rows to show." in draw("ALL", "nonsense")
    assert "Body_eyeBlinkLeft" in draw("ALL", "BLINK") and "jawOpen" not in draw("ALL", "BLINK")


def test_where_nothing_is_driven_yet_all_rows_are_shown():
    face = characters.face_mesh("Face", ["Gob", "Grin"])
    pick(face)
    said = draw("DRIVEN")
    assert "Jaw open" in said and "No known names" in said and "Nothing is driven yet" in " ".join(said)
    assert "No rows to show." in draw("DRIVEN", "nonsense")
    mapping.choose(face, "jawOpen", ("Gob",))
    said = draw("DRIVEN")
    assert "Gob" in said and "Funnel" not in said and "Chosen by hand" in said


def test_named_controls_are_said_by_their_convention():
    face = characters.face_mesh("Face")
    face.shape_key_clear()
    face["jawOpen"] = 0.0
    rig = characters.armature({"jaw": ((0.0, 0.0, 0.0), (0.0, -1.0, 0.0), "")})
    face.parent = rig
    driver = rig.pose.bones["jaw"].driver_add("rotation_euler", 0).driver
    variable = driver.variables.new()
    variable.targets[0].id, variable.targets[0].data_path = face, '["jawOpen"]'
    pick(rig)
    assert api.mapping.titles(api.describe(rig))[0] == "ARKit"
    said = " ".join(draw("DRIVEN"))
    assert "ARKit" in said and "No known names" not in said and "Nothing is driven yet" not in said


def test_every_row_is_shown_once():
    face = characters.face_mesh(
        "Face", [*(f"viseme_{name}" for name in ("PP", "FF", "aa", "E", "I", "O", "U")), "jawOpen"]
    )
    table = api.mapping.sections(api.describe(face))
    channels = [entry.channel for entries in table.values() for entry in entries]
    assert len(channels) == len(set(channels))
    assert "viseme:PP" in [entry.channel for entry in table["Mouth"]]
    assert "jawOpen" in [entry.channel for entry in table["Left Alone"]]
    assert all(api.mapping.title_of(channel) for channel in CHANNELS)
    assert api.mapping.title_of("bone:lip_corner.left") == "Bone lip corner, left"
    titles = [api.mapping.title_of(channel) for channel in api.mapping.CHANNELS]
    assert len(titles) == len(set(titles)) and {"Smile, left", "Jaw to the left", "Dimple, right"} <= set(
        titles
    )
    assert not set(titles) & set(ARKIT_NAMES)


def test_bones_are_listed_where_they_move_the_face_alone():
    rig, _ = characters.rigged()
    pick(rig)
    assert not [text for text in draw("ALL") + draw("MISSING") if text.startswith("Bone")]
    alone = characters.armature(characters.SPINE, "Alone")
    assert api.mapping.sections(api.describe(alone), "MISSING")["Bones"]


def test_the_buttons(presets_folder):
    face = characters.face_mesh("Face", ["jawOpen", "Gob", "Grin"])
    pick(face)
    bpy.ops.talking_animation.choose_target(channel="jawOpen", target="NAME:Gob")
    assert set(driven(face)) == {"Gob"}
    assert "Gob" in draw("DRIVEN")
    assert bpy.ops.talking_animation.save_mapping(name="mine") == {"FINISHED"}
    assert bpy.ops.talking_animation.save_mapping(name="whole", whole=True) == {"FINISHED"}
    bpy.ops.talking_animation.reset_mapping()
    assert set(driven(face)) == {"jawOpen"}
    assert not bpy.ops.talking_animation.reset_mapping.poll()
    bpy.ops.talking_animation.load_mapping(preset="mine")
    assert set(driven(face)) == {"Gob"}
    bpy.ops.talking_animation.choose_target(channel="jawOpen", target="NOTHING")
    assert driven(face) == {}
    bpy.ops.talking_animation.choose_target(channel="jawOpen", target="AUTOMATIC")
    assert set(driven(face)) == {"jawOpen"}
    bpy.ops.talking_animation.choose_mouth(system="VOWELS")
    assert mapping.choices_of(face).mouth == "VOWELS"
    bpy.ops.talking_animation.choose_mouth(system="AUTOMATIC")
    bpy.ops.talking_animation.delete_mapping(preset="mine")
    assert mapping.presets() == ["whole"]
    assert mapping.load_preset("whole").rows == {"jawOpen": ("Gob",)}


def test_buttons_say_why_they_are_grey():
    assert panel.TALKING_OT_choose_target.disabled_reason(bpy.context) == "Select a character"
    pick(characters.face_mesh())
    assert panel.TALKING_OT_choose_target.disabled_reason(bpy.context) == ""
    assert panel.TALKING_OT_load_mapping.disabled_reason(bpy.context) == "No preset was saved yet"
    assert panel.TALKING_OT_reset_mapping.disabled_reason(bpy.context) == "Nothing was chosen by hand"


def test_the_presets_folder_is_the_users():
    place = str(_FOLDER())
    assert "talking_animation" in place and "presets" in place
