"""Landmark points: where the landmarks are, with the head, from every dial, and gone without a trace."""

from __future__ import annotations

import bpy
import characters
import numpy as np
import pytest
from blender_addon.contract.dialled import dialled
from fake_engine import synthetic
from mathutils import Euler, Matrix
from versions import ends

from blender_addon import api
from blender_addon.characters import rotations
from blender_addon.characters.character import ROLE
from blender_addon.contract import LANDMARK_GROUPS
from blender_addon.errors import TalkingAnimationError
from blender_addon.faces import landmarks
from blender_addon.motion import stored_motion
from blender_addon.talking import carried as talking_carried
from blender_addon.talking import problems
from blender_addon.targets.landmark_points.keys import objects

FRAMES = (8, 20, 33)  # within the motion, after it has grown out of rest


def moving(character):
    """Let a character that talks carry landmarks that move in a way that is easy to recognise."""
    path = talking_carried.motion_file(character)
    fields = synthetic(2.0)
    neutral = landmarks.template()[0].astype(np.float32)
    time = np.arange(len(fields["arkit"])) / 25.0
    wave = np.sin(2 * np.pi * 1.3 * time[:, None, None] + np.arange(68)[None, :, None]) * [0.01, 0.03, 0.02]
    fields["landmarks"] = (neutral + wave).astype(np.float32)
    fields["neutral"] = neutral
    fields["head_rotation"] = np.stack([0.3 * np.sin(time), 0.2 * np.cos(time), 0.1 * time], 1).astype("f4")
    np.savez(path, **fields)
    api.apply_dials(character)


def expected(character, frame, start=1):
    """(68, 3) landmarks at a scene frame, with the dials applied; and head rotation and translation."""
    scene = bpy.context.scene
    motion = stored_motion.load(talking_carried.motion_file(character)).resampled(scene.render.fps)
    motion = dialled(motion, api.dials_of(api.describe(character).root.talking_animation))
    row = frame - start
    return motion.landmarks[row], motion.head_rotation[row], motion.head_translation[row]


def local(anchor):
    """(68, 3) the points as they are now, in their anchor's own space."""
    return inside(anchor, world(anchor))


def inside(anchor, points):
    place = np.array(anchor.matrix_world.inverted())
    return points @ place[:3, :3].T + place[:3, 3]


def world(anchor):
    graph = bpy.context.evaluated_depsgraph_get()
    for item in objects.parts(anchor, objects.MESH):
        evaluated = item.evaluated_get(graph)
        flat = np.empty(3 * len(evaluated.data.vertices), np.float32)
        evaluated.data.vertices.foreach_get("co", flat)
        place = np.array(evaluated.matrix_world)
        return flat.reshape(-1, 3) @ place[:3, :3].T + place[:3, 3]
    points = objects.parts(anchor, objects.POINT)
    return np.array([item.evaluated_get(graph).matrix_world.translation for item in points])


@ends
@pytest.mark.parametrize("kind", ["MESH", "EMPTIES"])
@pytest.mark.parametrize("first", ["points", "animation"])
def test_the_points_are_the_landmarks_with_every_dial(fake, voice, kind, first):
    rig, mesh = characters.rigged()
    if first == "points":
        anchor = api.add_points(mesh, kind)
        assert np.allclose(local(anchor), landmarks.template()[0], atol=1e-5)
    api.generate(mesh, voice, start_frame=1)
    if first == "animation":
        anchor = api.add_points(mesh, kind)
    moving(rig)
    for dials in (api.Dials(), api.Dials(lips_up_down=2.0, brows=0.3, blinks=0.0, offset=0.1)):
        api.apply_dials(rig, dials)
        for frame in FRAMES:
            bpy.context.scene.frame_set(frame)
            assert np.abs(local(anchor) - expected(rig, frame)[0]).max() < 1e-4
    assert not problems.find_problems(rig, bpy.context.scene)


