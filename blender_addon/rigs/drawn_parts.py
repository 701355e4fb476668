# SPDX-License-Identifier: GPL-3.0-or-later
"""What the layers and materials of a drawn face are called, in English and in German.

A name is cut into words at spaces, signs, digits and capitals; the row whose words it has is the part. The side comes from
L, left, links and the like, else from where the stroke lies.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

UPPER_LIP, LOWER_LIP, MOUTH, INSIDE = "UPPER_LIP", "LOWER_LIP", "MOUTH", "INSIDE"
TEETH, TONGUE, NOSE, OUTLINE, STILL = "TEETH", "TONGUE", "NOSE", "OUTLINE", "STILL"
EYE, LID, PUPIL, BROW = "EYE", "LID", "PUPIL", "BROW"
SIDED: Final = (EYE, LID, PUPIL, BROW)
"""Parts that a face has twice: their identifiers end in _L for the character's own left, _R for its right."""

PARTS: Final = {
    UPPER_LIP: "Upper Lip",
    LOWER_LIP: "Lower Lip",
    MOUTH: "Mouth",
    INSIDE: "Inside of the Mouth",
    TEETH: "Teeth",
    TONGUE: "Tongue",
    "EYE_L": "Left Eye",
    "EYE_R": "Right Eye",
    "LID_L": "Left Lid",
    "LID_R": "Right Lid",
    "PUPIL_L": "Left Pupil",
    "PUPIL_R": "Right Pupil",
    "BROW_L": "Left Brow",
    "BROW_R": "Right Brow",
    OUTLINE: "Face and Jaw",
    NOSE: "Nose",
    STILL: "Goes with the Head",
}
"""Identifier → title of each part."""

_ROWS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    # The first row that fits is the part: what is more particular comes first.
    (
        INSIDE,
        (
            "mouth inside",
            "inside mouth",
            "inner mouth",
            "mouth inner",
            "mouth interior",
            "mouth cavity",
            "throat",
            "mundinneres",
            "mundhoehle",
            "rachen",
        ),
    ),
    (TEETH, ("teeth", "tooth", "zaehne", "zahn")),
    (TONGUE, ("tongue", "zunge")),
    (UPPER_LIP, ("upper lip", "lip upper", "top lip", "lip top", "oberlippe", "lippe oben", "obere lippe")),
    (
        LOWER_LIP,
        ("lower lip", "lip lower", "bottom lip", "lip bottom", "unterlippe", "lippe unten", "untere lippe"),
    ),
    (BROW, ("brow", "brows", "eyebrow", "eyebrows", "braue", "brauen", "augenbraue", "augenbrauen")),
    (STILL, ("hair", "ear", "ears", "hat", "haar", "haare", "ohr", "ohren", "hut")),
    (LID, ("lid", "lids", "eyelid", "eyelids", "augenlid", "augenlider", "lider")),
    (PUPIL, ("pupil", "pupils", "iris", "pupille", "pupillen")),
    (MOUTH, ("mouth", "lips", "mund", "lippen")),
    (EYE, ("eye", "eyes", "eyeball", "auge", "augen", "augapfel")),
    (NOSE, ("nose", "nase")),
    (
        OUTLINE,
        ("jaw", "chin", "face", "head", "outline", "kiefer", "kinn", "gesicht", "kopf", "umriss"),
    ),
)
_LEFT: Final = frozenset({"l", "left", "links", "linkes", "linke", "linker"})
_RIGHT: Final = frozenset({"r", "right", "rechts", "rechtes", "rechte", "rechter"})
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def _words(name: str) -> list[str]:
    apart = re.sub(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])", " ", name)
    return re.findall(r"[a-z]+", apart.lower().translate(_UMLAUTS))


@lru_cache(maxsize=4096)  # panels ask at each redraw
def part_of(name: str) -> str:
    """The part that a layer's or material's name tells; "" for none.

    A part that a face has twice comes without its side where the name has none, such as "EYE" for "Eyes".
    """
    words = _words(name)
    sides = {"_L": bool(_LEFT.intersection(words)), "_R": bool(_RIGHT.intersection(words))}
    plain = [word for word in words if word not in _LEFT | _RIGHT]
    for part, keywords in _ROWS:
        if any(_has(plain, keyword.split(" ")) for keyword in keywords):
            if part not in SIDED or sides["_L"] == sides["_R"]:
                return part
            return part + ("_L" if sides["_L"] else "_R")
    return ""


def _has(words: list[str], keyword: list[str]) -> bool:
    """Whether a name has these words, one after the other."""
    return any(words[at : at + len(keyword)] == keyword for at in range(len(words) - len(keyword) + 1))
