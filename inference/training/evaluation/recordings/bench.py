"""What all rows share: the mouth that is measured, the voices, and the form of a figure.

Opening is everywhere |62-66| above the neutral face's, in outer eye-corner distances, at `CONTENT_RATE`: a wide vowel has
about 0.15.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.face.landmarks import mouth_opening
from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.hearing.backends import Backend
from inference.motion.lips.content import CONTENT_RATE, content_motion
from inference.training.disturbances.sounds import at_level, decibels
from inference.training.synthetic_speech.english_voices import ENGLISH_VOICES, EnglishVoice, Spoken
from inference.training.synthetic_speech.synthesis import PLAIN_SENTENCES

Sound = NDArray[np.floating[Any]]
"""(N,) samples at 16 kHz."""
Curve = NDArray[np.floating[Any]]
"""(T,) opening at `CONTENT_RATE`."""
Mouth = Callable[[NDArray[np.float32]], Curve]
"""Samples → opening."""

OPEN = 0.03
"""From here on a mouth counts as open."""

SPEECH_LEVEL = -24.0
"""dBFS that lines have where nothing else is said, RMS."""


class NotMade(Exception):
    """A row cannot be made here; the message says what is wanted."""


@dataclass(frozen=True)
class Case:
    """One recording of a row.

    Attributes:
        name: what it is.
        group: what figures are also told by: a vowel, a voice.
        value: of the row's measure.
        samples, opening: to draw it.
    """

    name: str
    group: str
    value: float
    samples: Sound
    opening: Curve


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        kind: of recording.
        measure: what the value is.
        count: how many recordings.
        value: None where the row cannot be made here; ``remark`` then says why.
        least, most: the bar; None where there is none on that side.
        groups: the same value over each group of recordings.
        remark: what is wanted to make the row, or what could not be used.
        worst: the recording that is furthest from the bar.
    """

    kind: str
    measure: str
    count: int
    value: float | None
    least: float | None = None
    most: float | None = None
    groups: dict[str, float] = field(default_factory=dict)
    remark: str = ""
    worst: Case | None = None

    @property
    def passes(self) -> bool | None:
        """Whether the value is within the bar; None where there is no value."""
        if self.value is None:
            return None
        return (self.least is None or self.value >= self.least) and (
            self.most is None or self.value <= self.most
        )


Summary = Callable[[Sequence[float]], float]


def figure_of(
    kind: str,
    measure: str,
    cases: Sequence[Case],
    summary: Summary,
    least: float | None = None,
    most: float | None = None,
) -> Figure:
    """A row's line: the summary of its cases, of each group of them, and the worst."""
    if not cases:
        return Figure(kind, measure, 0, None, least, most, remark="nothing to measure")
    groups: dict[str, list[float]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case.value)

    def shortfall(case: Case) -> float:
        below = -np.inf if least is None else least - case.value
        return max(below, -np.inf if most is None else case.value - most)

    return Figure(
        kind,
        measure,
        len(cases),
        float(summary([case.value for case in cases])),
        least,
        most,
        {name: float(summary(values)) for name, values in groups.items()},
        worst=max(cases, key=shortfall),
    )


def furthest_from_one(values: Sequence[float]) -> float:
    """Of ratios, the one that is most wrong."""
    return max(values, key=lambda value: abs(np.log(max(value, 1e-6))))


