"""Pictures from files: PNG, GIF and .npy by numpy alone, all others by Pillow, which the full engine has and which is faster."""

from __future__ import annotations

import importlib.util
import struct
import threading
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError
from ..face.array_files import read_array, read_arrays
from ..face.errors import of_the_system
from ..face.gif import first_picture, is_gif
from .filling import Pixels

MOST_PIXELS = 200_000_000
"""A picture larger than this is refused, rather than memory run out."""
_BY_PILLOW = threading.Lock()
"""Whether Pillow takes files that end too early is one setting for all threads."""
_CUT_OFF = "truncated"
"""What Pillow calls such a file."""
_PHOTOS = ("JPEG", "MPO")
"""What Pillow calls a JPEG, and one that holds more pictures, as phones and cameras with two lenses write: the first counts."""
_PNG = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""PNG's colour types and how many numbers a pixel has."""
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""And how many bits these may have."""
_ADAM7 = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
)  # fmt: skip
"""The parts of an interlaced PNG: where each begins, across and down, and its steps."""


def read_picture(path: Path, name: str | None = None, notes: list[str] | None = None) -> Pixels:
    """(H, W, 4) uint8 RGBA, sRGB with straight alpha, upright.

    Args:
        path: an image file; or .npy, .npz with ``picture``: (H, W), (H, W, 3) or (H, W, 4), uint8, uint16 or 0…1.
        name: the picture's own name, where the file is a copy of it.
        notes: a sentence is added where the file of a photo (JPEG) ends too early, of which the rest is grey; None refuses it.

    Raises:
        EngineError: the file is missing (code ``file_missing``), is no picture or damaged (``bad_picture``), is of a kind that
            only the full engine reads (``full_engine_needed``), or may not be read (``file_unusable``).
    """
    called = name or str(path)
    if not path.is_file():
        raise EngineError(f"{called} does not exist: choose a picture of a face.", "file_missing")
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
        if not start:
            raise EngineError(
                f"{called} is empty: save the picture again or choose another one.", "bad_picture"
            )
        if start[:6] == b"\x93NUMPY" or start[:2] == b"PK":
            return as_rgba(_from_arrays(path))
        if start == _PNG and not (_depth(path) <= 8 and importlib.util.find_spec("PIL")):
            return as_rgba(_from_png(path.read_bytes(), called))
        if is_gif(start):
            return first_picture(path.read_bytes())[0]
    except MemoryError as error:
        raise _too_large(called) from error
    except (
        ValueError,
        KeyError,
        OSError,
        EOFError,
        IndexError,
        zlib.error,
        struct.error,
        zipfile.BadZipFile,
    ) as error:
        raise _unread(called, error) from error
    return _by_pillow(path, called, notes)


def _depth(path: Path) -> int:
    """Bits of each of a PNG file's numbers."""
    with path.open("rb") as stream:
        return stream.read(25)[24]


def _unread(called: str, error: Exception) -> EngineError:
    told = of_the_system(error) if isinstance(error, OSError) else None  # such as that nobody may read it
    return told or EngineError(
        f"{called} is no picture or is damaged: export it again as PNG or JPEG.", "bad_picture"
    )


def _too_large(called: str) -> EngineError:
    return EngineError(f"{called} is too large: make it smaller, 4096 pixels wide will do.", "bad_picture")


def as_rgba(pixels: NDArray[Any]) -> Pixels:
    """(H, W, 4) uint8 of grey, grey with alpha, RGB or RGBA in 8 bits, 16 bits or 0…1. Raises ValueError for others."""
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 2, 3, 4) or not pixels.size:
        raise ValueError("not a picture")
    if pixels.dtype == np.uint16:
        pixels = (pixels.astype(np.uint32) + 128) // 257
    elif pixels.dtype == np.bool_:
        pixels = pixels * np.uint8(255)
    elif pixels.dtype.kind == "f":
        pixels = np.round(np.nan_to_num(pixels).clip(0, 1) * 255)
    elif pixels.dtype != np.uint8:
        raise ValueError("not a picture")
    count = pixels.shape[2]
    result = np.full((*pixels.shape[:2], 4), 255, np.uint8)
    result[..., :3] = pixels[..., : 3 if count > 2 else 1]
    if count in (2, 4):
        result[..., 3] = pixels[..., -1]
    return result


