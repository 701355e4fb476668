# SPDX-License-Identifier: GPL-3.0-or-later
"""Which drawing is shown when: mouth cues, lids and brows as runs of drawings, each held long enough. numpy only, no bpy."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from ..contract import MOUTH_SHAPES, VISEMES
from ..contract.runs import runs_of
from ..rigs.drawing_charts import CLOSED, REST, STAND_INS

if TYPE_CHECKING:
    from ..contract import arrays
    from ..contract.animation import Cue

HALF, SHUT = 0.35, 0.7
"""How far lids are shut (0 open to 1) from which the half and the shut drawing are shown."""
_BLINK = 0.5  # the peak from which a blink shows the shut drawing, however short it is
BROW_UP, BROW_DOWN = 0.3, 0.3
_PREFERRED: Final[Mapping[str, tuple[str, ...]]] = dict(
    zip(
        MOUTH_SHAPES,
        (
            ("PP",),
            ("SS", "DD", "kk", "nn", "CH", "I", "TH", "RR"),
            ("E", "I", "aa", "kk", "DD"),
            ("aa",),
            ("O", "RR", "U", "CH"),
            ("U", "O", "CH", "RR"),
            ("FF",),
            ("nn", "TH", "DD"),
            ("sil",),
        ),
    )
)


@dataclass(frozen=True)
class Run:
    """A drawing and the frames that show it.

    Attributes:
        start, end: its first frame, and the one after its last.
        shown: the drawing.
        kept: whether it is never left out (closed lips, a blink).
    """

    start: int
    end: int
    shown: str
    kept: bool = False


@dataclass(frozen=True)
class Holding:
    """How drawings follow each other.

    Attributes:
        hold: frames that each is shown for at least, 1 to 12.
        lead: frames that the mouth comes before the sound, 0 to 6.
        steady: leave out a drawing between two equal ones that is hardly longer than `hold`, which would flicker.
    """

    hold: int = 2
    lead: int = 0
    steady: bool = True


def cue_runs(cues: Sequence[Cue], fps: float, frames: int, holding: Holding) -> list[Run]:
    """Mouth cues as runs of frames: a frame shows the cue that its instant lies in, so much earlier as `lead` says.

    Args:
        cues: (start s, end s, shape) that follow each other, at rest at both ends.
        fps: frames per second.
        frames: how many there are.
        holding: see there.
    """
    rows = []
    for start, end, shape in cues:
        first = math.ceil(start * fps - 1e-3) - (holding.lead if start > 0 else 0)
        last = math.ceil(end * fps - 1e-3) - holding.lead
        closed = shape == CLOSED
        if closed and last <= first:  # between two frames
            first = math.floor(start * fps) - holding.lead
            last = first + 1
        if closed and last <= 0 < frames:  # so soon that its lead would take it out of the animation
            first, last = 0, 1
        rows.append(Run(max(first, 0), min(last, frames), shape, closed))
    rows = _gapless(rows, frames, REST)
    return held(rows, frames, holding)


def viseme_runs(runs: Iterable[Run], visemes: arrays.Floats) -> list[Run]:
    """The same runs with the names of visemes: in each the strongest of those that its cue may be.

    Args:
        runs: of mouth cues.
        visemes: (T, 15) 0 to 1.
    """
    total = np.concatenate([np.zeros((1, len(VISEMES))), np.cumsum(visemes, axis=0, dtype=np.float64)])
    named = []
    for run in runs:
        first, last = (min(frame, len(visemes)) for frame in (run.start, run.end))
        weights = total[last] - total[first]
        best = max(_PREFERRED[run.shown], key=lambda name: weights[VISEMES.index(name)])
        named.append(replace(run, shown=best))
    return named


def lid_runs(shut: arrays.Floats, drawn: Iterable[str], holding: Holding) -> list[Run]:
    """Lids as drawings "open", "half" and "shut"; every blink shows the shut one.

    Args:
        shut: (T,) 0 open to 1.
        drawn: which of the three there are.
        holding: see there; lids have no lead.
    """
    known = set(drawn)
    states = np.where(shut >= SHUT, 2, np.where(shut >= HALF, 1, 0))
    for first, last in runs_of(shut >= HALF).tolist():
        peak = first + int(np.argmax(shut[first:last]))
        if shut[peak] >= _BLINK:
            states[peak] = 2
    if "half" not in known:
        states[states == 1] = 0
    return held(_state_runs(states, ("open", "half", "shut"), {"shut"}), len(shut), holding)


def brow_runs(up: arrays.Floats, down: arrays.Floats, drawn: Iterable[str], holding: Holding) -> list[Run]:
    """Brows as drawings "neutral", "up" and "down".

    Args:
        up, down: (T,) 0 to 1.
        drawn: which of the three there are.
        holding: see there.
    """
    known = set(drawn)
    states = np.zeros(len(up), np.int64)
    if "up" in known:
        states[up >= BROW_UP] = 1
    if "down" in known:
        states[(down >= BROW_DOWN) & (down > up)] = 2
    calm = Holding(max(holding.hold, 4), 0, True)
    return held(_state_runs(states, ("neutral", "up", "down"), set()), len(up), calm)


def _state_runs(states: arrays.Indices, names: tuple[str, ...], kept: set[str]) -> list[Run]:
    edges = [0, *(np.flatnonzero(np.diff(states)) + 1).tolist(), len(states)]
    shown = [names[int(states[first])] for first in edges[:-1]]
    return [Run(first, last, name, name in kept) for first, last, name in zip(edges, edges[1:], shown)]


def _gapless(rows: Iterable[Run], frames: int, rest: str) -> list[Run]:
    """Runs from frame 0 to the last one without gaps; a later run takes frames from the one before, but none from kept ones."""
    result: list[Run] = []
    for row in rows:
        start, end = int(row.start), int(row.end)
        if result and start < result[-1].end:
            if row.kept or not result[-1].kept:
                before = result.pop()
                if before.start < start:
                    result.append(replace(before, end=start))
            else:
                start = result[-1].end
        if end > start:
            result.append(Run(start, end, row.shown, row.kept))
    gapless: list[Run] = []
    for run in result:
        until = gapless[-1].end if gapless else 0
        if run.start > until and gapless:
            _lengthen(gapless, run.start)
        elif run.start > until:
            gapless.append(Run(0, run.start, rest))
        gapless.append(run)
    end = gapless[-1].end if gapless else 0
    return [*gapless, Run(end, frames, rest)] if end < frames else gapless


def held(runs: Sequence[Run], frames: int, holding: Holding) -> list[Run]:
    """Runs of which none but the last is shorter than the least hold; what is kept is made longer, everything else left out.

    Args:
        runs: without gaps from 0 to `frames`.
        frames: how many there are.
        holding: `hold` and `steady`.
    """
    hold = max(1, holding.hold)
    wide = _merged(_widened(runs, frames, hold))
    rows: list[Run] = []
    for number, run in enumerate(wide):
        last = number == len(wide) - 1
        follows = None if last else wide[number + 1]
        short = run.end - run.start < hold and not last and not run.kept
        flickers = (
            holding.steady
            and not run.kept
            and bool(rows)
            and follows is not None
            and rows[-1].shown == follows.shown
            and run.end - run.start <= hold
            and follows.end < frames
            and not follows.kept
        )
        if rows and (short or flickers):
            _lengthen(rows, run.end)
        elif short and follows is not None:  # the first one
            wide[number + 1] = replace(follows, start=run.start)
        elif rows and rows[-1].shown == run.shown:
            _lengthen(rows, run.end, run.kept)
        else:
            rows.append(run)
    return rows


def _widened(runs: Sequence[Run], frames: int, hold: int) -> list[Run]:
    """Kept runs that are too short take frames of what follows, at the end of what comes before."""
    shown = list(runs)
    for number, run in enumerate(runs):
        missing = hold - (run.end - run.start)
        if run.kept and missing > 0:
            end = min(run.end + missing, frames - 1 if run.end < frames else frames)
            start = max(end - hold, 0) if end - run.start < hold else run.start
            shown[number] = Run(start, max(end, run.end), run.shown, True)
    order = np.zeros(frames, np.int64)
    for kept in (False, True):  # what is kept is painted over everything else
        for number, run in enumerate(shown):
            if run.kept == kept:
                order[run.start : run.end] = number
    edges = [0, *(np.flatnonzero(np.diff(order)) + 1).tolist(), frames]
    rows = [(first, last, shown[int(order[first])]) for first, last in zip(edges, edges[1:]) if last > first]
    return [Run(first, last, run.shown, run.kept) for first, last, run in rows]


def _merged(runs: Iterable[Run]) -> list[Run]:
    rows: list[Run] = []
    for run in runs:
        if rows and rows[-1].shown == run.shown:
            _lengthen(rows, run.end, run.kept)
        else:
            rows.append(run)
    return rows


def _lengthen(rows: list[Run], end: int, kept: bool = False) -> None:
    """Let the last run last until a frame; it is kept where it was, or is to be."""
    rows[-1] = replace(rows[-1], end=end, kept=rows[-1].kept or kept)


def stand_ins(shown_by: Mapping[str, str], wanted: Iterable[str]) -> dict[str, str]:
    """Mouth cue → the drawing that shows it, where one was not drawn the nearest that was.

    Args:
        shown_by: cue → drawing, of those that were drawn.
        wanted: cues.

    Returns:
        Without those for which nothing was drawn that comes near.
    """
    table = {}
    for cue in wanted:
        drawn = next((shown_by[other] for other in STAND_INS[cue] if other in shown_by), None)
        if drawn is not None:
            table[cue] = drawn
    return table


def renamed(runs: Iterable[Run], names: Mapping[str, str], otherwise: str) -> list[Run]:
    """The same runs under other names, equal neighbours as one; `otherwise` for what has none."""
    return _merged(replace(run, shown=names.get(run.shown, otherwise)) for run in runs)


def per_frame(runs: Iterable[Run], frames: int) -> list[str]:
    """The drawing of every frame."""
    shown = [""] * frames
    for run in runs:
        shown[run.start : run.end] = [run.shown] * (run.end - run.start)
    return shown
