"""Landmarks on meshes, and motion fitted to a character's own shapes."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy
import characters
import numpy as np
import pytest
import real_characters
import recordings
import scenes
from places import ROOT, VOICE
from versions import ends

from blender_addon import api, demo_character
from blender_addon.characters.character import describe
from blender_addon.errors import TalkingAnimationError
from blender_addon.faces import guide as guide_of_landmarks
from blender_addon.faces import landmarks, own_shapes
from blender_addon.faces.steps import run
from blender_addon.host import settings

pytestmark = ends

LIPS = list(range(48, 68))


def strip_shapes(item: Any) -> None:
    """Leave the plain mesh."""
    item.shape_key_clear()


def mean_error(item: Any, found: Any, truth: np.ndarray) -> np.ndarray:
    """(68,) distance of found landmarks from true vertices, % of the outer eye-corner distance."""
    rest = landmarks.rest_coordinates(item)
    unit = np.linalg.norm(rest[truth[45]] - rest[truth[36]])
    return np.linalg.norm(found.of(rest) - rest[truth], axis=1) / unit * 100


@pytest.fixture(scope="module")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo character with its landmarks, made once."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    owner, found = landmarks.find_landmarks(demo_character.build(bpy.context.scene), use_engine=False)
    landmarks.store(owner, found)
    path = tmp_path_factory.mktemp("demo") / "demo.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    return path


@pytest.fixture
def demo(demo_file: Path) -> tuple[Any, Any]:
    """The demo character's armature, and the head that has its landmarks."""
    bpy.ops.wm.open_mainfile(filepath=str(demo_file))
    rig = next(item for item in bpy.data.objects if item.type == "ARMATURE")
    return rig, next(item for item in rig.children_recursive if landmarks.load(item) is not None)


@pytest.mark.parametrize("plain", [True, False])
def test_landmarks_of_a_real_head(plain: bool) -> None:
    head = real_characters.ict_head().object
    with np.load(real_characters.ICT_HEAD, allow_pickle=False) as data:
        truth = data["landmark68"]
    if plain:
        strip_shapes(head)
    owner, found = landmarks.find_landmarks(head, use_engine=False)
    errors = mean_error(owner, found, truth)
    assert owner == head and found.confidence > 0.95
    assert errors.mean() < 2.5 and errors[LIPS].mean() < 2.0


def test_landmarks_of_the_demo_head_and_of_a_turned_and_scaled_one(demo: tuple[Any, Any]) -> None:
    rig, owner = demo
    found = landmarks.load(owner)
    truth = np.array(owner["landmarks_68"])
    errors = mean_error(owner, found, truth)
    assert errors[17:].mean() < 4.0 and errors[LIPS].mean() < 2.5
    rig.rotation_euler = (0.0, 0.0, 1.5707963)
    rig.scale = (3.0, 3.0, 3.0)
    bpy.context.view_layer.update()
    _, turned = landmarks.find_landmarks(rig, use_engine=False)
    assert mean_error(owner, turned, truth)[17:].mean() < 4.5


@pytest.mark.parametrize("engine", ["embedded", "full"])
def test_the_face_detector_looks_at_a_drawing_of_the_mesh(engine: str) -> None:
    python = ROOT / ".env" / "dev" / "bin" / "python"
    probe = [str(python), "-c", "import mediapipe"]
    if engine == "full":
        if not python.exists() or subprocess.run(probe, capture_output=True, check=False).returncode:
            pytest.skip("MediaPipe is not installed in .env/dev")
        settings.fallback.engine_python = str(python)
    head = real_characters.ict_head().object
    strip_shapes(head)
    with np.load(real_characters.ICT_HEAD, allow_pickle=False) as data:
        truth = data["landmark68"]
    owner, found = landmarks.find_landmarks(head, by_picture=True)
    errors = mean_error(owner, found, truth)
    assert found.source == "picture"
    assert errors.mean() < 9.0 and errors[LIPS].mean() < 4.0


def test_they_are_saved_appended_and_forgotten_when_the_mesh_changes(
    tmp_path: Path, demo: tuple[Any, Any]
) -> None:
    owner = demo[1]
    found = landmarks.load(owner)
    assert found is not None
    landmarks.clear(owner)
    landmarks.store(owner, found)
    name = owner.name
    path = tmp_path / "kept.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    bpy.ops.wm.open_mainfile(filepath=str(path))
    kept = landmarks.load(bpy.data.objects[name])
    assert kept is not None and np.array_equal(kept.vertices, found.vertices)
    assert np.allclose(kept.weights, found.weights) and kept.source == found.source
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with bpy.data.libraries.load(str(path)) as (_, into):
        into.objects = [name]
    appended = bpy.data.objects[name]
    assert landmarks.load(appended) is not None
    appended.data.vertices.add(1)
    assert landmarks.load(appended) is None


