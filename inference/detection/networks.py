"""The networks' file, and running one of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import EngineError
from ..face.array_files import Arrays, read_arrays
from ..face.errors import Damaged
from ..face.json_text import json_object
from ..paths import CHECKPOINTS
from .operations import OPERATIONS, Array, Operation, Options, Weights

FACE_WEIGHTS = CHECKPOINTS / "face.npz"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Step:
    """One operation of a network.

    Attributes:
        operation: what is computed.
        inputs, output: numbers of the arrays that it reads and writes.
        options, weights: what it needs besides.
        done_with: numbers of arrays that no later step reads.
        activation: the operation that follows at once, if any.
    """

    operation: Operation
    inputs: tuple[int, ...]
    output: int
    options: Options
    weights: Weights
    done_with: tuple[int, ...]
    activation: Operation | None


@dataclass(frozen=True)
class Network:
    """A network that can be run.

    Attributes:
        size: height and width of the picture that it takes.
        steps: in order.
        entry: number of the array that the picture becomes.
        outputs: name of a result → number of its array.
        points: name of a result → which points of the face it tells of, where it tells of some only.
    """

    size: tuple[int, int]
    steps: tuple[Step, ...]
    entry: int
    outputs: dict[str, int]
    points: dict[str, NDArray[np.int64]]

    def run(self, picture: Array) -> dict[str, Array]:
        """The results by name.

        Args:
            picture: (height, width, 3) float32, in the range that the network was trained with.
        """
        arrays: dict[int, Array] = {self.entry: np.ascontiguousarray(picture.transpose(2, 0, 1))}
        for step in self.steps:
            value = step.operation([arrays[number] for number in step.inputs], step.options, step.weights)
            arrays[step.output] = value if step.activation is None else step.activation([value], {}, {})
            for number in step.done_with:
                del arrays[number]
        return {name: arrays[number] for name, number in self.outputs.items()}


@lru_cache(maxsize=8)
def load_network(name: str, path: Path = FACE_WEIGHTS) -> Network:
    """One of the networks: ``short_range``, ``full_range``, ``mesh`` or ``matte``. It is read once.

    Raises:
        EngineError: the file is missing, damaged or of a newer format (code ``bad_weights``).
    """
    header, weights = _read(path)
    try:
        return _network(header["networks"][name], weights)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise _damaged(path) from error


def _read(path: Path) -> tuple[dict[str, Any], NDArray[np.float16]]:
    try:
        header, weights, version = read_arrays(path, _parts)
    except FileNotFoundError as error:
        raise EngineError(f"The model {path} is missing: install the add-on again.", "bad_weights") from error
    except Damaged as error:
        raise _damaged(path) from error
    if version > FORMAT_VERSION:
        raise EngineError(f"The model {path} is of a newer format: update the add-on.", "bad_weights")
    return header, weights


def _parts(arrays: Arrays) -> tuple[dict[str, Any], NDArray[np.float16], int]:
    """Header, weights and format version of a file."""
    header = json_object(arrays["header"].tobytes())
    return header, arrays["weights"], int(header["format"])


def _damaged(path: Path) -> EngineError:
    return EngineError(f"The model {path} is damaged: install the add-on again.", "bad_weights")


def _network(description: dict[str, Any], weights: NDArray[np.float16]) -> Network:
    last = {number: place for place, step in enumerate(description["steps"]) for number in step["inputs"]}
    kept = set(description["outputs"].values())
    steps = []
    for place, step in enumerate(description["steps"]):
        arrays = {
            role: weights[begin : begin + int(np.prod(shape))].astype(np.float32).reshape(shape)
            for role, (begin, shape) in step.get("weights", {}).items()
        }
        steps.append(
            Step(
                OPERATIONS[step["kind"]],
                tuple(step["inputs"]),
                step["output"],
                step,
                arrays,
                tuple({number for number in step["inputs"] if last[number] == place} - kept),
                OPERATIONS[step["activation"]] if "activation" in step else None,
            )
        )
    height, width = description["size"]
    points = {name: np.array(indices, np.int64) for name, indices in description["points"].items()}
    return Network((height, width), tuple(steps), description["input"], dict(description["outputs"]), points)
