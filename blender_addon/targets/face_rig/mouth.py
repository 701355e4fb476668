# SPDX-License-Identifier: GPL-3.0-or-later
"""Jaw and lips: how a rig's mouth answers to its controls, and the controls' values that follow the landmarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ...contract.landmarks import LIPS
from .controls import Freedom, FreedomFinder
from .frame import FaceFrame, lateral
from .mouth_points import CHIN, CORNERS, INNER_PAIRS
from .probe import Poses, Probe

JAW_OPEN: Final = 0.55  # radians a jaw may turn
JAW_TEST: Final = 0.22  # radians that open it well for measuring
_JAW_SAMPLES: Final = 6
_LIP_REACH: Final = 0.35  # outer eye-corner distances a lip control may move
_LIP_TURN: Final = 0.7  # radians that a lip bone which cannot move may turn
_STEP, _TURN_STEP = 0.04, 0.12
_LEAST_RESPONSE: Final = 0.02  # of a control that counts: points move this part of its own motion
_LOWER_LIP: Final = (55, 56, 57, 58, 59, 65, 66, 67)
_ITERATIONS: Final = 4
_CHUNK: Final = 2048

# How much it matters that a point reaches its place along x, y, z.
_INNER, _CORNER, _OUTER = (0.5, 0.8, 0.3), (1.0, 1.0, 0.3), (0.3, 0.3, 0.4)
_CHIN_WEIGHT: Final = (0.0, 0.8, 0.0)
_CHIN_ALONE: Final = (0.0, 0.05, 0.0)  # where no lip control can make up for the jaw
# What the jaw's point is to fall, as a part of how far the outer lips part; the rest of its target is the chin's own
# landmark, which shows less than the jaw does, since skin slides over bone. So the lower teeth stay behind the lip.
_JAW_OF_LIPS, _LIPS_SHARE = 0.8, 0.7
_GAP: Final = (0.3, 4.0, 0.3)
_RIDGE: Final = 0.06  # what moving a control costs, in weighted outer eye-corner distances
_JAW_RIDGE: Final = 0.02
# What it costs that neighbouring bones of a lip move differently, and that a corner's does, as the ridge.
_TOGETHER, _BESIDE_CORNER = 4.0, 0.3
# Lips that stand further apart than this at rest are brought together by the motion.
_REST_GAP: Final = 0.035

ReadPoints = Callable[[], np.ndarray]


@dataclass(frozen=True, eq=False)
class WatchedMouth:
    """Points of a mouth that are looked at while a rig is posed.

    Attributes:
        landmarks: (P,) the landmark that each point follows; -1 for none.
        read: gives the points' face coordinates (P, 3).
        scale: size of the mouth against an average one.
        seam: (C, 2) upper and lower point of all places along the lips that are to meet; none where the points are not of the
            skin.
        along: (C,) where along the mouth each of them is: -1 at the corner on the picture's left … 1 on its right.
        read_skin: gives all of the skin around the mouth (N, 3), whose motion a control is charged for; None where
            the points are not of the skin.
    """

    landmarks: np.ndarray
    read: ReadPoints
    scale: float
    seam: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    along: np.ndarray = field(default_factory=lambda: np.zeros(0))
    read_skin: ReadPoints | None = None


@dataclass(frozen=True, eq=False)
class MouthResponse:
    """How a mouth's points answer to its controls; all lengths in outer eye-corner distances.

    Attributes:
        landmarks: (P,) the landmark that each point follows.
        rest: (P, 3) face coordinates at rest.
        on_skin: whether the points are of the skin, where a gap at rest is a mouth that stands open.
        scale: size of the mouth against an average one.
        jaw: what opens the jaw; None where nothing does.
        jaw_values: (S,) values of the jaw, ascending from 0.
        jaw_moves: (S, P, 3) where the points go then.
        lips: K controls.
        shut, opened: (P, 3, K) where a point goes per value of a control, with the jaw shut and open.
        reach: (K,) how far a control moves any part of the skin, per value.
        seam: (C, 2) upper and lower point of the places at which the lips are to meet; none where the points are not of the skin.
        along: (C,) where along the mouth they are, -1 … 1.
        together: (K, K) what it costs that neighbouring bones of a lip move differently, as a quadratic form of the values.
    """

    landmarks: np.ndarray
    rest: np.ndarray
    on_skin: bool
    scale: float
    jaw: Freedom | None
    jaw_values: np.ndarray
    jaw_moves: np.ndarray
    lips: list[Freedom]
    shut: np.ndarray
    opened: np.ndarray
    reach: np.ndarray
    seam: np.ndarray
    along: np.ndarray
    together: np.ndarray

    @property
    def freedoms(self) -> list[Freedom]:
        """All controls, the jaw first."""
        return ([self.jaw] if self.jaw is not None else []) + self.lips


@dataclass(frozen=True)
class Coupling:
    """The bones of the lips, which lie beside each other and are to move alike.

    Attributes:
        chains: the bones of the upper and of the lower lip, each from one corner of the mouth to the other.
        corners: those of them that are the corners' own.
        lower: bones of the lower lip, which the jaw carries.
        way: how far a control moves its own bone in face coordinates, per value: (3,).
    """

    chains: tuple[tuple[str, ...], ...]
    corners: frozenset[str]
    lower: tuple[str, ...]
    way: Callable[[Freedom], np.ndarray]

    def cost(self, freedoms: list[Freedom]) -> np.ndarray:
        """(K, K): values @ cost @ values is what it costs that neighbours move differently.

        Without it a bone whose skin lies beside the points that are watched is drawn far the other way, to take back what its
        neighbour does there.
        """
        result = np.zeros((len(freedoms), len(freedoms)))
        ways: dict[str, np.ndarray] = {}
        for column, freedom in enumerate(freedoms):
            ways.setdefault(freedom.bone, np.zeros((3, len(freedoms))))[:, column] = self.way(freedom)
        for chain in self.chains:
            moving = [bone for bone in chain if bone in ways]
            for one, other in zip(moving, moving[1:]):
                weight = _BESIDE_CORNER if {one, other} & self.corners else _TOGETHER
                difference = weight * (ways[one] - ways[other])
                result += difference.T @ difference
        return result


def find_jaw(
    finder: FreedomFinder, probe: Probe, frame: FaceFrame, name: str, read: ReadPoints
) -> Poses[Freedom | None]:
    """Find what opens a jaw: turning its bone about the face's lateral axis, or moving it where turning does nothing.

    Args:
        finder: what may be animated.
        probe: poses it.
        frame: the face.
        name: the jaw's bone.
        read: gives the face coordinates of points around the mouth.
    """
    probe.pose([], np.zeros(0))
    rest = read()

    def drop(freedom: Freedom, value: float) -> Poses[float]:
        probe.pose([freedom], np.array([value]))
        yield
        moved = rest[:, 1] - read()[:, 1]
        return float(moved[np.abs(moved).argmax()]) if len(moved) else 0.0

    turning = finder.rotation(name, lateral(frame), 0.0, JAW_OPEN)
    if turning is not None:
        fallen = yield from drop(turning, JAW_TEST)
        if (
            abs(fallen) > 0.3 * JAW_TEST * 0.3
        ):  # a lever of a third of the eye-corner distance, and a third of its effect
            axis = turning.axis if fallen > 0 else -turning.axis
            return Freedom(name, "rotation", axis, 0.0, JAW_OPEN)
    moving = finder.locations(name, frame.unit)
    if not moving:
        return None
    step = 0.1 * frame.unit
    drops = []
    for freedom in moving:
        fallen = yield from drop(freedom, step)
        drops.append(fallen)
    falls = np.array(drops)
    if np.abs(falls).max() < 0.01:
        return None
    falls[np.abs(falls) < 0.2 * np.abs(falls).max()] = 0.0
    axis = np.sum([fall * freedom.axis for fall, freedom in zip(falls, moving)], axis=0)
    axis = axis / np.linalg.norm(axis)
    limits = [
        (freedom.high if fall > 0 else -freedom.low) / abs(float(axis @ freedom.axis))
        for fall, freedom in zip(falls, moving)
        if fall
    ]
    per_unit = float(np.linalg.norm(falls)) / step
    return Freedom(name, "location", axis, 0.0, min(*limits, 0.6 / per_unit))


def lip_freedoms(finder: FreedomFinder, frame: FaceFrame, names: tuple[str, ...]) -> list[Freedom]:
    """What may move lips: their bones' locations; the rotations of those that cannot move."""
    freedoms: list[Freedom] = []
    for name in names:
        free = finder.locations(name, _LIP_REACH * frame.unit)
        if not free:
            turns = [finder.rotation(name, axis, -_LIP_TURN, _LIP_TURN) for axis in frame.axes.T]
            free = [freedom for freedom in turns if freedom is not None]
        freedoms += free
    return freedoms


