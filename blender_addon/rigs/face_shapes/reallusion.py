# SPDX-License-Identifier: GPL-3.0-or-later
"""Reallusion Character Creator 3 and 4: three sets of expression names, and eight visemes that are mixed.

Names: https://manual.reallusion.com/Character-Creator-4/ (facial profiles); read as lists in a client of iClone's motion
server and in https://github.com/met4citizen/TalkingHead (blender/rename-cc4-shapekeys.py). Which visemes mix to which of
Oculus' 15 is this project's own choice.
"""

from __future__ import annotations

from .convention import Convention, both_sides

# The visemes of both generations: "V_Open" (CC3+ and CC4), "Open" (CC3). They add up: lips, jaw and roundness apart.
_VISEMES = {
    "viseme:PP": "V_Explosive | Explosive",
    "viseme:FF": "V_Dental_Lip | Dental_Lip",
    "viseme:TH": "V_Lip_Open*0.6 + V_Open*0.15 | Lip_Open*0.6 + Open*0.15",
    "viseme:DD": "V_Lip_Open*0.6 + V_Wide*0.2 | Lip_Open*0.6 + Wide*0.2",
    "viseme:kk": "V_Lip_Open*0.6 + V_Open*0.15 | Lip_Open*0.6 + Open*0.15",
    "viseme:CH": "V_Affricate | Affricate",
    "viseme:SS": "V_Wide*0.5 + V_Lip_Open*0.4 | Wide*0.5 + Lip_Open*0.4",
    "viseme:nn": "V_Lip_Open*0.6 + V_Open*0.1 | Lip_Open*0.6 + Open*0.1",
    "viseme:RR": "V_Tight_O*0.4 + V_Lip_Open*0.5 | Tight-O*0.4 + Lip_Open*0.5",
    "viseme:aa": "V_Open | Open",
    "viseme:E": "V_Wide*0.6 + V_Open*0.45 | Wide*0.6 + Open*0.45",
    "viseme:I": "V_Wide*0.9 + V_Lip_Open*0.3 | Wide*0.9 + Lip_Open*0.3",
    "viseme:O": "V_Tight_O*0.7 + V_Open*0.45 | Tight-O*0.7 + Open*0.45",
    "viseme:U": "V_Tight_O | Tight-O",
}
_EXPLUS = (
    "Brow_Inner_Up", "Brow_Down_Left", "Brow_Down_Right", "Brow_Outer_Up_Left", "Brow_Outer_Up_Right",
    "Eye_Look_Up_Left", "Eye_Look_Up_Right", "Eye_Look_Down_Left", "Eye_Look_Down_Right", "Eye_Look_Out_Left",
    "Eye_Look_In_Left", "Eye_Look_In_Right", "Eye_Look_Out_Right", "Eye_Blink_Left", "Eye_Blink_Right",
    "Eye_Squint_Left", "Eye_Squint_Right", "Eye_Wide_Left", "Eye_Wide_Right", "Cheek_Puff", "Cheek_Squint_Left",
    "Cheek_Squint_Right", "Nose_Sneer_Left", "Nose_Sneer_Right", "Jaw_Open", "Jaw_Forward", "Jaw_Left", "Jaw_Right",
    "Mouth_Funnel", "Mouth_Pucker", "Mouth_Left", "Mouth_Right", "Mouth_Roll_Upper", "Mouth_Roll_Lower",
    "Mouth_Shrug_Upper", "Mouth_Shrug_Lower", "Mouth_Close", "Mouth_Smile_Left", "Mouth_Smile_Right",
    "Mouth_Frown_Left", "Mouth_Frown_Right", "Mouth_Dimple_Left", "Mouth_Dimple_Right", "Mouth_Upper_Up_Left",
    "Mouth_Upper_Up_Right", "Mouth_Lower_Down_Left", "Mouth_Lower_Down_Right", "Mouth_Press_Left", "Mouth_Press_Right",
    "Mouth_Stretch_Left", "Mouth_Stretch_Right", "Tongue_Out",
)  # fmt: skip


def _arkit(name: str) -> str:
    joined = name.replace("_", "")
    return joined[0].lower() + joined[1:]


# A01 … A52: ARKit's shapes under numbers.
CC_EXPLUS = Convention(
    identifier="cc_explus",
    title="Character Creator (ExPlus)",
    source="https://github.com/met4citizen/TalkingHead",
    channels={
        **{_arkit(name): f"A{number:02}_{name}" for number, name in enumerate(_EXPLUS, 1)},
        **_VISEMES,
    },
    minimum=10,
    signature=("A25_Jaw_Open", "A14_Eye_Blink_Left"),
)

