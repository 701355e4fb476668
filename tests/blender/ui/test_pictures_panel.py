"""Pictures on the panel: one click to a character, points for a face that is not found, one undo step."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import numpy as np
import picture_files
import pytest
from layout import Layout
from mathutils import Vector
from versions import ends

from blender_addon import api
from blender_addon.api import pictures as picture_api
from blender_addon.errors import TalkingAnimationError
from blender_addon.ui import buttons, looking, operators, pictures

PIXELS = np.random.RandomState(2).randint(90, 256, (80, 60, 3)).astype(np.uint8)
FLAT = np.full((40, 80, 3), 120, np.uint8)


@pytest.fixture
def path(tmp_path):
    return str(picture_files.write(tmp_path / "face.png", picture_files.png(PIXELS)))


@pytest.fixture
def flat(tmp_path):
    return str(picture_files.write(tmp_path / "flat.png", picture_files.png(FLAT)))


def draw():
    layout = Layout()
    pictures.TALKING_PT_picture.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout.said


@ends
def test_a_line_for_each_picture_that_ships(fake):
    assert "TALKING_MT_shipped_pictures" in draw()
    buttons = []

    class Menu(Layout):
        def operator(self, name, **options):
            buttons.append((super().operator(name), options))
            return buttons[-1][0]

    pictures.TALKING_MT_shipped_pictures.draw(SimpleNamespace(layout=Menu()), bpy.context)
    names = [shipped.name for shipped in api.shipped_pictures()]
    assert [button.filepath for button, _ in buttons] == names and len(names) == 8
    assert all(options["icon_value"] >= 0 and options["text"] for _, options in buttons)
    assert bpy.ops.talking_animation.make_picture_talk(filepath=names[3]) == {"FINISHED"}
    assert bpy.context.scene.talking_animation.character.name == names[3]


def message():
    return bpy.context.window_manager.talking_animation.message


def test_two_clicks_from_a_picture_to_a_talking_character(fake, path):
    assert bpy.ops.talking_animation.pick_picture(filepath=path) == {"FINISHED"}
    chosen = bpy.context.scene.talking_animation
    assert api.describe(chosen.character).summary.startswith("52 of 52") and "can talk" in message()
    assert bpy.context.view_layer.objects.active == chosen.character
    assert operators.generate_reason(bpy.context) == ""
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}


def test_the_scene_is_set_up_where_asked(fake, path):
    scene = bpy.context.scene
    bpy.ops.talking_animation.pick_picture(filepath=path)
    assert scene.camera is None
    assert "talking_animation.render_as_picture" in draw()
    assert bpy.ops.talking_animation.render_as_picture() == {"FINISHED"}
    assert scene.camera is not None and scene.render.resolution_x == 60
    bpy.data.objects.remove(scene.camera)
    with pytest.raises(RuntimeError, match="camera was deleted"):
        bpy.ops.talking_animation.render_as_picture()
    bpy.ops.talking_animation.pick_picture(filepath=path, set_up=True)
    assert scene.camera is not None


def test_an_image_of_the_file(fake, path):
    image = bpy.data.images.load(path)
    bpy.context.scene.talking_animation_picture.image = image
    assert "talking_animation.make_picture_talk" in draw()
    assert bpy.ops.talking_animation.make_picture_talk() == {"FINISHED"}
    assert picture_api.origin(bpy.context.scene.talking_animation.character).name == "face.png"


def test_one_undo_step(fake, path):
    bpy.ops.ed.undo_push(message="before")
    bpy.ops.talking_animation.make_picture_talk("EXEC_DEFAULT", True, filepath=path)
    assert bpy.data.armatures
    try:
        bpy.ops.ed.undo()
    except RuntimeError:
        pytest.skip("this Blender has no undo in the background")
    assert not bpy.data.objects and not bpy.data.armatures and not bpy.data.collections


def test_what_goes_wrong_is_said(fake, flat, tmp_path):
    with pytest.raises(RuntimeError, match="No face was found"):
        bpy.ops.talking_animation.make_picture_talk(filepath=flat)
    with pytest.raises(RuntimeError, match="No picture is chosen"):
        bpy.ops.talking_animation.make_picture_talk()
    with pytest.raises(RuntimeError, match="is a folder"):
        bpy.ops.talking_animation.make_picture_talk(filepath=str(tmp_path))
    assert "is a folder" in message() and not bpy.data.objects


def test_it_waits_for_object_mode(fake, path):
    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.object.mode_set(mode="EDIT")
    assert not bpy.ops.talking_animation.pick_picture.poll()
    assert "Switch to Object Mode." in draw()
    bpy.ops.object.mode_set(mode="OBJECT")


def test_who_edits_something_when_the_picture_is_done_leaves_its_mode(fake, path):
    job = picture_api.PictureJob(path)
    bpy.ops.mesh.primitive_cube_add()
    edited = bpy.context.object
    bpy.ops.object.mode_set(mode="EDIT")
    while not job.poll():
        pass
    assert edited.mode == "EDIT"  # as long as only the scene's objects are added to
    looking.take_up(bpy.context, job.report.roots[0])
    assert (edited.mode, edited.select_get()) == ("OBJECT", False)
    assert bpy.context.view_layer.objects.active == job.report.roots[0]
    assert bpy.context.selected_objects == [job.report.roots[0]]


def board():
    return picture_api.board_of(bpy.context.scene)


def test_a_face_is_shown_with_four_points(fake, flat):
    assert not bpy.ops.talking_animation.use_points.poll()
    bpy.context.scene.cursor.location = (1, 2, 3)
    bpy.ops.talking_animation.place_points(filepath=flat)
    assert "talking_animation.use_points" in draw() and len(board().children) == 4
    places = [(0.25, 0.25), (0.75, 0.25), (0.375, 0.75), (0.625, 0.75)]
    for number, place in enumerate(places):
        picture_api.put_point(board(), number, place)
    bpy.context.view_layer.update()
    wanted = [value for place in places for value in (place[0] * 80, place[1] * 40)]
    assert picture_api.pixels_of(board()) == pytest.approx(wanted, abs=1e-3)
    assert bpy.ops.talking_animation.use_points() == {"FINISHED"}
    root = bpy.context.scene.talking_animation.character
    assert tuple(root.location) == pytest.approx((1, 2, 3)) and board() is None
    assert not [image for image in bpy.data.images if "points" in image.name]
    origin = picture_api.origin(root)
    assert origin.sha256.split(" ")[1] == "20.00" and origin.name == "flat.png"


def test_points_that_are_no_face_are_refused(fake, flat):
    bpy.ops.talking_animation.place_points(filepath=flat)
    for number in (2, 3):
        picture_api.put_point(board(), number, (0.4 + 0.1 * number, 0.41))  # the mouth between the eyes
    bpy.context.view_layer.update()
    with pytest.raises(RuntimeError, match="The four points are no face"):
        bpy.ops.talking_animation.use_points()
    picture_api.put_point(board(), 0, (-0.2, 0.4))
    bpy.context.view_layer.update()
    with pytest.raises(TalkingAnimationError, match="outside of the picture"):
        picture_api.pixels_of(board())
    bpy.data.objects.remove(board().children[2])
    with pytest.raises(RuntimeError, match="was deleted"):
        bpy.ops.talking_animation.use_points()
    bpy.ops.talking_animation.place_points(filepath=flat)
    assert len(board().children) == 4
    bpy.ops.talking_animation.remove_points_board()
    assert not bpy.data.objects and not bpy.data.images


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_face_that_lies_or_is_upside_down_may_be_shown(fake, flat, quarters):
    bpy.ops.talking_animation.place_points(filepath=flat)
    upright = np.array([(-0.2, -0.2), (0.2, -0.2), (-0.1, 0.2), (0.1, 0.2)])
    turned = upright @ np.linalg.matrix_power(np.array([(0, 1), (-1, 0)]), quarters) * (0.5, 1) + 0.5
    for number, place in enumerate(turned):
        picture_api.put_point(board(), number, tuple(place))
    bpy.context.view_layer.update()
    assert bpy.ops.talking_animation.use_points() == {"FINISHED"}


def test_a_board_that_was_moved_turned_and_scaled(fake, flat):
    bpy.ops.talking_animation.place_points(filepath=flat)
    bpy.context.view_layer.update()
    before = picture_api.pixels_of(board())
    board().location, board().scale, board().rotation_euler = (4, 5, 6), (2, 2, 2), (0.3, 0.2, 1.1)
    bpy.context.view_layer.update()
    assert picture_api.pixels_of(board()) == pytest.approx(before, abs=1e-3)


def test_what_the_mouse_is_over(fake, flat):
    """The board is 2 m wide and 1 m high, upright, and is looked at along +Y."""
    bpy.ops.talking_animation.place_points(filepath=flat)
    bpy.context.view_layer.update()
    assert picture_api.place_under(board(), (0.5, -9, 0.25), (0, 1, 0)) == pytest.approx((0.75, 0.25))
    assert picture_api.place_under(board(), (0, -1, 0), Vector((-0.9, 1, 0))) == pytest.approx((0.05, 0.5))
    assert picture_api.place_under(board(), (1.01, -9, 0), (0, 1, 0)) is None
    assert picture_api.place_under(board(), (0, -9, 0), (1, 0, 0)) is None


def test_an_image_with_points(fake, flat):
    image = bpy.data.images.load(flat)
    image.name = "my image"
    bpy.context.scene.talking_animation_picture.image = image
    bpy.ops.talking_animation.place_points()
    bpy.context.view_layer.update()
    assert bpy.ops.talking_animation.use_points() == {"FINISHED"}
    assert picture_api.origin(bpy.context.scene.talking_animation.character).name == "my image"
    assert image.name in bpy.data.images


@pytest.mark.parametrize(
    ("button", "options", "says"),
    [
        ("make_picture_talk", {"filepath": "/nowhere/gone.png"}, "gone.png"),
        ("use_points", {}, "There are no points: press Show Where the Face Is."),
    ],
)
def test_what_a_button_hands_over_fails_in_a_sentence(fake, button, options, says):
    """And not in the traceback that Blender shows of a script that presses a button."""
    told = []
    browser = SimpleNamespace(report=lambda kind, text: told.append((kind, text)))
    assert buttons.hand_over(browser, bpy.context, button, **options) == {"CANCELLED"}
    ((kind, text),) = told
    assert (
        kind == {"ERROR"}
        and says in text
        and not [word for word in ("\n", "Error", "poll()") if word in text]
    )
    assert message() == text
