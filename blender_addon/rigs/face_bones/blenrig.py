# SPDX-License-Identifier: GPL-3.0-or-later
"""BlenRig 6: the controls of its face that are shown; the hundreds of bones behind them follow.

Names from the biped that ships with it: https://github.com/jpbouza/BlenRig
The jaw is the mandible itself, `maxi`: `mouth_ctrl`, which an animator pulls, turns it.
"""

from __future__ import annotations

from typing import Final

from .convention import Convention

BLENRIG: Final = Convention(
    identifier="blenrig",
    title="BlenRig",
    sides=("L", "R"),
    signature=("maxi", "lip_up_ctrl", "mouth_corner_{side}"),
    bones={
        "jaw": ("maxi",),
        "lip_upper": ("lip_up_ctrl",),
        "lip_lower": ("lip_low_ctrl",),
        "lip_corner": ("mouth_corner_{side}",),
        "lid_upper": ("eyelid_up_ctrl_{side}",),
        "lid_lower": ("eyelid_low_ctrl_{side}",),
        "brow": ("brow_ctrl_in_{side}", "brow_ctrl_curve_{side}", "brow_ctrl_out_{side}"),
        "cheek": ("cheek_ctrl_{side}",),
        "tongue": ("tongue_mstr", "tongue_1_fk", "tongue_2_fk"),
        "eye": ("eye_def_{side}",),
        "eye_target": ("look",),
    },
)
CONVENTIONS: Final = (BLENRIG,)
