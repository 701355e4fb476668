# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose line a recording is, told from names: the strip's, its channel's, the file's, its folder's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# Words that riggers put into names and that say nothing about who it is.
GENERIC: Final = frozenset(
    (
        *("rig", "metarig", "armature", "skeleton", "skel", "root", "main", "ctrl", "ctl"),
        *("char", "character", "ch", "chr", "actor", "avatar", "model", "proxy", "override"),
        *("body", "head", "face", "mesh", "geo", "grp"),
    )
)
_WORD = re.compile(r"[^\W\d_]+|\d+")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][^\W\d_A-Z])")
_COPY = re.compile(r"\.\d{3,}$")


@dataclass(frozen=True)
class Match:
    """Whose a line is.

    Attributes:
        owner: the character's identifier; "" where it is nobody's, or several might be meant.
        by: what told: "strip", "channel", "file" or "folder".
        rivals: those that might be meant, where several are.
    """

    owner: str = ""
    by: str = ""
    rivals: tuple[str, ...] = ()


def words(text: str) -> tuple[str, ...]:
    """The words of a name, without case and accents: "GrannyAnna_02" is granny, anna, 02.

    Words end where letters and digits meet, at signs, and at humps (aB).
    """
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    )
    return tuple(word.casefold() for word in _WORD.findall(_HUMP.sub(" ", plain)))


def core(name: str) -> tuple[str, ...]:
    """The words of a character's name that say who it is: "CH-Alice_rig.001" is alice. Empty where none does."""
    return tuple(word for word in words(_COPY.sub("", name)) if word not in GENERIC and not word.isdigit())


def _contains(text: Sequence[str], part: Sequence[str]) -> bool:
    return any(tuple(text[i : i + len(part)]) == tuple(part) for i in range(len(text) - len(part) + 1))


def _length(part: Sequence[str]) -> int:
    return sum(map(len, part))


def best_in(text: str, characters: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The characters whose name a text contains, with the longest name; several where they cannot be told apart.

    A whole name counts more than one without its generic words and copy number, so that "Alice.001" and "Alice" differ where
    the text says which. Where no name stands there as words, names of four letters and more are sought anywhere, so that
    "aliceline3" is Alice's; shorter ones would be found in other words.

    Args:
        text: such as a strip's name.
        characters: identifier → its names.
    """
    said = words(text)
    run_on = "".join(said)
    ranks: dict[str, tuple[int, int, int]] = {}
    parts: dict[str, tuple[str, ...]] = {}
    for owner, names in characters.items():
        for name in names:
            for whole, part in ((1, words(name)), (0, core(name))):
                if not part or all(word in GENERIC or word.isdigit() for word in part):
                    continue
                if _contains(said, part):
                    rank = (1, _length(part), whole)
                elif _is_rare(part) and "".join(part) in run_on:
                    rank = (0, _length(part), whole)
                else:
                    continue
                if owner not in ranks or rank > ranks[owner]:
                    ranks[owner], parts[owner] = rank, part
    if not ranks:
        return ()
    best = max(ranks.values())
    leading = tuple(owner for owner, rank in ranks.items() if rank == best)
    if len(leading) > 1:
        return leading
    # "Alice_to_Bob" names two, and whose it is cannot be told from which name is longer; "Ann_Lee_1" names no Ann.
    longest = parts[leading[0]]
    apart = [
        owner
        for owner, rank in ranks.items()
        if owner not in leading and rank[0] == best[0] and "".join(parts[owner]) not in "".join(longest)
    ]
    return (*leading, *apart)


def _is_rare(part: Sequence[str]) -> bool:
    """Whether a name is too long to be found in other words by chance; scripts without spaces need less."""
    return _length(part) >= (4 if "".join(part).isascii() else 2)


def owner_of(places: Sequence[tuple[str, str]], characters: Mapping[str, Iterable[str]]) -> Match:
    """Whose a line is.

    Args:
        places: (what it is, its text) to look at, the most telling first.
        characters: identifier → its names.

    Returns:
        The owner that the first telling place names. A place that names several leaves the choice between them to the
        places after it.
    """
    pool = {owner: tuple(names) for owner, names in characters.items()}
    rivals: tuple[str, ...] = ()
    for kind, text in places:
        owners = best_in(text, pool)
        if len(owners) == 1:
            return Match(owners[0], kind)
        if owners:
            rivals = owners
            pool = {owner: pool[owner] for owner in owners}
    return Match(rivals=tuple(sorted(rivals)))
