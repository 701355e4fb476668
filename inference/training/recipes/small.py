"""A small network that hears ±80 ms and begins with nothing, so that every speaker's vote counts alike in all that it knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.hearing.backends.weights import Layer
from inference.training.recipes.voted_clips import Array, VotedClip, votes
from inference.training.recipes.voted_descent import Steps, descend

_TAPS, _DILATION = 5, 2
_REACH = _TAPS // 2 * _DILATION  # content frames on either side: 80 ms
_LEAST_DEVIATION = 1e-2


def small_decoder(
    clips: Sequence[VotedClip], basis: Array, options: dict[str, Any], seed: int
) -> tuple[Layer, ...]:
    """Content (50 Hz) → coefficients of ``basis`` about their mean, through one hidden layer.

    Args:
        clips: training clips.
        basis: (K, 37, 3) components.
        options: the configuration's table ``voted``.
        seed: of the first weights, the order of clips and what is dropped.
    """
    torch.manual_seed(seed)
    counts = votes(clips)
    means = np.average([clip.content.mean(axis=0) for clip in clips], axis=0, weights=counts)
    squares = [((clip.content - means) ** 2).mean(axis=0) for clip in clips]
    deviations = np.sqrt(np.average(squares, axis=0, weights=counts)) + _LEAST_DEVIATION
    network = _Small(means, deviations, int(options["hidden"]), len(basis), options["small_dropout"])
    steps = Steps(
        options["steps"], options["batch"], options["small_rate"], options["small_weight_decay"], evenness=1.0
    )
    descend(network, clips, basis, steps, seed)
    return network.exported()


class _Small(nn.Module):
    """(B, C, T) content → (B, outputs, T); the content is brought to mean 0 and deviation 1 first.

    Args:
        means, deviations: (C,) of the content.
        hidden, outputs: sizes.
        dropout: share of what goes into both layers that is dropped.
    """

    def __init__(self, means: Array, deviations: Array, hidden: int, outputs: int, dropout: float) -> None:
        super().__init__()
        self._means = torch.from_numpy(means.astype(np.float32))[:, None]
        self._deviations = torch.from_numpy(deviations.astype(np.float32))[:, None]
        self._dropout = dropout
        self.hears = nn.Conv1d(len(means), hidden, _TAPS, dilation=_DILATION)
        self.moves = nn.Conv1d(hidden, outputs, 1)

    def forward(self, content: Tensor) -> Tensor:
        """See the class."""
        padded = functional.pad(content, (_REACH, _REACH))  # before the scaling, as in the engine's layers
        scaled = (padded - self._means) / self._deviations
        hidden = torch.relu(self.hears(functional.dropout(scaled, self._dropout, self.training)))
        return self.moves(functional.dropout(hidden, self._dropout, self.training))

    def exported(self) -> tuple[Layer, ...]:
        """The layers of a weights file, the scaling in the first of them."""
        weight = (self.hears.weight / self._deviations).detach()
        bias = self.hears.bias.detach() - (weight * self._means).sum(dim=(1, 2))  # type: ignore[union-attr]
        first = Layer(_kernel(weight), bias.numpy(), dilation=_DILATION)
        return first, Layer(
            _kernel(self.moves.weight),
            self.moves.bias.detach().numpy().copy(),  # type: ignore[union-attr]
            activation="none",
        )


def _kernel(weight: Tensor) -> Array:
    """(outputs, inputs, taps) as torch has it → as a layer has it."""
    return np.ascontiguousarray(weight.detach().numpy().transpose(2, 1, 0), np.float32)
