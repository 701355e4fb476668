"""A talking animation is changed afterwards: dials, fewer keys, held drawings, NLA strips, mouth cues; and taken away."""

from __future__ import annotations

import json

import bpy
import characters
import numpy as np
import pytest
import speech
from blender_addon.contract.dialled import dialled
from blender_addon.contract.runs import runs_of
from counting import lines_run

from blender_addon import api, contract
from blender_addon.characters import remembered
from blender_addon.contract import dials, easing, shape_effects
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import animation_data, sequencer
from blender_addon.keys import actions, nla
from blender_addon.motion import stored_motion
from blender_addon.motion.key_reduction import KeyStyle

TOUCH = shape_effects.TOUCH


def talking(fake, voice, **options):
    rig, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=10, **options)
    speech.give(mesh)
    api.write_again(mesh)
    return rig, mesh


def curves_of(datablock):
    (action,) = actions.own_actions(datablock)
    return animation_data.curve_set(action, datablock).by_path()


def weights(mesh, first=10, count=56):
    """(T, 52) what the curves of a mesh say at whole frames, as Blender evaluates them."""
    curves = curves_of(mesh.data.shape_keys)
    result = np.zeros((count, 52), np.float32)
    for column, name in enumerate(contract.ARKIT_NAMES):
        curve = curves.get((f'key_blocks["{name}"].value', 0))
        if curve is not None:
            result[:, column] = [curve.evaluate(first + row) for row in range(count)]
    return result


def keys(datablock):
    return sum(len(curve.keyframe_points) for curve in curves_of(datablock).values())


def wanted(mesh, **changes):
    """(T, 52) what the stored motion says at the scene's rate, with what grows out of rest and returns to it."""
    motion = stored_motion.load(api.motion_file(mesh)).resampled(remembered.frame_rate(bpy.context.scene))
    scaled = dialled(motion, api.Dials(**changes))
    return easing.eased(scaled.arkit, scaled.fps, 0.1, 0.3), scaled.closed


# -- dials ---------------------------------------------------------------------------------------------


def test_every_dial_is_on_the_panel_with_the_engines_range():
    properties = bpy.types.Object.bl_rna.properties["talking_animation"].fixed_type.properties
    for row in dials.rows():
        found = properties[row["name"]]
        assert (found.hard_min, found.hard_max) == pytest.approx((row["minimum"], row["maximum"]))
        assert found.default == row["default"] and found.name == row["label"]
    assert tuple(api.Dials().__dict__) == dials.NAMES


def test_lips_up_down_and_across_on_the_keys(fake, voice):
    rig, mesh = talking(fake, voice)
    before = weights(mesh)
    rig.talking_animation.lips_up_down = 0.5  # as the panel's slider does
    low = weights(mesh)
    assert low[:, 17] == pytest.approx(before[:, 17] / 2, abs=1e-3)
    rig.talking_animation.lips_up_down = 1.0
    rig.talking_animation.lips_across = 2.0
    wide = weights(mesh)
    assert wide[20, 23] > 1.2 * before[20, 23]
    assert wide[20, 17] == pytest.approx(before[20, 17], abs=0.01)


@pytest.mark.parametrize("fps", [24, 30, 12])
def test_no_dial_opens_a_closure_in_the_keys(fake, voice, fps):
    bpy.context.scene.render.fps = fps
    rig, mesh = talking(fake, voice)
    count = 48 * fps // 24
    gap = shape_effects.lip_gap
    shut = gap(weights(mesh, count=count)) <= TOUCH
    # each closure of the recording is there at this rate, whatever falls between two of its frames
    assert runs_of(shut[3:]).shape[0] == 5
    for changes in ({"lips": 2}, {"lips_up_down": 5, "lips_across": 5}, {"lips_across": 5, "smoothing": 0.3}):
        api.apply_dials(mesh, api.Dials(**changes))
        after = gap(weights(mesh, count=count))
        assert after[shut].max() <= TOUCH + 1e-5, changes
        assert after[~shut].max() > 0.05


