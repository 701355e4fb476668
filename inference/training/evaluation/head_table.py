"""How much, how fast and in which rhythm heads move: the table that people and the engine are compared by.

One row of figures for each clip; the table shows the median and the quartiles over clips. The same is measured on captured
people and on what the engine makes of their voices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.face.animation import FaceAnimation
from inference.face.runs import runs_of
from inference.motion.manner.style_code import RATE, pose
from inference.motion.prosody import Prosody
from inference.training.correlation import correlation

Array = NDArray[np.float64]

AXES = ("nod", "turn", "tilt")
BANDS = ((0.1, 0.25), (0.25, 0.5), (0.5, 1.0), (1.0, 2.0), (2.0, 4.0), (4.0, 8.0))
"""Hz."""
LEAST_SECONDS = 4.0
"""Shorter clips say nothing of how a head sways."""
_SEGMENT_SECONDS = 10.0
_SHUT = 0.5


@dataclass(frozen=True)
class HeadFigures:
    """What one clip measures.

    Attributes:
        values: figure → number; degrees, seconds, outer eye-corner distances. A figure that a clip cannot have (a speed in
            pauses where there are none) is missing.
        bands: (6, 3) degrees²: power of nod, turn and tilt in each of `BANDS`.
    """

    values: dict[str, float]
    bands: Array


def head_figures(animation: FaceAnimation, prosody: Prosody | None = None) -> HeadFigures:
    """Measure one clip.

    Args:
        animation: of `LEAST_SECONDS` or more.
        prosody: of its voice, at any rate whose length is the animation's; None where it has none.

    Raises:
        ValueError: for a shorter one.
    """
    if animation.duration < LEAST_SECONDS:
        raise ValueError(f"a head needs {LEAST_SECONDS:g} s or more")
    clip = animation if animation.fps == RATE else animation.resampled(RATE)
    curves = pose(clip).astype(np.float64)
    rotation = curves[:, :3]
    speed = np.abs(np.diff(rotation, axis=0)) * RATE
    values: dict[str, float] = {}
    for axis, name in enumerate(AXES):
        values[f"{name} std"] = float(rotation[:, axis].std())
        values[f"{name} speed"] = float(speed[:, axis].mean())
        values[f"{name} speed 95 %"] = float(np.percentile(speed[:, axis], 95))
        values[f"{name} half-life"] = half_life(rotation[:, axis])
    values["turn-tilt r"] = correlation(rotation[:, 1], rotation[:, 2])
    values["nod-turn r"] = correlation(rotation[:, 0], rotation[:, 1])
    if prosody is not None:
        values |= _with_the_voice(np.linalg.norm(np.diff(rotation, axis=0), axis=1) * RATE, prosody)
    values["translation std"] = float(curves[:, 3:].std(axis=0).mean())
    values["gaze std"] = float(np.degrees(clip.eye_rotation).std(axis=0).mean())
    values["blinks a minute"] = 60 * len(runs_of(clip.blink.mean(axis=1) > _SHUT)) / (len(clip) / RATE)
    return HeadFigures(values, band_power(rotation))


def half_life(curve: Array) -> float:
    """Seconds until the autocorrelation of a (T,) curve at `RATE`, about its mean, has fallen to one half."""
    centred = curve - curve.mean()
    size = 1 << int(np.ceil(np.log2(2 * len(centred))))
    spectrum = np.abs(np.fft.rfft(centred, size)) ** 2
    correlation = np.fft.irfft(spectrum, size)[: len(centred)] / np.arange(len(centred), 0, -1)
    if correlation[0] <= 0:
        return 0.0
    below = np.flatnonzero(correlation < correlation[0] / 2)
    return float(below[0] / RATE) if len(below) else len(centred) / RATE


def band_power(curves: Array) -> Array:
    """(6, N) power of (T, N) curves at `RATE` in each of `BANDS`, by Welch's method: Hann windows of up to 10 s."""
    length = min(len(curves), int(_SEGMENT_SECONDS * RATE))
    window = np.hanning(length + 2)[1:-1]
    density: list[Array] = []
    for start in range(0, len(curves) - length + 1, max(length // 2, 1)):
        piece = curves[start : start + length]
        piece = (piece - piece.mean(axis=0)) * window[:, None]
        density.append(2 * np.abs(np.fft.rfft(piece, axis=0)) ** 2 / (window**2).sum() / length)
    mean = np.mean(density, axis=0)
    lines = np.fft.rfftfreq(length, 1 / RATE)
    return np.stack([mean[(lines >= low) & (lines < high)].sum(axis=0) for low, high in BANDS])


def _with_the_voice(speed: Array, prosody: Prosody) -> dict[str, float]:
    """How much faster a head is in speech than in pauses, and how its speed goes with loudness within speech."""
    stamps = np.linspace(0, 1, len(prosody.activity))
    moments = np.linspace(0, 1, len(speed))
    speaking = np.interp(moments, stamps, prosody.activity)
    loudness = np.interp(moments, stamps, prosody.syllables)
    spoken, pause = speaking > 0.9, speaking < 0.5
    figures: dict[str, float] = {}
    if spoken.sum() > RATE and pause.sum() > RATE:
        figures["speed in speech / pauses"] = float(speed[spoken].mean() / max(speed[pause].mean(), 1e-9))
    if spoken.sum() > RATE:
        figures["speed-loudness r"] = correlation(speed[spoken], loudness[spoken])
    return figures


def head_table(columns: Mapping[str, Sequence[HeadFigures]]) -> list[str]:
    """Lines of the table: figure, then median (quartiles) of each column; then the root of the median power of each band.

    Args:
        columns: title → the figures of its clips.
    """
    titles = list(columns)
    names = list(dict.fromkeys(name for rows in columns.values() for row in rows for name in row.values))
    lines = [f"{'':24}" + "".join(f"{f'{title} ({len(columns[title])})':>26}" for title in titles)]
    for name in names:
        cells = []
        for title in titles:
            known = [row.values[name] for row in columns[title] if name in row.values]
            low, middle, high = np.percentile(known, (25, 50, 75)) if known else (np.nan,) * 3
            cells.append(f"{middle:8.2f} ({low:.2f} to {high:.2f})")
        lines.append(f"{name:24}" + "".join(f"{cell:>26}" for cell in cells))
    for axis, name in enumerate(AXES):
        for number, (low, high) in enumerate(BANDS):
            powers = [[row.bands[number, axis] for row in columns[title]] for title in titles]
            cells = [f"{np.sqrt(np.median(power)):.2f}" if power else "" for power in powers]
            lines.append(f"{f'{name} {low:g}-{high:g} Hz':24}" + "".join(f"{cell:>26}" for cell in cells))
    return lines
