"""One person's renderer: what a few seconds of film show of their mouth, remembered."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ...errors import EngineError
from ...face.arrays import Flags, Floats
from ...pictures.filling import Pixels, inside, luminance
from ...pictures.filling import pixel_centres as centres
from ...pictures.indices import OUTER_LIPS
from ...portrait.boxes import Box
from ...portrait.mouth_memory import MouthMemory
from ...portrait.remembered import RememberedRenderer
from ...portrait.renderers import Stage
from ...portrait.sampling import Sampler
from ...portrait.sized import sized
from ...portrait.warp import WarpRenderer
from ...progress import Progress, share_of
from ..left_out import telling
from .material import Shot, material_of
from .remembering import Filmed, places_in, remembered, seen_in, uncovered

_HELD_BACK: Final = 4
"""Every so-manieth part of the film, at its end, is measured before it is remembered as well."""
_MEASURED = 40
"""Pictures that are measured at most."""
_GRAINS = (0.0, 1.3, 2.6, 3.9)
"""How much of the finest detail stays is sought between these."""
_SHARP = 1.15
"""How sharp a mouth shall be before it is encoded, which costs some of it, beside the film's: at 1.3 three people's lips were
0.1 dB farther from the film, and most of them sharper than filmed."""
_TRIED = 4
"""Shots at most, spread over the film, by which that is sought: pictures differ in how sharp they are themselves."""
_WORTH_IT = 1.0
"""Decibels by which a renderer is nearer to the film than the warp, or it is no use."""
_READING, _REMEMBERING = 0.75, 0.1
"""Shares of the work."""


@dataclass(frozen=True)
class Learnt:
    """A person's renderer.

    Attributes:
        memory: its metadata says whose it is.
        seconds: of film that it was learnt from.
        drawn, refined: decibels of the mouth in the part of the film that was held back, by the warp and by this.
        sharpness: of that mouth, beside the film's.
        warnings: sentences that the user should read.
    """

    memory: MouthMemory
    seconds: float
    drawn: float
    refined: float
    sharpness: float
    warnings: tuple[str, ...] = ()


def learn_renderer(clips: Sequence[Path], name: str, progress: Progress) -> Learnt:
    """Learn how one person's mouth looks.

    The end of the film is held back at first: the figures are of it. The grain is chosen on shots all over the film, most of them
    remembered ones, for what it brings back is too fine to be remembered. At last the end is remembered, too.

    Args:
        clips: films of that person, see `material.material_of`.
        name: of the person.
        progress: told 0 to 1; may raise to stop.

    Raises:
        EngineError: see `material.material_of` and `remembering.remembered`; or it does not come nearer to the film than the
            warp (code ``learnt_nothing``).
    """
    material = material_of(clips, share_of(progress, 0.0, _READING))
    kept = len(material.shots) - max(1, len(material.shots) // _HELD_BACK)
    progress(_READING, "Learning the mouth")
    every = seen_in(places_in(material.shots))
    seen = uncovered(every)
    covered = _pictures(every) - _pictures(seen)
    told = material.left_out + _told_of_covered(len(covered), len(_pictures(every)))
    known = {id(shot) for shot in material.shots[:kept]}
    # Read again: the even mouth of what is held back is not known, either.
    memory = remembered(seen_in([place for place in seen.places if id(place.shot) in known]), 0.0, {})
    tell = share_of(progress, _READING + _REMEMBERING, 1 - _READING - 2 * _REMEMBERING)
    films = _films(material.shots[kept:], covered)
    before = _figures(films, None)
    shown = [material.shots[round(place)] for place in np.linspace(0, len(material.shots) - 1, _TRIED)]
    shown = list({id(shot): shot for shot in shown}.values())
    tried, trials = [], _films(shown, covered)
    for number, grain in enumerate(_GRAINS):
        tell(number / (len(_GRAINS) + 1), "Learning the mouth")
        tried.append(_figures(trials, replace(memory, grain=grain)).sharpness)
    grain = float(
        np.interp(_SHARP, np.maximum.accumulate(tried), _GRAINS)
    )  # a little grain may cancel some of what is there
    after = _figures(films, replace(memory, grain=grain))
    if not np.isfinite(after.decibels) or after.decibels < before.decibels + _WORTH_IT:
        nothing = EngineError(
            f"{material.shots[0].stretch.film} did not teach a mouth ({after.decibels:.1f} dB beside {before.decibels:.1f} dB "
            "without): choose a sharper film of one person who talks to the camera, with nothing before the mouth.",
            "learnt_nothing",
        )
        raise telling(nothing, told)
    progress(1 - _REMEMBERING, "Learning the mouth")
    metadata: dict[str, Any] = {
        "name": "personal",
        "version": "2",
        "person": name,
        "seconds": round(material.seconds, 1),
        "proportions": [round(float(value), 4) for value in material.proportions],
        "drawn_dB": round(before.decibels, 2),
        "refined_dB": round(after.decibels, 2),
        "sharpness": round(after.sharpness, 3),
    }
    whole = remembered(seen, grain, metadata)
    return Learnt(whole, material.seconds, before.decibels, after.decibels, after.sharpness, told)


def _pictures(seen: Filmed) -> set[tuple[int, int]]:
    """Which they are: a shot's id and its row."""
    return {(id(place.shot), place.row) for place in seen.places}


