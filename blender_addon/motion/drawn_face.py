# SPDX-License-Identifier: GPL-3.0-or-later
"""A face drawn in strokes: where its mouth, eyes and brows are, and the controls that move them.

All in the plane of the drawing: x to the picture's right, y up, the drawing's unit. A control is a place that is moved; a point
follows controls by weights whose sum is 1 at most, goes with the head by the `HEAD` weight, and stays by what is left to 1. So
bones that move these controls and positions that are computed (`motion.drawn_motion`) give one and the same drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from ..contract.arrays import Flags, Floats
from ..rigs import drawn_parts as parts

HEAD: Final = "Head"
LIP_COLUMNS: Final = 11
LID_COLUMNS: Final = 7
BROW_COLUMNS: Final = 5
SIDES: Final = ("L", "R")
LIPS: Final = frozenset(
    {parts.UPPER_LIP, parts.LOWER_LIP, parts.MOUTH, parts.INSIDE, parts.TEETH, parts.TONGUE}
)
_MOUTH_WIDTH = 0.55  # of an average face, in distances between the outer eye corners
_PUPILS_APART = 0.68
_AT_END = 0.03  # of a closed stroke's width: what is not farther from its end is an upright edge there
_BOX = 0.5  # of its width: where the columns are that the ends of a box go with
_LEAST_GAP = 0.02  # of the mouth's width: lips that are closer are shut
_OF_LIPS = 0.5  # of the mouth's width: what is less wide is no lip and no opening
_APART = 0.002  # of the mouth's width: lines that are nearer are one
_SLIT = 0.01  # of the mouth's width
_SLIT_OF_AREA = 0.03  # the same where a shut mouth has no line that would be seen
_RING_PARTS = 16  # from the left to the right of a mouth that is sketched of several lines
_PARTED = 0.25  # of how far it is open at the most
_TURNS = 2  # of these: where a line that turns round a corner of the mouth is on both lips
_MEETINGS = 12
_STEADY = 0.1  # of the largest singular value: points above each other tell no slope
_THICK = 0.05  # of its reach: a drawing that is thicker may lie between the views
_FLAT = 0.05  # of its lesser reach within a plane: flat enough to lie in it
_UPRIGHT = 0.9  # a normal's share that points up, from which a plane is seen from the top
_LEVEL: Final = (parts.EYE, parts.PUPIL, parts.BROW)
"""Parts of which two lie on a level, the most telling first."""
_TILTED, _MOST_TILTED, _AGREE = 0.15, 1.05, 0.3  # radians
_SHUT_AREA = 0.86  # the same where it has no line that would be seen
_SHUT = 0.97  # of the way down: what closes an eye of one stroke leaves its filling an area, under the line


@dataclass(frozen=True)
class Stroke:
    """A stroke in the plane of the drawing.

    Attributes:
        points: (N, 2).
        closed: whether its end leads back to its beginning.
        filled: whether it has an area.
        part: one of `parts.PARTS`; a sided part may lack its side; "" for none.
        lined: whether it has a line; else nothing but its area is seen of it.
    """

    points: Floats
    closed: bool = False
    filled: bool = False
    part: str = ""
    lined: bool = True


@dataclass(frozen=True)
class Plane:
    """The plane in which a drawing lies, in its object's space: three unit vectors, x cross y is to the viewer."""

    right: Floats
    up: Floats
    viewer: Floats

    def flat(self, points: Floats) -> Floats:
        """(N, 2) of (N, 3)."""
        return np.asarray(points, np.float64) @ np.stack([self.right, self.up], axis=1)

    def deep(self, moved: Floats) -> Floats:
        """(…, 3) of a motion (…, 2)."""
        return np.asarray(moved @ np.stack([self.right, self.up]))


