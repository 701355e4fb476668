"""Trains the phone encoder on labelled speech (`filmed_corpora.align`, `synthetic_speech.synthesis`)."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from inference.errors import EngineError
from inference.hearing.features import FEATURES
from inference.motion.lips.content import PHONES
from inference.training.disturbances import augment
from inference.training.filmed_corpora.labelled import SYNTHETIC
from inference.training.networks.content import Encoder, EncoderConfig
from inference.training.recipes.descent import Descent, descend
from inference.training.recipes.run import mixed_precision
from inference.training.whole_files import opened_arrays

SOURCES = ("grid", *SYNTHETIC)
"""What labelled files are named after, beside speechocean762's, which bear their speaker's number."""

_QUIET = 0.05
"""Scale of a layer that is new in a network that is trained already: 0 would never learn."""


@dataclass(frozen=True)
class Utterance:
    """Magnitudes (T, 257) at 100 Hz, in single precision, which a step reads fastest, and labels (T,) int8 of one sentence."""

    spectrum: NDArray[np.float32]
    labels: NDArray[np.int8]
    weight: float = 1.0


def load_utterances(path: Path, weight: float = 1.0) -> list[Utterance]:
    """Every utterance of one labelled file."""
    with opened_arrays(path) as data:
        audio, labels = data["audio"], data["labels"]
        starts, label_starts = data["audio_start"], data["label_start"]
    result = []
    for index in range(len(starts) - 1):
        samples = audio[starts[index] : starts[index + 1]].astype(np.float32) / 32768
        spectrum = augment.magnitudes(samples).astype(np.float32)
        label = labels[label_starts[index] : label_starts[index + 1]]
        label = np.pad(label, (0, max(len(spectrum) - len(label), 0)))[: len(spectrum)]
        result.append(Utterance(spectrum, label, weight))
    return result


def _part_of(path: Path) -> str:
    """Whether a labelled file is of the part ``train`` or ``test``."""
    with opened_arrays(path) as data:
        return str(data["part"])


def load_folder(speech: Path, config: dict[str, Any]) -> tuple[list[Utterance], list[Utterance]]:
    """Training and validation utterances; validation speakers of speechocean762's training part are strangers.

    Raises:
        EngineError: there is nothing to train on (code ``no_speech``).
    """
    people = [p for p in sorted(speech.glob("*.npz")) if p.stem.isdigit()]
    people = [path for path in people if _part_of(path) == "train"]
    count = int(config["validation_speakers"])
    held = set(people[:: max(len(people) // count, 1)][:count])
    weights = {source: float(config[f"{source}_weight"]) for source in SOURCES}
    training: list[Utterance] = []
    validation: list[Utterance] = []
    for path in sorted(speech.glob("*.npz")):
        if path.stem.isdigit():
            if path in held:
                validation += load_utterances(path)
            elif path in people:
                training += load_utterances(path)
        else:
            training += load_utterances(path, weights[path.stem.split("_")[0]])
    if not any(len(one.labels) for one in training):
        raise EngineError(
            f"{speech} holds no labelled speech to learn from: run `prepare speech` first.", "no_speech"
        )
    return training, validation


class Batches:
    """Augmented crops for a training step; the same step always gives the same batch."""

    def __init__(self, utterances: list[Utterance], batch: int, crop: int, seed: int) -> None:
        self.utterances, self.batch, self.crop, self.seed = utterances, batch, crop, seed
        weights = np.array([u.weight * min(len(u.labels), crop) for u in utterances], np.float64)
        self.weights = weights / weights.sum()

    def _power(
        self, index: int, random: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        utterance = self.utterances[index]
        speed = float(random.uniform(0.85, 1.2)) if random.random() < 0.5 else 1.0
        source = min(int(self.crop * speed), len(utterance.labels))
        start = int(random.integers(0, len(utterance.labels) - source + 1))
        frames = max(int(source / speed), 1)
        rows = start + np.minimum((np.arange(frames) * speed).astype(int), source - 1)
        return augment.mel_of(utterance.spectrum[rows], augment.random_warp(random)), utterance.labels[
            rows
        ].astype(np.int64)

    def __call__(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """Features (B, 49, crop), labels (B, crop / 2), −1 where there is nothing, and level (B, crop / 2) without noise."""
        random = np.random.default_rng([self.seed, step])
        chosen = random.choice(len(self.utterances), self.batch, p=self.weights)
        features = np.zeros((self.batch, FEATURES, self.crop), np.float32)
        labels = np.full((self.batch, self.crop // 2), -1, np.int64)
        levels = np.zeros((self.batch, self.crop // 2), np.float32)
        babble: list[NDArray[np.float32]] = []
        for row, index in enumerate(chosen):
            power, label = self._power(int(index), random)
            draw = random.random()
            if draw < 0.05:
                power = augment.noise(self.crop, random, babble[-4:]) * np.float32(
                    10 ** random.uniform(-3, 2)
                )
                label = np.zeros(self.crop, np.int64)
            else:
                if draw < 0.15 and len(power) < self.crop:
                    # Long silence with its own faint noise behind the sentence.
                    pause = self.crop - len(power)
                    faint = augment.noise(pause, random, []) * (power.mean() * 10 ** -random.uniform(2, 5))
                    power, label = (
                        np.concatenate([power, faint]),
                        np.concatenate([label, np.zeros(pause, np.int64)]),
                    )
                babble.append(power)
                levels[row, : (len(power) + 1) // 2] = augment.level(power)[::2]
                power = augment.disturb(power, random, babble[-5:-1] if len(babble) > 4 else [])
            heard = augment.masked(augment.heard(power), random)
            frames = len(heard)
            features[row, :, :frames] = heard.T
            features[row, :, frames:] = heard[-1][:, None]
            labels[row, : (frames + 1) // 2] = label[::2]
        return torch.from_numpy(features), torch.from_numpy(labels), torch.from_numpy(levels)


def accuracy(encoder: Encoder, utterances: list[Utterance]) -> dict[str, float]:
    """Share of frames right: of all, of speech, and recall and precision of p/b/m taken as one class."""
    closed = np.isin(np.arange(len(PHONES)), [PHONES.index(p) for p in ("P", "B", "M")])
    right = total = spoken_right = spoken = hit = said = shut = 0
    encoder.eval()
    with torch.inference_mode():
        for utterance in utterances:
            heard = augment.heard(augment.mel_of(utterance.spectrum))
            guess = encoder(torch.from_numpy(heard.T[None].copy()))[1][0].argmax(dim=0).numpy()
            label = utterance.labels[::2].astype(np.int64)
            good = guess == label
            right, total = right + int(good.sum()), total + len(label)
            spoken_right, spoken = spoken_right + int(good[label > 0].sum()), spoken + int((label > 0).sum())
            hit += int((closed[guess] & closed[label]).sum())
            said, shut = said + int(closed[label].sum()), shut + int(closed[guess].sum())
    encoder.train()
    return {
        "frames": right / max(total, 1),
        "speech": spoken_right / max(spoken, 1),
        "closure_recall": hit / max(said, 1),
        "closure_precision": hit / max(shut, 1),
    }


def continue_from(encoder: Encoder, state: dict[str, Tensor]) -> None:
    """Loads the weights of a shallower encoder; further layers start with next to no voice, so nothing learnt is lost.

    Args:
        encoder: with at least the layers of the other; changed in place.
        state: the other's ``state_dict``.

    Raises:
        EngineError: where the other has layers that this one lacks (code ``bad_config``).

    Source: Chen, Goodfellow, Shlens 2016, *Net2Net: accelerating learning via knowledge transfer*.
    """
    unmatched = encoder.load_state_dict(state, strict=False)
    if unmatched.unexpected_keys:
        raise EngineError(
            "The encoder to go on from has more layers: give [deeper] at least the dilations of [encoder].", "bad_config"
        )  # fmt: skip
    for name, values in encoder.named_parameters():
        if name in unmatched.missing_keys and name.startswith("norms.") and name.endswith("weight"):
            torch.nn.init.constant_(values, _QUIET)


def shape_of(options: dict[str, Any]) -> EncoderConfig:
    """The network's sizes as the ``encoder`` table of the configuration gives them."""
    return EncoderConfig(
        options["channels"], options["kernel"], tuple(options["dilations"]), options["bottleneck"]
    )


