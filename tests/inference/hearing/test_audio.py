"""Reading recordings of every kind, and the sentence for each that cannot be read."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np
import picture_files
import pytest
from gif_files import gif
from recordings import tone, wav_bytes

from inference.errors import EngineError
from inference.face.wav_layout import WavLayout, layout_of, wav_layout
from inference.hearing import audio
from inference.hearing.audio import SAMPLE_RATE, read_recording, resample
from inference.hearing.resampling import resample_blocks

KINDS = [
    ({"bits": 8}, 0.02),
    ({"bits": 16}, 1e-3),
    ({"bits": 24}, 1e-3),
    ({"bits": 32}, 1e-3),
    ({"bits": 32, "floating": True}, 1e-3),
    ({"bits": 64, "floating": True}, 1e-3),
    ({"bits": 24, "extensible": True}, 1e-3),
    ({"bits": 32, "floating": True, "extensible": True}, 1e-3),
]


@pytest.mark.parametrize(("options", "tolerance"), KINDS)
def test_every_sample_format_sounds_the_same(
    write_wav: Callable[..., Path], options: dict, tolerance: float
) -> None:
    recording = read_recording(write_wav(tone(0.5, 16000), **options))
    assert recording.samples.dtype == np.float32
    np.testing.assert_allclose(recording.samples, tone(0.5, 16000), atol=tolerance)
    assert recording.warnings == ()


@pytest.mark.parametrize("gain", [2.0**23, 2.0**31, 1e30])
def test_floats_meant_as_integers_are_no_louder(write_wav: Callable[..., Path], gain: float) -> None:
    """Their squares were no numbers, and no speech was heard in them."""
    loud = read_recording(write_wav(tone(0.5, 16000) * gain, bits=32, floating=True)).samples
    as_usual = tone(0.5, 16000)
    np.testing.assert_allclose(loud, as_usual / np.abs(as_usual).max(), atol=1e-6)
    within = read_recording(write_wav(tone(0.5, 16000) * 32768, bits=32, floating=True)).samples
    assert np.abs(within).max() > 1000, "what can be computed with stays as it is"


@pytest.mark.parametrize("value", [1e6, -1e20, np.inf])
def test_a_few_damaged_samples_are_silence(write_wav: Callable[..., Path], value: float) -> None:
    """All of the recording was made as much softer as one of them was too loud."""
    samples = tone(0.5, 16000)
    kept = samples.copy()
    kept[[1000, 5000]] = 0
    samples[[1000, 5000]] = value
    recording = read_recording(write_wav(samples, bits=32, floating=True))
    np.testing.assert_allclose(recording.samples, kept, atol=1e-6)
    assert "far beyond full scale" in recording.warnings[0]


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 44100, 48000, 96000, 192000])
def test_every_rate_becomes_16_khz_without_changing_the_sound(
    write_wav: Callable[..., Path], rate: int
) -> None:
    samples = read_recording(write_wav(tone(2.0, rate), rate)).samples
    assert abs(len(samples) - 2 * SAMPLE_RATE) <= 1
    middle = slice(400, -400)
    np.testing.assert_allclose(samples[middle], tone(2.0, SAMPLE_RATE)[: len(samples)][middle], atol=2e-3)


def test_resampling_removes_what_16_khz_cannot_hold() -> None:
    aliased = resample(tone(1.0, 48000, frequency=11000).astype(np.float32), 48000, 16000)
    assert np.abs(aliased[400:-400]).max() < 1e-3


def exactly(samples: np.ndarray, rate: int, places: np.ndarray) -> np.ndarray:
    """A few samples at 16 kHz, each by a filter computed for itself in double precision."""
    cutoff = min(1.0, 16000 / rate)
    reach = int(np.ceil(16 / cutoff))
    taps = np.arange(-reach + 1, reach + 1)
    values = []
    for place in places:
        whole, rest = divmod(int(place) * rate, 16000)
        away = taps - rest / 16000
        window = np.i0(8 * np.sqrt(np.clip(1 - (away / reach) ** 2, 0, 1))) / np.i0(8.0)
        values.append(samples[whole + taps] @ (cutoff * np.sinc(cutoff * away) * window))
    return np.array(values)


@pytest.mark.parametrize("rate", [1009, 8000, 11023, 22051, 37800, 44100, 44101, 47999, 96001, 705601])
def test_every_rate_is_filtered_alike(rate: int) -> None:
    noise = np.random.RandomState(rate).standard_normal(max(rate, 4000)).astype(np.float32)
    result = resample(noise, rate, 16000)
    assert len(result) == int(np.ceil(len(noise) * 16000 / rate))
    places = np.random.RandomState(1).randint(len(result) // 4, 3 * len(result) // 4, 300)
    expected = exactly(noise, rate, places)
    assert np.std(result[places] - expected) < 10 ** (-90 / 20) * np.std(expected)


@pytest.mark.parametrize("rate", [44100, 44101, 48000, 96001])
def test_long_sound_is_read_in_blocks(rate: int) -> None:
    most = 0

    def read(first: int, last: int) -> np.ndarray:
        nonlocal most
        most = max(most, last - first)
        return np.ones(last - first, np.float32)

    result = resample_blocks(read, 60 * rate, rate, 16000)
    np.testing.assert_allclose(result[200:-200], 1, atol=2e-4)
    assert most < 10 * rate


def test_resampling_in_blocks_leaves_no_seams() -> None:
    long = np.random.RandomState(1).standard_normal(48000 * 6).astype(np.float32)
    whole = resample(long, 48000, 16000)
    start = 48000 * 3
    part = resample(long[start - 3000 : start + 9000], 48000, 16000)
    np.testing.assert_allclose(whole[start // 3 : start // 3 + 2000], part[1000:3000], atol=1e-5)


def test_the_voice_on_one_of_eight_channels_keeps_its_level(write_wav: Callable[..., Path]) -> None:
    frames = np.zeros((16000, 8))
    frames[:, 5] = tone(1.0, 16000)
    np.testing.assert_allclose(read_recording(write_wav(frames)).samples, tone(1.0, 16000), atol=1e-3)


@pytest.mark.parametrize("offset", [-0.5, 0.5])
def test_a_constant_that_a_converter_added_is_no_sound(write_wav: Callable[..., Path], offset: float) -> None:
    line = np.concatenate([np.zeros(SAMPLE_RATE), tone(1.0, SAMPLE_RATE, level=0.01)])
    heard = read_recording(write_wav(line + offset)).samples
    assert np.abs(heard - line).max() < 1e-4
    still = read_recording(write_wav(np.full(SAMPLE_RATE, offset)))
    assert any("silent" in warning for warning in still.warnings)


def test_the_asymmetry_of_a_voice_is_left_alone(write_wav: Callable[..., Path]) -> None:
    pulses = 0.3 * np.maximum(tone(1.0, SAMPLE_RATE, 120.0, 1.0), -0.2)
    line = np.concatenate([pulses, np.zeros(3 * SAMPLE_RATE)])
    heard = read_recording(write_wav(line)).samples
    assert not heard[-SAMPLE_RATE:].any()


def test_invalid_samples_are_read_as_silence_and_told(write_wav: Callable[..., Path]) -> None:
    samples = tone(0.5, 16000)
    samples[100:200] = np.nan
    samples[300] = np.inf
    recording = read_recording(write_wav(samples, bits=32, floating=True))
    assert np.isfinite(recording.samples).all()
    assert (recording.samples[100:200] == 0).all()
    assert "NaN" in recording.warnings[0]


def test_a_truncated_file_is_read_as_far_as_it_goes_and_told(tmp_path: Path) -> None:
    path = tmp_path / "cut.wav"
    path.write_bytes(wav_bytes(tone(1.0, 16000), 16000)[: 44 + 16000])
    recording = read_recording(path)
    assert recording.duration == pytest.approx(0.5)
    assert "cut short" in recording.warnings[0]


def test_a_file_that_is_begun_anew_meanwhile_is_told(
    write_wav: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mapped into memory, it killed the engine."""
    path = write_wav(tone(20.0, SAMPLE_RATE))

    def cut(stream: BinaryIO) -> WavLayout | None:
        layout = layout_of(stream)
        os.truncate(path, 1000)
        return layout

    monkeypatch.setattr(audio, "layout_of", cut)
    with pytest.raises(EngineError, match="got shorter while it was read"):
        read_recording(path)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_stream_without_a_known_length_is_read_to_its_end(tmp_path: Path, size: int) -> None:
    content = bytearray(wav_bytes(tone(1.0, 16000), 16000))
    content[40:44] = size.to_bytes(4, "little")
    path = tmp_path / "stream.wav"
    path.write_bytes(content)
    assert read_recording(path).duration == pytest.approx(1.0)


