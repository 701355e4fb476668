"""Noise, music, machines, breath and knocks: nobody speaks, and no lip moves."""

from __future__ import annotations

from collections.abc import Iterator

from inference.hearing.audio import SAMPLE_RATE
from inference.training.disturbances.unspoken import SECONDS, UNSPOKEN
from inference.training.evaluation.recordings.bench import (
    Bench,
    Case,
    Figure,
    Sound,
    after_each_other,
    figure_of,
    over,
    silence,
)

MOST = 0.03
"""Mean opening over the sound's time."""

_PAUSE = 2.0  # s between a sentence and the sound


def stillness(bench: Bench) -> Iterator[Figure]:
    """The mean opening over each sound, alone, and 2 s after and before a sentence."""
    yield _figure(bench, "unspoken sounds, alone", None, None)
    sentence = bench.sentence(bench.voices[0])
    yield _figure(bench, "unspoken sounds, 2 s after a sentence", sentence, None)
    yield _figure(bench, "unspoken sounds, 2 s before a sentence", None, sentence)


def _figure(bench: Bench, kind: str, before: Sound | None, after: Sound | None) -> Figure:
    cases = []
    lead = silence(0) if before is None else after_each_other(before, silence(_PAUSE))
    tail = silence(0) if after is None else after_each_other(silence(_PAUSE), after)
    start = len(lead) / SAMPLE_RATE
    for name, make in UNSPOKEN.items():
        samples = after_each_other(lead, make(), tail)
        opening = bench.opening(samples)
        cases.append(Case(name, name, float(over(opening, start, start + SECONDS).mean()), samples, opening))
    return figure_of(kind, "mean opening, largest", cases, max, most=MOST)
