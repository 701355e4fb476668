"""What the voice stage learns from: sounds with a voice and without, put together as recordings have them, and heard.

People of speechocean762's training part, flite and eSpeak NG speak; what they hold, sing, hum, laugh and whisper is made of
their timbres; the rest is :mod:`inference.training.disturbances.no_voice`. A recording has one to three of them, with or
without a room's noise, music behind a voice, another throat, a telephone. The same seed makes the same recordings.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.hearing.audio import SAMPLE_RATE, read_recording
from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.hearing.features import mel_power, normalise
from inference.hearing.loudness import NOTHING, Levels
from inference.hearing.tones import tones
from inference.training.disturbances import augment, badly_recorded, no_voice
from inference.training.filmed_corpora.utterances import utterance_files
from inference.training.synthetic_speech import alone, synthesis, wordless
from inference.training.whole_files import opened_arrays, save_arrays

Samples = NDArray[np.float32]

VOICE_KINDS = (
    "sentence", "word", "whisper", "lengthened", "held", "sung", "scream", "hum", "laughter", "sobs", "espeak sentence",
    "espeak word", "flite word", "flite held", "espeak held", "calm",
)  # fmt: skip
"""Kinds of sound with a voice."""

SPECTRA = "spectra"
"""The noise and music of :mod:`augment`, which has no samples."""

KINDS = (*VOICE_KINDS, *no_voice.NO_VOICE, SPECTRA)
"""All kinds; what an index into them means."""

UNKNOWN = -1
"""The label of a frame that says nothing: pauses, and what is too soft beside its own sound."""

_OPTIONS = (
    "utterances", "validation_speakers", "timbres", "espeak", "flite_words", "drawn_out", "no_voices", "spectra",
    "validation_share", "company", "disturbed", "left_out_voices", "left_out_kinds",
)  # fmt: skip
"""What of the configuration the material depends on."""

_SOUNDING = -28.0  # dB beside the sound's own level
_ABOVE_NOISE = -10.0  # the same, of what is certainly heard in the worst noise of `augment`
_LEVEL_OVER_MEAN = 5.0  # dB from a voice's mean power to its level
_FRAME = SAMPLE_RATE // 50
_MOST_SECONDS = 6.0


@dataclass(frozen=True)
class Sound:
    """One sound before it is recorded.

    Attributes:
        kind: one of :data:`KINDS`.
        samples: (N,) at 16 kHz.
        left_out: whether nothing is trained on it.
    """

    kind: str
    samples: Samples
    left_out: bool

    @property
    def voice(self) -> bool:
        """Whether it is one."""
        return self.kind in VOICE_KINDS


@dataclass(frozen=True)
class Material:
    """Recordings as the encoder hears them, one after the other.

    Attributes:
        content: (T, C) float16 at 50 Hz: what the decoders hear, and the tones after it.
        labels: (T,) int8: 1 a voice, 0 none, :data:`UNKNOWN`.
        kinds: (T,) int8, index into :data:`KINDS` of what sounds; of the first sound where nothing does.
        starts: (R + 1,) where recordings begin.
        left_out: (R,) whether a recording is for validation.
    """

    content: NDArray[np.float16]
    labels: NDArray[np.int8]
    kinds: NDArray[np.int8]
    starts: NDArray[np.int64]
    left_out: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.left_out)

    def part(self, recording: int) -> slice:
        """The frames of one recording."""
        return slice(int(self.starts[recording]), int(self.starts[recording + 1]))


# Sounds


def sounding(samples: Samples, least: float = _SOUNDING) -> NDArray[np.bool_]:
    """(T,) at 50 Hz: where a sound by itself stands above so many dB beside its own level."""
    levels = Levels(mel_power(samples))
    return np.asarray(((levels.relative > least) & (levels.relative + levels.reference > NOTHING))[::2])


def _wordless(
    timbre: wordless.Timbre, hertz: float, random: np.random.Generator
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """What a throat does without words, one of each kind, on one timbre."""
    seconds = float(random.uniform(0.4, 4))
    breath = float(random.uniform(-35, -6))
    yield "held", wordless.voiced(timbre, wordless.wandering(random, seconds, hertz), random, breath)
    melody = wordless.tune(random, seconds + 1, hertz * 2 ** random.uniform(-0.2, 1.2))
    yield "sung", wordless.voiced(timbre, melody, random, breath)
    yield "scream", wordless.scream(timbre, random)
    yield "laughter", wordless.bouts(timbre, hertz * random.uniform(1, 2), random)
    yield "sobs", wordless.bouts(timbre, hertz * random.uniform(1, 1.6), random, sob=True)


def _hum(timbre: wordless.Timbre, random: np.random.Generator) -> NDArray[np.float64]:
    pitch = wordless.wandering if random.random() < 0.6 else wordless.tune
    hertz = float(random.uniform(90, 380))
    return wordless.voiced(timbre, pitch(random, float(random.uniform(0.25, 3)), hertz), random, -30)


def _calmly_held(random: np.random.Generator) -> NDArray[np.float64]:
    """A vowel that hardly wanders or trembles, as trained and made voices hold it: what is nearest to a machine's hum."""
    hertz = float(np.exp(random.uniform(np.log(70), np.log(500))))
    tremble = (0.0, 0.001) if random.random() < 0.5 else (0.001, 0.005)
    pitch = wordless.wandering(
        random, float(random.uniform(0.6, 5)), hertz, float(random.uniform(0.005, 0.05)), tremble
    )
    return wordless.voiced(wordless.cascaded_timbre(random), pitch, random, float(random.uniform(-40, -15)))


