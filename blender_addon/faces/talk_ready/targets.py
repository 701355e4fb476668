# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the landmarks of one particular face go in each shape: a real head's motion, fitted to this face's proportions."""

from __future__ import annotations

import numpy as np

from ...contract.landmarks import JAW, LEFT_BROW, LEFT_EYE, LIPS, NOSE, RIGHT_BROW, RIGHT_EYE

_SCALE_RANGE = (0.4, 2.5)


def scaled(deltas: np.ndarray, template: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The landmarks' motion in each shape for a face of other proportions.

    Lips and jaw share one scale, so that shapes which cancel each other in the closed mouth still do.

    Args:
        deltas: (S, 68, 3) of the head they were measured on, face units.
        template: (68, 3) that head.
        points: (68, 3) this face, face units.

    Returns:
        (S, 68, 3).
    """
    result = np.array(deltas, np.float64)
    mouth = np.sqrt(_ratio(points, template, (48, 54)) * _ratio(points, template, (33, 8)))
    result[:, np.r_[JAW, LIPS, NOSE]] *= mouth
    for side, eye, brow in ((0, LEFT_EYE, LEFT_BROW), (1, RIGHT_EYE, RIGHT_BROW)):
        result[:, eye, 0] *= _ratio(points, template, ((42, 45), (36, 39))[side])
        result[:, eye, 1:] *= _opening(points, side) / max(_opening(template, side), 1e-6)
        result[:, brow] *= np.clip(
            (points[brow, 1].mean() - points[eye, 1].mean())
            / max(template[brow, 1].mean() - template[eye, 1].mean(), 1e-6),
            *_SCALE_RANGE,
        )
    return result


def _ratio(points: np.ndarray, template: np.ndarray, pair: tuple[int, int]) -> float:
    one, two = (float(np.linalg.norm(face[pair[1]] - face[pair[0]])) for face in (points, template))
    return float(np.clip(one / max(two, 1e-9), *_SCALE_RANGE))


def _opening(points: np.ndarray, side: int) -> float:
    upper, lower = (((43, 44), (47, 46)), ((37, 38), (41, 40)))[side]
    return float(np.clip((points[list(upper), 1] - points[list(lower), 1]).mean(), 0.02, 0.5))
