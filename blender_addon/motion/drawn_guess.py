# SPDX-License-Identifier: GPL-3.0-or-later
"""Which part of a face each stroke of a drawing is, by where it lies: for drawings whose layers have no names that tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ..contract.arrays import Floats
from ..rigs import drawn_parts as parts
from .drawn_face import Stroke

_ALIKE = 0.3  # part by which sizes and heights of a pair may differ
_WITHIN_FACE = 3
"""So many strokes within one make it a face."""
_AROUND = np.array([[0.25, 0.4], [0.25, 0.6]])
"""How much larger than eyes and mouth a face without outline is: to the sides and below, to the sides and above."""
_EYES: Final = (0.3, 0.85)
"""How high eyes may lie in the whole face, 0 at its chin, 1 at its top."""


def guess(strokes: Sequence[Stroke]) -> list[str]:
    """A part for each stroke; "" for what it cannot tell.

    The largest closed stroke that has others within is the face; where there is none, all strokes are within one. Eyes are
    the lowest pair of like strokes to both sides of its middle that lies in its upper part; pairs within them are pupils, pairs
    above them brows. The widest stroke across the middle below them is the mouth, what lies between is the nose, what lies
    within the mouth its inside.
    """
    boxes = [_box(stroke.points) for stroke in strokes]
    result = [""] * len(strokes)
    areas = [float(np.prod(box[1] - box[0])) for box in boxes]
    closed = [number for number, stroke in enumerate(strokes) if stroke.closed and areas[number] > 0]
    if not closed:
        return result
    head = max(closed, key=lambda number: areas[number])
    if sum(_wholly_within(box, boxes[head]) for box in boxes) >= _WITHIN_FACE:
        result[head] = parts.OUTLINE
        low, high = boxes[head]
    else:
        head, (low, high) = -1, _imagined(boxes)
    pairs = _pairs(boxes, head, np.stack([low, high]))
    eyes = [pair for pair in pairs if _EYES[0] < _height(boxes[pair[0]], low, high) < _EYES[1]]
    eyes = [pair for pair in eyes if all(strokes[number].closed for number in pair)]
    if eyes:
        # The largest are the whites; what lies within are pupils.
        eye = max(eyes, key=lambda pair: areas[pair[0]])
        _name(result, eye, "EYE", boxes)
        top = float(boxes[eye[0]][1, 1])
        for pair in pairs:
            if pair == eye:
                continue
            if all(_within(boxes[one], boxes[of]) for one in pair for of in eye if _near(boxes, one, of)):
                _name(result, pair, "PUPIL", boxes)
            elif float(boxes[pair[0]].mean(axis=0)[1]) > top:
                _name(result, pair, "BROW", boxes)
    bottom = min(
        (float(boxes[number][0, 1]) for pair in eyes for number in pair), default=(low + high)[1] / 2
    )
    _name_middle(strokes, boxes, result, (low, high), bottom)
    return result


def _box(points: Floats) -> Floats:
    return np.stack([points.min(axis=0), points.max(axis=0)]) if len(points) else np.zeros((2, 2))


def _height(box: Floats, low: Floats, high: Floats) -> float:
    return float((box.mean(axis=0)[1] - low[1]) / max(high[1] - low[1], 1e-9))


def _imagined(boxes: Sequence[Floats]) -> Floats:
    """(2, 2) the face around some strokes, none of which is its outline."""
    low, high = np.min(boxes, axis=(0, 1)), np.max(boxes, axis=(0, 1))
    reach = high - low
    return np.stack([low - _AROUND[0] * reach, high + _AROUND[1] * reach])


def _pairs(boxes: Sequence[Floats], head: int, around: Floats) -> list[tuple[int, int]]:
    """Strokes that mirror each other about the middle of the head, and lie within it."""
    middle = float(around.mean(axis=0)[0])
    width = float(np.ptp(around[:, 0]))
    inside = [
        number
        for number, box in enumerate(boxes)
        if number != head and _wholly_within(box, around) and float(np.ptp(box, axis=0).max()) > 0
    ]
    pairs = []
    for place, one in enumerate(inside):
        for other in inside[place + 1 :]:
            a, b = boxes[one].mean(axis=0), boxes[other].mean(axis=0)
            sizes = np.ptp(boxes[one], axis=0), np.ptp(boxes[other], axis=0)
            alike = bool((np.abs(sizes[0] - sizes[1]) <= _ALIKE * np.maximum(*sizes) + 1e-9).all())
            mirrored = abs(a[0] + b[0] - 2 * middle) < 0.12 * width and abs(a[1] - b[1]) < 0.06 * width
            if alike and mirrored and abs(a[0] - b[0]) > 0.15 * width:
                pairs.append((one, other))
    return pairs


def _within(box: Floats, around: Floats) -> bool:
    middle = box.mean(axis=0)
    return bool((middle > around[0]).all() and (middle < around[1]).all())


def _wholly_within(box: Floats, around: Floats) -> bool:
    return bool((box[0] > around[0]).all() and (box[1] < around[1]).all())


def _near(boxes: Sequence[Floats], one: int, other: int) -> bool:
    width = float(np.ptp(boxes[other][:, 0]))
    return abs(float(boxes[one].mean(axis=0)[0] - boxes[other].mean(axis=0)[0])) < width


def _name(result: list[str], pair: tuple[int, int], part: str, boxes: Sequence[Floats]) -> None:
    right, left = sorted(pair, key=lambda number: float(boxes[number].mean(axis=0)[0]))
    result[left], result[right] = f"{part}_L", f"{part}_R"


def _name_middle(
    strokes: Sequence[Stroke],
    boxes: Sequence[Floats],
    result: list[str],
    head: tuple[Floats, Floats],
    bottom: float,
) -> None:
    """Mouth, nose, and what lies within the mouth."""
    low, high = head
    middle, width = float(low[0] + high[0]) / 2, float(high[0] - low[0])
    across = [
        number
        for number, box in enumerate(boxes)
        if not result[number]
        and float(box.mean(axis=0)[1]) < bottom
        and _within(box, np.stack(head))
        and abs(float(box.mean(axis=0)[0]) - middle) < 0.12 * width
    ]
    closed = [number for number in across if strokes[number].closed]
    lower = [
        number
        for number in across
        if float(boxes[number].mean(axis=0)[1]) < (2 * low[1] + bottom) / 3 + 0.25 * (bottom - low[1])
    ]
    mouths = [number for number in lower if number in closed] or lower
    if not mouths:
        return
    mouth = max(mouths, key=lambda number: float(np.ptp(boxes[number][:, 0])))
    result[mouth] = parts.MOUTH
    for number in across:
        if number == mouth:
            continue
        if float(boxes[number].mean(axis=0)[1]) > float(boxes[mouth][1, 1]):
            result[number] = parts.NOSE
        elif _within(boxes[number], boxes[mouth] + [[0, -0.02 * width], [0, 0.02 * width]]):
            result[number] = parts.INSIDE
