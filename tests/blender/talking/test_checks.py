"""Nothing moves? Each reason is found, told in one sentence, and mended."""

from __future__ import annotations

import bpy
import characters
import numpy as np
import pytest
import speech

from blender_addon import api
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import animation_data, interface
from blender_addon.keys import actions, nla

JAW = 'key_blocks["jawOpen"].value'
FRAME = 30


def codes(mesh):
    return [problem.code for problem in api.check(mesh)]


def jaw(mesh, frame=FRAME):
    """How far the jaw shape is open, as Blender plays it."""
    bpy.context.scene.frame_set(frame)
    return mesh.data.shape_keys.key_blocks["jawOpen"].value


def moved(mesh, frame=FRAME):
    """How far the mouth point of the mesh, deformed as it is shown, is from where it rests."""
    bpy.context.scene.frame_set(frame)
    evaluated = mesh.evaluated_get(bpy.context.evaluated_depsgraph_get())
    return (evaluated.data.vertices[characters.MOUTH].co - mesh.data.vertices[characters.MOUTH].co).length


def shows(mesh):
    """What a viewer sees at three frames, and how far the jaw is open at one."""
    return [*(moved(mesh, frame) for frame in (16, 24, FRAME)), jaw(mesh)]


def own(mesh):
    key = mesh.data.shape_keys
    return key, key.animation_data, *nla.own_strip(key)


def users_action(datablock, path=JAW, value=1.0, name="Mine"):
    mine = animation_data.new_curve_set(name, datablock)
    animation_data.write_keys(mine.new(path, 0, ""), np.array([[1, value], [100, value]], np.float32))
    return mine


def mute_track(rig, mesh):
    own(mesh)[2].mute = True


def mute_strip(rig, mesh):
    own(mesh)[3].mute = True


def solo_another(rig, mesh):
    track = mesh.data.shape_keys.animation_data.nla_tracks.new()
    track.is_solo = True


def nla_off(rig, mesh):
    mesh.data.shape_keys.animation_data.use_nla = False


def no_influence(rig, mesh):
    strip = own(mesh)[3]
    strip.use_animated_influence = True
    strip.influence = 0.0


def active_action(rig, mesh):
    key = mesh.data.shape_keys
    mine = users_action(key)
    animation_data.set_active_action(key.animation_data, mine.action, mine.slot)


def strip_above(rig, mesh):
    key = mesh.data.shape_keys
    track = key.animation_data.nla_tracks.new()
    animation_data.new_nla_strip(track, users_action(key), "Mine", 1, "REPLACE", True)


def mute_curves(rig, mesh):
    for curve in animation_data.own_curves(
        actions.own_actions(mesh.data.shape_keys), mesh.data.shape_keys
    ).values():
        curve.mute = True


def pin(rig, mesh):
    mesh.show_only_shape_key = True


def absolute(rig, mesh):
    mesh.data.shape_keys.use_relative = False


def mute_keys(rig, mesh):
    for block in mesh.data.shape_keys.key_blocks:
        block.mute = True


MENDED = {
    "NLA_MUTED": mute_track,
    "STRIP_MUTED": mute_strip,
    "NLA_SOLO": solo_another,
    "NLA_OFF": nla_off,
    "STRIP_INFLUENCE": no_influence,
    "ACTIVE_ACTION": active_action,
    "STRIP_ABOVE": strip_above,
    "CURVES_MUTED": mute_curves,
    "KEY_PINNED": pin,
    "KEY_ABSOLUTE": absolute,
    "KEY_MUTED": mute_keys,
}


