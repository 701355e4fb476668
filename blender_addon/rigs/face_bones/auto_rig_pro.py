# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto-Rig Pro: the face's controls (`c_…`), of which the jaw and the lids are moved, not turned.

Names from scripts that pose its rigs; https://www.lucky3d.fr/auto-rig-pro/doc/reference_bones_doc.html names the parts.
"""

from __future__ import annotations

from typing import Final

from .convention import Convention

AUTO_RIG_PRO: Final = Convention(
    identifier="auto_rig_pro",
    title="Auto-Rig Pro",
    sides=("l", "r"),
    signature=("c_jawbone.x", "c_lips_smile.{side}"),
    bones={
        "jaw": ("c_jawbone.x",),
        "lip_upper": ("c_lips_top.x", "c_lips_top.{side}", "c_lips_top_01.{side}"),
        "lip_lower": ("c_lips_bot.x", "c_lips_bot.{side}", "c_lips_bot_01.{side}"),
        "lip_corner": ("c_lips_smile.{side}",),
        "lid_upper": ("c_eyelid_top.{side}",),
        "lid_lower": ("c_eyelid_bot.{side}",),
        "brow": (
            "c_eyebrow_01_end.{side}",
            "c_eyebrow_01.{side}",
            "c_eyebrow_02.{side}",
            "c_eyebrow_03.{side}",
        ),
        "cheek": ("c_cheek_smile.{side}",),
        "tongue": ("c_tong_01.x", "c_tong_02.x", "c_tong_03.x"),
        "eye": ("c_eye.{side}|c_eye_offset.{side}",),
        "eye_target": ("c_eye_target.x",),
    },
)
CONVENTIONS: Final = (AUTO_RIG_PRO,)
