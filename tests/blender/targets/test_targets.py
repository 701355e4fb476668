"""The head turns the way the voice's speaker does, however bones, meshes and objects are oriented."""

from __future__ import annotations

import bpy
import characters
import numpy as np
import pytest
from at_rest import AtRest
from face_animations import face_animation
from mathutils import Euler, Matrix

from blender_addon import api
from blender_addon.characters import character, registry, rotations
from blender_addon.characters.face_axes import measure_mesh
from blender_addon.characters.target import TargetSettings
from blender_addon.contract import Dials

FPS = 24.0


SETTINGS = TargetSettings(Dials(), AtRest())


def motion(nod=0.0, turn=0.0, tilt=0.0, yaw=0.0, pitch=0.0, shift=(0.0, 0.0, 0.0)):
    rows = 60
    return face_animation(
        FPS,
        np.zeros((rows, 52), np.float32),
        head_rotation=np.tile(np.float32((nod, turn, tilt)), (rows, 1)),
        head_translation=np.tile(np.float32(shift), (rows, 1)),
        eye_rotation=np.tile(np.float32((yaw, pitch)), (rows, 1)),
    )


def pose(outcome, row=40):
    """Give the properties the values of one row."""
    for channel in outcome.channels:
        owner, _, name = channel.data_path.rpartition(".")
        target = channel.datablock.path_resolve(owner) if owner else channel.datablock
        getattr(target, name)[channel.index] = float(channel.values[row])
    bpy.context.view_layer.update()


FORWARD = (3, 5)  # vertices of the box from the front to the back: the reverse looks forward


def looks(mesh):
    """Where the head looks and where its top points, in the world."""
    forward = -characters.world_direction(mesh, 3, 5)
    return forward, characters.world_direction(mesh, 3, 4)


@pytest.mark.parametrize("roll", [0.0, 0.7, 2.5])
@pytest.mark.parametrize("mode", ["QUATERNION", "XYZ", "ZYX", "AXIS_ANGLE"])
@pytest.mark.parametrize("lying", [False, True])
def test_head_bone(roll, mode, lying):
    shape = dict(characters.SPINE)
    if lying:  # a head bone that points forward instead of up
        shape["head"] = ((0.0, 0.1, -1.2), (0.0, -1.5, -1.0), "neck")
    rig, mesh = characters.rigged(roll, shape)
    rig.rotation_euler = (0.3, -0.2, 1.1)
    rig.location = (3, 2, 1)
    bpy.context.view_layer.update()
    for name in ("head", "neck"):
        rig.pose.bones[name].rotation_mode = mode
    # The mesh follows the head bone through its vertex group.
    world = np.array(rig.matrix_world.to_3x3())
    found = character.describe(mesh)
    assert (found.head, found.neck) == ("head", "neck")
    pose(registry.by_name("head_bones").apply(motion(nod=0.3), found, SETTINGS))
    forward, up = looks(mesh)
    assert world.T @ forward == pytest.approx((0, -np.cos(0.3), -np.sin(0.3)), abs=1e-3)  # looks down
    pose(registry.by_name("head_bones").apply(motion(turn=0.4), found, TargetSettings(Dials(), _Identity())))
    forward, up = looks(mesh)
    assert world.T @ forward == pytest.approx(
        (np.sin(0.4), -np.cos(0.4), 0), abs=1e-3
    )  # to the picture's right
    pose(registry.by_name("head_bones").apply(motion(tilt=0.4), found, TargetSettings(Dials(), _Identity())))
    forward, up = looks(mesh)
    assert world.T @ up == pytest.approx((-np.sin(0.4), 0, np.cos(0.4)), abs=1e-3)  # counter-clockwise


class _Identity(AtRest):
    """As if the pose were not there."""

    def __call__(self, datablock, path, index):
        identity = {"rotation_quaternion": (1, 0, 0, 0), "rotation_axis_angle": (0, 0, 1, 0)}
        return float(identity.get(path.rpartition(".")[2], (0, 0, 0))[index])


