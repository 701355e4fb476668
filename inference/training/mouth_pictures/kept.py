"""All pairs that a training learns from, made once and kept in a folder, a file a clip or head."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zlib import crc32

import numpy as np

from inference.errors import EngineError
from inference.training.mouth_pictures.pairs import Pairs

from .films import clips_of, film_pairs, head_pairs
from .heads import HeadModel

Report = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What is made.

    Attributes:
        side: pixels of the squares.
        frames: of each clip, a multiple of 4; of a head half as many.
        clips: most of a speaker.
        heads: how many synthetic ones.
        left_out: speakers.
        seed: says everything that is drawn by chance.
    """

    side: int
    frames: int
    clips: int
    heads: int
    left_out: tuple[str, ...]
    seed: int

    def random(self, name: str) -> np.random.RandomState:
        """The chance of one clip or head, whichever were made before."""
        return np.random.RandomState((crc32(name.encode()) + self.seed) % 2**32)


def kept_films(wanted: Wanted, data: Path, folder: Path, report: Report = print) -> list[Path]:
    """The files of all filmed people; what is there already is not made again. A clip that is no use is reported.

    Raises:
        EngineError: there is no clip at all (code ``no_clips``).
    """
    made = []
    for clip in clips_of(data, wanted.clips, wanted.left_out):
        path = folder / f"film_{clip.parent.name}_{clip.stem}.npz"
        make = partial(film_pairs, clip, wanted.side, wanted.frames, wanted.random(path.stem))
        if kept(path, make, report):
            made.append(path)
    if not made:
        raise EngineError(f"No clip in {data / 'grid'} could be used.", "no_clips")
    return made


def kept_heads(wanted: Wanted, model: HeadModel, folder: Path, report: Report = print) -> list[Path]:
    """The files of synthetic heads; what is there already is not made again. A head that is no use is reported."""
    made = []
    for number in range(wanted.heads):
        path = folder / f"head_{number:04d}.npz"
        make = partial(head_pairs, model, wanted.side, wanted.frames // 2, wanted.random(path.stem))
        if kept(path, make, report):
            made.append(path)
    return made


def kept(path: Path, make: Callable[[], Pairs], report: Report) -> bool:
    """Make a file of pairs unless it is there, whole; whether it is now. Why not is reported."""
    if path.is_file() and zipfile.is_zipfile(path):
        return True
    try:
        make().save(path)
    except EngineError as error:
        report(f"skipped {path.stem}: {error.message}")
        return False
    return True


def loaded(paths: Sequence[Path]) -> list[Pairs]:
    """The pairs of all files."""
    return [Pairs.load(path) for path in paths]
