"""What the lips' error is made of: how much is left of it where one thing about what was drawn is as filmed.

Nothing that draws can know these things; they say what it would gain at most by learning them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np

from inference.face.arrays import Flags, Floats
from inference.packages import load_package
from inference.pictures.filling import pixel_centres

from .picture_films import FilmedFace, decibels, laplacian_energy, lips_of, read_film
from .portrait_bars import Picture, drawn_as_filmed

_EVERY = 3
"""Which pictures are compared; all are followed."""
_AROUND = 0.3
"""Eye units around the lips that are looked at."""
_LEAST = 9
"""Pixels between the lips from which on they count as open."""
_USUAL_UNIT = 70.0
"""Pixels between the outer eye corners that the distances below are meant for."""
_BLUR, _WINDOW = 3.0, 17.0


@dataclass(frozen=True)
class LipErrorParts:
    """What one clip measures.

    Attributes:
        area, error: what lies between the lips: its shares of the lips' area and of their error.
        left: what was put right → the lips' error that is left, the mean of squares of 0 to 255, and their sharpness by the
            film's, see `FilmFigures`. The first is of what was drawn, with nothing put right.
    """

    area: float
    error: float
    left: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class _Frame:
    """Drawn and filmed (H, W, 3) float32 around the lips, the lips with what is between them, and that alone."""

    drawn: Floats
    filmed: Floats
    lips: Flags
    opening: Flags
    unit: float

    @property
    def scale(self) -> float:
        """Of distances, by a face whose eye corners are as far apart as usual."""
        return self.unit / _USUAL_UNIT


def measure_parts(path: Path, renderer: str = "warp", own_mesh: bool = False) -> LipErrorParts:
    """See `portrait_bars.measure_baked_film`; nothing is encoded here.

    Raises:
        EngineError: as there; OpenCV is missing (code ``full_engine_needed``).
    """
    film = read_film(path)
    return parts_of(film, drawn_as_filmed(film, renderer, own_mesh))


def parts_of(film: FilmedFace, drawn: Sequence[Picture]) -> LipErrorParts:
    """What the lips' error of drawn pictures (H, W, 3) is made of, one for each of a film's.

    Raises:
        EngineError: OpenCV is missing (code ``full_engine_needed``).
    """
    frames = [_frame(film, drawn, row) for row in range(_EVERY, len(drawn), _EVERY)]
    errors = [_error(one, one.drawn) for one in frames]
    between = sum(float(error[one.opening & one.lips].sum()) for error, one in zip(errors, frames))
    return LipErrorParts(
        sum(int((one.opening & one.lips).sum()) for one in frames)
        / sum(int(one.lips.sum()) for one in frames),
        between / max(1e-9, sum(float(error[one.lips].sum()) for error, one in zip(errors, frames))),
        {name: _left(frames, put_right) for name, put_right in _PUT_RIGHT.items()},
    )


def parts_lines(clips: Mapping[str, Sequence[LipErrorParts]]) -> list[str]:
    """A table: what was put right a row, a speaker a column, decibels and sharpness, and what is gained in the mean."""
    lines = [
        "| lips, as filmed is | " + " | ".join(clips) + " | mean gain |",
        "|---|" + "---|" * (len(clips) + 1),
    ]
    drawn = next(iter(_PUT_RIGHT))
    decibels_of = {
        name: [decibels(float(np.mean([one.left[name][0] for one in own]))) for own in clips.values()]
        for name in _PUT_RIGHT
    }
    for name, values in decibels_of.items():
        sharp = (np.median([one.left[name][1] for one in own]) for own in clips.values())
        cells = " | ".join(f"{value:.1f} dB at {sharpness:.2f}" for value, sharpness in zip(values, sharp))
        gain = np.mean(np.subtract(values, decibels_of[drawn]))
        lines.append(f"| {name} | {cells} | {gain:+.1f} dB |")
    shares = " | ".join(
        f"{100 * np.mean([one.area for one in own]):.0f} % of the area, "
        f"{100 * np.mean([one.error for one in own]):.0f} % of the error"
        for own in clips.values()
    )
    return [*lines, f"| (between the lips lie) | {shares} | |"]


def _frame(film: FilmedFace, drawn: Sequence[Picture], row: int) -> _Frame:
    unit = film.face.eye_distance
    height, width = drawn[row].shape[:2]
    everywhere = lips_of(film.points[row], pixel_centres(0, 0, width, height), unit)
    seen = np.argwhere(everywhere[0] | everywhere[1])
    around = round(_AROUND * unit)
    top, left = np.maximum(seen.min(axis=0) - around, 0)
    bottom, right = seen.max(axis=0) + around + 1
    box = slice(top, bottom), slice(left, right)
    shown, filmed = (picture[box].astype(np.float32) for picture in (drawn[row], film.pictures[row]))
    return _Frame(shown, filmed, everywhere[0][box], everywhere[1][box], unit)


def _error(frame: _Frame, shown: Floats) -> Floats:
    return np.asarray(((shown - frame.filmed) ** 2).mean(axis=-1))


def _left(frames: Sequence[_Frame], put_right: Callable[[_Frame], Floats]) -> tuple[float, float]:
    """The lips' error and their sharpness by the film's."""
    errors, energy = [], np.zeros(2)
    for one in frames:
        shown = put_right(one)
        errors.append(float(_error(one, shown)[one.lips].mean()))
        energy += [laplacian_energy(_whole(picture), one.lips) for picture in (shown, one.filmed)]
    return float(np.mean(errors)), float(energy[0] / max(energy[1], 1e-9))


def _whole(picture: Floats) -> Picture:
    return np.rint(picture).clip(0, 255).astype(np.uint8)


def _opening(frame: _Frame) -> Floats:
    return np.where(frame.opening[..., None], frame.filmed, frame.drawn)


def _skin(frame: _Frame) -> Floats:
    return np.where(frame.opening[..., None], frame.drawn, frame.filmed)


def _mean_of_opening(frame: _Frame) -> Floats:
    result = frame.drawn.copy()
    if frame.opening.sum() >= _LEAST:
        result[frame.opening] += (frame.filmed - frame.drawn)[frame.opening].mean(axis=0)
    return result


def _brightness(frame: _Frame) -> Floats:
    """Each colour's line through what was drawn and filmed of the lips."""
    result = frame.drawn.copy()
    for colour in range(3):
        drawn, filmed = (picture[..., colour][frame.lips] for picture in (frame.drawn, frame.filmed))
        ones = np.stack([drawn, np.ones_like(drawn)], axis=1)
        gain, offset = np.linalg.lstsq(ones, filmed, rcond=None)[0]
        result[..., colour] = gain * result[..., colour] + offset
    return result