def test_offset_and_smoothing_on_the_keys(fake, voice):
    rig, mesh = talking(fake, voice)
    before = weights(mesh)
    bow = [curve.evaluate(30) for curve in curves_of(rig).values()]
    rig.talking_animation.offset = 3 / 24
    later = weights(mesh)
    assert later[12:40, 17] == pytest.approx(before[9:37, 17], abs=1e-5)
    assert bow != pytest.approx([curve.evaluate(30) for curve in curves_of(rig).values()], abs=1e-4)
    rig.talking_animation.offset = 0.0
    assert weights(mesh) == pytest.approx(before, abs=1e-6)
    rig.talking_animation.smoothing = 0.3
    calm = weights(mesh)
    assert np.abs(np.diff(calm[8:40, 17])).mean() < 0.7 * np.abs(np.diff(before[8:40, 17])).mean()
    assert calm[:, 0] == pytest.approx(before[:, 0], abs=1e-6)


def test_dials_run_no_more_python_for_a_minute_than_for_a_few_seconds(fake, voice):
    _, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=1)
    ran = []
    for seconds in (6.0, 60.0):
        speech.write(api.motion_file(mesh), seconds)
        api.write_again(mesh)
        api.apply_dials(mesh, api.Dials(lips_up_down=1.2, head=0.8))
        ran.append(lines_run(lambda: api.apply_dials(mesh, api.Dials(lips_up_down=0.8, head=1.2))))
    assert ran[1] < 1.1 * ran[0], ran


def test_another_scene_rate_lays_the_keys_anew(fake, voice):
    rig, mesh = talking(fake, voice)
    bpy.context.scene.render.fps = 48
    api.apply_dials(mesh)
    found = animation_data.key_values(curves_of(mesh.data.shape_keys)['key_blocks["jawOpen"].value', 0])
    assert found[0, 0] == 10 and found[-1, 0] == pytest.approx(10 + 1.96 * 48 + 0.3 * 48, abs=2)
    _, strip = nla.own_strip(mesh.data.shape_keys)
    assert strip.frame_start == 10 and strip.frame_end == pytest.approx(found[-1, 0])


# -- keys ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["LINEAR", "BEZIER"])
@pytest.mark.parametrize("tolerance", [0.005, 0.03])
def test_few_keys_stay_within_the_tolerance_and_keep_closures(fake, voice, mode, tolerance):
    rig, mesh = talking(fake, voice)
    every, head = keys(mesh.data.shape_keys), keys(rig)
    count = api.apply_key_style(mesh, KeyStyle(mode, tolerance))
    assert count == len(curves_of(mesh.data.shape_keys)) + len(curves_of(rig))
    motion, closed = wanted(mesh)
    found = weights(mesh)[: len(motion)]
    slack = 1e-4 if mode == "LINEAR" else 1e-3  # Blender solves Bezier curves to that
    assert np.abs(found - motion).max() <= tolerance + slack
    shut = np.zeros(len(motion), bool)
    shut[: len(closed)] = closed
    assert shape_effects.lip_gap(found)[shut].max() <= TOUCH + 0.002
    assert keys(mesh.data.shape_keys) < 0.75 * every and keys(rig) < 0.75 * head
    kinds = {
        point.interpolation
        for curve in curves_of(mesh.data.shape_keys).values()
        for point in curve.keyframe_points
    }
    assert kinds == {mode}
    if mode == "BEZIER":
        handles = {
            (point.handle_left_type, point.handle_right_type)
            for curve in curves_of(mesh.data.shape_keys).values()
            for point in curve.keyframe_points
        }
        assert handles == {("ALIGNED", "ALIGNED")}
    api.apply_key_style(mesh, KeyStyle())
    assert keys(mesh.data.shape_keys) == every
    assert weights(mesh)[: len(motion)] == pytest.approx(motion, abs=1e-6)


