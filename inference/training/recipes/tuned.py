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

from inference.hearing.backends.weights import Layer, Weights
from inference.training.filmed_corpora.faces import POINTS
from inference.training.networks.layers import Chain
from inference.training.recipes.voted_clips import Array, VotedClip, projected, size_of, votes
from inference.training.recipes.voted_descent import Steps, descend


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
    afterwards = trained(start, clips, basis, options, seed)
    share = np.float32(options["share"])
    return tuple(
        replace(
            before,
            weight=(1 - share) * before.weight + share * after.weight,
            bias=(1 - share) * before.bias + share * after.bias,
        )
        for before, after in zip(start, afterwards, strict=True)
    )


def in_components(weights: Weights, clips: Sequence[VotedClip], basis: Array) -> tuple[Layer, ...]:
    """The first decoder as it is, its motion as coefficients of ``basis`` in the spread that people have."""
    scale = size_of(np.average([clip.spread for clip in clips], axis=0, weights=votes(clips)))
    into = projected(weights.basis[:, POINTS] / scale, basis)
    *before, last = weights.decoders[0]
    return (*before, replace(last, weight=last.weight @ into, bias=last.bias @ into))


def trained(
    start: Sequence[Layer], clips: Sequence[VotedClip], basis: Array, options: dict[str, Any], seed: int
) -> tuple[Layer, ...]:
    """A decoder after it went on learning from some clips; the arguments are those of `tuned_decoder`, and where it starts."""
    torch.manual_seed(seed)
    network = Chain(start, float(options["dropout"]))
    rate, decay = options["rate"], options["weight_decay"]
    steps = Steps(options["steps"], options["batch"], rate, decay, options["tuned_evenness"])
    descend(network, clips, basis, steps, seed)
    return network.exported()