def measure(
    probe: Probe,
    frame: FaceFrame,
    jaw: Freedom | None,
    lips: list[Freedom],
    watched: WatchedMouth,
    coupling: Coupling,
) -> Poses[MouthResponse]:
    """Measure how points answer to a jaw and lip controls.

    Args:
        probe: poses them.
        frame: the face.
        jaw: what opens the jaw; None where nothing does.
        lips: the lips' controls.
        watched: the points.
        coupling: the bones of the lips and how they move.
    """
    probe.pose([], np.zeros(0))
    landmarks, read = watched.landmarks, watched.read
    rest = read()
    values = np.linspace(0.0, jaw.high, _JAW_SAMPLES) if jaw is not None else np.zeros(1)
    moves = np.zeros((len(values), *rest.shape))
    for index, value in enumerate(values[1:], 1):
        assert jaw is not None
        probe.pose([jaw], np.array([value]))
        yield
        moves[index] = read() - rest
    shut, kept, reach = yield from _jacobian(probe, frame, lips, read, watched.read_skin or read)
    opened = shut
    if jaw is not None and jaw.kind == "rotation":
        opened = _carried(shut, kept, landmarks, jaw, coupling.lower)
    on_skin = watched.read_skin is not None
    return MouthResponse(
        landmarks, rest, on_skin, watched.scale, jaw, values, moves, kept, shut, opened, reach,
        watched.seam, watched.along, coupling.cost(kept),
    )  # fmt: skip


