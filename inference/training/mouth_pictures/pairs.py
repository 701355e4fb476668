"""Pairs of what the warp draws and what was to be seen there, kept a file a person or head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inference.face.arrays import Floats
from inference.face.result_files import write_whole
from inference.pictures.filling import Pixels
from inference.portrait.mouth_crop import MAPS, MouthCrop
from inference.portrait.warp import Pose, WarpRenderer
from inference.training.whole_files import opened_arrays


@dataclass(frozen=True)
class Pairs:
    """Squares of S pixels of one face, uint8; frame 2k and 2k + 1 are neighbours in time.

    Attributes:
        still: (S, S, 3) the picture that was made to talk.
        drawn: (N, S, S, 3) what the warp draws.
        truth: (N, S, S, 3) what it should look like.
        maps: (N, S, S, `MAPS`) see `MouthCrop.maps`.
    """

    still: Pixels
    drawn: Pixels
    truth: Pixels
    maps: Pixels

    def save(self, path: Path) -> None:
        """Write the file, complete or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        arrays = {"still": self.still, "drawn": self.drawn, "truth": self.truth, "maps": self.maps}
        write_whole(path, lambda stream: np.savez(stream, **arrays))

    @classmethod
    def load(cls, path: Path) -> Pairs:
        """Read it again."""
        with opened_arrays(path, "what was prepared for a training", "delete it") as data:
            return cls(*(data[name] for name in ("still", "drawn", "truth", "maps")))


def taken_pairs(crop: MouthCrop, poses: Sequence[Pose], truths: Sequence[Pixels]) -> Pairs:
    """The squares of a face in some poses, beside pictures (H, W, 3) that show what is to be seen."""
    renderer = WarpRenderer(crop.face, sampler=crop.sampler)
    side = crop.side
    drawn = np.empty((len(poses), side, side, 3), np.uint8)
    truth, maps = np.empty_like(drawn), np.empty((len(poses), side, side, MAPS), np.uint8)
    for row, (pose, picture) in enumerate(zip(poses, truths, strict=True)):
        placement = crop.placement(pose)
        drawn[row] = _bytes(crop.taken(renderer.draw(pose)[..., :3], placement))
        truth[row] = _bytes(crop.taken(picture, placement))
        maps[row] = _bytes(crop.maps(pose, placement))
    return Pairs(_bytes(crop.still), drawn, truth, maps)


def _bytes(values: Floats) -> Pixels:
    return np.asarray(np.round(values * 255).clip(0, 255), np.uint8)