def plane_of(points: Floats) -> Plane:
    """The plane of a drawing: the one of front, top and side view in which it is flattest; the front where it has no points.

    A drawing that is flat in none of them, but in a plane between them, lies in that.
    """
    spread = np.ptp(points, axis=0) if len(points) else np.array([1.0, 0.0, 1.0])
    x, y, z = np.eye(3)
    order = [1, 2, 0]  # the front is meant where it is as flat as another
    flattest = min(order, key=lambda axis: (round(float(spread[axis]), 6), order.index(axis)))
    straight = (Plane(y, z, x), Plane(x, z, -y), Plane(x, y, z))[flattest]
    if spread[flattest] <= _THICK * spread.max():
        return straight
    away, across = np.linalg.svd(points - np.mean(points, axis=0), full_matrices=False)[1:]
    if away[2] > _FLAT * away[1]:
        return straight
    nearest = max((-y, z, x), key=lambda way: round(abs(float(way @ across[2])), 3))
    return _slanted(across[2] * np.sign(across[2] @ nearest))


def _slanted(viewer: Floats) -> Plane:
    """The plane with that normal whose right is level, or that of the top view where it looks up."""
    _, y, z = np.eye(3)
    up = (z if abs(viewer[2]) < _UPRIGHT else y).copy()
    up -= viewer * (up @ viewer)
    up /= np.linalg.norm(up)
    return Plane(np.cross(up, viewer), up, viewer)


def turned(plane: Plane, tilt: float) -> Plane:
    """A plane whose right and up are turned counter-clockwise in the picture, by radians."""
    cos, sin = np.cos(tilt), np.sin(tilt)
    return Plane(cos * plane.right + sin * plane.up, cos * plane.up - sin * plane.right, plane.viewer)


def tilt_of(strokes: Sequence[Stroke]) -> float:
    """How far a head is drawn tilted, radians counter-clockwise in the picture; 0 where eyes and mouth do not agree on it.

    The eyes say so by the line between them, the mouth by where it lies below them.
    """
    of = {
        kind: [s.points for s in strokes if s.part[: len(kind)] == kind and len(s.points)] for kind in _LEVEL
    }
    eyes = next((pair for pair in of.values() if len(pair) > 1), [])
    mouth = [stroke.points for stroke in strokes if stroke.part in LIPS and len(stroke.points)]
    if not eyes or not mouth:
        return 0.0
    places = np.array([_middle_of(points) for points in eyes])
    between_eyes = np.mean(places, axis=0)
    along = np.linalg.svd(places - between_eyes)[2][0]
    along = along if along[0] > 0 else -along
    down = _middle_of(np.concatenate(mouth)) - between_eyes
    tilt, below = float(np.arctan2(along[1], along[0])), float(np.arctan2(down[0], -down[1]))
    agree = abs(tilt - below) < _AGREE and _TILTED < abs(tilt) < _MOST_TILTED
    return (tilt + below) / 2 if agree else 0.0


def _middle_of(points: Floats) -> Floats:
    return np.asarray((points.min(axis=0) + points.max(axis=0)) / 2)


@dataclass(frozen=True)
class Opening:
    """A mouth or an eye: two edges over a grid of columns from its left corner to its right one.

    Attributes:
        left, right: x of the corners.
        grid: (C,) 0 to 1.
        upper, lower: (C,) y of the edges.
    """

    left: float
    right: float
    grid: Floats
    upper: Floats
    lower: Floats

    @property
    def width(self) -> float:
        """From corner to corner."""
        return max(self.right - self.left, 1e-9)

    def across(self, x: Floats) -> Floats:
        """0 at the left corner to 1 at the right one."""
        return np.clip((x - self.left) / self.width, 0.0, 1.0)

    def columns(self, points: Floats) -> Floats:
        """(N, C) how much of each column there is in a point, as lines between columns have it.

        Corners of a box are two points above each other: they go with the columns beside them, as both lips meet at the ends.
        """
        at = self.across(points[:, 0])
        return between(0.5 + (at - 0.5) * _BOX if self.is_box else at, self.grid)

    @property
    def is_box(self) -> bool:
        """Whether both ends are upright edges."""
        gap = self.upper - self.lower
        return bool(min(gap[0], gap[-1]) > 0.5 * max(gap.max(), _LEAST_GAP * self.width))

    def down(self, points: Floats) -> Floats:
        """(N,) 0 at the upper edge to 1 at the lower one; NaN where both are one."""
        at = self.across(points[:, 0])
        upper, lower = np.interp(at, self.grid, self.upper), np.interp(at, self.grid, self.lower)
        gap = upper - lower
        shut = gap < _LEAST_GAP * self.width
        share = np.clip((upper - points[:, 1]) / np.where(shut, 1.0, gap), 0.0, 1.0)
        return np.where(shut, np.nan, share)

    def places(self, upper: bool) -> Floats:
        """(C, 2) where an edge's columns are."""
        x = self.left + self.grid * self.width
        return np.stack([x, self.upper if upper else self.lower], axis=1)


