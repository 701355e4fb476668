"""Which objects make a character, and what it is said to be."""

from __future__ import annotations

import bpy
import characters
import numpy as np
import pytest
from counting import lines_run
from mathutils import Vector

from blender_addon import api
from blender_addon.characters import character
from blender_addon.characters.face_axes import measure_mesh


def test_from_any_part_of_the_character():
    rig, mesh = characters.rigged()
    teeth = characters.face_mesh("Teeth", ["jawOpen"])
    teeth.parent = mesh
    hat = bpy.data.objects.new("Hat", None)
    bpy.context.scene.collection.objects.link(hat)
    hat.parent = rig
    for item in (rig, mesh, teeth, hat):
        found = api.describe(item)
        assert found.root == rig and found.head == "head" and found.neck == "neck"
        assert [part.object.name for part in found.meshes] == ["Face", "Teeth"]
        assert found.summary == "52 of 52 ARKit shapes on 2 meshes, head bone 'head'"
        assert found.problem == "" and found.missing == []


def test_a_mesh_alone():
    mesh = characters.face_mesh(names=["jawOpen", "mouthClose"])
    found = api.describe(mesh)
    assert found.root == mesh
    assert found.summary == "2 of 52 ARKit shapes on 1 mesh, head turns with the object"
    assert len(found.missing) == 50


def test_two_characters_are_not_mixed_up():
    _, first = characters.rigged()
    second = characters.face_mesh("Other")
    assert [part.object for part in api.describe(first).meshes] == [first]
    assert [part.object for part in api.describe(second).meshes] == [second]


def test_a_head_bone_that_follows_another_gives_way():
    rig, mesh = characters.rigged(
        bones={**characters.SPINE, "c_head.x": ((0, 0.1, -1.2), (0, 0.1, 1.0), "neck")}
    )
    constraint = rig.pose.bones["head"].constraints.new("COPY_TRANSFORMS")
    constraint.target, constraint.subtarget = rig, "c_head.x"
    assert api.describe(mesh).head == "c_head.x"


def test_the_user_may_choose_the_head_bone():
    rig, mesh = characters.rigged()
    rig.talking_animation.head_bone = "spine"
    assert api.describe(mesh).head == "spine" and api.describe(mesh).neck == ""
    rig.talking_animation.head_bone = "gone"
    assert api.describe(mesh).head == "head"


def test_nothing_to_animate_is_explained():
    plain = bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube"))
    bpy.context.scene.collection.objects.link(plain)
    assert api.describe(plain).problem == (
        "'Cube' has no shape keys: pick the character's head mesh or its armature."
    )
    odd = characters.face_mesh("Odd", ["smile", "frown"])
    assert "None of the shape keys of 'Odd' has a name that is known" in api.describe(odd).problem
    light = bpy.data.objects.new("Lamp", bpy.data.lights.new("Lamp", "POINT"))
    assert "'Lamp' has no shape keys" in character.describe(light).problem


def test_other_conventions_in_the_panels_words():
    face = characters.face_mesh("Face", [f"Fcl_MTH_{name}" for name in "AIUEO"] + ["Fcl_EYE_Close"])
    found = api.describe(face)
    assert found.conventions == ("vroid",) and found.mouth == "VOWELS"
    assert found.summary == ("VRoid: 5 vowels and 2 of 52 ARKit shapes on 1 mesh, head turns with the object")
    assert "eyeBlinkLeft" not in found.missing and "browInnerUp" in found.missing
    assert not [name for name in found.missing if name.startswith(("vowel", "mouth", "jaw"))]
    assert found.meshes[0].shapes == {}, "a blink of both eyes is no left eye's"


def test_face_bones_alone_make_a_character():
    bones = {
        **characters.SPINE,
        "jaw": ((0.0, -0.2, -0.3), (0.0, -0.9, -0.6), "head"),
        "jaw_master": ((0.0, -0.2, -0.3), (0.0, -0.9, -0.6), "head"),
    }
    rig = characters.armature(bones)
    found = api.describe(rig)
    assert found.face_bones.talks and found.problem == "" and not found.meshes
    assert any(row.kind == "BONE" and row.channel == "bone:jaw" for row in found.rows)


def test_a_linked_library_with_visemes(tmp_path):
    characters.face_mesh(
        "Face", [f"viseme_{name}" for name in ("PP", "FF", "TH", "DD", "kk", "CH", "aa", "E", "O")]
    )
    path = str(tmp_path / "character.blend")
    bpy.data.libraries.write(path, {bpy.data.objects["Face"]}, fake_user=True)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with bpy.data.libraries.load(path, link=True) as (_, loaded):
        loaded.objects = ["Face"]
    item = bpy.data.objects["Face"]
    bpy.context.scene.collection.objects.link(item)
    assert "linked from another file" in api.describe(item).problem
    override = item.override_create()
    bpy.context.scene.collection.objects.link(override)
    found = api.describe(override)
    assert found.problem == "" and found.mouth == "VISEMES"


def test_a_large_scene_is_looked_through_quickly():
    rig, mesh = characters.rigged()
    for number in range(20):
        characters.face_mesh(f"Part {number}", ["jawOpen", "smile"]).parent = rig
    assert len(character.describe(mesh).meshes) == 21
    few = lines_run(lambda: character.describe(mesh))
    for number in range(600):
        item = bpy.data.objects.new(f"Prop {number}", None)
        bpy.context.scene.collection.objects.link(item)
        item.parent = rig if number % 2 else None
    assert len(character.describe(mesh).meshes) == 21
    more = lines_run(lambda: character.describe(mesh)) - few
    assert more < 30 * 600, more


@pytest.mark.parametrize(
    "turned",
    [characters.degrees("X", 0), characters.degrees("Z", 180), characters.degrees("X", -90)],
)
def test_a_face_that_blinks_with_one_key_knows_where_it_looks(turned):
    face = characters.face_mesh("Face", ["A", "I", "U", "E", "O", "Blink"], turned)
    blink = face.data.shape_keys.key_blocks["Blink"]
    down = turned @ Vector((0, 0, -0.05))
    blink.data[characters.MOUTH].co = face.data.vertices[characters.MOUTH].co
    for point in (characters.LEFT_EYE, characters.RIGHT_EYE):
        blink.data[point].co = face.data.vertices[point].co + down
    found = measure_mesh(api.describe(face).meshes[0])
    expected = np.array(turned) @ np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    assert found.axes == pytest.approx(expected, abs=1e-6)
    assert found.unit == pytest.approx(0.6 * 1.43)


def test_a_mesh_without_vertices_is_refused_in_a_sentence():
    """Its shape keys have names, but nothing that they could move."""
    mesh = bpy.data.objects.new("Ghost", bpy.data.meshes.new("Ghost"))
    bpy.context.scene.collection.objects.link(mesh)
    for name in ("Basis", "jawOpen", "mouthClose", "eyeBlinkLeft"):
        mesh.shape_key_add(name=name)
    described = api.describe(mesh)
    assert not described.meshes and "'Ghost' has shape keys but no vertices" in described.problem