def test_hand_correction_moves_only_what_was_moved(demo: tuple[Any, Any]) -> None:
    owner, found = run(landmarks.ensuring(demo[0]))
    before = found.of(landmarks.surface_of(owner).vertices)
    guide = guide_of_landmarks.make_guide(owner, bpy.context.scene)
    assert len(guide.data.vertices) == 68
    guide.data.vertices[19].co.y += 0.1  # face units: up
    guide.data.vertices[19].co.z += 0.3  # off the skin: confirming lays it back
    guide_of_landmarks.confirm_guide(guide)
    corrected = landmarks.load(owner)
    assert corrected is not None and corrected.source == "hand" and corrected.confidence == 1.0
    after = corrected.of(landmarks.surface_of(owner).vertices)
    unit = np.linalg.norm(before[45] - before[36])
    moved = np.linalg.norm(after - before, axis=1) / unit
    assert 0.05 < moved[19] < 0.35
    assert np.delete(moved, 19).max() < 1e-6
    assert guide_of_landmarks.guide_of(owner) is None


def test_the_guide_lies_on_the_face_that_is_on_screen(demo: tuple[Any, Any]) -> None:
    """In the middle of a word, the head turned, and confirmed from another frame."""
    scene, (rig, owner) = bpy.context.scene, demo
    owner, found = run(landmarks.ensuring(owner))
    jaw = owner.data.shape_keys.key_blocks["jawOpen"]
    for frame, value in ((1, 0.0), (12, 0.9)):
        jaw.value = value
        jaw.keyframe_insert("value", frame=frame)
    bone = rig.pose.bones["head"]
    bone.rotation_mode = "XYZ"
    for frame, angle in ((1, 0.0), (12, 0.6)):
        bone.rotation_euler.y = angle
        bone.keyframe_insert("rotation_euler", frame=frame)
    scene.frame_set(12)
    guide = guide_of_landmarks.make_guide(owner, scene)
    shown = owner.evaluated_get(bpy.context.evaluated_depsgraph_get())
    places = np.array([owner.matrix_world @ vertex.co for vertex in shown.data.vertices])
    assert len(places) == len(owner.data.vertices)  # nothing is subdivided, so that both are comparable
    laid = np.array([guide.matrix_world @ vertex.co for vertex in guide.data.vertices])
    unit = np.linalg.norm(laid[45] - laid[36])
    assert np.abs(laid - found.of(places)).max() < 0.02 * unit
    guide.data.vertices[57].co.x += 0.05
    scene.frame_set(1)
    guide_of_landmarks.confirm_guide(guide)
    assert scene.frame_current == 1
    corrected = landmarks.load(owner)
    scene.frame_set(12)
    shown = owner.evaluated_get(bpy.context.evaluated_depsgraph_get())
    after = corrected.of(np.array([owner.matrix_world @ vertex.co for vertex in shown.data.vertices]))
    moved = np.linalg.norm(after - laid, axis=1) / unit
    assert 0.02 < moved[57] < 0.1 and np.delete(moved, 57).max() < 0.02


@pytest.mark.parametrize("kind", ["pinned", "absolute", "masked", "unmasked", "none"])
def test_what_shape_keys_show(kind: str) -> None:
    from blender_addon.faces.gathering import rest_coordinates, shown_coordinates

    mesh = bpy.data.meshes.new("Plane")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], [], [(0, 1, 2, 3)])
    item = bpy.data.objects.new("Plane", mesh)
    bpy.context.scene.collection.objects.link(item)
    if kind != "none":
        item.shape_key_add(name="Basis")
        block = item.shape_key_add(name="Up")
        for point in block.data:
            point.co.z = 1.0
        block.value = 0.5
        item.active_shape_key_index = 1
        item.show_only_shape_key = kind == "pinned"
        mesh.shape_keys.use_relative = kind != "absolute"
        if kind in ("masked", "unmasked"):
            item.vertex_groups.new(name="half").add([0, 1], 1.0, "REPLACE")
            block.vertex_group = "half" if kind == "masked" else "one that is gone"
    rise = (shown_coordinates(item) - rest_coordinates(item))[:, 2]
    wanted = {
        "pinned": [1] * 4,
        "absolute": [0] * 4,
        "masked": [0.5, 0.5, 0, 0],
        "unmasked": [0.5] * 4,
        "none": [0] * 4,
    }
    assert rise == pytest.approx(wanted[kind])


