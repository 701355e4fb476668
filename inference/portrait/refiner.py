"""The network that makes a drawn mouth look filmed: a small U-Net of 3 × 3 convolutions, in numpy.

It is shown the square of `mouth_crop.MouthCrop` and answers how much of what was drawn is wiped out, and what colours are added.
Squares are folded first: each block of ``fold`` × ``fold`` pixels becomes one place with as many more channels, so that a larger
square costs little more than a smaller one. `refiner_torch` computes the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ..errors import EngineError
from ..face.array_files import Arrays, read_arrays
from ..face.arrays import Floats
from ..face.convolution_files import convolutions_of, write_convolutions
from ..face.errors import Damaged
from ..face.json_text import json_object
from ..paths import CHECKPOINTS
from .mouth_crop import CHANNELS, border_window

REFINER_WEIGHTS = CHECKPOINTS / "portrait.npz"
FORMAT_VERSION = 2
OUTPUTS = 4
"""Red, green and blue to add, and how much of what was drawn is wiped out before."""
_AT_FIRST = -2.5
"""What an untrained network says to that share: a twelfth."""
LEAK = 0.1
"""Slope of the activation below 0."""
SIDES = (128, 256)
"""Pixels of squares that networks are made for."""
TRUST = "trust"
"""In a network's `metadata`: how much of its changes, 0 to 1, serves people whom it has not learnt from; else all."""
LEVELS = 4
"""Resolutions that a square is seen in."""


@dataclass(frozen=True)
class RefinerShape:
    """How large a network is.

    Attributes:
        side: pixels of the square.
        fold: pixels of a block's side; `side` is a multiple of 8 times that.
        widths: channels of the `LEVELS` levels, each at half the resolution of the one before.
        smooth: pixels to either side over which the added colours are averaged: who can only shade paints no teeth that
            are not there; 0 for colours as they are.
    """

    side: int = 128
    fold: int = 2
    widths: tuple[int, ...] = (24, 48, 72, 96)
    smooth: int = 0

    @property
    def is_possible(self) -> bool:
        """Whether there can be such a network."""
        return (
            self.side in SIDES
            and self.fold >= 1
            and self.side % (8 * self.fold) == 0
            and len(self.widths) == LEVELS
            and min(self.widths) >= 1
            and 0 <= self.smooth <= self.side // 8
        )

    def layers(self) -> dict[str, tuple[int, int]]:
        """Name → inputs and outputs of each convolution."""
        result = {"first": (CHANNELS * self.fold**2, self.widths[0]), "first_again": (self.widths[0],) * 2}
        for level, (before, width) in enumerate(zip(self.widths, self.widths[1:]), 1):
            result[f"down{level}"] = (before, width)
            result[f"down{level}_again"] = (width, width)
        for level in range(len(self.widths) - 2, -1, -1):
            width = self.widths[level]
            result[f"up{level}"] = (self.widths[level + 1] + width, width)
            result[f"up{level}_again"] = (width, width)
        result["last"] = (self.widths[0], OUTPUTS * self.fold**2)
        return result


@dataclass(frozen=True)
class RefinerWeights:
    """A network.

    Attributes:
        shape: its size.
        kernels: name → (3, 3, inputs, outputs) float32.
        biases: name → (outputs,) float32.
        metadata: name, version, what it was trained on.
    """

    shape: RefinerShape
    kernels: Mapping[str, Floats]
    biases: Mapping[str, Floats]
    metadata: dict[str, Any]

    def save(self, path: Path) -> None:
        """Write the file, complete or not at all: kernels in half precision, without pickle.

        Raises:
            EngineError: it cannot be written (code ``output_unwritable``).
        """
        header = {
            "format": FORMAT_VERSION if self.shape.smooth else 1,  # older readers would not average
            "side": self.shape.side,
            "fold": self.shape.fold,
            "widths": list(self.shape.widths),
            "smooth": self.shape.smooth,
            "metadata": self.metadata,
        }
        write_convolutions(path, header, self.shape.layers(), self.kernels, self.biases)


def load_refiner(path: Path = REFINER_WEIGHTS) -> RefinerWeights:
    """Read a network.

    Raises:
        EngineError: the file is missing (code ``no_weights``), damaged or of a newer format (``bad_weights``).
    """
    try:
        return read_arrays(path, lambda arrays: weights_of(arrays, path))
    except FileNotFoundError:
        raise EngineError(
            f"The renderer refined needs a trained network, and {path} is missing: choose the renderer warp, or train one "
            "(docs/training.md).",
            "no_weights",
        ) from None
    except Damaged as error:
        raise EngineError(f"The model {path} is damaged: install the add-on again.", "bad_weights") from error


def weights_of(arrays: Arrays, path: Path) -> RefinerWeights:
    """What a file holds.

    Raises:
        Damaged: something else.
        KeyError: some of it is missing.
        EngineError: the format is newer (code ``bad_weights``).
    """
    header = json_object(str(arrays["header"]))
    if header["format"] > FORMAT_VERSION:
        raise EngineError(f"The model {path} needs a newer Talking Animation: update it.", "bad_weights")
    shape = RefinerShape(
        int(header["side"]),
        int(header["fold"]),
        tuple(int(width) for width in header["widths"]),
        int(header.get("smooth", 0)),  # files of before have none
    )
    if not shape.is_possible:
        raise Damaged("its size is none")
    kernels, biases = convolutions_of(arrays, shape.layers())
    metadata = dict(header["metadata"])
    if not 0 <= float(metadata.get(TRUST, 1.0)) <= 1:
        raise Damaged("its trust is no share")
    return RefinerWeights(shape, kernels, biases, metadata)


