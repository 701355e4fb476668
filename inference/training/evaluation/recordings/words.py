"""Words alone: a game's barks, an app's prompts, a child's letters; said by synthesisers, and cut from people's sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from inference.hearing.audio import SAMPLE_RATE
from inference.training.disturbances.sounds import at_level
from inference.training.evaluation.recordings.bench import (
    OPEN,
    SPEECH_LEVEL,
    Bench,
    Case,
    Figure,
    NotMade,
    Sound,
    after_each_other,
    figure_of,
    over,
    silence,
    trimmed,
)

WORDS = (
    "hi", "ah", "four", "no", "yes", "go", "one", "two", "eight", "A", "B", "O", "stop", "what", "cat", "hello", "okay", "why",
)  # fmt: skip

GRID_RATE = 25000
"""Of the times in GRID's alignments, Hz."""

_GRID_SPEAKERS = ("s1", "s4", "s26", "s11", "s31")
_GRID_WORDS = 60
_WORD_SECONDS = (0.15, 0.6)
_CUT, _SILENCE, _PAUSE = 0.03, 0.3, 0.3  # s
_MOST_SHUT = 0.02
_GRID_FIXED = frozenset(
    ("sil", "sp", "bin", "lay", "place", "set", "at", "by", "in", "with", "again", "now", "please", "soon")
)


def words_alone(bench: Bench) -> Iterator[Figure]:
    """The share of words that move no lip, and how wide each opens beside the same word after a sentence."""
    cut, padded, later, ratios = [], [], [], []
    for voice in bench.voices:
        sentence = bench.sentence(voice)
        for word, (samples, _) in zip(WORDS, bench.spoken(voice, WORDS), strict=True):
            spoken = at_level(trimmed(samples), SPEECH_LEVEL)
            length = len(spoken) / SAMPLE_RATE
            name = f"{voice.name}: {word}"
            closely = _shut(bench, name, word, _between(spoken, _CUT))
            cut.append(closely)
            padded.append(_shut(bench, name, word, _between(spoken, _SILENCE)))
            inside = after_each_other(sentence, silence(_PAUSE), spoken, silence(_CUT))
            start = len(sentence) / SAMPLE_RATE + _PAUSE
            opening = bench.opening(inside)
            peak = float(over(opening, start, start + length).max())
            later.append(Case(name, word, float(peak < OPEN), inside, opening))
            alone = float(over(closely.opening, _CUT, _CUT + length).max())
            if peak >= OPEN:
                ratios.append(Case(name, word, alone / peak, closely.samples, closely.opening))
    yield figure_of("words alone, cut close", "share shut", cut, np.mean, most=_MOST_SHUT)
    yield figure_of("words alone, 0.3 s of silence", "share shut", padded, np.mean, most=_MOST_SHUT)
    yield figure_of("the same words after a sentence", "share shut", later, np.mean, most=_MOST_SHUT)
    yield figure_of(
        "words alone, beside after a sentence", "ratio of peaks, median", ratios, np.median, 0.8, 1.25
    )


def _between(spoken: Sound, seconds: float) -> Sound:
    return after_each_other(silence(seconds), spoken, silence(seconds))


def _shut(bench: Bench, name: str, word: str, samples: Sound) -> Case:
    """Whether a recording moves no lip: 1 or 0."""
    opening = bench.opening(samples)
    return Case(name, word, float(opening.max() < OPEN), samples, opening)


def grid_words(
    bench: Bench, chosen_words: frozenset[str] = frozenset(), most: int = _GRID_WORDS
) -> list[tuple[str, str, Sound]]:
    """(clip, word, samples) of GRID's letters, digits and colours, 0.15 to 0.6 s long, chosen by a fixed chance.

    Args:
        bench: whose recordings.
        chosen_words: only these; none for all.
        most: how many.

    Raises:
        NotMade: where there are no recordings or no alignments.
    """
    grid = bench.data_folder("grid")
    places = []
    for speaker in _GRID_SPEAKERS:
        for align in sorted((grid / "alignments" / speaker).glob("*.align"))[:50]:
            clip = grid / speaker / f"{align.stem}.mp4"
            for line in align.read_text(encoding="utf-8").splitlines() if clip.is_file() else ():
                start, end, word = line.split()
                first, last = int(start) / GRID_RATE, int(end) / GRID_RATE
                wanted = word in chosen_words if chosen_words else word not in _GRID_FIXED
                if wanted and _WORD_SECONDS[0] <= last - first <= _WORD_SECONDS[1]:
                    places.append((clip, word, first, last))
    if not places:
        raise NotMade(f"{grid / 'alignments'} has no words of the clips in {grid}")
    chosen = np.random.RandomState(0).permutation(len(places))[:most]
    words = []
    for number in sorted(chosen):
        clip, word, first, last = places[number]
        samples = bench.recorded(clip)[round(first * SAMPLE_RATE) : round(last * SAMPLE_RATE)]
        words.append((f"{clip.parent.name}/{clip.stem}", word, samples))
    return words


def real_words(bench: Bench) -> Iterator[Figure]:
    """The share of words cut from people's sentences that move no lip."""
    cases = [
        _shut(bench, f"{clip}: {word}", clip.split("/")[0], samples)
        for clip, word, samples in grid_words(bench)
    ]
    yield figure_of("GRID's words, cut out", "share shut", cases, np.mean, most=_MOST_SHUT)
