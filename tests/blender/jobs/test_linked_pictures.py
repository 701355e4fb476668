"""A picture that is linked rather than packed: shown from its own file, to the pixel, wherever the project goes."""

from __future__ import annotations

import shutil

import bpy
import numpy as np
import picture_files
import pytest
from picture_characters import contract_picture
from rendering import rendered

from blender_addon import api
from blender_addon.command_line import recording
from blender_addon.errors import TalkingAnimationError
from blender_addon.faces.from_picture import build
from blender_addon.jobs.picture import PictureJob

PIXELS = np.random.RandomState(7).randint(90, 256, (64, 48, 3)).astype(np.uint8)


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "Projekt ä"
    (folder / "tex").mkdir(parents=True)
    return folder


@pytest.fixture
def path(project):
    return picture_files.write(project / "tex" / "she.png", picture_files.png(PIXELS))


def images_of(root):
    mesh = next(child for child in root.children if child.type == "MESH")
    nodes = [node for material in mesh.data.materials for node in material.node_tree.nodes]
    return {node.image.name: node.image for node in nodes if node.type == "TEX_IMAGE"}


def test_it_is_shown_from_its_file(fake, path):
    before = set(bpy.data.images)
    report = api.make_picture_talk(path, pack=False, set_up=True)
    assert not report.warnings
    images = images_of(report.roots[0])
    linked = [image for image in images.values() if image.packed_file is None]
    (picture,) = linked
    assert bpy.path.abspath(picture.filepath) == str(path)
    assert set(images.values()) == set(bpy.data.images) - before
    assert np.array_equal(rendered(bpy.context.scene)[..., :3], PIXELS)


def test_what_was_made_of_it_is_packed(path):
    (root,) = build.build(
        [contract_picture()],
        bpy.context.scene,
        "she.png",
        str(path),
        file=build.OwnFile(str(path), packed=False),
    )
    packed = {image.name: image.packed_file is not None for image in images_of(root).values()}
    assert packed == {"she picture": False, "she face mouth": True}


def test_the_project_may_move(fake, project, path, tmp_path):
    blend = str(project / "it.blend")
    bpy.ops.wm.save_as_mainfile(filepath=blend)
    (root,) = api.make_picture_talk("//tex/she.png", pack=False).roots
    (picture,) = [image for image in images_of(root).values() if image.packed_file is None]
    assert picture.filepath.replace("\\", "/") == "//tex/she.png"
    bpy.ops.wm.save_mainfile()
    moved = tmp_path / "moved"
    shutil.move(project, moved)
    bpy.ops.wm.open_mainfile(filepath=str(moved / "it.blend"))
    (picture,) = [image for image in images_of(bpy.data.objects["she"]).values() if not image.packed_file]
    assert picture.has_data or picture.size[0] == 48


def test_all_faces_share_the_one_file(fake, path):
    roots = api.make_picture_talk(path, faces="all", pack=False).roots
    linked = [[image for image in images_of(root).values() if not image.packed_file] for root in roots]
    assert len(roots) == 2 and linked[0] == linked[1] and len(linked[0]) == 1


@pytest.mark.parametrize("kind", ["turned", "deep", "alone"])
def test_what_blender_would_show_otherwise_is_packed_and_told(fake, project, kind):
    if kind == "deep":
        data = picture_files.png(PIXELS.astype(np.uint16) * 257)
    else:
        data = picture_files.png(PIXELS, *([(b"eXIf", picture_files.exif(6))] if kind == "turned" else []))
    picture = picture_files.write(project / "it.png", data)
    if kind == "alone":
        picture = bpy.data.images.load(str(picture))
        picture.pack()
    report = api.make_picture_talk(picture, pack=False)
    (warning,) = report.warnings
    assert "'it.png' was packed rather than linked, since" in warning
    assert all(image.packed_file is not None for image in images_of(report.roots[0]).values())


def test_an_image_with_a_file(fake, path):
    image = bpy.data.images.load(str(path))
    report = api.make_picture_talk(image, pack=False)
    assert not report.warnings and image.users == 0  # the user's own image stays what it was
    (linked,) = [one for one in images_of(report.roots[0]).values() if one.packed_file is None]
    assert linked != image and bpy.path.abspath(linked.filepath) == str(path)


def test_a_file_that_goes_meanwhile_leaves_nothing(fake, path):
    before = len(bpy.data.images)
    job = PictureJob(path, pack=False)
    path.unlink()
    with pytest.raises(TalkingAnimationError, match=r"'she\.png' was moved or changed meanwhile"):
        while not job.poll():
            pass
    assert not bpy.data.objects and len(bpy.data.images) == before and not bpy.data.collections


def test_from_the_command_line_and_the_file_browser(fake, path, voice, capsys):
    assert recording.command(["--picture", str(path), "--audio", str(voice), "--link-picture"]) == 0
    assert len([image for image in bpy.data.images if image.packed_file is None and image.users]) == 1
    assert recording.command(["--audio", str(voice), "--link-picture"]) == 2
    assert "--link-picture" in capsys.readouterr().err
    assert recording.command(["--audio", str(voice), "--glasses", "yes"]) == 2
    assert "--glasses" in capsys.readouterr().err
    bpy.ops.wm.read_factory_settings(use_empty=True)
    assert bpy.ops.talking_animation.pick_picture(filepath=str(path), link=True) == {"FINISHED"}
    root = bpy.context.scene.talking_animation.character
    assert sum(image.packed_file is None for image in images_of(root).values()) == 1
