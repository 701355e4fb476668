"""What the networks are made of: stacks of dilated convolutions, and how they are written into a weights file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

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
