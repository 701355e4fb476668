"""Trains the landmark decoder: content features of a frozen encoder → lips and jaw of GRID's training clips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.face.landmarks import JAW, MIRROR
from inference.hearing.features import FEATURES
from inference.training.disturbances import augment
from inference.training.filmed_corpora.faces import (
    AUDIO_FRAMES,
    PLACE,
    POINTS,
    VIDEO_FRAMES,
    Example,
    Filmed,
    opening_of,
    width_of,
)
from inference.training.filmed_corpora.sync import guesses
from inference.training.networks.content import Decoder, DecoderConfig, Encoder
from inference.training.recipes.descent import Descent, descend


def _point_weights() -> NDArray[np.float32]:
    """(37, 3) how much each coordinate counts: lips twice, depth little, since it is the least certain."""
    weights = np.ones((len(POINTS), 3), np.float32)
    weights[len(JAW) :] *= 2
    weights[:, 2] *= 0.4
    return weights


def loss_weights() -> Tensor:
    """`_point_weights` with a mean of 1."""
    weights = torch.from_numpy(_point_weights())
    return weights / weights.mean()


def components_of(examples: list[Example], count: int) -> tuple[NDArray[np.float32], float]:
    """Principal components of the motion and its mirror image, so that they are symmetric or antisymmetric.

    Returns:
        (count, 37, 3) displacements of one standard deviation each, share of variance kept.
    """
    order = np.array([PLACE[int(MIRROR[p])] for p in POINTS])
    motion = np.concatenate([e.displacement[::2] for e in examples])
    motion = np.concatenate([motion, motion[:, order] * np.array([-1, 1, 1], np.float32)])
    weights = _point_weights()
    flat = (motion * weights).reshape(len(motion), -1)
    values, vectors = np.linalg.eigh(flat.T @ flat / len(flat))
    values, vectors = values[::-1], vectors[:, ::-1]
    basis = vectors[:, :count].T * np.sqrt(np.maximum(values[:count], 1e-12))[:, None]
    kept = float(values[:count].sum() / values.sum())
    return (basis.reshape(count, len(POINTS), 3) / weights).astype(np.float32), kept


def correlation_loss(guess: Tensor, truth: Tensor) -> Tensor:
    """1 − Pearson's r over time, mean over the batch; (B, T) each."""
    guess = guess - guess.mean(dim=1, keepdim=True)
    truth = truth - truth.mean(dim=1, keepdim=True)
    product = (guess * truth).sum(dim=1)
    return (1 - product / (guess.norm(dim=1) * truth.norm(dim=1) + 1e-4)).mean()


def motion_loss(guess: Tensor, truth: Tensor, weights: Tensor, spoken: Tensor) -> Tensor:
    """Weighted squared error of points, opening and width and of their velocities, and 1 − r of opening and width.

    Args:
        guess, truth: (B, T, 37, 3).
        weights: (37, 3).
        spoken: (B,) bool, rows where somebody speaks; the correlation counts only there.
    """

    def velocity(x: Tensor) -> Tensor:
        return x[:, 1:] - x[:, :-1]

    def squared(x: Tensor, y: Tensor) -> Tensor:
        return (x - y).pow(2).mean()

    opening, true_opening = opening_of(guess), opening_of(truth)
    width, true_width = width_of(guess), width_of(truth)
    error = ((guess - truth) * weights).pow(2).mean() + 0.4 * squared(velocity(guess), velocity(truth))
    error = error + 0.6 * squared(opening, true_opening) + squared(width, true_width)
    error = error + 0.8 * squared(velocity(opening), velocity(true_opening))
    error = error + 0.8 * squared(velocity(width), velocity(true_width))
    shape = correlation_loss(opening[spoken].mean(dim=-1), true_opening[spoken].mean(dim=-1))
    shape = shape + correlation_loss(width[spoken].mean(dim=-1), true_width[spoken].mean(dim=-1))
    return 1e3 * error + shape


