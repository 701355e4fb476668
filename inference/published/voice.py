"""Resemblyzer's speaker encoder: a voice as 256 numbers (Wan et al., *Generalized end-to-end loss*, ICASSP 2018).

Only its weights are used, from its package (``pip install --no-deps Resemblyzer``) or from beside MakeItTalk's files; the
package's code and what that depends on are not needed. Where it cuts silence away with WebRTC's detector, the level decides
here.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ..hearing.audio import SAMPLE_RATE
from ..hearing.features import HOP as LEVEL_HOP
from ..hearing.features import levels, mel_power
from .files import EMBEDDING_SIZE, VOICES, has, read_weights
from .frontend import slaney_filters
from .networks import load_into

_BANDS, _WINDOW, _HOP = 40, 400, 160  # 25 ms every 10 ms
_PART = 160  # frames that the network hears at a time
_STEP = 50  # frames between two parts: 2 a second, as MakeItTalk has it
_COVERED = 0.75  # share of the last part that must be sound
_QUIET = 10 ** (-30 / 20)  # root mean square that quieter recordings are raised to
_SPEECH = -35.0  # dB beside the speech level
_AROUND = 10  # frames kept on either side of speech
_CHUNK = 60 * SAMPLE_RATE
_BATCH = 128


class VoiceEmbedder(nn.Module):
    """Mel power (B, 160, 40) → (B, 256) of unit length; none is negative."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(_BANDS, 256, 3, batch_first=True)
        self.linear = nn.Linear(256, EMBEDDING_SIZE)

    def forward(self, mel: Tensor) -> Tensor:
        """See the class."""
        values = torch.relu(self.linear(self.lstm(mel)[1][0][-1]))
        return values / values.norm(dim=1, keepdim=True).clamp_min(1e-9)


def voice_network(folder: Path) -> VoiceEmbedder | None:
    """Resemblyzer's network from that folder or its installed package; None where it is in neither.

    Raises:
        EngineError: a damaged file (code ``bad_weights``).
    """
    package = find_spec("resemblyzer")
    places = [folder, *map(Path, (package.submodule_search_locations or []) if package else [])]
    path = next((place / VOICES.name for place in places if has(place, VOICES)), None)
    if path is None:
        return None
    network = VoiceEmbedder()
    load_into(network, read_weights(path, "model_state"), path)
    return network


def embed(samples: np.ndarray, network: VoiceEmbedder) -> np.ndarray:
    """(N,) samples at 16 kHz → (256,) float32: the mean over parts of at most a minute.

    Published, what is left after the last whole minute is not heard; here the parts are equally long and all are.
    """
    heard = _speech(samples)
    parts = np.array_split(heard, -(-len(heard) // _CHUNK))
    return np.mean([embed_part(part, network) for part in parts], axis=0).astype(np.float32)


@torch.inference_mode()
def embed_part(samples: np.ndarray, network: VoiceEmbedder) -> np.ndarray:
    """(N,) samples without silence → (256,) of unit length: the mean over windows of 1.6 s, two a second."""
    frames = int(np.ceil((len(samples) + 1) / _HOP))
    starts = np.arange(0, max(1, frames - _PART + _STEP + 1), _STEP)
    if len(starts) > 1 and (len(samples) / _HOP - starts[-1]) / _PART < _COVERED:
        starts = starts[:-1]
    missing = int(starts[-1] + _PART) * _HOP - len(samples)
    mel = _mel(np.pad(samples, (0, max(missing, 0))))
    windows = np.lib.stride_tricks.sliding_window_view(mel, _PART, axis=0)[starts].transpose(0, 2, 1)
    embedded = [
        network(torch.from_numpy(np.ascontiguousarray(windows[first : first + _BATCH]))).numpy()
        for first in range(0, len(windows), _BATCH)
    ]
    mean = np.concatenate(embedded).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9))


def _speech(samples: np.ndarray) -> np.ndarray:
    """The recording without its long silences, raised to -30 dB if it is quieter; as it is where nothing else is left."""
    root = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
    loud = samples * np.float32(max(_QUIET / root, 1.0)) if root > 1e-7 else samples
    level, _ = levels(mel_power(samples))
    near = np.convolve(level > _SPEECH, np.ones(2 * _AROUND + 1), "same") > 0
    kept = loud[np.repeat(near, LEVEL_HOP)[: len(loud)]]
    return kept if len(kept) > SAMPLE_RATE // 2 else loud


def _mel(samples: np.ndarray) -> np.ndarray:
    """(N,) → (N // 160 + 1, 40) float32 mel power; Slaney's filters up to 8 kHz."""
    filters = slaney_filters(_WINDOW, _BANDS, 0.0, SAMPLE_RATE / 2)
    window = np.hanning(_WINDOW + 1)[:-1].astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(np.pad(samples, _WINDOW // 2), _WINDOW)[::_HOP]
    spectra = np.fft.rfft(frames * window, axis=1)
    return ((spectra.real**2 + spectra.imag**2) @ filters).astype(np.float32)
