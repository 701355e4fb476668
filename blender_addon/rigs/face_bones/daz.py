# SPDX-License-Identifier: GPL-3.0-or-later
"""Daz Genesis 3 and 8, and Genesis 9: names of the figures' face bones as Daz Studio and the Daz importer write them.

https://bitbucket.org/Diffeomorphic/import_daz (its `data` folder lists them for each figure)
"""

from __future__ import annotations

from typing import Final

from .convention import Convention

GENESIS_8: Final = Convention(
    identifier="daz_genesis8",
    title="Daz Genesis 3/8",
    sides=("l", "r"),
    signature=("lowerJaw", "LipUpperMiddle", "{side}LipCorner"),
    bones={
        "jaw": ("lowerJaw",),
        "lip_upper": ("LipUpperMiddle", "{side}LipUpperInner", "{side}LipUpperOuter"),
        "lip_lower": ("LipLowerMiddle", "{side}LipLowerInner", "{side}LipLowerOuter"),
        "lip_corner": ("{side}LipCorner",),
        "lid_upper": ("{side}EyelidUpperInner", "{side}EyelidUpper", "{side}EyelidUpperOuter"),
        "lid_lower": ("{side}EyelidLowerInner", "{side}EyelidLower", "{side}EyelidLowerOuter"),
        "brow": ("{side}BrowInner", "{side}BrowMid", "{side}BrowOuter"),
        "cheek": ("{side}CheekUpper", "{side}CheekLower"),
        "tongue": ("tongue01", "tongue02", "tongue03", "tongue04"),
        "eye": ("{side}Eye",),
    },
)

GENESIS_9: Final = Convention(
    identifier="daz_genesis9",
    title="Daz Genesis 9",
    sides=("l", "r"),
    signature=("lowerjaw", "{side}_lipcorner"),
    bones={
        "jaw": ("lowerjaw",),
        "lip_upper": (
            "centerlipupper|lipuppermiddle",
            "{side}_lipupperinner",
            "{side}_lipupper",
            "{side}_lipupperouter",
        ),
        "lip_lower": (
            "centerliplower|liplowermiddle",
            "{side}_liplowerinner",
            "{side}_liplower",
            "{side}_liplowerouter",
        ),
        "lip_corner": ("{side}_lipcorner",),
        "lid_upper": ("{side}_eyelidupperinner", "{side}_eyelidupper", "{side}_eyelidupperouter"),
        "lid_lower": ("{side}_eyelidlowerinner", "{side}_eyelidlower", "{side}_eyelidlowerouter"),
        "brow": ("{side}_browinner", "{side}_browmid|{side}_browmiddle", "{side}_browouter"),
        "tongue": ("tongue01", "tongue02", "tongue03", "tongue04", "tongue05"),
        "eye": ("{side}_eye",),
    },
)
CONVENTIONS: Final = (GENESIS_8, GENESIS_9)
