"""Sounds that a throat holds or repeats without a word: vowels, tunes, screams, laughter, sobs, hums, coughs, hushes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from inference.hearing.audio import SAMPLE_RATE
from inference.motion.lips.content import CONTENT_RATE
from inference.training.correlation import correlation
from inference.training.disturbances import throat
from inference.training.disturbances.sounds import at_level, held, other_throat, sung
from inference.training.evaluation.metrics import sampled
from inference.training.evaluation.recordings.bench import (
    OPEN,
    SPEECH_LEVEL,
    Bench,
    Case,
    Curve,
    Figure,
    Sound,
    after_each_other,
    figure_of,
    frame_levels,
    over,
    share_open,
    silence,
    sounding_frames,
    trimmed,
)
from inference.training.evaluation.recordings.words import grid_words
from inference.training.synthetic_speech.espeak import VOWELS

HELD_SECONDS = (1.5, 3.0, 6.0)
LEAST_OPEN = 0.02
"""Opening that a vowel has to have: IY and UW are narrow."""

LEAST_SHARE = 0.9
NARROW = frozenset(("IY", "UW"))

_CARRIERS = {"AA": "hot", "AE": "had", "AO": "law", "EH": "head", "IY": "see", "OW": "go", "UW": "too"}
_GRID_VOWELS = {"a": "EY", "o": "OW", "i": "AY", "r": "AA", "e": "IY", "u": "UW", "q": "UW", "f": "EH"}
_HUSHES = (("shh", 2000.0, 6500.0), ("low shh", 1500.0, 5000.0), ("sss", 4500.0, 7800.0))
_LAG_FRAMES = 2  # at 25 fps
_ENVELOPE_RANGE = 30.0  # dB
_RHYTHM_RATE = 25.0


# Held vowels


def held_vowels(bench: Bench) -> Iterator[Figure]:
    """Vowels of all voices, stretched, and vowels by rule: the share of the time that the mouth is open."""
    stretched = [_open_share(bench, *sound) for sound in _stretched(bench)]
    for kind, narrow in (("held vowels, open", False), ("held vowels, narrow", True)):
        cases = [case for case in stretched if (case.group in NARROW) == narrow]
        yield figure_of(kind, "share of time open", cases, np.mean, LEAST_SHARE)


def _open_share(bench: Bench, name: str, group: str, samples: Sound) -> Case:
    opening = bench.opening(samples)
    return Case(name, group, share_open(samples, opening, LEAST_OPEN), samples, opening)


def longest_vowel(phones: list[tuple[str, float, float]]) -> tuple[str, float, float]:
    """The longest vowel among phones, and the times between which it is steady."""
    name, start, end = max(
        (phone for phone in phones if phone[0] in VOWELS), key=lambda phone: phone[2] - phone[1]
    )
    length = end - start
    return name, start + 0.3 * length, end - 0.3 * length


def _stretched(bench: Bench) -> Iterator[tuple[str, str, Sound]]:
    """(name, vowel, samples) of every voice's vowels at every length."""
    texts = tuple(_CARRIERS.values())
    for voice in bench.voices:
        for phone, (samples, phones) in zip(_CARRIERS, bench.spoken(voice, texts), strict=True):
            _, start, end = longest_vowel(phones)
            for seconds in HELD_SECONDS:
                longer = at_level(held(samples, start, end, seconds), SPEECH_LEVEL)
                yield f"{voice.name}: {phone}, {seconds} s", phone, longer


def made_vowels(bench: Bench) -> Iterator[Figure]:
    """Vowels by rule, from a deep man's to a child's shout."""
    for kind, phones in (
        ("vowels by rule, open", ("AA", "EH", "AO")),
        ("vowels by rule, narrow", ("IY", "UW")),
    ):
        cases = [
            _open_share(
                bench, f"{phone} at {hertz} Hz, {seconds} s", phone, throat.vowel(phone, glide, seconds)
            )
            for phone, hertz, seconds in product(phones, (110, 160, 230, 330, 500), (1.5, 4.0))
            for glide in ([hertz, hertz * 1.06, hertz * 0.97],)
        ]
        yield figure_of(kind, "share of time open", cases, np.mean, LEAST_SHARE)


