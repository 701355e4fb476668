"""style_avatar's StyleFusionModel for inference, to the published names and shapes: letters and a style → an expression.

Written from the description of the architecture (Wu et al., *Imitating Arbitrary Talking Style for Realistic Audio-Driven Talking
Face Synthesis*, ACM MM 2021). Module names are the keys of the published state dictionary (``backbone.pkl``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from .files import read_weights
from .networks import device_of, load_into
from .style_avatar_files import CODE_SIZE, COEFFICIENTS, LETTERS

SYSTEM: Final = "style_avatar"
FRAME_RATE: Final = 25.0
_HEARD, _AROUND = 80, 8
"""Rows of sound, 50 a second, that one window hears, and those of them before and after its frames."""
_FRAMES, _STEP = 32, 8
_ENERGY_WINDOW, _ENERGY_STEP = 512, 320  # samples
_BATCH: Final = 256


def _front(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv1d(inputs, outputs, 3, padding=1),
        nn.BatchNorm1d(outputs),
        nn.ReLU(),
        nn.Conv1d(outputs, outputs, 3, padding=1),
    )


class _Block(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.shortcut_layer: nn.Module = nn.MaxPool1d(1, stride)
        if inputs != outputs:
            self.shortcut_layer = nn.Sequential(
                nn.Conv1d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm1d(outputs)
            )
        self.res_layer = nn.Sequential(
            nn.BatchNorm1d(inputs),
            nn.Conv1d(inputs, outputs, 3, padding=1, bias=False),
            nn.PReLU(outputs),
            nn.Conv1d(outputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm1d(outputs),
        )

    def forward(self, values: Tensor) -> Tensor:
        """(B, inputs, T) → (B, outputs, T / stride)."""
        return self.res_layer(values) + self.shortcut_layer(values)


class StyleFusionModel(nn.Module):
    """Letters, loudness and style → coefficients of the expression."""

    def __init__(self) -> None:
        super().__init__()
        self.audio_layer = _front(LETTERS, 48)
        self.energy_layer = _front(1, 16)
        halved = [(64, 64, 3), (64, 128, 4), (128, 256, 14)]
        self.backbone1 = nn.Sequential(
            *(
                _Block(inputs if place == 0 else outputs, outputs, 2 if place == 0 else 1)
                for inputs, outputs, count in halved
                for place in range(count)
            )
        )
        # The published numbers: block 21 of the network that they were cut from is not in it.
        self.backbone2 = nn.ModuleDict({"22": _Block(512, 512, 1), "23": _Block(512, 512, 1)})
        self.out_layer = nn.Sequential(
            nn.Upsample(_FRAMES, mode="linear"), nn.BatchNorm1d(512), nn.Conv1d(512, 64, 3, padding=1, bias=False),
            nn.PReLU(64), nn.Conv1d(64, COEFFICIENTS, 3, padding=1, bias=False),
        )  # fmt: skip
        self.exp_sty_layer = nn.Sequential(nn.Linear(CODE_SIZE, 64), nn.ReLU(), nn.Linear(64, 256))

    def forward(self, letters: Tensor, energy: Tensor, code: Tensor) -> Tensor:
        """(B, 29, 80), (B, 1, 80) and a (135,) style code → (B, 64, 32)."""
        heard = self.backbone1(torch.cat([self.audio_layer(letters), self.energy_layer(energy)], dim=1))
        style = self.exp_sty_layer(code)[None, :, None].expand(len(heard), -1, heard.shape[2])
        values = torch.cat([heard, style], dim=1)
        for block in self.backbone2.values():
            values = block(values)
        return self.out_layer(values)


def load(path: Path, device: str = "cpu") -> StyleFusionModel:
    """The network with a file's weights. Raises EngineError where they are missing or damaged (code ``bad_weights``)."""
    network = StyleFusionModel()
    load_into(network, read_weights(path, "state_dict", SYSTEM), path, SYSTEM)
    return network.to(device_of(device))


def loudness(samples: np.ndarray) -> np.ndarray:
    """(N,) float32 at 16 kHz → (L, 1) float32, 50 a second: root mean square of 32 ms each."""
    padded = np.pad(np.asarray(samples, np.float64), (0, max(_ENERGY_WINDOW - len(samples), 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _ENERGY_WINDOW)[::_ENERGY_STEP]
    return np.sqrt(np.mean(windows**2, axis=1, keepdims=True)).astype(np.float32)


def starts(frames: int) -> np.ndarray:
    """First frame of each window of 32 frames; as published, the last window may come several times."""
    return np.minimum(np.arange(0, frames, _STEP), max(frames - _FRAMES, 0))


def windowed(rows: np.ndarray, first: np.ndarray) -> np.ndarray:
    """(L, C) at 50 a second → (W, C, 80): what each window hears; the first and the last row stand in for what is missing."""
    places = 2 * first[:, None] - _AROUND + np.arange(_HEARD)
    return np.ascontiguousarray(rows[np.clip(places, 0, len(rows) - 1)].transpose(0, 2, 1), np.float32)


@torch.inference_mode()
def coefficients(
    network: StyleFusionModel, letters: np.ndarray, samples: np.ndarray, code: np.ndarray
) -> np.ndarray:
    """The expression of one recording.

    Args:
        network: of `load`.
        letters: (L, 29) of `style_avatar_files.read_letters`, 50 a second.
        samples: (N,) float32 at 16 kHz.
        code: (135,) of `style_avatar_files.read_code`.

    Returns:
        (L // 2, 64) float32, at least one row, 25 a second: the mean of all windows that see a frame.
    """
    frames = max(len(letters) // 2, 1)
    first = starts(frames)
    device = next(network.parameters()).device
    heard = [torch.from_numpy(windowed(rows, first)) for rows in (letters, loudness(samples))]
    style = torch.from_numpy(np.asarray(code, np.float32)).to(device)
    said = np.concatenate(
        [
            network(*(part.to(device) for part in parts), style).cpu().numpy()
            for parts in zip(*(rows.split(_BATCH) for rows in heard))
        ]
    )
    total = np.zeros((max(frames, _FRAMES), COEFFICIENTS), np.float32)
    seen = np.zeros((len(total), 1), np.float32)
    for place, window in zip(first, said):
        total[place : place + _FRAMES] += window.T
        seen[place : place + _FRAMES] += 1
    return (total / seen)[:frames]