def test_a_posed_head_keeps_its_pose():
    rig, mesh = characters.rigged()
    head = rig.pose.bones["head"]
    head.rotation_quaternion = Euler((0.0, 0.5, 0.0)).to_quaternion()  # turned about the bone
    bpy.context.view_layer.update()
    before, _ = looks(mesh)
    outcome = registry.by_name("head_bones").apply(motion(), character.describe(mesh), SETTINGS)
    pose(outcome)
    assert looks(mesh)[0] == pytest.approx(before, abs=1e-5)
    assert outcome.channels[0].values[0] == pytest.approx(outcome.channels[0].rest, abs=1e-6)


def test_neck_takes_its_share():
    rig, mesh = characters.rigged()
    pose(registry.by_name("head_bones").apply(motion(nod=0.4), character.describe(mesh), SETTINGS))
    assert rig.pose.bones["neck"].rotation_quaternion.angle == pytest.approx(0.35 * 0.4, abs=1e-4)
    assert rig.pose.bones["head"].rotation_quaternion.angle == pytest.approx(0.65 * 0.4, abs=1e-4)


@pytest.mark.parametrize("mode", ["XYZ", "YXZ", "QUATERNION", "AXIS_ANGLE"])
@pytest.mark.parametrize("rest", [(0, 0, 0), (0.5, -0.4, 1.2)])
@pytest.mark.parametrize("delta", [(0, 0, 0), (0.2, 0.1, -0.3)])
def test_object_rotation(mode, rest, delta):
    mesh = characters.face_mesh()
    mesh.rotation_mode = mode
    if mode == "QUATERNION":
        mesh.rotation_quaternion = Euler(rest).to_quaternion()
        mesh.delta_rotation_quaternion = Euler(delta).to_quaternion()
    elif mode == "AXIS_ANGLE":
        axis, angle = Euler(rest).to_quaternion().to_axis_angle()
        mesh.rotation_axis_angle = (angle, *axis)
    else:
        mesh.rotation_euler = Euler(rest, mode)
        mesh.delta_rotation_euler = Euler(delta, mode)
    bpy.context.view_layer.update()
    world = np.array(mesh.matrix_world.to_3x3())
    own = tuple(mesh.rotation_euler), tuple(mesh.rotation_quaternion)
    pose(registry.by_name("object_rotation").apply(motion(nod=0.3), character.describe(mesh), SETTINGS))
    forward, _ = looks(mesh)
    assert world.T @ forward == pytest.approx((0, -np.cos(0.3), -np.sin(0.3)), abs=1e-4)
    assert own == (tuple(mesh.rotation_euler), tuple(mesh.rotation_quaternion))


def test_a_rotation_by_axis_and_angle_that_is_animated_already_is_left_alone():
    class Animated(AtRest):
        def animated(self, datablock, path):
            return path == "rotation_axis_angle"

    mesh = characters.face_mesh()
    mesh.rotation_mode = "AXIS_ANGLE"
    turned = registry.by_name("object_rotation")
    outcome = turned.apply(motion(nod=0.3), character.describe(mesh), TargetSettings(Dials(), Animated()))
    assert not outcome.channels and "animated already" in outcome.warnings[0]
    mesh.rotation_mode = "XYZ"
    assert turned.apply(
        motion(nod=0.3), character.describe(mesh), TargetSettings(Dials(), Animated())
    ).channels


def test_object_turns_to_the_pictures_right_about_its_neck_where_the_origin_is_far():
    mesh = characters.face_mesh()
    mesh.data.transform(Matrix.Translation((0, 0, 10)), shape_keys=True)
    mesh.scale = (2, 2, 2)
    bpy.context.view_layer.update()
    pose(registry.by_name("object_rotation").apply(motion(tilt=0.4), character.describe(mesh), SETTINGS))
    forward, up = looks(mesh)
    assert up == pytest.approx((-np.sin(0.4), 0, np.cos(0.4)), abs=1e-4)
    centre = mesh.matrix_world @ Matrix.Translation((0, 0, 10)).translation
    assert abs(centre.x) < 1.0, "the head must not swing about the far origin"
    pivot = (0.0, 0.0, 10 - 0.35 * 2.0)
    assert tuple(mesh.matrix_world @ _vector(pivot)) == pytest.approx(
        [2 * value for value in pivot], abs=1e-4
    )


