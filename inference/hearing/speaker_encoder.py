"""Who may be speaking: the speaker encoder in numpy alone, and Resemblyzer's where it is installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..errors import EngineError
from ..paths import CHECKPOINTS
from .backends.numpy_backend import apply_layer
from .backends.weights import Layer, read_layers, write_layers
from .features import levels
from .population import Population

SPEAKER_WEIGHTS = CHECKPOINTS / "speaker.npz"
PARTS = ("frames", "attention", "embedding")

_ACTIVE = -30.0  # dB beside the speech level: pauses say nothing of a speaker
_FLOOR = 1e-6  # of the speech level's power: -60 dB
_CHUNK = 400  # active frames (4 s) embedded at a time: about what a training step hears
_TINY_VARIANCE = 1e-4


class SpeakerEncoder(Protocol):
    """Turns a voice into a vector of unit norm."""

    @property
    def model_id(self) -> str:
        """Name and version: only embeddings with the same can be compared."""

    @property
    def threshold(self) -> float:
        """Cosine from which on two embeddings are taken for one speaker's."""

    @property
    def population(self) -> Population:
        """The training speakers' prosody."""

    def embed(self, power: Sequence[np.ndarray], sounds: Sequence[np.ndarray]) -> np.ndarray:
        """Passages of one speaker → (D,) float32, unit norm.

        Args:
            power: (T, 40) mel power of each, as `features.mel_power` gives it.
            sounds: (N,) samples of each at 16 kHz.
        """


@dataclass(frozen=True)
class SpeakerWeights:
    """The speaker encoder.

    Attributes:
        frames: layers from (T, 40) features to (T / 2, C) what is pooled.
        attention: layers from that to (T / 2, C) scores, whose softmax over time weighs it.
        embedding: layers from the (2 C) weighted means and standard deviations to the embedding, before it is normalised.
        population: the training speakers' prosody.
        metadata: model id, version, ``threshold``, corpora, figures.
    """

    frames: tuple[Layer, ...]
    attention: tuple[Layer, ...]
    embedding: tuple[Layer, ...]
    population: Population
    metadata: dict[str, Any]


def save_speaker_weights(path: Path, weights: SpeakerWeights) -> None:
    """Write the file, half precision, without pickle."""
    parts = {"frames": weights.frames, "attention": weights.attention, "embedding": weights.embedding}
    write_layers(path, parts, {**weights.metadata, "population": weights.population.as_json()})


def load_speaker_weights(path: Path) -> SpeakerWeights:
    """Read the file.

    Raises:
        EngineError: missing, damaged, another network's or of a newer format (code ``bad_weights``).
    """
    parts, metadata, _ = read_layers(path, PARTS)
    try:
        float(metadata["threshold"])
        population = Population.from_json(metadata.pop("population"))
    except (KeyError, TypeError, ValueError) as error:
        raise EngineError(f"The model {path} is damaged: install the add-on again.", "bad_weights") from error
    return SpeakerWeights(parts["frames"], parts["attention"], parts["embedding"], population, metadata)


def speaker_features(power: np.ndarray) -> np.ndarray:
    """(T, 40) mel power → (S, 40) float32 of the S frames in which somebody speaks, about −2.7 … 2.

    dB relative to the recording's speech level, so that gain does not matter. Unlike `features.normalise` this keeps the
    colour of the voice, and of the microphone with it: that the latter says nothing is learned from disturbed speech.
    """
    level, reference = levels(power)
    relative = power[level > _ACTIVE] * np.float32(10 ** (-reference / 10))
    return ((10 * np.log10(relative + _FLOOR) + 25) / 13).astype(np.float32)


