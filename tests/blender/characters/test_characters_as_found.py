"""Characters as other programs leave them: several armatures, VRM expressions, MMD's names, caches, imports."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import characters
import numpy as np
import pytest
import vendor_faces
from mathutils import Matrix

from blender_addon import api
from blender_addon.characters import measurements, related, vrm_expressions
from blender_addon.contract import ARKIT_NAMES
from blender_addon.errors import TalkingAnimationError

CLOTHES = {
    "hem": ((0.0, 0.0, -3.0), (0.0, 0.0, -2.0), ""),
    "collar": ((0.0, 0.0, -2.0), (0.0, 0.0, -1.0), "hem"),
}


@pytest.fixture(autouse=True)
def nothing_known():
    measurements.forget()


@pytest.mark.parametrize("first", [True, False])
def test_of_two_armatures_the_one_with_the_head_wins(first):
    rig, face = characters.rigged()
    clothes = characters.armature(CLOTHES, "Dress rig")
    clothes.parent = rig
    face.modifiers.clear()
    for armature in (clothes, rig) if first else (rig, clothes):
        face.modifiers.new(armature.name, "ARMATURE").object = armature
    for picked in (face, clothes, rig):
        found = api.describe(picked)
        assert found.armature == rig and found.head == "head" and found.problem == "", picked.name
    assert "object_rotation" not in [target.name for target in found.targets]


def test_an_armature_alone_is_still_itself():
    clothes = characters.armature(CLOTHES)
    assert related.armature_of(clothes) == clothes


def test_a_picked_armature_is_not_asked_to_be_picked():
    rig = characters.armature(characters.SPINE)
    problem = api.describe(rig).problem
    assert "pick" not in problem and "make its head's mesh talk-ready" in problem
    mesh = characters.face_mesh("Plain", [])
    mesh.shape_key_clear()
    assert "pick the character's head mesh" in api.describe(mesh).problem


def test_a_mesh_from_a_cache_file_is_told_with_a_remedy():
    mesh = characters.face_mesh("Cached", [])
    mesh.shape_key_clear()
    modifier = mesh.modifiers.new("MeshSequenceCache", "MESH_SEQUENCE_CACHE")
    assert "shaped by a cache file" in api.describe(mesh).problem
    with pytest.raises(TalkingAnimationError, match="FBX or glTF"):
        api.generate(mesh, "any.wav")
    modifier.show_viewport = False
    assert "cache file" not in api.describe(mesh).problem


def test_keys_that_a_cache_hides_are_told_and_mended(fake, voice):
    mesh = characters.face_mesh("Cached")
    modifier = mesh.modifiers.new("MeshSequenceCache", "MESH_SEQUENCE_CACHE")
    api.generate(mesh, voice)
    assert "MESH_CACHE" in [problem.code for problem in api.check(mesh)]
    api.repair(mesh, code="MESH_CACHE")
    assert not modifier.show_viewport


# -- VRM -----------------------------------------------------------------------------------------------


def bind(key, weight=1.0):
    return {"index": key, "weight": weight, "node": {"mesh_object_name": "Face"}}


VRM1 = {
    "vrm1": {
        "expressions": {
            "preset": {
                **{
                    name: {"morph_target_binds": [bind(f"morph {number}")]}
                    for number, name in enumerate(("aa", "ih", "ou", "ee", "oh"))
                },
                "blink_left": {"morph_target_binds": [bind("morph 5")]},
                "blink_right": {"morph_target_binds": [bind("morph 6"), bind("gone"), bind("morph 0", 0.0)]},
            }
        }
    }
}
VRM0 = {
    "vrm0": {
        "blend_shape_master": {
            "blend_shape_groups": [
                *({"name": name, "binds": [bind(f"morph {number}")]} for number, name in enumerate("AIUEO")),
                {"name": "Left wink", "preset_name": "blink_l", "binds": [bind("morph 5")]},
                {"name": "BLINK_R", "preset_name": 3, "binds": [bind("morph 6")]},
                {"name": "Joy", "preset_name": "joy", "binds": [bind("morph 7")]},
            ]
        }
    }
}


@pytest.mark.parametrize(("identifier", "extension"), [("vrm1", VRM1), ("vrm0", VRM0)])
def test_vrm_expressions_say_what_nameless_shapes_show(identifier, extension):
    rig, face = characters.rigged()
    while len(face.data.shape_keys.key_blocks) > 1:
        face.shape_key_remove(face.data.shape_keys.key_blocks[-1])
    for number in range(8):
        block = face.shape_key_add(name=f"morph {number}", from_mix=False)
        block.data[characters.MOUTH if number < 5 else characters.LEFT_EYE].co.z -= 0.1
    assert "has a name that is known" in api.describe(face).problem
    rig.data[vrm_expressions.PROPERTY] = extension
    measurements.forget()
    found = api.describe(face)
    assert found.mouth == "VOWELS" and found.problem == "" and found.conventions[0] == identifier
    rows = {row.channel: row for row in found.rows if row.kind == "SHAPE"}
    assert rows["vowel:E"].targets == ("morph 3",) and rows["eyeBlinkRight"].targets == ("morph 6",)
    assert rows["vowel:A"].convention == identifier
    api.mapping.choose(found.root, "vowel:A", ("morph 7",))
    rows = {row.channel: row for row in api.describe(face).rows}
    assert rows["vowel:A"].targets == ("morph 7",), "a person's choice comes first"


@pytest.mark.parametrize(
    "damaged",
    [
        1,
        "text",
        {},
        {"vrm1": 3},
        {"vrm1": {"expressions": None}},
        {"vrm0": {"blend_shape_master": {"blend_shape_groups": 5}}},
    ],
)
def test_damaged_vrm_properties_are_passed_over(damaged):
    armature = SimpleNamespace(data={vrm_expressions.PROPERTY: damaged})
    assert vrm_expressions.bound_keys(armature) == ("", {})
    assert vrm_expressions.bound_keys(None) == ("", {})


def test_names_that_are_known_need_no_expressions():
    rig, face = characters.rigged()
    rig.data[vrm_expressions.PROPERTY] = VRM1
    assert api.describe(face).conventions == ("arkit",)


def keep(face, names):
    """Leave as many shape keys as there are names, and give them these."""
    while len(face.data.shape_keys.key_blocks) > len(names) + 1:
        face.shape_key_remove(face.data.shape_keys.key_blocks[-1])
    for block, name in zip(face.data.shape_keys.key_blocks[1:], names):
        block.name = name


# -- MMD and other imports -------------------------------------------------------------------------------


def test_mmd_as_mmd_tools_brings_it_in():
    bones = {"首": characters.SPINE["neck"][:2] + ("",), "頭": characters.SPINE["head"][:2] + ("首",)}
    eye = ((0.3, -0.9, 0.4), (0.3, -1.0, 0.4), "頭")
    rig, face = characters.rigged(bones={**bones, "目.L": eye, "目.R": eye})
    root = bpy.data.objects.new("Miku", None)
    bpy.context.scene.collection.objects.link(root)
    rig.parent = root
    keep(
        face,
        [
            "まばたき",
            "笑い",
            "ウィンク",
            "ｳｨﾝｸ２右",
            "上",
            "下",
            "にやり",
            "あ",
            "い",
            "う",
            "え",
            "お",
            "ん",
        ],
    )
    found = api.describe(face)
    assert (
        found.mouth == "VOWELS"
        and found.conventions[0] == "mmd"
        and found.head == "頭"
        and found.neck == "首"
    )
    assert found.eyes == ("目.L", "目.R")


def test_an_fbx_import_is_measured_at_its_size():
    """Vertices in centimetres, scale 0.01, turned by −90° about X."""
    face = vendor_faces.build({name: name for name in ARKIT_NAMES})
    turned = 100 * np.array(Matrix.Rotation(np.pi / 2, 3, "X"), np.float32)
    flat = np.empty(3 * len(face.data.vertices), np.float32)
    for block in face.data.shape_keys.key_blocks:
        block.data.foreach_get("co", flat)
        block.data.foreach_set("co", (flat.reshape(-1, 3) @ turned).ravel())
    face.matrix_world = Matrix.Rotation(np.pi / 2, 4, "X") @ Matrix.Scale(0.01, 4)
    bpy.context.view_layer.update()
    measurements.forget()
    found = api.describe(face)
    assert len(found.shapes) == 52 and found.problem == "" and not found.notes
    assert not api.mapping.adjustments(found), "it opens as far as before"


def test_a_vrm_as_gltf_keeps_its_shapes(tmp_path):
    """The glTF importer's own naming: a VRM that was renamed to .glb."""
    if not hasattr(bpy.ops.export_scene, "gltf"):
        pytest.skip("this Blender has no glTF add-on")
    vowels = {f"Fcl_MTH_{vowel}": f"jawOpen*0.{number}" for number, vowel in enumerate("AIUEO", 3)}
    face = vendor_faces.build(
        {**vowels, "Fcl_EYE_Close_L": "eyeBlinkLeft", "Fcl_EYE_Close_R": "eyeBlinkRight"}
    )
    rig = characters.armature(characters.SPINE)
    face.parent = rig
    face.modifiers.new("Armature", "ARMATURE").object = rig
    face.vertex_groups.new(name="head").add(list(range(len(face.data.vertices))), 1.0, "REPLACE")
    path = str(tmp_path / "avatar.glb")
    try:
        bpy.ops.export_scene.gltf(filepath=path, export_format="GLB", export_animations=False)
    except (AttributeError, RuntimeError):
        pytest.skip("this Blender exports no glTF")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.import_scene.gltf(filepath=path)
    meshes = [item for item in bpy.data.objects if item.type == "MESH" and item.data.shape_keys]
    found = api.describe(meshes[0])
    assert found.mouth == "VOWELS" and found.conventions[0] == "vroid" and found.head == "head"
