"""Lines that are not alone: in a film's stem with minutes of nothing, after something louder, too soft, too loud.

What a line's mouth does has to be what it does where the line is the whole file: Pearson's r over the line's
time, and the ratio of mean openings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from inference.hearing.audio import SAMPLE_RATE
from inference.motion.lips.content import CONTENT_RATE
from inference.training.correlation import correlation
from inference.training.disturbances.sounds import at_level, decibels, in_room
from inference.training.disturbances.unspoken import EFFECTS
from inference.training.evaluation.recordings.bench import (
    SPEECH_LEVEL,
    Bench,
    Case,
    Curve,
    Figure,
    Sound,
    after_each_other,
    figure_of,
    furthest_from_one,
    over,
    silence,
    trimmed,
    with_noise_floor,
)
from inference.training.filmed_corpora.utterances import recordings_of

STEM_R, SOFT_R = 0.98, 0.9
MEAN_RATIO = (0.9, 1.1)
FLOOR = -66.0
"""dBFS of the noise that a stem has where nobody speaks."""

_CHURCH = 1.8
"""Seconds in which it fades by 60 dB."""

_PLACES = {"at the start": 0.0, "in the middle": 0.5, "at the end": 1.0}
_FAINT, _FAINT_FLOOR = -45.0, -75.0  # dBFS
_STEM_SECONDS = 600.0
_STEM_STARTS = (20.0, 140.0, 285.0, 430.0, 580.0)  # s; sooner where a line would not end in time
_SOFTER = (20, 30, 40)  # dB

Line = tuple[str, Sound]
Placed = tuple[str, Sound, float, Sound]
"""(name, recording, where the line starts in it s, the line as it is alone)."""


def compared(bench: Bench, recordings: Iterator[Placed], group: str = "") -> tuple[list[Case], list[Case]]:
    """For each recording r and the ratio of means of the line's opening in it to that of the line alone."""
    likeness, sizes = [], []
    alone: dict[bytes, Curve] = {}
    heard, opening = silence(0), np.zeros(0)
    for name, samples, start, line in recordings:
        key = np.asarray(line, np.float32).tobytes()
        if key not in alone:
            alone[key] = bench.opening(line)
        truth = alone[key]
        # A line may start between two frames.
        times = start + np.arange(len(truth)) / CONTENT_RATE
        if samples is not heard:  # a recording is yielded once for each of its lines
            heard, opening = samples, bench.opening(samples)
        inside = np.interp(times, np.arange(len(opening)) / CONTENT_RATE, opening)
        context = slice(
            max(int((start - 2) * SAMPLE_RATE), 0), int((start + len(line) / SAMPLE_RATE + 2) * SAMPLE_RATE)
        )
        shown = samples[context].astype(np.float32)
        drawn = over(opening, context.start / SAMPLE_RATE, context.stop / SAMPLE_RATE)
        likeness.append(Case(name, group, correlation(inside, truth), shown, drawn))
        ratio = float(inside.mean()) / max(float(truth.mean()), 1e-6)
        sizes.append(Case(name, group, ratio, shown, drawn))
    return likeness, sizes


def _figures(
    bench: Bench, kind: str, recordings: Iterator[Placed], least: float | None, sized: bool
) -> Iterator[Figure]:
    likeness, sizes = compared(bench, recordings)
    yield figure_of(kind, "r to the line alone, least", likeness, min, least)
    if sized:
        yield figure_of(
            kind, "mean opening to the line alone's, furthest from 1", sizes, furthest_from_one, *MEAN_RATIO
        )
    else:
        yield figure_of(kind, "r to the line alone, median", likeness, np.median, least)


# Stems


def stems(bench: Bench) -> Iterator[Figure]:
    """Lines with 57 s and 300 s of nothing around them, and five in ten minutes."""
    lines = lines_of(bench)
    for seconds, several in ((57.0, lines), (300.0, [lines[0], lines[-1]])):
        for floor in (None, FLOOR):
            what = "nothing" if floor is None else f"noise of {floor:.0f} dBFS"
            recordings = _surrounded(several, seconds, floor)
            yield from _figures(bench, f"a line in {seconds:.0f} s of {what}", recordings, STEM_R, True)
    for floor in (None, FLOOR):
        what = "nothing" if floor is None else f"noise of {floor:.0f} dBFS"
        yield from _figures(
            bench, f"five lines in ten minutes of {what}", _ten_minutes(lines, floor), STEM_R, True
        )


def lines_of(bench: Bench) -> list[Line]:
    """A line of each of four voices, and last one of a real person where there are recordings."""
    lines = [(voice.name, bench.line(voice, number)) for number, voice in enumerate(bench.voices[:4])]
    if bench.data is not None and (bench.data / "speech").is_dir():
        speech = bench.data_folder("speech")
        speaker, paths = sorted(recordings_of(speech, "test").items())[-1]
        parts = [trimmed(bench.recorded(path), 0.15) for path in paths[:3]]
        lines.append((f"speaker {speaker}", at_level(after_each_other(*parts), SPEECH_LEVEL)))
    return lines


