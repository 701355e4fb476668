"""MakeItTalk's three networks for inference, to the published names and shapes.

Written from the description of the architecture (Zhou et al., *MakeItTalk*, ACM TOG 39(6), 2020; Qian et al., *F0-consistent
many-to-many non-parallel voice conversion via conditional autoencoder*, ICASSP 2020). Module names are the keys of the
published state dictionaries, and only parts that inference uses exist here: a checkpoint may hold more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from ..errors import EngineError
from ..hearing.backends import device_named

WINDOW = 18
"""Mel frames that one output frame sees: its own and the 17 that follow."""
SEGMENT = 512
"""Frames that the speaker-aware branch sees at a time; its table of positions ends there."""
CODE_STEP = 16
"""Frames that share one code of AutoVC."""
PITCH_CLASSES = 257

_MEL, _HIDDEN, _FACE, _SPEAKER, _NOISE, _MODEL = 80, 256, 204, 128, 128, 64
_NECK, _WIDE, _GROUPS = 16, 512, 32


class ContentBranch(nn.Module):
    """What is said → displacement of the 68 points (checkpoint entry ``model_g_face_id``)."""

    def __init__(self) -> None:
        super().__init__()
        self.fc_prior = nn.Sequential(
            nn.Linear(_MEL, 256), nn.BatchNorm1d(256), nn.LeakyReLU(0.2), nn.Linear(256, 161)
        )
        # The published name; it runs one way only.
        self.bilstm = nn.LSTM(161, _HIDDEN, 3, batch_first=True)
        self.fc = nn.Sequential(
            nn.Linear(_HIDDEN + _FACE, 512), nn.BatchNorm1d(512), nn.LeakyReLU(0.2),
            nn.Linear(512, 256), nn.BatchNorm1d(256), nn.LeakyReLU(0.2), nn.Linear(256, _FACE),
        )  # fmt: skip

    def forward(self, windows: Tensor, face: Tensor) -> Tensor:
        """(N, 18, 80) normalised mel and a (204,) face → (N, 204) displacement, x0 y0 z0 x1 …"""
        count, length, bands = windows.shape
        prior = self.fc_prior(windows.reshape(count * length, bands)).reshape(count, length, -1)
        heard = self.bilstm(prior)[0][:, -1]
        return self.fc(torch.cat([heard, face.expand(count, -1)], dim=1))


def position_table(length: int = SEGMENT, width: int = _MODEL) -> Tensor:
    """(1, length, width) positions as MakeItTalk encodes them, for a checkpoint that lacks the table.

    Not the usual sinusoid: slot i (even) is ``sin(p / 10000^(2i/d))`` and slot i + 1 ``cos(p / 10000^(2(i+1)/d))``.
    """
    place = torch.arange(length, dtype=torch.float64)[:, None]
    slot = torch.arange(width, dtype=torch.float64)
    angle = place / 10000 ** (2 * slot / width)
    return torch.where(slot % 2 == 0, torch.sin(angle), torch.cos(angle)).float()[None]


class Positions(nn.Module):
    """Holds the table of positions under its published name."""

    pe: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("pe", position_table())

    def forward(self, values: Tensor) -> Tensor:
        """(B, T ≤ 512, 64) → the same, enlarged by the root of its width, plus positions."""
        return values * math.sqrt(values.shape[-1]) + self.pe[:, : values.shape[1]]


class Norm(nn.Module):
    """``α (x − mean) / (std + ε) + β``: unbiased deviation, ε outside of the root, so no layer norm."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, values: Tensor) -> Tensor:
        """(..., width) → the same."""
        deviation = values.std(dim=-1, keepdim=True, unbiased=True)
        return self.alpha * (values - values.mean(dim=-1, keepdim=True)) / (deviation + 1e-6) + self.bias


