# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of generated motion: one `FaceAnimation` file for each recording and choice of settings.

With it a dial acts at once, and the same request again needs no engine.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from ..contract.input_files import ordinary
from ..errors import TalkingAnimationError
from ..host import temporary_files

# Motion, motion fitted to a character's own shapes, and whole scenes' performances: hexadecimal digests.
_OURS = re.compile(r"^[0-9a-f]{40}(-[0-9a-f]+)?\.npz$")


_PROBE_BYTES = 1 << 20  # a disk without so much room has none for motion either
_stand_in: Path | None = None


@dataclass(frozen=True)
class Place:
    """Where motion is kept.

    Attributes:
        folder: an existing folder.
        warning: a sentence where it is not the folder that was chosen, else "".
    """

    folder: Path
    warning: str = ""


@dataclass(frozen=True)
class Kept:
    """Where motion was put.

    Attributes:
        path: its file.
        warning: a sentence where that is not in the cache, else "".
    """

    path: Path
    warning: str = ""


def place(chosen: str = "") -> Place:
    """The cache folder where it can be written to, else a temporary one that serves as long as Blender runs.

    Args:
        chosen: see `folder`.

    Raises:
        TalkingAnimationError: where there is no room for temporary files either.
    """
    try:
        path = folder(chosen)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(bytes(_PROBE_BYTES))
        return Place(path)
    except TalkingAnimationError as error:
        problem = str(error)
    except OSError as error:
        problem = _unwritable(path, error)
    return Place(_temporary(), _kept_aside(problem))


def _kept_aside(problem: str) -> str:
    return f"{problem.removesuffix('.')}; until Blender is closed, motion is kept in a temporary folder."


def _temporary() -> Path:
    global _stand_in
    if _stand_in is None or not _stand_in.is_dir():
        _stand_in = temporary_folder()
    return _stand_in


def temporary_folder() -> Path:
    """A new folder for temporary files.

    Raises:
        TalkingAnimationError: where none can be made.
    """
    try:
        return temporary_files.new_folder()
    except OSError as error:
        raise TalkingAnimationError(
            f"There is no room for temporary files ({error.strerror or error}): make some, or choose another folder for them "
            "in Blender's preferences (File Paths) or by TMPDIR."
        ) from error


def _unwritable(path: Path, error: OSError | None = None) -> str:
    reason = f" ({error.strerror or error})" if error is not None else ""
    return f"The cache folder '{path}' cannot be written to{reason}: choose another one in the add-on's preferences."


def folder(chosen: str = "") -> Path:
    """The cache folder, made where it is missing.

    Args:
        chosen: the folder from the preferences; "" for Blender's own folder for a user's data files.

    Raises:
        TalkingAnimationError: where it cannot be made or written to.
    """
    if chosen:
        path = Path(os.path.abspath(bpy.path.abspath(chosen)))
    else:
        path = Path(bpy.utils.user_resource("DATAFILES", path="talking_animation"))
    try:
        path.mkdir(parents=True, exist_ok=True)
        writable = os.access(path, os.W_OK)
    except (OSError, ValueError):  # such as a NUL in its name
        writable = False
    if not writable or not path.is_absolute():  # a relative one where the system knows no home
        raise TalkingAnimationError(_unwritable(path))
    return path


def lasting_path(path: Path, chosen: str) -> str:
    """The path of a file in the cache as it is to be remembered: relative to the .blend file where the folder was chosen so.

    Args:
        path: the file.
        chosen: see `folder`.
    """
    if chosen.startswith("//") and path.parent == Path(os.path.abspath(bpy.path.abspath(chosen))):
        return f"{chosen.rstrip('/')}/{path.name}" if chosen.strip("/") else f"//{path.name}"
    return str(path)


def file_for(path: Path, **what: Any) -> Path:
    """The file for a request: its name is the SHA-256 of everything that decides the motion."""
    text = json.dumps(what, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
    return path / f"{digest[:40]}.npz"


def has(path: Path) -> bool:
    """Whether motion is kept in a file, whole; one that was damaged or cut short counts as none, so that it is made again."""
    try:
        with zipfile.ZipFile(ordinary(path)) as archive:
            return archive.testzip() is None
    except (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error):
        return False


def keep(made: Path, path: Path) -> Kept:
    """Put a file that the engine made to its place in the cache, or where there is no room, beside the cache: see `written`.

    Raises:
        TalkingAnimationError: where it cannot be written anywhere.
    """

    def copy(target: Path) -> None:
        # Beside its place first: another Blender that has the same cache never sees half of it.
        unfinished = target.with_name(f"{target.name}.{os.getpid()}.part")
        try:
            # Somebody may have cleared it while the engine was at work.
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(made, unfinished)
            os.replace(unfinished, target)
        except OSError as error:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise TalkingAnimationError(_unwritable(target.parent, error)) from error

    kept = written(path, copy)
    with contextlib.suppress(OSError):
        made.unlink(missing_ok=True)
    return kept


def written(path: Path, write: Callable[[Path], None]) -> Kept:
    """Write motion to its place in the cache, or where that fails as the disk has become full since, into the temporary folder
    that `place` gives where there was no room at first: what the engine made is not lost for it.

    Args:
        path: its place in the cache.
        write: writes it to a path, whole or not at all, or raises TalkingAnimationError.

    Raises:
        TalkingAnimationError: raised by ``write`` for its place in the cache, where there is no room for temporary files either.
    """
    try:
        write(path)
    except TalkingAnimationError as error:
        try:
            aside = _temporary() / path.name
            write(aside)
        except TalkingAnimationError:
            raise error from None
        return Kept(aside, _kept_aside(str(error)))
    return Kept(path)


def files(path: Path) -> list[Path]:
    """The cached motion files: those with names as `file_for` makes them."""
    return sorted(file for file in path.glob("*.npz") if _OURS.match(file.name))


def size(path: Path) -> int:
    """Bytes of all cached motion."""
    return sum(_bytes(file) for file in files(path))


def _bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:  # another Blender that has the same cache deleted it
        return 0


def clear(path: Path, keep: Collection[Path] = ()) -> int:
    """Delete cached motion; files of others in the folder stay, and what another program holds open.

    Args:
        path: the cache folder.
        keep: resolved paths of motion that stays.

    Returns:
        How many files were deleted.
    """
    count = 0
    for file in files(path):
        if file.resolve() in keep:
            continue
        with contextlib.suppress(OSError):
            file.unlink()
            count += 1
    return count
