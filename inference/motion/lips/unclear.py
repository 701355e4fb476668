"""Speech that is heard badly: told to the user, since the mouth moves all the same, and perhaps as nobody said it.

Where noise, other voices or an echo are as loud as who speaks, hardly any sound is surely one phone; and where nothing is left
above 2 kHz, vowels are alike. What hides words is there between them too: where it falls silent, it is the voice itself that is
unlike others, which shouts or cries or is distorted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...hearing.backends.weights import STRIDE
from ...hearing.features import FEATURE_RATE, MEL_BANDS
from .unmoved import Spans, times_told

if TYPE_CHECKING:
    from ...hearing.loudness import Levels

_LOUD = -25.0  # dB beside the speech level: frames that tell how well words are heard
_UNCLEAR = 0.36  # the likeliest phone's posterior, in the mean
_PART = round(4.0 * FEATURE_RATE)  # frames that are judged together
_FEWEST_FRAMES = round(0.6 * FEATURE_RATE)  # loud ones in which the mouth moves
_FEWEST_SOUNDS = 10  # different ones: a scream or a laugh has no words
_SELDOM = 5  # percentile of the level from the first loud frame to the last
_SILENT = -28.0  # dB beside the speech level, of that: what hides words is louder
_HIGH = MEL_BANDS // 2  # bands centred at 1.9 kHz and above, whose lowest begins at 1.75
_SIBILANTS = 95  # percentile of their share of the power: s and t have it, and telephones let it through
_DULL = -32.0  # dB: the dullest of 215 recordings of people has -25


def unclear_parts(
    phones: np.ndarray, levels: Levels, moving: np.ndarray, echoes: bool = False
) -> tuple[Spans, Spans]:
    """Where words are heard badly.

    Args:
        phones: (T / 2, P) posteriors at 50 Hz, silence's first, as the network heard them.
        levels: of the same sound, T frames at 100 Hz.
        moving: (T / 2,) bool, frames in which the mouth moves.
        echoes: whether a long echo was lowered in it: then its pauses tell nothing.

    Returns:
        (start, end) in seconds, in order, with what is badly heard one after the other told as one: where something else is
        heard between the words, and where it falls silent between them.
    """
    rate, size = FEATURE_RATE / STRIDE, _PART // STRIDE
    level = levels.relative[::STRIDE][: len(moving)]
    loud = (level > _LOUD) & moving
    hidden: Spans = []
    strained: Spans = []
    for first in range(0, max(len(loud) - size // 2, 1), size):
        last = first + size if first + 1.5 * size < len(loud) else len(loud)
        places = first + np.flatnonzero(loud[first:last])
        if len(places) * STRIDE < _FEWEST_FRAMES:
            continue
        told = phones[places, 1:]
        if told.max(axis=1).mean() >= _UNCLEAR or not _are_words(told):
            continue
        start, end = places[0] / rate, (places[-1] + 1) / rate
        falls_silent = np.percentile(level[places[0] : places[-1] + 1], _SELDOM) < _SILENT
        spans = strained if falls_silent and not echoes else hidden
        if spans and start - spans[-1][1] < 1.0:
            start = spans.pop()[0]
        spans.append((start, end))
    return hidden, strained


def _are_words(phones: np.ndarray) -> bool:
    """Whether so many different sounds are the likeliest ones of (N, P) posteriors as in words."""
    return len(np.unique(phones.argmax(axis=1))) >= _FEWEST_SOUNDS


def is_dull(phones: np.ndarray, power: np.ndarray, levels: Levels, moving: np.ndarray) -> bool:
    """Whether hardly anything is heard above 2 kHz in what is said.

    Args:
        phones, levels, moving: see `unclear_parts`.
        power: (T, 40) mel power at 100 Hz.
    """
    places = np.flatnonzero((levels.relative[::STRIDE] > _LOUD)[: len(moving)] & moving)
    if len(places) * STRIDE < _FEWEST_FRAMES or not _are_words(phones[places, 1:]):
        return False
    loud = power[places * STRIDE]
    share = loud[:, _HIGH:].sum(axis=1) / np.maximum(loud.sum(axis=1), 1e-10)
    return bool(10 * np.log10(np.percentile(share, _SIBILANTS) + 1e-10) < _DULL)


def unclear_warnings(name: str, hidden: Spans, strained: Spans, dull: bool) -> list[str]:
    """Sentences about them, which name the recording."""
    told = []
    if dull:
        told.append(
            f"{name} is muffled: hardly anything is heard above 2 kHz, by which vowels are told apart, so the lips may not fit. "
            "Use the recording as it was before it was filtered, or record it nearer to the mouth."
        )
        return told
    if hidden:
        told.append(
            f"{name}: from {times_told(hidden)} words are hard to hear, because of noise, other voices or an echo, so the lips "
            "may not fit there. Record it nearer to the mouth, or give that voice a recording of its own."
        )
    if strained:
        told.append(
            f"{name}: from {times_told(strained)} words are hard to hear, as where a voice shouts, cries or is distorted, so the "
            "lips may not fit there. Where there is a take without effects, use that."
        )
    return told
