"""Work on faces a little at a time: the same comes of it, whatever is done at once, and it can be stopped everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import bpy
import numpy as np
import pytest
import real_characters
from places import ASSETS
from versions import ends

from blender_addon.errors import Cancelled, TalkingAnimationError
from blender_addon.faces import landmarks
from blender_addon.faces.gathering import GUIDE
from blender_addon.faces.steps import Pause
from blender_addon.faces.talk_ready import generate
from blender_addon.faces.talk_ready.cut_lips import cutting
from blender_addon.jobs import faces
from blender_addon.jobs.faces import CutLipsJob, GuideJob, LandmarksJob
from blender_addon.jobs.job import wait
from tools import found_heads

pytestmark = ends


@pytest.fixture(scope="module")
def masks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A head whose lips are one skin, its landmarks known, and the same with its lips cut."""
    real_characters.require(real_characters.ICT_HEAD)
    folder = tmp_path_factory.mktemp("masks")
    whole, parted = folder / "whole.blend", folder / "parted.blend"
    bpy.ops.wm.read_factory_settings(use_empty=True)
    item, _ = found_heads.HEADS["mask"].make(ASSETS)
    landmarks.store(*landmarks.find_landmarks(item))
    bpy.ops.wm.save_as_mainfile(filepath=str(whole))
    wait(CutLipsJob(item))
    bpy.ops.wm.save_as_mainfile(filepath=str(parted))
    return whole, parted


def opened(path: Path) -> Any:
    bpy.ops.wm.open_mainfile(filepath=str(path))
    return bpy.data.objects["Head"]


def test_shapes_are_the_same_however_many_are_made_at_once(
    masks: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    item = opened(masks[1])
    kept, (neutral, deltas) = landmarks.load(item), landmarks.template()
    assert kept is not None
    made = []
    for at_once in (1, 12):
        monkeypatch.setattr(generate, "_AT_ONCE", at_once)
        told: list[float] = []
        shapes = generate.generate(
            landmarks.surface_of(item),
            kept,
            deltas,
            neutral,
            lambda fraction, _, told=told: told.append(fraction),
        )
        made.append(shapes.offsets)
        assert len(told) > len(shapes.offsets)  # where a person may stop it
    assert list(made[0]) == list(made[1]) and len(made[0]) >= 40
    assert all(np.allclose(made[0][name], made[1][name], atol=1e-9) for name in made[0])


def test_lips_are_cut_in_slices_and_stopping_changes_nothing(masks: tuple[Path, Path]) -> None:
    item = opened(masks[0])
    before = landmarks.rest_coordinates(item)
    steps = cutting(item)
    assert all(isinstance(next(steps), Pause) for _ in range(5))
    steps.close()
    assert np.array_equal(landmarks.rest_coordinates(item), before) and landmarks.lips_are_fused(item)


def another_vertex(item: Any) -> None:
    item.data.vertices.add(1)


def moved_vertex(item: Any) -> None:
    item.data.vertices[0].co.x += 1.0


def first_shape_key(item: Any) -> None:
    item.shape_key_add(name="Basis")


def edit_mode(item: Any) -> None:
    bpy.context.view_layer.objects.active = item
    bpy.ops.object.mode_set(mode="EDIT")


@pytest.mark.parametrize("change", [another_vertex, moved_vertex, first_shape_key, edit_mode])
def test_a_mesh_that_changes_while_its_lips_are_cut_is_told(
    masks: tuple[Path, Path], change: Callable[[Any], None]
) -> None:
    item = opened(masks[0])
    steps = cutting(item)
    for _ in range(3):
        next(steps)
    change(item)
    with pytest.raises(TalkingAnimationError, match=r"'Head' was changed meanwhile: cut its lips again"):
        list(steps)
    assert len(item.data.materials) == 0


def test_points_to_be_edited_are_looked_for_as_landmarks_are(
    masks: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faces, "_SLICE_SECONDS", 0.0)
    item = opened(masks[0])
    landmarks.clear(item)
    job = GuideJob(item, bpy.context.scene)
    assert not job.poll() and not job.poll()
    job.cancel()
    with pytest.raises(Cancelled):
        job.poll()
    assert not [other for other in bpy.data.objects if GUIDE in other]
    bpy.ops.mesh.primitive_uv_sphere_add(
        radius=0.01, segments=12, ring_count=9
    )  # no face: points to be placed by hand
    ball = bpy.context.object
    for _ in range(2):  # the second takes the place of the first
        guide = wait(GuideJob(ball, bpy.context.scene))
        assert [other for other in bpy.data.objects if GUIDE in other] == [guide]
    assert guide[GUIDE] == ball.name and len(guide.data.vertices) == 68


@pytest.mark.parametrize("gone", [False, True])
def test_who_changes_the_mesh_meanwhile_is_told(masks: tuple[Path, Path], gone: bool) -> None:
    item = opened(masks[0])
    landmarks.clear(item)
    job = LandmarksJob(item)
    assert not job.poll()
    if gone:
        bpy.data.objects.remove(item)
    else:
        item.data.vertices.add(1)
    with pytest.raises(
        TalkingAnimationError, match=r"was changed (while its face was looked at|meanwhile).*try again"
    ):
        while not job.poll():
            pass
    assert gone or landmarks.load(item) is None


def test_the_button_enters_edit_mode() -> None:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.mesh.primitive_uv_sphere_add()
    assert bpy.ops.talking_animation.edit_landmarks() == {"FINISHED"}
    assert bpy.context.mode == "EDIT_MESH" and GUIDE in bpy.context.object
    assert bpy.ops.talking_animation.confirm_landmarks() == {"FINISHED"}
    assert bpy.context.object.name == "Sphere"
