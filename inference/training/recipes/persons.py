"""The directions of the speaker embedding in which a voice's person is drawn (`inference.motion.manner.persons`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.hearing.features import pitch
from inference.hearing.speaker_encoder import load_speaker_encoder
from inference.motion.manner import persons
from inference.motion.manner.voice import describe

from ..filmed_corpora.utterances import utterance_files

Array = NDArray[np.float64]

COUNT = 8
"""How many numbers a person is; a power of two."""
_SECONDS = 20.0  # of a speaker's utterances, joined, that are heard at once
_RIDGE = 0.3  # of the mean variance within speakers: the encoder knows these speakers better than strangers


def passages(files: list[Path], seconds: float = _SECONDS) -> Iterator[NDArray[np.float32]]:
    """A speaker's utterances, joined to passages of so many seconds or a little more; what is left over is dropped."""
    pieces: list[NDArray[np.float32]] = []
    for path in files:
        pieces.append(read_recording(path).samples)
        if sum(map(len, pieces)) > seconds * SAMPLE_RATE:
            yield np.concatenate(pieces)
            pieces = []


def learn_directions(
    embeddings: Mapping[str, Array], pitches: Mapping[str, float], count: int = COUNT
) -> tuple[Array, Array]:
    """Mean (D,) and matrix (D, count): see `persons.Directions`.

    Linear discriminants (Fisher 1936): where speakers differ most for what one speaker differs from passage to passage. Of
    these the one that says how high a voice is goes, so that women and men are not two manners; the rest is turned so that
    every number takes as much of each.

    Args:
        embeddings: speaker → (passages, D), two or more passages each.
        pitches: speaker → Hz, the median of the pitch.
        count: a power of two.
    """
    means = np.array([several.mean(axis=0) for several in embeddings.values()])
    mean = means.mean(axis=0)
    within = np.mean([np.cov(several.T) for several in embeddings.values()], axis=0)
    within += _RIDGE * np.trace(within) / len(within) * np.eye(len(within))
    between = np.cov(means.T)
    # Symmetric form of the generalised eigenvalue problem, whose result is the same in every LAPACK but for signs.
    root = np.linalg.cholesky(within)
    whitened = np.linalg.solve(root, np.linalg.solve(root, between).T)
    _, vectors = np.linalg.eigh((whitened + whitened.T) / 2)
    best = np.linalg.solve(root.T, vectors[:, ::-1][:, : count + 1])
    best *= np.sign(best[np.abs(best).argmax(axis=0), np.arange(count + 1)])
    places = (means - mean) @ best
    best /= places.std(axis=0)
    places /= places.std(axis=0)
    height = np.log([pitches[speaker] for speaker in embeddings])
    height_direction, *_ = np.linalg.lstsq(places, height - height.mean(), rcond=None)
    # A rotation whose first axis is the pitch's, and the other axes of it.
    others = np.linalg.qr(np.column_stack([height_direction, np.eye(count + 1)[:, :count]]))[0][:, 1:]
    matrix = best @ others @ _mixed(count)
    matrix /= ((means - mean) @ matrix).std(axis=0)
    return mean, matrix


def _mixed(count: int) -> Array:
    """(count, count) Hadamard's matrix, orthonormal."""
    matrix = np.ones((1, 1))
    while len(matrix) < count:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix / np.sqrt(count)


def measure_persons(speech: Path) -> int:
    """Write ``persons.json`` from the training speakers of speechocean762; how many speakers it was."""
    encoder = load_speaker_encoder()
    embeddings: dict[str, Array] = {}
    pitches: dict[str, float] = {}
    for speaker, files in sorted(utterance_files(speech, "train").items()):
        voices = [describe(samples, pitch(samples), encoder) for samples in passages(files)]
        if len(voices) >= 2:
            embeddings[speaker] = np.array([voice.embedding for voice in voices], np.float64)
            pitches[speaker] = float(np.median([voice.median_f0 for voice in voices]))
    mean, matrix = learn_directions(embeddings, pitches)
    row = {
        "about": "Where in the speaker embedding voices differ; made by 'python -m inference measure-persons'.",
        "encoder": encoder.model_id,
        "mean": mean.round(5).tolist(),
        "matrix": matrix.round(4).tolist(),
    }
    persons.DIRECTIONS.write_text(json.dumps(row) + "\n", encoding="utf-8")
    persons.directions.cache_clear()
    return len(embeddings)
