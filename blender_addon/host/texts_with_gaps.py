# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts with numbers and names in them, in other languages: stages, reasons, and what is said of characters. No bpy."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from . import character_words, drawing_words, problem_words, reasons, stages

_WITH_GAPS: Final = {
    "de": {
        **stages.GERMAN_WITH_GAPS,
        **reasons.GERMAN_WITH_GAPS,
        **reasons.as_sentences(reasons.GERMAN_WITH_GAPS),
        **character_words.GERMAN,
        **drawing_words.GERMAN,
        **problem_words.GERMAN,
    }
}
"""Language → English → translation, "{}" for what is in no language."""


def with_gaps(text: str, locale: str, translated: Callable[[str], str]) -> str:
    """A text with numbers and names in a language; as it is where there are no words for it.

    Args:
        text: such as "2 of 5 lines".
        locale: the language, such as "de_DE".
        translated: gives a text without any in the language.
    """
    for pattern, words in _patterns(locale.partition("_")[0]):
        found = pattern.fullmatch(text)
        if found:
            return words.format(*found.groups())
    name, between, stage = text.rpartition(": ")  # one of several, such as pictures
    return f"{name}{between}{translated(stage)}"


@lru_cache(maxsize=4)
def _patterns(language: str) -> list[tuple[re.Pattern[str], str]]:
    """The longest first: they say most."""
    table = _WITH_GAPS.get(language, {})
    return [
        (re.compile(re.escape(english).replace(r"\{\}", "(.+)"), re.DOTALL), table[english])
        for english in sorted(table, key=len, reverse=True)
    ]
