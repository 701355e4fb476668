"""What the arrays of a checkpoint are until their numbers are read: views of runs of bytes, which nothing can run."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

_MOST_DIMENSIONS = 64
SPARE = 1 << 24  # bytes that a file may ask for whatever its size: stride 0 blows few numbers up to many
# torch's storage classes → numpy's type codes; bfloat16 is the upper half of a float32.
STORAGE_TYPES = {
    "DoubleStorage": "f8", "FloatStorage": "f4", "HalfStorage": "f2", "BFloat16Storage": "bf2", "LongStorage": "i8",
    "IntStorage": "i4", "ShortStorage": "i2", "CharStorage": "i1", "ByteStorage": "u1", "BoolStorage": "b1",
    "UntypedStorage": "u1",
}  # fmt: skip
_NUMBER_TYPES = {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"}


class Refused(Exception):
    """Something in the file that is no plain container of arrays."""


class Inert:
    """Stands for an object of an unknown class: takes everything, does nothing, keeps nothing."""

    def __new__(cls, *arguments: Any, **options: Any) -> Inert:
        """Ignores its arguments."""
        return object.__new__(cls)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        pass

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def append(self, element: Any) -> None:
        """Ignored."""

    def extend(self, items: Any) -> None:
        """Ignored."""

    def add(self, element: Any) -> None:
        """Ignored."""


class Dictionary(dict[Any, Any]):
    """An ordered dictionary that ignores the attributes which torch hangs on it (``_metadata``)."""

    def __setstate__(self, state: Any) -> None:
        pass


class _Fixed:
    """What a pickle may hand around but not change: BUILD would otherwise set any attribute."""

    def __setstate__(self, state: Any) -> None:
        pass


class Storage(_Fixed):
    """A run of numbers in the file, read when asked for.

    Args:
        code: a value of `STORAGE_TYPES`.
        count: how many numbers.
        whole: the storage that it is a piece of, if it is one.

    Attributes:
        read: returns the raw bytes; None until the reader has found where they lie.
        order: of the bytes in a number, ``<`` or ``>``.
    """

    def __init__(self, code: str, count: int, whole: Storage | None = None) -> None:
        self.code, self.count, self.whole = code, count, whole
        self.read: Callable[[], bytes] | None = None
        self.order = "<"

    @property
    def size(self) -> int:
        """Bytes."""
        return self.count * int(self.code[-1])

    def numbers(self) -> np.ndarray:
        """(count,) in the storage's own type; bfloat16 as float32."""
        if self.read is None:
            raise Refused("a tensor without data")
        raw = self.read()
        if len(raw) != self.size:
            raise Refused("it is cut short")
        if self.code == "bf2":
            halves = np.frombuffer(raw, np.dtype(self.order + "u2")).astype(np.uint32)
            return (halves << np.uint32(16)).view(np.float32)
        return np.frombuffer(raw, np.dtype(self.order + self.code))


@dataclass(frozen=True)
class StorageType(_Fixed):
    """One of torch's storage classes, as a value of `STORAGE_TYPES`."""

    code: str


@dataclass(frozen=True)
class StoredTensor(_Fixed):
    """A tensor in a file: a view of a storage.

    Attributes:
        storage: the numbers.
        offset: the first number that belongs to the tensor.
        shape, stride: as numpy has them, strides in numbers.
    """

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]

    def extent(self) -> tuple[int, int, int]:
        """Which data it is a view of (an `id`), how many bytes these are, and how many its copy takes."""
        width = 4 if self.storage.code == "bf2" else int(self.storage.code[-1])
        held = self.storage.whole or self.storage
        return id(held), held.size, math.prod(self.shape) * width

    def array(self) -> np.ndarray:
        """A copy with native byte order.

        Raises:
            Refused: it reaches outside of its storage, or is far larger.
        """
        numbers = self.storage.numbers()
        # An empty tensor reaches nowhere.
        span = (
            sum((size - 1) * step for size, step in zip(self.shape, self.stride)) if all(self.shape) else -1
        )
        wanted = math.prod(self.shape) * numbers.itemsize
        if self.offset + span >= len(numbers) or wanted > numbers.nbytes + SPARE:
            raise Refused("a tensor is larger than its data")
        view = np.lib.stride_tricks.as_strided(
            numbers[self.offset :], self.shape, [step * numbers.itemsize for step in self.stride]
        )
        return np.array(view, dtype=numbers.dtype.newbyteorder("="))