def _jacobian(
    probe: Probe, frame: FaceFrame, freedoms: list[Freedom], read: ReadPoints, read_skin: ReadPoints
) -> Poses[tuple[np.ndarray, list[Freedom], np.ndarray]]:
    """(P, 3, K) per value of each control at rest, the K controls that move anything, and (K,) how far they move skin."""
    probe.pose([], np.zeros(0))
    before, skin = read(), read_skin()
    columns, kept, reaches = [], [], []
    for freedom in freedoms:
        step = _STEP * frame.unit if freedom.kind == "location" else _TURN_STEP
        step = min(step, freedom.high) if freedom.high > 0.1 * step else -min(step, -freedom.low)
        probe.pose([freedom], np.array([step]))
        yield
        column = (read() - before) / step
        if (
            float(np.abs(column).max()) * (frame.unit if freedom.kind == "location" else 1.0)
            > _LEAST_RESPONSE
        ):
            columns.append(column)
            kept.append(freedom)
            reaches.append(float(np.linalg.norm(read_skin() - skin, axis=1).max() / abs(step)))
    shape = (*before.shape, len(kept))
    return (np.stack(columns, axis=-1) if columns else np.zeros(shape)), kept, np.array(reaches)


def _carried(
    shut: np.ndarray, freedoms: list[Freedom], landmarks: np.ndarray, jaw: Freedom, lower: tuple[str, ...]
) -> np.ndarray:
    """(P, 3, K) what is measured with the jaw shut, as it is half open: the lower lip's directions turn with the jaw."""
    angle = 0.5 * jaw.high
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.array([[1, 0, 0], [0, cosine, -sine], [0, sine, cosine]])
    points = np.isin(landmarks, _LOWER_LIP)
    controls = np.array([freedom.bone in lower for freedom in freedoms], bool)
    turned = np.einsum("ij,pjk->pik", turn, shut)
    return np.where(points[:, None, None] & controls[None, None, :], turned, shut)


