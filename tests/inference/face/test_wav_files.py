"""Sound is written as 16-bit WAV in one way, and read back as what it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from recordings import SAMPLE_VOICE

from inference.face.wav_files import sixteen_bits, wav_bytes
from inference.face.wav_layout import wav_layout
from inference.hearing.audio import read_recording


def test_each_sample_becomes_the_nearest_number_and_of_two_the_even_one() -> None:
    steps = np.array([0.0, 0.49, 0.5, 1.5, 2.5, -0.5, -1.5, -0.51, 32766.6])
    assert sixteen_bits(steps / 32768).tolist() == [0, 0, 0, 2, 2, 0, -2, -1, 32767]


def test_what_is_too_loud_is_clipped_and_does_not_turn_over() -> None:
    loud = np.array([1.0, 1.00001, 7.0, -1.0, -1.5, -1e9], np.float32)
    assert sixteen_bits(loud).tolist() == [32767, 32767, 32767, -32768, -32768, -32768]


@pytest.mark.filterwarnings("error")
def test_what_is_no_number_is_silence_and_what_is_endless_is_clipped() -> None:
    samples = np.array([np.nan, np.inf, -np.inf, 3e38], np.float32)
    assert sixteen_bits(samples).tolist() == [0, 32767, -32768, 32767]
    assert np.isnan(samples[0])


def test_a_recording_that_is_read_and_written_again_stays_the_same(tmp_path: Path) -> None:
    """Every one of 65,536 values, and a recording of people."""
    every = np.arange(-32768, 32768, dtype=np.int16)
    assert (sixteen_bits(every.astype(np.float32) / 32768) == every).all()
    samples = read_recording(SAMPLE_VOICE).samples
    (tmp_path / "once.wav").write_bytes(wav_bytes(samples, 16000))
    again = read_recording(tmp_path / "once.wav").samples
    (tmp_path / "twice.wav").write_bytes(wav_bytes(again, 16000))
    assert (tmp_path / "once.wav").read_bytes() == (tmp_path / "twice.wav").read_bytes()


@pytest.mark.parametrize(
    ("shape", "channels"), [((0,), 1), ((1,), 1), ((480, 2), 2), ((3, 8), 8)], ids=["none", "one", "two", "8"]
)
def test_as_many_channels_and_samples_as_there_are(
    shape: tuple[int, ...], channels: int, tmp_path: Path
) -> None:
    path = tmp_path / "line.wav"
    path.write_bytes(wav_bytes(np.zeros(shape), 44100))
    layout = wav_layout(path)
    assert layout is not None and (layout.channels, layout.rate, layout.width) == (channels, 44100, 2)
    assert layout.size == layout.promised == 2 * int(np.prod(shape)) and not layout.is_float
