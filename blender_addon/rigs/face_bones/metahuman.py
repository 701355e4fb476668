# SPDX-License-Identifier: GPL-3.0-or-later
"""Epic MetaHuman: the upper levels of the face archetype's joints; the hundreds below follow their parents.

https://dev.epicgames.com/documentation/en-us/metahuman (Face_Archetype_Skeleton)
"""

from __future__ import annotations

from typing import Final

from .convention import Convention

METAHUMAN: Final = Convention(
    identifier="metahuman",
    title="MetaHuman",
    sides=("L", "R"),
    signature=("FACIAL_C_Jaw",),
    bones={
        "jaw": ("FACIAL_C_Jaw",),
        "lip_upper": ("FACIAL_C_LipUpper", "FACIAL_{side}_LipUpper", "FACIAL_{side}_LipUpperOuter"),
        "lip_lower": ("FACIAL_C_LipLower", "FACIAL_{side}_LipLower", "FACIAL_{side}_LipLowerOuter"),
        "lip_corner": ("FACIAL_{side}_LipCorner",),
        "lid_upper": ("FACIAL_{side}_EyelidUpperA",),
        "lid_lower": ("FACIAL_{side}_EyelidLowerA",),
        "brow": ("FACIAL_{side}_ForeheadIn", "FACIAL_{side}_ForeheadMid", "FACIAL_{side}_ForeheadOut"),
        "cheek": ("FACIAL_{side}_CheekInner",),
        "tongue": ("FACIAL_C_Tongue1", "FACIAL_C_Tongue2", "FACIAL_C_Tongue3", "FACIAL_C_Tongue4"),
        "eye": ("FACIAL_{side}_Eye",),
    },
)
CONVENTIONS: Final = (METAHUMAN,)