def chunk(name: bytes, content: bytes, size: int | None = None) -> bytes:
    """A chunk of a WAV file; another size than its own where it lies."""
    length = struct.pack("<I", len(content) if size is None else size)
    return name + length + content + b"\0" * (len(content) % 2)


def form(
    channels: int, bits: int, block: int, kind: int = 1, rate: int = 16000, valid: int | None = None
) -> bytes:
    """A `fmt ` chunk of any kind."""
    content = struct.pack(
        "<HHIIHH", kind if valid is None else 0xFFFE, channels, rate, rate * block % 2**32, block, bits
    )
    if valid is not None:
        content += struct.pack("<HHIH", 22, valid, 0, kind) + bytes.fromhex("000000001000800000AA00389B71")
    return chunk(b"fmt ", content)


@pytest.mark.parametrize("name", [b"RF64", b"BW64"])
def test_a_long_file_ends_where_its_large_size_says(tmp_path: Path, name: bytes) -> None:
    data = (tone(1.0, 16000) * 32767).astype("<i2").tobytes()
    picture = b"\x40" * 50001
    sizes = struct.pack("<QQQI4sQ", 0, len(data), 16000, 1, b"PIC ", len(picture))
    head = chunk(b"ds64", sizes) + chunk(b"PIC ", picture, 0xFFFFFFFF) + form(1, 16, 2)
    after = chunk(b"bext", np.random.RandomState(0).bytes(7000)) + chunk(b"LIST", b"INFO")
    path = tmp_path / "long.wav"
    path.write_bytes(
        name + struct.pack("<I", 0xFFFFFFFF) + b"WAVE" + head + chunk(b"data", data, 0xFFFFFFFF) + after
    )
    recording = read_recording(path)
    assert recording.duration == 1.0
    assert np.abs(recording.samples[-40:]).max() < 0.51
    assert recording.warnings == ()


