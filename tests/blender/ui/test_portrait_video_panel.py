"""The video of a picture on the panel: why it cannot be pressed, and one click to a file."""

from __future__ import annotations

from types import SimpleNamespace

import bpy
import picture_characters
import pytest
from layout import Layout
from versions import ends

from blender_addon import api
from blender_addon.api import portraits
from blender_addon.characters import character, pictures
from blender_addon.engine_process import chosen_python, shared
from blender_addon.errors import Cancelled, TalkingAnimationError
from blender_addon.host import engine_folder
from blender_addon.inputs import videos
from blender_addon.jobs.portrait import pictured
from blender_addon.ui import finished_files, lookup, mouths, portrait_video


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
    settings = bpy.context.scene.talking_animation_portrait_video
    assert "full engine" not in draw()
    settings.renderer = "ENGINE"
    assert "Only the full engine draws videos" in draw().replace("\n", " ")
    with pytest.raises(RuntimeError, match="Only the full engine draws videos"):
        bpy.ops.talking_animation.bake_talking_portrait()


def test_how_a_film_goes_on_is_asked_where_the_picture_is_one(fake, voice):
    bpy.context.scene.render.fps = 2
    root = picture_characters.add(picture_characters.contract_picture(), name="ada.mp4")[0]
    api.generate(root, str(voice), start_frame=1)
    bpy.context.scene.talking_animation.character = root
    settings = bpy.context.scene.talking_animation_portrait_video
    assert "view" in draw() and "film_pose" not in draw()
    kept = dict(root[pictures.PROPERTY].to_dict(), path="//ada.mp4")
    root[pictures.PROPERTY] = kept
    assert "film_pose" in draw()
    settings.view, settings.film_pose = "FACE", "GENERATED"
    chosen = portrait_video._options(bpy.context)
    assert (chosen.view, chosen.film_pose) == ("FACE", "GENERATED")
    settings.renderer = "BLENDER"  # which draws the whole picture, and no film
    assert "film_pose" not in draw() and portrait_video._options(bpy.context).view == "FULL"


def test_a_name_alone_lies_beside_the_blend_file_and_a_long_path_has_its_name_below(fake, voice, tmp_path):
    scene = bpy.context.scene
    scene.render.fps = 2
    scene.talking_animation.character = root = picture_characters.add(picture_characters.contract_picture())[
        0
    ]
    api.generate(root, str(voice), start_frame=1)
    settings = scene.talking_animation_portrait_video
    settings.output = "said.mp4"
    with pytest.raises(RuntimeError, match="which is not saved yet"):
        bpy.ops.talking_animation.bake_talking_portrait()
    assert "said.mp4" not in draw()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    assert portrait_video._output(bpy.context) == "//said.mp4" and portrait_video._folder(bpy.context) == "//"
    settings.output = str(tmp_path / "a folder of many a letter" / "said.mp4")
    assert "said.mp4" in draw() and portrait_video._output(bpy.context) == settings.output


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


@ends
def test_a_click_writes_the_video(fake, voice, tmp_path, monkeypatch):
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
    assert draw().count("talking_animation.open_file") == 2
    opened = []
    monkeypatch.setattr(
        bpy.types.WM_OT_path_open, "execute", lambda self, _: opened.append(self.filepath) or {"FINISHED"}
    )
    monkeypatch.setattr(finished_files.shutil, "which", lambda _: "xdg-open")
    bpy.ops.talking_animation.open_file()
    bpy.ops.talking_animation.open_file(folder=True)
    assert opened == [str(tmp_path / "said.mp4"), str(tmp_path)]
    (tmp_path / "said.mp4").unlink()
    with pytest.raises(RuntimeError, match="not there any more"):
        bpy.ops.talking_animation.open_file()
    finished_files.remember(scene, folder=str(tmp_path))  # of several pictures
    assert draw().count("talking_animation.open_file") == 1


def test_what_was_made_is_known_after_the_scene_is_renamed(tmp_path):
    scene = bpy.context.scene
    bpy.ops.ed.undo_push(message="before")
    finished_files.remember(scene, str(tmp_path / "said.mp4"))
    scene.name = "Act 2"
    bpy.ops.ed.undo_push(message="renamed")
    assert draw().count("talking_animation.open_file") == 2
    bpy.ops.ed.undo()
    assert bpy.context.scene.name != "Act 2" and draw().count("talking_animation.open_file") == 2
    bpy.ops.ed.redo()
    assert bpy.context.scene.name == "Act 2" and draw().count("talking_animation.open_file") == 2
    bpy.context.window.scene = bpy.context.scene.copy()
    assert "open_file" not in draw(), "nothing was made of the copy"


def test_a_file_does_not_say_what_is_opened(tmp_path):
    program = tmp_path / "program.sh"
    program.touch()
    scene = bpy.context.scene
    scene["talking_animation_portrait_video"] = {"made": str(program)}  # as a file can have it
    assert "open_file" not in draw()
    with pytest.raises(RuntimeError, match="No video was made"):
        bpy.ops.talking_animation.open_file()
    finished_files.remember(scene, str(program))
    with pytest.raises(RuntimeError, match="not there any more"):
        bpy.ops.talking_animation.open_file()
    bpy.ops.wm.read_homefile(use_empty=True)
    assert "open_file" not in draw()


