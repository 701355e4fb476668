# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts with numbers and names in them, in other languages: stages, reasons, and what is said of characters. No bpy."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from . import character_words, drawing_words, problem_words, reasons, sentences, stages

_WITH_GAPS: Final = {
    "de": {
        **stages.GERMAN_WITH_GAPS,
        **reasons.GERMAN_WITH_GAPS,
        **reasons.as_sentences(reasons.GERMAN_WITH_GAPS),
        **character_words.GERMAN,
        **drawing_words.GERMAN,
        **problem_words.GERMAN,
        **sentences.GERMAN,
    }
}
"""Language → English → translation, "{}" for what is in no language, or for one of `_PARTS`."""
_PARTS: Final = {"de": sentences.PARTS}
_SENTENCE_ENDS: Final = re.compile(r"(?<=[.?]) (?=\S)")
_FEWEST_SPACES: Final = 3
"""Of a sentence: what has fewer is a name."""


class _Pattern(NamedTuple):
    """A text with gaps, compiled.

    Attributes:
        english: what it is in English, to be compiled once it is looked for.
        pieces: what stands between the gaps; a text without one of them is another.
        translation: and in the language.
        names: of each gap, whether a user's name stands in it, which is in no language: it has quotation marks.
    """

    english: str
    pieces: tuple[str, ...]
    translation: str
    names: tuple[bool, ...]


def with_gaps(text: str, locale: str, translated: Callable[[str], str]) -> str:
    """A text with numbers and names in a language; as it is where there are no words for it.

    Args:
        text: such as "2 of 5 lines".
        locale: the language, such as "de_DE".
        translated: gives a text without any in the language.
    """
    language = locale.partition("_")[0]
    words = _known(text, language)
    if words is not None:
        return words
    # One of several, such as pictures or lines; what is said of it may have a colon itself.
    start = text.find(": ")
    while start >= 0:
        stage = text[start + 2 :]
        words = _known(stage, language)
        told = translated(stage) if words is None else words
        if told != stage:
            return f"{text[: start + 2]}{told}"
        start = text.find(": ", start + 2)
    return text


@lru_cache(maxsize=1024)  # panels ask for the same texts at each redraw
def _known(text: str, language: str) -> str | None:
    """A text with gaps in a language, or several sentences of which each is known; None where there are no words for it."""
    for end in _SENTENCE_ENDS.finditer(text):
        # First, for a sentence that begins with a gap would take the one before for what stands in it.
        first = _filled(text[: end.start()], _patterns(language), language)
        rest = None if first is None else _known(text[end.end() :], language)
        if rest is not None:
            return f"{first} {rest}"
    return _filled(text, _patterns(language), language)


def _filled(text: str, patterns: list[_Pattern], language: str) -> str | None:
    for pattern in patterns:
        if not all(piece in text for piece in pattern.pieces):
            continue  # quick, for there are hundreds
        match = re.fullmatch(pattern.english, text, re.DOTALL)
        if match:
            parts = (
                part if is_name else _of_gap(part, language)
                for part, is_name in zip(match.groups(), pattern.names)
            )
            return pattern.translation.format(*parts)
    return None


def _of_gap(part: str, language: str) -> str:
    """What stands in a gap: a part of sentences, or a whole one, as behind "… was left out: "; also without its full stop."""
    words = _filled(part, _parts(language), language)
    if words is None and part.endswith((".", "?")):
        words = _known(part, language)
    if words is None and part.count(" ") >= _FEWEST_SPACES:
        sentence = _known(f"{part}.", language)
        words = None if sentence is None else sentence.removesuffix(".")
    return part if words is None else words


@lru_cache(maxsize=4)
def _patterns(language: str) -> list[_Pattern]:
    return _compiled(_WITH_GAPS.get(language, {}))


@lru_cache(maxsize=4)
def _parts(language: str) -> list[_Pattern]:
    return _compiled(_PARTS.get(language, {}))


def _compiled(table: dict[str, str]) -> list[_Pattern]:
    """What a table knows, the longest first: they say most."""
    return [
        _Pattern(
            re.escape(english).replace(r"\{\}", "(.*?)"),
            tuple(english.split("{}")),
            table[english],
            tuple(
                before.endswith("'") and after.startswith("'")
                for before, after in pairwise(english.split("{}"))
            ),
        )
        for english in sorted(table, key=len, reverse=True)
    ]
