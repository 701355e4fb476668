"""The figures of pictures that talk as tables, each beside its bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

import numpy as np

from inference.errors import EngineError
from inference.face.messages import AnimateOptions
from inference.pictures.image_files import read_picture
from inference.pictures.make import Wanted, make_faces
from inference.pipeline import animate
from inference.training.filmed_corpora.corpus import learnt, spread

from .picture_bars import PictureFigures, measure_picture
from .picture_films import FilmFigures, decibels

Figures = TypeVar("Figures")
Films = Mapping[str, Sequence[FilmFigures]]

BARS: dict[str, tuple[str, Callable[[float], bool]]] = {
    "at_rest": ("0", lambda value: value == 0),
    "gap_correlation": ("≥ 0.95", lambda value: value >= 0.95),
    "gap_error": ("≤ 0.02", lambda value: value <= 0.02),
    "shut_gap": ("≤ 0.01", lambda value: value <= 0.01),
    "blink_left": ("≤ 0.2", lambda value: value <= 0.2),
    "sharpness": ("≥ 0.95", lambda value: value >= 0.95),
    "skin_sharpness": ("≥ 0.95", lambda value: value >= 0.95),
    "changed": ("0", lambda value: value == 0),
    "folded": ("0", lambda value: value == 0),
}
"""Figure of a picture → what is asked of it, and whether a value is so."""


def held_out(data: Path, speaker: str, most: int) -> list[Path]:
    """So many clips of a speaker that are held out, evenly spread; in the large version where there is one.

    Raises:
        EngineError: the speaker has no clips there (code ``no_clips``).
    """
    clips = sorted((data / "grid" / speaker).glob("*.mp4"))
    kept = [clip for index, clip in enumerate(clips) if not learnt(speaker, index)]
    if not kept:
        raise EngineError(
            f"{data / 'grid' / speaker} holds no clips: give the folder that holds grid.", "no_clips"
        )
    return spread(data, speaker, kept, most)


def films(
    data: Path,
    speakers: Sequence[str],
    most: int,
    measure: Callable[[Path], Figures],
    report: Callable[[str], None] = print,
) -> dict[str, list[Figures]]:
    """The figures of speakers' held-out clips; a clip that cannot be measured is reported and passed over.

    Raises:
        EngineError: no clip can be (code ``no_clips``).
    """
    result: dict[str, list[Figures]] = {}
    for speaker in speakers:
        for clip in held_out(data, speaker, most):
            try:
                figures = measure(clip)
                result.setdefault(speaker, []).append(figures)
            except EngineError as error:
                report(f"skipped: {error.message}")
    if speakers and not result:
        raise EngineError(f"No clip in {data} could be measured: give films of one face each.", "no_clips")
    return result


def film_lines(films: Films) -> list[str]:
    """A table: decibels of all a speaker's clips together, and sharpness beside them."""
    lines = [
        "| speaker | clips | outside the lips: held still, drawn, gain | lips: held still, drawn | between the lips "
        "| lips' sharpness |",
        "|---|---|---|---|---|---|",
    ]
    for speaker, figures in films.items():
        total = {
            name: _mean([asdict(one)[name] for one in figures])
            for name in asdict(figures[0])
            if name != "frames"
        }
        outside, still = decibels(total["outside"]), decibels(total["frozen_outside"])
        lips = f"{decibels(total['frozen_lips']):.1f}, {decibels(total['lips']):.1f}"
        lines.append(
            f"| {speaker} | {len(figures)} | {still:.1f}, {outside:.1f}, {outside - still:+.1f} dB | {lips} dB "
            f"| {decibels(total['opening']):.1f} dB | {np.median([one.sharpness for one in figures]):.2f} |"
        )
    return [*lines, "Bars: gain of 1.5 dB or more; lips of 23 dB or more with a sharpness of 0.9 to 1.15."]


def _mean(values: Sequence[float]) -> float:
    """Of those that are known; nan where none is."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def pictures(paths: Sequence[Path], voice: Path) -> dict[str, PictureFigures]:
    """The figures of portraits, moved by what the engine makes of a voice.

    Raises:
        EngineError: a file cannot be read, shows no face, or the voice cannot be heard.
    """
    if not paths:
        return {}
    animation = animate(voice, AnimateOptions()).animation
    result = {}
    for path in paths:
        made = make_faces(read_picture(path, path.name), Wanted(path.name), {}, lambda *_: None)
        result[path.name] = measure_picture(made.faces[0], animation)
    return result


def picture_lines(pictures: Mapping[str, PictureFigures]) -> list[str]:
    """A table: a picture a row, what misses its bar marked by an exclamation mark."""
    names = list(BARS)
    lines = [
        "| picture | " + " | ".join(f"{name.replace('_', ' ')} {BARS[name][0]}" for name in names) + " |",
        "|---" * (len(names) + 1) + "|",
    ]
    for picture, figures in pictures.items():
        cells = []
        for name in names:
            value = float(getattr(figures, name))
            missed = "" if np.isnan(value) or BARS[name][1](value) else "!"
            cells.append(f"{value:.3g}{missed}")
        lines.append(f"| {picture} | " + " | ".join(cells) + " |")
    return lines
