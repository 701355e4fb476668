# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft Rocketbox: https://github.com/microsoft/Microsoft-Rocketbox (the skeleton of its FBX files)."""

from __future__ import annotations

from typing import Final

from .convention import Convention

ROCKETBOX: Final = Convention(
    identifier="rocketbox",
    title="Microsoft Rocketbox",
    sides=("L", "R"),
    signature=("Bip01 MJaw", "Bip01 MUpperLip"),
    bones={
        "jaw": ("Bip01 MJaw",),
        "lip_upper": ("Bip01 MUpperLip", "Bip01 {side}Upperlip"),
        "lip_lower": ("Bip01 MBottomLip", "Bip01 {side}MouthBottom"),
        "lip_corner": ("Bip01 {side}MouthCorner",),
        "lid_upper": ("Bip01 {side}EyeBlinkTop",),
        "lid_lower": ("Bip01 {side}EyeBlinkBottom",),
        "brow": ("Bip01 {side}InnerEyebrow", "Bip01 {side}OuterEyebrow"),
        "cheek": ("Bip01 {side}Cheek",),
        "tongue": ("Bip01 MTongue",),
        "eye": ("Bip01 {side}Eye",),
    },
)
CONVENTIONS: Final = (ROCKETBOX,)