def test_a_long_file_whose_recorder_lost_power_is_read_to_its_end(tmp_path: Path) -> None:
    data = (tone(1.0, 16000) * 32767).astype("<i2").tobytes()
    body = chunk(b"ds64", bytes(28)) + form(1, 16, 2) + chunk(b"data", data, 0xFFFFFFFF)
    path = tmp_path / "lost.wav"
    path.write_bytes(b"RF64" + struct.pack("<I", 0xFFFFFFFF) + b"WAVE" + body)
    assert read_recording(path).duration == 1.0


def test_no_samples_but_other_chunks_are_no_sound(tmp_path: Path) -> None:
    body = form(1, 16, 2) + chunk(b"data", b"") + chunk(b"LIST", b"INFO" + bytes(20000))
    path = tmp_path / "nothing.wav"
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)
    with pytest.raises(EngineError) as caught:
        read_recording(path)
    assert caught.value.code == "no_sound"


# Bits, bytes of a sample, valid bits of the extensible header.
FEWER_BITS = [
    (12, 2, None),
    (20, 3, None),
    (10, 2, None),
    (16, 2, 12),
    (24, 3, 20),
    (32, 4, 24),
    (20, 3, 20),
    (28, 4, None),
]


@pytest.mark.parametrize(("bits", "width", "valid"), FEWER_BITS)
def test_fewer_valid_bits_are_the_upper_ones(
    tmp_path: Path, bits: int, width: int, valid: int | None
) -> None:
    unused = 8 * width - (valid or bits)
    frames = np.stack([tone(0.5, 16000), -tone(0.5, 16000, 700)], axis=1)
    numbers = np.round(frames * (2 ** (8 * width - 1) - 1)).astype(np.int64) >> unused << unused
    data = numbers.astype("<i8").reshape(-1, 1).view(np.uint8)[:, :width].tobytes()
    body = form(2, bits, 2 * width, valid=valid) + chunk(b"data", data)
    path = tmp_path / "bits.wav"
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)
    np.testing.assert_allclose(read_recording(path, "mix").samples, frames.mean(axis=1), atol=2e-3)


# Headers that can be read in more ways than one, or in none.
FOREIGN = {
    "24 bits in 4 bytes": form(1, 24, 4),
    "block of two channels for one": form(1, 16, 4),
    "half a sample": form(2, 16, 3),
    "64-bit integers": form(1, 64, 8),
    "16-bit numbers": form(1, 16, 2, kind=3),
    "A-law": form(1, 8, 1, kind=6),
    "no bits": form(1, 0, 0),
    "no rate": form(1, 16, 2, rate=0),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_a_wav_of_another_kind_is_left_to_a_decoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    body = FOREIGN[case] + chunk(b"data", bytes(32000))
    path = tmp_path / "foreign.wav"
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)
    assert wav_layout(path) is None
    with pytest.raises(EngineError, match="is not a WAV file of a known kind"):
        read_recording(path)