class Attention(nn.Module):
    """Self-attention with two heads (Vaswani et al., *Attention is all you need*, 2017)."""

    heads = 2

    def __init__(self, width: int) -> None:
        super().__init__()
        self.q_linear, self.v_linear, self.k_linear, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, values: Tensor) -> Tensor:
        """(B, T, width) → the same."""
        query, key, value = (
            part(values).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in (self.q_linear, self.k_linear, self.v_linear)
        )
        attended = functional.scaled_dot_product_attention(query, key, value)
        return self.out(attended.transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    """Two layers with a rectifier between."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear_1 = nn.Linear(width, 2048)
        self.linear_2 = nn.Linear(2048, width)

    def forward(self, values: Tensor) -> Tensor:
        """(..., width) → the same."""
        return self.linear_2(torch.relu(self.linear_1(values)))


class EncoderLayer(nn.Module):
    """Attention and feed-forward, each normalised before and added after."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm_1, self.norm_2 = Norm(width), Norm(width)
        self.attn = Attention(width)
        self.ff = FeedForward(width)

    def forward(self, values: Tensor) -> Tensor:
        """(B, T, width) → the same."""
        values = values + self.attn(self.norm_1(values))
        return values + self.ff(self.norm_2(values))


class Encoder(nn.Module):
    """Transformer encoder over one segment."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.ModuleDict({"embed": nn.Linear(_HIDDEN + _SPEAKER + _NOISE, _MODEL)})
        self.pe = Positions()
        self.layers = nn.ModuleList(EncoderLayer(_MODEL) for _ in range(2))
        self.norm = Norm(_MODEL)

    def forward(self, values: Tensor) -> Tensor:
        """(B, T ≤ 512, 512) → (B, T, 64)."""
        values = self.pe(self.embed["embed"](values))
        for layer in self.layers:
            values = layer(values)
        return self.norm(values)


class SpeakerBranch(nn.Module):
    """How this speaker moves → displacement of the 68 points, head motion included (checkpoint entry ``G``)."""

    def __init__(self) -> None:
        super().__init__()
        self.audio_content_encoder = nn.LSTM(_MEL, _HIDDEN, 3, batch_first=True)
        self.spk_emb_encoder = nn.Sequential(
            nn.Linear(256, 256), nn.LeakyReLU(0.02), nn.Linear(256, 128), nn.LeakyReLU(0.02), nn.Linear(128, _SPEAKER)
        )  # fmt: skip
        self.encoder = Encoder()
        self.out = nn.Sequential(
            nn.Linear(_MODEL + _NOISE, 512), nn.LeakyReLU(0.02), nn.Linear(512, 256), nn.LeakyReLU(0.02),
            nn.Linear(256, _FACE),
        )  # fmt: skip

    def hear(self, windows: Tensor) -> Tensor:
        """(N, 18, 80) normalised mel → (N, 256): what depends on each window alone."""
        return self.audio_content_encoder(windows)[0][:, -1]

    def forward(self, heard: Tensor, speaker: Tensor) -> Tensor:
        """One segment.

        Args:
            heard: (T ≤ 512, 256) of `hear`.
            speaker: (256,) embedding, times the published factor of 3.

        Returns:
            (T, 204) displacement, x0 y0 z0 x1 …
        """
        manner = self.spk_emb_encoder(speaker[None]).expand(len(heard), -1)
        noise = heard.new_zeros(len(heard), _NOISE)  # zeros at inference
        encoded = self.encoder(torch.cat([heard, manner, noise], dim=1)[None])[0]
        return self.out(torch.cat([encoded, noise], dim=1))


class _Convolution(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(inputs, outputs, 5, padding=2)

    def forward(self, values: Tensor) -> Tensor:
        return self.conv(values)


def _convolution(inputs: int, outputs: int, groups: int = _GROUPS) -> nn.Sequential:
    return nn.Sequential(_Convolution(inputs, outputs), nn.GroupNorm(groups, outputs))


class VoiceEncoder(nn.Module):
    """AutoVC's encoder: what is said, squeezed through a bottleneck that the voice does not fit through."""

    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            _convolution(_MEL + 256 if layer == 0 else _WIDE, _WIDE) for layer in range(3)
        )
        self.lstm = nn.LSTM(_WIDE, _NECK, 2, batch_first=True, bidirectional=True)

    def forward(self, values: Tensor) -> Tensor:
        """(B, 336, T) with T a multiple of 16 → (B, T, 32), the same code for each run of 16 frames."""
        for layer in self.convolutions:
            values = torch.relu(layer(values))
        states = self.lstm(values.transpose(1, 2))[0]
        forward, backward = states[..., :_NECK], states[..., _NECK:]
        codes = torch.cat([forward[:, CODE_STEP - 1 :: CODE_STEP], backward[:, ::CODE_STEP]], dim=-1)
        return codes.repeat_interleave(CODE_STEP, dim=1)


