"""Reads ``torch.save`` files and plain pickles of arrays without ever running what is in them. numpy only.

A pickle is a small program: loading one with `pickle.load` or an unrestricted ``torch.load`` can do anything. Here every
name in it is looked up in one table (`_Unpickler._callable`) that knows how tensors, numpy arrays and ordered dictionaries
are put together, in functions of this file; every other name becomes an `Inert` object that ignores whatever it is told. So
optimizer objects, modules and the like inside a checkpoint neither disturb nor act.

Three containers are known (they follow from ``torch/serialization.py``'s published behaviour):

* the zip of torch 1.6 and later: ``NAME/data.pkl``, ``NAME/data/KEY`` (raw storage bytes), ``NAME/byteorder``;
* the stream of older torch: four pickles (magic number, protocol, system, object), a pickled list of storage keys, then
  each storage as an int64 count and its raw bytes;
* a plain pickle, in which a tensor's storage is itself such a stream within a byte string.

Tensors stay where they are in the file until `StoredTensor.array` is called: a checkpoint with optimizer moments costs no
more memory than the weights that are wanted from it.
"""

from __future__ import annotations

import io
import math
import os
import pickle
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

import numpy as np

from ..errors import EngineError

_STREAM_MAGIC = 0x1950A86A20F9469CFC6C
_STREAM_PROTOCOL = 1001
_LARGEST = 1 << 28  # elements of one tensor: what stride 0 may blow a few bytes up to
_DEEPEST = 2  # pickles within byte strings within pickles

# torch's storage classes → numpy's type codes; bfloat16 is the upper half of a float32.
_STORAGE_TYPES = {
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

    def append(self, item: Any) -> None:
        """Ignored."""

    def extend(self, items: Any) -> None:
        """Ignored."""

    def add(self, item: Any) -> None:
        """Ignored."""


class Dictionary(dict[Any, Any]):
    """An ordered dictionary that ignores the attributes which torch hangs on it (``_metadata``)."""

    def __setstate__(self, state: Any) -> None:
        pass


class _Storage:
    """A run of numbers in the file, read when asked for.

    Args:
        code: a value of `_STORAGE_TYPES`.
        count: how many numbers.
        read: returns the raw bytes; None until the reader has found where they lie.
    """

    def __init__(self, code: str, count: int, read: Callable[[], bytes] | None = None) -> None:
        self.code, self.count, self.read = code, count, read
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
class StoredTensor:
    """A tensor in a file: a view of a storage.

    Attributes:
        storage: the numbers.
        offset: the first number that belongs to the tensor.
        shape, stride: as numpy has them, strides in numbers.
    """

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]

    def array(self) -> np.ndarray:
        """A copy with native byte order.

        Raises:
            Refused: it reaches outside of its storage.
        """
        numbers = self.storage.numbers()
        # An empty tensor reaches nowhere.
        span = (
            sum((size - 1) * step for size, step in zip(self.shape, self.stride)) if all(self.shape) else -1
        )
        elements = math.prod(self.shape)
        if self.offset + span >= len(numbers) or elements > _LARGEST:
            raise Refused("a tensor is larger than its data")
        view = np.lib.stride_tricks.as_strided(
            numbers[self.offset :], self.shape, [step * numbers.itemsize for step in self.stride]
        )
        return np.array(view, dtype=numbers.dtype.newbyteorder("="))


class _Dtype:
    """A pickled `numpy.dtype`, as a type code."""

    def __init__(self, code: str) -> None:
        self.code, self.order = code, "<"

    def __setstate__(self, state: Any) -> None:
        if isinstance(state, tuple) and len(state) > 1 and state[1] in ("<", ">", "|", "="):
            self.order = "<" if state[1] in "|=" else state[1]

    def native(self) -> np.dtype[Any]:
        """The dtype of numbers of a known kind; anything else (objects, records) is refused."""
        if self.code not in _NUMBER_TYPES:
            raise Refused(f"an array of the type {self.code!r}")
        return np.dtype(self.order + self.code)


