"""Pairs of filmed people, and of heads that are drawn: one picture is made to talk as the others do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inference.errors import EngineError
from inference.pictures.make import face_of_frame
from inference.portrait.following import followed, points_in
from inference.portrait.mouth_crop import MouthCrop
from inference.portrait.sampling import Sampler
from inference.training.evaluation.picture_films import pictures_and_points
from inference.training.filmed_corpora.corpus import is_divided, learnt, spread
from inference.training.mouth_pictures.pairs import Pairs, taken_pairs

from .heads import HeadModel, RandomHead

_HELD = 5


def clips_of(data: Path, most: int, left_out: Sequence[str]) -> list[Path]:
    """Clips to learn from, at most so many a speaker and evenly spread; in the large version where there is one.

    Of s1 and s4 those that are held out are left out (see `corpus.learnt`); other speakers are learnt from whole.

    Raises:
        EngineError: there are none (code ``no_clips``).
    """
    chosen: list[Path] = []
    for folder in sorted((data / "grid").glob("s*")):
        speaker = folder.name
        if speaker in left_out:
            continue
        clips = [
            clip
            for index, clip in enumerate(sorted(folder.glob("*.mp4")))
            if learnt(speaker, index) or not is_divided(speaker)
        ]
        chosen += spread(data, speaker, clips, most)
    if not chosen:
        raise EngineError(f"{data / 'grid'} holds no clips to learn from.", "no_clips")
    return chosen


def film_pairs(path: Path, side: int, frames: int, random: np.random.RandomState) -> Pairs:
    """The pairs of one clip.

    Args:
        path: a film with one face.
        side: pixels of the squares.
        frames: how many, even: half as many places, two neighbours at each.
        random: says which picture is made to talk, half of the time the first, and which frames are taken.

    Raises:
        EngineError: the film cannot be read, or its face is not seen all the time (code ``bad_video``).
    """
    pictures, points = pictures_and_points(path)
    shown = 0 if random.rand() < 0.5 else int(random.randint(len(pictures)))
    face = face_of_frame(pictures[shown], path.name)
    poses = followed(face, np.concatenate([points[[shown]], points]))[1:]
    first = np.sort(random.permutation(len(pictures) - 1)[: frames // 2])
    chosen = np.stack([first, first + 1], axis=1).ravel()
    return taken_pairs(
        MouthCrop(face, side, Sampler()),
        [poses[row] for row in chosen],
        [pictures[row] for row in chosen],
    )


def head_pairs(model: HeadModel, side: int, frames: int, random: np.random.RandomState) -> Pairs:
    """The pairs of a head made by chance, found and followed as a filmed one is.

    Raises:
        EngineError: no face is seen in some of its pictures (code ``bad_video``), or as `make_faces`.
    """
    still, *pictures = RandomHead(model, random).film(frames // 2)
    points = points_in([still, *pictures])
    if points is None:
        raise EngineError("A synthetic head shows no face in some of its pictures.", "bad_video")
    # Each frame stands as long as the head's motion is smoothed over, for its neighbours are others.
    held = np.concatenate([points[:1], np.repeat(points[1:], _HELD, axis=0)])
    face = face_of_frame(still, "synthetic head")
    poses = followed(face, held)[1 + _HELD // 2 :: _HELD]
    return taken_pairs(MouthCrop(face, side, Sampler()), poses, pictures)
