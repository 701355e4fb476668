"""Shape keys count by what they move: empty ones, masked ones, and sets on meshes that are no lips."""

from __future__ import annotations

import bpy
import characters
import numpy as np
import pytest
import vendor_faces
from face_animations import face_animation

from blender_addon import api
from blender_addon.characters import measurements, registry, shape_offsets, shape_reach
from blender_addon.characters.target import TargetSettings
from blender_addon.contract import ARKIT_NAMES, Dials
from blender_addon.errors import TalkingAnimationError
from blender_addon.keys import actions
from blender_addon.ui import lookup

VISEMES = ("PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U")


@pytest.fixture(autouse=True)
def nothing_known():
    measurements.forget()
    lookup.forget()


def empty(item, *names):
    """Take the motion out of shape keys."""
    for name in names:
        block = item.data.shape_keys.key_blocks[name]
        flat = np.empty(3 * len(block.data), np.float32)
        block.relative_key.data.foreach_get("co", flat)
        block.data.foreach_set("co", flat)
    measurements.forget()


def applied(item):
    rows = 30
    motion = face_animation(
        25.0, np.full((rows, 52), 0.5, np.float32), visemes=np.eye(15, dtype=np.float32)[[10] * rows]
    )
    return registry.by_name("shape_keys").apply(
        motion, api.describe(item), TargetSettings(Dials(), actions.RestReader())
    )


def driven(item):
    return {channel.data_path.split('"')[1] for channel in applied(item).channels}


def test_a_vroid_export_with_empty_arkit_names():
    vowels = {
        "A": "jawOpen*0.7",
        "I": "mouthStretchLeft",
        "U": "mouthPucker",
        "E": "jawOpen*0.4",
        "O": "mouthFunnel",
    }
    shapes = dict.fromkeys(ARKIT_NAMES, "") | {f"Fcl_MTH_{vowel}": mix for vowel, mix in vowels.items()}
    face = vendor_faces.build({**shapes, "Fcl_EYE_Close": "eyeBlinkLeft + eyeBlinkRight"})
    found = api.describe(face)
    assert found.mouth == "VOWELS" and found.conventions == ("vroid",) and found.problem == ""
    assert found.summary.startswith("VRoid: 5 vowels")
    assert "jawOpen" not in driven(face) and {"Fcl_MTH_A", "Fcl_EYE_Close"} <= driven(face)
    told = [entry for entries in api.mapping.sections(found, "UNSURE").values() for entry in entries]
    assert "Moves nothing." in next(entry for entry in told if entry.channel == "jawOpen").notes


def test_a_set_without_any_motion_is_refused_in_a_sentence():
    face = characters.face_mesh()
    empty(face, *ARKIT_NAMES)
    found = api.describe(face)
    assert "such as 'eyeBlinkLeft', move nothing" in found.problem and not found.meshes
    with pytest.raises(TalkingAnimationError, match="move nothing"):
        api.generate(face, "any.wav")


def test_a_still_jaw_is_told_when_keys_are_written_and_when_nothing_moves(fake, voice):
    face = characters.face_mesh()
    empty(face, "jawOpen", "tongueOut")
    report = api.generate(face, voice)
    assert any("'jawOpen' of 'Face' moves nothing" in told for told in report.warnings)
    problem = next(problem for problem in api.check(face) if problem.code == "KEY_EMPTY")
    assert "2 of the shape keys of 'Face' move nothing" in problem.message and problem.repair is None


def test_a_mask_counts_as_blender_takes_it():
    face = characters.face_mesh("Face", ["jawOpen", "mouthClose", "eyeBlinkLeft"])
    keys = face.data.shape_keys.key_blocks
    group = face.vertex_groups.new(name="mask")
    keys["jawOpen"].vertex_group = keys["mouthClose"].vertex_group = "mask"
    assert shape_reach.reaches(face, ["jawOpen"])["jawOpen"] > 0, "without any weights a group masks nothing"
    group.add([characters.LEFT_EYE], 1.0, "REPLACE")
    measurements.forget()
    assert driven(face) == {"eyeBlinkLeft"}
    group.add([characters.MOUTH], 0.5, "REPLACE")
    measurements.forget()
    assert driven(face) == {"jawOpen", "mouthClose", "eyeBlinkLeft"}
    face.vertex_groups.remove(group)
    assert driven(face) == {"jawOpen", "mouthClose", "eyeBlinkLeft"}, "a group that is gone masks nothing"


