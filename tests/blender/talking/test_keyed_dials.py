"""Dials with keys of their own: the talking animation has at each frame what the dial's curve says there."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import characters
import numpy as np
import pytest
import speech
from drawn_characters import linked
from layout import Layout

from blender_addon import api
from blender_addon.api import dial_keys as asked
from blender_addon.api import drawings, grease_pencil
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import animation_data
from blender_addon.keys import actions
from blender_addon.talking import carried, dial_keys, heard
from blender_addon.ui import lookup, panels

START, COUNT = 10, 48


def talking(voice, **options):
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=START, **options)
    speech.give(mesh)
    api.write_again(mesh)
    return rig, mesh


def key(rig, name, *keys):
    """Give a dial keys as the user does, over it in the panel."""
    for frame, value in keys:
        with api.characters.quietly():
            setattr(rig.talking_animation, name, value)
        assert rig.keyframe_insert(f"talking_animation.{name}", frame=frame)


def shape(mesh, name="mouthSmileLeft"):
    (action,) = actions.own_actions(mesh.data.shape_keys)
    curve = animation_data.curve_set(action, mesh.data.shape_keys).by_path()[f'key_blocks["{name}"].value', 0]
    return np.array([curve.evaluate(START + frame) for frame in range(COUNT)])


def waits(mesh):
    return dial_keys.are_waiting(api.describe(mesh), carried.record_of(mesh))


@pytest.mark.parametrize("placement", ["NLA", "ACTION"])
def test_a_curve_on_a_dial_acts_at_each_frame(fake, voice, placement):
    rig, mesh = talking(voice, placement=placement)
    plain = shape(mesh)
    assert not waits(mesh)
    key(rig, "smile", (20, 0.0), (40, 1.0))
    assert waits(mesh) and shape(mesh) == pytest.approx(plain)
    assert api.apply_dials(mesh) and not waits(mesh)
    smiling = shape(mesh)
    assert smiling[:10] == pytest.approx(plain[:10], abs=1e-4)
    assert (np.diff(smiling[12:28] - plain[12:28]) > -0.02).all() and smiling[30:44].mean() > plain[
        30:44
    ].mean() + 0.3
    # another dial that is moved leaves it so, and so does another take
    rig.talking_animation.brows = 0.0
    assert shape(mesh) == pytest.approx(smiling, abs=1e-4)
    api.generate(mesh, voice, start_frame=START, seed=3, placement=placement)
    assert dial_keys.are_keyed(rig) and not waits(mesh)
    assert shape(mesh)[44] > 0.3


@pytest.mark.parametrize("placement", ["NLA", "ACTION"])
def test_keys_of_dials_outlive_the_talking_animation(fake, voice, placement):
    rig, mesh = talking(voice, placement=placement)
    key(rig, "energy", (1, 0.0), (200, 2.0))
    rig.keyframe_insert("location", index=2, frame=5)  # the user's own, in whatever action is the active one
    start = carried.first_frame(api.describe(mesh), 0.0)
    assert start == START  # not the frame of the dial's key
    api.apply_dials(mesh)
    if placement == "ACTION":
        api.push_to_nla(mesh)
        assert dial_keys.are_keyed(rig) and carried.first_frame(api.describe(mesh), 0.0) == START
        assert not waits(mesh)
    api.remove(mesh)
    paths = animation_data.animated_paths(rig.animation_data.action)
    assert paths == {("talking_animation.energy", 0), ("location", 2)}
    assert not actions.is_own(rig.animation_data.action)


def test_keys_in_the_users_own_nla_strip_count_and_muted_ones_do_not(fake, voice):
    rig, mesh = talking(voice)
    plain = shape(mesh)
    key(rig, "smile", (START, -1.0), (START + 20, -1.0))
    data = rig.animation_data
    strip = animation_data.push_down(data.nla_tracks.new(), data)
    data.action = None
    strip.extrapolation = "NOTHING"
    with api.characters.quietly():
        rig.talking_animation.smile = 0.0
    api.apply_dials(mesh)
    frowning = shape(mesh, "mouthFrownLeft")
    assert frowning[8:18].min() > 0.3 and np.ptp(shape(mesh)[24:] - plain[24:]) < 1e-4
    strip.mute = True
    assert waits(mesh)
    api.apply_dials(mesh)
    assert shape(mesh) == pytest.approx(plain, abs=1e-4)


def test_a_strip_that_was_moved_asks_for_the_frames_it_lies_at(fake, voice):
    rig, mesh = talking(voice)
    key(rig, "lips", (START + 30, 0.0), (START + 31, 1.0))
    api.apply_dials(mesh)
    assert shape(mesh, "jawOpen")[:29].max() < 0.02
    for datablock in (rig, mesh.data.shape_keys):
        for track in datablock.animation_data.nla_tracks:
            for strip in track.strips:
                if actions.is_own(strip.action):
                    strip.frame_start, strip.frame_end = strip.frame_start + 40, strip.frame_end + 40
    assert waits(mesh)
    api.apply_dials(mesh)
    assert shape(mesh, "jawOpen")[5:25].max() > 0.05


def test_the_panel_says_so_and_applies_them(fake, voice):
    rig, mesh = talking(voice)
    bpy.context.scene.talking_animation.character = rig

    def drawn():
        lookup.forget()
        layout = Layout()
        panels.TALKING_PT_dials.draw(SimpleNamespace(layout=layout), bpy.context)
        return layout.said

    assert not any("not applied" in text for text in drawn())
    assert not bpy.ops.talking_animation.apply_dial_keys.poll()
    key(rig, "brow", (START, 1.0))
    rig.driver_add("talking_animation.gaze")
    lookup.forget()
    said = " ".join(drawn())
    assert "not applied yet. They do not act while the scene plays" in said and "Gaze" in said
    assert bpy.ops.talking_animation.apply_dial_keys() == {"FINISHED"}
    assert not any("not applied" in text for text in drawn())
    assert shape(mesh, "browInnerUp")[10:40].min() > 0.5
    assert bpy.ops.talking_animation.reset_dials() == {"FINISHED"}
    assert not dial_keys.are_keyed(rig) and shape(mesh, "browInnerUp").max() < 0.5
    assert rig.animation_data.action is None


def test_a_second_key_is_set_over_the_dial_as_the_first_was(fake, voice):
    rig, mesh = talking(voice)
    state = rig.talking_animation
    assert rig.keyframe_insert("talking_animation.smile", frame=START)
    bpy.context.scene.frame_set(START + 20)
    state.smile = 0.8
    bpy.context.view_layer.update()  # as the window does before a key is pressed
    assert state.smile == pytest.approx(0.8)
    assert rig.keyframe_insert("talking_animation.smile", frame=START + 20)
    assert waits(mesh)
    plain = shape(mesh)
    state.lips = 0.9  # any other dial applies it
    assert not waits(mesh) and shape(mesh)[30:].mean() > plain[30:].mean() + 0.2


def test_what_is_averaged_or_moved_has_no_keys(fake, voice):
    rig, _ = talking(voice)
    for name in ("smoothing", "offset"):
        with pytest.raises(TypeError):
            rig.keyframe_insert(f"talking_animation.{name}", frame=1)


def test_curves_beyond_the_range_and_without_end(fake, voice):
    rig, mesh = talking(voice)
    key(rig, "smile", (1, 0.0), (2, 1.0))
    curves = animation_data.curves_in(
        rig.animation_data.action, animation_data.active_slot(rig.animation_data)
    )
    (curve,) = list(curves)
    curve.extrapolation = "LINEAR"
    curve.modifiers.new("NOISE").strength = 50.0
    api.apply_dials(mesh)
    assert shape(mesh).min() >= 0.0 and shape(mesh).max() <= 1.0
    assert np.isfinite(shape(mesh)).all() and not waits(mesh)


def test_what_a_dial_moves_for_the_first_time_gets_a_curve_and_loses_it_again(fake, voice):
    rig, mesh = talking(voice)
    key_data = mesh.data.shape_keys

    def curves():
        (action,) = actions.own_actions(key_data)
        return animation_data.curve_set(action, key_data)

    before = set(curves().by_path())
    deleted = ('key_blocks["jawOpen"].value', 0)
    curves().fcurves.remove(curves().by_path()[deleted])  # by hand
    key_data.key_blocks["mouthFrownLeft"].value = 0.25  # the user's own rest
    rig.talking_animation.smile = -1.0
    assert shape(mesh, "mouthFrownLeft").max() > 0.5
    assert set(curves().by_path()) > before - {deleted} and deleted not in curves().by_path()
    rig.talking_animation.smile = 0.0
    assert set(curves().by_path()) == before - {deleted}
    assert key_data.key_blocks["mouthFrownLeft"].value == pytest.approx(0.25)
    rig.talking_animation.smile = -1.0
    bpy.context.scene.frame_set(START + 20)
    api.remove(mesh)
    assert key_data.key_blocks["mouthFrownLeft"].value == pytest.approx(0.25)


def _lamp():
    lamp = linked(bpy.data.objects.new("LED", bpy.data.lights.new("LED", "POINT")))
    drawings.map_property(lamp, lamp.data, "energy", drawings.Move("opening", 100.0, 0.0))
    return lamp


@pytest.mark.parametrize(
    "make",
    [
        lambda: grease_pencil.add_face(bpy.context.scene),
        _lamp,  # its light has the keys, the object none
        lambda: api.add_points(),
    ],
    ids=["grease pencil", "mapped property", "points alone"],
)
@pytest.mark.parametrize("placement", ["NLA", "ACTION"])
def test_whatever_carries_the_keys_says_where_they_lie(fake, voice, make, placement):
    face = make()
    bpy.context.view_layer.update()
    root = api.describe(face).root
    key(root, "lips", (START + 5, 0.0), (START + 40, 1.0))
    api.generate(face, voice, start_frame=START, placement=placement)
    assert not waits(face)
    place = dial_keys.place_of(api.describe(face))
    assert place == (START, 1.0) and heard.heard(api.describe(face), bpy.context.scene).start == START
    key(root, "lips", (START + 5, 1.0), (START + 40, 0.0))
    assert waits(face) and api.apply_dials(face) and not waits(face)


def test_where_nothing_talks_the_place_is_what_the_caller_says():
    face = grease_pencil.add_face(bpy.context.scene)
    assert dial_keys.place_of(api.describe(face)) == (1.0, 1.0)
    assert dial_keys.place_of(api.describe(face), -7.5) == (-7.5, 1.0)
    assert carried.first_frame(api.describe(face), 3.0) == 3.0


def test_lips_are_shut_where_a_person_says_so_and_released_again(fake, voice):
    rig, mesh = talking(voice)
    plain = shape(mesh, "jawOpen")
    frame = START + int(np.argmax(plain))
    api.shut_lips(mesh, frame)
    assert shape(mesh, "jawOpen")[frame - START] < 0.4 * plain.max() and not waits(mesh)
    away = np.abs(np.arange(COUNT) + START - frame) > 6
    assert shape(mesh, "jawOpen")[away] == pytest.approx(plain[away], abs=1e-3)
    api.generate(mesh, voice, start_frame=START, seed=3)  # another take keeps it
    assert dial_keys.are_keyed(rig) and asked.are_held(rig, frame)
    api.shut_lips(mesh, frame + 1)  # beside it: one closure that lasts longer
    api.shut_lips(mesh, frame + 20)
    api.release_lips(mesh, frame)
    assert not asked.are_held(rig, frame) and asked.are_held(rig, frame + 20)
    api.release_lips(mesh, frame + 20)
    assert not dial_keys.are_keyed(rig) and rig.animation_data.action is None
    with pytest.raises(
        TalkingAnimationError, match=f"No keys hold the lips of '{rig.name}' shut at frame {frame}"
    ):
        api.release_lips(mesh, frame)


@pytest.mark.parametrize("rest", [0.0, 0.3])
def test_a_released_closure_leaves_its_neighbours_and_the_rest_as_they_are(fake, voice, rest):
    rig, mesh = talking(voice)
    rig.talking_animation.lips_shut = rest
    for frame in (20, 25, 40):
        api.shut_lips(mesh, frame)
    held = [frame for frame in range(1, 61) if asked.are_held(rig, frame)]
    assert {20, 21, 25, 26, 40, 41} <= set(held) and not {17, 23, 28, 37, 43} & set(held)
    api.release_lips(mesh, 21)
    left = [frame for frame in range(1, 61) if asked.are_held(rig, frame)]
    assert left == [frame for frame in held if frame > 22]
    api.release_lips(mesh, 40)
    bpy.context.scene.frame_set(25)
    assert rig.talking_animation.lips_shut == 1
    api.release_lips(mesh, 25)
    assert not dial_keys.are_keyed(rig) and rig.talking_animation.lips_shut == pytest.approx(rest)


def test_a_muted_channel_is_told(fake, voice):
    rig, mesh = talking(voice)
    api.shut_lips(mesh, 20)
    dial_keys.curve_of(rig, "lips_shut").mute = True
    with pytest.raises(TalkingAnimationError, match=f"dial of '{rig.name}' is muted"):
        api.shut_lips(mesh, 30)


def test_a_closure_by_hand_needs_a_frame_at_which_something_is_said(fake, voice):
    rig, mesh = talking(voice)
    with pytest.raises(TalkingAnimationError, match="says nothing at frame 900"):
        api.shut_lips(mesh, 900)
    key(rig, "lips_shut", (20, 1.0), (30, 0.0))
    data = rig.animation_data
    animation_data.push_down(data.nla_tracks.new(), data)
    data.action = None
    with pytest.raises(TalkingAnimationError, match="in an NLA strip"):
        api.shut_lips(mesh, 25)
    assert rig.animation_data.action is None
