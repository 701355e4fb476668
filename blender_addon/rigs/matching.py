# SPDX-License-Identifier: GPL-3.0-or-later
"""One matcher for the names in this folder's data modules. Pure Python: no bpy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .face_words import MOUTH, words_for

_SIDES = {"left": "left", "right": "right", "l": "left", "r": "right"}
# A side at the end, set off by a separator ("_L", ".left", "-R", " Right").
_SEPARATED_SIDE = re.compile(r"[._\- ](left|right|l|r)$")
# Autodesk HumanIK's bones: "Character1_Head".
_CHARACTER = re.compile(r"character\d*_")
_SEPARATORS = re.compile(r"[._\-:|/ ]+")
# Katakana to Hiragana, which lie 0x60 apart: MMD names are written in either.
_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}

_STROKED = str.maketrans({"ł": "l", "œ": "oe"})  # letters that are not a plain one with an accent
_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")

# How sure a match is, by how the name was found.
EXACT, SPELLING, PREFIXED, TAIL = 1.0, 0.95, 0.9, 0.8
_SHORTEST_TAIL = 5
_NUMBER = re.compile(r"\.\d{3}$")  # Blender's own, of what was doubled: "jawOpen.001"
_ENDING = re.compile(r"(?=[._\-:| ])")
_NUMBERED = re.compile(r"(?<=[^\W\d_])[._\- ]?\d+$")  # what a tool counted: "jawOpen1", "mouthPucker_07"
_FEWEST_BEHIND = 6  # names that stand behind one and the same word: "PH_aa", "PH_PP" …
_FEWEST_ENDINGS, _ENDINGS_SHARE = 5, 0.6  # of a mesh's names that end alike: "jawOpen_v2", "browDown_L_v2"
_NAMESPACE = re.compile(r".*[:|]")
# "Face_M_A", "kuchi A", "MTH_A01", "02.A", "mouthA": a vowel's letter behind what its four siblings have there too.
_VOWEL = re.compile(
    r"^(?P<before>|.*(?:[\W_\d]|[a-z](?=[A-Z])))(?P<letter>[AIUEOaiueo])(?P<behind>[._\- ]?\d*)$"
)
_SIBLINGS = 4
_OF_MOUTHS = frozenset(
    (
        "mouth", "mth", "kuchi", "口", "lip", "lips", "vowel", "vowels", "viseme", "visemes", "phoneme", "phonemes", "ph",
        "talk", "speech", "say", "sound", "face", "head", "blend", "shape", "morph", "key", "m", "v",
    )
) | {word.casefold() for word in words_for(MOUTH)}  # fmt: skip


@lru_cache(maxsize=32768)
def normalise(name: str) -> str:
    """A shape key's name without case, separators, accents and width variants, its side written out.

    >>> normalise("Eye_Blink.L")
    'eyeblinkleft'
    """
    text = unicodedata.normalize("NFKC", name).strip()
    # "eyeBlinkL", "目閉じL": a capital side letter after a small letter, or after a script that has no capitals.
    text = re.sub(r"(?<=[^\W\d_A-Z])([LR])$", r"_\1", text)
    text = text.casefold()
    ending = _SEPARATED_SIDE.search(text)
    side = ""
    if ending:
        side = _SIDES[ending.group(1)]
        text = text[: ending.start()]
    if not text.isascii():
        text = without_accents(text).translate(_HIRAGANA)
    return re.sub(r"[\W_]", "", text) + side


def without_accents(text: str) -> str:
    """Text in small letters whose Latin letters have no accents: "parpado" for "párpado"; other scripts stay as they are."""
    if text.isascii():  # as most names are of the thousands in a scene
        return text
    bare = "".join(_ACCENTS.sub("", unicodedata.normalize("NFD", sign)) for sign in text)
    return unicodedata.normalize("NFC", bare).translate(_STROKED)


@dataclass(frozen=True)
class Match:
    """A shape key that fits a name, and how sure that is (0…1)."""

    key: str
    confidence: float


class NameIndex:
    """The shape keys of a mesh, to be found by a convention's names."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._exact = frozenset(names)
        self._whole: dict[str, list[str]] = {}
        self._tails: dict[str, list[str]] = {}
        self._named_spaced: dict[str, str] = {}
        for name in names:
            self._whole.setdefault(normalise(name), []).append(name)
            bare = without_namespace(name)
            if bare != name:
                self._named_spaced[name] = bare
            # "Face.M_F00_000_00_Fcl_MTH_A", "head__eCTRLvAA", "ns:jawOpen": what a tool put before may be anything.
            for place in _SEPARATORS.finditer(name):
                tail = normalise(name[place.end() :])
                if len(tail) >= _SHORTEST_TAIL:
                    self._tails.setdefault(tail, []).append(name)
        self._bare: dict[str, list[str]] = {}
        for name, bare in self._named_spaced.items():
            self._bare.setdefault(normalise(bare), []).append(name)
        # "jawOpen_shape", "jawOpen.001": what a tool put behind, with anything before it.
        self._cut: dict[str, list[str]] = {}
        for name, short in _without_endings(names).items():
            forms = {normalise(short)} | {
                tail
                for place in _SEPARATORS.finditer(short)
                if len(tail := normalise(short[place.end() :])) >= _SHORTEST_TAIL
            }
            for form in forms - {""}:
                self._cut.setdefault(form, []).append(name)
        self._vowels = _vowel_families(names)
        self._shared = _behind_one_word(names)
        self._prefixed: dict[tuple[str, ...], dict[str, list[str]]] = {}

    def _without(self, prefixes: tuple[str, ...]) -> dict[str, list[str]]:
        if prefixes not in self._prefixed:
            by_rest: dict[str, list[str]] = {}
            for name in self.names:
                for form in {name.strip(), self._named_spaced.get(name, name).strip()}:
                    lowered = _separated_alike(form.casefold())
                    for prefix in prefixes:
                        if lowered.startswith(_separated_alike(prefix)):
                            by_rest.setdefault(normalise(form[len(prefix) :]), []).append(name)
            self._prefixed[prefixes] = by_rest
        return self._prefixed[prefixes]

    def may_have(self, plain: frozenset[str], prefixes: tuple[str, ...] = ()) -> bool:
        """Whether any of some names could be found at all: False costs far less than asking for each.

        Args:
            plain: names as `normalise` writes them.
            prefixes: what may stand before them, in small letters.
        """
        places = [self._whole, self._bare, self._tails, self._cut, self._shared, self._vowels]
        if prefixes:
            places.append(self._without(prefixes))
        return not all(plain.isdisjoint(place) for place in places)

    def find(
        self, name: str, prefixes: tuple[str, ...] = (), whole: bool = False, behind_any: bool = False
    ) -> list[Match]:
        """The shape keys that a name may stand for, the surest first, each once.

        Args:
            name: as the convention writes it.
            prefixes: what may stand before it, in small letters.
            whole: do not look at the end of longer names.
            behind_any: but behind any word that many names of the mesh begin with.
        """
        plain = normalise(name)
        if not plain:
            return []
        confidences: dict[str, float] = {name: EXACT} if name in self._exact else {}
        for keys, confidence in (
            (self._whole.get(plain, ()), SPELLING),
            (self._without(prefixes).get(plain, ()) if prefixes else (), PREFIXED),
            (self._bare.get(plain, ()), PREFIXED),
            (self._vowels.get(plain, ()) if whole else self._tails.get(plain, ()), TAIL),
            (self._shared.get(plain, ()) if behind_any else (), TAIL),
            (() if whole else self._cut.get(plain, ()), TAIL),
        ):
            for key in keys:
                confidences.setdefault(key, confidence)
        return [Match(key, confidence) for key, confidence in confidences.items()]


