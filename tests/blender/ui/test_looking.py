"""Whoever was just added is seen: the view turns to it, and a solid view shows the images that it is made of."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import characters
import numpy as np
import picture_characters
import pytest
from mathutils import Vector

from blender_addon.api import characters as api_characters
from blender_addon.api import charts, grease_pencil, pictures
from blender_addon.api.drawings import is_flat
from blender_addon.ui import looking


def view(kind="SOLID"):
    shading = SimpleNamespace(type=kind, color_type="MATERIAL")
    return SimpleNamespace(type="VIEW_3D", shading=shading, region_3d=SimpleNamespace())


def context(space, *on_screen):
    areas = [
        SimpleNamespace(type=each.type, width=size, height=100, spaces=SimpleNamespace(active=each))
        for size, each in enumerate(on_screen, 1)
    ]
    windows = [SimpleNamespace(screen=SimpleNamespace(areas=areas))]
    manager = SimpleNamespace(windows=windows)
    return SimpleNamespace(space_data=space, window_manager=manager, view_layer=bpy.context.view_layer)


def faces_it(space, root):
    """Whether the view's middle is on it, and the view looks along its front."""
    along = space.region_3d.view_rotation @ Vector((0.0, 0.0, -1.0))
    beside = space.region_3d.view_location - root.matrix_world.translation
    return along.y > 0.95 and abs(beside.x) < 0.5 and abs(beside.y) < 1.0


@pytest.mark.parametrize(("kind", "shown"), [("SOLID", "TEXTURE"), ("MATERIAL", "MATERIAL")])
def test_sprite_sheets_are_no_blank_planes(kind, shown):
    space, cat = view(kind), charts.add_sprite_chart(bpy.context.scene)
    looking.look_at(context(space), cat)
    assert space.shading.color_type == shown and faces_it(space, cat)


def test_a_character_without_images_leaves_the_colours_as_they_are():
    space, (rig, _) = view(), characters.rigged()
    looking.look_at(context(space), rig)
    assert space.shading.color_type == "MATERIAL" and space.region_3d.view_perspective == "PERSP"


def depths_told_apart(space):
    """The least distance of two surfaces that a 3D View with the usual ends (0.01 m) and a depth of 24 bits tells apart."""
    return space.region_3d.view_distance**2 / (0.01 * 2**24)


def test_what_is_flat_is_looked_at_straight_from_the_front_and_nothing_shines_through():
    space, face = view(), grease_pencil.add_face(bpy.context.scene)
    looking.look_at(context(space), face)
    assert (space.region_3d.view_rotation @ Vector((0.0, 0.0, -1.0))).y > 0.999
    space, head = view(), api_characters.add_mouth_chart(bpy.context.scene)
    looking.look_at(context(space), head)
    assert (space.region_3d.view_rotation @ Vector((0.0, 0.0, -1.0))).y > 0.999
    for part in head.children_recursive:
        assert is_flat(part)
        depths = sorted({round(point.co.y, 6) for point in part.data.vertices})
        steps = [after - before for before, after in zip(depths, depths[1:])]
        assert min(steps, default=1.0) > 2 * depths_told_apart(space), part.name


def test_after_a_file_browser_it_is_the_largest_view_that_turns():
    bpy.context.scene.cursor.location = (5, 0, 0)
    (root,) = picture_characters.add(picture_characters.contract_picture())
    browser, small, large = SimpleNamespace(type="FILE_BROWSER"), view(), view()
    looking.look_at(context(browser, small, large, browser), root)
    assert faces_it(large, root) and large.shading.color_type == "TEXTURE"
    assert small.shading.color_type == "MATERIAL" and not vars(small.region_3d)
    looking.look_at(context(None), root)  # no view at all


def test_a_picture_stands_clear_of_what_is_there():
    bpy.ops.mesh.primitive_cube_add(size=2)
    (root,) = picture_characters.add(picture_characters.contract_picture())
    bpy.context.view_layer.update()
    corners = [
        (part.matrix_world @ Vector(corner)).y
        for part in root.children
        if part.type == "MESH"
        for corner in part.bound_box
    ]
    assert max(corners) < -1.0


def test_points_are_placed_on_a_picture_that_is_seen():
    bpy.context.scene.cursor.location = (4, 0, 1)
    image = bpy.data.images.new("wide", 60, 30)
    image.pixels.foreach_set(np.full(60 * 30 * 4, 0.5, np.float32))
    board, space = pictures.make_board(image, bpy.context.scene), view()
    bpy.context.view_layer.update()
    looking.look_at_board(context(space), board)
    assert faces_it(space, board)
    low, high = pictures.box_of_board(board)
    assert high[0] - low[0] == pytest.approx(2 * (high[2] - low[2]))
