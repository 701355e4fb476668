"""What several tests of the engine need: recordings of every kind, made on the spot."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from recordings import SAMPLE_VOICE, wav_bytes


@pytest.fixture
def voice() -> Path:
    """The sample voice that ships."""
    return SAMPLE_VOICE


@pytest.fixture
def word(tmp_path: Path, voice: Path) -> Path:
    """The beginning of the sample voice, cut off after 0.8 s."""
    path = tmp_path / "word.wav"
    with wave.open(str(voice)) as whole, wave.open(str(path), "wb") as part:
        part.setparams(whole.getparams())
        part.writeframes(whole.readframes(int(0.8 * whole.getframerate())))
    return path


@pytest.fixture
def write_wav(tmp_path: Path) -> Callable[..., Path]:
    """Write samples as a WAV file and return its path."""

    def write(samples: np.ndarray, rate: int = 16000, name: str = "line.wav", **options: bool | int) -> Path:
        path = tmp_path / name
        path.write_bytes(wav_bytes(samples, rate, **options))  # type: ignore[arg-type]
        return path

    return write
