# SPDX-License-Identifier: GPL-3.0-or-later
"""MakeHuman and MPFB: the muscles of the default rig.

https://github.com/makehumancommunity/mpfb2/blob/master/src/mpfb/data/rigs/standard/rig.default.json
"""

from __future__ import annotations

from typing import Final

from .convention import Convention

MAKEHUMAN: Final = Convention(
    identifier="makehuman",
    title="MakeHuman",
    sides=("L", "R"),
    signature=("jaw", "oris01", "oris05"),
    bones={
        "jaw": ("jaw",),
        "lip_upper": ("oris05", "oris03.{side}"),
        "lip_lower": ("oris01", "oris07.{side}"),
        "lip_corner": ("risorius03.{side}",),
        "lid_upper": ("orbicularis03.{side}",),
        "lid_lower": ("orbicularis04.{side}",),
        "brow": ("oculi01.{side}",),
        "cheek": ("levator05.{side}",),
        "tongue": ("tongue01", "tongue02", "tongue03", "tongue04"),
        "eye": ("eye.{side}",),
    },
)
CONVENTIONS: Final = (MAKEHUMAN,)
