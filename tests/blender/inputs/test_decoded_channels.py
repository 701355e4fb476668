"""What Blender decodes keeps its channels, so that the one with the voice can be listened to."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import bpy
import numpy as np
import pytest
from waiting import HUNG

from blender_addon.host.blender_versions import sequencer
from blender_addon.inputs import recordings, wav_files
from inference.hearing.audio import read_recording

FFMPEG = shutil.which("ffmpeg")
VOICE = Path(__file__).resolve().parents[3] / "demo" / "hello.wav"
SECONDS = 4.0
MUSIC = "0.2*(sin(2*PI*220*t)+sin(2*PI*277.2*t)+sin(2*PI*329.6*t))*(0.6+0.4*sin(2*PI*2*t))"

pytestmark = [
    pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender decodes nothing itself"),
    pytest.mark.skipif(FFMPEG is None, reason="needs ffmpeg to make the files"),
]

BOTH = {
    "line.mp3": ["-c:a", "libmp3lame", "-b:a", "192k", "-joint_stereo", "0"],
    "line.ogg": ["-c:a", "libvorbis"],
    "line.m4a": ["-c:a", "aac", "-b:a", "192k"],
    "line.mp4": ["-c:a", "aac", "-b:a", "192k"],
    "line.mkv": ["-c:a", "flac"],
}


def made(path, codec, layout="stereo", place="FL=c0|FR=c1"):
    """Music on the first channel, the voice on another."""
    assert FFMPEG is not None
    picture = ["-f", "lavfi", "-i", f"testsrc=size=64x64:rate=25:duration={SECONDS}"]
    graph = f"[1:a][0:a]amerge=inputs=2,pan={layout}|{place}[both]"
    sources = ["-i", VOICE, "-f", "lavfi", "-i", f"aevalsrc={MUSIC}:s=44100:d={SECONDS}", *picture]
    shown = ["-map", "2:v", "-pix_fmt", "yuv420p"] if path.suffix in {".mp4", ".mkv"} else []
    command = [FFMPEG, "-v", "error", "-y", *sources, "-filter_complex", graph, "-map", "[both]", *shown]
    subprocess.run([*map(str, command), "-t", str(SECONDS), *codec, str(path)], check=True, timeout=HUNG)
    return path


def likeness(path, channel, lag=0.1):
    """Correlation of what is listened to with the voice, whatever delay there is, up to `lag` seconds."""
    heard = read_recording(path, channel).samples.astype(float)
    voice = read_recording(VOICE).samples[: round(SECONDS * 16000)].astype(float)
    count = 1 << (len(heard) + len(voice)).bit_length()
    cross = np.fft.irfft(np.fft.rfft(heard, count) * np.conj(np.fft.rfft(voice, count)))
    reach = round(lag * 16000)
    best = np.abs(np.concatenate([cross[:reach], cross[-reach:]])).max()
    return best / (np.linalg.norm(heard) * np.linalg.norm(voice))


def assert_apart(path, voice=2):
    assert likeness(path, str(voice)) > 0.95
    assert likeness(path, "1") < 0.1
    assert likeness(path, "auto") > 0.95


@pytest.mark.parametrize("name", BOTH)
def test_by_the_sound_library(tmp_path, name):
    path = made(tmp_path / name, BOTH[name])
    decoded = recordings.from_file(path).readable(tmp_path)
    layout = wav_files.wav_layout(decoded)
    assert (layout.channels, layout.rate) == (2, 16000)
    assert layout.promised == layout.size and layout.seconds == pytest.approx(SECONDS, abs=0.1)
    assert_apart(decoded)


def test_a_part_with_silence_before(tmp_path):
    path = made(tmp_path / "line.flac", [])
    part = recordings.Recording(str(path), "line.flac", begin=1.25, seconds=0.5, lead=0.25)
    layout = wav_files.wav_layout(part.readable(tmp_path))
    assert (layout.channels, layout.frames) == (2, 12000)
    raw = Path(part.readable(tmp_path)).read_bytes()[layout.data :]
    samples = np.frombuffer(raw, "<f4").reshape(-1, 2)
    assert not samples[:4000].any() and samples[4000:].any(axis=0).all()


@pytest.mark.parametrize("name", ["line.mp3", "line.mp4"])
def test_by_the_sequencer(tmp_path, monkeypatch, name):
    path = made(tmp_path / name, BOTH[name])
    monkeypatch.setattr(sequencer, "aud_module", lambda: None)
    decoded = recordings.from_file(path).readable(tmp_path)
    assert wav_files.wav_layout(decoded).channels == 2
    assert_apart(decoded)


@pytest.mark.parametrize("by_library", [True, False])
def test_six_channels(tmp_path, monkeypatch, by_library):
    """A film's: the voice in the middle."""
    path = made(tmp_path / "film.m4a", ["-c:a", "aac", "-b:a", "384k"], "5.1", "FL=c0|FC=c1|BR=0.3*c0")
    if not by_library:
        monkeypatch.setattr(sequencer, "aud_module", lambda: None)
    decoded = recordings.from_file(path).readable(tmp_path)
    assert wav_files.wav_layout(decoded).channels == 6
    assert_apart(decoded, 3)


@pytest.mark.parametrize("asked", ["MONO", "STEREO"])
def test_a_retimed_strip(tmp_path, asked):
    """Whatever the scene itself is rendered with."""
    scene = bpy.context.scene
    scene.render.fps = 25
    scene.render.ffmpeg.audio_channels = asked
    path = made(tmp_path / "line.mp3", BOTH["line.mp3"])
    strip = sequencer.add_sound_strip(scene, "voice", str(path), 1, 1)
    if not sequencer.set_strip_speed(strip, 1.25, 1):
        pytest.skip("this Blender lets no script change the speed of a strip")
    recording = recordings.from_strip(strip, scene, tmp_path)
    assert recording.path.endswith("heard.wav")
    layout = wav_files.wav_layout(recording.path)
    assert layout.channels == 2 and scene.render.ffmpeg.audio_channels == asked
    with open(recording.path, "rb") as stream:
        stream.seek(layout.data)
        samples = np.frombuffer(stream.read(layout.size), "<i2").reshape(-1, 2).astype(float)
    first, second = samples.T
    assert abs(first @ second) < 0.2 * np.linalg.norm(first) * np.linalg.norm(second)
