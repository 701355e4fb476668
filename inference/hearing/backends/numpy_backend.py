"""The content network in numpy alone: every convolution a few matrix products."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..features import FEATURES, SPEECH_FEATURES
from .weights import STRIDE, Heard, Layer, Weights, run_in_blocks


class NumpyBackend:
    """Runs everywhere. See `Backend`."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights

    @property
    def model_id(self) -> str:
        """Name and version of the weights."""
        return self.weights.model_id

    def run(self, features: np.ndarray) -> Heard:
        """See `Backend.run`."""
        return Heard(*run_in_blocks(self._forward, features, self.weights.margin))

    def with_weights(self, weights: Weights) -> NumpyBackend:
        """See `Backend.with_weights`."""
        return NumpyBackend(weights)

    def phones(self, features: np.ndarray) -> np.ndarray:
        """See `Backend.phones`."""
        return run_in_blocks(lambda part: (self._phones(part)[1],), features, self.weights.margin)[0]

    def content(self, features: np.ndarray) -> np.ndarray:
        """(T, 49) features at 100 Hz → (ceil(T / 2), B + P + 9) what the decoders hear, see `Weights.decoders`."""
        return run_in_blocks(lambda part: (self._content(part),), features, self.weights.margin)[0]

    def _phones(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(T, 41 or more) features → (ceil(T / 2), B) of the bottleneck, and (ceil(T / 2), P) posteriors."""
        hidden = apply_layers(self.weights.encoder, features[:, :SPEECH_FEATURES])
        scores = apply_layer(self.weights.phones, hidden)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return hidden, scores / scores.sum(axis=1, keepdims=True)

    def _content(self, features: np.ndarray) -> np.ndarray:
        hidden, posterior = self._phones(features)
        level, rise = np.split(features[::STRIDE, SPEECH_FEATURES - 1 : FEATURES], [1], axis=1)
        return np.concatenate([hidden, posterior, level, rise * posterior[:, :1]], axis=1)

    def _forward(self, features: np.ndarray) -> tuple[np.ndarray, ...]:
        content = self._content(features)
        posterior = content[:, self.weights.posteriors]
        motion = np.concatenate([apply_layers(chain, content) for chain in self.weights.decoders], axis=1)
        if self.weights.hears_tones:
            content = np.concatenate([content, features[::STRIDE, FEATURES:]], axis=1)
        return posterior, motion, apply_layers(self.weights.voice, content)[:, 0]


def apply_layers(layers: Sequence[Layer], frames: np.ndarray) -> np.ndarray:
    """(T, inputs) → what the last of them makes of it."""
    for layer in layers:
        frames = apply_layer(layer, frames)
    return frames


def apply_layer(layer: Layer, frames: np.ndarray) -> np.ndarray:
    """(T, inputs) → (ceil(T / stride), outputs)."""
    reach, count = layer.reach, -(-len(frames) // layer.stride)
    padded = np.pad(frames, ((reach, reach + layer.stride), (0, 0))) if reach else frames
    result = np.empty((count, layer.weight.shape[2]), np.float32)
    product = np.empty_like(result) if len(layer.weight) > 1 else result
    for tap, matrix in enumerate(layer.weight):
        start = tap * layer.dilation
        heard = padded[start : start + (count - 1) * layer.stride + 1 : layer.stride]
        if tap:
            result += np.matmul(heard, matrix, out=product)
        else:
            np.matmul(heard, matrix, out=result)
    result += layer.bias
    if layer.activation == "relu":
        np.maximum(result, 0, out=result)
    elif layer.activation == "tanh":
        np.tanh(result, out=result)
    if layer.residual:
        result += frames
    return result
