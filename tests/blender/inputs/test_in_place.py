"""What is decoded lies where the sequencer plays it, to the sample nearly, whatever the container says of its beginning."""

from __future__ import annotations

import os
import shutil
import subprocess

import bpy
import characters
import numpy as np
import pytest
from recordings import wav_bytes
from waiting import HUNG

from blender_addon import api
from blender_addon.host.blender_versions import sequencer
from blender_addon.inputs import decoding, recordings, sound_strips

RATE = decoding.RATE
FFMPEG = shutil.which("ffmpeg")

pytestmark = [
    pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender decodes nothing itself"),
    pytest.mark.skipif(FFMPEG is None, reason="needs ffmpeg to make the files"),
]


@pytest.fixture(scope="module")
def clicks(tmp_path_factory):
    """Bursts of noise at odd moments, 44.1 kHz."""
    path = tmp_path_factory.mktemp("clicks") / "clicks.wav"
    rate = 44100
    samples = np.zeros(int(2.6 * rate))
    noise = np.random.RandomState(5).randn(1300) * np.exp(-np.arange(1300) / 260)
    for moment in (0.21, 0.77, 1.42, 1.9):
        first = round(moment * rate)
        samples[first : first + 1300] += 0.5 * noise / np.abs(noise).max()
    path.write_bytes(wav_bytes(samples, rate))
    return path


def made(*arguments):
    assert FFMPEG is not None
    subprocess.run([FFMPEG, "-v", "error", "-y", *map(str, arguments)], check=True, timeout=HUNG)


def samples_of(path):
    aud = sequencer.aud_module()
    return aud.Sound.file(str(path)).rechannel(1).resample(RATE, False).data().reshape(-1)


def played(path, scene, folder, trim=0):
    """What the scene's sequencer plays of a file that is put at frame 1, `trim` frames of it cut away before."""
    alone = bpy.data.scenes.new("alone")
    try:
        alone.render.fps, alone.render.fps_base = scene.render.fps, scene.render.fps_base
        strip = sequencer.add_sound_strip(alone, "voice", str(path), 1, 1)
        place = sequencer.strip_range(strip)
        if trim and hasattr(strip, "left_handle"):
            strip.left_handle = int(place.start) + trim
        elif trim:
            strip.frame_final_start = int(place.start) + trim
        alone.frame_start = 1 + trim
        alone.frame_end = 1 + int(3.2 * alone.render.fps)
        target = folder / "played.wav"
        assert sequencer.mixdown(alone, str(target))
        return samples_of(target)
    finally:
        bpy.data.scenes.remove(alone)


def lag(samples, reference):
    """Milliseconds by which a signal is later than another."""
    count = 1 << (len(samples) + len(reference)).bit_length()
    spectra = [np.fft.rfft(np.abs(np.asarray(part, float)), count) for part in (samples, reference)]
    shift = int(np.argmax(np.fft.irfft(spectra[0] * np.conj(spectra[1]), count)))
    return 1000 * (shift - count if shift > count // 2 else shift) / RATE


CODECS = {
    "mp3": ["-c:a", "libmp3lame"],
    "ogg": ["-c:a", "libvorbis"],
    "opus": ["-c:a", "libopus"],
    "webm": ["-c:a", "libopus"],
    "flac": [],
    "m4a": ["-c:a", "aac"],
    "aac": ["-c:a", "aac"],
}


@pytest.mark.parametrize("kind", CODECS)
def test_encoders_delays_are_those_of_the_sequencer(clicks, tmp_path, kind):
    path = tmp_path / f"line.{kind}"
    made("-i", clicks, *CODECS[kind], path)
    scene = bpy.context.scene
    decoded = samples_of(recordings.from_file(path, scene).readable(tmp_path))
    assert abs(lag(decoded, played(path, scene, tmp_path))) < 2.0


def late(clicks, path, offset, *codec):
    """A video whose sound begins late, or early within the file."""
    picture = path.parent / "picture.mp4"
    made("-f", "lavfi", "-i", "testsrc=size=64x64:rate=25:duration=3", "-pix_fmt", "yuv420p", picture)
    sources = ["-i", picture, "-itsoffset", offset, "-i", clicks]
    made(*sources, "-map", "0:v", "-map", "1:a", "-c:v", "copy", *codec, path)


@pytest.mark.parametrize("fps", [24, 25, 60])
@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("line.mp4", ["-c:a", "aac"]),
        ("line.mov", ["-c:a", "pcm_s16le"]),
        ("line.mkv", ["-c:a", "aac"]),
        ("line.mp4", ["-c:a", "libmp3lame"]),
    ],
)
def test_sound_that_begins_late(clicks, tmp_path, fps, name, codec):
    scene = bpy.context.scene
    scene.render.fps = fps
    path = tmp_path / name
    late(clicks, path, "0.517", *codec)
    decoded = samples_of(recordings.from_file(path, scene).readable(tmp_path))
    assert abs(lag(decoded, played(path, scene, tmp_path))) < 2.0


def test_sound_that_begins_late_without_the_sound_library(clicks, tmp_path, monkeypatch):
    path = tmp_path / "line.mkv"
    late(clicks, path, "0.517", "-c:a", "aac")
    scene = bpy.context.scene
    recording = recordings.from_file(path, scene)
    truth = played(path, scene, tmp_path)
    with monkeypatch.context() as without:
        without.setattr(sequencer, "aud_module", lambda: None)
        readable = recording.readable(tmp_path)
    assert abs(lag(samples_of(readable), truth)) < 10.0


@pytest.mark.parametrize("name", ["line.mp3", "line.m4a"])
def test_a_trimmed_strip_is_heard_from_its_trim(clicks, tmp_path, name):
    scene = bpy.context.scene
    scene.render.fps = 25
    path = tmp_path / name
    made("-i", clicks, path)
    strip = sequencer.add_sound_strip(scene, "voice", str(path), 1, 1)
    if hasattr(strip, "left_handle"):
        strip.left_handle = int(strip.left_handle) + 15
    else:
        strip.frame_final_start += 15
    decoded = samples_of(recordings.from_strip(strip, scene, tmp_path).readable(tmp_path))
    assert abs(lag(decoded, played(path, scene, tmp_path, trim=15))) < 2.0


def test_keys_and_strip_of_a_late_sound_lie_together(fake, clicks, tmp_path):
    """The motion begins with the file, its sound as much later as in the sequencer."""
    path = tmp_path / "line.mov"
    late(clicks, path, "0.6", "-c:a", "pcm_s16le")
    scene = bpy.context.scene
    scene.render.fps = 25
    scenes = len(bpy.data.scenes)
    report = api.generate(characters.face_mesh(), path, start_frame=11, scene=scene)
    (strip,) = sequencer.sequencer_strips(scene)
    shift = sequencer.strip_range(strip).start - 11
    assert report.start == 11 and report.frames == pytest.approx(65 + shift, abs=2)
    assert sound_strips.start_of(scene, str(path)) == 11, "where the file, not its sound, begins"
    assert len(bpy.data.scenes) == scenes and os.path.basename(strip.sound.filepath) == "line.mov"
