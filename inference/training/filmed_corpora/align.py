"""Phone times for transcribed speech, by forced alignment with PocketSphinx's en-us model (inside its wheel).

Reads the layout of ``../shared/data/speech`` (``utterances.tsv`` with text and ARPAbet phones of each word). Writes one
``.npz`` per speaker: ``names``, ``audio`` (int16, 16 kHz, all utterances on end), ``audio_start`` (N + 1,), ``labels`` (int8,
100 Hz, index into :data:`inference.motion.lips.content.PHONES`, all on end), ``label_start`` (N + 1,), ``part``.
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

from inference.motion.lips.content import PHONES
from inference.training.filmed_corpora.corpus import load_clip, split
from inference.training.filmed_corpora.prepare import decode_audio

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


def align_words_here(
    audio: NDArray[np.float32], words: list[tuple[str, list[str]]]
) -> NDArray[np.int8] | None:
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
            # PocketSphinx frame f looks at f * 10 ms … + 25.6 ms: its middle is one frame on.
            labels[phone.start + 1 : phone.start + 1 + phone.duration] = phone_index(phone.name)
    return labels


def save_labelled(
    target: Path, names: list[str], audio: list[NDArray[np.int16]], labels: list[NDArray[np.int8]], part: str
) -> None:
    """Writes one labelled ``.npz`` as the module's docstring describes it, complete or not at all; nothing if empty."""
    if not names:
        return
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
            part=np.array(part),
        )
    partial.replace(target)


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
    save_labelled(target, names, audio, labels, rows[0]["part"])
    return len(names), len(rows)


def align_corpus(folder: Path, corpus: Path, processes: int = 2, parts: tuple[str, ...] = ("train",)) -> None:
    """Aligns the speakers of ``folder/utterances.tsv`` into ``corpus/<speaker>.npz``; speakers done before are kept."""
    speakers: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (folder / "utterances.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            speakers[row["speaker"]].append(row)
    todo = [name for name in sorted(speakers) if not (corpus / f"{name}.npz").is_file()]
    todo = [name for name in todo if speakers[name][0]["part"] in parts]
    started = time.monotonic()
    good = total = 0
    with ProcessPoolExecutor(processes) as pool:
        jobs = [pool.submit(align_speaker, folder, speakers[name], corpus / f"{name}.npz") for name in todo]
        for count, job in enumerate(as_completed(jobs), start=1):
            good, total = good + job.result()[0], total + job.result()[1]
            left = (time.monotonic() - started) / count * (len(todo) - count)
            print(
                f"{count}/{len(todo)} speakers, {good} of {total} utterances aligned, {left:.0f} s left",
                flush=True,
            )


GRID_WORDS = """
bin B IH N|lay L EY|place P L EY S|set S EH T|blue B L UW|green G R IY N|red R EH D|white W AY T|at AE T|by B AY|in IH N
with W IH DH|a EY|b B IY|c S IY|d D IY|e IY|f EH F|g JH IY|h EY CH|i AY|j JH EY|k K EY|l EH L|m EH M|n EH N|o OW|p P IY
q K Y UW|r AA R|s EH S|t T IY|u Y UW|v V IY|x EH K S|y W AY|z Z EH D|zero Z IH R OW|one W AH N|two T UW|three TH R IY
four F AO R|five F AY V|six S IH K S|seven S EH V AH N|eight EY T|nine N AY N|again AH G EH N|now N AW|please P L IY Z
soon S UW N
"""
"""GRID's words with their phones (British z is *zed*), ``word phones`` separated by bars."""


def grid_words(path: Path) -> list[list[str]]:
    """The phones of each word of one of GRID's ``.align`` files, silences left out."""
    entries = [entry.split() for entry in GRID_WORDS.replace("\n", "|").split("|") if entry]
    spoken = {entry[0]: entry[1:] for entry in entries}
    words = [line.split()[2] for line in path.read_text().splitlines() if len(line.split()) == 3]
    return [spoken[word] for word in words if word in spoken]


def align_grid(corpus: Path, alignments: Path, target: Path, speakers: tuple[str, ...] = ("s1", "s4")) -> int:
    """Phone labels of GRID's training clips (:func:`inference.training.filmed_corpora.corpus.split`) from their known words.

    Args:
        corpus: a prepared corpus with a folder per speaker.
        alignments: GRID's ``alignments`` folder (``<speaker>/<clip>.align``).
        target: folder for ``grid_<speaker>.npz``.

    Returns:
        How many clips were aligned.
    """
    count = 0
    for speaker in speakers:
        groups = split(corpus, speaker)
        audio, labels, names = [], [], []
        for path in groups["train"] + groups["validation"]:
            source = alignments / speaker / f"{path.stem}.align"
            if not source.is_file():
                continue
            samples = load_clip(path).audio
            found = align_words(samples, [("", word) for word in grid_words(source)])
            if found is not None:
                names.append(path.stem)
                audio.append(np.round(samples * 32767).astype(np.int16))
                labels.append(found)
        save_labelled(target / f"grid_{speaker}.npz", names, audio, labels, "train")
        count += len(names)
    return count


if __name__ == "__main__":
    align_corpus(Path(sys.argv[1]), Path(sys.argv[2]))