def _opencv() -> ModuleType:
    return load_package("cv2", "This table", "leave out --parts")


def _coarse(frame: _Frame) -> Floats:
    cv = _opencv()
    error = np.ascontiguousarray(frame.filmed - frame.drawn)
    return np.asarray(frame.drawn + cv.GaussianBlur(error, (0, 0), _BLUR * frame.scale))


def _places(frame: _Frame) -> Floats:
    """What was drawn, moved to where a dense flow (Farnebäck) finds it in the film."""
    cv = _opencv()
    filmed, drawn = (cv.cvtColor(_whole(one), cv.COLOR_RGB2GRAY) for one in (frame.filmed, frame.drawn))
    window = int(_WINDOW * frame.scale) | 1
    flow = cv.calcOpticalFlowFarneback(filmed, drawn, None, 0.5, 3, window, 4, 7, 1.5, 0)
    height, width = filmed.shape
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.asarray(
        cv.remap(
            frame.drawn,
            columns + flow[..., 0],
            rows + flow[..., 1],
            cv.INTER_LINEAR,
            borderMode=cv.BORDER_REPLICATE,
        )
    )


_PUT_RIGHT: dict[str, Callable[[_Frame], Floats]] = {
    "nothing": lambda frame: frame.drawn,
    "all between the lips": _opening,
    "all of lips and skin": _skin,
    "the mean colour between the lips": _mean_of_opening,
    "brightness and contrast": _brightness,
    f"what {_BLUR:g} pixels of {_USUAL_UNIT:g} between the eyes blur": _coarse,
    "places": _places,
}
