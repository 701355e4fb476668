"""Pieces of speech to train with that stand alone: words cut close, made-up words in many languages, vowels held for seconds.

Where a vowel or a hum is in a real voice's sentence, the encoder says. What recordings are measured with
(`inference.training.evaluation.recordings`, `disturbances.sounds.held`) is found and lengthened in other ways.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.errors import EngineError
from inference.face.runs import runs_of
from inference.hearing.audio import SAMPLE_RATE
from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.hearing.features import mel_power, normalise
from inference.motion.lips.content import CONTENT_RATE, PHONES
from inference.training.synthetic_speech import espeak, synthesis

Samples = NDArray[np.float32]

LANGUAGES = (
    "en-us", "en-gb-scotland", "de", "fr", "es", "it", "pt-br", "nl", "pl", "cs", "sv", "fi", "hu", "ro", "tr", "id",
    "sw", "vi", "ca", "da",
)  # fmt: skip
"""eSpeak NG's, which read Latin letters."""

VOWELS = tuple(index for index, name in enumerate(PHONES) if name[0] in "AEIOU")
NASALS = tuple(index for index, name in enumerate(PHONES) if name in espeak.NASALS)

_SURE = 0.8  # posterior of a piece's phones, taken together
_LEAST_SECONDS = {VOWELS: 0.12, NASALS: 0.08}
_PITCHES = (75.0, 600.0)  # Hz
_LONGER = 3.0  # times: Praat cuts off what is more in one call
_SPEECH_DB = -30.0  # a word's edges, beside its loudest
_BLOCK = SAMPLE_RATE // 100
_STARTS = ("", "b", "p", "m", "d", "t", "k", "g", "f", "v", "s", "z", "l", "r", "n", "st", "pr", "kl")
_MIDDLES = ("a", "e", "i", "o", "u", "ai", "ou", "ei")
_ENDS = ("", "", "n", "t", "s", "m", "l", "k")


def pieces_of(samples: Samples, backend: NumpyBackend, phones: tuple[int, ...], most: int) -> list[Samples]:
    """The longest stretches of an utterance in which the encoder is sure of some phones.

    Args:
        samples: (N,) at 16 kHz.
        backend: hears it.
        phones: :data:`VOWELS` or :data:`NASALS`.
        most: how many pieces, at most.
    """
    return [samples[start:end] for start, end in places_of(samples, backend, phones, most)]


def places_of(
    samples: Samples, backend: NumpyBackend, phones: tuple[int, ...], most: int
) -> list[tuple[int, int]]:
    """As :func:`pieces_of`: the first sample of each piece, and the first after it."""
    content = backend.content(normalise(mel_power(samples)))
    posterior = content[:, backend.weights.posteriors]
    sure = posterior[:, list(phones)].sum(axis=1) > _SURE
    least = _LEAST_SECONDS[phones] * CONTENT_RATE
    runs = [(start, end) for start, end in runs_of(sure).tolist() if end - start >= least]
    runs = sorted(runs, key=lambda run: run[0] - run[1])[:most]
    hop = round(SAMPLE_RATE / CONTENT_RATE)
    return [((start + 1) * hop, (end - 1) * hop) for start, end in runs]


def drawn_out(
    samples: Samples, backend: NumpyBackend, most: int, random: np.random.Generator
) -> list[Samples]:
    """Vowels of an utterance held for 0.5 to 5 s, every second with what is said just before and after it ("nooo").

    Args:
        samples, backend, most: see :func:`pieces_of`.
        random: of lengths.

    Raises:
        EngineError: where Praat is missing (code ``no_praat``).
    """
    results = []
    for start, end in places_of(samples, backend, VOWELS, most):
        vowel = held(samples[start:end], float(random.uniform(0.5, 5)))
        if random.random() < 0.5:
            before, after = (round(float(random.uniform(0, 0.25)) * SAMPLE_RATE) for _ in range(2))
            around = samples[max(start - before, 0) : start], samples[end : end + after]
            vowel = np.concatenate([around[0], vowel, around[1]])
        results.append(vowel)
    return results


def held(piece: Samples, seconds: float) -> Samples:
    """A vowel lengthened to so many seconds at its own pitch, by Praat's overlap-add.

    Raises:
        EngineError: where Praat is missing (code ``no_praat``).
    """
    praat = _praat()
    factor = max(seconds * SAMPLE_RATE / len(piece), 1.0)
    samples = piece.astype(np.float64)
    while factor > 1.0:
        step = min(factor, _LONGER)
        factor = factor / step if step < factor else 1.0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", praat.PraatWarning)
            sound = praat.Sound(samples, SAMPLE_RATE)
            samples = praat.praat.call(sound, "Lengthen (overlap-add)", *_PITCHES, step).values[0]
    samples = samples[: round(seconds * SAMPLE_RATE)]
    edge = np.minimum(np.arange(len(samples)), np.arange(len(samples))[::-1]) / (0.05 * SAMPLE_RATE)
    return (samples * np.minimum(1, edge)).astype(np.float32)


