"""The content networks in torch: a phone encoder that does not care who speaks, and a landmark decoder.

Both run at 50 Hz. The encoder is a stack of dilated convolutions (van den Oord et al. 2016) that classifies phones through a
bottleneck; the decoder sees only that bottleneck, the posteriors, the level and, where nobody speaks, what the pause sounds
like. :func:`export` folds the batch normalisation into the convolutions and makes the chain of layers that both backends run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from inference.hearing.backends.weights import Weights, all_is_voice
from inference.hearing.features import PAUSE_BANDS, SPEECH_FEATURES
from inference.motion.lips.content import PHONES
from inference.training.networks.layers import dilated, folded, folded_residuals


@dataclass(frozen=True)
class EncoderConfig:
    """Sizes of the encoder; ``dilations`` has one entry for each residual layer."""

    channels: int = 144
    kernel: int = 3
    dilations: tuple[int, ...] = (1, 1, 2, 2, 4, 4)
    bottleneck: int = 64


@dataclass(frozen=True)
class DecoderConfig:
    """Sizes of the decoder: ``components`` motion components are weighed; ``dilations`` has one entry for each residual layer."""

    channels: int = 80
    components: int = 14
    kernel: int = 5
    dilations: tuple[int, ...] = (2, 4, 8, 1)


class Encoder(nn.Module):
    """Features (B, 49, T) at 100 Hz → bottleneck (B, 64, ceil(T / 2)) and phone scores (B, 40, ceil(T / 2)) at 50 Hz.

    It hears the first 41 features; the pauses' sound is the decoder's.
    """

    def __init__(self, config: EncoderConfig | None = None, dropout: float = 0.0) -> None:
        super().__init__()
        self.config = config = config or EncoderConfig()
        self.stem = nn.Conv1d(SPEECH_FEATURES, config.channels, 5, stride=2, padding=2)
        self.stem_norm = nn.BatchNorm1d(config.channels)
        self.layers = dilated(config.channels, config.kernel, config.dilations)
        self.norms = nn.ModuleList(nn.BatchNorm1d(config.channels) for _ in config.dilations)
        self.bottleneck = nn.Conv1d(config.channels, config.bottleneck, 1)
        self.classifier = nn.Conv1d(config.bottleneck, len(PHONES), 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        hidden = torch.relu(self.stem_norm(self.stem(features[:, :SPEECH_FEATURES])))
        for layer, norm in zip(self.layers, self.norms, strict=True):
            hidden = hidden + torch.relu(norm(layer(self.dropout(hidden))))
        hidden = torch.tanh(self.bottleneck(hidden))
        return hidden, self.classifier(hidden)

    def content(self, features: Tensor) -> Tensor:
        """What the decoder hears: (B, 64 + 40 + 1 + 8, ceil(T / 2)) bottleneck, posteriors, level and pauses' sound."""
        hidden, scores = self(features)
        return self.assembled(hidden, scores, features)

    @staticmethod
    def assembled(hidden: Tensor, scores: Tensor, features: Tensor) -> Tensor:
        """:meth:`content` of a bottleneck and scores that are there already, and the features they are of."""
        posterior = torch.softmax(scores, dim=1)
        level, rise = features[:, SPEECH_FEATURES - 1 :, ::2].split([1, PAUSE_BANDS], dim=1)
        return torch.cat([hidden, posterior, level, rise * posterior[:, :1]], dim=1)


class Decoder(nn.Module):
    """Content (B, 113, T) → component weights (B, components, T); sees ±0.64 s beyond the encoder."""

    def __init__(self, inputs: int = 113, config: DecoderConfig | None = None, dropout: float = 0.0) -> None:
        super().__init__()
        self.config = config = config or DecoderConfig()
        self.first = nn.Conv1d(inputs, config.channels, config.kernel, padding=config.kernel // 2)
        self.layers = dilated(config.channels, config.kernel, config.dilations)
        self.head = nn.Conv1d(config.channels, config.components, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, content: Tensor) -> Tensor:
        """See the class."""
        hidden = torch.relu(self.first(self.dropout(content)))
        for layer in self.layers:
            hidden = hidden + torch.relu(layer(self.dropout(hidden)))
        return self.head(hidden)


def export(
    encoder: Encoder, decoder: Decoder, basis: NDArray[np.floating[Any]], metadata: dict[str, Any]
) -> Weights:
    """Both networks as the weights file keeps them, without a network that knows a voice.

    Args:
        encoder, decoder: trained; their running statistics are folded in.
        basis: (components, 68, 3) displacement of a component weight of 1.
        metadata: at least ``name`` and ``version``.
    """
    return Weights(
        encoder=(
            folded(encoder.stem, encoder.stem_norm, stride=2),
            *folded_residuals(encoder.layers, encoder.norms),
            folded(encoder.bottleneck, activation="tanh"),
        ),
        phones=folded(encoder.classifier, activation="none"),
        decoders=(
            (
                folded(decoder.first),
                *folded_residuals(decoder.layers),
                folded(decoder.head, activation="none"),
            ),
        ),
        voice=all_is_voice(decoder.first.in_channels),
        basis=np.asarray(basis, np.float32),
        metadata=metadata,
    )
