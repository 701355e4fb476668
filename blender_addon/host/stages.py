# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said while something is under way, in other languages, also with numbers and names in it. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from . import character_words

GERMAN: Final = {
    "Cutting the lips": "Lippen trennen",
    "Installing": "Installieren",
    "Looking for packages": "Pakete suchen",
    "Making the environment": "Umgebung anlegen",
    "Measuring the characters": "Figuren vermessen",
    "Moving lips and head": "Lippen und Kopf bewegen",
    "Moving the lips": "Lippen bewegen",
    "Preparing": "Vorbereiten",
    "Trying it": "Ausprobieren",
}
"""English → German, beside the stages that `translations` has."""

GERMAN_WITH_GAPS: Final = {
    "Downloading {}": "{} herunterladen",
    "Live: {} s": "Live: {} s",
    "Looking for {}": "{} suchen",
    "Putting the lines of '{}' together": "Zeilen von „{}“ zusammensetzen",
    "{} is here already": "{} ist schon da",
    "{} of {} lines": "{} von {} Zeilen",
    "{} of {} lines, about {} left": "{} von {} Zeilen, noch etwa {}",
}
"""The same for texts in which something stands that is in no language."""

_WITH_GAPS: Final = {"de": {**GERMAN_WITH_GAPS, **character_words.GERMAN}}


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