class VoiceDecoder(nn.Module):
    """AutoVC's decoder: codes, voice and pitch → mel."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(2 * _NECK + 256 + PITCH_CLASSES, _WIDE, 3, batch_first=True)
        self.linear_projection = nn.ModuleDict({"linear_layer": nn.Linear(_WIDE, _MEL)})

    def forward(self, values: Tensor) -> Tensor:
        """(B, T, 545) → (B, T, 80)."""
        return self.linear_projection["linear_layer"](self.lstm(values)[0])


class Postnet(nn.Module):
    """AutoVC's correction of the decoded mel."""

    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            [_convolution(_MEL, _WIDE), *(_convolution(_WIDE, _WIDE) for _ in range(3)), _convolution(_WIDE, _MEL, 5)]
        )  # fmt: skip

    def forward(self, values: Tensor) -> Tensor:
        """(B, 80, T) → the same."""
        for layer in self.convolutions[:-1]:
            values = torch.tanh(layer(values))
        return self.convolutions[-1](values)


class VoiceConverter(nn.Module):
    """AutoVC with pitch: the same words in another voice (checkpoint entry ``model``)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = VoiceEncoder()
        self.decoder = VoiceDecoder()
        self.postnet = Postnet()

    def forward(self, mel: Tensor, source: Tensor, target: Tensor, pitch: Tensor) -> Tensor:
        """Convert.

        Args:
            mel: (B, T, 80), T a multiple of 16.
            source, target: (B, 256) speaker embeddings.
            pitch: (B, T, 257) one-hot classes.

        Returns:
            (B, T, 80) mel in the target's voice.
        """
        length = mel.shape[1]
        codes = self.encoder(
            torch.cat([mel.transpose(1, 2), source[..., None].expand(-1, -1, length)], dim=1)
        )
        decoded = self.decoder(torch.cat([codes, target[:, None].expand(-1, length, -1), pitch], dim=-1))
        return decoded + self.postnet(decoded.transpose(1, 2)).transpose(1, 2)


def device_of(name: str) -> torch.device:
    """What published networks run on.

    Args:
        name: ``auto``, ``cpu`` or ``cuda``.

    Raises:
        EngineError: there is no such device (code ``backend_unavailable``).
    """
    return torch.device(device_named(name))


# Buffers that inference does without: a file that lacks them is still whole.
_OPTIONAL = ("num_batches_tracked", "encoder.pe.pe")


def load_into(
    network: nn.Module, weights: Mapping[str, np.ndarray], path: Path, system: str = "MakeItTalk"
) -> None:
    """Fill a network with a file's weights and set it to inference.

    Keys that the network does not know (an unused decoder, layers that the authors dropped) are left alone.

    Args:
        network: changed in place.
        weights: arrays by key.
        path: where they come from, for messages.
        system: whose they are, for messages.

    Raises:
        EngineError: a weight is missing, has another shape or is not finite (code ``bad_weights``).
    """
    state = network.state_dict()
    for name, place in state.items():
        if name not in weights:
            if name.endswith(_OPTIONAL):
                continue
            raise EngineError(f"{path} lacks the weight {name}: download it again.", "bad_weights")
        values = weights[name]
        if values.shape != tuple(place.shape):
            raise EngineError(
                f"{path} holds {name} with the shape {values.shape} instead of {tuple(place.shape)}: it belongs to another "
                f"version of {system}.",
                "bad_weights",
            )
        if not np.isfinite(values).all():
            raise EngineError(f"{path} holds invalid numbers in {name}: download it again.", "bad_weights")
        state[name] = torch.from_numpy(np.array(values)).to(place.dtype)
    network.load_state_dict(state, strict=True)
    network.eval().requires_grad_(requires_grad=False)
