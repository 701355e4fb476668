"""The recording that ships, and recordings of every kind, made on the spot."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np

SAMPLE_VOICE = Path(__file__).resolve().parents[2] / "demo" / "hello.wav"


def wav_bytes(
    samples: np.ndarray, rate: int, bits: int = 16, floating: bool = False, extensible: bool = False
) -> bytes:
    """A WAV file of (N,) or (N, channels) samples in -1 to 1; written here because `wave` knows only half of these."""
    frames = samples if samples.ndim == 2 else samples[:, None]
    if floating:
        data = frames.astype("<f4" if bits == 32 else "<f8").tobytes()
    elif bits == 8:
        data = np.round(frames * 127 + 128).astype(np.uint8).tobytes()
    elif bits == 24:
        data = np.round(frames * (2**23 - 1)).astype("<i4").reshape(-1, 1).view(np.uint8)[:, :3].tobytes()
    else:
        data = np.round(frames * (2 ** (bits - 1) - 1)).astype(f"<i{bits // 8}").tobytes()
    block = frames.shape[1] * bits // 8
    kind = 3 if floating else 1
    layout = struct.pack(
        "<HHIIHH", 0xFFFE if extensible else kind, frames.shape[1], rate, rate * block, block, bits
    )
    if extensible:
        guid_tail = bytes.fromhex("000000001000800000AA00389B71")
        layout += struct.pack("<HHI", 22, bits, 0) + struct.pack("<H", kind) + guid_tail
    chunks = b"fmt " + struct.pack("<I", len(layout)) + layout + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def beginning(path: Path, seconds: float) -> Path:
    """The first seconds of the recording that ships, written to a WAV file, whose path is returned."""
    with wave.open(str(SAMPLE_VOICE)) as whole, wave.open(str(path), "wb") as part:
        part.setparams(whole.getparams())
        part.writeframes(whole.readframes(int(seconds * whole.getframerate())))
    return path


def tone(seconds: float, rate: int, frequency: float = 440.0, level: float = 0.5) -> np.ndarray:
    """A sine, float64."""
    return level * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)
