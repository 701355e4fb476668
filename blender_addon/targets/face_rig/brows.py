# SPDX-License-Identifier: GPL-3.0-or-later
"""Brows: their bones go with the brows' landmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ...contract.landmarks import LEFT_BROW, RIGHT_BROW
from .controls import Freedom, FreedomFinder, tip_motion
from .frame import FaceFrame

# Landmarks of the character's own left and right brow, from its inner to its outer end.
LANDMARKS: Final = {"left": LEFT_BROW, "right": RIGHT_BROW[::-1]}
_INNER, _OUTER = 0.17, 0.64  # where an average brow begins and ends, from the middle
_REACH: Final = 0.3
_RIDGE: Final = 0.05


@dataclass(frozen=True, eq=False)
class BrowResponse:
    """How one brow answers to its controls.

    Attributes:
        freedoms: K controls.
        solution: (K, 3B) from where its B bones are to go, in face coordinates, to the controls' values.
        places: (B, 2) landmarks' part before each bone, and the share of the next one; NaN: all of them.
        side: "left" or "right".
    """

    freedoms: list[Freedom]
    solution: np.ndarray
    places: np.ndarray
    side: str


def measure_brow(
    finder: FreedomFinder, armature: Any, frame: FaceFrame, names: tuple[str, ...], side: str
) -> BrowResponse | None:
    """How a brow's bones answer to what may be animated of them; None where nothing may.

    Args:
        finder: what may be animated.
        armature: the armature object.
        frame: the face.
        names: the brow's bones.
        side: "left" or "right".
    """
    bones = armature.data.bones
    ends = np.array([(bones[name].head_local, bones[name].tail_local) for name in names]).reshape(-1, 2, 3)
    freedoms: list[Freedom] = []
    columns = []
    for index, name in enumerate(names):
        free = finder.locations(name, _REACH * frame.unit)
        turns = not free  # a bone that cannot move turns, and its tip goes up and down
        if turns:
            turnings = [finder.rotation(name, axis, -0.6, 0.6) for axis in frame.axes.T]
            free = [freedom for freedom in turnings if freedom is not None]
        for freedom in free:
            column = np.zeros((len(names), 3))
            column[index] = tip_motion(armature, freedom, turns) @ frame.axes / frame.unit
            if np.abs(column).max() * frame.unit > 1e-3 * (bones[name].length if turns else 1.0):
                freedoms.append(freedom)
                columns.append(column.reshape(-1))
    if not freedoms:
        return None
    weights = np.tile((0.6, 1.0, 0.2), len(names))
    matrix = np.stack(columns, axis=1) * weights[:, None]
    ridge = np.diag((_RIDGE * np.abs(matrix).max(axis=0)) ** 2)
    solution = np.linalg.solve(matrix.T @ matrix + ridge, matrix.T) * weights
    return BrowResponse(freedoms, solution, _places(frame.to_face(ends)), side)


def _places(rest: np.ndarray) -> np.ndarray:
    """Where along the brow's five landmarks each bone is."""
    if len(rest) == 1:
        return np.array([[np.nan, np.nan]])
    x = np.abs(rest[:, 0, 0])
    low, high = (float(x.min()), float(x.max())) if len(rest) > 2 else (_INNER, _OUTER)
    place = np.clip((x - low) / max(high - low, 1e-6), 0, 1) * 4
    before = np.minimum(np.floor(place), 3)
    return np.stack([before, place - before], axis=1)


def brow_values(response: BrowResponse, moves: np.ndarray) -> np.ndarray:
    """Values (T, K) with which a brow goes as its landmarks; a lone bone as their mean.

    Args:
        response: how the brow answers.
        moves: (T, 68, 3) how far each landmark has moved, outer eye-corner distances.
    """
    chosen = moves[:, LANDMARKS[response.side]]
    if np.isnan(response.places).any():
        targets = chosen.mean(axis=1)[:, None]
    else:
        before, share = response.places[:, 0].astype(np.int64), response.places[:, 1, None]
        targets = chosen[:, before] * (1 - share) + chosen[:, before + 1] * share
    values = targets.reshape(len(moves), -1) @ response.solution.T
    limits = np.array([(freedom.low, freedom.high) for freedom in response.freedoms])
    return np.asarray(np.clip(values, limits[:, 0], limits[:, 1]))
