"""Reads ``torch.save`` files and plain pickles of arrays without ever running what is in them. numpy only.

A pickle is a small program: loading one with `pickle.load` or an unrestricted ``torch.load`` can do anything. Here every
name in it is looked up in one table (`_Unpickler._callable`) that knows how tensors, numpy arrays and ordered dictionaries
are put together (`stored`); every other name becomes an `Inert` object that ignores whatever it is told. So
optimizer objects, modules and the like inside a checkpoint neither disturb nor act.

Three containers are known (they follow from ``torch/serialization.py``'s published behaviour):

* the zip of torch 1.6 and later: ``NAME/data.pkl``, ``NAME/data/KEY`` (raw storage bytes), ``NAME/byteorder``;
* the stream of older torch: four pickles (magic number, protocol, system, object), a pickled list of storage keys, then
  each storage as an int64 count and its raw bytes;
* a plain pickle, in which a tensor's storage is itself such a stream within a byte string.

Tensors stay where they are in the file until `StoredTensor.array` is called: a checkpoint with optimizer moments costs no
more memory than the weights that are wanted from it.

Few bytes can also ask for gigabytes, so nothing is loaded before `Survey` has gone through the opcodes once. The memory is
held to a small multiple of the file:

* lengths lie within the data, memo indices near the number of objects, opcodes and calls within `_STEPS`;
* what calls copy (byte strings, ordered dictionaries, pickles within byte strings) is paid from one `Budget`;
* the members of a zip are stored as they are, as torch writes them, and together not larger than the file;
* arrays are at most `_COPIES` times their data and `SPARE`.
"""

from __future__ import annotations

import io
import os
import pickle
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NoReturn, cast

import numpy as np

from ..errors import EngineError
from ..face.input_files import ordinary
from .pickle_survey import Budget, Survey, length_of
from .stored import (
    SPARE,
    STORAGE_TYPES,
    Dictionary,
    Dtype,
    Inert,
    Refused,
    Storage,
    StorageType,
    StoredArray,
    StoredTensor,
    from_buffer,
    parameter,
    part_of,
    scalar,
    tensor,
    whole_numbers,
)

_STREAM_MAGIC = 0x1950A86A20F9469CFC6C
_STREAM_PROTOCOL = 1001
_DEEPEST = 2  # pickles within byte strings within pickles
_STEPS = 1 << 20  # opcodes of a file, the dear ones counted several times: some 10,000 tensors
_LARGEST_DIRECTORY = 1 << 22  # bytes of a zip's list of members: some 40,000 tensors
_COPIES = 4  # how many times the same data may be wanted


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
    with _told(path), ordinary(path).open("rb") as stream:
        return _read(stream, path, 0, Budget(_STEPS, _COPIES * length_of(stream) + SPARE))


def arrays(entries: Any, path: str | os.PathLike[str]) -> dict[str, np.ndarray]:
    """The arrays of a dictionary that `read_container` returned, by name; what is no array is left out.

    Raises:
        EngineError: one of them is damaged, or they are far larger than their data (code ``bad_weights``).
    """
    by_name: dict[str, np.ndarray] = {}
    if not isinstance(entries, Mapping):
        return by_name
    allowed = SPARE
    counted: set[int] = set()
    with _told(Path(path)):
        for name, value in entries.items():
            if isinstance(name, str) and isinstance(value, (StoredTensor, StoredArray)):
                source, held, taken = value.extent()
                allowed += (0 if source in counted else _COPIES * held) - taken
                counted.add(source)
                if allowed < 0:
                    raise Refused("its arrays are far larger than its data")
                by_name[name] = value.array()
    return by_name


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


def _read(stream: IO[bytes], path: Path | None, depth: int, budget: Budget) -> Any:
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
    budget: Budget,
    storage_found: Callable[[Storage, str], None] | None = None,
) -> Any:
    """The next pickle of the stream; see `_Unpickler`."""
    Survey(stream, budget).run()
    return _Unpickler(stream, depth, budget, storage_found).load()


def _read_zip(stream: IO[bytes], path: Path | None, depth: int, budget: Budget) -> Any:
    archive = _Archive(stream, path)
    main = next((name for name in archive.entries if name.endswith("/data.pkl")), None)
    if main is None:
        raise Refused("a zip without a data.pkl")
    root = main[: -len("data.pkl")]
    big = root + "byteorder" in archive.entries and archive.member(root + "byteorder")() == b"big"
    program = archive.member(main)()

    def find(storage: Storage, key: str) -> None:
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
        self._end = self._left = length_of(stream)
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