@dataclass(frozen=True)
class Eye:
    """An eye as it is drawn.

    Attributes:
        opening: its edges.
        travel: (C,) how far each column of what closes it goes; negative is down.
        covered: whether a lid of its own comes down before it; else its upper edge does, and the pupil with it.
        pupil: lowest and highest corner of the pupil, (2, 2); None where there is none.
    """

    opening: Opening
    travel: Floats
    covered: bool
    pupil: Floats | None


@dataclass(frozen=True)
class Control:
    """A place that moves.

    Attributes:
        name: what its bone is called.
        group: title of its curves in the animation editors.
        place: (2,) at rest.
    """

    name: str
    group: str
    place: Floats


@dataclass(frozen=True)
class DrawnFace:
    """A face that was found in strokes.

    Attributes:
        unit: distance between the outer eye corners.
        centre: (2,) between the eyes.
        mouth: its edges.
        opens: whether its lips can part: a single line, or what has no width, cannot.
        eyes, brows: by side, "L" is the character's own left; a brow is (5, 2), left to right.
        chin: y of the chin.
        half_width: half the width of the head.
        controls: all that moves but the head.
        nose: (2,).
        seam: (C,) y of the line on which the lips meet.
        edges: (2, C) y of the upper and the lower edge as the columns carry them: points between two columns are between both.
        lines: whether its mouth is drawn as open lines, an upper and a lower one.
        sketched: whether it is drawn as open lines that are one ring only together.
        single: whether its mouth is one: closed strokes far beside each other are several.
        slit: how far a shut mouth's edges stay apart: under its line where it is one closed stroke, whose filling needs an area.
    """

    unit: float
    centre: Floats
    mouth: Opening
    opens: bool
    eyes: dict[str, Eye]
    brows: dict[str, Floats]
    chin: float
    half_width: float
    nose: Floats
    seam: Floats
    edges: Floats
    slit: float = 0.0
    lines: bool = False
    single: bool = True
    sketched: bool = False
    controls: tuple[Control, ...] = field(default=())

    @property
    def pivot(self) -> Floats:
        """(2,) what the head turns about."""
        return np.array([self.centre[0], self.chin - 0.1 * self.unit])

    @property
    def names(self) -> list[str]:
        """The controls' and the head's."""
        return [*(control.name for control in self.controls), HEAD]


# -- found ---------------------------------------------------------------------------------------------


def between(at: Floats, grid: Floats) -> Floats:
    """(N, C) weights with which values on a grid are interpolated at places: rows add up to 1."""
    right = np.clip(np.searchsorted(grid, at, side="right"), 1, len(grid) - 1)
    share = np.clip((at - grid[right - 1]) / (grid[right] - grid[right - 1]), 0.0, 1.0)
    weights = np.zeros((len(at), len(grid)))
    rows = np.arange(len(at))
    weights[rows, right - 1] = 1 - share
    weights[rows, right] = share
    return weights


def rounded_grid(count: int) -> Floats:
    """(count,) 0 to 1, denser at both ends, where an oval is steep."""
    return (1 - np.cos(np.linspace(0.0, np.pi, count))) / 2


def lower_share(stroke: Stroke) -> Floats:
    """(N,) 0 on the upper side of a closed stroke, 1 on its lower one, by height on an upright edge; 0 on an open one."""
    points = stroke.points
    upper, lower = _sides(stroke)
    share = np.where(upper, 0.0, 1.0)
    upright = ~(upper | lower)
    if upright.any():
        corners = points[np.array(_ends(points))]  # (end, top and bottom, 2)
        at_right = points[:, 0] > points[:, 0].min() + np.ptp(points[:, 0]) / 2
        top, bottom = (corners[at_right.astype(int), row, 1] for row in (0, 1))
        down = (top - points[:, 1]) / np.maximum(top - bottom, 1e-9)
        share[upright] = np.clip(down, 0.0, 1.0)[upright]
    return share


