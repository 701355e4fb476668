"""Uncompressed AVI films, written without any package."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _list(name: bytes, content: bytes) -> bytes:
    return _chunk(b"LIST", name + content)


def write_avi(path: Path, pictures: Sequence[np.ndarray], fps: Fraction = Fraction(25)) -> Path:
    """Write (H, W, 3) RGB pictures, W a multiple of 4, one after the other."""
    height, width = pictures[0].shape[:2]
    size, count = 3 * width * height, len(pictures)
    rate, scale = fps.numerator, fps.denominator
    main = struct.pack(
        "<14I", round(1e6 * scale / rate), size * 30, 0, 0x10, count, 0, 1, size, width, height, 0, 0, 0, 0
    )
    stream = b"vidsDIB " + struct.pack(
        "<IHHIIIIIIIIhhhh", 0, 0, 0, 0, scale, rate, 0, count, size, 0, 0, 0, 0, width, height
    )
    form = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, size, 0, 0, 0, 0)
    header = _list(
        b"hdrl", _chunk(b"avih", main) + _list(b"strl", _chunk(b"strh", stream) + _chunk(b"strf", form))
    )
    frames = [_chunk(b"00db", np.ascontiguousarray(picture[::-1, :, ::-1]).tobytes()) for picture in pictures]
    index = b"".join(
        b"00db" + struct.pack("<III", 0x10, 4 + number * len(frames[0]), size) for number in range(count)
    )
    content = b"AVI " + header + _list(b"movi", b"".join(frames)) + _chunk(b"idx1", index)
    path.write_bytes(_chunk(b"RIFF", content))
    return path
