"""How far a mouth opens, and how wide it is, in each phone that a filmed speaker says: made beside filmed.

Correlation does not see a mouth that hovers half open, or that spreads in *oh*; this does. Clips of the GRID corpus alone, whose
names tell what is said; the phones' times are PocketSphinx's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.face.landmarks import mouth_opening, mouth_width
from inference.hearing.backends import Backend
from inference.motion.lips.content import PHONES, content_motion
from inference.training.evaluation.evaluate import held_out
from inference.training.evaluation.metrics import sampled
from inference.training.evaluation.peers import MouthTrack
from inference.training.filmed_corpora.align import align_words, grid_sentence
from inference.training.filmed_corpora.corpus import Clip, load_clip
from inference.training.filmed_corpora.faces import neutral_of
from inference.training.filmed_corpora.labelled import FRAME_RATE

Values = NDArray[np.float64]
"""(4,) opening made, filmed, width made, filmed."""
Said = tuple[str, str, Values]
"""(speaker, phone, values) of one time that a phone is said."""

HEADING = f"{'phone':<6} {'times':>5} {'speakers':>8} {'opening':>8} {'filmed':>7} {'width':>7} {'filmed':>7}"
QUARTILES = "25 %", "50 %", "75 %"
"""Stand for a phone in the rows of the opening's and the width's quartiles while somebody speaks."""


@dataclass(frozen=True)
class PhoneMouth:
    """One phone.

    Attributes:
        phone: ARPAbet, or one of :data:`QUARTILES`.
        times, speakers: how often it is said, by how many.
        values: the mean over speakers, outer eye-corner distances: openings above the shut mouth, widths beside the mean of
            what is spoken.
    """

    phone: str
    times: int
    speakers: int
    values: Values


def phones_of(clip: Clip, track: MouthTrack) -> list[Said]:
    """What a mouth does in the middle of each phone of a clip; nothing where GRID's names or PocketSphinx do not tell them."""
    labels = align_words(clip.audio, [("", word) for word in grid_sentence(clip.name)])
    spoken = np.flatnonzero(labels > 0) if labels is not None else np.zeros(0, int)
    if labels is None or not len(spoken):
        return []
    times = np.arange(len(clip)) / clip.fps
    speech = (times >= spoken[0] / FRAME_RATE) & (times <= spoken[-1] / FRAME_RATE)
    opening, width = track.mouth_at(times)
    shut = mouth_opening(neutral_of(clip.landmarks)[None])[0]
    curves = np.stack([opening, mouth_opening(clip.landmarks) - shut, width, mouth_width(clip.landmarks)], 1)
    curves[:, 2:] -= curves[speech, 2:].mean(axis=0)
    edges = [0, *(np.flatnonzero(np.diff(labels)) + 1).tolist(), len(labels)]
    middles = (np.array(edges[:-1]) + edges[1:]) / 2 / FRAME_RATE
    said = [
        (clip.speaker, PHONES[labels[first]], values)
        for first, values in zip(edges, sampled(curves, times, middles))
        if labels[first] > 0
    ]
    quartiles = np.percentile(curves[speech], [25, 50, 75], axis=0)
    return [*said, *((clip.speaker, name, values) for name, values in zip(QUARTILES, quartiles))]


def by_phone(said: Iterable[Said]) -> list[PhoneMouth]:
    """The mean of each phone with one vote a speaker, the quartiles first, then those that are said most."""
    mouths: dict[str, dict[str, list[Values]]] = defaultdict(lambda: defaultdict(list))
    for speaker, phone, values in said:
        mouths[phone][speaker].append(values)
    rows = [
        PhoneMouth(
            phone,
            sum(map(len, speakers.values())),
            len(speakers),
            np.mean([np.mean(values, axis=0) for values in speakers.values()], axis=0),
        )
        for phone, speakers in mouths.items()
    ]
    return sorted(rows, key=lambda row: (row.phone not in QUARTILES, -row.times))


def line_of(row: PhoneMouth) -> str:
    """A row below :data:`HEADING`."""
    opening, filmed, width, filmed_width = row.values
    return f"{row.phone:<6} {row.times:>5} {row.speakers:>8} {opening:>8.3f} {filmed:>7.3f} {width:>+7.3f} {filmed_width:>+7.3f}"


def evaluate_phones(
    corpus: Path,
    backend: Backend,
    speakers: Sequence[str] = (),
    clips: int | None = None,
    report: Callable[[str], None] = print,
) -> list[PhoneMouth]:
    """The table of all phones in the held-out clips.

    Args:
        corpus, speakers, clips: see `evaluate.held_out`.
        backend: our model.
        report: called with each line.

    Raises:
        EngineError: where there are no clips, or none in which a phone could be placed (code ``no_phones``).
    """
    said: list[Said] = []
    for paths in held_out(corpus, speakers, clips).values():
        for clip in map(load_clip, paths):
            said += phones_of(clip, MouthTrack.of_motion(content_motion(clip.audio, backend)))
    if not said:
        raise EngineError(
            f"No clip of {corpus} could be aligned: give clips of GRID, named by what they say, such as bbaf2n.",
            "no_phones",
        )
    return told(said, report)


def told(said: Iterable[Said], report: Callable[[str], None] = print) -> list[PhoneMouth]:
    """Reports the table of what was said; returns its rows."""
    rows = by_phone(said)
    report(HEADING)
    for row in rows:
        report(line_of(row))
    return rows