def _separated_alike(text: str) -> str:
    """Text with one kind of separator, as long as it was."""
    return re.sub(r"[.\- ]", "_", text)


def _behind_one_word(names: Sequence[str]) -> dict[str, list[str]]:
    """What stands behind a beginning that many names share, normalised → those names: "aa" → "PH_aa"."""
    families: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        for place in _SEPARATORS.finditer(name.strip()):
            before, rest = name.strip()[: place.start()], name.strip()[place.end() :]
            if before and rest:
                families.setdefault(normalise(before), []).append((normalise(rest), name))
    result: dict[str, list[str]] = {}
    for family in families.values():
        if len(family) >= _FEWEST_BEHIND:
            for rest, name in family:
                result.setdefault(rest, []).append(name)
    return result


def _without_endings(names: Sequence[str]) -> dict[str, str]:
    """Name → what is left of it without the ending that most names of its mesh have, and without Blender's number.

    A number alone is an ending where most names have one and each of them is another's without it: "jawOpen1", "jawLeft2".
    """
    counts: dict[str, int] = {}
    for name in names:
        for place in _ENDING.finditer(name):
            counts[name[place.start() :]] = counts.get(name[place.start() :], 0) + 1
    least = max(_FEWEST_ENDINGS, _ENDINGS_SHARE * len(names))
    alike = [
        name
        for name, count in counts.items()
        if count >= least and not _SEPARATED_SIDE.match(name.casefold())
    ]
    common = max(alike, key=len, default="")
    numbered = {name: _NUMBERED.sub("", name) for name in names if _NUMBERED.search(name)}
    told_apart = len({normalise(numbered.get(name, name)) for name in names}) == len(names)
    if common or not told_apart or len(numbered) < least:
        numbered = {}
    result = {}
    for name in names:
        short = name[: -len(common)] if common and name.endswith(common) else _NUMBER.sub("", name)
        short = numbered.get(name, short)
        if short and short != name:
            result[name] = short
    return result