def solve(response: MouthResponse, moves: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """Values of the controls with which the mouth follows the landmarks.

    Weighted least squares with a ridge, the jaw's turn linearised anew in each of a few Gauss-Newton steps; the distance
    between the lips counts most, so that what shuts is shut.

    Args:
        response: how the mouth answers.
        moves: (T, 68, 3) how far each landmark has moved from the neutral face, outer eye-corner distances of the
            speaker, in face coordinates.
        gaps: (T, 3) distance (y) between the inner lips at `INNER_PAIRS`, same unit.

    Returns:
        (T, 1 + K) or, without a jaw, (T, K): values of `response.freedoms`, within their limits.
    """
    parts = [
        _solve_part(response, moves[start : start + _CHUNK], gaps[start : start + _CHUNK])
        for start in range(0, len(moves), _CHUNK)
    ]
    return np.concatenate(parts)


def _solve_part(response: MouthResponse, moves: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    frames, points, lips = len(moves), len(response.landmarks), len(response.lips)
    weights = _rows(response)  # (M, 3P)
    moves = without_drift(moves)
    parted = moves[:, 57, 1] - moves[:, 51, 1]
    moves[:, CHIN, 1] = _LIPS_SHARE * _JAW_OF_LIPS * parted + (1 - _LIPS_SHARE) * moves[:, CHIN, 1]
    target = (moves[:, response.landmarks] * response.scale).reshape(frames, 3 * points) @ weights.T
    _aim_gaps(response, target, gaps * response.scale)
    shut, opened = (weights @ part.reshape(3 * points, lips) for part in (response.shut, response.opened))
    jaw_rows = response.jaw_moves.reshape(len(response.jaw_values), -1) @ weights.T

    limits = np.array([(f.low, f.high) for f in response.lips]).reshape(lips, 2)
    # The ridge weighs what a control moves anywhere, so that a bone's unit does not matter, and a bone of the cheek
    # that hardly touches the lips is not drawn far for their sake.
    has_jaw = response.jaw is not None
    ridge = np.diag((_RIDGE * response.reach) ** 2) + response.together
    jaw = np.zeros(frames)
    lip_values = np.zeros((frames, lips))
    jaw_ridge = 0.0
    if has_jaw:
        per_value = np.abs(response.jaw_moves[-1]).max() / response.jaw_values[-1]
        jaw_ridge = float(_JAW_RIDGE * per_value) ** 2
    for _ in range(_ITERATIONS if has_jaw else 1):
        at, slope = _interpolated(response.jaw_values, jaw_rows, jaw)
        share = (
            np.clip(2 * jaw / response.jaw_values[-1], 0, 2)[:, None, None]
            if has_jaw
            else np.zeros((1, 1, 1))
        )
        answer = shut + share * (opened - shut)
        answer = np.broadcast_to(answer, (frames, *answer.shape[1:]))
        if has_jaw:
            matrix = np.concatenate([slope[:, :, None], answer], axis=2)
            right = target - at + slope * jaw[:, None]
            both = np.zeros((1 + lips, 1 + lips))
            both[0, 0], both[1:, 1:] = jaw_ridge, ridge
            solution = _least_squares(matrix, right, both)
            jaw = np.clip(solution[:, 0], 0.0, response.jaw_values[-1])
            at, _ = _interpolated(response.jaw_values, jaw_rows, jaw)
        if lips:
            lip_values = _bounded(answer, target - at, ridge, limits)
    return np.concatenate([jaw[:, None], lip_values], axis=1) if has_jaw else lip_values


def without_drift(moves: np.ndarray) -> np.ndarray:
    """Landmarks' motion (T, 68, 3) less what upper lip and mouth corners rise or sink together.

    A mouth does not slide over the skull; what does so is the rest of the head's motion in the landmarks, and would show
    the teeth of a mouth that is shut.
    """
    result = moves.copy()
    upper, corners = moves[:, 51, 1], (moves[:, 48, 1] + moves[:, 54, 1]) / 2
    together = np.sign(upper) * np.minimum(np.abs(upper), np.abs(corners)) * (upper * corners > 0)
    result[:, LIPS, 1] -= together[:, None]
    result[:, CHIN, 1] -= together
    return result


def _bounded(matrix: np.ndarray, right: np.ndarray, ridge: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """Least squares within limits: what leaves them is fixed there and the rest is solved once more."""
    values = _least_squares(matrix, right, ridge)
    clipped = np.clip(values, limits[:, 0], limits[:, 1])
    fixed = clipped != values
    rows = np.flatnonzero(fixed.any(axis=1))
    if len(rows):
        free = ~fixed[rows]
        remaining = right[rows] - np.einsum("tmk,tk->tm", matrix[rows], np.where(free, 0.0, clipped[rows]))
        again = _least_squares(matrix[rows] * free[:, None, :], remaining, ridge)
        clipped[rows] = np.clip(np.where(free, again, clipped[rows]), limits[:, 0], limits[:, 1])
    return np.asarray(clipped)


def _least_squares(matrix: np.ndarray, right: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """Ridge regression of many frames: (T, M, K), (T, M), (K, K) → (T, K)."""
    turned = np.swapaxes(matrix, 1, 2)
    square = turned @ matrix + ridge + 1e-9 * np.eye(len(ridge))
    return np.asarray(np.linalg.solve(square, turned @ right[:, :, None])[:, :, 0])


def _interpolated(knots: np.ndarray, rows: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows (T, M) at values between knots, and their slope."""
    if len(knots) < 2:
        return np.repeat(rows, len(values), axis=0), np.zeros((len(values), rows.shape[1]))
    before = np.clip(np.searchsorted(knots, values, side="right") - 1, 0, len(knots) - 2)
    width = knots[before + 1] - knots[before]
    slope = (rows[before + 1] - rows[before]) / width[:, None]
    return rows[before] + slope * (values - knots[before])[:, None], slope


def _rows(response: MouthResponse) -> np.ndarray:
    """(M, 3P) weighted combinations of the points' motion that are to reach their targets: the points, then the gaps."""
    landmarks = list(response.landmarks)
    weights = []
    inner = {landmark for pair in INNER_PAIRS for landmark in pair}
    for landmark in landmarks:
        if landmark < 0:
            weights.append((0.0, 0.0, 0.0))
        elif landmark == CHIN:
            weights.append(_CHIN_WEIGHT if response.lips else _CHIN_ALONE)
        elif landmark in CORNERS or landmark in (48, 54):
            weights.append(_CORNER)
        else:
            weights.append(_INNER if landmark in inner else _OUTER)
    counts = {landmark: landmarks.count(landmark) for landmark in landmarks}
    shared = np.array([1.0 / np.sqrt(counts[landmark]) for landmark in landmarks])
    rows = [np.diag((np.array(weights) * shared[:, None]).reshape(-1))]
    for sign in _gap_signs(response):
        gap = np.zeros((3, 3 * len(landmarks)))
        for index in np.flatnonzero(sign):
            gap[:, 3 * index : 3 * index + 3] = sign[index] * np.diag(_GAP)
        rows.append(gap)
    return np.concatenate(rows)


def _gap_signs(response: MouthResponse) -> list[np.ndarray]:
    """(P,) for each place at which the lips are to meet: what of each point's height makes the distance there."""
    signs = []
    if response.on_skin:
        share = np.sqrt(len(INNER_PAIRS) / max(len(response.seam), 1))
        for above, below in response.seam:
            sign = np.zeros(len(response.landmarks))
            sign[above], sign[below] = share, -share
            signs.append(sign)
        return signs
    for above, below in INNER_PAIRS:
        tops, bottoms = (response.landmarks == landmark for landmark in (above, below))
        known = tops.any() and bottoms.any()
        signs.append((tops / tops.sum() - bottoms / bottoms.sum()) if known else np.zeros(len(tops)))
    return signs


def _aim_gaps(response: MouthResponse, target: np.ndarray, gaps: np.ndarray) -> None:
    """Give the gaps' rows the distance that is wanted instead of a change: lips apart at rest come together, none cross."""
    first = 3 * len(response.landmarks)
    for number, sign in enumerate(_gap_signs(response)):
        row = first + 3 * number + 1
        if not sign.any():
            continue
        if not response.on_skin:
            target[:, row] = _GAP[1] * np.maximum(gaps[:, number], 0.0)
            continue
        share = float(sign.max())
        above, below = response.seam[number]
        apart = max(0.0, float(response.rest[above, 1] - response.rest[below, 1]) - _REST_GAP)
        wanted = np.maximum(_gaps_at(gaps, float(response.along[number])), 0.0) - apart
        target[:, row] = share * _GAP[1] * np.maximum(wanted, -apart)


def _gaps_at(gaps: np.ndarray, along: float) -> np.ndarray:
    """(T,) the distance between the lips at a place along the mouth (-1 … 1), of those at `INNER_PAIRS` (T, 3)."""
    corner = np.zeros(len(gaps))
    known = (corner, gaps[:, 0], gaps[:, 1], gaps[:, 2], corner)
    place = float(np.clip((along + 1) * 2, 0, 4))
    before = min(int(place), 3)
    return np.asarray(known[before] * (1 - place + before) + known[before + 1] * (place - before))


def landmark_gaps(landmarks: np.ndarray) -> np.ndarray:
    """(T, 3) heights (y) between the inner lips of landmarks (T, 68, 3) at `INNER_PAIRS`."""
    return np.stack([landmarks[:, above, 1] - landmarks[:, below, 1] for above, below in INNER_PAIRS], axis=1)
