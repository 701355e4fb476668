"""How networks of `voted` learn: by batches of clips that are drawn by their votes, each clip about its own mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from inference.training.recipes.voted_clips import STEP, Array, Take, VotedClip, mouth_rows, projected, votes

_WARM_UP = 0.15
_CLIPPED = 2.0
_SQUARES = 0.4
"""What the squared error of all components counts beside 1 − r of opening and width."""


@dataclass(frozen=True)
class Steps:
    """How a network is changed.

    Attributes:
        count: how often.
        batch: clips of a step.
        rate: the highest learning rate of AdamW under one cycle.
        weight_decay: of AdamW.
        evenness: of the `votes` by which clips are drawn.
    """

    count: int
    batch: int
    rate: float
    weight_decay: float
    evenness: float


def descend(network: nn.Module, clips: Sequence[VotedClip], basis: Array, steps: Steps, seed: int) -> None:
    """Trains a network, (B, C, 2 T) content → (B, K, 2 T) coefficients of ``basis`` about their mean; it ends in evaluation mode.

    Args:
        network: in training mode.
        clips: training clips.
        basis: (K, 37, 3) components.
        steps: see there.
        seed: of the order of clips; what is dropped is torch's.
    """
    random = np.random.default_rng(seed)
    optimiser = torch.optim.AdamW(network.parameters(), steps.rate, weight_decay=steps.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, steps.rate, steps.count, pct_start=_WARM_UP)
    mouth = torch.from_numpy(mouth_rows(basis))
    chance = votes(clips, steps.evenness) / len(clips)
    for _ in range(steps.count):
        chosen = [clips[index] for index in random.choice(len(clips), steps.batch, p=chance)]
        content, truth, there = batch_of([_take(clip, random) for clip in chosen], basis)
        guess = network(content)[:, :, ::STEP].transpose(1, 2)
        loss = error(guess, truth, there, mouth)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIPPED)
        optimiser.step()
        schedule.step()
    network.eval()


def _take(clip: VotedClip, random: np.random.Generator) -> Take:
    """As filmed, or as often another take."""
    others = len(clip.takes) - 1
    return clip.takes[random.integers(1, others + 1) if others and random.random() < 0.5 else 0]


def batch_of(takes: Sequence[Take], basis: Array) -> tuple[Tensor, Tensor, Tensor]:
    """Content (B, C, 2 T), coefficients about their mean (B, T, K), and (B, T, 1) whether a frame is there."""
    frames = max(len(take.motion) for take in takes)
    content = np.zeros((len(takes), frames * STEP, takes[0].content.shape[1]), np.float32)
    truth = np.zeros((len(takes), frames, len(basis)), np.float32)
    there = np.zeros((len(takes), frames, 1), np.float32)
    for row, take in enumerate(takes):
        count = len(take.motion)
        content[row, : count * STEP] = take.content
        truth[row, :count] = projected(take.motion - take.motion.mean(axis=0), basis)
        there[row, :count] = 1
    return torch.from_numpy(content).transpose(1, 2), torch.from_numpy(truth), torch.from_numpy(there)


def error(guess: Tensor, truth: Tensor, there: Tensor, mouth: Tensor) -> Tensor:
    """1 − r of opening and width, and the squared error of the coefficients about their mean; (K, 2) ``mouth``."""
    count = there.sum(dim=1, keepdim=True)
    guess = (guess - (guess * there).sum(dim=1, keepdim=True) / count) * there
    shape, true_shape = guess @ mouth, truth @ mouth
    r = (shape * true_shape).sum(dim=1) / (shape.norm(dim=1) * true_shape.norm(dim=1) + 1e-3)
    return (1 - r).mean() + _SQUARES * (guess - truth).pow(2).sum() / there.sum() / len(mouth)
