"""Lines under all that happens to a voice without moving it in time, beside themselves as they were."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inference.training.disturbances.sounds import DISTURBANCES, disturbed
from inference.training.evaluation.recordings.bench import Bench, Figure, figure_of
from inference.training.evaluation.recordings.stems import Line, Placed, compared, lines_of


def changed_lines(bench: Bench) -> Iterator[Figure]:
    """For each of :data:`DISTURBANCES` but none: how alike the opening is to the same line's; it has no bar."""
    lines = lines_of(bench)
    for name in list(DISTURBANCES)[1:]:
        likeness, _ = compared(bench, _changed(lines, name))
        yield figure_of(f"a line: {name}", "r to the line alone, least", likeness, min)
        yield figure_of(f"a line: {name}", "r to the line alone, median", likeness, np.median)


def _changed(lines: list[Line], name: str) -> Iterator[Placed]:
    for number, (speaker, line) in enumerate(lines):
        others = [other for _, other in [*lines[number + 1 :], *lines[:number]]]
        yield speaker, disturbed(line, name, speaker, others), 0.0, line
