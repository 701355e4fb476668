"""``.npz`` archives that anybody may have made, damaged or not, read so that none takes the machine down.

Whoever reads such a file says what it should be; whatever goes wrong within becomes `Damaged`, for a sentence.
"""

from __future__ import annotations

import os
import tokenize
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from .errors import Damaged, EngineError
from .input_files import ordinary

Result = TypeVar("Result")


class Arrays(Mapping[str, NDArray[Any]]):
    """The arrays of an ``.npz`` file, each read when it is asked for, and only where as much data lies there as it promises.

    Else a header of a hundred bytes asks for all memory that there is.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.removesuffix(".npy"): name for name in archive.namelist()}

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:  # a Mapping's own would read the array
        return name in self._names

    def __getitem__(self, name: str) -> NDArray[Any]:
        member = self._names[name]
        with self._archive.open(member) as stream:
            return read_array(stream, self._archive.getinfo(member).file_size)


def read_array(stream: IO[bytes], size: int) -> NDArray[Any]:
    """The array in a stream that can seek, of so many bytes.

    Raises:
        Damaged: where it promises more than they hold.
        ValueError: where it is none, or one of Python's objects.
    """
    read_magic: Callable[..., Any] = np.lib.format.read_magic
    version = read_magic(stream)
    if version not in ((1, 0), (2, 0)):
        raise Damaged(f"an array of format {version}")
    read_header: Callable[..., Any] = (
        np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    )
    try:
        shape, _, kind = read_header(stream)
    except (SyntaxError, tokenize.TokenError) as error:  # numpy reads it as Python's
        raise ValueError("no array's header") from error
    count = 1
    for length in shape:
        count *= length
    if min(shape, default=0) < 0 or stream.tell() + count * kind.itemsize != size:
        raise Damaged(f"an array of {shape} {kind} in {size} bytes")
    stream.seek(0)
    read: Callable[..., NDArray[Any]] = np.lib.format.read_array
    return read(stream, allow_pickle=False)


def read_arrays(path: str | os.PathLike[str] | IO[bytes], read: Callable[[Arrays], Result]) -> Result:
    """Make something of the arrays in an ``.npz`` file.

    Args:
        path: the file, or a stream of its bytes.
        read: makes it of the arrays by their names.

    Raises:
        FileNotFoundError: there is no such file.
        EngineError: raised by ``read``.
        Damaged: it is no such file, cannot be read, or holds something else than ``read`` wants.
    """
    try:
        with zipfile.ZipFile(path if hasattr(path, "read") else ordinary(path)) as archive:
            return read(Arrays(archive))
    except (FileNotFoundError, EngineError):
        raise
    except Exception as error:
        # An archive is damaged in as many ways as zip, deflate, numpy's headers and those who read the arrays have exceptions.
        raise Damaged(repr(error)) from error
