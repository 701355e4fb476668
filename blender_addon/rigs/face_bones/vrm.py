# SPDX-License-Identifier: GPL-3.0-or-later
"""VRoid Studio, the VRM humanoid and Ready Player Me: a jaw, where there is one, and the eyes.

https://github.com/vrm-c/vrm-specification/blob/master/specification/VRMC_vrm-1.0/humanoid.md
"""

from __future__ import annotations

from typing import Final

from .convention import Convention

VROID: Final = Convention(
    identifier="vroid",
    title="VRoid",
    sides=("L", "R"),
    signature=("J_Adj_{side}_FaceEye",),
    bones={"jaw": ("J_Adj_C_Jaw|J_Bip_C_Jaw",), "eye": ("J_Adj_{side}_FaceEye",)},
)

HUMANOID: Final = Convention(
    identifier="humanoid",
    title="Humanoid (VRM, Ready Player Me)",
    sides=("left", "right"),
    signature=("{side}Eye",),
    bones={"jaw": ("jaw",), "eye": ("{side}Eye",)},
)
CONVENTIONS: Final = (VROID, HUMANOID)
