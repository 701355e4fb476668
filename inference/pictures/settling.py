"""The last folds of a face's shapes: corners moved apart until no triangle turns over, also in half precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..face.arrays import Flags, Floats, Indices
from .refine import areas, neighbours

_KEPT, _SLIVER, _HASTE = 0.02, 1e-3, 1.5
"""Of its area that a triangle is given where it would fold at last, which of it suffices, and how many times what it lacks."""
_SETTLING, _STUCK, _PASSES = 60, 16, 2
"""Rounds at most, rounds without a gain after which it is left, and how often all triangles are looked at again."""
_AROUND = 3
"""Vertices, counted along edges, around a fold that may be moved."""


def settled(
    base: Floats, shapes: Floats, triangles: Indices, times: tuple[float, ...]
) -> NDArray[np.float16]:
    """Shapes that fold nothing at some times their weight, in the half precision that they are kept in.

    The corners of each triangle that would fold are moved apart until it keeps a little of its area, all triangles in turn:
    position-based dynamics (Müller et al. 2007).

    Args:
        base: (N, 3) where the shapes start from, pixels.
        shapes: (S, N, 3) displacements, pixels.
        triangles: (M, 3).
        times: the weights that they have to bear.

    Returns:
        (S, N, 3) float16, the rounds' best.
    """
    result = shapes.astype(np.float16)
    beside, _ = neighbours(triangles, len(base))
    for _ in range(_PASSES):
        folded = _folded(base, result, triangles, times)
        if not folded.any():
            break
        _settle(result, _folds(base, folded, triangles, beside), times)
    return result


def _folded(base: Floats, shapes: Floats, triangles: Indices, times: tuple[float, ...]) -> Flags:
    """(S, M) which triangles fold, or are next to nothing, at one of these weights."""
    return _turned(areas(base, triangles), base[:, :2], shapes[..., :2].astype(np.float32), triangles, times)


def _turned(
    start: Floats, base: Floats, moved: Floats, triangles: Indices, times: tuple[float, ...]
) -> Flags:
    """As `_folded`, of (S, N, 2) displacements of (N, 2) where the triangles' areas (M,) are known."""
    sign = np.sign(start)
    least = np.min([areas(base + np.float32(weight) * moved, triangles) * sign for weight in times], 0)
    return np.asarray(least < _SLIVER * np.abs(start))


@dataclass(frozen=True)
class _Folds:
    """What is near the folds of some shapes, side by side: no two shapes share a vertex here.

    Attributes:
        shape: (G,) which shape each group of vertices belongs to.
        names: (K,) the vertices.
        base: (K, 2) where they start from.
        group: (K,) whose they are.
        triangles: (M, 3) places in ``names``.
        owner: (M,) whose they are.
        start: (M,) twice their signed area.
        most: (M,) float32, how far a corner of theirs may be moved at once: of slivers nobody knows where to.
    """

    shape: Indices
    names: Indices
    base: Floats
    group: Indices
    triangles: Indices
    owner: Indices
    start: Floats
    most: Floats

    def of(self, groups: Flags) -> tuple[_Folds, Flags]:
        """Some of the groups (G,), and which of the vertices (K,) are theirs."""
        kept, going = groups[self.group], groups[self.owner]
        place, number = np.cumsum(kept) - 1, np.cumsum(groups) - 1
        fewer = _Folds(
            self.shape[groups],
            self.names[kept],
            self.base[kept],
            number[self.group[kept]],
            place[self.triangles[going]],
            number[self.owner[going]],
            self.start[going],
            self.most[going],
        )
        return fewer, kept


