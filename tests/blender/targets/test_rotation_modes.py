"""Whatever a rotation is kept as, and however a part rests: it turns about the same axis, without jumps."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from drawn_characters import FPS, empty, linked, say
from face_animations import face_animation
from mathutils import Euler, Vector

from blender_addon import api
from blender_addon.api import drawings
from blender_addon.api.drawings import Move
from blender_addon.characters import rotations

MODES = ("QUATERNION", "AXIS_ANGLE", "XYZ", "YZX")
FRAMES = 24
NORMAL = Vector((0, -1, 0))  # to the viewer of the front view


def line():
    """A jaw that opens up to halfway and shuts."""
    arkit = np.zeros((FRAMES, 52), np.float32)
    arkit[:, 17] = 0.25 - 0.25 * np.cos(2 * np.pi * np.arange(FRAMES) / FRAMES)
    return face_animation(FPS, arkit)


def turned_to(owner, mode, rest, name="rotation"):
    """Let an object or a pose bone rest in a rotation."""
    owner.rotation_mode = mode
    if mode == "QUATERNION":
        setattr(owner, f"{name}_quaternion", rest.to_quaternion())
    elif mode == "AXIS_ANGLE":
        axis, angle = rest.to_quaternion().to_axis_angle()
        owner.rotation_axis_angle = (angle, *axis)
    else:
        setattr(owner, f"{name}_euler", rest.to_matrix().to_euler(mode))


def angles_about_normal(place):
    """How far `place()` is turned in the picture in each frame, after asking that it turns about nothing else."""
    bpy.context.scene.frame_set(FRAMES + 200)
    rest = place().to_3x3().inverted()
    angles = []
    for frame in range(1, FRAMES + 1):
        bpy.context.scene.frame_set(frame)
        axis, angle = (place().to_3x3() @ rest).to_quaternion().to_axis_angle()
        assert angle < 1e-3 or abs(axis @ NORMAL) > 0.999, f"frame {frame} turns about {tuple(axis)}"
        angles.append(angle * (1 if axis @ NORMAL > 0 else -1))
    return np.array(angles)


def check(angles):
    assert np.ptp(angles) == pytest.approx(0.5, abs=0.02) and angles.max() > 0.45
    assert np.abs(np.diff(angles)).max() < 0.1


def square(name, parent):
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([(-1, 0, -1), (1, 0, -1), (1, 0, 1), (-1, 0, 1)], [], [(0, 1, 2, 3)])
    return linked(bpy.data.objects.new(name, mesh), parent)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_plane_turns_in_its_picture(mode, mirrored):
    bpy.context.scene.render.fps = int(FPS)
    root = empty("Otto")
    flap = square("Flap", root)
    root.rotation_euler = (0.0, 0.6, 0.0)
    root.scale = (-2, 2, 2) if mirrored else (1, 1, 1)
    turned_to(flap, mode, Euler((0.0, 1.1, 0.0)))
    if mode not in ("AXIS_ANGLE",):
        turned_to(flap, mode, Euler((0.0, 2.6, 0.0)), "delta_rotation")
    drawings.map_part(root, "jaw", flap, moves={"turn": Move("jaw", 1.0)})
    bpy.context.view_layer.update()
    say(root, line())
    check(angles_about_normal(lambda: flap.matrix_world))


def bones(*names):
    data = bpy.data.armatures.new("Rig")
    rig = linked(bpy.data.objects.new("Rig", data))
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    for number, name in enumerate(names):
        bone = data.edit_bones.new(name)
        bone.head, bone.tail, bone.roll = (0, 0, 0), (0.3, 0.2, 1.0), 0.4 * number + 0.3
    bpy.ops.object.mode_set(mode="OBJECT")
    return rig


@pytest.mark.parametrize("mode", MODES)
def test_a_posed_bone_turns_in_the_picture(mode):
    bpy.context.scene.render.fps = int(FPS)
    rig = bones("m1")
    bone = rig.pose.bones["m1"]
    turned_to(bone, mode, Euler((0.5, -0.4, 0.9)))
    rest = [*getattr(bone, rotations.rotation_path(mode)[0])]
    drawings.map_part(rig, "jaw", rig, "m1", {"turn": Move("jaw", 1.0)})
    bpy.context.view_layer.update()
    say(rig, line())
    check(angles_about_normal(lambda: rig.matrix_world @ bone.matrix))
    api.remove(rig)
    assert [*getattr(bone, rotations.rotation_path(mode)[0])] == pytest.approx(rest, abs=1e-5)


@pytest.mark.parametrize(
    "rest",
    [
        (0.0, 0.0, 1.0, 0.0),
        (0.0, 0.0, 0.0, 0.0),
        (-1.0, 0.0, 0.6, 0.8),
        (5.5, 2.0, 0.0, 0.0),
        (-8.0, 0.0, 0.0, -1.0),
    ],
)
def test_axis_and_angle_begin_at_rest_and_do_not_jump(rest):
    swing = 0.3 * np.sin(np.linspace(0, 4 * np.pi, 40))
    turns = rotations.rotation_matrices(swing[:, None] * np.array([0.0, 0.6, 0.8]))
    values = rotations.turned(rest, "AXIS_ANGLE", turns)
    posed = rotations.from_mode(rest, "AXIS_ANGLE")
    for value, turn in zip(values, turns):
        assert rotations.from_mode(value, "AXIS_ANGLE") == pytest.approx(posed @ turn, abs=1e-5)
    assert np.abs(np.diff(values[:, 0])).max() < 0.5 and values[0, 0] == pytest.approx(rest[0], abs=1e-3)
    alike = (values[:-1, 1:] * values[1:, 1:]).sum(axis=1)
    assert alike.min() > -1e-6, "the axis never points the other way from one frame to the next"


@pytest.mark.parametrize("rest", [(-1.0, 0.0, 0.0, 0.0), (-0.8, 0.0, 0.6, 0.0)])
def test_quaternions_keep_the_sign_of_rest(rest):
    values = rotations.turned(rest, "QUATERNION", np.tile(np.eye(3), (3, 1, 1)))
    assert values[0] == pytest.approx(rest, abs=1e-6)


def test_angles_begin_where_the_user_wound_them_to():
    rest = (0.2, 2.4, 7.0)
    values = rotations.turned(rest, "XYZ", np.tile(np.eye(3), (2, 1, 1)))
    assert values[0] == pytest.approx(rest, abs=1e-5)


def test_a_still_part_keeps_its_own_angles_without_keys():
    bpy.context.scene.render.fps = int(FPS)
    root = empty("Otto")
    flap = square("Flap", root)
    drawings.map_part(root, "jaw", flap, moves={"turn": Move("jaw", 1.0)})
    bpy.context.view_layer.update()
    say(root, line())
    (action,) = [action for action in bpy.data.actions]
    from blender_addon.host.blender_versions import animation_data

    curves = animation_data.own_curves([action], flap)
    assert {(path, index) for path, index in curves if "rotation" in path} == {("delta_rotation_euler", 1)}
