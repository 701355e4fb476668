"""Phone times for transcribed speech, by forced alignment with PocketSphinx's en-us model (inside its wheel).

Reads speechocean762 as :mod:`inference.training.filmed_corpora.utterances` does, and GRID as it was prepared; writes labelled
speech (:mod:`inference.training.filmed_corpora.labelled`).
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.training.filmed_corpora.corpus import load_clip, split
from inference.training.filmed_corpora.labelled import FRAME_RATE, LabelledSpeech, phone_index
from inference.training.filmed_corpora.prepare import decode_audio
from inference.training.filmed_corpora.utterances import phones_of_words, read_utterances, rows_by_speaker


def align_words(audio: NDArray[np.float32], words: list[tuple[str, list[str]]]) -> NDArray[np.int8] | None:
    """Phone labels of one utterance, found in a child process: PocketSphinx ends some failed alignments by a segmentation
    fault. Arguments and result as :func:`align_words_here`; None also where the child crashed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            labels = align_words_here(audio, words)
            with os.fdopen(writer, "wb") as file:
                file.write(b"" if labels is None else labels.tobytes())
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


def align_speaker(folder: Path, rows: list[dict[str, str]], target: Path) -> tuple[int, int]:
    """Aligns one speaker's utterances and writes them. Returns (aligned, all)."""
    aligned = LabelledSpeech()
    for row in rows:
        spoken = phones_of_words(row)
        words = list(zip(row["text"].split(), spoken, strict=False))
        samples = decode_audio(folder / row["file"])
        labels = align_words(samples, words) if len(words) == len(spoken) else None
        if labels is not None:
            aligned.add(row["utterance"], samples, labels)
    aligned.save(target, rows[0]["part"])
    return len(aligned), len(rows)


def align_corpus(folder: Path, corpus: Path, processes: int = 2, parts: tuple[str, ...] = ("train",)) -> None:
    """Aligns the speakers of ``folder/utterances.tsv`` into ``corpus/<speaker>.npz``; speakers done before are kept.

    Raises:
        EngineError: nobody is in these parts, or nothing that they say could be aligned (code ``no_clips``).
    """
    table = folder / "utterances.tsv"
    speakers = rows_by_speaker(read_utterances(table))
    named = [name for name in speakers if speakers[name][0]["part"] in parts]
    if not named:
        raise EngineError(f"{table} names nobody of the part {' or '.join(parts)}.", "no_clips")
    todo = [name for name in named if not (corpus / f"{name}.npz").is_file()]
    if not todo:
        print(f"All {len(named)} speakers were aligned before: their files are kept.", flush=True)
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
    if todo and not good:
        raise EngineError(f"None of the {total} utterances that {table} names could be aligned.", "no_clips")


GRID_WORDS = """
bin B IH N|lay L EY|place P L EY S|set S EH T|blue B L UW|green G R IY N|red R EH D|white W AY T|at AE T|by B AY|in IH N
with W IH DH|a EY|b B IY|c S IY|d D IY|e IY|f EH F|g JH IY|h EY CH|i AY|j JH EY|k K EY|l EH L|m EH M|n EH N|o OW|p P IY
q K Y UW|r AA R|s EH S|t T IY|u Y UW|v V IY|x EH K S|y W AY|z Z EH D|zero Z IH R OW|one W AH N|two T UW|three TH R IY
four F AO R|five F AY V|six S IH K S|seven S EH V AH N|eight EY T|nine N AY N|again AH G EH N|now N AW|please P L IY Z
soon S UW N
"""
"""GRID's words with their phones (British z is *zed*), ``word phones`` separated by bars."""


def grid_phones(words: list[str]) -> list[list[str]]:
    """The phones of each of some of GRID's words; what is none, as a silence, is left out."""
    entries = [entry.split() for entry in GRID_WORDS.replace("\n", "|").split("|") if entry]
    spoken = {entry[0]: entry[1:] for entry in entries}
    return [spoken[word] for word in words if word in spoken]


def grid_words(path: Path) -> list[list[str]]:
    """The phones of each word of one of GRID's ``.align`` files, silences left out."""
    lines = [line.split() for line in path.read_text().splitlines()]
    return grid_phones([line[2] for line in lines if len(line) == 3])


_COMMANDS: Final[tuple[dict[str, str], ...]] = (
    {"b": "bin", "l": "lay", "p": "place", "s": "set"},
    {"b": "blue", "g": "green", "r": "red", "w": "white"},
    {"a": "at", "b": "by", "i": "in", "w": "with"},
    {letter: letter.upper() for letter in "abcdefghijklmnopqrstuvxyz"},
    {
        "z": "zero", "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
        "9": "nine",
    },
    {"a": "again", "n": "now", "p": "please", "s": "soon"},
)  # fmt: skip
"""GRID's grammar: what each letter of a clip's name stands for; no w is spelt.

Source: Cooke et al., *An audio-visual corpus for speech perception*, JASA 120, 2006.
"""


def grid_text(name: str) -> str:
    """What is said in a clip of GRID that is named so (``bbaf2n``: *bin blue at F two now*); nothing for other names."""
    if len(name) != len(_COMMANDS) or any(letter not in words for words, letter in zip(_COMMANDS, name)):
        return ""
    return " ".join(words[letter] for words, letter in zip(_COMMANDS, name))


def grid_sentence(name: str) -> list[list[str]]:
    """The phones of each word that a clip of GRID is named by; none for other names."""
    return grid_phones(grid_text(name).lower().split())


def align_grid(corpus: Path, alignments: Path, target: Path, speakers: tuple[str, ...] = ("s1", "s4")) -> int:
    """Phone labels of GRID's training clips (:func:`inference.training.filmed_corpora.corpus.split`) from their known words.

    Args:
        corpus: a prepared corpus with a folder per speaker.
        alignments: GRID's ``alignments`` folder (``<speaker>/<clip>.align``).
        target: folder for ``grid_<speaker>.npz``.

    Returns:
        How many clips were aligned.

    Raises:
        EngineError: none was (code ``no_clips``).
    """
    count = 0
    for speaker in speakers:
        groups = split(corpus, speaker)
        aligned = LabelledSpeech()
        for path in groups["train"] + groups["validation"]:
            source = alignments / speaker / f"{path.stem}.align"
            if not source.is_file():
                continue
            samples = load_clip(path).audio
            labels = align_words(samples, [("", word) for word in grid_words(source)])
            if labels is not None:
                aligned.add(path.stem, samples, labels)
        if len(aligned):
            aligned.save(target / f"grid_{speaker}.npz")
        count += len(aligned)
    if not count:
        raise EngineError(
            f"No clip of {' or '.join(speakers)} in {corpus} has its words in {alignments}: give a prepared corpus, and the "
            "folder with <speaker>/<clip>.align.",
            "no_clips",
        )
    return count
