"""The network of a learned look: a few convolutions that answer what is added to a photo's colours, in numpy.

`training.networks.look` computes the same. There is no normalisation over the picture, so that a part of it is drawn as it
would be within the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import EngineError
from ..face.array_files import Arrays, read_arrays
from ..face.arrays import Floats
from ..face.convolution_files import convolutions_of, write_convolutions
from ..face.errors import Damaged
from ..face.json_text import json_object

FORMAT_VERSION = 1
KIND = "look"
LEAK = 0.1
"""Slope of the activation below 0."""
WIDTHS = (16, 32, 48)
"""Channels at the picture's own resolution, at half of it and at a quarter."""
BLOCKS = 3
LAYERS: Mapping[str, tuple[int, int]] = {
    "first": (3, WIDTHS[0]),
    "down1": (WIDTHS[0], WIDTHS[1]),
    "down2": (WIDTHS[1], WIDTHS[2]),
    **{f"block{number}_{part}": (WIDTHS[2], WIDTHS[2]) for number in range(BLOCKS) for part in ("a", "b")},
    "up1": (WIDTHS[2], WIDTHS[1]),
    "up0": (WIDTHS[1], WIDTHS[0]),
    "last": (WIDTHS[0], 3),
}
"""Name → inputs and outputs of each 3 × 3 convolution, in the order in which they are computed."""


@dataclass(frozen=True)
class LookWeights:
    """A network.

    Attributes:
        kernels: name → (3, 3, inputs, outputs) float32.
        biases: name → (outputs,) float32.
        metadata: name, what it was learned from.
    """

    kernels: Mapping[str, Floats]
    biases: Mapping[str, Floats]
    metadata: dict[str, Any]

    def save(self, path: Path) -> None:
        """Write the file: kernels in half precision, without pickle.

        Raises:
            EngineError: it cannot be written (code ``output_unwritable``).
        """
        header = {"format": FORMAT_VERSION, "kind": KIND, "metadata": self.metadata}
        write_convolutions(path, header, LAYERS, self.kernels, self.biases)


def load_look(path: Path) -> LookWeights:
    """Read a look's network.

    Raises:
        EngineError: the file is missing (code ``file_missing``), no look, damaged or of a newer format (``bad_look``).
    """
    try:
        return read_arrays(path, lambda arrays: _weights_of(arrays, path))
    except FileNotFoundError:
        raise EngineError(
            f"There is no look {path}: choose drawing or cartoon, or learn one (docs/looks.md).",
            "file_missing",
        ) from None
    except Damaged as error:
        raise EngineError(
            f"{path} holds no learned look, or is damaged: choose a file that train look has written.",
            "bad_look",
        ) from error


def holds_look(path: Path) -> bool:
    """Whether a file says of itself that it is a learned look; False also where it is missing or damaged."""
    try:
        return read_arrays(path, lambda arrays: json_object(str(arrays["header"])).get("kind") == KIND)
    except (FileNotFoundError, Damaged):
        return False


def _weights_of(arrays: Arrays, path: Path) -> LookWeights:
    header = json_object(str(arrays["header"]))
    if header.get("kind") != KIND:
        raise Damaged("it is another network")
    if header["format"] > FORMAT_VERSION:
        raise EngineError(f"The look {path} needs a newer Talking Animation: update it.", "bad_look")
    kernels, biases = convolutions_of(arrays, LAYERS)
    return LookWeights(kernels, biases, dict(header["metadata"]))


def random_look(seed: int) -> LookWeights:
    """A network that has learnt nothing: it leaves a picture almost as it is."""
    random = np.random.RandomState(seed)
    kernels, biases = {}, {}
    for name, (inputs, outputs) in LAYERS.items():
        quiet = 0.05 if name == "last" or name.endswith("_b") else 1.0
        kernels[name] = (quiet * np.sqrt(2 / (9 * inputs)) * random.randn(3, 3, inputs, outputs)).astype(
            np.float32
        )
        biases[name] = np.zeros(outputs, np.float32)
    return LookWeights(kernels, biases, {})


def drawn(weights: LookWeights, colours: Floats) -> Floats:
    """(H, W, 3) a picture in the look, 0 to 255.

    Args:
        weights: of the look.
        colours: (H, W, 3) of the picture, 0 to 255.
    """
    height, width = colours.shape[:2]
    rim = ((0, -height % 4), (0, -width % 4), (0, 0))
    shown = np.pad(np.asarray(colours, np.float32) / np.float32(127.5) - 1, rim, mode="edge")
    first = _active(_convolved(weights, "first", shown))
    half = _active(_convolved(weights, "down1", first, 2))
    value = _active(_convolved(weights, "down2", half, 2))
    for number in range(BLOCKS):
        inner = _active(_convolved(weights, f"block{number}_a", value))
        value = value + _convolved(weights, f"block{number}_b", inner)
    value = _active(_convolved(weights, "up1", _larger(value)) + half)
    value = _active(_convolved(weights, "up0", _larger(value)) + first)
    answer = np.tanh(shown + _convolved(weights, "last", value))
    return np.asarray((answer[:height, :width] + 1) * 127.5, np.float32)


def _convolved(weights: LookWeights, name: str, value: Floats, stride: int = 1) -> Floats:
    """(h, w, inputs) → (h / stride, w / stride, outputs), a row of the kernel at a time: that takes less memory."""
    kernel, padded = weights.kernels[name], np.pad(value, ((1, 1), (1, 1), (0, 0)))
    height, width, channels = value.shape
    rows, columns = height // stride, width // stride
    result = np.zeros((rows * columns, kernel.shape[3]), np.float32)
    for y in range(3):
        parts = [padded[y : y + height : stride, x : x + width : stride] for x in range(3)]
        flat = np.concatenate(parts, axis=-1).reshape(-1, 3 * channels)
        result += flat @ kernel[y].reshape(3 * channels, -1)
    return np.asarray((result + weights.biases[name]).reshape(rows, columns, -1))


def _larger(value: Floats) -> Floats:
    return value.repeat(2, axis=0).repeat(2, axis=1)


def _active(value: Floats) -> Floats:
    return np.maximum(value, value * np.float32(LEAK))
