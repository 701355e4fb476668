"""A WAV that the engine cannot read is decoded by Blender before anybody hears of it, alone and in a scene."""

from __future__ import annotations

import json
import struct

import bpy
import characters
import pytest
import scenes
from tones import write_wav

from blender_addon import api
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import sequencer
from blender_addon.inputs.scene_script.lines import Choice, from_sequencer

HAS_AUD = sequencer.aud_module() is not None
needs_aud = pytest.mark.skipif(not HAS_AUD, reason="this Blender decodes nothing itself")


def requests(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def log(tmp_path, monkeypatch, fake):
    path = tmp_path / "requests"
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(path))
    fake("choosy")
    return path


@needs_aud
def test_a_recording_is_decoded_and_asked_for_once_more(log, voice, tmp_path):
    report = api.generate(characters.face_mesh(), voice, start_frame=1)
    assert report.frames == 48
    first, second = requests(log)
    assert first["audio"] == str(voice) and second["audio"].endswith("decoded.wav")
    assert first["source_name"] == second["source_name"] == "line.wav"


@needs_aud
def test_a_part_of_a_recording(log, tmp_path):
    scene = bpy.context.scene
    scene.render.fps = 25
    strip = sequencer.add_sound_strip(scene, "voice", str(write_wav(tmp_path / "long.wav", 4.0)), 3, 40)
    if hasattr(strip, "left_handle"):
        strip.left_handle, strip.right_handle = 65, 90
    else:
        strip.frame_final_start, strip.frame_final_end = 65, 90
    report = api.generate(characters.face_mesh(), strip)
    assert (report.start, report.frames) == (65, 25)
    assert [request["audio"].endswith("part.wav") for request in requests(log)] == [True, False]


@needs_aud
def test_lines_of_a_scene(log, tmp_path):
    (rig,) = scenes.cast("Anna")
    scene = bpy.context.scene
    sequencer.add_sound_strip(scene, "Anna", str(write_wav(tmp_path / "Anna.wav", 1.0)), 1, 1)
    sequencer.add_sound_strip(scene, "Anna too", str(write_wav(tmp_path / "again.wav", 1.0)), 2, 60)
    script = from_sequencer(scene, {"Anna too": Choice(character=rig.name)})
    report = api.animate_scene(script, api.GenerateOptions(idle=False))
    assert [line.problem for line in report.lines] == ["", ""]
    asked = requests(log)
    assert sorted(request["source_name"] for request in asked) == ["Anna.wav"] * 2 + ["again.wav"] * 2


def test_a_blender_that_decodes_nothing_tells_what_the_engine_said(fake, voice, monkeypatch):
    fake("choosy")
    monkeypatch.setattr(sequencer, "aud_module", lambda: None)
    monkeypatch.setattr(sequencer, "mixdown", lambda *_: False)
    with pytest.raises(TalkingAnimationError, match=r"line\.wav is a damaged WAV file: export it again\."):
        api.generate(characters.face_mesh(), voice)


@needs_aud
def test_no_sound_at_all_is_told_as_the_engine_said_it(fake, tmp_path):
    """Blender can make nothing of it either; the engine knows why."""
    fake("choosy")
    many = 65535  # channels, which no decoder takes
    head = struct.pack("<HHIIHH", 1, many, 16000, 16000 * many, many, 8)
    body = (
        b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", 9 * many) + bytes(9 * many)
    )
    path = tmp_path / "odd.wav"
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    with pytest.raises(TalkingAnimationError, match=r"odd\.wav is a damaged WAV file"):
        api.generate(characters.face_mesh(), path)
