"""A picture while it talks: its lips begin shut, its head turns no farther than a relief can, and Remove gives it back."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from at_rest import AtRest
from blender_addon.contract.face_picture import PICTURE, PICTURED
from blender_addon.contract.head_limits import softly_limited
from face_animations import face_animation
from picture_characters import add, contract_picture, face_of
from places import VOICE

from blender_addon import api
from blender_addon.characters.face_axes import LOOKING_FORWARD, measure_mesh
from blender_addon.characters.pictures import HEAD_LIMIT, PictureOrigin, origin_of
from blender_addon.host.blender_versions import animation_data
from blender_addon.keys import actions


def pictured_at(root, frame: float) -> float:
    bpy.context.scene.frame_set(int(frame), subframe=frame % 1)
    return float(face_of(root).data.shape_keys.key_blocks[PICTURED].value)


@pytest.fixture
def talking(fake, voice):
    """An open mouth that says a line of two seconds from frame 11 on."""
    (root,) = add(contract_picture(5.0))
    api.generate(root, voice, start_frame=11, dials=api.Dials())
    return root


def curve_of(root):
    key = face_of(root).data.shape_keys
    (action,) = actions.own_actions(key)
    curves = animation_data.curve_set(action, key)
    return curves.by_path()[f'key_blocks["{PICTURED}"].value', 0]


def test_the_mouth_that_is_shown_shuts_with_the_line_and_comes_back(talking):
    fps = bpy.context.scene.render.fps
    assert pictured_at(talking, 11) == 1
    assert 0 < pictured_at(talking, 12) < 1
    assert [pictured_at(talking, 11 + fps * part) for part in (0.25, 1, 1.9)] == [0, 0, 0]
    assert 0 < pictured_at(talking, 11 + 2.15 * fps) < 1
    assert pictured_at(talking, 11 + 2.4 * fps) == 1 and pictured_at(talking, 500) == 1
    assert pictured_at(talking, 1) == 1


@pytest.mark.parametrize("placement", ["NLA", "ACTION"])
def test_removing_gives_the_picture_back(fake, voice, placement):
    (root,) = add(contract_picture(5.0))
    block = face_of(root).data.shape_keys.key_blocks[PICTURED]
    block.value = 0.75  # as the user likes it
    api.generate(root, voice, start_frame=1, placement=placement)
    assert pictured_at(root, 25) == 0
    api.generate(root, voice, start_frame=1, placement=placement, seed=1)
    assert pictured_at(root, 1) == 0.75
    bpy.context.scene.frame_set(25)
    assert api.remove(root) and block.value == 0.75
    assert face_of(root).data.shape_keys.animation_data is None


def test_dials_act_on_it(talking):
    middle = 35
    api.apply_dials(talking, api.Dials(lips=0.0))
    assert pictured_at(talking, middle) == 1  # lips that keep still stay as the picture shows them
    api.apply_dials(talking, api.Dials(lips=0.3))
    assert pictured_at(talking, middle) == 0
    api.apply_key_style(talking, api.KeyStyle("BEZIER", 0.02))
    assert pictured_at(talking, 11) == 1 and pictured_at(talking, middle) == pytest.approx(0, abs=0.02)
    assert len(curve_of(talking).keyframe_points) < 20


def test_faded_strips_fade_from_the_picture(talking):
    api.push_to_nla(talking, 10, 10)
    assert pictured_at(talking, 3) == pytest.approx(1)
    assert pictured_at(talking, 11) == pytest.approx(1)
    assert pictured_at(talking, 35) == pytest.approx(0, abs=1e-6)


def test_a_driver_of_the_users_keeps_it(fake, voice):
    (root,) = add(contract_picture(5.0))
    block = face_of(root).data.shape_keys.key_blocks[PICTURED]
    block.driver_add("value").driver.expression = "0.5"
    api.generate(root, voice, start_frame=1)
    key = face_of(root).data.shape_keys
    curves = animation_data.curve_set(actions.own_actions(key)[0], key)
    assert (f'key_blocks["{PICTURED}"].value', 0) not in curves.by_path()


def test_a_shut_mouth_needs_none(fake, voice):
    (root,) = add(contract_picture(0.0))
    report = api.generate(root, voice, start_frame=1)
    assert report.curves and not api.check(root)
    assert PICTURED not in face_of(root).data.shape_keys.key_blocks


def test_nothing_is_told_to_keep_it_from_showing(talking):
    assert api.check(talking) == []


def test_a_relief_looks_forward_whatever_its_shapes_move():
    """With a jaw alone the shapes would say that the face looks down."""
    picture = contract_picture()
    (root,) = add(picture)
    (mesh,) = api.describe(root).meshes
    face = measure_mesh(mesh)
    assert np.array_equal(face.axes, LOOKING_FORWARD)
    assert face.unit == pytest.approx(picture.eye_distance * 2 / max(picture.size))


def turned(root, **angles) -> np.ndarray:
    """How far the head bone turns for a motion of so many degrees, degrees about each axis."""
    from blender_addon.characters.character import describe
    from blender_addon.characters.target import TargetSettings
    from blender_addon.contract import Dials
    from blender_addon.targets.head_bones import HeadBones

    rows = np.radians(np.tile(np.float32([angles.get(axis, 0) for axis in "xyz"]), (60, 1)))
    motion = face_animation(24.0, np.zeros((60, 52), np.float32), head_rotation=rows)
    outcome = HeadBones().apply(motion, describe(root), TargetSettings(Dials(), AtRest()))
    quaternion = [
        channel.values[40] for channel in outcome.channels if channel.data_path.endswith("quaternion")
    ]
    return np.degrees(2 * np.arccos(min(1.0, quaternion[0])))


def test_the_head_keeps_below_what_a_relief_can_bear():
    (root,) = add(contract_picture())
    assert turned(root, y=4) == pytest.approx(4, abs=0.01)
    assert 7 < turned(root, y=9) < 9
    assert 9 < turned(root, x=40) < 10.01
    narrow = PictureOrigin(**{**vars(origin_of(root)), "head_limit": np.radians(4)})
    narrow.keep(root)
    assert 3.9 < turned(root, z=-40) < 4.01


def test_a_soft_limit_is_smooth_odd_and_never_passed():
    angles = np.linspace(-2, 2, 4001)
    bent = softly_limited(angles, HEAD_LIMIT)
    assert np.abs(bent).max() <= HEAD_LIMIT and (np.diff(bent) >= 0).all()
    assert np.allclose(bent, -bent[::-1])
    small = np.abs(angles) <= HEAD_LIMIT / 2
    assert np.array_equal(bent[small], angles[small])
    assert np.abs(np.diff(bent, 2)).max() < 1e-4


@pytest.mark.skipif(not VOICE.is_file(), reason="the sample voice is not here")
def test_at_both_ends_of_the_line_the_picture_is_seen(talking):
    from rendering import rendered

    picture = contract_picture(5.0).textures[PICTURE][..., :3].astype(int)
    scene = bpy.context.scene
    seen = {}
    for frame in (1, 11, 35, 90):
        scene.frame_set(frame)
        seen[frame] = int(np.abs(rendered(scene)[..., :3] - picture).max())
    assert seen[1] == seen[11] == seen[90] == 0 < seen[35]
