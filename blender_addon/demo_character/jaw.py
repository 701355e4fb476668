# SPDX-License-Identifier: GPL-3.0-or-later
"""The jaw: how its bone moves, how the skin follows it, and the shapes that come from it."""

from __future__ import annotations

import numpy as np

from .eyes import rotation_x
from .head_mesh import LIP_BORDER, LIP_SEAM, MOUTH_LOOPS
from .mouth_region import MouthRegion
from .proportions import JAW_OPEN_ANGLE, JAW_PIVOT
from .sheet import Sheet


def jaw_motion(points: np.ndarray, name: str) -> np.ndarray:
    """Offsets of points that ride on the jawbone (lower teeth, tongue) for the four jaw shapes at weight 1."""
    if name == "jawOpen":
        arm = points - JAW_PIVOT
        return arm @ rotation_x(JAW_OPEN_ANGLE).T - arm
    slides = {"jawForward": (0.0, -0.8, 0.0), "jawLeft": (0.85, 0.05, 0.0), "jawRight": (-0.85, 0.05, 0.0)}
    return np.tile(slides[name], (len(points), 1))


def jaw_weight(mouth: MouthRegion) -> np.ndarray:
    """(V,) share of the jaw's rotation that each vertex of the cage follows."""
    v, u = mouth.v, mouth.u
    x, y, z = v.T
    corner = 0.40
    weight = np.zeros(len(v))
    upper_lip = corner * u**3.2
    lower_lip = 1.0 - (1.0 - corner) * u**2.6
    behind = np.interp(mouth.loop, [LIP_SEAM, 8, 10, 12], [0.0, 0.0, 0.25, 1.0])
    # Deep in the mouth the floor goes with the jaw and the roof stays.
    lip = np.where(mouth.is_lower, lower_lip, upper_lip)
    deep = np.where(mouth.up < 0, 0.75, 0.1)
    weight[mouth.lips] = ((1.0 - behind) * lip + behind * deep)[mouth.lips]
    chin = ~mouth.on_mouth & (z < -9.2) & (z > -11.5) & (y < -4.6) & (np.abs(x) < 3.6)
    fixed = ~mouth.on_mouth & ((z > -3.4) | (z < -14.5) | (y > 1.0) | ((z > -4.7) & (np.abs(x) < 1.9)))
    weight[chin], weight[fixed] = 1.0, 0.0
    sheet = Sheet(mouth.cage, mouth.lips | chin | fixed)
    spread = np.clip(sheet.spread(weight[:, None])[:, 0], 0.0, 1.03)
    return np.where(mouth.lips, weight, spread)


def _opening(mouth: MouthRegion, weight: np.ndarray) -> np.ndarray:
    """Offsets (V, 3) of jawOpen."""
    opening = weight[:, None] * jaw_motion(mouth.v, "jawOpen")
    # Opening narrows the mouth: the corners are drawn inward.
    side = np.sign(np.where(np.abs(mouth.v[:, 0]) < 1e-9, 0.0, mouth.v[:, 0]))
    opening[:, 0] -= 0.32 * side * mouth.weight_from_lips(mouth.u**3)
    return opening


def _closing(mouth: MouthRegion, opening: np.ndarray) -> np.ndarray:
    """Offsets (V, 3) of mouthClose, which undoes the opening at the lips only: both go to a common line, the jaw stays."""
    target = np.zeros_like(mouth.v)
    meeting = 0.45
    for side in range(2):
        for loop in range(LIP_BORDER, MOUTH_LOOPS):
            vertices = mouth.cage.mouth_index[side][loop]
            opposite = vertices[::-1]
            # Both partners of the seam must reach the very same place.
            is_upper = (mouth.up[vertices] >= 0)[:, None]
            upper = np.where(is_upper, opening[vertices], opening[opposite])
            lower = np.where(is_upper, opening[opposite], opening[vertices])
            line = (1.0 - meeting) * upper + meeting * lower
            # The jaw swings back as it opens; lips that follow it would sink into the teeth.
            line[:, 1] = 0.85 * upper[:, 1] + 0.15 * lower[:, 1] - 0.25 * (1.0 - mouth.u[vertices] ** 2)
            target[vertices] = line - opening[vertices]
    return mouth.from_lips(target)


def jaw_shapes(mouth: MouthRegion) -> dict[str, np.ndarray]:
    """jawOpen, jawForward, jawLeft, jawRight, mouthClose: (V, 3) offsets of the cage, cm."""
    weight = jaw_weight(mouth)
    opening = _opening(mouth, weight)
    shapes = {"jawOpen": opening}
    # A jaw that slides takes both lips along, or they would part.
    with_lips = weight + mouth.weight_from_lips(0.6 * (1.0 - weight))
    for name in ("jawForward", "jawLeft", "jawRight"):
        shapes[name] = with_lips[:, None] * jaw_motion(mouth.v, name)
    shapes["mouthClose"] = _closing(mouth, opening)
    return shapes
