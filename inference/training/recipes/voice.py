"""Trains the network that tells a voice from what is none, on what the content encoder hears and on tones."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from inference.hearing.backends.numpy_backend import NumpyBackend, apply_layers
from inference.hearing.backends.weights import Layer, read_layers, write_layers
from inference.hearing.features import PAUSE_BANDS
from inference.hearing.tones import TONE_FEATURES
from inference.training.networks.voice import VoiceNetwork, export, together
from inference.training.recipes.descent import Descent, descend
from inference.training.recipes.run import Run
from inference.training.recipes.voice_material import KINDS, UNKNOWN, VOICE_KINDS, Material, prepared

PART = "voice"
"""What ``voice.npz`` calls the chain."""

_WARM_UP = 0.1
_LEAST_DEVIATION = np.float32(0.1)  # a phone that is hardly ever heard must not shout
_LEVEL = -1 - PAUSE_BANDS - TONE_FEATURES  # which of the features it is
_PAUSES = slice(_LEVEL + 1, -TONE_FEATURES)


def train_voice(config: dict[str, Any], backend: NumpyBackend, data: Path, folder: Path) -> tuple[Layer, ...]:
    """Makes material, listens, trains, prints what validation material gets, and writes ``folder/voice.npz``.

    A stage that is finished in the folder is used as it is; one that was stopped goes on where it was.

    Args:
        config: see :func:`inference.training.recipes.configuration.read_config`; ``seed`` and the table ``voice`` are used.
        backend: with the encoder that listens.
        data: folder with ``speech/utterances.tsv`` and what it names.
        folder: of the run.

    Returns:
        Layers from all content features and the tones (T, C) at 50 Hz to one logit (T, 1), above 0 where there is a voice.

    Raises:
        FileNotFoundError: the table of utterances is missing.
        EngineError: nobody is in the training part (code ``no_clips``), or Praat is missing (code ``no_praat``).
    """
    path = folder / "voice.npz"
    if not path.is_file():
        seed, options = int(config["seed"]), config["voice"]
        material = prepared(data / "speech", backend, options, seed, folder)
        layers = together(
            [export(_trained(material, options, seed, folder / str(seed))) for seed in options["seeds"]]
        )
        figures = shares_right(layers, material)
        partial = folder / "voice.partial.npz"
        write_layers(partial, {PART: layers}, {"name": "voice", "version": "1", "shares_right": figures})
        partial.replace(path)
    chains, metadata, _ = read_layers(path, (PART,))
    print(table_of(metadata["shares_right"]), flush=True)
    return chains[PART]


def _trained(material: Material, options: Mapping[str, Any], seed: int, folder: Path) -> VoiceNetwork:
    """The moving average of the network's weights at the end of its run."""
    torch.manual_seed(seed)
    network = VoiceNetwork(
        *_statistics(material, options), options["channels"], options["kernel"], options["dilations"]
    )
    average = copy.deepcopy(network)
    descent = Descent(
        [(network.parameters(), float(options["rate"]))], options, _WARM_UP, [network], [(average, network)]
    )
    run: Run = descent.run(folder, network=network, average=average)
    batches = Batches(material, options, seed, network.reach)

    def loss_of(
        step: int, content: Tensor, there: Tensor, labels: Tensor, weights: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        scores = network(content, there)
        losses = functional.binary_cross_entropy_with_logits(scores, labels, reduction="none")
        loss = (losses * weights).sum() / weights.sum()
        return loss, {"loss": loss}

    def figures_of(last: bool) -> dict[str, float]:
        shares = shares_right(export(average), material)
        voices = [share for kind, (share, _) in shares.items() if kind in VOICE_KINDS]
        others = [share for kind, (share, _) in shares.items() if kind not in VOICE_KINDS]
        return {"voices": float(np.mean(voices or [0])), "others": float(np.mean(others or [0]))}

    descend(run, descent, [batches], loss_of, figures_of, "cpu")
    return average.eval()


def _statistics(
    material: Material, options: Mapping[str, Any]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and deviation of what is trained on; deviation 0 for level and bands of pauses where they are not listened to."""
    trained = np.repeat(~material.left_out, np.diff(material.starts)) & (material.labels != UNKNOWN)
    content = material.content[trained].astype(np.float32)
    mean, deviation = content.mean(axis=0), np.maximum(content.std(axis=0), _LEAST_DEVIATION)
    if not options["level"]:
        deviation[_LEVEL] = 0
    if not options["pauses"]:
        deviation[_PAUSES] = 0
    return mean, deviation


class Batches:
    """Crops of recordings, every kind as often as its weight says, voices as often as the rest; a step's are always the same.

    Args:
        material: what is not left out of it is drawn from.
        options: the recipe's table.
        seed: of the draw.
        reach: frames at a crop's edges that see beyond it.
    """

    def __init__(self, material: Material, options: Mapping[str, Any], seed: int, reach: int) -> None:
        self.material, self.seed, self.reach = material, seed, reach
        self.batch, self.crop = int(options["batch"]), int(options["crop_frames"])
        self.swing, self.tone_swing = float(options["level_swing"]), float(options["tone_swing"])
        self.recordings = np.flatnonzero(~material.left_out)
        first = material.kinds[material.starts[self.recordings]]
        voice = first < len(VOICE_KINDS)
        weight = {KINDS.index(kind): float(value) for kind, value in options["weights"].items()}
        share = np.array([weight.get(int(kind), 1.0) / np.sum(first == kind) for kind in first])
        share[voice] /= share[voice].sum()
        share[~voice] /= share[~voice].sum()
        self.share = share / share.sum()

    def __call__(self, step: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Content (B, C, crop), whether a frame is there, its label and its weight (B, crop)."""
        random = np.random.default_rng([self.seed, 1, step])
        shape = self.batch, self.crop
        content = np.zeros((self.batch, self.material.content.shape[1], self.crop), np.float32)
        there, labels, weights = (np.zeros(shape, np.float32) for _ in range(3))
        for row, recording in enumerate(random.choice(self.recordings, self.batch, p=self.share)):
            part = self.material.part(int(recording))
            count = part.stop - part.start
            first = int(random.integers(0, max(count - self.crop, 0) + 1))
            piece = slice(part.start + first, part.start + min(first + self.crop, count))
            length = piece.stop - piece.start
            content[row, :, :length] = self.material.content[piece].T
            # Loudness alone must not decide, nor one number of the tones.
            content[row, _LEVEL, :length] += random.normal(0, self.swing)
            content[row, -TONE_FEATURES:, :length] += random.normal(0, self.tone_swing, (TONE_FEATURES, 1))
            there[row, :length] = 1
            labels[row, :length] = self.material.labels[piece] == 1
            known = self.material.labels[piece] != UNKNOWN
            if first:
                known[: self.reach] = False
            if first + length < count:
                known[length - self.reach :] = False
            # A word alone is as much of a recording as a minute of music.
            weights[row, :length] = known / np.sqrt(max(int(known.sum()), 1))
        return (
            torch.from_numpy(content),
            torch.from_numpy(there),
            torch.from_numpy(labels),
            torch.from_numpy(weights),
        )


def run_chain(layers: tuple[Layer, ...], content: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """(T, C) content features and tones → (T,) logits."""
    return apply_layers(layers, content.astype(np.float32))[:, 0]


def shares_right(layers: tuple[Layer, ...], material: Material) -> dict[str, tuple[float, int]]:
    """For each kind of sound that was left out: the share of its frames that is told right, and how many there are."""
    right: dict[str, list[int]] = {}
    for recording in np.flatnonzero(material.left_out):
        part = material.part(int(recording))
        told = run_chain(layers, material.content[part]) > 0
        labels, kinds = material.labels[part], material.kinds[part]
        for kind in np.unique(kinds[labels != UNKNOWN]):
            here = (kinds == kind) & (labels != UNKNOWN)
            counts = right.setdefault(KINDS[kind], [0, 0])
            counts[0] += int((told[here] == (labels[here] == 1)).sum())
            counts[1] += int(here.sum())
    return {kind: (right[kind][0] / right[kind][1], right[kind][1]) for kind in KINDS if kind in right}


def table_of(shares: Mapping[str, tuple[float, int]]) -> str:
    """The figures of :func:`shares_right` as lines of text."""
    lines = [f"{'left out of training':<24}{'frames':>8}{'right':>8}"]
    lines += [f"{kind:<24}{count:>8}{share:>8.3f}" for kind, (share, count) in shares.items()]
    return "\n".join(lines)
