"""The manner of speaking: on the panel, in scripts, from a command line, and in the cache's key."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace

import bpy
import characters
import numpy as np
import pytest
from blender_addon.contract.names import PUBLISHED_FOLDER_VARIABLE
from layout import Layout
from places import GRID, ROOT
from versions import ends
from waiting import eventually

from blender_addon import api
from blender_addon.command_line import recording
from blender_addon.engine_process import process, published, shared
from blender_addon.errors import TalkingAnimationError
from blender_addon.host import settings
from blender_addon.host.blender_versions import interface, sequencer
from blender_addon.inputs import manner, videos
from blender_addon.jobs import lesson
from blender_addon.motion import stored_motion
from blender_addon.talking import carried
from blender_addon.ui import panels, properties, styles

CLIPS = sorted((GRID / "s1").glob("*.mp4"))
FULL = ROOT / ".env" / "dev" / "bin" / "python"


class MenuLayout(Layout):
    """A layout with menus."""

    def menu(self, name, **options):
        assert hasattr(bpy.types, name)
        self.said.append(name)

    _child = row = column = box = split = lambda self, *_, **__: MenuLayout(self.said)


def panel(cls):
    layout = MenuLayout()
    cls.draw(SimpleNamespace(layout=layout), bpy.context)
    return layout.said


def asked(monkeypatch, tmp_path):
    """A function that tells what the fake engine was asked."""
    log = tmp_path / "asked.jsonl"
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(log))
    return lambda: [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def style_file(path, **amounts):
    path.write_text(json.dumps({"name": path.stem, **amounts}), encoding="utf-8")
    return path


def test_what_people_write(tmp_path):
    mine = style_file(tmp_path / "my style.json", head=2.0)
    assert manner.read() == manner.Manner()
    assert manner.read("calm:0.3,lively:0.7").options.style == "calm:0.3,lively:0.7"
    assert manner.read(f"calm:0.3,{mine}:0.7").options.style == f"calm:0.3,{mine}:0.7"
    assert manner.read(str(mine)).title == "my style"
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "file.blend"))
    assert manner.read("//my style.json").options.style == str(mine)
    for wrong, words in (
        ({"style": "nautral"}, "no style named 'nautral'"),
        ({"style": str(tmp_path / "gone.npz")}, "does not exist"),
        ({"style": ""}, "No style file is chosen"),
        ({"style": "calm:0,lively:0"}, "All parts"),
        ({"pose": "dancing"}, "one of generated, replayed, still"),
        ({"pose": "replayed", "style": "calm"}, "person's .npz"),
        ({"speaker": str(tmp_path)}, "folder with persons"),
        ({"published": {"amp_pos": 9}}, "amp_pos must be 0 to 5"),
        ({"channel": "left"}, "channel must be auto, mix or a number from 1"),
        ({"channel": 0}, "channel must be auto, mix or a number from 1"),
        ({"voice_in_file": 5}, "speaker in the file must be all or a number from 1 to 4"),
    ):
        with pytest.raises(TalkingAnimationError, match=words):
            manner.read(**wrong)


def test_auto_is_usual_everywhere(fake, voice, monkeypatch, tmp_path):
    requests = asked(monkeypatch, tmp_path)
    _, mesh = characters.rigged()
    items = bpy.types.Scene.bl_rna.properties["talking_animation"].fixed_type.properties["style"].enum_items
    names = [item.identifier for item in items]
    assert (
        names[0] == "auto"
        and names[-2:] == ["MIXTURE", "FILE"]
        and names[1:-2] == [row[0] for row in manner.shipped()]
    )
    assert bpy.context.scene.talking_animation.style == "auto"
    api.generate(mesh, voice)
    assert recording.command(["--audio", str(voice), "--character", mesh.name, "--seed", "5"]) == 0
    bpy.context.scene.talking_animation.audio = str(voice)
    bpy.context.scene.talking_animation.character = mesh
    bpy.context.scene.talking_animation.seed = 6
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    assert [(one["style"], one["pose"], one["speaker"]) for one in requests()] == [
        ("auto", "generated", None)
    ] * 3


def test_the_panels_choice_reaches_the_engine(fake, voice, monkeypatch, tmp_path):
    requests = asked(monkeypatch, tmp_path)
    _, mesh = characters.rigged()
    chosen = bpy.context.scene.talking_animation
    chosen.audio, chosen.character = str(voice), mesh
    chosen.style, chosen.style_first, chosen.style_second = "MIXTURE", "calm", "lively"
    chosen.style_share, chosen.pose = 0.7, "still"
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    chosen.style, chosen.style_file = "FILE", str(style_file(tmp_path / "mine.json"))
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    first, second = requests()
    assert (first["style"], first["pose"]) == ("calm:0.3,lively:0.7", "still")
    assert second["style"] == str(tmp_path / "mine.json")
    assert "mine" in api.describe(mesh).root.talking_animation.source
    layout = MenuLayout()
    styles.draw_style(layout, chosen)
    assert {"style_file", "TALKING_MT_own_styles", "pose"} <= set(layout.said)


def test_the_panel_chooses_channel_and_voice(fake, voice, monkeypatch, tmp_path):
    requests = asked(monkeypatch, tmp_path)
    _, mesh = characters.rigged()
    chosen = bpy.context.scene.talking_animation
    chosen.audio, chosen.character = str(voice), mesh
    assert (chosen.channel, chosen.voice_in_file) == ("auto", "all")
    properties = type(chosen).bl_rna.properties
    assert [item.identifier for item in properties["channel"].enum_items] == ["auto", "mix", *"12345678"]
    assert [item.identifier for item in properties["voice_in_file"].enum_items] == ["all", *"1234"]
    chosen.channel, chosen.voice_in_file = "3", "2"
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    (request,) = requests()
    assert (request["channel"], request["voice_in_file"]) == ("3", "2")
    assert {"channel", "voice_in_file"} <= set(panel(panels.TALKING_PT_options))


@ends
def test_the_same_manner_needs_no_engine_and_another_does(fake, voice, monkeypatch, tmp_path):
    requests = asked(monkeypatch, tmp_path)
    _, mesh = characters.rigged()
    mine = style_file(tmp_path / "mine.json", head=1.0)
    persons = tmp_path / "persons"
    persons.mkdir()
    (persons / "ann.npz").write_bytes(b"one")
    count = 0
    for change in (
        {"style": "auto"},
        {"style": "calm"},
        {"style": "calm", "pose": "still"},
        {"style": "calm", "speaker": "auto"},
        {"style": "calm:0.5,lively:0.5"},
        {"style": "calm:0.4,lively:0.6"},
        {"style": str(mine)},
        {"speaker": str(persons)},
        {"channel": "mix"},
        {"channel": 2},
        {"voice_in_file": 2},
        {"published": {"folder": None}},
    ):
        api.generate(mesh, voice, **change)
        count += 1
        assert len(requests()) == count, change
        api.generate(mesh, voice, **change)
        assert len(requests()) == count, change
    style_file(mine, head=2.0)  # the same name, another content
    api.generate(mesh, voice, style=str(mine))
    (persons / "ann.npz").write_bytes(b"two")
    api.generate(mesh, voice, speaker=str(persons))
    assert len(requests()) == count + 2
    other = tmp_path / "elsewhere"
    other.mkdir()
    mine.rename(other / "mine.json")  # the same content elsewhere is the same style
    api.generate(mesh, voice, style=str(other / "mine.json"))
    assert len(requests()) == count + 2
    assert [request["channel"] for request in requests()[8:11]] == ["mix", "2", "auto"]
    assert [request["voice_in_file"] for request in requests()[8:11]] == ["all", "all", "2"]
    assert requests()[11]["model"] == "makeittalk" and requests()[11]["published"]["folder"] is None


def test_what_the_cache_knows_a_manner_by():
    """Whoever changes this makes users wait for all of their recordings again."""
    known = {"style": "calm", "pose": "still", "speaker": "none"}
    assert manner.read("calm", "none", "still").identity() == known
    heard = manner.read("calm", "none", "still", channel=3, voice_in_file="2").identity()
    assert heard == known | {"channel": "3", "voice_in_file": "2"}
    usual = {"folder": None, "speaker": "s1"}
    identity = manner.read("calm", "none", "still", {**usual, "accept_licence": True}).identity()
    assert identity == known | {"model": "makeittalk", "published": usual, "files": identity["files"]}
    louder = manner.read(published={"speaker": "s1", "amp_pos": 1.5, "closure": 1.0}).identity()
    assert louder["published"] == {**usual, "amp_pos": 1.5}


def test_another_published_model_is_known_by_its_own_files(tmp_path, monkeypatch):
    letters, weights = (
        tmp_path / "line.npy",
        tmp_path / "style_avatar" / "audio2motion" / "model" / "backbone.pkl",
    )
    weights.parent.mkdir(parents=True)
    letters.write_bytes(b"one")
    weights.write_bytes(b"net")
    (tmp_path / "ckpt_autovc.pth").write_bytes(b"another system's")

    def identity(model="style_avatar", **more):
        published = {"model": model, "folder": str(tmp_path), "letters": str(letters), **more}
        return manner.read(published=published).identity()

    known = identity()
    assert known["model"] == "style_avatar" and [row[0] for row in known["files"]] == ["backbone.pkl"]
    assert identity() == known != identity(style_code=str(tmp_path / "sty.npy:3"))
    codes = tmp_path / "sty.npy"
    codes.write_bytes(b"codes")
    third = identity(style_code=f"{codes}:3")
    assert third == identity(style_code=f"{codes}:3") != identity(style_code=f"{codes}:4")
    codes.write_bytes(b"codes made anew")
    assert identity(style_code=f"{codes}:3") != third
    letters.write_bytes(b"other")
    changed = identity()
    assert changed != known
    weights.write_bytes(b"trained anew")
    assert identity() != changed
    assert "ckpt_autovc.pth" in [row[0] for row in identity("animateportrait")["files"]]
    monkeypatch.setenv(PUBLISHED_FOLDER_VARIABLE, str(tmp_path))
    assert [row[0] for row in identity(folder=None)["files"]] == ["backbone.pkl"]
    with pytest.raises(
        TalkingAnimationError, match="one of content, makeittalk, animateportrait, style_avatar"
    ):
        manner.read(published={"model": "davs"})


def test_the_command_line(fake, voice, monkeypatch, tmp_path):
    requests = asked(monkeypatch, tmp_path)
    characters.rigged()
    line = ["--audio", str(voice), "--style", "calm:0.3,lively:0.7", "--pose", "still", "--speaker", "none"]
    assert recording.command(line) == 0
    (request,) = requests()
    assert (request["style"], request["pose"], request["speaker"]) == ("calm:0.3,lively:0.7", "still", "none")
    assert (request["channel"], request["voice_in_file"]) == ("auto", "all")
    assert recording.command(["--audio", str(voice), "--channel", "2", "--voice-in-file", "3"]) == 0
    assert (requests()[1]["channel"], requests()[1]["voice_in_file"]) == ("2", "3")
    spoken = ["--model", "style_avatar", "--published-letters", "line.npy", "--published-style", "sty.npy:3"]
    assert recording.command(["--audio", str(voice), *spoken]) == 0
    assert requests()[2]["model"] == "style_avatar"
    assert requests()[2]["published"]["letters"] == str(Path("line.npy").absolute())
    assert requests()[2]["published"]["style_code"] == str(Path("sty.npy:3").absolute())
    assert recording.command(["--audio", str(voice), "--channel", "left"]) == 1
    assert recording.command(["--audio", str(voice), "--voice-in-file", "9"]) == 1
    assert recording.command(["--audio", str(voice), "--style", "nautral"]) == 1
    assert recording.command(["--video", str(tmp_path / "none.mp4")]) == 1
    assert recording.command(["--style", "calm"]) == 2


def test_where_a_recording_starts(voice, monkeypatch):
    from blender_addon.ui.properties import start_frame

    scene = bpy.context.scene
    chosen = scene.talking_animation
    scene.frame_start, scene.frame_current = 7, 31
    chosen.audio = str(voice)
    assert start_frame(bpy.context) == 1
    monkeypatch.setattr(settings.fallback, "start_at", "PLAYHEAD")
    monkeypatch.setattr(settings.fallback, "default_style", "calm")
    assert start_frame(bpy.context) == 31 and manner.of_scene(scene) == "calm"
    chosen.start_at, chosen.style = "SCENE", "lively"  # from now on the scene's own
    assert start_frame(bpy.context) == 7 and manner.of_scene(scene) == "lively"
    chosen.start_at = "STRIP"
    assert start_frame(bpy.context) == 7
    if sequencer.aud_module() is not None:
        sequencer.add_sound_strip(scene, "line", str(voice), 1, 12)
        assert start_frame(bpy.context) == 12


# -- videos --------------------------------------------------------------------------------------------


def test_videos_need_no_full_engine(monkeypatch):
    told = []
    monkeypatch.setattr(interface, "set_poll_message", lambda operator, text: told.append(text))
    monkeypatch.setattr(videos, "find_spec", lambda name: None)
    bpy.context.view_layer.objects.active = characters.rigged()[1]
    for cls in (
        styles.TALKING_OT_style_from_video,
        styles.TALKING_OT_person_from_videos,
        styles.TALKING_OT_motion_from_video,
    ):
        assert cls.poll(bpy.context), told
    assert "full engine" not in " ".join(panel(styles.TALKING_PT_video))
    with pytest.raises(TalkingAnimationError, match="Nothing is taken"):
        videos.filmed(__file__, "VOICE", "VOICE")
    with pytest.raises(TalkingAnimationError, match="does not exist"):
        videos.filmed("nowhere.mp4")


def test_an_engine_without_videos_is_told(monkeypatch):
    told = []
    monkeypatch.setattr(interface, "set_poll_message", lambda operator, text: told.append(text))
    state = SimpleNamespace(capture=SimpleNamespace(available=False, decodes=False))
    monkeypatch.setattr(shared, "known_capabilities", lambda: state)
    bpy.context.view_layer.objects.active = characters.rigged()[1]
    assert not styles.TALKING_OT_motion_from_video.poll(bpy.context)
    assert "full engine" in told[0] and not told[0].endswith(".")
    assert "full engine" in " ".join(panel(styles.TALKING_PT_video))


@pytest.fixture
def full_engine(tmp_path, monkeypatch):
    """The real engine in the development environment's Python, and presets of its own."""
    if not CLIPS or not FULL.exists():
        pytest.skip("there is no GRID clip or no .env/dev here")
    monkeypatch.setattr(settings.fallback, "engine_python", str(FULL))
    monkeypatch.setattr(videos, "own_folder", lambda: tmp_path)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    yield tmp_path
    api.close_engine()


