"""Characters from another file: linked ones are explained, overridden ones talk."""

from __future__ import annotations

import bpy
import characters
import pytest

from blender_addon import api
from blender_addon.errors import TalkingAnimationError
from blender_addon.keys import actions


@pytest.fixture
def library(tmp_path):
    """A file with the collection "Actor": armature and face."""
    rig, mesh = characters.rigged()
    actor = bpy.data.collections.new("Actor")
    bpy.context.scene.collection.children.link(actor)
    for item in (rig, mesh):
        bpy.context.scene.collection.objects.unlink(item)
        actor.objects.link(item)
    path = tmp_path / "actor.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(path))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with bpy.data.libraries.load(str(path), link=True) as (_, wanted):
        wanted.collections = ["Actor"]
    bpy.context.scene.collection.children.link(bpy.data.collections["Actor"])
    bpy.context.view_layer.update()
    return path


def one_sentence(error):
    text = str(error.value)
    assert text.endswith(".") and "\n" not in text
    return text


def test_a_linked_character(fake, voice, library):
    mesh = bpy.data.objects["Face"]
    assert mesh.library is not None
    assert "is linked from another file" in api.describe(mesh).problem
    with pytest.raises(TalkingAnimationError) as error:
        api.generate(mesh, voice)
    assert "make a library override" in one_sentence(error)
    assert not bpy.data.actions


def test_an_overridden_character(fake, voice, library, tmp_path):
    scene, layer = bpy.context.scene, bpy.context.view_layer
    collection = bpy.data.collections["Actor"]
    collection.override_hierarchy_create(scene, layer, do_fully_editable=True)
    mesh = next(item for item in bpy.data.objects if item.type == "MESH" and item.override_library)
    rig = next(item for item in bpy.data.objects if item.type == "ARMATURE" and item.override_library)
    report = api.generate(rig, voice, start_frame=1)
    scene.frame_set(24)
    head = rig.pose.bones["head"].rotation_quaternion.angle
    key = mesh.data.shape_keys
    assert report.meshes == 1 and actions.own_actions(key)
    assert any("now has a library override" in text for text in report.warnings)
    assert key.key_blocks["jawOpen"].value == pytest.approx(0.4, abs=1e-4)
    assert head > 0.05
    saved = tmp_path / "scene.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(saved))
    bpy.ops.wm.open_mainfile(filepath=str(saved))
    rig = next(item for item in bpy.data.objects if item.type == "ARMATURE" and item.override_library)
    mesh = next(item for item in bpy.data.objects if item.type == "MESH" and item.override_library)
    bpy.context.scene.frame_set(24)
    assert api.has_animation(rig)
    assert rig.pose.bones["head"].rotation_quaternion.angle == pytest.approx(head, abs=1e-4)
    assert mesh.data.shape_keys.key_blocks["jawOpen"].value == pytest.approx(0.4, abs=1e-4)
    assert api.apply_dials(rig, api.Dials(lips=0.5)) > 50
    bpy.context.scene.frame_set(24)
    assert mesh.data.shape_keys.key_blocks["jawOpen"].value == pytest.approx(0.2, abs=1e-4)
    assert api.remove(rig)
    assert not api.has_animation(rig)
