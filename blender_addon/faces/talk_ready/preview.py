# SPDX-License-Identifier: GPL-3.0-or-later
"""A look at generated shapes: one at a time, or a few words, without keys."""

from __future__ import annotations

from typing import Any

from ...characters.related import related_objects
from ...contract.curves import smooth_step
from .apply import generated_names

# Moments (seconds) and poses of a few syllables, "mama, oh yes", that use what a talking mouth uses.
POSES: tuple[tuple[float, dict[str, float]], ...] = (
    (0.0, {}),
    (0.12, {"jawOpen": 0.10, "mouthClose": 0.08, "mouthPressLeft": 0.3, "mouthPressRight": 0.3}),
    (0.30, {"jawOpen": 0.55}),
    (0.45, {"jawOpen": 0.10, "mouthClose": 0.08, "mouthPressLeft": 0.3, "mouthPressRight": 0.3}),
    (0.65, {"jawOpen": 0.50}),
    (0.95, {"jawOpen": 0.25, "mouthFunnel": 0.6, "mouthPucker": 0.3, "browInnerUp": 0.3}),
    (1.20, {"jawOpen": 0.12, "mouthPucker": 0.9, "browInnerUp": 0.6}),
    (1.40, {"jawOpen": 0.20, "mouthStretchLeft": 0.5, "mouthStretchRight": 0.5, "browInnerUp": 0.4}),
    (1.60, {"jawOpen": 0.35, "mouthLowerDownLeft": 0.3, "mouthLowerDownRight": 0.3}),
    (1.85, {"jawOpen": 0.06, "mouthSmileLeft": 0.4, "mouthSmileRight": 0.4}),
    (2.10, {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0, "mouthSmileLeft": 0.5, "mouthSmileRight": 0.5}),
    (2.30, {"mouthSmileLeft": 0.5, "mouthSmileRight": 0.5}),
    (2.70, {}),
)
SECONDS = POSES[-1][0]


def pose_at(moment: float) -> dict[str, float]:
    """Shape → weight at a moment in seconds, eased between the poses."""
    after = next((index for index, (when, _) in enumerate(POSES) if when > moment), len(POSES))
    if after in (0, len(POSES)):
        return {}
    (begin, one), (end, two) = POSES[after - 1], POSES[after]
    share = float(smooth_step((moment - begin) / (end - begin)))
    return {name: (1 - share) * one.get(name, 0.0) + share * two.get(name, 0.0) for name in {*one, *two}}


def show(obj: Any, weights: dict[str, float]) -> None:
    """Set the generated shapes of a character to weights; those not named go to 0."""
    for other in related_objects(obj):
        if other.type != "MESH":
            continue
        for name in generated_names(other):
            other.data.shape_keys.key_blocks[name].value = weights.get(name, 0.0)
