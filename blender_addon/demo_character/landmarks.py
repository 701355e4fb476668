# SPDX-License-Identifier: GPL-3.0-or-later
"""The 68 iBUG landmarks as vertices of the head mesh.

Numbers run from the picture's left, which is the character's right (x < 0). Mouth and eyes are read from the mesh's loops, so
that 60...67 lie on the very line where the lips meet; the rest are the vertices nearest to a described place.
"""

from __future__ import annotations

import numpy as np

from . import sdf
from .head_mesh import (
    EYE_OUTER_CORNER,
    EYE_STEPS,
    LID_MARGIN,
    LIP_BORDER,
    LIP_SEAM,
    MOUTH_CORNER,
    MOUTH_STEPS,
    Cage,
)

LEFT, RIGHT = 0, 1


def brow_line(s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """x and z (cm) of the left brow's middle at s = 0 (inner end) ... 1 (outer end)."""
    return 1.05 + 4.85 * s, 2.86 + 0.80 * np.sin(np.pi * np.clip(s, 0, 1) ** 1.2 * 0.84) - 0.42 * s**2


def landmark_vertices(cage: Cage, fine: np.ndarray) -> list[int]:
    """68 vertex indices of the fine head mesh (whose first vertices are the cage's)."""
    skin = np.flatnonzero(_outer_skin(cage, len(fine)))

    def nearest(points: np.ndarray) -> list[int]:
        on_surface = sdf.project(sdf.head, np.asarray(points, dtype=np.float64), 4)
        return [int(skin[np.argmin(np.linalg.norm(fine[skin] - point, axis=1))]) for point in on_surface]

    def front(x: list[float], z: list[float]) -> list[int]:
        xs, zs = np.array(x), np.array(z)
        return nearest(np.stack([xs, sdf.front_depth(sdf.head, xs, zs), zs], axis=1))

    t = np.linspace(-1.0, 1.0, 17)
    fall = np.cos(0.5 * np.pi * t)
    jaw = np.stack(
        [
            6.9 * np.sign(t) * np.abs(np.sin(0.5 * np.pi * t)) ** 0.8,
            -1.0 - 6.3 * fall**1.6,
            -0.6 - 10.0 * fall**0.9,
        ],
        axis=1,
    )
    landmarks = nearest(jaw)
    s = np.array([0.97, 0.75, 0.5, 0.25, 0.03])
    x, z = brow_line(s)
    landmarks += front(list(-x), list(z)) + front(list(x[::-1]), list(z[::-1]))
    landmarks += front([0.0] * 4, [0.2, -1.0, -2.2, -3.4])
    landmarks += front([-1.25, -0.65, 0.0, 0.65, 1.25], [-4.05, -4.4, -4.55, -4.4, -4.05])

    third = round(EYE_OUTER_CORNER / 3)
    outer, last = EYE_OUTER_CORNER, EYE_STEPS
    right = cage.eye_index[RIGHT][LID_MARGIN]
    left = cage.eye_index[LEFT][LID_MARGIN]
    landmarks += [int(right[k]) for k in (outer, outer - third, third, 0, last - third, outer + third)]
    landmarks += [int(left[k]) for k in (0, third, outer - third, outer, outer + third, last - third)]

    def mouth(side: int, loop: int, step: int) -> int:
        return int(cage.mouth_index[side][loop][step])

    end = MOUTH_STEPS
    far, near, inner = 5, 2, 3
    loop = LIP_BORDER
    landmarks += [mouth(RIGHT, loop, k) for k in (MOUTH_CORNER, far, near)] + [mouth(LEFT, loop, 0)]
    landmarks += [mouth(LEFT, loop, k) for k in (near, far, MOUTH_CORNER, end - far, end - near)]
    landmarks += [mouth(LEFT, loop, end)] + [mouth(RIGHT, loop, k) for k in (end - near, end - far)]
    loop = LIP_SEAM
    landmarks += [mouth(RIGHT, loop, MOUTH_CORNER), mouth(RIGHT, loop, inner), mouth(LEFT, loop, 0)]
    landmarks += [mouth(LEFT, loop, inner), mouth(LEFT, loop, MOUTH_CORNER), mouth(LEFT, loop, end - inner)]
    landmarks += [mouth(LEFT, loop, end), mouth(RIGHT, loop, end - inner)]
    return landmarks


def _outer_skin(cage: Cage, count: int) -> np.ndarray:
    """Fine vertices that may carry a landmark of the skin: those of the cage outside lips and lids, and all added ones."""
    mask = np.ones(count, dtype=bool)
    mask[: len(cage.vertices)] = (cage.mouth_loop < LIP_BORDER) & (cage.eye_loop < LID_MARGIN)
    return mask
