"""Files that end before their pixels do, of every format that tells where it ends."""

from __future__ import annotations

import random
import struct

import numpy as np
import picture_files
import pytest

from blender_addon.inputs.picture_ends import end_of
from blender_addon.inputs.picture_headers import is_cut_off

WIDTH, HEIGHT = 9, 5


def _dds(flags: int, kind: bytes, bits: int, pixels: int) -> bytes:
    head = struct.pack("<4s4I", b"DDS ", 124, 0x1007, HEIGHT, WIDTH).ljust(80, b"\0")
    return (head + struct.pack("<I4sI", flags, kind, bits)).ljust(128, b"\0") + bytes(pixels)


def _bmp(bits: int, packed: int, pixels: int) -> bytes:
    head = b"BM" + struct.pack("<3I", 0, 0, 54) + struct.pack("<IiiHHI", 40, WIDTH, -HEIGHT, 1, bits, packed)
    return (head + struct.pack("<I", pixels)).ljust(54, b"\0") + bytes(pixels)


def _tga(kind: int, pixels: bytes, told: bytes = b"ab") -> bytes:
    head = struct.pack("<BBBHHBHHHHBB", len(told), 0, kind, 0, 0, 0, 0, 0, WIDTH, HEIGHT, 24, 0)
    return head + told + pixels


def _sgi(packed: bool) -> bytes:
    head = struct.pack(">HBBHHHH", 474, packed, 1, 3, WIDTH, HEIGHT, 3).ljust(512, b"\0")
    rows = HEIGHT * 3
    if not packed:
        return head + bytes(WIDTH * rows)
    first = 512 + 8 * rows
    places = [first + 4 * row for row in range(rows)]
    return head + struct.pack(f">{rows}I", *places) + struct.pack(f">{rows}I", *[4] * rows) + bytes(4 * rows)


def _psd(packed: int) -> bytes:
    head = b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, HEIGHT, WIDTH, 8, 3)
    head += struct.pack(">I", 0) + struct.pack(">I", 4) + b"more" + struct.pack(">IH", 0, packed)
    rows = HEIGHT * 3
    return head + (struct.pack(f">{rows}H", *[3] * rows) + bytes(3 * rows) if packed else bytes(WIDTH * rows))


def _hdr() -> bytes:
    row = b"\2\2" + struct.pack(">H", WIDTH) + (bytes([WIDTH + 128, 7]) + bytes([4, 1, 2, 3, 4, 133, 9])) * 2
    return b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 5 +X 9\n" + row * HEIGHT


def _exr(tiles: bool) -> bytes:
    told = [
        (b"compression", b"compression", b"\3"),
        (b"dataWindow", b"box2i", struct.pack("<4i", 0, 0, WIDTH - 1, 19)),
    ]
    if tiles:
        told.append((b"tiles", b"tiledesc", struct.pack("<IIB", 8, 16, 0)))
    head = b"v/1\x01" + struct.pack("<I", 2 | 0x200 * tiles)
    head += b"".join(
        name + b"\0" + kind + b"\0" + struct.pack("<I", len(value)) + value for name, kind, value in told
    )
    count, before = (4, 16) if tiles else (2, 4)
    first, size = len(head) + 1 + 8 * count, before + 4 + 11
    starts = struct.pack(f"<{count}Q", *[first + size * part for part in range(count)])
    return head + b"\0" + starts + (bytes(before) + struct.pack("<I", 11) + bytes(11)) * count


def _told(begins: bytes, order: str, place: int, size: int) -> bytes:
    return (begins.ljust(place, b"\0") + struct.pack(f"{order}I", size)).ljust(size, b"\1")


FILES = {
    "dds, plain": _dds(0x41, b"", 32, WIDTH * HEIGHT * 4),
    "dds, dxt1": _dds(4, b"DXT1", 0, 3 * 2 * 8),
    "dds, dxt5": _dds(4, b"DXT5", 0, 3 * 2 * 16),
    "bmp": _bmp(24, 0, 28 * HEIGHT),
    "bmp, packed": _bmp(8, 1, 33),
    "tga": _tga(2, bytes(WIDTH * HEIGHT * 3)),
    "tga, packed": _tga(10, b"\x8a\1\2\3" * 4 + b"\0\1\2\3"),
    "sgi": _sgi(False),
    "sgi, packed": _sgi(True),
    "psd": _psd(0),
    "psd, packed": _psd(1),
    "dpx": _told(b"SDPX", ">", 16, 90),
    "dpx, the other way": _told(b"XPDS", "<", 16, 90),
    "cineon": _told(b"\x80\x2a\x5f\xd7", ">", 20, 90),
    "hdr": _hdr(),
    "exr": _exr(False),
    "exr, tiles": _exr(True),
    "png": picture_files.png(np.zeros((4, 5, 3), np.uint8), (b"tEXt", b"a\0b")),
    "webp": picture_files.webp(8, (b"VP8 ", b"pixels of it")),
    "jp2": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(60) + b"\xff\xd9",
}


@pytest.mark.parametrize("name", FILES)
def test_whole_ones_are_whole_and_shorter_ones_are_not(name: str) -> None:
    whole = FILES[name]
    assert end_of(whole) == len(whole)
    assert not is_cut_off(whole) and not is_cut_off(whole + bytes(20))
    for length in {len(whole) - 1, len(whole) * 2 // 3, len(whole) // 2}:
        assert is_cut_off(whole[:length]), length


@pytest.mark.parametrize(
    "data", [b"", b"B", b"hello, this is a text of more than eighteen letters", b"GIF89a" + bytes(90)]
)
def test_what_tells_no_end_is_not_cut_off(data: bytes) -> None:
    assert not is_cut_off(data)


def test_no_damage_is_an_error() -> None:
    chance = random.Random(7)
    for whole in FILES.values():
        for _ in range(150):
            spoilt = bytearray(whole[: chance.randrange(len(whole) + 1)])
            for _ in range(chance.randrange(4)):
                if spoilt:
                    spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
            assert is_cut_off(bytes(spoilt)) in (True, False)


def test_the_bmp_of_os_2_tells_nothing():
    """Its header of 12 bytes has the size in two numbers of 16 bits, behind which the pixels or colours follow at once."""
    old = (
        b"BM"
        + struct.pack("<3I", 0, 0, 26)
        + struct.pack("<I4H", 12, WIDTH, HEIGHT, 1, 24)
        + bytes(28 * HEIGHT)
    )
    for filling in (b"\0", b"\7", b"\xff"):
        data = old[:26] + filling * (28 * HEIGHT)
        assert end_of(data) == 0 and not is_cut_off(data)
