# SPDX-License-Identifier: GPL-3.0-or-later
"""What picture files' headers tell: how a camera was held, that a picture moves, and how large it is before anybody unpacks it.

Blender passes over the first two. Standard library only.
"""

from __future__ import annotations

import struct
from typing import Final

UPRIGHT: Final = 1
_ORIENTATION: Final = 0x0112
_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_NO_FRAMES: Final = (0xC4, 0xC8, 0xCC)  # JPEG markers among those of frames that are tables
_WITHOUT_LENGTH: Final = {0x01, *range(0xD0, 0xD9)}  # JPEG markers that nothing belongs to


def orientation(data: bytes) -> int:
    """The EXIF orientation in the bytes of a JPEG, PNG or WebP file, 1 to 8; `UPRIGHT` where none is told or it is damaged."""
    try:
        if data.startswith(_JPEG):
            exif = _of_jpeg(data)
        elif data.startswith(_PNG):
            exif = _of_png(data)
        elif _is_webp(data):
            exif = _of_webp(data)
        else:
            return UPRIGHT
        return _in_exif(exif.removeprefix(b"Exif\0\0"))
    except (struct.error, IndexError):
        return UPRIGHT


def size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, as the bytes of a PNG, JPEG, WebP, GIF or BMP file tell; None for others and damaged ones."""
    try:
        if data.startswith(_PNG):
            return struct.unpack_from(">II", data, 16)
        if data.startswith(_JPEG):
            return _size_of_jpeg(data)
        if data[:4] == b"GIF8":
            return struct.unpack_from("<HH", data, 6)
        if data[:2] == b"BM":
            width, height = struct.unpack_from("<ii", data, 18)
            return abs(width), abs(height)
        return _size_of_webp(data) if _is_webp(data) else None
    except (struct.error, IndexError):
        return None


def _size_of_jpeg(data: bytes) -> tuple[int, int] | None:
    place = 2
    while data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in _WITHOUT_LENGTH:
            place += 2
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        else:
            place += 2 + max(struct.unpack_from(">H", data, place + 2)[0], 2)
    return None


def _size_of_webp(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X":
        numbers = data[24:27], data[27:30]
        if len(data) < 30:
            return None
        return int.from_bytes(numbers[0], "little") + 1, int.from_bytes(numbers[1], "little") + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return None


def is_moving_webp(data: bytes) -> bool:
    """Whether a file's bytes begin a WebP with several pictures, which Blender shows as an empty one."""
    return _is_webp(data) and data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 0x02)


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _of_jpeg(data: bytes) -> bytes:
    place = 2
    while data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:  # a byte that fills
            place += 1
            continue
        if marker in _WITHOUT_LENGTH:
            place += 2
            continue
        if marker == 0xDA:  # the pixels begin
            break
        (length,) = struct.unpack_from(">H", data, place + 2)
        part = data[place + 4 : place + 2 + length]
        if marker == 0xE1 and part.startswith(b"Exif\0\0"):
            return part
        place += 2 + max(length, 2)
    return b""


def _of_png(data: bytes) -> bytes:
    place = len(_PNG)
    while place < len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        if kind == b"eXIf":
            return data[place + 8 : place + 8 + length]
        place += 12 + length
    return b""


def _of_webp(data: bytes) -> bytes:
    place = 12
    while place < len(data):
        kind, length = struct.unpack_from("<4sI", data, place)
        if kind == b"EXIF":
            return data[place + 8 : place + 8 + length]
        place += 8 + length + length % 2
    return b""


def _in_exif(exif: bytes) -> int:
    """The orientation in a TIFF header's first directory."""
    if exif[:2] not in (b"II", b"MM"):
        return UPRIGHT
    order = "<" if exif[:2] == b"II" else ">"
    (place,) = struct.unpack_from(f"{order}I", exif, 4)
    (count,) = struct.unpack_from(f"{order}H", exif, place)
    for number in range(count):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, place + 2 + 12 * number)
        if tag == _ORIENTATION:
            return value if UPRIGHT <= value <= 8 else UPRIGHT
    return UPRIGHT
