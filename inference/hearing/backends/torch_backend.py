"""The content network in torch, on the CPU or on CUDA."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from ..features import FEATURES, SPEECH_FEATURES
from .weights import STRIDE, Heard, Layer, Weights, run_in_blocks

Placed = tuple[Layer, torch.Tensor, torch.Tensor]
"""A layer, and its weight (outputs, inputs, kernel) and bias (outputs,) where they are computed with."""


class TorchBackend:
    """Runs where the full engine is installed. See `Backend`."""

    def __init__(self, weights: Weights, device: str = "cpu") -> None:
        self.weights = weights
        self._device = torch.device(device)
        self._encoder = self._chain(weights.encoder)
        self._phones = self._chain((weights.phones,))
        self._decoders = [self._chain(chain) for chain in weights.decoders]
        self._voice = self._chain(weights.voice)

    @property
    def model_id(self) -> str:
        """Name and version of the weights."""
        return self.weights.model_id

    def run(self, features: np.ndarray) -> Heard:
        """See `Backend.run`."""
        return Heard(*run_in_blocks(self._forward, features, self.weights.margin))

    def with_weights(self, weights: Weights) -> TorchBackend:
        """See `Backend.with_weights`."""
        return TorchBackend(weights, str(self._device))

    def phones(self, features: np.ndarray) -> np.ndarray:
        """See `Backend.phones`."""
        return run_in_blocks(self._told_phones, features, self.weights.margin)[0]

    @torch.inference_mode()
    def _told_phones(self, features: np.ndarray) -> tuple[np.ndarray]:
        return (self._posteriors(self._placed(features))[1][0].T.cpu().numpy(),)

    def _placed(self, features: np.ndarray) -> torch.Tensor:
        """(T, F) → (1, F, T) where it is computed with."""
        return torch.from_numpy(np.ascontiguousarray(features.T)).to(self._device)[None]

    def _posteriors(self, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(1, 41 or more, T) → (1, B, ceil(T / 2)) of the bottleneck, and (1, P, ceil(T / 2)) posteriors."""
        hidden = apply_layers(self._encoder, inputs[:, :SPEECH_FEATURES])
        return hidden, torch.softmax(apply_layers(self._phones, hidden), dim=1)

    @torch.inference_mode()
    def _forward(self, features: np.ndarray) -> tuple[np.ndarray, ...]:
        inputs = self._placed(features)
        hidden, posterior = self._posteriors(inputs)
        level, rise = inputs[:, SPEECH_FEATURES - 1 : FEATURES, ::STRIDE].tensor_split([1], dim=1)
        content = torch.cat([hidden, posterior, level, rise * posterior[:, :1]], dim=1)
        motion = torch.cat([apply_layers(chain, content) for chain in self._decoders], dim=1)
        if self.weights.hears_tones:
            content = torch.cat([content, inputs[:, FEATURES:, ::STRIDE]], dim=1)
        voice = apply_layers(self._voice, content)
        return (*(values[0].T.cpu().numpy() for values in (posterior, motion)), voice[0, 0].cpu().numpy())

    def _chain(self, layers: Sequence[Layer]) -> list[Placed]:
        return [self._place(layer) for layer in layers]

    def _place(self, layer: Layer) -> Placed:
        # (kernel, inputs, outputs) → torch's (outputs, inputs, kernel)
        weight = torch.from_numpy(np.ascontiguousarray(layer.weight.transpose(2, 1, 0)))
        return layer, weight.to(self._device), torch.from_numpy(layer.bias).to(self._device)


def apply_layers(chain: Sequence[Placed], frames: torch.Tensor) -> torch.Tensor:
    """(B, inputs, T) → what the last of some layers, each with its weight and bias as tensors, makes of it."""
    for layer, weight, bias in chain:
        result = functional.conv1d(frames, weight, bias, layer.stride, layer.reach, layer.dilation)
        if layer.activation == "relu":
            result = torch.relu(result)
        elif layer.activation == "tanh":
            result = torch.tanh(result)
        frames = frames + result if layer.residual else result
    return frames
