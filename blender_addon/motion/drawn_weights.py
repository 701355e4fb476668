# SPDX-License-Identifier: GPL-3.0-or-later
"""Which point of a drawing follows which control of its face (`motion.drawn_face`), and how far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from ..contract.arrays import Floats
from ..contract.curves import smooth_step
from ..rigs import drawn_parts as parts
from .drawn_face import (
    BROW_COLUMNS,
    LID_COLUMNS,
    LIP_COLUMNS,
    LIPS,
    DrawnFace,
    Eye,
    Stroke,
    between,
    lower_share,
    with_lips,
)

_REACH = 0.14  # in eye distances: how far what has no name follows what is near
_FAR = 0.02  # so little is nothing: a point that followed everything a trace would be in every vertex group
_WITHIN: Final = {parts.TONGUE: (0.55, 1.0), parts.TEETH: (0.0, 0.4)}
"""Where in an open mouth that is drawn shut they are: 0 at the upper lip, 1 at the lower one."""
_EDGE = 0.2  # how far from the mouth's edges, of its opening, what is called mouth is one of them
_ONLY_HEAD = frozenset({parts.STILL})


def weights_of(face: DrawnFace, strokes: Sequence[Stroke]) -> Floats:
    """How far each point of some strokes follows each control.

    Args:
        face: the one that is drawn.
        strokes: any of the same drawing, whose points follow each other.

    Returns:
        (N, K + 1) float32, in the order of `DrawnFace.names`: none is negative, rows add up to 1 at most.
    """
    column = {name: number for number, name in enumerate(face.names)}
    sided = _with_sides(face, strokes)
    if not face.sketched:
        sided = with_lips(sided, face.mouth if face.lines else None)
    starts = np.concatenate([[0], np.cumsum([len(stroke.points) for stroke in sided], dtype=np.int64)])
    weights = np.zeros((int(starts[-1]), len(column)), np.float32)
    for numbers in _alike(sided):
        first = sided[numbers[0]]
        if len(numbers) > 1:
            first = replace(first, points=np.concatenate([sided[number].points for number in numbers]))
        rows = np.concatenate([np.arange(starts[number], starts[number + 1]) for number in numbers])
        weights[rows] = _of_stroke(face, first, column)
    return weights


def _alike(strokes: Sequence[Stroke]) -> Iterable[list[int]]:
    """The numbers of strokes whose points can be weighed together: all but lips and eyes, whose shape matters."""
    together: dict[str, list[int]] = {}
    for number, stroke in enumerate(strokes):
        shaped = stroke.part in LIPS or stroke.part[:-2] in parts.SIDED
        together.setdefault(f"{number}" if shaped else stroke.part, []).append(number)
    return together.values()


def _with_sides(face: DrawnFace, strokes: Sequence[Stroke]) -> list[Stroke]:
    """As `drawn_face.with_sides`, by the middle of a face that is known."""
    return [
        replace(
            stroke,
            part=f"{stroke.part}_{'L' if np.mean(stroke.points[:, 0]) >= face.centre[0] else 'R'}",
        )
        if stroke.part in parts.SIDED and len(stroke.points)
        else stroke
        for stroke in strokes
    ]


def _of_stroke(face: DrawnFace, stroke: Stroke, column: dict[str, int]) -> Floats:
    weights = np.zeros((len(stroke.points), len(column)))
    if not len(weights):
        return weights
    kind, _, side = stroke.part.partition("_") if stroke.part[-2:] in ("_L", "_R") else (stroke.part, "", "")
    if stroke.part in LIPS:
        _follow_lips(face, stroke, weights)
    elif kind == "BROW" and side in face.brows:
        x = face.brows[side][:, 0]
        if x[-1] > x[0]:
            first = column[f"Brow 1.{side}"]
            weights[:, first : first + BROW_COLUMNS] = between(stroke.points[:, 0], x)
    elif side in face.eyes and kind in parts.SIDED:
        _follow_eye(face.eyes[side], stroke, kind, side, column, weights)
    elif stroke.part == parts.NOSE:
        weights[:, column["Nose"]] = 1.0
    elif stroke.part == parts.OUTLINE:
        weights[:, column["Jaw"]] = _with_jaw(face, stroke.points)
    elif stroke.part not in _ONLY_HEAD:
        _follow_nearby(face, stroke.points, column, weights)
    with_head = np.ones(len(weights)) if stroke.part else _with_head(face, stroke.points)
    weights *= with_head[:, None]
    weights[:, -1] = np.maximum(with_head - weights.sum(axis=1), 0.0)
    return weights


def _follow_lips(face: DrawnFace, stroke: Stroke, weights: Floats) -> None:
    """A point goes with the upper lip, the lower one, or what of both its place between them is."""
    columns = face.mouth.columns(stroke.points)
    if stroke.part == parts.UPPER_LIP:
        down = np.zeros(len(stroke.points))
    elif stroke.part == parts.LOWER_LIP:
        down = np.ones(len(stroke.points))
    else:
        side = down = lower_share(stroke)
        inside = face.mouth.down(stroke.points)
        if stroke.part != parts.MOUTH or np.nanmean(np.append(np.abs(inside - side), 0.0)) > _EDGE:
            top, bottom = _WITHIN.get(stroke.part, (0.0, 1.0))
            down = np.where(np.isnan(inside), top + (bottom - top) * side, inside)
    weights[:, :LIP_COLUMNS] = (1 - down)[:, None] * columns
    weights[:, LIP_COLUMNS : 2 * LIP_COLUMNS] = down[:, None] * columns


def _follow_eye(
    eye: Eye, stroke: Stroke, kind: str, side: str, column: dict[str, int], weights: Floats
) -> None:
    """What closes goes with the lid, the rest with the eye, and the pupil with the gaze."""
    if kind == parts.PUPIL and eye.pupil is not None:
        bottom, top = eye.pupil[:, 1]
        share = np.clip((stroke.points[:, 1] - bottom) / max(top - bottom, 1e-9), 0.0, 1.0)
        weights[:, column[f"Pupil Bottom.{side}"]] = 1 - share
        weights[:, column[f"Pupil Top.{side}"]] = share
        return
    first = column[f"Lid 1.{side}"]
    lid = eye.opening.columns(stroke.points)
    if kind == parts.LASH:
        share = np.ones(len(stroke.points))
    elif kind == parts.LID:
        share = lower_share(stroke) if eye.covered and stroke.closed else np.ones(len(stroke.points))
    elif eye.covered:
        share = np.zeros(len(stroke.points))
    else:
        down = eye.opening.down(stroke.points)
        share = 1 - lower_share(stroke) if stroke.closed else np.where(np.isnan(down), 0.0, 1 - down)
    weights[:, first : first + LID_COLUMNS] = share[:, None] * lid
    weights[:, column[f"Eye.{side}"]] = 1 - share


def _with_jaw(face: DrawnFace, points: Floats) -> Floats:
    """(N,) how far points go with the jaw: not above the mouth's corners, wholly at the chin."""
    top = float(np.mean([face.mouth.upper[0], face.mouth.upper[-1]])) + 0.1 * face.unit
    return smooth_step((top - points[:, 1]) / max(top - face.chin - 0.1 * face.unit, 1e-6))