@pytest.mark.parametrize("rate", [1, 999, 4_000_000_000])
def test_a_rate_that_no_recording_has_is_told(tmp_path: Path, rate: int) -> None:
    body = form(1, 16, 2, rate=rate) + chunk(b"data", bytes(32000))
    path = tmp_path / "rate.wav"
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body)
    with pytest.raises(EngineError, match=f"claims {rate} samples a second") as caught:
        read_recording(path)
    assert caught.value.code == "not_audio"


def test_silence_is_a_recording_with_a_warning(write_wav: Callable[..., Path]) -> None:
    recording = read_recording(write_wav(np.zeros(16000)))
    assert "silent" in recording.warnings[0]


def test_names_with_spaces_and_other_alphabets(write_wav: Callable[..., Path]) -> None:
    recording = read_recording(write_wav(tone(0.2, 16000), name="Zeile 1 – привет 声.wav"))
    assert recording.name == "Zeile 1 – привет 声.wav"


BAD = {
    "missing": ("file_missing", None),
    "empty": ("file_empty", b""),
    "text": ("not_audio", b"this is no recording, it is a letter" * 20),
    "header only": ("not_audio", wav_bytes(np.zeros(100), 16000)[:20]),
    "no samples": ("no_sound", wav_bytes(np.zeros(0), 16000)),
    "one sample": ("too_short", wav_bytes(np.zeros(1), 16000)),
    "zero channels": ("not_audio", b"".join([wav_bytes(np.zeros(100), 16000)[:22], b"\0\0", b"\0" * 400])),
    "all invalid": ("not_audio", wav_bytes(np.full(16000, np.nan), 16000, bits=32, floating=True)),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_gets_one_sentence_with_the_file(tmp_path: Path, case: str) -> None:
    code, content = BAD[case]
    path = tmp_path / f"{case}.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EngineError) as caught:
        read_recording(path)
    assert caught.value.code == code
    assert str(path) in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.message.endswith(".")


def test_a_folder_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="is a folder"):
        read_recording(tmp_path)


def test_a_file_without_permission(write_wav: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_wav(tone(0.2, 16000))

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read every file, so chmod would prove nothing
    with pytest.raises(EngineError) as caught:
        read_recording(path)
    assert caught.value.code == "unreadable"
    assert "Permission denied" in caught.value.message


def test_other_formats_with_the_full_engine(tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason="PyAV belongs to the full engine")
    path = tmp_path / "voice.mp3"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mp3", rate=44100, layout="mono")
        data = (tone(1.0, 44100) * 32767).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(data, format="s16p", layout="mono")
        frame.rate = 44100
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    recording = read_recording(path)
    assert recording.duration == pytest.approx(1.0, abs=0.1)
    assert np.abs(recording.samples).max() == pytest.approx(0.5, abs=0.1)


def test_a_video_without_sound(tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason="PyAV belongs to the full engine")
    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    with pytest.raises(EngineError, match="video without sound"):
        read_recording(path)


@pytest.mark.parametrize("has_av", [False, True])
def test_a_picture_given_as_a_voice_is_told_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_av: bool
) -> None:
    """As where voice and picture were swapped."""
    if has_av:
        pytest.importorskip("av", reason="PyAV belongs to the full engine")
    else:
        monkeypatch.setitem(__import__("sys").modules, "av", None)
    colours = np.zeros((8, 8, 4), np.uint8)
    bitmap = struct.pack("<2sI4xIIiiHHI", b"BM", 66, 54, 40, 2, 2, 1, 24, 0) + bytes(28)
    files = {
        "ada.png": picture_files.png(colours),
        "ada.jpg": bytes.fromhex("ffd8ffe000104a46494600010100000100010000"),
        "ada.wav": gif(np.zeros((8, 8), np.uint8), np.zeros((256, 3), np.uint8)),
        "ada.tif": picture_files.tiff(colours),
        "ada.webp": picture_files.webp(0),
        "ada.avif": b"\0\0\0\x20ftypavif" + bytes(20),
        "ada.bmp": bitmap,
        **({"ada.ppm": b"P6\n32 32\n255\n" + bytes(3072)} if has_av else {}),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(
            EngineError, match=f"{name} is a picture, no recording: choose a file with"
        ) as told:
            read_recording(tmp_path / name)
        assert told.value.code == "not_audio"


def test_without_pyav_another_format_names_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    path = tmp_path / "voice.ogg"
    path.write_bytes(b"OggS" + bytes(100))
    with pytest.raises(EngineError, match="convert it to WAV"):
        read_recording(path)