def one_by_one(monkeypatch):
    """Let each `poll` bring one of the engine's messages: of several at once, only the last would be shown."""
    poll, arrived = process.Engine.poll, []

    def first(self):
        arrived.extend(poll(self))
        return [arrived.pop(0)] if arrived else []

    monkeypatch.setattr(process.Engine, "poll", first)


def opening(path):
    points = stored_motion.load(path).landmarks
    return points[:, 62, 1] - points[:, 66, 1]


@ends
def test_a_video_moves_the_character(full_engine, voice, monkeypatch):
    """A real clip through the real engine: captured, mixed with a voice, learned as a style that then drives."""
    clip = str(CLIPS[0])
    _, mesh = characters.rigged()
    told = []
    with monkeypatch.context() as patch:
        one_by_one(patch)
        report = api.generate_from_video(
            mesh, clip, start_frame=1, progress=lambda part, stage: told.append(part)
        )
    assert report.curves > 40 and told == sorted(told) and len(set(told)) > 5
    captured = opening(carried.motion_file(mesh))
    assert stored_motion.load(carried.motion_file(mesh)).fps == pytest.approx(25, abs=0.1)
    known = shared.known_capabilities()
    assert known.capture.available and known.capture.reason is None and videos.unavailable_reason() == ""

    api.generate_from_video(mesh, clip, lips_from="VOICE", start_frame=1)
    lips = opening(carried.motion_file(mesh))
    mixed = stored_motion.load(carried.motion_file(mesh))
    count = min(len(lips), len(captured))
    assert not np.allclose(lips[:count], captured[:count], atol=1e-3)
    assert {"lips", "head"} <= set(mixed.source["mixed"])
    with monkeypatch.context() as patch:
        patch.setattr(process.Engine, "submit", lambda *_: pytest.fail("all of it is in the cache"))
        api.generate_from_video(mesh, clip, lips_from="VOICE", start_frame=1)

    learned = api.style_from_video(clip, "Mr. Green / 1")
    assert learned.parent == full_engine and learned.name == "Mr. Green _ 1.json"
    assert videos.own_files() == [learned]
    api.generate(mesh, clip, style=str(learned))
    assert carried.record_of(mesh)["style"] == "Mr. Green _ 1"
    assert stored_motion.load(carried.motion_file(mesh)).source["style"] == "Mr. Green / 1"


