# SPDX-License-Identifier: GPL-3.0-or-later
"""How the controls of a drawn face (`motion.drawn_face`) move when it talks, and where its points then are.

What turns in depth is shown as drawings show it: what lies nearer to the viewer is shifted farther.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ..contract import FaceAnimation
from ..contract.arrays import Flags, Floats
from ..contract.curves import ramp
from ..contract.easing import FACE_EASE, HEAD_EASE, eased
from .drawn_face import BROW_COLUMNS, LID_COLUMNS, DrawnFace, Eye

_UPPER_INNER: Final = (60, 61, 62, 63, 64)
_LOWER_INNER: Final = (60, 67, 66, 65, 64)
_CHIN: Final = (7, 8, 9)
_BROWS: Final = {"R": 17, "L": 22}
"""The first of five landmarks, left to right."""
_INNER_WIDTH = 0.484  # of the neutral face's mouth
_WIDEST_SCALE = 2.0
_GAZE_WHOLE = 0.6  # radians: the pupil is then at the edge of the eye
_DEPTH: Final = {"Lips": 0.45, "Jaw": 0.25, "Brows": 0.35, "Blinks": 0.35, "Gaze": 0.38, "Head": 0.35}
"""Eye distances in front of the outline of the head, by group of controls."""
_JAW = 0.6  # of the chin's way: an outline that goes all of it looks drawn out
_ALMOST = 0.04  # in eye distances: so far apart lips that may touch do, each half of the way
_LENS, _OVAL = 0.75, 0.866
"""How far lips are apart a quarter of the way across, of how far they are in the middle, with pointed corners (a parabola) and
with round ones (an ellipse)."""
_NOSE_DEPTH = 0.75
_HEAD_DEPTH = 0.15


@dataclass(frozen=True)
class DrawnMotion:
    """How the controls move.

    Attributes:
        moved: (T, K, 2) float32, away from rest, before the head moves.
        head: (T, 3) float32: shift to the right, up, and turn in radians, counter-clockwise, about the face's pivot.
    """

    moved: Floats
    head: Floats


def motion_of(face: DrawnFace, animation: FaceAnimation) -> DrawnMotion:
    """The motion of a face's controls, grown out of rest and back; first and last frame are the drawing as it is.

    Args:
        face: as drawn.
        animation: with its dials applied.
    """
    fps = animation.fps
    away = (animation.landmarks - animation.neutral)[:, :, :2]
    away = eased(away.reshape(len(away), -1), fps, *FACE_EASE).reshape(-1, animation.neutral.shape[0], 2)
    blink = eased(animation.blink, fps, *FACE_EASE)
    gaze = eased(animation.eye_rotation, fps, *FACE_EASE)
    talking = eased(np.ones((len(animation), 1), np.float32), fps, *FACE_EASE)[:, 0]
    turn = eased(animation.head_rotation, fps, *HEAD_EASE)
    shift = eased(animation.head_translation, fps, *HEAD_EASE)
    frames = max(len(away), len(turn))
    away, blink, gaze = (_held(values, frames) for values in (away, blink, gaze))
    closed = np.zeros(frames, bool)
    closed[: len(animation)] = animation.closed
    talking, turn, shift = (_held(values, frames) for values in (talking, turn, shift))
    moved = np.concatenate(
        [
            *_lips(face, away, talking, closed),
            (face.unit * _scale(face) * _JAW * away[:, _CHIN].mean(axis=1))[:, None],
            np.zeros((frames, 1, 2)),
            *(face.unit * away[:, _BROWS[side] : _BROWS[side] + BROW_COLUMNS] for side in face.brows),
            *(_eye(face.eyes[side], blink[:, "LR".index(side)], gaze) for side in face.eyes),
        ],
        axis=1,
    )
    sideways = np.stack([np.sin(turn[:, 1]), -np.sin(turn[:, 0])], axis=1) * face.unit
    moved = moved + sideways[:, None] * _depths(face)[None, :, None]
    head = np.concatenate([shift[:, :2] * face.unit + sideways * _HEAD_DEPTH, turn[:, 2:3]], axis=1)
    return DrawnMotion(moved.astype(np.float32), head.astype(np.float32))


def _held(values: Floats, frames: int) -> Floats:
    """The last row, which is rest, as long as others still move."""
    return np.concatenate([values, np.repeat(values[-1:], frames - len(values), axis=0)])


def _scale(face: DrawnFace) -> float:
    """How much larger than an average face's the drawn mouth is."""
    return float(np.clip(face.mouth.width / face.unit / _INNER_WIDTH, 1 / _WIDEST_SCALE, _WIDEST_SCALE))


def _depths(face: DrawnFace) -> Floats:
    """(K,) how far each control lies in front of the outline of the head, in eye distances."""
    return np.array(
        [_NOSE_DEPTH if control.name == "Nose" else _DEPTH[control.group] for control in face.controls]
    )


def _lips(face: DrawnFace, away: Floats, talking: Floats, closed: Flags) -> tuple[Floats, Floats]:
    """(T, C, 2) each lip's columns. While it talks a mouth that is drawn open is open only as far as the motion says, and where
    that lets lips touch they do, though its landmarks may not quite.
    """
    mouth, scale = face.mouth, face.unit * _scale(face)
    gap = np.maximum(face.edges[0] - face.edges[1], 1e-9)
    shut = 1 - np.minimum(face.slit / gap, 1.0)
    least = np.minimum(face.slit, gap)
    apart = away[:, _UPPER_INNER, 1] - away[:, _LOWER_INNER, 1]
    round_ = _roundness(apart)
    upper, lower = (
        scale * _edge(away[:, points], mouth.grid, round_) for points in (_UPPER_INNER, _LOWER_INNER)
    )
    touch = closed & (apart.max(axis=1) <= _ALMOST)
    parted = np.maximum(upper[:, :, 1] - lower[:, :, 1], 0.0) * touch[:, None]
    for moved, edge, way in zip((upper, lower), face.edges, (-1, 1)):
        moved[:, :, 1] += way * parted / 2 + talking[:, None] * (face.seam - edge) * shut
    # Pressed lips would cross, and a filling that is cut from crossed edges shows the inside of the mouth.
    crossed = np.maximum(least - (face.edges[0] + upper[:, :, 1] - face.edges[1] - lower[:, :, 1]), 0.0)
    upper[:, :, 1] += crossed / 2
    lower[:, :, 1] -= crossed / 2
    return upper, lower