CC3 = Convention(
    identifier="cc3",
    title="Character Creator 3 (standard)",
    source="https://manual.reallusion.com/Character-Creator-4/",
    channels={
        **both_sides(
            {
                "eyeBlink{Side}": "Eye_Blink_{S} | Eyes_Blink*0.5 | Eye_Blink*0.5",
                "eyeWide{Side}": "Eye_Wide_{S}",
                "eyeSquint{Side}": "Eye_Squint_{S}",
                "eyeLookUp{Side}": "{Side}_Eyeball_Look_Up",
                "eyeLookDown{Side}": "{Side}_Eyeball_Look_Down",
                "eyeLookIn{Side}": "{Side}_Eyeball_Look_{O}",
                "eyeLookOut{Side}": "{Side}_Eyeball_Look_{S}",
                "browInnerUp": "Brow_Raise_Inner_Left + Brow_Raise_Inner_Right",
                "browOuterUp{Side}": "Brow_Raise_Outer_{Side}",
                "browDown{Side}": "Brow_Drop_{Side}",
                "cheekPuff": "Cheek_Blow_L + Cheek_Blow_R",
                "cheekSquint{Side}": "Cheek_Raise_{S}",
                "noseSneer{Side}": "Nose_Flank_Raise_{S}",
                "jawOpen": "Mouth_Open | Move_Jaw_Down | Turn_Jaw_Down",
                "jaw{Side}": "Move_Jaw_{S} | Turn_Jaw_{S}",
                "mouthClose": "Mouth_Lips_Jaw_Adjust",
                "mouthFunnel": "Mouth_Pucker_Open",
                "mouthPucker": "Mouth_Pucker",
                "mouth{Side}": "Mouth_{S}",
                "mouthSmile{Side}": "Mouth_Smile_{S} | Mouth_Smile*0.5",
                "mouthFrown{Side}": "Mouth_Frown_{S} | Mouth_Frown*0.5",
                "mouthDimple{Side}": "Mouth_Dimple_{S}",
                "mouthStretch{Side}": "Mouth_Widen_Sides*0.5",
                "mouthRollLower": "Mouth_Bottom_Lip_Under",
                "mouthRollUpper": "Mouth_Top_Lip_Under",
                "mouthPress{Side}": "Mouth_Lips_Tight*0.5",
                "mouthLowerDown{Side}": "Mouth_Bottom_Lip_Down*0.5",
                "mouthUpperUp{Side}": "Mouth_Top_Lip_Up*0.5",
            }
        ),
        **_VISEMES,
    },
    minimum=8,
    signature=(
        "Mouth_Open", "Mouth_Bottom_Lip_Down", "Mouth_Lips_Open", "Brow_Raise_Inner_Left", "Brow_Raise_Inner_L",
    ),
    unverified=frozenset({"Mouth_Lips_Jaw_Adjust"}),
)  # fmt: skip

CC4 = Convention(
    identifier="cc4",
    title="Character Creator 4",
    source="https://manual.reallusion.com/Character-Creator-4/",
    channels={
        **both_sides(
            {
                "eyeBlink{Side}": "Eye_Blink_{S} | Eye_Close_{S}",
                "eyeWide{Side}": "Eye_Wide_{S}",
                "eyeSquint{Side}": "Eye_Squint_{S}",
                "eyeLookUp{Side}": "Eye_{S}_Look_Up",
                "eyeLookDown{Side}": "Eye_{S}_Look_Down",
                "eyeLookIn{Side}": "Eye_{S}_Look_{O}",
                "eyeLookOut{Side}": "Eye_{S}_Look_{S}",
                "browInnerUp": "Brow_Raise_Inner_L + Brow_Raise_Inner_R",
                "browOuterUp{Side}": "Brow_Raise_Outer_{S}",
                "browDown{Side}": "Brow_Drop_{S}",
                "cheekPuff": "Cheek_Puff_L + Cheek_Puff_R",
                "cheekSquint{Side}": "Cheek_Raise_{S}",
                "noseSneer{Side}": "Nose_Sneer_{S}",
                "jawOpen": "Jaw_Open",
                "jawForward": "Jaw_Forward",
                "jaw{Side}": "Jaw_{S}",
                "mouthClose": "Mouth_Close",
                "mouthFunnel": "Mouth_Funnel_Up_L + Mouth_Funnel_Up_R + Mouth_Funnel_Down_L + Mouth_Funnel_Down_R"
                " | Mouth_Funnel",
                "mouthPucker": "Mouth_Pucker_Up_L + Mouth_Pucker_Up_R + Mouth_Pucker_Down_L + Mouth_Pucker_Down_R"
                " | Mouth_Pucker",
                "mouth{Side}": "Mouth_{S}",
                "mouthSmile{Side}": "Mouth_Smile_{S}",
                "mouthFrown{Side}": "Mouth_Frown_{S}",
                "mouthDimple{Side}": "Mouth_Dimple_{S}",
                "mouthStretch{Side}": "Mouth_Stretch_{S}",
                "mouthRollLower": "Mouth_Roll_In_Lower_L + Mouth_Roll_In_Lower_R | Mouth_Roll_In_Lower",
                "mouthRollUpper": "Mouth_Roll_In_Upper_L + Mouth_Roll_In_Upper_R | Mouth_Roll_In_Upper",
                "mouthShrugLower": "Mouth_Shrug_Lower",
                "mouthShrugUpper": "Mouth_Shrug_Upper",
                "mouthPress{Side}": "Mouth_Press_{S}",
                "mouthLowerDown{Side}": "Mouth_Down_Lower_{S}",
                "mouthUpperUp{Side}": "Mouth_Up_Upper_{S}",
                "tongueOut": "Tongue_Out | V_Tongue_Out",
            }
        ),
        **_VISEMES,
    },
    minimum=10,
    signature=(
        "Mouth_Funnel_Up_L", "Mouth_Down_Lower_L", "Mouth_Up_Upper_L", "Mouth_Roll_In_Lower", "Mouth_Roll_In_Lower_L",
    ),
)  # fmt: skip
# A head, or a mesh of a head, that has the eight visemes only.
CC_VISEMES = Convention(
    identifier="cc_visemes",
    title="Character Creator visemes",
    source="https://manual.reallusion.com/Character-Creator-4/",
    channels=_VISEMES,
    minimum=6,
    signature=("V_Explosive", "V_Dental_Lip", "V_Tight_O", "Explosive", "Dental_Lip", "Tight-O"),
)
CONVENTIONS = (CC_EXPLUS, CC4, CC3, CC_VISEMES)
