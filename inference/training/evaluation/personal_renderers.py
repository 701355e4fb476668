"""People's own renderers, measured on clips that they were not learnt from, beside the warp."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inference.errors import EngineError
from inference.imitation.mouth.personal import learn_renderer
from inference.pictures.filling import Pixels
from inference.portrait.own_renderer import load_personal
from inference.portrait.warp import Pose
from inference.training.filmed_corpora.corpus import spread

from .picture_films import FilmedFace, decibels, read_film
from .picture_table import held_out
from .portrait_bars import BakedFilmFigures, baked, compared_films, drawn_in_poses, poses_of
from .portrait_sheet import sheet_row, write_sheet

_ALL = 1_000_000


@dataclass(frozen=True)
class PersonalFigures:
    """What a person's own renderer measures.

    Attributes:
        speaker: whose it is.
        minutes: that learning took; nan where it was there already.
        metadata: of its file.
        warp, personal: the figures of each clip, moved by shapes.
        warp_by_mesh, personal_by_mesh: the same, moved by the films' own mesh; none where that was not asked for.
    """

    speaker: str
    minutes: float
    metadata: dict[str, Any]
    warp: list[BakedFilmFigures]
    personal: list[BakedFilmFigures]
    warp_by_mesh: list[BakedFilmFigures]
    personal_by_mesh: list[BakedFilmFigures]


def measure_personal(
    data: Path,
    speakers: Sequence[str],
    learnt: int,
    most: int,
    folder: Path,
    sheet: Path | None = None,
    own_mesh: bool = False,
    report: Callable[[str], None] = print,
) -> list[PersonalFigures]:
    """Learn a renderer of each speaker from the first so many held-out clips, and measure it on others.

    Args:
        data: folder with ``grid/<speaker>/*.mp4``.
        speakers: whose.
        learnt: clips that are learnt from.
        most: others that are measured, spread evenly.
        folder: for the renderers; one that is there is not learnt again.
        sheet: a picture of the measured mouths to draw: filmed, warped, refined.
        own_mesh: measure them moved by the films' own mesh as well, and draw the sheet so.
        report: told what is passed over.

    Raises:
        EngineError: a speaker has too few clips (code ``no_clips``), or as `personal.learn_renderer`.
    """
    result = []
    for speaker in speakers:
        clips = held_out(data, speaker, _ALL)
        if len(clips) <= learnt:
            raise EngineError(
                f"{speaker} has {len(clips)} clips that are held out: learn from fewer, or name other speakers.",
                "no_clips",
            )
        path, minutes = folder / f"{speaker}.npz", float("nan")
        if not path.is_file():
            begin = time.monotonic()
            _learn(clips[:learnt], speaker, path)
            minutes = (time.monotonic() - begin) / 60
        measured = spread(data, speaker, clips[learnt:], most)
        figures, rows = _measured(measured, ("warp", str(path)), own_mesh, report)
        result.append(PersonalFigures(speaker, minutes, load_personal(path).metadata, *figures))
        if sheet is not None and rows:
            write_sheet(rows, sheet.with_name(f"{sheet.stem}_{speaker}{sheet.suffix}"))
    return result


def _learn(clips: Sequence[Path], speaker: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    learn_renderer(clips, speaker, lambda *_: None).memory.save(path)


def _measured(
    clips: Sequence[Path], renderers: Sequence[str], own_mesh: bool, report: Callable[[str], None]
) -> tuple[list[list[BakedFilmFigures]], list[Pixels]]:
    """The figures of each renderer by shapes, then of each by the mesh; and a row of the sheet a clip, which is read once."""
    figures: list[list[BakedFilmFigures]] = [[] for _ in range(2 * len(renderers))]
    rows = []
    for clip in clips:
        try:
            film = read_film(clip)
            shown = [_drawn(film, renderers, poses_of(film))]
            shown += [_drawn(film, renderers, poses_of(film, True))] if own_mesh else []
            drawn = [pictures for ways in shown for pictures in ways]
            compared = [compared_films(film, baked(film.face, pictures)) for pictures in drawn]
        except EngineError as error:
            report(f"skipped: {error.message}")
            continue
        for one, figure in zip(figures, compared):
            one.append(figure)
        rows.append(sheet_row(film, shown[-1]))
    return figures, rows


def _drawn(film: FilmedFace, renderers: Sequence[str], poses: Sequence[Pose]) -> list[list[Pixels]]:
    return [drawn_in_poses(film.face, renderer, poses) for renderer in renderers]


def personal_lines(figures: Sequence[PersonalFigures]) -> list[str]:
    """A table: a speaker and renderer a row."""
    lines = [
        "| speaker | renderer | clips | lips | between the lips | lips' sharpness | lips apart | flicker | learnt in |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in figures:
        for name, rows in (
            ("warp", one.warp),
            ("personal", one.personal),
            ("warp, by the mesh", one.warp_by_mesh),
            ("personal, by the mesh", one.personal_by_mesh),
        ):
            if not rows:
                continue
            lips, opening = (
                decibels(float(np.nanmean([getattr(row.film, part) for row in rows])))
                for part in ("lips", "opening")
            )
            sharpness = np.median([row.film.sharpness for row in rows])
            took = f"{one.minutes:.1f} min" if name == "personal" and not np.isnan(one.minutes) else ""
            lines.append(
                f"| {one.speaker} | {name} | {len(rows)} | {lips:.1f} dB | {opening:.1f} dB "
                f"| {sharpness:.2f} | {100 * np.mean([row.lips_apart for row in rows]):.1f} % "
                f"| {np.mean([row.flicker for row in rows]):.2f} | {took} |"
            )
    return lines
