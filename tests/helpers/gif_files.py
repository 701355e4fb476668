"""GIF files made by code, with all that the format has: palettes of one's own, clear pixels, rows out of order, more pictures."""

from __future__ import annotations

import struct

import numpy as np

CLEAR, END = 256, 257


def picture_block(indices: np.ndarray, left: int = 0, top: int = 0, interlaced: bool = False) -> bytes:
    """An image of palette places (h, w)."""
    height, width = indices.shape
    order = np.arange(height)
    if interlaced:
        order = np.concatenate([order[0::8], order[4::8], order[2::4], order[1::2]])
    codes: list[int] = []
    for number, value in enumerate(indices[order].ravel().tolist()):
        if number % 200 == 0:  # before codes grow longer
            codes.append(CLEAR)
        codes.append(value)
    codes.append(END)
    bits = "".join(format(code, "09b")[::-1] for code in codes)
    bits += "0" * (-len(bits) % 8)
    data = bytes(int(bits[place : place + 8][::-1], 2) for place in range(0, len(bits), 8))
    blocks = b"".join(
        bytes([len(part)]) + part
        for part in (data[place : place + 255] for place in range(0, len(data), 255))
    )
    head = struct.pack("<BHHHHB", 0x2C, left, top, width, height, 0x40 if interlaced else 0)
    return head + b"\x08" + blocks + b"\0"


def gif(
    indices: np.ndarray,
    palette: np.ndarray,
    clear: int | None = None,
    interlaced: bool = False,
    canvas: tuple[int, int] | None = None,
    pictures: int = 1,
) -> bytes:
    """A GIF of palette places (h, w) and a palette (256, 3)."""
    height, width = canvas or indices.shape
    control = b"" if clear is None else struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 1, 0, clear, 0)
    comment = b"\x21\xfe\x03abc\0"
    block = picture_block(indices, interlaced=interlaced)
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0) + palette.astype(np.uint8).tobytes()
    return head + comment + (control + block) * pictures + b";"
