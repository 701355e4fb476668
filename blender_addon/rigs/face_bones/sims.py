# SPDX-License-Identifier: GPL-3.0-or-later
"""The Sims 4: the game's skeleton, as https://github.com/CmarNYC-Tools/TS4SimRipper and others write it to files."""

from __future__ import annotations

from typing import Final

from .convention import Convention

SIMS4: Final = Convention(
    identifier="sims4",
    title="The Sims 4",
    sides=("L", "R"),
    signature=("b__Jaw__", "b__LoLip__"),
    bones={
        "jaw": ("b__Jaw__",),
        "lip_upper": ("b__UpLip__", "b__{side}_UpLip__"),
        "lip_lower": ("b__LoLip__", "b__{side}_LoLip__"),
        "lip_corner": ("b__{side}_Mouth__",),
        "lid_upper": ("b__{side}_UpLid__",),
        "lid_lower": ("b__{side}_LoLid__",),
        "brow": ("b__{side}_InBrow__", "b__{side}_MidBrow__", "b__{side}_OutBrow__"),
        "cheek": ("b__{side}_Cheek__",),
        "eye": ("b__{side}_Eye__",),
    },
)
CONVENTIONS: Final = (SIMS4,)
