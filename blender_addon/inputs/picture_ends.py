# SPDX-License-Identifier: GPL-3.0-or-later
"""How many bytes picture files have, as their headers tell: what a shorter one lacks, Blender shows grey, black or torn.

One function for each format: it takes all of a file's bytes and says where the last pixel ends, and raises `struct.error` or
`IndexError` where the file ends before that is told. Which formats Blender shows all the same differs by its version. Standard
library only.
"""

from __future__ import annotations

import mmap
import re
import struct
from collections.abc import Callable
from typing import Final

Data = bytes | mmap.mmap

_MOST_ROWS: Final = 1 << 16
_TGA_PLAIN: Final = (1, 2, 3)
_TGA_PACKED: Final = (9, 10, 11)
_EXR_LINES: Final = {3: 16, 4: 32, 5: 16, 6: 32, 7: 32, 8: 32, 9: 256}
"""Compression of an EXR file → how many lines it packs together; 1 of others."""
_HALF_BYTE_BLOCKS: Final = (b"DXT1", b"BC4U", b"BC4S", b"ATI1")


def end_of(data: Data) -> int:
    """Where the pixels of a file end as it tells itself; 0 where it is no format that is known here."""
    for begins, end in _ENDS:
        if data[: len(begins)] == begins:
            return end(data)
    return _end_of_tga(data) if _is_tga(data) else 0


def _end_of_dds(data: Data) -> int:
    height, width = struct.unpack_from("<2I", data, 12)
    flags, kind, bits = struct.unpack_from("<I4sI", data, 80)
    if not flags & 4:
        return 128 + (width * bits + 7) // 8 * height
    if kind == b"DX10":  # its kinds are many, and half a byte a pixel is the least of them
        return 148 + (width + 3) // 4 * ((height + 3) // 4) * 8
    return 128 + (width + 3) // 4 * ((height + 3) // 4) * (8 if kind in _HALF_BYTE_BLOCKS else 16)


def _end_of_bmp(data: Data) -> int:
    first, header = struct.unpack_from("<2I", data, 10)
    if header < 40:  # of OS/2, which has other fields in their places
        return 0
    width, height = struct.unpack_from("<2i", data, 18)
    bits, packed = struct.unpack_from("<HI", data, 28)
    if packed not in (0, 3, 6):
        (size,) = struct.unpack_from("<I", data, 34)
        return first + size
    return first + (abs(width) * bits + 31) // 32 * 4 * abs(height)


def _is_tga(data: Data) -> bool:
    """TGA files have no mark: as Blender, by a header that makes sense."""
    if len(data) < 18 or data[1] > 1 or data[2] not in (*_TGA_PLAIN, *_TGA_PACKED):
        return False
    width, height, bits = struct.unpack_from("<HHB", data, 12)
    return bool(width and height) and bits in (8, 15, 16, 24, 32) and data[7] in (0, 15, 16, 24, 32)