class Bench:
    """The mouth that is measured and the voices that speak to it.

    Args:
        mouth: see :data:`Mouth`.
        data: folder with ``grid`` and ``speech``, see docs/training.md; None for made sounds alone.
        voices: who speaks; those that are not installed are left out.
    """

    def __init__(
        self, mouth: Mouth, data: Path | None = None, voices: Sequence[EnglishVoice] = ENGLISH_VOICES
    ) -> None:
        self._mouth = mouth
        self.data = data
        self._wanted = voices
        self._spoken: dict[tuple[EnglishVoice, tuple[str, ...]], list[Spoken]] = {}
        self.missing: list[str] = []
        """What is not installed, one sentence each; known once `voices` was asked for."""

    def opening(self, samples: Sound) -> Curve:
        """Of the mouth over a recording."""
        return self._mouth(np.asarray(samples, np.float32))

    @cached_property
    def voices(self) -> list[EnglishVoice]:
        """Those that are installed here.

        Raises:
            NotMade: where none is.
        """
        available = []
        for voice in self._wanted:
            try:
                self.spoken(voice, ("Hello.",))
                available.append(voice)
            except (FileNotFoundError, ValueError) as error:
                self.missing.append(f"{voice.name}: {error}")
        if not available:
            raise NotMade("no synthesiser is installed: " + " ".join(self.missing))
        return available

    def spoken(self, voice: EnglishVoice, texts: Sequence[str]) -> list[Spoken]:
        """As the voice speaks texts; asked for again, it is not spoken again."""
        key = voice, tuple(texts)
        if key not in self._spoken:
            self._spoken[key] = voice.speak(texts)
        return self._spoken[key]

    def sentence(self, voice: EnglishVoice, number: int = 0) -> Sound:
        """One sentence at :data:`SPEECH_LEVEL` from its first sound to its last."""
        texts = PLAIN_SENTENCES[:6]
        samples, _ = self.spoken(voice, texts)[number % len(texts)]
        return at_level(trimmed(samples), SPEECH_LEVEL)

    def line(self, voice: EnglishVoice, number: int = 0, seconds: float = 5.0) -> Sound:
        """Sentences 0.25 s apart that last so many seconds or a little more."""
        parts: list[Sound] = []
        while sum(map(len, parts)) < seconds * SAMPLE_RATE:
            parts += [silence(0.25)] * bool(parts)
            parts.append(self.sentence(voice, number + len(parts)))
        return np.concatenate(parts)

    def recorded(self, path: Path) -> Sound:
        """A recording of ``data``."""
        return read_recording(path).samples

    def data_folder(self, name: str) -> Path:
        """A folder of ``data``.

        Raises:
            NotMade: where there is none.
        """
        if self.data is None:
            raise NotMade("needs recordings: --recordings DATA, a folder with grid and speech")
        if not (self.data / name).exists():
            raise NotMade(f"{self.data / name} is not there")
        return self.data / name


def mouth_of(backend: Backend) -> Mouth:
    """The engine's own."""

    def opening(samples: NDArray[np.float32]) -> Curve:
        motion = content_motion(samples, backend)
        return mouth_opening(motion.neutral + motion.displacement) - mouth_opening(motion.neutral)

    return opening


# Sounds


def silence(seconds: float) -> Sound:
    """Digital zero."""
    return np.zeros(round(seconds * SAMPLE_RATE))


def after_each_other(*sounds: Sound) -> Sound:
    """One sound after the other."""
    return np.concatenate([np.asarray(sound, np.float64) for sound in sounds])


def with_noise_floor(samples: Sound, dbfs: float, seed: int = 0) -> Sound:
    """The sound, in white noise of so many dBFS."""
    return samples + np.random.RandomState(seed).normal(size=len(samples)) * decibels(dbfs)


def frame_levels(samples: Sound, rate: float = CONTENT_RATE) -> NDArray[np.float64]:
    """(T,) dBFS of the sound around every frame of an opening, one frame's time long."""
    width = round(SAMPLE_RATE / rate)
    count = len(samples) // width + 1
    padded = np.zeros((count + 1) * width)
    padded[width // 2 : width // 2 + len(samples)] = samples
    power = (padded[: count * width].reshape(count, width) ** 2).mean(axis=1)
    return 10 * np.log10(power + 1e-12)


def trimmed(samples: Sound, margin: float = 0.0, range_db: float = 40.0) -> Sound:
    """From so many seconds before the first 10 ms within 40 dB of the loudest to as long after the last; padded with zeros."""
    block = SAMPLE_RATE // 100
    power = (np.asarray(samples[: len(samples) // block * block], np.float64).reshape(-1, block) ** 2).mean(
        axis=1
    )
    loud = np.flatnonzero(power > power.max() * 10 ** (-range_db / 10))
    reach = round(margin * SAMPLE_RATE)
    first, last = loud[0] * block - reach, (loud[-1] + 1) * block + reach
    padded = np.pad(samples, (max(-first, 0), max(last - len(samples), 0)))
    shift = max(-first, 0)
    return np.asarray(padded[first + shift : last + shift], np.float64)


# Openings


def over(curve: Curve, start: float, end: float) -> Curve:
    """The frames of a curve between two times (s); one at least."""
    first = min(round(start * CONTENT_RATE), len(curve) - 1)
    return curve[first : max(round(end * CONTENT_RATE), first + 1)]


def sounding_frames(
    samples: Sound, frames: int, range_db: float = 30.0, ends: float = 0.1
) -> NDArray[np.bool_]:
    """(frames,) bool: within so many dB of the loudest, and further than so many seconds from the ends."""
    level = frame_levels(samples)[:frames]
    level = np.pad(level, (0, frames - len(level)), mode="edge")
    loud = level > level.max() - range_db
    reach = round(ends * CONTENT_RATE)
    loud[:reach] = False
    loud[frames - reach :] = False
    return np.asarray(loud)


def share_open(samples: Sound, curve: Curve, least: float) -> float:
    """The share of the sounding frames whose opening is above ``least``."""
    loud = sounding_frames(samples, len(curve))
    return float((curve[loud] > least).mean()) if loud.any() else 0.0