def test_what_is_to_be_known_of_clips_stands_on_the_panel(fake, tmp_path, monkeypatch):
    """It was heard from the engine, and kept."""
    monkeypatch.setattr(videos, "engine_decodes", lambda: True)
    monkeypatch.setattr(videos, "unavailable_reason", lambda: "")
    monkeypatch.setattr(styles, "video_reason", lambda _: "")
    monkeypatch.setattr(lesson, "own_file", lambda name, suffix: tmp_path / f"{name}{suffix}")
    films = [tmp_path / name for name in ("ada.mp4", "wall.mp4")]
    for film in films:
        film.write_bytes(b"film")
    told = bpy.context.window_manager.talking_animation
    clips = "\n".join(map(str, films))
    assert bpy.ops.talking_animation.learn(clips=clips, person=True, name="Ada") == {"FINISHED"}
    assert told.kind == "WARNING" and told.warnings == f"{films[1]} was left out."
    assert told.message == f"The person 'Ada' was learned: {tmp_path / 'Ada.npz'}"
    assert bpy.context.scene.talking_animation.style_file == str(tmp_path / "Ada.npz")
    learned = api.person_from_videos(films, "Bo")
    assert (
        learned == tmp_path / "Bo.npz" and isinstance(learned, Path) and learned.with_suffix("").name == "Bo"
    )
    assert learned.message == f"The person 'Bo' was learned: {learned}"
    assert learned.warnings == (f"{films[1]} was left out.",) and not learned.parent.warnings


