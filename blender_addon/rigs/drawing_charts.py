# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts of drawings: which drawings of a mouth, of eyes and of brows animators draw, what they call them, and which of them
stands in for one that was not drawn.

Rhubarb's letters, their Preston Blair names, and that G, H and X may be missing: https://github.com/DanielSWolf/rhubarb-lip-sync#mouth-shapes
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ..contract import MOUTH_SHAPES, VISEMES
from . import face_words
from .matching import without_accents

CLOSED: Final = "A"
"""The mouth cue of p, b and m."""
REST: Final = "X"
"""The mouth cue of silence."""
STAND_INS: Final[Mapping[str, tuple[str, ...]]] = {
    cue: (*nearest, "A", "X")
    for cue, nearest in zip(MOUTH_SHAPES, ("A", "BCGH", "CDBEH", "DCEB", "EFCDB", "FEBC", "GA", "HCBD", "X"))
}
"""Mouth cue → the cues whose drawings show it, the best first: where one was not drawn, the next is taken."""


@dataclass(frozen=True)
class Chart:
    """A set of drawings.

    Attributes:
        name: for programs.
        title: for people.
        drawings: name of each drawing → the cues that it shows.
        words: other names of a drawing, folded (see `folded`) → its name.
        least: how many of its names make it recognised.
        telling: drawings of which two must be there, where its other names stand in charts of other drawings, too.
        resting: the drawing that a shut mouth stands in for, where no name is its own; it recognises nothing. "" for none.
        visemes: viseme → drawings that show it, the best first, where a chart tells more apart than mouth cues do.
        widest: words, of `words`, for what is wider than others that mean the same drawing.
        beside_widest: words → what they mean where something has a name of the widest and something else the plain one.
    """

    name: str
    title: str
    drawings: Mapping[str, str]
    words: Mapping[str, str]
    least: int
    telling: frozenset[str] = frozenset()
    resting: str = ""
    visemes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    widest: frozenset[str] = frozenset()
    beside_widest: Mapping[str, str] = field(default_factory=dict)


_VISEME_CUES = dict(zip(VISEMES, "XAGHBBBBHFDCBEF"))
_REST_WORDS = (
    "rest", "idle", "silence", "sil", "neutral", "ruhe", "default", "normal", "reposo", "repos", "riposo", "repouso", "покой",
    "通常", "普通", "待機", "静止", "默认", "默認", "正常", "기본", "평상",
)  # fmt: skip
OPEN: Final = (
    "open", "opened", "auf", "offen", "abierto", "abierta", "abiertos", "ouvert", "ouverte", "ouverts", "aperto", "aperta",
    "aperti", "aberto", "aberta", "abertos", "открыты", "открыт", "開", "開き", "開く", "开", "张开", "張開",
    "睁", "睁开", "睜開", "열림", "열린", "뜸", "뜬",
)  # fmt: skip
"""Words for what is open, folded."""
SHUT: Final = (
    "closed", "close", "shut", "zu", "geschlossen", "cerrado", "cerrada", "cerrados", "ferme", "fermee", "fermes", "chiuso",
    "chiusa", "chiusi", "fechado", "fechada", "fechados", "закрыты", "закрыт", "閉", "閉じ", "閉じる",
    "闭", "闭上", "闭合", "合", "닫힘", "닫힌", "감음", "감은",
)  # fmt: skip
"""Words for what is shut, folded."""
_HALF = (
    "half", "halb", "mid", "middle", "mitte", "medio", "media", "mezzo", "meio", "demi", "半", "半目", "半开", "半開", "半闭",
    "반", "반쯤", "полу",
)  # fmt: skip
_MEDIUM = (*_HALF, "medium", "halfopen", "openhalf", "halboffen", "mittel")
_IS_WIDEST = "the widest"
_WIDEST = (
    "big", "large", "full", "gross", "wideopen", "openwide", "bigopen", "openbig", "fullopen", "openfull", "fullyopen",
    "weitoffen", "ganzoffen", "weitauf", "muyabierta", "muyabierto", "grandeouverte", "grandouvert", "spalancata", "moltoaperta",
    "muitoaberta", "широкооткрыт", "大開", "大開き", "大开", "張大", "张大",
)  # fmt: skip
_CLOSED_WORDS = (*SHUT, "mbp", "n", "ん")
_AT_REST: Final = dict.fromkeys((*SHUT, "sil", "rest"), "rest")

