"""The same weights on numpy (embedded) or torch (full engine): features in, arrays out."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np

from ...errors import EngineError
from ...packages import how_to_get
from ...paths import CHECKPOINTS
from ..background import background_lowered
from ..features import FEATURES, mel_power, normalise
from ..loudness import Levels
from ..tones import TONE_FEATURES, tones
from . import graphics
from .weights import STRIDE, Heard, Weights, load_weights

CONTENT_WEIGHTS = CHECKPOINTS / "content.npz"


class Backend(Protocol):
    """Runs the content network."""

    weights: Weights

    @property
    def model_id(self) -> str:
        """Name and version of the weights, for `FaceAnimation.source`."""

    def run(self, features: np.ndarray) -> Heard:
        """(T, 49) features at 100 Hz, with the tones after them where the weights hear any → ceil(T / 2) frames at 50 Hz."""

    def phones(self, features: np.ndarray) -> np.ndarray:
        """(T, 49) features → (ceil(T / 2), P) float32 posteriors, those of `run`, for half of its time."""

    def with_weights(self, weights: Weights) -> Backend:
        """The same backend and device with other weights."""


def hear(
    samples: np.ndarray, backend: Backend, power: np.ndarray | None = None, levels: Levels | None = None
) -> Heard:
    """What the content network hears in a recording.

    Args:
        samples: (N,) float32 at 16 kHz.
        backend: runs it.
        power, levels: the same recording's, where they are known.
    """
    power = mel_power(samples) if power is None else power
    levels = levels or Levels(power)
    features = foreground_features(power, levels, TONE_FEATURES if backend.weights.hears_tones else 0)
    if backend.weights.hears_tones:
        told = tones(samples)
        for offset in range(STRIDE):  # each frame of the tones is as long as so many features
            here = features[offset::STRIDE, FEATURES:]
            here[:] = told[: len(here)]
    return backend.run(features)


def foreground_features(power: np.ndarray, levels: Levels, beside: int = 0) -> np.ndarray:
    """(T, 49) float32 features of whoever speaks in the foreground, what else sounds there being lowered.

    Args:
        power: (T, 40) of `features.mel_power`.
        levels: of the same power.
        beside: further columns that are left to the caller.
    """
    foreground = background_lowered(power, levels)
    return normalise(foreground, levels if foreground is power else Levels(foreground), beside)


def available_backends() -> list[str]:
    """The backends that this Python can run."""
    return ["numpy", "torch"] if find_spec("torch") else ["numpy"]


@lru_cache(maxsize=1)
def available_devices() -> list[str]:
    """The devices that this Python can run on; torch is asked only where a graphics driver is."""
    if find_spec("torch") and graphics.may_be_there():
        import torch

        if torch.cuda.is_available():
            return ["cpu", "cuda"]
    return ["cpu"]


def device_named(name: str) -> str:
    """What a network runs on: ``cpu`` or ``cuda``.

    Args:
        name: that, or ``auto`` for CUDA where it is there.

    Raises:
        EngineError: there is no such device (code ``backend_unavailable``).
    """
    cuda = "cuda" in available_devices()
    if name == "cuda" and not cuda:
        raise EngineError(
            "CUDA needs an NVIDIA card and a torch for it: choose the device cpu.", "backend_unavailable"
        )
    return "cuda" if cuda and name != "cpu" else "cpu"


def load_backend(name: str = "auto", device: str = "auto", weights: Path = CONTENT_WEIGHTS) -> Backend:
    """Load the content network.

    Args:
        name: ``numpy``, ``torch``, or ``auto``: torch only where there is a CUDA device, since the network is small.
        device: ``cpu``, ``cuda`` or ``auto``; only torch knows other devices than the CPU.
        weights: the ``.npz`` file.

    Raises:
        EngineError: the backend or device is not there (code ``backend_unavailable``), or the weights cannot be
            read (code ``bad_weights``).
    """
    if name not in ("auto", "numpy", "torch") or device not in ("auto", "cpu", "cuda"):
        raise EngineError(
            f"There is no backend {name!r} on {device!r}: choose numpy or torch.", "backend_unavailable"
        )
    if device == "cuda" and (name == "numpy" or "cuda" not in available_devices()):
        raise EngineError(
            "CUDA needs the full engine, its backend torch and an NVIDIA card: choose the device cpu"
            + ("." if "torch" in available_backends() else f", or {how_to_get()}."),
            "backend_unavailable",
        )
    if name == "auto":
        name = "torch" if device != "cpu" and "cuda" in available_devices() else "numpy"
    if name == "numpy":
        from .numpy_backend import NumpyBackend

        return NumpyBackend(load_weights(weights))
    if "torch" not in available_backends():
        raise EngineError(
            f"The torch backend needs the full engine: choose the backend numpy, or {how_to_get()}.",
            "backend_unavailable",
        )
    from .torch_backend import TorchBackend

    return TorchBackend(
        load_weights(weights), "cuda" if device != "cpu" and "cuda" in available_devices() else "cpu"
    )