def _sides(stroke: Stroke) -> tuple[Flags, Flags]:
    """(N,) bool each: which points of a closed stroke run along its upper and along its lower side, corners included; all of an
    open one are both. Between the corners of an upright edge they are neither.
    """
    points, count = stroke.points, len(stroke.points)
    if not stroke.closed or count < 3:
        return np.ones(count, bool), np.ones(count, bool)
    (left, left_below), (right, right_below) = _ends(points)
    if (left, right) != (left_below, right_below):
        above, below = {left, right}, {left_below, right_below}
        upper = _way_without(points, left, right, below - above, 1)
        return upper, _way_without(points, left_below, right_below, above - below, -1)
    ahead, behind = _way(left, right, count), _way(right, left, count)
    mine, other = (np.interp(0.5, *_along(points[way])) for way in (ahead, behind))
    return (ahead, behind) if mine >= other else (behind, ahead)


def _way_without(points: Floats, start: int, end: int, others: set[int], up: int) -> Flags:
    """Of the two ways between points of a closed stroke the one that avoids others; else the higher (up 1) or lower (-1) one."""
    ways = (_way(start, end, len(points)), _way(end, start, len(points)))
    return min(ways, key=lambda way: (int(way[list(others)].sum()), -up * float(points[way, 1].mean())))


def _way(start: int, end: int, count: int) -> Flags:
    """(count,) bool: the points of a closed stroke from one of them on to another."""
    on_it = np.zeros(count, bool)
    on_it[np.arange(start, start + (end - start) % count + 1) % count] = True
    return on_it


def _ends(points: Floats) -> tuple[tuple[int, int], tuple[int, int]]:
    """The upper and the lower corner at the left end of a closed stroke, then at its right one: the same point where it is not an
    upright edge, as a box has it.
    """
    width = float(np.ptp(points[:, 0]))
    height = _thickness(points)
    corners = []
    for x, tip in ((points[:, 0], np.argmin(points[:, 0])), (-points[:, 0], np.argmax(points[:, 0]))):
        edge = np.flatnonzero(x - x.min() <= _AT_END * width)
        away = (x[edge] - x.min()) / 2  # of points that are as high, the outermost is the corner
        top, bottom = (int(edge[np.argmax(up * points[edge, 1] - away)]) for up in (1, -1))
        upright = points[top, 1] - points[bottom, 1] > height / 2
        corners.append((top, bottom) if upright else (int(tip), int(tip)))
    return corners[0], corners[1]


def _thickness(points: Floats) -> float:
    """How tall a closed stroke is, but for the slant from one of its ends to the other."""
    x, y = points.T
    width = max(float(np.ptp(x)), 1e-9)
    left, right = (float(np.mean(y[end <= _AT_END * width])) for end in (x - x.min(), x.max() - x))
    return float(np.ptp(y - (right - left) * (x - x.min()) / width))


def _along(points: Floats) -> tuple[Floats, Floats]:
    """A side as y over x from 0 to 1."""
    order = np.argsort(points[:, 0], kind="stable")
    x, y = points[order].T
    return (x - x[0]) / max(float(x[-1] - x[0]), 1e-9), y


def _edge(strokes: Sequence[Stroke], upper: bool, places: Floats) -> Floats:
    """(C,) y of the upper or lower side of the widest of some strokes at places x."""
    return np.asarray(np.interp(places, *_side(strokes, upper).T))


def _side(strokes: Sequence[Stroke], upper: bool) -> Floats:
    """(N, 2) the points of that side, from left to right."""
    widest = max(strokes, key=lambda stroke: float(np.ptp(stroke.points[:, 0])))
    side = widest.points[_sides(widest)[0 if upper else 1]]
    return np.asarray(side[np.argsort(side[:, 0], kind="stable")])