def _end_of_tga(data: Data) -> int:
    (colours,) = struct.unpack_from("<H", data, 5)
    width, height, bits = struct.unpack_from("<HHB", data, 12)
    first = 18 + data[0] + (colours * ((data[7] + 7) // 8) if data[1] else 0)
    size = (bits + 7) // 8
    if data[2] in _TGA_PLAIN:
        return int(first + width * height * size)
    left, place = width * height, first
    while left > 0:  # each packet: how many pixels, and one or all of them
        count = (data[place] & 0x7F) + 1
        place += 1 + (size if data[place] & 0x80 else count * size)
        left -= count
    return place


def _end_of_sgi(data: Data) -> int:
    packed, bytes_each = data[2], data[3]
    _, width, height, channels = struct.unpack_from(">4H", data, 4)
    rows = min(height * channels, _MOST_ROWS * 4)
    if not packed:
        return int(512 + width * height * channels * bytes_each)
    starts = struct.unpack_from(f">{rows}I", data, 512)
    sizes = struct.unpack_from(f">{rows}I", data, 512 + 4 * rows)
    return max((start + size for start, size in zip(starts, sizes)), default=0)


def _end_of_psd(data: Data) -> int:
    channels, height, width, bits = struct.unpack_from(">HIIH", data, 12)
    place = 26
    for _ in range(3):  # palette, resources, layers
        (length,) = struct.unpack_from(">I", data, place)
        place += 4 + length
    (packed,) = struct.unpack_from(">H", data, place)
    if packed == 0:
        return place + 2 + (width * bits + 7) // 8 * height * channels
    if packed != 1:
        return 0
    rows = min(height * channels, _MOST_ROWS * 4)
    return place + 2 + 2 * rows + sum(struct.unpack_from(f">{rows}H", data, place + 2))


def _end_of_dpx(data: Data) -> int:
    order = ">" if data[:4] == b"SDPX" else "<"
    return int(struct.unpack_from(f"{order}I", data, 16)[0])


def _end_of_cineon(data: Data) -> int:
    return int(struct.unpack_from(">I" if data[0] == 0x80 else "<I", data, 20)[0])


def _end_of_png(data: Data) -> int:
    place = 8
    while True:
        length, kind = struct.unpack_from(">I4s", data, place)
        place += 12 + length
        if kind == b"IEND":
            return int(place)


def _end_of_webp(data: Data) -> int:
    return int(8 + struct.unpack_from("<I", data, 4)[0]) if data[8:12] == b"WEBP" else 0


def _end_of_jp2(data: Data) -> int:
    """A codestream's last mark; whoever writes nothing behind it ends with it."""
    return len(data) if data.rfind(b"\xff\xd9", max(len(data) - 64, 0)) >= 0 else len(data) + 1


def _end_of_hdr(data: Data) -> int:
    told = re.search(rb"\n\n-Y (\d+) \+X (\d+)\n", data[: 1 << 16])
    if told is None:
        return 0
    height, width = int(told[1]), int(told[2])
    place = told.end()
    for _ in range(min(height, _MOST_ROWS)):
        if not 8 <= width < 32768 or data[place : place + 2] != b"\2\2":
            return place + 4 * width  # not packed, or packed as of old
        place += 4
        for _ in range(4):
            left = width
            while left > 0:
                count = data[place]
                place += 2 if count > 128 else 1 + count
                left -= count - 128 if count > 128 else max(count, 1)
    return place


def _end_of_exr(data: Data) -> int:
    """Of one part of scan lines or of tiles of one size; of deep and of several parts nothing is told."""
    (version,) = struct.unpack_from("<I", data, 4)
    if version & 0x1800:
        return 0
    told, place = _attributes_of_exr(data)
    left, top, right, bottom = struct.unpack("<4i", told["dataWindow"])
    width, height = right - left + 1, bottom - top + 1
    if version & 0x200:
        across, down, levels = struct.unpack("<IIB", told["tiles"])
        if levels & 0x0F:
            return 0
        count, head = -(-width // max(across, 1)) * -(-height // max(down, 1)), 20
    else:
        count, head = -(-height // _EXR_LINES.get(told["compression"][0], 1)), 8
    starts = struct.unpack_from(f"<{min(max(count, 0), 1 << 20)}Q", data, place)
    last = max(starts, default=0)
    if last > len(data):
        return int(last)
    return int(last + head + struct.unpack_from("<I", data, last + head - 4)[0])


def _attributes_of_exr(data: Data) -> tuple[dict[str, bytes], int]:
    """What the header holds, and where it ends."""
    told, place = {}, 8
    while data[place]:
        words = []
        for _ in range(2):  # name and type
            end = data.find(b"\0", place)
            if end < 0:
                raise IndexError
            words.append(data[place:end].decode("latin-1"))
            place = end + 1
        (size,) = struct.unpack_from("<I", data, place)
        told[words[0]] = data[place + 4 : place + 4 + size]
        place += 4 + size
    return told, place + 1


_ENDS: Final[tuple[tuple[bytes, Callable[[Data], int]], ...]] = (
    (b"DDS ", _end_of_dds),
    (b"BM", _end_of_bmp),
    (b"\x01\xda", _end_of_sgi),
    (b"8BPS\0\1", _end_of_psd),
    (b"SDPX", _end_of_dpx),
    (b"XPDS", _end_of_dpx),
    (b"\x80\x2a\x5f\xd7", _end_of_cineon),
    (b"\xd7\x5f\x2a\x80", _end_of_cineon),
    (b"\x89PNG\r\n\x1a\n", _end_of_png),
    (b"RIFF", _end_of_webp),
    (b"\0\0\0\x0cjP  ", _end_of_jp2),
    (b"\xff\x4f\xff\x51", _end_of_jp2),
    (b"v/1\x01", _end_of_exr),
    (b"#?RADIANCE", _end_of_hdr),
    (b"#?RGBE", _end_of_hdr),
)
"""How a file begins, and what tells where it ends."""