def _vector(values):
    from mathutils import Vector

    return Vector(values)


@pytest.mark.parametrize(
    "turned",
    [
        Matrix.Identity(3),
        characters.degrees("X", -90),  # Y up, looks along Z
        characters.degrees("Z", 90),  # looks along X
        characters.degrees("Z", 180),
        characters.degrees("Y", 90),
    ],
)
def test_face_axes(turned):
    mesh = characters.face_mesh(turned=turned)
    face = measure_mesh(character.describe(mesh).meshes[0])
    expected = np.array(turned) @ np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    assert face.axes == pytest.approx(expected, abs=1e-6)
    assert np.linalg.det(face.axes) == pytest.approx(1)
    assert face.unit == pytest.approx(0.6 * 1.43)


def test_face_axes_with_little_to_go_by():
    mesh = characters.face_mesh(names=["jawOpen"])
    face = measure_mesh(character.describe(mesh).meshes[0])
    assert face.axes == pytest.approx(np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]]), abs=1e-6)


def test_eye_bones_look_where_the_speaker_does():
    shape = dict(characters.SPINE)
    shape["eye.L"] = ((0.3, -0.8, 0.4), (0.3, -1.4, 0.4), "head")
    shape["eye.R"] = ((-0.3, -0.8, 0.4), (-0.3, -1.4, 0.4), "head")
    rig, mesh = characters.rigged(0.4, shape)
    found = character.describe(mesh)
    assert found.eyes == ("eye.L", "eye.R")
    assert not registry.by_name("eyes").apply(motion(yaw=0.3), found, SETTINGS).channels, (
        "its shapes turn the eyes already"
    )
    for block in list(mesh.data.shape_keys.key_blocks):
        if block.name.startswith("eyeLook"):
            mesh.shape_key_remove(block)
    found = character.describe(mesh)
    pose(registry.by_name("eyes").apply(motion(yaw=0.3, pitch=0.2), found, SETTINGS))
    looking = np.array(rig.pose.bones["eye.L"].vector.normalized())
    assert looking[0] == pytest.approx(np.sin(0.3) * np.cos(0.2), abs=0.02)
    assert looking[2] == pytest.approx(np.sin(0.2), abs=0.02)


def test_euler_matrices_agree_with_blender():
    angles = np.random.default_rng(1).uniform(-1, 1, (5, 3))
    expected = [np.array(Euler(row, "XYZ").to_matrix()) for row in angles]
    assert rotations.euler_matrices(angles) == pytest.approx(np.array(expected), abs=1e-6)


def test_quaternions_do_not_jump():
    angles = np.zeros((100, 3))
    angles[:, 1] = np.linspace(0, 4 * np.pi, 100)
    values = rotations.to_mode(rotations.euler_matrices(angles), "QUATERNION")
    assert np.abs(np.diff(values, axis=0)).max() < 0.1


def test_regenerating_at_a_turned_head_gives_the_same(fake, voice):
    rig, mesh = characters.rigged()
    mesh.parent_type, mesh.parent_bone = "BONE", "head"
    mesh.modifiers.clear()
    bpy.context.view_layer.update()
    api.generate(mesh, voice, start_frame=1)
    bpy.context.scene.frame_set(24)
    before = tuple(rig.pose.bones["head"].rotation_quaternion)
    api.generate(mesh, voice, start_frame=1)
    bpy.context.scene.frame_set(24)
    assert tuple(rig.pose.bones["head"].rotation_quaternion) == pytest.approx(before, abs=1e-5)
