"""Recordings of any name: chosen, generated from, cached, played, and spoken of on one line."""

from __future__ import annotations

import os
import shutil
import sys

import bpy
import characters
import pytest
from tones import write_wav
from versions import ends

from blender_addon import api
from blender_addon.host.blender_versions import sequencer
from blender_addon.inputs import recordings
from blender_addon.keys import actions

HAS_AUD = sequencer.aud_module() is not None
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")

NAMES = {
    "no UTF-8": b"caf\xe9 \xff.wav",
    "line breaks": b"take\n2\r.wav",
    "quotes": b'it\'s "so" `good`.wav',
    "backslash": b"take\\2.wav",
    "emoji": "🎤🎙️.wav".encode(),
    "long": "ä".encode() * 125 + b".wav",
    "spaces": b"  end.wav  ",
    "patterns": b"%s {0} [x] $HOME.wav",
}


@pytest.fixture(params=NAMES)
def path(request, tmp_path):
    """A recording with such a name, as Python writes it."""
    path = os.fsdecode(os.path.join(os.fsencode(tmp_path), NAMES[request.param]))
    shutil.copyfile(write_wav(tmp_path / "plain.wav", 2.0), path)
    return path


@ends
def test_generating_and_once_more_from_the_cache(fake, path, tmp_path, monkeypatch):
    log = tmp_path / "requests"
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(log))
    mesh = characters.face_mesh()
    for _ in range(2):
        report = api.generate(mesh, path, start_frame=1)
        assert report.frames == 48
        for text in (report.message, *report.warnings, api.diagnostics()):
            text.encode("utf-8")
        assert "\n" not in report.message
    assert len(log.read_text(encoding="utf-8").splitlines()) == 1
    assert api.apply_dials(mesh, api.Dials(lips=0.5)) > 0, "its motion is found again"
    assert actions.record_of(actions.own_actions(mesh.data.shape_keys)[0])["audio"].endswith((".wav", "  "))


@pytest.mark.skipif(not HAS_AUD, reason="this Blender has no sound strips")
def test_its_sound_is_played_and_may_be_a_line(fake, path, tmp_path):
    scene = bpy.context.scene
    scene.render.fps = 25
    report = api.generate(characters.face_mesh(), path, start_frame=1)
    if "\\" in path:  # Blender looks for a folder there
        assert "cannot play" in report.warnings[0] and not len(sequencer.sequencer_strips(scene))
        return
    (strip,) = sequencer.sequencer_strips(scene)
    assert bpy.path.abspath(strip.sound.filepath) == path
    assert sequencer.strip_range(strip).length == pytest.approx(50, abs=1)
    source = recordings.from_strip(strip, scene, tmp_path)
    assert source.path == path and "\n" not in source.name
    assert sequencer.mixdown(scene, str(tmp_path / "played.wav"))
    aud = sequencer.aud_module()
    assert abs(aud.Sound.file(str(tmp_path / "played.wav")).data()).max() > 0.1


@pytest.mark.skipif(not HAS_AUD, reason="this Blender decodes nothing itself")
def test_it_is_decoded(path, tmp_path):
    source = recordings.from_file(path)
    assert source.decode_instead(tmp_path)
    assert source.readable(tmp_path).endswith("decoded.wav")


@ends
def test_the_panel(fake, path):
    scene = bpy.context.scene
    chosen = scene.talking_animation
    chosen.character, chosen.audio, chosen.start_at = characters.face_mesh(), path, "STRIP"
    assert bpy.ops.talking_animation.generate() == {"FINISHED"}
    assert actions.own_actions(chosen.character.data.shape_keys)


def test_what_is_wrong_with_it_is_one_sentence(path):
    os.truncate(path, 0)
    with pytest.raises(api.TalkingAnimationError, match="is empty") as error:
        api.generate(characters.face_mesh(), path)
    str(error.value).encode("utf-8")
    assert "\n" not in str(error.value)
    os.unlink(path)
    with pytest.raises(api.TalkingAnimationError, match="does not exist"):
        api.generate(characters.face_mesh(), path)
