# SPDX-License-Identifier: GPL-3.0-or-later
"""Which keys a motion gets: one a frame, as few as a tolerance allows, or drawings that are held. numpy only, no bpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from ..contract.runs import runs_of

if TYPE_CHECKING:
    from ..contract import arrays

# Frames in which the lips touch may be off by this much at most, whatever the tolerance: less than anyone sees.
CLOSED_TOLERANCE: Final = 0.0005

# A curve that keeps its value for so many frames needs no keys there: in a scene each character listens most of the time.
STILL_FRAMES: Final = 100


@dataclass(frozen=True)
class KeyStyle:
    """How a motion becomes keys.

    Attributes:
        mode: "FRAMES" a key on every frame, straight lines between, but none within `STILL_FRAMES` and more of one value;
            "LINEAR" and "BEZIER" as few keys as the tolerance allows, with straight lines or with curves between; "STEPPED"
            drawings that are held.
        tolerance: how far a curve may be off at any frame: of a shape's full strength, or of a rotation's or location's own
            range. 0.001 to 0.2.
        hold: frames that each drawing is held for, 1 to 12: 2 is "on twos".
    """

    mode: str = "FRAMES"
    tolerance: float = 0.01
    hold: int = 2


@dataclass(frozen=True)
class Keys:
    """The keys of one curve.

    Attributes:
        frames: (K,) int64, ascending, from 0.
        values: (K,) float32.
        slopes: (K,) float32, change of value a frame, for Bezier keys; None otherwise.
        held: whether each key holds its value until the next.
    """

    frames: arrays.Indices
    values: arrays.Floats
    slopes: arrays.Floats | None = None
    held: bool = False


def keys_of(
    values: arrays.Floats, closed: arrays.Flags, lips: arrays.Flags, scale: arrays.Floats, style: KeyStyle
) -> list[Keys]:
    """The keys of many curves at once.

    Args:
        values: (N, C) one value a frame.
        closed: (N,) bool, frames in which the lips touch. Each such moment keeps its keys, and on twos its drawing.
        lips: (C,) bool, curves that move the lips.
        scale: (C,) what a tolerance of 1 stands for on each curve, > 0.
        style: what is wanted.

    Returns:
        Keys of each of the C curves.
    """
    count = len(values)
    if style.mode == "STEPPED" and style.hold > 1:
        frames, rows = held_frames(closed, count, style.hold)
        return [Keys(frames, values[rows, column], held=True) for column in range(values.shape[1])]
    if style.mode == "STEPPED":
        return [Keys(np.arange(count), column, held=True) for column in values.T]
    if style.mode == "FRAMES" or count < 3:
        return [_without_held(column) for column in values.T]
    tolerance = np.tile(np.float32(style.tolerance) * scale.astype(np.float32), (count, 1))
    forced = np.zeros(values.shape, bool)
    forced[[0, -1]] = True
    ends = runs_of(closed) - (0, 1)
    forced[np.ix_(ends.reshape(-1), np.flatnonzero(lips & (np.ptp(values, axis=0) > 0)))] = True
    tight = np.ix_(np.flatnonzero(closed), np.flatnonzero(lips))
    tolerance[tight] = np.minimum(tolerance[tight], CLOSED_TOLERANCE)
    values = values.astype(np.float32)
    smooth = style.mode == "BEZIER"
    chosen = _reduced(values, tolerance, forced, smooth)
    slopes = _slopes(values, chosen) if smooth else None
    result = []
    for column in range(values.shape[1]):
        frames = np.flatnonzero(chosen[:, column])
        if len(frames) == 2 and values[0, column] == values[-1, column]:
            frames = frames[:1]
        result.append(
            Keys(frames, values[frames, column], None if slopes is None else slopes[frames, column])
        )
    return result


def changes(values: arrays.Floats) -> Keys:
    """Keys of a curve that holds each value until the next: where it changes, and at both ends.

    Args:
        values: (N,) one value a frame, N at least 1.
    """
    keep = np.concatenate([[True], np.diff(values) != 0])
    keep[-1] = True
    frames = np.flatnonzero(keep)
    return Keys(frames, values[frames], held=True)


def _without_held(values: arrays.Floats) -> Keys:
    """A key on every frame, but only the first and last of a long stretch in which the value stays the same."""
    count = len(values)
    keep = np.ones(count, bool)
    still = np.diff(values) == 0
    for first, last in runs_of(still).tolist():  # from frame first to frame last
        if last - first + 1 >= STILL_FRAMES:
            keep[first + 1 : last] = False
    frames = np.flatnonzero(keep)
    return Keys(frames, values[frames])


def held_frames(closed: arrays.Flags, count: int, hold: int) -> tuple[arrays.Indices, arrays.Indices]:
    """Which frame of a motion each held drawing shows.

    Each drawing shows the middle of its frames; but where the lips touch and no drawing would show it, the one that shares most
    frames with that moment does, or, where another moment needs that one, the one beside it. The first and last frame, which are
    rest, keep their own.

    Args:
        closed: (N,) bool, frames in which the lips touch.
        count: N.
        hold: frames a drawing.

    Returns:
        (K,) first frame of each drawing and (K,) the frame it shows.
    """
    starts = np.arange(0, count, hold)
    shown = np.minimum(starts + (hold - 1) // 2, count - 1)
    free = np.ones(len(starts), bool)  # what no other moment needs, nor rest
    shown[0], free[0] = 0, False
    if starts[-1] == count - 1:
        shown[-1], free[-1] = count - 1, False
    unseen = []
    for first, last in (runs_of(closed) - (0, 1)).tolist():
        low, high = first // hold, last // hold + 1
        seen = low + np.flatnonzero((shown[low:high] >= first) & (shown[low:high] <= last))
        if len(seen):
            free[seen[len(seen) // 2]] = False
        else:
            unseen.append((first, last))
    for first, last in unseen:
        low = max(first // hold - 1, 0)
        blocks = low + np.flatnonzero(free[low : last // hold + 2])
        if len(blocks):
            shared = np.minimum(last, starts[blocks] + hold - 1) - np.maximum(first, starts[blocks])
            best = blocks[int(np.argmax(shared))]
            shown[best], free[best] = min(max(shown[best], first), last), False
    if starts[-1] == count - 1:
        return starts, shown
    return np.append(starts, count - 1), np.append(shown, count - 1)


def _reduced(
    values: arrays.Floats, tolerance: arrays.Floats, forced: arrays.Flags, smooth: bool
) -> arrays.Flags:
    """Keys that keep every frame within its tolerance: (N, C) bool.

    The line simplification of Ramer (1972) and Douglas and Peucker (1973) with vertical distances, breadth first: in every
    segment of every curve that is off by too much, the worst frame becomes a key, all at once, until none is left.
    """
    keys = forced.copy()
    active = np.arange(values.shape[1])  # curves that are not yet within their tolerance
    while len(active):
        part, chosen = values[:, active], keys[:, active]
        approximation = _hermite(part, chosen) if smooth else _polyline(part, chosen)
        excess = np.abs(part - approximation) / tolerance[:, active]
        excess[chosen] = 0
        rows, columns = np.nonzero(excess > 1)
        segments = np.cumsum(chosen, axis=0)[rows, columns] * len(active) + columns
        order = np.lexsort((-excess[rows, columns], segments))
        worst = order[np.diff(segments[order], prepend=-1) > 0]
        keys[rows[worst], active[columns[worst]]] = True
        active = active[np.unique(columns)]
    return keys


def _neighbours(keys: arrays.Flags) -> tuple[arrays.Indices, arrays.Indices]:
    """(N, C) the last key at or before each frame, and the first key after it (the last key for the last frame)."""
    count = len(keys)
    frames = np.arange(count)[:, None]
    before = np.maximum.accumulate(np.where(keys, frames, 0), axis=0)
    at_or_after = np.minimum.accumulate(np.where(keys, frames, count - 1)[::-1], axis=0)[::-1]
    after = np.concatenate([at_or_after[1:], np.full((1, keys.shape[1]), count - 1)])
    return before, after


def _polyline(values: arrays.Floats, keys: arrays.Flags) -> arrays.Floats:
    before, after = _neighbours(keys)
    part = ((np.arange(len(values))[:, None] - before) / np.maximum(after - before, 1)).astype(np.float32)
    start, end = np.take_along_axis(values, before, 0), np.take_along_axis(values, after, 0)
    return np.asarray(start + (end - start) * part)


def _hermite(values: arrays.Floats, keys: arrays.Flags) -> arrays.Floats:
    """What Blender draws between Bezier keys whose handles reach a third of the way: a cubic in time."""
    before, after = _neighbours(keys)
    slopes = _slopes(values, keys)
    length = np.maximum(after - before, 1).astype(np.float32)
    t = (np.arange(len(values))[:, None] - before).astype(np.float32) / length
    start, end = np.take_along_axis(values, before, 0), np.take_along_axis(values, after, 0)
    leave, arrive = np.take_along_axis(slopes, before, 0), np.take_along_axis(slopes, after, 0)
    t2, t3 = t * t, t * t * t
    return np.asarray(
        (2 * t3 - 3 * t2 + 1) * start
        + (t3 - 2 * t2 + t) * length * leave
        + (3 * t2 - 2 * t3) * end
        + (t3 - t2) * length * arrive
    )


def _slopes(values: arrays.Floats, keys: arrays.Flags) -> arrays.Floats:
    """(N, C) slope of the curve at each key, value a frame; what stands at other frames means nothing.

    The motion's own, but limited so that the curve never overshoots between two keys (Fritsch and Carlson, *Monotone piecewise
    cubic interpolation*, 1980): no more than three times the flatter of its two chords, and none at a turning point.
    """
    count = len(values)
    own = np.zeros_like(values)
    own[1:-1] = (values[2:] - values[:-2]) / 2
    before, after = _neighbours(keys)
    frames = np.arange(count)[:, None]
    previous = np.concatenate([np.zeros((1, keys.shape[1]), before.dtype), before[:-1]])
    left = (values - np.take_along_axis(values, previous, 0)) / np.maximum(frames - previous, 1)
    right = (np.take_along_axis(values, after, 0) - values) / np.maximum(after - frames, 1)
    limit = 3 * np.minimum(np.abs(left), np.abs(right))
    direction = np.where(np.sign(left) == np.sign(right), np.sign(left), 0)
    slopes = direction * np.clip(own * direction, 0, limit)
    slopes[[0, -1]] = 0
    return np.asarray(slopes, np.float32)
