"""Recordings, good and bad: a correct result or one clear sentence, and the scene as it was."""

from __future__ import annotations

import math
import os
import struct
import sys
import wave

import bpy
import characters
import numpy as np
import pytest
from places import VOICE
from tones import write_wav

from blender_addon import api
from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import interface, sequencer
from blender_addon.inputs import decoding, recordings, wav_files

HAS_AUD = sequencer.aud_module() is not None


def one_sentence(error):
    text = str(error.value)
    assert text.endswith((".", "?")) and "\n" not in text and "Traceback" not in text
    return text


def nothing_changed():
    return not bpy.data.actions and not list(sequencer.sequencer_strips(bpy.context.scene))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: "", "No voice recording is chosen"),
        (lambda folder: folder / "missing.wav", "does not exist"),
        (lambda folder: folder, "is a folder"),
        (lambda folder: _file(folder / "empty.wav", b""), "is empty"),
        pytest.param(
            lambda folder: os.mkfifo(folder / "pipe.wav") or folder / "pipe.wav",
            "is a device or a pipe",
            marks=pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes by name"),
        ),
    ],
)
def test_files_that_are_none(fake, tmp_path, make, says):
    mesh = characters.face_mesh()
    with pytest.raises(TalkingAnimationError) as error:
        api.generate(mesh, make(tmp_path))
    assert says in one_sentence(error)
    assert nothing_changed()


@pytest.mark.skipif(not HAS_AUD, reason="this Blender decodes nothing itself")
@pytest.mark.parametrize("name", ["notes.txt", "notes.mp3", "notes.mp4"])
def test_files_without_sound(fake, tmp_path, name):
    mesh = characters.face_mesh()
    with pytest.raises(TalkingAnimationError) as error:
        api.generate(mesh, _file(tmp_path / name, b"Dear diary, " * 500))
    assert "No sound could be read from" in one_sentence(error) and name in one_sentence(error)
    assert nothing_changed()


def test_a_video_without_sound(fake, tmp_path):
    """Blender renders it itself."""
    scene = bpy.context.scene
    path = tmp_path / "silent.mp4"
    scene.render.resolution_x = scene.render.resolution_y = 64
    scene.frame_end = 5
    if scene.sequence_editor is None:
        scene.sequence_editor_create()
    strips = sequencer.sequencer_strips(scene)
    place = {"length": 5} if bpy.app.version >= (5, 0, 0) else {"frame_end": 6}
    strips.new_effect("colour", "COLOR", 1, 1, **place)
    interface.set_video_output(scene, str(path))
    scene.render.ffmpeg.audio_codec = "NONE"
    bpy.ops.render.render(animation=True)
    assert path.is_file()
    for strip in list(strips):
        strips.remove(strip)
    mesh = characters.face_mesh()
    if not HAS_AUD:  # then the engine is asked, which says so too
        assert recordings.from_file(path).readable(tmp_path) == str(path)
        return
    with pytest.raises(TalkingAnimationError) as error:
        api.generate(mesh, path)
    assert "No sound could be read from 'silent.mp4'" in one_sentence(error)
    assert nothing_changed()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(fake, voice):
    voice.chmod(0)
    with pytest.raises(TalkingAnimationError, match="cannot be read"):
        api.generate(characters.face_mesh(), voice)


def test_spaces_and_letters_of_any_script(fake, tmp_path):
    folder = tmp_path / "Ünïcode folder 音声"
    folder.mkdir()
    report = api.generate(characters.face_mesh(), write_wav(folder / "línea número 1 – голос.wav", 1.0))
    assert "línea número 1 – голос.wav" in report.message


def test_paths_beside_the_blend_file(fake, voice, tmp_path):
    characters.face_mesh()
    bpy.ops.wm.save_as_mainfile(filepath=str(tmp_path / "scene.blend"))
    assert api.generate(bpy.data.objects["Face"], "//line.wav").curves


def test_wav_goes_to_the_engine_as_it_is(voice, tmp_path):
    assert recordings.from_file(voice).readable(tmp_path) == str(voice)


@pytest.mark.skipif(not HAS_AUD, reason="needs Blender's sound library")
@pytest.mark.parametrize("container", ["FLAC", "OGG", "MP3"])
def test_other_formats_are_decoded(fake, voice, tmp_path, container):
    path = encoded(voice, tmp_path / f"line.{container.lower()}", container)
    decoded = recordings.from_file(path).readable(tmp_path)
    rate, samples = read_float_wav(decoded)
    assert rate == 16000 and len(samples) == pytest.approx(32000, abs=2500)
    assert 0.2 < np.abs(samples).max() < 0.4 and np.isfinite(samples).all()
    assert api.generate(characters.face_mesh(), path, start_frame=1).frames == pytest.approx(48, abs=3)


