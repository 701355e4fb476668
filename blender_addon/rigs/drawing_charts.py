# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts of drawings: which drawings of a mouth, of eyes and of brows animators draw, what they call them, and which of them
stands in for one that was not drawn.

Rhubarb's letters, their Preston Blair names, and that G, H and X may be missing: https://github.com/DanielSWolf/rhubarb-lip-sync#mouth-shapes
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ..contract import MOUTH_SHAPES, VISEMES
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
    """

    name: str
    title: str
    drawings: Mapping[str, str]
    words: Mapping[str, str]
    least: int
    telling: frozenset[str] = frozenset()


_VISEME_CUES = dict(zip(VISEMES, "XAGHBBBBHFDCBEF"))
_REST_WORDS = (
    "rest",
    "idle",
    "silence",
    "sil",
    "neutral",
    "ruhe",
    "default",
    "normal",
    "reposo",
    "repos",
    "riposo",
    "repouso",
)
_OPEN = ("open", "opened", "auf", "offen", "abierto", "abierta", "abiertos", "ouvert", "ouverts", "aperto", "aperti", "aberto",
         "abertos", "開", "開き", "открыты")  # fmt: skip
_SHUT = ("closed", "close", "shut", "zu", "geschlossen", "cerrado", "cerrada", "cerrados", "ferme", "fermee", "fermes", "chiuso",
         "chiusa", "chiusi", "fechado", "fechada", "fechados", "閉", "閉じ", "閉じる", "закрыты", "закрыт")  # fmt: skip
_HALF = ("half", "halb", "mid", "middle", "mitte", "medio", "media", "mezzo", "meio", "半", "半目")
_CLOSED_WORDS = (*_SHUT, "mbp", "n", "ん")

LETTERS: Final = Chart(
    "LETTERS",
    "Mouth shapes A–H, X",
    {letter: letter for letter in MOUTH_SHAPES},
    {**{letter.casefold(): letter for letter in MOUTH_SHAPES}, **dict.fromkeys(_REST_WORDS, "X")},
    5,
)
OCULUS: Final = Chart(
    "VISEMES",
    "15 visemes",
    _VISEME_CUES,
    {**{viseme.casefold(): viseme for viseme in VISEMES}, "silence": "sil", "ih": "I", "oh": "O", "ou": "U"},
    9,
)
PRESTON_BLAIR: Final = Chart(
    "PRESTON_BLAIR",
    "Preston Blair mouths",
    {
        "MBP": "A", "etc": "B", "E": "C", "AI": "D", "O": "E", "U": "F", "WQ": "F", "FV": "G", "L": "H", "rest": "X",
    },
    {
        **{name.casefold(): name for name in ("MBP", "etc", "E", "AI", "O", "U", "WQ", "FV", "L", "rest")},
        **dict.fromkeys(_REST_WORDS, "rest"), "consonants": "etc", "cdgknrsthyz": "etc", "bmp": "MBP", "ai": "AI", "th": "L",
    },
    5,
)  # fmt: skip
VOWELS: Final = Chart(
    "VOWELS",
    "Five vowels and a closed mouth",
    {"A": "D", "I": "BGH", "U": "F", "E": "C", "O": "E", "closed": "AX"},
    {
        **{name.casefold(): name for name in "AIUEO"},
        **dict(zip("あいうえお", "AIUEO")),
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
)  # fmt: skip
"""What Adobe's puppets call their mouths: https://helpx.adobe.com/adobe-character-animator/using/prepare-artwork.html"""
CHARTS: Final = {chart.name: chart for chart in (LETTERS, OCULUS, PRESTON_BLAIR, VOWELS, CHARACTER_ANIMATOR)}
CUSTOM: Final = "CUSTOM"
"""The name of a chart whose drawings a table names: each with the cues that it shows."""

