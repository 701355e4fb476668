# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lips do by themselves: rounded, rolled, pushed, drawn at their corners, parted."""

from __future__ import annotations

import numpy as np

from .head_mesh import LIP_BORDER, LIP_FRONT, LIP_INSIDE, LIP_MIDDLE, LIP_SEAM
from .mouth_region import MouthRegion
from .proportions import MOUTH_HALF_WIDTH, SIDES, gaussian, smoothstep

Component = np.ndarray | float
"""One coordinate of offsets: (V,) or the same for every vertex, cm."""


class LipShapes:
    """The lips' shapes as (V, 3) offsets of the cage, cm; each method makes the shapes of one kind of motion."""

    def __init__(self, mouth: MouthRegion) -> None:
        self.mouth = mouth
        # 1 in the middle of the lips, 0 at the corners.
        self.middle = np.clip(1.0 - mouth.u * mouth.u, 0.0, 1.0)
        # 0 at the lip's border, 1 at the seam; and the other way round.
        self.profile = np.interp(
            mouth.loop, [LIP_BORDER, LIP_MIDDLE, LIP_FRONT, LIP_SEAM, LIP_INSIDE], [0.0, 0.5, 0.9, 1.0, 0.7]
        )
        self.outer = 1.0 - self.profile

    def _from_lips(self, x: Component = 0.0, y: Component = 0.0, z: Component = 0.0) -> np.ndarray:
        """A motion given on the lips, spread over the face."""
        count = len(self.mouth.v)
        columns = [np.broadcast_to(component, (count,)) for component in (x, y, z)]
        return self.mouth.from_lips(np.stack(columns, axis=1).astype(np.float64))

    def rounded(self) -> dict[str, np.ndarray]:
        """mouthPucker and mouthFunnel."""
        mouth, middle, outer, profile = self.mouth, self.middle, self.outer, self.profile
        # Narrowed lips keep their flesh: the border stays wider than the seam and thickens towards the corners.
        full = outer * mouth.u**2 * (1.0 - mouth.u**6)
        pucker = self._from_lips(
            x=-(0.50 - 0.13 * outer) * mouth.v[:, 0],
            y=-0.95 * (0.45 + 0.55 * middle) - 0.15 * profile * middle,
            z=0.06 * middle * outer + np.sign(mouth.up) * 0.42 * full,
        )
        parting = np.where(mouth.is_upper, 0.50, np.where(mouth.is_lower, -0.60, 0.0))
        funnel = self._from_lips(
            x=-(0.36 - 0.08 * outer) * mouth.v[:, 0],
            y=-0.75 * (0.4 + 0.6 * middle) - 0.25 * outer * middle,
            z=parting * middle**0.5 + np.sign(mouth.up) * 0.30 * full,
        )
        return {"mouthPucker": pucker, "mouthFunnel": funnel}

    def sideways(self) -> dict[str, np.ndarray]:
        """mouthLeft and mouthRight: the corner on the side the mouth moves to leads."""
        shapes = {}
        for suffix, sign in SIDES:
            lead = 0.5 + 0.5 * np.clip(sign * self.mouth.v[:, 0] / MOUTH_HALF_WIDTH, -1.0, 1.0)
            shapes["mouth" + suffix] = self._from_lips(
                x=sign * (0.75 + 0.25 * lead), y=0.25 * lead - 0.1, z=0.18 * (lead - 0.4)
            )
        return shapes

    def rolled(self) -> dict[str, np.ndarray]:
        """mouthRollLower and mouthRollUpper: a lip is drawn in over the teeth."""
        mouth = self.mouth
        roll = np.where(mouth.loop <= LIP_SEAM, 1.0, 0.6) * np.clip(self.middle + 0.12, 0.0, 1.0) ** 0.5
        shapes = {}
        for name, on_lip, sign in (
            ("mouthRollLower", mouth.is_lower, 1.0),
            ("mouthRollUpper", mouth.is_upper, -1.0),
        ):
            lip = np.where(on_lip, roll, 0.0)
            shapes[name] = self._from_lips(
                y=lip * (0.42 + 0.42 * self.profile),
                z=sign * lip * (0.42 * self.outer + 0.16 * self.profile),
            )
        return shapes

    def shrugged(self) -> dict[str, np.ndarray]:
        """mouthShrugLower, which the chin pushes up, and mouthShrugUpper."""
        mouth, middle = self.mouth, self.middle
        lower = self._from_lips(
            y=-0.30 * np.where(mouth.is_lower, middle, 0.25 * middle),
            z=np.where(mouth.is_lower, 0.62, 0.30) * (0.35 + 0.65 * middle),
        )
        chin = mouth.skin_bump((0.0, -8.4, -9.6), (2.2, 2.6, 1.3))
        lower += chin[:, None] * (0.0, -0.05, 0.35)
        upper = self._from_lips(
            y=-0.22 * np.where(mouth.is_upper, middle, 0.1),
            z=np.where(mouth.is_upper, 0.42, 0.20) * (0.3 + 0.7 * middle),
        )
        return {"mouthShrugLower": lower, "mouthShrugUpper": upper}

    def around_the_tongue(self) -> dict[str, np.ndarray]:
        """tongueOut: the lips make way for the tongue."""
        way = smoothstep(0.0, 1.0, self.middle)
        return {
            "tongueOut": self._from_lips(y=-0.10 * way, z=np.where(self.mouth.is_lower, -0.45, 0.12) * way)
        }

    def drawn_corner(self, suffix: str, sign: int) -> dict[str, np.ndarray]:
        """mouthSmile, mouthFrown, mouthDimple and mouthStretch of one side (`SIDES`)."""
        mouth, outer = self.mouth, self.outer
        toward = np.clip(sign * mouth.v[:, 0] / MOUTH_HALF_WIDTH, 0.0, 1.15)
        pull = smoothstep(0.0, 1.0, toward)
        tip = pull**2
        cheek = mouth.skin_bump((sign * 4.0, -7.2, -4.2), (1.7, 2.5, 1.3))
        smile = self._from_lips(
            x=sign * 0.74 * pull,
            y=0.36 * tip + 0.16 * pull,
            z=0.92 * np.minimum(toward, 1.0) ** 1.7 + 0.02 * pull + 0.08 * (-mouth.up) * outer * pull,
        )
        stretched_lip = np.where(mouth.is_lower, -0.16, 0.04) * pull * (1 - tip)
        shapes = {
            "mouthSmile": smile + cheek[:, None] * (0.10 * sign, -0.28, 0.42),
            "mouthFrown": self._from_lips(
                x=sign * 0.10 * pull, y=0.10 * tip, z=-0.85 * np.minimum(toward, 1.0) ** 1.7
            ),
            "mouthDimple": self._from_lips(
                x=sign * 0.45 * pull, y=0.55 * tip, z=0.14 * tip - 0.10 * mouth.up * outer * pull
            ),
            "mouthStretch": self._from_lips(
                x=sign * 0.80 * pull, y=0.35 * tip + 0.06 * pull, z=-0.22 * tip + stretched_lip
            ),
        }
        return {name + suffix: offsets for name, offsets in shapes.items()}

    def pressed_or_parted(self, suffix: str, sign: int) -> dict[str, np.ndarray]:
        """mouthPress, mouthUpperUp, mouthLowerDown and noseSneer of one side (`SIDES`)."""
        mouth, middle = self.mouth, self.middle
        on_half = mouth.half(sign > 0)
        press = on_half * (0.55 + 0.45 * middle)
        arch = on_half * np.clip(middle, 0.0, 1.0) ** 0.7
        nose = mouth.skin_bump((sign * 1.15, -8.6, -3.6), (1.1, 2.0, 1.2))
        brow = gaussian(mouth.v, (sign * 1.2, -8.6, 1.9), (1.3, 2.0, 1.0))
        shapes = {
            "mouthPress": self._from_lips(
                y=press * (0.20 * self.profile + 0.10),
                z=-0.26 * np.sign(mouth.up) * self.outer * press * np.clip(middle + 0.1, 0, 1),
            ),
            "mouthUpperUp": self._from_lips(
                y=np.where(mouth.is_upper, -0.05 * arch, 0.0), z=np.where(mouth.is_upper, 0.72 * arch, 0.0)
            ),
            "mouthLowerDown": self._from_lips(
                y=np.where(mouth.is_lower, -0.06 * arch, 0.0), z=np.where(mouth.is_lower, -0.82 * arch, 0.0)
            ),
            "noseSneer": self._from_lips(z=np.where(mouth.is_upper, 0.30 * arch, 0.0))
            + nose[:, None] * (0.06 * sign, 0.0, 0.42)
            + brow[:, None] * (-0.08 * sign, -0.05, -0.22),
        }
        return {name + suffix: offsets for name, offsets in shapes.items()}

    def all(self) -> dict[str, np.ndarray]:
        """Every shape of the lips."""
        shapes = {
            **self.rounded(),
            **self.sideways(),
            **self.rolled(),
            **self.shrugged(),
            **self.around_the_tongue(),
        }
        for suffix, sign in SIDES:
            shapes |= self.drawn_corner(suffix, sign)
            shapes |= self.pressed_or_parted(suffix, sign)
        return shapes
