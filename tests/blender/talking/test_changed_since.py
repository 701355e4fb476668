"""A character that was changed after its talking animation was made: what no longer plays is told, and mended where it can be."""

from __future__ import annotations

import unicodedata

import bpy
import characters
import numpy as np
import pytest
from tones import write_wav

from blender_addon import api
from blender_addon.host.blender_versions import animation_data, sequencer
from blender_addon.keys import actions, nla, sound_strips
from blender_addon.keys.ownership import TAG

needs_sound = pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender has no sound strips")


def told(item):
    return {problem.code: problem.message for problem in api.check(item)}


def sounds(scene):
    return sorted(strip.name for strip in sequencer.sequencer_strips(scene) if strip.type == "SOUND")


def remember(mesh, **changes):
    """Let the actions of a character remember something else."""
    for action in (each for one in (mesh.parent, mesh.data.shape_keys) for each in actions.own_actions(one)):
        actions.set_record(action, {**actions.record_of(action), **changes})


def frames_of(mesh):
    """First and last frame of a character's keys."""
    strip = nla.own_strip(mesh.data.shape_keys)[1]
    return strip.frame_start, strip.frame_end


def take_strips(scene):
    """Leave no strip in a scene's sequencer."""
    for strip in list(sequencer.sequencer_strips(scene)):
        sequencer.remove_strip(scene, strip)


def strips_of(*datablocks):
    return [nla.own_strip(datablock)[1] for datablock in datablocks]


def test_a_shape_that_is_gone(talker):
    _, mesh = talker
    mesh.shape_key_remove(mesh.data.shape_keys.key_blocks["jawOpen"])
    problems = told(mesh)
    assert "What 1 of the curves of 'Face' moved is gone, such as 'jawOpen'" in problems["CURVES_LOST"]
    assert "is known to open the jaw" in problems["TARGET"]
    api.repair(mesh, code="CURVES_LOST")
    assert set(told(mesh)) == {"TARGET"}, "nothing can bring the jaw back"
    assert api.remove(mesh)


def test_a_jaw_under_an_unknown_name(talker):
    _, mesh = talker
    mesh.data.shape_keys.key_blocks["jawOpen"].name = "Unterteil 7"
    assert "is known to open the jaw" in told(mesh)["TARGET"]


def test_no_shape_at_all(talker):
    rig, mesh = talker
    mesh.shape_key_clear()
    assert list(told(rig)) == ["TARGET"] and "no shape keys" in told(rig)["TARGET"]
    assert api.remove(rig) and not api.has_animation(rig)


def test_a_mesh_that_came_later(talker):
    rig, mesh = talker
    teeth = characters.face_mesh("Teeth", ["jawOpen", "tongueOut"])
    teeth.parent = rig
    assert "'Teeth' has face shapes but no keys" in told(rig)["WITHOUT_KEYS"]
    api.repair(rig)
    assert api.check(rig) == [] and actions.own_actions(teeth.data.shape_keys)
    beard = characters.face_mesh("Beard", ["jawOpen"])
    beard.parent = rig
    beard.data.shape_keys.driver_add('key_blocks["jawOpen"].value').driver.expression = "0.2"
    assert list(told(rig)) == ["KEY_DRIVEN"]


@needs_sound
@pytest.mark.parametrize(("name", "value"), [("scale", 2.0), ("repeat", 2.0), ("use_reverse", True)])
def test_a_strip_at_another_pace(talker, name, value):
    rig, mesh = talker
    (strip,) = strips_of(mesh.data.shape_keys)
    length = strip.frame_end - strip.frame_start
    setattr(strip, name, value)
    assert "lips and voice part" in told(mesh)["STRIP_PACED"]
    assert api.repair(mesh) == []
    assert strip.frame_end - strip.frame_start == pytest.approx(length)
    setattr(strip, name, value)
    for each in list(sequencer.sequencer_strips(bpy.context.scene)):
        each.mute = True
    assert "STRIP_PACED" not in told(mesh), "nothing is heard that it could part from"


