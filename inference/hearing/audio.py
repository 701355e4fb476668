"""Any recording → 16 kHz mono float32.

WAV is read here with numpy alone (the standard library's `wave` knows neither float samples nor the
extensible header, which 24-bit and many-channel recorders write). Everything else goes through PyAV
where the full engine has it; inside Blender, the add-on decodes before it calls the engine.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import EngineError
from .resampling import Reader, resample, resample_blocks

__all__ = ["MINIMUM_SECONDS", "SAMPLE_RATE", "SILENCE_PEAK", "Recording", "read_recording", "resample"]

SAMPLE_RATE = 16000
MINIMUM_SECONDS = 0.05
SILENCE_PEAK = 10 ** (-70 / 20)  # full scale 1.0; below this nothing is audible

_BLOCK = 1 << 20  # samples handled at a time: an hour of 8-channel sound never stands in memory as floats

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE  # WAVE_FORMAT_* of Microsoft's mmreg.h


@dataclass(frozen=True)
class Recording:
    """A decoded voice recording.

    Attributes:
        samples: (N,) float32, mono, 16 kHz, finite, mostly within -1 to 1.
        name: the file's name, without its folder.
        sha256: hash of the file's bytes.
        warnings: sentences about what was repaired or looks odd.
    """

    samples: np.ndarray
    name: str
    sha256: str
    warnings: tuple[str, ...] = ()

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / SAMPLE_RATE


def read_recording(path: str | os.PathLike[str]) -> Recording:
    """Read a recording of any length, rate and channel count.

    Args:
        path: a WAV file (8 to 32-bit integer, 32 or 64-bit float, also extensible and RF64), or anything
            that PyAV decodes where PyAV is installed.

    Raises:
        EngineError: with code ``file_missing``, ``file_empty``, ``not_audio``, ``no_sound``, ``unreadable`` or
            ``too_short``.
    """
    path = Path(path)
    if path.is_dir() or not path.exists():
        problem = "is a folder" if path.is_dir() else "does not exist"
        raise EngineError(f"{path} {problem}: choose a voice recording.", "file_missing")
    try:
        with path.open("rb") as stream:
            if not stream.seek(0, os.SEEK_END):
                raise EngineError(f"{path} is empty: export or record it again.", "file_empty")
            stream.seek(0)
            digest = hashlib.sha256()
            while block := stream.read(_BLOCK):
                digest.update(block)
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
                samples, warnings = _decode(content, path)
    except OSError as error:
        raise EngineError(
            f"{path} cannot be read ({error.strerror}): check that you may open it.", "unreadable"
        ) from error
    if float(np.abs(samples).max()) < SILENCE_PEAK:
        warnings.append(f"{path.name} is silent: the mouth stays closed.")
    return Recording(samples, path.name, digest.hexdigest(), tuple(warnings))


def _decode(content: mmap.mmap, path: Path) -> tuple[np.ndarray, list[str]]:
    """(N,) float32 samples at 16 kHz, and warnings."""
    warnings: list[str] = []
    wav = None
    if content[:4] in (b"RIFF", b"RF64", b"BW64") and content[8:12] == b"WAVE":
        wav = _parse_wav(content, path, warnings)
    if wav is not None:
        read, frames, rate = wav
    else:
        decoded = _decode_with_av(path)
        read, frames, rate = (lambda first, last: decoded[first:last]), len(decoded), SAMPLE_RATE
    if frames < rate * MINIMUM_SECONDS:
        raise EngineError(
            f"{path} is only {1000 * frames / rate:.1f} ms long: choose a recording of at least "
            f"{1000 * MINIMUM_SECONDS:.0f} ms.",
            "too_short",
        )
    any_valid = any_invalid = False

    def read_finite(first: int, last: int) -> np.ndarray:
        nonlocal any_valid, any_invalid
        part = read(first, last)
        valid = np.isfinite(part)
        any_valid |= bool(valid.any())
        if not valid.all():
            any_invalid = True
            part = np.where(valid, part, np.float32(0))
        return part

    samples = resample_blocks(read_finite, frames, rate, SAMPLE_RATE)
    if not any_valid:
        raise EngineError(f"{path} holds no valid samples: export it again.", "not_audio")
    if any_invalid:
        warnings.append(f"{path.name} holds invalid samples (NaN or infinite), which were read as silence.")
    return samples, warnings


def _parse_wav(content: mmap.mmap, path: Path, warnings: list[str]) -> tuple[Reader, int, int] | None:
    """Reader, number of frames and rate of a RIFF/RF64 WAVE file; None where its samples are compressed.

    Source: Microsoft and IBM, Multimedia Programming Interface and Data Specifications 1.0; EBU Tech 3306 (RF64).
    """
    position, layout, start, promised = 12, None, None, 0
    while position + 8 <= len(content):
        name = content[position : position + 4]
        (size,) = struct.unpack_from("<I", content, position + 4)
        if name == b"fmt ":
            layout = content[position + 8 : position + 8 + size]
        elif name == b"data":
            start = position + 8
            # Streaming writers and RF64 leave the size at 0xFFFFFFFF (or 0): the data then runs to the end.
            promised = len(content) - start if size in (0, 0xFFFFFFFF) else size
            break
        position += 8 + size + (size & 1)
    if layout is None or len(layout) < 16 or start is None:
        raise EngineError(
            f"{path} is a damaged WAV file (its header is cut short): export it again.", "not_audio"
        )
    kind, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", layout)
    if kind == _EXTENSIBLE and len(layout) >= 26:
        (kind,) = struct.unpack_from("<H", layout, 24)
    if not ((kind == _PCM and bits in (8, 16, 24, 32)) or (kind == _FLOAT and bits in (32, 64))):
        return None
    if channels == 0 or rate == 0 or block != channels * bits // 8:
        raise EngineError(f"{path} is a damaged WAV file (impossible header): export it again.", "not_audio")
    available = len(content) - start
    if available < promised:
        warnings.append(
            f"{path.name} is cut short: only {available // block / rate:.1f} s of it could be read."
        )
    frames = min(promised, available) // block
    if frames == 0:
        raise EngineError(f"{path} holds no sound: export or record it again.", "no_sound")

    def read_channels(first: int, last: int) -> np.ndarray:
        data = np.frombuffer(content[start + first * block : start + last * block], np.uint8)
        return _to_float(data, kind, bits).reshape(-1, channels)

    # Silent channels are left out of the mix, so that a voice on one of eight is not made eight times quieter.
    audible = np.zeros(channels, bool)
    for first in range(0, frames if channels > 1 else 0, _BLOCK // channels):
        part = read_channels(first, min(first + _BLOCK // channels, frames))
        audible |= (np.abs(np.nan_to_num(part)) > SILENCE_PEAK).any(axis=0)
    if not audible.any():
        audible[0] = True
    return (lambda first, last: read_channels(first, last)[:, audible].mean(axis=1)), frames, rate


def _to_float(data: np.ndarray, kind: int, bits: int) -> np.ndarray:
    """Little-endian sample bytes → float32, full scale 1.0."""
    if kind == _FLOAT:
        with np.errstate(over="ignore", invalid="ignore"):
            return data.view("<f4" if bits == 32 else "<f8").astype(np.float32)
    if bits == 8:
        return (data.astype(np.float32) - 128) / 128
    if bits == 24:
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = data.reshape(-1, 3)
        return wide.reshape(-1).view("<i4").astype(np.float32) / 2**31
    return data.view(f"<i{bits // 8}").astype(np.float32) / 2 ** (bits - 1)


def _decode_with_av(path: Path) -> np.ndarray:
    """(N,) float32 at 16 kHz of anything but plain WAV, with PyAV, which only the full engine has."""
    try:
        import av
    except ImportError:
        raise EngineError(
            f"{path} is not a WAV file of a known kind: convert it to WAV, or install the full engine "
            "(python build.py setup --full), which reads other formats.",
            "not_audio",
        ) from None
    errors: Any = getattr(av, "FFmpegError", getattr(av, "AVError", OSError))
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                what = "is a video without sound" if container.streams.video else "holds no sound"
                raise EngineError(f"{path} {what}: choose a file with a voice in it.", "no_sound")
            resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
            pieces: list[np.ndarray] = []
            for frame in container.decode(container.streams.audio[0]):
                pieces.extend(part.to_ndarray().reshape(-1) for part in resampler.resample(frame))
            pieces.extend(part.to_ndarray().reshape(-1) for part in resampler.resample(None))
    except (OSError, ValueError, errors) as error:
        raise EngineError(
            f"{path} is not a recording that can be decoded: convert it to WAV and try again.", "not_audio"
        ) from error
    if not pieces:
        raise EngineError(f"{path} holds no sound: export or record it again.", "no_sound")
    return np.concatenate(pieces).astype(np.float32)
