# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawn-animation mouths: Hanna-Barbera's letters (Rhubarb), Preston Blair's phonemes, and five plain vowels.

Rhubarb's letters and their Preston Blair names: https://github.com/DanielSWolf/rhubarb-lip-sync#mouth-shapes
Preston Blair's ten: https://github.com/morevnaproject-org/papagayo-ng (phonemes/preston_blair.json)
"""

from __future__ import annotations

from ...contract import MOUTH_SHAPES
from .convention import Convention

_PREFIXES = (
    "mouth_", "mouth.", "mouth-", "mouth ", "mth_", "mth.", "lip_", "lips_", "lipsync_", "phoneme_", "phoneme.",
    "phonemes_", "viseme_", "visemes_", "shape_", "vowel_", "ph_", "m_", "v_", "口_", "口",
)  # fmt: skip

RHUBARB = Convention(
    identifier="rhubarb",
    title="Mouth shapes A–H, X",
    source="https://github.com/DanielSWolf/rhubarb-lip-sync",
    channels={f"mouth:{letter}": letter for letter in MOUTH_SHAPES},
    prefixes=_PREFIXES,
    minimum=5,
    whole=True,
)

PRESTON_BLAIR = Convention(
    identifier="preston_blair",
    title="Preston Blair mouths",
    source="https://github.com/morevnaproject-org/papagayo-ng",
    channels={
        "mouth:A": "MBP",
        "mouth:B": "etc",
        "mouth:C": "E",
        "mouth:D": "AI",
        "mouth:E": "O",
        "mouth:F": "U*0.6 + WQ*0.4 | U | WQ",
        "mouth:G": "FV",
        "mouth:H": "L",
        "mouth:X": "rest",
    },
    prefixes=_PREFIXES,
    minimum=5,
    signature=("MBP", "AI", "FV", "WQ"),
    whole=True,
)

FIVE_VOWELS = Convention(
    identifier="vowels",
    title="Five vowels",
    source="https://en.wikipedia.org/wiki/Japanese_phonology#Vowels",
    channels={
        "vowel:A": "A | あ | ah | aa",
        "vowel:I": "I | い | ee | ih",
        "vowel:U": "U | う | oo | ou",
        "vowel:E": "E | え | eh",
        "vowel:O": "O | お | oh",
        "vowel:N": "ん",
    },
    prefixes=_PREFIXES,
    minimum=4,
    whole=True,
)
CONVENTIONS = (RHUBARB, PRESTON_BLAIR, FIVE_VOWELS)