def _told_of_covered(count: int, every: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"Something is before the mouth in {count} of {every} pictures: nothing was learnt from those.",)


@dataclass(frozen=True)
class _Film:
    """Pictures of a shot that are measured: its rows, what they show, and where in them the lips are."""

    shot: Shot
    rows: Sequence[int]
    pictures: Sequence[Pixels]
    lips: Sequence[Flags]


@dataclass(frozen=True)
class _Figures:
    decibels: float
    sharpness: float


def _films(shots: Sequence[Shot], covered: Set[tuple[int, int]]) -> list[_Film]:
    """What is measured of shots, without the pictures, (shot's id, row), in which something is before the mouth."""
    every = max(1, round(sum(len(shot.poses) for shot in shots) / _MEASURED))
    result = []
    for shot in shots:
        spread = range(min(every, len(shot.poses) - 1), len(shot.poses), every)
        rows = [row for row in spread if (id(shot), row) not in covered]
        if not rows:
            continue
        pictures = [shot.stretch.picture(row) for row in rows]
        places = centres(0, 0, *shot.face.size)
        lips = [inside(shot.stretch.points[row][OUTER_LIPS, :2], places) for row in rows]
        result.append(_Film(shot, rows, pictures, lips))
    return result


def _figures(films: Sequence[_Film], memory: MouthMemory | None) -> _Figures:
    """How near the lips in films are drawn, and how sharply in most; by the warp where nothing is remembered."""
    errors, sharpness = [], []
    for film in films:
        sampler = Sampler()
        face = sized(film.shot.face, film.shot.face.size, sampler)
        view = Box(0, 0, *face.size)
        draws: WarpRenderer | RememberedRenderer = (
            RememberedRenderer(Stage(face, False, view, sampler), memory)
            if memory
            else WarpRenderer(face, False, view, sampler)
        )
        energy = np.zeros(2)
        drawn = draws.draw_all([replace(film.shot.poses[row], _placed={}) for row in film.rows])
        for one, filmed, lips in zip(drawn, film.pictures, film.lips):
            if lips.any():  # or the lips are out of the picture
                errors.append(float(((one.astype(np.float32) - filmed)[lips] ** 2).mean()))
                energy += [float((_laplacian(side)[lips] ** 2).sum()) for side in (one, filmed)]
        sharpness.append(float(energy[0] / max(energy[1], 1e-9)))
    decibels = 10 * np.log10(255**2 / max(float(np.mean(errors)) if errors else np.inf, 1e-9))
    return _Figures(float(decibels), float(np.median(sharpness)))


def _laplacian(picture: Pixels) -> Floats:
    """(H, W) of a picture's brightness; at its border the border goes on."""
    bright = np.pad(luminance(picture), 1, mode="edge")
    around = bright[:-2, 1:-1] + bright[2:, 1:-1] + bright[1:-1, :-2] + bright[1:-1, 2:]
    return np.asarray(4 * bright[1:-1, 1:-1] - around)
