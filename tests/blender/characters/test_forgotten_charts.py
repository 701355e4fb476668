"""Of a chart that is forgotten, or mapped to something else, nothing stays that mapping has added."""

from __future__ import annotations

import bpy
import pytest
from drawn_characters import empty, linked, pencil, say, spoken

from blender_addon import api
from blender_addon.api import drawings
from blender_addon.host.blender_versions import drawing_layers, grease_pencil

FRAMES = {"A": 10, "D": 20, "F": 30}


def modifiers_of(item) -> list[str]:
    """The names of all modifiers."""
    return [modifier.name for modifier in grease_pencil.modifiers(item)]


def head_of_slots(name: str = "Head"):
    """A mesh whose second face shows one of three materials."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)], [], [(0, 1, 2), (0, 2, 3)])
    head = linked(bpy.data.objects.new(name, mesh))
    for title in ("Skin", "Zu", "Auf", "Rund"):
        mesh.materials.append(bpy.data.materials.get(title) or bpy.data.materials.new(title))
    mesh.polygons[1].material_index = 1
    return head


@pytest.mark.parametrize("feature", ["mouth", ""])
def test_a_time_modifier_goes_and_ones_own_stays(feature):
    face = pencil("Kopf", ["Mund", "Brille"], (10, 20, 30))
    drawing_layers.add_time_modifier(face, "Brille still", "Brille", 10)
    drawings.by_frames(face, "mouth", FRAMES, "Mund")
    say(face, spoken())
    assert api.remove(face) and len(modifiers_of(face)) == 2
    assert drawings.forget(face, feature)
    assert modifiers_of(face) == ["Brille still"] and not face.talking_animation.drawings
    assert not drawings.forget(face)


def test_ones_own_time_modifier_that_a_chart_used_stays():
    face = pencil("Kopf", ["Mund"], (10, 20, 30))
    drawing_layers.add_time_modifier(face, "Mine", "Mund", 20)
    drawings.by_frames(face, "mouth", FRAMES, "Mund")
    assert drawings.forget(face) and modifiers_of(face) == ["Mine"]


def test_a_modifier_that_another_chart_uses_stays_until_that_one_goes():
    face = pencil("Kopf", ["Mund", "Augen"], (10, 20, 30))
    drawings.by_frames(face, "mouth", FRAMES, "Mund")
    drawings.by_frames(face, "eyes", {"open": 10, "shut": 20}, "Augen", "")
    assert len(modifiers_of(face)) == 2
    drawings.forget(face, "mouth")
    assert len(modifiers_of(face)) == 1
    drawings.forget(face, "eyes")
    assert not modifiers_of(face)


def test_what_a_chart_was_mapped_to_before_goes():
    face = pencil("Kopf", ["Mund", "A", "D"], (10, 20, 30))
    drawings.by_frames(face, "mouth", FRAMES, "Mund")
    drawings.by_frames(face, "mouth", FRAMES, "A")
    assert [drawing_layers.layer_of(row) for row in drawing_layers.time_modifiers(face)] == ["A"]
    drawings.by_names(face, "mouth", "LAYERS", {"A": "A", "D": "D"})
    assert not modifiers_of(face)


def test_a_slot_modifier_goes_with_its_node_group():
    head, other = head_of_slots(), head_of_slots("Other")
    for item in (head, other):
        drawings.by_slots(item, "mouth", {"A": "Zu", "D": "Auf", "F": "Rund"})
    assert len(bpy.data.node_groups) == 1
    head.modifiers.new("Mine", "SUBSURF")
    assert drawings.forget(head) and [modifier.name for modifier in head.modifiers] == ["Mine"]
    assert len(bpy.data.node_groups) == 1  # the other's
    assert drawings.forget(other, "mouth") and not len(other.modifiers) and not len(bpy.data.node_groups)


def test_a_copy_forgets_its_own_and_a_damaged_table_leaves_nothing():
    root = empty("Puppet")
    head = head_of_slots()
    head.parent = root
    drawings.by_slots(head, "mouth", {"A": "Zu", "D": "Auf"})
    copies = [root.copy(), head.copy()]
    for copy in copies:
        bpy.context.scene.collection.objects.link(copy)
    copies[1].parent = copies[0]
    assert drawings.forget(copies[1])
    assert not len(copies[1].modifiers) and len(head.modifiers) == 1
    owner = root if root.talking_animation.drawings else head
    owner.talking_animation.drawings = "{damaged"
    assert drawings.forget(head) and not len(head.modifiers)
    assert not len(bpy.data.node_groups)


def test_what_talks_is_given_back_where_it_is_forgotten_or_mapped_elsewhere():
    root = empty("Robot")
    lamps = [
        linked(bpy.data.objects.new(name, bpy.data.lights.new(name, "POINT"))) for name in ("One", "Two")
    ]
    plane = empty("Jaw of tin", root)
    for lamp in lamps:
        lamp.data.energy = 7.0
        drawings.map_property(root, lamp.data, "energy", drawings.Move("opening", 10))
    drawings.map_part(root, "jaw", plane)
    say(root, spoken())
    bpy.context.scene.frame_set(10)
    assert lamps[0].data.energy > 7
    assert api.describe(root).is_part(plane)
    drawings.map_part(root, "jaw", empty("Another jaw", root))
    assert plane.animation_data is None
    assert drawings.forget_property(root, 0)
    assert lamps[0].data.energy == 7 and lamps[0].data.animation_data is None
    assert lamps[1].data.animation_data is not None and api.has_animation(root)
    assert drawings.forget(root)
    assert lamps[1].data.energy == 7 and not bpy.data.actions and not api.has_animation(root)


def test_a_chart_of_frames_is_forgotten_while_it_talks():
    face = pencil("Kopf", ["Mund"], (10, 20, 30))
    drawings.by_frames(face, "mouth", FRAMES, "Mund")
    say(face, spoken())
    assert drawings.forget(face) and not modifiers_of(face)
    api.remove(face)
    assert not bpy.data.actions and face.animation_data is None