@needs_sound
def test_a_sound_that_lies_elsewhere(talker):
    rig, mesh = talker
    (sound,) = sequencer.sequencer_strips(bpy.context.scene)
    place = "content_start" if hasattr(sound, "content_start") else "frame_start"
    setattr(sound, place, getattr(sound, place) + 12)
    assert "lies 12 frames later than the keys" in told(mesh)["SOUND_APART"]
    for strip in strips_of(mesh.data.shape_keys, rig):
        strip.frame_end += 12
        strip.frame_start += 12
    bpy.context.scene.frame_end += 12
    assert api.check(mesh) == [], "both were moved"
    sound.frame_offset_start = 5
    assert api.check(mesh) == [], "trimmed, it lies where it lay"


@needs_sound
@pytest.mark.parametrize("by", ["generate", "remove"])
@pytest.mark.parametrize("how", ["deleted", "exchanged"])
def test_strips_of_an_armature_that_no_longer_talks_go_over(talker, tmp_path, by, how):
    rig, mesh = talker
    scene, other = bpy.context.scene, write_wav(tmp_path / "other.wav", 1.0)
    assert sounds(scene) == ["line"]
    if how == "deleted":
        bpy.data.objects.remove(rig)
    else:
        new, _ = characters.rigged()
        bpy.data.objects.remove(next(item for item in new.children if item.type == "MESH"))
        mesh.parent = new
        mesh.modifiers[0].object = new
    if by == "generate":
        api.generate(mesh, other, start_frame=10)
        assert sounds(scene) == ["other"]
    else:
        assert api.remove(mesh)
        assert sounds(scene) == []


def test_an_action_of_another_file_is_not_changed(talker, tmp_path):
    _, mesh = talker
    key = mesh.data.shape_keys
    path = str(tmp_path / "actions.blend")
    bpy.data.libraries.write(path, set(actions.own_actions(key)), fake_user=True)
    api.remove(mesh)
    with bpy.data.libraries.load(path, link=True) as (there, here):
        here.actions = there.actions
    animation_data.set_active_action(key.animation_data_create(), here.actions[0])
    animation_data.choose_slot(key.animation_data, key)
    with pytest.raises(api.TalkingAnimationError, match=r"linked from 'actions\.blend'"):
        api.apply_dials(mesh)


def test_a_take_with_a_shield_is_kept(talker, voice):
    _, mesh = talker
    (kept,) = actions.own_actions(mesh.data.shape_keys)
    kept.use_fake_user = True
    api.generate(mesh, voice, start_frame=10, style="calm")
    (fresh,) = actions.own_actions(mesh.data.shape_keys)
    assert fresh != kept and kept in bpy.data.actions[:]
    api.remove(mesh)
    assert list(bpy.data.actions) == [kept]


def test_muted_groups_are_found(talker):
    _, mesh = talker
    (action,) = actions.own_actions(mesh.data.shape_keys)
    for group in animation_data.curve_set(action, mesh.data.shape_keys).groups:
        group.mute = True
    assert list(told(mesh)) == ["CURVES_MUTED"]
    assert api.repair(mesh) == []


@pytest.mark.skipif(not animation_data.HAS_SLOTS, reason="this Blender's actions have no slots")
def test_two_faces_in_the_slots_of_one_action(talker, voice):
    _, mesh = talker
    key = mesh.data.shape_keys
    _, twin = characters.rigged()
    api.generate(twin, voice, start_frame=10)
    (strip,), (ours,) = strips_of(twin.data.shape_keys), actions.own_actions(key)
    slot = ours.slots.new(id_type="KEY", name="Twin")
    bag = ours.layers[0].strips[0].channelbag(slot, ensure=True)
    merged = animation_data.CurveSet(ours, slot, bag.fcurves, bag.groups)
    for curve in animation_data.curve_set(strip.action, twin.data.shape_keys).fcurves:
        animation_data.copy_curve(curve, merged)
    strip.action = ours
    strip.action_slot = slot

    def values(curves):
        return {at: animation_data.key_values(curve).copy() for at, curve in curves.by_path().items()}

    before = values(animation_data.curve_set(ours, key))
    api.apply_dials(twin, api.Dials(lips=0.0))
    after = values(animation_data.curve_set(ours, key))
    assert all(np.array_equal(before[at], after[at]) for at in before)
    assert np.ptp(animation_data.key_values(merged.by_path()['key_blocks["jawOpen"].value', 0])[:, 1]) < 1e-6


