"""WAV files: which go to the engine as they are, and parts of them."""

from __future__ import annotations

import struct

import pytest

from blender_addon.inputs import wav_files
from inference.face import wav_layout as engines_own


def wav(path, form, data=bytes(3200), name=b"RIFF", before=b"", after=b"", size=None):
    body = before + b"fmt " + struct.pack("<I", len(form)) + form
    body += b"data" + struct.pack("<I", len(data) if size is None else size) + data + after
    path.write_bytes(name + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)
    return str(path)


def form(kind=1, channels=1, rate=16000, block=2, bits=16):
    return struct.pack("<HHIIHH", kind, channels, rate, rate * block, block, bits)


@pytest.mark.parametrize(
    ("header", "read"),
    [
        (form(), True),
        (form(kind=3, block=4, bits=32), True),
        (form(bits=12), True),
        (form(channels=2, block=6, bits=20), True),
        (form(block=4, bits=24), False),
        (form(kind=2, block=1024, bits=4), False),
        (form(kind=6, block=1, bits=8), False),
        (form(kind=3), False),
        (form(channels=3, block=4), False),
        (form()[:14], False),
    ],
)
def test_the_engine_is_given_what_it_reads_and_no_more(tmp_path, header, read):
    path = wav(tmp_path / "line.wav", header)
    assert (wav_files.wav_layout(path) is not None) == read
    assert (engines_own.wav_layout(path) is not None) == read


@pytest.mark.parametrize("name", [b"RF64", b"BW64"])
def test_a_part_of_a_long_file_holds_samples_only(tmp_path, name):
    data = bytes(range(1, 251)) * 64
    large = b"ds64" + struct.pack("<IQQQI", 28, 0, len(data), len(data) // 2, 0)
    path = wav(
        tmp_path / "long.wav",
        form(),
        data,
        name,
        large,
        b"LIST" + struct.pack("<I", 8) + b"INFOxxxx",
        0xFFFFFFFF,
    )
    layout = wav_files.wav_layout(path)
    assert (layout.size, layout.seconds) == (16000, 0.5)
    target = tmp_path / "part.wav"
    assert wav_files.cut(path, layout, 0.25, None, target)
    assert target.read_bytes()[44:] == data[8000:]
    assert not wav_files.cut(path, layout, 0.5, None, target)


def test_a_stream_of_unknown_length_is_as_long_as_its_file(tmp_path):
    for size in (0, 0xFFFFFFFF):
        layout = wav_files.wav_layout(wav(tmp_path / "stream.wav", form(), size=size))
        assert layout.seconds == 0.1


def test_damaged_sizes_are_no_reason_to_fail(tmp_path):
    for large in (0xFFFFFFFFFFFFFFFF, 1 << 63, 5):
        before = b"ds64" + struct.pack("<IQQQI4sQ", 40, 0, large, 0, 0x7FFFFFFF, b"junk", large)
        before += b"junk" + struct.pack("<I", 0xFFFFFFFF)
        layout = wav_files.wav_layout(wav(tmp_path / "damaged.wav", form(), before=before))
        assert layout is None or layout.size <= 3200
