"""The weights file: a chain of convolutions, batch normalisation folded in, read without pickle."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import numpy as np

from ...errors import EngineError
from ...face.array_files import Arrays, read_arrays
from ...face.errors import Damaged
from ...face.json_text import json_object
from ..features import PAUSE_BANDS
from ..tones import TONE_FEATURES
from .known import KnownVoices

FORMAT_VERSION = 1
STRIDE = 2  # of the first layer: 100 Hz features, 50 Hz everything else
FIRST, FIRST_BASIS = "first", "first_basis"
"""What the file calls the decoder that the others were made of, and its motion components."""
KNOWING, KNOWING_BASIS = "knowing", "knowing_basis"
"""The same of the decoder that knows the people of `Weights.known`, where that is another one."""
KNOWN = "known_voices"
"""What the metadata of a file call what is said of `Weights.known`."""
_KNOWN_ARRAYS = {"steady": np.float16, "centres": np.float32, "bounds": np.float32, "shares": np.float32}
_DECODER = "decoder_"
_BLOCK = 6000  # frames of 100 Hz handled at a time: a minute


@dataclass(frozen=True)
class Layer:
    """A convolution over time with zero padding.

    Attributes:
        weight: (kernel, inputs, outputs) float32, kernel odd.
        bias: (outputs,) float32.
        stride, dilation: frames.
        activation: ``relu``, ``tanh`` or ``none``.
        residual: the input is added to the activated output.
    """

    weight: np.ndarray
    bias: np.ndarray
    stride: int = 1
    dilation: int = 1
    activation: str = "relu"
    residual: bool = False

    @property
    def reach(self) -> int:
        """Input frames that an output frame sees on either side."""
        return (len(self.weight) // 2) * self.dilation


@dataclass(frozen=True)
class Weights:
    """The content network.

    Attributes:
        encoder: layers from the first 41 features to the bottleneck; the first halves the rate.
        phones: the layer from the bottleneck to phone scores.
        decoders: chains of layers from the content (bottleneck, posteriors, level and, by silence's posterior, the rise of
            `PAUSE_BANDS`) to motion coefficients, each to its own part of the basis, in order.
        voice: layers from the content, and since content-10 the tones after it, to one number, above 0 where it is a voice that
            sounds (a logit).
        basis: (K, 68, 3) float32, displacement of a coefficient of 1, unit outer eye-corner distance.
        metadata: model id, version, corpora, figures.
        known: the voices of people whom one more decoder knows well; None where there are none.
        knowing: that decoder, and ``knowing_basis`` (K', 68, 3) its basis.
    """

    encoder: tuple[Layer, ...]
    phones: Layer
    decoders: tuple[tuple[Layer, ...], ...]
    voice: tuple[Layer, ...]
    basis: np.ndarray
    metadata: dict[str, Any]
    known: KnownVoices | None = None
    knowing: tuple[Layer, ...] = ()
    knowing_basis: np.ndarray = field(default_factory=lambda: np.zeros((0, 68, 3), np.float32))

    @property
    def model_id(self) -> str:
        """Name and version."""
        return f"{self.metadata['name']}-{self.metadata['version']}"

    @property
    def posteriors(self) -> slice:
        """Where the phones' posteriors are in the content; what is before them is the bottleneck."""
        first = len(self.encoder[-1].bias)
        return slice(first, first + len(self.phones.bias))

    @property
    def content_width(self) -> int:
        """How many values the content has."""
        return len(self.encoder[-1].bias) + len(self.phones.bias) + 1 + PAUSE_BANDS

    @property
    def hears_tones(self) -> bool:
        """Whether `voice` hears the tones beside the content: what it weighs tells."""
        return self.voice[0].weight.shape[1] == self.content_width + TONE_FEATURES

    @property
    def margin(self) -> int:
        """Feature frames of 100 Hz that an output frame sees on either side, rounded up to whole output frames."""
        before = sum(layer.reach for layer in (*self.encoder, self.phones))
        after = max(sum(layer.reach for layer in chain) for chain in (*self.decoders, self.voice))
        return STRIDE * (before + after)


def shared(weights: Weights, share: np.ndarray) -> Weights:
    """The network in which the decoder that knows somebody makes a part of the motion, and the others the rest.

    Args:
        weights: with `Weights.known`.
        share: (2,) 0…1, of opening and of width.
    """
    opening, width = share
    part = np.array([width, opening, opening], np.float32)
    return replace(
        weights,
        decoders=(*weights.decoders, weights.knowing),
        basis=np.concatenate([weights.basis * (1 - part), weights.knowing_basis * part]),
        known=None,  # whose voice it is has been decided
    )


def all_is_voice(inputs: int) -> tuple[Layer, ...]:
    """A chain for `Weights.voice` that takes whatever sounds for a voice, until one is trained."""
    return (Layer(np.zeros((1, inputs, 1), np.float32), np.full(1, 10.0, np.float32), activation="none"),)


def save_weights(path: Path, weights: Weights, first: Weights | None = None) -> None:
    """Write the file, half precision, without pickle.

    Args:
        path: the ``.npz``.
        weights: the network.
        first: its only decoder is kept beside the others, for a training that goes on from it; nothing else reads it but
            for people whom it knows.
    """
    parts = {"encoder": weights.encoder, "phones": (weights.phones,), "voice": weights.voice}
    decoders = {f"{_DECODER}{number}": chain for number, chain in enumerate(weights.decoders, 1)}
    arrays: dict[str, Any] = {"basis": weights.basis.astype(np.float16)}
    if first is not None:
        decoders[FIRST] = first.decoders[0]
        arrays[FIRST_BASIS] = first.basis.astype(np.float16)
    known = weights.known
    metadata = {name: value for name, value in weights.metadata.items() if name != KNOWN}
    if known is not None:
        by_first = first is not None and weights.knowing is first.decoders[0]
        metadata = {
            **metadata,
            KNOWN: {"names": known.names, "encoder": known.encoder, "by_first": by_first},
        }
        for name in _KNOWN_ARRAYS:
            arrays[f"{KNOWN}.{name}"] = getattr(known, name).astype(_KNOWN_ARRAYS[name])
        if not by_first:
            decoders[KNOWING] = weights.knowing
            arrays[KNOWING_BASIS] = weights.knowing_basis.astype(np.float16)
    write_layers(path, {**parts, **decoders}, metadata, **arrays)


def write_layers(
    path: Path | IO[bytes],
    parts: Mapping[str, Sequence[Layer]],
    metadata: dict[str, Any],
    precision: type[np.floating[Any]] = np.float16,
    **others: np.ndarray,
) -> None:
    """Write a file of layers (biases in single precision), without pickle.

    Args:
        path: the ``.npz``, or a stream to write it to.
        parts: chains of layers by name.
        metadata: what JSON can hold; at least ``name`` and ``version``.
        precision: of the weights; half as a rule.
        others: further arrays, kept as they are.
    """
    arrays: dict[str, Any] = dict(others)
    shapes: dict[str, Any] = {}
    for part, layers in parts.items():
        shapes[part] = []
        for index, layer in enumerate(layers):
            arrays[f"{part}.{index}.weight"] = layer.weight.astype(precision)
            arrays[f"{part}.{index}.bias"] = layer.bias.astype(np.float32)
            shapes[part].append(
                {
                    "stride": layer.stride,
                    "dilation": layer.dilation,
                    "activation": layer.activation,
                    "residual": layer.residual,
                }
            )
    header = {"format": FORMAT_VERSION, "layers": shapes, "metadata": metadata}
    np.savez_compressed(path, header=np.array(json.dumps(header, sort_keys=True)), **arrays)


def load_weights(path: Path) -> Weights:
    """Read the content network.

    Raises:
        EngineError: missing, damaged or of a newer format (code ``bad_weights``).
    """
    beside = (FIRST_BASIS, KNOWING_BASIS, *(f"{KNOWN}.{name}" for name in _KNOWN_ARRAYS))
    parts, metadata, others = read_layers(path, ("encoder", "phones"), ("basis",), beside)
    decoders = tuple(parts[name] for name in sorted(parts) if name.startswith(_DECODER))
    if not decoders or "voice" not in parts:
        raise _older(path)
    weights = Weights(
        parts["encoder"], parts["phones"][0], decoders, parts["voice"], others["basis"], metadata
    )
    try:
        weights = _with_known(weights, parts, others)
    except (KeyError, TypeError, ValueError) as error:
        raise EngineError(f"The model {path} is damaged: install the add-on again.", "bad_weights") from error
    told = weights.content_width
    chains = (*decoders, weights.knowing) if weights.known else decoders
    if any(chain[0].weight.shape[1] != told for chain in chains):
        raise _older(path)
    if weights.voice[0].weight.shape[1] != told and not weights.hears_tones:
        raise _older(path)
    return weights


def _with_known(
    weights: Weights, parts: Mapping[str, tuple[Layer, ...]], others: Mapping[str, np.ndarray]
) -> Weights:
    """With the known voices of a file, where it has any; their part of the metadata is none of the weights' own."""
    about = weights.metadata.pop(KNOWN, None)
    if about is None:
        return weights
    arrays = {name: others[f"{KNOWN}.{name}"] for name in _KNOWN_ARRAYS}
    known = KnownVoices(tuple(about["names"]), about["encoder"], **arrays)
    part, of_part = (FIRST, FIRST_BASIS) if about["by_first"] else (KNOWING, KNOWING_BASIS)
    chain, basis = parts[part], others[of_part]
    people, size = known.centres.shape
    sizes = [values.shape for values in (known.steady, known.bounds, known.shares, basis)]
    if sizes != [(size, size), (people, 2), (people, 2), (len(chain[-1].bias), *weights.basis.shape[1:])]:
        raise ValueError(sizes)
    if len(known.names) != people or not people or not (known.bounds[:, 0] < known.bounds[:, 1]).all():
        raise ValueError(known.names)
    if not all(np.isfinite(values).all() for values in (*arrays.values(), basis)):
        raise ValueError("not finite")
    return replace(weights, known=known, knowing=chain, knowing_basis=basis)


def _older(path: Path) -> EngineError:
    return EngineError(
        f"The model {path} is of an older Talking Animation: train it again, or install the add-on again.",
        "bad_weights",
    )


def read_layers(
    path: Path, parts: Sequence[str], others: Sequence[str] = (), perhaps: Sequence[str] = ()
) -> tuple[dict[str, tuple[Layer, ...]], dict[str, Any], dict[str, np.ndarray]]:
    """Read a file that `write_layers` wrote: all its chains of layers, metadata, further arrays (float32).

    Args:
        path: the file.
        parts: chains that it must have.
        others: the further arrays.
        perhaps: further arrays that it may lack.

    Raises:
        EngineError: missing, damaged, of a newer format or without one of the named parts (code ``bad_weights``).
    """
    try:
        return read_arrays(path, lambda arrays: _layers_of(arrays, path, parts, others, perhaps))
    except FileNotFoundError:
        raise EngineError(f"The model {path} is missing: install the add-on again.", "bad_weights") from None
    except Damaged as error:
        raise EngineError(f"The model {path} is damaged: install the add-on again.", "bad_weights") from error


def _layers_of(
    data: Arrays, path: Path, parts: Sequence[str], others: Sequence[str], perhaps: Sequence[str]
) -> tuple[dict[str, tuple[Layer, ...]], dict[str, Any], dict[str, np.ndarray]]:
    """What `read_layers` returns, of a file's arrays."""
    header = json_object(str(data["header"]))
    if header["format"] > FORMAT_VERSION:
        raise EngineError(f"The model {path} needs a newer Talking Animation: update it.", "bad_weights")
    chains = {
        part: tuple(
            Layer(
                data[f"{part}.{index}.weight"].astype(np.float32),
                data[f"{part}.{index}.bias"].astype(np.float32),
                **options,
            )
            for index, options in enumerate(header["layers"][part])
        )
        for part in {**dict.fromkeys(parts), **header["layers"]}
    }
    named = [*others, *(name for name in perhaps if name in data)]
    return chains, header["metadata"], {name: data[name].astype(np.float32) for name in named}


@dataclass(frozen=True)
class Heard:
    """What the content network hears in a recording, at 50 Hz.

    Attributes:
        phones: (T, P) float32 posteriors.
        motion: (T, K) float32 coefficients of `Weights.basis`.
        voice: (T,) float32 how surely it is a voice that sounds, a logit: above 0 likelier than not.
    """

    phones: np.ndarray
    motion: np.ndarray
    voice: np.ndarray


Forward = Callable[[np.ndarray], tuple[np.ndarray, ...]]


def run_in_blocks(forward: Forward, features: np.ndarray, margin: int) -> tuple[np.ndarray, ...]:
    """Apply a network to a recording of any length in blocks whose overlap hides their edges exactly.

    Args:
        forward: (T, F) → arrays at half the rate.
        features: (T, F).
        margin: feature frames that an output sees on either side (even).

    Returns:
        The arrays, (ceil(T / 2), …) each.
    """
    count = -(-len(features) // STRIDE)
    results: list[np.ndarray] = []
    for first in range(0, max(len(features), 1), _BLOCK):
        start, stop = max(first - margin, 0), min(first + _BLOCK + margin, len(features))
        keep = slice(
            (first - start) // STRIDE, (min(first + _BLOCK, len(features)) - start + STRIDE - 1) // STRIDE
        )
        pieces = forward(features[start:stop])
        if not results:  # not joined at the end, where all would be held twice
            results = [np.empty((count, *values.shape[1:]), values.dtype) for values in pieces]
        for values, piece in zip(results, pieces):
            into = values[first // STRIDE :]
            into[: keep.stop - keep.start] = piece[keep][: len(into)]
    return tuple(results)
