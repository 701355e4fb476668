# SPDX-License-Identifier: GPL-3.0-or-later
"""What picture files' headers tell: how a camera was held, that a picture moves or that its file was cut off, and how large it
is before anybody unpacks it.

Blender passes over all but the last. Standard library only.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Iterator
from typing import Final

from . import picture_ends

UPRIGHT: Final = 1
_ORIENTATION: Final = 0x0112
_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_TIFF: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_NO_FRAMES: Final = (0xC4, 0xC8, 0xCC)  # JPEG markers among those of frames that are tables
_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES = 273, 279, 324, 325  # TIFF's tags
_WHOLE_NUMBERS: Final = {3: "H", 4: "I", 16: "Q"}  # TIFF's types of them, as struct calls them
_MOST_STRIPS: Final = 1 << 20
_PIXELS: Final = 0xDA  # the JPEG marker that they follow
_WITHOUT_LENGTH: Final = {0x01, *range(0xD0, 0xD9)}  # JPEG markers that nothing belongs to


def orientation(data: bytes) -> int:
    """The EXIF orientation in the bytes of a JPEG, PNG or WebP file, 1 to 8; `UPRIGHT` where none is told or it is damaged."""
    try:
        if data.startswith(_JPEG):
            exif = _of_jpeg(data)
        elif data.startswith(_PNG):
            exif = _of_png(data)
        elif is_webp(data):
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
        return _size_of_webp(data) if is_webp(data) else None
    except (struct.error, IndexError):
        return None


def _size_of_jpeg(data: bytes) -> tuple[int, int] | None:
    for marker, place in _parts_of_jpeg(data):
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
    return None


def _parts_of_jpeg(data: bytes | mmap.mmap) -> Iterator[tuple[int, int]]:
    """The markers of a JPEG file up to that of the pixels, and where they are."""
    place = 2
    while data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:  # a byte that fills
            place += 1
        elif marker in _WITHOUT_LENGTH:
            place += 2
        else:
            yield marker, place
            if marker == _PIXELS:
                return
            place += 2 + max(struct.unpack_from(">H", data, place + 2)[0], 2)


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
    return is_webp(data) and data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 0x02)


def is_cut_off(data: bytes | mmap.mmap) -> bool:
    """Whether a picture file's bytes, all of them, end before its pixels do.

    Blender shows grey or black there, or other rows again.
    """
    try:
        if data[:2] == _JPEG:
            # What lies before the pixels may hold a whole JPEG, a small one.
            pixels = [place for marker, place in _parts_of_jpeg(data) if marker == _PIXELS]
            return bool(pixels) and data.find(b"\xff\xd9", pixels[0]) < 0
        if data[:4] in _TIFF:
            return _end_of_tiff(data) > len(data)
    except (struct.error, IndexError):
        return False  # it is damaged otherwise
    try:
        return picture_ends.end_of(data) > len(data)
    except KeyError:
        return False  # a header without what each has
    except (struct.error, IndexError):
        return True  # it ends before it has told where


def _end_of_tiff(data: bytes | mmap.mmap) -> int:
    """Where the pixels of a TIFF file's first picture end, as its directory tells."""
    order = "<" if data[:1] == b"I" else ">"
    big = 43 in (data[2], data[3])
    count, number, entry = ("Q", "Q", 20) if big else ("H", "I", 12)
    (place,) = struct.unpack_from(order + number, data, 8 if big else 4)
    (entries,) = struct.unpack_from(order + count, data, place)
    place += struct.calcsize(order + count)
    told: dict[int, Iterable[int]] = {}
    for start in range(place, place + entry * min(entries, 1 << 16), entry):
        tag, kind, many = struct.unpack_from(f"{order}HH{number}", data, start)
        if tag not in (_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES) or kind not in _WHOLE_NUMBERS:
            continue
        values = f"{order}{min(many, _MOST_STRIPS)}{_WHOLE_NUMBERS[kind]}"
        here = start + struct.calcsize(f"{order}HH{number}")
        if struct.calcsize(values) > struct.calcsize(number):
            (here,) = struct.unpack_from(order + number, data, here)
        told[tag] = struct.unpack_from(values, data, here)
    pairs = ((_STRIPS, _STRIP_BYTES), (_TILES, _TILE_BYTES))
    return max(
        (first + size for at, of in pairs for first, size in zip(told.get(at, ()), told.get(of, ()))),
        default=0,
    )


def is_webp(data: bytes) -> bool:
    """Whether a file's bytes begin a WebP."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _of_jpeg(data: bytes) -> bytes:
    for marker, place in _parts_of_jpeg(data):
        if marker == 0xE1:
            (length,) = struct.unpack_from(">H", data, place + 2)
            part = data[place + 4 : place + 2 + length]
            if part.startswith(b"Exif\0\0"):
                return part
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
