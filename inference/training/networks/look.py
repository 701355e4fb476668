"""A learned look as torch trains it, and the two networks that judge it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.looks.network import BLOCKS, LAYERS, LEAK, LookWeights, random_look


class LookNetwork(nn.Module):
    """See `inference.looks.network`, whose computation this is.

    Args:
        seed: of the weights that it begins with.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        start = random_look(seed)
        for name in LAYERS:
            kernel = torch.from_numpy(np.ascontiguousarray(start.kernels[name].transpose(3, 2, 0, 1)))
            self.register_parameter(f"{name}_kernel", nn.Parameter(kernel))
            self.register_parameter(f"{name}_bias", nn.Parameter(torch.from_numpy(start.biases[name])))

    def forward(self, shown: Tensor) -> Tensor:
        """(B, 3, H, W), -1 to 1, sides that are multiples of 4 → the same in the look."""
        first = self._active(self._convolved("first", shown))
        half = self._active(self._convolved("down1", first, 2))
        value = self._active(self._convolved("down2", half, 2))
        for number in range(BLOCKS):
            inner = self._active(self._convolved(f"block{number}_a", value))
            value = value + self._convolved(f"block{number}_b", inner)
        value = self._active(self._convolved("up1", _larger(value)) + half)
        value = self._active(self._convolved("up0", _larger(value)) + first)
        return torch.tanh(shown + self._convolved("last", value))

    def _convolved(self, name: str, value: Tensor, stride: int = 1) -> Tensor:
        kernel: Any = getattr(self, f"{name}_kernel")
        bias: Any = getattr(self, f"{name}_bias")
        return functional.conv2d(functional.pad(value, (1, 1, 1, 1)), kernel, bias, stride)[
            ..., : value.shape[2] // stride, : value.shape[3] // stride
        ]

    def _active(self, value: Tensor) -> Tensor:
        return functional.leaky_relu(value, LEAK)

    def exported(self, metadata: dict[str, Any]) -> LookWeights:
        """The network as a file holds it."""
        kernels, biases = {}, {}
        for name in LAYERS:
            kernel: np.ndarray = getattr(self, f"{name}_kernel").detach().cpu().numpy()
            kernels[name] = np.ascontiguousarray(kernel.transpose(2, 3, 1, 0))
            biases[name] = getattr(self, f"{name}_bias").detach().cpu().numpy().copy()
        return LookWeights(kernels, biases, metadata)


def _larger(value: Tensor) -> Tensor:
    return value.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)


def judge(channels: int) -> nn.Sequential:
    """A network that says of each patch of a picture how much it is like the look's own pictures.

    Args:
        channels: 3 for single pictures; 6 for two neighbouring frames, one upon the other.
    """
    widths = (channels, 24, 48, 96)
    layers: list[nn.Module] = []
    for before, after in zip(widths, widths[1:]):
        layers += [nn.Conv2d(before, after, 4, 2, 1), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Conv2d(widths[-1], 1, 3, 1, 1))
