# SPDX-License-Identifier: GPL-3.0-or-later
"""Reallusion Character Creator 3 and 4, iClone: the few face bones; lips and lids are shape keys there.

https://github.com/soupday/cc_blender_tools (`FACE_BONES` in its facial profile)
"""

from __future__ import annotations

from typing import Final

from .convention import Convention

CHARACTER_CREATOR: Final = Convention(
    identifier="character_creator",
    title="Character Creator",
    sides=("L", "R"),
    signature=("CC_Base_JawRoot",),
    bones={
        "jaw": ("CC_Base_JawRoot",),
        "tongue": ("CC_Base_Tongue01", "CC_Base_Tongue02", "CC_Base_Tongue03"),
        "eye": ("CC_Base_{side}_Eye",),
    },
)
CONVENTIONS: Final = (CHARACTER_CREATOR,)