def test_the_refined_mouth_is_offered_where_its_network_is_there(monkeypatch, tmp_path):
    monkeypatch.setattr(engine_folder, "find_root", lambda: tmp_path)
    assert not engine_folder.has_refiner()
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "portrait.npz").touch()
    assert engine_folder.has_refiner()
    numbers = {name: number for name, *_, number in portrait_video._renderers(True)}
    others = {name: number for name, *_, number in portrait_video._renderers(False)}
    assert others.items() <= numbers.items(), "a .blend file keeps the number"
    names = list(numbers)
    assert names == [*portraits.RENDERERS, portraits.PERSONAL]
    assert list(others) == [*names[:-2], portraits.PERSONAL]
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


def learn(*films, name=""):
    """What the panel tells of a click on the files of a browser."""
    first = films[0].parent
    files = [{"name": film.name} for film in films]
    bpy.ops.talking_animation.mouth_from_films(
        "EXEC_DEFAULT", filepath=str(films[0]), directory=str(first), files=files, name=name
    )
    return bpy.context.window_manager.talking_animation.message


def test_a_mouth_is_learned_from_films_and_chosen(fake, tmp_path, monkeypatch):
    fake("learning")
    monkeypatch.setattr(videos, "own_folder", lambda: tmp_path / "styles")
    monkeypatch.setattr(videos, "_presets", lambda name: tmp_path)
    monkeypatch.setattr(chosen_python, "current", lambda: "/a/python")
    films = [tmp_path / "ada.mp4", tmp_path / "more.mp4", tmp_path / "two.mp4"]
    for film in films:
        film.write_bytes(b"film")
    settings = bpy.context.scene.talking_animation_portrait_video
    settings.renderer = portraits.PERSONAL
    assert "talking_animation.mouth_from_films" in draw()
    assert "'Ada' was learned from 12 s of film" in learn(*films[:2], name="Ada")
    assert settings.personal == str(tmp_path / "Ada.npz") and (tmp_path / "Ada.npz").read_bytes() == b"learnt"
    assert str(tmp_path / "Ada 2.npz") in learn(films[1], name="Ada")  # nothing is overwritten
    with pytest.raises(RuntimeError, match="shows two people"):
        learn(films[2])
    assert not (tmp_path / "two.npz").exists() and settings.personal.endswith("Ada 2.npz")
    with pytest.raises(RuntimeError, match=r"gone\.mp4' does not exist"):
        learn(tmp_path / "gone.mp4")


def test_only_the_full_engine_learns_mouths(fake, tmp_path, monkeypatch):
    monkeypatch.setattr(shared, "known_capabilities", lambda: None)
    monkeypatch.setattr(chosen_python, "current", lambda: "")
    assert "needs the full engine" in mouths.mouth_reason(bpy.context)
    film = tmp_path / "ada.mp4"
    film.write_bytes(b"film")
    with pytest.raises(TalkingAnimationError, match="needs the full engine"):
        api.renderer_from_films([film])
    monkeypatch.setattr(chosen_python, "current", lambda: "/a/python")  # which will say itself what it can
    assert mouths.mouth_reason(bpy.context) == ""


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


@ends
def test_all_pictures_of_a_scene_become_videos_of_their_own(fake, voice, tmp_path):
    scene = bpy.context.scene
    scene.render.fps = 2
    settings = scene.talking_animation_portrait_video
    settings.output, settings.renderer, settings.preview = str(tmp_path / "any.mp4"), "BLENDER", True
    with pytest.raises(RuntimeError, match="No picture of this scene says anything"):
        bpy.ops.talking_animation.bake_all_portraits()
    roots = [
        picture_characters.add(picture_characters.contract_picture(), name=name)[0]
        for name in ("anna:.png", "Anna?.png", "mute.png")
    ]
    for root in roots[:2]:
        api.generate(root, str(voice), start_frame=1)
    scene.talking_animation.character = roots[0]
    assert "Bake All Pictures" in draw() or "bake_all_portraits" in draw()
    assert bpy.ops.talking_animation.bake_all_portraits() == {"FINISHED"}
    # What no file can be called, and what differs in capitals alone, as Windows has it.
    assert sorted(path.name for path in tmp_path.glob("*.mp4")) == [
        "Anna_ preview.mp4",
        "anna_ 2 preview.mp4",
    ]
    job = portraits.AllPortraitsJob(str(tmp_path), portraits.PortraitOptions("BLENDER", True), scene)
    job.poll()
    (later,) = [root for root in roots[:2] if not job.stage.startswith(f"{root.name}: ")]
    name, later.name = later.name, "renamed"
    while not job.poll():
        pass
    assert len(job.report.videos) == 1
    # A Blender without sound, as 4.2's wheel is, says so of the other video.
    assert [text for text in job.report.warnings if "without sound" not in text] == [
        f"{name}: it or its scene was removed or renamed meanwhile, so it was not baked."
    ]
    before = {path.name for path in tmp_path.iterdir()}
    job = portraits.AllPortraitsJob(str(tmp_path), portraits.PortraitOptions("BLENDER", True), scene)
    job.poll()
    job.cancel()
    assert {path.name for path in tmp_path.iterdir()} == before
