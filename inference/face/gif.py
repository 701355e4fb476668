"""The first picture of a GIF file, moving or not, by numpy alone; https://www.w3.org/Graphics/GIF/spec-gif89a.txt."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_PIXELS = 200_000_000
"""A picture larger than this is refused, rather than memory run out."""
_STARTS = (b"GIF87a", b"GIF89a")
_MOST_CODES = 4096
_EXTENSION, _IMAGE, _CONTROL = 0x21, 0x2C, 0xF9
_PASSES = ((0, 8), (4, 8), (2, 4), (1, 2))
"""Of an interlaced picture: the first row and the steps to the next one."""


@dataclass(frozen=True)
class _Frame:
    left: int
    top: int
    width: int
    height: int
    interlaced: bool
    colours: NDArray[np.uint8]
    clear: int | None


def is_gif(start: bytes) -> bool:
    """Whether a file that begins so is a GIF."""
    return start[:6] in _STARTS


def first_picture(data: bytes) -> tuple[NDArray[np.uint8], bool]:
    """The first picture in a GIF file, (H, W, 4) RGBA, transparent where it covers nothing; and whether another one follows.

    Raises:
        ValueError: the file is damaged, cut off or holds no picture.
        MemoryError: it has more than `MOST_PIXELS`.
    """
    try:
        return _first(data)
    except (IndexError, struct.error) as error:
        raise ValueError("the GIF is cut off") from error


def _first(data: bytes) -> tuple[NDArray[np.uint8], bool]:
    if not is_gif(data):
        raise ValueError("no GIF")
    width, height, packed = struct.unpack("<HHB", data[6:11])
    place = 13
    common, place = _palette(data, place, packed)
    clear = None
    while data[place] == _EXTENSION:
        block = data[place + 3 : place + 7]
        if data[place + 1] == _CONTROL and len(block) == 4:
            clear = block[3] if block[0] & 1 else None
        _, place = _blocks(data, place + 2)
    if data[place] != _IMAGE:
        raise ValueError("the GIF holds no picture")
    left, top, columns, rows, packed = struct.unpack("<HHHHB", data[place + 1 : place + 10])
    own, place = _palette(data, place + 10, packed)
    colours = own if len(own) else common
    if not (columns and rows and len(colours)):
        raise ValueError("the GIF's first picture is empty")
    width, height = max(width, left + columns), max(height, top + rows)
    if width * height > MOST_PIXELS:
        raise MemoryError("the GIF is too large")
    frame = _Frame(left, top, columns, rows, bool(packed & 0x40), colours, clear)
    packed_codes, end = _blocks(data, place + 1)
    indices = _unpacked(packed_codes, data[place], columns * rows)
    return _placed(frame, indices, width, height), _another_follows(data, end)


def _another_follows(data: bytes, place: int) -> bool:
    try:
        while data[place] == _EXTENSION:
            _, place = _blocks(data, place + 2)
        return data[place] == _IMAGE
    except IndexError:  # cut off behind the first picture, which is whole
        return False


def _palette(data: bytes, place: int, packed: int) -> tuple[NDArray[np.uint8], int]:
    """(N, 3) colours that stand at a place, if any do, and where they end."""
    if not packed & 0x80:
        return np.zeros((0, 3), np.uint8), place
    count = 2 << (packed & 7)
    end = place + 3 * count
    if end > len(data):
        raise ValueError("the GIF is cut off")
    return np.frombuffer(data, np.uint8, 3 * count, place).reshape(count, 3), end


def _blocks(data: bytes, place: int) -> tuple[bytes, int]:
    """The content of a row of blocks, up to the empty one, and where it ends."""
    parts = []
    while data[place]:
        end = place + 1 + data[place]
        parts.append(data[place + 1 : end])
        place = end
    return b"".join(parts), place + 1


def _unpacked(packed: bytes, bits: int, wanted: int) -> NDArray[np.uint8]:
    """(wanted,) palette places, by LZW with codes of growing length."""
    if not 2 <= bits <= 8:
        raise ValueError("no such code length")
    clear, end = 1 << bits, (1 << bits) + 1
    roots = [bytes([root]) for root in range(clear)] + [b"", b""]
    table, length, before = list(roots), bits + 1, b""
    result = bytearray()
    held, count = 0, 0
    for byte in packed:
        held |= byte << count
        count += 8
        while count >= length:
            code = held & ((1 << length) - 1)
            held, count = held >> length, count - length
            if code == clear:
                table, length, before = list(roots), bits + 1, b""
                continue
            if code == end or len(result) >= wanted:
                break
            if code > len(table) or (code == len(table) and not before):
                raise ValueError("the GIF is damaged")
            entry = table[code] if code < len(table) else before + before[:1]
            if before and len(table) < _MOST_CODES:
                table.append(before + entry[:1])
                if len(table) == 1 << length and length < 12:
                    length += 1
            result += entry
            before = entry
        else:
            continue
        break
    if len(result) < wanted:
        raise ValueError("the GIF is cut off")
    return np.frombuffer(bytes(result[:wanted]), np.uint8)


def _placed(frame: _Frame, indices: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """(height, width, 4) the frame where it lies on the canvas."""
    if int(indices.max()) >= len(frame.colours):
        raise ValueError("the GIF names a colour that it has not")
    rows = indices.reshape(frame.height, frame.width)
    if frame.interlaced:
        order = np.concatenate([np.arange(first, frame.height, step) for first, step in _PASSES])
        sorted_rows = np.empty_like(rows)
        sorted_rows[order] = rows
        rows = sorted_rows
    result = np.zeros((height, width, 4), np.uint8)
    part = result[frame.top : frame.top + frame.height, frame.left : frame.left + frame.width]
    part[..., :3] = frame.colours[rows]
    part[..., 3] = 255 if frame.clear is None else np.where(rows == frame.clear, 0, 255)
    return result