class Batches:
    """Augmented clips for a training step; the same step always gives the same batch."""

    def __init__(
        self, filmed: Filmed, batch: int, seed: int, disturbed: float, speeds: tuple[float, float]
    ) -> None:
        self.examples, self.weights = filmed.examples, filmed.weights / filmed.weights.sum()
        self.batch, self.seed, self.disturbed, self.speeds = batch, seed, disturbed, speeds

    def __call__(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """Features (B, 49, 299), displacement (B, 75, 37, 3), and (B,) whether somebody speaks."""
        random = np.random.default_rng([self.seed, 7, step])
        features = np.zeros((self.batch, FEATURES, AUDIO_FRAMES), np.float32)
        truth = np.zeros((self.batch, VIDEO_FRAMES, len(POINTS), 3), np.float32)
        spoken = np.ones(self.batch, bool)
        babble: list[NDArray[np.float32]] = []
        for row, index in enumerate(random.choice(len(self.examples), self.batch, p=self.weights)):
            example = self.examples[index]
            if random.random() < 0.04:
                power = augment.noise(AUDIO_FRAMES, random, [])
                spoken[row] = False
            else:
                if random.random() < self.disturbed:
                    example = example.spoken_at(float(random.uniform(*self.speeds)))
                warp = augment.random_warp(random) if random.random() < self.disturbed else 1.0
                power = augment.mel_of(example.spectrum[:AUDIO_FRAMES], warp)
                babble.append(power)
                if random.random() < self.disturbed:
                    power = augment.disturb(power, random, babble[-5:-1] if len(babble) > 4 else [])
                truth[row] = example.displacement[:VIDEO_FRAMES]
            heard = augment.heard(power)
            if random.random() < self.disturbed:
                augment.masked(heard, random)
            features[row, :, : len(heard)] = heard.T
            features[row, :, len(heard) :] = heard[-1][:, None]
        return torch.from_numpy(features), torch.from_numpy(truth), torch.from_numpy(spoken)


def correlations(guess: NDArray[np.float32], truth: NDArray[np.float32]) -> tuple[float, float]:
    """Pearson's r of opening and of width of (T, 37, 3) against (T, 37, 3)."""
    return (
        float(np.corrcoef(opening_of(guess)[:, 1], opening_of(truth)[:, 1])[0, 1]),
        float(np.corrcoef(width_of(guess)[:, 0], width_of(truth)[:, 0])[0, 1]),
    )


def scores(encoder: Encoder, decoder: Decoder, basis: Tensor, examples: list[Example]) -> tuple[float, float]:
    """Mean over clips of the correlation of opening and of width, before any post-processing."""
    decoder.eval()
    result = []
    for example, motion in zip(examples, guesses(encoder, decoder, basis, examples), strict=True):
        rows = np.minimum(np.arange(len(example.displacement)) * 2, len(motion) - 1)
        result.append(correlations(motion[rows], example.displacement))
    decoder.train()
    opening, width = np.mean(result, axis=0)
    return float(opening), float(width)


def filmed_scores(
    encoder: Encoder, decoder: Decoder, basis: Tensor, filmed: Filmed, last: bool
) -> dict[str, float]:
    """:func:`scores` on the clips that are not trained on, by the names that curves give them.

    Args:
        encoder, decoder: measured on the CPU and put back.
        basis: (K, 37, 3).
        filmed: the faces.
        last: whether all of s1's clips are measured, or a quarter of them.
    """
    device = basis.device
    encoder.cpu().eval(), decoder.cpu()
    s1 = scores(encoder, decoder, basis.cpu(), filmed.validation[:: 1 if last else 4])
    s4 = scores(encoder, decoder, basis.cpu(), filmed.others)
    encoder.to(device), decoder.to(device)
    return named_scores(s1, s4)


def named_scores(s1: tuple[float, float], s4: tuple[float, float]) -> dict[str, float]:
    """(opening, width) of both filmed speakers by the names that curves give them."""
    return {"s1_opening": s1[0], "s1_width": s1[1], "s4_opening": s4[0], "s4_width": s4[1]}


def shape_of(options: dict[str, Any]) -> DecoderConfig:
    """The network's sizes as the ``decoder`` table of the configuration gives them."""
    return DecoderConfig(
        options["channels"], options["components"], options["kernel"], tuple(options["dilations"])
    )


def train_decoder(
    config: dict[str, Any],
    encoder: Encoder,
    filmed: Filmed,
    folder: Path,
    device: str = "cpu",
) -> Path:
    """Trains and returns the path of ``decoder.pt``.

    Args:
        config: the parsed TOML file's ``seed`` and ``decoder`` table.
        encoder: trained; not changed.
        filmed: the faces.
        folder: the run's folder; a run that was stopped goes on.
        device: ``cpu`` or ``cuda``.
    """
    seed, options = int(config["seed"]), config["decoder"]
    torch.manual_seed(seed)
    basis_array, kept = components_of(filmed.examples, int(options["components"]))
    print(f"decoder: {len(filmed.examples)} clips, {kept:.3f} of the variance kept", flush=True)
    decoder = Decoder(config=shape_of(options), dropout=options["dropout"]).to(device)
    encoder = encoder.to(device).eval()
    basis, weights_of_points = torch.from_numpy(basis_array).to(device), loss_weights().to(device)
    descent = Descent([(decoder.parameters(), options["rate"])], options, warm_up=0.1)

    def loss_of(
        step: int, features: Tensor, truth: Tensor, spoken: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        with torch.no_grad():
            content = encoder.content(features)
        motion = torch.einsum("bkt,kpc->btpc", decoder(content), basis)[:, ::2][:, :VIDEO_FRAMES]
        loss = motion_loss(motion, truth, weights_of_points, spoken)
        return loss, {"loss": loss}

    def figures_of(last: bool) -> dict[str, float]:
        return filmed_scores(encoder, decoder, basis, filmed, last)

    run = descent.run(folder, decoder=decoder)
    batches = Batches(filmed, int(options["batch"]), seed, options["disturbed"], options["speeds"])
    descend(run, descent, [batches], loss_of, figures_of, device)
    full = np.zeros((len(basis_array), 68, 3), np.float32)
    full[:, POINTS] = basis_array
    path = folder / "decoder.pt"
    torch.save(
        {"state": decoder.cpu().state_dict(), "options": dict(options), "basis": torch.from_numpy(full)},
        path,
    )
    return path


def load_decoder(path: Path) -> tuple[Decoder, NDArray[np.float32]]:
    """A trained decoder in evaluation mode and its basis (K, 68, 3)."""
    saved = torch.load(path, weights_only=True)
    decoder = Decoder(config=shape_of(saved["options"]))
    decoder.load_state_dict(saved["state"])
    return decoder.eval(), saved["basis"].numpy()
