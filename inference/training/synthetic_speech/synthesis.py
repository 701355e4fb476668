"""Synthetic speech with exact phone times, from flite (Black and Lenzo 2001; Debian's ``flite``, BSD-like licence).

``flite -psdur`` speaks a text and prints each phone with its end time. The texts are the training part of
``utterances.tsv`` and words of the CMU dictionary thrown together for training, and :data:`TEST_SENTENCES` for evaluation;
the two share no sentence.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import wave
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.hearing.audio import SAMPLE_RATE, resample
from inference.training.filmed_corpora.labelled import FRAME_RATE, LabelledSpeech, phone_index
from inference.training.filmed_corpora.utterances import read_utterances

VOICES = ("slt", "rms", "awb", "kal16", "kal")

TEST_SENTENCES = (
    "My mother bought a big blue umbrella.", "Please bring me the map before midnight.",
    "Bob may buy a pumpkin pie.", "The baby jumped up on the bed.", "Many people prefer simple problems.",
    "A warm breeze moved the palm trees.", "Pam put the empty cup back.", "Maybe the ship will come by morning.",
    "He rubbed the lamp and made a wish.", "Open the box and remove the paper.", "The plumber fixed the pipe by himself.",
    "I remember the smell of summer rain.", "Both of them climbed above the bridge.", "The map must be in my backpack.",
    "Tom combed his beard in the mirror.", "We hope to meet the member of parliament.", "Stop at the lamp post, please.",
    "A bumpy bus ride is bad for my back.", "She may be home by half past five.", "Bill and Pete play basketball.",
    "The rabbit hopped between the bushes.", "Some jam dropped on the tablecloth.", "Nobody believed a word of it.",
    "Keep the lamb away from the apple tree.", "It is impossible to stop time.",
)  # fmt: skip
"""Sentences rich in p, b and m that no training text repeats."""

PLAIN_SENTENCES = (
    "I will call you when the train arrives.", "She put her coat on the chair near the window.",
    "There is no milk left in the fridge.", "The children are playing in the garden.", "What time does the library close today?",
    "He has not written to his sister for a year.", "Turn left at the next light and go straight on.",
    "The weather was nice, so we walked home.", "Can you show me how this works?", "They sold their old house last winter.",
    "I think the answer is in the second letter.", "My uncle drives a taxi in the city.",
    "The coffee here is better than it used to be.", "Do not forget to lock the door.",
    "We are looking for a place to eat.", "The doctor said that I should rest.",
    "Her brother plays the violin every evening.", "This is the first time I have seen snow.",
    "The meeting was moved to Thursday afternoon.", "It takes an hour to get there on foot.",
    "Your keys are under the newspaper.", "He said that he would be late again.", "The river runs through the old town.",
    "Please read the next page aloud.", "Nothing interesting happened while you were away.",
)  # fmt: skip
"""Ordinary sentences: with few of p, b and m among many other sounds, a closure in the wrong place is more of a risk."""


def speak(
    text: str, voice: str, stretch: float = 1.0, pitch: float = 0.0
) -> tuple[NDArray[np.float32], list[tuple[str, float, float]]]:
    """Speaks one sentence.

    Args:
        text: English.
        voice: one of :data:`VOICES`.
        stretch: duration factor.
        pitch: mean F0 in Hz, 0 for the voice's own.

    Returns:
        (N,) float32 at 16 kHz and the phones as (name, start s, end s); pauses are ``pau``.

    Raises:
        FileNotFoundError: when flite is not installed.
    """
    program = shutil.which("flite")
    if program is None:
        raise FileNotFoundError("flite was not found; install it (Debian: apt install flite).")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "speech.wav"
        command = [
            program,
            "-voice",
            voice,
            "--setf",
            f"duration_stretch={stretch}",
            "-psdur",
            "-t",
            text,
            "-o",
            str(target),
        ]
        if pitch:
            command[3:3] = ["--setf", f"int_f0_target_mean={pitch}"]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        with wave.open(str(target)) as file:
            rate = file.getframerate()
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768
    samples = resample(samples, rate, SAMPLE_RATE)
    phones = []
    start = 0.0
    for mark in printed.split():
        name, end = mark.rsplit(":", 1) if ":" in mark else (mark, "")
        if end:
            phones.append((name, start, float(end)))
            start = float(end)
    return samples, phones


def flite_phone_index(name: str) -> int:
    """Index of one of flite's phones, whose schwa the ARPAbet does not tell from AH."""
    return phone_index("ah" if name == "ax" else name)


def labels_of(phones: list[tuple[str, float, float]], samples: int) -> NDArray[np.int8]:
    """(T,) labels at 100 Hz of phones with their times."""
    labels = np.zeros(samples * FRAME_RATE // SAMPLE_RATE + 1, np.int8)
    for name, start, end in phones:
        labels[round(start * FRAME_RATE) : round(end * FRAME_RATE)] = flite_phone_index(name)
    return labels


def _texts(table: Path) -> list[str]:
    """The sentences of the training part, each once."""
    texts = sorted({row["text"].capitalize() + "." for row in read_utterances(table, "train")})
    if not texts:
        raise EngineError(f"{table} names nobody of the part train.", "no_clips")
    return texts


def _words() -> list[str]:
    """The words of the CMU dictionary that PocketSphinx's wheel brings: every sound beside every other."""
    import pocketsphinx

    with Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")).open(encoding="utf-8") as file:
        words = {line.split(" ", 1)[0] for line in file}
    return sorted(word for word in words if word.isalpha() and len(word) > 1)


def synthesise(table: Path, target: Path, seconds: float = 2400, seed: int = 0, processes: int = 2) -> None:
    """Writes ``flite_<voice>.npz`` for every voice, rate and pitch varied by the seed.

    Args:
        table: ``utterances.tsv``.
        target: folder to write to.
        seconds: how much sound of each voice.
        seed: of texts, rates and pitches.
        processes: how many voices are spoken at once.
    """
    texts, words = _texts(table), _words()
    with ProcessPoolExecutor(processes) as pool:
        for voice in pool.map(
            _speak_much, VOICES, repeat(texts), repeat(words), repeat(target), repeat(seconds), repeat(seed)
        ):
            print(f"flite {voice}: done", flush=True)


def _speak_much(
    voice: str, texts: list[str], words: list[str], target: Path, seconds: float, seed: int
) -> str:
    random = np.random.default_rng([seed, VOICES.index(voice)])
    order = random.permutation(len(texts)).tolist()
    speech = LabelledSpeech()
    spoken = 0
    while spoken < seconds * SAMPLE_RATE:
        if order and random.random() < 0.4:
            text = texts[order.pop()]
        else:
            text = " ".join(random.choice(words, int(random.integers(4, 9))))
            text += "."
        pitch = 0.0 if random.random() < 0.5 else float(random.uniform(80, 260))
        samples, phones = speak(text, voice, float(random.uniform(0.75, 1.3)), pitch)
        speech.add(f"{voice}_{len(speech)}", samples, labels_of(phones, len(samples)))
        spoken += len(samples)
    speech.save(target / f"flite_{voice}.npz")
    return voice
