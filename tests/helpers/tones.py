"""Recordings that are made on the spot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from recordings import wav_bytes


def write_wav(path: Path, seconds: float, rate: int = 16000, channels: int = 1) -> Path:
    """A WAV file that holds a tone whose level grows with time."""
    moments = np.arange(int(seconds * rate)) / rate
    samples = 0.3 * np.sin(2 * np.pi * 150 * moments) * np.minimum(1, moments / max(seconds, 1e-9))
    path.write_bytes(wav_bytes(np.repeat(samples[:, None], channels, 1), rate))
    return path