def _folds(base: Floats, folded: Flags, triangles: Indices, beside: Indices) -> _Folds:
    """What is near what is folded (S, M), of each shape that folds anything."""
    shapes = np.flatnonzero(folded.any(axis=1))
    start = areas(base, triangles)
    all_names, groups, all_triangles, owners, starts, most = [], [], [], [], [], []
    first = 0
    for number, shape in enumerate(shapes):
        near = np.zeros(len(base), bool)
        near[triangles[folded[shape]]] = True
        for _ in range(_AROUND):
            near[beside[near]] = True
        part = np.flatnonzero(near[triangles].any(axis=1))
        touched = np.zeros(len(base), bool)
        touched[triangles[part]] = True
        names = np.flatnonzero(touched)
        all_triangles.append((np.cumsum(touched) - 1 + first)[triangles[part]])
        owners.append(np.full(len(part), number))
        starts.append(start[part])
        most.append(np.full(len(part), 0.3 * np.sqrt(np.median(np.abs(start[part]))), np.float32))
        all_names.append(names)
        groups.append(np.full(len(names), number))
        first += len(names)
    names = np.concatenate(all_names)
    return _Folds(
        shapes,
        names,
        base[names, :2],
        *map(np.concatenate, (groups, all_triangles, owners, starts, most)),
    )


def _settle(shapes: NDArray[np.float16], folds: _Folds, times: tuple[float, ...]) -> None:
    """Bring each shape to what folds nothing, or the least of so many rounds, near its folds (in place, (S, N, 3)).

    Every shape goes its own way; they are worked on together, since each alone is too small for numpy to be quick.
    """
    trial = shapes[folds.shape[folds.group], folds.names, :2].astype(np.float32)
    best, since = np.full(len(folds.shape), np.inf), np.zeros(len(folds.shape), int)
    for _ in range(_SETTLING):
        rounded = trial.astype(np.float16)
        moved = rounded.astype(np.float32)
        folded = _turned(folds.start, folds.base, moved, folds.triangles, times)
        bad = np.bincount(folds.owner[folded], np.abs(folds.start[folded]), len(folds.shape))
        since = np.where(bad < 0.98 * best, 0, since + 1)
        better = bad < best
        best = np.where(better, bad, best)
        gained = better[folds.group]
        shapes[folds.shape[folds.group[gained]], folds.names[gained], :2] = rounded[gained]
        going = (bad > 0) & (since <= _STUCK)
        if not going.any():
            break
        if not going.all():
            folds, kept = folds.of(going)
            trial, best, since = trial[kept], best[going], since[going]
        sign, size = np.sign(folds.start), np.abs(folds.start)
        for weight in times:
            places = folds.base + np.float32(weight) * trial
            less = (_KEPT * size - areas(places, folds.triangles) * sign).clip(0) * _HASTE
            short = np.flatnonzero(less)
            corners = places[folds.triangles[short]]
            steps = _apart(corners, less[short], sign[short], folds.most[short]) / weight
            flat = folds.triangles[short].ravel()
            count = np.bincount(flat, minlength=len(trial)).clip(1)
            for axis in range(2):
                trial[:, axis] += np.bincount(flat, steps[..., axis].ravel(), len(trial)) / count


def _apart(corners: Floats, less: Floats, sign: Floats, most: Floats) -> Floats:
    """(K, 3, 2) how the corners of triangles move that lack so much of twice their area (K,), no farther than ``most`` (K,)."""
    a, b, c = (corners[:, corner] for corner in range(3))
    ways = np.stack([_crosswise(c - b), _crosswise(a - c), _crosswise(b - a)], axis=1) * sign[:, None, None]
    steps = less[:, None, None] * ways / np.maximum((ways**2).sum(axis=(1, 2)), 1e-12)[:, None, None]
    far = np.maximum(np.linalg.norm(steps, axis=-1, keepdims=True), 1e-9)
    return np.asarray(steps * np.minimum(1, most[:, None, None] / far))


def _crosswise(ways: Floats) -> Floats:
    """(N, 2) turned by a quarter: how a triangle's area grows by moving the corner that faces this side."""
    return np.stack([-ways[:, 1], ways[:, 0]], axis=1)
