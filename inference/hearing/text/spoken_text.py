"""A line's text: its words as sounds, and whether it is what a recording says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from .alignment import Aligned, align
from .letters import Sound, sounds_of
from .trust import fitting
from .words import spoken_words

_MOST_UNTOLD: Final = 0.5  # of a text's sounds
LONGEST: Final = 200_000
"""Letters that are read: nearly four hours of speech."""


def sounds_of_text(text: str) -> list[tuple[Sound, ...]]:
    """The words of a text that are said, each as its sounds; of a text beyond `LONGEST` those of its beginning."""
    return [sounds for sounds in map(sounds_of, spoken_words(text[:LONGEST])) if sounds]


def tells_sounds(words: Sequence[Sequence[Sound]]) -> bool:
    """Whether there are words, and most of their letters tell how they sound."""
    told = [sound.told for word in words for sound in word]
    return bool(told) and sum(told) > (1 - _MOST_UNTOLD) * len(told)


def heard_text(
    words: Sequence[Sequence[Sound]], phones: np.ndarray, names: Sequence[str]
) -> tuple[Aligned, np.ndarray] | None:
    """When the words' sounds are heard, and (T,) bool in which frames they are what is said; None where that is nowhere.

    Args:
        words: at least one, see `sounds_of_text`.
        phones: (T, P) posteriors at 50 frames a second.
        names: of the P phones; the first is silence.
    """
    if not len(phones):
        return None
    aligned = align(words, phones, names)
    speech = phones[:, 0] < 0.5
    fits = fitting(aligned.agreement, speech)
    return (aligned, fits) if (fits & speech).any() else None
