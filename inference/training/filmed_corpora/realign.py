"""Phone times again, by the trained encoder: finds the sentences that PocketSphinx gave up on, and hears accents better."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from inference.training.disturbances import augment
from inference.training.filmed_corpora.align import grid_words, phone_index, save_labelled
from inference.training.filmed_corpora.corpus import load_clip, split
from inference.training.filmed_corpora.prepare import decode_audio
from inference.training.networks.content import Encoder
from inference.training.recipes.encoder import SYNTHETIC

WORST = -2.0
"""Mean log posterior a frame below which an utterance is left out: what was said is not what was to be read."""
PRIOR_SCALE = 0.4
FAR = -1e9

Spoken = list[list[str]]
"""The phones of each word."""


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
        with np.load(path, allow_pickle=False) as data:
            counts += np.bincount(data["labels"], minlength=40)
    return np.log(counts / counts.mean()).astype(np.float32)


def _sources(table: Path) -> Iterator[tuple[str, list[dict[str, str]]]]:
    speakers: dict[str, list[dict[str, str]]] = defaultdict(list)
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["part"] == "train":
                speakers[row["speaker"]].append(row)
    yield from sorted(speakers.items())


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
    for source in SYNTHETIC:
        for path in speech.glob(f"{source}_*.npz"):
            if not (target / path.name).is_file():
                shutil.copyfile(path, target / path.name)

    def one_file(name: str, items: Iterator[tuple[str, NDArray[np.float32], Spoken]]) -> None:
        nonlocal aligned, total
        names, audio, labels = [], [], []
        for utterance, samples, words in items:
            total += 1
            found = align(encoder, samples, words, priors)
            if found is not None:
                names.append(utterance)
                audio.append(np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16))
                labels.append(found)
        aligned += len(names)
        save_labelled(target / f"{name}.npz", names, audio, labels, "train")

    for speaker, rows in _sources(table):
        if not (target / f"{speaker}.npz").is_file():
            one_file(
                speaker,
                (
                    (
                        row["utterance"],
                        decode_audio(table.parent / row["file"]),
                        [group.split() for group in row["phones (words split by |)"].split("|")],
                    )
                    for row in rows
                ),
            )
    for speaker in ("s1", "s4"):
        if not (target / f"grid_{speaker}.npz").is_file():
            groups = split(corpus, speaker)
            paths = [
                p
                for p in groups["train"] + groups["validation"]
                if (alignments / speaker / f"{p.stem}.align").is_file()
            ]
            one_file(
                f"grid_{speaker}",
                (
                    (p.stem, load_clip(p).audio, grid_words(alignments / speaker / f"{p.stem}.align"))
                    for p in paths
                ),
            )
    return aligned, total
