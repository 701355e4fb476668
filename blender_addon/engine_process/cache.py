# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of generated motion: one `FaceAnimation` file for each recording and choice of settings.

With it a dial acts at once, and the same request again needs no engine.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

import bpy

from ..errors import TalkingAnimationError

# Motion, motion fitted to a character's own shapes, and whole scenes' performances: hexadecimal digests.
_OURS = re.compile(r"^[0-9a-f]{40}(-[0-9a-f]+)?\.npz$")


def folder(chosen: str = "") -> Path:
    """The cache folder, made where it is missing.

    Args:
        chosen: the folder from the preferences; "" for Blender's own folder for a user's data files.

    Raises:
        TalkingAnimationError: where it cannot be made or written to.
    """
    if chosen:
        path = Path(bpy.path.abspath(chosen))
    else:
        path = Path(bpy.utils.user_resource("DATAFILES", path="talking_animation"))
    try:
        path.mkdir(parents=True, exist_ok=True)
        writable = os.access(path, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise TalkingAnimationError(
            f"The cache folder '{path}' cannot be written to: choose another one in the add-on's preferences."
        )
    return path


def file_for(path: Path, **what: Any) -> Path:
    """The file for a request: its name is the SHA-256 of everything that decides the motion."""
    text = json.dumps(what, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
    return path / f"{digest[:40]}.npz"


def keep(made: Path, path: Path) -> None:
    """Put a file that the engine made to its place in the cache.

    Raises:
        TalkingAnimationError: where it cannot be written.
    """
    try:
        shutil.move(str(made), path)
    except OSError as error:
        raise TalkingAnimationError(
            f"The cache folder '{path.parent}' cannot be written to ({error.strerror or error}): "
            "choose another one in the add-on's preferences."
        ) from error


def files(path: Path) -> list[Path]:
    """The cached motion files: those with names as `file_for` makes them."""
    return sorted(file for file in path.glob("*.npz") if _OURS.match(file.name))


def size(path: Path) -> int:
    """Bytes of all cached motion."""
    return sum(file.stat().st_size for file in files(path))


def clear(path: Path, keep: Collection[Path] = ()) -> int:
    """Delete cached motion; files of others in the folder stay.

    Args:
        path: the cache folder.
        keep: resolved paths of motion that stays.

    Returns:
        How many files were deleted.
    """
    count = 0
    for file in files(path):
        if file.resolve() not in keep:
            file.unlink(missing_ok=True)
            count += 1
    return count
