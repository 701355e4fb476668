"""What a recording says, where it is known: from scripts, panel, command line, tables and files to the engine and the cache."""

from __future__ import annotations

import json
from types import SimpleNamespace

import bpy
import characters
import pytest
import scenes
from layout import Layout
from tones import write_wav
from versions import ends

from blender_addon import api
from blender_addon.command_line import recording
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import sequencer
from blender_addon.inputs.scene_script.lines import from_table
from blender_addon.jobs.options import GenerateOptions
from blender_addon.jobs.whole_scene import animate_scene
from blender_addon.ui import operators, panels
from blender_addon.ui import scene as panel

SAID = "Bob: hello, Bob! (waves)"


@pytest.fixture
def texts(fake, monkeypatch, tmp_path):
    """A function that tells which texts the fake engine was told so far."""
    log = tmp_path / "asked.jsonl"
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(log))

    def told():
        lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return [line["text"] for line in lines if line["source_name"] != "silence"]

    return told


def test_scripts_and_the_cache(texts, voice):
    _, mesh = characters.rigged()
    for text, asked in (
        (SAID, [SAID]),
        (f" {SAID}\n", [SAID]),
        ("", [SAID, None]),
        ("Other", [SAID, None, "Other"]),
    ):
        api.generate(mesh, voice, text=text)
        assert texts() == asked
    with pytest.raises(TalkingAnimationError, match="is a text, not 7"):
        api.generate(mesh, voice, text=7)
    film = voice.with_suffix(".mp4")
    film.write_bytes(b"film")
    with pytest.raises(TalkingAnimationError, match="lips, and they come from the video"):
        api.generate_from_video(mesh, film, head_from="VOICE", audio=voice, text=SAID)
    with pytest.raises(TalkingAnimationError, match="Published networks cannot use the text"):
        api.generate(mesh, voice, text=SAID, published={})
    assert len(texts()) == 3


def test_files_beside_recordings_are_used_where_that_is_wished(texts, voice):
    _, mesh = characters.rigged()
    beside = voice.with_suffix(".txt")
    api.generate(mesh, voice, text_files=True)  # there is none
    beside.write_bytes("\ufeffCafé\r\n".encode())
    api.generate(mesh, voice)
    assert texts() == [None]
    api.generate(mesh, voice, text_files=True)
    beside.write_text("Another", encoding="utf-8")
    api.generate(mesh, voice, text_files=True)
    api.generate(mesh, voice, text=SAID, text_files=True)
    assert texts() == [None, "Café", "Another", SAID]
    beside.write_bytes(b"Caf\xe9")
    with pytest.raises(TalkingAnimationError, match=r"line\.txt.* UTF-8"):
        api.generate(mesh, voice, text_files=True)
    api.generate(mesh, voice, published={}, text_files=True)  # nothing that these could use
    assert texts()[-1] is None


def test_the_command_line(texts, voice, tmp_path, capsys):
    characters.rigged()
    line = ["--audio", str(voice)]
    assert recording.command([*line, "--text", SAID]) == 0
    (tmp_path / "said.txt").write_text("From a file", encoding="utf-8")
    assert recording.command([*line, "--text-file", str(tmp_path / "said.txt")]) == 0
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    voice.with_suffix(".txt").write_text("Beside", encoding="utf-8")
    assert recording.command([*line, "--text-files"]) == 0
    assert recording.command([*line, "--text=- no"]) == 0
    assert texts() == [SAID, "From a file", "Beside", "- no"]
    for wrong, told in (
        (["--text", "a", "--text-file", "b.txt"], "not both"),
        (["--text-file", str(tmp_path / "gone.txt")], "does not exist"),
        (["--text-file", str(tmp_path / "empty.txt")], "is empty"),
        (["--text", "a", "--model", "makeittalk"], "needs --model content"),
        (["--text", "a", "--video", "a.mp4", "--head-from", "voice"], "needs --lips-from voice"),
    ):
        assert recording.command([*line, *wrong]) != 0
        assert told in capsys.readouterr().err
    assert recording.command(["--lines", "lines.csv", "--text", "a"]) != 0
    assert "lines of a scene have their own" in capsys.readouterr().err


@ends
def test_lines_of_a_table_have_their_own(texts, tmp_path):
    scenes.cast("Alice", "Bob")
    for name in ("a", "b", "c"):
        write_wav(tmp_path / f"{name}.wav", 1.0)
    (tmp_path / "b.txt").write_text("Beside B", encoding="utf-8")
    rows = ["character,audio,start,text", f'Alice,a.wav,1,"{SAID}"', "Bob,b.wav,40,", "Bob,c.wav,80,"]
    (tmp_path / "lines.csv").write_text("\n".join(rows), encoding="utf-8")
    script = from_table(str(tmp_path / "lines.csv"))
    assert not animate_scene(script, GenerateOptions(style="natural", text_files=True)).failed
    assert sorted(map(str, texts())) == sorted([SAID, "Beside B", "None"])
    with pytest.raises(TalkingAnimationError, match="has a text of its own"):
        animate_scene(script, GenerateOptions(text=SAID))
    report = animate_scene(script, GenerateOptions(style="natural", published={}, use_cache=False))
    assert [line.problem[:18] for line in report.failed] == ["Published networks"]


