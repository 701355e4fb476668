"""The video of a picture on the panel: why it cannot be pressed, and one click to a file."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import picture_characters
import pytest
from layout import Layout

from blender_addon import api
from blender_addon.api import portraits
from blender_addon.characters import character
from blender_addon.errors import Cancelled
from blender_addon.host import engine_folder
from blender_addon.jobs.portrait import pictured
from blender_addon.ui import lookup, portrait_video


def draw():
    layout = Layout()
    portrait_video.TALKING_PT_portrait_video.draw(SimpleNamespace(layout=layout), bpy.context)
    return " ".join(map(str, layout.said))


def reason():
    return portrait_video.TALKING_OT_bake_talking_portrait.disabled_reason(bpy.context)


def test_the_panel_says_what_is_missing(fake, voice, tmp_path):
    assert reason() == "Select a character that was made of a picture"
    assert reason() in draw()
    cube = bpy.data.objects.new("Cube", bpy.data.meshes.new("Cube"))
    bpy.context.scene.collection.objects.link(cube)
    chosen = bpy.context.scene.talking_animation
    chosen.character = cube
    assert reason() == "Select a character that was made of a picture"
    root = picture_characters.add(picture_characters.contract_picture())[0]
    chosen.character = next(child for child in root.children if child.type == "MESH")
    assert reason() == "Generate its talking animation first"
    bpy.context.scene.render.fps = 2
    api.generate(root, str(voice), start_frame=1)
    assert "save the .blend file first" in reason()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    assert reason() == "" and "_face.mp4" in draw().replace(" ", "_")
    with pytest.raises(RuntimeError, match="Only the full engine draws videos"):
        bpy.context.scene.talking_animation_portrait_video.renderer = "ENGINE"
        bpy.ops.talking_animation.bake_talking_portrait()


def test_a_redraw_does_not_look_through_the_scene_each_time(fake, voice, monkeypatch):
    bpy.context.scene.render.fps = 2
    root = picture_characters.add(picture_characters.contract_picture())[0]
    api.generate(root, str(voice), start_frame=1)
    bpy.context.scene.talking_animation.character = root
    expected = reason()
    looked = []
    real = character.related_objects
    for module in (character, pictured):
        monkeypatch.setattr(module, "related_objects", lambda item: looked.append(item) or real(item))
    monkeypatch.setattr(lookup.time, "monotonic", lambda: 1000.0)
    lookup.forget()
    for _ in range(5):
        assert reason() == expected and reason() in draw()
    assert len(looked) == 1


def test_a_click_writes_the_video(fake, voice, tmp_path):
    scene = bpy.context.scene
    scene.render.fps = 2
    root = picture_characters.add(picture_characters.contract_picture())[0]
    api.generate(root, str(voice), start_frame=1)
    scene.talking_animation.character = root
    settings = scene.talking_animation_portrait_video
    settings.output, settings.renderer = str(tmp_path / "said.mp4"), "BLENDER"
    assert bpy.ops.talking_animation.bake_talking_portrait() == {"FINISHED"}
    told = bpy.context.window_manager.talking_animation
    assert told.message.startswith("'made' talks in said.mp4: ") and (tmp_path / "said.mp4").is_file()
    kinds = [
        strip.type
        for strip in (getattr(scene.sequence_editor, "strips", None) or scene.sequence_editor.sequences)
    ]
    assert "MOVIE" in kinds


def test_the_refined_mouth_is_offered_where_its_network_is_there(monkeypatch, tmp_path):
    monkeypatch.setattr(engine_folder, "find_root", lambda: tmp_path)
    assert not engine_folder.has_refiner()
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "portrait.npz").touch()
    assert engine_folder.has_refiner()
    names = [name for name, _, _ in portrait_video._renderers(True)]
    assert names == [*portraits.RENDERERS, portraits.PERSONAL]
    assert [name for name, _, _ in portrait_video._renderers(False)] == [*names[:-2], portraits.PERSONAL]
    chosen = bpy.context.scene.talking_animation_portrait_video.bl_rna.properties["renderer"]
    monkeypatch.undo()
    assert (portraits.REFINED in chosen.enum_items) == engine_folder.has_refiner()


def test_a_persons_own_renderer_is_chosen_by_its_file(fake, voice, tmp_path):
    scene = bpy.context.scene
    scene.render.fps = 2
    root = picture_characters.add(picture_characters.contract_picture())[0]
    api.generate(root, str(voice), start_frame=1)
    scene.talking_animation.character = root
    settings = scene.talking_animation_portrait_video
    settings.output, settings.renderer = str(tmp_path / "said.mp4"), portraits.PERSONAL
    assert "personal" in draw()
    for path, told in (
        ("", "Choose the file"),
        ("ada.json", "ends in .npz"),
        ("ada.npz", "'ada.npz' is not there"),
    ):
        settings.personal = str(tmp_path / path) if path else ""
        with pytest.raises(RuntimeError, match=told):
            bpy.ops.talking_animation.bake_talking_portrait()
        with pytest.raises(RuntimeError, match=told):
            bpy.ops.talking_animation.bake_all_portraits()


def test_all_pictures_stop_where_one_is_stopped(fake, voice, tmp_path, monkeypatch):
    for name in ("anna.png", "bert.png"):
        root = picture_characters.add(picture_characters.contract_picture(), name=name)[0]
        api.generate(root, str(voice), start_frame=1)

    def stopped(job):
        raise Cancelled

    job = portraits.AllPortraitsJob(str(tmp_path), portraits.PortraitOptions("BLENDER"), bpy.context.scene)
    monkeypatch.setattr(portraits.PortraitJob, "poll", stopped)
    with pytest.raises(Cancelled):
        while not job.poll():
            pass


def test_all_pictures_of_a_scene_become_videos_of_their_own(fake, voice, tmp_path):
    scene = bpy.context.scene
    scene.render.fps = 2
    settings = scene.talking_animation_portrait_video
    settings.output, settings.renderer, settings.preview = str(tmp_path / "any.mp4"), "BLENDER", True
    with pytest.raises(RuntimeError, match="No picture of this scene says anything"):
        bpy.ops.talking_animation.bake_all_portraits()
    roots = [
        picture_characters.add(picture_characters.contract_picture(), name=name)[0]
        for name in ("anna.png", "bert.png", "mute.png")
    ]
    for root in roots[:2]:
        api.generate(root, str(voice), start_frame=1)
    scene.talking_animation.character = roots[0]
    assert "Bake All Pictures" in draw() or "bake_all_portraits" in draw()
    assert bpy.ops.talking_animation.bake_all_portraits() == {"FINISHED"}
    assert sorted(path.name for path in tmp_path.glob("*.mp4")) == ["anna preview.mp4", "bert preview.mp4"]
    job = portraits.AllPortraitsJob(str(tmp_path), portraits.PortraitOptions("BLENDER", True), scene)
    job.poll()
    bpy.data.objects[roots[1].name].name = "renamed"
    while not job.poll():
        pass
    assert len(job.report.videos) == 1
    # A Blender without sound, as 4.2's wheel is, says so of the other video.
    assert [text for text in job.report.warnings if "without sound" not in text] == [
        "bert: it or its scene was removed or renamed meanwhile, so it was not baked."
    ]
    before = {path.name for path in tmp_path.iterdir()}
    job = portraits.AllPortraitsJob(str(tmp_path), portraits.PortraitOptions("BLENDER", True), scene)
    job.poll()
    job.cancel()
    assert {path.name for path in tmp_path.iterdir()} == before
