"""The refiner of portraits as torch trains it."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from inference.portrait.mouth_crop import border_window
from inference.portrait.refiner import OUTPUTS, RefinerShape, RefinerWeights, random_weights
from inference.portrait.refiner_torch import changes, tensors_of

_NOTHING = -30.0
"""Logit of a share of nothing."""


class RefinerNetwork(nn.Module):
    """See `inference.portrait.refiner`, whose computation this is.

    Args:
        shape: how large.
        seed: of the weights that it begins with.
        softens: whether it may wipe out some of what was drawn, or only adds to it.
    """

    def __init__(self, shape: RefinerShape, seed: int, softens: bool = True) -> None:
        super().__init__()
        self.shape = shape
        for name, value in tensors_of(random_weights(shape, seed, {}), torch.device("cpu")).items():
            self.register_parameter(name.replace(".", "_"), nn.Parameter(value))
        if not softens:
            self._keep("last_kernel", 0.0)
            self._keep("last_bias", _NOTHING)
        rim = torch.from_numpy(border_window(shape.side).transpose(2, 0, 1)[None].copy())
        self.register_buffer("rim", rim)

    def _keep(self, name: str, value: float) -> None:
        """What says how much is wiped out stays at a value."""
        parameter: nn.Parameter = getattr(self, name)
        learns = torch.ones_like(parameter)
        learns[OUTPUTS - 1 :: OUTPUTS] = 0
        with torch.no_grad():
            parameter[OUTPUTS - 1 :: OUTPUTS] = value
        parameter.register_hook(lambda gradient: gradient * learns.to(gradient.device))

    def forward(self, inputs: Tensor) -> Tensor:
        """(B, CHANNELS, side, side), 0 to 1 → (B, 3, side, side) what to add to what was drawn."""
        tensors = {
            f"{name}.{part}": getattr(self, f"{name}_{part}")
            for name in self.shape.layers()
            for part in ("kernel", "bias")
        }
        rim: Any = self.rim
        return changes(tensors, self.shape, inputs, rim)

    def take(self, weights: RefinerWeights) -> None:
        """Go on from weights of the same shape."""
        with torch.no_grad():
            for name, value in tensors_of(weights, torch.device("cpu")).items():
                getattr(self, name.replace(".", "_")).copy_(value)

    def exported(self, metadata: dict[str, Any]) -> RefinerWeights:
        """The network as a file holds it."""
        kernels, biases = {}, {}
        for name in self.shape.layers():
            kernel: np.ndarray = getattr(self, f"{name}_kernel").detach().cpu().numpy()
            kernels[name] = np.ascontiguousarray(kernel.transpose(2, 3, 1, 0))
            biases[name] = getattr(self, f"{name}_bias").detach().cpu().numpy().copy()
        return RefinerWeights(self.shape, kernels, biases, metadata)
