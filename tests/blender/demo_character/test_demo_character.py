# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo character: its shapes move what they name, and the face closes where faces close."""

from __future__ import annotations

import bpy
import numpy as np
import pytest
from versions import ends

from blender_addon import demo_character
from blender_addon.demo_character.character import LANDMARKS_PROPERTY
from blender_addon.demo_character.hair import build_hair
from blender_addon.demo_character.head import HEAD_NAME
from blender_addon.demo_character.head_mesh import EYE_LOOPS, build_cage
from blender_addon.demo_character.proportions import EYE_CENTRE, EYE_RADIUS, NECK_SKIN_BOTTOM, to_metres

FLIP = np.array([-1.0, 1.0, 1.0])


class Face:
    """The built character, and measurements of its evaluated meshes."""

    def __init__(self) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.scene = bpy.context.scene
        self.root = demo_character.build(self.scene)
        self.meshes = {ob.name: ob for ob in self.root.children if ob.type == "MESH"}
        self.head = self.meshes[HEAD_NAME]
        self.landmarks = list(self.head[LANDMARKS_PROPERTY])

    def pose(self, **weights: float) -> None:
        for ob in self.meshes.values():
            keys = ob.data.shape_keys
            if keys is not None:
                for block in keys.key_blocks[1:]:
                    block.value = weights.get(block.name, 0.0)
        bpy.context.view_layer.update()

    def points(self, name: str = HEAD_NAME, **weights: float) -> np.ndarray:
        """Evaluated vertices (V, 3) in metres of one mesh in a pose."""
        self.pose(**weights)
        evaluated = self.meshes[name].evaluated_get(bpy.context.evaluated_depsgraph_get())
        mesh = evaluated.to_mesh()
        flat = np.empty(3 * len(mesh.vertices), dtype=np.float32)
        mesh.vertices.foreach_get("co", flat)
        evaluated.to_mesh_clear()
        return flat.reshape(-1, 3).astype(np.float64)

    def landmark_points(self, **weights: float) -> np.ndarray:
        return self.points(**weights)[self.landmarks]

    def opening(self, **weights: float) -> float:
        """Distance of the inner lips in the middle, metres."""
        p = self.landmark_points(**weights)
        return float(np.linalg.norm(p[62] - p[66]))

    def offsets(self, name: str, mesh: str = HEAD_NAME) -> np.ndarray:
        keys = self.meshes[mesh].data.shape_keys
        result = []
        for block in (keys.key_blocks[name], keys.key_blocks["Basis"]):
            flat = np.empty(3 * len(block.data), dtype=np.float32)
            block.data.foreach_get("co", flat)
            result.append(flat.reshape(-1, 3).astype(np.float64))
        return result[0] - result[1]


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Instead of the empty file each test elsewhere begins with: building once serves all tests here."""


@pytest.fixture(scope="module")
def face() -> Face:
    return Face()


def other_side(name: str) -> str:
    return name.replace("Left", "\0").replace("Right", "Left").replace("\0", "Right")


@ends
def test_there_are_52_arkit_shapes_that_move_something(face: Face) -> None:
    assert len(demo_character.ARKIT_NAMES) == len(set(demo_character.ARKIT_NAMES)) == 52
    names = [block.name for block in face.head.data.shape_keys.key_blocks]
    assert names == ["Basis", *demo_character.ARKIT_NAMES]
    for name in demo_character.ARKIT_NAMES:
        assert np.abs(face.offsets(name)).max() > 0.0008, name
    for ob in face.meshes.values():
        if ob.data.shape_keys is not None:
            for block in ob.data.shape_keys.key_blocks[1:]:
                assert block.name in demo_character.ARKIT_NAMES
                assert np.abs(face.offsets(block.name, ob.name)).max() > 1e-5, (ob.name, block.name)


@ends
def test_left_and_right_mirror_each_other(face: Face) -> None:
    mirror = np.empty(len(face.head.data.vertices), dtype=np.int32)
    face.head.data.attributes["mirror"].data.foreach_get("value", mirror)
    rest = face.points()
    assert np.abs(rest[mirror] * FLIP - rest).max() < 1e-6
    for name in demo_character.ARKIT_NAMES:
        if name in ("jawLeft", "jawRight", "mouthLeft", "mouthRight"):
            # These name a direction; they are each other's mirror image all the same.
            assert face.offsets(name)[:, 0].sum() * (1 if name.endswith("Left") else -1) > 0, name
        here, there = face.offsets(name), face.offsets(other_side(name))
        assert np.abs(here[mirror] * FLIP - there).max() < 2e-6, name
        if name.endswith("Left") and name not in ("jawLeft", "mouthLeft"):
            # "Left" is the character's own left: +x while it looks along -y.
            weight = np.linalg.norm(here, axis=1)
            assert (weight * rest[:, 0]).sum() > 0, name


def test_every_vertex_is_finite_in_every_shape(face: Face) -> None:
    for ob in face.meshes.values():
        assert np.isfinite(face.points(ob.name)).all(), ob.name
        if ob.data.shape_keys is not None:
            for block in ob.data.shape_keys.key_blocks[1:]:
                offsets = face.offsets(block.name, ob.name)
                assert np.isfinite(offsets).all() and np.abs(offsets).max() < 0.08, (ob.name, block.name)


@ends
def test_the_head_is_open_only_at_the_neck_and_behind_the_lids() -> None:
    cage = build_cage()
    directed = [(face[k - 1], face[k]) for face in cage.faces for k in range(len(face))]
    edges = set(directed)
    assert len(edges) == len(directed), "two faces that share an edge look opposite ways"
    border = {edge for edge in edges if edge[::-1] not in edges}
    at_neck = {(a, b) for a, b in border if np.abs(cage.vertices[[a, b], 2] - NECK_SKIN_BOTTOM).max() < 0.1}
    others = np.array(sorted(border - at_neck))
    assert at_neck
    assert (cage.eye_loop[others] == EYE_LOOPS - 1).all()
    assert len(others) == 2 * len(cage.eye_index[0][-1])


@ends
def test_the_hair_falls_the_same_way_each_time() -> None:
    first, second = build_hair(), build_hair()
    assert np.allclose(first.vertices, second.vertices, rtol=0.0, atol=1e-9)
    assert np.allclose(first.colours, second.colours, rtol=0.0, atol=1e-9)


def test_landmarks_are_68_distinct_vertices_in_ibug_order(face: Face) -> None:
    assert len(face.landmarks) == 68
    assert len(set(face.landmarks)) == 68
    p = face.landmark_points()
    x, y, z = p.T
    assert (np.diff(x[:17]) > 0).all() and (np.diff(x[17:27]) > 0).all()
    assert np.argmin(z) == 8
    assert (np.diff(z[27:31]) < 0).all() and (np.diff(x[31:36]) > 0).all()
    assert x[36] < x[39] < 0 < x[42] < x[45]
    assert (z[[37, 38, 43, 44]] > z[[41, 40, 47, 46]]).all()
    assert (np.diff(x[48:55]) > 0).all() and (np.diff(x[54:60]) < 0).all()
    assert z[51] > z[62] >= z[66] > z[57] > z[8]
    assert z[17:27].min() > z[36:48].max() > z[30] > z[51]
    assert y[30] == y.min()
    pairs = [
        (0, 16),
        (8, 8),
        (17, 26),
        (21, 22),
        (27, 27),
        (31, 35),
        (36, 45),
        (39, 42),
        (48, 54),
        (60, 64),
        (51, 51),
    ]
    for left, right in pairs:
        assert np.abs(p[left] * FLIP - p[right]).max() < 1e-3, (left, right)


def test_lips_just_touch_at_rest(face: Face) -> None:
    p = face.landmark_points()
    for upper, lower in ((61, 67), (62, 66), (63, 65)):
        assert 0.0 <= p[upper][2] - p[lower][2] < 0.0005
        assert np.linalg.norm(p[upper] - p[lower]) < 0.001


def test_the_jaw_opens_the_mouth_steadily(face: Face) -> None:
    openings = [face.opening(jawOpen=w) for w in np.linspace(0.0, 1.0, 11)]
    assert (np.diff(openings) > 0.001).all()
    assert 0.025 < openings[-1] < 0.06


def test_mouth_close_shuts_the_lips_of_an_open_jaw(face: Face) -> None:
    for weight in (0.3, 0.6, 1.0):
        opened = face.opening(jawOpen=weight)
        assert face.opening(jawOpen=weight, mouthClose=weight) < 0.1 * opened
    chin = face.landmark_points()[8], face.landmark_points(jawOpen=1.0, mouthClose=1.0)[8]
    assert chin[0][2] - chin[1][2] > 0.02


def test_lower_teeth_and_tongue_ride_on_the_jaw(face: Face) -> None:
    chin = face.landmark_points(jawOpen=1.0)[8] - face.landmark_points()[8]
    for name in ("Tali lower teeth", "Tali tongue"):
        move = (face.points(name, jawOpen=1.0) - face.points(name)).mean(axis=0)
        assert 0.4 * chin[2] > move[2] > 1.2 * chin[2], name
    assert face.meshes["Tali upper teeth"].data.shape_keys is None
    tongue = face.points("Tali tongue", jawOpen=0.5, tongueOut=1.0)
    assert tongue[:, 1].min() < face.landmark_points(jawOpen=0.5, tongueOut=1.0)[62, 1] - 0.005


def test_speech_shapes_do_what_their_names_say(face: Face) -> None:
    rest = face.landmark_points()
    width = rest[54, 0] - rest[48, 0]

    def posed(**weights: float) -> np.ndarray:
        return face.landmark_points(**weights)

    pucker = posed(mouthPucker=1.0)
    assert pucker[54, 0] - pucker[48, 0] < 0.7 * width
    assert pucker[51, 1] < rest[51, 1] - 0.005
    funnel = posed(mouthFunnel=1.0)
    assert np.linalg.norm(funnel[62] - funnel[66]) > 0.006
    assert funnel[54, 0] - funnel[48, 0] < 0.8 * width
    smile = posed(mouthSmileLeft=1.0)
    assert smile[54, 0] > rest[54, 0] + 0.004 and smile[54, 2] > rest[54, 2] + 0.004
    assert np.linalg.norm(smile[48] - rest[48]) < 0.002
    frown = posed(mouthFrownLeft=1.0, mouthFrownRight=1.0)
    assert frown[[48, 54], 2].max() < rest[[48, 54], 2].min() - 0.004
    for name in ("mouthPressLeft", "mouthRollUpper"):
        assert posed(**{name: 1.0})[52, 2] < rest[52, 2] - 0.001, name
    assert posed(mouthUpperUpLeft=1.0)[63, 2] > rest[63, 2] + 0.003
    assert posed(mouthLowerDownLeft=1.0)[65, 2] < rest[65, 2] - 0.003
    assert posed(mouthLeft=1.0)[51, 0] > rest[51, 0] + 0.004
    assert posed(jawForward=1.0)[8, 1] < rest[8, 1] - 0.004
    assert posed(browInnerUp=1.0)[21, 2] > rest[21, 2] + 0.003
    assert posed(browDownLeft=1.0)[24, 2] < rest[24, 2] - 0.002
    assert posed(cheekPuff=1.0)[:, 0].max() >= rest[:, 0].max()


def test_a_blink_shuts_the_eye_and_never_bares_the_ball(face: Face) -> None:
    p = face.landmark_points()
    gap = p[43, 2] - p[47, 2]
    shut = face.landmark_points(eyeBlinkLeft=1.0)
    for upper, lower in ((43, 47), (44, 46)):
        assert -0.05 * gap < shut[upper, 2] - shut[lower, 2] < 0.02 * gap
    assert abs(shut[37, 2] - p[37, 2]) < 1e-6
    # The skin of the lid between its crease and its margin stays outside the ball all the way.
    moving = np.linalg.norm(face.offsets("eyeBlinkLeft"), axis=1) > 0.004
    centre = to_metres(EYE_CENTRE)
    at_rest = np.linalg.norm(face.points() - centre, axis=1)
    lid = moving & (at_rest > 0.01 * EYE_RADIUS * 1.06)
    assert lid.sum() > 50
    for weight in np.linspace(0.0, 1.0, 9):
        radius = np.linalg.norm(face.points(eyeBlinkLeft=weight)[lid] - centre, axis=1)
        assert radius.min() > 0.01 * EYE_RADIUS * 0.999, weight


def test_eyes_turn_the_way_their_shape_says(face: Face) -> None:
    name = "Tali eyes"
    rest = face.points(name)
    for suffix, side in (("Left", 1), ("Right", -1)):
        pupil = int(
            np.argmin(np.where(np.sign(rest[:, 0]) == side, np.linalg.norm(rest - _pupil(side), axis=1), 9.0))
        )
        for direction, axis, sign in (("Up", 2, 1), ("Down", 2, -1), ("In", 0, -side), ("Out", 0, side)):
            moved = face.points(name, **{f"eyeLook{direction}{suffix}": 1.0})
            assert (moved[pupil] - rest[pupil])[axis] * sign > 0.006, (direction, suffix)
            far = np.sign(rest[:, 0]) == -side
            assert np.abs(moved[far] - rest[far]).max() < 1e-6
            # Turned about its own centre the ball stays a ball.
            mine = ~far
            before = np.linalg.norm(rest[mine] - _centre(side), axis=1)
            after = np.linalg.norm(moved[mine] - _centre(side), axis=1)
            assert np.abs(after - before).max() < 0.002


def _centre(side: int) -> np.ndarray:
    return to_metres(EYE_CENTRE * (side, 1.0, 1.0))


def _pupil(side: int) -> np.ndarray:
    return _centre(side) + (0.0, -0.01 * EYE_RADIUS, 0.0)


def test_the_head_bone_turns_head_hair_and_eyes_but_not_the_shoulders(face: Face) -> None:
    assert face.root.type == "ARMATURE"
    assert [bone.name for bone in face.root.data.bones] == ["spine", "neck", "head"]
    assert face.root.data.bones["head"].parent.name == "neck"
    before = {name: face.points(name) for name in face.meshes}
    bone = face.root.pose.bones["head"]
    bone.rotation_mode = "XYZ"
    bone.rotation_euler = (0.0, 0.4, 0.0)
    try:
        after = {name: face.points(name) for name in face.meshes}
    finally:
        bone.rotation_euler = (0.0, 0.0, 0.0)
        face.pose()
    for name, start in before.items():
        moved = np.linalg.norm(after[name] - start, axis=1).max()
        assert (moved < 0.003) if name == "Tali jumper" else (moved > 0.004), name


@ends
def test_it_is_built_twice_without_clash(face: Face) -> None:
    other = demo_character.build(face.scene, location=(1.0, 0.0, 0.0))
    assert other is not face.root and tuple(other.location) == (1.0, 0.0, 0.0)
    assert len(other.children) == len(face.root.children)
    for child in list(other.children):
        bpy.data.objects.remove(child)
    bpy.data.objects.remove(other)


def test_the_stage_frames_the_face(face: Face) -> None:
    from bpy_extras.object_utils import world_to_camera_view

    demo_character.build_stage(face.scene, face.root)
    demo_character.configure_workbench(face.scene)
    assert face.scene.render.engine == "BLENDER_WORKBENCH"
    assert (face.scene.render.resolution_x, face.scene.render.resolution_y) == (1280, 720)
    bpy.context.view_layer.update()
    from mathutils import Vector

    seen = [world_to_camera_view(face.scene, face.scene.camera, Vector(p)) for p in face.landmark_points()]
    assert all(0.2 < p.x < 0.8 and 0.05 < p.y < 0.95 and p.z > 0 for p in seen)
    height = max(p.y for p in seen) - min(p.y for p in seen)
    assert 0.3 < height < 0.7