def with_sides(strokes: Sequence[Stroke]) -> list[Stroke]:
    """The same strokes; those of a part that a face has twice with the side on which they lie, where their part had none."""
    middle = _middle(strokes)
    return [
        replace(stroke, part=f"{stroke.part}_{'L' if np.mean(stroke.points[:, 0]) >= middle else 'R'}")
        if stroke.part in parts.SIDED and len(stroke.points)
        else stroke
        for stroke in strokes
    ]


def _middle(strokes: Sequence[Stroke]) -> float:
    """x of the middle of the face: that of the mouth, else of everything that has a part."""
    mouth = [stroke.points for stroke in strokes if stroke.part in LIPS]
    known = mouth or [stroke.points for stroke in strokes if stroke.part]
    x = np.concatenate(known)[:, 0] if known else np.zeros(1)
    return float(x.min() + x.max()) / 2


def fit(strokes: Sequence[Stroke]) -> DrawnFace | None:
    """The face in some strokes; None where no mouth is among them."""
    strokes = [stroke for stroke in with_sides(strokes) if len(stroke.points)]
    ring = _ring([stroke for stroke in strokes if stroke.part == parts.MOUTH])
    if ring is None:
        strokes = with_lips(strokes)
    else:
        strokes = [*(stroke for stroke in strokes if stroke.part != parts.MOUTH), ring]
    by_part: dict[str, list[Stroke]] = {}
    for stroke in strokes:
        by_part.setdefault(stroke.part, []).append(stroke)
    mouth = _mouth(by_part)
    if mouth is None:
        return None
    opening, opens, sides = mouth
    seam = _seam(opening, sides)
    edges = _carried(opening, sides)
    eyes = {side: eye for side in SIDES if (eye := _eye(by_part, side)) is not None}
    unit, centre = _eye_line(eyes, opening)
    brows = {side: _brow(by_part[f"BROW_{side}"]) for side in SIDES if f"BROW_{side}" in by_part}
    outline = by_part.get(parts.OUTLINE, [])
    around = np.concatenate([stroke.points for stroke in outline]) if outline else np.zeros((0, 2))
    middle = float(np.mean(opening.upper + opening.lower)) / 2
    chin = middle - 0.5 * unit
    half_width = 0.8 * unit
    if len(around):
        chin = min(float(around[:, 1].min()), middle - 0.1 * unit)
        half_width = max(float(np.ptp(around[:, 0])) / 2, 0.4 * unit)
    noses = by_part.get(parts.NOSE, [])
    nose = (
        np.mean(np.concatenate([stroke.points for stroke in noses]), axis=0)
        if noses
        else (centre * 0.4 + np.array([centre[0], middle]) * 0.6)
    )
    ones = [stroke for stroke in by_part.get(parts.MOUTH, []) if stroke.closed]
    lips = [*ones, *by_part.get(parts.UPPER_LIP, []), *by_part.get(parts.LOWER_LIP, [])]
    share = _SLIT if any(stroke.lined for stroke in lips) else _SLIT_OF_AREA
    slit = share * opening.width if ones else 0.0
    lines = parts.MOUTH not in by_part
    single = not _are_beside(by_part.get(parts.MOUTH, []))
    face = DrawnFace(
        unit, centre, opening, opens, eyes, brows, chin, half_width, nose, seam, edges, slit, lines, single
    )
    face = replace(face, sketched=ring is not None)
    return replace(face, controls=tuple(_controls(face)))


def _ring(lines: Sequence[Stroke]) -> Stroke | None:
    """What open lines of a mouth are together where one of them is a part of both lips, as a ring that is sketched of several
    lines: their outer edge as one closed stroke. None where they are no ring.
    """
    if len(lines) < 2 or any(stroke.closed for stroke in lines):
        return None
    every = np.concatenate([stroke.points for stroke in lines])
    left, right = every[np.argmin(every[:, 0])], every[np.argmax(every[:, 0])]
    places = left[0] + (right[0] - left[0]) * (np.arange(_RING_PARTS) + 0.5) / _RING_PARTS
    spans = np.stack(
        [_span_at(stroke.points, places) for stroke in lines]
    )  # (lines, columns, lowest and highest)
    known = ~np.isnan(spans).all(axis=(0, 2))
    if known.sum() < 2:
        return None
    lower, upper = np.nanmin(spans[:, known, 0], axis=0), np.nanmax(spans[:, known, 1], axis=0)
    parted = upper - lower > max(
        _PARTED * float((upper - lower).max()), _LEAST_GAP * float(right[0] - left[0])
    )
    turns = spans[:, known, 1] - spans[:, known, 0] > _OF_LIPS * (upper - lower)
    if not ((turns & parted).sum(axis=1) >= _TURNS).any():
        return None
    top, bottom = (np.stack([places[known], edge], axis=1) for edge in (upper, lower))
    outline = np.concatenate([left[None], top, right[None], bottom[::-1]])
    return Stroke(outline, True, any(stroke.filled for stroke in lines), parts.MOUTH)


