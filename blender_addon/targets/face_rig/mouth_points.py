# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a mouth's landmarks are on a skin, found by how it opens. Numpy only.

Where the lips meet, a vertex that the opening carries along lies beside one that stays; of all such places those in front are
the lips (the teeth are behind). The corners are where the way around the slit turns.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Final

import numpy as np

# (landmark of the upper lip, of the lower) of the inner contour, from the picture's left.
INNER_PAIRS: Final[tuple[tuple[int, int], ...]] = ((61, 67), (62, 66), (63, 65))
_OUTER: Final[tuple[int, ...]] = (50, 51, 52, 58, 57, 56)
CORNERS: Final[tuple[int, int]] = (60, 64)
CHIN: Final = 8
_WINDOW: Final = 0.45  # around the middle of the mouth; outer eye-corner distances
_REACH: Final = 0.15  # how far apart lips may be at rest
_DETOUR: Final = 1.8  # times the straight way: a longer one leads around a slit
_MISSED: Final = 5  # columns without a pair, as a mesh of few vertices has, before the lips are taken to end
# How far behind the front of a mouth, seen from above, lips may be, and how steeply that goes back.
_BEHIND, _STEEPEST = 0.045, 1.2
_PLACE, _OF_A_PLACE = 0.02, 4  # pairs that are looked at: so many of a place of this size
_CORNER: Final = 0.2  # how far beyond the last pair a corner may be
_COLUMNS: Final = np.linspace(-0.45, 0.45, 37)


@dataclass(frozen=True)
class MouthPoints:
    """Vertices that stand for landmarks.

    Attributes:
        landmarks: (P,) indices of iBUG landmarks.
        vertices: (P,) the vertex of each.
        width: of the mouth, outer eye-corner distances.
        seam: (C, 2) upper and lower vertex wherever the lips meet, from the picture's left to its right.
        along: (C,) where along the mouth each of them is: -1 at its left corner, 0 in the middle, 1 at its right corner.
    """

    landmarks: np.ndarray
    vertices: np.ndarray
    width: float
    seam: np.ndarray
    along: np.ndarray


def find_mouth(
    rest: np.ndarray, opened: np.ndarray, edges: np.ndarray, middle: np.ndarray
) -> MouthPoints | None:
    """Find the lips of a skin.

    Args:
        rest: (N, 3) vertices at rest, in face coordinates (x to the picture's right, y up, z to the viewer).
        opened: (N, 3) the same with the mouth opened.
        edges: (E, 2) the skin's edges.
        middle: (3,) about where the mouth is.

    Returns:
        None where the skin shows no lips that part.
    """
    drop = rest[:, 1] - opened[:, 1]
    near = np.flatnonzero(
        (np.abs(rest[:, 0] - middle[0]) < _WINDOW)
        & (np.abs(rest[:, 1] - middle[1]) < _WINDOW)
        & (rest[:, 2] > middle[2] - _WINDOW)
    )
    if len(near) < 2:
        return None
    largest = float(np.percentile(drop[near], 99.0))
    if largest < 1e-4:
        return None
    share = drop[near] / largest
    paths = _Paths(rest, edges, near)
    for low, high in ((0.35, 0.6), (0.45, 0.55)):  # wide apart first: soft weights have no clean edge
        upper, lower = near[share < low], near[share > high]
        pairs = _meetings(rest, upper, lower)
        seam = _seam(rest, pairs, paths, float(middle[0]))
        if seam is not None:
            return _landmarks(rest, upper, lower, seam, paths)
    return None