def test_the_panel(texts, voice):
    _, mesh = characters.rigged()
    chosen = bpy.context.scene.talking_animation
    chosen.audio, chosen.character, chosen.text = str(voice), mesh, SAID
    drawn = Layout()
    panels.draw_voice(drawn, chosen)
    assert "text" in drawn.said
    drawn = Layout()
    panels.TALKING_PT_options.draw(SimpleNamespace(layout=drawn), bpy.context)
    assert "text_files" in drawn.said
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    assert texts() == [SAID]
    chosen.model = "makeittalk"
    assert operators.generating(bpy.context)["text"] == ""
    drawn = Layout()
    panels.draw_voice(drawn, chosen)
    assert "text" not in drawn.said


@pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender has no sound strips")
def test_the_text_of_a_strip_is_shown_and_used_by_the_same_model(voice):
    (mesh,) = scenes.cast("Alice")
    scene = bpy.context.scene
    strip = sequencer.add_sound_strip(scene, "Alice_1", str(voice), 1, 1)
    assert panel.refresh_table(scene) == 1
    script, chosen = scene.talking_animation_script, scene.talking_animation
    script.lines[0].text = SAID
    chosen.source, chosen.strip, chosen.character = "STRIP", strip.name, mesh
    for model, used in (("content", SAID), ("makeittalk", "")):
        chosen.model = model
        drawn = Layout()
        panel.TALKING_PT_scene._draw_lines(None, drawn, bpy.context, script)
        assert ("text" in drawn.said) is bool(used)
        assert operators.generating(bpy.context)["text"] == used
        assert [line.text for line in panel.script_of(scene).lines] == [used]
    assert script.lines[0].text == SAID, "it is kept"


def test_each_recording_has_its_own_text_in_the_panel(texts, voice, tmp_path):
    """What one recording says stayed when another was chosen."""
    _, mesh = characters.rigged()
    chosen = bpy.context.scene.talking_animation
    other = tmp_path / "other.wav"
    write_wav(other, 1.0)
    chosen.character, chosen.text = mesh, SAID  # typed before a recording is chosen
    chosen.audio = str(voice)
    assert chosen.text == SAID
    chosen.audio = str(other)
    assert chosen.text == "" and operators.generating(bpy.context)["text"] == ""
    chosen.text = "Another"
    chosen.audio = str(tmp_path / "." / voice.name)
    assert chosen.text == SAID, "the same file, written otherwise"
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    assert texts() == [SAID]
    chosen.text = ""
    chosen.audio = str(other)
    assert chosen.text == "Another" and len(chosen.texts) == 1
    chosen.audio = ""
    assert chosen.text == ""
    chosen.text = "Newer"
    chosen.audio = str(other)
    assert chosen.text == "Newer" and len(chosen.texts) == 1, "what was typed last wins"


def test_typing_a_text_is_undone(voice):
    characters.rigged()
    bpy.context.scene.talking_animation.audio = str(voice)
    for text in ("One", "Two"):
        bpy.context.scene.talking_animation.text = text
        bpy.ops.ed.undo_push(message=text)
    bpy.ops.ed.undo()
    assert bpy.context.scene.talking_animation.text == "One"
    bpy.ops.ed.redo()
    assert bpy.context.scene.talking_animation.text == "Two"


@pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender has no sound strips")
def test_texts_of_strips_are_those_of_their_lines(voice, tmp_path):
    scenes.cast("Alice")
    scene = bpy.context.scene
    other = tmp_path / "other.wav"
    write_wav(other, 1.0)
    strip = sequencer.add_sound_strip(scene, "Alice_1", str(voice), 1, 1)
    sequencer.add_sound_strip(scene, "Alice_2", str(other), 1, 40)
    chosen, script = scene.talking_animation, scene.talking_animation_script
    chosen.source, chosen.strip = "STRIP", strip.name
    chosen.text = SAID  # before the lines are looked for
    chosen.strip = "Alice_2"
    assert chosen.text == ""
    panel.refresh_table(scene)
    assert [line.text for line in script.lines] == [SAID, ""]
    chosen.text = "Another"
    assert script.lines["Alice_2"].text == "Another"
    sequencer.add_sound_strip(scene, "Alice_3", str(voice), 2, 80)  # as it is when a strip is duplicated
    panel.refresh_table(scene)
    assert script.lines["Alice_3"].text == SAID
    strip.name = "Alice_take"
    panel.refresh_table(scene)
    assert script.lines["Alice_take"].text == SAID
    script.lines["Alice_take"].text = "Own"
    sequencer.remove_strip(scene, strip)
    panel.refresh_table(scene)
    again = sequencer.add_sound_strip(scene, "Alice_take", str(other), 1, 120)  # a retake
    panel.refresh_table(scene)
    assert script.lines[again.name].text == "Own"
    script.lines[again.name].text = "Newer"
    script.lines.clear()  # Forget Choices
    panel.refresh_table(scene)
    assert {line.text for line in script.lines} == {""}, "no older text comes back"
    assert {text.name for text in chosen.texts} == {"Alice_1"}, "of the strip that has another name now"
