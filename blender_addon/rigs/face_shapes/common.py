# SPDX-License-Identifier: GPL-3.0-or-later
"""Eyes and brows under the plain names that many characters have beside vowels or visemes: ``eye_close``, ``brow_up``.

``EYE_DEF_C`` shuts the eyes and ``EL_DEF_C`` the lashes of Unity's own character.
Names: https://unity-chan.com (the character's files), and characters of many makers.
"""

from __future__ import annotations

from .convention import Convention, both_sides

COMMON = Convention(
    identifier="common",
    title="Plain eyes and brows",
    source="https://unity-chan.com/",
    channels=both_sides(
        {
            "eyeBlink{Side}": "eye_close_{S} | eye_closed_{S} | close_eye_{S} | Blink_{S} | eye_close*0.5 | eyes_close*0.5 | "
            "eye_closed*0.5 | close_eyes*0.5 | Blink*0.5 | EYE_DEF_C*0.5 | EL_DEF_C*0.5",
            "browInnerUp": "eye_brow_up_L*0.5 + eye_brow_up_R*0.5 | brow_up_L*0.5 + brow_up_R*0.5 | brow_raise_L*0.5 + "
            "brow_raise_R*0.5 | eye_brow_up*0.5 | brow_up*0.5 | brows_up*0.5 | eyebrows_up*0.5 | brow_raise*0.5",
            "browOuterUp{Side}": "eye_brow_up_{S}*0.5 | brow_up_{S}*0.5 | brow_raise_{S}*0.5 | eye_brow_up*0.25 | "
            "brow_up*0.25 | brows_up*0.25 | eyebrows_up*0.25 | brow_raise*0.25",
            "browDown{Side}": "eye_brow_down_{S} | brow_lower_{S} | eye_brow_down*0.5 | brow_down*0.5 | brows_down*0.5 | "
            "eyebrows_down*0.5 | brow_lower*0.5",
        }
    ),
    minimum=1,
    fills=True,
    unverified=frozenset({"EYE_DEF_C", "EL_DEF_C"}),
)
CONVENTIONS = (COMMON,)
