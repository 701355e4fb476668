"""Any recording → 16 kHz mono float32."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import EngineError
from ..face.names import CHANNELS
from ..face.wav_layout import layout_of
from .resampling import resample, resample_blocks
from .sources import BLOCK, LOUDEST, Source, decoded_source, peak_of, wav_source

__all__ = ["MINIMUM_SECONDS", "SAMPLE_RATE", "SILENCE_PEAK", "Recording", "read_recording", "resample"]

SAMPLE_RATE = 16000
MINIMUM_SECONDS = 0.05
SILENCE_PEAK = 10 ** (-70 / 20)  # full scale 1.0; below this nothing is audible


@dataclass(frozen=True)
class Recording:
    """A decoded voice recording.

    Attributes:
        samples: (N,) float32, mono, 16 kHz, finite, mostly within -1 to 1.
        name: the file's name, without its folder.
        sha256: hash of the file's bytes.
        warnings: sentences about what was repaired or looks odd.
        silent: whether nothing in it is audible.
    """

    samples: np.ndarray
    name: str
    sha256: str
    warnings: tuple[str, ...] = ()
    silent: bool = False

    @property
    def duration(self) -> float:
        """Seconds."""
        return len(self.samples) / SAMPLE_RATE


def read_recording(
    path: str | os.PathLike[str], channel: str = CHANNELS[0], name: str | None = None
) -> Recording:
    """Read a recording of any length, rate and channel count.

    Args:
        path: a WAV file (8 to 32-bit integer, 32 or 64-bit float, also extensible and RF64), or anything
            that PyAV decodes where PyAV is installed.
        channel: what of several channels is listened to, see `messages.AnimateOptions`.
        name: how to speak of it, also in errors, where the file is a copy; None for the file's own name, and in errors
            its path.

    Raises:
        EngineError: with code ``file_missing``, ``file_empty``, ``not_audio``, ``no_sound``, ``unreadable``,
            ``too_short`` or ``bad_channel``.
    """
    path = Path(path)
    name = name or path.name
    told = str(path) if name == path.name else name
    try:
        if path.is_dir() or not path.exists():  # a name that is too long is an OSError already here
            problem = "is a folder" if path.is_dir() else "does not exist"
            raise EngineError(f"{told} {problem}: choose a voice recording.", "file_missing")
        if not path.is_file():  # to read of a pipe is to wait for whoever writes to it
            raise EngineError(
                f"{told} is a device or a pipe: save the recording as a file first.", "file_missing"
            )
        with path.open("rb") as stream:
            if not stream.seek(0, os.SEEK_END):
                raise EngineError(f"{told} is empty: export or record it again.", "file_empty")
            stream.seek(0)
            digest = hashlib.sha256()
            while block := stream.read(BLOCK):
                digest.update(block)
            layout = layout_of(stream)
            if layout is None:
                samples, warnings = _mono(decoded_source(path, SAMPLE_RATE, told), channel, name, told)
            else:
                samples, warnings = _mono(wav_source(stream, layout, told), channel, name, told)
                if layout.size < layout.promised:
                    warnings.insert(
                        0, f"{name} is cut short: only {layout.seconds:.1f} s of it could be read."
                    )
    except OSError as error:
        raise EngineError(
            f"{told} cannot be read ({error.strerror}): check that you may open it.", "unreadable"
        ) from error
    silent = peak_of(samples) < SILENCE_PEAK
    if silent:
        warnings.append(f"{name} is silent: the mouth stays closed.")
    return Recording(samples, name, digest.hexdigest(), tuple(warnings), silent)


def _mono(source: Source, channel: str, name: str, told: str) -> tuple[np.ndarray, list[str]]:
    """(N,) float32 samples at 16 kHz, and warnings; those speak of it by its name, errors as they are told."""
    if source.frames < source.rate * MINIMUM_SECONDS:
        raise EngineError(
            f"{told} is only {1000 * source.frames / source.rate:.1f} ms long: choose a recording of at least "
            f"{1000 * MINIMUM_SECONDS:.0f} ms.",
            "too_short",
        )
    from .channels import shares_of  # it needs this module's rate

    shares, warnings = shares_of(source, channel, name)
    samples = resample_blocks(
        lambda first, last: source.read(first, last) @ shares, source.frames, source.rate, SAMPLE_RATE
    )
    if not source.any_valid:
        raise EngineError(f"{told} holds no valid samples: export it again.", "not_audio")
    peak = peak_of(samples)
    if peak > LOUDEST:  # they were meant as integers, so full scale is unknown
        samples /= np.float32(peak)
    if source.any_invalid:
        warnings.append(
            f"{name} holds invalid samples (NaN, infinite or far beyond full scale), which were read as silence."
        )
    return samples, warnings