def _from_arrays(path: Path) -> NDArray[Any]:
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            stream.seek(0)
            return read_array(stream, path.stat().st_size)
    return read_arrays(path, lambda arrays: arrays["picture"])


# -- PNG, https://www.w3.org/TR/png-3/ ---------------------------------------------------------------------


def _from_png(data: bytes, called: str) -> NDArray[Any]:
    """(H, W, C) uint8 or uint16."""
    header: tuple[int, ...] = ()
    palette, transparent, place = b"", b"", 8
    parts = []
    while place + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        content = data[place + 8 : place + 8 + length]
        place += 12 + length
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", content)
        elif kind == b"PLTE":
            palette = content
        elif kind == b"tRNS":
            transparent = content
        elif kind == b"IDAT":
            parts.append(content)
        elif kind == b"IEND":
            break
    width, height, depth, colour, _, _, interlaced = header
    if not width * height or colour not in _CHANNELS:
        raise ValueError("no pixels")
    if width * height > MOST_PIXELS:
        raise _too_large(called)
    if depth not in _DEPTHS[colour]:
        raise ValueError("no such depth")
    channels = _CHANNELS[colour]
    passes = _ADAM7 if interlaced else ((0, 0, 1, 1),)
    sizes = [(-(-(width - x) // across), -(-(height - y) // down)) for x, y, across, down in passes]
    lengths = [_line(columns, depth, channels) * rows for columns, rows in sizes]
    # No more is unpacked than the picture needs: a small file may hold gigabytes.
    raw = zlib.decompressobj().decompress(b"".join(parts), sum(lengths))
    samples = np.empty((height, width, channels), np.uint16 if depth == 16 else np.uint8)
    start = 0
    for (x, y, across, down), (columns, rows), length in zip(passes, sizes, lengths):
        if length:
            part = raw[start : start + length]
            samples[y::down, x::across] = _samples(part, columns, rows, depth, channels)
        start += length
    return _coloured(samples, depth, colour, palette, transparent)


def _line(width: int, depth: int, channels: int) -> int:
    """Bytes of a line with its filter's; 0 of a picture without columns, which has no lines."""
    return (width * channels * depth + 7) // 8 + 1 if width else 0


def _samples(packed: bytes, width: int, height: int, depth: int, channels: int) -> NDArray[Any]:
    """(H, W, C) what the lines hold, before palette and scale."""
    line = _line(width, depth, channels) - 1
    raw = np.frombuffer(packed, np.uint8, height * (line + 1)).reshape(height, line + 1)
    rows = _unfiltered(raw[:, 0], raw[:, 1:], max(1, channels * depth // 8))
    if depth == 8:
        return rows.reshape(height, width, channels)
    if depth == 16:
        return rows.view(">u2").astype(np.uint16).reshape(height, width, channels)
    bits = np.unpackbits(rows, axis=1).reshape(height, -1, depth)[:, : width * channels]
    places = 1 << np.arange(depth - 1, -1, -1)
    return (bits @ places).astype(np.uint8).reshape(height, width, channels)


def _unfiltered(kinds: NDArray[np.uint8], lines: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """(H, N) bytes of lines whose pixels are differences from neighbours, of which each line has its own kind.

    A pixel needs those on its left and above. So all pixels that lie on a diagonal are done at once.
    """
    if kinds.max(initial=0) > 4:
        raise ValueError("unknown filter")
    height, width = lines.shape[0], lines.shape[1] // step
    done = np.zeros(((height + 1) * (width + 1), step), np.int16)
    given = lines.reshape(height * width, step)
    for diagonal in range(width + height - 1):
        first, last = max(0, diagonal - width + 1), min(height, diagonal + 1)
        place = first * (width + 1) + diagonal - first  # of the first pixel's upper left neighbour
        corner = done[place::width][: last - first]
        up = done[place + 1 :: width][: last - first]
        left = done[place + width + 1 :: width][: last - first]
        kind = kinds[first:last, None]
        across, down, both = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
        paeth = np.where((across <= down) & (across <= both), left, np.where(down <= both, up, corner))
        guess = np.choose(kind, [0, left, up, (left + up) // 2, paeth])
        start = first * width + diagonal - first
        rows = given[start :: width - 1][: last - first] if width > 1 else given[first:last]
        done[place + width + 2 :: width][: last - first] = (rows + guess) & 255
    whole = done.reshape(height + 1, width + 1, step)[1:, 1:]
    return np.ascontiguousarray(whole.reshape(height, -1)).astype(np.uint8)


def _coloured(
    samples: NDArray[Any], depth: int, colour: int, palette: bytes, transparent: bytes
) -> NDArray[Any]:
    if colour == 3:
        colours = np.frombuffer(palette, np.uint8).reshape(-1, 3)
        alpha = np.full(len(colours), 255, np.uint8)
        given = np.frombuffer(transparent, np.uint8)[: len(colours)]
        alpha[: len(given)] = given
        return np.concatenate([colours, alpha[:, None]], axis=1)[samples[..., 0]]
    full = samples if depth >= 8 else samples * np.uint8(255 // (2**depth - 1))
    if not transparent or colour not in (0, 2):
        return full
    key = np.frombuffer(transparent, ">u2")[: samples.shape[2]]
    top = 65535 if depth == 16 else 255
    alpha = np.where((samples == key).all(axis=-1), 0, top).astype(full.dtype)
    rgb = np.repeat(full, 3, axis=2) if full.shape[2] == 1 else full
    return np.concatenate([rgb, alpha[..., None]], axis=2)


# -- Everything else ---------------------------------------------------------------------------------------


def _by_pillow(path: Path, called: str, notes: list[str] | None) -> Pixels:
    try:
        from PIL import Image, ImageFile
    except ImportError as error:
        raise EngineError(
            f"{called} is no PNG or GIF, and other pictures need the full engine: save it as PNG.",
            "full_engine_needed",
        ) from error
    try:
        # Of an animated WebP or an animated PNG, this is the first picture.
        with _BY_PILLOW, warnings.catch_warnings(), Image.open(path) as opened:
            warnings.simplefilter("ignore")  # of pictures that are large, and of damaged EXIF
            if opened.width * opened.height > MOST_PIXELS:
                raise _too_large(called)
            try:
                return _upright(opened)
            except OSError as error:  # of a disk, too, and of what is there but cannot be read
                if notes is None or opened.format not in _PHOTOS or _CUT_OFF not in str(error):
                    raise
            ImageFile.LOAD_TRUNCATED_IMAGES = True
            try:
                with Image.open(path) as again:
                    picture = _upright(again)
            finally:
                ImageFile.LOAD_TRUNCATED_IMAGES = False
        notes.append(f"{called} is cut off, and a part of it is missing: save or download the picture again.")
        return picture
    except (MemoryError, Image.DecompressionBombError) as error:
        raise _too_large(called) from error
    except EngineError:
        raise
    except Exception as error:  # Pillow's formats raise what they like, also SyntaxError
        raise _unread(called, error) from error


def _upright(opened: Any) -> Pixels:
    """(H, W, 4) of a picture that Pillow has opened."""
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(opened)
    if upright.mode.startswith("I"):
        return as_rgba(np.asarray(upright).clip(0, 65535).astype(np.uint16))
    if upright.mode == "F":  # which Pillow would take for 0 to 255
        return as_rgba(np.asarray(upright))
    return np.asarray(upright.convert("RGBA"))