def _roundness(apart: Floats) -> Floats:
    """(T,) 0 where lips (T, 5) part as a lens does, 1 where they part as an oval."""
    beside, middle = (apart[:, 1] + apart[:, 3]) / 2, apart[:, 2]
    return ramp(beside / np.maximum(middle, 1e-6), _LENS, _OVAL)


def _edge(away: Floats, at: Floats, round_: Floats) -> Floats:
    """(T, C, 2) how an edge of the mouth moves at places from 0 to 1, through its five points (T, 5, 2).

    A spline alone leaves both corners pointed, however round the mouth is, so what an oval of its height has of it is set apart.
    """
    known = np.linspace(0.0, 1.0, away.shape[1])
    height = (away[:, 2, 1] - (away[:, 0, 1] + away[:, -1, 1]) / 2) * round_
    oval = [height[:, None] * 2 * np.sqrt(places * (1 - places)) for places in (known, at)]
    rest = away - np.stack([np.zeros_like(oval[0]), oval[0]], axis=-1)
    moved = np.einsum("cp,tpk->tck", _spline(len(known), at), rest)
    moved[:, :, 1] += oval[1]
    return np.asarray(moved)


def _spline(count: int, at: Floats) -> Floats:
    """(N, count) weights of a natural cubic spline over points that are equally far apart, at places from 0 to 1."""
    inner = count - 2
    bend = np.zeros((count, count))
    if inner > 0:
        system = 4 * np.eye(inner) + np.eye(inner, k=1) + np.eye(inner, k=-1)
        rows = np.zeros((inner, count))
        for row in range(inner):
            rows[row, row : row + 3] = 6.0, -12.0, 6.0
        bend[1:-1] = np.linalg.solve(system, rows)
    where = np.clip(at, 0, 1) * (count - 1)
    left = np.minimum(where.astype(int), count - 2)
    b = where - left
    a = 1 - b
    points = np.eye(count)
    return np.asarray(
        a[:, None] * points[left]
        + b[:, None] * points[left + 1]
        + ((a**3 - a)[:, None] * bend[left] + (b**3 - b)[:, None] * bend[left + 1]) / 6
    )


def _eye(eye: Eye, blink: Floats, gaze: Floats) -> Floats:
    """(T, 1 + C, 2), with two more for a pupil: the eye itself, what closes it, bottom and top of the pupil."""
    frames = len(blink)
    still = np.zeros((frames, 1, 2))
    lid = np.zeros((frames, LID_COLUMNS, 2))
    lid[:, :, 1] = blink[:, None] * eye.travel
    if eye.pupil is None:
        return np.concatenate([still, lid], axis=1)
    looks = _gaze_shift(eye, gaze)
    pupil = np.zeros((frames, 2, 2))
    middle = np.full((1, 2), np.mean(eye.pupil[:, 0]))
    at = eye.opening.across(middle[0])
    for row, height in enumerate(eye.pupil[:, 1]):
        place = np.array([[middle[0, 0], height]])
        share = 0.0 if eye.covered else 1 - float(np.nan_to_num(eye.opening.down(place), nan=1.0)[0])
        travel = float(np.interp(at[0], eye.opening.grid, eye.travel))
        open_share = 1 - (0.0 if eye.covered else 1.0) * blink
        pupil[:, row] = looks * open_share[:, None]
        pupil[:, row, 1] += blink * share * travel
    return np.concatenate([still, lid, pupil], axis=1)


def _gaze_shift(eye: Eye, gaze: Floats) -> Floats:
    """(T, 2) where the pupil goes: as far as there is room in the eye."""
    assert eye.pupil is not None
    size = eye.pupil[1] - eye.pupil[0]
    height = float(np.max(eye.opening.upper - eye.opening.lower))
    room = np.maximum((np.array([eye.opening.width, height]) - size) / 2, 0.0) * 0.85
    return np.asarray(np.clip(gaze / _GAZE_WHOLE, -1.0, 1.0) * room)


def positions(face: DrawnFace, rest: Floats, weights: Floats, motion: DrawnMotion) -> Floats:
    """Where the points of a drawing are, frame by frame.

    Args:
        face: as drawn.
        rest: (N, 2) the points as they are drawn.
        weights: (N, K + 1) of `drawn_weights.weights_of`.
        motion: T frames.

    Returns:
        (T, N, 2) float32.
    """
    shift, turn = motion.head[:, :2], motion.head[:, 2]
    cos, sin = np.cos(turn), np.sin(turn)
    turned = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], axis=-2).astype(np.float32)
    rest = np.asarray(rest, np.float32)
    pivot = face.pivot.astype(np.float32)
    moved = np.tensordot(motion.moved, weights[:, :-1], axes=(1, 1)).transpose(0, 2, 1)
    with_head = weights.sum(axis=1)[:, None]
    own = (rest - pivot) * with_head + moved
    whole = own @ turned.transpose(0, 2, 1) + (pivot + shift)[:, None] * with_head
    return np.asarray(whole + rest * (1 - with_head), np.float32)
