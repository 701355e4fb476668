"""Characters as files bring them in, built, written and read by Blender itself: recognised, and their lips move as asked."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import addon_utils
import bpy
import numpy as np
import pytest
import vendor_faces
from mathutils import Matrix
from recordings import beginning
from versions import ends

from blender_addon import api
from blender_addon.characters import measurements, vrm_expressions
from blender_addon.errors import TalkingAnimationError
from tools import characters_as_found

EXPRESSIONS = {
    name: name
    for name in (
        "jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthRollLower", "mouthSmileLeft", "mouthSmileRight",
        "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight", "eyeBlinkLeft", "eyeBlinkRight",
    )
}  # fmt: skip
SMILE = "mouthStretchLeft + mouthStretchRight"
VOWELS = {
    "A": "jawOpen*0.7",
    "I": f"jawOpen*0.15 + {SMILE}",
    "U": "jawOpen*0.1 + mouthPucker",
    "E": f"jawOpen*0.4 + {SMILE}",
    "O": "jawOpen*0.45 + mouthFunnel*0.4",
}
BLINKS = {"Left": "eyeBlinkLeft", "Right": "eyeBlinkRight"}


@pytest.fixture(autouse=True)
def nothing_known():
    measurements.forget()


@pytest.fixture(scope="module")
def sentence(tmp_path_factory) -> Path:
    """The beginning of the demo's recording."""
    return beginning(tmp_path_factory.mktemp("voice") / "line.wav", 1.5)


