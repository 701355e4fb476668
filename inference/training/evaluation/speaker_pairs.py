"""How well a speaker encoder tells people apart whom it never heard: equal error rates over pairs of recordings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.hearing.audio import SAMPLE_RATE
from inference.hearing.features import mel_power
from inference.hearing.speaker_encoder import NumpySpeakerEncoder, SpeakerEncoder, unit
from inference.training.disturbances import augment

LEAST_SECONDS = 2.0
"""Recordings shorter than this are not compared."""
AVERAGED = 3
"""Utterances that make one recording where several are taken together."""

GRID_SPEAKERS = ("s1", "s4", "s26")
GRID_CLIPS = 40
"""Clips of each GRID speaker, spread evenly over theirs."""


@dataclass(frozen=True)
class PairRow:
    """One line of the results.

    Attributes:
        corpus: ``speechocean762``, the part ``test``, or ``GRID``, another corpus altogether.
        condition: ``as recorded``, or ``disturbed``: another microphone, room and noise for every recording.
        utterances: how many make one recording; their embeddings are averaged.
        speakers, pairs: how many people, and how many pairs of one speaker's recordings (of different ones: all there are).
        equal_error: percent, where as many strangers pass as the same speaker fails.
        threshold: cosine at which that is.
        passed, failed: percent of strangers that pass, and of the same speaker's pairs that fail, at the encoder's own threshold.
    """

    corpus: str
    condition: str
    utterances: int
    speakers: int
    pairs: int
    equal_error: float
    threshold: float
    passed: float
    failed: float


def equal_error_rate(
    same: NDArray[np.floating[Any]], different: NDArray[np.floating[Any]]
) -> tuple[float, float]:
    """Where as many strangers pass as the same speaker fails.

    Args:
        same, different: cosines of pairs of one speaker's recordings, and of two speakers'.

    Returns:
        The rate, 0…1, and the cosine at which it is reached.
    """
    same, different = np.sort(same), np.sort(different)
    marks = np.unique(np.concatenate([same, different]))
    failed = np.searchsorted(same, marks, "left") / len(same)
    passed = 1 - np.searchsorted(different, marks, "left") / len(different)
    best = int(np.argmin(np.abs(failed - passed)))
    return float((failed[best] + passed[best]) / 2), float(marks[best])


def pair_cosines(
    embeddings: NDArray[np.float32], speakers: Sequence[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Cosines of every pair of the same speaker's recordings, and of different speakers'.

    Args:
        embeddings: (N, D) unit norm.
        speakers: (N,).
    """
    cosines = embeddings @ embeddings.T
    numbers = np.unique(np.asarray(speakers), return_inverse=True)[1]
    first, second = np.triu_indices(len(embeddings), 1)
    alike = numbers[first] == numbers[second]
    values = cosines[first, second]
    return values[alike], values[~alike]


