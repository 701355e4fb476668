# SPDX-License-Identifier: GPL-3.0-or-later
"""Which part of a drawn face a layer or a material is, by what it is called: see `face_words` for the languages.

A name is cut into words at spaces, signs, digits and capitals; the row whose words it has is the part. Accents do not matter.
Japanese and Chinese run on without spaces, and Korean may, so there it is enough that a word is within. The side comes from L,
left, links and the like, else from where the stroke lies.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from . import face_words
from .matching import without_accents

UPPER_LIP, LOWER_LIP, MOUTH, INSIDE = "UPPER_LIP", "LOWER_LIP", "MOUTH", "INSIDE"
TEETH, TONGUE, NOSE, OUTLINE, STILL = "TEETH", "TONGUE", "NOSE", "OUTLINE", "STILL"
EYE, LID, LASH, PUPIL, BROW = "EYE", "LID", "LASH", "PUPIL", "BROW"
SIDED: Final = (EYE, LID, LASH, PUPIL, BROW)
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
    "LASH_L": "Left Lashes",
    "LASH_R": "Right Lashes",
}
"""Identifier → title of each part. Files keep the place of a part in this order, so what is new goes to the end."""

_PARTS_OF: Final = (
    # The first row that fits is the part: what is more particular comes first.
    (INSIDE, (face_words.INSIDE,)),
    (TEETH, (face_words.TEETH,)),
    (TONGUE, (face_words.TONGUE,)),
    (UPPER_LIP, (face_words.UPPER_LIP,)),
    (LOWER_LIP, (face_words.LOWER_LIP,)),
    (LASH, (face_words.LASH,)),
    (BROW, (face_words.BROW,)),
    (STILL, (face_words.STILL,)),
    (LID, (face_words.LID,)),
    (PUPIL, (face_words.PUPIL,)),
    (MOUTH, (face_words.MOUTH,)),
    (EYE, (face_words.EYE,)),
    (NOSE, (face_words.NOSE,)),
    (OUTLINE, (face_words.JAW, face_words.HEAD, face_words.FACE)),
)
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "œ": "oe"})
_ARTICLE: Final = re.compile(r"\bl['\u2019]")
_SIDES_UNPARTED: Final = re.compile(
    f"({'|'.join(face_words.unspaced())})"
)  # what stands before a word without a space


def _words(name: str) -> list[str]:
    apart = re.sub(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])", " ", unicodedata.normalize("NFKC", name))
    plain = _ARTICLE.sub("", apart.lower()).translate(_UMLAUTS)
    return re.findall(r"[^\W\d_]+", _SIDES_UNPARTED.sub(r" \1 ", without_accents(plain)))


_UNSPACED: Final = frozenset(face_words.unspaced(*(row for _, rows in _PARTS_OF for row in rows)))
_ROWS: Final = tuple(
    (part, tuple(tuple(_words(word)) for word in face_words.words_for(*rows))) for part, rows in _PARTS_OF
)
_LEFT: Final = frozenset(word for known in face_words.LEFT for word in _words(known))
_RIGHT: Final = frozenset(word for known in face_words.RIGHT for word in _words(known))


@lru_cache(maxsize=4096)  # panels ask at each redraw
def part_of(name: str) -> str:
    """The part that a layer's or material's name tells; "" for none.

    A part that a face has twice comes without its side where the name has none, such as "EYE" for "Eyes".
    """
    words = _words(name)
    sides = {"_L": bool(_LEFT.intersection(words)), "_R": bool(_RIGHT.intersection(words))}
    plain = [word for word in words if word not in _LEFT | _RIGHT]
    for part, keywords in _ROWS:
        if any(_has(plain, keyword) for keyword in keywords):
            if part in (LASH, LID) and any(map(face_words.is_lower, plain)):
                return STILL
            if part not in SIDED or sides["_L"] == sides["_R"]:
                return part
            return part + ("_L" if sides["_L"] else "_R")
    return ""


def _has(words: list[str], keyword: tuple[str, ...]) -> bool:
    """Whether a name has these words, one after the other."""
    if len(keyword) == 1 and keyword[0] in _UNSPACED:
        return any(keyword[0] in word for word in words)
    return any(tuple(words[at : at + len(keyword)]) == keyword for at in range(len(words) - len(keyword) + 1))