def character(
    shapes: dict[str, str], bones: tuple[str, str] = ("neck", "head"), place: Matrix | None = None
) -> tuple[Any, Any]:
    """A head with two bones, both placed by a matrix and as large as without it: (armature, mesh)."""
    place = place or Matrix()
    face = vendor_faces.build(shapes)
    data = bpy.data.armatures.new("Rig")
    rig = bpy.data.objects.new("Rig", data)
    bpy.context.scene.collection.objects.link(rig)
    bpy.context.view_layer.objects.active = rig
    inside = place.inverted()
    low, high = (float(edge(vendor_faces.demo_head().points[:, 2]) / 100) for edge in (np.min, np.max))
    bpy.ops.object.mode_set(mode="EDIT")
    above = None
    for name, begin, end in zip(bones, (low - 0.1, low), (low, high)):
        bone = data.edit_bones.new(name)
        bone.head, bone.tail, bone.parent = inside @ _point(begin), inside @ _point(end), above
        above = bone
    bpy.ops.object.mode_set(mode="OBJECT")
    for block in face.data.shape_keys.key_blocks:
        flat = np.empty(3 * len(face.data.vertices), np.float32)
        block.data.foreach_get("co", flat)
        moved = np.c_[flat.reshape(-1, 3), np.ones(len(flat) // 3)] @ np.array(inside).T
        block.data.foreach_set("co", moved[:, :3].astype(np.float32).ravel())
    for vertex, point in zip(face.data.vertices, face.data.shape_keys.reference_key.data):
        vertex.co = point.co
    face.parent = rig
    face.modifiers.new("Armature", "ARMATURE").object = rig
    face.vertex_groups.new(name=bones[1]).add(list(range(len(face.data.vertices))), 1.0, "REPLACE")
    rig.matrix_world = place
    bpy.context.view_layer.update()
    return rig, face


def _point(height: float) -> Any:
    from mathutils import Vector

    return Vector((0.0, 0.0, height))


def said(path: Path, sentence: Path) -> characters_as_found.Measured:
    """What came of a file after one click; its lips follow what was asked."""
    measured = characters_as_found.measure(path, sentence, 0)
    assert not measured.problem
    print(measured.row())
    assert measured.opening > 0.95 and 0.6 < measured.amount < 1.4, measured.row()
    assert measured.driven >= 5
    return measured


def addon(name: str) -> None:
    if addon_utils.enable(name) is None:
        pytest.skip(f"this Blender has no {name}")


def test_fbx_in_centimetres_lying_on_its_back(tmp_path, sentence):
    addon("io_scene_fbx")
    place = Matrix.Rotation(math.pi / 2, 4, "X") @ Matrix.Scale(0.01, 4)
    character(EXPRESSIONS, ("mixamorig:Neck", "mixamorig:Head"), place)
    path = tmp_path / "game character.fbx"
    bpy.ops.export_scene.fbx(filepath=str(path), add_leaf_bones=False, bake_anim=False)
    measured = said(path, sentence)
    rig = next(item for item in bpy.data.objects if item.type == "ARMATURE")
    assert max(rig.scale) == pytest.approx(0.01) and abs(rig.rotation_euler.x) == pytest.approx(math.pi / 2)
    assert measured.summary.startswith("13 of 52 ARKit shapes") and "mixamorig:Head" in measured.summary


def test_a_vrm_by_the_gltf_importer(tmp_path, sentence):
    addon("io_scene_gltf2")
    character(
        {
            **{f"Fcl_MTH_{vowel}": mix for vowel, mix in VOWELS.items()},
            **{f"Fcl_EYE_Close_{side[0]}": mix for side, mix in BLINKS.items()},
        },
        ("J_Bip_C_Neck", "J_Bip_C_Head"),
    )
    path = tmp_path / "avatar.glb"
    try:
        bpy.ops.export_scene.gltf(filepath=str(path), export_format="GLB", export_animations=False)
    except (AttributeError, RuntimeError):
        pytest.skip("this Blender exports no glTF")
    measured = said(path.rename(path.with_suffix(".vrm")), sentence)
    assert measured.summary.startswith("VRoid: 5 vowels") and "J_Bip_C_Head" in measured.summary


@ends
def test_mmd_as_mmd_tools_names_it(tmp_path, sentence):
    names = dict(zip("AIUEO", "あいうえお"))
    blinks = {"Left": "ウィンク", "Right": "ウィンク右"}
    shapes = {names[vowel]: mix for vowel, mix in VOWELS.items()}
    shapes.update(
        {blinks[side]: mix for side, mix in BLINKS.items()}, まばたき="eyeBlinkLeft + eyeBlinkRight"
    )
    rig, _ = character(shapes, ("首", "頭"), Matrix.Scale(0.08, 4))
    root = bpy.data.objects.new("ミク", None)
    bpy.context.scene.collection.objects.link(root)
    rig.parent = root
    path = tmp_path / "miku.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    measured = said(path, sentence)
    assert measured.summary.startswith("MikuMikuDance: 5 vowels") and "頭" in measured.summary


# -- the VRM add-on's own properties ------------------------------------------------------------------------


@pytest.fixture
def vrm_addon():
    """The property groups that the VRM add-on registers on armatures, as far as expressions go."""

    def group(name: str, **properties: Any) -> type:
        made = type(name, (bpy.types.PropertyGroup,), {"__annotations__": properties})
        bpy.utils.register_class(made)
        classes.append(made)
        return made

    classes: list[type] = []
    props = bpy.props
    mesh = group("TestMeshObject", mesh_object_name=props.StringProperty())
    bind1 = group(
        "TestVrm1Bind",
        node=props.PointerProperty(type=mesh),
        index=props.StringProperty(),
        weight=props.FloatProperty(default=1.0),
    )
    expression = group("TestVrm1Expression", morph_target_binds=props.CollectionProperty(type=bind1))
    custom = group(
        "TestVrm1Custom",
        custom_name=props.StringProperty(),
        morph_target_binds=props.CollectionProperty(type=bind1),
    )
    presets = ("aa", "ih", "ou", "ee", "oh", "blink", "blink_left", "blink_right", "happy")
    preset = group("TestVrm1Preset", **{name: props.PointerProperty(type=expression) for name in presets})
    expressions = group(
        "TestVrm1Expressions",
        preset=props.PointerProperty(type=preset),
        custom=props.CollectionProperty(type=custom),
    )
    vrm1 = group("TestVrm1", expressions=props.PointerProperty(type=expressions))
    bind0 = group(
        "TestVrm0Bind",
        mesh=props.PointerProperty(type=mesh),
        index=props.StringProperty(),
        weight=props.FloatProperty(default=1.0),
    )
    known = ("unknown", "neutral", "a", "i", "u", "e", "o", "blink", "blink_l", "blink_r", "joy")
    shape_group = group(
        "TestVrm0Group",
        preset_name=props.EnumProperty(items=[(name, name, "") for name in known]),
        binds=props.CollectionProperty(type=bind0),
    )
    master = group("TestVrm0Master", blend_shape_groups=props.CollectionProperty(type=shape_group))
    vrm0 = group("TestVrm0", blend_shape_master=props.PointerProperty(type=master))
    whole = group(
        "TestVrmExtension",
        spec_version=props.StringProperty(),
        vrm0=props.PointerProperty(type=vrm0),
        vrm1=props.PointerProperty(type=vrm1),
    )
    setattr(bpy.types.Armature, vrm_expressions.PROPERTY, props.PointerProperty(type=whole))
    yield
    if hasattr(bpy.types.Armature, vrm_expressions.PROPERTY):
        delattr(bpy.types.Armature, vrm_expressions.PROPERTY)
    for made in reversed(classes):
        bpy.utils.unregister_class(made)


NAMELESS = {f"morph {number}": mix for number, mix in enumerate([*VOWELS.values(), *BLINKS.values()])}


def write_vrm1(extension: Any) -> None:
    names = ("aa", "ih", "ou", "ee", "oh", "blink_left", "blink_right")
    for number, name in enumerate(names):
        bind = getattr(extension.vrm1.expressions.preset, name).morph_target_binds.add()
        bind.index, bind.node.mesh_object_name = f"morph {number}", "Face"


def write_vrm0(extension: Any) -> None:
    for number, name in enumerate(("a", "i", "u", "e", "o", "blink_l", "blink_r")):
        group = extension.vrm0.blend_shape_master.blend_shape_groups.add()
        group.name, group.preset_name = f"group {number}", name
        bind = group.binds.add()
        bind.index, bind.mesh.mesh_object_name = f"morph {number}", "Face"


@ends
@pytest.mark.parametrize(("write", "title"), [(write_vrm1, "VRM 1.0"), (write_vrm0, "VRM 0.x")])
def test_vrm_by_its_own_addon(tmp_path, sentence, vrm_addon, write, title):
    rig, face = character(NAMELESS, ("J_Bip_C_Neck", "J_Bip_C_Head"))
    assert "has a name that is known" in api.describe(face).problem
    write(getattr(rig.data, vrm_expressions.PROPERTY))
    path = tmp_path / "avatar.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    assert said(path, sentence).summary.startswith(f"{title}: 5 vowels")


def test_vrm_of_a_file_where_its_addon_is_no_longer_there(vrm_addon):
    rig, face = character(NAMELESS)
    write_vrm1(getattr(rig.data, vrm_expressions.PROPERTY))
    delattr(bpy.types.Armature, vrm_expressions.PROPERTY)
    assert api.describe(face).mouth == "VOWELS"


def test_vrm_with_expressions_of_its_own_for_perfect_sync(vrm_addon):
    rig, face = character({f"morph {number}": mix for number, mix in enumerate(EXPRESSIONS.values())})
    extension = getattr(rig.data, vrm_expressions.PROPERTY)
    for number, name in enumerate(EXPRESSIONS):
        own = extension.vrm1.expressions.custom.add()
        own.custom_name = name[0].upper() + name[1:]
        own.morph_target_binds.add().index = f"morph {number}"
    described = api.describe(face)
    assert described.mouth == "EXPRESSIONS" and described.problem == ""
    assert described.shapes == set(EXPRESSIONS)


# -- caches ---------------------------------------------------------------------------------------------


def moving_face(path: Path) -> None:
    """Write a file in which a mesh's shape is another one in each frame."""
    mesh = bpy.data.meshes.new("Head")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 0, 1), (1, 0, 1)], [], [(0, 1, 3, 2)])
    item = bpy.data.objects.new("Head", mesh)
    bpy.context.scene.collection.objects.link(item)
    wave_modifier = item.modifiers.new("Wave", "WAVE")
    wave_modifier.height = 2.0
    bpy.context.scene.frame_end = 4
    if path.suffix == ".abc":
        bpy.ops.wm.alembic_export(filepath=str(path), start=1, end=4)
    else:
        bpy.ops.wm.usd_export(filepath=str(path), export_animation=True)


@pytest.mark.parametrize("suffix", [".abc", ".usdc"])
def test_a_mesh_that_a_file_shapes_is_told(tmp_path, sentence, suffix):
    path = tmp_path / f"cached{suffix}"
    ways = {".abc": ("alembic_export", "alembic_import"), ".usdc": ("usd_export", "usd_import")}[suffix]
    try:
        for way in ways:
            getattr(bpy.ops.wm, way).get_rna_type()
    except KeyError:
        pytest.skip(f"this Blender knows no {suffix}")
    moving_face(path)
    bpy.ops.wm.read_homefile(use_empty=True, use_factory_startup=True)
    getattr(bpy.ops.wm, ways[1])(filepath=str(path))
    head = next(item for item in bpy.data.objects if item.type == "MESH")
    assert [modifier.type for modifier in head.modifiers] == ["MESH_SEQUENCE_CACHE"]
    with pytest.raises(TalkingAnimationError, match=r"Alembic or USD.*FBX or glTF"):
        api.generate(head, sentence)
