"""The file browser for the voice: what it shows, where it opens, what becomes of a choice, and what of none."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import bpy
import pytest
from layout import Layout

from blender_addon.host import settings
from blender_addon.ui import file_browsers, panels


@pytest.fixture(autouse=True)
def _forgets(monkeypatch):
    monkeypatch.setattr(settings.fallback, "voice_folder", "")


@pytest.fixture
def chosen():
    return bpy.context.scene.talking_animation


def put(folder: Path, name: str) -> Path:
    """A file; what is in it does not matter before it is listened to."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"RIFF")
    return folder / name


def test_the_panel_browses_for_sound_and_video_alone(chosen):
    layout = Layout()
    panels.draw_voice(layout, chosen)
    assert layout.said.index("talking_animation.choose_voice") == layout.said.index("audio") + 1
    assert (
        chosen.bl_rna.properties["audio"].subtype != "FILE_PATH"
    )  # or a second browser's button stands there
    shown = bpy.ops.talking_animation.choose_voice.get_rna_type()
    assert shown.name == "Choose Voice"
    on = {known.identifier for known in shown.properties if known.identifier.startswith("filter_")}
    assert on == {"filter_folder", "filter_sound", "filter_movie", "filter_glob"}
    assert all(shown.properties[name].default for name in on)
    assert not {"*", "*.*"} & set(shown.properties["filter_glob"].default.split(";"))


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("//hello.wav", []),
        ("", []),
        ("/home/ann/films/cat/voices/line 3.wav", ["line 3.wav"]),
        ("C:\\Users\\Ann\\Desktop\\line.wav", ["line.wav"]),
        ("//voices/scene_003/caf\udce9.wav", ["caf\ufffd.wav"]),
        ("/home/ann/voices/Face.wav", []),
        ("/home/ann/the add-on's preferences.wav", ["the add-on's preferences.wav"]),
    ],
)
def test_which_file_it_is_is_seen_where_its_path_does_not_fit(path, below):
    owner = SimpleNamespace(
        audio=path, bl_rna=bpy.types.Scene.bl_rna.properties["talking_animation"].fixed_type
    )
    layout = Layout()
    file_browsers.draw_file(layout, owner, "audio", "talking_animation.choose_voice")
    assert layout.said == ["audio", "talking_animation.choose_voice", *below]


@pytest.mark.parametrize(
    "name", ["Zeile 3 – 声.opus", "a.b.MOV", " spaced .wav", "no ending", "caf\udce9.wav"]
)
def test_a_choice_is_the_voice_and_its_folder_is_remembered(chosen, tmp_path, name):
    try:
        path = put(tmp_path / "Aufnahmen é", name)
    except (OSError, UnicodeError):
        pytest.skip("this system has no such names")
    chosen.source = "STRIP"
    assert bpy.ops.talking_animation.choose_voice(filepath=str(path)) == {"FINISHED"}
    assert (chosen.source, chosen.audio) == ("FILE", str(path))
    chosen.audio = ""
    assert file_browsers.first_place(chosen.audio, "voice_folder") == os.path.join(path.parent, "")


def test_it_opens_at_the_present_voice_first(chosen, tmp_path):
    first, second = put(tmp_path / "a", "1.wav"), put(tmp_path / "b", "2.wav")
    assert file_browsers.first_place(chosen.audio, "voice_folder") == ""
    bpy.ops.talking_animation.choose_voice(filepath=str(first))
    chosen.audio = str(second)
    assert file_browsers.first_place(chosen.audio, "voice_folder") == str(second)
    chosen.audio = str(tmp_path / "gone" / "3.wav")
    assert file_browsers.first_place(chosen.audio, "voice_folder") == os.path.join(first.parent, "")
    first.unlink()
    first.parent.rmdir()
    assert file_browsers.first_place(chosen.audio, "voice_folder") == ""


def test_a_path_stays_beside_the_file(chosen, tmp_path):
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    path = put(tmp_path / "voices", "line.wav")
    bpy.ops.talking_animation.choose_voice(filepath=str(path), relative_path=True)
    assert bpy.context.scene.talking_animation.audio == "//" + os.path.join("voices", "line.wav")
    bpy.ops.talking_animation.choose_voice(filepath="//voices/line.wav", relative_path=False)
    assert Path(bpy.context.scene.talking_animation.audio) == path
    assert Path(settings.fallback.voice_folder) == path.parent


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "No recording was chosen"),
        ("voices", "No recording was chosen"),
        ("gone.wav", "'gone.wav' is not in"),
    ],
)
def test_no_choice_is_said_and_changes_nothing(chosen, tmp_path, name, sentence):
    (tmp_path / "voices").mkdir()
    chosen.audio = "before.wav"
    with pytest.raises(RuntimeError, match=sentence):
        bpy.ops.talking_animation.choose_voice(filepath=os.path.join(tmp_path, name))
    assert chosen.audio == "before.wav" and settings.fallback.voice_folder == ""


