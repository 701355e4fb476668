"""The figures of baked videos as tables, each beside its bar."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from inference.errors import EngineError
from inference.face.face_picture import FacePicture
from inference.face.messages import AnimateOptions
from inference.pictures.image_files import read_picture
from inference.pictures.make import Wanted, make_faces
from inference.pipeline import animate

from .picture_films import decibels, read_film
from .picture_table import held_out
from .portrait_bars import BakedFilmFigures, PortraitFigures, measure_portrait

Portraits = Mapping[tuple[str, str], PortraitFigures]
"""Picture and voice → what was measured."""
Films = Mapping[str, Sequence[BakedFilmFigures]]

BARS: dict[str, tuple[str, Callable[[float], bool]]] = {
    "correlation": ("≥ 0.95", lambda value: value >= 0.95),
    "error": ("≤ 0.02", lambda value: value <= 0.02),
    "shut": ("≤ 0.012", lambda value: value <= 0.012),
}
"""Figure of a baked video → what is asked of it, and whether a value is so."""


def first_pictures(data: Path, speakers: Sequence[str]) -> dict[str, FacePicture]:
    """The first picture of each speaker's first held-out clip, as a portrait.

    Raises:
        EngineError: a speaker has no clips, or a clip shows no face all the time.
    """
    return {speaker: read_film(held_out(data, speaker, 1)[0]).face for speaker in speakers}


def portrait(path: Path) -> FacePicture:
    """The largest face of a picture file.

    Raises:
        EngineError: it cannot be read, or shows no face.
    """
    return make_faces(read_picture(path, path.name), Wanted(path.name), {}, lambda *_: None).faces[0]


def portraits(
    faces: Mapping[str, FacePicture],
    voices: Sequence[Path],
    renderer: str = "warp",
    report: Callable[[str], None] = print,
) -> dict[tuple[str, str], PortraitFigures]:
    """The figures of each picture with each voice; a video in which no face is found again is reported and passed over.

    Raises:
        EngineError: a voice cannot be heard.
    """
    result = {}
    for voice in voices if faces else ():
        animation = animate(voice, AnimateOptions()).animation
        for name, face in faces.items():
            try:
                result[name, voice.name] = measure_portrait(face, animation, renderer)
            except EngineError as error:
                if error.code != "bad_video":
                    raise
                report(f"skipped: {name} with {voice.name}: {error.message}")
    return result


def portrait_lines(figures: Portraits) -> list[str]:
    """A table: a video a row, what misses its bar marked by an exclamation mark; gaps in hundredths of the eye distance."""
    lines = [
        "| picture | voice | frames | r ≥ 0.95 | error ≤ 2 % | shut ≤ 1.2 % (largest, frames) | flicker | frames a second |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (picture, voice), one in figures.items():
        r, error, shut = (
            _marked(name, value, text)
            for name, value, text in (
                ("correlation", one.correlation, f"{one.correlation:.3f}"),
                ("error", one.error, f"{100 * one.error:.1f} %"),
                ("shut", one.shut, f"{100 * one.shut:.1f} %"),
            )
        )
        lines.append(
            f"| {picture} | {voice} | {one.frames} | {r} | {error} | {shut} ({100 * one.shut_largest:.1f} %, "
            f"{one.shut_frames}) | {one.flicker:.3f} | {one.speed:.0f} |"
        )
    return [*lines, "Flicker: change from frame to frame where the head does not reach, levels of 255."]


def _marked(name: str, value: float, text: str) -> str:
    return text + ("" if np.isnan(value) or BARS[name][1](value) else "!")


def film_lines(films: Films) -> list[str]:
    """A table: a speaker a row, all clips together."""
    lines = [
        "| speaker | clips | lips: held still, baked | between the lips | lips' sharpness | lips apart ≤ 3 % | flicker ≤ 1.2 |",
        "|---|---|---|---|---|---|---|",
    ]
    for speaker, figures in films.items():
        still, baked, opening = (
            decibels(float(np.nanmean([getattr(one.film, name) for one in figures])))
            for name in ("frozen_lips", "lips", "opening")
        )
        lines.append(
            f"| {speaker} | {len(figures)} | {still:.1f}, {baked:.1f} dB | {opening:.1f} dB "
            f"| {np.median([one.film.sharpness for one in figures]):.2f} "
            f"| {100 * np.mean([one.lips_apart for one in figures]):.1f} % "
            f"| {np.mean([one.flicker for one in figures]):.2f} |"
        )
    return lines


def portrait_rows(portraits: Portraits) -> list[dict[str, Any]]:
    """The same as data."""
    return [
        {"picture": picture, "voice": voice, **asdict(figures)}
        for (picture, voice), figures in portraits.items()
    ]