def without_namespace(name: str) -> str:
    """A name without what programs put before a colon or an upright stroke: "rig:Head", "Armature|Head"."""
    return _NAMESPACE.sub("", name) or name


def _is_of_mouths(before: str) -> bool:
    """Whether what stands before a vowel's letter speaks of a mouth, or of nothing: "hair_" is no mouth's."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+|[^\W\d_A-Za-z]+", without_namespace(before) or "")
    return not words or not _OF_MOUTHS.isdisjoint(word.casefold() for word in words)


def _vowel_families(names: Sequence[str]) -> dict[str, list[str]]:
    """Small vowel letter → shape keys that end in it, where four of the five stand behind one prefix, numbers apart."""
    families: dict[tuple[str, bool], dict[str, str]] = {}
    for name in names:
        parts = _VOWEL.match(name.strip())
        if parts and (parts["before"] or parts["behind"]) and _is_of_mouths(parts["before"]):
            before = re.sub(r"\d+", "#", parts["before"]).casefold()
            family = families.setdefault((before, bool(parts["behind"])), {})
            family.setdefault(parts["letter"].casefold(), name)
    result: dict[str, list[str]] = {}
    for family in families.values():
        if len(family) >= _SIBLINGS:
            for letter, name in family.items():
                result.setdefault(letter, []).append(name)
    return result


@lru_cache(maxsize=256)
def index(names: tuple[str, ...]) -> NameIndex:
    """The index of a mesh's shape key names; the panel asks for the same ones again and again."""
    return NameIndex(names)


@lru_cache(maxsize=8192)
def _plain(name: str, prefixes: tuple[str, ...]) -> frozenset[str]:
    """The forms in which a bone's name may be meant; kept, since a rig is looked at again and again."""
    lowered = unicodedata.normalize("NFKC", name).casefold()
    bare = without_namespace(lowered)
    forms = {lowered, bare, lowered.replace("-", "_"), bare.replace("-", "_")}
    for form in (lowered, bare):
        forms.update(form[len(prefix) :] for prefix in prefixes if form.startswith(prefix))
        numbered = _CHARACTER.match(form)
        if numbered:
            forms.add(form[numbered.end() :])
    return frozenset(forms)


def match_bones(bones: Iterable[str], wanted: Sequence[str], prefixes: tuple[str, ...]) -> list[str]:
    """The bones that carry one of the wanted names, best first (the order of `wanted`, plain names first)."""
    forms: Mapping[str, frozenset[str]] = {bone: _plain(bone, prefixes) for bone in bones}
    best_first: list[str] = []
    for name in wanted:
        fitting = [bone for bone in forms if name in forms[bone] and bone not in best_first]
        best_first += sorted(fitting, key=lambda bone: (len(bone), bone))
    return best_first
