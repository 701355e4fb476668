# SPDX-License-Identifier: GPL-3.0-or-later
"""Lids: the pose that shuts an eye, found on the skin where it can be, and lids that go with the gaze."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ...rigs.face_bones import SIDES, FaceBones
from .controls import Freedom, FreedomFinder, tip_motion
from .frame import FaceFrame, lateral
from .probe import Poses, Probe

_OPENING: Final = 0.1  # of an average eye, outer eye-corner distances
_HALF_WIDTH: Final = 0.155  # of an average eye
_LOWER_SHARE: Final = 0.15  # of the way that the lower lid comes up
# A bone whose head is this near to the eyeball's centre, or a good deal nearer than its tail, turns about it; others move.
_AT_EYE, _NEAR_EYE, _NEARER = 0.06, 0.13, 0.35
_EYE_RADIUS: Final = 0.19
_COLUMNS: Final = np.array([-0.07, 0.0, 0.07])  # where the rims are measured, from the eye's middle
_TURN, _REACH = 1.2, 0.3  # radians, outer eye-corner distances that a lid may go
_STEP, _TURN_STEP = 0.03, 0.15
_ITERATIONS: Final = 5
_OVERLAP: Final = 0.006  # that no line of light stays between shut lids, outer eye-corner distances
_RIDGE: Final = 0.2
GAZE_SHARE: Final = (0.55, 0.25)  # of the eye's pitch that its upper, lower lid goes along with


@dataclass(frozen=True, eq=False)
class LidPose:
    """The pose of one eye's lids when it is shut.

    Attributes:
        freedoms: K controls.
        values: (K,) of the shut eye.
        upper: (K,) whether each is of the upper lid.
        turns: whether the lids' bones turn about the eye.
        measured: whether it was found on the skin; else an average eye's.
    """

    freedoms: list[Freedom]
    values: np.ndarray
    upper: np.ndarray
    turns: bool
    measured: bool


def find_lid_poses(
    finder: FreedomFinder, probe: Probe, armature: Any, frame: FaceFrame, face_bones: FaceBones
) -> Poses[dict[str, LidPose]]:
    """Find what shuts each eye: the pose in which the lids' rims meet on the skin, else an average eye's.

    Args:
        finder: what may be animated.
        probe: poses it.
        armature: the armature object.
        frame: the face.
        face_bones: its face bones.

    Returns:
        "left", "right" → the pose, where there are lids that may be animated.
    """
    poses = {}
    for side, eye in zip(SIDES, frame.eyes):
        names = face_bones.bones(f"lid_upper.{side}"), face_bones.bones(f"lid_lower.{side}")
        pose = _average_pose(finder, armature, frame, eye, *names)
        if pose is not None:
            poses[side] = pose
    if poses:
        on_skin = yield from _on_skin(probe, frame, poses)
        poses.update(on_skin)
    return poses


def _average_pose(
    finder: FreedomFinder,
    armature: Any,
    frame: FaceFrame,
    eye: np.ndarray,
    uppers: tuple[str, ...],
    lowers: tuple[str, ...],
) -> LidPose | None:
    bones = armature.data.bones
    freedoms: list[Freedom] = []
    upper: list[bool] = []
    values: list[float] = []
    for name in (*uppers, *lowers):
        is_upper = name in uppers
        way = _OPENING * ((1 - _LOWER_SHARE) if is_upper else -_LOWER_SHARE)
        turning = finder.rotation(name, lateral(frame), -_TURN, _TURN)
        moving = _downward(armature, frame, finder.locations(name, _REACH * frame.unit))
        head, tail = frame.to_face(np.array([bones[name].head_local, bones[name].tail_local]))
        near, far = float(np.linalg.norm(head - eye)), float(np.linalg.norm(tail - eye))
        about_eye = near < _AT_EYE or near < min(_NEAR_EYE, _NEARER * far)
        if turning is not None and (about_eye or moving is None):
            freedoms.append(turning)
            values.append(way / _EYE_RADIUS)
        elif moving is not None:
            # The middle of a lid goes all the way, its ends stay at the corners.
            share = float(np.clip(1.2 - ((head[0] - eye[0]) / _HALF_WIDTH) ** 2, 0.0, 1.0))
            freedoms.append(moving)
            values.append(share * way * frame.unit)
        else:
            continue
        upper.append(is_upper)
    if not freedoms:
        return None
    turns = any(freedom.kind == "rotation" for freedom in freedoms)
    return LidPose(freedoms, np.array(values), np.array(upper), turns, False)


def _downward(armature: Any, frame: FaceFrame, moving: list[Freedom]) -> Freedom | None:
    """One freedom that moves a bone down the face, of the up to three of its location."""
    if not moving:
        return None
    falls = [-float(tip_motion(armature, freedom, False) @ frame.axes[:, 1]) for freedom in moving]
    axis = np.sum([fall * freedom.axis for fall, freedom in zip(falls, moving)], axis=0)
    length = float(np.linalg.norm(axis))
    if length < 0.3:
        return None
    low = max(
        (f.low / abs(fall) if fall > 0 else -f.high / abs(fall))
        for f, fall in zip(moving, falls)
        if abs(fall) > 0.2
    )
    high = min(
        (f.high / abs(fall) if fall > 0 else -f.low / abs(fall))
        for f, fall in zip(moving, falls)
        if abs(fall) > 0.2
    )
    return Freedom(moving[0].bone, "location", axis / length, low, high)


@dataclass(eq=False)
class _Rims:
    """One eye's lids on the skin while their pose is looked for."""

    pose: LidPose
    window: np.ndarray
    steps: np.ndarray
    watched: np.ndarray
    wanted: np.ndarray
    values: np.ndarray
    gap: float