def _span_at(points: Floats, places: Floats) -> Floats:
    """(C, 2) the lowest and the highest y of a line at places x; NaN where it does not go."""
    x, y = points.T
    span = np.full((len(places), 2), np.nan)
    for row, place in enumerate(places):
        here = np.flatnonzero((x[:-1] - place) * (x[1:] - place) <= 0)
        if len(here):
            steps = x[here + 1] - x[here]
            share = (place - x[here]) / np.where(steps == 0, 1.0, steps)
            crossed = y[here] + share * (y[here + 1] - y[here])
            span[row] = crossed.min(), crossed.max()
    return span


def _mouth(by_part: dict[str, list[Stroke]]) -> tuple[Opening, bool, tuple[Floats, Floats]] | None:
    """The edges of the mouth, whether it can open, and the points of its upper and its lower side, from left to right."""
    lines = by_part.get(parts.MOUTH, [])
    closed = _innermost([stroke for stroke in lines if stroke.closed]) or by_part.get(parts.INSIDE, [])
    seam = [stroke for stroke in lines if not stroke.closed]
    upper, lower = by_part.get(parts.UPPER_LIP, []), by_part.get(parts.LOWER_LIP, [])
    lips = bool(upper and lower)
    ways = [
        (upper, lower, False, True)
        if lips and upper[0].closed
        else None,  # filled lips have edges of their own
        (closed, closed, True, False) if closed else None,
        (seam, seam, True, False) if seam else None,
        (upper, lower, False, True) if lips else None,
    ]
    way = next((way for way in ways if way is not None), None)
    if way is None:
        return None
    above, below, above_side, below_side = way
    x = np.concatenate([stroke.points[:, 0] for stroke in (*above, *below)])
    left, right = float(x.min()), float(x.max())
    grid = rounded_grid(LIP_COLUMNS)
    places = left + grid * (right - left)
    opening = Opening(left, right, grid, _edge(above, above_side, places), _edge(below, below_side, places))
    sides = _side(above, above_side), _side(below, below_side)
    return opening, (bool(closed) or lips) and right > left, sides


def _seam(mouth: Opening, sides: Sequence[Floats]) -> Floats:
    """(C,) y of the line on which two sides (N, 2) of a mouth meet: midway, as far as both have points to lie on it.

    Between its points a side is straight, so sides of few points meet on a line that is straight where one of them is.
    """
    if mouth.is_box or mouth.right <= mouth.left:
        return (mouth.upper + mouth.lower) / 2
    known = np.union1d(mouth.left + mouth.grid * mouth.width, np.concatenate([side[:, 0] for side in sides]))
    seam = np.mean([np.interp(known, *side.T) for side in sides], axis=0)
    for _ in range(_MEETINGS):
        for side in sides:
            seam = np.interp(known, side[:, 0], np.interp(side[:, 0], known, seam))
    return np.asarray(np.interp(mouth.left + mouth.grid * mouth.width, known, seam))


def _carried(mouth: Opening, sides: Sequence[Floats]) -> Floats:
    """(2, C) the edges that, interpolated between columns, go through the points of each side as nearly as may be."""
    edges = []
    for side, sampled in zip(sides, (mouth.upper, mouth.lower)):
        shares = mouth.columns(side)
        off = np.linalg.lstsq(shares, side[:, 1] - shares @ sampled, rcond=_STEADY)[0]
        edges.append(sampled + off)
    return np.stack(edges)


