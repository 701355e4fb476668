# SPDX-License-Identifier: GPL-3.0-or-later
"""The 52 ARKit shapes of the head.

All offsets are made on the cage (cm, head space) and subdivided. Mouth shapes are given on the lip loops and spread over the
skin by a bending-energy (biharmonic) solve, so that skin stretches between lips and cheekbones as a sheet would. "Left" is the
character's left, x > 0.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .eyes import rotation_x
from .head_mesh import (
    EYE_LOOPS,
    LID_CREASE,
    LID_MARGIN,
    LID_MIDDLE,
    LIP_BORDER,
    LIP_FRONT,
    LIP_INSIDE,
    LIP_MIDDLE,
    LIP_SEAM,
    MOUTH_LOOPS,
    NO_LOOP,
    Cage,
    edges_of,
    lid_angles,
)
from .proportions import (
    EYE_CENTRE,
    JAW_OPEN_ANGLE,
    JAW_PIVOT,
    LID_RADIUS,
    MOUTH_HALF_WIDTH,
    gaussian,
    smoothstep,
)
from .subdivision import Subdivision

ARKIT_NAMES: tuple[str, ...] = (
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight",
    "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight",
    "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight",
    "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight",
    "jawForward", "jawLeft", "jawOpen", "jawRight",
    "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel",
    "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker",
    "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
    "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip
"""Apple's 52 names."""

BLINK_LINE = np.radians(-7.0)
"""Elevation at the lid's middle where upper and lower lid meet."""


def jaw_motion(points: np.ndarray, name: str) -> np.ndarray:
    """Offsets of points that ride on the jawbone (lower teeth, tongue) for the four jaw shapes at weight 1."""
    if name == "jawOpen":
        arm = points - JAW_PIVOT
        return arm @ rotation_x(JAW_OPEN_ANGLE).T - arm
    shift = {"jawForward": (0.0, -0.8, 0.0), "jawLeft": (0.85, 0.05, 0.0), "jawRight": (-0.85, 0.05, 0.0)}[
        name
    ]
    return np.tile(shift, (len(points), 1))


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


class Sheet:
    """Spreads values given at some vertices over the cage with least bending."""

    def __init__(self, cage: Cage, given: np.ndarray) -> None:
        """`given`: boolean mask of the vertices whose values will be known (handles and fixed ones)."""
        count = len(cage.vertices)
        edges = edges_of(cage.faces)
        degree = np.bincount(edges.reshape(-1), minlength=count)
        self._known, self._free = np.flatnonzero(given), np.flatnonzero(~given)
        # Rows of the umbrella operator that touch a free vertex are enough.
        touched = ~given
        touched[edges[:, 0]] |= ~given[edges[:, 1]]
        touched[edges[:, 1]] |= ~given[edges[:, 0]]
        rows = np.flatnonzero(touched)
        where = np.full(count, -1)
        where[rows] = np.arange(len(rows))
        umbrella = np.zeros((len(rows), count))
        umbrella[np.arange(len(rows)), rows] = 1.0
        for a, b in ((edges[:, 0], edges[:, 1]), (edges[:, 1], edges[:, 0])):
            use = where[a] >= 0
            umbrella[where[a[use]], b[use]] = -1.0 / degree[a[use]]
        free_part, known_part = umbrella[:, self._free], umbrella[:, self._known]
        self._matrix = free_part.T @ free_part
        self._coupling = free_part.T @ known_part

    def spread(self, values: np.ndarray) -> np.ndarray:
        """(V, D) values, read at the given vertices -> values everywhere."""
        result = np.array(values, dtype=np.float64)
        result[self._free] = np.linalg.solve(self._matrix, -self._coupling @ values[self._known])
        return result


