"""Whatever is wrong with a copy of a recording, the sentence names the recording, by every way."""

from __future__ import annotations

import errno
from pathlib import Path
from types import SimpleNamespace

import bpy
import numpy as np
import pytest
import scenes
from tones import write_wav

from blender_addon import api
from blender_addon.command_line import recording as command_line
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import sequencer
from blender_addon.inputs import decoding, recordings
from blender_addon.inputs.scene_script.lines import from_table

HAS_AUD = sequencer.aud_module() is not None
needs_aud = pytest.mark.skipif(not HAS_AUD, reason="this Blender decodes nothing itself")
COPIES = ("decoded.", "packed.", "part.wav", "heard.wav", "talking_animation_", "Traceback")


def flac(path):
    """A tone, for which Blender's decoder is needed."""
    aud = sequencer.aud_module()
    sound = aud.Sound.file(str(write_wav(path.with_suffix(".wav"), 1.0)))
    sound.write(str(path), 44100, 1, aud.FORMAT_S16, aud.CONTAINER_FLAC, aud.CODEC_FLAC)
    path.with_suffix(".wav").unlink()
    return path


def by_script(rig, path, channel):
    with pytest.raises(TalkingAnimationError) as error:
        api.generate(rig, path, channel=channel)
    return str(error.value)


def by_button(rig, path, channel):
    chosen = bpy.context.scene.talking_animation
    chosen.audio, chosen.character, chosen.channel = str(path), rig, channel
    with pytest.raises(RuntimeError):
        bpy.ops.talking_animation.generate()
    return bpy.context.window_manager.talking_animation.message


def by_command(rig, path, channel):
    assert command_line.command(["--audio", str(path), "--channel", channel, "--character", rig.name]) == 1


def by_table(rig, path, channel):
    table = scenes.table(path.parent / "lines.csv", [("Anna", path.name, 1)])
    options = api.GenerateOptions(channel=channel, idle=False)
    report = api.animate_scene(from_table(str(table)), options)
    return report.lines[0].problem


def by_packed_strip(rig, path, channel):
    strip = sequencer.add_sound_strip(bpy.context.scene, "strip", str(path), 3, 1)
    strip.sound.pack()
    return by_script(rig, strip, channel)


WAYS = [by_script, by_button, by_command, by_table, by_packed_strip]


@needs_aud
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_the_engine_says_of_a_copy(tmp_path, capsys, way):
    """The engine itself: there is no third channel."""
    (rig,) = scenes.cast("Anna")
    said = way(rig, flac(tmp_path / "Take 3.flac"), "3") or capsys.readouterr().err
    assert "Take 3.flac has only one channel" in said
    assert not [name for name in COPIES if name in said]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_disk_without_room(fake, tmp_path, monkeypatch, capsys, way):
    if way is by_packed_strip and not HAS_AUD:
        pytest.skip("this Blender has no sound strips")
    (rig,) = scenes.cast("Anna")

    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device", str(arguments[-1]))

    path = write_wav(tmp_path / "Take 3.mp3", 1.0)
    monkeypatch.setattr(recordings, "wav_layout", lambda _: None)
    monkeypatch.setattr(decoding, "with_aud", full)
    monkeypatch.setattr(decoding, "with_mixdown", full)
    said = way(rig, path, "auto") or capsys.readouterr().err
    assert "'Take 3.mp3' cannot be copied for the engine (No space left on device)" in said
    assert not [name for name in COPIES if name in said]


@needs_aud
@pytest.mark.parametrize("content", [b"", b"no sound " * 99])
def test_packed_files_without_sound(fake, tmp_path, content):
    (rig,) = scenes.cast("Anna")
    path = tmp_path / "Take 3.ogg"
    path.write_bytes(content)
    said = by_packed_strip(rig, path, "auto")
    assert "'Take 3.ogg'" in said and not [name for name in COPIES if name in said]


def test_a_file_that_cannot_be_read_any_more(tmp_path):
    path = write_wav(tmp_path / "Take 3.wav", 1.0)
    recording = recordings.from_file(path)
    path.unlink()
    with pytest.raises(TalkingAnimationError, match=r"'Take 3\.wav' cannot be read \(No such file"):
        _ = recording.content


def test_a_decoder_that_finds_no_sample(tmp_path):
    sound = SimpleNamespace(specs=(44100.0, 2), data=lambda: np.zeros((0, 2), np.float32))
    sound.limit = sound.resample = lambda *_: sound
    aud = SimpleNamespace(Sound=SimpleNamespace(file=lambda _: sound))
    for shape in ((0,), (0, 2)):
        sound.data = lambda shape=shape: np.zeros(shape, np.float32)
        with pytest.raises(TalkingAnimationError, match=r"No sound could be read from 'Take 3\.mp3'"):
            decoding.with_aud(aud, recordings.Recording(__file__, "Take 3.mp3"), Path(tmp_path / "x.wav"))
