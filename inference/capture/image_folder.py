"""A folder of images as a film: which of its files are the film's pictures, when each is seen, and what sounds meanwhile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..detection.pictures import as_colours
from ..errors import EngineError
from ..pictures.image_files import read_picture

IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".tga", ".webp"}
SOUND_SUFFIX = ".wav"
FEWEST_IMAGES = 5
"""Images in a folder from which on it is taken for an image sequence."""

_NUMBERS = re.compile(r"(\d{1,18})", re.ASCII)
_SPARSE = 2  # numbers for each image: where there are more, they are no numbers of pictures


@dataclass(frozen=True)
class Series:
    """The images of a folder that are a film's pictures.

    Attributes:
        images: in the order in which they are seen.
        places: (N,) which picture of the film each one is, from 0 on: where images are missing, numbers are left out.
        told: sentences about what was left out.
    """

    images: tuple[Path, ...]
    places: tuple[int, ...]
    told: tuple[str, ...]


def images_in(folder: Path) -> list[Path]:
    """The images of a folder, sorted by name, numbers in it as people count: frame2 before frame10."""
    images = [
        path
        for path in folder.iterdir()
        # macOS puts a hidden ._frame2.png beside each frame2.png on other systems' disks.
        if path.suffix.lower() in IMAGE_SUFFIXES and not path.name.startswith(".") and path.is_file()
    ]
    return sorted(images, key=lambda path: (_parts(path.stem), path.name))


def _parts(name: str) -> list[str | int]:
    """Text and numbers in turn, text first."""
    return [int(part) if place % 2 else part for place, part in enumerate(_NUMBERS.split(name))]


def sounds_in(folder: Path) -> list[Path]:
    """The recordings of a folder; a film has one."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() == SOUND_SUFFIX and not path.name.startswith(".") and path.is_file()
    )


def series_in(folder: Path) -> Series:
    """The film's pictures among a folder's images: what is named otherwise than most of them, such as a poster, is none."""
    listed = images_in(folder)
    images = list({path.stem: path for path in reversed(listed)}.values())[::-1]  # of two formats, the first
    names = [tuple(_parts(path.stem)[::2]) for path in images]
    usual, count = Counter(names).most_common(1)[0] if names else ((), 0)
    if 2 * count > len(images):
        images = [path for path, name in zip(images, names, strict=True) if name == usual]
    places = _places(images)
    told = []
    kept = set(images)
    left_out = [path.name for path in listed if path not in kept]
    if left_out:
        told.append(
            f"{_counted(left_out)} in {folder.name} was left out: it is named otherwise than the other images, or one of them in "
            "another format."
        )
    return Series(tuple(images), places, tuple(told))


def _places(images: Sequence[Path]) -> tuple[int, ...]:
    """Which picture each image is by the number in its name; by its turn where names say no such thing."""
    numbers = np.array([_parts(path.stem)[1::2] for path in images], dtype=object)
    in_turn = tuple(range(len(images)))
    if numbers.ndim != 2 or len(images) < 2:
        return in_turn
    counting = numbers[:, (numbers != numbers[0]).any(axis=0)]
    if counting.shape[1] != 1:
        return in_turn
    steps = np.diff(counting[:, 0].astype(np.int64))
    pictures = np.concatenate([[0], np.cumsum(steps // max(int(np.gcd.reduce(steps)), 1))])
    if steps.min() < 1 or pictures[-1] >= _SPARSE * len(images):
        return in_turn
    return tuple(int(place) for place in pictures)


def pictures_of(folder: Path, told: list[str] | None = None) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """The film's pictures (H, W, 3) RGB, upright, with the place of each among them; what is transparent lies on white.

    Where the first ones cannot be read, the first that can is seen in their places, too: the sound begins at place 0.

    Args:
        folder: with images.
        told: is given a sentence about images that cannot be read.

    Raises:
        EngineError: none can be read (code ``bad_picture``), or this engine has no decoder for them (``full_engine_needed``).
    """
    series = series_in(folder)
    damaged: list[EngineError] = []
    names: list[str] = []
    begun = False
    for path, place in zip(series.images, series.places, strict=True):
        try:
            picture = as_colours(read_picture(path))
        except EngineError as error:
            if error.code == "full_engine_needed":
                raise
            damaged.append(error)
            names.append(path.name)
            continue
        for earlier in range(0 if begun else place):
            yield earlier, picture
        begun = True
        yield place, picture
    if len(damaged) == len(series.images) and damaged:
        raise damaged[0]
    if told is not None and names:
        told.append(f"{_counted(names)} in {folder.name} cannot be read: export it again.")


def _counted(names: Sequence[str]) -> str:
    """Some images as the beginning of a sentence about each of them."""
    return names[0] if len(names) == 1 else f"Each of {len(names)} images such as {names[0]}"
