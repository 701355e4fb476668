"""What lies behind lips: found and moved with the jaw, or made where nothing is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
import real_characters
from mathutils import Euler
from places import ASSETS
from versions import ends

from blender_addon.characters.character import describe
from blender_addon.faces import landmarks
from blender_addon.faces.steps import run
from blender_addon.faces.talk_ready import apply, mouth_object
from blender_addon.faces.talk_ready.cut_lips import cutting
from blender_addon.jobs.faces import TalkReadyJob
from tools import found_heads

pytestmark = ends


@pytest.fixture(scope="module")
def hollow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A head on a bone, in another unit, whose lips were cut and have nothing behind them."""
    real_characters.require(real_characters.ICT_HEAD)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    item, truth = found_heads.HEADS["mask"].make(ASSETS)
    assert truth is not None
    landmarks.store(*landmarks.find_landmarks(item))
    run(cutting(item))
    rig = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
    bpy.context.scene.collection.objects.link(rig)
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    bone = rig.data.edit_bones.new("Head")
    bone.head, bone.tail = (0, 0, -0.1), (0, 0, 0.1)
    bpy.ops.object.mode_set(mode="OBJECT")
    item.modifiers.new("Armature", "ARMATURE").object = rig
    item.vertex_groups.new(name="Head").add(range(len(item.data.vertices)), 1.0, "REPLACE")
    item.scale = (3.0, 3.0, 3.0)
    item.location = (1.0, -2.0, 0.5)
    bpy.context.view_layer.update()
    path = tmp_path_factory.mktemp("hollow") / "hollow.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    return path


def opened(path: Path) -> Any:
    bpy.ops.wm.open_mainfile(filepath=str(path))
    return bpy.data.objects["Head"]


def inside_of(item: Any) -> list[Any]:
    """The objects that were added to a head."""
    return [other for other in item.children if mouth_object.MOUTH in other]


def evaluated(item: Any) -> np.ndarray:
    """Where an object's vertices are seen."""
    graph = bpy.context.evaluated_depsgraph_get()
    graph.update()
    seen = item.evaluated_get(graph)
    place = np.array(seen.matrix_world, np.float64)
    return landmarks.coordinates(seen.data.vertices, len(seen.data.vertices)) @ place[:3, :3].T + place[:3, 3]


def test_teeth_and_a_tongue_are_made_and_go_with_head_and_jaw(hollow: Path) -> None:
    item = opened(hollow)
    report = apply.make(item)
    (mouth,) = inside_of(item)
    assert any("simple teeth and a tongue were added" in note for note in report.notes)
    assert mouth in [mesh.object for mesh in describe(item).meshes]  # so that they are keyed, too
    points = landmarks.carrier(item)[1].of(evaluated(item))  # type: ignore[index]
    unit = np.linalg.norm(points[45] - points[36])
    rest = evaluated(mouth)
    assert np.linalg.norm(rest.mean(axis=0) - points[60:68].mean(axis=0)) < 0.4 * unit
    assert (rest[:, 1] > points[62, 1]).all()  # behind the lips of a head that looks along -y
    for owner in (item, mouth):
        owner.data.shape_keys.key_blocks["jawOpen"].value = 1.0
    jaw = np.linalg.norm(evaluated(mouth) - rest, axis=1) / unit
    assert jaw[:100].max() < 1e-4 and jaw[120:].min() > 0.1  # upper teeth, and lower teeth with the tongue
    mouth.data.shape_keys.key_blocks["tongueOut"].value = 1.0
    lower_lip = landmarks.carrier(item)[1].of(evaluated(item))[66]  # type: ignore[index]
    assert evaluated(mouth)[:, 1].min() < lower_lip[1] - 0.1 * unit  # out over the lip
    mouth.data.shape_keys.key_blocks["tongueOut"].value = 0.0
    before, lips = evaluated(mouth), evaluated(item)
    bone = bpy.data.objects["Rig"].pose.bones["Head"]
    bone.rotation_mode, bone.rotation_euler = "XYZ", Euler((0.0, 0.8, 0.3))
    turned, turned_lips = evaluated(mouth), evaluated(item)
    assert np.abs(turned - before).max() > 0.05
    distances = [
        np.linalg.norm(one.mean(0) - other.mean(0)) for one, other in ((before, lips), (turned, turned_lips))
    ]
    assert np.isclose(*distances, rtol=1e-3)


def test_what_was_made_goes_again(hollow: Path) -> None:
    item = opened(hollow)
    before = {kind: len(getattr(bpy.data, kind)) for kind in ("objects", "meshes", "materials")}
    report = apply.make(item)
    assert apply.remove(item) == len(report.shapes)
    assert {kind: len(getattr(bpy.data, kind)) for kind in before} == before
    assert not inside_of(item)
    report = apply.make(item, fill_mouth=False)
    assert not inside_of(item)
    assert "No teeth or tongue were found behind the lips." in report.notes


def test_it_goes_where_the_teeth_themselves_are_picked(hollow: Path) -> None:
    item = opened(hollow)
    report = apply.make(item)
    (mouth,) = inside_of(item)
    assert apply.remove(mouth) == len(report.shapes)
    assert not inside_of(item) and item.data.shape_keys is None


def test_a_job_that_is_stopped_leaves_no_teeth(hollow: Path) -> None:
    item = opened(hollow)
    job = TalkReadyJob(item)
    job.poll()
    job.cancel()
    assert not inside_of(item) and item.data.shape_keys is None


@pytest.mark.parametrize("by", ["object", "material", "neither"])
def test_teeth_are_known_by_name_where_they_lie_oddly(hollow: Path, by: str) -> None:
    """A denture that bulges before the lips, as cartoons have it."""
    item = opened(hollow)
    points = landmarks.carrier(item)[1].of(landmarks.surface_of(item).vertices)  # type: ignore[index]
    unit = float(np.linalg.norm(points[45] - points[36]))
    bpy.ops.mesh.primitive_uv_sphere_add(radius=0.1 * unit, segments=12, ring_count=8)
    denture = bpy.context.object
    denture.location = points[[57]].mean(0) + [0.0, -0.05 * unit, -0.12 * unit]
    denture.parent = item
    denture.matrix_parent_inverse = item.matrix_world.inverted()
    denture.name = "Lower Teeth" if by == "object" else "Thing"
    denture.data.materials.append(bpy.data.materials.new("teeth_m" if by == "material" else "White"))
    bpy.context.view_layer.update()
    apply.make(item)
    assert bool(inside_of(item)) == (by == "neither")
    keys = denture.data.shape_keys.key_blocks
    count = len(denture.data.vertices)
    jaw = landmarks.coordinates(keys["jawOpen"].data, count) - landmarks.coordinates(
        keys["Basis"].data, count
    )
    stretched = np.ptp(jaw, axis=0).max() / np.abs(jaw).max()
    assert by == "neither" or stretched < 0.5  # as one stiff piece
