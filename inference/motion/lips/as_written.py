"""Where a line's text is known, the ear is surer: what is heard, as far as it is what is written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from ...face.runs import runs_of
from ...hearing.text.alignment import Aligned
from ...hearing.text.letters import BILABIAL, Sound
from ...hearing.text.spoken_text import LONGEST, heard_text, sounds_of_text, tells_sounds
from .lip_closure import BILABIALS
from .unmoved import Spans, times_told

_WORD_FITS: Final = -1.3  # `Aligned.fits` of a word that is used
_WELL: Final = -0.7  # and of one that is surely what is said
_AROUND: Final = 15  # frames on either side, 0.3 s
_MADE: Final = -0.4  # mean `Aligned.agreement` around a p, b or m of the text that is made
_RELEASED: Final = -0.2  # and around one that is heard, where the text has none, and that is opened
_FAINT: Final = 0.05  # posterior of p, b and m below which there is nothing to open
_HEARD: Final = 0.6  # posterior of p, b and m that needs no text
_NOT_AT_ALL: Final = 0.03  # what makes none: letters are silent in some words, as in French "temps"
_HINT: Final = 0.15  # the same in a word that may be another
_LIKE: Final = {"P": ("T", "K"), "B": ("D", "G"), "M": ()}
"""What an ear takes them for: made alike at another place, in a word that is surely what is said. No n for m, which at the end of
Portuguese and French words is how they write it. Both were seen in sentences that `evaluate --texts` measures."""
_OF_LIKE: Final = 0.1  # what of their posteriors counts for them
_SURER: Final = 0.9  # and what it becomes where the text has one that is heard less
_BESIDE: Final = 1  # frames on either side of a sound's span in which its closure is looked for
_HALF: Final = 1  # frames on either side of its middle: 60 ms
_NEAR: Final = 3  # frames around a p, b or m of the text in which one may be heard
_CLEAR: Final = 0.8  # posterior of p, b and m that no text denies, if it lasts
_LASTING: Final = 2  # frames
_OTHERS: Final = 0.1  # what is left of sounds that the letters do not tell
_LEAST: Final = 0.02  # posterior of all that they tell, below which the ear is believed
_UNFIT_SECONDS: Final = 0.3  # of speech, where a text does not fit, that is told
_RATE: Final = 50  # frames a second
_LEFT_OUT: Final = {
    "other": "The text does not fit what is heard in {name}: it was left out. Check that it is what is said there.",
    "untold": "The text of {name} was left out: it can be used in languages whose letters tell their sounds.",
    "nothing said": "The text of {name} has no words that are said: it was left out.",
}


def as_written(phones: np.ndarray, names: tuple[str, ...], text: str) -> tuple[np.ndarray, str, Spans]:
    """What is heard, made surer by what is said.

    Where the text has a p, b or m that is hardly heard, one is; where it has none nearby, none is, unless it is heard clearly:
    somebody said another word than is written. Of the sounds that a letter may stand for each is likelier than others. Words
    that are not heard as they are written change nothing, nor do whole stretches of a text that are not what is said.

    Args:
        phones: (T, P) posteriors at 50 frames a second.
        names: the P phone names, silence first.
        text: what is said, as people write it.

    Returns:
        (T, P) float32, the same array where the text is not used; why it is not, one of `_LEFT_OUT`'s keys, or ""; and the
        seconds in which it is not, though elsewhere it is.
    """
    words = sounds_of_text(text)
    if not tells_sounds(words):
        return phones, "untold" if words else "nothing said", []
    heard = heard_text(words, phones, names)
    if heard is None:
        return phones, "other", []
    aligned, fits = heard
    sounds = [sound for word in words for sound in word]
    return _surer(phones, names, sounds, aligned, fits), "", _spoken(~fits, phones[:, 0] < 0.5)


def _spoken(frames: np.ndarray, speech: np.ndarray) -> Spans:
    """What is said in some frames (T,), in seconds, without the pauses before and after."""
    spans: Spans = []
    for begin, end in runs_of(frames).tolist():
        said = begin + np.flatnonzero(speech[begin:end])
        if len(said) >= _UNFIT_SECONDS * _RATE:
            spans.append((float(said[0]) / _RATE, float(said[-1] + 1) / _RATE))
    return spans


def notes(text: str, why: str, unfit: Spans, name: str) -> list[str]:
    """Sentences about a text that was given with a recording and not used, or not everywhere.

    Args:
        text: what is said, as people write it.
        why, unfit: of `as_written`.
        name: the recording's.
    """
    if why:
        return [_LEFT_OUT[why].format(name=name)]
    told = []
    if unfit:
        told.append(
            f"From {times_told(unfit)} the text does not fit what is heard in {name}: it was left out there. Check that it is "
            "what is said."
        )
    if len(text) > LONGEST:
        told.append(
            f"Of the text of {name} the first {LONGEST:,} letters were used, nearly four hours of speech: cut the recording and "
            "its text into parts."
        )
    return told


def _surer(
    phones: np.ndarray, names: tuple[str, ...], sounds: Iterable[Sound], aligned: Aligned, fits: np.ndarray
) -> np.ndarray:
    """The posteriors as the aligned sounds let them be, in the frames (T,) in which the text fits."""
    result = phones.copy()
    columns = [names.index(name) for name in BILABIALS]
    heard = phones[:, columns].sum(axis=1)
    total = np.concatenate([[0.0], aligned.agreement.cumsum()])
    meets, told = np.zeros(len(phones), bool), np.zeros(len(phones), bool)
    spans: list[tuple[int, int, list[int]]] = []
    for sound, (begin, end), fit in zip(sounds, aligned.spans.tolist(), aligned.fits.tolist()):
        if end <= begin:
            continue
        if sound.may_close:
            meets[max(begin - _NEAR, 0) : end + _NEAR] = True
        if fit < _WORD_FITS or not sound.told or not fits[(begin + end) // 2]:
            continue
        told[begin:end] = True
        wanted = [names.index(phone) for phone in sound.phones.split()]
        spans.append((begin, end, wanted))
        if sound.lips == BILABIAL and _around(total, begin, end) >= _MADE:
            phone = sound.phones.split()[0]
            like = [names.index(other) for other in _LIKE[phone]]
            low, high = max(begin - _BESIDE, 0), min(end + _BESIDE, len(phones))
            within = heard[low:high]
            if within.max() < _HEARD:
                hints = within + _OF_LIKE * phones[low:high, like].sum(axis=1) if fit >= _WELL else within
                _closed(result[low:high], hints, wanted[0], _NOT_AT_ALL if fit >= _WELL else _HINT)
    for begin, end, wanted in spans:
        _rather(result[begin:end], wanted)
    parted = told & ~meets
    for begin, end in runs_of(parted & (heard > _FAINT)).tolist():
        parted[begin:end] = _around(total, begin, end) >= _RELEASED
    _parted(result, parted, columns)
    clear = _clear(heard) & ~meets
    result[clear] = phones[clear]
    return result


def _around(total: np.ndarray, begin: int, end: int) -> float:
    """The mean of values whose sums before each frame are ``total`` (T + 1,), on both sides of some frames."""
    low, high = max(begin - _AROUND, 0), min(end + _AROUND, len(total) - 1)
    outside = total[high] - total[end] + total[begin] - total[low]
    return float(outside) / max(high - end + begin - low, 1)


def _clear(heard: np.ndarray) -> np.ndarray:
    """(T,) bool: a p, b or m is heard so clearly, and so long, that the text is not believed against it."""
    runs = runs_of(heard >= _CLEAR)
    clear = np.zeros(len(heard), bool)
    for begin, end in runs[np.diff(runs, axis=1)[:, 0] >= _LASTING].tolist():
        clear[begin:end] = True
    return clear


def _closed(frames: np.ndarray, hints: np.ndarray, phone: int, least: float) -> None:
    """Let a bilabial of the text be heard where most hints at it (n,) in its frames (n, P), in place, if that is enough."""
    if hints.max() <= least:
        return
    around = np.convolve(np.pad(hints, _HALF), np.ones(2 * _HALF + 1), "valid")
    middle = int(around.argmax())
    first, last = max(middle - _HALF, 0), min(middle + _HALF + 1, len(frames))
    frames[first:last] *= 1 - _SURER
    frames[first:last, phone] += _SURER


def _rather(frames: np.ndarray, wanted: list[int]) -> None:
    """Let the sounds that a letter tells be likelier than others in its frames (n, P), in place."""
    weighed = frames * np.float32(_OTHERS)
    weighed[:, wanted] = frames[:, wanted]
    total = weighed.sum(axis=1, keepdims=True)
    frames[:] = np.where(total > _LEAST, weighed / np.maximum(total, _LEAST), frames)


def _parted(result: np.ndarray, frames: np.ndarray, columns: list[int]) -> None:
    """Let no p, b or m be heard in some frames (T,), in place."""
    less = result[frames]
    less[:, columns] = 0
    total = less.sum(axis=1, keepdims=True)
    result[frames] = np.where(total > _LEAST, less / np.maximum(total, _LEAST), result[frames])