LETTERS: Final = Chart(
    "LETTERS",
    "Mouth shapes A–H, X",
    {letter: letter for letter in MOUTH_SHAPES},
    {**{letter.casefold(): letter for letter in MOUTH_SHAPES}, **dict.fromkeys(_REST_WORDS, "X")},
    5,
    resting="X",
)
OCULUS: Final = Chart(
    "VISEMES",
    "15 visemes",
    _VISEME_CUES,
    {**{viseme.casefold(): viseme for viseme in VISEMES}, "silence": "sil", "ih": "I", "oh": "O", "ou": "U"},
    9,
    resting="sil",
    visemes={viseme: (viseme,) for viseme in VISEMES if viseme != "sil"},
)
PRESTON_BLAIR: Final = Chart(
    "PRESTON_BLAIR",
    "Preston Blair mouths",
    {
        "MBP": "A", "etc": "B", "E": "C", "AI": "D", "O": "E", "U": "F", "WQ": "F", "FV": "G", "L": "H", "rest": "X",
    },
    {
        **{name.casefold(): name for name in ("MBP", "etc", "E", "AI", "O", "U", "WQ", "FV", "L", "rest")},
        **dict.fromkeys(_REST_WORDS, "rest"), "bmp": "MBP", "th": "L",
        **dict.fromkeys(("consonants", "other", "cdgk", "cdgkn", "cdgknrs", "cdgknrsyz", "cdgknrsthyz", "cdgknrsxyz"), "etc"),
        **dict.fromkeys(("ai", "aandi", "aei", "ia"), "AI"),
    },
    5,
    resting="rest",
)  # fmt: skip
VOWELS: Final = Chart(
    "VOWELS",
    "Five vowels and a closed mouth",
    {"A": "D", "I": "BGH", "U": "F", "E": "C", "O": "E", "closed": "AX"},
    {
        **{name.casefold(): name for name in "AIUEO"},
        **dict(zip("あいうえお", "AIUEO")), **dict(zip("아이우에오", "AIUEO")), **dict(zip("啊衣呜诶哦", "AIUEO")),
        **dict.fromkeys(("ah", "aa"), "A"), **dict.fromkeys(("ih", "ee"), "I"), **dict.fromkeys(("oo", "ou"), "U"),
        "eh": "E", "oh": "O",
        **dict.fromkeys((*_REST_WORDS, *_CLOSED_WORDS), "closed"),
    },
    4,
)  # fmt: skip
CHARACTER_ANIMATOR: Final = Chart(
    "CHARACTER_ANIMATOR",
    "Character Animator mouths",
    {
        "M": "A", "S": "B", "D": "B", "Ee": "B", "Uh": "C", "Ah": "D", "Oh": "E", "R": "E", "W-Oo": "F", "F": "G", "L": "H",
        "Neutral": "X", "Smile": "", "Surprised": "",
    },
    {
        **{name.casefold(): name for name in ("M", "S", "D", "Ee", "Uh", "Ah", "Oh", "R", "F", "L", "Smile", "Surprised")},
        **dict.fromkeys(("woo", "oo", "w"), "W-Oo"), **dict.fromkeys(_REST_WORDS, "Neutral"),
    },
    8,
    frozenset({"Ah", "Oh", "Ee", "Uh", "W-Oo"}),  # without them a mouth of single letters never opens
    "Neutral",
    {
        "I": ("Ee",), "E": ("Uh",), "aa": ("Ah",), "O": ("Oh",), "U": ("W-Oo",), "PP": ("M",), "FF": ("F",), "TH": ("L",),
        "DD": ("D",), "kk": ("D",), "CH": ("S",), "SS": ("S",), "nn": ("L",), "RR": ("R",),
    },
)  # fmt: skip
"""What Adobe's puppets call their mouths: https://helpx.adobe.com/adobe-character-animator/using/prepare-artwork.html"""
SOUNDS: Final = Chart(
    "SOUNDS",
    "Vowels and consonants",
    {
        "A": "D", "E": "C", "I": "B", "O": "E", "U": "F", "MBP": "A", "FV": "G", "L": "H", "S": "B", "T": "HB", "K": "B",
        "Ch": "B", "Th": "H", "R": "E", "W": "F", "other": "B", "AE": "C", "Er": "E", "Ih": "B", "rest": "X",
    },
    {
        **{name.casefold(): name for name in "AEIOULSTKRW"},
        **dict.fromkeys(("ah", "aa", "aei"), "A"), "eh": "E", "ee": "I", "oh": "O", **dict.fromkeys(("oo", "ou", "uq"), "U"),
        **dict.fromkeys(("mbp", "bmp", "bpm", "pbm", "m", "b", "p"), "MBP"), **dict.fromkeys(("fv", "f", "v"), "FV"),
        "ln": "L", **dict.fromkeys(("sz", "z"), "S"), **dict.fromkeys(("tldn", "td", "dt", "d"), "T"),
        **dict.fromkeys(("kghng", "kg", "gk"), "K"), **dict.fromkeys(("ch", "chj", "sh", "chsh", "chshj"), "Ch"), "th": "Th",
        **dict.fromkeys(("wq", "woo"), "W"), **dict.fromkeys(("other", "etc", "consonants"), "other"),
        "ae": "AE", "er": "Er", "ih": "Ih", "none": "rest", **dict.fromkeys(_REST_WORDS, "rest"),
    },
    7,
    frozenset("AEIOU"),
    "rest",
    {
        "aa": "A", "E": ("E", "AE"), "I": ("I", "Ih"), "O": "O", "U": ("U", "W"), "PP": ("MBP",), "FF": ("FV",), "TH": ("Th",),
        "DD": ("T", "L"), "kk": ("K", "other"), "CH": ("Ch", "S"), "SS": ("S", "other"), "nn": ("L", "T"), "RR": ("R", "Er"),
    },
)  # fmt: skip
"""What several editors and puppets call their mouths: a letter or letters for a sound, as Reallusion's T_L_D_N."""
OPENNESS: Final = Chart(
    "OPENNESS",
    "How far a mouth is open",
    {"closed": "AX", "small": "BCGH", "medium": "C", "open": "D", "round": "EF", "wide": "", "smile": ""},
    {
        **dict.fromkeys((*_REST_WORDS, *_CLOSED_WORDS), "closed"), **dict.fromkeys(OPEN, "open"),
        **dict.fromkeys(("small", "slight", "little", "slightlyopen", "klein", "ajar"), "small"),
        **dict.fromkeys(_MEDIUM, "medium"),
        **dict.fromkeys(_WIDEST, "open"),
        **dict.fromkeys(("round", "o", "oo", "rund", "pucker"), "round"), "wide": "wide", "smile": "smile",
    },
    4,
    frozenset({"closed", "open"}),
    widest=frozenset(_WIDEST),
    beside_widest={**dict.fromkeys(OPEN, "medium"), **dict.fromkeys(_MEDIUM, "small")},
)  # fmt: skip
CHARTS: Final = {
    chart.name: chart
    for chart in (LETTERS, OCULUS, PRESTON_BLAIR, VOWELS, CHARACTER_ANIMATOR, SOUNDS, OPENNESS)
}
CUSTOM: Final = "CUSTOM"
"""The name of a chart whose drawings a table names: each with the cues that it shows."""