class StoredArray:
    """A pickled numpy array, put together by `array` from its own bytes."""

    def __init__(self) -> None:
        self._state: tuple[Any, ...] | None = None

    def __setstate__(self, state: Any) -> None:
        """numpy's own: (version, shape, dtype, is Fortran-ordered, bytes)."""
        self._state = tuple(state) if isinstance(state, tuple) and len(state) == 5 else None

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
        if not isinstance(dtype, _Dtype) or not isinstance(raw, (bytes, bytearray)):
            raise Refused("an array of objects")
        kind = dtype.native()
        shape = _whole_numbers(shape)
        if math.prod(shape) * kind.itemsize != len(raw):
            raise Refused("an array is cut short")
        values = np.frombuffer(raw, kind).reshape(shape, order="F" if fortran else "C")
        return np.array(values, dtype=kind.newbyteorder("="))


class _Call:
    """What a name in a pickle that may be called resolves to; cannot be changed from within the pickle."""

    __slots__ = ("_function",)
    _function: Callable[..., Any]

    def __init__(self, function: Callable[..., Any]) -> None:
        object.__setattr__(self, "_function", function)

    def __call__(self, *arguments: Any) -> Any:
        return self._function(*arguments)

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise Refused("it changes what it should only call")


@dataclass(frozen=True)
class _StorageType:
    code: str


def read_container(path: str | os.PathLike[str]) -> Any:
    """Read a ``torch.save`` file of any age, or a plain pickle.

    Args:
        path: the file; it is opened again for every tensor whose `StoredTensor.array` is called.

    Returns:
        What was saved: dictionaries, lists, tuples, texts and numbers, with `StoredTensor` and `StoredArray` for arrays
        and `Inert` for everything else.

    Raises:
        EngineError: it is missing, damaged, or no such file (code ``bad_weights``).
    """
    path = Path(path)
    with _told(path), path.open("rb") as stream:
        return _read(stream, path, 0)


