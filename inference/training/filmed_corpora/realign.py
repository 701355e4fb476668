"""Phone times again, by the trained encoder: finds the sentences that PocketSphinx gave up on, and hears accents better."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from inference.training.disturbances import augment
from inference.training.filmed_corpora.align import grid_words
from inference.training.filmed_corpora.corpus import load_clip, split
from inference.training.filmed_corpora.labelled import SYNTHETIC, LabelledSpeech, phone_index
from inference.training.filmed_corpora.prepare import decode_audio
from inference.training.filmed_corpora.utterances import (
    Row,
    phones_of_words,
    read_utterances,
    rows_by_speaker,
)
from inference.training.networks.content import Encoder
from inference.training.whole_files import opened_arrays

WORST = -2.0
"""Mean log posterior a frame below which an utterance is left out: what was said is not what was to be read."""
PRIOR_SCALE = 0.4
FAR = -1e9

Spoken = list[list[str]]
"""The phones of each word."""
Utterance = tuple[str, NDArray[np.float32], Spoken]
"""Its name, (N,) samples at 16 kHz, and what is said."""


def viterbi(scores: NDArray[np.float32], words: Spoken) -> tuple[NDArray[np.int8], float]:
    """The most likely times of known phones, with silence allowed between words (Viterbi 1967).

    Args:
        scores: (T, P) log posteriors, less a share of the log priors.
        words: what is said.

    Returns:
        (T,) phone indices and the mean score of a frame.
    """
    phones, optional = [0], [True]
    for word in words:
        phones += [phone_index(name) for name in word] + [0]
        optional += [False] * len(word) + [True]
    states, skippable = np.array(phones), np.array(optional)
    emitted = scores[:, states]
    count, length = len(states), len(scores)
    best = np.full(count, FAR)
    best[:2] = emitted[0, :2]
    back = np.zeros((length, count), np.int8)
    may_skip = np.concatenate([[False, False], skippable[1:-1]])
    for time in range(1, length):
        one = np.concatenate([[FAR], best[:-1]])
        two = np.where(may_skip, np.concatenate([[FAR, FAR], best[:-2]]), FAR)
        choices = np.stack([best, one, two])
        back[time] = choices.argmax(axis=0)
        best = choices.max(axis=0) + emitted[time]
    state = count - 1 if best[-1] > best[-2] else count - 2
    score = float(best[state]) / length
    path = np.zeros(length, np.int8)
    for time in range(length - 1, -1, -1):
        path[time] = states[state]
        state -= back[time, state]
    return path, score


def align(
    encoder: Encoder, samples: NDArray[np.float32], words: Spoken, priors: NDArray[np.float32]
) -> NDArray[np.int8] | None:
    """Labels (T,) at 100 Hz, or None where the sentence does not fit the sound."""
    heard = augment.heard(augment.mel_of(augment.magnitudes(samples)))
    with torch.inference_mode():
        scores = torch.log_softmax(encoder(torch.from_numpy(heard.T[None].copy()))[1], dim=1)[0].T.numpy()
    if len(scores) < 2 * sum(map(len, words)) or not words:
        return None
    labels, score = viterbi(scores - PRIOR_SCALE * priors, words)
    return np.repeat(labels, 2)[: len(heard)] if score > WORST else None


def log_priors(speech: Path) -> NDArray[np.float32]:
    """(P,) log frequency of each phone in labelled speech, relative to a uniform one."""
    counts = np.ones(40)
    for path in sorted(speech.glob("*.npz")):
        with opened_arrays(path) as data:
            counts += np.bincount(data["labels"], minlength=40)
    return np.log(counts / counts.mean()).astype(np.float32)


def realign(
    encoder: Encoder, speech: Path, table: Path, corpus: Path, alignments: Path, target: Path
) -> tuple[int, int]:
    """Aligns speechocean762's training part and GRID's training clips again.

    Args:
        encoder: trained on the first alignment.
        speech: the first alignment; synthetic speech is copied from it, its times are exact.
        table: ``utterances.tsv``, beside ``wav/``.
        corpus, alignments: prepared GRID corpus and GRID's word times.
        target: folder to write to; files that are there are kept.

    Returns:
        (aligned, all) utterances of this call.
    """
    priors = log_priors(speech)
    aligned = total = 0
    target.mkdir(parents=True, exist_ok=True)
    _copy_synthetic(speech, target)
    files: dict[str, Iterator[Utterance]] = {
        speaker: _recorded(table.parent, rows)
        for speaker, rows in rows_by_speaker(read_utterances(table, "train")).items()
    }
    for speaker in ("s1", "s4"):
        files[f"grid_{speaker}"] = _filmed(corpus, alignments / speaker)
    for name, utterances in files.items():
        if (target / f"{name}.npz").is_file():
            continue
        labelled = LabelledSpeech()
        for utterance, samples, words in utterances:
            total += 1
            labels = align(encoder, samples, words, priors)
            if labels is not None:
                labelled.add(utterance, samples, labels)
        labelled.save(target / f"{name}.npz")
        aligned += len(labelled)
    return aligned, total


def _copy_synthetic(speech: Path, target: Path) -> None:
    for source in SYNTHETIC:
        for path in speech.glob(f"{source}_*.npz"):
            if not (target / path.name).is_file():
                shutil.copyfile(path, target / path.name)


def _recorded(folder: Path, rows: list[Row]) -> Iterator[Utterance]:
    """One speaker's recordings."""
    for row in rows:
        yield row["utterance"], decode_audio(folder / row["file"]), phones_of_words(row)


def _filmed(corpus: Path, alignments: Path) -> Iterator[Utterance]:
    """The training clips of a GRID speaker whose word times are known.

    Args:
        corpus: prepared.
        alignments: the speaker's folder of word times.
    """
    groups = split(corpus, alignments.name)
    for path in groups["train"] + groups["validation"]:
        words = alignments / f"{path.stem}.align"
        if words.is_file():
            yield path.stem, load_clip(path).audio, grid_words(words)
