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

Few bytes can also ask for gigabytes, so nothing is loaded before `_Survey` has gone through the opcodes once. The memory is
held to a small multiple of the file:

* lengths lie within the data, memo indices near the number of objects, opcodes and calls within `_STEPS`;
* what calls copy (byte strings, ordered dictionaries, pickles within byte strings) is paid from one `_Budget`;
* the members of a zip are stored as they are, as torch writes them, and together not larger than the file;
* arrays are at most `_COPIES` times their data and `_SPARE`.
"""

from __future__ import annotations

import io
import math
import os
import pickle
import pickletools
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn, cast

import numpy as np

from ..errors import EngineError

_STREAM_MAGIC = 0x1950A86A20F9469CFC6C
_STREAM_PROTOCOL = 1001
_DEEPEST = 2  # pickles within byte strings within pickles
_STEPS = 1 << 20  # opcodes of a file, the dear ones counted several times: some 10,000 tensors
_MEMO_MARGIN = (
    1 << 16
)  # how far a memo index may lie beyond the number of objects put there: some writers leave gaps
_LONGEST_NUMBER = 1024  # bytes of a whole number, characters of a number or a name
_HEAVIEST_KEY = 200  # values in a key's tuples within tuples: hashing them recurses without a limit
_MOST_DIMENSIONS = 64
_LARGEST_DIRECTORY = 1 << 22  # bytes of a zip's list of members: some 40,000 tensors
_COPIES = 4  # how many times the same data may be wanted
_SPARE = 1 << 24  # bytes that a file may ask for whatever its size: stride 0 blows few numbers up to many

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


@dataclass
class _Budget:
    """What is left to one file, with all that is nested in it.

    Attributes:
        steps: opcodes.
        copied: bytes that calls make of other bytes.
    """

    steps: int
    copied: int

    def spend(self, steps: int = 0, copied: int = 0) -> None:
        """Take that away; refused where it is more than is left."""
        self.steps -= steps
        self.copied -= copied
        if self.steps < 0:
            raise Refused("it has more steps than a checkpoint takes")
        if self.copied < 0:
            raise Refused("it copies its data again and again")


class _Fixed:
    """What a pickle may hand around but not change: BUILD would otherwise set any attribute."""

    def __setstate__(self, state: Any) -> None:
        pass


class _Storage(_Fixed):
    """A run of numbers in the file, read when asked for.

    Args:
        code: a value of `_STORAGE_TYPES`.
        count: how many numbers.
        whole: the storage that it is a piece of, if it is one.

    Attributes:
        read: returns the raw bytes; None until the reader has found where they lie.
        order: of the bytes in a number, ``<`` or ``>``.
    """

    def __init__(self, code: str, count: int, whole: _Storage | None = None) -> None:
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
class StoredTensor(_Fixed):
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
        if self.offset + span >= len(numbers) or wanted > numbers.nbytes + _SPARE:
            raise Refused("a tensor is larger than its data")
        view = np.lib.stride_tricks.as_strided(
            numbers[self.offset :], self.shape, [step * numbers.itemsize for step in self.stride]
        )
        return np.array(view, dtype=numbers.dtype.newbyteorder("="))


class _Dtype:
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
class _StorageType(_Fixed):
    code: str


def read_container(path: str | os.PathLike[str]) -> Any:
    """Read a ``torch.save`` file of any age, or a plain pickle.

    Args:
        path: the file; it is opened again for every tensor whose `StoredTensor.array` is called.

    Returns:
        What was saved: dictionaries, lists, tuples, texts and numbers, with `StoredTensor` and `StoredArray` for arrays
        and `Inert` for everything else.

    Raises:
        EngineError: it is missing, damaged, no such file, or asks for far more memory than it holds data (code
            ``bad_weights``).
    """
    path = Path(path)
    with _told(path), path.open("rb") as stream:
        return _read(stream, path, 0, _Budget(_STEPS, _COPIES * _length(stream) + _SPARE))


def arrays(entries: Any, path: str | os.PathLike[str]) -> dict[str, np.ndarray]:
    """The arrays of a dictionary that `read_container` returned, by name; what is no array is left out.

    Raises:
        EngineError: one of them is damaged, or they are far larger than their data (code ``bad_weights``).
    """
    found: dict[str, np.ndarray] = {}
    if not isinstance(entries, Mapping):
        return found
    allowed = _SPARE
    counted: set[int] = set()
    with _told(Path(path)):
        for name, value in entries.items():
            if isinstance(name, str) and isinstance(value, (StoredTensor, StoredArray)):
                source, held, taken = value.extent()
                allowed += (0 if source in counted else _COPIES * held) - taken
                counted.add(source)
                if allowed < 0:
                    raise Refused("its arrays are far larger than its data")
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
        raise _damaged(path, "what it holds cannot be put together") from error


def _damaged(path: Path, reason: str) -> EngineError:
    return EngineError(f"{path} cannot be used ({reason}): download it again.", "bad_weights")


def _length(stream: IO[bytes]) -> int:
    """Bytes of the whole stream, which stays where it is."""
    here = stream.tell()
    end = stream.seek(0, os.SEEK_END)
    stream.seek(here)
    return end


def _read(stream: IO[bytes], path: Path | None, depth: int, budget: _Budget) -> Any:
    """What was saved in a container of any of the three kinds.

    Args:
        stream: seekable, at its start.
        path: the file behind the stream, or None for one in memory.
        depth: how many containers this one is inside of.
        budget: what is left to the file.
    """
    if depth > _DEEPEST:
        raise Refused("pickles within pickles")
    start = stream.read(4)
    stream.seek(0)
    if start == b"PK\x03\x04":
        return _read_zip(stream, path, depth, budget)
    first = _load(stream, depth, budget)
    if first == _STREAM_MAGIC:
        return _read_stream(stream, path, depth, budget)
    return first


def _load(
    stream: IO[bytes],
    depth: int,
    budget: _Budget,
    storage_found: Callable[[_Storage, str], None] | None = None,
) -> Any:
    """The next pickle of the stream; see `_Unpickler`."""
    _Survey(stream, budget).run()
    return _Unpickler(stream, depth, budget, storage_found).load()


def _read_zip(stream: IO[bytes], path: Path | None, depth: int, budget: _Budget) -> Any:
    archive = _Archive(stream, path)
    main = next((name for name in archive.entries if name.endswith("/data.pkl")), None)
    if main is None:
        raise Refused("a zip without a data.pkl")
    root = main[: -len("data.pkl")]
    big = root + "byteorder" in archive.entries and archive.member(root + "byteorder")() == b"big"
    program = archive.member(main)()

    def find(storage: _Storage, key: str) -> None:
        storage.order = ">" if big else "<"
        storage.read = archive.member(f"{root}data/{key}", storage.size)

    return _load(io.BytesIO(program), depth, budget, find)


class _Directory:
    """A zip file of which `zipfile` sees no more than a list of members of a usual length."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.tell = stream.tell

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        """As of a file; a damaged directory may lie before its start."""
        if whence == os.SEEK_SET and place < 0:
            raise zipfile.BadZipFile
        return self._stream.seek(place, whence)

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        if size > _LARGEST_DIRECTORY:
            raise Refused("a zip of more members than a checkpoint has")
        return self._stream.read(size if size >= 0 else _LARGEST_DIRECTORY)


