# SPDX-License-Identifier: GPL-3.0-or-later
"""Oculus / Meta lip sync visemes, as Ready Player Me, MPFB and many others name them; Microsoft's visemes.

Names: https://developers.meta.com/horizon/documentation/unity/audio-ovrlipsync-viseme-reference
Ready Player Me's own extras: https://docs.readyplayer.me/ready-player-me/api-reference/avatars/morph-targets
MPFB's packs: https://github.com/makehumancommunity/mpfb2 (services/exportservice.py)
"""

from __future__ import annotations

from ...contract import VISEMES
from .convention import Convention, both_sides

# Meta's reference writes ih, oh and ou, most files I, O and U.
_LAST = {"I": "ih", "O": "oh", "U": "ou"}


def _recipe(viseme: str) -> str:
    names = [viseme, *([_LAST[viseme]] if viseme in _LAST else [])]
    return " | ".join([f"viseme_{name}" for name in names] + names)


OCULUS = Convention(
    identifier="oculus",
    title="Oculus visemes",
    source="https://developers.meta.com/horizon/documentation/unity/audio-ovrlipsync-viseme-reference",
    channels={f"viseme:{viseme}": _recipe(viseme) for viseme in VISEMES},
    prefixes=("viseme_", "viseme.", "visemes.", "vis_", "v_", "lipsync_"),
    minimum=6,
    signature=("viseme_PP", "PP", "viseme_FF", "FF", "viseme_DD", "DD", "viseme_kk", "kk"),
    whole=True,
    behind_any=True,
)

READY_PLAYER_ME = Convention(
    identifier="ready_player_me",
    title="Ready Player Me",
    source="https://docs.readyplayer.me/ready-player-me/api-reference/avatars/morph-targets",
    channels=both_sides(
        {
            "jawOpen": "mouthOpen",
            "mouthSmile{Side}": "mouthSmile*0.5",
            "eyeBlink{Side}": "eyesClosed*0.5",
            "eyeLookUp{Side}": "eyesLookUp*0.5",
            "eyeLookDown{Side}": "eyesLookDown*0.5",
        }
    ),
    minimum=1,
    signature=("mouthOpen", "eyesClosed"),
    fills=True,
)

# https://learn.microsoft.com/azure/ai-services/speech-service/how-to-speech-synthesis-viseme (the numbers); the names are MPFB's.
MICROSOFT = Convention(
    identifier="microsoft",
    title="Microsoft visemes",
    source="https://github.com/makehumancommunity/mpfb2",
    channels={
        "viseme:sil": "sil_00",
        "viseme:PP": "p_b_m_21",
        "viseme:FF": "f_v_18",
        "viseme:TH": "th_dh_17",
        "viseme:DD": "d_t_n_19",
        "viseme:kk": "k_g_ng_20",
        "viseme:CH": "sh_ch_jh_zh_16",
        "viseme:SS": "s_z_15",
        "viseme:nn": "l_14*0.5 + d_t_n_19*0.5",
        "viseme:RR": "r_13 | er_05",
        "viseme:aa": "aa_02 | aa_ah_ax_01",
        "viseme:E": "ey_eh_uh_04",
        "viseme:I": "y_iy_ih_ix_06",
        "viseme:O": "ow_08 | ao_03",
        "viseme:U": "w_uw_07",
    },
    minimum=6,
)
CONVENTIONS = (OCULUS, READY_PLAYER_ME, MICROSOFT)
