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
_ALIKE_ASLANT = 0.5  # the same in a face that is seen aslant: the eye that is farther away is narrower
_MIRRORED, _MIRRORED_ASLANT = 0.12, 0.3
"""Part of the face's width by which the middle of a pair may lie beside the face's."""
_WITHIN_FACE = 3
"""So many strokes within one make it a face."""
_MOST_HEADS = 12
"""So many strokes are tried as the outline of a face."""
_OVER = 1.0  # of a line of a mouth: how far what else it is drawn with may reach beyond
_AROUND = np.array([[0.25, 0.4], [0.25, 0.6]])
"""How much larger than eyes and mouth a face without outline is: to the sides and below, to the sides and above."""
_EYES: Final = (0.3, 0.85)
"""How high eyes may lie in the whole face, 0 at its chin, 1 at its top."""


def guess(strokes: Sequence[Stroke]) -> list[str]:
    """A part for each stroke; "" for what it cannot tell.

    The largest closed stroke with eyes and a mouth within is the face, so that a trunk is none. Where there is none, all strokes
    are within one. Eyes are the lowest pair of like strokes to both sides of its middle that lies in its upper part, in a face
    that is seen aslant to both sides of another place; pairs within them are pupils, pairs above them brows. The widest stroke
    across the middle below them is the mouth, and what lies over it where that is one of several open lines; what lies between
    is the nose, what lies within the mouth its inside.
    """
    boxes = [_box(stroke.points) for stroke in strokes]
    areas = [float(np.prod(box[1] - box[0])) for box in boxes]
    closed = [number for number, stroke in enumerate(strokes) if stroke.closed and areas[number] > 0]
    if not closed:
        return [""] * len(strokes)
    every = np.array(boxes)
    around = [
        number
        for number in sorted(closed, key=lambda number: -areas[number])
        if int(_all_within(every, boxes[number]).sum()) >= _WITHIN_FACE
    ][:_MOST_HEADS]
    best: list[str] = []
    for is_aslant in (False, True):
        for head in [*around, -1]:
            guessed = _guessed(strokes, boxes, areas, head, is_aslant)
            if all(_told(guessed)):
                return guessed
            if not best or _told(guessed) > _told(best):
                best = guessed
    return best


def _all_within(boxes: Floats, around: Floats) -> Floats:
    """(N,) bool: which boxes (N, 2, 2) lie wholly within one."""
    return np.asarray(((boxes[:, 0] > around[0]) & (boxes[:, 1] < around[1])).all(axis=1))


def _told(parts_: Sequence[str]) -> tuple[bool, bool]:
    """How much of a face was found: with eyes and a mouth it is one."""
    has_mouth = parts.MOUTH in parts_
    return has_mouth and "EYE_L" in parts_, has_mouth


def _guessed(
    strokes: Sequence[Stroke], boxes: Sequence[Floats], areas: Sequence[float], head: int, is_aslant: bool
) -> list[str]:
    """The parts in a face whose outline is that stroke; -1 for a face without."""
    result = [""] * len(strokes)
    if head >= 0:
        result[head] = parts.OUTLINE
        low, high = boxes[head]
    else:
        low, high = _imagined(boxes)
    pairs = _pairs(boxes, head, np.stack([low, high]), is_aslant)
    eyes = [pair for pair in pairs if _EYES[0] < _height(boxes[pair[0]], low, high) < _EYES[1]]
    eyes = [pair for pair in eyes if all(strokes[number].closed for number in pair)]
    middle = float(low[0] + high[0]) / 2
    if eyes:
        # The largest are the whites; what lies within are pupils.
        eye = max(eyes, key=lambda pair: areas[pair[0]])
        rims = eye
        eye = _behind_glasses(strokes, boxes, areas, eye, eyes)
        _name(result, eye, "EYE", boxes)
        if rims != eye:
            result[rims[0]] = result[rims[1]] = parts.STILL
        top = float(boxes[eye[0]][1, 1])
        if is_aslant:
            middle = float(np.mean([boxes[number].mean(axis=0)[0] for number in eye]))
        for pair in pairs:
            if {*pair}.intersection((*eye, *rims)):
                continue
            if _pair_within(boxes, pair, eye):
                _name(result, pair, "PUPIL", boxes)
            elif float(boxes[pair[0]].mean(axis=0)[1]) > top:
                _name(result, pair, "BROW", boxes)
    bottom = min(float(boxes[number][0, 1]) for number in eye) if eyes else (low + high)[1] / 2
    _name_middle(strokes, boxes, result, (low, high), bottom, middle)
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