class _Archive:
    """Where the members of a zip lie. They are read from there without `zipfile`, which would inflate them.

    Args:
        stream: seekable.
        path: the file behind the stream, or None for one in memory.
    """

    def __init__(self, stream: IO[bytes], path: Path | None) -> None:
        self._stream, self._path = stream, path
        self._end = self._left = _length(stream)
        with zipfile.ZipFile(cast(IO[bytes], _Directory(stream))) as archive:
            self.entries = {entry.filename: entry for entry in archive.infolist()}

    def member(self, name: str, size: int | None = None) -> Callable[[], bytes]:
        """Reads a member.

        Args:
            name: of the member.
            size: how many bytes it must have; None for any number.

        Raises:
            Refused: there is none of that size, it is compressed, or shares its bytes with others.
        """
        entry = self.entries.get(name)
        if entry is None or size not in (None, entry.file_size):
            raise Refused("it is cut short")
        if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
            raise Refused("a zip that is compressed, which torch never does")
        if entry.header_offset < 0:
            raise zipfile.BadZipFile
        self._stream.seek(entry.header_offset)
        header = self._stream.read(30)
        if len(header) != 30 or header[:4] != b"PK\x03\x04":
            raise zipfile.BadZipFile
        # The lengths of the name and of what is added to it.
        place = (
            entry.header_offset + 30 + sum(int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
        )
        self._left -= entry.file_size
        if place + entry.file_size > self._end or self._left < 0:
            raise Refused("a zip that claims more than it holds")
        return _piece(self._stream, self._path, place, entry.file_size, entry.CRC)


def _read_stream(stream: IO[bytes], path: Path | None, depth: int, budget: _Budget) -> Any:
    if _load(stream, depth, budget) != _STREAM_PROTOCOL:
        raise Refused("an unknown version of torch's format")
    system = _load(stream, depth, budget)
    little = not isinstance(system, Mapping) or system.get("little_endian", True)
    storages: dict[str, _Storage] = {}

    def remember(storage: _Storage, key: str) -> None:
        storages[key] = storage

    result = _load(stream, depth, budget, remember)
    keys = _load(stream, depth, budget)
    if not isinstance(keys, list) or {_key(key) for key in keys} - set(storages):
        raise Refused("its list of tensors is damaged")
    end = _length(stream)
    for key in map(_key, keys):
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


def _key(key: Any) -> str:
    """The name of a storage. Nothing but texts and numbers is written out: tuples of tuples grow without end."""
    if not isinstance(key, (str, int)):
        raise Refused("an unknown kind of name")
    return str(key)


def _piece(
    stream: IO[bytes], path: Path | None, place: int, size: int, check: int | None = None
) -> Callable[[], bytes]:
    """Reads so many bytes from there; `check` is their CRC-32."""

    def read() -> bytes:
        if path is None:
            stream.seek(place)
            raw = stream.read(size)
        else:
            with path.open("rb") as again:
                again.seek(place)
                raw = again.read(size)
        if check is not None and zlib.crc32(raw) != check:
            raise Refused("it is damaged")
        return raw

    return read


@dataclass(frozen=True, slots=True)
class _Opcode:
    """What the survey needs to know of an opcode.

    Attributes:
        name: as in `pickletools`.
        argument: bytes that follow, or one of the negative numbers of `pickletools` for other kinds.
        lines: lines that follow.
        below: how many values it takes; with `to_mark`, those under the mark.
        to_mark: whether it takes everything down to the mark.
        pushed: how many values it leaves.
        price: steps.
        simple: whether it does nothing but push one new value.
        sums: whether what it leaves may hold all that it takes: tuples, and calls, which may return what they were given.
        keeps: whether what it leaves is the lowest of what it takes.
    """

    name: str
    argument: int
    lines: int
    below: int
    to_mark: bool
    pushed: int
    price: int
    simple: bool
    sums: bool
    keeps: bool


# The registry of extensions hands out objects of the running program; there are no buffers beside a file.
_UNKNOWN = {"EXT1", "EXT2", "EXT4", "NEXT_BUFFER", "READONLY_BUFFER"}
_CALLS = {"REDUCE", "OBJ", "INST"}
_PUTS = {"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"}
_GETS = {"GET", "BINGET", "LONG_BINGET"}
_HASHING = {"SETITEM", "SETITEMS", "DICT", "ADDITEMS", "FROZENSET"}
# What takes far more memory than a number does.
_DEAR = {
    "EMPTY_SET", "FROZENSET", "GLOBAL", "STACK_GLOBAL", "REDUCE", "OBJ", "INST", "NEWOBJ", "NEWOBJ_EX", "BINPERSID",
}  # fmt: skip


def _opcodes() -> dict[bytes, _Opcode]:
    table = {}
    for known in pickletools.opcodes:
        argument = known.arg.n if known.arg is not None else 0
        before, after = known.stack_before, known.stack_after
        to_mark = pickletools.markobject in before
        # What lies on the mark stands as the mark and a slice; OBJ names its class besides.
        below = before.index(pickletools.markobject) if to_mark else len(before)
        name = known.name
        table[known.code.encode("latin1")] = _Opcode(
            name,
            argument,
            (2 if name in ("GLOBAL", "INST") else 1) if argument == pickletools.UP_TO_NEWLINE else 0,
            below,
            to_mark,
            len(after),
            price=4 if name in _DEAR else 2 if name in ("EMPTY_LIST", "EMPTY_DICT") else 1,
            simple=not before and len(after) == 1 and name not in _GETS and name != "MARK",
            sums=name.startswith("TUPLE") or name in _CALLS,
            keeps=below > 0 and name not in ("BINPERSID", "STACK_GLOBAL"),
        )
    return {code: opcode for code, opcode in table.items() if opcode.name not in _UNKNOWN}


_OPCODES = _opcodes()
_LENGTHS = {
    pickletools.TAKEN_FROM_ARGUMENT1: (1, False),
    pickletools.TAKEN_FROM_ARGUMENT4: (4, True),
    pickletools.TAKEN_FROM_ARGUMENT4U: (4, False),
    pickletools.TAKEN_FROM_ARGUMENT8U: (8, False),
}


class _Survey:
    """Goes through the opcodes of a pickle and makes nothing of them, so that `pickle` meets only what it can afford.

    The stack is followed as one byte a value: its weight, the number of values in it if it is a tuple of tuples (255 stands
    for more), or 0 for a mark.

    Args:
        stream: at the pickle's first byte, and there again after `run`.
        budget: what is left to the file.
    """

    def __init__(self, stream: IO[bytes], budget: _Budget) -> None:
        self._stream, self._budget = stream, budget
        self._end = _length(stream)
        self._stack = bytearray()
        self._memo = bytearray()  # weights; 0 where nothing was put
        self._memoised = 0

    def run(self) -> None:
        """Check one pickle.

        Raises:
            Refused: it asks for more memory than its data could need.
            EOFError, pickle.UnpicklingError: it is no whole pickle.
        """
        start = self._stream.tell()
        steps, most = 0, self._budget.steps
        read, push = self._stream.read, self._stack.append
        code = b""
        while code != b".":
            code = read(1)
            opcode = _OPCODES.get(code)
            if opcode is None:
                raise pickle.UnpicklingError if code else EOFError
            steps += opcode.price
            if steps > most:
                break
            number = self._argument(opcode) if opcode.argument else self._memoised
            if opcode.simple:
                push(1)
            elif opcode.name in _PUTS:
                self._put(number)
            elif opcode.name in _GETS:
                self._get(number)
            else:
                self._move(opcode)
        self._budget.spend(steps)
        self._stream.seek(start)

    def _argument(self, opcode: _Opcode) -> int:
        """Pass over what follows; returns it where it is a number of a fixed width or a memo index."""
        if opcode.lines:
            return self._lines(opcode)
        if opcode.argument >= 0:
            number = int.from_bytes(self._bytes(opcode.argument), "little")
            if opcode.name == "FRAME" and number > self._end - self._stream.tell():
                raise EOFError
            return number
        width, signed = _LENGTHS[opcode.argument]
        length = int.from_bytes(self._bytes(width), "little", signed=signed)
        if length < 0:
            raise pickle.UnpicklingError
        if length > self._end - self._stream.tell():
            raise EOFError
        if opcode.name == "LONG4" and length > _LONGEST_NUMBER:
            raise Refused("a number of more digits than a checkpoint has")
        self._stream.seek(length, os.SEEK_CUR)
        return 0

    def _bytes(self, count: int) -> bytes:
        raw = self._stream.read(count)
        if len(raw) != count:
            raise EOFError
        return raw

    def _lines(self, opcode: _Opcode) -> int:
        text = opcode.name in ("STRING", "UNICODE", "PERSID")
        for _ in range(opcode.lines):
            line = self._stream.readline(_LONGEST_NUMBER)
            while text and line and not line.endswith(b"\n"):
                line = self._stream.readline(1 << 16)
            if not line.endswith(b"\n"):
                if len(line) < _LONGEST_NUMBER:
                    raise EOFError
                raise Refused("a number or name of more characters than a checkpoint has")
        if opcode.name not in ("PUT", "GET"):
            return 0
        try:
            return int(line)
        except ValueError:
            raise pickle.UnpicklingError from None

    def _put(self, index: int) -> None:
        if not self._stack or not self._stack[-1] or index < 0:
            raise pickle.UnpicklingError
        if index > self._memoised + _MEMO_MARGIN:
            raise Refused("it numbers an object far beyond those that it holds")
        if index >= len(self._memo):
            self._memo.extend(bytes(index + 1 - len(self._memo)))
        # As pickle counts: objects, not opcodes.
        self._memoised += not self._memo[index]
        self._memo[index] = self._stack[-1]

    def _get(self, index: int) -> None:
        if not 0 <= index < len(self._memo) or not self._memo[index]:
            raise pickle.UnpicklingError
        self._stack.append(self._memo[index])

    def _move(self, opcode: _Opcode) -> None:
        """What the opcode does to the stack."""
        stack = self._stack
        if opcode.name == "MARK":
            stack.append(0)
            return
        if opcode.name == "POP" and stack:  # takes a mark as well
            stack.pop()
            return
        mark = stack.rfind(b"\0") if opcode.to_mark else len(stack)
        first = mark - opcode.below
        taken = stack[first:] if first >= 0 else b""
        # Of what lies under the mark none may be a mark itself.
        if mark < 0 or first < 0 or 0 in taken[: opcode.below]:
            raise pickle.UnpicklingError
        if opcode.name in _HASHING and max(_keys(opcode, taken), default=0) > _HEAVIEST_KEY:
            raise Refused("a key of tuples within tuples")
        del stack[first:]
        if opcode.sums:
            stack.append(min(255, 1 + sum(taken)))
        elif opcode.pushed:
            stack.extend((taken[0] if opcode.keeps else 1,) * opcode.pushed)


def _keys(opcode: _Opcode, taken: bytes | bytearray) -> bytes | bytearray:
    """The weights of what an opcode of `_HASHING` hashes, of those that it takes."""
    if opcode.name == "SETITEM":
        return taken[1:2]
    if opcode.name in ("SETITEMS", "DICT"):
        return taken[opcode.below + 1 :: 2]
    return taken[opcode.below :]


class _Unpickler(pickle.Unpickler):
    """Runs a pickle in a world that has nothing but the parts of arrays.

    Args:
        stream: at the pickle's first byte; left after its last.
        depth, budget: see `_read`.
        storage_found: told about each storage and its key in the container.
    """

    def __init__(
        self,
        stream: IO[bytes],
        depth: int,
        budget: _Budget,
        storage_found: Callable[[_Storage, str], None] | None,
    ) -> None:
        # latin1 keeps the bytes of arrays that Python 2 wrote as text.
        super().__init__(stream, fix_imports=False, encoding="latin1")
        self._depth, self._budget = depth, budget
        self._storage_found = storage_found
        self._storages: dict[str, _Storage] = {}
        self._parts: dict[tuple[str, int, int], _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        """The known parts of arrays, and the inert class for every other name. Nothing is ever imported."""
        if module in ("torch", "torch.cuda", "torch.storage") and name in _STORAGE_TYPES:
            return _StorageType(_STORAGE_TYPES[name])
        known = self._callable(module, name)
        return _Call(known) if known is not None else Inert

    def _callable(self, module: str, name: str) -> Callable[..., Any] | None:
        table: dict[tuple[str, str], Callable[..., Any]] = {
            ("collections", "OrderedDict"): self._ordered,
            ("torch", "Size"): _whole_numbers,
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
            ("numpy", "dtype"): _Dtype,
            ("_codecs", "encode"): self._encode,
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
        key = _key(key)
        if key not in self._storages:
            self._storages[key] = _Storage(kind.code, count)
            self._storage_found(self._storages[key], key)
        whole = self._storages[key]
        view = identity[5] if len(identity) > 5 else None
        if view is None:
            return whole
        if not isinstance(view, tuple) or len(view) != 3:
            raise Refused("an unknown kind of view")
        first, count = _whole_numbers(view[1:])
        if (key, first, count) not in self._parts:
            self._parts[key, first, count] = _part(whole, first, count)
        return self._parts[key, first, count]

    def _nested(self, raw: Any) -> _Storage:
        if not isinstance(raw, (bytes, bytearray)):
            raise Refused("a tensor without data")
        self._budget.spend(copied=len(raw))
        storage = _read(io.BytesIO(bytes(raw)), None, self._depth + 1, self._budget)
        if not isinstance(storage, _Storage):
            raise Refused("a tensor without data")
        return storage

    def _ordered(self, pairs: Any = ()) -> Dictionary:
        """An ordered dictionary, which Python 2 wrote as a list of pairs."""
        if not isinstance(pairs, (list, tuple)):
            raise Refused("an unknown kind of dictionary")
        self._budget.spend(2 * len(pairs))
        result = Dictionary()
        for key, value in pairs:
            if not isinstance(key, (str, bytes, int, float)):
                raise Refused("an unknown kind of name")
            result[key] = value
        return result

    def _encode(self, text: Any, encoding: Any = "latin1") -> bytes:
        """How byte strings stand in pickles of protocol 2."""
        if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
            raise Refused("an unknown kind of text")
        self._budget.spend(copied=len(text))
        return text.encode("latin1")


def _part(whole: _Storage, first: int, count: int) -> _Storage:
    """A storage that is a piece of another one."""
    if first + count > whole.count:
        raise Refused("a tensor is larger than its data")
    width = int(whole.code[-1])

    piece = _Storage(whole.code, count, whole)

    def read() -> bytes:
        if whole.read is None:
            raise Refused("a tensor without data")
        piece.order = whole.order  # known only once the whole has been found
        return whole.read()[first * width : (first + count) * width]

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


def _whole_numbers(values: Any) -> tuple[int, ...]:
    """The values, if they are few and non-negative integers."""
    if (
        not isinstance(values, (tuple, list))
        or len(values) > _MOST_DIMENSIONS
        or not all(type(value) is int and 0 <= value < 1 << 63 for value in values)
    ):
        raise Refused("an impossible size")
    return tuple(values)