def _praat() -> Any:
    """The module ``parselmouth``, whose chance (a dither) is the same each time."""
    try:
        import parselmouth
    except ImportError as error:
        raise EngineError(
            "Vowels are held with Praat, which is not installed: pip install praat-parselmouth.", "no_praat"
        ) from error
    parselmouth.praat.run("random_initializeWithSeedUnsafelyButPredictably (1)")
    return parselmouth


def cut_close(samples: Samples) -> Samples:
    """From the first to the last 10 ms that stand within 30 dB of the loudest."""
    blocks = samples[: len(samples) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    power = (blocks.astype(np.float64) ** 2).mean(axis=1)
    loud = np.flatnonzero(power > power.max(initial=0.0) * 10 ** (_SPEECH_DB / 10))
    return samples[loud[0] * _BLOCK : (loud[-1] + 1) * _BLOCK] if len(loud) else samples[:0]


def snippet(sentence: Samples, random: np.random.Generator) -> Samples:
    """A word or so of a sentence: from a dip of its loudness to another one 0.15 to 0.8 s later; empty where none is loud."""
    length = random.uniform(0.15, 0.8) * SAMPLE_RATE
    blocks = sentence[: len(sentence) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).astype(np.float64)
    power = np.convolve((blocks**2).mean(axis=1), np.ones(5) / 5, "same")
    if len(power) < length / _BLOCK + 20:
        return sentence
    around = int(random.integers(0, len(power) - int(length / _BLOCK) - 10))
    first = around + int(power[around : around + 10].argmin())
    last = first + int(length / _BLOCK)
    last += int(power[last : last + 10].argmin())
    word = sentence[first * _BLOCK : last * _BLOCK].copy()
    if not len(word) or np.abs(word).max() < 0.2 * np.abs(sentence).max():
        return sentence[:0]
    edge = min(80, len(word) // 4)
    word[:edge] *= np.linspace(0, 1, edge, dtype=np.float32)
    word[-edge:] *= np.linspace(1, 0, edge, dtype=np.float32)
    return word


def made_up(random: np.random.Generator, syllables: int) -> str:
    """A word that no language has."""
    return "".join(
        str(random.choice(_STARTS)) + str(random.choice(_MIDDLES)) + str(random.choice(_ENDS))
        for _ in range(syllables)
    )


def espeak_sentence(random: np.random.Generator) -> Samples:
    """A made-up sentence in some language, by some voice of eSpeak NG, a child's pitch or a grandmother's.

    Raises:
        FileNotFoundError: eSpeak NG is not installed.
    """
    words = [made_up(random, int(random.integers(1, 4))) for _ in range(int(random.integers(3, 8)))]
    return _spoken_by_espeak(" ".join(words) + ".", random)


def espeak_word(random: np.random.Generator) -> Samples:
    """A made-up word of one or two syllables, cut close."""
    return cut_close(_spoken_by_espeak(made_up(random, int(random.integers(1, 3))), random))


def _spoken_by_espeak(text: str, random: np.random.Generator) -> Samples:
    variant = str(random.choice(espeak.VARIANTS))
    voice = str(random.choice(LANGUAGES)) + (f"+{variant}" if variant else "")
    speed, pitch, pitch_range = (int(random.integers(*ends)) for ends in ((110, 231), (0, 100), (0, 100)))
    return espeak.speak(text, voice, speed, pitch, pitch_range)[0]


def flite_words(voice: str, random: np.random.Generator, count: int) -> list[Samples]:
    """Made-up words of one of flite's voices, each cut close: as many or fewer.

    Raises:
        FileNotFoundError: flite is not installed.
    """
    text = " ".join(made_up(random, int(random.integers(1, 3))) + "." for _ in range(count))
    samples, phones = synthesis.speak(text, voice, float(random.uniform(0.8, 1.6)))
    sounds = np.zeros(len(samples), bool)
    for name, start, end in phones:
        if name != "pau":
            sounds[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)] = True
    return [cut_close(samples[start:end]) for start, end in runs_of(sounds).tolist()]


def flite_sentence(voice: str, random: np.random.Generator) -> Samples:
    """Made-up words of one of flite's voices, slower or faster, at its own pitch or another.

    Raises:
        FileNotFoundError: flite is not installed.
    """
    text = " ".join(made_up(random, int(random.integers(1, 3))) for _ in range(5)) + "."
    pitch = 0.0 if random.random() < 0.5 else float(random.uniform(75, 280))
    return synthesis.speak(text, voice, float(random.uniform(0.9, 1.7)), pitch)[0]