@ends
def test_a_person_needs_more_than_three_seconds(full_engine):
    """The engine's own sentence, and nothing left behind."""
    with pytest.raises(TalkingAnimationError) as error:
        api.person_from_videos([CLIPS[0]])  # 3 s: too short for a person
    assert "12 s or more" in str(error.value) and not list(full_engine.glob("*.npz"))
    assert not videos.own_files()


@ends
def test_cancelling_a_lesson(full_engine):
    learning = lesson.Lesson(CLIPS[:40], person=True)  # too many to be learned from before it is cancelled
    assert eventually(lambda: learning.poll() or learning.fraction > 0) and learning.fraction < 1
    pid = shared.running().pid
    learning.cancel()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not videos.own_files()


# -- published networks --------------------------------------------------------------------------------


def test_the_published_models_panel(tmp_path):
    """What is missing, where it goes and the licence, from the real engine in this Blender's Python."""
    chosen = bpy.context.scene.talking_animation
    chosen.published_folder = str(tmp_path)
    said = panel(styles.TALKING_PT_published)
    assert "talking_animation.check_published" in said and "model" not in said
    assert bpy.ops.talking_animation.check_published() == {"FINISHED"}
    said = " ".join(panel(styles.TALKING_PT_published))
    assert "ckpt_content_branch.pth" in said and "CC BY-NC" in said and str(tmp_path) in said.replace(" ", "")
    assert published.known_state().licence_accepted is False
    assert bpy.ops.talking_animation.check_published(accept=True) == {"FINISHED"}
    assert published.known_state().licence_accepted is True
    assert "CC BY-NC" not in " ".join(panel(styles.TALKING_PT_published))
    known = manner.read(published={"folder": str(tmp_path)})
    before = known.identity()
    (tmp_path / "ckpt_content_branch.pth").write_bytes(b"x")
    assert known.identity() != before  # told apart by size and time, not read