class HeadShapes:
    """Builds every shape of the head on the cage."""

    def __init__(self, cage: Cage) -> None:
        self.cage = cage
        v = self.v = cage.vertices
        self.loop = cage.mouth_loop
        self.on_mouth = self.loop != NO_LOOP
        # 0 in the middle of the lips, 1 at the corners; -1 ... 1 lower to upper lip.
        self.u = np.where(self.on_mouth, np.sin(cage.mouth_angle), 0.0)
        self.up = np.where(self.on_mouth, np.cos(cage.mouth_angle), 0.0)
        self.is_upper, self.is_lower = self.up > 1e-9, self.up < -1e-9
        self.side = np.sign(np.where(np.abs(v[:, 0]) < 1e-9, 0.0, v[:, 0]))
        self.lips = self.loop >= LIP_BORDER
        # How much of a lip motion each loop follows: the bag behind the lips only near the lips.
        follow = np.interp(
            np.arange(MOUTH_LOOPS + 1), [LIP_INSIDE, 8, 9, 10, 11], [1.0, 0.75, 0.35, 0.05, 0.0]
        )
        self.follow = np.where(self.lips, follow[np.clip(self.loop, 0, MOUTH_LOOPS)], 0.0)
        x, y, z = v.T
        still = (z > -3.9) | (z < -13.5) | (y > -2.5) | (np.abs(x) > 6.2) | ((z < -10.5) & (y > -6.5))
        self.still = still & ~self.on_mouth
        self.lip_sheet = Sheet(cage, self.lips | self.still)
        self.jaw = self._jaw_weight()
        self.open = self.jaw[:, None] * jaw_motion(v, "jawOpen")
        # Opening narrows the mouth: the corners are drawn inward.
        self.open[:, 0] -= 0.32 * self.side * self.lip_bump(lambda u: u**3, lambda u: u**3, spread=True)

    # Pieces ------------------------------------------------------------------------------------------------------

    def lip_bump(
        self,
        upper: Callable[[np.ndarray], np.ndarray],
        lower: Callable[[np.ndarray], np.ndarray],
        spread: bool = False,
    ) -> np.ndarray:
        """(V,) weight from functions of u for the upper and lower lip."""
        w = np.where(self.is_lower, lower(self.u), upper(self.u)) * self.follow
        return self.lip_sheet.spread(w[:, None])[:, 0] if spread else w

    def from_lips(self, offsets: np.ndarray) -> np.ndarray:
        """Offsets on the lip loops -> offsets on the whole face."""
        return self.lip_sheet.spread(offsets * self.follow[:, None])

    def half(self, left: bool, blend: float = 0.9) -> np.ndarray:
        """Weight of one half of the face, softly shared over the middle line."""
        w = smoothstep(-blend, blend, self.v[:, 0])
        return w if left else 1.0 - w

    def _jaw_weight(self) -> np.ndarray:
        """Share of the jaw's rotation each vertex follows."""
        v, u = self.v, self.u
        x, y, z = v.T
        corner = 0.40
        weight = np.zeros(len(v))
        upper_lip = corner * u**3.2
        lower_lip = 1.0 - (1.0 - corner) * u**2.6
        behind = np.interp(self.loop, [LIP_SEAM, 8, 10, 12], [0.0, 0.0, 0.25, 1.0])
        # Deep in the mouth the floor goes with the jaw and the roof stays.
        lip = np.where(self.is_lower, lower_lip, upper_lip)
        deep = np.where(self.up < 0, 0.75, 0.1)
        weight[self.lips] = ((1.0 - behind) * lip + behind * deep)[self.lips]
        chin = ~self.on_mouth & (z < -9.2) & (z > -11.5) & (y < -4.6) & (np.abs(x) < 3.6)
        fixed = ~self.on_mouth & ((z > -3.4) | (z < -14.5) | (y > 1.0) | ((z > -4.7) & (np.abs(x) < 1.9)))
        weight[chin], weight[fixed] = 1.0, 0.0
        sheet = Sheet(self.cage, self.lips | chin | fixed)
        spread = np.clip(sheet.spread(weight[:, None])[:, 0], 0.0, 1.03)
        return np.where(self.lips, weight, spread)

    # Shapes ------------------------------------------------------------------------------------------------------

    def jaw_shapes(self) -> dict[str, np.ndarray]:
        """jawOpen, jawForward, jawLeft, jawRight, mouthClose."""
        shapes = {"jawOpen": self.open}
        # A jaw that slides takes both lips along, or they would part.
        with_lips = self.jaw + self.lip_sheet.spread((0.6 * (1.0 - self.jaw) * self.follow)[:, None])[:, 0]
        for name in ("jawForward", "jawLeft", "jawRight"):
            shapes[name] = with_lips[:, None] * jaw_motion(self.v, name)
        # mouthClose undoes the opening at the lips only: both lips go to a common line, the jaw stays down.
        target = np.zeros_like(self.v)
        meeting = 0.45
        for side in range(2):
            for loop in range(LIP_BORDER, MOUTH_LOOPS):
                ids = self.cage.mouth_index[side][loop]
                opposite = ids[::-1]
                # Both partners of the seam must reach the very same place.
                is_upper = (self.up[ids] >= 0)[:, None]
                upper = np.where(is_upper, self.open[ids], self.open[opposite])
                lower = np.where(is_upper, self.open[opposite], self.open[ids])
                line = (1.0 - meeting) * upper + meeting * lower
                # The jaw swings back as it opens; lips that follow it would sink into the teeth.
                line[:, 1] = 0.85 * upper[:, 1] + 0.15 * lower[:, 1] - 0.25 * (1.0 - self.u[ids] ** 2)
                target[ids] = line - self.open[ids]
        shapes["mouthClose"] = self.from_lips(target)
        return shapes

    def lip_shapes(self) -> dict[str, np.ndarray]:
        """Everything the lips do by themselves."""
        v, u, up = self.v, self.u, self.up
        count = len(v)
        shapes: dict[str, np.ndarray] = {}
        middle = np.clip(1.0 - u * u, 0.0, 1.0)
        profile = np.interp(
            self.loop, [LIP_BORDER, LIP_MIDDLE, LIP_FRONT, LIP_SEAM, LIP_INSIDE], [0.0, 0.5, 0.9, 1.0, 0.7]
        )
        outer = 1.0 - profile  # 1 at the lip's border, 0 at the seam

        def offsets(
            x: np.ndarray | float = 0.0, y: np.ndarray | float = 0.0, z: np.ndarray | float = 0.0
        ) -> np.ndarray:
            return np.stack([np.broadcast_to(c, (count,)) for c in (x, y, z)], axis=1).astype(np.float64)

        # Narrowed lips keep their flesh: the border stays wider than the seam and thickens towards the corners.
        full = outer * u**2 * (1.0 - u**6)
        shapes["mouthPucker"] = self.from_lips(
            offsets(
                x=-(0.50 - 0.13 * outer) * v[:, 0],
                y=-0.95 * (0.45 + 0.55 * middle) - 0.15 * profile * middle,
                z=np.where(self.is_upper, 0.06, 0.06) * middle * outer + np.sign(up) * 0.42 * full,
            )
        )
        shapes["mouthFunnel"] = self.from_lips(
            offsets(
                x=-(0.36 - 0.08 * outer) * v[:, 0],
                y=-0.75 * (0.4 + 0.6 * middle) - 0.25 * outer * middle,
                z=np.where(self.is_upper, 0.50, np.where(self.is_lower, -0.60, 0.0)) * middle**0.5
                + np.sign(up) * 0.30 * full,
            )
        )
        for name, sign in (("mouthLeft", 1.0), ("mouthRight", -1.0)):
            lead = 0.5 + 0.5 * np.clip(sign * v[:, 0] / MOUTH_HALF_WIDTH, -1.0, 1.0)
            shapes[name] = self.from_lips(
                offsets(x=sign * (0.75 + 0.25 * lead), y=0.25 * lead - 0.1, z=0.18 * (lead - 0.4))
            )
        roll = np.where(self.loop <= LIP_SEAM, 1.0, 0.6) * np.clip(middle + 0.12, 0.0, 1.0) ** 0.5
        for name, mine, sign in (
            ("mouthRollLower", self.is_lower, 1.0),
            ("mouthRollUpper", self.is_upper, -1.0),
        ):
            lip = np.where(mine, roll, 0.0)
            shapes[name] = self.from_lips(
                offsets(y=lip * (0.42 + 0.42 * profile), z=sign * lip * (0.42 * outer + 0.16 * profile))
            )
        chin = gaussian(v, (0.0, -8.4, -9.6), (2.2, 2.6, 1.3)) * ~self.lips
        lift = np.where(self.is_lower, 0.62, 0.30) * (0.35 + 0.65 * middle)
        shapes["mouthShrugLower"] = self.from_lips(
            offsets(y=-0.30 * np.where(self.is_lower, middle, 0.25 * middle), z=lift)
        )
        shapes["mouthShrugLower"] += chin[:, None] * (0.0, -0.05, 0.35)
        shapes["mouthShrugUpper"] = self.from_lips(
            offsets(
                y=-0.22 * np.where(self.is_upper, middle, 0.1),
                z=np.where(self.is_upper, 0.42, 0.20) * (0.3 + 0.7 * middle),
            )
        )
        stick_out = smoothstep(0.0, 1.0, middle)
        shapes["tongueOut"] = self.from_lips(
            offsets(y=-0.10 * stick_out, z=np.where(self.is_lower, -0.45, 0.12) * stick_out)
        )
        for suffix, sign in (("Left", 1.0), ("Right", -1.0)):
            here = self.half(sign > 0)
            toward = np.clip(sign * v[:, 0] / MOUTH_HALF_WIDTH, 0.0, 1.15)
            pull = smoothstep(0.0, 1.0, toward)
            tip = pull**2
            shapes["mouthSmile" + suffix] = self.from_lips(
                offsets(
                    x=sign * 0.74 * pull,
                    y=0.36 * tip + 0.16 * pull,
                    z=0.92 * np.minimum(toward, 1.0) ** 1.7 + 0.02 * pull + 0.08 * (-up) * outer * pull,
                )
            ) + gaussian(v, (sign * 4.0, -7.2, -4.2), (1.7, 2.5, 1.3))[:, None] * ~self.lips[:, None] * (
                0.10 * sign,
                -0.28,
                0.42,
            )
            shapes["mouthFrown" + suffix] = self.from_lips(
                offsets(x=sign * 0.10 * pull, y=0.10 * tip, z=-0.85 * np.minimum(toward, 1.0) ** 1.7)
            )
            shapes["mouthDimple" + suffix] = self.from_lips(
                offsets(x=sign * 0.45 * pull, y=0.55 * tip, z=0.14 * tip - 0.10 * up * outer * pull)
            )
            shapes["mouthStretch" + suffix] = self.from_lips(
                offsets(
                    x=sign * 0.80 * pull,
                    y=0.35 * tip + 0.06 * pull,
                    z=-0.22 * tip + np.where(self.is_lower, -0.16, 0.04) * pull * (1 - tip),
                )
            )
            press = here * (0.55 + 0.45 * middle)
            shapes["mouthPress" + suffix] = self.from_lips(
                offsets(
                    y=press * (0.20 * profile + 0.10),
                    z=-0.26 * np.sign(up) * outer * press * np.clip(middle + 0.1, 0, 1),
                )
            )
            arch = here * np.clip(middle, 0.0, 1.0) ** 0.7
            shapes["mouthUpperUp" + suffix] = self.from_lips(
                offsets(
                    y=np.where(self.is_upper, -0.05 * arch, 0.0), z=np.where(self.is_upper, 0.72 * arch, 0.0)
                )
            )
            shapes["mouthLowerDown" + suffix] = self.from_lips(
                offsets(
                    y=np.where(self.is_lower, -0.06 * arch, 0.0), z=np.where(self.is_lower, -0.82 * arch, 0.0)
                )
            )
            sneer = gaussian(v, (sign * 1.15, -8.6, -3.6), (1.1, 2.0, 1.2))
            shapes["noseSneer" + suffix] = (
                self.from_lips(offsets(z=np.where(self.is_upper, 0.30 * arch, 0.0)))
                + sneer[:, None] * ~self.lips[:, None] * (0.06 * sign, 0.0, 0.42)
                + gaussian(v, (sign * 1.2, -8.6, 1.9), (1.3, 2.0, 1.0))[:, None]
                * (-0.08 * sign, -0.05, -0.22)
            )
        return shapes

    def lid_rotation(self, side: int, upper_share: float, lower_share: float) -> np.ndarray:
        """Offsets when the lids turn about the eye's centre by shares of the way to the blink line (negative opens)."""
        cage = self.cage
        ids = np.flatnonzero((cage.eye_loop != NO_LOOP) & (np.sign(self.v[:, 0]) == side))
        loop = cage.eye_loop[ids]
        offsets = np.zeros_like(self.v)
        offsets[ids] = lid_turn(
            self.v[ids],
            side,
            cage.eye_position[ids],
            cage.eye_lid[ids],
            np.interp(loop, [0, 1, LID_CREASE, LID_MIDDLE, LID_MARGIN, EYE_LOOPS - 1], LID_FOLLOW),
            (loop >= LID_CREASE) & (loop <= LID_MARGIN),
            (upper_share, lower_share),
        )
        return offsets

    def eye_shapes(self) -> dict[str, np.ndarray]:
        """Blink, squint, wide and the lids' part of the gaze."""
        shapes: dict[str, np.ndarray] = {}
        for suffix, side in (("Left", 1), ("Right", -1)):
            for name in ("eyeBlink", "eyeSquint", "eyeWide", "eyeLookDown", "eyeLookUp"):
                shapes[name + suffix] = self.lid_rotation(side, *LID_SHARES[name])
            shapes["eyeSquint" + suffix] += self._cheek(side)[:, None] * (0.0, -0.08, 0.14)
            for direction in ("In", "Out"):
                towards = side if direction == "Out" else -side
                shapes[f"eyeLook{direction}{suffix}"] = self._lid_bulge(side)[:, None] * (
                    LID_DRAG * towards,
                    0.0,
                    0.0,
                )
        return shapes

    def _lid_bulge(self, side: int) -> np.ndarray:
        """Soft weight on the lids, dragged along when the eye turns sideways."""
        mine = (self.cage.eye_loop > 1) & (np.sign(self.v[:, 0]) == side)
        return np.where(mine, np.sin(np.pi * self.cage.eye_position) * np.abs(self.cage.eye_lid), 0.0)

    def _cheek(self, side: int) -> np.ndarray:
        return gaussian(self.v, (side * 3.7, -7.2, -3.3), (2.1, 2.5, 1.1)) * ~self.lips

    def brow_and_cheek_shapes(self) -> dict[str, np.ndarray]:
        """Brows, cheek squint and puff."""
        v = self.v
        shapes: dict[str, np.ndarray] = {}
        inner_up = np.zeros_like(v)
        puff = np.zeros_like(v)
        for suffix, side in (("Left", 1), ("Right", -1)):
            inner = gaussian(v, (side * 1.5, -8.0, 2.5), (1.5, 3.0, 1.5))
            middle = gaussian(v, (side * 2.6, -7.6, 2.4), (2.2, 3.0, 1.3))
            outer = gaussian(v, (side * 4.7, -6.6, 2.5), (1.8, 3.0, 1.5))
            forehead = gaussian(v, (side * 2.4, -7.4, 4.4), (3.0, 3.0, 1.6))
            off_lids = np.where(self.cage.eye_loop >= LID_CREASE, 0.25, 1.0)[:, None]
            shapes["browDown" + suffix] = off_lids * (
                middle[:, None] * (-0.12 * side, -0.06, -0.62) + inner[:, None] * (-0.18 * side, -0.08, -0.32)
            )
            shapes["browOuterUp" + suffix] = off_lids * (
                outer[:, None] * (0, 0.05, 0.85) + forehead[:, None] * (0, 0, 0.12)
            )
            inner_up += off_lids * (
                inner[:, None] * (-0.06 * side, 0.0, 0.85) + forehead[:, None] * (0.0, 0.0, 0.14)
            )
            shapes["cheekSquint" + suffix] = self._cheek(side)[:, None] * (
                0.0,
                -0.20,
                0.45,
            ) + self.lid_rotation(side, *LID_SHARES["cheekSquint"])
            cheek = gaussian(v, (side * 4.1, -6.4, -6.6), (1.9, 2.6, 1.9))
            puff += (cheek * ~(self.loop > LIP_INSIDE))[:, None] * (1.1 * side, -0.85, 0.0)
        shapes["browInnerUp"] = inner_up
        shapes["cheekPuff"] = puff + self.from_lips(np.tile((0.0, -0.12, 0.0), (len(v), 1)))
        return shapes

    def all(self) -> dict[str, np.ndarray]:
        """Every shape on the cage, in Apple's order."""
        made = {**self.jaw_shapes(), **self.lip_shapes(), **self.eye_shapes(), **self.brow_and_cheek_shapes()}
        return {name: made[name] for name in ARKIT_NAMES}