def averaged(
    embeddings: NDArray[np.float32], speakers: Sequence[str], count: int = AVERAGED
) -> tuple[NDArray[np.float32], list[str]]:
    """Means of each speaker's embeddings by ``count``, in order, unit norm; what is left over is dropped."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, speaker in enumerate(speakers):
        places[speaker].append(place)
    means, owners = [], []
    for speaker, mine in places.items():
        for first in range(0, len(mine) - count + 1, count):
            means.append(unit(embeddings[mine[first : first + count]].mean(axis=0)))
            owners.append(speaker)
    return np.array(means, np.float32).reshape(len(owners), embeddings.shape[1]), owners


def evaluate_speaker(
    encoder: SpeakerEncoder,
    recordings: Mapping[str, Mapping[str, Sequence[Path]]],
    report: Callable[[str], None] = print,
) -> list[PairRow]:
    """Equal error rates on recordings of people who were never trained on.

    Args:
        encoder: what is measured.
        recordings: by corpus, by speaker; those shorter than `LEAST_SECONDS` are left out.
        report: called with each line of the table.

    Raises:
        EngineError: a corpus has not two speakers with six recordings (code ``no_clips``).
    """
    from inference.training.filmed_corpora.prepare import decode_audio

    rows: list[PairRow] = []
    report(f"{encoder.model_id}, threshold {encoder.threshold:.3f}")
    report(
        f"{'corpus':<16} {'condition':<12} {'utterances':>10} {'speakers':>8} {'pairs':>7} {'EER %':>6} {'at':>6} "
        f"{'passed %':>8} {'failed %':>8}"
    )
    for corpus, people in recordings.items():
        embeddings: dict[str, list[NDArray[np.float32]]] = defaultdict(list)
        owners: list[str] = []
        random = np.random.default_rng(0)
        for speaker, paths in people.items():
            for path in paths:
                samples = decode_audio(path)
                if len(samples) < LEAST_SECONDS * SAMPLE_RATE:
                    continue
                owners.append(speaker)
                power = mel_power(samples)
                embeddings["as recorded"].append(encoder.embed([power], [samples]))
                if isinstance(encoder, NumpySpeakerEncoder):  # the others hear samples
                    embeddings["disturbed"].append(encoder.embed([augment.disturb(power, random, [])]))
        counts = [owners.count(speaker) for speaker in set(owners)]
        if sum(count >= 2 * AVERAGED for count in counts) < 2:
            raise EngineError(
                f"{corpus} needs two speakers with {2 * AVERAGED} recordings of {LEAST_SECONDS:g} s or more.",
                "no_clips",
            )
        for condition, several in embeddings.items():
            for count in (1, AVERAGED):
                rows.append(_row(corpus, condition, count, np.array(several), owners, encoder.threshold))
                row = rows[-1]
                report(
                    f"{row.corpus:<16} {row.condition:<12} {row.utterances:>10} {row.speakers:>8} {row.pairs:>7} "
                    f"{row.equal_error:>6.2f} {row.threshold:>6.3f} {row.passed:>8.2f} {row.failed:>8.2f}"
                )
    return rows


def _row(
    corpus: str,
    condition: str,
    count: int,
    embeddings: NDArray[np.float32],
    owners: Sequence[str],
    threshold: float,
) -> PairRow:
    if count > 1:
        embeddings, owners = averaged(embeddings, owners, count)
    same, different = pair_cosines(embeddings, owners)
    rate, mark = equal_error_rate(same, different)
    return PairRow(
        corpus,
        condition,
        count,
        len(set(owners)),
        len(same),
        100 * rate,
        mark,
        100 * float((different >= threshold).mean()),
        100 * float((same < threshold).mean()),
    )


def grid_clips(grid: Path) -> dict[str, list[Path]]:
    """Clips of each GRID speaker, nobody of whom the encoder ever heard: `GRID_CLIPS` of each, or all there are.

    Raises:
        EngineError: there are none (code ``no_clips``).
    """
    result = {}
    for speaker in GRID_SPEAKERS:
        paths = sorted(path for path in (grid / speaker).glob("*") if path.suffix in (".mp4", ".mpg"))
        if paths:
            chosen = np.unique(np.linspace(0, len(paths) - 1, GRID_CLIPS).astype(int))
            result[speaker] = [paths[place] for place in chosen]
    if not result:
        raise EngineError(f"{grid} holds no clips of {', '.join(GRID_SPEAKERS)}.", "no_clips")
    return result


def content(encoder: SpeakerEncoder, rows: Sequence[PairRow]) -> dict[str, Any]:
    """What the JSON has: the encoder, its threshold, and ``rows``, four decimals."""
    return {
        "encoder": encoder.model_id,
        "threshold": encoder.threshold,
        "rows": [
            {
                key: round(value, 4) if isinstance(value, float) else value
                for key, value in asdict(row).items()
            }
            for row in rows
        ],
    }