@pytest.mark.parametrize("kind", ["MESH", "EMPTIES"])
def test_the_points_follow_the_head_bone(fake, voice, kind):
    rig, mesh = characters.rigged(roll=0.7)
    rig.location, rig.rotation_euler = (3, -2, 1), (0.2, 0.1, 1.0)
    anchor = api.add_points(rig, kind)
    at_rest = rig.matrix_world.copy()
    bone = rig.pose.bones["head"]
    rest = rig.data.bones["head"].matrix_local
    api.generate(mesh, voice, start_frame=1)
    moving(rig)
    turned = 0.0
    for frame in FRAMES:
        bpy.context.scene.frame_set(frame)
        where = anchor.evaluated_get(bpy.context.evaluated_depsgraph_get()).matrix_world
        carried = at_rest @ bone.matrix @ rest.inverted()
        # In the armature's space at rest the face looks along -Y, between the blinks' two vertices.
        origin = carried @ Matrix.Translation((0.0, -0.9, 0.4)) @ Matrix.Rotation(np.pi / 2, 4, "X")
        unit = where.to_scale()[0]
        assert np.allclose(np.array(where), np.array(origin @ Matrix.Scale(unit, 4)), atol=1e-4)
        turned = max(turned, bone.matrix_basis.to_quaternion().angle)
        assert np.abs(local(anchor) - expected(rig, frame)[0]).max() < 1e-4
    assert turned > 0.05


def test_own_landmarks_place_the_points_exactly(fake, voice):
    from blender_addon.faces.landmark_search.points import Landmarks

    template = landmarks.template()[0]
    turn = characters.degrees("Z", 30)
    shape = [tuple(turn @ characters._vector((x * 0.1, -z * 0.1, y * 0.1 + 2.0))) for x, y, z in template]
    data = bpy.data.meshes.new("Face")
    data.from_pydata(shape, [], [(0, 1, 2)])
    face = bpy.data.objects.new("Face", data)
    bpy.context.scene.collection.objects.link(face)
    face.shape_key_add(name="Basis")
    face.shape_key_add(name="jawOpen", from_mix=False).data[8].co.z -= 0.01
    number = np.repeat(np.arange(68)[:, None], 3, axis=1)
    weights = np.tile([1.0, 0.0, 0.0], (68, 1))
    landmarks.store(face, Landmarks(number, weights, 1.0, "hand", ()))
    face.location = (5, 0, 0)
    anchor = api.add_points(face)
    assert np.abs(world(anchor) - (np.array(shape) + (5, 0, 0))).max() < 1e-4
    api.generate(face, voice, start_frame=1)
    bpy.context.scene.frame_set(20)
    assert anchor.parent == face  # and follows its delta rotation


@pytest.mark.parametrize("kind", ["MESH", "EMPTIES"])
def test_points_alone_are_a_character_of_their_own(fake, voice, kind):
    anchor = api.add_points(None, kind)
    assert api.describe(anchor).summary == "68 landmark points" and not api.describe(anchor).problem
    anchor.location, anchor.rotation_euler = (1, 2, 3), (0.3, 0.2, 0.1)
    part = anchor.children_recursive[-1]
    assert api.describe(part).root == anchor  # any of its objects will do
    report = api.generate(anchor, voice, start_frame=1, add_sound=False)
    assert report.curves == 68 * 3 + 6 and not report.warnings and "curves on its points" in report.message
    moving(anchor)
    for frame in FRAMES:
        bpy.context.scene.frame_set(frame)
        points, rotation, translation = expected(anchor, frame)
        if frame < 14:  # the head still grows out of rest
            continue
        turned = points @ rotations.euler_matrices(rotation[None])[0].T + translation
        assert np.abs(local(anchor) - turned).max() < 1e-4
        assert np.allclose(
            rotations.euler_matrices(rotation[None])[0], np.array(Euler(rotation).to_matrix()), atol=1e-6
        )
    assert api.remove(anchor)
    assert np.allclose(local(anchor), landmarks.template()[0], atol=1e-5) and not bpy.data.actions
    assert api.remove_points(anchor) and not bpy.data.objects and not bpy.data.meshes


