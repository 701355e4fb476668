"""Synthetic speech with phone times from Festival's voices in six languages (Debian's ``festival`` and ``festvox-…``).

Festival's segments have their ends; ``data/festival_phones.tsv`` says which of :data:`inference.motion.lips.content.PHONES` stand
for each voice family's phones. The texts are those of :mod:`inference.training.synthetic_speech.espeak`. Debian's Russian voice
(``festvox-ru``) is left out: the times of its recorded units are some 20 ms off.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import wave
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference.training.filmed_corpora.labelled import LabelledSpeech
from inference.training.synthetic_speech.espeak import (
    DATA,
    RATE,
    Phones,
    UnknownSymbol,
    labels_of_parts,
    phrase,
    read_table,
    tell_written,
)

PACKAGE = "festival"

_BATCH = 60  # phrases for one process
_TIMEOUT_SECONDS = 300

_SAY = """
(define (say text stretch name)
  (Parameter.set 'Duration_Stretch stretch)
  (let ((spoken (utt.synth (eval (list 'Utterance 'Text text)))))
    (utt.save.wave spoken (string-append name ".wav") 'riff)
    (utt.save.segs spoken (string-append name ".lab"))))
"""


@cache
def voices() -> dict[str, dict[str, str]]:
    """``data/festival_voices.json``: for each voice its call, Debian package, phone family, language and text encoding."""
    return dict(json.loads((DATA / "festival_voices.json").read_text(encoding="utf-8")))


@cache
def phone_table() -> dict[str, tuple[str, ...]]:
    """``data/festival_phones.tsv``, by ``family:phone``."""
    return read_table(DATA / "festival_phones.tsv")


def phones_of_segment(name: str, family: str) -> tuple[str, ...]:
    """The phones that stand for one of a family's phones.

    Raises:
        UnknownSymbol: when the table has none for it.
    """
    phones = phone_table().get(f"{family}:{name.rstrip(':')}")
    if not phones:
        raise UnknownSymbol(f"{family}:{name}")
    return phones


def speak_all(
    texts: list[str], voice: str, stretches: list[float]
) -> list[tuple[NDArray[np.float32], Phones] | None]:
    """Speaks texts in one Festival process.

    Args:
        texts: in the voice's language.
        voice: one of :func:`voices`.
        stretches: duration factor of each; the HMM voices take no notice of it.

    Returns:
        For each text (N,) float32 at 16 kHz with its phones as (name, start s, end s), or None where Festival failed; all are
        None where the voice is not installed.

    Raises:
        FileNotFoundError: when Festival is not installed.
    """
    from scipy.signal import resample_poly

    program = shutil.which("festival")
    if program is None:
        raise FileNotFoundError(f"Festival was not found; install it (Debian: apt install {PACKAGE}).")
    settings = voices()[voice]
    utterances: list[tuple[NDArray[np.float32], Phones] | None] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [_SAY, f"({settings['call']})"]
        for index, (text, stretch) in enumerate(zip(texts, stretches, strict=True)):
            written = text.replace("\\", "").replace('"', "")
            lines.append(f'(unwind-protect (say "{written}" {stretch:.3f} "{folder / str(index)}") nil)')
        script = folder / "say.scm"
        script.write_bytes("\n".join(lines).encode(settings["encoding"], "ignore"))
        try:
            subprocess.run(
                [program, "-b", str(script)], check=False, capture_output=True, timeout=_TIMEOUT_SECONDS
            )
        except subprocess.TimeoutExpired:
            pass  # what was written until then is used
        for index in range(len(texts)):
            sound, segments = folder / f"{index}.wav", folder / f"{index}.lab"
            if not (sound.is_file() and segments.is_file()):
                utterances.append(None)
                continue
            with wave.open(str(sound)) as file:
                rate = file.getframerate()
                heard = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32)
            samples = heard / 32768
            if rate != RATE:
                samples = resample_poly(samples, RATE, rate).astype(np.float32)
            utterances.append((samples, _segments(segments, len(samples) / RATE)))
    return utterances


def _segments(path: Path, length: float) -> Phones:
    """The segments of one of Festival's label files (``end s``, a number, name; after a line ``#``), cut at the sound's end."""
    phones: Phones = []
    start = 0.0
    _, _, body = path.read_text(encoding="latin-1").partition("#\n")
    for line in body.splitlines():
        ending, _, name = line.split()[:3]
        end = min(float(ending), length)
        if end > start:
            phones.append((name, start, end))
            start = end
    return phones


def synthesise_voice(voice: str, target: Path, seconds: float, random: np.random.Generator) -> Counter[str]:
    """Writes ``target/festival_<voice>.npz``: phrases at another speed each, until there are enough seconds.

    Returns:
        How many phrases each unknown phone cost; they are left out.

    Raises:
        FileNotFoundError: when Festival, the voice (``filename`` is then its name) or the words are not installed.
    """
    settings = voices()[voice]
    speech = LabelledSpeech()
    unknown: Counter[str] = Counter()
    spoken = 0.0
    for batch in range(40):
        texts = [phrase(settings["language"], random) for _ in range(_BATCH)]
        stretches = [float(stretch) for stretch in random.uniform(0.8, 1.25, _BATCH)]
        utterances = speak_all(texts, voice, stretches)
        if not any(utterances):
            raise FileNotFoundError(2, "no such voice", voice)
        for index, utterance in enumerate(utterances):
            if utterance is None or spoken >= seconds:
                continue
            samples, phones = utterance
            try:
                parts = [
                    (phones_of_segment(name, settings["family"]), start, end) for name, start, end in phones
                ]
            except UnknownSymbol as error:
                unknown[error.symbol] += 1
                continue
            speech.add(f"{voice}_{batch * _BATCH + index}", samples, labels_of_parts(parts, len(samples)))
            spoken += len(samples) / RATE
        if spoken >= seconds:
            break
    speech.save(target / f"festival_{voice}.npz")
    return unknown


def synthesise_festival(target: Path, seconds: float = 540.0, seed: int = 0) -> None:
    """Writes ``festival_<voice>.npz`` for every voice with so many seconds each; files done before are kept.

    What is not installed is skipped with a printed line, and so is every phrase with a phone that the table does not know.
    """
    for number, voice in enumerate(voices()):
        if (target / f"festival_{voice}.npz").is_file():
            continue
        random = np.random.default_rng([seed, 1000 + number])
        try:
            unknown = synthesise_voice(voice, target, seconds, random)
        except FileNotFoundError as error:
            if error.filename is None:
                print(f"skipped Festival: {error}", flush=True)
                return
            package = voices()[voice]["package"] if error.filename == voice else error.filename
            print(f"skipped festival_{voice}: install {package}", flush=True)
            continue
        tell_written(f"festival_{voice}.npz", unknown)