def _pairs(boxes: Sequence[Floats], head: int, around: Floats, is_aslant: bool) -> list[tuple[int, int]]:
    """Strokes that mirror each other about the middle of the head, or aslant about a place beside it, and lie within it."""
    within, differing = (_MIRRORED_ASLANT, _ALIKE_ASLANT) if is_aslant else (_MIRRORED, _ALIKE)
    middle = float(around.mean(axis=0)[0])
    width = float(np.ptp(around[:, 0]))
    inside = [
        number
        for number, box in enumerate(boxes)
        if number != head and _wholly_within(box, around) and float(np.ptp(box, axis=0).max()) > 0
    ]
    places = np.array([boxes[number] for number in inside]).reshape(-1, 2, 2)
    x, y = places.mean(axis=1).T
    sizes = np.ptp(places, axis=1)
    larger = np.maximum(sizes[:, None], sizes)
    alike = (np.abs(sizes[:, None] - sizes) <= differing * larger + 1e-9).all(axis=2)
    mirrored = (np.abs(x[:, None] + x - 2 * middle) < within * width) & (
        np.abs(y[:, None] - y) < 0.06 * width
    )
    apart = np.abs(x[:, None] - x) > 0.15 * width
    ones, others = np.nonzero(np.triu(alike & mirrored & apart, 1))
    return [(inside[one], inside[other]) for one, other in zip(ones, others)]


def _pair_within(boxes: Sequence[Floats], pair: tuple[int, int], around: tuple[int, int]) -> bool:
    """Whether each of a pair lies within one of another pair."""
    return all(any(_within(boxes[one], boxes[of]) for of in around if _near(boxes, one, of)) for one in pair)


def _behind_glasses(
    strokes: Sequence[Stroke],
    boxes: Sequence[Floats],
    areas: Sequence[float],
    rims: tuple[int, int],
    pairs: Sequence[tuple[int, int]],
) -> tuple[int, int]:
    """The whites within a pair that is the rims of glasses: open to see through, around filled ones with pupils within."""
    if any(strokes[number].filled for number in rims):
        return rims
    inner = [pair for pair in pairs if not {*pair}.intersection(rims) and _pair_within(boxes, pair, rims)]
    whites = max(inner, key=lambda pair: areas[pair[0]], default=rims)
    has_pupils = any(pair != whites and _pair_within(boxes, pair, whites) for pair in inner)
    return whites if has_pupils and all(strokes[number].filled for number in whites) else rims


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
    middle: float,
) -> None:
    """Mouth, nose, and what lies within the mouth."""
    low, high = head
    width = float(high[0] - low[0])
    below = [
        number
        for number, box in enumerate(boxes)
        if not result[number] and float(box.mean(axis=0)[1]) < bottom and _within(box, np.stack(head))
    ]
    across = [number for number in below if abs(float(boxes[number].mean(axis=0)[0]) - middle) < 0.12 * width]
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
    whole = boxes[mouth]
    if not strokes[mouth].closed:
        lines = [number for number in below if not strokes[number].closed]
        whole = _name_lines(boxes, result, lines, mouth)
    for number in across:
        if result[number]:
            continue
        if _wholly_within(whole, boxes[number]) and strokes[number].closed:
            result[number] = parts.OUTLINE  # a face within its hair
        elif float(boxes[number].mean(axis=0)[1]) > float(whole[1, 1]):
            result[number] = parts.NOSE
        elif _within(boxes[number], whole + [[0, -0.02 * width], [0, 0.02 * width]]):
            result[number] = parts.INSIDE


def _name_lines(boxes: Sequence[Floats], result: list[str], lines: Sequence[int], mouth: int) -> Floats:
    """The further open lines that a mouth is drawn with, one over the other; returns the box of all of them."""
    reach = _OVER * float(np.ptp(boxes[mouth][:, 0]))
    around = boxes[mouth] + [[-reach, -reach], [reach, reach]]
    whole = boxes[mouth]
    left = [number for number in lines if not result[number] and _wholly_within(boxes[number], around)]
    while True:
        over = [
            number
            for number in left
            if (boxes[number][0] <= whole[1]).all() and (boxes[number][1] >= whole[0]).all()
        ]
        if not over:
            return whole
        for number in over:
            result[number] = parts.MOUTH
            left.remove(number)
            whole = np.stack([np.minimum(whole[0], boxes[number][0]), np.maximum(whole[1], boxes[number][1])])
