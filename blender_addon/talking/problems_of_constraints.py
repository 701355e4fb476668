# SPDX-License-Identifier: GPL-3.0-or-later
"""Constraints that hold what a talking animation keys, so that its keys show nowhere: limits, and what copies or tracks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from mathutils import Euler, Quaternion

from ..characters.constraints import LEAST_LEFT, LOCAL_SPACES, Kind, acts_wholly, limits, replaces
from ..host.blender_versions import animation_data
from ..keys import actions
from .problem import Problem, problem_of

_SAMPLES: Final = 60  # of a curve: its extremes are among them, or nearly
_KINDS: Final[tuple[Kind, ...]] = ("location", "scale", "rotation")
_OF_A_BONE: Final = re.compile(r'pose\.bones\["(?:[^"\\]|\\.)*"\]\.')

Curves = dict[tuple[str, int], Any]


def of_constraints(datablock: Any, name: str) -> Iterator[Problem]:
    """Constraints of an object or of its bones that hold what is keyed of them.

    Args:
        datablock: with actions of ours.
        name: how to speak of it.
    """
    if not hasattr(datablock, "constraints"):
        return
    for owner, curves in _owners(datablock):
        is_free = owner == datablock and datablock.parent is None
        keyed = {kind: _values(own, owner) for kind, own in _by_kind(curves).items()}
        held = {
            kind: [one for one in owner.constraints if _holds(one, kind, values, is_free)]
            for kind, values in keyed.items()
        }
        if keyed.keys() >= {"location", "rotation"} and not held["rotation"]:
            held["location"] = []  # a head that turns in its place, as many rigs have it
        for constraint in dict.fromkeys(one for those in held.values() for one in those):
            row = "HELD" if owner == datablock else "HELD/BONE"
            yield problem_of(row, owner.name, constraint, constraint=constraint.name, whose=name)


def _owners(datablock: Any) -> Iterator[tuple[Any, Curves]]:
    """An object and its bones, as far as they are keyed and have constraints: with their curves, by property and index."""
    by_start: dict[str, Curves] = {}
    for (path, index), curve in animation_data.own_curves(actions.own_actions(datablock), datablock).items():
        bone = _OF_A_BONE.match(path)
        start = bone[0] if bone else ""
        by_start.setdefault(start, {})[path[len(start) :], index] = curve
    for start, curves in by_start.items():
        try:
            owner = datablock.path_resolve(start[:-1]) if start else datablock
        except ValueError:
            continue  # the bone is gone, which is told otherwise
        if len(owner.constraints):
            yield owner, curves


def _by_kind(curves: Curves) -> dict[Kind, Curves]:
    kinds: dict[Kind, Curves] = {}
    for (name, index), curve in curves.items():
        kind = next((kind for kind in _KINDS if name.startswith((kind, f"delta_{kind}"))), None)
        if kind is not None and len(curve.keyframe_points):
            kinds.setdefault(kind, {})[name, index] = curve
    return kinds


def _values(own: Curves, owner: Any) -> np.ndarray:
    """(N, 3) what an owner's location, scale or Euler angles are at some of its keys."""
    frames = np.unique(np.concatenate([animation_data.key_values(curve)[:, 0] for curve in own.values()]))
    frames = frames[np.linspace(0, len(frames) - 1, min(len(frames), _SAMPLES)).astype(int)]
    name = next(iter(own))[0]
    rest = [float(value) for value in getattr(owner, name)]
    rows = np.array(
        [
            [
                own[name, index].evaluate(frame) if (name, index) in own else value
                for index, value in enumerate(rest)
            ]
            for frame in frames
        ]
    )
    if rows.shape[1] == 4:
        quaternions = [Quaternion(row[1:], row[0]) if "axis" in name else Quaternion(row) for row in rows]
        rows = _smooth_angles(quaternions)
    return np.asarray(rows + _beneath(owner, name))


def _smooth_angles(quaternions: Any) -> np.ndarray:
    """(N, 3) Euler angles that do not jump."""
    angles = [Euler()]
    for one in quaternions:
        angles.append(one.to_euler("XYZ", angles[-1]))
    return np.array([(one.x, one.y, one.z) for one in angles[1:]])


def _beneath(owner: Any, path: str) -> Any:
    """(3,) what an object's own value adds to its delta, which is what is keyed; 0 for all else."""
    plain = path.removeprefix("delta_")
    if plain == path or plain in {"rotation_quaternion", "scale"}:
        return 0.0
    return np.array(getattr(owner, plain))


def _holds(constraint: Any, kind: Kind, values: np.ndarray, is_free: bool) -> bool:
    """Whether a constraint lets hardly anything of a motion through; (N, 3) its values."""
    if not acts_wholly(constraint):
        return False
    spans = np.ptp(values, axis=0)
    if spans.sum() <= 0:
        return False
    limited = limits(constraint, kind)
    if limited is None:
        return replaces(constraint, kind, spans)
    return _left(limited, values, is_free or constraint.owner_space in LOCAL_SPACES) < LEAST_LEFT


def _left(limited: list[tuple[float, float]], values: np.ndarray, same_space: bool) -> float:
    """The share of a motion that limits along each axis let through."""
    left = 0.0
    for index, (low, high) in enumerate(limited):
        span = float(np.ptp(values[:, index]))
        left += float(np.ptp(np.clip(values[:, index], low, high))) if same_space else min(span, high - low)
    return left / float(np.ptp(values, axis=0).sum())