@pytest.mark.parametrize("placement", ["NLA", "ACTION"])
@pytest.mark.parametrize("kind", ["MESH", "EMPTIES"])
def test_removing_leaves_nothing(fake, voice, kind, placement):
    rig, mesh = characters.rigged()
    before = set(bpy.data.objects), set(bpy.data.meshes)
    anchor = api.add_points(mesh, kind)
    api.generate(mesh, voice, placement=placement)
    friend = bpy.data.objects.new("Friend", None)  # the user's own, hung on a point
    bpy.context.scene.collection.objects.link(friend)
    friend.parent = anchor.children[0]
    bpy.context.view_layer.update()
    where = friend.matrix_world.copy()
    api.generate(mesh, voice, placement=placement, seed=3)  # replaces the take before
    count = sum(not name.name.endswith("rest") for name in bpy.data.actions)
    assert count == (3 if kind == "MESH" else 2 + 68)
    bpy.context.scene.frame_set(1)
    where = friend.matrix_world.copy()
    assert api.remove(mesh)
    assert (set(bpy.data.objects) - {friend}, set(bpy.data.meshes)) == before
    assert not bpy.data.actions and not any(ROLE in item for item in bpy.data.objects)
    assert friend.parent is None and np.allclose(np.array(friend.matrix_world), np.array(where), atol=0.1)


def test_removing_only_the_points_keeps_the_rest(fake, voice):
    rig, mesh = characters.rigged()
    api.generate(mesh, voice)
    actions = {action.name for action in bpy.data.actions}
    api.add_points(mesh)
    assert api.has_points(rig) and api.remove_points(rig) and not api.has_points(rig)
    assert {action.name for action in bpy.data.actions} == actions and api.has_animation(rig)


def test_names_groups_and_the_attribute():
    _, mesh = characters.rigged()
    points = objects.parts(api.add_points(mesh), objects.MESH)[0]
    numbers = np.empty(68, np.int32)
    points.data.attributes["landmark"].data.foreach_get("value", numbers)
    assert (numbers == np.arange(68)).all()
    titles = [group.name for group in points.vertex_groups]
    assert titles[:9] == list(LANDMARK_GROUPS) and titles[9:11] == [
        "Landmark 00",
        "Landmark 01",
    ]
    index = points.vertex_groups["Right Eye"].index
    inside_group = [v.index for v in points.data.vertices if any(g.group == index for g in v.groups)]
    assert inside_group == list(range(36, 42))
    empties = objects.parts(api.add_points(mesh, "EMPTIES"), objects.POINT)
    assert [item["landmark"] for item in empties] == list(range(68))
    assert empties[30].name.startswith("Landmark 30") and empties[30]["group"] == "Nose Bridge"


def test_a_constraint_follows_one_point(fake, voice):
    rig, mesh = characters.rigged()
    anchor = api.add_points(mesh)
    api.generate(mesh, voice, start_frame=1)
    moving(rig)
    follower = bpy.data.objects.new("Follower", None)
    bpy.context.scene.collection.objects.link(follower)
    constraint = follower.constraints.new("COPY_LOCATION")
    constraint.target = objects.parts(anchor, objects.MESH)[0]
    constraint.subtarget = "Landmark 57"
    for frame in FRAMES:
        bpy.context.scene.frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        where = np.array(follower.evaluated_get(graph).matrix_world.translation)
        assert np.abs(where - world(anchor)[57]).max() < 1e-4


def test_buttons(fake, voice):
    assert bpy.ops.talking_animation.add_points(kind="EMPTIES") == {"FINISHED"}  # nobody there: points alone
    chosen = bpy.context.scene.talking_animation
    assert chosen.character.get(ROLE) == "alone"
    chosen.audio = str(voice)
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    assert api.has_animation(chosen.character)
    assert bpy.ops.talking_animation.remove_points() == {"FINISHED"} and not bpy.data.objects
    _, mesh = characters.rigged()
    chosen.character = mesh
    assert not bpy.ops.talking_animation.remove_points.poll()
    assert bpy.ops.talking_animation.add_points(kind="MESH") == {"FINISHED"}
    assert bpy.ops.talking_animation.remove_points.poll() and api.has_points(mesh)


def test_the_panel():
    from types import SimpleNamespace

    from layout import Layout

    from blender_addon.ui import points

    for alone in (True, False):
        if not alone:
            bpy.context.view_layer.objects.active = characters.rigged()[1]
        layout = Layout()
        points.TALKING_PT_points.draw(SimpleNamespace(layout=layout), bpy.context)
        assert layout.said.count("talking_animation.add_points") == (2 if alone else 3)


def test_what_cannot_be():
    _, mesh = characters.rigged()
    with pytest.raises(TalkingAnimationError, match="MESH or EMPTIES"):
        api.add_points(mesh, "CURVE")
    cube = bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube"))
    with pytest.raises(TalkingAnimationError, match="no shape keys"):
        api.add_points(cube)