LIDS: Final = ("open", "half", "shut")
BROWS: Final = ("neutral", "up", "down")
_LID_WORDS = {
    **dict.fromkeys((*_OPEN, "normal", "neutral"), "open"),
    **dict.fromkeys(_HALF, "half"),
    **dict.fromkeys((*_SHUT, "blink"), "shut"),
}
_BROW_WORDS = {
    **dict.fromkeys(("neutral", "normal", "rest", "mid", "mitte"), "neutral"),
    **dict.fromkeys(("up", "raised", "high", "hoch", "oben"), "up"),
    **dict.fromkeys(("down", "low", "angry", "frown", "tief", "unten"), "down"),
}
FEATURES: Final[Mapping[str, str]] = {
    "mouth": "Mouth",
    "eyes": "Eyes",
    "eye.left": "Left Eye",
    "eye.right": "Right Eye",
    "brows": "Brows",
}
"""What drawings are swapped of, and its title: the character's own left and right."""

_OF_FEATURES: Mapping[str, tuple[str, ...]] = {
    "mouth": (
        "mouth", "mund", "lips", "lip", "lippen", "mth", "viseme", "phoneme", "kuchi", "口", "maul",
        "boca", "bouche", "bocca", "рот",
    ),
    "eyes": (
        "eyes", "eye", "augen", "auge", "lids", "lid", "lider", "blink",
        "ojo", "ojos", "oeil", "yeux", "occhio", "occhi", "olho", "olhos", "目", "眼", "глаз", "глаза",
    ),
    "brows": (
        "brows", "brow", "eyebrows", "eyebrow", "brauen", "braue", "augenbrauen", "augenbraue",
        "ceja", "cejas", "sourcil", "sourcils", "sopracciglio", "sopracciglia", "sobrancelha", "sobrancelhas", "眉", "брови",
    ),
}  # fmt: skip
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_SIGNS = re.compile("(左|右|口|目|眼|眉|瞳|頭|顔|顎|まぶた|瞼)")  # Japanese runs on without spaces
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def folded(name: str) -> list[str]:
    """The words of a name, without case and separators.

    >>> folded("Mund_AI.001")
    ['mund', 'ai', '001']
    """
    text = _SIGNS.sub(r"_\1_", _CAMEL.sub("_", unicodedata.normalize("NFKC", name)))
    return [without_accents(part.casefold().replace("œ", "oe")) for part in _PARTS.findall(text)]


def features_named(name: str) -> set[str]:
    """The features that a name speaks of: "mouth", "eyes", "brows"."""
    words = set(folded(name))
    return {feature for feature, known in _OF_FEATURES.items() if words.intersection(known)}


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
    for feature, words in (("eyes", _LID_WORDS), ("brows", _BROW_WORDS)):
        shown = _named(listed, words, feature)
        if len(shown) >= 2 and {"eyes": "shut", "brows": "up"}[feature] in shown:
            recognised.append(Recognised(feature, "", shown))
    return tuple(recognised)


def _best_mouth(names: Sequence[str]) -> Recognised | None:
    best: tuple[int, Recognised] | None = None
    for chart in CHARTS.values():
        said = _named(names, chart.words, "mouth")
        bare = _named([name for name in names if not features_named(name)], chart.words, "")
        for shown, least in ((said, chart.least - 1), (bare, chart.least)):
            if chart.telling and len(chart.telling.intersection(shown)) < 2:
                continue
            if len(shown) >= max(3, least) and (best is None or len(shown) > best[0]):
                best = (len(shown), Recognised("mouth", chart.name, shown))
    return best[1] if best is not None else None


def _named(names: Sequence[str], words: Mapping[str, str], feature: str) -> dict[str, str]:
    """Drawing → the first of the names that names it, in words beside those of the feature."""
    shown: dict[str, str] = {}
    for name in names:
        parts = folded(name)
        of_feature = _OF_FEATURES.get(feature, ())
        if feature and not set(parts).intersection(of_feature):
            continue
        left = [part for part in parts if part not in of_feature and not part.isdigit()]
        drawing = words.get("".join(left)) or (words.get(left[-1]) if left and feature else None)
        if drawing is not None:
            shown.setdefault(drawing, name)
    return shown
