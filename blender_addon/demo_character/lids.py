# SPDX-License-Identifier: GPL-3.0-or-later
"""How lids, and what hangs on them, turn about the eye's centre."""

from __future__ import annotations

import numpy as np

from .head_mesh import EYE_LOOPS, LID_CREASE, LID_MARGIN, LID_MIDDLE, NO_LOOP, Cage, lid_angles
from .proportions import EYE_CENTRE, LID_RADIUS

BLINK_LINE = np.radians(-7.0)
"""Elevation at the lid's middle where upper and lower lid meet."""

LID_FOLLOW = (0.02, 0.10, 0.36, 0.72, 1.0, 1.0)
"""Share of the lid's turn followed by the loops from the border of the eye's region to the eyeball."""


def lid_turn(
    points: np.ndarray,
    side: int,
    position: np.ndarray,
    lid: np.ndarray,
    follow: np.ndarray | float,
    outer: np.ndarray,
    shares: tuple[float, float],
) -> np.ndarray:
    """Offsets of points on a lid (or lash) that turn about the eye's centre towards the line where the lids meet.

    Args:
        points: (N, 3), cm.
        side: +1 for the character's left eye.
        position: 0 at the inner, 1 at the outer corner of the eye.
        lid: +1 upper, -1 lower, 0 corner.
        follow: share of the margin's turn each point makes.
        outer: true for the outer skin, which may not sink into the eyeball on its straight way.
        shares: of the way to the blink line, for the upper and lower lid; negative opens further.
    """
    _, margin = lid_angles(position, lid)
    _, corner_line = lid_angles(position, np.zeros_like(position))
    meet = corner_line + BLINK_LINE * np.sin(np.pi * position)
    angle = np.where(lid > 0, shares[0], shares[1]) * (meet - margin) * np.abs(lid) * follow
    arm = points - EYE_CENTRE * (side, 1.0, 1.0)
    # The elevation over the eye's centre changes, the azimuth stays.
    flat = np.hypot(arm[:, 0], arm[:, 1])
    radius = np.linalg.norm(arm, axis=1)
    elevation = np.arctan2(arm[:, 2], flat) + angle
    # A straight path between two points of a sphere cuts through it; a slightly larger goal keeps the chord outside.
    goal = np.where(outer, np.maximum(radius, LID_RADIUS * (1.0 + 0.056 * np.abs(angle))), radius)
    grow = goal * np.cos(elevation) / np.maximum(flat, 1e-9)
    return np.stack([arm[:, 0] * grow, arm[:, 1] * grow, goal * np.sin(elevation)], axis=1) - arm


LID_SHARES = {
    # Shares of the blink's way made by the upper and lower lid; the blink goes a little beyond, because subdivision
    # rounds the margins off.
    "eyeBlink": (1.045, 1.09),
    "eyeSquint": (0.22, 0.62),
    "eyeWide": (-0.26, -0.12),
    "eyeLookDown": (0.42, -0.10),
    "eyeLookUp": (-0.20, 0.10),
    "cheekSquint": (0.0, 0.28),
}
LID_DRAG = 0.16
"""How far (cm) the lids are dragged sideways by eyeLookIn/Out."""


def lid_rotation(cage: Cage, side: int, shares: tuple[float, float]) -> np.ndarray:
    """Offsets (V, 3), cm, of the cage when both lids of an eye turn.

    Args:
        cage: the head's.
        side: +1 for the character's left eye, -1 for the right one.
        shares: as in `lid_turn`.
    """
    at_eye = np.flatnonzero((cage.eye_loop != NO_LOOP) & (np.sign(cage.vertices[:, 0]) == side))
    loop = cage.eye_loop[at_eye]
    offsets = np.zeros_like(cage.vertices)
    offsets[at_eye] = lid_turn(
        cage.vertices[at_eye],
        side,
        cage.eye_position[at_eye],
        cage.eye_lid[at_eye],
        np.interp(loop, [0, 1, LID_CREASE, LID_MIDDLE, LID_MARGIN, EYE_LOOPS - 1], LID_FOLLOW),
        (loop >= LID_CREASE) & (loop <= LID_MARGIN),
        shares,
    )
    return offsets


def lid_bulge(cage: Cage, side: int) -> np.ndarray:
    """(V,) soft weight on the lids of an eye, dragged along when the eye turns sideways."""
    on_lids = (cage.eye_loop > 1) & (np.sign(cage.vertices[:, 0]) == side)
    return np.where(on_lids, np.sin(np.pi * cage.eye_position) * np.abs(cage.eye_lid), 0.0)
