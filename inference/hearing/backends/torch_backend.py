"""The content network in torch, on the CPU or on CUDA."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from ..features import SPEECH_FEATURES
from .weights import STRIDE, Layer, Weights, run_in_blocks


class TorchBackend:
    """Runs where the full engine is installed. See `Backend`."""

    def __init__(self, weights: Weights, device: str = "cpu") -> None:
        self.weights = weights
        self._device = torch.device(device)
        self._encoder = [self._place(layer) for layer in weights.encoder]
        self._phones = self._place(weights.phones)
        self._decoder = [self._place(layer) for layer in weights.decoder]

    @property
    def model_id(self) -> str:
        """Name and version of the weights."""
        return self.weights.model_id

    def run(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Backend.run`."""
        return run_in_blocks(self._forward, features, self.weights.margin)

    @torch.inference_mode()
    def _forward(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        inputs = torch.from_numpy(np.ascontiguousarray(features.T)).to(self._device)[None]
        hidden = inputs[:, :SPEECH_FEATURES]
        for layer in self._encoder:
            hidden = _apply(layer, hidden)
        posterior = torch.softmax(_apply(self._phones, hidden), dim=1)
        level, rise = inputs[:, SPEECH_FEATURES - 1 :, ::STRIDE].tensor_split([1], dim=1)
        hidden = torch.cat([hidden, posterior, level, rise * posterior[:, :1]], dim=1)
        for layer in self._decoder:
            hidden = _apply(layer, hidden)
        return posterior[0].T.cpu().numpy(), hidden[0].T.cpu().numpy()

    def _place(self, layer: Layer) -> tuple[Layer, torch.Tensor, torch.Tensor]:
        # (kernel, inputs, outputs) → torch's (outputs, inputs, kernel)
        weight = torch.from_numpy(np.ascontiguousarray(layer.weight.transpose(2, 1, 0)))
        return layer, weight.to(self._device), torch.from_numpy(layer.bias).to(self._device)


def _apply(placed: tuple[Layer, torch.Tensor, torch.Tensor], frames: torch.Tensor) -> torch.Tensor:
    layer, weight, bias = placed
    result = functional.conv1d(frames, weight, bias, layer.stride, layer.reach, layer.dilation)
    if layer.activation == "relu":
        result = torch.relu(result)
    elif layer.activation == "tanh":
        result = torch.tanh(result)
    return frames + result if layer.residual else result