@pytest.mark.parametrize("code", MENDED)
def test_what_hides_it_is_found_and_mended(talker, code):
    """The break is real: the evaluated mesh does not move as it did; and the repair is: it does again."""
    rig, mesh = talker
    shown = shows(mesh)
    assert jaw(mesh) == pytest.approx(0.4, abs=1e-5) and np.ptp(shown[:3]) > 0.02
    MENDED[code](rig, mesh)
    bpy.context.view_layer.update()
    assert shows(mesh) != pytest.approx(shown, abs=1e-3)
    (problem,) = api.check(mesh)
    assert problem.code == code and problem.message.endswith(".") and problem.repair is not None
    assert "'Face'" in problem.message or "'Talking Face'" in problem.message
    assert api.repair(mesh) == []
    assert shows(mesh) == pytest.approx(shown, abs=1e-4)


def test_the_users_action_is_pushed_down_not_lost(talker):
    rig, mesh = talker
    key = mesh.data.shape_keys
    mine = users_action(key, 'key_blocks["tongueOut"].value', 0.6)
    animation_data.write_keys(mine.new(JAW, 0, ""), np.array([[1, 1.0], [100, 1.0]], np.float32))
    animation_data.set_active_action(key.animation_data, mine.action, mine.slot)
    assert codes(mesh) == ["ACTIVE_ACTION"]
    api.repair(mesh)
    assert key.animation_data.action is None and mine.action.users
    bpy.context.scene.frame_set(FRAME)
    assert key.key_blocks["tongueOut"].value == pytest.approx(0.6, abs=1e-5)  # its other curves still play
    assert key.key_blocks["jawOpen"].value == pytest.approx(0.4, abs=1e-5)


def test_sliders_that_end_too_early(talker):
    rig, mesh = talker
    block = mesh.data.shape_keys.key_blocks["jawOpen"]
    block.slider_max = 0.1
    assert jaw(mesh) == pytest.approx(0.1)
    assert codes(mesh) == ["KEY_RANGE"]
    assert "at 0.1" in api.check(mesh)[0].message
    api.repair(mesh)
    assert jaw(mesh) == pytest.approx(0.4, abs=1e-5) and block.slider_max == 1.0
    block.slider_max = 0.7  # more than it needs
    assert codes(mesh) == []


def test_sliders_that_are_meant_for_values_below_0(talker):
    rig, mesh = talker
    block = mesh.data.shape_keys.key_blocks["jawOpen"]
    block.slider_min, block.slider_max = -1.0, 0.0
    (problem,) = api.check(mesh)
    assert problem.code == "KEY_NEGATIVE" and "turn it round" in problem.message
    api.repair(mesh)
    assert (block.slider_min, block.slider_max) == (-1.0, 0.0)  # another range would show another face


@pytest.mark.parametrize("shape", ["jawOpen", "Basis"])
def test_vertices_that_lie_nowhere_are_told_and_put_back(fake, voice, shape):
    mesh = characters.face_mesh()
    block = mesh.data.shape_keys.key_blocks[shape]
    number = next(edge.vertices[0] for edge in mesh.data.edges)
    block.data[number].co.x = float("nan")
    report = api.generate(mesh, voice, start_frame=10)
    told = [text for text in report.warnings if "lie nowhere" in text]
    assert len(told) == 1 and "1 of the vertices of" in told[0] and f"'{shape}'" in told[0], report.warnings
    (problem,) = [problem for problem in api.check(mesh) if problem.code == "KEY_NOWHERE"]
    assert problem.message == told[0]
    before = np.array([point.co for point in block.data])
    api.repair(mesh, code="KEY_NOWHERE")
    after = np.array([point.co for point in block.data])
    assert np.isfinite(after).all() and "KEY_NOWHERE" not in codes(mesh)
    others = np.arange(len(after)) != number
    assert np.array_equal(before[others], after[others]), "only those are moved"
    rest = np.array([point.co for point in mesh.data.shape_keys.key_blocks[0].data])
    assert (after[number] >= rest.min(axis=0)).all() and (after[number] <= rest.max(axis=0)).all()


