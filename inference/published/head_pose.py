"""The head of *Audio-driven Talking Face Video Generation with Learning-based Personalized Head Pose* (Yi et al. 2020).

Its network ATC_net turns sound into 64 coefficients of a face model's expression, which is left out here, and six numbers that
need no face model: three angles and three distances of the head. Written from the description of the architecture; module names
are the keys of the published state dictionary (``atcnet_lstm_general.pth``, or one that was tuned to a person).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from .cepstra import COEFFICIENTS, ROWS
from .files import read_weights
from .networks import load_into

SYSTEM: Final = "Audio-driven-TalkingFace-HeadPose"
FRAME_RATE: Final = 25.0
_EXPRESSION: Final = 64
_EYE_DISTANCE: Final = 0.9
"""Outer eye corners in the face model's unit, 10 cm: Paysan et al., *A 3D face model for pose and illumination invariant face
recognition* (AVSS 2009), whose mean face it is."""
_BATCH: Final = 256


def _block(inputs: int, outputs: int) -> nn.Sequential:
    """Without a bias, which its file does not hold."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class AudioToHead(nn.Module):
    """ATC_net: cepstra around each frame → 64 coefficients, three angles, three distances."""

    def __init__(self) -> None:
        super().__init__()
        # The published spelling.
        self.audio_eocder = nn.Sequential(
            _block(1, 64), _block(64, 128), nn.MaxPool2d(3, (1, 2)),
            _block(128, 256), _block(256, 256), _block(256, 512), nn.MaxPool2d(3, (2, 2)),
        )  # fmt: skip
        self.audio_eocder_fc = nn.Sequential(
            nn.Linear(512 * 12 * 2, 2048), nn.ReLU(), nn.Linear(2048, 256), nn.ReLU()
        )
        self.lstm = nn.LSTM(256, 256, 3, batch_first=True)
        self.lstm_fc = nn.Sequential(nn.Linear(256, _EXPRESSION + 6))

    def forward(self, windows: Tensor) -> Tensor:
        """(T, 28, 12) cepstra → (T, 70); the frames are one recording."""
        heard = torch.cat([self._heard(part) for part in windows.split(_BATCH)])
        return self.lstm_fc(self.lstm(heard[None])[0])[0]

    def _heard(self, windows: Tensor) -> Tensor:
        return self.audio_eocder_fc(self.audio_eocder(windows[:, None]).flatten(1))


def load(path: Path) -> AudioToHead:
    """The network with a file's weights. Raises EngineError where they are missing or damaged (code ``bad_weights``)."""
    network = AudioToHead()
    load_into(network, read_weights(path, "state_dict", SYSTEM), path, SYSTEM)
    return network


def head_motion(network: AudioToHead, windows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The head of one recording, around where it is on average.

    Args:
        network: of `load`.
        windows: (T, 28, 12) float32 of `cepstra.windows`.

    Returns:
        (T, 3) float32 radians and (T, 3) float32 in face units: head rotation and translation as in `FaceAnimation`, whose axes
        are the face model's: x to the picture's right, y up, z to the viewer, angles about x, then y, then z.
    """
    if windows.shape[1:] != (ROWS, COEFFICIENTS):
        raise ValueError(f"windows must be (T, {ROWS}, {COEFFICIENTS}), not {windows.shape}")
    with torch.inference_mode():
        said = network(torch.from_numpy(windows)).numpy()
    pose = said[:, _EXPRESSION:] - said[:, _EXPRESSION:].mean(axis=0)
    return pose[:, :3].astype(np.float32), (pose[:, 3:] / _EYE_DISTANCE).astype(np.float32)
