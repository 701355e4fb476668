# SPDX-License-Identifier: GPL-3.0-or-later
"""Microsoft Rocketbox avatars: numbered ARKit shapes and numbered Oculus visemes.

Names: https://github.com/microsoft/Microsoft-Rocketbox, read in
https://github.com/met4citizen/TalkingHead (blender/rename-rocketbox-shapekeys.py)
"""

from __future__ import annotations

from ...contract import VISEMES
from .convention import Convention

# In the order of their numbers, AK_01 to AK_52.
_EXPRESSIONS = (
    "BrowDownLeft", "BrowDownRight", "BrowInnerUp", "BrowOuterUpLeft", "BrowOuterUpRight", "CheekPuff",
    "CheekSquintLeft", "CheekSquintRight", "EyeBlinkLeft", "EyeBlinkRight", "EyeLookDownLeft", "EyeLookDownRight",
    "EyeLookInLeft", "EyeLookInRight", "EyeLookOutLeft", "EyeLookOutRight", "EyeLookUpLeft", "EyeLookUpRight",
    "EyeSquintLeft", "EyeSquintRight", "EyeWideLeft", "EyeWideRight", "JawForward", "JawLeft", "JawOpen", "JawRight",
    "MouthClose", "MouthDimpleLeft", "MouthDimpleRight", "MouthFrownLeft", "MouthFrownRight", "MouthFunnel", "MouthLeft",
    "MouthLowerDownLeft", "MouthLowerDownRight", "MouthPressLeft", "MouthPressRight", "MouthPucker", "MouthRight",
    "MouthRollLower", "MouthRollUpper", "MouthShrugLower", "MouthShrugUpper", "MouthSmileLeft", "MouthSmileRight",
    "MouthStretchLeft", "MouthStretchRight", "MouthUpperUpLeft", "MouthUpperUpRight", "NoseSneerLeft", "NoseSneerRight",
    "TongueOut",
)  # fmt: skip
_VISEME_SPELLINGS = {"sil": "Sil", "kk": "KK"}

ROCKETBOX = Convention(
    identifier="rocketbox",
    title="Microsoft Rocketbox",
    source="https://github.com/microsoft/Microsoft-Rocketbox",
    channels={
        **{
            name[0].lower() + name[1:]: f"AK_{number:02}_{name}"
            for number, name in enumerate(_EXPRESSIONS, 1)
        },
        **{
            f"viseme:{name}": f"AA_VI_{number:02}_{_VISEME_SPELLINGS.get(name, name)}"
            for number, name in enumerate(VISEMES)
        },
    },
)
CONVENTIONS = (ROCKETBOX,)
