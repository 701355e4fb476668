# SPDX-License-Identifier: GPL-3.0-or-later
"""Epic's MetaHuman: its expression controls as shape keys.

Names: https://dev.epicgames.com/documentation/metahuman (facial control board), read as the control list of
Audio2Face and Live Link tools; which control stands for which ARKit shape follows the mapping poses that Epic ships for
ARKit (``PA_MetaHuman_ARKit_Mapping``), simplified to one control for each part of the lips.
"""

from __future__ import annotations

from .convention import Convention, both_sides

_C = "CTRL_expressions_"


def _quarters(name: str) -> str:
    return " + ".join(f"{_C}{name}{quarter}" for quarter in ("UL", "UR", "DL", "DR"))


METAHUMAN = Convention(
    identifier="metahuman",
    title="MetaHuman",
    source="https://dev.epicgames.com/documentation/metahuman",
    channels=both_sides(
        {
            "eyeBlink{Side}": _C + "eyeBlink{S}",
            "eyeLookUp{Side}": _C + "eyeLookUp{S}",
            "eyeLookDown{Side}": _C + "eyeLookDown{S}",
            "eyeLookIn{Side}": _C + "eyeLook{Other}{S}",
            "eyeLookOut{Side}": _C + "eyeLook{Side}{S}",
            "eyeSquint{Side}": _C + "eyeSquintInner{S}",
            "eyeWide{Side}": _C + "eyeWiden{S}",
            "browDown{Side}": f"{_C}browDown{{S}} + {_C}browLateral{{S}}*0.5",
            "browInnerUp": f"{_C}browRaiseInL + {_C}browRaiseInR",
            "browOuterUp{Side}": _C + "browRaiseOuter{S}",
            "cheekPuff": f"{_C}mouthCheekBlowL + {_C}mouthCheekBlowR",
            "cheekSquint{Side}": _C + "eyeCheekRaise{S}",
            "noseSneer{Side}": _C + "noseWrinkle{S}",
            "jawOpen": _C + "jawOpen",
            "jawForward": _C + "jawFwd",
            "jaw{Side}": _C + "jaw{Side}",
            "mouthClose": _quarters("mouthLipsTogether"),
            "mouthFunnel": _quarters("mouthFunnel"),
            "mouthPucker": _quarters("mouthLipsPurse"),
            "mouth{Side}": _C + "mouth{Side}",
            "mouthSmile{Side}": _C + "mouthCornerPull{S}",
            "mouthFrown{Side}": _C + "mouthCornerDepress{S}",
            "mouthDimple{Side}": _C + "mouthDimple{S}",
            "mouthStretch{Side}": _C + "mouthStretch{S}",
            "mouthRollLower": f"{_C}mouthLowerLipRollInL + {_C}mouthLowerLipRollInR",
            "mouthRollUpper": f"{_C}mouthUpperLipRollInL + {_C}mouthUpperLipRollInR",
            "mouthShrugLower": f"{_C}jawChinRaiseDL + {_C}jawChinRaiseDR",
            "mouthShrugUpper": f"{_C}jawChinRaiseUL + {_C}jawChinRaiseUR",
            "mouthPress{Side}": f"{_C}mouthPressU{{S}} + {_C}mouthPressD{{S}} | {_C}mouthLipsPress{{S}}",
            "mouthLowerDown{Side}": _C + "mouthLowerLipDepress{S}",
            "mouthUpperUp{Side}": _C + "mouthUpperLipRaise{S}",
            "tongueOut": _C + "tongueOut",
        }
    ),
    minimum=8,
    signature=(f"{_C}jawOpen", f"{_C}eyeBlinkL", f"{_C}mouthCornerPullL"),
)
CONVENTIONS = (METAHUMAN,)