def _on_skin(probe: Probe, frame: FaceFrame, poses: dict[str, LidPose]) -> Poses[dict[str, LidPose]]:
    """The poses in which the rims of the lids meet on the skin, of the eyes whose rims are found.

    Both eyes are posed at once, since posing a rig of many bones takes its time.
    """
    probe.pose([], np.zeros(0))
    skin = frame.to_face(probe.vertices())
    eyes = dict(zip(SIDES, frame.eyes))
    steps = {side: _steps(pose, frame) for side, pose in poses.items()}

    def moved(values: dict[str, np.ndarray]) -> Poses[np.ndarray]:
        freedoms = [freedom for side in values for freedom in poses[side].freedoms]
        probe.pose(freedoms, np.concatenate(list(values.values())))
        yield
        return frame.to_face(probe.vertices())

    fallen = yield from moved({side: np.where(pose.upper, steps[side], 0.0) for side, pose in poses.items()})
    risen = yield from moved({side: np.where(pose.upper, 0.0, -steps[side]) for side, pose in poses.items()})
    known: dict[str, _Rims] = {}
    for side, pose in poses.items():
        window = _window(skin, eyes[side])
        rest = skin[window]
        edges = len(window) > 8 and _rims(
            rest, rest[:, 1] - fallen[window, 1], risen[window, 1] - rest[:, 1], eyes[side]
        )
        if not edges:
            continue
        tops, bottoms = edges
        open_by = rest[tops, 1] - rest[bottoms, 1]
        meeting = rest[bottoms, 1] + (0.0 if pose.upper.all() else _LOWER_SHARE) * open_by
        known[side] = _Rims(
            pose,
            window,
            steps[side],
            np.concatenate([tops, bottoms]),
            np.concatenate([meeting - _OVERLAP, meeting + _OVERLAP]),
            pose.values.copy(),
            float(open_by.mean()),
        )
    if known:
        yield from _shut(known, skin, moved)
    probe.pose([], np.zeros(0))
    result = {}
    for side, rims in known.items():
        if np.isfinite(rims.values).all() and abs(rims.gap) < 0.02:
            result[side] = LidPose(rims.pose.freedoms, rims.values, rims.pose.upper, rims.pose.turns, True)
    return result


def _steps(pose: LidPose, frame: FaceFrame) -> np.ndarray:
    return np.array([_TURN_STEP if f.kind == "rotation" else _STEP * frame.unit for f in pose.freedoms])