LIDS: Final = ("open", "half", "shut")
BROWS: Final = ("neutral", "up", "down")
_LID_WORDS = {
    **dict.fromkeys((*OPEN, "normal", "neutral"), "open"),
    **dict.fromkeys(_HALF, "half"),
    **dict.fromkeys((*SHUT, "blink"), "shut"),
}
_BROW_WORDS = {
    **dict.fromkeys(("neutral", "normal", "rest", "mid", "mitte", "通常", "普通", "默认", "正常", "기본"), "neutral"),
    **dict.fromkeys(
        (
            "up", "raised", "high", "hoch", "oben", "arriba", "haut", "leve", "leves", "su", "alto", "alzate", "cima", "вверх",
            "上", "上げ", "挑", "抬", "위", "올림",
        ),
        "up",
    ),
    **dict.fromkeys(
        (
            "down", "low", "angry", "frown", "tief", "unten", "abajo", "bas", "basses", "giu", "basso", "baixo", "вниз",
            "下", "下げ", "怒", "怒り", "皱", "皺", "아래", "내림", "화남",
        ),
        "down",
    ),
}  # fmt: skip
FEATURES: Final[Mapping[str, str]] = {
    "mouth": "Mouth",
    "eyes": "Eyes",
    "eye.left": "Left Eye",
    "eye.right": "Right Eye",
    "brows": "Brows",
    "brow.left": "Left Brow",
    "brow.right": "Right Brow",
}
"""What drawings are swapped of, and its title: the character's own left and right."""

