# SPDX-License-Identifier: GPL-3.0-or-later
"""Daz Genesis 3 and 8 (``eCTRL…``), 8.1 and 9 (``facs_…``).

Exporters put the figure's name before ("Genesis8Female__eCTRLvAA", "head.eCTRLvAA", "head__eCTRLvAA"). The importers of
Daz figures keep part of the motion in bones and rig properties ("facs_jnt_JawOpen"); this reads shape keys only.
Names: https://github.com/Diffeomorphic/import_daz and morph lists of exported figures; Daz documents none of them.
"""

from __future__ import annotations

from .convention import Convention, both_sides

# Daz has 17 visemes, named by ARPAbet.
_PHONES = {
    "viseme:PP": "M", "viseme:FF": "F", "viseme:TH": "TH", "viseme:DD": "T", "viseme:kk": "K", "viseme:CH": "SH",
    "viseme:SS": "S", "viseme:nn": "L", "viseme:RR": "ER", "viseme:aa": "AA", "viseme:E": "EH", "viseme:I": "IY",
    "viseme:O": "OW", "viseme:U": "UW",
}  # fmt: skip

_GENESIS8_EXPRESSIONS = both_sides(
    {
        "eyeBlink{Side}": "eCTRLEyesClosed{S} | eCTRLEyesClosed*0.5",
        "eyeSquint{Side}": "eCTRLEyesSquint{S} | eCTRLEyesSquint*0.5",
        "eyeLookUp{Side}": "eCTRLEyesUpDown*0.5 | eCTRLEyesUp-Down*0.5",
        "eyeLookDown{Side}": "eCTRLEyesUpDown*-0.5 | eCTRLEyesUp-Down*-0.5",
        "browInnerUp": "eCTRLBrowInnerUp-DownL + eCTRLBrowInnerUp-DownR | eCTRLBrowInnerUp-Down",
        "browOuterUp{Side}": "eCTRLBrowOuterUp-Down{S} | eCTRLBrowOuterUp-Down*0.5",
        "browDown{Side}": "eCTRLBrowUp-Down{S}*-1 | eCTRLBrowSqueeze*0.5",
        "cheekPuff": "eCTRLCheeksBalloon",
        "cheekSquint{Side}": "eCTRLCheekEyeFlex{S} | eCTRLCheekEyeFlex*0.5",
        "noseSneer{Side}": "eCTRLNoseWrinkle*0.5",
        "jawOpen": "eCTRLMouthOpen",
        "mouthSmile{Side}": "eCTRLMouthSmileSimple{S} | eCTRLMouthSmileSimple*0.5 | eCTRLMouthSmile*0.5",
        "mouthFrown{Side}": "eCTRLMouthFrown*0.5",
        "mouthPucker": "eCTRLLipsPucker",
        "mouthFunnel": "eCTRLLipsPuckerWide",
        "mouthStretch{Side}": "eCTRLMouthCornerBack{S} | eCTRLMouthCornerBack*0.5",
        "mouthUpperUp{Side}": "eCTRLLipTopUp-Down{S} | eCTRLLipTopUp-Down*0.5",
        "mouthLowerDown{Side}": "eCTRLLipBottomUp-Down{S}*-1 | eCTRLLipBottomUp-Down*-0.5",
    }
)

GENESIS8 = Convention(
    identifier="daz_genesis8",
    title="Daz Genesis 8",
    source="https://github.com/Diffeomorphic/import_daz",
    channels={
        **_GENESIS8_EXPRESSIONS,
        **{
            channel: f"eCTRLv{phone} | ctrlv{phone} | VSM{phone} | CTRLVSM{phone}"
            for channel, phone in _PHONES.items()
        },
    },
    unverified=frozenset(
        {"eCTRLEyesUp-Down", *(f"{start}{phone}" for start in ("VSM", "ctrlv") for phone in _PHONES.values())}
    ),
)


def _facs(name: str) -> str:
    """A shape that is written with and without "_div2", and whole or as a control."""
    return f"facs_bs_{name} | facs_bs_{name}_div2 | facs_{name} | facs_ctrl_{name} | facs_jnt_{name}"


def _quarters(name: str) -> str:
    parts = " + ".join(
        f"facs_bs_{name}{row}{side}" for row in ("Lower", "Upper") for side in ("Left", "Right")
    )
    return f"{parts} | facs_bs_{name}_div2 | facs_ctrl_{name}"


def _halves(name: str) -> str:
    return f"facs_bs_{name}Left + facs_bs_{name}Right | facs_bs_{name}_div2 | facs_ctrl_{name}"


GENESIS9 = Convention(
    identifier="daz_genesis9",
    title="Daz Genesis 8.1 and 9",
    source="https://github.com/Diffeomorphic/import_daz",
    channels={
        **both_sides(
            {
                "eyeBlink{Side}": f"{_facs('EyeBlink{Side}')} | facs_ctrl_EyesClosed{{S}}",
                "eyeLookUp{Side}": _facs("EyeLookUp{Side}"),
                "eyeLookDown{Side}": _facs("EyeLookDown{Side}"),
                "eyeLookIn{Side}": _facs("EyeLookIn{Side}"),
                "eyeLookOut{Side}": _facs("EyeLookOut{Side}"),
                "eyeSquint{Side}": _facs("EyeSquint{Side}"),
                "eyeWide{Side}": "facs_bs_EyelidOpenUpper{Side} + facs_bs_EyelidOpenLower{Side} | "
                + _facs("EyesWide{Side}"),
                "browDown{Side}": _facs("BrowDown{Side}"),
                "browInnerUp": _halves("BrowInnerUp"),
                "browOuterUp{Side}": _facs("BrowOuterUp{Side}"),
                "cheekPuff": _halves("CheekPuff"),
                "cheekSquint{Side}": _facs("CheekSquint{Side}"),
                "noseSneer{Side}": _facs("NoseSneer{Side}"),
                "jawOpen": _facs("JawOpen"),
                "jawForward": _facs("JawForward"),
                "jaw{Side}": _facs("Jaw{Side}"),
                "mouthClose": _quarters("MouthClose"),
                "mouthFunnel": _quarters("MouthFunnel"),
                "mouthPucker": f"{_quarters('MouthPurse')} | facs_bs_MouthPucker_div2 | facs_ctrl_MouthPucker",
                "mouth{Side}": _facs("Mouth{Side}"),
                "mouthSmile{Side}": _facs("MouthSmile{Side}"),
                "mouthFrown{Side}": _facs("MouthFrown{Side}"),
                "mouthDimple{Side}": _facs("MouthDimple{Side}"),
                "mouthStretch{Side}": _facs("MouthStretch{Side}"),
                "mouthRollLower": _halves("MouthRollLower"),
                "mouthRollUpper": _halves("MouthRollUpper"),
                "mouthShrugLower": _halves("MouthShrugLower"),
                "mouthShrugUpper": _halves("MouthShrugUpper"),
                "mouthPress{Side}": "facs_bs_MouthPressLower{Side} + facs_bs_MouthPressUpper{Side} | "
                + _facs("MouthPress{Side}"),
                "mouthLowerDown{Side}": _facs("MouthLowerDown{Side}"),
                "mouthUpperUp{Side}": _facs("MouthUpperUp{Side}"),
                "tongueOut": _facs("TongueOut"),
            }
        ),
        **{channel: f"facs_ctrl_v{phone} | facs_bs_v{phone}" for channel, phone in _PHONES.items()},
    },
    minimum=5,
    unverified=frozenset({*(f"facs_bs_v{phone}" for phone in _PHONES.values())}),
)
CONVENTIONS = (GENESIS8, GENESIS9)
