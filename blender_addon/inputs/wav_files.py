# SPDX-License-Identifier: GPL-3.0-or-later
"""WAV files as they are laid out. Standard library only, no bpy."""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO


@dataclass(frozen=True)
class WavLayout:
    """Where things are in a PCM or float WAV file.

    Attributes:
        format_chunk: bytes of its `fmt ` chunk.
        rate: samples a second.
        block: bytes of one sample over all channels.
        data: byte position of the first sample.
        size: bytes of samples that are really in the file.
    """

    format_chunk: bytes
    rate: int
    block: int
    data: int
    size: int


def wav_layout(path: str) -> WavLayout | None:
    """How a WAV file is laid out; None where it is no WAV, or one that needs a decoder."""
    with open(path, "rb") as stream:
        return _read_layout(stream, os.path.getsize(path))


def _read_layout(stream: BinaryIO, file_size: int) -> WavLayout | None:
    head = stream.read(12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        return None
    form = b""
    while True:
        chunk = stream.read(8)
        if len(chunk) < 8:
            return None
        kind, size = struct.unpack("<4sI", chunk)
        if kind == b"fmt ":
            form = stream.read(size)
            stream.seek(size & 1, os.SEEK_CUR)
            if len(form) < 16 or struct.unpack_from("<H", form)[0] not in (1, 3, 0xFFFE):
                return None
        elif kind == b"data":
            if not form:
                return None
            _, _, rate, _, block, _ = struct.unpack_from("<HHIIHH", form)
            if not rate or not block:
                return None
            begin = stream.tell()
            return WavLayout(form, rate, block, begin, max(0, min(size, file_size - begin)))
        else:
            stream.seek(size + (size & 1), os.SEEK_CUR)


def cut(path: str, layout: WavLayout, begin: float, seconds: float | None, target: Path) -> bool:
    """Copy part of a WAV file, sample for sample; False where nothing of it is left.

    Args:
        path: the WAV file.
        layout: see `wav_layout`.
        begin, seconds: the part; None for all that follows.
        target: the file to write.
    """
    available = layout.size // layout.block
    first = min(available, round(begin * layout.rate))
    last = available
    if seconds is not None:
        last = min(available, first + round(seconds * layout.rate))
    if last <= first:
        return False
    remaining = (last - first) * layout.block
    with open(path, "rb") as stream, open(target, "wb") as output:
        form = layout.format_chunk + b"\0" * (len(layout.format_chunk) & 1)
        riff = 4 + 8 + len(form) + 8 + remaining
        output.write(b"RIFF" + struct.pack("<I", riff & 0xFFFFFFFF) + b"WAVE")
        output.write(b"fmt " + struct.pack("<I", len(layout.format_chunk)) + form)
        output.write(b"data" + struct.pack("<I", remaining & 0xFFFFFFFF))
        stream.seek(layout.data + first * layout.block)
        while remaining:
            block = stream.read(min(remaining, 1 << 20))
            if not block:
                break
            output.write(block)
            remaining -= len(block)
    return True