def test_shape_keys_of_a_mesh_without_vertices_show_nothing() -> None:
    from blender_addon.faces.gathering import shown_coordinates

    item = bpy.data.objects.new("Ghost", bpy.data.meshes.new("Ghost"))
    bpy.context.scene.collection.objects.link(item)
    for name in ("Basis", "jawOpen"):
        item.shape_key_add(name=name).value = 1.0
    assert shown_coordinates(item).shape == (0, 3)


def test_a_guide_with_a_missing_point_is_refused(demo: tuple[Any, Any]) -> None:
    owner = demo[1]
    guide = guide_of_landmarks.make_guide(owner, bpy.context.scene)
    guide.data.vertices.add(1)
    with pytest.raises(TalkingAnimationError, match="69 points instead of 68"):
        guide_of_landmarks.confirm_guide(guide)


def test_no_face_is_a_sentence() -> None:
    bpy.ops.mesh.primitive_cube_add()
    with pytest.raises(TalkingAnimationError, match="No face was found on 'Cube'"):
        landmarks.find_landmarks(bpy.context.object, use_engine=False)


def test_measured_shapes_are_the_shape_keys_own_motion() -> None:
    head = real_characters.ict_head().object
    with np.load(real_characters.ICT_HEAD, allow_pickle=False) as data:
        truth, points = data["landmark68"], data["vertices"].astype(np.float64)
        names = [str(name) for name in data["expression_names"]]
        deltas = data["expression_deltas"].astype(np.float64)
    landmarks.store(head, characters.landmarks_at(truth))
    head.rotation_euler, head.scale = (0.3, -0.2, 2.0), (2.0, 2.0, 2.0)
    modifier = head.modifiers.new("Smooth", "SMOOTH")  # modifiers do not count
    modifier.factor = 1.0
    head.data.shape_keys.key_blocks["jawOpen"].value = 0.7  # nor does what is shown at the moment
    bpy.context.view_layer.update()
    measured = own_shapes.measure(describe(head))
    assert measured is not None
    unit = np.linalg.norm(points[truth[45]] - points[truth[36]])
    for name, halves in (("jawOpen", ["jawOpen"]), ("browInnerUp", ["browInnerUp_L", "browInnerUp_R"])):
        wanted = sum(deltas[names.index(half)][truth] for half in halves) / unit
        got = measured.deltas[measured.names.index(name)]
        assert np.abs(np.linalg.norm(got, axis=1) - np.linalg.norm(wanted, axis=1)).max() < 2e-3
        assert np.abs(got - wanted).max() < 0.03  # the face's axes are fitted, not the file's


def test_generating_fits_to_own_shapes_and_the_switch_turns_it_off(demo: tuple[Any, Any]) -> None:
    rig, owner = demo
    fitted = _jaw_curve(rig, owner, VOICE)
    rig.talking_animation_face.fit_own_shapes = False
    general = _jaw_curve(rig, owner, VOICE)
    assert len(fitted) == len(general)
    assert np.abs(fitted - general).max() > 0.01


def test_a_scene_fits_to_own_shapes_too_and_says_where_it_cannot(
    demo: tuple[Any, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig, owner = demo
    line = recordings.beginning(tmp_path / "line.wav", 1.5)
    lines = api.lines_of_table(str(scenes.table(tmp_path / "lines.csv", [(rig.name, line, 1)])))
    broken, asked = tmp_path / "broken.npz", own_shapes.Fitting.request
    broken.write_bytes(b"no motion")

    def unreadable(fitting: own_shapes.Fitting, output: str) -> Any:
        return replace(asked(fitting, output), animation=str(broken))

    with monkeypatch.context() as patched:
        patched.setattr(own_shapes.Fitting, "request", unreadable)
        report = api.animate_scene(lines)
    general = _jaw_values(owner)
    assert not report.failed and sum("general weights" in text for text in report.warnings) == 1
    report = api.animate_scene(lines)
    assert not report.failed and not any("general weights" in text for text in report.warnings)
    assert np.abs(_jaw_values(owner) - general).max() > 0.01


def _jaw_curve(rig: Any, owner: Any, voice: Path) -> np.ndarray:
    api.generate(rig, str(voice), placement="ACTION", start_frame=1, add_sound=False)
    return _jaw_values(owner)


def _jaw_values(owner: Any) -> np.ndarray:
    scene = bpy.context.scene
    values = []
    for frame in range(1, 120, 3):
        scene.frame_set(frame)
        values.append(owner.data.shape_keys.key_blocks["jawOpen"].value)
    return np.array(values)