_PARTS = re.compile(r"[^\W\d_]+|\d+")
_IN_SIGNS: Final = (
    face_words.MOUTH, face_words.EYE, face_words.LID, face_words.PUPIL, face_words.BROW, face_words.HEAD, face_words.JAW,
    face_words.UPPER_LIP, face_words.LOWER_LIP,
)  # fmt: skip
_SIGNS = re.compile(f"({'|'.join(face_words.unspaced(*_IN_SIGNS))})")  # words that run on without spaces
_FILE_ENDING = re.compile(
    r"\.(png|jpe?g|psd|psb|tiff?|webp|svg|tga|exr|bmp|gif|kra|xcf)(?=$|[\s._-]\d+$)", re.IGNORECASE
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def folded(name: str) -> list[str]:
    """The words of a name, without case, separators and the ending of a file of a picture.

    >>> folded("Mund_AI.png.001")
    ['mund', 'ai', '001']
    """
    plain = _FILE_ENDING.sub("", unicodedata.normalize("NFKC", name))
    text = _SIGNS.sub(r"_\1_", _CAMEL.sub("_", plain))
    return [without_accents(part.casefold().replace("œ", "oe")) for part in _PARTS.findall(text)]


def single_words(*parts: str) -> frozenset[str]:
    """What some parts of `face_words` are called in one word, folded."""
    return _single(face_words.words_for(*parts))


def _single(words: Iterable[str]) -> frozenset[str]:
    return frozenset(parts[0] for parts in map(folded, words) if len(parts) == 1)


LEFT: Final = _single(face_words.LEFT)
"""The character's own left, folded."""
RIGHT: Final = _single(face_words.RIGHT)
_OF_FEATURES: Mapping[str, frozenset[str]] = {
    "mouth": single_words(face_words.MOUTH) | {"lip", "mth", "viseme", "phoneme", "kuchi", "maul"},
    "eyes": single_words(face_words.EYE, face_words.LID) | {"blink"},
    "brows": single_words(face_words.BROW),
}

_OF_OTHERS: Final = single_words(
    face_words.BODY, face_words.POSE, face_words.NOSE, face_words.STILL, face_words.PUPIL, face_words.LASH
)
"""What says that drawings are of something else than a mouth, folded."""


def features_named(name: str) -> set[str]:
    """The features that a name speaks of: "mouth", "eyes", "brows"."""
    words = set(folded(name))
    return {feature for feature, known in _OF_FEATURES.items() if words.intersection(known)}


def names_mouth(name: str) -> bool:
    """Whether a name is what some chart calls a drawing of a mouth: with a word that says mouth, or where it says that something
    rests or is shut, and of no other feature. A letter alone may be an arm's side, "normal" anything.
    """
    features = features_named(name)
    if features - {"mouth"}:
        return False
    if not features:
        return bool(_named((name,), _AT_REST, ""))
    return any(_named((name,), chart.words, "mouth") for chart in CHARTS.values())


def left_over(names: Sequence[str], used: Iterable[str], chart: str) -> list[str]:
    """Those of the names that are called as drawings of a mouth are, beside the ones that a chart uses: what no chart would show
    but says mouth, and what the chart itself knows where its drawings are called by its words alone. Sides are no sounds where
    both are there ("Mouth.L", "Mouth.R"), or of a part that no drawing shows ("mouth corner L").

    Args:
        names: of all that is seen.
        used: what shows the chart's drawings.
        chart: its name.
    """
    taken = set(used)
    others = [name for name in names if name not in taken]
    shared, of_one = _sharing(list(taken))
    besides = shared if len(of_one) == len(taken) else frozenset()
    known = {word: drawing for word, drawing in _words_of(chart).items() if word not in _REST_WORDS}
    bare = any(not features_named(name) and _named((name,), known, "", besides) for name in taken)
    stems = {_without_sides(name)[:-1] for name in taken} | {tuple(folded(name))[:-1] for name in taken}
    sides: dict[tuple[str, ...], set[str]] = {}
    for name in others:
        sides.setdefault(_without_sides(name), set()).update((LEFT | RIGHT).intersection(folded(name)))

    def is_side(name: str) -> bool:
        stem = _without_sides(name)
        there = sides[stem]
        if stem == tuple(folded(name)):
            return False
        if LEFT & there and RIGHT & there:
            return True
        return stem not in stems and not names_mouth(" ".join(stem))

    def is_known(name: str) -> bool:
        own = bare and not features_named(name) and besides.issubset(folded(name))
        return names_mouth(name) or (own and bool(_named((name,), known, "", besides)))

    return [name for name in others if is_known(name) and not is_side(name)]


def _words_of(chart: str) -> Mapping[str, str]:
    return CHARTS[chart].words if chart in CHARTS else {}


def _without_sides(name: str) -> tuple[str, ...]:
    return tuple(part for part in folded(name) if part not in LEFT and part not in RIGHT)


@dataclass(frozen=True)
class Recognised:
    """What names were recognised as.

    Attributes:
        feature: one of `FEATURES`.
        chart: name of the chart, "" for eyes and brows.
        names: drawing → the name that shows it.
    """

    feature: str
    chart: str
    names: Mapping[str, str]


def recognise(names: Iterable[str]) -> tuple[Recognised, ...]:
    """Mouths, eyes and brows among the names of things that can be shown one at a time (layers, objects, images …).

    Names of a mouth need no word that says so where they are nearly a whole chart (A–H and X as layers); eyes and brows do.
    """
    return _recognised(tuple(dict.fromkeys(names)))


@lru_cache(maxsize=64)  # panels ask at each redraw, of a thousand objects perhaps
def _recognised(listed: tuple[str, ...]) -> tuple[Recognised, ...]:
    recognised = [mouth for mouth in (_best_mouth(listed),) if mouth is not None]
    sides = [(LEFT & words, RIGHT & words) for words in (set(folded(name)) for name in listed)]
    by_side = {
        "": [name for name, (left, right) in zip(listed, sides) if bool(left) == bool(right)],
        "left": [name for name, (left, right) in zip(listed, sides) if left and not right],
        "right": [name for name, (left, right) in zip(listed, sides) if right and not left],
    }
    for both, one, words, telling in (
        ("eyes", "eye", _LID_WORDS, "shut"),
        ("brows", "brow", _BROW_WORDS, "up"),
    ):
        for side, names in by_side.items():
            shown = _named(names, words, both)
            if len(shown) >= 2 and telling in shown:
                recognised.append(Recognised(f"{one}.{side}" if side else both, "", shown))
    return tuple(recognised)


def _best_mouth(names: Sequence[str]) -> Recognised | None:
    best: tuple[int, Recognised] | None = None
    unsaid = [name for name in names if not features_named(name)]
    shared, of_one = _sharing(unsaid)
    for chart in CHARTS.values():
        tried: tuple[tuple[str, Sequence[str], frozenset[str], int], ...] = (
            ("mouth", names, frozenset(), chart.least - 1),
            ("", unsaid, frozenset(), chart.least),
            ("", of_one, shared, chart.least + 1),
        )
        for feature, among, besides, least in tried:
            words = chart.words
            if chart.widest:
                sizes = _named(among, {**words, **dict.fromkeys(chart.widest, _IS_WIDEST)}, feature, besides)
                if _IS_WIDEST in sizes and {words[word] for word in chart.widest}.intersection(sizes):
                    words = {**words, **chart.beside_widest}
            shown = _named(among, words, feature, besides)
            if chart.telling and len(chart.telling.intersection(shown)) < 2:
                continue
            if besides and chart.resting not in shown:
                continue  # rows of chairs have letters, too, but none for rest
            if len(shown) >= max(3, least) and (best is None or len(shown) > best[0]):
                best = (len(shown), Recognised("mouth", chart.name, shown))
                if chart.resting and chart.resting not in shown:
                    shown.update(_named(among, dict.fromkeys(SHUT, chart.resting), feature, besides))
    return best[1] if best is not None else None


def _sharing(names: Sequence[str]) -> tuple[frozenset[str], list[str]]:
    """The words that the most names with one first word share, such as a puppet's name, and those names; none of hands and poses,
    which come in charts of letters, too."""
    by_first: dict[str, list[str]] = {}
    for name in names:
        parts = folded(name)
        if len(parts) > 1 and len(parts[0]) > 1 and not _OF_OTHERS.intersection(parts):
            by_first.setdefault(parts[0], []).append(name)
    most = max(by_first.values(), key=len, default=[])
    if len(most) < 2:
        return frozenset(), []
    return frozenset.intersection(*(frozenset(folded(name)) for name in most)), most


def _named(
    names: Sequence[str], words: Mapping[str, str], feature: str, besides: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Drawing → the first of the names that names it, in words beside those of the feature and others that say nothing."""
    shown: dict[str, str] = {}
    for name in names:
        parts = folded(name)
        of_feature = _OF_FEATURES.get(feature, frozenset()) | besides
        if feature in ("eyes", "brows"):
            of_feature = of_feature | LEFT | RIGHT
        if feature and not _OF_FEATURES[feature].intersection(parts):
            continue
        left = [part for part in parts if part not in of_feature and not part.isdigit()]
        drawing = words.get("".join(left)) or (words.get(left[-1]) if left and feature else None)
        if drawing is not None:
            shown.setdefault(drawing, name)
    return shown
