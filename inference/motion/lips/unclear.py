"""Speech that is heard badly: told to the user, since the mouth moves all the same, and perhaps as nobody said it.

Where noise, other voices or an echo are as loud as who speaks, hardly any sound is surely one phone; and where nothing is left
above 2 kHz, vowels are alike. What hides words is there between them too: where it falls silent, it is the voice itself that is
unlike others, which shouts or cries or is distorted. Strong compression, walkie-talkies and noise reductions take what is soft
out of loud sounds, and leave holes beside loud bands that no throat, room or telephone leaves.
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
_FULL = -20.0  # dB beside the speech level: frames whose bands are looked at for holes
_BANDS = slice(6, MEL_BANDS - 6)  # in which: 0.4 to 5 kHz
_HOLE, _BESIDE, _NEXT = (
    -66.0,
    -48.0,
    2,
)  # dB of all bands that a hole has at most, a band so near to it at least
_THINNED = 0.02  # share of the bands that are such holes: 106 recordings of people have 0.006 at most, mp3 at 8 kbps 0.03
_ALWAYS = 0.7  # of the time that a band is one where a filter cut it off, as a telephone does
_UNCLEAR_THINNED = 0.56  # as `_UNCLEAR`, where the reason is known
_HIGH = MEL_BANDS // 2  # bands centred at 1.9 kHz and above, whose lowest begins at 1.75
_SIBILANTS = 95  # percentile of their share of the power: s and t have it, and telephones let it through
_DULL = -32.0  # dB: the dullest of 215 recordings of people has -25


def unclear_parts(
    phones: np.ndarray, power: np.ndarray, levels: Levels, moving: np.ndarray, echoes: bool = False
) -> tuple[Spans, Spans, Spans]:
    """Where words are heard badly.

    Args:
        phones: (T / 2, P) posteriors at 50 Hz, silence's first, as the network heard them.
        power, levels: of the same sound, (T, 40) mel power and its levels at 100 Hz.
        moving: (T / 2,) bool, frames in which the mouth moves.
        echoes: whether a long echo was lowered in it: then its pauses tell nothing.

    Returns:
        (start, end) in seconds, in order, with what is badly heard one after the other told as one: where something else is
        heard between the words, where it falls silent between them, and where much of the sound was taken out.
    """
    rate, size = FEATURE_RATE / STRIDE, _PART // STRIDE
    level = levels.relative[::STRIDE][: len(moving)]
    loud = (level > _LOUD) & moving
    hidden: Spans = []
    strained: Spans = []
    thinned: Spans = []
    for first in range(0, max(len(loud) - size // 2, 1), size):
        last = first + size if first + 1.5 * size < len(loud) else len(loud)
        places = first + np.flatnonzero(loud[first:last])
        if len(places) * STRIDE < _FEWEST_FRAMES:
            continue
        told = phones[places, 1:]
        clear = told.max(axis=1).mean()
        if clear >= _UNCLEAR_THINNED or not _are_words(told):
            continue
        if _holes(power[places[level[places] > _FULL] * STRIDE]) > _THINNED:
            spans = thinned
        elif clear < _UNCLEAR:
            falls_silent = np.percentile(level[places[0] : places[-1] + 1], _SELDOM) < _SILENT
            spans = strained if falls_silent and not echoes else hidden
        else:
            continue
        start, end = places[0] / rate, (places[-1] + 1) / rate
        if spans and start - spans[-1][1] < 1.0:
            start = spans.pop()[0]
        spans.append((start, end))
    return hidden, strained, thinned


def _holes(power: np.ndarray) -> float:
    """The share of (N, 40) mel power's bands in which next to nothing is left, beside one that is loud."""
    shares = power / np.maximum(power.sum(axis=1, keepdims=True), 1e-10)
    beside = np.pad(shares[:, _BANDS], ((0, 0), (_NEXT, _NEXT)))
    louder = np.maximum(beside[:, : -2 * _NEXT], beside[:, 2 * _NEXT :]) > 10 ** (_BESIDE / 10)
    empty = shares[:, _BANDS] < 10 ** (_HOLE / 10)
    return float((empty & louder & (empty.mean(axis=0) < _ALWAYS)).mean()) if empty.size else 0.0


def _are_words(phones: np.ndarray) -> bool:
    """Whether so many different sounds are the likeliest ones of (N, P) posteriors as in words."""
    return len(np.unique(phones.argmax(axis=1))) >= _FEWEST_SOUNDS


def is_dull(phones: np.ndarray, power: np.ndarray, levels: Levels, moving: np.ndarray) -> bool:
    """Whether hardly anything is heard above 2 kHz in what is said.

    Args:
        phones, power, levels, moving: see `unclear_parts`.
    """
    places = np.flatnonzero((levels.relative[::STRIDE] > _LOUD)[: len(moving)] & moving)
    if len(places) * STRIDE < _FEWEST_FRAMES or not _are_words(phones[places, 1:]):
        return False
    loud = power[places * STRIDE]
    share = loud[:, _HIGH:].sum(axis=1) / np.maximum(loud.sum(axis=1), 1e-10)
    return bool(10 * np.log10(np.percentile(share, _SIBILANTS) + 1e-10) < _DULL)


def unclear_warnings(name: str, hidden: Spans, strained: Spans, thinned: Spans, dull: bool) -> list[str]:
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
    if thinned:
        told.append(
            f"{name}: from {times_told(thinned)} words are hard to hear, because much of their sound was taken out, as strong "
            "compression, a radio or a noise reduction does, so the lips may not fit there. Use the recording as it was before."
        )
    return told