@pytest.mark.skipif(not HAS_AUD, reason="needs Blender's sound")
def test_decoding_through_the_sequencer(fake, voice, tmp_path, monkeypatch):
    """Where there is no `aud` module (or no numpy for it)."""
    path = encoded(voice, tmp_path / "line.flac", "FLAC")
    monkeypatch.setattr(sequencer, "aud_module", lambda: None)
    scenes = len(bpy.data.scenes)
    decoded = recordings.from_file(path).readable(tmp_path)
    layout = wav_files.wav_layout(decoded)
    assert layout.size / layout.block / layout.rate == pytest.approx(2.0, abs=0.05)
    assert len(bpy.data.scenes) == scenes
    with pytest.raises(TalkingAnimationError) as error:
        recordings.from_file(_file(tmp_path / "x.mp3", b"no sound " * 99)).readable(tmp_path)
    assert "No sound could be read" in one_sentence(error)


def test_blender_that_can_decode_nothing(voice, tmp_path, monkeypatch):
    path = _file(tmp_path / "line.mp3", voice.read_bytes()[44:])
    monkeypatch.setattr(sequencer, "aud_module", lambda: None)
    monkeypatch.setattr(decoding, "with_mixdown", lambda *_: False)
    assert recordings.from_file(path).readable(tmp_path) == str(path)  # the engine may know it
    part = recordings.Recording(str(path), "line.mp3", begin=1.0)
    with pytest.raises(TalkingAnimationError, match="convert it to WAV"):
        part.readable(tmp_path)