def _shut(
    known: dict[str, _Rims], skin: np.ndarray, moved: Callable[[dict[str, np.ndarray]], Poses[np.ndarray]]
) -> Poses[None]:
    """Gauss-Newton with one measured Jacobian, corrected by Broyden's rule (Math. Comp. 19, 1965) from step to step."""
    count = max(len(rims.values) for rims in known.values())
    columns: dict[str, list[np.ndarray]] = {side: [] for side in known}
    for index in range(count):
        tests = {side: np.zeros(len(rims.values)) for side, rims in known.items() if index < len(rims.values)}
        for side, values in tests.items():
            values[index] = known[side].steps[index] * (1 if known[side].pose.upper[index] else -1)
        now = yield from moved(tests)
        for side, values in tests.items():
            places = known[side].window[known[side].watched]
            columns[side].append((now[places, 1] - skin[places, 1]) / values[index])
    jacobians = {side: np.stack(parts, axis=1) * known[side].steps for side, parts in columns.items()}
    # From an average eye's pose, so that of the many ways in which several bones shut a lid it is an ordinary one.
    now = yield from moved({side: rims.values for side, rims in known.items()})
    heights = {side: now[rims.window[rims.watched], 1] for side, rims in known.items()}
    for _ in range(_ITERATIONS):
        changes = {}
        for side, rims in known.items():
            matrix = jacobians[side]
            ridge = (_RIDGE * np.abs(matrix).max()) ** 2 * np.eye(len(rims.values))
            change = np.linalg.solve(matrix.T @ matrix + ridge, matrix.T @ (rims.wanted - heights[side]))
            limits = np.array([(freedom.low, freedom.high) for freedom in rims.pose.freedoms])
            values = np.clip(rims.values + np.clip(change, -4, 4) * rims.steps, limits[:, 0], limits[:, 1])
            changes[side] = (values - rims.values) / rims.steps
            rims.values = values
        now = yield from moved({side: rims.values for side, rims in known.items()})
        for side, rims in known.items():
            before, heights[side] = heights[side], now[rims.window[rims.watched], 1]
            change = changes[side]
            length = float(change @ change)
            if length > 1e-12:
                error = heights[side] - before - jacobians[side] @ change
                jacobians[side] = jacobians[side] + np.outer(error, change) / length
            half = len(heights[side]) // 2
            rims.gap = float((heights[side][:half] - heights[side][half:]).mean())


def _window(skin: np.ndarray, eye: np.ndarray) -> np.ndarray:
    """The skin's vertices around an eye."""
    return np.flatnonzero(
        (np.abs(skin[:, 0] - eye[0]) < 0.16)
        & (np.abs(skin[:, 1] - eye[1]) < 0.25)
        & (skin[:, 2] > eye[2])
        & (skin[:, 2] < eye[2] + 0.45)
    )


def _rims(
    rest: np.ndarray, upper_fall: np.ndarray, lower_rise: np.ndarray, eye: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """The vertices of the upper and the lower lid's edge, at the columns of an eye."""
    if upper_fall.max() < 1e-4:
        return None
    uppers = np.flatnonzero(upper_fall > 0.6 * upper_fall.max())
    if lower_rise.max() > 1e-4:
        lowers = np.flatnonzero((lower_rise > 0.6 * lower_rise.max()) & (upper_fall < 0.3 * upper_fall.max()))
    else:  # a lower lid without bones: the skin below that stays
        lowers = np.flatnonzero((upper_fall < 0.05 * upper_fall.max()) & (rest[:, 1] < rest[uppers, 1].min()))
    tops, bottoms = [], []
    for column in _COLUMNS:
        above = uppers[np.abs(rest[uppers, 0] - eye[0] - column) < 0.04]
        below = lowers[np.abs(rest[lowers, 0] - eye[0] - column) < 0.04]
        if not len(above) or not len(below):
            continue
        tops.append(above[rest[above, 1].argmin()])
        bottoms.append(below[rest[below, 1].argmax()])
    if not tops:
        return None
    gap = (rest[tops, 1] - rest[bottoms, 1]).mean()
    if not 0.01 < gap < 0.4:
        return None
    return np.array(tops), np.array(bottoms)


def lid_values(pose: LidPose, blink: np.ndarray, pitch: np.ndarray) -> np.ndarray:
    """Values (T, K) of an eye's lids.

    Args:
        pose: of the shut eye.
        blink: (T,) 0 open … 1 shut.
        pitch: (T,) of the gaze in radians, positive up; lids that turn about the eye go along while it is open.
    """
    values = blink[:, None] * pose.values
    if pose.turns:
        shares = np.where(pose.upper, *GAZE_SHARE)
        rotates = np.array([freedom.kind == "rotation" for freedom in pose.freedoms])
        values = values - (1 - blink)[:, None] * pitch[:, None] * shares * rotates
    low = np.array([freedom.low for freedom in pose.freedoms])
    high = np.array([freedom.high for freedom in pose.freedoms])
    return np.asarray(np.clip(values, low, high))
