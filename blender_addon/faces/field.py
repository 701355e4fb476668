# SPDX-License-Identifier: GPL-3.0-or-later
"""Smooth motion of a whole surface from the motion of some of its points: interpolation by radial basis functions.

Source: Hardy, *Multiquadric equations of topography and other irregular surfaces*, J. Geophys. Res. 76, 1971; for faces:
Noh and Neumann, *Expression cloning*, SIGGRAPH 2001. Places may have further coordinates than three, which is how the upper
and the lower lip, which touch, are kept apart.
"""

from __future__ import annotations

import numpy as np

SOFTNESS = 0.04
"""Radius, in face units, over which the motion around a point is rounded off."""

NEAREST = 0.006
"""Face units (half a millimetre of a real face): of places nearer to each other only one counts."""


class Field:
    """Interpolates values at places.

    Args:
        places: (K, D) where values are known; of places that nearly coincide the first counts, since values that differ there
            would throw everything else far off.
        points: (N, D) where they are wanted.
    """

    def __init__(self, places: np.ndarray, points: np.ndarray) -> None:
        self._start(places, points, [])

    def _start(self, places: np.ndarray, points: np.ndarray, known: list[np.ndarray]) -> None:
        """Begin; `known` has the columns of the first places that count, which are those of another field."""
        self._places, self._where = places, points
        self._kept = _apart(places)
        kept = places[self._kept]
        self._inverse = np.linalg.inv(_kernel(kept, kept) - 1e-7 * np.eye(len(kept)))
        done = sum(block.shape[1] for block in known)
        self._blocks = [*known, _kernel(points, kept[done:])]

    def extended(self, places: np.ndarray) -> Field:
        """The field with further places after its own."""
        result = Field.__new__(Field)
        result._start(np.concatenate([self._places, places]), self._where, self._blocks)
        return result

    def of(self, values: np.ndarray) -> np.ndarray:
        """(K, C) values at the places → (N, C) at the points."""
        weights = self._inverse @ values[self._kept]
        result = np.zeros((len(self._where), weights.shape[1]))
        first = 0
        for block in self._blocks:
            result += block @ weights[first : first + block.shape[1]]
            first += block.shape[1]
        return result


def _apart(places: np.ndarray) -> np.ndarray:
    """Indices of places none of which is nearer to an earlier one than `NEAREST`."""
    near = (places**2).sum(1)[:, None] + (places**2).sum(1)[None] - 2 * places @ places.T < NEAREST**2
    kept: list[int] = []
    for index in range(len(places)):
        if not near[index, kept].any():
            kept.append(index)
    return np.array(kept)


def _kernel(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    squared = one @ (-2 * other.T)
    squared += (one**2).sum(1)[:, None]
    squared += (other**2).sum(1)[None]
    np.maximum(squared, 0, out=squared)
    squared += SOFTNESS**2
    return np.sqrt(squared, out=squared)


def spread_points(points: np.ndarray, count: int) -> np.ndarray:
    """Indices of some points that lie far from each other (farthest-point sampling), the first is point 0."""
    if not len(points):
        return np.zeros(0, np.int64)
    chosen = [0]
    distance = np.linalg.norm(points - points[0], axis=1)
    while len(chosen) < min(count, len(points)):
        chosen.append(int(np.argmax(distance)))
        distance = np.minimum(distance, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return np.array(chosen)


def along(knots: np.ndarray, values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Values between knots by cubic Hermite curves with Catmull-Rom tangents.

    Args:
        knots: (K,) ascending.
        values: (..., K, C).
        where: (Q,) within the knots.

    Returns:
        (..., Q, C).
    """
    slopes = np.gradient(values, knots, axis=-2)
    index = np.clip(np.searchsorted(knots, where, side="right") - 1, 0, len(knots) - 2)
    width = knots[index + 1] - knots[index]
    t = ((where - knots[index]) / width)[:, None]
    width = width[:, None]
    one, two = np.take(values, index, axis=-2), np.take(values, index + 1, axis=-2)
    from_one, to_two = np.take(slopes, index, axis=-2) * width, np.take(slopes, index + 1, axis=-2) * width
    return np.asarray(
        (2 * t**3 - 3 * t**2 + 1) * one
        + (t**3 - 2 * t**2 + t) * from_one
        + (3 * t**2 - 2 * t**3) * two
        + (t**3 - t**2) * to_two
    )