def random_weights(shape: RefinerShape, seed: int, metadata: dict[str, Any]) -> RefinerWeights:
    """A network that has learnt nothing: it makes pictures a little softer."""
    random = np.random.RandomState(seed)
    kernels, biases = {}, {}
    for name, (inputs, outputs) in shape.layers().items():
        spread = np.sqrt(2 / (9 * inputs)) * (
            0.02 if name == "last" else 0.3 if name.endswith("again") else 1
        )
        kernels[name] = (spread * random.randn(3, 3, inputs, outputs)).astype(np.float32)
        biases[name] = np.zeros(outputs, np.float32)
    biases["last"].reshape(-1, OUTPUTS)[:, 3] = _AT_FIRST
    return RefinerWeights(shape, kernels, biases, metadata)


class Refiner(Protocol):
    """A network that is ready to be used."""

    shape: RefinerShape

    def changes(self, inputs: Floats) -> Floats:
        """(B, side, side, 3) float32, 0 to 1 a full step of brightness: what to add.

        Args:
            inputs: (B, side, side, `CHANNELS`) float32, see `MouthCrop.inputs`.
        """


class NumpyRefiner:
    """Runs everywhere. See `Refiner`."""

    def __init__(self, weights: RefinerWeights) -> None:
        self.shape = weights.shape
        self._kernels = {
            name: kernel.reshape(-1, kernel.shape[3]) for name, kernel in weights.kernels.items()
        }
        self._biases = weights.biases
        self._rim = border_window(weights.shape.side)

    def changes(self, inputs: Floats) -> Floats:
        """See `Refiner.changes`."""
        return np.stack([self._changes(one) for one in inputs])

    def _changes(self, inputs: Floats) -> Floats:
        value = self._again(
            "first", _active(self._convolved("first", _folded(inputs - np.float32(0.5), self.shape.fold)))
        )
        kept = [value]
        levels = len(self.shape.widths) - 1
        for level in range(1, levels + 1):
            value = self._again(f"down{level}", _active(self._convolved(f"down{level}", value, 2)))
            kept.append(value)
        for level in range(levels - 1, -1, -1):
            larger = value.repeat(2, axis=0).repeat(2, axis=1)
            joined = np.concatenate([larger, kept[level]], axis=-1)
            value = self._again(f"up{level}", _active(self._convolved(f"up{level}", joined)))
        answer = _unfolded(self._convolved("last", value), self.shape.fold)
        share = self._rim / (1 + np.exp(-answer[..., 3:].clip(-30, 30)))
        drawn = inputs[..., :3]
        blurred = _blurred(drawn, blur_reach(self.shape.side))
        added = _blurred(answer[..., :3], self.shape.smooth)
        return np.asarray(self._rim * added + share * (blurred - drawn), np.float32)

    def _again(self, name: str, value: Floats) -> Floats:
        return _active(value + self._convolved(f"{name}_again", value))

    def _convolved(self, name: str, value: Floats, stride: int = 1) -> Floats:
        """(h, w, inputs) → (h / stride, w / stride, outputs), as one matrix product."""
        padded = np.pad(value, ((1, 1), (1, 1), (0, 0)))
        height, width, channels = value.shape
        rows = [padded[y : y + height : stride, x : x + width : stride] for y in range(3) for x in range(3)]
        columns = np.concatenate(rows, axis=-1).reshape(-1, 9 * channels)
        result = columns @ self._kernels[name] + self._biases[name]
        return result.reshape(height // stride, width // stride, -1)


def _active(value: Floats) -> Floats:
    return np.maximum(value, value * np.float32(LEAK))


def blur_reach(side: int) -> int:
    """Pixels to either side over which a square is blurred where its drawing is wiped out."""
    return side // 32


def _blurred(square: Floats, reach: int) -> Floats:
    """(side, side, C) each pixel with the mean of those up to `reach` around it, the border's own beyond it."""
    for axis in (0, 1):
        rims = [(reach, reach) if axis == other else (0, 0) for other in range(3)]
        padded = np.pad(square, rims, mode="edge")
        length = square.shape[axis]
        parts = [padded.take(range(start, start + length), axis) for start in range(2 * reach + 1)]
        square = np.sum(parts, axis=0, dtype=np.float32) / np.float32(2 * reach + 1)
    return square


def _folded(value: Floats, fold: int) -> Floats:
    """(h, w, C) → (h / fold, w / fold, fold² × C)."""
    height, width, channels = value.shape
    blocks = value.reshape(height // fold, fold, width // fold, fold, channels).transpose(0, 2, 1, 3, 4)
    return blocks.reshape(height // fold, width // fold, -1)


def _unfolded(value: Floats, fold: int) -> Floats:
    """(h, w, fold² × C) → (h × fold, w × fold, C)."""
    height, width = value.shape[:2]
    blocks = value.reshape(height, width, fold, fold, -1).transpose(0, 2, 1, 3, 4)
    return blocks.reshape(height * fold, width * fold, -1)
