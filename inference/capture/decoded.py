"""A film whose pictures somebody else decoded: the add-on, by Blender, where the engine has no PyAV.

A folder with ``film.json`` ({"fps": 25.0, "frames": 75, "sha256": "…" of the film's file}), the pictures as uncompressed
Targa files ``00001.tga`` and on, and ``sound.wav`` where there is sound. Its name is the film's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError
from ..face.file_digests import digest_in_turn
from ..face.json_text import json_object

DESCRIPTION = "film.json"
SOUND = "sound.wav"

_PLAIN = 2  # Targa's kind of an uncompressed picture in colour
_FROM_ABOVE = 0x20


@dataclass(frozen=True)
class DecodedFilm:
    """What lies in such a folder.

    Attributes:
        folder: the folder.
        fps: pictures a second, > 0.
        frames: how many there should be.
        sha256: of the film's own file; "" where unknown.
    """

    folder: Path
    fps: float
    frames: int
    sha256: str

    @property
    def sound(self) -> Path:
        """Where its sound lies, if it has any."""
        return self.folder / SOUND

    def pictures(self) -> Iterator[NDArray[np.uint8]]:
        """Its pictures (H, W, 3) RGB, one after the other, up to the first that is missing or damaged."""
        for number in range(1, self.frames + 1):
            picture = read_targa(self.folder / f"{number:05d}.tga")
            if picture is None:
                return
            yield picture


def read_film(folder: Path) -> DecodedFilm | None:
    """What lies in a folder, None where it is no decoded film.

    Raises:
        EngineError: its description is damaged (code ``bad_video``).
    """
    path = folder / DESCRIPTION
    if not path.is_file():
        return None
    try:
        told = json_object(path.read_text(encoding="utf-8"))
        fps, frames = float(told["fps"]), int(told["frames"])
        if not 0 < fps < 10000 or frames < 0:
            raise ValueError
        return DecodedFilm(folder, fps, frames, str(told.get("sha256", "")))
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise EngineError(f"{path} is damaged: capture the video again.", "bad_video") from error


def content_hash(path: Path) -> str:
    """SHA-256 of a film: of its own file, also where that was decoded into a folder, or of all files of a folder in turn.

    Raises:
        EngineError: see `read_film`.
        OSError: a file cannot be read, or is a device or a pipe.
    """
    film = read_film(path)
    if film is not None and film.sha256:
        return film.sha256
    return digest_in_turn(
        sorted(part for part in path.iterdir() if part.is_file()) if path.is_dir() else [path]
    )


def read_targa(path: Path) -> NDArray[np.uint8] | None:
    """An uncompressed Targa file in colour as (H, W, 3) RGB; None where it is missing, cut short or something else."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if len(data) < 18 or data[1] or data[2] != _PLAIN or data[16] not in (24, 32):
        return None
    width, height, size = (
        int.from_bytes(data[12:14], "little"),
        int.from_bytes(data[14:16], "little"),
        data[16] // 8,
    )
    begin = 18 + data[0]
    if not width or not height or len(data) < begin + width * height * size:
        return None
    rows = np.frombuffer(data, np.uint8, width * height * size, begin).reshape(height, width, size)
    return np.ascontiguousarray((rows if data[17] & _FROM_ABOVE else rows[::-1])[:, :, 2::-1])
