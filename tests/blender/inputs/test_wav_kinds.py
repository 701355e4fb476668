"""WAV files that the engine does not read are decoded by Blender; what it reads goes to it as it is."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from blender_addon.errors import TalkingAnimationError
from blender_addon.host.blender_versions import sequencer
from blender_addon.inputs import decoding, recordings, wav_files
from inference.hearing.audio import read_recording


def wav(path, kind, channels, bits, block, data, rate=16000):
    form = struct.pack("<HHIIHH", kind, channels, rate, rate * block, block, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


def tone():
    return 0.4 * np.sin(2 * np.pi * 300 * np.arange(16000) / 16000)


def mu_law():
    """ITU-T G.711, with its 14-bit table in closed form."""
    size = np.minimum(np.abs(tone()) * 8159 + 33, 8191).astype(int)
    segment = np.floor(np.log2(size)).astype(int) - 5
    code = segment << 4 | (size >> (segment + 1)) & 15
    return (~(code | np.where(tone() < 0, 128, 0)) & 255).astype(np.uint8).tobytes()


@pytest.mark.parametrize(("bits", "width"), [(12, 2), (20, 3), (16, 2)])
def test_fewer_bits_are_the_engines(tmp_path, bits, width):
    path = wav(tmp_path / "line.wav", 1, 1, bits, width, bytes(3200 * width))
    assert recordings.from_file(path).readable(tmp_path) == str(path)


@pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender decodes nothing itself")
def test_mu_law_is_decoded(tmp_path):
    path = wav(tmp_path / "line.wav", 7, 1, 8, 1, mu_law())
    decoded = recordings.from_file(path).readable(tmp_path)
    assert decoded != str(path)
    layout = wav_files.wav_layout(decoded)
    samples = np.frombuffer(Path(decoded).read_bytes()[layout.data :], "<f4")
    assert np.abs(samples).max() == pytest.approx(0.4, abs=0.05)


@pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender decodes nothing itself")
@pytest.mark.parametrize(("channels", "bits", "block"), [(1, 24, 4), (2, 16, 3), (1, 64, 8), (1, 16, 4)])
def test_an_ambiguous_header_is_decoded_or_told(tmp_path, channels, bits, block):
    path = wav(tmp_path / "line.wav", 1, channels, bits, block, bytes(12000 * block))
    try:
        assert recordings.from_file(path).readable(tmp_path) != str(path)
    except TalkingAnimationError as error:
        assert "No sound could be read from 'line.wav'" in str(error)


@pytest.mark.skipif(sequencer.aud_module() is None, reason="this Blender decodes nothing itself")
@pytest.mark.parametrize("kept", [1.0, 0.5])
def test_half_an_upload_is_told(tmp_path, kept):
    """The engine says of a WAV that it is cut short; of what Blender decoded nothing was said."""
    aud = sequencer.aud_module()
    path = tmp_path / "line.flac"
    sound = aud.Sound.sine(300, 16000).limit(0, 3)
    sound.write(str(path), 16000, 1, aud.FORMAT_S16, aud.CONTAINER_FLAC, aud.CODEC_FLAC)
    whole = path.read_bytes()
    path.write_bytes(whole[: round(len(whole) * kept)])
    heard = read_recording(recordings.from_file(path).readable(tmp_path), name="line.flac")
    told = f"line.flac is cut short: only {heard.duration:.1f} s of it could be read."
    assert heard.warnings == (() if kept == 1.0 else (told,)) and (heard.duration > 2.9) == (kept == 1.0)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"fLaC" + bytes(90), True),
        (b"\0\0\0\x1cftypM4A " + bytes(90), True),
        (b"ID3\4\0\0\0\0\1\2" + bytes(130) + b"\xff\xfb\x50\xc4" + bytes(32) + b"Xing", True),
        (b"\xff\xfb\x50\xc4" + bytes(90), False),
        (b"\x1a\x45\xdf\xa3" + bytes(90), False),
        (b"", False),
    ],
)
def test_lengths_that_are_guessed_are_not_believed(tmp_path, content, says):
    """Of an MP3 without a header by its bit rate, of a film by its pictures."""
    (tmp_path / "file").write_bytes(content)
    assert decoding.says_its_length(str(tmp_path / "file")) is says
