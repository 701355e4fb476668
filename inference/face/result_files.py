"""Files that the engine makes, written whole or not at all, and read whole or not at all."""

from __future__ import annotations

import ctypes
import glob
import hashlib
import os
import platform
import shutil
import uuid
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path, PurePath
from typing import IO, Any, Final, TypeVar

import numpy as np

from .array_files import Arrays, read_arrays
from .errors import Damaged, EngineError, is_full
from .portable_names import changed_by_windows

Result = TypeVar("Result")
_WINDOWS: Final = os.name == "nt"
_SYNCHRONIZE: Final = 0x00100000
"""Windows' right to ask whether a process has ended."""
_NO_SUCH_PROCESS: Final = 87
_LARGEST_PID: Final = (1 << 32) - 1


def read_npz(
    path: str | os.PathLike[str] | IO[bytes],
    newest: int,
    what: str,
    remedy: str,
    code: str,
    read: Callable[[Mapping[str, Any]], Result],
) -> Result:
    """Make something of the arrays in an ``.npz`` file that has its format's number as ``version``.

    Args:
        path: the file, or a stream of its bytes.
        newest: the newest format that is known.
        what: what the file should be, for the sentence: "a talking animation".
        remedy: what to do with a damaged one: "generate it again".
        code: of the error, where the file is missing or damaged.
        read: makes it of the arrays by their names; what it raises for missing or wrong arrays counts as damage.

    Raises:
        EngineError: the file is missing, damaged or something else (``code``), or of a newer format (code ``newer_format``).
    """

    def checked(arrays: Arrays) -> Result:
        if int(arrays["version"]) > newest:
            raise EngineError(
                f"{path} was written by a newer version of Talking Animation: update to read it.",
                "newer_format",
            )
        return read(arrays)

    try:
        return read_arrays(path, checked)
    except FileNotFoundError as error:
        raise EngineError(f"{path} does not exist: check the path.", code) from error
    except Damaged as error:
        raise EngineError(f"{path} is not {what} or is damaged: {remedy}.", code) from error


def write_whole(path: str | os.PathLike[str], write: Callable[[IO[bytes]], object]) -> None:
    """Write a file completely or not at all: into a temporary one beside it that takes its name at the end.

    Args:
        path: the file; one of that name is replaced.
        write: told the binary stream to write to.

    Raises:
        EngineError: where the folder is missing or cannot be written to, or no file is there but a device or a pipe (code
            ``output_unwritable``).
    """
    target = Path(path)
    refuse_special(target)
    temporary = beside(target)  # known before it is there: no signal can come between
    try:
        with temporary.open("xb") as stream:
            write(stream)
        temporary.replace(target)
    except BaseException as error:
        remove_unfinished(temporary)
        if not isinstance(error, OSError):
            raise
        raise unwritable(target, error) from error


def is_special(path: Path) -> bool:
    """Whether something is there that is neither a file nor a folder, such as ``/dev/null``; a file in its place is its end."""
    return path.exists() and not path.is_file() and not path.is_dir()


def refuse_special(path: PurePath) -> None:
    """Raise EngineError (code ``output_unwritable``) where a result would take the place of a device or a pipe, or would be
    another file than its name says."""
    if changed := changed_by_windows(path):
        raise EngineError(f"The result cannot be written to {path}: {changed}.", "output_unwritable")
    path = Path(path)
    if is_special(path):
        raise EngineError(
            f"{path} is a device or a pipe, which a result would take the place of: choose a file.",
            "output_unwritable",
        )


def beside(target: Path) -> Path:
    """A hidden name beside a file for what is to take its place: `remove_left_behind` knows it."""
    return target.with_name(f"{_begun(target)}{uuid.uuid4().hex}{target.suffix}")


def remove_left_behind(target: Path) -> None:
    """Remove the hidden files and folders beside one that processes of this computer began and left behind when they were killed.

    What a process is still writing stays.
    """
    begun = _unfinished(target)
    for left in target.parent.glob(f"{glob.escape(begun)}*{glob.escape(target.suffix)}"):
        pid = left.name[len(begun) :].partition("-")[0]
        if pid.isdecimal() and not _may_be_written(left, int(pid)):
            remove_unfinished(left)


def remove_unfinished(left: Path) -> None:
    """Remove a hidden file, or a folder with all in it, as far as that can be done; it need not be there."""
    if left.is_dir():
        shutil.rmtree(left, ignore_errors=True)
    else:
        with suppress(OSError):
            left.unlink()


def _begun(target: Path) -> str:
    """How the hidden names begin of what this process is making into a file."""
    return f"{_unfinished(target)}{os.getpid()}-"


def _unfinished(target: Path) -> str:
    """The same of any process of this computer; short, for the file's own name may be as long as can be."""
    whose = f"{platform.node()} {target.name}".encode("utf-8", "surrogateescape")
    return f".unfinished-{hashlib.sha256(whose).hexdigest()[:12]}-"


def _may_be_written(left: Path, pid: int) -> bool:
    """Whether a process of this computer may still be writing a file or a folder.

    Windows lets no file go that one has open, but of a folder's files most are closed.
    """
    if _WINDOWS:
        return pid == os.getpid() or (left.is_dir() and _runs_on_windows(pid))
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _runs_on_windows(pid: int, windows: Any = None) -> bool:
    """Whether a process of that number runs, or may run; there `os.kill` would end it.

    Args:
        pid: its number.
        windows: what `ctypes` is there, by default.
    """
    windows = windows or ctypes
    if pid > _LARGEST_PID:
        return False
    try:
        kernel = windows.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        process = kernel.OpenProcess(_SYNCHRONIZE, False, pid)
        if not process:
            return bool(windows.get_last_error() != _NO_SUCH_PROCESS)
        handle = ctypes.c_void_p(process)
        try:
            return bool(
                kernel.WaitForSingleObject(handle, 0) != 0
            )  # 0: it has ended, and only its number is left
        finally:
            kernel.CloseHandle(handle)
    except (AttributeError, OSError):  # nobody tells: it may
        return True


def unwritable(target: Path, error: OSError) -> EngineError:
    """What a person is told where a result cannot be written (code ``output_unwritable``)."""
    reason = error.strerror or str(error)
    remedy = "choose a folder that you may write to"
    if is_full(error):
        remedy = "make room on the disk, or choose another one"
    return EngineError(f"The result cannot be written to {target} ({reason}): {remedy}.", "output_unwritable")


def write_npz(stream: IO[bytes], arrays: dict[str, Any], level: int | None) -> None:
    """`numpy.savez_compressed` with fixed time stamps, so that the same animation has the same bytes."""
    write_array: Callable[..., None] = np.lib.format.write_array
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            # The archive's own level is not for entries of one's own; Python 3.13 kept this name for its public `compress_level`.
            entry._compresslevel = level  # type: ignore[attr-defined]
            with archive.open(entry, "w", force_zip64=True) as member:
                write_array(member, np.asanyarray(array), allow_pickle=False)
