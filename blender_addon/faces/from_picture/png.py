# SPDX-License-Identifier: GPL-3.0-or-later
"""Pixels as a PNG file in memory, for Blender to pack: its own way takes four bytes a value meanwhile."""

from __future__ import annotations

import struct
import zlib

import numpy as np

_LEVEL = 3
_UP = 2  # the filter that writes each row as its difference from the one above


def encode(pixels: np.ndarray) -> bytes:
    """A PNG of these pixels; without alpha where all of them are opaque.

    Args:
        pixels: (h, w, 4) uint8, RGBA, straight alpha, from the top row down.
    """
    height, width = pixels.shape[:2]
    opaque = bool((pixels[..., 3] == 255).all())
    rows = np.ascontiguousarray(pixels[..., :3] if opaque else pixels).reshape(height, -1)
    filtered = np.empty((height, rows.shape[1] + 1), np.uint8)
    filtered[:, 0] = _UP
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    header = struct.pack(">IIBBBBB", width, height, 8, 2 if opaque else 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(filtered.data, _LEVEL)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
