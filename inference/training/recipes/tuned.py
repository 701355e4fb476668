"""The decoder of the joint training goes on learning, from all filmed speakers, and stays a part of what it was.

What it knew of two people is the start of what it learns of all of them, in a few hundred steps. Its weights after them and a
share of those before are averaged, which on people whom it never saw is better than either (Wortsman et al. 2022, *Robust
fine-tuning of zero-shot models*, arXiv 2109.01903), and hardly worse on those whom it knew. A speaker's clips count by the square
root of their number: one vote a speaker is dearer to those with many clips than it is worth to the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from inference.hearing.backends.weights import Layer, Weights
from inference.training.filmed_corpora.faces import POINTS
from inference.training.networks.layers import Chain
from inference.training.recipes.voted_clips import STEP, Array, Take, VotedClip, mouth_rows, projected, votes

_WARM_UP = 0.15
_CLIPPED = 2.0
_SQUARES = 0.4
"""What the squared error of all components counts beside 1 − r of opening and width."""


def tuned_decoder(
    weights: Weights, clips: Sequence[VotedClip], basis: Array, options: dict[str, Any], seed: int
) -> tuple[Layer, ...]:
    """The first decoder of a weights file, tuned on some clips: content → coefficients of ``basis``, in spreads.

    Args:
        weights: with the decoder of the joint training.
        clips: training clips.
        basis: (K, 37, 3) components.
        options: the configuration's table ``voted``.
        seed: of the order of clips and of what is dropped.
    """
    start = in_components(weights, clips, basis)
    trained = _trained(start, clips, basis, options, seed)
    share = np.float32(options["share"])
    return tuple(
        replace(
            before,
            weight=(1 - share) * before.weight + share * after.weight,
            bias=(1 - share) * before.bias + share * after.bias,
        )
        for before, after in zip(start, trained, strict=True)
    )


def in_components(weights: Weights, clips: Sequence[VotedClip], basis: Array) -> tuple[Layer, ...]:
    """The first decoder as it is, its motion as coefficients of ``basis`` in the spread that people have."""
    opening, width = np.average([clip.spread for clip in clips], axis=0, weights=votes(clips))
    scale = np.array([width, opening, opening])
    into = projected(weights.basis[:, POINTS] / scale, basis)
    *before, last = weights.decoders[0]
    return (*before, replace(last, weight=last.weight @ into, bias=last.bias @ into))


def _trained(
    start: Sequence[Layer], clips: Sequence[VotedClip], basis: Array, options: dict[str, Any], seed: int
) -> tuple[Layer, ...]:
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    network = Chain(start, float(options["dropout"]))
    optimiser = torch.optim.AdamW(network.parameters(), options["rate"], weight_decay=options["weight_decay"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, options["rate"], options["steps"], pct_start=_WARM_UP
    )
    mouth = torch.from_numpy(mouth_rows(basis))
    chance = votes(clips, options["tuned_evenness"]) / len(clips)
    for _ in range(options["steps"]):
        chosen = [clips[index] for index in random.choice(len(clips), options["batch"], p=chance)]
        content, truth, there = _batch([_take(clip, random) for clip in chosen], basis)
        guess = network(content)[:, :, ::STEP].transpose(1, 2)
        loss = _loss(guess, truth, there, mouth)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIPPED)
        optimiser.step()
        schedule.step()
    return network.eval().exported()


def _take(clip: VotedClip, random: np.random.Generator) -> Take:
    """As filmed, or as often another take."""
    others = len(clip.takes) - 1
    return clip.takes[random.integers(1, others + 1) if others and random.random() < 0.5 else 0]


def _batch(takes: Sequence[Take], basis: Array) -> tuple[Tensor, Tensor, Tensor]:
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


def _loss(guess: Tensor, truth: Tensor, there: Tensor, mouth: Tensor) -> Tensor:
    """1 − r of opening and width, and the squared error of the coefficients about their mean; (K, 2) ``mouth``."""
    count = there.sum(dim=1, keepdim=True)
    guess = (guess - (guess * there).sum(dim=1, keepdim=True) / count) * there
    shape, true_shape = guess @ mouth, truth @ mouth
    r = (shape * true_shape).sum(dim=1) / (shape.norm(dim=1) * true_shape.norm(dim=1) + 1e-3)
    return (1 - r).mean() + _SQUARES * (guess - truth).pow(2).sum() / there.sum() / len(mouth)
