"""Faces as they are found: in pieces, posed elsewhere than they rest, without eyeballs, with lips that are one skin."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import bmesh
import bpy
import characters
import numpy as np
import pytest
import real_characters
from places import ASSETS
from versions import ends

from blender_addon.errors import Cancelled, TalkingAnimationError
from blender_addon.faces import finding, gathering, landmarks, placement
from blender_addon.faces import guide as guide_of_landmarks
from blender_addon.faces.landmark_search import fit
from blender_addon.faces.landmark_search.features import NO_SLIT
from blender_addon.faces.landmark_search.points import Landmarks
from blender_addon.faces.materials import colours_of
from blender_addon.faces.talk_ready import apply
from blender_addon.host.blender_versions.materials import empty_node_tree
from blender_addon.jobs import faces
from blender_addon.jobs.faces import CutLipsJob, LandmarksJob, TalkReadyJob
from blender_addon.jobs.job import wait
from tools import found_heads
from tools.found_heads import Head

pytestmark = ends

CoarseHead = Callable[[], "tuple[Any, np.ndarray]"]


@pytest.fixture(scope="module")
def coarse_head(tmp_path_factory: pytest.TempPathFactory) -> CoarseHead:
    """Opens ICT's head with 2,600 vertices and empty sockets, made once; gives it and its true landmarks."""
    real_characters.require(real_characters.ICT_HEAD)
    path = str(tmp_path_factory.mktemp("coarse") / "coarse.blend")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    _, truth = found_heads.HEADS["coarse-eyeless"].make(ASSETS)
    assert truth is not None
    bpy.ops.wm.save_as_mainfile(filepath=path)

    def opened() -> tuple[Any, np.ndarray]:
        bpy.ops.wm.open_mainfile(filepath=path)
        return bpy.data.objects["Head"], truth

    return opened


def in_pieces(item: Any) -> None:
    """Every face with vertices of its own, as files for games have it where shading is flat."""
    mesh = bmesh.new()
    mesh.from_mesh(item.data)
    bmesh.ops.split_edges(mesh, edges=mesh.edges[:])
    mesh.to_mesh(item.data)
    mesh.free()


def test_a_head_in_pieces_that_rests_upside_down_is_found_as_it_is_posed(coarse_head: CoarseHead) -> None:
    item, truth = coarse_head()
    in_pieces(item)
    turn = np.diag([1.0, -1.0, -1.0])
    flat = landmarks.rest_coordinates(item) @ turn + [0.0, 3.0, -5.0]
    item.data.vertices.foreach_set("co", flat.astype(np.float32).reshape(-1))
    rig = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
    bpy.context.scene.collection.objects.link(rig)
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    bone = rig.data.edit_bones.new("Head")
    bone.head, bone.tail = (0, 3, -5), (0, 3, -5.1)
    bpy.ops.object.mode_set(mode="OBJECT")
    item.parent = rig
    item.modifiers.new("Armature", "ARMATURE").object = rig
    item.vertex_groups.new(name="Head").add(range(len(item.data.vertices)), 1.0, "REPLACE")
    change = np.eye(4)
    change[:3, :3], change[:3, 3] = turn, -(np.array([0.0, 3.0, -5.0]) @ turn)
    bpy.context.view_layer.update()
    rest = np.array(rig.data.bones["Head"].matrix_local)
    from mathutils import Matrix

    rig.pose.bones["Head"].matrix = Matrix((change @ rest).tolist())
    bpy.context.view_layer.update()
    owner, found = landmarks.find_landmarks(rig)
    assert owner == item and found.posed
    seen = found.of(placement.posed(item).outside(landmarks.rest_coordinates(item)))
    unit = np.linalg.norm(truth[45] - truth[36])
    errors = 100 * np.linalg.norm(seen - truth, axis=1) / unit
    assert errors[27:].mean() < 5  # what detectors call the jaw is farther out than what artists do
    landmarks.store(item, found)
    guide = guide_of_landmarks.make_guide(item, bpy.context.scene)
    assert np.abs(np.array(guide.matrix_world)[:3, 3] - truth[[36, 45]].mean(0)).max() < 0.02


