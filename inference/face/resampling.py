"""Another frame rate for a motion, in which no closure of the lips and no blink is lost.

Frames of the new rate lie between frames of the old one, and what lasts a frame or two (an m, a blink) may fall between two of
them. So where that happens, the nearest new frame reads the old motion within the closure instead, for the mouth alone; the same
holds for each eye. The rest of the face is read where it is.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .arrays import Flags, Floats
from .runs import runs_of
from .shape_effects import TOUCH

NEARLY = 0.015
"""Gap between the inner lips, in outer eye-corner distances (about 1.3 mm), up to which they look shut."""
_LEVEL = 2e-3
"""Gaps that differ by less (about 0.2 mm) look the same: weights that come near to a closure leave a sliver here and there."""
_BLINK = 0.05
"""Lids that are further shut than this take part in a blink."""
_BLOCK = 8192
"""Frames read at a time: the landmarks of an hour in four copies are 300 MB."""
_PEAK = 0.95
"""Of a blink's deepest frame: how far shut the lids must be for it to be the same blink."""


def frame_count(frames: int, fps: float, wanted: float) -> int:
    """How many frames of another rate fit between the first and the last frame of a motion."""
    return int(np.floor((frames - 1) / fps * wanted + 1e-6)) + 1


def even_positions(frames: int, count: int, step: float) -> Floats:
    """(count,) float64 ``i * step``, within 0…frames - 1: where the wanted frames lie among the frames that there are."""
    return np.clip(np.arange(count) * step, 0, frames - 1)


def positions_that_keep(held: Iterable[tuple[int, int]], frames: int, count: int, step: float) -> Floats:
    """Where to read a motion so that each of some short events is read at least once.

    Args:
        held: (first, last) source frame of each event, in order, apart from each other.
        frames: how many source frames there are.
        count: how many frames are wanted.
        step: source frames from one wanted frame to the next.

    Returns:
        (count,) float64 source frames in 0…frames - 1: ``i * step``, but where an event lies between two wanted frames, the
        nearer one of those that no other event needs reads it. Events after the last wanted frame are left out.
    """
    positions = even_positions(frames, count, step)
    taken: set[int] = set()
    between: list[tuple[int, int]] = []
    for first, last in held:
        inside = range(int(np.ceil(first / step - 1e-9)), int(np.floor(last / step + 1e-9)) + 1)
        if inside and inside[0] < count:
            if len(inside) == 1:  # the only frame that reads this event
                taken.add(inside[0])
        elif first / step < count - 1e-9:  # what comes later is not within these frames
            between.append((first, last))
    for first, last in between:
        middle = (first + last) / 2 / step
        near = sorted({int(np.floor(middle)), int(np.ceil(middle))}, key=lambda frame: abs(frame - middle))
        near = [min(max(frame, 0), count - 1) for frame in near]
        frame = next((one for one in near if one not in taken), near[0])
        taken.add(frame)
        positions[frame] = min(max(positions[frame], first), last)
    return positions


def closures(gap: Floats) -> list[tuple[int, int]]:
    """First and last frame of the tightest part of each closure of the lips, by the (T,) gap between them.

    Lips that all but touch count too, where they go no further: they look shut, and what they say is lost with them.
    """
    touching = runs_of(gap <= TOUCH)
    near = runs_of(gap <= NEARLY)
    alone = [not ((touching[:, 0] >= first) & (touching[:, 1] <= stop)).any() for first, stop in near]
    runs = sorted([*touching.tolist(), *near[alone].tolist()])
    return [_where(gap[first:stop] <= max(gap[first:stop].min(), 0) + _LEVEL, first) for first, stop in runs]


def blinks(lid: Floats) -> list[tuple[int, int]]:
    """First and last frame of the deepest part of each blink in (T,) weights, 0 open to 1 shut."""
    runs = runs_of(lid > _BLINK).tolist()
    return [_where(lid[first:stop] >= _PEAK * lid[first:stop].max(), first) for first, stop in runs]


def _where(flags: Flags, start: int) -> tuple[int, int]:
    """First and last True of flags that begin at a frame."""
    there = np.flatnonzero(flags)
    return start + int(there[0]), start + int(there[-1])


def read(values: Floats, positions: Floats) -> Floats:
    """(N, …) the motion (T, …) at (N,) source frames, linear between neighbours; float32 stays float32."""
    before = np.minimum(positions.astype(np.int64), max(len(values) - 2, 0))
    after = np.minimum(before + 1, len(values) - 1)
    share = (positions - before).astype(np.float32).reshape(-1, *[1] * (values.ndim - 1))
    result = np.empty((len(positions), *values.shape[1:]), np.result_type(values, share))
    for first in range(0, len(positions), _BLOCK):
        part = slice(first, first + _BLOCK)
        result[part] = values[before[part]] * (1 - share[part]) + values[after[part]] * share[part]
    return result
