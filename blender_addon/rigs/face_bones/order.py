# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that hold naming conventions of face bones, each in a tuple `CONVENTIONS`: a new one is one line here.

Of two conventions that fit an armature equally well the earlier one wins, so a new one belongs behind what it resembles.
"""

from __future__ import annotations

from typing import Final

MODULES: Final[tuple[str, ...]] = (
    "rigify",
    "auto_rig_pro",
    "makehuman",
    "daz",
    "metahuman",
    "rocketbox",
    "blenrig",
    "character_creator",
    "second_life",
    "sims",
    "vrm",
)