@pytest.mark.parametrize("hold", [2, 3, 4])
def test_stepped_keys_hold_drawings_and_show_every_closure(fake, voice, hold):
    rig, mesh = talking(fake, voice)
    api.apply_key_style(mesh, KeyStyle("STEPPED", hold=hold))
    found = weights(mesh)
    for start in range(0, 40, hold):
        assert found[start : start + hold, 17] == pytest.approx(found[start, 17])
    motion, closed = wanted(mesh)
    seen = shape_effects.lip_gap(found)[: len(closed)] <= TOUCH
    for first, last in (runs_of(closed) - (0, 1)).tolist():
        drawings = slice(first // hold * hold, (last // hold + 1) * hold)
        assert seen[drawings].any(), (first, last)
    point = curves_of(mesh.data.shape_keys)['key_blocks["jawOpen"].value', 0].keyframe_points[3]
    assert point.interpolation == "CONSTANT" and (point.co[0] - 10) % hold == 0
    assert found[-1] == pytest.approx(0.0, abs=1e-6)  # rest at the end, as without holding


def test_the_key_style_stays_with_the_character(fake, voice):
    rig, mesh = talking(fake, voice)
    rig.talking_animation.key_style = "BEZIER"
    few = keys(mesh.data.shape_keys)
    rig.talking_animation.lips_up_down = 0.8
    assert keys(mesh.data.shape_keys) <= few * 1.2
    report = api.generate(mesh, voice, start_frame=1)
    assert report.curves and rig.talking_animation.key_style == "BEZIER"
    assert api.generate(mesh, voice, start_frame=1, keys=KeyStyle("STEPPED", hold=3)).curves
    assert rig.talking_animation.key_hold == 3
    with pytest.raises(TalkingAnimationError, match="not 'SOME'"):
        api.apply_key_style(mesh, KeyStyle("SOME"))


# -- NLA -----------------------------------------------------------------------------------------------


def test_strips_blend_in_and_out_between_rest_and_speech(fake, voice):
    rig, mesh = characters.rigged()
    mesh.data.shape_keys.key_blocks["browInnerUp"].value = 0.4
    api.generate(mesh, voice, start_frame=10, placement="ACTION")
    speech.give(mesh)
    api.write_again(mesh)
    assert not api.in_nla(mesh)
    key = mesh.data.shape_keys
    scene = bpy.context.scene
    scene.frame_set(20)
    full = key.key_blocks["browInnerUp"].value
    assert api.push_to_nla(mesh, 20, 8) == 2 and api.in_nla(mesh)
    assert key.animation_data.action is None
    assert [track.name for track in key.animation_data.nla_tracks] == [nla.REST_TRACK_NAME, nla.TRACK_NAME]
    _, strip = nla.own_strip(key)
    assert (strip.blend_in, strip.blend_out, strip.use_auto_blend) == (20, 8, False)
    scene.frame_set(20)  # half way in: between what it rests at and what it does there
    assert key.key_blocks["browInnerUp"].value == pytest.approx((0.4 + full) / 2, abs=0.01)
    for frame in (1, 9, 300):
        scene.frame_set(frame)
        assert key.key_blocks["browInnerUp"].value == pytest.approx(0.4, abs=1e-5)
        assert key.key_blocks["jawOpen"].value == pytest.approx(0.0, abs=1e-5)
    rig.talking_animation.blend_in = rig.talking_animation.blend_out = 0  # as the panel does
    assert [track.name for track in key.animation_data.nla_tracks] == [nla.TRACK_NAME]
    scene.frame_set(20)
    assert key.key_blocks["browInnerUp"].value == pytest.approx(full, abs=1e-5)
    assert len(bpy.data.actions) == 2
    api.push_to_nla(mesh, 5, 5)
    api.generate(mesh, voice, start_frame=30)
    _, strip = nla.own_strip(key)
    assert strip.frame_start == 30 and strip.blend_in == 5
    api.remove(mesh)
    assert not bpy.data.actions and key.animation_data is None
    assert key.key_blocks["browInnerUp"].value == pytest.approx(0.4)


def test_dials_keep_strip_and_blend(fake, voice):
    rig, mesh = talking(fake, voice)
    api.push_to_nla(mesh, 6, 6)
    rig.talking_animation.lips_up_down = 0.5
    assert weights(mesh)[20, 17] < 0.3
    _, strip = nla.own_strip(mesh.data.shape_keys)
    assert strip.blend_in == 6


def test_nothing_to_push(fake, voice):
    _, mesh = characters.rigged()
    for call in (api.push_to_nla, api.apply_key_style, api.add_cues):
        with pytest.raises(TalkingAnimationError, match="no talking animation yet"):
            call(mesh)


# -- mouth cues ----------------------------------------------------------------------------------------


def test_cues_as_markers(fake, voice):
    rig, mesh = talking(fake, voice)
    scene = bpy.context.scene
    scene.timeline_markers.new("A", frame=1)
    assert api.add_cues(mesh, "MARKERS") == 9  # of the recording's 8 the last is D: then the mouth rests
    ours = sorted((marker.frame, marker.name) for marker in scene.timeline_markers if "·" in marker.name)
    assert ours[:4] == [(10, "X · Rig"), (16, "B · Rig"), (22, "A · Rig"), (28, "D · Rig")]
    assert ours[-1][1] == "X · Rig" and ours[-2][1] == "D · Rig"
    assert api.add_cues(mesh, "MARKERS") == 9 and len(scene.timeline_markers) == 10
    assert api.has_cues(mesh)
    assert api.remove_cues(mesh) and [marker.name for marker in scene.timeline_markers] == ["A"]
    assert not api.has_cues(mesh) and not api.remove_cues(mesh)


def test_markers_of_characters_with_long_names_are_told_apart(fake, voice):
    scene = bpy.context.scene
    long = "Ärger mit sehr langem Namen, wie ihn eine Figur haben kann"
    rigs = [talking(fake, voice)[0] for _ in range(2)]
    for rig, end in zip(rigs, "AB"):
        rig.name = f"{long}{end}"
        assert api.add_cues(rig, "MARKERS") == 9 and len(rig.name.encode()) > 58
    assert len(scene.timeline_markers) == 18
    assert api.add_cues(rigs[0], "MARKERS") == 9 and len(scene.timeline_markers) == 18
    for rig, left in zip(rigs, (9, 0)):
        assert api.remove_cues(rig) and len(scene.timeline_markers) == left


def test_cues_as_text_and_strips(fake, voice):
    rig, mesh = talking(fake, voice)
    api.add_cues(mesh, "TEXT")
    (text,) = bpy.data.texts
    lines = text.as_string().splitlines()
    assert lines[0] == "frame\tseconds\tshape" and lines[2].split("\t") == ["16", "0.250", "B"]
    assert api.add_cues(mesh, "STRIPS") == 9
    scene = bpy.context.scene
    strips = [strip for strip in sequencer.sequencer_strips(scene) if strip.type == "TEXT"]
    places = sorted((sequencer.strip_range(strip).start, strip.text) for strip in strips)
    assert places[:2] == [(10, "X"), (16, "B")]
    assert sequencer.strip_range(strips[0]).length == 6
    api.generate(mesh, voice, start_frame=10)  # the sound is replaced, the cues stay
    assert len([strip for strip in sequencer.sequencer_strips(scene) if strip.type == "TEXT"]) == 9
    api.remove(mesh)
    assert not bpy.data.texts and not list(sequencer.sequencer_strips(scene))
    with pytest.raises(TalkingAnimationError, match="MARKERS, TEXT, STRIPS"):
        api.add_cues(mesh, "POSTERS")


# -- removing ------------------------------------------------------------------------------------------


def everything(rig, mesh):
    """All of the file that the add-on could have changed, in full precision."""
    key, scene = mesh.data.shape_keys, bpy.context.scene

    def animation(datablock):
        data = datablock.animation_data
        if data is None:
            return None
        action = data.action
        return {
            "action": action.name if action else None,
            "use_nla": data.use_nla,
            "influence": data.action_influence,
            "tracks": [
                (track.name, track.mute, track.is_solo, [
                    (strip.name, strip.action.name, strip.frame_start, strip.frame_end, strip.blend_type,
                     strip.extrapolation, strip.blend_in, strip.mute)
                    for strip in track.strips
                ])
                for track in data.nla_tracks
            ],
            "drivers": [(driver.data_path, driver.mute, driver.driver.expression) for driver in data.drivers],
        }  # fmt: skip

    def curves(action):
        found = []
        for datablock in (key, rig):
            held = animation_data.curve_set(action, datablock)
            for (path, index), curve in held.by_path().items() if held else ():
                values = animation_data.key_values(curve)
                found.append((path, index, values.tobytes().hex(), curve.mute))
        return sorted(found)

    return json.dumps(
        {
            "keys": [
                (block.name, block.value.hex(), block.mute, block.slider_min, block.slider_max)
                for block in key.key_blocks
            ],
            "relative": key.use_relative,
            "bones": [
                (bone.name, bone.rotation_mode, *(value.hex() for value in (
                    *bone.rotation_quaternion, *bone.rotation_euler, *bone.location, *bone.scale)))
                for bone in rig.pose.bones
            ],
            "objects": [
                (item.name, *(value.hex() for row in item.matrix_basis for value in row),
                 *(value.hex() for value in (*item.delta_location, *item.delta_rotation_euler)),
                 sorted(name for name in set(item.keys()) if not name.startswith("talking_animation")))
                for item in bpy.data.objects
            ],
            "animation": [animation(datablock) for datablock in (key, rig, mesh)],
            "actions": [(action.name, action.use_fake_user, action.users, curves(action)) for action in bpy.data.actions],
            "markers": [(marker.name, marker.frame) for marker in scene.timeline_markers],
            "texts": [(text.name, text.as_string()) for text in bpy.data.texts],
            "strips": [(strip.name, strip.channel) for strip in sequencer.sequencer_strips(scene)],
            "sounds": len(bpy.data.sounds),
            "mesh": [round(c, 9) for vertex in mesh.data.vertices for c in vertex.co],
            "character": [getattr(rig.talking_animation, name) for name in ("uid", "owner", "source", "cues")],
        },
        sort_keys=True,
    )  # fmt: skip


def prepared():
    """A character with actions, strips, drivers and values of the user's own."""
    rig, mesh = characters.rigged()
    key = mesh.data.shape_keys
    key.key_blocks["mouthSmileLeft"].value = 0.37
    rig.pose.bones["head"].rotation_quaternion = (0.9, 0.1, 0.2, 0.3)
    rig.pose.bones["head"].location = (0.1, 0.2, 0.3)
    driver = key.driver_add('key_blocks["cheekPuff"].value').driver
    driver.expression = "0.125"
    mine = animation_data.new_curve_set("Mine", rig)
    animation_data.write_keys(
        mine.new('pose.bones["spine"].location', 0, ""), np.array([[1, 0.0], [50, 1.0]], np.float32)
    )
    animation_data.set_active_action(rig.animation_data_create(), mine.action, mine.slot)
    idle = animation_data.new_curve_set("Idle", key)
    animation_data.write_keys(
        idle.new('key_blocks["browInnerUp"].value', 0, ""), np.array([[1, 0.1], [90, 0.2]], np.float32)
    )
    track = key.animation_data_create().nla_tracks.new()
    track.name = "idle"
    animation_data.new_nla_strip(track, idle, "Idle", 1, "REPLACE", True)
    bpy.context.scene.timeline_markers.new("A", frame=3)
    bpy.data.texts.new("Notes").write("hello")
    bpy.context.scene.frame_set(1)
    return rig, mesh


@pytest.mark.parametrize("placement", ["NLA", "ACTION"])
@pytest.mark.parametrize("style", ["FRAMES", "LINEAR", "BEZIER", "STEPPED"])
def test_remove_restores_everything(fake, voice, placement, style):
    rig, mesh = prepared()
    before = everything(rig, mesh)
    api.generate(mesh, voice, start_frame=5, placement=placement, keys=KeyStyle(style))
    speech.give(mesh)
    api.apply_dials(mesh, api.Dials(lips_up_down=1.5, head=0.5, offset=0.1))
    api.push_to_nla(mesh, 10, 10)
    for kind in ("MARKERS", "TEXT", "STRIPS"):
        api.add_cues(mesh, kind)
    bpy.context.scene.frame_set(30)
    assert everything(rig, mesh) != before
    api.generate(mesh, voice, start_frame=7, placement=placement)
    api.repair(mesh)
    assert api.remove(mesh)
    bpy.context.scene.frame_set(1)
    after, was = json.loads(everything(rig, mesh)), json.loads(before)
    for name in set(was) - {"animation", "actions"}:  # repairs move the user's own action into a strip
        assert after[name] == was[name], name
    assert [item[0] for item in after["actions"]] == [item[0] for item in was["actions"]]


def test_remove_restores_everything_byte_for_byte(fake, voice):
    """As above, where no repair has changed what is the user's."""
    rig, mesh = prepared()
    before = everything(rig, mesh)
    for placement in ("NLA", "ACTION"):
        api.generate(mesh, voice, start_frame=5, placement=placement)
        speech.give(mesh)
        api.apply_key_style(mesh, KeyStyle("BEZIER"))
        api.push_to_nla(mesh, 10, 10)
        for kind in ("MARKERS", "TEXT", "STRIPS"):
            api.add_cues(mesh, kind)
        bpy.context.scene.frame_set(30)
        assert everything(rig, mesh) != before
        api.remove(mesh)
        bpy.context.scene.frame_set(1)
        assert everything(rig, mesh) == before
        with remembered.quietly():
            rig.talking_animation.key_style = "FRAMES"
            rig.talking_animation.blend_in = rig.talking_animation.blend_out = 0.0


def test_an_empty_animation_data_of_the_users_stays(fake, voice):
    rig, mesh = characters.rigged()
    mesh.data.shape_keys.animation_data_create()
    api.generate(mesh, voice)
    api.generate(mesh, voice, seed=2)
    api.remove(mesh)
    assert mesh.data.shape_keys.animation_data is not None and rig.animation_data is None