def sung_vowels(bench: Bench) -> Iterator[Figure]:
    """Vowels on a tune with vibrato, a long "no", screams."""
    tunes, calls, screams = [], [], []
    texts = tuple(_CARRIERS.values())
    for voice in bench.voices:
        for phone, (samples, phones) in zip(_CARRIERS, bench.spoken(voice, texts), strict=True):
            _, start, end = longest_vowel(phones)
            tune = at_level(sung(held(samples, start, end, 3.2)), SPEECH_LEVEL)
            tunes.append(_open_share(bench, f"{voice.name}: {phone}", phone, tune))
            if phone in {"AA", "AE"}:
                for hertz in (500.0, 700.0):
                    high = at_level(other_throat(held(samples, start, end, 2.0), 1.1, hertz), -12.0)
                    screams.append(
                        _open_share(bench, f"{voice.name}: {phone} at {hertz:.0f} Hz", "voice", high)
                    )
        samples, phones = bench.spoken(voice, ("no",))[0]
        _, start, end = longest_vowel(phones)
        calls += [
            _open_share(
                bench, f"{voice.name}: no, {seconds} s", "no", _long_word(samples, start, end, seconds)
            )
            for seconds in (1.5, 4.0)
        ]
    for phone, hertz in product(("AA", "EH"), (600.0, 750.0, 900.0)):
        made = throat.scream(phone, hertz, 2.0)
        screams.append(_open_share(bench, f"by rule: {phone} at {hertz:.0f} Hz", "by rule", made))
    yield figure_of("vowels sung on a tune", "share of time open", tunes, np.mean, LEAST_SHARE)
    yield figure_of('a long "no"', "share of time open", calls, np.mean, LEAST_SHARE)
    yield figure_of("screams", "share of time open", screams, np.mean, LEAST_SHARE)


def _long_word(samples: Sound, start: float, end: float, seconds: float) -> Sound:
    """A word whose vowel lasts so many seconds."""
    first, last = round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)
    whole = after_each_other(samples[:first], held(samples, start, end, seconds), samples[last:])
    return at_level(trimmed(whole), SPEECH_LEVEL)


def real_vowels(bench: Bench) -> Iterator[Figure]:
    """The vowels of letters that people said in GRID, stretched."""
    cases = []
    for clip, letter, samples in grid_words(bench, frozenset(_GRID_VOWELS), 24):
        start, end = _steadiest(samples)
        for seconds in HELD_SECONDS[:2]:
            longer = at_level(held(samples, start, end, seconds), SPEECH_LEVEL)
            cases.append(_open_share(bench, f"{clip}: {letter}, {seconds} s", _GRID_VOWELS[letter], longer))
    for kind, narrow in (("GRID's vowels held, open", False), ("GRID's vowels held, narrow", True)):
        chosen = [case for case in cases if (case.group in NARROW) == narrow]
        yield figure_of(kind, "share of time open", chosen, np.mean, LEAST_SHARE)


def _steadiest(samples: Sound) -> tuple[float, float]:
    """(start, end) s of the 80 ms around the loudest frame: the middle of a letter's vowel."""
    middle = int(frame_levels(samples).argmax()) / CONTENT_RATE
    start = float(np.clip(middle - 0.04, 0.01, max(len(samples) / SAMPLE_RATE - 0.09, 0.01)))
    return start, start + 0.08


# Laughter and sobs

Bouts = tuple[str, str, Sound, NDArray[np.floating]]
"""(name, group, samples, middles of the bursts s)."""


def rhythm(samples: Sound, opening: Curve) -> float:
    """Pearson's r of an opening and the sound's level (30 dB of it) at 25 fps, at the best lag within 80 ms."""
    level = frame_levels(samples, _RHYTHM_RATE)
    envelope = np.clip(level - level.max() + _ENVELOPE_RANGE, 0, None)
    times = np.arange(len(envelope)) / _RHYTHM_RATE
    mouth = sampled(opening, np.arange(len(opening)) / CONTENT_RATE, times)
    count = len(times)
    return max(
        correlation(mouth[max(lag, 0) : count + min(lag, 0)], envelope[max(-lag, 0) : count + min(-lag, 0)])
        for lag in range(-_LAG_FRAMES, _LAG_FRAMES + 1)
    )


def bursts_open(opening: Curve, middles: NDArray[np.floating]) -> float:
    """The share of bursts in whose middle the mouth is open, within 60 ms."""
    return float(np.mean([over(opening, middle - 0.06, middle + 0.06).max() > OPEN for middle in middles]))


def laughter(bench: Bench) -> Iterator[Figure]:
    """Laughs open in their rhythm; sobs open at all."""
    laughs, opened, sobs = [], [], []
    for name, group, samples, middles in _laughs(bench):
        opening = bench.opening(samples)
        laughs.append(Case(name, group, rhythm(samples, opening), samples, opening))
        opened.append(Case(name, group, bursts_open(opening, middles), samples, opening))
    for hertz in (110.0, 170.0, 220.0, 300.0):
        sobbed, middles = throat.sobbing(hertz, seed=int(hertz))
        opening = bench.opening(sobbed)
        sobs.append(
            Case(f"by rule at {hertz:.0f} Hz", "by rule", bursts_open(opening, middles), sobbed, opening)
        )
    yield figure_of("laughter", "r to the loudness, median", laughs, np.median, 0.5)
    yield figure_of("laughter", "share of bursts open", opened, np.mean, 0.8)
    yield figure_of("sobbing", "share of sobs open", sobs, np.mean, 0.8)