def arrays(entries: Any, path: str | os.PathLike[str]) -> dict[str, np.ndarray]:
    """The arrays of a dictionary that `read_container` returned, by name; what is no array is left out.

    Raises:
        EngineError: one of them is damaged (code ``bad_weights``).
    """
    found: dict[str, np.ndarray] = {}
    if not isinstance(entries, Mapping):
        return found
    with _told(Path(path)):
        for name, value in entries.items():
            if isinstance(name, str) and isinstance(value, (StoredTensor, StoredArray)):
                found[name] = value.array()
    return found


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Whatever goes wrong within becomes one sentence about the file."""
    try:
        yield
    except FileNotFoundError:
        raise EngineError(
            f"{path} is missing: download it as docs/published-checkpoints.md says.", "bad_weights"
        ) from None
    except OSError as error:
        raise EngineError(
            f"{path} cannot be read ({error.strerror or error}): check that you may open it.", "bad_weights"
        ) from error
    except Refused as error:
        raise _damaged(path, str(error)) from error
    except (EOFError, pickle.UnpicklingError, zipfile.BadZipFile) as error:
        raise _damaged(path, "it is cut short or of another format") from error
    except Exception as error:
        # A damaged pickle is a damaged program: there is no exception that it may not end in.
        raise _damaged(path, type(error).__name__) from error


def _damaged(path: Path, reason: str) -> EngineError:
    return EngineError(f"{path} cannot be used ({reason}): download it again.", "bad_weights")


def _read(stream: IO[bytes], path: Path | None, depth: int) -> Any:
    """What was saved in a container of any of the three kinds.

    Args:
        stream: seekable, at its start.
        path: the file behind the stream, or None for one in memory.
        depth: how many containers this one is inside of.
    """
    if depth > _DEEPEST:
        raise Refused("pickles within pickles")
    start = stream.read(4)
    stream.seek(0)
    if start == b"PK\x03\x04":
        return _read_zip(stream, path, depth)
    first = _Unpickler(stream, depth, None).load()
    if first == _STREAM_MAGIC:
        return _read_stream(stream, path, depth)
    return first


def _read_zip(stream: IO[bytes], path: Path | None, depth: int) -> Any:
    with zipfile.ZipFile(stream) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
        main = next((name for name in sizes if name.endswith("/data.pkl")), None)
        if main is None or sizes[main] > _LARGEST:
            raise Refused("a zip without a readable data.pkl")
        root = main[: -len("data.pkl")]
        big = root + "byteorder" in sizes and archive.read(root + "byteorder") == b"big"
        program = archive.read(main)

    def find(storage: _Storage, key: str) -> None:
        name = f"{root}data/{key}"
        if sizes.get(name) != storage.size:
            raise Refused("it is cut short")
        storage.order = ">" if big else "<"
        storage.read = lambda: _zip_member(path, stream, name)

    return _Unpickler(io.BytesIO(program), depth, find).load()


def _zip_member(path: Path | None, stream: IO[bytes], name: str) -> bytes:
    with zipfile.ZipFile(path if path is not None else stream) as archive:
        return archive.read(name)


def _read_stream(stream: IO[bytes], path: Path | None, depth: int) -> Any:
    if _Unpickler(stream, depth, None).load() != _STREAM_PROTOCOL:
        raise Refused("an unknown version of torch's format")
    system = _Unpickler(stream, depth, None).load()
    little = not isinstance(system, Mapping) or system.get("little_endian", True)
    storages: dict[str, _Storage] = {}

    def remember(storage: _Storage, key: str) -> None:
        storages[key] = storage

    unpickler = _Unpickler(stream, depth, remember)
    result = unpickler.load()
    keys = _Unpickler(stream, depth, None).load()
    if not isinstance(keys, list) or set(map(str, keys)) - set(storages):
        raise Refused("its list of tensors is damaged")
    first = stream.tell()
    end = stream.seek(0, os.SEEK_END)
    stream.seek(first)
    for key in map(str, keys):
        storage = storages[key]
        count = stream.read(8)
        place = stream.tell()
        if len(count) != 8 or place + storage.size > end:
            raise EOFError
        if int.from_bytes(count, "little" if little else "big") != storage.count:
            raise Refused("its list of tensors is damaged")
        storage.order = "<" if little else ">"
        storage.read = _piece(stream, path, place, storage.size)
        stream.seek(place + storage.size)
    return result


def _piece(stream: IO[bytes], path: Path | None, place: int, size: int) -> Callable[[], bytes]:
    """Reads so many bytes from there."""

    def read() -> bytes:
        if path is None:
            stream.seek(place)
            return stream.read(size)
        with path.open("rb") as again:
            again.seek(place)
            return again.read(size)

    return read


class _Unpickler(pickle.Unpickler):
    """Runs a pickle in a world that has nothing but the parts of arrays.

    Args:
        stream: at the pickle's first byte; left after its last.
        depth: see `_read`.
        storage_found: told about each storage and its key in the container.
    """

    def __init__(
        self, stream: IO[bytes], depth: int, storage_found: Callable[[_Storage, str], None] | None
    ) -> None:
        # latin1 keeps the bytes of arrays that Python 2 wrote as text.
        super().__init__(stream, fix_imports=False, encoding="latin1")
        self._depth = depth
        self._storage_found = storage_found
        self._storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        """The known parts of arrays, and an inert class for every other name. Nothing is ever imported."""
        if module in ("torch", "torch.cuda", "torch.storage") and name in _STORAGE_TYPES:
            return _StorageType(_STORAGE_TYPES[name])
        known = self._callable(module, name)
        return _Call(known) if known is not None else type("Inert", (Inert,), {"name": f"{module}.{name}"})

    def _callable(self, module: str, name: str) -> Callable[..., Any] | None:
        table: dict[tuple[str, str], Callable[..., Any]] = {
            ("collections", "OrderedDict"): Dictionary,
            ("torch", "Size"): tuple,
            ("torch._utils", "_rebuild_tensor"): _tensor,
            ("torch._utils", "_rebuild_tensor_v2"): _tensor,
            ("torch._utils", "_rebuild_parameter"): _parameter,
            ("torch._utils", "_rebuild_parameter_with_state"): _parameter,
            ("torch.storage", "_load_from_bytes"): self._nested,
            ("numpy.core.multiarray", "_reconstruct"): lambda *arguments: StoredArray(),
            ("numpy._core.multiarray", "_reconstruct"): lambda *arguments: StoredArray(),
            ("numpy.core.numeric", "_frombuffer"): _from_buffer,
            ("numpy._core.numeric", "_frombuffer"): _from_buffer,
            ("numpy.core.multiarray", "scalar"): _scalar,
            ("numpy._core.multiarray", "scalar"): _scalar,
            ("numpy", "dtype"): lambda code, *options: _Dtype(code),
            ("_codecs", "encode"): _encode,
        }
        return table.get((module, name))

    def persistent_load(self, identity: Any) -> _Storage:
        """A storage: ``("storage", class, key, location, count[, (view key, offset, count)])``."""
        if not isinstance(identity, tuple) or len(identity) < 5 or identity[0] != "storage":
            raise Refused("an unknown kind of reference")
        _, kind, key, _, count = identity[:5]
        if not isinstance(kind, _StorageType) or self._storage_found is None:
            raise Refused("an unknown kind of tensor")
        (count,) = _whole_numbers((count,))
        key = str(key)
        if key not in self._storages:
            self._storages[key] = _Storage(kind.code, count)
            self._storage_found(self._storages[key], key)
        whole = self._storages[key]
        view = identity[5] if len(identity) > 5 else None
        return whole if view is None else _part(whole, view)

    def _nested(self, raw: Any) -> Any:
        if not isinstance(raw, (bytes, bytearray)):
            raise Refused("a tensor without data")
        return _read(io.BytesIO(bytes(raw)), None, self._depth + 1)


def _part(whole: _Storage, view: Any) -> _Storage:
    """A storage that is a piece of another one."""
    if not isinstance(view, tuple) or len(view) != 3:
        raise Refused("an unknown kind of view")
    offset, count = _whole_numbers(view[1:])
    width = int(whole.code[-1])

    piece = _Storage(whole.code, count)

    def read() -> bytes:
        if whole.read is None:
            raise Refused("a tensor without data")
        piece.order = whole.order  # known only once the whole has been found
        return whole.read()[offset * width : (offset + count) * width]

    piece.read = read
    return piece


def _tensor(storage: Any, offset: Any, shape: Any, stride: Any, *rest: Any) -> StoredTensor:
    if not isinstance(storage, _Storage):
        raise Refused("a tensor without data")
    shape, stride = _whole_numbers(shape), _whole_numbers(stride)
    if len(shape) != len(stride):
        raise Refused("a tensor with an impossible shape")
    (first,) = _whole_numbers((offset,))
    return StoredTensor(storage, first, shape, stride)


def _parameter(data: Any, *rest: Any) -> Any:
    return data


def _from_buffer(raw: Any, dtype: Any, shape: Any, order: Any) -> StoredArray:
    result = StoredArray()
    result.__setstate__((1, shape, dtype, order == "F", raw))
    return result


def _scalar(dtype: Any, raw: Any = b"") -> StoredArray:
    return _from_buffer(raw, dtype, (), "C")


def _encode(text: Any, encoding: Any = "latin1") -> bytes:
    """How byte strings stand in pickles of protocol 2."""
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise Refused("an unknown kind of text")
    return text.encode("latin1")


def _whole_numbers(values: Any) -> tuple[int, ...]:
    """The values, if they are non-negative integers."""
    if not isinstance(values, (tuple, list)) or not all(
        type(value) is int and value >= 0 for value in values
    ):
        raise Refused("an impossible size")
    return tuple(values)