def test_vertices_are_put_back_along_shapes_that_are_relative_to_each_other(fake, voice):
    mesh = characters.face_mesh()
    blocks = mesh.data.shape_keys.key_blocks
    blocks["jawOpen"].relative_key = blocks["mouthPucker"]
    assert blocks.find("jawOpen") < blocks.find("mouthPucker")
    for name in ("jawOpen", "mouthPucker"):
        blocks[name].data[0].co.x = float("nan")
    api.generate(mesh, voice, start_frame=10)
    assert "KEY_NOWHERE" in codes(mesh)
    api.repair(mesh, code="KEY_NOWHERE")
    assert "KEY_NOWHERE" not in codes(mesh)
    assert blocks["jawOpen"].data[0].co == blocks[0].data[0].co


def test_drivers_are_muted_keyed_over_and_given_back(fake, voice):
    rig, mesh = characters.rigged()
    key = mesh.data.shape_keys
    key.driver_add(JAW).driver.expression = "0.25"
    report = api.generate(mesh, voice, start_frame=10)
    assert len([text for text in report.warnings if "drivers" in text]) == 1
    assert jaw(mesh) == pytest.approx(0.25, abs=1e-5)
    assert codes(mesh) == ["KEY_DRIVEN"]
    assert api.repair(mesh) == []
    assert jaw(mesh) == pytest.approx(0.4, abs=1e-5)
    api.generate(mesh, voice, start_frame=10, seed=1)
    assert jaw(mesh) == pytest.approx(0.4, abs=1e-5)
    api.remove(mesh)
    assert not key.animation_data.drivers[0].mute
    bpy.context.view_layer.update()
    assert jaw(mesh) == pytest.approx(0.25, abs=1e-5)


def test_a_driver_whose_motion_is_gone_stays(fake, voice, tmp_path):
    _, mesh = characters.rigged()
    key = mesh.data.shape_keys
    key.driver_add(JAW).driver.expression = "0.25"
    api.generate(mesh, voice, keep_motion=False)
    for path in (tmp_path / "cache").iterdir():
        path.unlink()
    with pytest.raises(TalkingAnimationError, match="no longer in the cache"):
        api.repair(mesh)
    assert not key.animation_data.drivers[0].mute


def test_the_scene(talker):
    rig, mesh = talker
    scene = bpy.context.scene
    end = scene.frame_end
    scene.frame_start, scene.frame_end = 20, 40
    assert codes(mesh) == ["RANGE"] and "20 to 40" in api.check(mesh)[0].message
    api.repair(mesh)
    assert (scene.frame_start, scene.frame_end) == (10, round(nla.own_strip(rig)[1].frame_end))
    scene.frame_end = end
    scene.use_preview_range, scene.frame_preview_start, scene.frame_preview_end = True, 12, 20
    assert codes(mesh) == ["PREVIEW_RANGE"]
    api.repair(mesh)
    assert not scene.use_preview_range and codes(mesh) == []
    scene.render.frame_map_old, scene.render.frame_map_new = 100, 200
    assert codes(mesh) == ["FRAME_MAP"]
    api.repair(mesh)
    assert scene.render.frame_map_new == 100


def test_another_rate_than_it_was_made_for(talker):
    rig, mesh = talker
    scene = bpy.context.scene
    scene.frame_end = 1000
    scene.render.fps = 60
    (problem,) = api.check(mesh)
    assert problem.code == "FPS" and "made for 24 frames" in problem.message and "60" in problem.message
    assert api.repair(mesh) == []
    curve = animation_data.own_curves(actions.own_actions(mesh.data.shape_keys), mesh.data.shape_keys)[JAW, 0]
    assert len(curve.keyframe_points) == pytest.approx(1.96 * 60 + 0.3 * 60, abs=3)
    assert codes(mesh) == []


