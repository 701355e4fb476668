"""Phone times for transcribed speech, by forced alignment with PocketSphinx's en-us model (inside its wheel).

Reads the layout of ``../shared/data/speech`` (``utterances.tsv`` with text and ARPAbet phones of each word). Writes one
``.npz`` per speaker: ``names``, ``audio`` (int16, 16 kHz, all utterances on end), ``audio_start`` (N + 1,), ``labels`` (int8,
100 Hz, index into :data:`inference.motion.content.PHONES`, all on end), ``label_start`` (N + 1,), ``part``.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.motion.content import PHONES
from inference.training.prepare import decode_audio

FRAME_RATE = 100
PHONE_INDEX = {phone: index for index, phone in enumerate(PHONES)}


def phone_index(name: str) -> int:
    """Index of a phone, stress marks and all silences and noises folded."""
    return PHONE_INDEX.get(name.rstrip("012").upper(), 0)


def align_words(audio: NDArray[np.float32], words: list[tuple[str, list[str]]]) -> NDArray[np.int8] | None:
    """Phone labels of one utterance, found in a child process: PocketSphinx ends some failed alignments by a segmentation
    fault. Arguments and result as :func:`align_words_here`; None also where the child crashed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            found = align_words_here(audio, words)
            with os.fdopen(writer, "wb") as file:
                file.write(b"" if found is None else found.tobytes())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        data = file.read()
    os.waitpid(child, 0)
    return np.frombuffer(data, np.int8).copy() if data else None


def align_words_here(audio: NDArray[np.float32], words: list[tuple[str, list[str]]]) -> NDArray[np.int8] | None:
    """Phone labels (T,) at 100 Hz of one utterance, or None where PocketSphinx finds no path through the words.

    Args:
        audio: (N,) float32 at 16 kHz.
        words: each word with its ARPAbet phones.
    """
    import pocketsphinx

    variants: dict[str, list[str]] = defaultdict(list)
    for index, (_, phones) in enumerate(words):
        variants[f"w{index}"].append(" ".join(phone.rstrip("012") for phone in phones))
    with tempfile.NamedTemporaryFile("w", suffix=".dict") as file:
        for name, spoken in variants.items():
            file.write(f"{name} {spoken[0]}\n")
        file.flush()
        decoder = pocketsphinx.Decoder(
            hmm=pocketsphinx.get_model_path("en-us/en-us"), lm=None, dict=file.name, loglevel="FATAL",
        )  # fmt: skip
        data = np.round(np.clip(audio, -1, 1) * 32767).astype(np.int16).tobytes()
        try:
            decoder.set_align_text(" ".join(variants))
            decoder.start_utt()
            decoder.process_raw(data, full_utt=True)
            decoder.end_utt()
            if decoder.hyp() is None:
                return None
            decoder.set_alignment()
            decoder.start_utt()
            decoder.process_raw(data, full_utt=True)
            decoder.end_utt()
            alignment = decoder.get_alignment()
        except RuntimeError:
            return None
    labels = np.zeros(len(audio) * FRAME_RATE // 16000 + 1, np.int8)
    for word in alignment:
        for phone in word:
            labels[phone.start : phone.start + phone.duration] = phone_index(phone.name)
    return labels


def align_speaker(folder: Path, rows: list[dict[str, str]], target: Path) -> tuple[int, int]:
    """Aligns one speaker's utterances and writes them. Returns (aligned, all)."""
    audio: list[NDArray[np.int16]] = []
    labels: list[NDArray[np.int8]] = []
    names: list[str] = []
    for row in rows:
        spoken = [group.split() for group in row["phones (words split by |)"].split("|")]
        words = list(zip(row["text"].split(), spoken, strict=False))
        samples = decode_audio(folder / row["file"])
        found = align_words(samples, words) if len(words) == len(spoken) else None
        if found is not None:
            names.append(row["utterance"])
            audio.append(np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16))
            labels.append(found)
    if names:
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        with partial.open("wb") as file:
            np.savez(
                file,
                names=np.array(names),
                audio=np.concatenate(audio),
                audio_start=np.cumsum([0] + [len(a) for a in audio]),
                labels=np.concatenate(labels),
                label_start=np.cumsum([0] + [len(a) for a in labels]),
                part=np.array(rows[0]["part"]),
            )
        partial.replace(target)
    return len(names), len(rows)


def align_corpus(folder: Path, corpus: Path, processes: int = 2) -> None:
    """Aligns every speaker of ``folder/utterances.tsv`` into ``corpus/<speaker>.npz``; speakers done before are kept."""
    speakers: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (folder / "utterances.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            speakers[row["speaker"]].append(row)
    order = sorted(speakers, key=lambda name: (speakers[name][0]["part"] != "train", name))
    todo = [name for name in order if not (corpus / f"{name}.npz").is_file()]
    started = time.monotonic()
    good = total = 0
    with ProcessPoolExecutor(processes) as pool:
        jobs = [pool.submit(align_speaker, folder, speakers[name], corpus / f"{name}.npz") for name in todo]
        for count, job in enumerate(as_completed(jobs), start=1):
            good, total = good + job.result()[0], total + job.result()[1]
            left = (time.monotonic() - started) / count * (len(todo) - count)
            print(f"{count}/{len(todo)} speakers, {good} of {total} utterances aligned, {left:.0f} s left", flush=True)


if __name__ == "__main__":
    align_corpus(Path(sys.argv[1]), Path(sys.argv[2]))