def test_blender_without_numpy(fake, voice, monkeypatch):
    mesh = characters.face_mesh()
    monkeypatch.setitem(sys.modules, "numpy", None)
    assert api.describe(mesh).problem == ""  # the panel still draws
    with pytest.raises(TalkingAnimationError) as error:
        api.generate(mesh, voice)
    monkeypatch.undo()
    assert "has no numpy" in one_sentence(error)
    assert nothing_changed()


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_cut_wav_holds_just_the_part(tmp_path, rate, channels):
    path = write_wav(tmp_path / "long.wav", 3.0, rate, channels)
    source = recordings.Recording(str(path), "long.wav", begin=1.0, seconds=0.5)
    with wave.open(source.readable(tmp_path)) as stream, wave.open(str(path)) as whole:
        assert (stream.getframerate(), stream.getnchannels()) == (rate, channels)
        part = stream.readframes(stream.getnframes())
        whole.setpos(rate)
        assert part == whole.readframes(rate // 2)
    with pytest.raises(TalkingAnimationError, match="holds no sound"):
        recordings.Recording(str(path), "long.wav", begin=9.0).readable(tmp_path)


@pytest.mark.skipif(not HAS_AUD, reason="this Blender has no sound strips")
def test_a_sound_strip_keeps_its_place_and_trim(fake, tmp_path, monkeypatch):
    scene = bpy.context.scene
    scene.render.fps = 25
    strip = sequencer.add_sound_strip(scene, "voice", str(write_wav(tmp_path / "long.wav", 4.0)), 3, 40)
    assert recordings.from_strip(strip, scene, tmp_path).seconds == pytest.approx(4.0, abs=0.05)
    if hasattr(strip, "left_handle"):
        strip.left_handle, strip.right_handle = 65, 90
    else:
        strip.frame_final_start, strip.frame_final_end = 65, 90
    source = recordings.from_strip(strip, scene, tmp_path)
    assert (source.begin, source.seconds, source.start_frame) == (pytest.approx(1.0), pytest.approx(1.0), 65)
    _, mesh = characters.rigged()
    report = api.generate(mesh, strip)
    assert report.start == 65 and report.frames == 25
    assert len(list(sequencer.sequencer_strips(scene))) == 1, "its sound is there already"
    log = tmp_path / "requests"
    monkeypatch.setenv("FAKE_ENGINE_LOG", str(log))
    fake("normal")
    assert api.generate(mesh, strip, start_frame=3, seed=1).start == 3


@pytest.mark.skipif(not HAS_AUD, reason="this Blender has no sound strips")
def test_strips_that_hold_nothing(fake, tmp_path, voice):
    scene = bpy.context.scene
    strip = sequencer.add_sound_strip(scene, "voice", str(voice), 3, 40)
    strip.sound.filepath = str(tmp_path / "gone.wav")
    with pytest.raises(TalkingAnimationError, match="does not exist"):
        api.generate(characters.face_mesh(), strip)


@pytest.mark.skipif(not HAS_AUD, reason="this Blender has no sound strips")
def test_a_packed_sound(fake, tmp_path, voice):
    scene = bpy.context.scene
    strip = sequencer.add_sound_strip(scene, "voice", str(voice), 1, 1)
    strip.sound.pack()
    voice.unlink()
    assert api.generate(characters.face_mesh(), strip).frames == 48


# -- the real engine ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_engine():
    """Skips until the engine can say what it can do."""
    from blender_addon.contract import messages
    from blender_addon.engine_process import process
    from blender_addon.host import engine_folder

    root = engine_folder.find_root()
    if not (root / "checkpoints" / "content.npz").is_file():
        pytest.skip("the engine's model is not in checkpoints/")
    found = process.Engine(root, process.candidates(root, bpy.app.binary_path))
    found.submit(messages.CapabilitiesRequest())
    try:
        import time

        while found.capabilities is None:  # one that says nothing raises in the end
            found.poll()
            time.sleep(0.01)
    except TalkingAnimationError as error:
        pytest.skip(f"no engine here: {error}")
    finally:
        found.close()


def test_the_sample_voice(real_engine):
    rig, mesh = characters.rigged()
    report = api.generate(mesh, VOICE, start_frame=1)
    blocks = mesh.data.shape_keys.key_blocks
    opening = []
    for frame in range(1, report.frames):
        bpy.context.scene.frame_set(frame)
        opening.append(blocks["jawOpen"].value - blocks["mouthClose"].value)
    assert max(opening) > 0.1 and min(opening) < 0.05
    assert rig.pose.bones["head"].rotation_quaternion.angle >= 0


def special_wav(path, samples, width=2, channels=1, rate=16000, kind=1):
    """A WAV file of any kind from raw sample bytes."""
    data = samples
    head = struct.pack("<HHIIHH", kind, channels, rate, rate * channels * width, channels * width, 8 * width)
    body = b"WAVE" + b"fmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(data)) + data
    return _file(path, b"RIFF" + struct.pack("<I", len(body)) + body)


def tone(seconds=1.0, rate=16000):
    return 0.3 * np.sin(2 * np.pi * 150 * np.arange(int(seconds * rate)) / rate)


def with_nan():
    samples = tone().astype("<f4")
    samples[4000:5000] = math.nan
    return samples.tobytes()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("8 kHz", lambda p: write_wav(p, 1.0, 8000)),
        ("192 kHz", lambda p: write_wav(p, 1.0, 192000)),
        ("8 channels", lambda p: write_wav(p, 1.0, 16000, 8)),
        ("float", lambda p: special_wav(p, tone().astype("<f4").tobytes(), 4, kind=3)),
        ("NaN", lambda p: special_wav(p, with_nan(), 4, kind=3)),
        ("silence", lambda p: special_wav(p, bytes(32000))),
        (
            "24 bit",
            lambda p: special_wav(
                p, b"".join(int(v * 2**23).to_bytes(3, "little", signed=True) for v in tone()), 3
            ),
        ),
        ("1 sample", lambda p: special_wav(p, b"\0\1")),
        ("no samples", lambda p: special_wav(p, b"")),
        ("truncated", lambda p: _file(p, write_wav(p, 1.0).read_bytes()[:20000])),
        ("cut header", lambda p: _file(p, write_wav(p, 1.0).read_bytes()[:30])),
    ],
)
def test_wav_files_of_all_kinds(real_engine, tmp_path, name, make):
    mesh = characters.face_mesh()
    path = make(tmp_path / "line.wav")
    try:
        report = api.generate(mesh, path, start_frame=1)
    except TalkingAnimationError as error:
        assert name in {"1 sample", "no samples", "cut header", "silence"}, error
        assert str(error).endswith((".", "?")) and "\n" not in str(error)
        assert nothing_changed()
    else:
        assert report.curves > 0
        bpy.context.scene.frame_set(10)
        assert all(math.isfinite(block.value) for block in mesh.data.shape_keys.key_blocks)


# -- helpers -----------------------------------------------------------------------------------------------


def _file(path, content):
    path.write_bytes(content)
    return path


def encoded(voice, path, container):
    """The recording in another format, written by Blender."""
    aud = sequencer.aud_module()
    codec = {"FLAC": aud.CODEC_FLAC, "OGG": aud.CODEC_VORBIS, "MP3": aud.CODEC_MP3}[container]
    form = {"FLAC": aud.CONTAINER_FLAC, "OGG": aud.CONTAINER_OGG, "MP3": aud.CONTAINER_MP3}[container]
    aud.Sound.file(str(voice)).write(
        str(path), 16000, aud.CHANNELS_MONO, aud.FORMAT_S16, form, codec, 128000, 1024
    )
    return path


def read_float_wav(path):
    layout = wav_files.wav_layout(path)
    with open(path, "rb") as stream:
        stream.seek(layout.data)
        return layout.rate, np.frombuffer(stream.read(layout.size), "<f4")
