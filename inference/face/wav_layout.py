"""Which WAV files the engine reads by itself: the one rule by which add-on and engine decide. Needs nothing but Python.

Sources: Microsoft and IBM, *Multimedia Programming Interface and Data Specifications 1.0*; Microsoft's WAVEFORMATEXTENSIBLE;
EBU Tech 3306 (RF64) and ITU-R BS.2088 (BW64) for files beyond 4 GiB.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE  # WAVE_FORMAT_* of Microsoft's mmreg.h
_UNKNOWN: Final = 0xFFFFFFFF  # a size that stands elsewhere, or that a streaming writer never learned
_LONGEST_FORMAT: Final = 1 << 16  # bytes: 40 in every file that is read here


@dataclass(frozen=True)
class WavLayout:
    """Where the samples of a WAV file are, and how they are written.

    Attributes:
        format_chunk: bytes of its `fmt ` chunk.
        is_float: IEEE numbers of 4 or 8 bytes; otherwise whole numbers of 1 to 4 bytes, those of 1 byte without a sign.
        width: bytes of one sample of one channel. Fewer valid bits are the upper ones: full scale is that of the bytes.
        channels: how many, 1 or more.
        rate: samples a second, as the header has it: 1 or more.
        data: byte position of the first sample.
        size: bytes of samples that are really in the file.
        promised: bytes of samples that its header speaks of.
    """

    format_chunk: bytes
    is_float: bool
    width: int
    channels: int
    rate: int
    data: int
    size: int
    promised: int

    @property
    def block(self) -> int:
        """Bytes of one sample over all channels."""
        return self.width * self.channels

    @property
    def frames(self) -> int:
        """Samples of each channel that are really in the file."""
        return self.size // self.block

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return self.frames / self.rate


def wav_layout(path: str | os.PathLike[str]) -> WavLayout | None:
    """How a WAV file is laid out; None where it is no WAV, is damaged, or needs a decoder.

    Raises:
        OSError: it cannot be read.
    """
    with Path(path).open("rb") as stream:
        return layout_of(stream)


def layout_of(stream: BinaryIO) -> WavLayout | None:
    """`wav_layout` of a file that is open; the position in it is changed."""
    whole = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    head = stream.read(12)
    if head[:4] not in (b"RIFF", b"RF64", b"BW64") or head[8:] != b"WAVE":
        return None
    sizes: dict[bytes, int] = {}
    form = b""
    while len(chunk := stream.read(8)) == 8:
        name, size = struct.unpack("<4sI", chunk)
        begin = stream.tell()
        if size == _UNKNOWN:
            size = sizes.get(name, size)
        if name == b"data":
            return _with_samples(form, begin, _promised(stream, begin, size, whole), whole)
        if name == b"ds64":
            sizes = _large_sizes(stream.read(min(size, whole - begin)))
        elif name == b"fmt ":
            form = stream.read(min(size, _LONGEST_FORMAT))
        stream.seek(min(begin + size + (size & 1), whole))
    return None


def _large_sizes(content: bytes) -> dict[bytes, int]:
    """The sizes in a `ds64` chunk of those chunks that say 0xFFFFFFFF themselves."""
    if len(content) < 24:
        return {}
    sizes = {
        b"data": struct.unpack_from("<Q", content, 8)[0] or _UNKNOWN
    }  # 0: the recorder never came back to it
    rows = struct.unpack_from("<I", content, 24)[0] if len(content) >= 28 else 0
    for number in range(min(rows, (len(content) - 28) // 12)):
        name, size = struct.unpack_from("<4sQ", content, 28 + 12 * number)
        sizes[name] = size
    return sizes


def _promised(stream: BinaryIO, begin: int, size: int, whole: int) -> int:
    """Bytes of samples; streaming writers leave 0xFFFFFFFF or 0, the samples then run to the file's end."""
    if size == _UNKNOWN or (size == 0 and not _only_chunks(stream, begin, whole)):
        return whole - begin
    return size


def _only_chunks(stream: BinaryIO, begin: int, whole: int) -> bool:
    """Whether chunks fill a file to its end from here on."""
    while begin < whole:
        stream.seek(begin)
        chunk = stream.read(8)
        if len(chunk) < 8 or not all(32 <= letter < 127 for letter in chunk[:4]):
            return False
        (size,) = struct.unpack_from("<I", chunk, 4)
        begin += 8 + size
        if begin > whole:
            return False
        begin += size & 1
    return True


def _with_samples(form: bytes, data: int, promised: int, whole: int) -> WavLayout | None:
    """The layout, where the `fmt ` chunk describes samples that can be read in one way only."""
    if len(form) < 16:
        return None
    kind, channels, rate, _, block, bits = struct.unpack_from("<HHIIHH", form)
    if kind == _EXTENSIBLE and len(form) >= 26:
        (kind,) = struct.unpack_from("<H", form, 24)
    width = (bits + 7) // 8
    known = (kind == _PCM and 1 <= width <= 4) or (kind == _FLOAT and bits in (32, 64))
    if not known or not rate or not channels or block != channels * width:
        return None
    size = min(promised, whole - data)
    return WavLayout(form, kind == _FLOAT, width, channels, rate, data, size, promised)
