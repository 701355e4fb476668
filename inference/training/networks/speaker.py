"""The speaker encoder in torch: dilated convolutions, attentive statistics pooling, an embedding.

A small relative of the x-vector (Snyder et al. 2018) with the pooling of Okabe et al. 2018, trained with an additive angular
margin (Deng et al. 2019). :func:`export` folds the batch normalisation in and makes what
`inference.hearing.speaker_encoder` runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.hearing.backends.weights import Layer
from inference.hearing.features import MEL_BANDS
from inference.hearing.population import Population
from inference.hearing.speaker_encoder import SpeakerWeights
from inference.training.networks.layers import dilated, folded, folded_residuals


@dataclass(frozen=True)
class SpeakerConfig:
    """Sizes of the speaker encoder; ``dilations`` has one entry for each residual layer."""

    channels: int = 128
    kernel: int = 3
    dilations: tuple[int, ...] = (1, 2, 3, 4)
    pooled: int = 192
    attention: int = 48
    embedding: int = 64


class SpeakerNetwork(nn.Module):
    """Features (B, 40, T) of active frames at 100 Hz → (B, embedding), not normalised."""

    def __init__(self, config: SpeakerConfig | None = None, dropout: float = 0.0) -> None:
        super().__init__()
        self.config = config = config or SpeakerConfig()
        self.stem = nn.Conv1d(MEL_BANDS, config.channels, 5, stride=2, padding=2)
        self.stem_norm = nn.BatchNorm1d(config.channels)
        self.layers = dilated(config.channels, config.kernel, config.dilations)
        self.norms = nn.ModuleList(nn.BatchNorm1d(config.channels) for _ in config.dilations)
        self.last = nn.Conv1d(config.channels, config.pooled, 1)
        self.last_norm = nn.BatchNorm1d(config.pooled)
        self.attention = nn.Conv1d(config.pooled, config.attention, 1)
        self.scores = nn.Conv1d(config.attention, config.pooled, 1)
        self.pooled_norm = nn.BatchNorm1d(2 * config.pooled)
        self.embedding = nn.Linear(2 * config.pooled, config.embedding)
        self.embedding_norm = nn.BatchNorm1d(config.embedding, affine=False)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: Tensor) -> Tensor:
        """See the class."""
        hidden = torch.relu(self.stem_norm(self.stem(features)))
        for layer, norm in zip(self.layers, self.norms, strict=True):
            hidden = hidden + torch.relu(norm(layer(hidden)))
        hidden = torch.relu(self.last_norm(self.last(hidden)))
        share = torch.softmax(self.scores(torch.tanh(self.attention(hidden))), dim=2)
        mean = (share * hidden).sum(dim=2)
        variance = (share * hidden**2).sum(dim=2) - mean**2
        pooled = torch.cat([mean, torch.sqrt(variance.clamp(min=1e-4))], dim=1)
        return self.embedding_norm(self.embedding(self.dropout(self.pooled_norm(pooled))))


class AngularMargin(nn.Module):
    """Cross entropy over the training speakers with an additive angular margin (ArcFace, Deng et al. 2019, arXiv 1801.07698).

    Args:
        size: of the embedding.
        speakers: how many.
        scale: what cosines are multiplied by.
    """

    def __init__(self, size: int, speakers: int, scale: float = 30.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(speakers, size) * 0.1)
        self.scale = scale

    def forward(self, embeddings: Tensor, speakers: Tensor, margin: float) -> tuple[Tensor, Tensor]:
        """Loss, and share of the batch whose speaker is named right.

        Args:
            embeddings: (B, size).
            speakers: (B,) indices.
            margin: radians added to the angle between an embedding and its own speaker.
        """
        cosine = functional.linear(functional.normalize(embeddings), functional.normalize(self.weight))
        own = cosine.gather(1, speakers[:, None]).clamp(-1 + 1e-6, 1 - 1e-6)
        # Beyond pi - margin the cosine would rise again.
        moved = torch.where(
            own > -np.cos(margin), torch.cos(torch.acos(own) + margin), own - margin * np.sin(margin)
        )
        scores = self.scale * cosine.scatter(1, speakers[:, None], moved)
        right = (cosine.argmax(dim=1) == speakers).float().mean()
        return functional.cross_entropy(scores, speakers), right


def export(network: SpeakerNetwork, population: Population, metadata: dict[str, Any]) -> SpeakerWeights:
    """The network as the weights file keeps it.

    Args:
        network: trained; its running statistics are folded in.
        population: the training speakers.
        metadata: at least ``name``, ``version`` and ``threshold``.
    """
    before: Any = network.pooled_norm
    scale = (before.weight / torch.sqrt(before.running_var + before.eps)).detach().double().numpy()
    shift = before.bias.detach().double().numpy() - before.running_mean.double().numpy() * scale
    after: Any = network.embedding_norm
    spread = np.sqrt(after.running_var.double().numpy() + after.eps)
    weight = network.embedding.weight.detach().double().numpy()
    bias = weight @ shift + network.embedding.bias.detach().double().numpy()
    embedding = Layer(
        ((weight * scale) / spread[:, None]).T[None].astype(np.float32),
        ((bias - after.running_mean.double().numpy()) / spread).astype(np.float32),
        activation="none",
    )
    return SpeakerWeights(
        frames=(
            folded(network.stem, network.stem_norm, stride=2),
            *folded_residuals(network.layers, network.norms),
            folded(network.last, network.last_norm),
        ),
        attention=(
            folded(network.attention, activation="tanh"),
            folded(network.scores, activation="none"),
        ),
        embedding=(embedding,),
        population=population,
        metadata=metadata,
    )