def real_voices(
    speech: Path, backend: NumpyBackend, options: Mapping[str, Any], random: np.random.Generator
) -> Iterator[Sound]:
    """Sentences of people, and what is cut out of them and made of their vowels and hums."""
    people = utterance_files(speech, "train")
    left_out = set(random.permutation(sorted(people))[: int(options["validation_speakers"])].tolist())
    for speaker, files in people.items():
        for index in random.permutation(len(files))[: int(options["utterances"])]:
            sentence = read_recording(files[index]).samples.astype(np.float32)
            for kind, samples in _of_a_sentence(sentence, backend, random):
                yield Sound(kind, _short(samples), speaker in left_out)


def _of_a_sentence(
    sentence: Samples, backend: NumpyBackend, random: np.random.Generator
) -> Iterator[tuple[str, NDArray[np.floating[Any]]]]:
    yield "sentence", sentence
    for _ in range(3):
        word = alone.snippet(sentence, random)
        if len(word):
            yield "word", word
    if random.random() < 0.5:
        yield "whisper", wordless.whispered(sentence, random)
    for number, piece in enumerate(alone.pieces_of(sentence, backend, alone.VOWELS, 2)):
        yield "lengthened", alone.held(piece, float(random.uniform(0.5, 5)))
        if number == 0 and random.random() < 0.5:
            hertz = float(np.exp(random.uniform(np.log(85), np.log(420))))
            yield from _wordless(wordless.timbre_of(piece), hertz, random)
    for piece in alone.pieces_of(sentence, backend, alone.NASALS, 1):
        yield "hum", _hum(wordless.timbre_of(piece), random)


def made_voices(
    backend: NumpyBackend, options: Mapping[str, Any], random: np.random.Generator
) -> Iterator[Sound]:
    """Voices by rule and of synthesisers; those that are not installed are left out with a printed line."""
    yield from _by_rule(options, random)
    try:
        yield from _of_synthesisers(backend, options, random)
    except FileNotFoundError as reason:
        print(f"skipped some synthetic voices: {reason}", flush=True)


def _by_rule(options: Mapping[str, Any], random: np.random.Generator) -> Iterator[Sound]:
    last = int(1 / options["validation_share"])
    for number in range(int(options["timbres"])):
        left_out = number % last == 0
        hertz = float(np.exp(random.uniform(np.log(85), np.log(420))))
        for kind, samples in _wordless(wordless.made_timbre(random), hertz, random):
            yield Sound(kind, _short(samples), left_out)
        yield Sound("hum", _short(_hum(wordless.made_timbre(random, nasal=True), random)), left_out)
        for _ in range(3):
            yield Sound("calm", _short(_calmly_held(random)), left_out)


