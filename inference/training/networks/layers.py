"""What the networks are made of: stacks of dilated convolutions, and how they are written into a weights file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.hearing.backends.weights import Layer


def dilated(channels: int, kernel: int, dilations: Iterable[int]) -> nn.ModuleList:
    """Convolutions (B, channels, T) → (B, channels, T), one for each dilation."""
    return nn.ModuleList(
        nn.Conv1d(channels, channels, kernel, dilation=dilation, padding=dilation * (kernel // 2))
        for dilation in dilations
    )


def folded(convolution: Any, norm: Any = None, **options: Any) -> Layer:
    """A convolution with the batch normalisation behind it as one :class:`Layer`; options are the layer's own."""
    weight = convolution.weight.detach().double().cpu().numpy().transpose(2, 1, 0)
    bias = convolution.bias.detach().double().cpu().numpy()
    if norm is not None:
        scale = (norm.weight / torch.sqrt(norm.running_var + norm.eps)).detach().double().cpu().numpy()
        weight = weight * scale
        bias = (
            bias - norm.running_mean.double().cpu().numpy()
        ) * scale + norm.bias.detach().double().cpu().numpy()
    return Layer(np.ascontiguousarray(weight, np.float32), bias.astype(np.float32), **options)


def folded_residuals(layers: nn.ModuleList, norms: nn.ModuleList | None = None) -> Iterator[Layer]:
    """:func:`dilated` convolutions whose results are added to what goes in, each with its normalisation if there are any."""
    for place, layer in enumerate(layers):
        norm = None if norms is None else norms[place]
        yield folded(layer, norm, dilation=int(layer.dilation[0]), residual=True)  # type: ignore[index, arg-type]


def trained(
    layers: Sequence[Layer], weights: Iterable[Tensor], biases: Iterable[Tensor]
) -> tuple[Layer, ...]:
    """Layers of a weights file with these weights, (outputs, inputs, kernel) as torch has them, and biases."""
    return tuple(
        replace(
            layer,
            weight=np.ascontiguousarray(weight.detach().numpy().transpose(2, 1, 0)),
            bias=bias.detach().numpy().copy(),
        )
        for layer, weight, bias in zip(layers, weights, biases, strict=True)
    )


class Chain(nn.Module):
    """Layers of a weights file, to train them on: (B, inputs, T) → (B, outputs, T), every stride 1.

    Args:
        layers: what it begins with.
        dropout: share of what goes into each layer but the last that is dropped.
    """

    def __init__(self, layers: Sequence[Layer], dropout: float) -> None:
        super().__init__()
        self._layers = tuple(layers)
        self._dropout = dropout
        kernels = (np.ascontiguousarray(layer.weight.transpose(2, 1, 0), np.float32) for layer in layers)
        self.weights = nn.ParameterList(torch.from_numpy(kernel) for kernel in kernels)
        self.biases = nn.ParameterList(torch.from_numpy(layer.bias.astype(np.float32)) for layer in layers)

    def forward(self, frames: Tensor) -> Tensor:
        """See the class."""
        last = len(self._layers) - 1
        for place, (layer, weight, bias) in enumerate(
            zip(self._layers, self.weights, self.biases, strict=True)
        ):
            kept = functional.dropout(frames, self._dropout, self.training and place < last)
            result = functional.conv1d(kept, weight, bias, padding=layer.reach, dilation=layer.dilation)
            if layer.activation != "none":
                result = torch.relu(result) if layer.activation == "relu" else torch.tanh(result)
            frames = frames + result if layer.residual else result
        return frames

    def exported(self) -> tuple[Layer, ...]:
        """The layers as they are now."""
        return trained(self._layers, self.weights, self.biases)