class NumpySpeakerEncoder:
    """Runs everywhere. See `SpeakerEncoder`."""

    def __init__(self, weights: SpeakerWeights) -> None:
        self.weights = weights

    @property
    def model_id(self) -> str:
        """See `SpeakerEncoder`."""
        return f"{self.weights.metadata['name']}-{self.weights.metadata['version']}"

    @property
    def threshold(self) -> float:
        """See `SpeakerEncoder`."""
        return float(self.weights.metadata["threshold"])

    @property
    def population(self) -> Population:
        """See `SpeakerEncoder`."""
        return self.weights.population

    def embed(self, power: Sequence[np.ndarray], sounds: Sequence[np.ndarray] = ()) -> np.ndarray:
        """See `SpeakerEncoder`; the sounds are not needed."""
        return self.embed_features(speaker_features(np.concatenate(list(power))))

    def embed_features(self, features: np.ndarray) -> np.ndarray:
        """(S, 40) of `speaker_features`, S ≥ 0 → (D,) unit norm: the mean of the embeddings of pieces of about 4 s."""
        if len(features) == 0:
            features = np.zeros((1, len(self.weights.frames[0].weight[0])), np.float32)
        total = np.zeros(self.weights.embedding[-1].weight.shape[2], np.float32)
        for piece in np.array_split(features, max(1, round(len(features) / _CHUNK))):
            total += unit(self.forward(piece))
        return unit(total)

    def forward(self, features: np.ndarray) -> np.ndarray:
        """(T, 40) → (D,) as the network gives it, not normalised."""
        hidden = features
        for layer in self.weights.frames:
            hidden = apply_layer(layer, hidden)
        scores = hidden
        for layer in self.weights.attention:
            scores = apply_layer(layer, scores)
        share = np.exp(scores - scores.max(axis=0))
        share /= share.sum(axis=0)
        mean = (share * hidden).sum(axis=0)
        variance = (share * hidden**2).sum(axis=0) - mean**2
        pooled = np.concatenate([mean, np.sqrt(np.maximum(variance, _TINY_VARIANCE))])[None]
        for layer in self.weights.embedding:
            pooled = apply_layer(layer, pooled)
        return pooled[0]


class ResemblyzerEncoder:
    """Resemblyzer's encoder (Wan et al. 2018, GE2E), where its package is installed. See `SpeakerEncoder`.

    Its weights lie inside its package. The population is that of the encoder that ships.

    Raises:
        EngineError: the package is not installed (code ``backend_unavailable``).
    """

    model_id = "resemblyzer-0.1"
    threshold = 0.84
    """At equal error between the validation speakers, means of three utterances, see checkpoints/speaker.md."""

    def __init__(self, population: Population) -> None:
        try:
            from resemblyzer import VoiceEncoder
        except ImportError:
            raise EngineError(
                "Resemblyzer is not installed: pip install resemblyzer, or use the speaker encoder that ships.",
                "backend_unavailable",
            ) from None
        self._encoder = VoiceEncoder("cpu", verbose=False)
        self.population = population

    def embed(self, power: Sequence[np.ndarray], sounds: Sequence[np.ndarray]) -> np.ndarray:
        """See `SpeakerEncoder`."""
        from resemblyzer import preprocess_wav

        sound = np.concatenate(list(sounds))
        speech = preprocess_wav(sound)
        return unit(self._encoder.embed_utterance(speech if len(speech) else sound).astype(np.float32))


def load_speaker_encoder(name: str = "speaker", path: Path = SPEAKER_WEIGHTS) -> SpeakerEncoder:
    """Load what recognises voices; the same file is read once.

    Args:
        name: ``speaker``, which ships, or ``resemblyzer``.
        path: the ``.npz`` of the former, whose population both need.

    Raises:
        EngineError: no such encoder, or not installed (code ``backend_unavailable``); weights that cannot be read (code
            ``bad_weights``).
    """
    if name not in ("speaker", "resemblyzer"):
        raise EngineError(
            f"There is no speaker encoder {name!r}: choose speaker or resemblyzer.", "backend_unavailable"
        )
    encoder = _shipped(path)
    return encoder if name == "speaker" else ResemblyzerEncoder(encoder.population)


@lru_cache(maxsize=2)
def _shipped(path: Path) -> NumpySpeakerEncoder:
    return NumpySpeakerEncoder(load_speaker_weights(path))


def unit(vector: np.ndarray) -> np.ndarray:
    """(D,) brought to unit norm; zeros become the first axis, so that the norm is always 1."""
    norm = float(np.linalg.norm(vector))
    if norm > 0:
        return (vector / norm).astype(np.float32)
    result = np.zeros(len(vector), np.float32)
    result[0] = 1
    return result