def test_objects(talker):
    rig, mesh = talker
    mesh.hide_set(True)
    assert codes(mesh) == ["HIDDEN"]
    api.repair(mesh)
    assert mesh.visible_get()
    mesh.hide_viewport = True
    assert codes(mesh) == ["HIDDEN"]
    api.repair(mesh)
    assert mesh.visible_get()
    rig.data.pose_position = "REST"
    assert codes(mesh) == ["REST_POSITION"]
    api.repair(mesh)
    assert rig.data.pose_position == "POSE"
    mesh.modifiers[0].show_viewport = False
    assert codes(mesh) == ["MODIFIER_OFF"]
    api.repair(mesh)
    assert codes(mesh) == []
    bpy.context.view_layer.objects.active = mesh
    bpy.ops.object.mode_set(mode="EDIT")
    assert codes(mesh) == ["EDIT_MODE"]
    api.repair(mesh)
    assert mesh.mode == "OBJECT" and codes(mesh) == []


def test_a_hidden_collection_is_told(talker):
    _, mesh = talker
    folder = bpy.data.collections.new("Folder")
    bpy.context.scene.collection.children.link(folder)
    for other in list(mesh.users_collection):
        other.objects.unlink(mesh)
    folder.objects.link(mesh)
    folder.hide_viewport = True
    bpy.context.view_layer.update()
    (problem,) = api.check(mesh)
    assert problem.code == "HIDDEN" and problem.repair is None and "collection" in problem.message
    assert api.repair(mesh) == [problem.message]


def on_head(rig, kind, **settings):
    bone = rig.pose.bones["head"]
    constraint = bone.constraints.new(kind)
    for name, value in settings.items():
        setattr(constraint, name, value)
    return constraint


LIMITED = {f"use_limit_{letter}": True for letter in "xyz"}
WIDE = {f"{end}_{letter}": value for letter in "xyz" for end, value in (("min", -0.7), ("max", 0.7))}


@pytest.mark.parametrize(
    ("kind", "settings", "held"),
    [
        ("LIMIT_ROTATION", {**LIMITED, "owner_space": "LOCAL"}, True),
        ("LIMIT_ROTATION", LIMITED, True),
        ("COPY_ROTATION", {}, True),
        ("COPY_TRANSFORMS", {}, True),
        ("DAMPED_TRACK", {}, True),
        ("LIMIT_ROTATION", {**LIMITED, **WIDE, "owner_space": "LOCAL"}, False),
        ("LIMIT_ROTATION", {**LIMITED, "owner_space": "LOCAL", "mute": True}, False),
        ("LIMIT_SCALE", {"use_min_x": True, "use_max_x": True}, False),
        ("COPY_ROTATION", {"influence": 0.3}, False),
        ("COPY_ROTATION", {"mix_mode": "ADD"}, False),
        ("COPY_LOCATION", {}, False),
    ],
)
def test_a_constraint_that_holds_what_is_keyed_is_told(talker, kind, settings, held):
    rig, mesh = talker
    constraint = on_head(rig, kind, **settings)
    if hasattr(constraint, "target"):
        constraint.target = bpy.data.objects.new("Handle", None)
        bpy.context.scene.collection.objects.link(constraint.target)
    assert codes(mesh) == ["HELD"] * held
    if held:
        (problem,) = api.check(mesh)
        assert f"'{constraint.name}' holds the bone 'head' of '{rig.name}'" in problem.message
        api.repair(mesh)
        assert constraint.mute and codes(mesh) == []


def test_tweak_mode(talker):
    rig, mesh = talker
    data = mesh.data.shape_keys.animation_data
    data.nla_tracks[0].strips[0].select = True
    data.nla_tracks.active = data.nla_tracks[0]
    data.use_tweak_mode = True
    if not data.use_tweak_mode:
        pytest.skip("this Blender enters tweak mode only in its editor")
    assert "TWEAK_MODE" in codes(mesh)
    api.repair(mesh)
    assert not data.use_tweak_mode