def _surrounded(lines: Sequence[Line], seconds: float, floor: float | None) -> Iterator[Placed]:
    for name, line in lines:
        for place, share in _PLACES.items():
            before = round(seconds * share * CONTENT_RATE) / CONTENT_RATE
            samples = after_each_other(silence(before), line, silence(seconds - before))
            yield f"{name}, {place}", _floored(samples, floor), before, line


def _ten_minutes(lines: Sequence[Line], floor: float | None) -> Iterator[Placed]:
    """The same recording for each of its lines, of which all is in it."""
    samples = silence(_STEM_SECONDS)
    chosen = [lines[number % len(lines)] for number in range(len(_STEM_STARTS))]
    latest = [
        np.floor((_STEM_SECONDS - len(line) / SAMPLE_RATE) * CONTENT_RATE) / CONTENT_RATE
        for _, line in chosen
    ]
    starts = np.minimum(_STEM_STARTS, latest).tolist()
    for start, (_, line) in zip(starts, chosen, strict=True):
        first = round(start * SAMPLE_RATE)
        samples[first : first + len(line)] = line
    samples = _floored(samples, floor)
    for start, (name, line) in zip(starts, chosen, strict=True):
        yield f"{name}, at {start:.0f} s", samples, start, line


def _floored(samples: Sound, floor: float | None) -> Sound:
    return samples if floor is None else with_noise_floor(samples, floor)


# Soft lines


def soft_lines(bench: Bench) -> Iterator[Figure]:
    """Lines 20 to 40 dB below what comes before or after them, and behind an effect at full scale."""
    for softer in _SOFTER:
        yield from _figures(
            bench, f"a line {softer} dB softer than the rest", _beside_louder(bench, softer), SOFT_R, False
        )
    yield from _figures(bench, "a soft line after an effect", _after_effects(bench), SOFT_R, False)


def _beside_louder(bench: Bench, softer: float) -> Iterator[Placed]:
    voices = bench.voices[:4]
    for number, voice in enumerate(voices[:3]):
        line = bench.sentence(voice, number)
        soft = line * decibels(-softer)
        for who, other in (("its own", voice), ("another", voices[(number + 1) % len(voices)])):
            for seconds in (6.0, 60.0):
                louder = bench.line(other, number + 1, seconds)
                name = f"{voice.name}, {seconds:.0f} s of {who} voice"
                start = round((len(louder) / SAMPLE_RATE + 0.5) * CONTENT_RATE) / CONTENT_RATE
                gap = silence(start - len(louder) / SAMPLE_RATE)
                yield f"{name} before", after_each_other(louder, gap, soft), start, line
                if seconds < 10:
                    yield f"{name} after", after_each_other(soft, silence(0.5), louder), 0.0, line


def _after_effects(bench: Bench) -> Iterator[Placed]:
    for number, voice in enumerate(bench.voices[:3]):
        line = bench.sentence(voice, number)
        for name, effect in EFFECTS.items():
            for softer in (0.0, 16.0):
                before = effect()
                gap = silence(
                    round((len(before) / SAMPLE_RATE + 1.0) * CONTENT_RATE) / CONTENT_RATE
                    - len(before) / SAMPLE_RATE
                )
                start = (len(before) + len(gap)) / SAMPLE_RATE
                level = SPEECH_LEVEL - softer
                samples = after_each_other(before, gap, line * decibels(-softer))
                yield f"{voice.name} at {level:.0f} dBFS after {name}", samples, start, line


# Levels


def levels(bench: Bench) -> Iterator[Figure]:
    """A line that is very soft in steady noise, or so loud that it is clipped; and in a church, which has no bar."""
    ways: dict[str, Callable[[Sound], Sound]] = {
        f"a line at {_FAINT:.0f} dBFS in noise of {_FAINT_FLOOR:.0f}": lambda line: with_noise_floor(
            at_level(line, _FAINT), _FAINT_FLOOR
        ),
        "a line clipped by 12 dB": lambda line: np.clip(line / np.abs(line).max() * decibels(12), -1, 1),
    }
    for kind, change in ways.items():
        yield from _figures(bench, kind, _changed(bench, change), SOFT_R, False)
    for direct in (0, -6):

        def echoing(line: Sound, direct: float = direct) -> Sound:
            return in_room(line, _CHURCH, direct)

        kind = f"a line in a church of {_CHURCH} s, voice {direct:+d} dB"
        yield from _figures(bench, kind, _changed(bench, echoing), None, False)


def _changed(bench: Bench, change: Callable[[Sound], Sound]) -> Iterator[Placed]:
    for number, voice in enumerate(bench.voices):
        line = bench.line(voice, number)
        yield voice.name, change(line), 0.0, line
