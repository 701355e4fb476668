"""Small networks from what is heard to the lips' motion, with one vote for every filmed speaker and much dropout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from inference.hearing.backends.weights import Layer
from inference.training.networks.layers import dilated, folded, folded_residuals
from inference.training.recipes.voted_clips import STEP, Array, VotedClip, mouth_rows, projected, votes


class SmallDecoder(nn.Module):
    """Content (B, 113, T) → coefficients (B, K, T): one hidden width, few layers, much dropout."""

    middle: Tensor
    deviation: Tensor

    def __init__(
        self, inputs: int, outputs: int, channels: int, dilations: Sequence[int], dropout: float
    ) -> None:
        super().__init__()
        self.register_buffer("middle", torch.zeros(inputs))
        self.register_buffer("deviation", torch.ones(inputs))
        self.first = nn.Conv1d(inputs, channels, 1)
        self.layers = dilated(channels, 5, dilations)
        self.head = nn.Conv1d(channels, outputs, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, content: Tensor) -> Tensor:
        """See the class."""
        standard = (content - self.middle[:, None]) / self.deviation[:, None]
        hidden = torch.relu(self.first(self.dropout(standard)))
        for layer in self.layers:
            hidden = hidden + torch.relu(layer(self.dropout(hidden)))
        return self.head(hidden)

    def exported(self) -> tuple[Layer, ...]:
        """The network as a chain of layers; the standardisation is folded into the first."""
        first = folded(self.first)
        scale = self.deviation.numpy()
        weight = first.weight / scale[None, :, None]
        bias = first.bias - np.einsum("c,kco->o", self.middle.numpy(), weight)
        return (
            Layer(weight.astype(np.float32), bias.astype(np.float32)),
            *folded_residuals(self.layers),
            folded(self.head, activation="none"),
        )


def small_decoder(
    clips: Sequence[VotedClip], basis: Array, options: dict[str, Any], seed: int
) -> tuple[Layer, ...]:
    """One small network, trained for the correlation of opening and width and for all components at once.

    Args:
        clips: training clips.
        basis: (K, 37, 3) components.
        options: ``channels``, ``dilations``, ``dropout``, ``rate``, ``weight_decay``, ``batch``, ``steps``, and the votes'
            ``evenness``.
        seed: of the weights at the start and of the order of clips.
    """
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    frames = max(len(clip.motion) for clip in clips)
    hears = torch.from_numpy(np.stack([
        np.stack([_padded(content, frames * STEP) for content in clip.heard]) for clip in clips
    ])).transpose(2, 3)  # fmt: skip
    truth = torch.from_numpy(
        np.stack([_padded(projected(c.motion - c.motion.mean(axis=0), basis), frames) for c in clips])
    )
    there = torch.from_numpy(
        np.stack([np.arange(frames) < len(clip.motion) for clip in clips]).astype(np.float32)
    )
    network = SmallDecoder(
        hears.shape[2], len(basis), options["channels"], options["dilations"], options["dropout"]
    )
    every = torch.cat([torch.from_numpy(clip.content) for clip in clips])
    network.middle.copy_(every.mean(dim=0))
    network.deviation.copy_(every.std(dim=0) + 0.05)
    mouth = torch.from_numpy(mouth_rows(basis))
    optimiser = torch.optim.AdamW(network.parameters(), options["rate"], weight_decay=options["weight_decay"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, options["rate"], options["steps"])
    chance = votes(clips, options["evenness"]) / len(clips)
    for _ in range(options["steps"]):
        rows = torch.from_numpy(random.choice(len(clips), options["batch"], p=chance))
        version = torch.from_numpy(random.integers(0, hears.shape[1], len(rows)))
        guess = network(hears[rows, version])[:, :, ::STEP].transpose(1, 2)
        loss = _voted_loss(guess, truth[rows], there[rows], mouth)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return network.eval().exported()


def _voted_loss(guess: Tensor, truth: Tensor, there: Tensor, mouth: Tensor) -> Tensor:
    """1 − r of opening and width, and a little of the squared error of the coefficients; (B, T, K) each, (B, T), (K, 2)."""
    there = there[..., None]
    count = there.sum(dim=1, keepdim=True)
    shape, true_shape = guess @ mouth, truth @ mouth
    shape = (shape - (shape * there).sum(dim=1, keepdim=True) / count) * there
    true_shape = true_shape * there
    product = (shape * true_shape).sum(dim=1)
    r = product / (shape.norm(dim=1) * true_shape.norm(dim=1) + 1e-3)
    return (1 - r).mean() + 0.1 * ((guess - truth).pow(2) * there).sum() / there.sum() / len(mouth) * 4


def _padded(values: Array, length: int) -> Array:
    return np.pad(values, ((0, length - len(values)), (0, 0)))
