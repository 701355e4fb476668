"""Characters that share a mesh are linked duplicates: one moves, both move, and none overwrites the other unasked."""

from __future__ import annotations

import contextlib

import bpy
import characters
import pytest
import scenes
from tones import write_wav
from versions import ends

from blender_addon import api
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import animation_data
from blender_addon.inputs.scene_script.lines import from_table
from blender_addon.keys import actions

SHARED = "share the mesh 'Head'"


@pytest.fixture
def couple(fake):
    """Anna and Ben, each with an armature, of one mesh."""
    rigs = scenes.cast("Anna", "Ben")
    faces = [scenes.face_of(rig) for rig in rigs]
    for rig, name in zip(rigs, ("Anna", "Ben")):
        rig.name = name
    faces[1].data = faces[0].data
    faces[0].data.name = "Head"
    bpy.context.view_layer.update()
    return rigs


def whose(rig):
    key = scenes.face_of(rig).data.shape_keys
    return actions.record_of(actions.own_actions(key)[0])["audio"]


def test_one_of_them_talks_with_a_warning(couple, tmp_path):
    anna, ben = couple
    report = api.generate(anna, write_wav(tmp_path / "anna.wav", 1.0), start_frame=1)
    (told,) = (text for text in report.warnings if SHARED in text)
    assert told.startswith("'Anna' and 'Ben'") and "Make Single User" in told
    assert [problem.subject for problem in api.check(anna) if problem.code == "SHARED_MESH"] == ["Anna"]
    assert api.generate(anna, write_wav(tmp_path / "again.wav", 1.0), start_frame=50).curves
    assert api.repair(anna), "there is no button for it: it is told again"


def test_the_other_is_refused(couple, tmp_path):
    anna, ben = couple
    api.generate(anna, write_wav(tmp_path / "anna.wav", 1.0), start_frame=1)
    with pytest.raises(TalkingAnimationError, match=SHARED) as error:
        api.generate(ben, write_wav(tmp_path / "ben.wav", 1.0), start_frame=1)
    assert str(error.value).startswith("'Ben' and 'Anna'") and whose(anna) == "anna.wav"
    face = scenes.face_of(ben)
    face.data = face.data.copy()
    report = api.generate(ben, tmp_path / "ben.wav", start_frame=1)
    assert not any(SHARED in text for text in report.warnings)
    assert (whose(anna), whose(ben)) == ("anna.wav", "ben.wav")
    assert api.remove(ben) and whose(anna) == "anna.wav"


def test_the_other_may_talk_once_the_first_is_silent(couple, tmp_path):
    anna, ben = couple
    api.generate(anna, write_wav(tmp_path / "anna.wav", 1.0), start_frame=1)
    api.remove(anna)
    assert api.generate(ben, write_wav(tmp_path / "ben.wav", 1.0), start_frame=1).curves


def test_a_linked_duplicate_of_one_that_talks(fake, tmp_path):
    """It was copied with the original's id."""
    (anna,) = scenes.cast("Anna")
    face = scenes.face_of(anna)
    face.data.name = "Head"
    api.generate(anna, write_wav(tmp_path / "anna.wav", 1.0), start_frame=1)
    twin, other = anna.copy(), face.copy()
    other.parent = twin
    for modifier in other.modifiers:
        modifier.object = twin
    for item in (twin, other):
        bpy.context.collection.objects.link(item)
    with pytest.raises(TalkingAnimationError, match=SHARED):
        api.generate(twin, write_wav(tmp_path / "twin.wav", 1.0), start_frame=1)
    assert api.generate(anna, write_wav(tmp_path / "more.wav", 1.0), start_frame=1).curves


def keys_of(rig):
    key = scenes.face_of(rig).data.shape_keys
    return [
        (curve.data_path, [tuple(point.co) for point in curve.keyframe_points])
        for action in actions.own_actions(key)
        for curve in animation_data.curve_set(action, key).fcurves
    ]


@ends
@pytest.mark.parametrize(
    "change",
    [
        lambda ben: api.apply_dials(ben, api.Dials(lips=0.2)),
        lambda ben: api.apply_key_style(ben, api.KeyStyle("STEPPED")),
        lambda ben: api.push_to_nla(ben, 5, 5),
        lambda ben: api.write_again(ben),
        lambda ben: api.remove(ben),
    ],
    ids=["dials", "keys", "nla", "again", "remove"],
)
def test_the_other_changes_nothing_of_it(couple, tmp_path, change):
    anna, ben = couple
    api.generate(anna, write_wav(tmp_path / "anna.wav", 1.0), start_frame=1, placement="ACTION")
    before = keys_of(anna)
    with pytest.raises(TalkingAnimationError, match=SHARED) as error:
        change(ben)
    assert "carries the talking animation of 'Anna'" in str(error.value)
    assert keys_of(anna) == before and not api.in_nla(anna)
    state = ben.talking_animation
    assert (round(state.lips, 3), state.key_style) == (1.0, "FRAMES")
    change(anna)


def test_the_panel_says_why_the_other_changes_nothing(couple, tmp_path):
    anna, ben = couple
    api.generate(anna, write_wav(tmp_path / "anna.wav", 1.0), start_frame=1)
    before = keys_of(anna)
    told = bpy.context.window_manager.talking_animation
    for change in (
        lambda: setattr(ben.talking_animation, "lips", 0.3),
        lambda: bpy.ops.talking_animation.remove(),
        lambda: bpy.ops.talking_animation.reset_dials(),
    ):
        told.tell("")
        bpy.context.scene.talking_animation.character = ben
        with contextlib.suppress(RuntimeError):
            change()
        assert SHARED in told.message and told.kind == "ERROR"
    assert keys_of(anna) == before


@ends
def test_a_scene_with_lines_for_both(couple, tmp_path):
    for name in ("one", "two", "three"):
        write_wav(tmp_path / f"{name}.wav", 1.0)
    rows = [("Anna", "one.wav", 1), ("Ben", "two.wav", 50), ("Anna", "three.wav", 90)]
    report = api.animate_scene(from_table(str(scenes.table(tmp_path / "lines.csv", rows))))
    assert [SHARED in line.problem for line in report.lines] == [False, True, False]
    assert list(report.characters) == ["Anna"] and whose(couple[0]) == "2 lines"


def test_a_scene_with_lines_for_one(couple, tmp_path):
    write_wav(tmp_path / "one.wav", 1.0)
    report = api.animate_scene(from_table(str(scenes.table(tmp_path / "lines.csv", [("Ben", "one.wav", 1)]))))
    assert not report.failed and any(SHARED in text for text in report.warnings)


def test_meshes_of_one_character_may_be_one(fake, tmp_path):
    """Such as both eyes' lashes: nobody else is concerned."""
    rig, mesh = characters.rigged()
    second = mesh.copy()
    bpy.context.collection.objects.link(second)
    report = api.generate(rig, write_wav(tmp_path / "line.wav", 1.0), start_frame=1)
    assert not any("share" in text for text in report.warnings)
