"""The ear learns what lasts and what stands alone: held, sung and screamed vowels, hums, words cut close.

Sentences teach an encoder that a phone is a tenth of a second long and has neighbours; a vowel of three seconds or a single "ah"
is silence to it. Here it is its own teacher (Hinton, Vinyals and Dean 2015, *Distilling the knowledge in a neural network*): what
it heard of a sound in its sentence, phones and bottleneck, it learns to hear of the same sound stretched, sung, screamed or cut
out. Every other example is a sentence as it was, so that nothing else changes, and the decoders behind it go on being right.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from inference.face.runs import runs_of
from inference.hearing.audio import read_recording
from inference.hearing.backends.numpy_backend import NumpyBackend
from inference.hearing.backends.torch_backend import apply_layers
from inference.hearing.backends.weights import STRIDE, Layer, Weights
from inference.hearing.features import HOP, SPEECH_FEATURES
from inference.motion.lips.content import PHONES
from inference.training.disturbances import augment
from inference.training.filmed_corpora.utterances import read_utterances, utterance_files
from inference.training.networks.layers import trained
from inference.training.recipes.descent import Descent, descend
from inference.training.synthetic_speech import alone, synthesis, wordless

Array = NDArray[np.float32]

_HELD = tuple(PHONES.index(name) for name in PHONES if name[0] in "AEIOU" or name in {"M", "N", "L"})
_SURE = 0.5  # posterior of a phone that is held
_LEAST_FRAMES = 3  # of 50 Hz
_EDGE = 3  # frames of 100 Hz on either side of a word that is cut out
_SILENCE = 1e-9


@dataclass(frozen=True)
class Known:
    """A sound, and what the teacher heard of it.

    Attributes:
        power: (T, 257) float16 magnitudes at 100 Hz.
        posterior: (T50, 40) and bottleneck: (T50, B), of each frame; of a sound that is made, one row for all of them.
    """

    power: NDArray[np.float16]
    posterior: Array
    bottleneck: Array


class ChainEncoder(nn.Module):
    """Encoder and phones of a weights file as a network that can go on learning; normalisation is folded in already."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self.layers = (*weights.encoder, weights.phones)
        self.weights = nn.ParameterList(
            torch.from_numpy(np.ascontiguousarray(layer.weight.transpose(2, 1, 0))) for layer in self.layers
        )
        self.biases = nn.ParameterList(torch.from_numpy(layer.bias.copy()) for layer in self.layers)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 41, T) → bottleneck (B, K, T / 2) and phone scores (B, 40, T / 2)."""
        *encoder, phones = zip(self.layers, self.weights, self.biases, strict=True)
        bottleneck = apply_layers(encoder, features)
        return bottleneck, apply_layers([phones], bottleneck)

    def exported(self) -> tuple[Layer, ...]:
        """The layers as a weights file keeps them, phones last."""
        return trained(self.layers, self.weights, self.biases)


# What is known


def known_sentences(
    speech: Path, backend: NumpyBackend, options: dict[str, Any], seed: int
) -> tuple[list[Known], list[Array]]:
    """Sentences of speechocean762's training part, of flite and of eSpeak NG, as the teacher hears them; and their samples.

    Args:
        speech: folder with ``utterances.tsv`` and what it names.
        backend: the teacher.
        options: ``utterances`` of each speaker, sentences of each of ``flite``'s voices, sentences of ``espeak``.
        seed: which of them.
    """
    random = np.random.default_rng([seed, 31])
    sounds = [
        read_recording(files[index]).samples
        for files in utterance_files(speech, "train").values()
        for index in random.permutation(len(files))[: int(options["utterances"])]
    ]
    texts = [row["text"].lower() for row in read_utterances(speech / "utterances.tsv", "train")]
    for voice in synthesis.VOICES:
        for index in random.permutation(len(texts))[: int(options["flite"])]:
            sounds.append(synthesis.speak(texts[index], voice, float(random.uniform(0.85, 1.3)))[0])
    sounds += [alone.espeak_sentence(random) for _ in range(int(options["espeak"]))]
    return [_known(sound, backend) for sound in sounds], sounds


def _known(samples: Array, backend: NumpyBackend) -> Known:
    spectrum = augment.magnitudes(samples)
    content = backend.content(augment.heard(augment.mel_of(spectrum)))
    phones = backend.weights.posteriors
    return Known(spectrum, content[:, phones], content[:, : phones.start])


def made_sounds(sentences: Sequence[Known], sounds: Sequence[Array], number: int, seed: int) -> list[Known]:
    """Vowels sung and screamed, and hums, by the timbre that they have in a sentence.

    Args:
        sentences: where the phones are.
        sounds: (N,) samples of the same sentences.
        number: how many to make.
        seed: of which, and how.
    """
    random = np.random.default_rng([seed, 37])
    made = []
    for _ in range(number):
        index = int(random.integers(len(sentences)))
        known = sentences[index]
        run = _held_run(known, random)
        if run is None:
            continue
        start, stop = run
        piece = sounds[index][start * STRIDE * HOP : stop * STRIDE * HOP]
        timbre, hertz = wordless.timbre_of(piece), float(np.exp(random.uniform(np.log(80), np.log(420))))
        seconds = float(random.uniform(0.5, 3.0))
        draw = random.random()
        if draw < 0.25:
            sound = wordless.scream(timbre, random)
        else:
            pitch = wordless.tune if draw < 0.65 else wordless.wandering
            sound = wordless.voiced(
                timbre, pitch(random, seconds, hertz), random, float(random.uniform(-35, -8))
            )
        middle = (start + stop) // 2
        made.append(
            Known(
                augment.magnitudes(sound.astype(np.float32)),
                known.posterior[[middle]],
                known.bottleneck[[middle]],
            )
        )
    return made


def _held_run(known: Known, random: np.random.Generator) -> tuple[int, int] | None:
    """(start, stop) frames of 50 Hz of one vowel, nasal or l that the teacher is sure of; None where there is none."""
    best = known.posterior.argmax(axis=1)
    sure = np.isin(best, _HELD) & (known.posterior.max(axis=1) > _SURE)
    runs = []
    for start, stop in runs_of(sure).tolist():
        cuts = [start, *(np.flatnonzero(np.diff(best[start:stop])) + start + 1).tolist(), stop]
        runs += [(a, b) for a, b in zip(cuts, cuts[1:]) if b - a >= _LEAST_FRAMES]
    return runs[int(random.integers(len(runs)))] if runs else None


# What a step sees


class Batches:
    """Examples for a step; the same step always gives the same batch."""

    def __init__(self, sentences: list[Known], made: list[Known], options: dict[str, Any], seed: int) -> None:
        self.sentences, self.made, self.seed = sentences, made, seed
        self.batch, self.crop = int(options["batch"]), int(options["crop_frames"])
        silent = np.concatenate([known.bottleneck[known.posterior[:, 0] > 0.95] for known in sentences])
        self.silence = silent.mean(axis=0) if len(silent) else sentences[0].bottleneck.mean(axis=0)

    def __call__(self, step: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Features (B, 41, crop), posteriors (B, crop / 2, 40), bottleneck (B, crop / 2, K), (B, crop / 2) what counts."""
        random = np.random.default_rng([self.seed, 41, step])
        half = self.crop // STRIDE
        features = np.zeros((self.batch, SPEECH_FEATURES, self.crop), np.float32)
        posterior = np.zeros((self.batch, half, len(PHONES)), np.float32)
        bottleneck = np.zeros((self.batch, half, len(self.silence)), np.float32)
        counted = np.zeros((self.batch, half), np.float32)
        for row in range(self.batch):
            power, said, hidden = self._example(row, random)
            heard = augment.heard(power)[: self.crop]
            frames = min(len(said), half)
            features[row, :, : len(heard)] = heard[:, :SPEECH_FEATURES].T
            features[row, :, len(heard) :] = heard[-1, :SPEECH_FEATURES, None]
            posterior[row, :frames], bottleneck[row, :frames] = said[:frames], hidden[:frames]
            counted[row, :frames] = 1
        return (
            torch.from_numpy(features),
            torch.from_numpy(posterior),
            torch.from_numpy(bottleneck),
            torch.from_numpy(counted),
        )

    def _example(self, row: int, random: np.random.Generator) -> tuple[Array, Array, Array]:
        """(T, 40) power, (T / 2, 40) posteriors, (T / 2, K) bottleneck: by turns a sentence as it was, and something of it."""
        known = self.sentences[int(random.integers(len(self.sentences)))]
        draw = random.random()
        if row % 2 == 0:
            rows = np.arange(min(len(known.power), self.crop))
            rows = rows + int(random.integers(0, len(known.power) - len(rows) + 1)) // STRIDE * STRIDE
        elif draw < 0.25 and self.made:
            return self._made(random)
        elif draw < 0.6:
            rows = self._stretched(known, random)
        elif draw < 0.92:
            rows = self._word(known, random)
        else:
            return self._unspoken(random)
        at = np.minimum(rows[::STRIDE] // STRIDE, len(known.posterior) - 1)
        power = augment.mel_of(
            known.power[rows], augment.random_warp(random) if random.random() < 0.4 else 1.0
        )
        if row % 2:
            power = _swelling(power, random)
        return self._recorded(power, known.posterior[at], known.bottleneck[at], random)

    def _made(self, random: np.random.Generator) -> tuple[Array, Array, Array]:
        known = self.made[int(random.integers(len(self.made)))]
        power = augment.mel_of(known.power[: self.crop])
        frames = -(-len(power) // STRIDE)
        said, hidden = (np.repeat(values, frames, axis=0) for values in (known.posterior, known.bottleneck))
        return self._recorded(power, said, hidden, random)

    def _stretched(self, known: Known, random: np.random.Generator) -> NDArray[np.int64]:
        """Frames of a sentence, or of a part of it, in which one sound lasts."""
        run = _held_run(known, random)
        if run is None:
            return self._word(known, random)
        start, stop = run[0] * STRIDE, run[1] * STRIDE
        length = int(random.integers(40, self.crop))
        wander = np.cumsum(random.normal(0, 0.25, length))
        wander = (wander - wander.min()) / max(float(np.ptp(wander)), 1e-6)
        held = start + 1 + np.round(wander * max(stop - start - 3, 0)).astype(np.int64)
        before = np.arange(max(start - int(random.choice([0, 0, 20, 60])), 0), start)
        after = np.arange(stop, min(stop + int(random.choice([0, 0, 20, 60])), len(known.power)))
        return np.minimum(np.concatenate([before, held, after])[: self.crop], len(known.power) - 1)

    @staticmethod
    def _word(known: Known, random: np.random.Generator) -> NDArray[np.int64]:
        """Frames of a few sounds of a sentence, cut close."""
        spoken = np.flatnonzero(known.posterior[:, 0] < 0.5) * STRIDE
        middle = int(random.choice(spoken)) if len(spoken) else len(known.power) // 2
        half = int(random.integers(8, 45))
        first = max(middle - half - _EDGE, 0) // STRIDE * STRIDE
        return np.arange(first, min(middle + half + _EDGE, len(known.power)))

    def _unspoken(self, random: np.random.Generator) -> tuple[Array, Array, Array]:
        """Noise or music alone."""
        frames = int(random.integers(60, self.crop))
        power = augment.noise(frames, random, []) * np.float32(10 ** random.uniform(-3, 2))
        said = np.zeros((-(-frames // STRIDE), len(PHONES)), np.float32)
        said[:, 0] = 1
        return power, said, np.repeat(self.silence[None], len(said), axis=0)

    def _recorded(
        self, power: Array, said: Array, hidden: Array, random: np.random.Generator
    ) -> tuple[Array, Array, Array]:
        """With silence around it or none, and often through a room, noise, a microphone."""
        if random.random() < 0.4 and len(power) < self.crop - 20:
            before, after = (
                int(n) // STRIDE * STRIDE for n in random.integers(0, (self.crop - len(power)) // 2, 2)
            )
            power = np.pad(power, ((before, after), (0, 0)), constant_values=_SILENCE)
            around = ((before // STRIDE, after // STRIDE), (0, 0))
            said, hidden = np.pad(said, around), np.pad(hidden, around)
            for part in (slice(0, before // STRIDE), slice(len(said) - after // STRIDE, len(said))):
                said[part, 0], hidden[part] = 1, self.silence
        if random.random() < 0.5:
            power = augment.disturb(power, random, [])
        return power, said, hidden


def _swelling(power: Array, random: np.random.Generator) -> Array:
    """Louder and softer by a few dB, and dimmer and brighter, as what lasts is."""
    knots = max(len(power) // 25, 2)
    gain = np.interp(np.arange(len(power)), np.linspace(0, len(power), knots), random.normal(0, 1.5, knots))
    tilt = np.interp(np.arange(len(power)), np.linspace(0, len(power), knots), random.normal(0, 1.5, knots))
    decibels = gain[:, None] + tilt[:, None] * np.linspace(-1, 1, power.shape[1])
    return (power * 10 ** (decibels / 10)).astype(np.float32)


# Training


def train_steady(config: dict[str, Any], weights: Weights, speech: Path, folder: Path) -> Weights:
    """Teaches a network's encoder what lasts and what stands alone.

    Args:
        config: the parsed TOML file's ``seed`` and ``steady`` table.
        weights: the network; its decoders stay as they are.
        speech: folder with ``utterances.tsv`` and what it names.
        folder: the run's folder; a run that was stopped goes on.
    """
    seed, options = int(config["seed"]), config["steady"]
    torch.manual_seed(seed)
    backend = NumpyBackend(weights)
    sentences, sounds = known_sentences(speech, backend, options, seed)
    made = made_sounds(sentences, sounds, int(options["made"]), seed)
    print(f"steady: {len(sentences)} sentences, {len(made)} sounds made of them", flush=True)
    student = ChainEncoder(weights)
    calm = copy.deepcopy(student)
    descent = Descent([(student.parameters(), options["rate"])], options, 0.1, [student], [(calm, student)])
    scale = torch.from_numpy(np.concatenate([known.bottleneck for known in sentences]).std(axis=0) + 0.05)

    def loss_of(step: int, *batch: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        return _distilled(student, scale, *batch)

    def figures_of(last: bool) -> dict[str, float]:
        checked = Batches(sentences, made, options, seed + 1)
        with torch.inference_mode():
            losses = [_distilled(calm, scale, *checked(step))[1] for step in range(4)]
        return {f"calm_{name}": float(np.mean([one[name] for one in losses])) for name in losses[0]}

    run = descent.run(folder, student=student, calm=calm)
    descend(run, descent, [Batches(sentences, made, options, seed)], loss_of, figures_of, "cpu")
    *encoder, phones = calm.exported()
    return replace(weights, encoder=tuple(encoder), phones=phones)


def _distilled(
    student: ChainEncoder,
    scale: Tensor,
    features: Tensor,
    posterior: Tensor,
    bottleneck: Tensor,
    counted: Tensor,
) -> tuple[Tensor, dict[str, Tensor]]:
    """Cross-entropy with the teacher's phones and squared error of its bottleneck, in its own deviations."""
    hidden, scores = student(features)
    phone = -(posterior.transpose(1, 2) * functional.log_softmax(scores, dim=1)).sum(dim=1)
    apart = (((hidden - bottleneck.transpose(1, 2)) / scale[:, None]) ** 2).mean(dim=1)
    phone, apart = ((values * counted).sum() / counted.sum() for values in (phone, apart))
    return phone + apart, {"phone_loss": phone, "bottleneck_loss": apart}