def _read_stream(stream: IO[bytes], path: Path | None, depth: int, budget: Budget) -> Any:
    if _load(stream, depth, budget) != _STREAM_PROTOCOL:
        raise Refused("an unknown version of torch's format")
    system = _load(stream, depth, budget)
    little = not isinstance(system, Mapping) or system.get("little_endian", True)
    storages: dict[str, Storage] = {}

    def remember(storage: Storage, key: str) -> None:
        storages[key] = storage

    result = _load(stream, depth, budget, remember)
    keys = _load(stream, depth, budget)
    if not isinstance(keys, list) or {_key(key) for key in keys} - set(storages):
        raise Refused("its list of tensors is damaged")
    end = length_of(stream)
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
        budget: Budget,
        storage_found: Callable[[Storage, str], None] | None,
    ) -> None:
        # latin1 keeps the bytes of arrays that Python 2 wrote as text.
        super().__init__(stream, fix_imports=False, encoding="latin1")
        self._depth, self._budget = depth, budget
        self._storage_found = storage_found
        self._storages: dict[str, Storage] = {}
        self._parts: dict[tuple[str, int, int], Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        """The known parts of arrays, and the inert class for every other name. Nothing is ever imported."""
        if module in ("torch", "torch.cuda", "torch.storage") and name in STORAGE_TYPES:
            return StorageType(STORAGE_TYPES[name])
        known = self._callable(module, name)
        return _Call(known) if known is not None else Inert

    def _callable(self, module: str, name: str) -> Callable[..., Any] | None:
        table: dict[tuple[str, str], Callable[..., Any]] = {
            ("collections", "OrderedDict"): self._ordered,
            ("torch", "Size"): whole_numbers,
            ("torch._utils", "_rebuild_tensor"): tensor,
            ("torch._utils", "_rebuild_tensor_v2"): tensor,
            ("torch._utils", "_rebuild_parameter"): parameter,
            ("torch._utils", "_rebuild_parameter_with_state"): parameter,
            ("torch.storage", "_load_from_bytes"): self._nested,
            ("numpy.core.multiarray", "_reconstruct"): lambda *arguments: StoredArray(),
            ("numpy._core.multiarray", "_reconstruct"): lambda *arguments: StoredArray(),
            ("numpy.core.numeric", "_frombuffer"): from_buffer,
            ("numpy._core.numeric", "_frombuffer"): from_buffer,
            ("numpy.core.multiarray", "scalar"): scalar,
            ("numpy._core.multiarray", "scalar"): scalar,
            ("numpy", "dtype"): Dtype,
            ("_codecs", "encode"): self._encode,
        }
        return table.get((module, name))

    def persistent_load(self, identity: Any) -> Storage:
        """A storage: ``("storage", class, key, location, count[, (view key, offset, count)])``."""
        if not isinstance(identity, tuple) or len(identity) < 5 or identity[0] != "storage":
            raise Refused("an unknown kind of reference")
        _, kind, key, _, count = identity[:5]
        if not isinstance(kind, StorageType) or self._storage_found is None:
            raise Refused("an unknown kind of tensor")
        (count,) = whole_numbers((count,))
        key = _key(key)
        if key not in self._storages:
            self._storages[key] = Storage(kind.code, count)
            self._storage_found(self._storages[key], key)
        whole = self._storages[key]
        view = identity[5] if len(identity) > 5 else None
        if view is None:
            return whole
        if not isinstance(view, tuple) or len(view) != 3:
            raise Refused("an unknown kind of view")
        first, count = whole_numbers(view[1:])
        if (key, first, count) not in self._parts:
            self._parts[key, first, count] = part_of(whole, first, count)
        return self._parts[key, first, count]

    def _nested(self, raw: Any) -> Storage:
        if not isinstance(raw, (bytes, bytearray)):
            raise Refused("a tensor without data")
        self._budget.spend(copied=len(raw))
        storage = _read(io.BytesIO(bytes(raw)), None, self._depth + 1, self._budget)
        if not isinstance(storage, Storage):
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
