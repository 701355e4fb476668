# SPDX-License-Identifier: GPL-3.0-or-later
"""VRM 0.x and 1.0 expression presets as shape keys, and VRoid Studio's shapes.

Names: https://github.com/vrm-c/vrm-specification (VRMC_vrm-1.0 expressions; 0.x blend shape presets), VRoid's as the
studio exports them ("Fcl_MTH_A"; older exports put "Face.M_F00_000_00_" before).
"""

from __future__ import annotations

from .convention import Convention, both_sides

VRM1 = Convention(
    identifier="vrm1",
    title="VRM 1.0",
    source="https://github.com/vrm-c/vrm-specification/blob/master/specification/VRMC_vrm-1.0/expressions.md",
    channels=both_sides(
        {
            "vowel:A": "aa",
            "vowel:I": "ih",
            "vowel:U": "ou",
            "vowel:E": "ee",
            "vowel:O": "oh",
            "eyeBlink{Side}": "blink{Side} | blink*0.5",
            "eyeLookUp{Side}": "lookUp*0.5",
            "eyeLookDown{Side}": "lookDown*0.5",
            "eyeLookOut{Side}": "look{Side}*0.5",
            "eyeLookIn{Side}": "look{Other}*0.5",
        }
    ),
    prefixes=("vrm_", "vrm.", "mouth_", "eye_", "face."),
    minimum=4,
    signature=("aa", "ih", "ou", "ee", "oh"),
    whole=True,
)

VRM0 = Convention(
    identifier="vrm0",
    title="VRM 0.x",
    source="https://github.com/vrm-c/vrm-specification/blob/master/specification/0.0/README.md",
    channels=both_sides(
        {
            "vowel:A": "A",
            "vowel:I": "I",
            "vowel:U": "U",
            "vowel:E": "E",
            "vowel:O": "O",
            "eyeBlink{Side}": "Blink_{S} | Blink*0.5",
            "eyeLookUp{Side}": "LookUp*0.5",
            "eyeLookDown{Side}": "LookDown*0.5",
            "eyeLookOut{Side}": "Look{Side}*0.5",
            "eyeLookIn{Side}": "Look{Other}*0.5",
        }
    ),
    prefixes=("vrm_", "vrm.", "mouth_", "mth_", "eye_", "lip_", "face."),
    minimum=5,
    signature=("Blink", "Blink_L", "Blink_R"),
    whole=True,
)

VROID = Convention(
    identifier="vroid",
    title="VRoid",
    source="https://vroid.com/en/studio",
    channels=both_sides(
        {
            "vowel:A": "Fcl_MTH_A",
            "vowel:I": "Fcl_MTH_I",
            "vowel:U": "Fcl_MTH_U",
            "vowel:E": "Fcl_MTH_E",
            "vowel:O": "Fcl_MTH_O",
            "eyeBlink{Side}": "Fcl_EYE_Close_{S} | Fcl_EYE_Close*0.5",
            "eyeWide{Side}": "Fcl_EYE_Spread*0.5 | Fcl_EYE_Surprised*0.5",
            "browInnerUp": "Fcl_BRW_Surprised*0.5",
            "browOuterUp{Side}": "Fcl_BRW_Surprised*0.25",
            "browDown{Side}": "Fcl_BRW_Angry*0.5",
            "mouthSmile{Side}": "Fcl_MTH_Fun*0.5",
            "mouthFrown{Side}": "Fcl_MTH_Sorrow*0.5 | Fcl_MTH_Down*0.5",
        }
    ),
)
CONVENTIONS = (VROID, VRM1, VRM0)