def _with_head(face: DrawnFace, points: Floats) -> Floats:
    """(N,) how far points go with the head: a body below it stays."""
    down = (points[:, 1] - (face.chin - 0.55 * face.unit)) / (0.5 * face.unit)
    aside = (2.8 * face.half_width - np.abs(points[:, 0] - face.centre[0])) / face.half_width
    return smooth_step(down) * smooth_step(aside)


def _follow_nearby(face: DrawnFace, points: Floats, column: dict[str, int], weights: Floats) -> None:
    """What has no name follows what it is near to: soft, and never both lips."""
    places = np.stack([control.place for control in face.controls])
    own = [
        number for name, number in column.items() if name.startswith(("Lid", "Pupil", "Jaw"))
    ]  # lids and gaze are the eyes' own
    for start in range(0, len(points), 20000):  # a drawing may have hundreds of thousands of points
        some = points[start : start + 20000]
        squared = (some[:, 0, None] - places[:, 0]) ** 2 + (some[:, 1, None] - places[:, 1]) ** 2
        near = np.exp(-squared / (2 * (_REACH * face.unit) ** 2))
        near = np.maximum(near - _FAR, 0.0) / (1 - _FAR)
        seam = np.interp(
            face.mouth.across(some[:, 0]), face.mouth.grid, (face.mouth.upper + face.mouth.lower) / 2
        )
        above = some[:, 1] >= seam
        near[above, LIP_COLUMNS : 2 * LIP_COLUMNS] = 0.0
        near[~above, :LIP_COLUMNS] = 0.0
        near[:, own] = 0.0
        total = near.sum(axis=1)
        strongest = near.max(axis=1)
        near *= (strongest / np.maximum(total, 1e-12))[:, None]
        inner = np.abs(some[:, 0] - face.centre[0]) < 1.2 * face.half_width
        near[:, column["Jaw"]] = (1 - near.sum(axis=1)) * _with_jaw(face, some) * inner
        weights[start : start + len(some), :-1] = near
