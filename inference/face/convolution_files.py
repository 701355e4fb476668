"""Networks of 3 × 3 convolutions in ``.npz`` files: a header of JSON, kernels in half precision, and biases."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .array_files import Arrays
from .arrays import Floats
from .errors import Damaged
from .result_files import write_whole

Layers = Mapping[str, tuple[int, int]]
"""Name → inputs and outputs of each convolution."""


def write_convolutions(
    path: Path,
    header: Mapping[str, Any],
    layers: Layers,
    kernels: Mapping[str, Floats],
    biases: Mapping[str, Floats],
) -> None:
    """Write a network, complete or not at all, without pickle.

    Args:
        path: the file.
        header: what JSON can hold.
        layers: what the network has.
        kernels: name → (3, 3, inputs, outputs); kept in half precision.
        biases: name → (outputs,).

    Raises:
        EngineError: it cannot be written (code ``output_unwritable``).
    """
    arrays: dict[str, Any] = {"header": np.array(json.dumps(header, sort_keys=True))}
    for name in layers:
        arrays[f"{name}.kernel"] = kernels[name].astype(np.float16)
        arrays[f"{name}.bias"] = biases[name].astype(np.float32)
    write_whole(path, lambda stream: np.savez_compressed(stream, **arrays))


def convolutions_of(arrays: Arrays, layers: Layers) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """The kernels and the biases of a network, by name, float32.

    Raises:
        Damaged: one has another shape, or values that are no numbers.
        KeyError: one is missing.
    """
    kernels, biases = {}, {}
    for name, (inputs, outputs) in layers.items():
        kernel, bias = arrays[f"{name}.kernel"], arrays[f"{name}.bias"]
        if kernel.shape != (3, 3, inputs, outputs) or bias.shape != (outputs,):
            raise Damaged(f"{name} has another shape")
        kernels[name], biases[name] = kernel.astype(np.float32), bias.astype(np.float32)
    if not all(np.isfinite(values).all() for values in (*kernels.values(), *biases.values())):
        raise Damaged("it holds values that are no numbers")
    return kernels, biases