@needs_sound
def test_a_recording_that_is_gone(fake, tmp_path):
    _, mesh = characters.rigged()
    path = write_wav(tmp_path / "line.wav", 1.0)
    api.generate(mesh, path, start_frame=1)
    path.rename(tmp_path / "moved.wav")
    assert list(told(mesh)) == ["SOUND_GONE"] and "'line.wav'" in told(mesh)["SOUND_GONE"]
    (sound,) = sequencer.sequencer_strips(bpy.context.scene)
    sound.sound.filepath = str(tmp_path / "moved.wav")
    assert api.check(mesh) == []


@needs_sound
def test_what_is_appended_brings_its_sound(talker, tmp_path):
    """Blender appends a character without the strips that it is heard in."""
    _, mesh = talker
    scene, other = bpy.context.scene, bpy.data.scenes.new("Master")
    take_strips(scene)
    assert list(told(mesh)) == ["SOUND_MISSING"] and "'line.wav' that" in told(mesh)["SOUND_MISSING"]
    assert [problem.code for problem in api.check(mesh, at_a_glance=True)] == ["SOUND_MISSING"], (
        "in the panel"
    )
    path = str(tmp_path / "line.wav")
    theirs = sequencer.add_sound_strip(other, "line", path, 1, 1)
    assert api.check(mesh) == [], "it is heard in another scene of this file"
    sequencer.remove_strip(other, theirs)
    for strip in strips_of(mesh.data.shape_keys, mesh.parent):
        strip.frame_end += 12
        strip.frame_start += 12
    scene.frame_end += 12
    assert api.repair(mesh) == []
    (sound,) = sequencer.sequencer_strips(scene)
    assert sequencer.strip_range(sound).start == 10 + 12
    api.remove(mesh)
    assert not list(sequencer.sequencer_strips(scene)), "it is the character's own"


@needs_sound
def test_a_recording_that_did_not_come_along(talker, tmp_path):
    _, mesh = talker
    take_strips(bpy.context.scene)
    (tmp_path / "line.wav").rename(tmp_path / "moved.wav")
    with pytest.raises(api.TalkingAnimationError, match=r"'line.wav' is not in .*: put it there"):
        api.repair(mesh)
    remember(mesh, recording="C:\\Voices\\line.wav")
    with pytest.raises(api.TalkingAnimationError, match=r"'line.wav' is not in 'C:\\Voices': put it there"):
        api.repair(mesh)


@needs_sound
def test_other_sound_in_its_place_is_no_problem(talker, tmp_path):
    _, mesh = talker
    scene = bpy.context.scene
    take_strips(scene)
    begin, end = (round(frame) for frame in frames_of(mesh))

    def with_another(seconds, start, owner="", name="another"):
        path = write_wav(tmp_path / "another.wav", seconds)
        strip = sequencer.add_sound_strip(scene, name, str(path), 3, start)
        if owner:
            strip[TAG] = owner
        codes = list(told(mesh))
        sequencer.remove_strip(scene, strip)
        return codes

    length = (end - begin) / 24
    assert with_another(0.5, begin) == [], "another recording at the same frame"
    assert with_another(length + 2.0, begin - 9) == [], "a mix"
    assert with_another(length + 2.0, begin, name="Final mix with music") == []
    for bed in ("Music bed", "BGM_02", "Geräusche Straße"):
        assert with_another(length + 2.0, begin - 9, name=bed) == ["SOUND_MISSING"], "nobody speaks in it"
    assert with_another(length / 3, begin + 5) == ["SOUND_MISSING"], "something short"
    assert with_another(0.5, end + 5) == ["SOUND_MISSING"], "what comes after"
    assert with_another(length + 2.0, begin, "someone") == ["SOUND_MISSING"], "what somebody else says"
    scene.talking_animation.add_sound = False
    assert api.check(mesh) == [], "it is wanted without sound"


@needs_sound
def test_recordings_of_one_name_in_two_folders(talker, tmp_path):
    _, mesh = talker
    scene = bpy.context.scene
    take_strips(scene)
    paths = [tmp_path / name / "001.wav" for name in ("Alice", "Bob")]
    for path in paths:
        path.parent.mkdir()
        write_wav(path, 1.0)
    remember(mesh, recording=str(paths[1]))
    strip = sequencer.add_sound_strip(scene, "001", str(paths[0]), 1, 300)
    assert list(told(mesh)) == ["SOUND_MISSING"]
    strip.sound.filepath = "C:\\Film\\Bob\\001.wav"
    assert api.check(mesh, at_a_glance=True) == [], "the same, wherever its folder is"