def _are_beside(strokes: Sequence[Stroke]) -> bool:
    """Whether closed strokes lie beside each other, farther apart than half of the widest one; what is much less wide, as dimples
    and creases are, is no mouth.
    """
    spans = sorted(
        (float(stroke.points[:, 0].min()), float(stroke.points[:, 0].max()))
        for stroke in strokes
        if stroke.closed and len(stroke.points)
    )
    widest = max((high - low for low, high in spans), default=0.0)
    spans = [(low, high) for low, high in spans if high - low >= _OF_LIPS * widest]
    right = spans[0][1] if spans else 0.0
    for low, high in spans[1:]:
        if low - right > widest / 2:
            return True
        right = max(right, high)
    return False


def _innermost(closed: Sequence[Stroke]) -> list[Stroke]:
    """Of closed strokes of a mouth the one that lies within the widest and is nearly as wide: the opening within its lips. Where
    there is none, all that are not much less wide than it: dimples go with the corners.
    """
    if not closed:
        return []
    outer = max(closed, key=lambda stroke: float(np.ptp(stroke.points[:, 0])))
    low, high = outer.points.min(axis=0), outer.points.max(axis=0)
    within = [
        stroke
        for stroke in closed
        if (stroke.points > low).all()
        and (stroke.points < high).all()
        and np.ptp(stroke.points[:, 0]) > _OF_LIPS * (high[0] - low[0])
    ]
    if within:
        return [min(within, key=lambda stroke: float(np.ptp(stroke.points[:, 0])))]
    return [stroke for stroke in closed if np.ptp(stroke.points[:, 0]) >= _OF_LIPS * (high[0] - low[0])]


def with_lips(strokes: Sequence[Stroke], mouth: Opening | None = None) -> list[Stroke]:
    """The same strokes; open lines of a mouth that lie above each other are its upper and its lower lip.

    Args:
        strokes: of a drawing, or of one of its layers.
        mouth: the mouth of the whole drawing, where that is known: a line that is alone in its layer is the lip that is nearer.
    """
    lines = [
        number
        for number, stroke in enumerate(strokes)
        if stroke.part == parts.MOUTH and not stroke.closed and len(stroke.points) > 1
    ]
    if any(stroke.part == parts.MOUTH and stroke.closed for stroke in strokes):
        return list(strokes)
    named = dict(_lips_of([strokes[number].points for number in lines]))
    if not named and mouth is not None:
        named = {place: _nearer_lip(strokes[number].points, mouth) for place, number in enumerate(lines)}
    result = list(strokes)
    for place, part in named.items():
        result[lines[place]] = replace(strokes[lines[place]], part=part)
    return result


def _lips_of(lines: Sequence[Floats]) -> Iterable[tuple[int, str]]:
    """(number, part) of each of some lines, where the two widest lie above each other; nothing where they do not."""
    widths = [float(np.ptp(points[:, 0])) for points in lines]
    order = sorted(range(len(lines)), key=lambda number: -widths[number])[:2]
    if len(order) < 2 or widths[order[1]] < _OF_LIPS * widths[order[0]]:
        return
    one, other = (lines[number] for number in order)
    left, right = (max(one[:, 0].min(), other[:, 0].min()), min(one[:, 0].max(), other[:, 0].max()))
    if right - left < _OF_LIPS * widths[order[0]]:
        return
    x = left + (right - left) * np.linspace(0.25, 0.75, LIP_COLUMNS)
    heights = [float(np.mean(_height_at(lines[number], x))) for number in order]
    if abs(heights[0] - heights[1]) < _APART * widths[order[0]]:
        return
    middle = sum(heights) / 2
    for number, points in enumerate(lines):
        yield number, parts.UPPER_LIP if np.mean(_height_at(points, x)) > middle else parts.LOWER_LIP


def _nearer_lip(points: Floats, mouth: Opening) -> str:
    places = mouth.left + mouth.grid * mouth.width
    upper, lower = (np.interp(points[:, 0], places, edge) for edge in (mouth.upper, mouth.lower))
    away = [float(np.abs(points[:, 1] - edge).mean()) for edge in (upper, lower)]
    return parts.UPPER_LIP if away[0] < away[1] else parts.LOWER_LIP


