"""Filmed mouths beside what each renderer draws of them, for the eye: no figure tells mud from teeth."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.pictures.filling import Pixels

from .picture_films import FilmedFace, read_film
from .portrait_bars import drawn_as_filmed, lip_gaps

_SHARES = (0.3, 0.6, 0.85, 1.0)
"""Which of a clip's frames are shown: by how many of its frames the lips are less apart."""
_SIDE = 192
_REACH = 0.65
"""Eye distances from the middle of the mouth to the sides of what is shown."""


def draw_sheet(clips: Sequence[Path], path: Path, renderers: Sequence[str], own_mesh: bool = False) -> None:
    """Write a picture: a clip a row; for each of a few frames the film, then every renderer.

    Args:
        clips: films of one face each; their first pictures are made to talk.
        path: the PNG or JPEG file.
        renderers: of `names.PORTRAIT_RENDERERS`.
        own_mesh: see `portrait_bars.measure_baked_film`.

    Raises:
        EngineError: see `picture_films.read_film` and `portrait.renderers.renderer_called`.
    """
    rows = []
    for clip in clips:
        film = read_film(clip)
        rows.append(sheet_row(film, [drawn_as_filmed(film, renderer, own_mesh) for renderer in renderers]))
    write_sheet(rows, path)


def sheet_row(film: FilmedFace, drawn: Sequence[Sequence[Pixels]]) -> Pixels:
    """(192, W, 3) for each of a few of a film's frames: the film, then what each renderer has drawn of it."""
    order = np.argsort(lip_gaps(film.points), kind="stable")
    places = [int(order[round(share * (len(order) - 1))]) for share in _SHARES]
    mouth = film.points[:, [61, 291], :2].mean(axis=1)
    reach = _REACH * film.face.eye_distance
    sides = [film.pictures, *drawn]
    return np.concatenate(
        [_cut(side[place], mouth[place], reach) for place in places for side in sides], axis=1
    )


def write_sheet(rows: Sequence[Pixels], path: Path) -> None:
    """Write rows as a picture, one below the other."""
    from PIL import Image

    Image.fromarray(np.concatenate(rows)).save(path, quality=90)


def _cut(picture: Pixels, middle: NDArray[np.floating], reach: float) -> Pixels:
    """(192, 192, 3) a square of a picture around a place."""
    from PIL import Image

    box = (middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach)
    size = (_SIDE, _SIDE)
    return np.asarray(
        Image.fromarray(picture).transform(size, Image.Transform.EXTENT, box, Image.Resampling.BICUBIC)
    )