class Dtype:
    """A pickled `numpy.dtype`, as a type code."""

    def __init__(self, code: Any, *options: Any) -> None:
        self.code, self.order = code, "<"

    def __setstate__(self, state: Any) -> None:
        if isinstance(state, tuple) and len(state) > 1 and state[1] in ("<", ">", "|", "="):
            self.order = "<" if state[1] in "|=" else state[1]

    def native(self) -> np.dtype[Any]:
        """The dtype of numbers of a known kind; anything else (objects, records) is refused."""
        # The code may be anything; only of a text can be said at no cost whether it is known.
        if not isinstance(self.code, str) or self.code not in _NUMBER_TYPES:
            raise Refused("an array of other things than numbers")
        return np.dtype(self.order + self.code)


class StoredArray:
    """A pickled numpy array, put together by `array` from its own bytes."""

    def __init__(self) -> None:
        self._state: tuple[Any, ...] | None = None

    def __setstate__(self, state: Any) -> None:
        """numpy's own: (version, shape, dtype, is Fortran-ordered, bytes)."""
        self._state = state if isinstance(state, tuple) and len(state) == 5 else None

    def extent(self) -> tuple[int, int, int]:
        """As of `StoredTensor.extent`."""
        raw = self._state[4] if self._state is not None else None
        size = len(raw) if isinstance(raw, (str, bytes, bytearray)) else 0
        return id(raw), size, size

    def array(self) -> np.ndarray:
        """A copy with native byte order.

        Raises:
            Refused: it holds no plain numbers, or too few.
        """
        if self._state is None:
            raise Refused("an array without data")
        _, shape, dtype, fortran, raw = self._state
        if isinstance(raw, str):  # written by Python 2
            raw = raw.encode("latin1")
        if not isinstance(dtype, Dtype) or not isinstance(raw, (bytes, bytearray)):
            raise Refused("an array of objects")
        kind = dtype.native()
        shape = whole_numbers(shape)
        if math.prod(shape) * kind.itemsize != len(raw):
            raise Refused("an array is cut short")
        values = np.frombuffer(raw, kind).reshape(shape, order="F" if fortran else "C")
        return np.array(values, dtype=kind.newbyteorder("="))


def part_of(whole: Storage, first: int, count: int) -> Storage:
    """A storage that is a piece of another one."""
    if first + count > whole.count:
        raise Refused("a tensor is larger than its data")
    width = int(whole.code[-1])

    piece = Storage(whole.code, count, whole)

    def read() -> bytes:
        if whole.read is None:
            raise Refused("a tensor without data")
        piece.order = whole.order  # known only once the whole has been found
        return whole.read()[first * width : (first + count) * width]

    piece.read = read
    return piece


def tensor(storage: Any, offset: Any, shape: Any, stride: Any, *rest: Any) -> StoredTensor:
    """``torch._utils._rebuild_tensor``, and its second version."""
    if not isinstance(storage, Storage):
        raise Refused("a tensor without data")
    shape, stride = whole_numbers(shape), whole_numbers(stride)
    if len(shape) != len(stride):
        raise Refused("a tensor with an impossible shape")
    (first,) = whole_numbers((offset,))
    return StoredTensor(storage, first, shape, stride)


def parameter(data: Any, *rest: Any) -> Any:
    """``torch._utils._rebuild_parameter``: the tensor."""
    return data


def from_buffer(raw: Any, dtype: Any, shape: Any, order: Any) -> StoredArray:
    """``numpy.core.numeric._frombuffer``."""
    result = StoredArray()
    result.__setstate__((1, shape, dtype, order == "F", raw))
    return result


def scalar(dtype: Any, raw: Any = b"") -> StoredArray:
    """``numpy.core.multiarray.scalar``."""
    return from_buffer(raw, dtype, (), "C")


def whole_numbers(values: Any) -> tuple[int, ...]:
    """The values, if they are few and non-negative integers."""
    if (
        not isinstance(values, (tuple, list))
        or len(values) > _MOST_DIMENSIONS
        or not all(type(value) is int and 0 <= value < 1 << 63 for value in values)
    ):
        raise Refused("an impossible size")
    return tuple(values)