def test_the_research_panel_looks_for_one_system_at_a_time(tmp_path):
    chosen = bpy.context.scene.talking_animation
    chosen.published_folder = str(tmp_path)
    chosen.published_system = "style_avatar"
    assert bpy.ops.talking_animation.check_published() == {"FINISHED"}
    said = " ".join(panel(styles.TALKING_PT_published))
    assert "backbone.pkl" in said and "University of Basel" in said and "ckpt_content_branch.pth" not in said
    chosen.published_system = "animateportrait"  # of which nothing is known yet
    said = " ".join(panel(styles.TALKING_PT_published))
    assert "backbone.pkl" not in said and "Published networks can make the motion" in said
    assert bpy.ops.talking_animation.check_published(accept=True) == {"FINISHED"}
    assert published.known_state().name == "animateportrait" and published.known_state().licence_accepted
    assert (tmp_path / "animateportrait-licence-accepted.json").is_file()
    drawn = {}
    for model in ("content", "animateportrait", "style_avatar"):
        chosen.model = model
        drawn[model] = panel(styles.TALKING_PT_published)
    assert not {"published_letters", "published_speaker"} & set(drawn["content"])
    assert "published_speaker" in drawn["animateportrait"] and "published_letters" in drawn["style_avatar"]
    chosen.published_letters, chosen.published_style = "//line.npy", "//sty.npy:3"
    asked = properties.options_of(bpy.context.scene).published
    assert asked["model"] == "style_avatar" and asked["letters"] == "//line.npy"
    chosen.model = "content"
    assert properties.options_of(bpy.context.scene).published is None