def test_masks_are_read_once_and_anew_when_they_were_painted(fake, voice, monkeypatch):
    """They were read eleven times for a click: 2.4 s of 4 on 60,000 vertices."""
    face = vendor_faces.build({name: name for name in ARKIT_NAMES})
    group, everywhere = face.vertex_groups.new(name="mask"), list(range(len(face.data.vertices)))
    group.add(everywhere, 1.0, "REPLACE")
    for block in face.data.shape_keys.key_blocks[1:]:
        block.vertex_group = "mask"
    read, really = [], shape_offsets._masks_of
    monkeypatch.setattr(shape_offsets, "_masks_of", lambda item: read.append(item) or really(item))
    api.generate(face, voice)
    assert len(read) == 1
    full = shape_offsets.ShapeOffsets(face).of("jawOpen")
    group.add(everywhere, 0.5, "REPLACE")
    assert shape_offsets.ShapeOffsets(face).of("jawOpen") == pytest.approx(0.5 * full) and len(read) == 2


def test_a_key_is_measured_against_the_one_that_it_is_relative_to():
    face = characters.face_mesh("Face", ["jawOpen", "mouthClose", "eyeBlinkLeft"])
    keys = face.data.shape_keys.key_blocks
    keys["mouthClose"].relative_key = keys["jawOpen"]  # both move the mouth's point alike
    assert driven(face) == {"jawOpen", "eyeBlinkLeft"}


def test_the_mesh_of_the_lips_decides_and_comes_first():
    names = [f"viseme_{name}" for name in VISEMES]
    face = vendor_faces.build(dict.fromkeys(names, "jawOpen"), "Z face")
    eyes = characters.face_mesh("A eyes", ARKIT_NAMES)
    eyes.parent = face
    eyes.scale = (0.02, 0.02, 0.02)
    bpy.context.view_layer.update()
    empty(eyes, *(name for name in ARKIT_NAMES if not name.startswith("eye")))
    found = api.describe(face)
    assert found.mouth == "VISEMES" and found.meshes[0].object == face
    assert found.meshes[1].channels.keys() == {name for name in ARKIT_NAMES if name.startswith("eye")}


def test_a_redraw_measures_nothing_anew(monkeypatch):
    face = characters.face_mesh()
    measured = []
    monkeypatch.setattr(
        shape_offsets,
        "coordinates",
        lambda block, real=shape_offsets.coordinates: measured.append(block.name) or real(block),
    )
    api.describe(face)
    first = len(measured)
    assert first > 52
    for _ in range(3):
        lookup.forget()
        lookup.described(face)
    assert len(measured) == first
    face.shape_key_add(name="late")
    api.describe(face)
    assert len(measured) > first, "other shape keys are measured"


def test_shapes_that_were_edited_are_measured_when_edit_mode_ends():
    face = characters.face_mesh("Face", ["jawOpen", "eyeBlinkLeft"])
    assert len(api.describe(face).shapes) == 2
    bpy.context.view_layer.objects.active = face
    bpy.ops.object.mode_set(mode="EDIT")
    api.describe(face)
    bpy.ops.object.mode_set(mode="OBJECT")
    for block in face.data.shape_keys.key_blocks:
        if block.name == "jawOpen":
            for number, point in enumerate(face.data.shape_keys.reference_key.data):
                block.data[number].co = point.co
    assert api.describe(face).shapes == {"eyeBlinkLeft"}


@pytest.mark.parametrize("size", [1e-4, 1.0, 1e4])
def test_size_does_not_matter(size):
    face = characters.face_mesh("Face", ["jawOpen", "eyeBlinkLeft", "mouthClose"])
    for block in face.data.shape_keys.key_blocks:
        for point in block.data:
            point.co = point.co * size
    noise = face.data.shape_keys.key_blocks["mouthClose"]
    empty(face, "mouthClose")
    noise.data[3].co = noise.data[3].co * (1 + 1e-6)
    assert driven(face) == {"jawOpen", "eyeBlinkLeft"}
