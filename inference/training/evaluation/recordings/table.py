"""``evaluate --recordings``: all rows as one table, one JSON, one picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inference.errors import EngineError
from inference.hearing.audio import SAMPLE_RATE
from inference.motion.lips.content import CONTENT_RATE
from inference.training.evaluation.recordings import changed_lines, held_sounds, stems, stillness, words
from inference.training.evaluation.recordings.bench import OPEN, Bench, Figure, NotMade

ROWS: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "words": words.words_alone,
    "real-words": words.real_words,
    "stems": stems.stems,
    "soft-lines": stems.soft_lines,
    "levels": stems.levels,
    "changed-lines": changed_lines.changed_lines,
    "played-lines": changed_lines.played_lines,
    "held-vowels": held_sounds.held_vowels,
    "made-vowels": held_sounds.made_vowels,
    "sung-vowels": held_sounds.sung_vowels,
    "real-vowels": held_sounds.real_vowels,
    "laughter": held_sounds.laughter,
    "hums": held_sounds.hums,
    "hushes": held_sounds.hushes,
    "stillness": stillness.stillness,
}
"""What can be asked for, by the name that ``--rows`` takes."""

_GROUPS_A_LINE = 9
_DRAWN_SECONDS = 20.0  # of an example, at most


def evaluate_recordings(
    bench: Bench, rows: Sequence[str] = (), report: Callable[[str], None] = print
) -> dict[str, list[Figure]]:
    """Every kind of recording, and what the mouth does to it.

    Args:
        bench: the mouth, the voices, the recordings.
        rows: names of :data:`ROWS`; none for all.
        report: called with each line of the table.

    Returns:
        The figures of each row; a row that cannot be made here has one without a value, which says what is wanted.

    Raises:
        EngineError: where a row is not known (code ``bad_rows``).
    """
    unknown = [name for name in rows if name not in ROWS]
    if unknown:
        raise EngineError(f"There is no row {unknown[0]}: choose from {', '.join(ROWS)}.", "bad_rows")
    result: dict[str, list[Figure]] = {}
    report(f"{'kind':<46} {'measure':<50} {'count':>5} {'value':>7} {'bar':>11} passes")
    for name in rows or ROWS:
        figures: list[Figure] = []
        try:
            for figure in ROWS[name](bench):
                figures.append(figure)
                report(line_of(figure))
                report_groups(figure, report)
        except (NotMade, EngineError, FileNotFoundError, ModuleNotFoundError) as error:
            figures.append(Figure(name, "", 0, None, remark=_wanted(error)))
            report(line_of(figures[-1]))
        result[name] = figures
    for sentence in bench.missing:
        report(f"left out: {sentence}")
    return result


def _wanted(error: Exception) -> str:
    return f"needs the Python package {error.name}" if isinstance(error, ModuleNotFoundError) else str(error)


def line_of(figure: Figure) -> str:
    """A figure as the table has it."""
    if figure.value is None:
        return f"{figure.kind:<46} not measured: {figure.remark}"
    verdict = (
        "–"
        if figure.least is figure.most is None
        else "yes"
        if figure.passes
        else f"NO: {figure.worst.name} ({figure.worst.value:.3f})"
        if figure.worst
        else "NO"
    )
    return f"{figure.kind:<46} {figure.measure:<50} {figure.count:>5} {figure.value:>7.3f} {_bar(figure):>11} {verdict}"


def report_groups(figure: Figure, report: Callable[[str], None]) -> None:
    """Reports the value of each group, where there are several."""
    told = [f"{name} {value:.2f}" for name, value in figure.groups.items()]
    for first in range(0, len(told) if len(told) > 1 else 0, _GROUPS_A_LINE):
        report("    " + ", ".join(told[first : first + _GROUPS_A_LINE]))


def _bar(figure: Figure) -> str:
    if figure.least is not None and figure.most is not None:
        return f"{figure.least:g} – {figure.most:g}"
    if figure.least is figure.most is None:
        return "–"
    return f"≥ {figure.least:g}" if figure.least is not None else f"≤ {figure.most:g}"


def as_data(figure: Figure) -> dict[str, Any]:
    """A figure as the JSON has it, four decimals."""
    return {
        "kind": figure.kind,
        "measure": figure.measure,
        "count": figure.count,
        "value": None if figure.value is None else round(figure.value, 4),
        "least": figure.least,
        "most": figure.most,
        "passes": figure.passes,
        "groups": {name: round(value, 4) for name, value in figure.groups.items()},
        "worst": None if figure.worst is None else [figure.worst.name, round(figure.worst.value, 4)],
        "remark": figure.remark,
    }


def content(rows: dict[str, list[Figure]], left_out: Sequence[str] = ()) -> dict[str, Any]:
    """What the JSON has: ``rows`` (each row's figures) and ``left_out`` (voices that are not installed)."""
    figures = {name: [as_data(one) for one in figures] for name, figures in rows.items()}
    return {"rows": figures, "left_out": list(left_out)}


def plot_recordings(rows: dict[str, list[Figure]], target: Path) -> None:
    """Draws the worst recording of each kind: its sound, and the opening."""
    from inference.training.evaluation.charts import new_figure, save_figure

    drawn = list(
        {one.kind: one for figures in rows.values() for one in reversed(figures) if one.worst}.values()
    )
    if not drawn:
        return
    picture = new_figure(1.5 * len(drawn))
    for axis, figure in zip(picture.subplots(len(drawn), 1, squeeze=False)[:, 0], drawn, strict=True):
        case = figure.worst
        assert case is not None
        samples = case.samples[: int(_DRAWN_SECONDS * SAMPLE_RATE)]
        opening = case.opening[: int(_DRAWN_SECONDS * CONTENT_RATE)]
        axis.fill_between(
            np.arange(0, len(samples), 40) / SAMPLE_RATE,
            *_extremes(samples, 40),
            color="0.75",
        )
        axis.set_ylim(-1, 1)
        mouth = axis.twinx()
        mouth.plot(np.arange(len(opening)) / CONTENT_RATE, opening, color="C1")
        mouth.axhline(OPEN, color="0.5", linewidth=0.5)
        mouth.set_ylim(-0.02, 0.3)
        axis.set_title(f"{figure.kind}, {figure.measure}: {case.name} ({case.value:.3f})", fontsize=8)
    picture.tight_layout()
    save_figure(picture, target)


def _extremes(samples: Any, block: int) -> tuple[Any, Any]:
    """Least and greatest sample of each block, the loudest at 0.9."""
    whole = np.pad(samples, (0, -len(samples) % block)).reshape(-1, block)
    scale = 0.9 / max(float(np.abs(whole).max()), 1e-9)
    return whole.min(axis=1) * scale, whole.max(axis=1) * scale