SEAM_TOLERANCE = 0.05
"""Partners on the seam whose offsets differ by less (cm) are meant to stay together."""


def head_shapes(
    cage: Cage, subdivision: Subdivision, mirror: np.ndarray, seam: np.ndarray
) -> dict[str, np.ndarray]:
    """Offsets of the fine head mesh for all 52 shapes, exactly mirrored between Left and Right.

    `seam` pairs the vertices of the lips that touch: shapes that do not part them keep them together.
    """
    coarse = HeadShapes(cage).all()
    packed = np.concatenate([coarse[name] for name in ARKIT_NAMES], axis=1)
    fine = subdivision(packed)
    shapes = {name: fine[:, 3 * k : 3 * k + 3].copy() for k, name in enumerate(ARKIT_NAMES)}
    flip = np.array([-1.0, 1.0, 1.0])
    for name in ARKIT_NAMES:
        # Offsets far below a hair's width are numerical dust of the solve.
        shapes[name][np.linalg.norm(shapes[name], axis=1) < 1e-4] = 0.0
        if "Left" in name:
            shapes[name.replace("Left", "Right")] = shapes[name][mirror] * flip
        elif "Right" not in name:
            shapes[name] = 0.5 * (shapes[name] + shapes[name][mirror] * flip)
    for name in ARKIT_NAMES:
        both = shapes[name][seam]
        together = np.linalg.norm(both[:, 0] - both[:, 1], axis=1) < SEAM_TOLERANCE
        shapes[name][seam[together]] = both[together].mean(axis=1, keepdims=True)
    # mouthClose on an open jaw shuts the lips to the last vertex.
    closed = (shapes["jawOpen"] + shapes["mouthClose"])[seam].mean(axis=1, keepdims=True)
    shapes["mouthClose"][seam] = closed - shapes["jawOpen"][seam]
    return shapes


__all__ = ["ARKIT_NAMES", "HeadShapes", "Sheet", "head_shapes", "jaw_motion"]
