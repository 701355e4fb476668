"""Whether what the encoder hears is a voice: two convolutions in torch, and what the engine runs of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.hearing.backends.weights import Layer
from inference.training.networks.layers import folded


class VoiceNetwork(nn.Module):
    """Content features and tones (B, C, T) at 50 Hz → (B, T) logits, above 0 a voice.

    Args:
        mean: (C,) of the features.
        deviation: (C,) of the features; 0 for those that are not listened to.
        channels: between the convolutions.
        kernel: taps of both, odd.
        dilations: of the first and the second.
    """

    scale: Tensor

    def __init__(
        self,
        mean: NDArray[np.float32],
        deviation: NDArray[np.float32],
        channels: int,
        kernel: int,
        dilations: Sequence[int],
    ) -> None:
        super().__init__()
        first, second = dilations
        used = deviation > 0
        scale = np.where(used, 1 / np.where(used, deviation, 1), 0).astype(np.float32)
        self.register_buffer("scale", torch.from_numpy(scale))
        self.first = nn.Conv1d(len(mean), channels, kernel, dilation=first, padding=kernel // 2 * first)
        self.second = nn.Conv1d(channels, 1, kernel, dilation=second, padding=kernel // 2 * second)
        with (
            torch.no_grad()
        ):  # as if the mean were taken away; beyond the ends there is zero, as in the engine
            bias: Any = self.first.bias
            bias -= self.first.weight.sum(dim=2) @ torch.from_numpy(mean * scale)

    @property
    def reach(self) -> int:
        """Frames that an output frame sees on either side."""
        return int(self.first.padding[0]) + int(self.second.padding[0])

    def forward(self, content: Tensor, there: Tensor) -> Tensor:
        """See the class.

        Args:
            content: (B, C, T), zero where a recording has ended.
            there: (B, T), 1 where it has not.
        """
        hidden = torch.relu(self.first(content * self.scale[:, None])) * there[:, None]
        return self.second(hidden)[:, 0]


def export(network: VoiceNetwork) -> tuple[Layer, ...]:
    """The chain that the engine runs on all content features and tones: (T, C) → (T, 1)."""
    first = folded(network.first, dilation=int(network.first.dilation[0]))
    scaled = first.weight * network.scale.cpu().numpy()[:, None]
    second = folded(network.second, dilation=int(network.second.dilation[0]), activation="none")
    return replace(first, weight=np.ascontiguousarray(scaled, np.float32)), second


def together(chains: Sequence[tuple[Layer, ...]]) -> tuple[Layer, ...]:
    """Several of :func:`export` as one that gives the mean of what they say: their hidden channels side by side."""
    firsts, seconds = zip(*chains, strict=True)
    first, second = firsts[0], seconds[0]
    return (
        replace(
            first,
            weight=np.concatenate([layer.weight for layer in firsts], axis=2),
            bias=np.concatenate([layer.bias for layer in firsts]),
        ),
        replace(
            second,
            weight=np.concatenate([layer.weight for layer in seconds], axis=1) / np.float32(len(chains)),
            bias=np.mean([layer.bias for layer in seconds], axis=0).astype(np.float32),
        ),
    )
