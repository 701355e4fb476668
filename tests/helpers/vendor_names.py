"""Vendors' own names of face shapes, and what each of them does.

The names are written out here, not taken from `blender_addon/rigs`, so that a wrong name there is noticed. What a shape
does is said as a mix of ARKit's shapes: "jawOpen*0.6 + mouthFunnel*0.3"; "@UL" takes the upper left quarter
of a mouth shape, "@L" the left half ("left" is the character's).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from blender_addon.contract import ARKIT_NAMES


def mixed_lips(**sides: float) -> str:
    """ "mouthSmile=0.3" → both sides of it."""
    return " + ".join(f"{name}{side}*{gain}" for name, gain in sides.items() for side in ("Left", "Right"))


# What visemes look like, by phonetics; other amounts than the product's table has, as artists differ.
VISEME_MIXES = {
    "sil": "",
    "PP": mixed_lips(mouthPress=0.7),
    "FF": "mouthRollLower*0.15 + jawOpen*0.03",
    "TH": "jawOpen*0.16",
    "DD": "jawOpen*0.09 + " + mixed_lips(mouthLowerDown=0.2),
    "kk": "jawOpen*0.2",
    "CH": "mouthFunnel*0.3 + jawOpen*0.05",
    "SS": "jawOpen*0.05 + " + mixed_lips(mouthStretch=0.3, mouthLowerDown=0.15),
    "nn": "jawOpen*0.13 + " + mixed_lips(mouthUpperUp=0.1),
    "RR": "jawOpen*0.17 + mouthPucker*0.35",
    "aa": "jawOpen*0.62",
    "E": "jawOpen*0.42 + " + mixed_lips(mouthStretch=0.4),
    "I": "jawOpen*0.17 + " + mixed_lips(mouthStretch=0.6, mouthSmile=0.3),
    "O": "jawOpen*0.38 + mouthFunnel*0.4",
    "U": "jawOpen*0.12 + mouthPucker*0.8",
}
VOWEL_MIXES = {
    "A": "jawOpen*0.7",
    "I": "jawOpen*0.15 + " + mixed_lips(mouthStretch=0.6),
    "U": "jawOpen*0.12 + mouthPucker*0.9",
    "E": "jawOpen*0.4 + " + mixed_lips(mouthStretch=0.3),
    "O": "jawOpen*0.45 + mouthFunnel*0.4",
    "N": mixed_lips(mouthPress=0.4),
}
MOUTH_MIXES = {
    "A": mixed_lips(mouthPress=0.5),
    "B": "jawOpen*0.08 + " + mixed_lips(mouthLowerDown=0.2),
    "C": "jawOpen*0.35",
    "D": "jawOpen*0.68",
    "E": "jawOpen*0.28 + mouthFunnel*0.3",
    "F": "jawOpen*0.1 + mouthPucker*0.9",
    "G": "mouthRollLower*0.12",
    "H": "jawOpen*0.42",
    "X": "",
}
BLINK = "eyeBlinkLeft + eyeBlinkRight"


def _sides(rows: dict[str, str]) -> dict[str, str]:
    """ "{L}" in a name and "{Left}" in its mix, written out for both sides."""
    result = {}
    for name, mix in rows.items():
        if "{" not in name:
            result[name] = mix
            continue
        for left, other in (("Left", "Right"), ("Right", "Left")):
            places = {"L": left[0], "Left": left, "left": left.lower(), "O": other[0], "Right": other}
            result[name.format(**places)] = mix.format(**places)
    return result


@dataclass(frozen=True)
class VendorFace:
    """A character as one vendor names it.

    Attributes:
        shapes: shape key → mix.
        convention: identifier that must be recognised first.
        mouth: what must move the mouth.
        bar: correlation of the mouth's opening with the landmarks' that must be reached.
        still: shape keys that stay at rest, since another set moves the mouth.
        blinks: whether it can shut its eyes.
    """

    shapes: dict[str, str]
    convention: str
    mouth: str
    bar: float
    still: tuple[str, ...] = ()
    blinks: bool = True


def _words(text: str) -> list[str]:
    return text.split()


def _arkit(spell: Any) -> dict[str, str]:
    return {spell(name): name for name in ARKIT_NAMES}


def _short(name: str) -> str:
    return name.replace("Left", "_L").replace("Right", "_R")


ROCKETBOX_EXPRESSIONS = _words("""
AK_01_BrowDownLeft AK_02_BrowDownRight AK_03_BrowInnerUp AK_04_BrowOuterUpLeft AK_05_BrowOuterUpRight AK_06_CheekPuff
AK_07_CheekSquintLeft AK_08_CheekSquintRight AK_09_EyeBlinkLeft AK_10_EyeBlinkRight AK_11_EyeLookDownLeft
AK_12_EyeLookDownRight AK_13_EyeLookInLeft AK_14_EyeLookInRight AK_15_EyeLookOutLeft AK_16_EyeLookOutRight
AK_17_EyeLookUpLeft AK_18_EyeLookUpRight AK_19_EyeSquintLeft AK_20_EyeSquintRight AK_21_EyeWideLeft AK_22_EyeWideRight
AK_23_JawForward AK_24_JawLeft AK_25_JawOpen AK_26_JawRight AK_27_MouthClose AK_28_MouthDimpleLeft
AK_29_MouthDimpleRight AK_30_MouthFrownLeft AK_31_MouthFrownRight AK_32_MouthFunnel AK_33_MouthLeft
AK_34_MouthLowerDownLeft AK_35_MouthLowerDownRight AK_36_MouthPressLeft AK_37_MouthPressRight AK_38_MouthPucker
AK_39_MouthRight AK_40_MouthRollLower AK_41_MouthRollUpper AK_42_MouthShrugLower AK_43_MouthShrugUpper
AK_44_MouthSmileLeft AK_45_MouthSmileRight AK_46_MouthStretchLeft AK_47_MouthStretchRight AK_48_MouthUpperUpLeft
AK_49_MouthUpperUpRight AK_50_NoseSneerLeft AK_51_NoseSneerRight AK_52_TongueOut
""")
ROCKETBOX_VISEMES = _words("""
AA_VI_00_Sil AA_VI_01_PP AA_VI_02_FF AA_VI_03_TH AA_VI_04_DD AA_VI_05_KK AA_VI_06_CH AA_VI_07_SS AA_VI_08_nn AA_VI_09_RR
AA_VI_10_aa AA_VI_11_E AA_VI_12_I AA_VI_13_O AA_VI_14_U
""")
EXPLUS = _words("""
A01_Brow_Inner_Up A02_Brow_Down_Left A03_Brow_Down_Right A04_Brow_Outer_Up_Left A05_Brow_Outer_Up_Right
A06_Eye_Look_Up_Left A07_Eye_Look_Up_Right A08_Eye_Look_Down_Left A09_Eye_Look_Down_Right A10_Eye_Look_Out_Left
A11_Eye_Look_In_Left A12_Eye_Look_In_Right A13_Eye_Look_Out_Right A14_Eye_Blink_Left A15_Eye_Blink_Right
A16_Eye_Squint_Left A17_Eye_Squint_Right A18_Eye_Wide_Left A19_Eye_Wide_Right A20_Cheek_Puff A21_Cheek_Squint_Left
A22_Cheek_Squint_Right A23_Nose_Sneer_Left A24_Nose_Sneer_Right A25_Jaw_Open A26_Jaw_Forward A27_Jaw_Left A28_Jaw_Right
A29_Mouth_Funnel A30_Mouth_Pucker A31_Mouth_Left A32_Mouth_Right A33_Mouth_Roll_Upper A34_Mouth_Roll_Lower
A35_Mouth_Shrug_Upper A36_Mouth_Shrug_Lower A37_Mouth_Close A38_Mouth_Smile_Left A39_Mouth_Smile_Right
A40_Mouth_Frown_Left A41_Mouth_Frown_Right A42_Mouth_Dimple_Left A43_Mouth_Dimple_Right A44_Mouth_Upper_Up_Left
A45_Mouth_Upper_Up_Right A46_Mouth_Lower_Down_Left A47_Mouth_Lower_Down_Right A48_Mouth_Press_Left
A49_Mouth_Press_Right A50_Mouth_Stretch_Left A51_Mouth_Stretch_Right A52_Tongue_Out
""")


def _numbered(names: list[str]) -> dict[str, str]:
    """ "A25_Jaw_Open", "AK_25_JawOpen" → jawOpen."""
    found = {}
    for name in names:
        meaning = name.split("_", 2 if name.startswith("AK") else 1)[-1].replace("_", "")
        found[name] = meaning[0].lower() + meaning[1:]
    assert set(found.values()) <= set(ARKIT_NAMES)
    return found


CC_VISEMES = {
    "V_Open": "jawOpen*0.6",
    "V_Explosive": VISEME_MIXES["PP"],
    "V_Dental_Lip": "mouthRollLower*0.15",
    "V_Tight_O": "mouthFunnel*0.5 + mouthPucker*0.4",
    "V_Tight": mixed_lips(mouthPress=0.3),
    "V_Wide": mixed_lips(mouthStretch=0.7),
    "V_Affricate": "mouthFunnel*0.4",
    "V_Lip_Open": mixed_lips(mouthLowerDown=0.4, mouthUpperUp=0.3),
}
CC3 = _sides(
    {
        "Brow_Raise_Inner_{Left}": "browInnerUp@{L}",
        "Brow_Raise_Outer_{Left}": "browOuterUp{Left}",
        "Brow_Drop_{Left}": "browDown{Left}",
        "Eyes_Blink": BLINK,
        "Eye_Blink_{L}": "eyeBlink{Left}",
        "Eye_Wide_{L}": "eyeWide{Left}",
        "Eye_Squint_{L}": "eyeSquint{Left}",
        "Nose_Flank_Raise_{L}": "noseSneer{Left}",
        "Cheek_Raise_{L}": "cheekSquint{Left}",
        "Cheek_Blow_{L}": "cheekPuff@{L}",
        "Mouth_Smile": mixed_lips(mouthSmile=1),
        "Mouth_Smile_{L}": "mouthSmile{Left}",
        "Mouth_Frown": mixed_lips(mouthFrown=1),
        "Mouth_Frown_{L}": "mouthFrown{Left}",
        "Mouth_Pucker": "mouthPucker",
        "Mouth_Pucker_Open": "mouthFunnel",
        "Mouth_Widen": mixed_lips(mouthStretch=0.6),
        "Mouth_Widen_Sides": mixed_lips(mouthStretch=1),
        "Mouth_Dimple_{L}": "mouthDimple{Left}",
        "Mouth_Plosive": mixed_lips(mouthPress=1),
        "Mouth_Lips_Tight": mixed_lips(mouthPress=1),
        "Mouth_Lips_Open": mixed_lips(mouthLowerDown=0.4, mouthUpperUp=0.4),
        "Mouth_Lips_Part": mixed_lips(mouthLowerDown=0.2, mouthUpperUp=0.2),
        "Mouth_Bottom_Lip_Down": mixed_lips(mouthLowerDown=1),
        "Mouth_Top_Lip_Up": mixed_lips(mouthUpperUp=1),
        "Mouth_Top_Lip_Under": "mouthRollUpper*0.4",
        "Mouth_Bottom_Lip_Under": "mouthRollLower*0.4",
        "Mouth_{L}": "mouth{Left}",
        "Mouth_Open": "jawOpen*0.9",
        "Move_Jaw_{L}": "jaw{Left}",
        "{Left}_Eyeball_Look_Up": "eyeLookUp{Left}",
        "{Left}_Eyeball_Look_Down": "eyeLookDown{Left}",
        "{Left}_Eyeball_Look_{L}": "eyeLookOut{Left}",
    }
) | _sides({"{Left}_Eyeball_Look_{O}": "eyeLookIn{Left}"})
CC4 = _sides(
    {
        "Brow_Raise_Inner_{L}": "browInnerUp@{L}",
        "Brow_Raise_Outer_{L}": "browOuterUp{Left}",
        "Brow_Drop_{L}": "browDown{Left}",
        "Brow_Compress_{L}": "browDown{Left}*0.2",
        "Eye_Blink_{L}": "eyeBlink{Left}",
        "Eye_Squint_{L}": "eyeSquint{Left}",
        "Eye_Wide_{L}": "eyeWide{Left}",
        "Eye_{L}_Look_Up": "eyeLookUp{Left}",
        "Eye_{L}_Look_Down": "eyeLookDown{Left}",
        "Eye_{L}_Look_{L}": "eyeLookOut{Left}",
        "Nose_Sneer_{L}": "noseSneer{Left}",
        "Cheek_Raise_{L}": "cheekSquint{Left}",
        "Cheek_Puff_{L}": "cheekPuff@{L}",
        "Jaw_Open": "jawOpen",
        "Jaw_Forward": "jawForward",
        "Jaw_{L}": "jaw{Left}",
        "Mouth_Smile_{L}": "mouthSmile{Left}",
        "Mouth_Frown_{L}": "mouthFrown{Left}",
        "Mouth_Stretch_{L}": "mouthStretch{Left}",
        "Mouth_Dimple_{L}": "mouthDimple{Left}",
        "Mouth_Press_{L}": "mouthPress{Left}",
        "Mouth_Pucker_Up_{L}": "mouthPucker@U{L}",
        "Mouth_Pucker_Down_{L}": "mouthPucker@D{L}",
        "Mouth_Funnel_Up_{L}": "mouthFunnel@U{L}",
        "Mouth_Funnel_Down_{L}": "mouthFunnel@D{L}",
        "Mouth_Roll_In_Upper_{L}": "mouthRollUpper@{L}",
        "Mouth_Roll_In_Lower_{L}": "mouthRollLower@{L}",
        "Mouth_{L}": "mouth{Left}",
        "Mouth_Shrug_Upper": "mouthShrugUpper",
        "Mouth_Shrug_Lower": "mouthShrugLower",
        "Mouth_Up_Upper_{L}": "mouthUpperUp{Left}",
        "Mouth_Down_Lower_{L}": "mouthLowerDown{Left}",
        "Mouth_Close": "mouthClose",
        "Tongue_Out": "tongueOut",
    }
) | _sides({"Eye_{L}_Look_{O}": "eyeLookIn{Left}"})
METAHUMAN = {
    f"CTRL_expressions_{name}": mix
    for name, mix in _sides(
        {
            "browDown{L}": "browDown{Left}",
            "browLateral{L}": "browDown{Left}*0.2",
            "browRaiseIn{L}": "browInnerUp@{L}",
            "browRaiseOuter{L}": "browOuterUp{Left}",
            "eyeBlink{L}": "eyeBlink{Left}",
            "eyeWiden{L}": "eyeWide{Left}",
            "eyeSquintInner{L}": "eyeSquint{Left}",
            "eyeCheekRaise{L}": "cheekSquint{Left}",
            "eyeLookUp{L}": "eyeLookUp{Left}",
            "eyeLookDown{L}": "eyeLookDown{Left}",
            "eyeLook{Left}{L}": "eyeLookOut{Left}",
            "eyeLook{Right}{L}": "eyeLookIn{Left}",
            "noseWrinkle{L}": "noseSneer{Left}",
            "mouthCheekBlow{L}": "cheekPuff@{L}",
            "mouth{Left}": "mouth{Left}",
            "mouthUpperLipRaise{L}": "mouthUpperUp{Left}",
            "mouthLowerLipDepress{L}": "mouthLowerDown{Left}",
            "mouthCornerPull{L}": "mouthSmile{Left}",
            "mouthStretch{L}": "mouthStretch{Left}",
            "mouthDimple{L}": "mouthDimple{Left}",
            "mouthCornerDepress{L}": "mouthFrown{Left}",
            "mouthPressU{L}": "mouthPress{Left}*0.5",
            "mouthPressD{L}": "mouthPress{Left}*0.5",
            "mouthLipsPurseU{L}": "mouthPucker@U{L}",
            "mouthLipsPurseD{L}": "mouthPucker@D{L}",
            "mouthFunnelU{L}": "mouthFunnel@U{L}",
            "mouthFunnelD{L}": "mouthFunnel@D{L}",
            "mouthLipsTogetherU{L}": "mouthClose@U{L}",
            "mouthLipsTogetherD{L}": "mouthClose@D{L}",
            "mouthUpperLipRollIn{L}": "mouthRollUpper@{L}",
            "mouthLowerLipRollIn{L}": "mouthRollLower@{L}",
            "jawOpen": "jawOpen",
            "jaw{Left}": "jaw{Left}",
            "jawFwd": "jawForward",
            "jawChinRaiseD{L}": "mouthShrugLower@{L}",
            "jawChinRaiseU{L}": "mouthShrugUpper@{L}",
            "tongueOut": "tongueOut",
        }
    ).items()
}
DAZ_PHONES = {
    "M": "PP", "F": "FF", "TH": "TH", "T": "DD", "K": "kk", "SH": "CH", "S": "SS", "L": "nn", "ER": "RR", "AA": "aa",
    "EH": "E", "IY": "I", "OW": "O", "UW": "U",
}  # fmt: skip
GENESIS8 = {
    f"Genesis8Female__{name}": mix
    for name, mix in {
        **{f"eCTRLv{phone}": VISEME_MIXES[viseme] for phone, viseme in DAZ_PHONES.items()},
        **_sides(
            {
                "eCTRLEyesClosed{L}": "eyeBlink{Left}",
                "eCTRLEyesSquint{L}": "eyeSquint{Left}",
                "eCTRLBrowInnerUp-Down{L}": "browInnerUp@{L}",
                "eCTRLBrowOuterUp-Down{L}": "browOuterUp{Left}",
                "eCTRLMouthSmileSimple{L}": "mouthSmile{Left}",
                "eCTRLCheekEyeFlex{L}": "cheekSquint{Left}",
                "eCTRLMouthOpen": "jawOpen",
            }
        ),
    }.items()
}
GENESIS9 = _sides(
    {
        "facs_bs_EyeBlink{Left}_div2": "eyeBlink{Left}",
        "facs_bs_EyeLookUp{Left}_div2": "eyeLookUp{Left}",
        "facs_bs_EyeLookDown{Left}_div2": "eyeLookDown{Left}",
        "facs_bs_EyeLookIn{Left}_div2": "eyeLookIn{Left}",
        "facs_bs_EyeLookOut{Left}_div2": "eyeLookOut{Left}",
        "facs_bs_EyeSquint{Left}_div2": "eyeSquint{Left}",
        "facs_bs_BrowInnerUp{Left}": "browInnerUp@{L}",
        "facs_bs_BrowOuterUp{Left}": "browOuterUp{Left}",
        "facs_bs_BrowDown{Left}": "browDown{Left}",
        "facs_bs_CheekPuff{Left}": "cheekPuff@{L}",
        "facs_bs_CheekSquint{Left}_div2": "cheekSquint{Left}",
        "facs_bs_NoseSneer{Left}_div2": "noseSneer{Left}",
        "facs_bs_JawOpen": "jawOpen",
        "facs_bs_Jaw{Left}": "jaw{Left}",
        "facs_bs_MouthCloseUpper{Left}": "mouthClose@U{L}",
        "facs_bs_MouthCloseLower{Left}": "mouthClose@D{L}",
        "facs_bs_MouthFunnelUpper{Left}": "mouthFunnel@U{L}",
        "facs_bs_MouthFunnelLower{Left}": "mouthFunnel@D{L}",
        "facs_bs_MouthPurseUpper{Left}": "mouthPucker@U{L}",
        "facs_bs_MouthPurseLower{Left}": "mouthPucker@D{L}",
        "facs_bs_Mouth{Left}_div2": "mouth{Left}",
        "facs_bs_MouthSmile{Left}_div2": "mouthSmile{Left}",
        "facs_bs_MouthFrown{Left}_div2": "mouthFrown{Left}",
        "facs_bs_MouthDimple{Left}_div2": "mouthDimple{Left}",
        "facs_bs_MouthStretch{Left}_div2": "mouthStretch{Left}",
        "facs_bs_MouthRollLower_div2": "mouthRollLower",
        "facs_bs_MouthRollUpper_div2": "mouthRollUpper",
        "facs_bs_MouthShrugLower_div2": "mouthShrugLower",
        "facs_bs_MouthShrugUpper_div2": "mouthShrugUpper",
        "facs_bs_MouthPress{Left}_div2": "mouthPress{Left}",
        "facs_bs_MouthLowerDown{Left}_div2": "mouthLowerDown{Left}",
        "facs_bs_MouthUpperUp{Left}_div2": "mouthUpperUp{Left}",
        "facs_bs_TongueOut": "tongueOut",
    }
)
MAKEHUMAN = _sides(
    {
        "!ex-eye-{left}-closure": "eyeBlink{Left}",
        "!ex-eye-{left}-opened-up": "eyeWide{Left}",
        "!ex-eye-{left}-slit": "eyeSquint{Left}",
        "!ex-eyebrows-{left}-inner-up": "browInnerUp@{L}",
        "!ex-eyebrows-{left}-extern-up": "browOuterUp{Left}",
        "!ex-eyebrows-{left}-down": "browDown{Left}",
        "!ex-nose-{left}-elevation": "noseSneer{Left}",
        "!ex-mouth-open": "jawOpen*0.7",
        "!ex-mouth-corner-puller": mixed_lips(mouthSmile=1),
        "!ex-mouth-retraction": mixed_lips(mouthStretch=1),
        "!ex-mouth-compression": mixed_lips(mouthPress=1),
        "!ex-mouth-protusion": "mouthFunnel",
        "!ex-mouth-pursing": "mouthPucker",
        "!ex-mouth-elevation": mixed_lips(mouthUpperUp=1),
        "!ex-mouth-depression": mixed_lips(mouthFrown=1),
        "!ex-mouth-depression-retraction": mixed_lips(mouthLowerDown=1, mouthUpperUp=0.4),
        "!ex-mouth-eversion": "mouthShrugLower",
    }
)
MICROSOFT = {
    "sil_00": "sil", "aa_ah_ax_01": "aa", "aa_02": "aa", "ao_03": "O", "ey_eh_uh_04": "E", "er_05": "RR",
    "y_iy_ih_ix_06": "I", "w_uw_07": "U", "ow_08": "O", "aw_09": "aa", "oy_10": "O", "ay_11": "aa", "h_12": "kk",
    "r_13": "RR", "l_14": "nn", "s_z_15": "SS", "sh_ch_jh_zh_16": "CH", "th_dh_17": "TH", "f_v_18": "FF",
    "d_t_n_19": "DD", "k_g_ng_20": "kk", "p_b_m_21": "PP",
}  # fmt: skip
VRCHAT = {
    "vrc.v_sil": "sil", "vrc.v_pp": "PP", "vrc.v_ff": "FF", "vrc.v_th": "TH", "vrc.v_dd": "DD", "vrc.v_kk": "kk",
    "vrc.v_ch": "CH", "vrc.v_ss": "SS", "vrc.v_nn": "nn", "vrc.v_rr": "RR", "vrc.v_aa": "aa", "vrc.v_e": "E",
    "vrc.v_ih": "I", "vrc.v_oh": "O", "vrc.v_ou": "U",
}  # fmt: skip
OCULUS = {f"viseme_{name}": mix for name, mix in VISEME_MIXES.items()}


def _visemes(names: dict[str, str]) -> dict[str, str]:
    return {name: VISEME_MIXES[viseme] for name, viseme in names.items()}


def _vowels(a: str, i: str, u: str, e: str, o: str) -> dict[str, str]:
    return dict(zip((a, i, u, e, o), (VOWEL_MIXES[name] for name in "AIUEO")))


def _mouths(names: str) -> dict[str, str]:
    return dict(zip(names.split(), (MOUTH_MIXES[name] for name in "ABCDEFGHX")))


FUSE = {
    **_sides(
        {
            "Blink_{Left}": "eyeBlink{Left}",
            "Squint_{Left}": "eyeSquint{Left}",
            "EyesWide_{Left}": "eyeWide{Left}",
            "BrowsUp_{Left}": "browOuterUp{Left} + browInnerUp*0.5",
            "BrowsDown_{Left}": "browDown{Left}",
            "Midmouth_{Left}": "mouth{Left}",
            "MouthNarrow_{Left}": "mouthPucker*0.5",
            "MouthWhistle_NarrowAdjust_{Left}": "mouthFunnel*0.5",
            "UpperLipUp_{Left}": "mouthUpperUp{Left}",
            "LowerLipDown_{Left}": "mouthLowerDown{Left}",
            "Smile_{Left}": "mouthSmile{Left}",
            "Frown_{Left}": "mouthFrown{Left}",
        }
    ),
    "MouthOpen": "jawOpen*1.2 + mouthStretchLeft*0.2 + mouthStretchRight*0.2",
    "Jaw_Down": "jawOpen",
    "Jaw_Up": "jawOpen*-0.1",
    "JawForeward": "jawForward",
    "UpperLipIn": "mouthRollUpper",
    "LowerLipIn": "mouthRollLower",
}
MB_LAB = {
    **_sides(
        {
            "Expressions_eyeClosed{L}_max": "eyeBlink{Left}",
            "Expressions_eyeClosed{L}_min": "eyeWide{Left}",
            "Expressions_eyeClosedPressure{L}_max": "eyeBlink{Left} + eyeSquint{Left}",
            "Expressions_eyeSquint{L}_max": "eyeSquint{Left}",
            "Expressions_mouthSmile{L}_max": "mouthSmile{Left}",
            "Expressions_browOutVert{L}_max": "browOuterUp{Left}",
            "Expressions_cheekSneer{L}_max": "noseSneer{Left}",
        }
    ),
    "Expressions_mouthOpen_max": "jawOpen*0.9",
    "Expressions_mouthOpenLarge_max": "jawOpen*1.3 + mouthStretchLeft*0.2 + mouthStretchRight*0.2",
    "Expressions_mouthOpenO_max": "jawOpen*0.5 + mouthFunnel",
    "Expressions_mouthOpenTeethClosed_max": "mouthUpperUpLeft + mouthUpperUpRight",
    "Expressions_mouthClosed_max": "mouthPressLeft + mouthPressRight",
    "Expressions_mouthSmile_max": "mouthSmileLeft + mouthSmileRight",
    "Expressions_mouthInflated_max": "cheekPuff",
    "Expressions_jawOut_max": "jawForward",
    "Expressions_tongueOut_max": "tongueOut",
}
SOURCE = {
    **_sides(
        {
            "{left}_lid_closer": "eyeBlink{Left}",
            "{left}_lid_raiser": "eyeWide{Left}",
            "{left}_inner_raiser": "browInnerUp*0.5",
            "{left}_outer_raiser": "browOuterUp{Left}",
            "{left}_lowerer": "browDown{Left}",
            "{left}_upper_raiser": "mouthUpperUp{Left}",
            "{left}_corner_puller": "mouthSmile{Left}",
            "{left}_puckerer": "mouthPucker*0.5",
            "{left}_funneler": "mouthFunnel*0.5",
            "{left}_stretcher": "mouthStretch{Left}",
        }
    ),
    "jaw_drop": "jawOpen*0.8",
    "corner_depressor": "mouthFrownLeft + mouthFrownRight",
    "chin_raiser": "mouthShrugLower",
}

FACES: dict[str, VendorFace] = {
    "ARKit": VendorFace(_arkit(str), "arkit", "EXPRESSIONS", 0.95),
    "ARKit with _L and _R": VendorFace(_arkit(_short), "arkit", "EXPRESSIONS", 0.95),
    "ARKit in small letters after a namespace": VendorFace(
        _arkit(lambda name: "Head:" + name.lower()), "arkit", "EXPRESSIONS", 0.95
    ),
    "ARKit of MPFB": VendorFace(_arkit("!ex-{}".format), "arkit", "EXPRESSIONS", 0.95),
    "Rocketbox": VendorFace(
        {
            **{f"blendShape1.{name}": mix for name, mix in _numbered(ROCKETBOX_EXPRESSIONS).items()},
            **{f"blendShape1.{name}": mix for name, mix in zip(ROCKETBOX_VISEMES, VISEME_MIXES.values())},
        },
        "rocketbox",
        "EXPRESSIONS",
        0.95,
        tuple(f"blendShape1.{name}" for name in ROCKETBOX_VISEMES),
    ),
    "Character Creator ExPlus": VendorFace(
        {**_numbered(EXPLUS), **CC_VISEMES}, "cc_explus", "EXPRESSIONS", 0.95, tuple(CC_VISEMES)
    ),
    "Character Creator 3": VendorFace({**CC3, **CC_VISEMES}, "cc3", "EXPRESSIONS", 0.95, tuple(CC_VISEMES)),
    "Character Creator 4": VendorFace({**CC4, **CC_VISEMES}, "cc4", "EXPRESSIONS", 0.95, tuple(CC_VISEMES)),
    "Character Creator visemes alone": VendorFace(
        CC_VISEMES, "cc_visemes", "VISEMES", 0.85, ("V_Tight",), blinks=False
    ),
    "MetaHuman": VendorFace(METAHUMAN, "metahuman", "EXPRESSIONS", 0.95),
    "Genesis 8": VendorFace(
        GENESIS8,
        "daz_genesis8",
        "VISEMES",
        0.85,
        tuple(f"Genesis8Female__eCTRLMouth{name}" for name in ("Open", "SmileSimpleL", "SmileSimpleR")),
    ),
    "Genesis 9": VendorFace(GENESIS9, "daz_genesis9", "EXPRESSIONS", 0.95),
    "Fuse": VendorFace(
        {f"Blendshapes.{name}": mix for name, mix in FUSE.items()},
        "fuse",
        "EXPRESSIONS",
        0.95,
        ("Blendshapes.Jaw_Down", "Blendshapes.Jaw_Up"),
    ),
    "MB-Lab": VendorFace(
        MB_LAB,
        "mb_lab",
        "EXPRESSIONS",
        0.95,
        tuple(
            f"Expressions_{name}_max"
            for name in _words("""
                mouthOpenLarge mouthOpenO mouthOpenTeethClosed mouthClosed mouthSmile browOutVertL browOutVertR
                cheekSneerL cheekSneerR eyeClosedPressureL eyeClosedPressureR
            """)
        ),
    ),
    "Source flexes": VendorFace(SOURCE, "source_flexes", "EXPRESSIONS", 0.95),
    "MakeHuman units": VendorFace(MAKEHUMAN, "makehuman", "EXPRESSIONS", 0.95),
    "Oculus": VendorFace(OCULUS, "oculus", "VISEMES", 0.85, blinks=False),
    "Oculus without a prefix": VendorFace(VISEME_MIXES, "oculus", "VISEMES", 0.85, blinks=False),
    "Ready Player Me": VendorFace(
        {**OCULUS, "mouthOpen": "jawOpen", "mouthSmile": mixed_lips(mouthSmile=1), "eyesClosed": BLINK},
        "oculus",
        "VISEMES",
        0.85,
        ("mouthOpen", "mouthSmile"),
    ),
    "Ready Player Me with ARKit": VendorFace(
        {**OCULUS, **_arkit(str)}, "arkit", "EXPRESSIONS", 0.95, tuple(OCULUS)
    ),
    "Microsoft": VendorFace(_visemes(MICROSOFT), "microsoft", "VISEMES", 0.85, blinks=False),
    "VRChat": VendorFace(
        {**_visemes(VRCHAT), "vrc.blink_left": "eyeBlinkLeft", "vrc.blink_right": "eyeBlinkRight"},
        "vrchat",
        "VISEMES",
        0.85,
    ),
    "VRM 1.0": VendorFace(
        {**_vowels("aa", "ih", "ou", "ee", "oh"), "blink": BLINK, "blinkLeft": "eyeBlinkLeft"}
        | {"blinkRight": "eyeBlinkRight", "happy": mixed_lips(mouthSmile=1)}
        | {"lookUp": "eyeLookUpLeft + eyeLookUpRight", "lookDown": "eyeLookDownLeft + eyeLookDownRight"}
        | {"lookLeft": "eyeLookOutLeft + eyeLookInRight", "lookRight": "eyeLookInLeft + eyeLookOutRight"},
        "vrm1",
        "VOWELS",
        0.8,
        ("happy", "blink"),
    ),
    "VRM 0.x": VendorFace(
        {**_vowels("A", "I", "U", "E", "O"), "Blink": BLINK, "Joy": mixed_lips(mouthSmile=1)},
        "vrm0",
        "VOWELS",
        0.8,
        ("Joy",),
    ),
    "VRoid": VendorFace(
        {
            **_vowels("Fcl_MTH_A", "Fcl_MTH_I", "Fcl_MTH_U", "Fcl_MTH_E", "Fcl_MTH_O"),
            "Fcl_ALL_Joy": mixed_lips(mouthSmile=1),
            "Fcl_BRW_Surprised": "browInnerUp + browOuterUpLeft + browOuterUpRight",
            "Fcl_BRW_Angry": "browDownLeft + browDownRight",
            "Fcl_EYE_Close": BLINK,
            "Fcl_EYE_Close_L": "eyeBlinkLeft",
            "Fcl_EYE_Close_R": "eyeBlinkRight",
            "Fcl_MTH_Fun": mixed_lips(mouthSmile=0.7),
        },
        "vroid",
        "VOWELS",
        0.8,
        ("Fcl_ALL_Joy", "Fcl_MTH_Fun", "Fcl_EYE_Close"),
    ),
    "VRoid, older export": VendorFace(
        {
            **{
                f"Face.M_F00_000_00_{name}": mix
                for name, mix in _vowels(
                    "Fcl_MTH_A", "Fcl_MTH_I", "Fcl_MTH_U", "Fcl_MTH_E", "Fcl_MTH_O"
                ).items()
            },
            "Face.M_F00_000_00_Fcl_EYE_Close": BLINK,
        },
        "vroid",
        "VOWELS",
        0.8,
    ),
    "MikuMikuDance": VendorFace(
        {**_vowels("あ", "い", "う", "え", "お"), "ん": VOWEL_MIXES["N"], "まばたき": BLINK}
        | {
            "ウィンク": "eyeBlinkLeft",
            "笑い": BLINK,
            "上": "browInnerUp + browOuterUpLeft + browOuterUpRight",
        }
        | {"下": "browDownLeft + browDownRight", "口角上げ": mixed_lips(mouthSmile=1)},
        "mmd",
        "VOWELS",
        0.8,
        ("笑い", "口角上げ", "ウィンク"),
    ),
    "MikuMikuDance in half width": VendorFace(
        {**_vowels("ｱ", "ｲ", "ｳ", "ｴ", "ｵ"), "ｳｨﾝｸ２": "eyeBlinkLeft", "ｳｨﾝｸ２右": "eyeBlinkRight"},
        "mmd",
        "VOWELS",
        0.8,
    ),
    "five vowels": VendorFace(
        _vowels("mouth_a", "mouth_i", "mouth_u", "mouth_e", "mouth_o"), "vowels", "VOWELS", 0.8, blinks=False
    ),
    "five vowels in Hiragana": VendorFace(
        _vowels("口あ", "口い", "口う", "口え", "口お"), "vowels", "VOWELS", 0.8, blinks=False
    ),
    "Rhubarb": VendorFace(
        _mouths("mouth_A mouth_B mouth_C mouth_D mouth_E mouth_F mouth_G mouth_H mouth_X"),
        "rhubarb",
        "MOUTH_SHAPES",
        0.85,
        blinks=False,
    ),
    "six letters": VendorFace(_mouths("A B C D E F"), "rhubarb", "MOUTH_SHAPES", 0.85, blinks=False),
    "Preston Blair": VendorFace(
        _mouths("MBP etc E AI O U FV L rest") | {"WQ": MOUTH_MIXES["F"]},
        "preston_blair",
        "MOUTH_SHAPES",
        0.85,
        blinks=False,
    ),
    "German words": VendorFace(
        {
            "Mund_auf": "jawOpen",
            "Augen_zu": "eyeBlinkLeft + eyeBlinkRight",
            "Lächeln": "mouthSmileLeft + mouthSmileRight",
            "Kussmund": "mouthPucker",
            "Brauen_hoch": "browInnerUp + browOuterUpLeft + browOuterUpRight",
        },
        "words_de",
        "EXPRESSIONS",
        0.9,
    ),
    "Chinese words": VendorFace(
        {"张嘴": "jawOpen", "左眼闭": "eyeBlinkLeft", "右眼闭": "eyeBlinkRight", "嘟嘴": "mouthPucker"},
        "words_zh",
        "EXPRESSIONS",
        0.9,
    ),
}
