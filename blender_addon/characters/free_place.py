# SPDX-License-Identifier: GPL-3.0-or-later
"""Where there is room in a scene for something new, so that it neither hides in what is there nor covers it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..contract.arrays import Floats

_GAP = 0.1
"""Part of the newcomer's height that stays free beside it."""
_TOUCHING = 0.02
"""Part of its height by which boxes may overlap: a floor that it stands on is not in its way."""
_FARTHEST = 10.0
"""In its heights."""


def box_of(objects: Iterable[Any]) -> Floats:
    """(2, 3) lowest and highest world coordinates of objects that have a surface; of shape (0, 3) where none has one."""
    corners = [
        np.array(obj.bound_box) @ np.array(obj.matrix_world)[:3, :3].T + np.array(obj.matrix_world)[:3, 3]
        for obj in objects
        if obj.type not in {"CAMERA", "LIGHT", "EMPTY", "SPEAKER", "LIGHT_PROBE", "ARMATURE", "LATTICE"}
    ]
    if not corners:
        return np.zeros((0, 3))
    points = np.concatenate(corners)
    return np.stack([points.min(axis=0), points.max(axis=0)])


def boxes_of(objects: Sequence[Any]) -> Floats:
    """(N, 2, 3) lowest and highest world coordinates of each of N objects that have a surface."""
    if not objects:
        return np.zeros((0, 2, 3))
    corners = np.array([[tuple(corner) for corner in obj.bound_box] for obj in objects])
    turned = np.array([[tuple(row) for row in obj.matrix_world] for obj in objects])
    points = corners @ turned[:, :3, :3].transpose(0, 2, 1) + turned[:, None, :3, 3]
    return np.stack([points.min(axis=1), points.max(axis=1)], axis=1)


def step_aside(box: Floats, others: Iterable[Floats]) -> float:
    """How far a box has to move along x until it is clear of all others.

    Args:
        box: (2, 3) lowest and highest coordinates.
        others: boxes of the same form; empty ones are passed over.

    Returns:
        The distance, 0 where nothing is in its way. What reaches farther than ten times its height, a room or a sky, is not.
    """
    height = float(box[1, 2] - box[0, 2])
    farthest = float(box[0, 0]) + _FARTHEST * height
    near = [other for other in others if len(other) and other[1, 0] < farthest]
    obstacles = [_thick(other, _TOUCHING * height) for other in near]
    aside = 0.0
    while True:
        moved = _thick(box, _TOUCHING * height) + np.array([aside, 0.0, 0.0])
        overlaps = [
            other
            for other in obstacles
            if (np.minimum(moved[1], other[1]) - np.maximum(moved[0], other[0]) > _TOUCHING * height).all()
            or _within(other, moved)
        ]
        if not overlaps:
            return aside
        aside = max(float(other[1, 0]) for other in overlaps) - float(box[0, 0]) + _GAP * height


def _thick(box: Floats, least: float) -> Floats:
    """A box that reaches that far from its middle at least: a drawing on a plane is in the way, too, and others are in its."""
    half = np.maximum((box[1] - box[0]) / 2, least)
    middle = box.mean(axis=0)
    return np.stack([middle - half, middle + half])


def _within(small: Floats, large: Floats) -> bool:
    return bool((small[0] >= large[0]).all() and (small[1] <= large[1]).all())
