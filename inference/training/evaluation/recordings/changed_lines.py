"""Lines under all that happens to a voice, and played faster and slower, beside themselves as they were."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inference.hearing.audio import SAMPLE_RATE
from inference.hearing.resampling import resample
from inference.training.correlation import correlation
from inference.training.disturbances.sounds import DISTURBANCES, disturbed
from inference.training.evaluation.recordings.bench import Bench, Case, Curve, Figure, Sound, figure_of
from inference.training.evaluation.recordings.stems import Line, Placed, compared, lines_of

_SPEEDS = (1.8, 1.5, 1.25, 0.8, 0.6)
"""How many times as fast, and as high, lines are played."""


def changed_lines(bench: Bench) -> Iterator[Figure]:
    """For each of :data:`DISTURBANCES` but none: how alike the opening is to the same line's; it has no bar."""
    lines = lines_of(bench)
    for name in list(DISTURBANCES)[1:]:
        likeness, _ = compared(bench, _changed(lines, name))
        yield figure_of(f"a line: {name}", "r to the line alone, least", likeness, min)
        yield figure_of(f"a line: {name}", "r to the line alone, median", likeness, np.median)


def played_lines(bench: Bench) -> Iterator[Figure]:
    """For each of some speeds: how alike the opening is to the same line's, played as fast; it has no bar."""
    lines = [(speaker, line, bench.opening(line)) for speaker, line in lines_of(bench)]
    for times in _SPEEDS:
        cases = [_played(bench, speaker, line, opening, times) for speaker, line, opening in lines]
        yield figure_of(f"a line played {times:g} times as fast", "r to the line alone, least", cases, min)
        yield figure_of(
            f"a line played {times:g} times as fast", "r to the line alone, median", cases, np.median
        )


def _played(bench: Bench, speaker: str, line: Sound, opening: Curve, times: float) -> Case:
    samples = resample(line.astype(np.float32), round(SAMPLE_RATE * times), SAMPLE_RATE)
    heard = bench.opening(samples)
    truth = np.interp(times * np.arange(len(heard)), np.arange(len(opening)), opening)
    return Case(speaker, "", correlation(heard, truth), samples, heard)


def _changed(lines: list[Line], name: str) -> Iterator[Placed]:
    for number, (speaker, line) in enumerate(lines):
        others = [other for _, other in [*lines[number + 1 :], *lines[:number]]]
        yield speaker, disturbed(line, name, speaker, others), 0.0, line
