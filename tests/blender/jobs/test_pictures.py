"""A picture becomes a character: read, asked for, built; what goes wrong is told and leaves nothing."""

from __future__ import annotations

import json

import bpy
import numpy as np
import picture_files
import pytest
from blender_addon.contract.face_picture import PICTURED
from rendering import rendered
from versions import ends

from blender_addon import api
from blender_addon.characters.pictures import origin_of
from blender_addon.errors import Cancelled, TalkingAnimationError
from blender_addon.jobs import picture as picture_jobs
from blender_addon.jobs.picture import PictureJob

PIXELS = np.random.RandomState(2).randint(90, 256, (80, 60, 3)).astype(np.uint8)


@pytest.fixture
def path(tmp_path):
    return picture_files.write(tmp_path / "Größe 1.png", picture_files.png(PIXELS))


def everything():
    kinds = ("objects", "meshes", "armatures", "cameras", "images", "materials", "collections", "shape_keys")
    return {kind: len(getattr(bpy.data, kind)) for kind in kinds}


def test_a_picture_that_talks_looks_as_it_did(fake, path):
    seen = []
    report = api.make_picture_talk(
        path, set_up=True, progress=lambda fraction, stage: seen.append((fraction, stage))
    )
    (root,) = report.roots
    assert report.message == "'Größe 1.png' can talk: choose a voice recording and press Generate."
    assert not report.warnings and not api.describe(root).problem
    scene = bpy.context.scene
    assert (scene.render.resolution_x, scene.render.resolution_y) == (60, 80)
    assert np.array_equal(rendered(scene)[..., :3], PIXELS)
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions) and seen[-1] == (1.0, "Done")
    origin = origin_of(root)
    assert (origin.name, origin.path) == ("Größe 1.png", str(path))


def test_it_says_a_line(fake, path, voice):
    (root,) = api.make_picture_talk(path).roots
    api.generate(root, voice, start_frame=1, calibrated=False)  # the double's landmarks ask for no opening
    mesh = root.children[0] if root.children[0].type == "MESH" else root.children[1]
    bpy.context.scene.frame_set(20)
    blocks = mesh.data.shape_keys.key_blocks
    assert blocks["jawOpen"].value > 0.1 and blocks[PICTURED].value == 0


def test_only_what_it_asks_for_changes_in_the_scene(fake, path):
    scene = bpy.context.scene
    camera = bpy.data.objects.new("mine", bpy.data.cameras.new("mine"))
    scene.collection.objects.link(camera)
    scene.camera = camera
    before = (scene.render.resolution_x, scene.render.engine, scene.view_settings.view_transform)
    images = list(bpy.data.images)
    api.make_picture_talk(path)
    assert scene.camera == camera
    assert before == (scene.render.resolution_x, scene.render.engine, scene.view_settings.view_transform)
    added = [image for image in bpy.data.images if image not in images]
    assert added and all(image.packed_file is not None for image in added)


def test_an_image_of_the_file(fake, path):
    image = bpy.data.images.load(str(path))
    (root,) = api.make_picture_talk(image).roots
    assert image.name in bpy.data.images and origin_of(root).name == image.name


def test_all_faces(fake, path):
    report = api.make_picture_talk(path, faces="all")
    assert len(report.roots) == 2 and "2 faces" in report.message
    assert len({root.users_collection[0] for root in report.roots}) == 1


def test_what_is_asked_of_the_engine(fake, path, monkeypatch, tmp_path):
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(tmp_path / "asked"))
    api.make_picture_talk(path, points=[1, 2, 3, 4, 5, 6, 7, 8.5], kind="drawing", glasses="no")
    (request,) = map(json.loads, (tmp_path / "asked").read_text(encoding="utf-8").splitlines())
    assert request["command"] == "picture" and request["name"] == "Größe 1.png"
    assert request["points"] == [1, 2, 3, 4, 5, 6, 7, 8.5] and request["faces"] == "largest"
    assert request["kind"] == "drawing" and request["glasses"] == "no"
    assert request["picture"].endswith(".npy")


