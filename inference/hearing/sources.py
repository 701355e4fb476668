"""Sound files as their channels, at their own rate, a piece at a time.

WAV is read here with numpy alone (the standard library's `wave` knows neither float samples nor the extensible header, which
24-bit and many-channel recorders write); `face.wav_layout` says which. Everything else goes through PyAV where the full engine
has it; inside Blender, the add-on decodes before it calls the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ..errors import EngineError
from ..face.wav_layout import WavLayout
from ..packages import how_to_get
from .streams import sound_of

_LOOKS, _LOOK_SECONDS = 32, 0.25  # places at which a channel's rest is looked for
_OFFSET = 0.05  # of the sound's own RMS: a rest that is nearer to 0 is a voice's asymmetry, or too small to be heard
BLOCK = 1 << 20  # numbers handled at a time: an hour of 8-channel sound never stands in memory as floats
LOUDEST = 2.0**17
"""Floats beyond it were meant as integers of 24 or 32 bits, where there are many; a few are damaged."""
_FEW = 1e-3  # of the samples that are read at a time
_START = 12
"""Bytes of a file by which pictures are known."""
_PICTURE_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_STILL_FILMS = (b"ftypavif", b"ftypheic", b"ftypheix", b"ftypmif1")
_PICTURES = ("image2", "ico")
"""What PyAV calls them, beside the kinds that it calls ``…_pipe``."""
RATES = (1000, 1_000_000)  # Hz: a header with less or more than that is wrong


def peak_of(samples: np.ndarray) -> float:
    """The largest amount of samples of any shape, 0 of none; without a copy, for an hour has many."""
    return max(float(samples.max(initial=0.0)), -float(samples.min(initial=0.0)))


class Source:
    """The samples of a sound file, without the constant that a converter may have added to a channel ("DC offset").

    That is no sound, but as a level it would hide the voice on another channel, and leave no pause silent.

    Attributes:
        frames: how many samples each channel has.
        rate: Hz.
        channels: how many.
        any_valid, any_invalid: whether any sample read so far was a number, or was none, or far too loud, and became 0.
    """

    def __init__(self, read: Callable[[int, int], np.ndarray], frames: int, rate: int, channels: int) -> None:
        self._read = read
        self.frames, self.rate, self.channels = frames, rate, channels
        self.any_valid = self.any_invalid = False

    def read(self, first: int, last: int) -> np.ndarray:
        """Samples [first, last) of every channel: (last - first, channels) float32, finite."""
        part = self._finite(first, last)
        offset = self._offset
        return part - offset if offset.any() else part

    @cached_property
    def _offset(self) -> np.ndarray:
        """(channels,) float32 where each channel rests; 0 where that is next to nothing."""
        length = min(self.frames, max(1, round(_LOOK_SECONDS * self.rate)))
        starts = np.unique(np.linspace(0, self.frames - length, _LOOKS).astype(int)).tolist()
        looks = np.stack([self._finite(start, start + length) for start in starts])
        rests = np.median(looks, axis=1)
        moving = np.square(looks - rests[:, None], dtype=np.float64).mean(axis=1)
        quieter = np.argsort(moving, axis=0, kind="stable")[: (len(starts) + 1) // 2]
        rest = np.median(np.take_along_axis(rests, quieter, axis=0), axis=0)
        heard = np.sqrt(moving.mean(axis=0))
        return np.where(np.abs(rest) > _OFFSET * heard, rest, 0).astype(np.float32)

    def _finite(self, first: int, last: int) -> np.ndarray:
        part = self._read(first, last)
        valid = np.isfinite(part)
        self.any_valid |= bool(valid.any())
        if valid.all() and peak_of(part) <= LOUDEST:
            return part
        loud = valid & (np.abs(part) > LOUDEST)
        if loud.mean() < _FEW:
            valid &= ~loud
        self.any_invalid |= not valid.all()
        return np.where(valid, part, np.float32(0))

    def blocks(self, frames: int) -> Iterator[np.ndarray]:
        """All of it, so many frames at a time."""
        for first in range(0, self.frames, frames):
            yield self.read(first, min(first + frames, self.frames))


def wav_source(stream: BinaryIO, layout: WavLayout, told: str) -> Source:
    """The samples of a WAV file that is open, of which errors speak as ``told``.

    It is read and not mapped: where a recorder begins a mapped file anew, whoever reads it is killed.

    Raises:
        EngineError: it holds no sample (code ``no_sound``), or its header speaks of a rate that is none (``not_audio``).
    """
    if not RATES[0] <= layout.rate <= RATES[1]:
        raise EngineError(
            f"{told} claims {layout.rate} samples a second, which no recording has: export it again.",
            "not_audio",
        )
    if layout.frames == 0:
        raise EngineError(f"{told} holds no sound: export or record it again.", "no_sound")

    def read(first: int, last: int) -> np.ndarray:
        size = (last - first) * layout.block
        stream.seek(layout.data + first * layout.block)
        data = np.frombuffer(stream.read(size), np.uint8)
        if len(data) < size:
            raise EngineError(
                f"{told} got shorter while it was read: wait until it is written, and try again.", "not_audio"
            )
        return _to_float(data, layout.is_float, layout.width).reshape(-1, layout.channels)

    return Source(read, layout.frames, layout.rate, layout.channels)


def _to_float(data: np.ndarray, is_float: bool, width: int) -> np.ndarray:
    """Little-endian sample bytes → float32, full scale 1.0."""
    if is_float:
        with np.errstate(over="ignore", invalid="ignore"):
            return data.view(f"<f{width}").astype(np.float32)
    if width == 1:
        return (data.astype(np.float32) - 128) / 128
    if width == 3:
        wide = np.zeros((len(data) // 3, 4), np.uint8)
        wide[:, 1:] = data.reshape(-1, 3)
        return wide.reshape(-1).view("<i4").astype(np.float32) / 2**31
    return data.view(f"<i{width}").astype(np.float32) / 2 ** (8 * width - 1)


def decoded_source(path: Path, rate: int, told: str) -> Source:
    """The samples of anything else, at that rate, with PyAV, which only the full engine has; errors speak of it as ``told``.

    Raises:
        EngineError: it is a picture, there is no PyAV, or it cannot decode this (code ``not_audio``); there is no sound in it
            (``no_sound``).
    """
    with path.open("rb") as file:
        if _starts_a_picture(file.read(_START)):
            raise _picture(told)
    try:
        import av
    except ImportError:
        raise EngineError(
            f"{told} is not a WAV file of a known kind: convert it to WAV; the full engine reads other formats: "
            f"{how_to_get()}.",
            "not_audio",
        ) from None
    errors: Any = getattr(av, "FFmpegError", getattr(av, "AVError", OSError))
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                if container.format.name in _PICTURES or container.format.name.endswith("_pipe"):
                    raise _picture(told)
                what = "is a video without sound" if container.streams.video else "holds no sound"
                raise EngineError(f"{told} {what}: choose a file with a voice in it.", "no_sound")
            stream = sound_of(container)
            if stream is None:
                raise ValueError("a codec that is not known")
            # With as many channels as there are, one behind the other: PyAV reads past the eighth plane.
            resampler = av.AudioResampler(format="flt", rate=rate)
            pieces: list[np.ndarray] = []
            for frame in container.decode(stream):
                pieces.extend(_interleaved(part) for part in resampler.resample(frame))
            pieces.extend(_interleaved(part) for part in resampler.resample(None))
            samples = np.concatenate(pieces or [np.zeros((0, 1))]).astype(np.float32, copy=False)
    except (OSError, ValueError, errors) as error:
        raise EngineError(
            f"{told} is not a recording that can be decoded: convert it to WAV and try again.", "not_audio"
        ) from error
    if not len(samples):
        raise EngineError(f"{told} holds no sound: export or record it again.", "no_sound")
    return Source(lambda first, last: samples[first:last], len(samples), rate, samples.shape[1])


def _starts_a_picture(start: bytes) -> bool:
    """Whether a file's first bytes are those of a kind of picture that people have, whatever its name ends in."""
    is_bitmap = start[:2] == b"BM" and start[6:10] == bytes(4)
    return start.startswith(_PICTURE_STARTS) or start[8:] == b"WEBP" or start[4:] in _STILL_FILMS or is_bitmap


def _picture(told: str) -> EngineError:
    return EngineError(f"{told} is a picture, no recording: choose a file with a voice in it.", "not_audio")


def _interleaved(frame: Any) -> np.ndarray:
    """(N, channels) float32 of one of PyAV's frames."""
    return np.asarray(frame.to_ndarray()).reshape(frame.samples, -1)
