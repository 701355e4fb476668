"""Characters without shape keys that are not to be seen: drawings, chart objects, skins on bones."""

from __future__ import annotations

import bpy
import pytest
from drawn_characters import empty, linked, pencil, say, spoken

from blender_addon import api

NAMES = "ABCDEFGHX"


def drawing():
    return pencil("Mouths", list(NAMES))


def chart():
    """Objects of which one is shown at a time."""
    root = empty("Mouths")
    for name in NAMES:
        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 0, 1)], [], [(0, 1, 2)])
        linked(bpy.data.objects.new(f"mouth_{name}", mesh), root)
    return root


def told(character):
    return [(problem.code, problem.subject) for problem in api.check(character)]


@pytest.mark.parametrize("make", [drawing, chart])
def test_what_hides_a_drawn_character_is_told(make):
    character = make()
    say(character, spoken())
    scene = bpy.context.scene
    for frame in (1, 20):
        scene.frame_set(frame)
        assert not told(character), "drawings that are not shown now are no problem"
    items = [item for item in api.describe(character).objects if item.type != "EMPTY"]
    one = items[0] if len(items) == 1 else next(item for item in items if not item.hide_viewport)
    character.scale = (0, 0, 0)
    bpy.context.view_layer.update()
    assert [code for code, _ in told(character)] == ["NO_SIZE"]
    character.scale = (1, 1, 1)
    bpy.context.view_layer.update()
    one.hide_set(True)
    assert told(character) == [("HIDDEN", one.name)]
    assert api.repair(character, code="HIDDEN") == []
    room = bpy.data.collections.new("Room")
    scene.collection.children.link(room)
    for item in items:
        scene.collection.objects.unlink(item)
        room.objects.link(item)
    assert not told(character)
    room.hide_render = True
    assert [code for code, _ in told(character)] == ["NOT_RENDERED"]
    room.hide_viewport = True
    assert [code for code, _ in told(character)] == ["HIDDEN", "NOT_RENDERED"]
