# SPDX-License-Identifier: GPL-3.0-or-later
"""What the layers and materials of a drawn face are called: English, German, Spanish, French, Italian, Portuguese, Japanese and
Russian.

A name is cut into words at spaces, signs, digits and capitals; the row whose words it has is the part. Accents do not matter.
Japanese runs on without spaces, so there it is enough that a word is within. The side comes from L, left, links and the like,
else from where the stroke lies.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

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

_ROWS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    # The first row that fits is the part: what is more particular comes first.
    (
        INSIDE,
        (
            "mouth inside", "inside mouth", "inner mouth", "mouth inner", "mouth interior", "mouth cavity", "throat",
            "mundinneres", "mundhoehle", "rachen",
            "interior boca", "boca interior", "interieur bouche", "bouche interieur", "interno bocca", "bocca interno",
            "interior de la boca", "interieur de la bouche", "interno della bocca", "口の中", "口内", "полость рта",
        ),
    ),
    (
        TEETH,
        (
            "teeth", "tooth", "zaehne", "zahn", "dientes", "diente", "dents", "denti", "dentes", "dente", "歯", "зубы",
        ),
    ),
    (TONGUE, ("tongue", "zunge", "lengua", "langue", "lingua", "舌", "язык")),
    (
        UPPER_LIP,
        (
            "upper lip", "lip upper", "top lip", "lip top", "oberlippe", "lippe oben", "obere lippe",
            "labio superior", "levre superieure", "labbro superiore", "上唇", "верхняя губа",
        ),
    ),
    (
        LOWER_LIP,
        (
            "lower lip", "lip lower", "bottom lip", "lip bottom", "unterlippe", "lippe unten", "untere lippe",
            "labio inferior", "levre inferieure", "labbro inferiore", "下唇", "нижняя губа",
        ),
    ),
    (
        BROW,
        (
            "brow", "brows", "eyebrow", "eyebrows", "braue", "brauen", "augenbraue", "augenbrauen",
            "ceja", "cejas", "sourcil", "sourcils", "sopracciglio", "sopracciglia", "sobrancelha", "sobrancelhas",
            "眉", "まゆ", "бровь", "брови",
        ),
    ),
    (
        STILL,
        (
            "hair", "ear", "ears", "hat", "haar", "haare", "ohr", "ohren", "hut",
            "pelo", "cabello", "oreja", "orejas", "sombrero", "cheveux", "oreille", "oreilles", "chapeau",
            "capelli", "orecchio", "orecchie", "cappello", "cabelo", "orelha", "orelhas", "chapeu",
            "髪", "耳", "帽子", "волосы", "ухо", "уши", "шляпа",
        ),
    ),
    (
        LASH,
        (
            "lash", "lashes", "eyelash", "eyelashes", "wimper", "wimpern", "oberwimper", "oberwimpern", "unterwimper",
            "unterwimpern", "pestana", "pestanas", "cil", "cils", "ciglia",
            "ciglio", "cilios", "まつげ", "睫毛", "ресница", "ресницы",
        ),
    ),
    (
        LID,
        (
            "lid", "lids", "eyelid", "eyelids", "augenlid", "augenlider", "lider",
            "parpado", "parpados", "paupiere", "paupieres", "palpebra", "palpebre", "palpebras",
            "まぶた", "瞼", "веко", "веки",
        ),
    ),
    (
        PUPIL,
        (
            "pupil", "pupils", "iris", "pupille", "pupillen", "pupila", "pupilas", "pupilles", "pupilla",
            "瞳", "黒目", "зрачок", "зрачки",
        ),
    ),
    (
        MOUTH,
        (
            "mouth", "lips", "mund", "lippen", "boca", "labios", "bouche", "levres", "bocca", "labbra",
            "口", "唇", "くち", "рот", "губы",
        ),
    ),
    (
        EYE,
        (
            "eye", "eyes", "eyeball", "auge", "augen", "augapfel", "ojo", "ojos", "oeil", "yeux", "occhio", "occhi",
            "olho", "olhos", "目", "眼", "глаз", "глаза",
        ),
    ),
    (NOSE, ("nose", "nase", "nariz", "nez", "naso", "鼻", "нос")),
    (
        OUTLINE,
        (
            "jaw", "chin", "face", "head", "outline", "kiefer", "kinn", "gesicht", "kopf", "umriss",
            "cara", "cabeza", "mandibula", "barbilla", "visage", "tete", "machoire", "menton", "viso", "testa", "mento",
            "rosto", "cabeca", "queixo", "顔", "頭", "輪郭", "顎", "лицо", "голова", "подбородок",
        ),
    ),
)  # fmt: skip
_LOWER: Final = ("lower", "bottom", "unten", "unter", "inferi", "нижн")
"""What words begin with that tell of lower lashes, which stay where they are; "下" is enough anywhere in a word."""
_LOWER_WORDS: Final = frozenset({"low", "btm", "abajo", "bas", "basso", "baixo"})
_LEFT: Final = frozenset(
    {
        "l", "left", "links", "linkes", "linke", "linker", "izq", "izquierda", "izquierdo", "gauche", "sinistra", "sinistro",
        "esquerda", "esquerdo", "左", "левый", "левая", "левое",
    }
)  # fmt: skip
_RIGHT: Final = frozenset(
    {
        "r", "right", "rechts", "rechtes", "rechte", "rechter", "dcha", "derecha", "derecho", "droite", "droit", "destra",
        "destro", "direita", "direito", "右", "правый", "правая", "правое",
    }
)  # fmt: skip
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "œ": "oe"})
_ARTICLE: Final = re.compile(r"\bl['\u2019]")
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_SIDES_UNPARTED: Final = re.compile("([左右])")  # signs that stand before a word without a space


def _words(name: str) -> list[str]:
    apart = re.sub(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])", " ", unicodedata.normalize("NFKC", name))
    plain = _ARTICLE.sub("", apart.lower()).translate(_UMLAUTS)
    return re.findall(r"[^\W\d_]+", _SIDES_UNPARTED.sub(r" \1 ", without_accents(plain)))


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
            if part == LASH and any(map(_is_lower, plain)):
                return STILL
            if part not in SIDED or sides["_L"] == sides["_R"]:
                return part
            return part + ("_L" if sides["_L"] else "_R")
    return ""


def _is_lower(word: str) -> bool:
    return word.startswith(_LOWER) or word in _LOWER_WORDS or "下" in word


def _has(words: list[str], keyword: list[str]) -> bool:
    """Whether a name has these words, one after the other."""
    if len(keyword) == 1 and _UNSPACED.match(keyword[0]):
        return any(keyword[0] in word for word in words)
    return any(words[at : at + len(keyword)] == keyword for at in range(len(words) - len(keyword) + 1))