def phone_loss(scores: Tensor, labels: Tensor, smoothing: float) -> Tensor:
    """Cross-entropy of phones.

    Args:
        scores: (B, 40, T).
        labels: (B, T) phone indices, −1 where there is nothing.
        smoothing: share of the truth that is spread over all phones.
    """
    return functional.cross_entropy(scores.float(), labels, ignore_index=-1, label_smoothing=smoothing)


def train_encoder(
    config: dict[str, Any], speech: Path, folder: Path, device: str = "cpu", start: Path | None = None
) -> Path:
    """Trains and returns the path of ``encoder.pt``.

    Args:
        config: the parsed TOML file's ``seed`` and ``encoder`` table, see ``configs/content.toml``.
        speech: folder of labelled ``.npz`` files.
        folder: the run's folder; a run that was stopped goes on.
        device: ``cpu`` or ``cuda`` (mixed precision there).
        start: an ``encoder.pt`` to go on from; it may have fewer layers.
    """
    seed, options = int(config["seed"]), config["encoder"]
    torch.manual_seed(seed)
    training, validation = load_folder(speech, options)
    hours = sum(len(u.labels) for u in training) / 360000
    print(
        f"encoder: {len(training)} utterances ({hours:.1f} h), {len(validation)} of strangers to validate on",
        flush=True,
    )
    encoder = Encoder(shape_of(options), options["dropout"]).to(device)
    if start is not None:
        continue_from(encoder, torch.load(start, weights_only=True)["state"])
    calm = copy.deepcopy(encoder)
    descent = Descent(
        [(encoder.parameters(), options["rate"])],
        options,
        warm_up=0.15,
        clipped=[encoder],
        followed=[(calm, encoder)],
    )

    def loss_of(
        step: int, features: Tensor, labels: Tensor, levels: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        with mixed_precision(device):
            scores = encoder(features)[1]
        loss = phone_loss(scores, labels, options["label_smoothing"])
        return loss, {"loss": loss}

    def figures_of(last: bool) -> dict[str, float]:
        figures = accuracy(calm.cpu(), validation if last else validation[::4])
        calm.to(device)
        return figures

    run = descent.run(folder, encoder=encoder, calm=calm)
    batches = Batches(training, int(options["batch"]), int(options["crop_frames"]), seed)
    descend(run, descent, [batches], loss_of, figures_of, device)
    path = folder / "encoder.pt"
    torch.save({"state": calm.cpu().state_dict(), "options": dict(options)}, path)
    return path


def load_encoder(path: Path) -> Encoder:
    """A trained encoder, in evaluation mode."""
    saved = torch.load(path, weights_only=True)
    encoder = Encoder(shape_of(saved["options"]))
    encoder.load_state_dict(saved["state"])
    return encoder.eval()
