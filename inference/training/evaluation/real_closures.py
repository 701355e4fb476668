"""Lip closures of real people, whose phones nobody has timed: p, b and m that are seen, by who says them and where.

The times are the ear's own, found by what was read (Viterbi 1967), so that they suit it: recall is a little too good. What a
learner or a child was to read and did not say counts as missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.face.landmarks import mouth_opening
from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.hearing.backends import Backend, hear
from inference.motion.lips.content import CONTENT_RATE, PHONES, content_motion
from inference.training.evaluation.known_text import OF_SPEAKER, grid_clips
from inference.training.evaluation.metrics import (
    CLOSURES,
    ClosureCounts,
    Phones,
    closure_counts,
    closure_figures,
)
from inference.training.evaluation.peers import MouthTrack
from inference.training.filmed_corpora.align import grid_sentence
from inference.training.filmed_corpora.corpus import clip_paths, load_clip
from inference.training.filmed_corpora.realign import PRIOR_SCALE, WORST, Spoken, viterbi
from inference.training.filmed_corpora.utterances import phones_of_words, read_utterances, rows_by_speaker

GROWN_UP = 16
"""Years from which a speaker counts as a man or a woman."""

_LEAST = 1e-4  # posterior
_NEAR_SECONDS = 0.045  # a picture and a little: how far apart sound and picture may be
_VOWELS = frozenset(name for name in PHONES if name[0] in "AEIOU")


@dataclass(frozen=True)
class ClosureRow:
    """A line of the table.

    Attributes:
        name: who speaks, or where the phone is.
        said: p, b, m.
        recall: share of them that is seen.
        precision: see `closure_counts`; None for places.
    """

    name: str
    said: int
    recall: float
    precision: float | None


@dataclass(frozen=True)
class _Line:
    """A recording: who speaks it, and the phones of its words."""

    groups: tuple[str, ...]
    samples: NDArray[np.float32]
    words: Spoken


def evaluate_real_closures(
    backend: Backend, data: Path, report: Callable[[str], None] = print
) -> list[ClosureRow]:
    """Measure GRID's people and speechocean762's part ``test``.

    Args:
        backend: our model.
        data: folder with ``grid`` and ``speech``.
        report: called with each line of the table.

    Raises:
        EngineError: there are no recordings (code ``no_clips``).
    """
    lines = [(line, hear(line.samples, backend).phones) for line in _lines(data)]
    if not lines:
        raise EngineError(f"{data} has neither grid nor speech: give a folder with both.", "no_clips")
    priors = _priors([phones for _, phones in lines])
    groups: dict[str, list[ClosureCounts]] = {}
    places: dict[str, list[ClosureCounts]] = {}
    for line, heard in lines:
        phones = _timed(heard, priors, line.words)
        if phones is None:
            continue
        opening = MouthTrack.of_motion(content_motion(line.samples, backend)).opening_at
        seconds = len(line.samples) / SAMPLE_RATE
        for group in line.groups:
            groups.setdefault(group, []).append(closure_counts(opening, phones, seconds))
        for place, phone in _places(phones):
            places.setdefault(place, []).append(closure_counts(opening, [phone], seconds))
    rows = [_row(name, some, True) for name, some in groups.items()]
    rows += [_row(name, some, False) for name, some in sorted(places.items())]
    report(f"{'':28} p, b, m  recall  precision")
    for row in rows:
        right = "" if row.precision is None else f"{row.precision:9.3f}"
        report(f"{row.name:28} {row.said:7d}  {row.recall:6.3f}  {right}")
    return rows


def filmed_closures(
    backend: Backend, corpus: Path, report: Callable[[str], None] = print
) -> dict[str, tuple[int, float, float]]:
    """Whether filmed lips meet on p, b and m, as far as a tracker and 25 pictures a second tell.

    Args:
        backend: our model, which finds the phones' times.
        corpus: prepared from GRID; clips with other names, which do not tell what is said, are left out.
        report: called with each line of the table.

    Returns:
        Speaker, and "all" → p, b, m; shares of them in whose time ±45 ms the opening falls below a tenth, and below a fifth, of
        the clip's 95th percentile.

    Raises:
        EngineError: there are no clips (code ``no_clips``).
    """
    clips = [load_clip(path) for path in clip_paths(corpus) if grid_sentence(path.stem)]
    if not clips:
        raise EngineError(
            f"{corpus} has no clips of GRID's: prepare them first, see docs/training.md.", "no_clips"
        )
    heard = [hear(clip.audio, backend).phones for clip in clips]
    priors = _priors(heard)
    least: dict[str, list[float]] = {}
    for clip, posteriors in zip(clips, heard):
        phones = _timed(posteriors, priors, grid_sentence(clip.name))
        opening, times = mouth_opening(clip.landmarks), np.arange(len(clip)) / clip.fps
        wide = np.percentile(opening, 95)
        for name, start, end in phones or ():
            near = (times > start - _NEAR_SECONDS) & (times < end + _NEAR_SECONDS)
            if name in CLOSURES and near.any():
                for group in (clip.speaker, "all"):
                    least.setdefault(group, []).append(float(opening[near].min() / wide))
    report(f"{'filmed':28} p, b, m  below 0.1  below 0.2")
    rows = {}
    for name, shares in sorted(least.items()):
        tenth, fifth = (float((np.array(shares) < share).mean()) for share in (0.1, 0.2))
        rows[name] = len(shares), tenth, fifth
        report(f"{name:28} {len(shares):7d}  {tenth:9.3f}  {fifth:9.3f}")
    return rows


def _row(name: str, some: list[ClosureCounts], whole: bool) -> ClosureRow:
    figures = closure_figures(some)
    precision = figures["closure_precision"] if whole else None
    return ClosureRow(name, int(figures["closures"]), figures["closure_recall"], precision)


def _priors(heard: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """(P,) what scores of phones that are common lose."""
    common = np.mean([phones.mean(axis=0) for phones in heard], axis=0)
    return np.asarray(PRIOR_SCALE * np.log(np.maximum(common * len(PHONES), 1e-3)), np.float32)


def _timed(heard: NDArray[np.float32], priors: NDArray[np.float32], words: Spoken) -> Phones | None:
    """The phones of some words with their times, in flite's names; None where the words do not fit what is heard."""
    if len(heard) < 2 * sum(map(len, words)):
        return None
    labels, fits = viterbi(np.log(np.maximum(heard, _LEAST)) - priors, words)
    if fits < WORST:
        return None
    edges = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    return [
        (
            "pau" if labels[first] == 0 else PHONES[labels[first]].lower(),
            first / CONTENT_RATE,
            last / CONTENT_RATE,
        )
        for first, last in zip(edges, edges[1:])
    ]


def _places(phones: Phones) -> Iterator[tuple[str, tuple[str, float, float]]]:
    """Each p, b, m by itself, and by what is before and behind it."""
    kinds = [
        "pause" if name == "pau" else "vowel" if name.upper() in _VOWELS else "consonant"
        for name, _, _ in phones
    ]
    around = ["pause", *kinds, "pause"]
    for number, phone in enumerate(phones):
        if phone[0] in CLOSURES:
            yield phone[0], phone
            yield f"after {around[number]}, before {around[number + 2]}", phone


def _lines(data: Path) -> Iterator[_Line]:
    for name, samples in grid_clips(data / "grid"):
        yield _Line(("GRID, all but s1",), samples, grid_sentence(name))
    table = data / "speech" / "utterances.tsv"
    if not table.is_file():
        return
    for rows in rows_by_speaker(read_utterances(table, "test")).values():
        for row in rows[OF_SPEAKER]:
            grown = "women" if row["gender"] == "f" else "men"
            who = grown if int(row["age"]) >= GROWN_UP else "children"
            samples = read_recording(table.parent / row["file"]).samples
            yield _Line(("speechocean762, test", f"  {who}"), samples, phones_of_words(row))
