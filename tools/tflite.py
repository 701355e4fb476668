# SPDX-License-Identifier: MIT
"""Reads TensorFlow Lite's model files: the operations in order, and their weights as arrays.

Field numbers are those of TensorFlow's ``schema.fbs``. Only what MediaPipe's face networks use is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.flatbuffers import Table, flexible

_CUSTOM = 32
_KINDS = {
    0: "add", 1: "average_pool", 2: "concat", 3: "conv", 4: "depthwise", 5: "depth_to_space", 6: "dequantize",
    14: "logistic", 17: "max_pool", 18: "mul", 19: "relu", 22: "reshape", 23: "resize_bilinear", 34: "pad",
    45: "strided_slice", 54: "prelu", 117: "hard_swish", 124: "densify",
}  # fmt: skip
_NUMBERS = {0: "<f4", 1: "<f2", 2: "<i4"}  # a tensor's kinds
_SEGMENTS = {1: "<i4", 2: "<u2", 3: "u1"}  # how a sparse tensor's indices are kept
# Options by kind: name → its field in the options' table, default.
_CONV = {"padding": (0, 0), "stride_x": (1, 0), "stride_y": (2, 0), "activation": (3, 0)}
_OPTIONS: dict[str, dict[str, tuple[int, int]]] = {
    "conv": {**_CONV, "dilation_x": (4, 1), "dilation_y": (5, 1)},
    "depthwise": {
        **_CONV, "multiplier": (3, 0), "activation": (4, 0), "dilation_x": (5, 1), "dilation_y": (6, 1)
    },
    "max_pool": {**_CONV, "width": (3, 0), "height": (4, 0), "activation": (5, 0)},
    "average_pool": {**_CONV, "width": (3, 0), "height": (4, 0), "activation": (5, 0)},
    "add": {"activation": (0, 0)},
    "mul": {"activation": (0, 0)},
    "concat": {"axis": (0, 0), "activation": (1, 0)},
    "resize_bilinear": {"align_corners": (2, 0), "half_pixels": (3, 0)},
    "depth_to_space": {"block": (0, 0)},
}  # fmt: skip
_BYTES = {"padding", "activation", "align_corners", "half_pixels"}


@dataclass(frozen=True)
class Operation:
    """One step of a network.

    Attributes:
        kind: as in TensorFlow, in small letters; a custom operation's own name.
        inputs, outputs: numbers of tensors.
        options: by name.
        custom: a custom operation's own bytes.
    """

    kind: str
    inputs: list[int]
    outputs: list[int]
    options: dict[str, int] = field(default_factory=dict)
    custom: bytes = b""


@dataclass(frozen=True)
class Model:
    """A network.

    Attributes:
        operations: in the order in which they run.
        constants: number of a tensor → its values.
        shapes: number of a tensor → its shape.
        inputs, outputs: numbers of tensors.
        names: of all tensors, by number.
    """

    operations: list[Operation]
    constants: dict[int, NDArray[Any]]
    shapes: dict[int, tuple[int, ...]]
    inputs: list[int]
    outputs: list[int]
    names: list[str]


def read(path: Path) -> Model:
    """Read a ``.tflite`` file. What is stored in half precision or sparse is widened and filled.

    Raises:
        ValueError: an operation that is not known here.
    """
    model = Table.root(path.read_bytes())
    graph = model.tables(2)[0]
    tensors, buffers = graph.tables(0), model.tables(4)
    shapes = {number: tuple(map(int, tensor.array(0))) for number, tensor in enumerate(tensors)}
    constants = {}
    for number, tensor in enumerate(tensors):
        raw = buffers[tensor.number(2, "<I")].array(0, "u1").tobytes()
        if raw:
            values = np.frombuffer(raw, _NUMBERS[tensor.number(1, "<b")])
            sparsity = tensor.table(6)
            constants[number] = _dense(values, shapes[number], sparsity).reshape(shapes[number])
    operations = []
    codes = model.tables(1)
    for table in graph.tables(3):
        operation = _operation(table, codes[table.number(0, "<I")])
        if operation.kind in ("dequantize", "densify"):
            constants[operation.outputs[0]] = constants[operation.inputs[0]]
        else:
            operations.append(operation)
    return Model(
        operations,
        constants,
        shapes,
        graph.array(1).tolist(),
        graph.array(2).tolist(),
        [tensor.text(3) for tensor in tensors],
    )


def custom_options(operation: Operation) -> Any:
    """A custom operation's options, where they are kept as FlexBuffers."""
    return flexible(operation.custom)


def _operation(table: Table, code: Table) -> Operation:
    number = max(code.number(0, "<b"), code.number(3))
    kind = code.text(1) if number == _CUSTOM else _KINDS.get(number, "")
    if not kind:
        raise ValueError(f"TensorFlow Lite's operation {number} is not known here")
    options, holder = {}, table.table(4)
    for name, (index, default) in _OPTIONS.get(kind, {}).items():
        form = "<b" if name in _BYTES else "<i"
        options[name] = holder.number(index, form, default) if holder else default
    return Operation(
        kind, table.array(1).tolist(), table.array(2).tolist(), options, table.array(5, "u1").tobytes()
    )


def _dense(values: NDArray[Any], shape: tuple[int, ...], sparsity: Table | None) -> NDArray[Any]:
    """The values of a tensor with its zeros in place.

    A sparse tensor is a tree: each level is one dimension (or one within its blocks), and lists either all of its places or
    those below which something is kept.
    """
    if sparsity is None:
        return values
    order, blocks = sparsity.array(0), sparsity.array(1)
    levels = sparsity.tables(2)
    rank = len(shape)
    block = {int(dimension): int(levels[rank + place].number(1)) for place, dimension in enumerate(blocks)}
    places = np.zeros((1, len(order)), np.int64)
    for level, table in enumerate(levels):
        if table.number(0, "<b"):  # compressed: of each place above, where its own begin and which they are
            starts = _indices(table, 2, 3)
            counts, below = np.diff(starts), _indices(table, 4, 5)
        else:
            size = table.number(1)
            counts, below = np.full(len(places), size), np.tile(np.arange(size), len(places))
        places = np.repeat(places, counts, axis=0)
        places[:, int(order[level])] = below
    index = [
        places[:, dimension] * block.get(dimension, 1)
        + sum(places[:, rank + place] for place, of in enumerate(blocks) if int(of) == dimension)
        for dimension in range(rank)
    ]
    dense = np.zeros(shape, values.dtype)
    dense[tuple(index)] = values
    return dense


def _indices(table: Table, kind: int, place: int) -> NDArray[Any]:
    holder = table.table(place)
    return (
        np.zeros(0, np.int64)
        if holder is None
        else holder.array(0, _SEGMENTS[table.number(kind, "<B")]).astype(np.int64)
    )