def _height_at(points: Floats, x: Floats) -> Floats:
    order = np.argsort(points[:, 0], kind="stable")
    return np.asarray(np.interp(x, points[order, 0], points[order, 1]))


def _eye(by_part: dict[str, list[Stroke]], side: str) -> Eye | None:
    """One eye; None where nothing of it is drawn."""
    whites, lids, pupils = (by_part.get(f"{part}_{side}", []) for part in ("EYE", "LID", "PUPIL"))
    body = whites or pupils or lids
    if not body:
        return None
    x = np.concatenate([stroke.points[:, 0] for stroke in body])
    left, right = float(x.min()), float(x.max())
    grid = rounded_grid(LID_COLUMNS)
    places = left + grid * (right - left)
    opening = Opening(left, right, grid, _edge(body, True, places), _edge(body, False, places))
    covering = [stroke for stroke in lids if stroke.closed and stroke.filled]
    covered = bool(covering and whites)
    travel = opening.lower - (_edge(covering, False, places) if covered else opening.upper)
    share = _SHUT if any(stroke.lined for stroke in (*whites, *pupils, *lids)) else _SHUT_AREA
    travel = travel * (1.0 if covered else share)
    corners = None
    if pupils:
        points = np.concatenate([stroke.points for stroke in pupils])
        corners = np.stack([points.min(axis=0), points.max(axis=0)])
    return Eye(opening, np.minimum(travel, 0.0), covered, corners)


def _eye_line(eyes: dict[str, Eye], mouth: Opening) -> tuple[float, Floats]:
    """The distance between the outer eye corners, and the middle between them; guessed from the mouth where there are no eyes."""
    if len(eyes) == 2:
        left, right = eyes["L"].opening, eyes["R"].opening
        middle = (left.left + left.right - right.left - right.right) / 2
        dots = left.width + right.width < 0.5 * middle  # eyes that are no more than pupils
        unit = middle / _PUPILS_APART if dots else left.right - right.left
        heights = [np.mean(eye.opening.upper + eye.opening.lower) / 2 for eye in eyes.values()]
        return max(unit, 1e-6), np.array([(left.right + right.left) / 2, float(np.mean(heights))])
    unit = max(mouth.width / _MOUTH_WIDTH, 1e-6)
    middle = float(np.mean(mouth.upper + mouth.lower)) / 2
    return unit, np.array([(mouth.left + mouth.right) / 2, middle + 0.85 * unit])


def _brow(strokes: Sequence[Stroke]) -> Floats:
    """(5, 2) the columns of a brow, from the picture's left to its right."""
    points = np.concatenate([stroke.points for stroke in strokes])
    x = np.linspace(points[:, 0].min(), points[:, 0].max(), BROW_COLUMNS)
    return np.stack([x, _edge(strokes, True, x)], axis=1)


def _controls(face: DrawnFace) -> Iterable[Control]:
    """All that moves, in the order of the weights."""
    for title, upper in (("Upper Lip", True), ("Lower Lip", False)):
        for number, place in enumerate(face.mouth.places(upper), 1):
            yield Control(f"{title} {number:02d}", "Lips", place)
    yield Control("Jaw", "Jaw", np.array([np.mean([face.mouth.left, face.mouth.right]), face.chin]))
    yield Control("Nose", HEAD, face.nose)
    for side, brow in face.brows.items():
        for number, place in enumerate(brow, 1):
            yield Control(f"Brow {number}.{side}", "Brows", place)
    for side, eye in face.eyes.items():
        middle = np.array([(eye.opening.left + eye.opening.right) / 2, np.mean(eye.opening.lower)])
        yield Control(f"Eye.{side}", HEAD, middle)
        for number, place in enumerate(eye.opening.places(True), 1):
            yield Control(f"Lid {number}.{side}", "Blinks", place)
        if eye.pupil is not None:
            x = float(np.mean(eye.pupil[:, 0]))
            yield Control(f"Pupil Bottom.{side}", "Gaze", np.array([x, eye.pupil[0, 1]]))
            yield Control(f"Pupil Top.{side}", "Gaze", np.array([x, eye.pupil[1, 1]]))
