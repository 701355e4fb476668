"""How a camera was held, and whether a WebP moves, by the first bytes of a file."""

from __future__ import annotations

import random
import struct

import numpy as np
import picture_files
import pytest

from blender_addon.inputs.picture_headers import is_cut_off, is_moving_webp, orientation, size

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xda\x00\x08rest"


def files(block: bytes) -> dict[str, bytes]:
    return {
        "jpeg": picture_files.jpeg_with(JPEG, block),
        "png": picture_files.png(np.zeros((2, 3, 3), np.uint8), (b"tEXt", b"a\0b"), (b"eXIf", block)),
        "webp": picture_files.webp(8, (b"ICCP", b"odd"), (b"EXIF", block)),
        "webp with a prefix": picture_files.webp(8, (b"EXIF", b"Exif\0\0" + block)),
    }


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("value", range(1, 9))
def test_it_is_told_by_every_kind(order, value):
    block = picture_files.exif(value, order)
    assert {orientation(data) for data in files(block).values()} == {value}


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_what_there_is_not_is_upright(value):
    assert {orientation(data) for data in files(picture_files.exif(value)).values()} == {1}


@pytest.mark.parametrize("data", [b"", b"\xff", b"\xff\xd8", JPEG, b"GIF89a", b"RIFF", b"BM" + bytes(50)])
def test_without_a_word_it_is_upright(data):
    assert orientation(data) == 1 and not is_moving_webp(data)


def test_damage_is_never_an_error():
    chance = random.Random(3)
    for data in files(picture_files.exif(6)).values():
        for _ in range(400):
            spoilt = bytearray(data[: chance.randrange(len(data) + 1)])
            for _ in range(chance.randrange(3)):
                if spoilt:
                    spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
            assert 1 <= orientation(bytes(spoilt)) <= 8
            is_moving_webp(bytes(spoilt))
            is_cut_off(bytes(spoilt))


def test_pixels_that_look_like_exif_are_none():
    behind = JPEG + picture_files.jpeg_with(JPEG, picture_files.exif(6))[20:]
    assert orientation(behind) == 1


def test_a_webp_that_moves():
    assert is_moving_webp(picture_files.webp(0x02)) and is_moving_webp(picture_files.webp(0x12))
    assert not is_moving_webp(picture_files.webp(0x10)) and not is_moving_webp(picture_files.webp(0x02)[:20])


def sizes() -> dict[str, bytes]:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc4\x00\x03a\xff\xc2\x00\x0b\x08" + struct.pack(
        ">HH", 17, 300
    )
    riff = b"RIFF\0\0\0\0WEBP"
    return {
        "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 300, 17),
        "jpeg": jpeg + bytes(9),
        "gif": b"GIF89a" + struct.pack("<HH", 300, 17),
        "bmp, from the top down": b"BM" + bytes(16) + struct.pack("<ii", 300, -17),
        "webp, extended": picture_files.webp(0)[:24] + b"\x2b\x01\0\x10\0\0",
        "webp, with loss": riff + b"VP8 " + bytes(10) + struct.pack("<HH", 300 | 0x4000, 17),
        "webp, without": riff + b"VP8L\0\0\0\0\x2f" + struct.pack("<I", 299 | 16 << 14),
    }


@pytest.mark.parametrize("kind", sizes())
def test_how_large_a_picture_says_that_it_is(kind):
    data = sizes()[kind]
    assert size(data) == (300, 17)
    for length in range(len(data) - 4):
        assert size(data[:length]) in (None, (300, 17))


def test_what_tells_no_size():
    for data in (
        b"",
        b"8BPS" + bytes(40),
        b"\xff\xd8\xff\xda\0\x08" + bytes(20),
        b"RIFF\0\0\0\0WEBPVP8?" + bytes(30),
    ):
        assert size(data) is None


def tiff(order: str, big: bool = False, tiles: bool = False) -> bytes:
    """A grey TIFF of 2 × 6 pixels in two strips or tiles of 6 bytes, behind its directory."""
    first, size = (324, 325) if tiles else (273, 279)
    number, count, entry = ("Q", "Q", 20) if big else ("I", "H", 12)
    behind = (16 if big else 8) + struct.calcsize(count) + 3 * entry + 8
    places = struct.pack(f"{order}2{number}", behind + 16, behind + 22)
    entries = [(256, 3, 1, struct.pack(f"{order}H", 2))]
    entries.append((first, 16 if big else 4, 2, struct.pack(order + number, behind)))
    entries.append((size, 3, 2, struct.pack(f"{order}2H", 6, 6)))
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}H", 43 if big else 42)
    head += struct.pack(f"{order}HHQ", 8, 0, 16) if big else struct.pack(f"{order}I", 8)
    table = struct.pack(order + count, 3) + b"".join(
        struct.pack(f"{order}HH{number}", tag, kind, many) + value.ljust(struct.calcsize(number), b"\0")
        for tag, kind, many, value in entries
    )
    return (head + table).ljust(behind, b"\0") + places.ljust(16, b"\0") + bytes(range(12))


@pytest.mark.parametrize("tiles", [False, True])
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tiff_that_is_cut_off(order, big, tiles):
    whole = tiff(order, big, tiles)
    assert not is_cut_off(whole) and not is_cut_off(whole + b"more")
    assert is_cut_off(whole[:-1]) and is_cut_off(whole[:-9])
    assert not is_cut_off(whole[:20])  # no directory: no picture at all, which is told elsewhere


def test_a_jpeg_that_is_cut_off():
    small = b"\xff\xd8\xff\xd9"  # a whole one within it, as cameras write
    part = b"\xff\xe1" + struct.pack(">H", len(small) + 2) + small
    begins = b"\xff\xd8" + part + b"\xff\xda" + struct.pack(">H", 8) + bytes(6) + b"\x12\xff\x00\x34"
    assert is_cut_off(begins) and is_cut_off(begins + b"\xff")
    assert not is_cut_off(begins + b"\xff\xd9") and not is_cut_off(begins + b"\xff\xd9film")
    assert not is_cut_off(begins[:9])  # before its pixels: Blender reads none of it
    assert not is_cut_off(b"") and not is_cut_off(b"hello")