@ends
@pytest.mark.parametrize(("faces", "asked"), [("largest", "largest"), (2, "2"), ("03", "3")])
def test_which_face(fake, path, monkeypatch, tmp_path, faces, asked):
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(tmp_path / "asked"))
    api.make_picture_talk(path, faces=faces)
    assert json.loads((tmp_path / "asked").read_text(encoding="utf-8"))["faces"] == asked


def test_warnings_are_told(fake, path):
    fake("wary")
    assert api.make_picture_talk(path).warnings == ["The face looks to the side."]


def test_what_goes_wrong_is_a_sentence_and_leaves_nothing(fake, path, tmp_path):
    before = everything()
    flat = picture_files.write(tmp_path / "flat.png", picture_files.png(np.full((20, 20, 3), 9, np.uint8)))
    with pytest.raises(TalkingAnimationError, match=r"No face was found in flat\.png"):
        api.make_picture_talk(flat)
    with pytest.raises(TalkingAnimationError, match="does not exist"):
        api.make_picture_talk(tmp_path / "gone.png")
    with pytest.raises(TalkingAnimationError, match="Four points"):
        api.make_picture_talk(path, points=[1, 2])
    for faces in ("most", 0, "-1", ""):
        with pytest.raises(TalkingAnimationError, match="'largest', 'all' or a number"):
            api.make_picture_talk(path, faces=faces)
    with pytest.raises(TalkingAnimationError, match="auto, yes, no"):
        api.make_picture_talk(path, glasses="sometimes")
    with pytest.raises(TalkingAnimationError, match="auto, photo, drawing"):
        api.make_picture_talk(path, kind="song")
    fake("damaging")
    with pytest.raises(TalkingAnimationError, match="came back damaged"):
        api.make_picture_talk(path, faces="all")
    fake("crash")
    with pytest.raises(TalkingAnimationError, match="stopped unexpectedly"):
        api.make_picture_talk(path)
    assert everything() == before


def test_a_face_that_no_detector_knows_can_be_shown(fake, tmp_path):
    flat = picture_files.write(tmp_path / "flat.png", picture_files.png(np.full((20, 20, 3), 9, np.uint8)))
    with pytest.raises(TalkingAnimationError, match="show where"):
        api.make_picture_talk(flat)
    assert api.make_picture_talk(flat, points=[5, 5, 15, 5, 7, 15, 13, 15]).roots


def test_stopped_it_leaves_nothing(fake, path):
    fake("slow")
    before = everything()
    job = PictureJob(path)
    folder = job.folder
    for _ in range(3):
        job.poll()
    job.cancel()
    with pytest.raises(Cancelled):
        job.poll()
    assert everything() == before and not folder.exists()


def test_a_scene_that_is_gone(fake, path):
    scene = bpy.data.scenes.new("other")
    job = PictureJob(path, scene=scene)
    bpy.data.scenes.remove(scene)
    with pytest.raises(TalkingAnimationError, match="'other' was removed"):
        while not job.poll():
            pass


def test_another_scene_than_the_windows(fake, path):
    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.object.mode_set(mode="EDIT")
    scene = bpy.data.scenes.new("other")
    (root,) = api.make_picture_talk(path, scene=scene).roots
    assert root.name in scene.objects and root.name not in bpy.context.scene.objects
    assert root.users_scene == (scene,) and len(root.data.bones) == 2
    assert bpy.context.view_layer.objects.active.name == "Cube"


def test_a_picture_is_known_again(fake, path, tmp_path):
    scene = bpy.context.scene
    assert picture_jobs.made_before(path, scene) is None
    (root,) = api.make_picture_talk(path).roots
    copy = picture_files.write(tmp_path / "copy.png", picture_files.png(PIXELS, (b"tEXt", b"a\0b")))
    assert picture_jobs.made_before(copy, scene) == root
    other = picture_files.write(tmp_path / "other.png", picture_files.png(PIXELS[::-1].copy()))
    assert picture_jobs.made_before(other, scene) is None
