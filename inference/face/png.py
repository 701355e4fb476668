"""Pixels as PNG files, made quickly and with little memory beside them. numpy only."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

_UP = 2  # the filter that writes each row as its difference from the one above: photos get smaller by it


def encoded(pixels: NDArray[Any], level: int = 3) -> bytes:
    """A PNG.

    Args:
        pixels: (h, w, 3) or, with straight alpha, (h, w, 4) uint8, sRGB, from the top row down.
        level: how hard it is tried to make it small, 0 to 9.

    Returns:
        All of the file's bytes.

    Raises:
        TypeError: they are no uint8, whose numbers would be cut to their last eight bits.
    """
    if pixels.dtype != np.uint8:
        raise TypeError(f"pixels of a PNG are uint8, not {pixels.dtype}")
    height, width, channels = pixels.shape
    rows = np.ascontiguousarray(pixels).reshape(height, -1)
    filtered = np.empty((height, rows.shape[1] + 1), np.uint8)
    filtered[:, 0] = _UP
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    header = struct.pack(">IIBBBBB", width, height, 8, 6 if channels == 4 else 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(filtered.data, level)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def without_plain_alpha(pixels: NDArray[Any]) -> NDArray[Any]:
    """(h, w, 3) of (h, w, 4) whose alpha is 255 everywhere; others as they are."""
    return pixels[..., :3] if (pixels[..., 3] == 255).all() else pixels