def test_where_no_face_is_found_points_can_be_placed_by_hand() -> None:
    bpy.ops.mesh.primitive_uv_sphere_add()
    ball = bpy.context.object
    with pytest.raises(TalkingAnimationError, match=r"No face was found on 'Sphere': .*Edit Landmarks"):
        apply.make(ball)
    guide_of_landmarks.confirm_guide(guide_of_landmarks.make_guide(ball, bpy.context.scene))
    kept = landmarks.load(ball)
    assert kept is not None and kept.source == "hand"


@pytest.mark.parametrize("error", [IndexError("attempt to get argmin"), ZeroDivisionError("division")])
def test_what_a_search_fails_of_never_reaches_a_person(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any) -> None:
        raise error

    monkeypatch.setattr(fit, "detect", failing)
    bpy.ops.mesh.primitive_cube_add()
    with pytest.raises(TalkingAnimationError) as told:
        landmarks.find_landmarks(bpy.context.object, use_engine=False)
    assert str(error) not in str(told.value) and "No face was found" in str(told.value)


def test_an_engine_that_cannot_be_asked_is_no_face(
    coarse_head: CoarseHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, _ = coarse_head()

    def refusing(*_: Any) -> None:
        raise TalkingAnimationError("The engine did not answer.")

    monkeypatch.setattr("blender_addon.engine_process.question.ask", refusing)
    with pytest.raises(TalkingAnimationError, match="No face was found on 'Head'"):
        landmarks.find_landmarks(item)
    assert landmarks.load(item) is None


def fused_head() -> Any:
    """A face with UVs, weights, a material and a shape key of its own, whose lips are one skin."""
    real_characters.require(real_characters.ICT_HEAD)
    item, truth = found_heads.HEADS["mask"].make(ASSETS)
    assert truth is not None
    mesh = item.data
    mesh.uv_layers.new(name="Map")
    mesh.materials.append(bpy.data.materials.new("Skin"))
    item.vertex_groups.new(name="Head").add(range(len(mesh.vertices)), 0.75, "REPLACE")
    item.shape_key_add(name="Basis", from_mix=False)
    key = item.shape_key_add(name="Grow", from_mix=False)
    grown = 1.1 * landmarks.rest_coordinates(item)
    key.data.foreach_set("co", grown.astype(np.float32).reshape(-1))
    return item


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, int]:
    """A file with such a head after its lips were cut, and how many vertices it had."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    item = fused_head()
    count = len(item.data.vertices)
    wait(LandmarksJob(item))
    assert landmarks.lips_are_fused(item)
    with pytest.raises(TalkingAnimationError, match=r"The lips of 'Head' are one skin.*Cut the Lips for Me"):
        apply.make(item)
    assert "were cut" in wait(CutLipsJob(item))
    path = str(tmp_path_factory.mktemp("cut") / "cut.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    return path, count


def test_cut_lips_keep_what_the_mesh_has(cut: tuple[str, int]) -> None:
    bpy.ops.wm.open_mainfile(filepath=cut[0])
    item = bpy.data.objects["Head"]
    mesh = item.data
    count = len(mesh.vertices)
    assert count > cut[1] + 20 and not mesh.validate()
    assert [material.name for material in mesh.materials] == ["Skin", "Mouth"]
    assert {polygon.material_index for polygon in mesh.polygons} == {0, 1}
    assert len(mesh.uv_layers) == 1
    weights = placement.group_weights(item)["Head"]
    assert np.allclose(weights, 0.75, atol=1e-3)
    keys = mesh.shape_keys.key_blocks
    assert [block.name for block in keys] == ["Basis", "Grow"]
    grown = landmarks.coordinates(keys["Grow"].data, count) - landmarks.coordinates(keys["Basis"].data, count)
    assert np.linalg.norm(grown, axis=1).max() < 0.05  # nothing was left behind
    kept = landmarks.load(item)
    assert kept is not None and NO_SLIT not in kept.notes
    points = kept.of(landmarks.rest_coordinates(item))
    assert np.linalg.norm(points[[61, 62, 63]] - points[[67, 66, 65]], axis=1).max() < 0.01
    assert not set(kept.nearest[[61, 62, 63]]) & set(kept.nearest[[65, 66, 67]])


def test_cut_lips_open(cut: tuple[str, int]) -> None:
    bpy.ops.wm.open_mainfile(filepath=cut[0])
    item = bpy.data.objects["Head"]
    report = wait(TalkReadyJob(item))
    assert len(report.shapes) >= 40 and any("eyeballs" in note for note in report.notes)
    kept = landmarks.load(item)
    assert kept is not None
    jaw = landmarks.coordinates(item.data.shape_keys.key_blocks["jawOpen"].data, len(item.data.vertices))
    points = kept.of(jaw)
    unit = np.linalg.norm(points[45] - points[36])
    assert points[62, 2] - points[66, 2] > 0.12 * unit
    moved = np.linalg.norm(jaw - landmarks.rest_coordinates(item), axis=1)
    assert (
        moved.max() < 0.6 * unit
    )  # nothing is thrown off, though landmarks lie on each other at the mask's edge
    assert apply.remove(item) == len(report.shapes)
    assert [block.name for block in item.data.shape_keys.key_blocks] == ["Basis", "Grow"]


def test_neck_and_bust_stay_where_they_are(coarse_head: CoarseHead) -> None:
    item, truth = coarse_head()
    landmarks.store(item, Landmarks(*guide_of_landmarks.nearest_places(landmarks.surface_of(item), truth)))
    apply.make(item)
    rest = landmarks.rest_coordinates(item)
    jaw = landmarks.coordinates(item.data.shape_keys.key_blocks["jawOpen"].data, len(rest))
    moved = np.linalg.norm(jaw - rest, axis=1) / np.linalg.norm(truth[45] - truth[36])
    below = (truth[8, 2] - rest[:, 2]) / np.linalg.norm(truth[45] - truth[36])
    assert moved[below > 0.45].max() < 1e-3 and moved[np.abs(below) < 0.1].max() > 0.2


def test_a_job_that_is_stopped_leaves_all_as_it_was(
    cut: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces, "_SLICE_SECONDS", 0.0)  # a step a poll, however quick the machine
    bpy.ops.wm.open_mainfile(filepath=cut[0])
    item = bpy.data.objects["Head"]
    job = TalkReadyJob(item)
    while len(item.data.shape_keys.key_blocks) < 8:
        assert not job.poll()
        time.sleep(0.002)
    job.cancel()
    assert [block.name for block in item.data.shape_keys.key_blocks] == ["Basis", "Grow"]
    assert apply.GENERATED not in item
    with pytest.raises(Cancelled):
        job.poll()


def test_lips_that_open_are_not_cut(coarse_head: CoarseHead) -> None:
    item, _ = coarse_head()
    before = len(item.data.vertices)
    with pytest.raises(TalkingAnimationError, match="can open already"):
        wait(CutLipsJob(item))
    assert len(item.data.vertices) == before


def test_faces_that_are_too_large_are_divided_first() -> None:
    bpy.ops.mesh.primitive_uv_sphere_add(segments=12, ring_count=8)
    ball = bpy.context.object
    guide_of_landmarks.confirm_guide(guide_of_landmarks.make_guide(ball, bpy.context.scene))
    assert "were cut" in wait(CutLipsJob(ball))
    kept = landmarks.load(ball)
    assert kept is not None and len(set(kept.nearest[60:68])) == 8
    assert not ball.data.validate()


def test_a_mesh_that_has_no_mouth_is_told() -> None:
    bpy.ops.mesh.primitive_cube_add()
    cube = bpy.context.object
    landmarks.store(cube, characters.landmarks_at(np.arange(68) % 2))
    with pytest.raises(TalkingAnimationError, match="too coarse around the mouth"):
        wait(CutLipsJob(cube))
    assert len(cube.data.vertices) == 8


def test_upright_as_its_own_axes_say(coarse_head: CoarseHead) -> None:
    """A head on its back, with y upwards in its own space: no level direction shows its face."""
    item, truth = coarse_head()
    item.rotation_euler = (-1.2, 0.4, 0.3)
    bpy.context.view_layer.update()
    owner, found = landmarks.find_landmarks(item)
    errors = np.linalg.norm(found.of(landmarks.rest_coordinates(owner)) - truth, axis=1)
    assert found.confidence >= finding.GOOD_CONFIDENCE
    assert 100 * errors[27:].mean() / np.linalg.norm(truth[45] - truth[36]) < 5


def test_a_picture_that_an_importer_left_black_is_no_black_face():
    """Beside teeth of a colour of their own, a head whose pictures are missing was drawn black."""
    face, teeth = (bpy.data.materials.new(name) for name in ("head", "teeth"))
    for material in (face, teeth):
        empty_node_tree(material)
    shader, picture = (
        face.node_tree.nodes.new(kind) for kind in ("ShaderNodeBsdfPrincipled", "ShaderNodeTexImage")
    )
    face.node_tree.links.new(picture.outputs["Color"], shader.inputs["Base Color"])
    face.diffuse_color = (0.0, 0.0, 0.0, 1.0)
    teeth.diffuse_color = (0.9, 0.9, 0.8, 1.0)
    meshes = []
    for material in (face, teeth):
        mesh = bpy.data.meshes.new(material.name)
        mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 0, 1)], [], [(0, 1, 2)])
        mesh.materials.append(material)
        meshes.append(bpy.data.objects.new(material.name, mesh))
    assert colours_of(meshes[:1]) is None, "a head alone is drawn in a skin's colour"
    assert colours_of(meshes).min() > 0.5


def blocks(*names: str) -> list[Any]:
    """Cubes below one empty, each where the one before it is."""
    root = bpy.data.objects.new("Root", None)
    bpy.context.scene.collection.objects.link(root)
    made = []
    for name in names:
        item = found_heads.add(name, Head(*cube(), None, np.zeros(8, np.int64)))
        item.parent = root
        made.append(item)
    return made


def cube() -> tuple[np.ndarray, list[list[int]]]:
    points = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], np.float64)
    return points, [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]


def names_of(item: Any) -> set[str]:
    bpy.context.view_layer.update()
    return {other.name for other in gathering.gather(item).objects}


def test_what_only_deforms_others_is_no_part_of_a_head():
    head, cage, relief, hidden, clothes = blocks("Head", "Cage", "Relief", "Hidden", "Clothes")
    head.modifiers.new("Cage", "MESH_DEFORM").object = cage
    head.modifiers.new("Relief", "SURFACE_DEFORM").target = relief
    clothes.modifiers.new("Body", "SURFACE_DEFORM").target = head
    relief.hide_render = True
    stored = bpy.data.collections.new("Stored")
    bpy.context.scene.collection.children.link(stored)
    stored.hide_render = True
    bpy.context.scene.collection.objects.unlink(hidden)
    stored.objects.link(hidden)
    assert names_of(head.parent) == {"Head", "Clothes"}, "a body that carries clothes stays"
    for item in (head, cage, relief, hidden, clothes):
        item.hide_render = True
        item.hide_set(True)
    root = head.parent
    assert names_of(root) == {"Head", "Relief", "Hidden", "Clothes"}, (
        "also where everything is hidden, as in a rig's own file"
    )
    bpy.data.objects.remove(clothes)
    bpy.data.objects.remove(hidden)
    bpy.data.objects.remove(head)
    assert names_of(root) == {"Cage", "Relief"}, "of what is left nothing is deformed"
