# SPDX-License-Identifier: MIT
"""Reads two of Google's file formats without a package: FlatBuffers tables, and the FlexBuffers inside them.

Only what `tools.tflite` needs: https://flatbuffers.dev/internals/ says how the bytes lie.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_INT, _UINT, _FLOAT, _KEY, _STRING = 1, 2, 3, 4, 5  # FlexBuffers' types
_MAP, _BOOL = 9, 26
_UNTYPED_VECTOR = 10
_TYPED_VECTORS = {11: _INT, 12: _UINT, 13: _FLOAT, 14: _KEY}


@dataclass(frozen=True)
class Table:
    """One table of a FlatBuffers file; its fields are asked for by their place in the schema, counted from 0.

    Attributes:
        data: the whole file.
        position: where the table begins.
    """

    data: bytes
    position: int

    @classmethod
    def root(cls, data: bytes) -> Table:
        """The table that a file begins with."""
        return cls(data, _number(data, 0, "<I"))

    def _field(self, index: int) -> int:
        """Where a field lies, 0 where it has its default."""
        fields = self.position - _number(self.data, self.position, "<i")
        if 4 + 2 * index >= _number(self.data, fields, "<H"):
            return 0
        offset = _number(self.data, fields + 4 + 2 * index, "<H")
        return self.position + offset if offset else 0

    def _follow(self, index: int) -> int:
        """Where the table, vector or text that a field points at lies, 0 where there is none."""
        place = self._field(index)
        return place + _number(self.data, place, "<I") if place else 0

    def number(self, index: int, form: str = "<i", default: int = 0) -> int:
        """A number, as `struct` calls its form."""
        place = self._field(index)
        return _number(self.data, place, form) if place else default

    def table(self, index: int) -> Table | None:
        """A table, None where there is none."""
        place = self._follow(index)
        return Table(self.data, place) if place else None

    def tables(self, index: int) -> list[Table]:
        """A vector of tables."""
        places = self._follow(index)
        if not places:
            return []
        starts = [places + 4 + 4 * number for number in range(_number(self.data, places, "<I"))]
        return [Table(self.data, start + _number(self.data, start, "<I")) for start in starts]

    def array(self, index: int, kind: str = "<i4") -> NDArray[Any]:
        """A vector of numbers, as numpy calls their kind; empty where there is none."""
        place = self._follow(index)
        count = _number(self.data, place, "<I") if place else 0
        return np.frombuffer(self.data, kind, count, place + 4)

    def text(self, index: int) -> str:
        """A text, empty where there is none."""
        return self.array(index, "u1").tobytes().decode("utf-8")


def flexible(data: bytes) -> Any:
    """What a FlexBuffers document holds: numbers, texts, lists and dictionaries; None for an empty one.

    Raises:
        ValueError: a kind of value that this reader does not know.
    """
    if not data:
        return None
    width = data[-1]
    return _value(data, len(data) - 2 - width, width, data[-2])


def _number(data: bytes, place: int, form: str) -> Any:
    return struct.unpack_from(form, data, place)[0]


def _unsigned(data: bytes, place: int, width: int) -> int:
    return int.from_bytes(data[place : place + width], "little")


def _value(data: bytes, place: int, parent_width: int, packed: int) -> Any:
    """A value whose bytes, or whose offset, lie at a place; ``packed`` is its type and its own width."""
    kind, width = packed >> 2, 1 << (packed & 3)
    if kind in (_INT, _UINT, _BOOL, _FLOAT):
        return _plain(data, place, parent_width, kind)
    start = place - _unsigned(data, place, parent_width)
    if kind == _KEY:
        return data[start : data.index(b"\0", start)].decode("utf-8")
    count = _unsigned(data, start - width, width)
    if kind == _STRING:
        return data[start : start + count].decode("utf-8")
    if kind in _TYPED_VECTORS:
        element = _TYPED_VECTORS[kind]
        return [_value(data, start + width * index, width, element << 2) for index in range(count)]
    if kind in (_MAP, _UNTYPED_VECTOR):
        kinds = start + width * count
        values = [_value(data, start + width * index, width, data[kinds + index]) for index in range(count)]
        return dict(zip(_keys(data, start, width), values, strict=True)) if kind == _MAP else values
    raise ValueError(f"FlexBuffers type {kind} is not read here")


def _plain(data: bytes, place: int, width: int, kind: int) -> int | float:
    raw = data[place : place + width]
    if kind == _FLOAT:
        return float(struct.unpack({2: "<e", 4: "<f", 8: "<d"}[width], raw)[0])
    return int.from_bytes(raw, "little", signed=kind == _INT)


def _keys(data: bytes, start: int, width: int) -> list[str]:
    """The keys of the map whose values begin at a place."""
    offset = start - 3 * width
    keys = offset - _unsigned(data, offset, width)
    keys_width = _unsigned(data, start - 2 * width, width)
    count = _unsigned(data, keys - keys_width, keys_width)
    return [str(_value(data, keys + keys_width * index, keys_width, _KEY << 2)) for index in range(count)]
