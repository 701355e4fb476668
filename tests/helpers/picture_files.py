"""Picture files made by code: PNG of any depth, TIFF, EXIF blocks, and where they go in a JPEG, a PNG and a WebP."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np

KINDS = {1: 0, 2: 4, 3: 2, 4: 6}  # channels → PNG's colour type


def png(pixels: np.ndarray, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of (h, w, C) uint8 or uint16 pixels; further chunks lie before the pixels."""
    height, width, channels = pixels.shape
    deep = pixels.dtype == np.uint16
    rows = pixels.astype(">u2" if deep else np.uint8).reshape(height, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 16 if deep else 8, KINDS[channels], 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def exr(pixels: np.ndarray) -> bytes:
    """An OpenEXR file of (h, w, 4) float32 pixels, not compressed."""
    height, width = pixels.shape[:2]
    channels = (
        b"".join(name + b"\0" + struct.pack("<iiii", 2, 0, 1, 1) for name in (b"A", b"B", b"G", b"R")) + b"\0"
    )
    box = struct.pack("<4i", 0, 0, width - 1, height - 1)
    attributes = (
        (b"channels", b"chlist", channels),
        (b"compression", b"compression", b"\0"),
        (b"dataWindow", b"box2i", box),
        (b"displayWindow", b"box2i", box),
        (b"lineOrder", b"lineOrder", b"\0"),
        (b"pixelAspectRatio", b"float", struct.pack("<f", 1)),
        (b"screenWindowCenter", b"v2f", bytes(8)),
        (b"screenWindowWidth", b"float", struct.pack("<f", 1)),
    )
    head = b"\x76\x2f\x31\x01\2\0\0\0" + b"".join(
        name + b"\0" + kind + b"\0" + struct.pack("<i", len(data)) + data for name, kind, data in attributes
    )
    head += b"\0"
    rows = [
        struct.pack("<ii", y, 16 * width) + row[:, ::-1].T.astype("<f4").tobytes()
        for y, row in enumerate(pixels)
    ]
    first = len(head) + 8 * height
    offsets = b"".join(struct.pack("<Q", first + number * len(rows[0])) for number in range(height))
    return head + offsets + b"".join(rows)


def tiff(pixels: np.ndarray) -> bytes:
    """A TIFF of (h, w, 3) uint8 pixels, not compressed, behind its directory."""
    height, width = pixels.shape[:2]
    tags = ((256, width), (257, height), (258, 8), (259, 1), (262, 2), (273, 200), (277, 3), (278, height))
    entries = [struct.pack("<HHII", tag, 4, 1, value) for tag, value in (*tags, (279, pixels.size))]
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + b"".join(entries)
    return head.ljust(200, b"\0") + pixels.tobytes()


def exif(orientation: int, order: str = "<") -> bytes:
    """A TIFF block with a maker's name and an orientation."""
    entries = struct.pack(f"{order}HHII", 0x010F, 2, 4, 0x41424300)
    entries += struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    return head + struct.pack(f"{order}H", 2) + entries + struct.pack(f"{order}I", 0)


def jpeg_with(jpeg: bytes, block: bytes) -> bytes:
    """A JPEG with an EXIF block behind what the encoder wrote first."""
    (length,) = struct.unpack_from(">H", jpeg, 4)
    part = b"Exif\0\0" + block
    here = 4 + length
    return jpeg[:here] + b"\xff\xff\xe1" + struct.pack(">H", len(part) + 2) + part + jpeg[here:]


def webp(flags: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """The frame of a WebP without any pixels."""
    parts = [(b"VP8X", bytes([flags, 0, 0, 0, 31, 0, 0, 23, 0, 0])), *chunks]
    body = b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in parts
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def write(path: Path, data: bytes) -> Path:
    """Write a file; returns its path."""
    path.write_bytes(data)
    return path