def _of_synthesisers(
    backend: NumpyBackend, options: Mapping[str, Any], random: np.random.Generator
) -> Iterator[Sound]:
    """Words, sentences and held vowels; raises FileNotFoundError at the first synthesiser that is not installed."""
    last = int(1 / options["validation_share"])
    for number in range(int(options["espeak"])):
        yield Sound("espeak sentence", _short(alone.espeak_sentence(random)), number % last == 0)
        for _ in range(2):
            yield Sound("espeak word", alone.espeak_word(random), number % last == 0)
    for voice in synthesis.VOICES:
        for _ in range(-(-int(options["flite_words"]) // 10)):
            for word in alone.flite_words(voice, random, 10):
                yield Sound("flite word", word, voice in options["left_out_voices"])
        for _ in range(int(options["drawn_out"])):
            for vowel in alone.drawn_out(alone.flite_sentence(voice, random), backend, 3, random):
                yield Sound("flite held", _short(vowel), voice in options["left_out_voices"])
    for number in range(2 * int(options["drawn_out"])):
        for vowel in alone.drawn_out(alone.espeak_sentence(random), backend, 3, random):
            yield Sound("espeak held", _short(vowel), number % last == 0)


def no_voices(options: Mapping[str, Any], random: np.random.Generator) -> Iterator[Sound]:
    """Every kind of :data:`no_voice.NO_VOICE`, so many times; some kinds are left out, and some of each other kind."""
    last = int(1 / options["validation_share"])
    for kind in no_voice.NO_VOICE:
        for number in range(int(options["no_voices"])):
            seconds = float(random.uniform(0.5, 5))
            left_out = kind in options["left_out_kinds"] or number % last == 0
            yield Sound(kind, no_voice.made(kind, random, seconds), left_out)


def _short(samples: NDArray[np.floating[Any]]) -> Samples:
    return samples[: round(_MOST_SECONDS * SAMPLE_RATE)].astype(np.float32)


# Recordings


@dataclass(frozen=True)
class Recording:
    """Several sounds in one recording.

    Attributes:
        samples: (N,) at 16 kHz.
        labels, kinds: (T,) see :class:`Material`.
    """

    samples: Samples
    labels: NDArray[np.int8]
    kinds: NDArray[np.int8]


def recorded(
    sounds: Sequence[Sound],
    behind: Callable[[], Samples],
    random: np.random.Generator,
    least: float = _SOUNDING,
) -> Recording:
    """Sounds one after the other, each as loud as it may be, with pauses up to 2.5 s.

    Args:
        sounds: one or more.
        behind: makes what may be heard behind a voice.
        random: of levels, pauses, backgrounds, the room's noise.
        least: dB beside its own level that a voice's frames have to have for a label.
    """
    pieces: list[Samples] = []
    labels: list[NDArray[np.int8]] = []
    kinds: list[NDArray[np.int8]] = []

    def add(samples: Samples, label: NDArray[np.int8], kind: str) -> None:
        pieces.append(np.pad(samples, (0, len(label) * _FRAME - len(samples))))
        labels.append(label)
        kinds.append(np.full(len(label), KINDS.index(kind), np.int8))

    level = random.uniform(-40, -1)
    for number, sound in enumerate(sounds):
        pause = 0.0 if not number and random.random() < 0.4 else random.uniform(0, 0.8 if not number else 2.5)
        quiet = np.full(round(pause * 50), UNKNOWN, np.int8)
        add(np.zeros(0, np.float32), quiet, sound.kind)
        samples, heard = (
            _with_background(sound.samples, behind, random) if sound.voice else (sound.samples, _SOUNDING)
        )
        own = sounding(sound.samples, max(heard, least) if sound.voice else heard)
        gain = 10 ** (np.clip(level + random.normal(0, 5), -50, -0.3) / 20) / max(
            float(np.abs(sound.samples).max()), 1e-6
        )
        add(
            (samples * gain).astype(np.float32),
            np.where(own, int(sound.voice), UNKNOWN).astype(np.int8),
            sound.kind,
        )
    if random.random() < 0.7:
        add(np.zeros(0, np.float32), np.full(int(random.integers(1, 40)), UNKNOWN, np.int8), sounds[-1].kind)
    whole = np.concatenate(pieces)
    if random.random() < 0.5:
        whole = whole + random.normal(0, 10 ** (random.uniform(-85, -50) / 20), len(whole)).astype(np.float32)
    # A recording of n samples has n // 320 + 1 frames, the last one centred on its end.
    ends = np.full(1, UNKNOWN, np.int8), kinds[-1][-1:]
    return Recording(whole, np.concatenate([*labels, ends[0]]), np.concatenate([*kinds, ends[1]]))


def _with_background(
    samples: Samples, behind: Callable[[], Samples], random: np.random.Generator
) -> tuple[Samples, float]:
    """A voice, perhaps with music 6 to 15 dB below it or noise 3 to 25 dB below, and the level from which it is heard."""
    draw = random.random()
    if draw < 0.2:
        background, below = behind(), float(random.uniform(6, 15))
    elif draw < 0.4:
        background = no_voice.noise(random, len(samples) / SAMPLE_RATE).astype(np.float32)
        below = float(random.uniform(3, 25))
    else:
        return samples, _SOUNDING
    background = np.resize(background, len(samples))
    size = np.std(samples) / max(float(np.std(background)), 1e-9) * 10 ** (-below / 20)
    return np.asarray(samples + size * background, np.float32), max(_SOUNDING, -below - _LEVEL_OVER_MEAN)


def _transmitted(
    samples: Samples, random: np.random.Generator, disturbed: bool
) -> tuple[NDArray[np.float32], float]:
    """A recording by telephone, or as it is, or ``disturbed`` (in a room, by a microphone, in noise); and the throat's warp."""
    draw = random.random()
    if disturbed:
        warp = augment.random_warp(random) if draw < 0.5 else 1.0
        return badly_recorded.disturbed(samples, random), warp
    if draw < 0.15:
        return no_voice.filtered(samples.astype(np.float64), 300, 3400, 0.3).astype(np.float32), 1.0
    return samples, augment.random_warp(random) if draw < 0.4 else 1.0


class _Heard:
    """Recordings on their way into a :class:`Material`."""

    def __init__(self, backend: NumpyBackend) -> None:
        self._backend = backend
        self._parts: list[tuple[NDArray[np.float16], NDArray[np.int8], NDArray[np.int8], bool]] = []

    def add(
        self, samples: Samples, warp: float, labels: NDArray[np.int8], kinds: NDArray[np.int8], left_out: bool
    ) -> None:
        power = mel_power(samples) if warp == 1 else augment.mel_of(augment.magnitudes(samples), warp)
        content = self._backend.content(normalise(power))
        everything = np.concatenate([content, tones(samples)[: len(content)]], axis=1).astype(np.float16)
        self._parts.append((everything, labels[: len(content)], kinds[: len(content)], left_out))

    def material(self) -> Material:
        """All of them."""
        contents, labels, kinds, left_out = zip(*self._parts, strict=True)
        starts = np.cumsum([0, *map(len, contents)])
        return Material(
            np.concatenate(contents),
            np.concatenate(labels),
            np.concatenate(kinds),
            starts,
            np.array(left_out),
        )


def make_material(speech: Path, backend: NumpyBackend, options: Mapping[str, Any], seed: int) -> Material:
    """Makes all sounds, puts them into recordings and listens.

    Args:
        speech: folder with ``utterances.tsv`` and what it names.
        backend: the encoder.
        options: the table ``voice`` of the configuration.
        seed: of all chance.

    Raises:
        FileNotFoundError: the table of utterances is missing.
        EngineError: nobody is in the training part (code ``no_clips``), or Praat is missing (code ``no_praat``).
    """
    random = np.random.default_rng([seed, 0])
    sounds = [
        *real_voices(speech, backend, options, random),
        *made_voices(backend, options, random),
        *no_voices(options, random),
    ]
    sounds = [sound for sound in sounds if len(sound.samples) > 4 * _FRAME]
    heard = _Heard(backend)
    for left_out in (False, True):
        part = [sound for sound in sounds if sound.left_out == left_out]
        music = [sound.samples for sound in part if sound.kind in no_voice.MUSIC]

        def behind(music: list[Samples] = music) -> Samples:
            return music[random.integers(len(music))] if music else random.normal(size=800).astype(np.float32)

        for first in part:
            company = [
                part[i] for i in random.integers(0, len(part), int(random.random() < options["company"]))
            ]
            disturbed = bool(random.random() < options["disturbed"])
            recording = recorded([first, *company], behind, random, _ABOVE_NOISE if disturbed else _SOUNDING)
            samples, warp = _transmitted(recording.samples, random, disturbed)
            heard.add(samples, warp, recording.labels, recording.kinds, left_out)
        for _ in range(int(options["spectra"] * (options["validation_share"] if left_out else 1))):
            spectra = augment.noise(int(random.integers(60, 500)), random, [])
            samples = badly_recorded.sound_of(spectra, random) * np.float32(10 ** random.uniform(-2.5, 0))
            count = -(-len(spectra) // 2)
            nobody, kinds = np.zeros(count, np.int8), np.full(count, KINDS.index(SPECTRA), np.int8)
            heard.add(samples, 1.0, nobody, kinds, left_out)
    return heard.material()


def prepared(
    speech: Path, backend: NumpyBackend, options: Mapping[str, Any], seed: int, folder: Path
) -> Material:
    """As :func:`make_material`; kept in ``folder/material.npz`` for the next time with the same options and encoder."""
    path = folder / "material.npz"
    key = json.dumps([[options[name] for name in _OPTIONS], seed, _fingerprint(backend)])
    if path.is_file():
        with opened_arrays(path, "what was prepared for a training", "delete it") as data:
            if str(data["key"]) == key:
                return Material(*(data[name] for name in Material.__dataclass_fields__))
    material = make_material(speech, backend, options, seed)
    save_arrays(path, key=np.array(key), **vars(material))
    return material


def _fingerprint(backend: NumpyBackend) -> int:
    """Of the encoder's weights."""
    total = 0
    for layer in (*backend.weights.encoder, backend.weights.phones):
        total = zlib.crc32(layer.bias.tobytes(), zlib.crc32(layer.weight.tobytes(), total))
    return total