def test_not_while_something_runs(chosen):
    progress = bpy.context.window_manager.talking_animation
    progress.running = True
    try:
        assert not bpy.ops.talking_animation.choose_voice.poll()
    finally:
        progress.running = False
    assert bpy.ops.talking_animation.choose_voice.poll()


def test_the_folder_is_kept_with_the_preferences(monkeypatch):
    stored = SimpleNamespace(voice_folder="")
    monkeypatch.setattr(settings, "preferences", lambda: stored)
    bpy.context.preferences.is_dirty = False
    settings.remember(voice_folder="/recordings")
    assert stored.voice_folder == "/recordings" and settings.fallback.voice_folder == ""
    assert bpy.context.preferences.is_dirty
    bpy.context.preferences.is_dirty = False


@pytest.mark.parametrize(
    ("name", "owner", "path", "folder"),
    [
        ("choose_style_file", "talking_animation", "style_file", "style_folder"),
        ("choose_table", "talking_animation_script", "table", "table_folder"),
    ],
)
def test_styles_and_tables_are_browsed_for_in_the_same_way(monkeypatch, tmp_path, name, owner, path, folder):
    monkeypatch.setattr(settings.fallback, folder, "")
    operator, kept = getattr(bpy.ops.talking_animation, name), getattr(bpy.context.scene, owner)
    shown = {known.identifier for known in operator.get_rna_type().properties}
    assert {"filter_folder", "filter_glob", "relative_path"} <= shown and "filter_sound" not in shown
    assert kept.bl_rna.properties[path].subtype != "FILE_PATH"
    file = put(tmp_path / "Ordner ü", "a file.json")
    assert operator(filepath=str(file)) == {"FINISHED"}
    assert getattr(kept, path) == str(file)
    assert getattr(settings.fallback, folder) == str(file.parent) and settings.fallback.voice_folder == ""
    with pytest.raises(RuntimeError, match=r"No (style|table) was chosen"):
        operator(filepath=str(file.parent))
    with pytest.raises(RuntimeError, match="'gone' is not in that folder"):
        operator(filepath=str(file.parent / "gone"))
    assert getattr(kept, path) == str(file)


def test_pictures_videos_and_looks_are_browsed_for_where_the_last_was(monkeypatch, tmp_path):
    opened = []
    manager = SimpleNamespace(fileselect_add=lambda operator: opened.append(operator.filepath))
    context = SimpleNamespace(window_manager=manager)
    for kind in ("picture", "video", "look"):
        folder = f"{kind}_folder"
        monkeypatch.setattr(settings.fallback, folder, "")
        browser = SimpleNamespace(filepath="")
        file_browsers.browse(browser, context, folder)
        file_browsers.remember_folder(str(tmp_path / "gone.mp4"), folder)
        assert opened.pop() == "" and getattr(settings.fallback, folder) == ""
        file_browsers.remember_folder(str(put(tmp_path / kind, "a file")), folder)
        file_browsers.browse(browser, context, folder)
        assert opened.pop() == os.path.join(tmp_path / kind, "")
    called = SimpleNamespace(filepath="/elsewhere/x.mp4")
    file_browsers.browse(called, context, "video_folder")
    assert opened == ["/elsewhere/x.mp4"]


@pytest.mark.parametrize(
    ("text", "menu", "fit"),
    [("", "", 26), ("", "TALKING_MT_own_styles", 23), ("From", "TALKING_MT_own_styles", 10)],
)
def test_what_stands_beside_a_path_takes_of_its_room(text, menu, fit):
    for count in (fit, fit + 1):
        owner = SimpleNamespace(
            style_file="//" + "x" * (count - 2),
            bl_rna=bpy.types.Scene.bl_rna.properties["talking_animation"].fixed_type,
        )
        layout, browse = Layout(), "talking_animation.choose_style_file"
        file_browsers.draw_file(layout, owner, "style_file", browse, text, menu)
        below = ["x" * (count - 2)] if count > fit else []
        assert layout.said == ["style_file", browse, *([menu] if menu else []), *below]