def _laughs(bench: Bench) -> Iterator[Bouts]:
    for hertz, rate, phone in product((140.0, 280.0), (4.0, 5.0), ("AH", "AA", "EH")):
        samples, middles = throat.laughter(hertz, rate=rate, phone=phone, seed=int(hertz))
        yield f"by rule: {phone} at {hertz:.0f} Hz, {rate} a second", "by rule", samples, middles
    for voice in bench.voices:
        spoken, phones = bench.spoken(voice, ("ha ha ha ha ha.",))[0]
        middles = np.array([(start + end) / 2 for phone, start, end in phones if phone in VOWELS])
        yield f"{voice.name}: ha ha ha", voice.program, at_level(spoken, SPEECH_LEVEL), middles


# Hums and coughs


def hums(bench: Bench) -> Iterator[Figure]:
    """Lips stay shut in "mm-hm" and "hmm", and shut again after a cough."""
    alone, later, coughs = [], [], []
    sentence = bench.sentence(bench.voices[0])
    for name, group, samples in _hums(bench):
        loud = at_level(samples, SPEECH_LEVEL)
        opening = bench.opening(loud)
        alone.append(Case(name, group, _middle(loud, opening), loud, opening))
        inside = after_each_other(sentence, silence(1.0), loud)
        opening = bench.opening(inside)
        hummed = opening[round((len(sentence) / SAMPLE_RATE + 1.0) * CONTENT_RATE) :]
        later.append(Case(name, group, _middle(loud, hummed), inside, opening))
    for hertz, before in product((100.0, 150.0, 230.0), ("alone", "after a sentence")):
        start: Sound = silence(0.2) if before == "alone" else after_each_other(sentence, silence(0.6))
        cough = throat.cough(hertz, int(hertz))
        samples = after_each_other(start, cough, silence(2.0))
        opening = bench.opening(samples)
        end = (len(start) + len(cough)) / SAMPLE_RATE
        stuck = float(over(opening, end + 0.5, end + 2.0).max())
        coughs.append(Case(f"{hertz:.0f} Hz, {before}", before, stuck, samples, opening))
    yield figure_of("hums alone", "median opening, largest", alone, max, most=OPEN)
    yield figure_of("hums after a sentence", "median opening, largest", later, max, most=OPEN)
    yield figure_of("coughs, half a second later", "opening, largest", coughs, max, most=OPEN)


def _hums(bench: Bench) -> Iterator[tuple[str, str, Sound]]:
    """(name, group, samples)."""
    for hertz in (110.0, 200.0):
        yield f"by rule: mm-hm at {hertz:.0f} Hz", "mm-hm", throat.agreement(hertz)
        for seconds in (0.6, 1.5, 3.0):
            pitches = [hertz, hertz * 1.1, hertz * 0.85]
            yield f"by rule: hmm at {hertz:.0f} Hz, {seconds} s", "hmm", throat.murmur(pitches, seconds)
    for voice in bench.voices:
        samples, phones = bench.spoken(voice, ("ham",))[0]
        start, end = next((start, end) for phone, start, end in reversed(phones) if phone == "M")
        length = end - start
        yield (
            f"{voice.name}: m",
            "a voice's m",
            held(samples, start + 0.25 * length, end - 0.35 * length, 1.5),
        )


def _middle(samples: Sound, opening: Curve) -> float:
    """The median opening while it sounds."""
    return float(np.median(opening[sounding_frames(samples, len(opening))]))


# Hushes


def hushes(bench: Bench) -> Iterator[Figure]:
    """Lips are apart in "shh" and "sss", said alone, with silence around it and without, after a sentence and before one."""
    sentence = bench.sentence(bench.voices[0])
    cases = []
    for (name, low, high), seconds in product(_HUSHES, (0.6, 1.2, 2.4)):
        made = at_level(throat.hush(seconds, low, high), SPEECH_LEVEL - 6)
        for place, before, after in (
            ("alone", silence(0.3), silence(0.3)),
            ("from end to end", silence(0), silence(0)),
            ("after a sentence", after_each_other(sentence, silence(0.3)), silence(0.3)),
            ("before a sentence", silence(0.3), after_each_other(silence(0.2), sentence)),
        ):
            samples = after_each_other(before, made, after)
            opening = bench.opening(samples)
            start = len(before) / SAMPLE_RATE
            during = over(opening, start + 0.1, start + seconds - 0.1)
            value = float(np.mean(during > OPEN))
            cases.append(Case(f"{name}, {seconds} s, {place}", place, value, samples, opening))
    yield figure_of("hushes", "share of time open", cases, np.mean, LEAST_SHARE)
