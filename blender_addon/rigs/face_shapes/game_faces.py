# SPDX-License-Identifier: GPL-3.0-or-later
"""Faces of games and of generators of bodies: Adobe Fuse (Mixamo), MB-Lab, and the Source engine's flexes.

Names: of Fuse in https://github.com/highfidelity/hifi (libraries/fbx, ModelPackager: its mapping to other shapes), of MB-Lab
in https://github.com/animate1978/MB-Lab, of Source in https://github.com/ValveSoftware/source-sdk-2013
(src/game/server/baseflex.cpp) and https://developer.valvesoftware.com/wiki/Flex_animation. What each shows is this project's
reading of its name; what that does not say has no row.
"""

from __future__ import annotations

from .convention import Convention, both_sides

FUSE = Convention(
    identifier="fuse",
    title="Adobe Fuse (Mixamo)",
    source="https://github.com/highfidelity/hifi",
    channels=both_sides(
        {
            "eyeBlink{Side}": "Blink_{Side}",
            "eyeSquint{Side}": "Squint_{Side}",
            "eyeWide{Side}": "EyesWide_{Side}",
            "browInnerUp": "BrowsUp_Left*0.4 + BrowsUp_Right*0.4",
            "browOuterUp{Side}": "BrowsUp_{Side}*0.6",
            "browDown{Side}": "BrowsDown_{Side}",
            "cheekPuff": "CheekPuff_Left + CheekPuff_Right",
            "noseSneer{Side}": "NoseScrunch_{Side}",
            "jawOpen": "MouthOpen | Jaw_Down",
            "jawForward": "JawForeward",
            "jaw{Side}": "Jaw_{Side}",
            "mouth{Side}": "Midmouth_{Side}",
            "mouthPucker": "MouthNarrow_Left + MouthNarrow_Right",
            "mouthFunnel": "MouthWhistle_NarrowAdjust_Left + MouthWhistle_NarrowAdjust_Right",
            "mouthRollUpper": "UpperLipIn",
            "mouthRollLower": "LowerLipIn",
            "mouthUpperUp{Side}": "UpperLipUp_{Side}",
            "mouthLowerDown{Side}": "LowerLipDown_{Side}",
            "mouthSmile{Side}": "Smile_{Side}",
            "mouthFrown{Side}": "Frown_{Side}",
        }
    ),
    minimum=8,
    signature=("MouthWhistle_NarrowAdjust_Left", "JawForeward", "Midmouth_Left"),
)

MB_LAB = Convention(
    identifier="mb_lab",
    title="MB-Lab",
    source="https://github.com/animate1978/MB-Lab",
    channels=both_sides(
        {
            "eyeBlink{Side}": "Expressions_eyeClosed{S}_max",
            "eyeWide{Side}": "Expressions_eyeClosed{S}_min",
            "eyeSquint{Side}": "Expressions_eyeSquint{S}_max",
            "cheekPuff": "Expressions_mouthInflated_max",
            "jawOpen": "Expressions_mouthOpen_max",
            "jawForward": "Expressions_jawOut_max",
            "mouthSmile{Side}": "Expressions_mouthSmile{S}_max",
            "tongueOut": "Expressions_tongueOut_max",
        }
    ),
    minimum=4,
    signature=("Expressions_mouthOpen_max", "Expressions_eyeClosedL_max"),
    unverified=frozenset({"Expressions_eyeClosedL_min", "Expressions_eyeClosedR_min"}),
)

SOURCE = Convention(
    identifier="source_flexes",
    title="Source engine flexes",
    source="https://developer.valvesoftware.com/wiki/Flex_animation",
    channels=both_sides(
        {
            "eyeBlink{Side}": "{side}_lid_closer",
            "eyeWide{Side}": "{side}_lid_raiser",
            "eyeSquint{Side}": "{side}_lid_tightener",
            "browInnerUp": "left_inner_raiser + right_inner_raiser",
            "browOuterUp{Side}": "{side}_outer_raiser",
            "browDown{Side}": "{side}_lowerer",
            "cheekSquint{Side}": "{side}_cheek_raiser",
            "jawOpen": "jaw_drop",
            "mouthUpperUp{Side}": "{side}_upper_raiser",
            "mouthSmile{Side}": "{side}_corner_puller",
            "mouthFrown{Side}": "{side}_corner_depressor | corner_depressor*0.5",
            "mouthShrugLower": "chin_raiser",
            "mouthPucker": "left_puckerer + right_puckerer",
            "mouthFunnel": "left_funneler + right_funneler",
            "mouthStretch{Side}": "{side}_stretcher",
        }
    ),
    minimum=6,
    signature=("jaw_drop", "left_corner_puller", "left_funneler"),
)

CONVENTIONS = (FUSE, MB_LAB, SOURCE)