@needs_sound
def test_two_who_say_one_part_share_a_strip(tmp_path):
    scene, path = bpy.context.scene, str(write_wav(tmp_path / "both.wav", 2.0))
    assert [sound_strips.add(scene, path, 5, 12, uid, is_part=True) for uid in ("a", "b")] == ["", ""]
    (strip,) = sequencer.sequencer_strips(scene)
    assert sound_strips.owners_of(strip) == ["a", "b"] and sequencer.strip_range(strip).length == 12


@needs_sound
def test_lines_bring_their_sound(talker, tmp_path):
    rig, mesh = talker
    scene = bpy.context.scene
    take_strips(scene)
    other = write_wav(tmp_path / "other.wav", 2.0)
    lines = [
        {"recording": str(tmp_path / "line.wav"), "begin": 0.0, "seconds": None, "start": 10, "speed": 1.0},
        {"recording": str(other), "begin": 0.0, "seconds": 0.5, "start": 40, "speed": 1.0},
    ]
    remember(mesh, lines=lines)
    door = sequencer.add_sound_strip(scene, "door", str(write_wav(tmp_path / "door.wav", 0.5)), 1, 27)
    assert "2 recordings that 'Rig' says are in no Sequencer" in told(mesh)["SOUND_MISSING"]
    api.repair(mesh)
    assert "SOUND_MISSING" not in told(mesh)
    lies = sorted(
        (one.start, one.length, one.channel)
        for one in map(sequencer.strip_range, sequencer.sequencer_strips(scene))
    )
    whole, between, part = lies
    assert sequencer.strip_range(door).channel == between[2] == 1
    assert whole[0] == 10 and whole[0] + whole[1] > between[0] and whole[2] == 2, "beside what follows"
    assert part[:2] == (40, 12), "as much as is said"


@needs_sound
def test_no_sound_on_purpose_is_no_problem(fake, voice):
    _, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1, add_sound=False)
    assert api.check(mesh) == []


def test_what_was_removed_is_one_sentence(fake, tmp_path):
    _, mesh = characters.rigged()
    bpy.data.objects.remove(mesh)
    for ask in (api.describe, api.check, api.remove, lambda item: api.generate(item, "line.wav")):
        with pytest.raises(api.TalkingAnimationError, match="was removed"):
            ask(mesh)


@needs_sound
def test_a_strip_that_was_removed_is_one_sentence(talker):
    _, mesh = talker
    scene = bpy.context.scene
    (sound,) = sequencer.sequencer_strips(scene)
    sequencer.remove_strip(scene, sound)
    with pytest.raises(api.TalkingAnimationError, match="was removed"):
        api.generate(mesh, sound)


def test_a_path_whose_letters_were_taken_apart(fake, tmp_path):
    """As macOS packs them; scripts, tables and the panel write them whole."""
    _, mesh = characters.rigged()
    folder = tmp_path / unicodedata.normalize("NFD", "Büro")
    folder.mkdir()
    path = write_wav(folder / unicodedata.normalize("NFD", "é.wav"), 1.0)
    report = api.generate(mesh, unicodedata.normalize("NFC", str(path)), start_frame=1)
    assert report.curves


def test_another_scene_of_another_rate_is_told(fake, voice):
    _, mesh = characters.rigged()
    other = bpy.data.scenes.new("Layout")
    other.collection.objects.link(mesh)
    other.collection.objects.link(mesh.parent)
    assert not any("Layout" in text for text in api.generate(mesh, voice, start_frame=1).warnings)
    other.render.fps = 60
    (warning,) = (text for text in api.generate(mesh, voice, start_frame=1).warnings if "Layout" in text)
    assert "which plays 60 frames per second, not 24" in warning


@needs_sound
def test_a_panel_asks_neither_disk_nor_file(fake, tmp_path):
    """It is drawn several times a second, and may write nothing."""
    _, mesh = characters.rigged()
    path = write_wav(tmp_path / "line.wav", 1.0)
    api.generate(mesh, path, start_frame=1)
    path.rename(tmp_path / "moved.wav")
    (sound,) = sequencer.sequencer_strips(bpy.context.scene)
    sound.frame_start += 12
    assert api.check(mesh, at_a_glance=True) == []
    assert list(told(mesh)) == ["SOUND_GONE"]
