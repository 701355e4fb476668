# SPDX-License-Identifier: GPL-3.0-or-later
"""Constraints that take an object's or a bone's own motion away: what is keyed of it then shows nowhere.

Who looks for a head bone, who keys face bones or parts of a cut-out and who says what hides a talking animation ask the same
here.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np

Kind = Literal["location", "rotation", "scale"]
LOCAL_SPACES: Final = {"LOCAL", "LOCAL_WITH_PARENT", "CUSTOM"}
"""Spaces of a constraint's owner in which its limits are of what is keyed, or as good as that."""
LEAST_LEFT: Final = 0.25
"""Of a motion: what lets less of it through holds it."""

_WHOLLY: Final = 0.99  # of a constraint's influence
_TRACKING: Final = {"DAMPED_TRACK", "TRACK_TO", "LOCKED_TRACK", "IK"}
_COPYING: Final = {"location": "COPY_LOCATION", "rotation": "COPY_ROTATION", "scale": "COPY_SCALE"}
_LIMITING: Final = {"location": "LIMIT_LOCATION", "rotation": "LIMIT_ROTATION", "scale": "LIMIT_SCALE"}


def acts_wholly(constraint: Any) -> bool:
    """Whether a constraint is on, complete, and mixes in nothing of what was there before it."""
    return not constraint.mute and constraint.is_valid and constraint.influence >= _WHOLLY


def limits(constraint: Any, kind: Kind) -> list[tuple[float, float]] | None:
    """The lowest and the highest value along each axis that a constraint lets through; infinite where it sets none. None of a
    constraint that limits no such motion.
    """
    if constraint.type != _LIMITING[kind]:
        return None
    result = []
    for letter in "xyz":
        low, high = -np.inf, np.inf
        if getattr(constraint, f"use_limit_{letter}" if kind == "rotation" else f"use_min_{letter}"):
            low = getattr(constraint, f"min_{letter}")
        if getattr(constraint, f"use_limit_{letter}" if kind == "rotation" else f"use_max_{letter}"):
            high = getattr(constraint, f"max_{letter}")
        result.append((low, high if kind == "rotation" else max(low, high)))
    return result


def may_hold(constraint: Any, kind: Kind) -> bool:
    """Whether a constraint has a word on a motion: it is on, and limits it or takes some of it from something else."""
    if constraint.mute or constraint.influence <= 0:
        return False
    limited = limits(constraint, kind)
    if limited is not None:
        return bool(np.isfinite(limited).any())
    return _takes(constraint, kind)


def _takes(constraint: Any, kind: Kind) -> bool:
    """Whether a constraint takes a motion from something else, along some axis."""
    if getattr(constraint, "target", None) is None:
        return False
    if constraint.type == "COPY_TRANSFORMS":
        return bool(constraint.mix_mode == "REPLACE")
    if constraint.type in _TRACKING:
        return kind == "rotation"
    if constraint.type != _COPYING[kind]:
        return False
    return bool(constraint.mix_mode == "REPLACE" if kind == "rotation" else not constraint.use_offset)


def replaces(constraint: Any, kind: Kind, spans: np.ndarray | None = None) -> bool:
    """Whether a constraint takes a motion from something else instead.

    Args:
        constraint: an object's or a pose bone's.
        kind: of the motion.
        spans: (3,) how far it goes along each axis, not all 0; None for alike.
    """
    if not acts_wholly(constraint) or not _takes(constraint, kind):
        return False
    if constraint.type != _COPYING[kind]:
        return True
    extent = np.ones(3) if spans is None else spans
    taken = np.array([getattr(constraint, f"use_{letter}") for letter in "xyz"])
    return float(extent[~taken].sum()) < LEAST_LEFT * float(extent.sum())


def is_held(owner: Any, kind: Kind) -> bool:
    """Whether one of the constraints of an object or a pose bone takes all of a motion away."""
    return any(replaces(constraint, kind) for constraint in owner.constraints)