class _Paths:
    """Tells vertices of one piece of skin from vertices on either side of a slit."""

    def __init__(self, rest: np.ndarray, edges: np.ndarray, near: np.ndarray) -> None:
        self._rest = rest
        inside = np.zeros(len(rest), bool)
        inside[near] = True
        self._beside: dict[int, list[tuple[int, float]]] = {}
        for one, other in edges[inside[edges].all(axis=1)].tolist():
            length = float(np.linalg.norm(rest[one] - rest[other]))
            self._beside.setdefault(one, []).append((other, length))
            self._beside.setdefault(other, []).append((one, length))

    def joined(self, one: int, other: int) -> bool:
        """Whether the way over the skin is about as short as through the air."""
        limit = _DETOUR * float(np.linalg.norm(self._rest[one] - self._rest[other]))
        waiting, done = [(0.0, one)], set()
        while waiting:
            way, vertex = heapq.heappop(waiting)
            if vertex == other:
                return True
            if vertex in done:
                continue
            done.add(vertex)
            for neighbour, length in self._beside.get(vertex, ()):
                if way + length <= limit and neighbour not in done:
                    heapq.heappush(waiting, (way + length, neighbour))
        return False

    def around(self, one: int, other: int, longest: float) -> list[int]:
        """The vertices of the shortest way over the skin; empty where it is longer than that."""
        waiting: list[tuple[float, int, int]] = [(0.0, one, -1)]
        before: dict[int, int] = {}
        while waiting:
            way, vertex, came = heapq.heappop(waiting)
            if vertex in before:
                continue
            before[vertex] = came
            if vertex == other:
                path = [vertex]
                while before[path[-1]] >= 0:
                    path.append(before[path[-1]])
                return path
            for neighbour, length in self._beside.get(vertex, ()):
                if way + length <= longest and neighbour not in before:
                    heapq.heappush(waiting, (way + length, neighbour, vertex))
        return []


def _in_front(middles: np.ndarray) -> np.ndarray:
    """(M,) which of some places (M, 3) lie on the front of the mouth, which bulges when it is seen from above.

    It is at least as far in front as the line between any two places, and falls back no steeper than faces do.
    """
    columns, number = np.unique(np.round(middles[:, 0] / 0.01).astype(np.int64), return_inverse=True)
    x = columns * 0.01
    foremost = np.full(len(columns), -np.inf)
    np.maximum.at(foremost, number.reshape(-1), middles[:, 2])
    front = (foremost[None] - _STEEPEST * np.abs(x[:, None] - x[None])).max(axis=1)
    true = foremost >= front - _BEHIND  # what is far behind its neighbours tells nothing of the front
    hull: list[int] = []
    for index in np.flatnonzero(true).tolist():
        while len(hull) > 1 and _turns_left(x, foremost, hull[-2], hull[-1], index):
            hull.pop()
        hull.append(index)
    front = np.maximum(front, np.interp(x, x[hull], foremost[hull], left=-np.inf, right=-np.inf))
    return np.asarray(middles[:, 2] >= front[number.reshape(-1)] - _BEHIND)


def _nearest_of_each_place(middles: np.ndarray, gaps: np.ndarray, x: float) -> np.ndarray:
    """Some of many pairs: of each place, seen from above, those that are nearest to each other."""
    order = gaps.argsort(kind="stable")
    order = order[np.abs(middles[order, 0] - x) < _WINDOW]
    places = np.round(middles[order][:, (0, 2)] / _PLACE).astype(np.int64)
    _, number = np.unique(places, axis=0, return_inverse=True)
    seen: dict[int, int] = {}
    kept = []
    for index, place in zip(order.tolist(), number.reshape(-1).tolist()):
        seen[place] = seen.get(place, 0) + 1
        if seen[place] <= _OF_A_PLACE:
            kept.append(index)
    return np.array(kept, np.int64)


def _turns_left(x: np.ndarray, z: np.ndarray, one: int, two: int, three: int) -> bool:
    return bool((x[two] - x[one]) * (z[three] - z[one]) >= (x[three] - x[one]) * (z[two] - z[one]))