@pytest.mark.skipif(not animation_data.HAS_SLOTS, reason="this Blender's actions have no slots")
@pytest.mark.parametrize("placement", ["NLA", "ACTION"])
def test_a_lost_slot(fake, voice, placement):
    _, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=10, placement=placement)
    data = mesh.data.shape_keys.animation_data
    user = data.nla_tracks[0].strips[0] if placement == "NLA" else data
    user.action_slot = None
    assert codes(mesh) == ["NO_SLOT"]
    assert api.repair(mesh) == [] and user.action_slot is not None
    assert jaw(mesh) == pytest.approx(0.4, abs=1e-5)


def test_the_active_action_without_influence(fake, voice):
    _, mesh = characters.rigged()
    api.generate(mesh, voice, start_frame=10, placement="ACTION")
    data = mesh.data.shape_keys.animation_data
    data.action_influence = 0.0
    assert codes(mesh) == ["ACTION_INFLUENCE"]
    assert api.repair(mesh) == [] and data.action_influence == 1.0


def test_generating_tells_each_reason_once(fake, voice):
    rig, mesh = characters.rigged()
    mesh.show_only_shape_key = True
    mesh.data.shape_keys.key_blocks["jawOpen"].mute = True
    mesh.hide_set(True)
    bpy.context.scene.frame_end = 20
    report = api.generate(mesh, voice, extend_range=False, start_frame=1)
    told = [text for text in report.warnings if "sound" not in text]
    assert len(told) == 3 and sum("hidden" in text for text in told) == 1


def test_all_at_once_and_one_by_one(talker, monkeypatch):
    rig, mesh = talker
    mute_track(rig, mesh)
    pin(rig, mesh)
    absolute(rig, mesh)
    assert sorted(codes(mesh)) == ["KEY_ABSOLUTE", "KEY_PINNED", "NLA_MUTED"]
    left = api.repair(mesh, code="KEY_PINNED", subject="Face")
    assert len(left) == 2 and sorted(codes(mesh)) == ["KEY_ABSOLUTE", "NLA_MUTED"]
    bpy.context.scene.talking_animation.character = rig
    with monkeypatch.context() as german:
        german.setattr(interface, "translated", lambda text: f"<{text}>")
        assert bpy.ops.talking_animation.repair(code="KEY_PINNED", subject="Face") == {"FINISHED"}
    told = bpy.context.window_manager.talking_animation.message
    assert told == " ".join(f"<{text}>" for text in left), "each in the user's language"
    assert bpy.ops.talking_animation.repair() == {"FINISHED"}
    assert codes(mesh) == []
    assert bpy.context.window_manager.talking_animation.message.startswith("Nothing keeps")


def test_without_an_animation_there_is_nothing_to_say(fake):
    rig, mesh = characters.rigged()
    mesh.show_only_shape_key = True
    assert api.check(mesh) == [] and api.repair(mesh) == []
    assert not bpy.ops.talking_animation.repair.poll()


def test_repairs_keep_the_dials_and_keys(talker):
    rig, mesh = talker
    speech.give(mesh)
    rig.talking_animation.lips_up_down = 0.5
    rig.talking_animation.key_style = "BEZIER"
    strip_above(rig, mesh)
    api.push_to_nla(mesh, 4, 4)
    api.repair(mesh)
    _, strip = nla.own_strip(mesh.data.shape_keys)
    assert strip.blend_in == 4 and rig.talking_animation.lips_up_down == 0.5
    curve = animation_data.own_curves(actions.own_actions(mesh.data.shape_keys), mesh.data.shape_keys)[JAW, 0]
    assert curve.keyframe_points[0].interpolation == "BEZIER"


def test_vertices_that_a_script_put_back_are_told_no_more(fake, voice):
    _, mesh = characters.rigged()
    block = mesh.data.shape_keys.key_blocks["jawOpen"]
    was = block.data[0].co.copy()
    block.data[0].co = (float("nan"),) * 3
    api.generate(mesh, voice)
    assert "KEY_NOWHERE" in codes(mesh)
    block.data[0].co = was
    assert "KEY_NOWHERE" not in codes(mesh)