def _meetings(rest: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """(M, 2) for each lower vertex the nearest upper one above it or at its height, where it is near."""
    if not len(upper) or not len(lower):
        return np.zeros((0, 2), np.int64)
    pairs = []
    for start in range(0, len(lower), 512):
        part = lower[start : start + 512]
        offset = rest[upper][None] - rest[part][:, None]
        distance = np.linalg.norm(offset * (1.5, 1.0, 1.0), axis=2)  # rather above than beside
        distance[offset[:, :, 1] < -0.03] = np.inf
        best = distance.argmin(axis=1)
        good = distance[np.arange(len(part)), best] < _REACH
        pairs.append(np.stack([upper[best[good]], part[good]], axis=1))
    return np.concatenate(pairs)


def _seam(rest: np.ndarray, pairs: np.ndarray, paths: _Paths, x: float) -> dict[int, np.ndarray] | None:
    """Column → the pair (upper, lower) at which the lips meet, from the middle outwards as far as there is one."""
    if not len(pairs):
        return None
    middles = (rest[pairs[:, 0]] + rest[pairs[:, 1]]) / 2
    gaps = np.linalg.norm(rest[pairs[:, 0]] - rest[pairs[:, 1]], axis=1)
    mouth = _nearest_of_each_place(middles, gaps, x)
    slit = mouth[[not paths.joined(*pairs[index].tolist()) for index in mouth]]
    if not len(slit):
        return None
    slit = slit[_in_front(middles[slit])]
    pairs, middles, gaps = pairs[slit], middles[slit], gaps[slit]
    columns = _COLUMNS + x
    width = columns[1] - columns[0]
    start = len(columns) // 2
    seam: dict[int, np.ndarray] = {}

    def best(column: int, before: np.ndarray | None) -> np.ndarray | None:
        beside = np.abs(middles[:, 0] - columns[column]) < 1.2 * width
        if before is not None:
            beside &= np.linalg.norm((middles - before)[:, 1:], axis=1) < 0.12
        chosen = np.flatnonzero(beside)
        if not len(chosen):
            return None
        cost = 2.0 * gaps[chosen] + np.abs(middles[chosen, 0] - columns[column])
        front = middles[chosen, 2].max() if before is None else before[2]
        cost = cost + np.abs(front - middles[chosen, 2]) * 1.5
        return np.asarray(pairs[chosen[cost.argmin()]])

    for step in (1, -1):
        column, before = start, None
        missed = 0
        while 0 <= column < len(columns) and missed < _MISSED:
            pair = best(column, before)
            if pair is None:
                if column == start and before is None:
                    return None
                missed += 1
            else:
                missed = 0
                seam[column] = pair
                before = (rest[pair[0]] + rest[pair[1]]) / 2
            column += step
    if len({tuple(pair) for pair in seam.values()}) < 2:
        return None
    return seam


def _corner(rest: np.ndarray, paths: _Paths, pair: np.ndarray, sign: float) -> int:
    """The corner of a mouth beyond its last pair of lips on a side: where the way around the slit turns."""
    upper, lower = pair.tolist()
    path = paths.around(upper, lower, 3 * _CORNER)
    beyond = [vertex for vertex in path if 0 < sign * (rest[vertex, 0] - rest[upper, 0]) < _CORNER]
    return int(max(beyond, key=lambda vertex: sign * float(rest[vertex, 0]), default=upper))


def _landmarks(
    rest: np.ndarray, upper: np.ndarray, lower: np.ndarray, seam: dict[int, np.ndarray], paths: _Paths
) -> MouthPoints:
    middles = {column: rest[pair].mean(axis=0) for column, pair in seam.items()}
    xs = np.array([middle[0] for middle in middles.values()])
    corners = [_corner(rest, paths, seam[end], sign) for end, sign in ((min(seam), -1.0), (max(seam), 1.0))]
    low, high = (float(value) for value in rest[corners, 0])
    centre, half = (low + high) / 2, (high - low) / 2
    columns = list(seam)

    def pair_at(x: float) -> np.ndarray:
        return seam[columns[int(np.abs(xs - x).argmin())]]

    landmarks: list[int] = []
    vertices: list[int] = []
    for (above, below), x in zip(INNER_PAIRS, (-0.5, 0.0, 0.5)):
        pair = pair_at(centre + x * half)
        landmarks += [above, below]
        vertices += [int(pair[0]), int(pair[1])]
    landmarks += CORNERS
    vertices += corners
    # The outer contour: on the skin in front of and beyond the inner one.
    height = 0.3 * half
    for landmark, x in zip(_OUTER, (-0.3, 0.0, 0.3) * 2):
        side = upper if landmark < 55 else lower
        sign = 1.0 if landmark < 55 else -1.0
        start = rest[pair_at(centre + x * half)[0 if landmark < 55 else 1]]
        goal = start + np.array([0.0, sign * height, 0.0])
        cost = np.linalg.norm((rest[side] - goal)[:, :2], axis=1) - 0.5 * rest[side, 2]
        landmarks.append(landmark)
        vertices.append(int(side[cost.argmin()]))
    goal = rest[pair_at(centre)[1]] + np.array([0.0, -0.4, 0.0])
    cost = np.linalg.norm((rest[lower] - goal)[:, :2], axis=1) - 0.5 * rest[lower, 2]
    landmarks.append(CHIN)
    vertices.append(int(lower[cost.argmin()]))
    order = np.argsort(xs, kind="stable")
    pairs = np.array([seam[columns[index]] for index in order])
    first = np.unique(pairs, axis=0, return_index=True)[1]
    first.sort()
    along = (xs[order] - centre) / max(half, 1e-9)
    return MouthPoints(np.array(landmarks), np.array(vertices), 2 * half, pairs[first], along[first])
